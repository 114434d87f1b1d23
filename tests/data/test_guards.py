"""The guards find nothing in the shipped panel, and every fault that they are there for when it is put in."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from latticework.data.catalogue import describe, layers
from latticework.data.files import PANEL, write_layer, write_manifest
from latticework.data.guards import Guarded, existence, guards, opened, troops
from latticework.data.layer import Layer, tidy
from latticework.data.read import get
from latticework.errors import PanelError

DOUBLED = [  # host, day and the count in the tables of troopdata that count twice, thrice or fill in
    ("KOR", "2024-12-31", 46_582),
    ("KOR", "2025-09-30", 47_284),
    ("KOR", "2014-06-30", 87_767),
    ("KOR", "2016-06-30", 74_229),
    ("KOR", "1985-09-30", 83_436),
    ("KOR", "1953-06-30", 980_589),
    ("JPN", "2015-06-30", 107_950),
]


def shipped(name: str) -> pd.DataFrame:
    return get(name, folder=PANEL)


def panel(folder: Path, **tables: pd.DataFrame) -> Path:
    """A panel of these tables as layers of the shipped one."""
    folder.mkdir(exist_ok=True)
    records = {}
    for name, table in tables.items():
        layer = describe(name, PANEL)
        records[name] = write_layer(layer, tidy(layer, table), folder)
    write_manifest(records, {}, folder)
    return folder


def faults(found: list[Guarded], name: str, layer: str) -> tuple[str, ...]:
    [one] = [g for g in found if (g.name, g.layer) == (name, layer)]
    return one.faults


def troop_faults(folder: Path, table: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    return {found.name: found.faults for found in guards(panel(folder, troops=table))}


def changed(table: pd.DataFrame, host: str, day: str, persons: float) -> pd.DataFrame:
    at = (table["partner"] == host) & (table["date"] == day)
    assert at.sum() == 1, (host, day)
    return table.assign(value=table["value"].where(~at, persons))


def added(table: pd.DataFrame, hosts: tuple[str, ...], day: str, persons: float) -> pd.DataFrame:
    rows = table[table["partner"].isin(hosts)].drop_duplicates("partner").assign(date=day, value=persons)
    return pd.concat([table[~((table["date"] == day) & table["partner"].isin(hosts))], rows], ignore_index=True)


def test_the_shipped_panel_has_no_fault_and_says_so_fast():
    guards()
    start = time.perf_counter()
    found = guards()
    assert time.perf_counter() - start < 8  # under 2 seconds without checks of types and nothing else to do
    assert [(g.name, g.layer, g.faults) for g in found if g.faults] == []
    assert {"no count is doubled", "no zero means missing", "nobody counted then"} <= {g.name for g in found}
    assert {"as published", "shares add up", "successor states"} <= {g.name for g in found}
    looked_at = {g.layer for g in found if g.name == "no state before or after itself"}
    assert looked_at == {record["layer"] for record in layers(PANEL)} - {"exists"}
    assert all(re.search(r"\d", g.checked) for g in found)


def test_the_counts_compared_are_those_of_the_layer():
    [found] = [g for g in guards() if g.name == "no count is doubled"]
    assert found.checked.startswith(f"{len(shipped('troops')):,} counts of {shipped('troops')['partner'].nunique()}")


def test_counts_of_the_tables_that_count_twice_are_caught(tmp_path):
    table = shipped("troops")
    for host, day, persons in DOUBLED:
        table = changed(table, host, day, persons)
    told = troop_faults(tmp_path / "panel", table)["no count is doubled"]
    assert len(told) == len(DOUBLED)
    for host, day, persons in DOUBLED:
        assert sum(fault.startswith(f"{host} has {persons:,} ({day}) beside ") for fault in told) == 1


def test_a_doubled_count_of_a_steady_host_is_caught_in_every_quarter_also_the_last(tmp_path):
    table = shipped("troops")
    quarters = sorted(day for day in set(table["date"]) if day >= "2013-12-31")
    assert quarters[-1] == "2025-12-31"
    for i, day in enumerate(quarters):
        host = ("KOR", "JPN", "DEU", "GBR", "ITA")[i % 5]
        [now] = table.loc[(table["partner"] == host) & (table["date"] == day), "value"]
        table = changed(table, host, day, 2 * now)
    told = troop_faults(tmp_path / "panel", table)["no count is doubled"]
    caught = {re.findall(r"\d{4}-\d\d-\d\d", fault)[0] for fault in told}
    missed = set(quarters) - caught
    assert "2025-12-31" in caught
    assert len(missed) <= 2, missed  # a count that is a tenth below the one beside it is not 1.8 times it when doubled


def test_june_and_september_doubled_together_are_caught(tmp_path):
    table = changed(changed(shipped("troops"), "KOR", "2018-06-30", 58_000), "KOR", "2018-09-30", 58_000)
    [fault] = troop_faults(tmp_path / "panel", table)["no count is doubled"]
    assert "58,000 (2018-06-30), 58,000 (2018-09-30) beside" in fault


def test_a_host_that_is_doubled_throughout_and_a_layer_that_is_are_caught_by_published_figures(tmp_path):
    table = shipped("troops")
    korea = table.assign(value=table["value"] * (1 + (table["partner"] == "KOR")))
    assert not [f for f in troop_faults(tmp_path / "a", korea)["no count is doubled"] if f.startswith("KOR")]
    told = " ".join(troop_faults(tmp_path / "a", korea)["as published"])
    assert "value USA KOR 2024-12-31: the panel has 46,582, published is 23,291" in told
    assert told.count("sum ") > 50
    everywhere = troop_faults(tmp_path / "b", table.assign(value=2 * table["value"]))["as published"]
    assert sum(f.startswith("sum ") for f in everywhere) > 80


def test_zeros_that_mean_missing_are_caught(tmp_path):
    table = shipped("troops")
    zero = troop_faults(tmp_path / "a", changed(table, "KOR", "2003-09-30", 0))
    assert zero["no zero means missing"] == ("KOR has 0 (2003-09-30) beside 37,743 and 40,840",)
    both = changed(changed(table, "JPN", "2003-09-30", 0), "JPN", "2004-09-30", 0)
    assert len(troop_faults(tmp_path / "b", both)["no zero means missing"]) == 1
    quarters = table
    for day in ("2022-12-31", "2023-03-31", "2023-06-30"):
        quarters = added(quarters, ("KOR", "JPN"), day, 0)
    found = troop_faults(tmp_path / "c", quarters)
    assert len(found["no zero means missing"]) == 2
    assert found["nobody counted then"][0].startswith("6 counts of 2022-10-01 to 2023-07-31")


def test_years_that_were_filled_in_are_caught(tmp_path):
    table = added(shipped("troops"), ("KOR",), "1951-06-30", 327_883)
    [fault] = troop_faults(tmp_path / "panel", table)["nobody counted then"]
    assert fault.startswith("1 counts of 1951-01-01 to 1952-12-31")


def test_an_explanation_goes_as_far_as_the_published_count_and_no_further(tmp_path):
    found = troop_faults(tmp_path / "panel", changed(shipped("troops"), "LBN", "1958-09-30", 2 * 17_739))
    assert len(found["no count is doubled"]) == 1


def test_every_explanation_is_needed_and_names_its_source(monkeypatch):
    known = troops.explained()
    monkeypatch.setattr(troops, "explained", lambda: ())
    with opened() as shipped_panel:
        odd = [*troops.no_spike(shipped_panel)[0].faults, *troops.no_gap(shipped_panel)[0].faults]
    runs = [(f[:3], re.findall(r"\d{4}-\d\d-\d\d", f.split(" beside ")[0])) for f in odd]
    for one in known:
        days = [str(one.first), str(one.last)]
        assert any(host == one.host and days[0] <= run[0] and run[-1] <= days[1] for host, run in runs), one
        assert one.reason
        assert len(one.source) > 10
        assert one.confidence in ("high", "medium", "low")


def test_ships_that_explain_a_count_are_in_the_reports(inputs):
    reports = pd.read_parquet(inputs / "us_troops_dmdc_reports.parquet")
    told = [one for one in troops.explained() if "afloat" in one.source]
    assert len(told) >= 12
    for one in told:
        for month, year, afloat, total in re.findall(r"of (\w+) (\d{4}): ([\d,]+) of ([\d,]+)", one.source):
            numbers = [int(text.replace(",", "")) for text in (afloat, total)]
            rows = reports[(reports["year"] == int(year)) & (reports["month"] == month)]
            pairs = rows[["Total Afloat", "Total"]].dropna().astype(int).to_numpy().tolist()
            assert numbers in pairs, one


def test_published_figures_have_the_power_to_see_states_that_are_missing(tmp_path):
    names = {record["layer"] for record in layers(PANEL)}
    watched = sorted({g.layer for g in guards() if g.name == "as published"} & names)
    assert len(watched) >= 20
    tables = {}
    for name in watched:
        table = shipped(name)
        small = table.get("partner", table["state"]).lt("D") | table["state"].lt("D")
        tables[name] = table[~small]
    found = {g.layer: g.faults for g in guards(panel(tmp_path / "panel", **tables)) if g.name == "as published"}
    assert {name for name, told in found.items() if not told} <= {
        "cost_sharing",  # of KOR and JPN alone
        "cost_demand",
        "impeachment",
        "minority_government",
    }


def dyad(table: pd.DataFrame, *ends: str) -> pd.Series:
    return table["state"].isin(ends) & table["partner"].isin(ends)


def times(factor: float, where: Callable[[pd.DataFrame], pd.Series]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda t: t.assign(value=t["value"] * factor ** where(t).astype(int))


def without(where: Callable[[pd.DataFrame], pd.Series]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda t: t[~where(t)]


def swapped(table: pd.DataFrame) -> pd.DataFrame:
    both = dyad(table, "KOR", "USA")
    turned = table.loc[both, ["partner", "state"]].set_axis(["state", "partner"], axis=1)
    return pd.concat([table[~both], table[both].assign(state=turned["state"], partner=turned["partner"])])


def doubled_since_2013(host: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return times(2, lambda t: (t["partner"] == host) & (t["date"] >= "2013"))


DAMAGES = {
    **{
        f"troops of {host} twice": ("troops", doubled_since_2013(host))
        for host in ("ROU", "GRC", "TUR", "RUS", "KGZ", "CUB")  # IRN has 0 throughout
    },
    "troops of ESP end": ("troops", without(lambda t: (t["partner"] == "ESP") & (t["date"] > "2014-12-31"))),
    "no treaty of 2024": ("defence", without(lambda t: dyad(t, "PRK", "RUS") & (t["date"] >= "2024"))),
    "no memberships": ("membership", without(lambda t: t["state"] == "NZL")),
    "no forces joined": ("integrated_defence", without(lambda t: dyad(t, "KOR", "USA"))),
    "no agreement": ("agreement", without(lambda t: dyad(t, "JPN", "USA"))),
    "no elections": ("election", without(lambda t: t["state"] == "KOR")),
    "no leaders": ("leader", without(lambda t: (t["state"] == "KOR") & (t["date"] >= "2000"))),
    "no exercises": ("exercise", without(lambda t: dyad(t, "KOR", "USA"))),
    "exports swapped": ("exports", swapped),
    "sign of KOR": ("ideal_point", times(-1, lambda t: t["state"] == "KOR")),
    "1995 shifted": ("ideal_point", lambda t: t.assign(value=t["value"] + 0.5 * (t["date"] == "1995-12-31"))),
    "KOR turned": ("democracy", lambda t: t.assign(value=t["value"].where(t["state"] != "KOR", 1 - t["value"]))),
    "PRK spends 0": ("military_spending", times(0, lambda t: t["state"] == "PRK")),
    "threat a tenth": ("external_threat", times(0.1, lambda t: t["state"] == "KOR")),
    "effort halved": ("defence_effort", times(0.5, lambda t: t["date"] >= "2010")),
    "sharing a hundredth": ("cost_sharing", times(0.01, lambda t: t["state"] == "JPN")),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_to_a_state_a_year_or_a_row_is_caught(damage, tmp_path):
    layer, damaged = DAMAGES[damage]
    found = guards(panel(tmp_path / "panel", **{layer: damaged(shipped(layer))}))
    assert faults(found, "as published", layer)


def test_a_state_that_is_counted_twice_or_left_out_breaks_the_shares(tmp_path):
    table = shipped("capability")
    usa = table["state"] == "USA"
    for name, damaged in (("a", table.assign(value=table["value"] * (1 + usa))), ("b", table[~usa])):
        told = faults(guards(panel(tmp_path / name, capability=damaged)), "shares add up", "capability")
        assert len(told) == table["date"].nunique()
        assert told[0].startswith("the shares of 1950-12-31 add up to ")


def test_rows_of_a_state_that_is_no_more_or_not_yet_are_caught(tmp_path):
    table, states = shipped("capability"), shipped("exists")
    row = table.iloc[:1]
    ghosts = [("DDR", 1991), ("YMD", 2000), ("VDR", 1976), ("CSK", 1993), ("ZAN", 1965), ("SYR", 1959), ("UKR", 1990),
              ("SSD", 2010), ("CZE", 1992), ("BGD", 1970), ("ERI", 1992), ("TLS", 2001), ("XKX", 2007)]  # fmt: skip
    wrong = [row.assign(state=state, date=f"{year}-12-31") for state, year in ghosts]
    with_ghosts = pd.concat([table, *wrong], ignore_index=True)
    told = faults(guards(panel(tmp_path / "panel", exists=states, capability=with_ghosts)), *GHOSTS)
    assert told == tuple(f"{state} has rows in {year}, when it was no state" for state, year in sorted(ghosts))


GHOSTS = ("no state before or after itself", "capability")


def test_a_spell_without_end_of_a_state_that_ended_is_caught(tmp_path):
    table = shipped("rivalry")
    damaged = table.assign(end=table["end"].where(table["state"] != "VDR", "").where(table["partner"] != "VDR", ""))
    found = guards(panel(tmp_path / "panel", exists=shipped("exists"), rivalry=damaged))
    assert faults(found, GHOSTS[0], "rivalry") == ("VDR has rows in years without end, when it was no state",)


def test_every_exception_is_needed():
    with opened() as shipped_panel:
        lives = existence.lives_of(shipped_panel)
        outside = {name: existence.outside(shipped_panel, layer, lives) for name, layer in shipped_panel.layers.items()}
    for one in existence.accepted():
        there = [name for name in one.layers if name in outside]
        meant = [(n, s, y) for n in there for s, y in outside[n] if one.covers(n, s, y, lives)]
        assert {name for name, _, _ in meant} == set(there), one
        if there == list(one.layers) and "*" not in one.states:
            assert {state for _, state, _ in meant} == set(one.states), one
            fewer = replace(one, ahead=max(one.ahead - 1, 0), behind=max(one.behind - 1, 0))
            assert not all(fewer.covers(*cell, lives) for cell in meant), one


@pytest.mark.parametrize(
    ("state", "column", "day", "told"),
    [
        ("DDR", "end", "1990-12-31", "DDR is not known from 1954-03-25 to 1990-10-02"),
        ("SSD", "date", "2011-01-01", "SSD is known from 2011-01-01 to now"),
        ("CSK", "end", "", "CSK is known from 1945-05-10 to now"),
    ],
)
def test_a_successor_that_begins_or_a_state_that_ends_on_another_day_is_caught(state, column, day, told, tmp_path):
    table = shipped("exists")
    table[column] = table[column].where(table["state"] != state, day)
    found = faults(guards(panel(tmp_path / "panel", exists=table)), "successor states", "exists")
    assert len(found) == 2
    assert told in found


RAIN = Layer("rain", "Rain", "state", "mm", "annual", "nobody", "1", "none", "none", "none", "two states")


def rain(folder: Path) -> Path:
    folder.mkdir()
    table = pd.DataFrame({"date": "1800-12-31", "state": ["CSK", "USA"], "value": 1.0, "source": "w"})
    write_manifest({"rain": write_layer(RAIN, tidy(RAIN, table), folder)}, {}, folder)
    return folder


def test_a_panel_without_the_layers_has_nothing_to_guard(tmp_path):
    assert guards(rain(tmp_path / "panel")) == []


def test_layers_of_the_user_are_not_looked_at(tmp_path, monkeypatch):
    monkeypatch.setenv("LATTICEWORK_LAYERS", str(rain(tmp_path / "added")))
    assert "rain" not in {found.layer for found in guards()}


def test_a_damaged_file_is_named(tmp_path):
    folder = panel(tmp_path / "panel", capability=shipped("capability"))
    (folder / "capability.parquet").write_bytes(b"no table")
    with pytest.raises(PanelError, match=r"capability\.parquet"):
        guards(folder)
