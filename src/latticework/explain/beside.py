"""Numbers that mechanisms and measures say beside the futures have ids too: `choice_hedge:JPN:2028:retreat`."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from latticework.explain.ids import when, word

MEASURED, FITTED = "measured", "record"  # in the place of a branch


class Beside(NamedTuple):
    """How the rows of a table are called: a first word and the column of the second, the columns of the unit (the
    table's own name without one), the column of the value, its unit, and the process that it is read off.
    """

    first: str
    quantity: str
    units: tuple[str, ...]
    value: str = "value"
    unit: str = "chance"
    process: str = ""
    origin: str = "estimated, assumed"


TABLES: dict[str, Beside] = {
    "bargain": Beside("bargain", "quantity", ("state",), process="bargain"),
    "bargain_split": Beside("split", "term", ("state",), "mean", "share of the log demand", "bargain"),
    "bargain_fit": Beside("fit", "name", (), unit="", process="bargain", origin="estimated"),
    "stances": Beside("choice", "stance", ("state",), process="hedging"),
    "deterrence": Beside("game", "quantity", ("challenger", "ally"), process="credibility"),
    "hedging": Beside("stance", "quantity", ("state",), unit="of 1", origin="estimated"),
}


def with_ids(tables: Mapping[str, pd.DataFrame], day: str) -> dict[str, pd.DataFrame]:
    """The tables, those of TABLES with the id of each row first; `day` is that of rows without a date."""
    return {name: _with_ids(name, t, day) if name in TABLES and len(t) else t for name, t in tables.items()}


def _with_ids(name: str, table: pd.DataFrame, day: str) -> pd.DataFrame:
    told = TABLES[name]
    course = FITTED if not told.units else MEASURED
    ids = [
        ":".join(
            (
                word(f"{told.first} {row[told.quantity]}"),
                "-".join(str(row[column]) for column in told.units) or name,
                when(str(row.get("date", day))),
                str(row.get("branch", course)),
            )
        )
        for row in table.to_dict("records")
    ]
    return pd.concat([pd.Series(ids, index=table.index, name="id", dtype=object), table], axis=1)


def numbers(tables: Mapping[str, pd.DataFrame]) -> Iterator[dict[Any, Any]]:
    """Every number of the tables of a run: id, what it is `of`, value, band, unit, origin, and where it comes from."""
    for name in (name for name in TABLES if "id" in tables.get(name, ())):
        told = TABLES[name]
        for row in tables[name].to_dict("records"):
            quantity, of, day, course = str(row["id"]).split(":")
            ends = {end: row.get(end) for end in ("lower", "upper")}
            yield {
                "id": row["id"], "quantity": quantity.replace("_", " "), "of": of, "date": day, "branch": course,
                "value": row[told.value], **ends, "unit": row.get("unit", told.unit),
                "origin": row.get("origin", told.origin), "process": told.process, "table": name,
            }  # fmt: skip
