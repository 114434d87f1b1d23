"""Mechanisms: what nobody could fit, with a reason and a source for every number, and arrows to what could be."""

from latticework.mechanisms.bargain import Bargain, settlements, split
from latticework.mechanisms.bargain_fit import Fitted, Settlement, fit_bargain
from latticework.mechanisms.base import RESPONSES, SIGNALS, AbstractResponse, Override, Parameter, Poles
from latticework.mechanisms.coupled import Coupled
from latticework.mechanisms.couplings import Coupling
from latticework.mechanisms.credibility import Credibility
from latticework.mechanisms.deterrence import Weights, calibrated, deterrence
from latticework.mechanisms.hedging import Hedging
from latticework.mechanisms.opinion import Opinion
from latticework.mechanisms.reassurance import Goodwill, Reassurance
from latticework.mechanisms.registry import KINDS, Assembled, assemble, parameters_of
from latticework.mechanisms.statecraft import Grievance

__all__ = [
    "KINDS",
    "RESPONSES",
    "SIGNALS",
    "AbstractResponse",
    "Assembled",
    "Bargain",
    "Coupled",
    "Coupling",
    "Credibility",
    "Fitted",
    "Goodwill",
    "Grievance",
    "Hedging",
    "Opinion",
    "Override",
    "Parameter",
    "Poles",
    "Reassurance",
    "Settlement",
    "Weights",
    "assemble",
    "calibrated",
    "deterrence",
    "fit_bargain",
    "parameters_of",
    "settlements",
    "split",
]
