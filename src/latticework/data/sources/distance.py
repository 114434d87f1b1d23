"""How far apart two states are: the shortest line between their territories, CShapes 2.0."""

import pandas as pd

from latticework.data.dyads import coded, undirected, year_runs
from latticework.data.inputs import FIRST_YEAR, Inputs, read_input
from latticework.data.layer import Layer, tidy

INPUTS = ("cow_min_distance",)
LAST_YEAR = 2019

DISTANCE = Layer(
    name="distance",
    title="Shortest distance between two territories",
    kind="dyad",
    unit="km",
    bounds=(0, 20100),
    frequency="spells",
    source="CShapes 2.0 minimum distances",
    version="2.0",
    citation='Schvitz et al. (2022), "Mapping the International System, 1886-2019: The CShapes 2.0 Dataset", '
    "Journal of Conflict Resolution 66(1): 144-161",
    licence="free with citation; no formal open licence",
    transformation="rounded to 0.1 km; years of equal distance joined into spells from 1 January to 31 December",
    coverage="1950 to 2019. A dyad without a spell has no known distance: missing, not zero. Spells of 2019 are open.",
    traps=(
        "territory, not capitals: neighbours have 0, USA-RUS 80 km across the Bering Strait",
        "the United States move 4,000 km closer to Asia in 1960, when Alaska and Hawaii count as home territory",
    ),
    extras={"end": "date"},
    until=f"{LAST_YEAR}-12-31",
)
LAYERS = (DISTANCE,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """The runs of equal distance; where Germany or Yemen has two numbers in a year, the smaller distance."""
    years = read_input(inputs, INPUTS[0], ["ccode1", "ccode2", "year", "mindist"])
    years = undirected(coded(years[(years["year"] >= FIRST_YEAR) & years["mindist"].notna()]))
    years = years.assign(value=years["mindist"].round(1))
    runs = year_runs(years.groupby(["state", "partner", "year"], as_index=False).agg(value=("value", "min")))
    ends = runs["last"].map("{}-12-31".format).where(runs["last"] < LAST_YEAR, "")
    spells = runs.assign(date=runs["first"].map("{}-01-01".format), end=ends, source="cshapes-2.0")
    return {"distance": tidy(DISTANCE, spells)}
