"""Where levels stand and how far they move: troops, defence effort, ideal points and trade."""

from collections.abc import Callable
from itertools import combinations, product

import numpy as np

from latticework.evaluate.statistic import Statistic, changes, logs, on_average, pairs, spread, states
from latticework.types import Float
from latticework.world import Panel

THREE, RIVAL = ("USA", "JPN", "KOR"), "CHN"
EFFORT, POINT = "defence_effort", "ideal_point"


def by_world(values: Float[np.ndarray, "t u"], of: Callable[[np.ndarray], float]) -> float:
    """A number of what is known of each world, averaged over the worlds after the opening."""
    rows = (row[np.isfinite(row)] for row in values)
    return on_average(np.array([of(row) if len(row) else np.nan for row in rows], float))


def effort(of: Callable[[np.ndarray], float]) -> Callable[[Panel], float]:
    """A number of the states' defence efforts in each world, averaged."""
    return lambda panel: by_world(states(panel, EFFORT), of)


def above(limit: float) -> Callable[[Panel], float]:
    """The share of states with an effort above the limit."""
    return effort(lambda row: float((row > limit).mean()))


def abroad(panel: Panel) -> float:
    """US troops in all hosts, averaged."""
    return by_world(pairs(panel, "troops"), np.sum) / 1000


def effort_moves(panel: Panel) -> float:
    """The sd of annual changes of log effort."""
    return spread(changes(panel, logs(states(panel, EFFORT))))


def points_move(years: int) -> Callable[[Panel], float]:
    """The sd of changes of ideal points over so many years."""
    return lambda panel: spread(changes(panel, states(panel, POINT), years))


def apart_among(couples: tuple[tuple[str, str], ...]) -> Callable[[Panel], float]:
    """The mean distance of the ideal points of some pairs of states."""

    def measure(panel: Panel) -> float:
        points, place = states(panel, POINT), {code: i for i, code in enumerate(panel.codes)}
        found = [np.abs(points[:, place[a]] - points[:, place[b]]) for a, b in couples if a in place and b in place]
        return by_world(np.stack(found, axis=1), np.mean) if found else np.nan

    return measure


def trade_moves(panel: Panel) -> float:
    """The median size of annual changes of the log trade of pairs that trade."""
    moves = np.abs(changes(panel, logs(pairs(panel, "trade"))))
    known = moves[np.isfinite(moves)]
    return float(np.median(known)) if len(known) else np.nan


def points_spread(panel: Panel) -> float:
    """The sd of ideal points across the states of a world, averaged."""
    return by_world(states(panel, POINT), np.std)


AMONG, ACROSS = tuple(combinations(THREE, 2)), tuple(product(THREE, (RIVAL,)))
SHARE, LOGS, SCALE = "share of GDP", "log points", "scale"
LEVELS = (
    Statistic("troops abroad", "US troops abroad", "thousand", ("troops",), abroad),
    Statistic("effort, mean", "Defence effort, mean", SHARE, (EFFORT,), effort(np.mean)),
    Statistic("effort, median", "Defence effort, median", SHARE, (EFFORT,), effort(np.median)),
    Statistic("effort, annual change", "Defence effort, sd of annual change", LOGS, (EFFORT,), effort_moves),
    Statistic("effort above 2 %", "States above 2 % of GDP", "share", (EFFORT,), above(0.02)),
    Statistic("effort above 4 %", "States above 4 % of GDP", "share", (EFFORT,), above(0.04)),
    Statistic("ideal points, spread", "Ideal points, sd across states", SCALE, (POINT,), points_spread),
    Statistic("ideal points, annual change", "Ideal points, sd of annual change", SCALE, (POINT,), points_move(1)),
    Statistic("ideal points, 5-year change", "Ideal points, sd of 5-year change", SCALE, (POINT,), points_move(5)),
    Statistic("distance among USA, JPN, KOR", "Distance among USA, JPN, KOR", SCALE, (POINT,), apart_among(AMONG)),
    Statistic("distance to CHN", "Distance of USA, JPN, KOR to CHN", SCALE, (POINT,), apart_among(ACROSS)),
    Statistic(
        "trade, annual change", "Trade of a pair, median annual change of its share", LOGS, ("trade",), trade_moves
    ),
)
