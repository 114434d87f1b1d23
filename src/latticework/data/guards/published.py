"""Guards that compare a panel with published figures: values, sums over states, counts."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, product

from latticework.data.guards.panel import Guarded, Panel, known
from latticework.data.layer import Layer

WANTED = (
    "(SELECT unnest($2::INT[]) AS n, unnest($3::VARCHAR[]) AS first, unnest($4::VARCHAR[]) AS last, "
    "unnest($5::VARCHAR[]) AS state, unnest($6::VARCHAR[]) AS partner) AS w"
)
BY_DAY = (
    'SELECT date, count(*) AS "rows", sum(number) AS "sum", count(*) FILTER (number > 0) AS positive '
    'FROM (SELECT date, TRY_CAST("value" AS DOUBLE) AS number FROM {rows}) GROUP BY date'
)
PLACED = {
    "rows": "count(*)",
    "sum": 'sum(TRY_CAST(r."value" AS DOUBLE))',
    "positive": 'count(*) FILTER (TRY_CAST(r."value" AS DOUBLE) > 0)',
}
ENDS = "r.state = w.state"
SUMMED = ("rows", "sum", "positive")
HOLDS = 'r.date <= w.last AND (r."end" = \'\' OR r."end" >= w.{since})'
MEASURES = ("value", "holding", *SUMMED)


@dataclass(frozen=True)
class Figure:
    """A published figure.

    `measure` is the value of a row or of a running spell; or in the `period` (a year, a day, or two with a slash) the
    number of rows, the sum of their values or the number of positive ones; or the number of states, dyads or
    agreements with a spell that holds on any day of it; these of all, or of the `state` (with the `partner`). A value
    of None was never published: the panel must not have one.
    """

    layer: str
    measure: str
    period: str
    state: str
    partner: str
    value: float | None
    tolerance: float
    source: str

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last day of the period."""
        first, _, last = self.period.partition("/")
        return f"{first}-01-01"[:10], f"{last or first}-12-31"[:10]

    def fault(self, found: float | None) -> str:
        """How the panel differs, in words; empty if it agrees."""
        if found is None or self.value is None:
            agrees = found is self.value
        else:
            agrees = abs(found - self.value) <= self.tolerance
        if agrees:
            return ""
        what = " ".join(word for word in (self.measure, self.state, self.partner, self.period) if word)
        shown, said = ("none" if number is None else f"{number:,.10g}" for number in (found, self.value))
        return f"{what}: the panel has {shown}, published is {said} ({self.source})"


@lru_cache(maxsize=1)
def figures() -> tuple[Figure, ...]:
    """The published figures that come with the package, each with its source."""
    return tuple(
        Figure(
            *(row[c] for c in ("layer", "measure", "period", "state", "partner")),
            value=float(row["value"]) if row["value"] else None,
            tolerance=float(row["tolerance"]),
            source=row["source"],
        )
        for row in known("published")
    )


def published(panel: Panel) -> list[Guarded]:
    """Every layer of the panel agrees with what was published of it."""
    found = []
    for name, listed in groupby(sorted(figures(), key=lambda figure: figure.layer), lambda figure: figure.layer):
        if name in panel.layers:
            wanted = tuple(listed)
            measured = measure(panel, panel.layers[name], wanted)
            faults = [figure.fault(value) for figure, value in zip(wanted, measured, strict=True)]
            told = f"{len(wanted):,} published figures compared"
            found.append(Guarded("as published", name, told, tuple(fault for fault in faults if fault)))
    return found


def measure(panel: Panel, layer: Layer, wanted: tuple[Figure, ...]) -> list[float | None]:
    """What the panel says for each figure of a layer; None where it has no value."""
    found: list[float | None] = [0.0 if _empty_is_zero(layer, figure) else None for figure in wanted]
    for kind, placed in product(MEASURES, (False, True)):
        asked = [n for n, figure in enumerate(wanted) if figure.measure == kind and bool(figure.state) == placed]
        days = [wanted[n].days for n in asked]
        ends = [[wanted[n].state for n in asked], [wanted[n].partner for n in asked]]
        given = [asked, [first for first, _ in days], [last for _, last in days], *ends]
        for n, value in panel.ask(layer.name, _query(layer, kind, placed), *given) if asked else ():
            found[n] = None if value is None else float(value)
    return found


def _empty_is_zero(layer: Layer, figure: Figure) -> bool:
    return figure.measure in ("rows", "positive", "holding") or layer.absent == "zero"


def _query(layer: Layer, kind: str, placed: bool) -> str:
    """The query that gives the number n of a figure, of a place or of all, and what the panel has for it."""
    if kind in SUMMED and placed:
        ends = ENDS + (" AND (w.partner = '' OR r.partner = w.partner)" if layer.kind == "dyad" else "")
        days = f"JOIN {{rows}} AS r ON {ends} AND r.date BETWEEN w.first AND w.last"
        return f"SELECT w.n, {PLACED[kind]} FROM {WANTED} {days} GROUP BY w.n"
    if kind in SUMMED:
        days = f"JOIN ({BY_DAY}) AS d ON d.date BETWEEN w.first AND w.last"
        return f'SELECT w.n, sum(d."{kind}") FROM {WANTED} {days} GROUP BY w.n'
    if kind == "holding":
        keys = ", ".join(f'r."{c}"' for c in layer.keys if c != "date")
        held = HOLDS.format(since="first")
        if placed:
            held += f" AND {ENDS}" + (" AND (w.partner = '' OR r.partner = w.partner)" if layer.kind == "dyad" else "")
        return f"SELECT w.n, count(DISTINCT ({keys})) FROM {WANTED} JOIN {{rows}} AS r ON {held} GROUP BY w.n"
    held = HOLDS.format(since="last") if layer.frequency == "spells" else "r.date = w.last"
    ends = ENDS + (" AND r.partner = w.partner" if layer.kind == "dyad" else "")
    value = 'max(TRY_CAST(r."value" AS DOUBLE))'
    return f"SELECT w.n, {value} FROM {WANTED} JOIN {{rows}} AS r ON {ends} AND {held} GROUP BY w.n"
