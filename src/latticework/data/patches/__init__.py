"""A patch is a dated list of facts, each with a source, that carries a layer beyond the end of its published file."""

import csv
from importlib.resources import files

Fact = dict[str, str]


def facts(name: str) -> list[Fact]:
    """The rows of the patch `name` in the order of their dates; a space stands between the codes in a cell."""
    text = files("latticework.data.patches").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return sorted(csv.DictReader(text.splitlines()), key=lambda fact: fact["date"])
