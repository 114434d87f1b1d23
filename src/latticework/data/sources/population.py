"""How many people live in a state: Correlates of War National Material Capabilities."""

import pandas as pd

from latticework.data.inputs import Inputs, annual, read_input
from latticework.data.layer import Layer, tidy

INPUTS = ("cow_nmc_7_0",)
SPRING = 3  # months: counts and estimates for the end of a year are out by then

POPULATION = Layer(
    name="population",
    title="Population",
    kind="state",
    unit="persons",
    frequency="annual",
    source="Correlates of War, National Material Capabilities",
    version="7.0",
    citation='Singer, Bremer & Stuckey (1972); Singer (1987), "Reconstructing the Correlates of War Dataset on '
    'Material Capabilities of States, 1816-1985", International Interactions 14: 115-132; version 7.0',
    licence="free for public and academic use with citation; no formal open licence",
    transformation="thousands times 1,000; dated 31 December",
    coverage="1950 to 2022, all members of the state system; SYR lacks 1959 and 1960, when it was one with EGY.",
    traps=(
        "1990 has a row for 260 and for 255, and for 678 and 679: the state as of 31 December is kept (DEU 62.1 "
        "million in 1989, 79.4 in 1990)",
        "pieces from several sources are joined with jumps, above all in 2001-02, 2013 and 2017: a yearly change is no "
        "growth rate there (FSM 117,000 in 2001, 500,000 from 2002 to 2016, 109,000 after; ERI, GNQ, SOM, BTN, MDA)",
        "BTN is three times too large until 2000 (2.1 million, 0.6 in 2001)",
        "PAK has East Pakistan until 1970, RUS the Soviet Union until 1990, SRB Yugoslavia until 1991",
        "the world's sum is that of the members only: 2.14 billion in 1950, 8.01 in 2022",
        "given to the thousand: micro-states have two digits (TUV 10)",
    ),
    lag=SPRING,
    bounds=(0, None),
)
LAYERS = (POPULATION,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Population by state and year."""
    nmc = read_input(inputs, INPUTS[0], ["ccode", "year", "tpop"])
    persons = nmc["tpop"].astype("float64") * 1000
    nmc["tpop"] = persons.where(persons >= 0)  # -9 is missing in other editions
    return {"population": tidy(POPULATION, annual(nmc, "tpop", "nmc-7.0"))}
