"""When states threatened, displayed or used force against each other: militarized interstate disputes."""

import pandas as pd

from latticework.data.dyads import coded, undirected
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
    "higher level of the two sides (2 threat, 3 display, 4 use of force, 5 war)",
    coverage="1816 to 2014 for pairs of states of the panel (years before 1950 for the count of peace years). Within "
    "it, no row means no onset; after 2014 nothing is known.",
    traps=(
        "no row after 2014 is unknown, never peace",
        "one dispute a dyad and year: where several overlap the source keeps the most serious",
        "value 0: a dispute whose first year went to another one; no onset is counted, but its end counts",
        "an end on 31 December 2014 may be the end of the data",
        "a month is that of the dispute, also for states that joined it in its first year; empty if unknown",
    ),
    extras={"end": "date", "hostility": "number", "month": "number", "dispnum": "number"},
    key=("dispnum",),
    until=f"{LAST_YEAR}-12-31",
    absent="zero",
    carry=False,
)
LAYERS = (DISPUTE,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """One row per dyad, dispute and onset; a dispute that rests and resumes has several."""
    years = read_input(
        inputs, INPUTS[0], ["dispnum", "ccode1", "ccode2", "year", "cowmidonset", "hostlev1", "hostlev2", "stmon"]
    )
    starts = read_input(inputs, INPUTS[1], ["dispnum", "styear"])
    years = undirected(coded(years)).merge(starts, on="dispnum", how="left", validate="many_to_one")
    key = ["state", "partner", "dispnum"]
    years = years.sort_values([*key, "year"], kind="stable").drop_duplicates([*key, "year"])
    years = years.assign(
        hostility=years[["hostlev1", "hostlev2"]].max(axis=1), onsets=years.groupby(key)["cowmidonset"].cumsum()
    )
    spells = years.groupby([*key, "onsets"], as_index=False).agg(
        value=("cowmidonset", "max"),
        first=("year", "min"),
        last=("year", "max"),
        styear=("styear", "first"),
        stmon=("stmon", "first"),
        hostility=("hostility", "max"),
    )
    known = (spells["first"] == spells["styear"]) & spells["stmon"].between(1, 12)
    monthly = spells["first"].astype(str) + spells["stmon"].map("-{:02d}-01".format)
    table = spells.assign(
        date=monthly.where(known, spells["first"].map("{}-06-30".format)),
        month=spells["stmon"].astype("float64").where(known),
        end=spells["last"].map("{}-12-31".format),
        source="mid-5.0",
    )
    return {"dispute": tidy(DISPUTE, table)}
