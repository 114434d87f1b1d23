"""How many American soldiers are where: the published annual series, and the DMDC reports by quarter since 2013."""

import pandas as pd

from latticework.data.dyads import iso
from latticework.data.inputs import Inputs, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.sources.state_system import spells
from latticework.data.states import cow_to_iso3

INPUTS = ("us_troops_country_year_classic", "us_troops_dmdc_reports", "cow_states_2016")
CLASSIC, REPORT = "troopdata-classic", "dmdc-report"
SENDER = "USA"
FIRST_REPORT = 1977  # earlier report rows are partial
QUARTERS_FROM = pd.Timestamp("2013-09-30")
LAST_OF_JUNE = 1956  # until then the year's count is of 30 June, then of 30 September
IMPUTED = (1951, 1952)
LEFT_OUT = ("AFG", "IRQ", "SYR")  # deployed forces are not in the reports from December 2017
LEFT_OUT_FROM, CLASSIC_TO = pd.Timestamp("2017-12-01"), pd.Timestamp("2021-12-31")
OCCUPIED = ("AUT", "DEU", "JPN")  # hosts before they rejoin the state system
OTHER_CODES = {1010: "MNE", 1012: "TWN", 1020: "SSD"}  # codes of the annual series for three hosts
VIETNAM, SERBIA = {816: "VNM", 817: "VNM"}, {340: "SRB", 345: "SRB"}
TOTALS = ("Total - Former Soviet Union",)  # a sum that stands under Russia's code
MONTHS = {"March": 3, "June": 6, "September": 9, "December": 12}
DIFFER, JUMP, JUMP_SIZE = 0.10, 1.25, 1000

