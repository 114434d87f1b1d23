"""What futures say, counted again from the paths of a small ensemble, and against the house's own contrasts."""

from itertools import combinations

import numpy as np
import pytest

from latticework.audit import Future
from latticework.audit.base import Answer, outcome
from latticework.audit.family.futures import Contrast, Forecast, Recommendation, Variance
from latticework.measures.contrast import contrast
from latticework.report.assumed import acts_on
from tests.audit.small import evidence
from tests.report.futures import FOCUS, ensemble, inputs, scenario

QUO, HUB = "status-quo", "transactional-hub"
WORLD = ensemble(paths=800, draws=40)
TIES = ["-".join(pair) for pair in combinations(sorted(FOCUS), 2)]


def with_ties(shift: float):
    """The ensemble with tie strengths, lower by `shift` on the second branch."""
    rng = np.random.default_rng(5)
    one = 50 + 10 * rng.standard_normal((800, 16, len(TIES)))
    both = np.stack([one, one - shift])
    each, start = ("branch", "path", "time", "tie"), np.full((5, len(TIES)), 50.0)
    data = {"tie_strength": (each, both), "tie_weaker": (each, (both < 50).astype(np.int8))}
    coords = {
        "tie": np.array(TIES, object),
        "tie_draw": ("path", np.arange(800) % 40),
        "tie_state": ("tie", np.array([t[:3] for t in TIES], object)),
        "tie_partner": ("tie", np.array([t[4:] for t in TIES], object)),
        "tie_strength_start": (("level", "tie"), start),
    }
    return WORLD.assign(data).assign_coords(coords).assign_attrs(tie_strength_day="2024-12-31")


def future(world=WORLD) -> Future:
    s = scenario()
    return Future(world, s, inputs(), acts_on(s))


FUTURE, TIED = future(), future(with_ties(4.0))


def judged(kind, word, world=FUTURE, **keys):
    asked = {"test": word, "says": "x", "quantity": "dispute", "of": "CHN-JPN", "branch": QUO, "above": 0}
    return outcome(kind.model_validate(asked | keys), evidence(future=world))


def share(branch: str, dyad: str, until: int) -> float:
    b = WORLD["branch"].values.tolist().index(branch)
    hits = WORLD["dispute"].values[b, :, :until, WORLD["dyad"].values.tolist().index(dyad)] > 0
    return float(hits.any(axis=1).mean())


def test_a_chance_is_the_share_of_paths():
    assert judged(Forecast, "forecast").found.value == share(QUO, "CHN-JPN", 16)
    assert judged(Forecast, "forecast", by="2025-12-31").found.value == share(QUO, "CHN-JPN", 4)
    assert judged(Forecast, "forecast", of="JPN-CHN").found.value == share(QUO, "CHN-JPN", 16)


def test_the_band_of_a_chance_holds_it_and_the_bound_decides():
    found = judged(Forecast, "forecast", by="2026-12-31").found
    assert 0 < found.lower < found.value < found.upper < 1
    assert judged(Forecast, "forecast", by="2026-12-31", above=found.upper + 0.01).answer is Answer.FAILS
    assert judged(Forecast, "forecast", by="2026-12-31", above=found.lower - 0.01).answer is Answer.HOLDS


def test_the_median_of_a_number_and_its_change():
    values = WORLD["troops"].values[0, :, -1, WORLD["dyad"].values.tolist().index("KOR-USA")].astype(float)
    keys = {"quantity": "troops", "of": "KOR-USA"}
    found = judged(Forecast, "forecast", **keys).found
    assert (found.lower, found.value, found.upper) == pytest.approx(np.quantile(values, (0.1, 0.5, 0.9)))
    assert judged(Forecast, "forecast", **keys, change=True).found.value == pytest.approx(np.median(values) - 23291)


@pytest.mark.parametrize(
    ("quantity", "of", "state", "partner"),
    [("dispute", "CHN-JPN", "CHN", "JPN"), ("troops", "USA-KOR", "USA", "KOR"), ("ideal point", "USA", "USA", "")],
)
def test_a_difference_is_that_of_the_branches_table(quantity, of, state, partner):
    s = scenario()
    rows = contrast(WORLD, s.focus, s.hub, s.rival, inputs(), HUB, QUO)
    rows = rows[(rows["quantity"] == quantity) & (rows["state"] == state) & (rows["partner"] == partner)]
    found = judged(Contrast, "contrast", quantity=quantity, of=of, branch=HUB, against=QUO).found
    assert found.value == pytest.approx(rows.iloc[-1]["mean"], abs=1e-6)
    assert found.lower <= rows.iloc[-1]["lower"] + 1e-9  # 95 % beside 80 %
    assert found.upper >= rows.iloc[-1]["upper"] - 1e-9


