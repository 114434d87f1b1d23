"""How democratic states are: V-Dem's electoral democracy index."""

import pandas as pd

from latticework.data.inputs import Inputs, annual, read_input
from latticework.data.layer import Layer, tidy

INPUTS = ("isard_cow_democracy",)

DEMOCRACY = Layer(
    name="democracy",
    title="Electoral democracy (V-Dem polyarchy)",
    kind="state",
    unit="index, 0 to 1",
    bounds=(0, 1),
    frequency="annual",
    lag=3,
    source="V-Dem, as packaged in isard",
    version="isard of June 2026 (values to 2025)",
    citation="Coppedge et al., V-Dem, v2x_polyarchy; Miller, isard",
    licence="isard: GPL-2; V-Dem asks for citation",
    transformation="none; dated 31 December",
    coverage="1950 to 2025. V-Dem does not rate 22 small states (Andorra to Samoa).",
    traps=(
        "1990 has a row for Germany 255 without and for 260 with a value: the one with the value is kept",
        "an index that experts rated, with measurement error that is not in the file",
    ),
)
LAYERS = (DEMOCRACY,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Polyarchy by state and year."""
    rated = read_input(inputs, "isard_cow_democracy", ["ccode", "year", "v2x_polyarchy"])
    return {"democracy": tidy(DEMOCRACY, annual(rated, "v2x_polyarchy", "vdem-isard-2026-06"))}
