"""A scenario is what is done to the world: when, by whom assumed, and what is asked."""

from latticework.scenario.controls import Controls, Steps, compile_branch, needed_scales, steps
from latticework.scenario.read import Known, read_scenario
from latticework.scenario.schema import Scenario

__all__ = ["Controls", "Known", "Scenario", "Steps", "compile_branch", "needed_scales", "read_scenario", "steps"]
