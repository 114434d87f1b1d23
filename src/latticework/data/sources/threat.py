"""How threatened states are from outside: by the strength of unlike states in reach, and over territory."""

import pandas as pd

from latticework.data.inputs import Inputs, annual, read_input
from latticework.data.layer import Layer, tidy

INPUTS = ("leeds_savun_external_threat", "latent_territorial_threat")
LAST_YEAR = 2007  # of external threat: 2008 is 0 for every state, and later rows name none
SPRING = 3  # months: what such an index is made of is known in the first quarter of the next year, at best
PREDECESSORS = "1990 has a row for Germany 260 and 255 and for Yemen 678 and 679: the state as of 31 December is kept"

EXTERNAL_THREAT = Layer(
    name="external_threat",
    title="External threat",
    kind="state",
    unit="share of the world's capability, 0 to 1",
    frequency="annual",
    source="Leeds & Savun, external threat",
    version="as extended in the replication of J. Alley",
    citation='Leeds & Savun (2007), "Terminating Alliances: Why Do States Abrogate Agreements?", Journal of Politics '
    "69(4): 1118-1132",
    licence="free with citation; no formal open licence",
    transformation="none (the capabilities of the states in reach whose foreign policies are unlike the state's, "
    "added up); dated 31 December",
    coverage="1950 to 2007, all members of the state system.",
    traps=(
        "the file goes on to 2015, but 2008 is 0 for all 194 states and from 2009 no row names a state: left out",
        "an observed 0 says that no unlike state is in reach: from 1975 (the Helsinki accords) DDR, POL, FIN and much "
        "of Europe, from 1984 DEU, NLD and DNK",
        "jumps of single years come from the likeness of alliances: USA 0.48 in 1961 and 1965, 0.12 in 1962 to 1964",
        PREDECESSORS,
    ),
    until=f"{LAST_YEAR}-12-31",
    bounds=(0, 1),
    lag=SPRING,
)
TERRITORIAL_THREAT = Layer(
    name="territorial_threat",
    title="Latent external territorial threat",
    kind="state",
    unit="scale of the model, higher = more",
    frequency="annual",
    source="Miller, latent territorial threat, by way of peacesciencer",
    version="peacesciencer 1.3",
    citation='Miller (2022), "A Random Item Response Model of External Territorial Threat, 1816-2010", Journal of '
    "Global Security Studies 7(4)",
    licence="GPL-2 (the package)",
    transformation="none (the author's main estimate, in which dyads are weighted by the distance of capitals); dated "
    "31 December; `sd` is the standard deviation of the estimate",
    coverage="1950 to 2010, all members of the state system.",
    traps=(
        "model output, no observation: use it with its sd",
        "estimated on all years at once: the value of a year rests on later years too",
        "the source's columns m_* weight by the least distance instead and correlate with these at 0.97: not used",
        PREDECESSORS,
    ),
    extras={"sd": "number"},
    until="2010-12-31",
    lag=SPRING,
)
LAYERS = (EXTERNAL_THREAT, TERRITORIAL_THREAT)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Both kinds of threat by state and year."""
    external = read_input(inputs, INPUTS[0], ["ccode", "year", "lsthreat"])
    external = external[external["ccode"].notna() & (external["year"] <= LAST_YEAR)].astype({"year": int})
    latent = read_input(inputs, INPUTS[1], ["ccode", "year", "lterrthreat", "sd"]).astype({"year": int})
    estimate = annual(latent, "lterrthreat", "terrthreat")
    spread = annual(latent, "sd", "terrthreat").rename(columns={"value": "sd"})
    territorial = estimate.merge(spread, on=["date", "state", "source"], validate="1:1")
    return {
        "external_threat": tidy(EXTERNAL_THREAT, annual(external, "lsthreat", "leeds-savun")),
        "territorial_threat": tidy(TERRITORIAL_THREAT, territorial),
    }
