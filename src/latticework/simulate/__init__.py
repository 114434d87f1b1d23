"""Forecasting is drawing over future worlds: `simulate` draws paths, `press` what a branch does to them."""

from latticework.simulate.paths import PRESENT, Calendar, Keep, nowcast_calendar, simulate, simulate_branches
from latticework.simulate.pressure import Pressure, normals, press

__all__ = [
    "PRESENT",
    "Calendar",
    "Keep",
    "Pressure",
    "normals",
    "nowcast_calendar",
    "press",
    "simulate",
    "simulate_branches",
]
