"""Regressions by statsmodels with the errors that the studies print: plain, clustered, by dyad and by state."""

from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm

from latticework.fit import node_robust_meat


def least_squares(y: pd.Series, x: pd.DataFrame, clusters: pd.Series) -> Any:
    """Least squares with an intercept and standard errors clustered by `clusters`."""
    design = sm.add_constant(x.astype(float))
    groups = clusters.to_numpy(dtype=int)
    return sm.OLS(y.astype(float), design).fit(method="qr", cov_type="cluster", cov_kwds={"groups": groups})


def logit(y: pd.Series, x: pd.DataFrame, clusters: pd.Series | None = None) -> Any:
    """A logit with an intercept; standard errors from the information, or clustered."""
    model = sm.Logit(y.astype(float), sm.add_constant(x.astype(float)))
    if clusters is None:
        return model.fit(disp=0)
    return model.fit(disp=0, cov_type="cluster", cov_kwds={"groups": clusters.to_numpy(dtype=int)})


def each(column: pd.Series) -> pd.DataFrame:
    """An indicator for each value of a column but the first: fixed effects."""
    return pd.get_dummies(column.astype(int), prefix=str(column.name), drop_first=True, dtype=float)


def logit_errors(fit: Any, nodes: np.ndarray) -> pd.DataFrame:
    """The three standard errors of a dyadic logit: from the information, clustered by dyad, and node-robust."""
    design = np.asarray(fit.model.exog)
    chance = np.asarray(fit.predict())
    scores = (np.asarray(fit.model.endog) - chance)[:, None] * design
    bread = np.linalg.inv(design.T @ (design * (chance * (1 - chance))[:, None]))
    _, dyad = np.unique(np.sort(nodes, axis=1), axis=0, return_inverse=True)
    meats = {"dyad": node_robust_meat(scores, dyad.reshape(-1, 1)), "node": node_robust_meat(scores, nodes)}
    errors = {name: np.sqrt(np.diag(bread @ meat @ bread)) for name, meat in meats.items()}
    return pd.DataFrame({"naive": np.sqrt(np.diag(bread)), **errors}, index=fit.params.index)
