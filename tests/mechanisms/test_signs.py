"""What theory says of signs holds for every draw of the priors, and what is a null has a mean of zero."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import kstest, truncnorm

from latticework.mechanisms import Bargain, Credibility, Hedging, assemble, parameters_of
from latticework.mechanisms.base import Parameter, drawn
from latticework.processes import MODEL, DefenceEffort, Push
from tests.mechanisms.prepared import ALLY, CODES, KEY, POLES, QUARTER, YEAR, expected, priors, started

DRAWS = 300


@eqx.filter_jit
def chances(world, theta) -> np.ndarray:
    """What the ally chooses when it thinks it over: balance, hedge, bandwagon, draw by draw."""
    process = Hedging(poles=POLES)
    return jax.vmap(lambda t: process.chances(process.etas(t, world, Push()))[ALLY])(theta)


@eqx.filter_jit
def advantages(world, theta) -> np.ndarray:
    """The hub's advantage in bargaining with the ally, draw by draw."""
    process = Bargain(poles=POLES)
    return jax.vmap(lambda t: process.etas(t, world, Push())[1][ALLY])(theta)


@eqx.filter_jit
def credible(world, theta) -> np.ndarray:
    """The hub's credibility with the ally a quarter on, draw by draw."""
    process = Credibility(poles=POLES)
    return jax.vmap(lambda t: process.sample(KEY, t, world, QUARTER, Push()).state("credibility")[ALLY])(theta)


def halved(world):
    """The same world with half of the hub's troops withdrawn, and the credibility that this costs."""
    troops = jnp.asarray(world.dyad("troops")) / 2
    lost = 0.5 * float(np.log(0.5))
    return world.replace({"credibility": jnp.zeros(5).at[ALLY].set(lost)}, {"troops": troops})


@pytest.fixture(scope="module")
def stances() -> dict[str, np.ndarray]:
    """Choices of the ally under draws of the priors: as it is, after retreat, and after retreat under threat."""
    process, table = Hedging(poles=POLES), priors(Hedging(poles=POLES), DRAWS)
    calm = started(process, expected(process))
    threat = {"threat_rise": jnp.full(5, 1.0)}
    worlds = {"calm": calm, "retreat": halved(calm), "threat": calm.replace(threat)}
    worlds["both"] = halved(calm).replace(threat)
    return {name: np.asarray(chances(world, table)) for name, world in worlds.items()}


def test_retreat_of_the_hub_turns_every_draw_away_from_balancing(stances):
    calm, retreat = stances["calm"], stances["retreat"]
    assert np.all(retreat[:, 0] < calm[:, 0])
    for other in (1, 2):  # hedging and bandwagoning gain on balancing, though one may gain on the other
        assert np.all(retreat[:, other] / retreat[:, 0] > calm[:, other] / calm[:, 0])


def test_retreat_raises_hedging(stances):
    change = stances["retreat"][:, 1] - stances["calm"][:, 1]
    assert change.mean() > 3 * change.std() / np.sqrt(DRAWS)
    assert (change > 0).mean() > 0.9, "in few draws those who hedged go over"


def test_a_threat_across_the_board_undoes_it(stances):
    alone, under = (stances[name][:, 1] - stances["calm"][:, 1] for name in ("retreat", "both"))
    assert np.mean(alone) > 0
    assert np.mean(under) < np.mean(alone)
    assert np.all(stances["threat"][:, 0] > stances["calm"][:, 0])
    assert np.all(stances["both"][:, 0] > stances["retreat"][:, 0])


def test_control_with_the_sign_turned_round_retreat_does_not_raise_hedging():
    process = Hedging(poles=POLES)
    wrong = expected(process, **{"hedge: retreat of the hub": -3.0, "balance: credibility of the hub": -3.0})
    calm = started(process, wrong)
    turned, before = (np.asarray(chances(w, wrong[None]))[0] for w in (halved(calm), calm))
    assert turned[1] < before[1]


