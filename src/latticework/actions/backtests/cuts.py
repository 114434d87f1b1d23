"""A cut is a day up to which the model is trained: its coefficients rest on what was known then, and nothing later."""

from pathlib import Path

from latticework.actions.backtests.origin import last_day
from latticework.actions.posterior import FRAIL
from latticework.data import load_panel, panel_sha256
from latticework.fit import Posterior, dyad_frailty, fit_evidence
from latticework.processes import AbstractHazard, AbstractProcess

CUTS = (1990, 2000, 2010)
RARELY = {"alignment": (1990, 2000), "pact_founded": (1990,)}  # those whose fit takes minutes are trained more seldom


def cut_before(year: int, cuts: tuple[int, ...] = CUTS) -> int:
    """The last cut on or before the end of a year; the first one for the known cases of earlier years."""
    return max((cut for cut in cuts if cut <= year), default=cuts[0])


def cut_of(name: str, cut: int, cuts: tuple[int, ...] = CUTS) -> int:
    """The cut at which a process was last trained, on or before a cut of the model."""
    rare = [early for early in RARELY.get(name, ()) if early <= cut and early in cuts]
    return rare[-1] if rare else cut


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
