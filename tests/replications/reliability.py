"""Are alliances kept when war comes? Two replication files of their authors, replicated to the printed digit."""

from functools import cache

import pandas as pd

from tests.data.dyad_tables import raw
from tests.replications.estimates import logit
from tests.replications.study import Claim, Numbers, Study, claims, exactly

TERMS = ["milinst", "formal", "chcap2d", "dinstch2", "origtar1"]
LOGIT_DIGITS = 0.0005  # the authors' own file and model: only the last printed digit may differ


@cache
def opportunities() -> pd.DataFrame:
    """Occasions on which an alliance called on a member in war (Leeds and Anac)."""
    return raw("leeds_anac_alliance_reliability").astype(float)


def institutions() -> Numbers:
    """Leeds and Anac 2005: the logit of fulfilment on peacetime institutions and change since signature."""
    table = opportunities()
    fit = logit(table.honor3, table[TERMS])
    coefficients = {f"{term}": fit.params[term] for term in ["const", *TERMS]}
    errors = {f"{term}, se": fit.bse[term] for term in TERMS}
    return {"occasions": fit.nobs, "log likelihood": fit.llf, **coefficients, **errors}


@cache
def calls() -> pd.DataFrame:
    """Alliances called upon in war by the rule of Leeds, Long and Mitchell (`dnaLLM`: did not apply, 1 or missing)."""
    table = raw("berkemeier_fuhrmann_alliance_fulfilment")
    called = table[table.dnaLLM.isna()]
    return called.assign(
        kept=called.honorLLM.eq(1).fillna(False).astype(int),
        old=called["sample"].eq(1),  # the sample of 1816-1944; the rest are the authors' additions to 2003
        defence=called.defense.eq(1),
    )


def fulfilment() -> Numbers:
    """Berkemeier and Fuhrmann 2018: how often commitments were kept, by period and for defence pacts."""
    table = calls()
    defence = table[table.defence]
    groups = {
        "all, 1816-2003": table,
        "all, to 1944": table[table.old],
        "all, from 1945": table[~table.old],
        "defence pacts": defence,
        "defence pacts, to 1944": defence[defence.old],
        "defence pacts, from 1945": defence[~defence.old],
    }
    kept = {f"{name}: kept": float(rows.kept.sum()) for name, rows in groups.items()}
    called = {f"{name}: called": float(len(rows)) for name, rows in groups.items()}
    return kept | called


LEEDS_ANAC = Study(
    key="institutions",
    title="Leeds and Anac 2005: institutions and reliability in war",
    design="logit of fulfilment (honor3), 137 occasions in wars 1816-1944",
    data="the authors' replication file",
    gist="exact; institutions and formality do not make alliances reliable",
    reading=(
        "Exact. More institutions and more formality went with less fulfilment, not more; change since signature "
        "(capability, domestic institutions) and being called on by the original target lower it most."
    ),
    compute=institutions,
    claims=(
        *exactly({"occasions": 137}),
        Claim("log likelihood", -57.345, LOGIT_DIGITS),
        *claims(
            {
                "const": 3.6907,
                "milinst": -0.7092,
                "formal": -0.9287,
                "chcap2d": -1.5466,
                "dinstch2": -1.4604,
                "origtar1": -1.3593,
                "milinst, se": 0.2977,
                "formal, se": 0.3586,
                "chcap2d, se": 0.5162,
                "dinstch2, se": 0.6041,
                "origtar1, se": 0.4805,
            },
            LOGIT_DIGITS,
            4,
        ),
    ),
    headline=("milinst", "formal"),
)

BERKEMEIER_FUHRMANN = Study(
    key="fulfilment",
    title="Berkemeier and Fuhrmann 2018: how often commitments are kept in war",
    design="counts of kept among called upon, wars 1816-2003",
    data="the authors' replication file",
    gist="exact; half are kept, less than a quarter after 1945",
    reading=(
        "Exact. Half of all commitments were kept, 22 in a hundred after 1945, and 14 in a hundred of defence pacts "
        "after 1945. Wars happen where fulfilment is doubted: none of these is the chance that a pact at peace holds."
    ),
    compute=fulfilment,
    claims=exactly(
        {
            "all, 1816-2003: kept": 73,
            "all, 1816-2003: called": 146,
            "all, to 1944: kept": 61,
            "all, to 1944: called": 92,
            "all, from 1945: kept": 12,
            "all, from 1945: called": 54,
            "defence pacts: kept": 42,
            "defence pacts: called": 102,
            "defence pacts, to 1944: kept": 36,
            "defence pacts, to 1944: called": 59,
            "defence pacts, from 1945: kept": 6,
            "defence pacts, from 1945: called": 43,
        }
    ),
    headline=("all, from 1945: kept", "all, from 1945: called"),
)
