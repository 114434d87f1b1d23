"""Guards of the troop counts: published tables have counted twice, shown zeros for missing and filled in years."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from latticework.data.guards.panel import Guarded, Panel, known

LAYER = "troops"
RATIO = 1.8  # a count this many times its neighbours is doubled, or a war: 2 less the change of a quarter or year
LOW = 0.1  # a count below this share of its neighbours is a zero that means missing
LEAST = 1000  # persons: smaller counts double when a ship calls
NEAR = 460  # days: neighbours are the counts of about the year before and after
UNCOUNTED = (
    ("1951-01-01", "1952-12-31", "the published values are filled in between 1950 and 1953"),
    ("2022-10-01", "2023-07-31", "no report was published, and its absence became zeros"),
)
DATED = "SELECT count(*) FROM {rows} WHERE date BETWEEN $2 AND $3"
COUNTED = "SELECT count(*), count(DISTINCT partner) FROM {rows}"
RUNS = """
WITH counts AS (SELECT partner, CAST(date AS DATE) AS day, "value" FROM {{rows}}),
runs AS (
    SELECT partner, day, list(day) OVER run AS days, list("value") OVER run AS persons,
        if(day - lag(day) OVER host <= {near}, lag("value") OVER host, NULL) AS before,
        if(lead(day, {length}) OVER host - lead(day, {length} - 1) OVER host <= {near},
            lead("value", {length}) OVER host, NULL) AS after
    FROM counts WINDOW host AS (PARTITION BY partner ORDER BY day),
        run AS (PARTITION BY partner ORDER BY day ROWS BETWEEN CURRENT ROW AND {length} - 1 FOLLOWING)
)
SELECT partner, days, persons, before, after FROM runs WHERE len(days) = {length} AND {odd} ORDER BY partner, day
"""
ABOVE = f"""
list_min(persons) >= {LEAST} AND (before IS NOT NULL)::INT + (after IS NOT NULL)::INT >= {{length}}
AND list_min(persons) > {RATIO} * coalesce(greatest(before, after), before, after)"""
BELOW = f"""
before IS NOT NULL AND after IS NOT NULL
AND least(before, after) >= {LEAST} AND list_max(persons) < {LOW} * least(before, after)"""


@dataclass(frozen=True)
class Run:
    """Counts of a host that follow each other, and those before and after them, if they are near in time."""

    host: str
    days: list[date]
    persons: list[float]
    before: float | None
    after: float | None

    def __str__(self) -> str:
        """The counts and those beside them."""
        told = ", ".join(f"{n:,.0f} ({day})" for day, n in zip(self.days, self.persons, strict=True))
        beside = " and ".join(f"{n:,.0f}" for n in (self.before, self.after) if n is not None)
        return f"{self.host} has {told} beside {beside}"


@dataclass(frozen=True)
class Explained:
    """Why a host's counts are out of line on some days: `side` is above or below, up (or down) to `persons`."""

    side: str
    host: str
    first: date
    last: date
    persons: float
    reason: str
    source: str
    confidence: str

    def covers(self, side: str, run: Run) -> bool:
        """Whether these counts are meant."""
        beyond = [n > self.persons if side == "above" else n < self.persons for n in run.persons]
        days = all(self.first <= day <= self.last for day in run.days)
        return (side, run.host) == (self.side, self.host) and days and not any(beyond)


@lru_cache(maxsize=1)
def explained() -> tuple[Explained, ...]:
    """The wars, operations, exercises and calls of ships that explain counts, each with its source."""
    return tuple(
        Explained(
            side=row["side"],
            host=row["host"],
            first=date.fromisoformat(row["first"]),
            last=date.fromisoformat(row["last"]),
            persons=float(row["persons"]),
            reason=row["reason"],
            source=row["source"],
            confidence=row["confidence"],
        )
        for row in known("troops_explained")
    )


def no_spike(panel: Panel) -> list[Guarded]:
    """No count, nor two in a row, of 1,000 persons and more is over 1.8 times its neighbours without a war or the like.

    One count is also compared with its only neighbour, at either end of a host's counts.
    """
    return _guarded("no count is doubled", panel, "above", ABOVE, 2)


def no_gap(panel: Panel) -> list[Guarded]:
    """No one to three counts are below a tenth of those of 1,000 and more before and after them without a reason."""
    return _guarded("no zero means missing", panel, "below", BELOW, 3)


def counted_days(panel: Panel) -> list[Guarded]:
    """No count is dated to a time in which nobody counted or published."""
    if LAYER not in panel.layers:
        return []
    dated = [(panel.ask(LAYER, DATED, first, last)[0][0], first, last, why) for first, last, why in UNCOUNTED]
    faults = tuple(f"{number:,} counts of {first} to {last}: {why}" for number, first, last, why in dated if number)
    return [Guarded("nobody counted then", LAYER, f"{len(UNCOUNTED)} times without a count", faults)]


def runs(panel: Panel, odd: str, length: int) -> list[Run]:
    """The runs of so many counts of which the condition ABOVE or BELOW is true."""
    query = RUNS.format(near=NEAR, length=length, odd=odd.format(length=length))
    return [Run(*found) for found in panel.ask(LAYER, query)]


def _guarded(name: str, panel: Panel, side: str, odd: str, longest: int) -> list[Guarded]:
    if LAYER not in panel.layers:
        return []
    found = [run for length in range(1, longest + 1) for run in runs(panel, odd, length)]
    faults = tuple(str(run) for run in found if not any(reason.covers(side, run) for reason in explained()))
    [(counts, hosts)] = panel.ask(LAYER, COUNTED)
    told = f"{counts:,} counts of {hosts} hosts compared with those before and after"
    return [Guarded(name, LAYER, f"{told}; {len(found) - len(faults)} explained", faults)]
