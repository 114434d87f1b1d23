"""Hedging against numbers worked out by hand, its limits, and Kuik's sign."""

import numpy as np
import pytest
from scipy.stats import norm

from latticework.measures.hedging import DISPERSION, ENGAGEMENT, HEDGING, TILT, hedging, stance
from latticework.measures.strength.domains import RECORD, in_domains
from tests.measures.test_cohesion import at, tiny

POLES = (("KOR", "USA"), ("CHN", "KOR"))


def u(phi) -> np.ndarray:
    return norm.ppf(np.asarray(phi, float))


def test_a_stance_by_hand():
    # tilts 0.8, 0.3, -0.5; A = 0.2; D^2 = (0.6^2 + 0.1^2 + 0.7^2) / 3; weaker poles 0.1, 0.3, 0.2
    found = stance(u([0.9, 0.6, 0.2]), u([0.1, 0.3, 0.7]))
    spread = np.sqrt(0.86 / 3)
    assert found.tilts == pytest.approx([0.8, 0.3, -0.5])
    assert found.tilt == pytest.approx(0.2)
    assert found.dispersion == pytest.approx(spread)
    assert found.engagement == pytest.approx(0.2)
    assert found.hedging == pytest.approx(0.2 * 0.8 * (1 + spread) / 2)


def test_weights_count_each_domain_for_what_it_is_worth():
    found = stance(u([0.9, 0.6, 0.2]), u([0.1, 0.3, 0.7]), (0.5, 0.5, 0.0))
    assert found.tilt == pytest.approx(0.55)
    assert found.dispersion == pytest.approx(0.25)
    assert found.engagement == pytest.approx(0.2)


@pytest.mark.parametrize("strength", [-1.5, 0.0, 2.0])
def test_equal_ties_tilt_to_neither_and_hedge_as_much_as_they_engage(strength):
    both = np.full(3, strength)
    found = stance(both, both)
    assert found.tilt == found.dispersion == 0
    assert found.hedging == pytest.approx(norm.cdf(strength) / 2)


def test_hub_alone_and_rival_alone_are_the_ends_of_the_scale_and_no_hedging():
    ends = np.full(3, 40.0)
    for found, tilt in ((stance(ends, -ends), 1.0), (stance(-ends, ends), -1.0)):
        assert found.tilt == pytest.approx(tilt)
        assert found.engagement == found.hedging == 0


def test_moving_strength_from_hub_to_rival_moves_the_tilt_down():
    rng = np.random.default_rng(3)
    hub, rival = rng.normal(size=(2, 200, 3))
    moved = rng.exponential(size=(200, 3)) * (rng.random((200, 3)) < 0.5)
    moved[:, 0] += 0.01
    before, after = stance(hub, rival), stance(hub - moved, rival + moved)
    assert (after.tilt < before.tilt).all()
    assert (after.tilts <= before.tilts).all()
    assert not (stance(hub + moved, rival - moved).tilt < before.tilt).any()  # the other way round it rises


def test_changing_hub_and_rival_turns_the_tilt_and_nothing_else():
    hub, rival = np.random.default_rng(4).normal(size=(2, 50, 3))
    one, other = stance(hub, rival), stance(rival, hub)
    assert one.tilt == pytest.approx(-other.tilt)
    for part in (DISPERSION, ENGAGEMENT, HEDGING):
        assert getattr(one, part) == pytest.approx(getattr(other, part))
        assert ((getattr(one, part) >= 0) & (getattr(one, part) <= 1)).all()


def test_a_tie_by_domains_has_the_factor_of_its_year_and_variance_one():
    factor = np.zeros((1, 2, 3, 2))
    factor[0, 1, 2, 0] = 3.0  # economy in the second year
    found = in_domains(tiny(np.ones((1, 8, 2)), POLES, factor), "USA", "KOR")
    assert found.shape == (1, 8, 3)
    assert found[0, :, 2] == pytest.approx([1 / np.sqrt(2)] * 4 + [4 / np.sqrt(2)] * 4)
    assert found[0, :, 0] == pytest.approx([1 / np.sqrt(2)] * 8)
    rng = np.random.default_rng(9)
    wide = in_domains(tiny(rng.normal(size=(4000, 4, 2)), POLES, rng.normal(size=(4000, 1, 3, 2))), "KOR", "CHN")
    assert wide.std(0) == pytest.approx(np.ones((4, 3)), abs=4 * np.sqrt(1 / 8000))


def test_records_of_three_draws_by_hand():
    strength = np.zeros((3, 1, 2))
    strength[:, 0, 0] = np.sqrt(2) * u([0.6, 0.7, 0.9])  # with the hub; factors zero: the same in all domains
    strength[:, 0, 1] = np.sqrt(2) * u([0.5, 0.2, 0.3])
    table = hedging(tiny(strength, POLES), "KOR", "USA", "CHN")
    assert list(table.columns) == list(RECORD)
    tilt = at(table, TILT)  # 0.1, 0.5, 0.6
    assert (tilt["value"], tilt["lower"], tilt["upper"]) == pytest.approx((0.5, 0.18, 0.58))
    assert (tilt["state"], tilt["partner"], tilt["probability_of"]) == (
        "KOR",
        "USA-CHN",
        "above its value 8 quarters before",
    )
    assert at(table, ENGAGEMENT)["value"] == pytest.approx(0.3)  # 0.5, 0.2, 0.3
    assert at(table, HEDGING)["value"] == pytest.approx(0.06)  # 0.5 0.9, 0.2 0.5, 0.3 0.4, halved: 0.225, 0.05, 0.06
    assert at(table, DISPERSION)["value"] == pytest.approx(0, abs=1e-12)
    assert at(table, f"{TILT} in economy")["value"] == pytest.approx(0.5)


def test_the_chance_of_a_rise_and_the_life_of_three_states():
    strength = np.zeros((4, 12, 2))
    strength[:3, 8, 0] = 1.0  # three of four draws: nearer to the hub than eight quarters before
    alive = np.ones((12, 2), bool)
    alive[9:, 1] = False
    table = hedging(tiny(strength, POLES, alive=alive), "KOR", "USA", "CHN")
    assert at(table, TILT)["date"] == "2002-03-31"
    assert at(table, TILT)["probability"] == pytest.approx(0.75)
    assert table["probability"].isna().sum() == 8 * table["quantity"].nunique()


def test_a_domain_that_was_not_read_has_a_wide_band():
    rng = np.random.default_rng(10)
    factor = np.zeros((500, 1, 3, 2))
    factor[:, :, 0] = rng.normal(size=(500, 1, 2))  # security as wide as its prior
    table = hedging(tiny(np.full((500, 4, 2), 0.5), POLES, factor), "KOR", "USA", "CHN")
    width = table.set_index("quantity").eval("upper - lower").groupby(level=0).first()
    assert width[f"{TILT} in security"] > 0.5
    assert width[f"{TILT} in economy"] < 1e-9
