"""Does pulling the levers raise cohesion: by more than simulation noise, and by so much that it matters?"""

from typing import Any, NamedTuple

from latticework.measures.outlook import each
from latticework.report.numbers import day, decimal, joined, number
from latticework.report.results import Results
from latticework.report.side_tables import NEXT_TO_NOTHING, apart_as

MEAN, WEAKEST = "mean tie among hub and allies", "weakest tie among hub and allies"
SIZES = ((0.2, "too small to matter"), (0.5, "small"), (0.8, "of medium size"), (float("inf"), "large"))
COHEN = "a fifth of the spread is what Cohen (1988) calls a small effect"


class Cohesion(NamedTuple):
    """The answer on the branch that pulls the most levers, and a line for every branch that pulls some."""

    title: str
    answer: str
    points: tuple[str, ...]


def cohesion(results: Results) -> Cohesion | None:
    """The effect of the levers on the ties among hub and allies; None without levers or without measured ties."""
    sides = results.sides
    pulled = {b: len(results.scenario.levers_of(b)) for b in results.branches[1:]}
    pulled = {branch: count for branch, count in pulled.items() if count}
    if not pulled or not len(sides) or MEAN not in set(sides["quantity"]):
        return None
    full = max(pulled, key=lambda b: pulled[b])
    title, rows = (
        results.title_of(full),
        {(r.branch, r.quantity): r for r in each(sides[sides["states"].str.len() > 3])},
    )
    mean, weakest = rows[full, MEAN], rows[full, WEAKEST]
    answer = (
        f"On {day(results.dates[-1])}, “{title}” has the mean tie among {mean.states.replace('-', ', ')} "
        f"{_apart(mean)} on the scale to 100 beside “{results.title_of(results.branches[0])}”, and the weakest "
        f"{_apart(weakest)}. {_verdict(mean)}"
    )
    points = tuple(
        f"{results.title_of(b)}: mean tie {_apart(rows[b, MEAN])}, weakest {_apart(rows[b, WEAKEST])}" for b in pulled
    )
    return Cohesion(
        f"Does “{title}” raise cohesion?", answer, (*points, *_elsewhere(results, full), *_cost(results, full))
    )


def _apart(row: Any) -> str:
    """A difference with twice its Monte Carlo error: +0.05 (noise ± 0.02)."""
    sign = "+" if row.difference > 0 else ""
    digits = 2 if abs(row.difference) >= 0.1 else 3
    return f"{sign}{number(row.difference, digits)} (noise ± {number(2 * row.mc_se, digits)})"


def size_of(row: Any) -> tuple[float, str]:
    """A difference over the spread of the first branch's paths, and what that is called."""
    if not row.spread:
        return 0.0, SIZES[0][1]
    ratio = abs(row.difference) / row.spread
    return ratio, next(word for bound, word in SIZES if ratio < bound)


def _verdict(row: Any) -> str:
    """Whether it is more than noise, and whether it matters in size."""
    if not row.clear:
        return "The difference in the mean is not more than simulation noise: no rise can be claimed."
    ratio, word = size_of(row)
    way = "rise" if row.difference > 0 else "fall"
    return (
        f"The {way} in the mean is more than simulation noise, and in size {word}: "
        f"{number(100 * ratio)} % of the spread of the paths (a standard deviation of {decimal(row.spread)}; {COHEN})."
    )


def _elsewhere(results: Results, branch: str) -> tuple[str, ...]:
    """What the branch moves most, in units of the spread of the first branch's paths."""
    sides = results.sides
    own = [r for r in each(sides[sides["branch"] == branch]) if r.clear and r.spread > 0]
    own = [r for r in own if apart_as(str(r.unit), float(r.difference)) != NEXT_TO_NOTHING]
    own.sort(key=lambda r: -size_of(r)[0])
    if not own:
        return ()
    told = [f"{r.quantity} ({r.states}) {apart_as(str(r.unit), float(r.difference))} ({_spreads(r)})" for r in own[:3]]
    return (f"It moves most, in units of the spread of the paths: {joined(told)}.",)


def _cost(results: Results, branch: str) -> tuple[str, ...]:
    """What the levers of a branch cost together, by currency, and who pays."""
    spans: dict[str, list[float]] = {}
    for lever in (levers := results.scenario.levers_of(branch)):
        span = spans.setdefault(lever.cost.currency, [0.0, 0.0])
        span[0], span[1] = span[0] + lever.cost.low, span[1] + lever.cost.high
    who = dict.fromkeys(state for lever in levers for state in lever.who_pays)
    told = [
        f"{number(low / 1e9)} to {number(high / 1e9)} billion {currency}" for currency, (low, high) in spans.items()
    ]
    return (f"Its levers cost {joined(told)} over the horizon, as assumed; {joined(list(who))} pay.",)


def _spreads(row: Any) -> str:
    return f"{decimal(size_of(row)[0])} spreads, {row.unit}"
