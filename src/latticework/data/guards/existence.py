"""Guards of which states there are: no layer knows a state before it began or after it ended, but where that is so."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from latticework.data.guards.panel import Guarded, Panel, known
from latticework.data.layer import Layer

LAYER = "exists"
LIVES = 'SELECT state, date, "end" FROM {rows} ORDER BY state, date'
OPEN = 9999  # the year in which what has no end ends
DAYS = 'SELECT DISTINCT "{end}" AS state, "{day}" AS day FROM {{rows}}'
OUTSIDE = """
WITH lives AS (SELECT unnest($2::VARCHAR[]) AS state, unnest($3::INT[]) AS first, unnest($4::INT[]) AS last),
years AS (SELECT DISTINCT state, if(day = '', {open}, CAST(left(day, 4) AS INT)) AS year FROM ({days}))
SELECT state, year FROM years WHERE year >= 1950 AND NOT EXISTS (
    FROM lives WHERE lives.state = years.state AND years.year BETWEEN lives.first AND lives.last
) ORDER BY state, year
"""

Life = tuple[str, int, int]  # a state, its first and its last year


@dataclass(frozen=True)
class Accepted:
    """How many years ahead of a state's first year and behind its last one layers may have rows of it, and why."""

    layers: tuple[str, ...]
    states: tuple[str, ...]  # * for all
    ahead: int
    behind: int
    reason: str

    def covers(self, layer: str, state: str, year: int, lives: Iterable[Life]) -> bool:
        """Whether a row of this layer is meant."""
        if layer not in self.layers or not {state, "*"} & set(self.states):
            return False
        return any(first - self.ahead <= year <= last + self.behind for s, first, last in lives if s == state)


@lru_cache(maxsize=1)
def accepted() -> tuple[Accepted, ...]:
    """What is accepted of rows outside the life of a state."""
    return tuple(
        Accepted(
            layers=tuple(row["layers"].split()),
            states=tuple(row["states"].split()),
            ahead=int(row["ahead"]),
            behind=int(row["behind"]),
            reason=row["reason"],
        )
        for row in known("outside")
    )


@lru_cache(maxsize=1)
def known_lives() -> tuple[tuple[str, str, str], ...]:
    """First and last day of the states that ended, began out of others or were divided; the last day may be empty."""
    return tuple((row["state"], row["first"], row["last"]) for row in known("successors"))


def successors(panel: Panel) -> list[Guarded]:
    """Every state that ended, or began out of another one, did so on the day on which it did."""
    if LAYER not in panel.layers:
        return []
    expected = set(known_lives())
    states = {state for state, _, _ in expected}
    found = {life for life in panel.ask(LAYER, LIVES) if life[0] in states}
    faults = [f"{s} is not known from {a} to {b or 'now'}" for s, a, b in sorted(expected - found)]
    faults += [f"{s} is known from {a} to {b or 'now'}" for s, a, b in sorted(found - expected)]
    return [Guarded("successor states", LAYER, f"{len(expected)} lives of {len(states)} states", tuple(faults))]


def existing(panel: Panel) -> list[Guarded]:
    """No row since 1950 is about a state in a year in which it was not there, but for what is accepted."""
    if LAYER not in panel.layers:
        return []
    lives = lives_of(panel)
    return [_guarded(panel, layer, lives) for name, layer in panel.layers.items() if name != LAYER]


def lives_of(panel: Panel) -> list[Life]:
    """The first and last year of every life of a state in the panel."""
    return [(s, int(a[:4]), int(b[:4]) if b else OPEN) for s, a, b in panel.ask(LAYER, LIVES)]


def outside(panel: Panel, layer: Layer, lives: list[Life]) -> list[tuple[str, int]]:
    """The states and years since 1950 of which the layer has a row and in which the state was not there."""
    ends = ("state", "partner") if layer.kind == "dyad" else ("state",)
    days = ("date", "end") if "end" in layer.extras else ("date",)
    read = " UNION ALL ".join(DAYS.format(end=end, day=day) for end in ends for day in days)
    columns = [list(column) for column in zip(*lives, strict=True)]
    return [(state, year) for state, year in panel.ask(layer.name, OUTSIDE.format(open=OPEN, days=read), *columns)]


def _guarded(panel: Panel, layer: Layer, lives: list[Life]) -> Guarded:
    found, wrong = outside(panel, layer, lives), dict[str, list[int]]()
    for state, year in found:
        if not any(exception.covers(layer.name, state, year, lives) for exception in accepted()):
            wrong.setdefault(state, []).append(year)
    faults = tuple(f"{state} has rows in {_words(years)}, when it was no state" for state, years in wrong.items())
    told = f"years of {len(lives)} lives of states; {len(found) - sum(map(len, wrong.values()))} outside accepted"
    return Guarded("no state before or after itself", layer.name, told, faults)


def _words(years: list[int]) -> str:
    shown = [str(year) if year < OPEN else "years without end" for year in years]
    return ", ".join(shown) if len(shown) < 4 else f"{shown[0]} to {shown[-1]} ({len(shown)} years)"
