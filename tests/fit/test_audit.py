"""The record of a coefficient says what stands behind it, how much was learnt, and whether it held."""

from dataclasses import replace

import numpy as np
import pytest

from latticework.fit import audited, fit_evidence
from latticework.fit.audit import events_behind
from latticework.fit.records import badge
from latticework.processes import Evidence, Rows
from tests.fit.test_varying import Held, Kind, Plain, kinds, record

EVIDENCE = record(9, 0.0, states=30, years=60)[0]


class Informed(Plain):
    """The last coefficient is known beforehand, far better than the data could tell."""

    def predictors(self):
        (only,) = super().predictors()
        known = replace(only.coefficients[2], prior_mean=-0.4, prior_sd=0.005, because="A table (1999)")
        return (replace(only, coefficients=(*only.coefficients[:2], known)),)


def turned(evidence: Evidence, by: float) -> Evidence:
    """The same rows, the first slope another from 1991 on."""
    rng = np.random.default_rng(2)
    design = evidence.data.design
    slope = 0.6 + by * (evidence.year >= 1991)
    eta = -2.5 + slope * design[:, 1] - 0.4 * design[:, 2]
    outcome = (rng.random(len(eta)) < -np.expm1(-np.exp(eta))).astype(float)
    return replace(evidence, data=replace(evidence.data, outcome=outcome), events=int(outcome.sum()))


def records(process, evidence):
    return audited(process, evidence, fit_evidence(process, evidence)).records


def test_a_coefficient_that_changed_is_seen_and_one_that_did_not_is_not():
    steady, broken = records(Plain(), turned(EVIDENCE, 0.0)), records(Plain(), turned(EVIDENCE, -0.6))
    assert max(abs(r.shift) for r in steady) < 3.3
    assert broken[1].shift < -5
    assert broken[1].early == pytest.approx(0.6, abs=4 * broken[1].early_sd)
    assert broken[1].late == pytest.approx(0.0, abs=4 * broken[1].late_sd)
    assert broken[1].shift == pytest.approx(
        (broken[1].late - broken[1].early) / np.sqrt(broken[1].early_sd ** 2 + broken[1].late_sd ** 2)
    )


def test_too_few_events_in_an_era_give_no_comparison():
    early = EVIDENCE.year < 1991
    happened = EVIDENCE.data.outcome * (early | (np.cumsum(EVIDENCE.data.outcome * ~early) < 30))
    few = replace(EVIDENCE, data=replace(EVIDENCE.data, outcome=happened), events=int(happened.sum()))
    assert all(r.shift is None and r.early is None for r in records(Plain(), few))


def test_prior_and_data_are_told_apart():
    plain, informed, held = (records(p, EVIDENCE) for p in (Plain(), Informed(), Held()))
    assert [r.badge for r in plain] == ["data-driven"] * 3
    assert plain[1].contraction == pytest.approx(1 - plain[1].sd ** 2 / plain[1].prior_sd ** 2)
    assert (informed[2].origin, informed[2].badge) == ("published prior", "prior-dominated")
    assert informed[2].source == "A table (1999)"
    assert (held[2].origin, held[2].badge, held[2].events) == ("assumed", "assumed", 0)
    assert (held[2].mean, held[2].sd) == (-0.9, pytest.approx(0.2))
    assert held[2].shift is None


@pytest.mark.parametrize(
    ("contraction", "events", "assumed", "expected"),
    [
        (0.9, 50, False, "data-driven"),
        (0.9, 49, False, "mixed"),
        (0.5, 500, False, "mixed"),
        (0.2, 500, False, "mixed"),
        (0.19, 500, False, "prior-dominated"),
        (-0.3, 500, False, "prior-dominated"),
        (0.9, 500, True, "assumed"),
    ],
)
def test_badges(contraction, events, assumed, expected):
    assert badge(contraction, events, assumed) == expected


def test_events_of_a_switch_are_those_where_it_was_on_and_of_a_kind_its_own():
    data = EVIDENCE.data
    switch = (np.arange(len(data.outcome)) % 7 == 0).astype(float)
    design = np.column_stack([data.design[:, :2], switch])
    switched = replace(EVIDENCE, data=Rows(design, data.level, data.outcome, data.at_risk, data.dt))
    total = int(data.outcome.sum())
    assert events_behind(Plain(), switched).tolist() == [total, total, int(data.outcome[::7].sum())]
    two = kinds(EVIDENCE)
    first, second = (int((two.data.outcome == k).sum()) for k in (1, 2))
    assert events_behind(Kind(), two).tolist() == [first] * 3 + [second] * 2