TROOPS = Layer(
    name="troops",
    title="US active-duty troops in the host",
    kind="dyad",
    unit="persons",
    frequency="dated",
    source="Defense Manpower Data Center, by way of troopdata",
    version="annual series to 2023; report rows of troopdata 1.0.4.9000",
    citation='Allen, Flynn & Machain (2022), "Global U.S. military deployment data: 1950-2020", Conflict Management '
    "and Peace Science 39(3): 351-370; Kane (2005), Global U.S. Troop Deployment Datasets",
    licence="reports: work of the US government; the package that holds them: GPL 3 or later",
    transformation="annual series to 2012, dated 30 June to 1956 and 30 September after; from September 2013 the total "
    "of active duty in each quarterly report; where report and annual series of a September since 1977 differ by more "
    "than 10 % the report is used, the annual value kept as `alternative` and the row flagged; the annual value stands "
    "in where a report has no row, or 0, for a host",
    coverage="USA to hosts that were states on the day (and AUT, DEU, JPN under occupation), 1950 to December 2025. "
    "The quarters from December 2022 to June 2023 were not published. A host that no report lists has no row: missing.",
    traps=(
        "1951 and 1952 are missing: the published values are filled in from 1950 and 1953, nobody counted them",
        "the quarterly country table of troopdata double-counts (KOR December 2024: 46,582 for 23,291) and is not used",
        "report rows before 1977 are partial and not used: Japan without Okinawa to 1973, ships included in 1974-75",
        "the annual series is off in 2006 and 2007 (DEU 2006: 85,419 for 64,319): the report is used and flagged",
        "zeros that mean missing: IRQ and KWT in the reports of 2003-07; AFG, IRQ and SYR vanish from the reports in "
        "December 2017 (the annual series has AFG and IRQ to 2021), and KWT falls from 9,241 to 2,082",
        "flag 'jump': a quarterly count of 1,000 or more that is above the one before by more than a quarter; some are "
        "real, some come and go with the way of counting, such as JPN in December 2015 (71,567, then 47,422)",
        "rotating forces are not counted: Korea's policy ceiling is 28,500, its report 23,291 (December 2024)",
        "reports come out about a quarter after their day",
        "SRB in 2003 is 19 between 2,804 and 1,814: the published series leaves the force in Kosovo out that year",
        "Vietnam stands under the code of South Vietnam, Germany under 260, Serbia under 340 or 345 in the sources",
    ),
    directed=True,
    extras={"alternative": "number", "flag": "text"},
    lag=3,
)
LAYERS = (TROOPS,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Every count, dated by its report."""
    annual, reports = _annual(inputs), _reports(inputs)
    both = reports.merge(annual, on=["day", "partner"], how="outer", suffixes=("", "_annual"))
    stands_in = both["value"].isna() | ((both["value"] == 0) & (both["value_annual"] > 0))
    larger = both[["value", "value_annual"]].max(axis=1)
    differs = ~stands_in & ((both["value"] - both["value_annual"]).abs() > DIFFER * larger)
    quarterly = both["day"] >= QUARTERS_FROM
    reported = ~stands_in & (quarterly | differs)
    counts = both.assign(
        alternative=both["value_annual"].where(differs),
        value=both["value"].where(reported, both["value_annual"]),
        source=reported.map({True: REPORT, False: CLASSIC}),
    )
    unlisted = stands_in & (quarterly | (both["value"] == 0))
    counts["flag"] = _flags({"sources differ": differs, "not in report": unlisted})
    counts = present(counts.assign(date=iso(counts["day"])), spells(inputs))
    counts["flag"] = counts["flag"].where(~_jumps(counts), (counts["flag"] + "; jump").str.removeprefix("; "))
    return {"troops": tidy(TROOPS, counts.assign(state=SENDER))}


def _annual(inputs: Inputs) -> pd.DataFrame:
    """day, partner, value of the annual series; two codes for one host in a year are one count, the larger."""
    listed = read_input(inputs, INPUTS[0], ["ccode", "year", "troops"]).dropna()
    hosts = listed["ccode"].map(lambda code: OTHER_CODES.get(int(code)) or cow_to_iso3(code))
    june = listed["year"] <= LAST_OF_JUNE
    day = pd.to_datetime(listed["year"].astype(int).astype(str) + june.map({True: "-06-30", False: "-09-30"}))
    counts = pd.DataFrame({"day": day, "partner": hosts, "value": listed["troops"].astype("float64")})
    counts = counts[~counts["day"].dt.year.isin(IMPUTED)]
    deployed = counts["partner"].isin(LEFT_OUT) & (counts["day"] > CLASSIC_TO)
    uncounted = (counts["partner"] == "SYR") & (counts["day"] >= LEFT_OUT_FROM)
    return _one_each(counts[~deployed & ~uncounted])


def _reports(inputs: Inputs) -> pd.DataFrame:
    """day, partner, value of the reports: each September from 1977, each quarter from September 2013."""
    listed = read_input(inputs, INPUTS[1], ["ccode", "Location", "year", "month", "troops_ad"])
    listed = listed[(listed["year"] >= FIRST_REPORT) & ~listed["Location"].isin(TOTALS)].dropna()
    codes = VIETNAM | SERBIA
    hosts = listed["ccode"].map(lambda code: codes.get(int(code)) or cow_to_iso3(code))
    parts = pd.DataFrame({"year": listed["year"].astype(int), "month": listed["month"].map(MONTHS), "day": 1})
    day = pd.to_datetime(parts) + pd.offsets.MonthEnd(0)
    counts = pd.DataFrame({"day": day, "partner": hosts, "value": listed["troops_ad"].astype("float64")})
    return _one_each(counts[~(counts["partner"].isin(LEFT_OUT) & (counts["day"] >= LEFT_OUT_FROM))])


def _one_each(counts: pd.DataFrame) -> pd.DataFrame:
    counts = counts[counts["partner"].notna() & (counts["partner"] != SENDER)]
    return counts.groupby(["day", "partner"], as_index=False).agg(value=("value", "max"))


def present(table: pd.DataFrame, states: pd.DataFrame) -> pd.DataFrame:
    """The rows (`partner`, `date` as ISO text) whose partner was a state on the day, or occupied before it became one.

    `states` are the spells of the state system; rows keep their order and get a new index.
    """
    table = table.reset_index(drop=True)
    listed = table[["partner", "date"]].rename(columns={"date": "day"}).assign(row=table.index)
    merged = listed.merge(states.rename(columns={"state": "partner"}), on="partner")
    there = (merged["day"] >= merged["date"]) & ((merged["end"] == "") | (merged["day"] <= merged["end"]))
    occupied = merged["partner"].isin(OCCUPIED) & (merged["day"] < merged["date"])
    return table.loc[sorted(merged.loc[there | occupied, "row"].unique())].reset_index(drop=True)


def _flags(marks: dict[str, pd.Series]) -> pd.Series:
    """The names of the marks that are set in each row, joined by '; '."""
    texts = pd.DataFrame({name: mark.map({True: name, False: ""}) for name, mark in marks.items()})
    return texts.apply(lambda row: "; ".join(t for t in row if t), axis=1).astype(object)


def _jumps(counts: pd.DataFrame) -> pd.Series:
    """Whether a quarterly count is more than a quarter above the one before; what followed is not asked."""
    quarterly = counts[counts["day"] >= QUARTERS_FROM].sort_values(["partner", "day"])
    above = quarterly["value"] > JUMP * quarterly.groupby("partner")["value"].shift(1)
    return (above & (quarterly["value"] >= JUMP_SIZE)).reindex(counts.index, fill_value=False)
