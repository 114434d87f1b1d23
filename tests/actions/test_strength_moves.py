"""Moves of tie strength, counted by hand on three ties."""

import pandas as pd
import pytest

from latticework.actions.strength import TIES_FILE, write_table
from latticework.actions.strength_moves import FIRST, strength_moves
from latticework.measures.strength.summary import TIES

STRENGTHS = {  # at the ends of four years; None where a state was not there
    ("JPN", "USA"): (0.0, 0.6, 0.0, 0.5),  # a rise, a fall, and a move of just the step
    ("CHN", "USA"): (1.0, 0.9, None, 0.1),  # one year of two ends
    ("CHN", "JPN"): (0.0, -0.8, -0.7, -0.7),  # a fall
}


def test_moves_are_those_by_hand(tmp_path):
    rows = [
        {"date": f"{FIRST + t}-12-31", "state": a, "partner": b, "strength": value, "sd": 0.2 + 0.1 * (b == "JPN")}
        for (a, b), values in STRENGTHS.items()
        for t, value in enumerate(values)
        if value is not None
    ]
    table = pd.DataFrame(rows).reindex(columns=list(TIES)).fillna(0.0)
    write_table(table, tmp_path / TIES_FILE)
    hub, whole = strength_moves(tmp_path).to_dict("records")
    assert (hub["whose"], hub["ties"], hub["n"], hub["falls"], hub["rises"]) == ("hub", 2, 4, 1, 1)
    assert (whole["whose"], whole["ties"], whole["n"], whole["falls"], whole["rises"]) == ("all", 3, 7, 2, 1)
    assert hub["sd"] == pytest.approx(0.2)
    assert whole["sd"] == pytest.approx((4 * 0.2 + 3 * 0.3) / 7)
