"""A chance lies in its own band, whatever the draws; the band covers the chance that another seed would count."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from latticework.measures import contrast, outlook
from latticework.measures.burden import burden
from latticework.measures.chances import (
    around,
    around_mean,
    band,
    by_draw,
    chance_by_draw,
    mean_of_chances,
    monte_carlo_se,
    spread_by_draw,
)
from latticework.measures.side_by_side import side_by_side
from tests.report.futures import FOCUS, ensemble, inputs

DRAWS, PATHS = 20, 200
DRAW = np.arange(PATHS) % DRAWS


def outside(table: pd.DataFrame, point: str = "value") -> pd.DataFrame:
    """The rows whose point lies outside its band."""
    known = table[table["lower"].notna()]
    assert len(known)
    return known[(known[point] < known["lower"]) | (known[point] > known["upper"])]


def skewed() -> np.ndarray:
    """An event that only one of twenty draws knows."""
    return (DRAW == 3) & (np.arange(PATHS) % 7 > 0)


def test_a_skewed_spread_of_draws_still_holds_the_share():
    values = skewed()
    share, draws = values.mean(), spread_by_draw(values, DRAW)
    lower, upper = around(share, draws, monte_carlo_se(values, DRAW), PATHS)
    assert lower <= share <= upper
    assert not band(by_draw(values, DRAW))[0] <= share <= band(by_draw(values, DRAW))[1], "control: quantiles do not"


def test_a_share_lies_in_its_band_though_the_life_table_says_otherwise():
    """With few paths a draw the share and the mean of the life tables differ: the band goes with what is printed."""
    rng, found = np.random.default_rng(1), []
    for _ in range(200):
        hazard = np.full((PATHS, 16, 1), 0.16) * np.exp(0.05 * rng.standard_normal(DRAWS))[DRAW][:, None, None]
        happened = np.maximum.accumulate(rng.random(hazard.shape) < hazard, axis=1)
        share, draws = happened[:, -1].mean(axis=0), chance_by_draw(hazard, happened, DRAW)[:, -1]
        lower, upper = around(share, draws, monte_carlo_se(happened[:, -1], DRAW), PATHS)
        old = band(draws)
        found.append((bool(lower <= share <= upper), bool(old[0] <= share <= old[1])))
    ours, bare = np.array(found).T
    assert ours.all()
    assert bare.mean() < 0.5, "control: the share of two hundred paths is noisier than the draws"


def test_eighty_in_a_hundred_bands_hold_the_truth():
    """Counted on forty paths a draw: the chance of a draw at random falls into the band as promised."""
    rng, inside, draw = np.random.default_rng(2), [], np.arange(4000) % 100
    for _ in range(400):
        values = rng.random(4000) < rng.beta(4, 12, 100)[draw]
        lower, upper = around(values.mean(), spread_by_draw(values, draw), monte_carlo_se(values, draw), 4000)
        inside.append(lower <= rng.beta(4, 12) <= upper)
    assert np.mean(inside) == pytest.approx(0.8, abs=0.06)  # 400 trials: 2 % each


@pytest.mark.parametrize("certain", [False, True])
def test_what_never_or_always_happened_is_not_certain(certain):
    values = np.full(PATHS, certain)
    lower, upper = around(values.mean(), spread_by_draw(values, DRAW), monte_carlo_se(values, DRAW), PATHS)
    edge = 1 - lower if certain else upper
    assert (upper if certain else 1 - lower) == 1
    assert 0.2 / PATHS < edge < 4 / PATHS  # the rule of three has 3/n at 95 %


def test_one_path_a_draw_has_no_band():
    values = skewed()
    assert np.isnan(around(values.mean(), spread_by_draw(values, np.arange(PATHS)), np.float64(0.1), PATHS)).all()


def test_a_mean_lies_in_its_band_and_a_chance_within_its_bounds():
    values = np.where(DRAW == 3, 1.0, 0.0)
    lower, upper = around_mean(values.mean(), spread_by_draw(values, DRAW), monte_carlo_se(values, DRAW))
    assert lower <= values.mean() <= upper
    mean, low, high = mean_of_chances(values, DRAW)
    assert 0 <= low <= mean <= high <= 1


@pytest.fixture(scope="module")
def few() -> xr.Dataset:
    """Two hundred paths, so that shares are rough, with payments."""
    made = ensemble(paths=PATHS, draws=DRAWS, seed=4)
    shape = [made.sizes[name] for name in ("branch", "path", "time", "state")]
    settled = np.zeros(shape)
    settled[:, :, 3] = skewed()[None, :, None]
    axes = ("branch", "path", "time", "state")
    return made.assign(settled=(axes, settled), payment=(axes, 0.3 * settled.cumsum(2)))


def test_every_table_of_chances_holds_its_own_points(few):
    branches = few["branch"].values.tolist()
    told = outlook(few, FOCUS, "USA", "CHN", inputs())
    assert not len(outside(told[told["unit"] == "chance"]))
    assert not len(outside(contrast(few, FOCUS, "USA", "CHN", inputs(), branches[1], branches[0]), "mean"))
    assert not len(outside(side_by_side(few, "USA", ("JPN", "KOR"), ("CHN", "PRK"))))
    asked = burden(few, {b: {"KOR": 2.0} for b in branches})
    assert len(asked[(asked["quantity"] == "settled") & asked["lower"].notna()])
    assert not len(outside(asked))