def test_the_sign_of_a_difference_flips_with_the_branches():
    keys = {"quantity": "weakest link", "of": "JPN-KOR-USA", "below": 0, "above": None}
    one = judged(Contrast, "contrast", TIED, **keys, branch=HUB, against=QUO)
    other = judged(Contrast, "contrast", TIED, **keys, branch=QUO, against=HUB)
    assert (one.answer, other.answer) == (Answer.HOLDS, Answer.FAILS)
    assert one.found.value == pytest.approx(-4.0)


def test_branches_that_are_the_same_never_differ():
    assert judged(Contrast, "contrast", branch=QUO, against=QUO).answer is Answer.FAILS  # 0 is not above 0
    assert judged(Contrast, "contrast", branch=QUO, against=QUO).found.value == 0


def test_cohesion_and_primacy_of_the_paths():
    values, at = TIED.ensemble["tie_strength"].values, [TIES.index(t) for t in ("JPN-KOR", "JPN-USA", "KOR-USA")]
    last = values[0, :, -1][:, at]
    for quantity, of in (("weakest link", last.min(1)), ("mean tie", last.mean(1))):
        found = judged(Forecast, "forecast", TIED, quantity=quantity, of="USA-JPN-KOR").found
        assert found.value == pytest.approx(np.median(of))
    others = [s for s in FOCUS if s not in ("USA", "CHN")]
    near, far = (sum(values[0, :, -1, TIES.index("-".join(sorted((s, p))))] for s in others) for p in ("USA", "CHN"))
    found = judged(Forecast, "forecast", TIED, quantity="primacy", of="USA").found
    assert found.value == pytest.approx(np.median(near / (near + far)))


def test_a_recommendation_says_in_how_many_draws_its_sign_survives_and_what_it_costs():
    keys = {"quantity": "mean tie", "of": "JPN-KOR-USA", "branch": QUO, "against": HUB, "cost": "a lot"}
    found = judged(Recommendation, "recommendation", TIED, **keys)
    assert found.answer is Answer.HOLDS
    assert "as claimed in 100 % of 40 draws; cost: a lot" in found.reason


def test_the_share_of_variance_between_branches_is_that_of_an_analysis_of_variance():
    values = TIED.ensemble["tie_strength"].values[:, :, -1, TIES.index("JPN-USA")]
    expected = values.mean(1).var() / values.reshape(-1).var()
    keys = {"quantity": "tie strength", "of": "JPN-USA", "branch": HUB, "against": QUO, "above": 0.5}
    found = judged(Variance, "variance", TIED, **keys)
    assert found.found.value == pytest.approx(expected)
    assert found.answer is Answer.FAILS
    assert judged(Variance, "variance", future(with_ties(60.0)), **keys).answer is Answer.HOLDS


def test_what_an_assumption_acts_on_directly_is_assumed_and_the_rest_is_not():
    assert judged(Forecast, "forecast", quantity="leader leaves office", of="KOR").found.badge == "assumed"
    assert judged(Forecast, "forecast", quantity="leader leaves office", of="JPN").found.badge == "mixed"
    assert judged(Contrast, "contrast", branch=HUB, against=QUO).found.badge == "assumed"
    assert judged(Contrast, "contrast", of="JPN-PRK", branch=HUB, against=QUO).found.badge == "mixed"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"branch": "recalibration"}, "the run has no branch 'recalibration'"),
        ({"quantity": "disputes"}, "Did you mean 'dispute'"),
        ({"of": "CHN-AUS"}, "no 'dispute' of CHN-AUS"),
        ({"by": "2031-01-01"}, "the run covers 2025-03-31 to 2028-12-31, not 2031-01-01"),
        ({"by": "2025-02-01"}, "the run covers"),
    ],
)
def test_what_the_run_does_not_hold_is_not_computed(keys, said):
    found = judged(Forecast, "forecast", **keys)
    assert found.answer is Answer.NOT_COMPUTED
    assert said in found.reason


def test_a_run_of_a_few_paths_decides_nothing():
    few = judged(Forecast, "forecast", future(WORLD.isel(path=slice(99))))
    assert few.reason == "the run has 99 paths; a band needs 100"


def test_without_a_run_nothing_is_told_of_the_future():
    assert judged(Forecast, "forecast", None).reason == "no scenario was run"