@pytest.mark.parametrize(("signal", "size"), [("exit_threat", 0.5), ("threat_rise", 0.3)])
def test_settlements_rise_with_a_believed_exit_and_with_threat(signal, size):
    process, table = Bargain(poles=POLES), priors(Bargain(poles=POLES), DRAWS)
    worlds = [started(process, table[0], demand=1.0, **{signal: value}) for value in (0.0, size)]
    low, high = (np.asarray(advantages(w, table)) for w in worlds)
    assert np.all(high > low)


def test_settlements_rise_with_retreat_too():
    process = Bargain(poles=POLES)
    theta = expected(process)
    world = started(process, theta, demand=1.0)
    before, after = (float(advantages(w, theta[None])[0]) for w in (world, halved(world)))
    assert after > before


def effort(signal: str, size: float) -> np.ndarray:
    """Log effort of the ally after a year, draw by draw of the couplings, beside a year without the signal."""
    made = assemble(*CODES[:3], CODES, {"bargain": {}})
    (process,) = [p for p in made.model((DefenceEffort(), *_others(made))) if p.name == "defence_effort"]
    own = np.tile(np.array(_own_theta(), np.float32), (2000, 1))
    theta = made.theta(jax.random.key(2), {"defence_effort": jnp.asarray(own)}, 2000)["defence_effort"]
    base = started(made.mechanisms[0], expected(made.mechanisms[0]))
    pushed = base.replace({signal: jnp.zeros(5).at[ALLY].set(size)})

    @jax.jit
    @jax.vmap
    def moved(t):
        ends = [process.sample(KEY, t, w, YEAR, Push()).state("defence_effort")[ALLY] for w in (pushed, base)]
        return jnp.log(ends[0]) - jnp.log(ends[1])

    return np.asarray(moved(theta))


def _others(made) -> tuple:
    wanted = {c.process for c in made.couplings} - {"defence_effort"}
    return tuple(p for p in MODEL if p.name in wanted)


def _own_theta() -> list[float]:
    table = DefenceEffort().coefficients()
    return [c.prior_mean if c.name in ("log kappa", "log sigma", "intercept") else 0.0 for c in table]


def test_rhetoric_alone_moves_spending_by_nothing_on_average():
    change = effort("public_pressure", 1.0)
    assert change.std() > 0.005, "the doubt is there"
    assert abs(change.mean()) < 3 * change.std() / np.sqrt(len(change))


def test_control_a_believed_threat_moves_it_on_average():
    change = effort("exit_threat", 1.0)
    assert change.mean() > 3 * change.std() / np.sqrt(len(change))


def test_draws_keep_to_the_imposed_sign_and_follow_the_cut_normal():
    table = (
        Parameter("up", None, prior_mean=0.1, prior_sd=1.0, sign=1),
        Parameter("down", None, prior_mean=-0.1, prior_sd=1.0, sign=-1),
        Parameter("free", None, prior_mean=0.1, prior_sd=1.0),
    )
    up, down, free = np.asarray(drawn(jax.random.key(0), table, 20_000)).T
    assert up.min() >= 0 >= down.max()
    assert (free < 0).mean() == pytest.approx(0.46, abs=0.02)
    assert kstest(up, truncnorm(-0.1, np.inf, 0.1, 1.0).cdf).pvalue > 1e-3
    assert kstest(np.abs(free), truncnorm(-0.1, np.inf, 0.1, 1.0).cdf).pvalue < 1e-3


def test_credibility_falls_with_withdrawal_threats_and_exits():
    process = Credibility(poles=POLES)
    table = priors(process, 100)
    quiet = started(process, table[0])
    pushed = [started(process, table[0], **{signal: 1.0}) for signal in ("exit_threat", "multilateral_exit")]
    withdrawn = quiet.replace(dyads={"troops": jnp.asarray(quiet.dyad("troops")) / 2})
    for world in (*pushed, withdrawn):
        assert np.all(np.asarray(credible(world, table)) < np.asarray(credible(quiet, table)))


def test_every_parameter_has_a_reason():
    for kind in ("credibility", "bargain", "hedging", "reassurance", "opinion", "statecraft", "crisis"):
        for name, parameter in parameters_of(kind):
            assert parameter.because, f"{kind}: {name}"
            assert parameter.assumed
            assert parameter.sign == 0 or np.sign(parameter.prior_mean) in (0, parameter.sign), name
