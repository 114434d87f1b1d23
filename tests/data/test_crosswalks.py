"""Every number of every state since 1950 leads to the right code at the right time, also where states were divided.

The crosswalks compared with are others': those of isard between Correlates of War (COW) and Gleditsch-Ward (G-W) and
that of countrycode to ISO3; and COW's own list of members.
"""

from collections.abc import Mapping
from functools import lru_cache

import pandas as pd
import pytest

from latticework.data.guards.existence import known_lives
from latticework.data.read import get
from latticework.data.states import BY_COW, BY_GW, CODES, STATES, resolve

NO_ISO = {  # states of COW that countrycode gives no ISO3 code
    "Czechoslovakia": "CSK",
    "German Democratic Republic": "DDR",
    "Kosovo": "XKX",
    "Republic of Vietnam": "VDR",
    "Yemen Arab Republic": "YEM",
    "Yemen People's Republic": "YMD",
    "Yugoslavia": "SRB",
    "Zanzibar": "ZAN",
}
NO_STATE_OF_OURS = {711: "Tibet", 396: "Abkhazia", 397: "South Ossetia"}  # in G-W alone
ISO_WINS = {"AUS": "AUS", "CZE": "CZE", "MNG": "MNG", "SLV": "SLV", "SWZ": "SWZ"}  # COW's Austria, Czechoslovakia, ...


def listed(inputs) -> pd.DataFrame:
    """ccode, first and last day of the members of COW's list since 1950; the last day of the list is open."""
    table = pd.read_parquet(inputs / "cow_states_2016.parquet")
    table = table[table["endyear"] >= 1950]
    parts = [[f"{which}{part}" for part in ("year", "month", "day")] for which in ("st", "end")]
    first, last = (
        pd.to_datetime(table[three].set_axis(["year", "month", "day"], axis=1)).dt.strftime("%Y-%m-%d")
        for three in parts
    )
    return pd.DataFrame({"number": table["ccode"].astype(int), "first": first, "last": last})


@lru_cache(maxsize=1)
def lives() -> dict[str, pd.DataFrame]:
    """The spells of every state of the panel."""
    return dict(iter(get("exists").groupby("state")))


def there(code: str, day: str) -> bool:
    """Whether the state exists in the panel on the day."""
    spells = lives()[code]
    return bool(((spells["date"] <= day) & ((spells["end"] == "") | (spells["end"] >= day))).any())


def before(day: str) -> str:
    return (pd.Timestamp(day) - pd.Timedelta(days=1)).strftime("%Y-%m-%d")


def after(day: str) -> str:
    return (pd.Timestamp(day) + pd.Timedelta(days=1)).strftime("%Y-%m-%d")


def test_every_member_since_1950_has_a_code_and_every_code_a_member(inputs):
    numbers = listed(inputs)["number"]
    assert set(numbers) == set(BY_COW)
    assert {BY_COW[n] for n in numbers} == set(CODES)


def test_the_panel_has_each_member_on_its_days_and_on_no_others(inputs):
    members = listed(inputs).assign(code=lambda t: t["number"].map(BY_COW))
    for code, spells in members.groupby("code"):
        days = list(zip(spells["first"], spells["last"], strict=True))
        for first, last in days:
            assert there(code, first), (code, first)
            assert there(code, last), (code, last)
            for day in (before(first), after(last)):
                goes_on = any(a <= day <= b for a, b in days) or day > "2016-12-31"
                assert there(code, day) == goes_on, (code, day)


