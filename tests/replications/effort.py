"""Do democratic allies lower military spending? The panel of DiGiuseppe and Poast, 1952-2000."""

from functools import cache

import pandas as pd

from tests.data.dyad_tables import raw
from tests.replications.estimates import each, least_squares
from tests.replications.study import Numbers, Study, claims, exactly

SPENDING = "LMILEX"
TERMS = {
    "spending of the year before": "LMILEX1",
    "pact with a democracy": "defense_dem",
    "pact with a non-democracy": "defense_nodem",
    "log GDP": "LNRGDP",
    "polity": "DEMOC",
    "war": "atwar",
    "civil war": "civilwar",
    "log rivals' spending": "lnrivalmil",
    "cold war": "coldwar",
}


@cache
def panel() -> pd.DataFrame:
    """State-years with all terms, under their names."""
    table = raw("digiuseppe_poast_2016")
    table = table.dropna(subset=[SPENDING, *TERMS.values()]).rename(columns={v: k for k, v in TERMS.items()})
    kept = table[["ccode", "year", "nato", "USdefense", SPENDING, *TERMS]]
    return kept.astype({"ccode": int, "year": int}).reset_index(drop=True)


def spending() -> Numbers:
    """Least squares with a lag and state effects, clusters by state."""
    table = panel()
    fit = least_squares(table[SPENDING], pd.concat([table[list(TERMS)], each(table.ccode)], axis=1), table.ccode)
    return {
        "state-years": fit.nobs,
        **{term: fit.params[term] for term in TERMS},
        **{f"{term}, se": fit.bse[term] for term in TERMS},
    }


EFFORT = Study(
    key="effort",
    title="Military spending and the regime of allies (DiGiuseppe and Poast 2018)",
    design="least squares of log military spending with its lag, state effects, clusters by state",
    data="the authors' panel, as another replication holds it",
    gist="exact; democratic allies lower spending, others raise it",
    reading=(
        "Exact. A pact with a democracy goes with lower spending, a pact with an autocracy with higher. The panel is "
        "the authors', the specification ours: re-estimated values, not the printed table."
    ),
    compute=spending,
    claims=(
        *exactly({"state-years": 5889}),
        *claims(
            {
                "spending of the year before": 0.7907,
                "pact with a democracy": -0.0478,
                "pact with a non-democracy": 0.0661,
                "polity": -0.0032,
                "log rivals' spending": 0.0107,
                "log rivals' spending, se": 0.0031,
            },
            0.001,
            4,
        ),
        *claims(
            {
                "log GDP": 0.192,
                "war": 0.102,
                "civil war": 0.069,
                "cold war": 0.051,
                "pact with a democracy, se": 0.020,
                "pact with a non-democracy, se": 0.024,
                "log GDP, se": 0.028,
                "war, se": 0.028,
            },
            0.001,
        ),
    ),
    headline=("pact with a democracy", "pact with a non-democracy"),
)
