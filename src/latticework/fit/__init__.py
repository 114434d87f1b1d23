"""From a panel to a posterior."""

from latticework.fit.frailty import Frailty, dyad_frailty
from latticework.fit.laplace import fit, fit_evidence
from latticework.fit.posterior import Estimate, Posterior
from latticework.fit.robust import node_robust_meat
from latticework.fit.scales import historical_scales

__all__ = [
    "Estimate",
    "Frailty",
    "Posterior",
    "dyad_frailty",
    "fit",
    "fit_evidence",
    "historical_scales",
    "node_robust_meat",
]