@pytest.mark.parametrize(
    ("day", "gone", "come", "go_on"),
    [
        ("1954-06-04", "", "VDR", ""),  # South Vietnam
        ("1954-07-21", "", "VNM", "VDR"),  # North Vietnam
        ("1958-02-02", "SYR", "", "EGY"),  # the United Arab Republic
        ("1961-09-29", "", "SYR", "EGY"),
        ("1963-12-19", "", "ZAN", "TZA"),
        ("1964-04-27", "ZAN", "", "TZA"),  # Tanganyika and Zanzibar
        ("1965-08-09", "", "SGP", "MYS"),
        ("1971-12-16", "", "BGD", "PAK"),
        ("1975-05-01", "VDR", "", "VNM"),  # Saigon fell on 30 April; North Vietnam goes on as Vietnam
        ("1990-05-22", "YMD", "", "YEM"),
        ("1990-10-03", "DDR", "", "DEU"),
        ("1991-09-06", "", "EST LTU LVA", "RUS"),
        ("1991-12-26", "", "ARM AZE BLR GEO KAZ KGZ MDA TJK TKM UKR UZB", "RUS"),
        ("1992-01-15", "", "HRV SVN", "SRB"),
        ("1992-04-07", "", "BIH", "SRB"),
        ("1993-01-01", "CSK", "CZE SVK", ""),
        ("1993-04-08", "", "MKD", "SRB"),
        ("1993-05-24", "", "ERI", "ETH"),
        ("2002-09-27", "", "TLS", "IDN"),
        ("2006-06-12", "", "MNE", "SRB"),
        ("2008-02-20", "", "XKX", "SRB"),
        ("2011-07-09", "", "SSD", "SDN"),
    ],
)
def test_successors_take_over_on_the_day(day, gone, come, go_on):
    for states, was, now in ((gone, True, False), (come, False, True), (go_on, True, True)):
        for code in states.split():
            assert (there(code, before(day)), there(code, day)) == (was, now), code


def test_the_lives_that_the_guard_knows_are_those_of_the_list(inputs):
    members = listed(inputs).assign(code=lambda t: t["number"].map(BY_COW))
    for state, first, last in known_lives():
        lives = members[members["code"] == state]
        assert first in set(lives["first"]), state
        assert (last or "2016-12-31") in set(lives["last"]), state
    ended = members.groupby("code")["last"].max()
    assert set(ended.index[ended < "2016-12-31"]) == {"CSK", "DDR", "VDR", "YMD", "ZAN"}
    later = members.groupby("code")["first"].min()
    born = {code for code in later.index[later >= "1990-01-01"] if code not in UN_LATE}
    assert born <= {state for state, _, _ in known_lives()}


# members of COW's list since they joined the United Nations, independent before or from a trusteeship
UN_LATE = {"AND", "FSM", "KIR", "LIE", "MCO", "MHL", "NRU", "PLW", "SMR", "TON", "TUV"}


def disagreements(table: pd.DataFrame, by_cow: Mapping[int, str], by_gw: Mapping[int, str]) -> set[tuple[int, int]]:
    """The pairs of COW and G-W numbers of one row that are two codes."""
    both = table[(table["year"] >= 1950) & table["ccode"].notna() & table["gwcode"].notna()]
    pairs = set(zip(both["ccode"].astype(int), both["gwcode"].astype(int), strict=True))
    return {(cow, gw) for cow, gw in pairs if by_cow.get(cow) != by_gw.get(gw)}


@pytest.mark.parametrize("name", ["isard_cow_gw_panel", "isard_gw_cow_panel"])
def test_numbers_of_cow_and_gleditsch_ward_lead_to_one_code(name, inputs):
    table = pd.read_parquet(inputs / f"{name}.parquet")
    assert len(table[table["year"] >= 1950]) > 12_000
    assert disagreements(table, BY_COW, BY_GW) == set()
    swapped = BY_GW | {970: "NRU", 971: "KIR"}  # what these numbers are in COW
    assert disagreements(table, BY_COW, swapped) == {(970, 971), (946, 970)}


def test_every_gleditsch_ward_number_since_1950_has_a_code_or_is_no_state_of_ours(inputs):
    table = pd.read_parquet(inputs / "isard_gw_cow_panel.parquet")
    numbers = set(table.loc[table["year"] >= 1950, "gwcode"].dropna().astype(int))
    assert numbers - set(BY_GW) == set(NO_STATE_OF_OURS)


