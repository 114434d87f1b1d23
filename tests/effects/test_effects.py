"""Every effect against numbers worked out state by state, with values missing, states renamed and layers rescaled."""

import inspect
from math import log, log10

import numpy as np
import pytest

from latticework import effects as fx
from latticework.errors import UnknownNameError
from tests.synthetic import made_up_world, permuted

N = 5
WORLD = made_up_world(N, seed=11)
S = {name: np.asarray(v, float) for name, v in WORLD.states.items()}
D = {name: np.asarray(v, float) for name, v in WORLD.dyads.items()}


def partner_mean(i: int) -> float:
    friends = [j for j in range(N) if D["defence"][i, j] == 1]
    return sum(S["ideal_point"][j] for j in friends) / max(1, len(friends))


def among_partners(i: int, tie: str) -> list[int]:
    return [j for j in range(N) if j != i and D[tie][i, j] == 1]


def weighted_mean(i: int) -> float:
    allies = among_partners(i, "defence")
    weights = [S["military_spending"][j] for j in allies]
    return sum(w * S["ideal_point"][j] for w, j in zip(weights, allies, strict=True)) / (sum(weights) or 1.0)


def rival_spending(i: int) -> float:
    spent = sum(S["military_spending"][j] for j in among_partners(i, "rivalry"))
    return log(1 + 100 * 1000 * spent / S["gdp"][i])


AGE = S["coalition_age"]


def new_coalition(i: int) -> float:
    return AGE[i] if AGE[i] != AGE[i] else float(AGE[i] < 2)


def covered(i: int, j: int, least: float, less_than: float) -> bool:
    """Whether i has a pact of such an age with a third state that has none with j."""
    pact, age = D["defence"], D["defence_years"]
    third = (k for k in range(N) if k not in (i, j))
    return any(pact[i, k] == 1 and least <= age[i, k] < less_than and pact[j, k] == 0 for k in third)


def outside_pact(i: int, j: int, least: float, less_than: float) -> float:
    return (covered(i, j, least, less_than) + covered(j, i, least, less_than)) / 2


def in_conflict(i: int) -> float:
    return float(S["civil_conflict"][i] == 2 or any(D["interstate_conflict"][i, j] >= 1 for j in range(N)))


def fights_elsewhere(i: int, j: int) -> float:
    theatre = D["war_theatre"]
    return float(any(theatre[i, k] == 1 for k in range(N)) and theatre[i, j] == 0)


def beyond(value: float) -> float:
    return value - 1.5 if value > 1.5 else value + 1.5 if value < -1.5 else 0.0


