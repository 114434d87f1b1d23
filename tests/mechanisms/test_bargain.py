"""The bargain: Nash by brute force, the fit by another method, and what seventeen settlements can say."""

import json

import numpy as np
import pytest
from scipy.stats import norm

from latticework.actions.bargain import SHIPPED, bargain_text, load_bargain, settlements
from latticework.errors import PanelError
from latticework.mechanisms import fit_bargain, split
from latticework.mechanisms import settlements as settled
from latticework.mechanisms.bargain_fit import (
    Settlement,
    log_likelihoods,
    naive_score,
    normalised,
    parameters,
    systematic,
)

QUANTILES = np.array([0.1, 0.5, 0.9])


@pytest.mark.parametrize("advantage", [-0.9, -0.2, 0.0, 0.55])
def test_the_split_is_where_the_product_of_gains_is_largest(advantage):
    cost = 0.6  # of disagreement, the same for both
    hub, ally = (1 + advantage) / 2 - cost, (1 - advantage) / 2 - cost
    s = np.linspace(0, 1, 100_001)
    gains = np.where((s > hub) & (1 - s > ally), (s - hub) * (1 - s - ally), -np.inf)
    assert float(split(np.asarray(advantage))) == pytest.approx(s[gains.argmax()], abs=1e-4)


def test_no_more_than_all_and_no_less_than_nothing():
    assert [float(split(np.asarray(a))) for a in (-3.0, 3.0)] == [0.0, 1.0]


def test_settlements_of_a_demand_rise_with_exit_and_threat_in_the_fitted_bargain():
    fitted = load_bargain()
    theta = {name: fitted.column(name) for name in fitted.names}
    demand = np.log(5.0)
    low, exit_, threat = (
        settled(theta, float(demand), *x, QUANTILES) for x in ((0.0, 0.0, 0.0), (0.5, 0.0, 0.0), (0.0, 0.8, 0.0))
    )
    assert np.all(exit_ > low)
    assert np.all(threat > low)


def test_the_band_of_a_settlement_is_that_of_draws():
    fitted, rng = load_bargain(), np.random.default_rng(4)
    theta = {name: fitted.column(name) for name in fitted.names}
    rows = rng.integers(0, len(fitted.draws), 100_000)
    lifted = theta["usual"] + 0.2 * theta["exit threat"] + 0.8 * theta["threat"] + theta["minority government"]
    share = np.clip((1 + lifted[rows]) / 2, 0, 1)
    drawn = share * 1.7 + np.exp(theta["log noise"][rows]) * rng.standard_normal(len(rows))
    np.testing.assert_allclose(settled(theta, 1.7, 0.2, 0.8, 1.0, QUANTILES), np.quantile(drawn, QUANTILES), atol=0.02)


def test_the_record_is_the_layer_s():
    record = settlements()
    by = {(s.state, s.year): s for s in record}
    assert len(record) == 17
    assert by["KOR", 2014].change == pytest.approx(np.log(np.mean([920, 932, 944.1, 950.7, 960.2]) / 869.5), abs=1e-6)
    assert by["KOR", 2019].change == pytest.approx(np.log(1038.9 / 960.2), abs=1e-6)
    assert by["KOR", 2019].demand is None, "the demand of July 2019 came after it"
    assert by["KOR", 2020].demand == pytest.approx(np.log(5000 / 891.1), abs=0.01)
    assert by["JPN", 2021].demand == pytest.approx(np.log(8000 / 1866), abs=0.01)
    assert by["KOR", 2007].exit_threat == pytest.approx(np.log(41145 / 29486), abs=0.01)
    assert by["KOR", 2002].minority == 1


def test_rebuilt_it_is_what_is_shipped():
    shipped, rebuilt = json.loads(SHIPPED.read_text()), json.loads(bargain_text())
    assert shipped["panel_sha256"] == rebuilt["panel_sha256"], "run latticework.actions.bargain.write_bargain()"
    assert [s["change"] for s in shipped["record"]] == pytest.approx([s["change"] for s in rebuilt["record"]])
    for name in ("mean", "sd", "left_out", "log_score", "naive", "effective"):
        assert shipped["fitted"][name] == pytest.approx(rebuilt["fitted"][name], rel=1e-3, abs=1e-4), name


