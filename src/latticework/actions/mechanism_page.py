"""The page on mechanisms with what the shipped fits say."""

from dataclasses import astuple

from latticework.actions.bargain import load_bargain
from latticework.actions.deterrence import load_deterrence
from latticework.report.mechanisms_page import page


def mechanism_page() -> str:
    """The text of docs/mechanisms.md."""
    rates = tuple((c.precision, c.weights, *astuple(c)[2:]) for c in load_deterrence())
    return page(load_bargain(), rates)
