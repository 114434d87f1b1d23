"""Does a new leader move a state's votes? Coalition changes (CHISOLS) and UN ideal points, 1947-2008."""

from functools import cache

import numpy as np
import pandas as pd

from tests.data.dyad_tables import raw
from tests.replications.estimates import each, least_squares
from tests.replications.study import Claim, Numbers, Study, claims, exactly

FIRST_SESSION_LESS_ONE = 1945
DESIGN = {  # least squares of the yearly move on these, with year effects and clusters by state
    "coalition change": 0.0982,
    "coalition change x democracy": -0.0857,
    "turnover only": 0.0191,
    "turnover only x democracy": -0.0146,
    "democracy": -0.0327,
}
ERRORS = {"coalition change, se": 0.0269, "coalition change x democracy, se": 0.0272, "turnover only, se": 0.0107}


@cache
def moves() -> pd.DataFrame:
    """Ideal points with those of the session before: one row per state and year."""
    table = raw("unga_ideal_points_all_apr2020")
    points = pd.DataFrame(
        {
            "ccode": table.ccode.astype(int),
            "year": table.session.astype(int) + FIRST_SESSION_LESS_ONE,
            "point": table.IdealPoint.astype(float),
        }
    )
    before = points.assign(year=points.year + 1).rename(columns={"point": "before"})
    return points.merge(before, on=["ccode", "year"]).assign(move=lambda t: (t.point - t.before).abs())


@cache
def turnovers() -> pd.DataFrame:
    """The moves with what CHISOLS says of the year; its 15 years of regime transition count as neither regime."""
    table = raw("chisols_4_0_state_year")
    coded = pd.DataFrame(
        {
            "ccode": table.ccode.astype(int),
            "year": table.year.astype(int),
            "democracy": pd.to_numeric(table.dem.astype(str), errors="coerce"),
            "coalition": table.solschdum.astype(float),
            "turnover": ((table.leadertrans > 0) & (table.solschdum == 0)).astype(float),
        }
    )
    return moves().merge(coded, on=["ccode", "year"]).dropna()


def terms(table: pd.DataFrame) -> pd.DataFrame:
    """The five terms of the design."""
    return pd.DataFrame(
        {
            "coalition change": table.coalition,
            "coalition change x democracy": table.coalition * table.democracy,
            "turnover only": table.turnover,
            "turnover only x democracy": table.turnover * table.democracy,
            "democracy": table.democracy,
        }
    )


def alignment() -> Numbers:
    """The regression, and the mean moves that the drift of alignment is anchored on."""
    table = turnovers()
    fit = least_squares(table.move, pd.concat([terms(table), each(table.year)], axis=1), table.ccode)
    kind = np.select([table.coalition > 0, table.turnover > 0], ["coalition", "turnover"], "quiet")
    means = table.groupby([table.democracy > 0, kind]).move.mean()
    slope = np.polyfit(moves().before, moves().point, 1)
    left = moves().point - np.polyval(slope, moves().before)
    return {
        "state-years": fit.nobs,
        **{term: fit.params[term] for term in DESIGN},
        **{f"{term}, se": fit.bse[term] for term in DESIGN},
        "mean move, autocracy, quiet year": means[False, "quiet"],
        "mean move, autocracy, turnover only": means[False, "turnover"],
        "mean move, autocracy, coalition change": means[False, "coalition"],
        "mean move, democracy, quiet year": means[True, "quiet"],
        "mean move, democracy, turnover only": means[True, "turnover"],
        "mean move, democracy, coalition change": means[True, "coalition"],
        "persistence of the ideal point, all years": slope[0],
        "residual sd of that, all years": float(left.std()),
    }


LEADERS = Study(
    key="leaders",
    title="Leader change and alignment (design of Mattes, Leeds and Carroll 2015)",
    design="least squares of |yearly change of the ideal point|, year effects, clusters by state",
    data="CHISOLS 4.0, UN ideal points (April 2020)",
    gist="exact; a new coalition moves the votes of autocracies, not of democracies",
    reading=(
        "Exact, but for the residual sd of the ideal point, which had been given to two digits. A "
        "change of supporting coalition moves an autocracy's votes by half as much again as in a quiet year, and a "
        "democracy's hardly at all. The design is that of the study, the data are its public successors: "
        "these are re-estimated values, not the printed table."
    ),
    compute=alignment,
    claims=(
        *exactly({"state-years": 7107}),
        *claims(DESIGN | ERRORS, 0.001, 4),
        *claims(
            {
                "mean move, autocracy, quiet year": 0.194,
                "mean move, autocracy, turnover only": 0.220,
                "mean move, autocracy, coalition change": 0.303,
                "mean move, democracy, quiet year": 0.149,
                "mean move, democracy, turnover only": 0.168,
                "mean move, democracy, coalition change": 0.160,
            },
            0.001,
        ),
        Claim("persistence of the ideal point, all years", 0.963, 0.001),
        Claim("residual sd of that, all years", 0.25, 0.006),
    ),
    headline=("coalition change", "coalition change x democracy"),
)