STATE = {  # effect -> its value for state i, in plain arithmetic
    "layer": (fx.OfState("democracy"), lambda i: S["democracy"][i]),
    "democratic": (fx.democratic(), lambda i: float(S["democracy"][i] >= 0.5)),
    "autocratic": (fx.autocratic(), lambda i: float(S["democracy"][i] < 0.5)),
    "log tenure": (fx.LogTenure(), lambda i: log((1 + S["tenure"][i]) / 5)),
    "new leader": (fx.NewLeader(3.0), lambda i: float(S["tenure"][i] < 3)),
    "new coalition": (fx.NewCoalition(2.0), new_coalition),
    "filled": (fx.Filled(fx.OfState("coalition_age"), 7.0), lambda i: 7.0 if AGE[i] != AGE[i] else AGE[i]),
    "beyond": (fx.Beyond(fx.Standardised(fx.OfState("tenure"), 4.0, 1.0), 1.5), lambda i: beyond(S["tenure"][i] - 4)),
    "missing": (fx.Missing(fx.OfState("coalition_age")), lambda i: float(AGE[i] != AGE[i])),
    "ruled": (fx.ruled("party_rule"), lambda i: float(S["democracy"][i] < 0.5) * S["party_rule"][i]),
    "within": (
        fx.Within(fx.OfState("monarchy"), fx.OfState("coalition_age")),
        lambda i: AGE[i] if S["monarchy"][i] else 0.0,
    ),
    "partner mean": (fx.PartnerMean("ideal_point", "defence"), partner_mean),
    "partner mean by weight": (fx.PartnerMean("ideal_point", "defence", "military_spending"), weighted_mean),
    "any democratic ally": (
        fx.PartnerMax("defence", fx.democratic()),
        lambda i: float(any(S["democracy"][j] >= 0.5 for j in among_partners(i, "defence"))),
    ),
    "worst conflict": (fx.PartnerMax("interstate_conflict"), lambda i: max(np.delete(D["interstate_conflict"][i], i))),
    "allies": (fx.PartnerCount("defence"), lambda i: float(len(among_partners(i, "defence")))),
    "rivals' spending": (fx.RivalSpending(), rival_spending),
    "size": (fx.LogOfLargest("gdp"), lambda i: log(S["gdp"][i] / max(S["gdp"]))),
    "foreign troops": (fx.TroopsHosted(), lambda i: log(1 + np.nansum(D["troops"][:, i]))),
    "log one plus": (fx.LogOnePlus(fx.OfState("tenure")), lambda i: log(1 + S["tenure"][i])),
    "in armed conflict": (fx.InArmedConflict(), in_conflict),
    "since": (fx.Since(1971.0), lambda i: float(S["year"][i] >= 1971)),
    "decades": (fx.Decades(1975.0), lambda i: (S["year"][i] - 1975) / 10),
    "scaled": (fx.Standardised(fx.OfState("tenure"), 2.0, 4.0), lambda i: (S["tenure"][i] - 2) / 4),
    "logged": (fx.Logged(fx.OfState("tenure"), 2.0, 4.0), lambda i: log(max(S["tenure"][i], 2) / 4)),
    "logged count": (fx.LoggedCount(fx.OfState("tenure"), 0.5), lambda i: log(1 + S["tenure"][i] / 0.5)),
    "product": (fx.democratic() * fx.OfState("tenure"), lambda i: (S["democracy"][i] >= 0.5) * S["tenure"][i]),
}
DYAD = {  # effect -> its value for the ordered dyad (i, j)
    "layer": (fx.OfDyad("rivalry"), lambda i, j: D["rivalry"][i, j]),
    "land neighbours": (fx.LandNeighbours(), lambda i, j: float(D["contiguity"][i, j] == 1)),
    "relevant": (
        fx.PoliticallyRelevant(),
        lambda i, j: float(1 <= D["contiguity"][i, j] <= 5 or S["major_power"][i] or S["major_power"][j]),
    ),
    "capability ratio": (
        fx.CapabilityRatio(),
        lambda i, j: min(S["capability"][[i, j]]) / max(S["capability"][[i, j]]),
    ),
    "both": (fx.both(fx.OfState("democracy")), lambda i, j: min(S["democracy"][i], S["democracy"][j])),
    "either": (fx.either(fx.OfState("major_power")), lambda i, j: max(S["major_power"][i], S["major_power"][j])),
    "peace": (fx.PeaceYears(2, 100.0), lambda i, j: D["peace_years"][i, j] ** 2 / 100),
    "record": (fx.DisputeHistory(), lambda i, j: log(1 + D["dispute_history"][i, j])),
    "theatre": (fx.WarTheatre(), lambda i, j: D["war_theatre"][i, j]),
    "elsewhere": (fx.FightsElsewhere(), fights_elsewhere),
    "outside pact": (fx.OutsidePact(), lambda i, j: outside_pact(i, j, 0.0, float("inf"))),
    "standing outside pact": (fx.OutsidePact(least=1.0), lambda i, j: outside_pact(i, j, 1.0, float("inf"))),
    "new outside pact": (fx.OutsidePact(less_than=1.0), lambda i, j: outside_pact(i, j, 0.0, 1.0)),
    "gap": (fx.gap(fx.OfState("ideal_point")), lambda i, j: abs(S["ideal_point"][i] - S["ideal_point"][j])),
    "shared rivals": (fx.SharedRivals(), lambda i, j: sum(D["rivalry"][i, k] * D["rivalry"][j, k] for k in range(N))),
    "sender": (fx.OfSender(fx.OfState("tenure")), lambda i, j: S["tenure"][i]),
    "receiver": (fx.OfReceiver(fx.OfState("tenure")), lambda i, j: S["tenure"][j]),
    "log troops": (
        fx.LogTroops(),
        lambda i, j: log10(D["troops"][i, j]) - 3 if D["troops"][i, j] > 0 else float("nan"),
    ),
}


