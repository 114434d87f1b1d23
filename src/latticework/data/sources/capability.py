"""How strong states are: Correlates of War National Material Capabilities."""

import pandas as pd

from latticework.data.inputs import Inputs, annual, read_input
from latticework.data.layer import Layer, tidy

INPUTS = ("cow_nmc_7_0",)
SOURCE = "nmc-7.0"
CITATION = (
    'Singer, Bremer & Stuckey (1972); Singer (1987), "Reconstructing the Correlates of War Dataset on Material '
    'Capabilities of States, 1816-1985", International Interactions 14: 115-132; version 7.0'
)
LICENCE = "free for public and academic use with citation; no formal open licence"
GERMANY = "1990 has a row for 260 and for 255, and for 678 and 679: the state as of 31 December is kept"

CAPABILITY = Layer(
    name="capability",
    title="Composite index of national capability (CINC)",
    kind="state",
    unit="share of the world's capability, 0 to 1",
    bounds=(0, 1),
    frequency="annual",
    lag=3,
    source="Correlates of War, National Material Capabilities",
    version="7.0",
    citation=CITATION,
    licence=LICENCE,
    transformation="none; dated 31 December",
    coverage="1950 to 2022, all members of the state system.",
    traps=(GERMANY, "North Korea has a value until 2022 although its military spending ends in 2001"),
)
SPENDING = Layer(
    name="military_spending",
    title="Military spending",
    kind="state",
    unit="thousand current US dollars",
    bounds=(0, None),
    frequency="annual",
    lag=3,
    source="Correlates of War, National Material Capabilities",
    version="7.0",
    citation=CITATION,
    licence=LICENCE,
    transformation="none; dated 31 December",
    coverage="1950 to 2022 where published. A missing year has no row.",
    traps=(
        "North Korea's spending is missing after 2001 and stays missing",
        "a missing value is empty in 7.0 and -9 in the 6.0 file: neither is a number",
        "a zero is as published: small states without forces, but also first years of new states (VNM 1954, ARE 1971)",
        GERMANY,
    ),
)
LAYERS = (CAPABILITY, SPENDING)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Capability and military spending by state and year."""
    nmc = read_input(inputs, "cow_nmc_7_0", ["ccode", "year", "cinc", "milex"])
    nmc["milex"] = nmc["milex"].astype("float64").where(lambda v: v >= 0)
    return {
        "capability": tidy(CAPABILITY, annual(nmc, "cinc", SOURCE)),
        "military_spending": tidy(SPENDING, annual(nmc, "milex", SOURCE)),
    }
