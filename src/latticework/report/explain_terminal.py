"""An explanation in a terminal: a line per part, its number with its band, and what there is to say."""

import pandas as pd

from latticework.report.numbers import chance, number

SHARE = "share of variance"


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """A trace (part, what, number, says) with numbers as finished text."""
    rows = [
        {"part": r["part"], "what": r["what"], "number": _told(r), "says": _says(r)} for r in table.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _told(row: dict) -> str:
    """`0.21 (0.15 to 0.29) chance`; nothing where there is no number."""
    if not isinstance(row["value"], int | float) or row["value"] != row["value"]:
        return ""
    known = all(isinstance(row[side], int | float) and row[side] == row[side] for side in ("lower", "upper"))
    band = f" ({number(row['lower'])} to {number(row['upper'])})" if known else ""
    unit = "" if row["unit"] == SHARE or not isinstance(row["unit"], str) else f" {row['unit']}"
    if row["unit"] == "chance":  # no chance claims certainty
        edges = f" ({chance(row['lower'])} to {chance(row['upper'])})" if known else ""
        return f"{chance(row['value'])}{edges}"
    return f"{number(row['value'])}{band}{unit}"


def _says(row: dict) -> str:
    parts = (row["says"], f"[{row['source']}]" if isinstance(row["source"], str) and row["source"] else "")
    return " ".join(str(part) for part in parts if isinstance(part, str) and part)
