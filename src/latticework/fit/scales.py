"""The units of history in which assumptions are quoted: how much states differed, how far leaders moved them."""

import numpy as np

from latticework.fit.estimate import Estimate
from latticework.fit.varying import levels_of_rows
from latticework.processes import AbstractHazard, AbstractProcess, Evidence, GarrisonOpened, TroopChange
from latticework.types import Float
from latticework.world import Panel

RATES = (AbstractHazard, GarrisonOpened, TroopChange)  # processes whose first linear predictor is a log hazard


def historical_scales(
    process: AbstractProcess, estimate: Estimate, evidence: Evidence, panel: Panel
) -> dict[str, float]:
    """The scales that one process offers to scenarios, under the names `<process>:<unit>`.

    `history_sd` for a hazard: the sd between states of the log hazard beyond what the effects explain; if the process
    varies by state, its sd, else that of the moments.
    `turnover_shift` for alignment: the sd of the shifts of ideal points that followed changes of leader.
    """
    between = [varying.sigma for varying in estimate.varying if varying.by != "era"]
    if isinstance(process, RATES) and between:
        return {f"{process.name}:history_sd": between[-1]}
    if isinstance(process, RATES):
        levels = levels_of_rows(process, evidence, estimate.varying)
        happened, expected = (np.asarray(x, float) for x in process.tally(estimate.mode, evidence.data, levels))
        return {f"{process.name}:history_sd": spread_between_states(happened, expected, evidence.nodes)}
    if process.name == "alignment":
        return {f"{process.name}:turnover_shift": turnover_shift(panel)}
    return {}


def spread_between_states(
    happened: Float[np.ndarray, "r"], expected: Float[np.ndarray, "r"], nodes: np.ndarray
) -> float:
    r"""Sd of the log hazard between states, given events that happened and were expected, row by row.

    With $O_i \sim$ Poisson$(E_i g_i)$ and $g_i$ gamma with mean one, $E[(O_i - E_i)^2 - E_i] = E_i^2 \tau^2$, so
    $\tau^2 = \sum_i ((O_i - E_i)^2 - E_i) / \sum_i E_i^2$; the sd of the log is $\sqrt{\log(1 + \tau^2)}$.
    """
    o, e = np.zeros(int(nodes.max()) + 1), np.zeros(int(nodes.max()) + 1)
    for column in nodes.T:
        np.add.at(o, column, happened)
        np.add.at(e, column, expected)
    tau2 = max(float(((o - e) ** 2 - e).sum() / (e**2).sum()), 0.0)
    return float(np.sqrt(np.log1p(tau2)))


def turnover_shift(panel: Panel) -> float:
    """Sd of the change of ideal point from the session before a change of leader to the session after it.

    The published estimates' own error variance is taken off; states with a turnover in year t, sessions t-1 and t+1.
    """
    level, sd = (np.asarray(panel.world.state(name), float) for name in ("ideal_point", "ideal_point_sd"))
    turned = np.asarray(panel.world.state("turnover"))[1:-1] > 0
    shift, error = level[2:] - level[:-2], sd[2:] ** 2 + sd[:-2] ** 2
    seen = turned & np.isfinite(shift) & np.isfinite(error)
    return float(np.sqrt(max(shift[seen].var() - error[seen].mean(), 0.1 * shift[seen].var())))
