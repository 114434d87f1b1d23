"""A cut is a day up to which the model is trained: its coefficients rest on what was known then, and nothing later."""

from pathlib import Path

from latticework.actions.backtests.origin import last_day
from latticework.actions.posterior import FRAIL
from latticework.data import load_panel, panel_sha256
from latticework.fit import Posterior, dyad_frailty, fit_evidence
from latticework.processes import AbstractHazard, AbstractProcess

CUTS = (1990, 1995, 2000, 2005, 2010, 2015)  # a fit of all takes a minute and a half; at every origin, an hour


def cut_before(year: int, cuts: tuple[int, ...] = CUTS) -> int:
    """The last cut on or before the end of a year; the first one for the known cases of earlier years."""
    return max((cut for cut in cuts if cut <= year), default=cuts[0])


def fitted_at(process: AbstractProcess, cut: int, folder: Path | None = None) -> Posterior:
    """The posterior of one process, trained on what was known at the end of the year of the cut."""
    end, day = min(process.until, cut), str(last_day(cut))
    panel = load_panel(None, process.since, end, process.grid, process.reads, day, folder)
    evidence = process.evidence(panel)
    estimate = fit_evidence(process, evidence)
    frailties = {}
    if process.name in FRAIL and isinstance(process, AbstractHazard):
        frailties[process.name] = dyad_frailty(process, estimate, evidence, panel.codes)
    return Posterior({process.name: estimate}, {}, panel_sha256(), frailties)


def together(parts: list[Posterior]) -> Posterior:
    """The posteriors of several processes as one."""
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.updated(part)
    return whole
