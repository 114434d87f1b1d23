"""American troops: known counts, no host counted twice, no guess shown as a count."""

import pandas as pd
import pytest

from latticework.data.states import CODES
from tests.data.dyad_tables import raw, table

WAR = {  # invasions, relief, blockades and the like, in which a host's count doubles for one year; (host, year)
    ("AUS", 1956), ("BIH", 1996), ("CUB", 1954), ("DNK", 1957), ("DOM", 1966), ("EGY", 1997), ("HND", 1983),
    ("HRV", 1996), ("HTI", 1956), ("HTI", 1994), ("IRL", 1954), ("KWT", 1992), ("KWT", 1996), ("LBN", 1958),
    ("MKD", 1999), ("NLD", 1957), ("NOR", 1976), ("NOR", 1988), ("PHL", 1958), ("PHL", 2008), ("PRT", 1955),
    ("PRT", 1957), ("QAT", 2003), ("SAU", 1990), ("SAU", 2021), ("SOM", 1993), ("TWN", 1958), ("URY", 1955),
    ("AUS", 2019), ("ARE", 2017), ("DJI", 2017),
}  # fmt: skip


def count(host: str, day: str) -> float:
    rows = table("troops").query("partner == @host and date == @day")
    assert len(rows) == 1, (host, day)
    return rows["value"].iloc[0]


@pytest.mark.parametrize(
    ("host", "day", "persons"),
    [
        ("KOR", "2024-12-31", 23_291),
        ("KOR", "2025-09-30", 23_642),
        ("KOR", "2014-06-30", 29_347),  # 87,767 in the table that counts it three times
        ("KOR", "1954-06-30", 225_590),
        ("KOR", "1977-09-30", 40_705),
        ("KOR", "1985-09-30", 41_718),  # 83,436 in the table that counts it twice
        ("JPN", "2015-06-30", 52_223),  # 107,950 there
        ("VDR", "1968-09-30", 537_377),
        ("DEU", "1985-09-30", 246_927),
        ("DEU", "2025-12-31", 36_436),
        ("VNM", "2025-12-31", 30),
        ("TWN", "2021-09-30", 39),
    ],
)
def test_known_counts(host, day, persons):
    assert count(host, day) == persons


def test_counts_that_are_known_to_about_one():
    assert count("KOR", "2008-09-30") in (25_771, 25_772)
    assert 50_000 < count("JPN", "2024-12-31") < 56_000


def test_nobody_counted_in_1951_and_1952():
    years = table("troops")["date"].str[:4]
    assert not years.isin(["1951", "1952"]).any()
    assert {"1950", "1953"} <= set(years)


def test_days_are_those_of_the_counts():
    days = table("troops")["date"]
    annual = days[days < "2013-09-30"]
    assert set(annual[annual < "1957"].str[5:]) == {"06-30"}
    assert set(annual[annual >= "1957"].str[5:]) == {"09-30"}
    quarters = sorted(set(days[days >= "2013-09-30"]))
    assert quarters[0] == "2013-09-30"
    assert quarters[-1] == "2025-12-31"
    assert not {"2022-12-31", "2023-03-31", "2023-06-30"} & set(quarters)  # never published


def test_hosts_are_states_on_the_day():
    rows = table("troops")
    assert set(rows["state"]) == {"USA"}
    assert "USA" not in set(rows["partner"])
    assert set(rows["partner"]) <= set(CODES)
    for host, last in (("DDR", "1990"), ("VDR", "1975"), ("YMD", "1990"), ("CSK", "1992")):
        assert rows.loc[rows["partner"] == host, "date"].max() < f"{last}-12-31"
    assert rows.query("partner == 'BHS'")["date"].min() > "1973"


def test_zeros_that_mean_missing_are_not_there():
    rows = table("troops")
    assert rows.query("partner == 'IRQ' and date == '2005-09-30'")["value"].iloc[0] == 150_000
    assert rows.query("partner == 'IRQ' and date == '2020-09-30'")["value"].iloc[0] == 5_200
    assert rows.query("partner in ('IRQ', 'SYR') and date > '2021-12-31'").empty
    focus = rows.query("partner in ('KOR', 'JPN', 'DEU', 'GBR', 'ITA')")
    assert (focus["value"] > 0).all()


def test_sources_that_differ_are_both_kept():
    rows = table("troops").query("partner == 'DEU' and date == '2006-09-30'").iloc[0]
    assert (rows["value"], rows["alternative"], rows["flag"]) == (64_319, 85_419, "sources differ")
    both = table("troops").query("alternative == alternative")
    gap = (both["value"] - both["alternative"]).abs() / both[["value", "alternative"]].max(axis=1)
    assert (gap > 0.10).all()
    assert (both["source"] == "dmdc-report").all()
    assert both["flag"].str.contains("sources differ").all()


def test_the_jump_of_japan_is_flagged():
    assert table("troops").query("partner == 'JPN' and date == '2015-12-31'")["flag"].iloc[0] == "jump"


def jumps(rows: pd.DataFrame) -> set[tuple[str, int]]:
    """Host-years of a thousand or more that are over 1.8 times both neighbours."""
    annual = rows[rows["date"].str.endswith("09-30") | (rows["date"] < "1957")].sort_values(["partner", "date"])
    near = annual.groupby("partner")["value"]
    high = (
        (annual["value"] > 1.8 * near.shift(1)) & (annual["value"] > 1.8 * near.shift(-1)) & (annual["value"] >= 1000)
    )
    return set(zip(annual.loc[high, "partner"], annual.loc[high, "date"].str[:4].astype(int), strict=True))


def test_no_host_year_is_doubled():
    assert jumps(table("troops")) <= WAR


def test_a_doubled_host_year_is_caught():
    rows = table("troops").copy()
    twice = (rows["partner"] == "KOR") & (rows["date"] == "1985-09-30")
    rows.loc[twice, "value"] *= 2
    assert ("KOR", 1985) in jumps(rows)


def test_no_count_is_above_what_its_sources_say():
    reports, annual = raw("us_troops_dmdc_reports"), raw("us_troops_country_year_classic")
    published = set(reports["troops_ad"].dropna().astype(int)) | set(annual["troops"].dropna().astype(int))
    assert set(table("troops")["value"].astype(int)) <= published
