"""The parameters of the mechanisms: what nobody could learn from the record, each with its law, origin and reason."""

from latticework.measures.outlook import each
from latticework.report.numbers import number
from latticework.report.results import Results
from latticework.report.tables import Cell, Column, Table

MARKS = {"assumed": "A", "published": "A", "calibrated": "E", "fitted": "E"}
NOTE = (
    "Drawn once per posterior draw from a normal law, mean ± sd, cut off at zero where the sign is imposed (≥ 0, ≤ 0). "
    "Assumed: by the authors of the mechanism or of the scenario; published: from a study; calibrated: set so that the "
    "mechanism gives a known number; fitted: to a record. A scenario may say otherwise in its file, and a mechanism "
    "that it does not name has no row and no effect."
)


def parameters_table(results: Results) -> Table | None:
    """A row per parameter of the mechanisms that the scenario names; None where it names none."""
    found = results.mechanisms.parameters
    if not len(found):
        return None
    rows = []
    for p in each(found):
        sign = {1: " ≥ 0", -1: " ≤ 0"}.get(int(p.sign), "")
        why = "; ".join(text for text in (p.because, p.source) if text)
        law = Cell(f"{number(p.mean)} ± {number(p.sd)}{sign}", "", MARKS[p.origin])
        rows.append((Cell(p.parameter), Cell(p.kind), law, Cell(p.unit), Cell(p.origin), Cell(why)))
    titles = ("parameter", "mechanism", "mean ± sd", "unit", "origin", "why")
    columns = tuple(Column(t, numeric=False, wraps=True) for t in titles)
    return Table("parameters", f"Parameters of the mechanisms ({len(rows)})", columns, tuple(rows), NOTE)


def origins(results: Results) -> str:
    """How many parameters are of which origin, in words; empty without mechanisms."""
    found = results.mechanisms.parameters
    if not len(found):
        return ""
    counted = found["origin"].value_counts()
    return ", ".join(f"{counted[origin]} {origin}" for origin in MARKS if origin in counted)
