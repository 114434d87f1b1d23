"""The verbs that every door calls."""

from latticework.actions.free_run import free_run
from latticework.actions.posterior import fit_model, load_posterior, model_table
from latticework.actions.run import Options, run
from latticework.actions.scenarios import find_scenario

__all__ = ["Options", "find_scenario", "fit_model", "free_run", "load_posterior", "model_table", "run"]
