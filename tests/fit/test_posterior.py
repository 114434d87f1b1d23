"""A posterior file is read back without loss, and a damaged one is refused with a message."""

import json

import numpy as np
import pytest

from latticework.actions.posterior import SHIPPED
from latticework.errors import PanelError
from latticework.fit import Posterior

TEXT = SHIPPED.read_text(encoding="utf-8")


def test_writing_and_reading_lose_nothing():
    posterior = Posterior.from_json(TEXT)
    again = Posterior.from_json(posterior.to_json())
    assert again.scales == posterior.scales
    assert again.frailties == posterior.frailties
    for name, estimate in posterior.estimates.items():
        np.testing.assert_array_equal(again.estimates[name].covariance, estimate.covariance)
        assert again.estimates[name].names == estimate.names
        assert again.estimates[name].records == estimate.records
        assert len(estimate.records) == len(estimate.names)


def damaged(change) -> str:
    data = json.loads(TEXT)
    change(data)
    return json.dumps(data)


LEVELS = {
    "by": "state",
    "sigma": 0.5,
    "names": ["USA"],
    "mean": [0.1],
    "sensitivity": [[0.0]],
    "spread": [0.2],
    "shift": [0.0],
}
GOOD = {"sensitivity": [[0.0] * len(json.loads(TEXT)["estimates"][0]["names"])]}
DAMAGE = {
    "a missing number": lambda d: d["estimates"][0]["mode"].__setitem__(0, None),
    "a text for a scale": lambda d: d["scales"].__setitem__("alignment:turnover_shift", "far"),
    "a count that is none": lambda d: d["estimates"][1].__setitem__("events", "x"),
    "a short covariance": lambda d: d["estimates"][2].__setitem__("covariance", [[1.0]]),
    "a missing part": lambda d: d.pop("estimates"),
    "no records": lambda d: d["estimates"][0].pop("records"),
    "a record of another coefficient": lambda d: d["estimates"][0]["records"][0].__setitem__("effect", "x"),
    "a record with a missing number": lambda d: d["estimates"][0]["records"][0].__setitem__("contraction", None),
    "an origin that is none": lambda d: d["estimates"][0]["records"][0].__setitem__("origin", "hearsay"),
    "levels of nothing known": lambda d: d["estimates"][0]["varying"].append({**LEVELS, "by": "moon"}),
    "levels without a number": lambda d: d["estimates"][0]["varying"].append({**LEVELS, "mean": [None]}),
    "levels of the wrong shape": lambda d: d["estimates"][0]["varying"].append(LEVELS),
    "an sd below zero": lambda d: d["estimates"][0]["varying"].append({**LEVELS, **GOOD, "sigma": -1.0}),
    "a frailty without events": lambda d: d["frailties"]["dispute_onset"]["units"].__setitem__("CHN-JPN", [None, 1.0]),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_told_and_no_number_is_given(what):
    with pytest.raises(PanelError, match="Rebuild it with 'latticework fit'"):
        Posterior.from_json(damaged(DAMAGE[what]))


def test_control_the_same_levels_undamaged_are_read():
    text = damaged(lambda d: d["estimates"][0].__setitem__("varying", [{**LEVELS, **GOOD}]))
    (levels,) = next(iter(Posterior.from_json(text).estimates.values())).varying
    assert (levels.by, levels.names, levels.sigma) == ("state", ("USA",), 0.5)


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", TEXT[: len(TEXT) // 2]])
def test_what_is_no_posterior_is_refused(text):
    with pytest.raises(PanelError):
        Posterior.from_json(text)