@pytest.mark.parametrize(("column", "codes", "least"), [("cown", BY_COW, len(BY_COW)), ("gwn", BY_GW, 170)])
def test_numbers_lead_to_the_iso3_codes_of_countrycode(column, codes, least, inputs):
    table = pd.read_parquet(inputs / "countrycode_panel.parquet")
    table = table[(table["year"] >= 1950) & table[column].notna() & ~table[column].isin([*NO_STATE_OF_OURS])]
    expected = table["iso3c"].where(table["iso3c"].notna(), table["country.name.en"].map(NO_ISO))
    assert set(table.loc[table["iso3c"].isna(), "country.name.en"]) == set(NO_ISO)
    assert expected.notna().all()
    assert (table[column].astype(int).map(codes) == expected).all()
    assert table[column].nunique() >= least  # countrycode has no G-W numbers of the smallest states


@pytest.mark.parametrize(
    ("code", "cow", "gw"),
    [
        ("DEU", (255, 260), (255, 260)),  # G-W keeps 260 for all of Germany
        ("DDR", (265,), (265,)),
        ("YEM", (678, 679), (678, 679)),  # G-W keeps 678 for all of Yemen
        ("YMD", (680,), (680,)),
        ("SRB", (345,), (340, 345)),  # 340 is Serbia after 2006 in G-W
        ("MNE", (341,), (341,)),
        ("XKX", (347,), (347,)),
        ("RUS", (365,), (365,)),
        ("CSK", (315,), (315,)),
        ("CZE", (316,), (316,)),
        ("SVK", (317,), (317,)),
        ("VNM", (816,), (816,)),
        ("VDR", (817,), (817,)),
        ("KIR", (946,), (970,)),
        ("NRU", (970,), (971,)),
        ("TON", (955,), (972,)),
        ("TUV", (947,), (973,)),
        ("ETH", (530,), (530,)),
        ("ERI", (531,), (531,)),
        ("SDN", (625,), (625,)),
        ("SSD", (626,), (626,)),
        ("PAK", (770,), (770,)),
        ("BGD", (771,), (771,)),
        ("TZA", (510,), (510,)),
        ("ZAN", (511,), (511,)),
        ("EGY", (651,), (651,)),
        ("SYR", (652,), (652,)),
        ("IDN", (850,), (850,)),
        ("TLS", (860,), (860,)),
    ],
)
def test_numbers_of_divided_and_united_states(code, cow, gw):
    assert {n: BY_COW[n] for n in cow} == dict.fromkeys(cow, code)
    assert {n: BY_GW[n] for n in gw} == dict.fromkeys(gw, code)
    assert set(STATES[code].cow) == set(cow)
    assert set(STATES[code].gw) == set(gw)


def test_abbreviations_of_cow_are_names_of_the_state_unless_an_iso3_code_is_in_the_way(inputs):
    table = pd.read_parquet(inputs / "cow_states_2016.parquet").query("endyear >= 1950")
    for name, number in zip(table["stateabb"], table["ccode"], strict=True):
        assert resolve(name) == ISO_WINS.get(name, BY_COW[number]), name


def test_actors_of_crises_have_the_codes_of_their_time(inputs):
    table = pd.read_parquet(inputs / "icb2_v13_crisis_actors.parquet")
    found = {
        name: BY_COW[number] for name, number in zip(table["actor"], table["cracid"], strict=True) if number in BY_COW
    }
    expected = {"GMY": "DEU", "GFR": "DEU", "GDR": "DDR", "DRV": "VNM", "RVN": "VDR", "TAW": "TWN", "YUG": "SRB",
                "YPR": "YMD", "RUS": "RUS"}  # fmt: skip
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("layer", ["capability", "democracy", "military_spending", "leader"])
def test_one_state_through_a_change_of_number_has_one_row_a_year(layer):
    table = get(layer, start=1985, end=1995)
    for code in ("DEU", "YEM", "SRB", "RUS"):
        rows = table[table["state"] == code]
        assert not rows["date"].duplicated().any(), code
        assert (rows["date"] <= "1990-12-31").any(), code
        assert (rows["date"] >= "1990-12-31").any() or layer == "leader", code