def test_what_the_record_can_say_and_what_it_cannot():
    fitted = load_bargain()
    assert (fitted.settlements, fitted.with_demand) == (17, 2)
    assert fitted.effective > 1000
    assert fitted.contraction["usual"] > 0.5
    assert fitted.contraction["exit threat"] < 0.3
    assert fitted.contraction["minority government"] < 0.2
    assert abs(fitted.log_score - fitted.naive) < 0.1, "it foretells no better than the mean of the others"


def made_up(count: int, noise: float, rng: np.random.Generator) -> tuple[Settlement, ...]:
    """Settlements with demands on record that the bargain made: usual -0.5, exit 0.6, threat 0.3, minority 0."""
    exits, threats = rng.random(count), rng.random(count)
    shares = 0.5 * (1 - 0.5 + 0.6 * exits + 0.3 * threats)
    demands = rng.uniform(0.5, 2.0, count)
    changes = shares * demands + noise * rng.standard_normal(count)
    return tuple(
        Settlement("AAA", 2000, float(c), float(d), float(e), float(t), 0.0)
        for c, d, e, t in zip(changes, demands, exits, threats, strict=True)
    )


def test_a_long_record_gives_the_coefficients_back():
    fitted = fit_bargain(made_up(40, 0.15, np.random.default_rng(2)), 30_000)
    for name, truth in (("usual", -0.5), ("exit threat", 0.6), ("threat", 0.3)):
        k = fitted.names.index(name)
        assert abs(fitted.mean[k] - truth) < 3 * fitted.sd[k], name
    assert fitted.log_score > fitted.naive, "where demands are on record the bargain foretells"
    assert fitted.sign_free["exit threat"] > 0.95


def test_likelihood_of_a_settlement_is_the_normal_law():
    theta = np.array([[-0.6, 0.3, 0.2, 0.1, -2.0, -1.0]])
    one = Settlement("AAA", 2000, 0.3, 1.5, 0.5, 0.4, 1.0)
    mean = 0.5 * (1 - 0.6 + 0.15 + 0.08 + 0.1) * 1.5
    assert log_likelihoods(theta, [one])[0, 0] == pytest.approx(norm.logpdf(0.3, mean, np.exp(-2.0)), rel=1e-5)
    unasked = Settlement("AAA", 2000, 0.3, None, 0.5, 0.4, 1.0)
    expected = norm.logpdf(0.3, mean / 1.5 * np.exp(-1.0), np.exp(-2.0))
    assert log_likelihoods(theta, [unasked])[0, 0] == pytest.approx(expected, rel=1e-5)


def test_naive_score_and_resampling_by_hand():
    changes = [0.0, 0.1, 0.3]
    others = ([0.1, 0.3], [0.0, 0.3], [0.0, 0.1])
    wide = np.sqrt(1.5)  # the mean of two is not known either
    pairs = zip(changes, others, strict=True)
    by_hand = [norm.logpdf(c, np.mean(o), np.std(o, ddof=1) * wide) for c, o in pairs]
    assert naive_score(changes) == pytest.approx(np.mean(by_hand))
    weights = normalised(np.log(np.array([0.5, 0.25, 0.25])))
    np.testing.assert_array_equal(systematic(weights, 4), [0, 0, 1, 2])


def test_the_parameters_are_those_of_the_process():
    assert [p.name for p in parameters()][:4] == ["usual", "exit threat", "threat", "minority government"]


def test_a_damaged_file_is_told(tmp_path):
    (tmp_path / "bargain.json").write_text('{"fitted": {}}')
    with pytest.raises(PanelError, match="Rebuild it"):
        load_bargain(tmp_path / "bargain.json")
