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


def damaged(change) -> str:
    data = json.loads(TEXT)
    change(data)
    return json.dumps(data)


DAMAGE = {
    "a missing number": lambda d: d["estimates"][0]["mode"].__setitem__(0, None),
    "a text for a scale": lambda d: d["scales"].__setitem__("alignment:turnover_shift", "far"),
    "a count that is none": lambda d: d["estimates"][1].__setitem__("events", "x"),
    "a short covariance": lambda d: d["estimates"][2].__setitem__("covariance", [[1.0]]),
    "a missing part": lambda d: d.pop("estimates"),
    "a frailty without events": lambda d: d["frailties"]["dispute_onset"]["units"].__setitem__("CHN-JPN", [None, 1.0]),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_told_and_no_number_is_given(what):
    with pytest.raises(PanelError, match="Rebuild it with 'latticework fit'"):
        Posterior.from_json(damaged(DAMAGE[what]))


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", TEXT[: len(TEXT) // 2]])
def test_what_is_no_posterior_is_refused(text):
    with pytest.raises(PanelError):
        Posterior.from_json(text)
