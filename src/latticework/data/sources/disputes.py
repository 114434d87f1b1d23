"""When states threatened, displayed or used force against each other: militarized interstate disputes."""

import pandas as pd

from latticework.data.dyads import coded, iso, undirected
from latticework.data.inputs import Inputs, read_input
from latticework.data.layer import Layer, tidy

INPUTS = ("cow_mid_5_0_ddy", "cow_mid_5_0_disputes")
LAST_YEAR = 2014

DISPUTE = Layer(
    name="dispute",
    title="Onset of a militarized dispute",
    kind="dyad",
    unit="1 = onset on the date",
    frequency="dated",
    source="Correlates of War, Militarized Interstate Disputes",
    version="5.0",
    citation='Palmer et al. (2022), "The MID5 Dataset, 2011-2014: Procedures, coding rules, and description", Conflict '
    "Management and Peace Science 39(4): 470-482",
    licence="free for public and academic use with citation; no formal open licence",
    transformation="a row per dyad and onset: date = first day of the month in which the dispute began, 30 June of "
    "the dyad's first year if the dyad came in later; end = 31 December of the dyad's last year; hostility = the "
    "higher level of the two sides (2 threat, 3 display, 4 use of force, 5 war); fatality = the higher level of deaths "
    "of the two sides, missing if none is known above 0 and one is not known; known = the last day of the month of "
    "onset, or of the year where the month is not known",
    coverage="1816 to 2014 for pairs of states of the panel (years before 1950 for the count of peace years). Within "
    "it, no row means no onset; after 2014 nothing is known.",
    traps=(
        "no row after 2014 is unknown, never peace",
        "one dispute a dyad and year: where several overlap the source keeps the most serious",
        "value 0: a dispute whose first year went to another one; no onset is counted, but its end counts",
        "an end on 31 December 2014 may be the end of the data",
        "fatality is 0 no deaths, 1 to 25, 2 to 100, 3 to 250, 4 to 500, 5 to 999, 6 more: deaths of either side in "
        "the whole dispute, whoever caused them (CHN-COL in the Korean War is 6)",
        "hostility and fatality are the highest of the whole dispute: not known at its onset",
        "known says when the onset was seen by those concerned; the list itself came out years later",
        "as known on a day within a year the list lacks the onsets of the year whose month is not known (7 % of all)",
        "a month is that of the dispute, also for states that joined it in its first year; empty if unknown",
    ),
    extras={
        "end": "date",
        "hostility": "number",
        "fatality": "number",
        "month": "number",
        "dispnum": "number",
        "known": "date",
    },
    key=("dispnum",),
    until=f"{LAST_YEAR}-12-31",
    absent="zero",
    carry=False,
    hindsight=("hostility", "fatality"),
)
LAYERS = (DISPUTE,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """One row per dyad, dispute and onset; a dispute that rests and resumes has several."""
    sides = ["hostlev1", "hostlev2", "fatality1", "fatality2"]
    years = read_input(inputs, INPUTS[0], ["dispnum", "ccode1", "ccode2", "year", "cowmidonset", "stmon", *sides])
    starts = read_input(inputs, INPUTS[1], ["dispnum", "styear"])
    years = undirected(coded(years)).merge(starts, on="dispnum", how="left", validate="many_to_one")
    key = ["state", "partner", "dispnum"]
    years = years.sort_values([*key, "year"], kind="stable").drop_duplicates([*key, "year"])
    years = years.assign(
        hostility=years[["hostlev1", "hostlev2"]].max(axis=1),
        fatality=deaths(years["fatality1"], years["fatality2"]),
        onsets=years.groupby(key)["cowmidonset"].cumsum(),
    )
    spells = years.groupby([*key, "onsets"], as_index=False).agg(
        value=("cowmidonset", "max"),
        first=("year", "min"),
        last=("year", "max"),
        styear=("styear", "first"),
        stmon=("stmon", "first"),
        hostility=("hostility", "max"),
        fatality=("fatality", "max"),
    )
    return {"dispute": tidy(DISPUTE, _dated(spells))}


def deaths(one: pd.Series, other: pd.Series) -> pd.Series:
    """The higher level of two sides' deaths; -9 is not known, and 0 against not known is not known."""
    levels = pd.concat([one, other], axis=1).astype("float64")
    levels = levels.where(levels >= 0)
    highest = levels.max(axis=1)
    return highest.where((highest > 0) | levels.notna().all(axis=1))


def _dated(spells: pd.DataFrame) -> pd.DataFrame:
    """The spells with their days; the month is known if the dyad was in the dispute from its first year."""
    month = (spells["first"] == spells["styear"]) & spells["stmon"].between(1, 12)
    first = spells["first"].astype(int).astype(str)
    began = pd.to_datetime(first + "-" + spells["stmon"].where(month, 6).astype(int).astype(str) + "-01")
    return spells.assign(
        date=iso(began.where(month, began + pd.offsets.MonthEnd(0))),
        month=spells["stmon"].astype("float64").where(month),
        end=spells["last"].astype(int).map("{}-12-31".format),
        known=iso(began + pd.offsets.MonthEnd(0)).where(month, first + "-12-31"),
        source="mid-5.0",
    )
