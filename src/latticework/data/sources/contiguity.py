"""Which states touch by land, or face each other across a stretch of water: COW direct contiguity."""

import pandas as pd

from latticework.data.dyads import coded, iso, joined, undirected
from latticework.data.inputs import FIRST_YEAR, Inputs, read_input
from latticework.data.layer import Layer, tidy

INPUTS = ("cow_contiguity_3_2",)
LAST_MONTH = pd.Timestamp("2016-12-01")

CONTIGUITY = Layer(
    name="contiguity",
    title="Direct contiguity",
    kind="dyad",
    unit="1 land, 2 up to 12 miles of water, 3 to 24, 4 to 150, 5 to 400; 0 none",
    bounds=(0, 5),
    frequency="spells",
    source="Correlates of War, Direct Contiguity",
    version="3.2",
    citation='Stinnett, Tir, Schafer, Diehl & Gochman (2002), "The Correlates of War Project Direct Contiguity Data, '
    'Version 3", Conflict Management and Peace Science 19(2): 58-66',
    licence="free for public and academic use with citation; no formal open licence",
    transformation="one row for the two directions; rows of type 0 left out; Germany and Yemen joined through 1990",
    coverage="1950 to 2016. Between two states of the system, no spell means 0. Spells that reach the end are open.",
    traps=(
        "days are those of a month: a spell begins on its first and ends on the last day of its last month",
        "December 2016 is the end of the list, not of the border",
        "home territory alone: USA-RUS touch across the Bering Strait, USA-JPN do not touch",
    ),
    extras={"end": "date"},
    until="2016-12-31",
    absent="zero",
)
LAYERS = (CONTIGUITY,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """The spells of contiguity; in a month in which the type changes, the new one holds."""
    listed = coded(read_input(inputs, INPUTS[0], ["ccode1", "ccode2", "conttype", "stdate", "enddate"]))
    begin, finish = pd.to_datetime(listed["stdate"]), pd.to_datetime(listed["enddate"])
    listed = undirected(listed).assign(
        begin=begin, finish=(finish + pd.offsets.MonthEnd(0)).where(finish < LAST_MONTH), value=listed["conttype"]
    )
    listed = listed[(listed["value"] > 0) & ~(listed["finish"] < f"{FIRST_YEAR}-01-01")]
    spells = joined(listed.drop_duplicates(["state", "partner", "begin", "value"]), ["state", "partner", "value"])
    spells = spells.sort_values(["state", "partner", "begin"])
    eve = spells.groupby(["state", "partner"])["begin"].shift(-1) - pd.Timedelta(days=1)
    spells = spells.assign(finish=spells["finish"].where(~(spells["finish"] > eve), eve))
    return {
        "contiguity": tidy(
            CONTIGUITY, spells.assign(date=iso(spells["begin"]), end=iso(spells["finish"]), source="cow-3.2")
        )
    }