@pytest.mark.parametrize("name", STATE)
def test_effects_of_states_by_hand(name):
    effect, by_hand = STATE[name]
    np.testing.assert_allclose(effect(WORLD), [by_hand(i) for i in range(N)], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", DYAD)
def test_effects_of_dyads_by_hand(name):
    effect, by_hand = DYAD[name]
    want = np.array([[by_hand(i, j) for j in range(N)] for i in range(N)])
    off = ~np.eye(N, dtype=bool)
    np.testing.assert_allclose(np.asarray(effect(WORLD))[off], want[off], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", [*STATE, *DYAD])
def test_renaming_states_renames_the_values(name):
    effect = (STATE.get(name) or DYAD[name])[0]
    order = np.array([3, 0, 4, 1, 2])
    value = np.asarray(effect(WORLD))
    want = value[order] if value.ndim == 1 else value[np.ix_(order, order)]
    np.testing.assert_allclose(effect(permuted(WORLD, order)), want, rtol=1e-5)


MISSING = {"layer": "democracy", "democratic": "democracy", "log tenure": "tenure", "new leader": "tenure"}


@pytest.mark.parametrize("name", MISSING)
def test_what_is_missing_stays_missing(name):
    layer = np.asarray(WORLD.states[MISSING[name]]).copy()
    layer[2] = np.nan
    value = np.asarray(STATE[name][0](WORLD.replace({MISSING[name]: layer})))
    assert np.isnan(value[2])
    assert np.isfinite(np.delete(value, 2)).all()


def test_a_partner_whose_value_is_missing_does_not_count():
    layer = np.asarray(WORLD.states["ideal_point"]).copy()
    gone = int(np.flatnonzero(D["defence"][0])[0])
    layer[gone] = np.nan
    rest = [j for j in range(N) if D["defence"][0, j] == 1 and j != gone]
    value = np.asarray(fx.PartnerMean("ideal_point", "defence")(WORLD.replace({"ideal_point": layer})))
    assert value[0] == pytest.approx(sum(layer[j] for j in rest) / max(1, len(rest)), abs=1e-5)


def test_an_ally_that_both_share_and_each_other_are_no_outside_pact():
    tie = np.zeros((4, 4), np.float32)
    for i, j in ((0, 1), (0, 2), (1, 2), (2, 3)):
        tie[i, j] = tie[j, i] = 1
    world = made_up_world(4).replace(dyads={"defence": tie, "defence_years": 5 * tie})
    value = np.asarray(fx.OutsidePact()(world))
    assert value[0, 1] == 0  # allies of each other, and both of 2
    assert value[0, 3] == 0.5  # 0 has 1, which has none with 3; 3 has only 2, which is with 0 too
    assert value[0, 2] == 0.5  # 2 has 3; the allies of 0 are with 2
    np.testing.assert_array_equal(value, value.T)
    ended = np.where(tie * (np.arange(4) != 1) * (np.arange(4) != 1)[:, None], 1.0, 0.0).astype(np.float32)
    assert np.asarray(fx.OutsidePact()(world.replace(dyads={"defence": ended})))[0, 3] == 0


def test_how_disputes_clump():
    """0 had disputes with 1, 2 and 3 within the year, 1 with 2 too; 3 is an ally of 1, 4 of 0 and of 2."""
    peace, pact = np.full((5, 5), 1.0, np.float32), np.zeros((5, 5), np.float32)
    for i, j in ((0, 1), (0, 2), (0, 3), (1, 2)):
        peace[i, j] = peace[j, i] = 0.75
    for i, j in ((1, 3), (0, 4), (2, 4)):
        pact[i, j] = pact[j, i] = 1.0
    peace[3, 4] = peace[4, 3] = np.nan
    near, none = np.ones((5, 5), np.float32), np.zeros(5, np.float32)
    given = {"peace_years": peace, "defence": pact, "contiguity": near}
    world = made_up_world(5).replace({"major_power": none}, dyads=given)
    elsewhere, allies = (np.asarray(effect(world)) for effect in (fx.DisputesElsewhere(), fx.AlliesInDispute()))
    assert elsewhere[0, 1] == pytest.approx((log(3) + log(2)) / 2)  # 0 with 2 and 3, 1 with 2
    assert elsewhere[0, 4] == pytest.approx(log(4) / 2)  # 4 with nobody
    assert elsewhere[3, 4] == pytest.approx(log(2) / 2)
    assert allies[0, 1] == pytest.approx(log(2))  # 3 is beside 1, and has one with 0; nobody beside 0 has one with 1
    assert allies[1, 4] == pytest.approx(log(3))  # 0 and 2 are beside 4, and have one with 1
    assert allies[3, 4] == pytest.approx(log(2))  # 0 is beside 4, and has one with 3
    assert allies[0, 2] == 0
    for value in (elsewhere, allies):
        np.testing.assert_allclose(value, value.T, atol=1e-6)
    calm = world.replace(dyads={"peace_years": peace + 1})
    assert not np.asarray(fx.DisputesElsewhere()(calm)).any()
    near = near.copy()
    near[0, 2] = near[2, 0] = 0  # out of each other's reach: no process begins their disputes
    fewer = world.replace(dyads={"contiguity": near})
    assert np.asarray(fx.DisputesElsewhere()(fewer))[0, 1] == pytest.approx(log(2))
    assert np.asarray(fx.AlliesInDispute()(fewer))[0, 4] == 0
    assert np.asarray(fx.AlliesInDispute()(world))[0, 4] == pytest.approx(log(2))  # 2 is beside 4


@pytest.mark.parametrize("factor", [0.5, 3.0])
def test_scaling_a_valued_covariate_scales_the_effect(factor):
    """A covariate that is silently turned into an indicator would not change (Thurner et al. 2020, correction)."""
    doubled = WORLD.replace(
        {"tenure": factor * np.asarray(WORLD.states["tenure"])},
        {"rivalry": factor * np.asarray(WORLD.dyads["rivalry"])},
    )
    for effect in (
        fx.OfState("tenure"),
        fx.OfDyad("rivalry"),
        fx.both(fx.OfState("tenure")),
        fx.gap(fx.OfState("tenure")),
        fx.OfSender(fx.OfState("tenure")),
        fx.PartnerCount("rivalry"),
        fx.PartnerMax("rivalry"),
        fx.PartnerMax("defence", fx.OfState("tenure")),
    ):
        np.testing.assert_allclose(effect(doubled), factor * np.asarray(effect(WORLD)), rtol=1e-5)
    assert not np.allclose(
        fx.AtLeast(fx.OfState("tenure"), 2.0)(doubled), factor * np.asarray(STATE["layer"][0](WORLD))
    )


def test_a_layer_that_is_not_there_is_named():
    with pytest.raises(UnknownNameError, match="Did you mean 'rivalry'"):
        fx.OfDyad("rivalries")(WORLD)


def test_every_effect_has_a_formula_and_a_reference():
    for name in fx.__all__:
        effect = getattr(fx, name)
        if inspect.isclass(effect) and effect is not fx.AbstractEffect:
            assert effect.formula.startswith("$"), name
            assert effect.reference, name


def test_ties_of_which_nothing_is_known_are_missing_and_not_none():
    blank = np.asarray(WORLD.dyads["rivalry"]).copy()
    blank[2] = np.nan
    world = WORLD.replace(dyads={"rivalry": blank})
    for effect in (fx.PartnerMax("rivalry"), fx.PartnerCount("rivalry"), fx.RivalSpending()):
        value = np.asarray(effect(world))
        assert np.isnan(value[2])
        assert np.isfinite(np.delete(value, 2)).all()


def test_another_currency_changes_neither_size_nor_rivals_spending():
    dear = WORLD.replace({name: 1.5 * np.asarray(WORLD.states[name]) for name in ("gdp", "military_spending")})
    for effect in (fx.LogOfLargest("gdp"), fx.RivalSpending()):
        np.testing.assert_allclose(effect(dear), effect(WORLD), rtol=1e-4, atol=1e-5)
    spent = WORLD.replace({"military_spending": 1.5 * np.asarray(WORLD.states["military_spending"])})
    assert not np.allclose(fx.RivalSpending()(spent), fx.RivalSpending()(WORLD))
