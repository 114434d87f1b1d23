"""What happens how often: agreements, members, garrisons, disputes, leaders, coalitions, exercises and visits."""

from collections.abc import Callable

import numpy as np

from latticework.effects.regime import DEMOCRATIC_FROM
from latticework.evaluate.statistic import DECADE, Statistic, apart, pairs, per_decade, states
from latticework.types import Float
from latticework.world import Panel

GARRISON = 1000.0  # troops from which a host has a garrison
A_YEAR = "a year"
A_DECADE = "a decade"


def of_states(layer: str) -> Callable[[Panel], float]:
    """Events of states per decade."""
    return lambda panel: per_decade(panel, states(panel, layer))


def of_pairs(layer: str) -> Callable[[Panel], float]:
    """Events of pairs per decade."""
    return lambda panel: per_decade(panel, pairs(panel, layer))


def yearly(measure: Callable[[Panel], float]) -> Callable[[Panel], float]:
    """A number per decade as one per year."""
    return lambda panel: measure(panel) / DECADE


def signed(panel: Panel) -> float:
    """Pairs of states without a bilateral agreement that come to have one, both there when the step began."""
    held = pairs(panel, "agreement")
    begun = (held[1:] > 0) & (held[:-1] == 0)
    known = np.isfinite(held[1:]) & np.isfinite(held[:-1])
    return per_decade(panel, np.concatenate([held[:1], np.where(known, begun, np.nan)]))


def halved(panel: Panel) -> float:
    """Garrisons of which at most half is left a year later, per decade."""
    troops = pairs(panel, "troops")
    before, after = (troops[i] for i in apart(panel, 1))
    years = (np.isfinite(before) & np.isfinite(after)).any(axis=1).sum()
    gone = (before >= GARRISON) & (after <= before / 2)
    return DECADE * float(gone.sum()) / years if years else np.nan


def changed_under(democratic: bool) -> Callable[[Panel], float]:
    """Leaders that leave per decade, where the state was a democracy when the step began, or where it was not."""

    def measure(panel: Panel) -> float:
        left, rule = states(panel, "turnover"), before(states(panel, "democracy"))
        those = rule >= DEMOCRATIC_FROM if democratic else rule < DEMOCRATIC_FROM
        return per_decade(panel, np.where(those, left, np.nan))

    return measure


def before(levels: Float[np.ndarray, "t n"]) -> Float[np.ndarray, "t n"]:
    """The level when the step began that ends at each world; NaN at the opening."""
    return np.concatenate([np.full_like(levels[:1], np.nan), levels[:-1]])


def exercising(panel: Panel) -> float:
    """Pairs with at least one exercise, per year."""
    held = pairs(panel, "exercise")
    return per_decade(panel, np.where(np.isnan(held), np.nan, held > 0)) / DECADE


RULE = ("turnover", "democracy")
EVENTS = (
    Statistic(
        "agreements ended", "Bilateral agreements ended", A_DECADE, ("agreement_ended",), of_pairs("agreement_ended")
    ),
    Statistic("agreements signed", "Bilateral agreements signed", A_DECADE, ("agreement",), signed),
    Statistic(
        "members left",
        "Members that left agreements of many",
        A_DECADE,
        ("membership_left",),
        of_states("membership_left"),
    ),
    Statistic(
        "members joined",
        "Members that joined agreements of many",
        A_DECADE,
        ("membership_joined",),
        of_states("membership_joined"),
    ),
    Statistic("garrisons halved", "US garrisons of 1,000 or more halved in a year", A_DECADE, ("troops",), halved),
    Statistic("disputes", "Disputes begun", A_DECADE, ("dispute",), of_pairs("dispute")),
    Statistic(
        "disputes with force",
        "Disputes with use of force",
        A_DECADE,
        ("dispute_force",),
        of_pairs("dispute_force"),
    ),
    Statistic(
        "fatal disputes",
        "Disputes with deaths",
        A_DECADE,
        ("dispute_deaths",),
        of_pairs("dispute_deaths"),
    ),
    Statistic(
        "leader changes, democracies", "Leaders that left, democracies", A_DECADE, RULE, changed_under(democratic=True)
    ),
    Statistic(
        "leader changes, others", "Leaders that left, other states", A_DECADE, RULE, changed_under(democratic=False)
    ),
    Statistic(
        "irregular exits",
        "Leaders removed against the rules",
        A_DECADE,
        ("exit_irregular",),
        of_states("exit_irregular"),
    ),
    Statistic(
        "coalition changes",
        "Changes of the leader's coalition",
        A_DECADE,
        ("coalition_change",),
        of_states("coalition_change"),
    ),
    Statistic("exercises", "Joint exercises, per pair", A_YEAR, ("exercise",), yearly(of_pairs("exercise"))),
    Statistic("exercising pairs", "Pairs with a joint exercise", A_YEAR, ("exercise",), exercising),
    Statistic(
        "president's visits",
        "Visits of the US president",
        A_YEAR,
        ("visit_president",),
        yearly(of_pairs("visit_president")),
    ),
    Statistic(
        "secretary's visits",
        "Visits of the US secretary of state",
        A_YEAR,
        ("visit_secretary",),
        yearly(of_pairs("visit_secretary")),
    ),
)
