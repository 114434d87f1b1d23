"""From a panel to a posterior."""

from latticework.fit.audit import audited
from latticework.fit.estimate import Estimate
from latticework.fit.frailty import Frailty, dyad_frailty
from latticework.fit.laplace import fit, fit_evidence
from latticework.fit.posterior import Posterior
from latticework.fit.records import Record
from latticework.fit.robust import node_robust_meat
from latticework.fit.scales import historical_scales
from latticework.fit.varying import Varying

__all__ = [
    "Estimate",
    "Frailty",
    "Posterior",
    "Record",
    "Varying",
    "audited",
    "dyad_frailty",
    "fit",
    "fit_evidence",
    "historical_scales",
    "node_robust_meat",
]
