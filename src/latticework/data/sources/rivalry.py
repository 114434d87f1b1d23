"""Which states see each other as strategic rivals: Thompson, Sakuwa and Suhas."""

import pandas as pd

from latticework.data.dyads import coded, undirected
from latticework.data.inputs import FIRST_YEAR, Inputs, read_input
from latticework.data.layer import Layer, tidy

INPUTS = ("tss_rivalries",)
LAST_YEAR = 2020

RIVALRY = Layer(
    name="rivalry",
    title="Strategic rivalry",
    kind="dyad",
    unit="1 = rivals",
    frequency="spells",
    source="Thompson, Sakuwa & Suhas strategic rivalries",
    version="2021 book list",
    citation="Thompson, Sakuwa & Suhas (2021), Analyzing Strategic Rivalries in World Politics, Springer",
    licence="free with citation; no open licence seen",
    transformation="spells of years that reach 1950, from 1 January of the first year to 31 December of the last",
    coverage="1950 to 2020. Between two states of the system, no spell means 0. Rivalries that run in 2020 are open.",
    traps=(
        "end 2020 is the last year of the list, not the end of the rivalry",
        "a pair may have several spells: CHN-USA 1949-1972 and again from 1996",
        "rivalries are coded in retrospect, decades after some began: the lag of a year is the least that it can be",
    ),
    extras={"end": "date"},
    until=f"{LAST_YEAR}-12-31",
    absent="zero",
    lag=12,
)
LAYERS = (RIVALRY,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """The spells of rivalry."""
    listed = coded(read_input(inputs, INPUTS[0], ["ccode1", "ccode2", "start", "end"]))
    listed = undirected(listed[listed["end"] >= FIRST_YEAR]).astype({"start": int, "end": int})
    ends = listed["end"].map("{}-12-31".format).where(listed["end"] < LAST_YEAR, "")
    spells = listed.assign(date=listed["start"].map("{:04d}-01-01".format), end=ends, value=1.0, source="tss-2021")
    return {"rivalry": tidy(RIVALRY, spells)}
