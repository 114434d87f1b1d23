"""Whether levers raise cohesion: said with its error and its size, and never claimed from noise."""

import re
from dataclasses import replace

import pytest

from latticework.report.cohesion_finding import cohesion, size_of
from latticework.report.findings import findings
from latticework.report.in_short import in_short
from tests.report.futures import results
from tests.report.mechanisms import made, world


def test_a_large_rise_is_told_as_such():
    run = made(rise=30.0)
    found = cohesion(run)
    assert found.title == "Does “Together” raise cohesion?"
    assert "more than simulation noise, and in size large" in found.answer
    assert "+30 (noise ± " in found.answer
    assert any(f.title == found.title and f.answer == found.answer for f in findings(run))


def test_a_small_rise_beyond_noise_does_not_matter():
    found = cohesion(made(rise=0.02))
    assert "more than simulation noise, and in size too small to matter" in found.answer


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_control_noise_is_not_a_rise(seed):
    run = replace(made(), ensemble=world(0.0, 4.0, seed))
    mean = run.sides[(run.sides["branch"] == "together") & (run.sides["quantity"].str.startswith("mean tie"))].iloc[0]
    answer = cohesion(run).answer
    assert ("no rise can be claimed" in answer) == (abs(mean["difference"]) <= 2 * mean["mc_se"])


def test_the_verdict_is_that_of_the_numbers():
    run = made(rise=0.02)
    mean = next(r for r in run.sides.itertuples() if r.branch == "together" and str(r.quantity).startswith("mean tie"))
    ratio, word = size_of(mean)
    assert ratio == pytest.approx(0.02 / mean.spread, rel=0.05)
    assert word == "too small to matter"
    told = re.search(r"matter: ([\d.]+) % of the spread", cohesion(run).answer)
    assert float(told.group(1)) == pytest.approx(100 * ratio, rel=0.01)


def test_costs_and_payers_are_told():
    assert cohesion(made()).points[-1] == (
        "Its levers cost 1 to 4 billion USD over the horizon, as assumed; USA and JPN pay."
    )


def test_without_levers_nothing_is_said():
    assert cohesion(results()) is None
    assert not any("cohesion" in f.title for f in findings(results()))


def test_in_short_names_the_branch_that_moves_ties_most():
    text = " ".join(in_short(made(rise=30.0)))
    assert "“Together” moves it most, by +30.00" in text
    assert "Moved more" in text or "large" in text
    assert in_short(results(made().ensemble.isel(branch=[0]))) == ()
