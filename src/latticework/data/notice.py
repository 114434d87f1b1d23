"""The notice of the data's owners, written from the panel's own descriptions: `python -m latticework.data.notice`."""

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from latticework.data.catalogue import layers
from latticework.data.files import PANEL

HEAD = """\
Data in Latticework
===================

The code is under the MIT licence (LICENSE). The data are not: each layer of the panel in src/latticework/data/panel is
derived from the work of others, whose terms hold for it. Cite them, and not only us, when you use their layer. The
layers are our own variables, computed from the sources as stated; no file of another is passed on whole. Where
no licence was seen, this says so; it is no permission by us to do what its owner has not allowed.

Rows with their own source, such as the dated amendments to the treaty data, name it in their column `source`.

This file is written by `make notice`.
"""


def notice(records: Iterable[Mapping[str, Any]]) -> str:
    """The text of NOTICE: every source once, with its layers, citation, terms and what was changed."""
    sources: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for record in records:
        key = tuple(record[k] for k in ("source", "version", "citation", "licence"))
        sources.setdefault(key, []).append(record)
    return "\n\n".join([HEAD, *(_entry(made) for _, made in sorted(sources.items()))]) + "\n"


def _entry(made: list[Mapping[str, Any]]) -> str:
    """One source, from the records of the layers that were made from it."""
    source = made[0]
    title = f"{source['source']}, {source['version']}"
    changes = [f"  {r['layer']}: {r['transformation']}" for r in made]
    terms = [f"Cite: {source['citation']}", f"Terms: {source['licence']}"]
    lines = [title, "-" * len(title), *terms, "Layers, and what was done:", *changes]
    return "\n".join(_wrapped(line) for line in lines)


def _wrapped(line: str) -> str:
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.fill(line, 110, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


if __name__ == "__main__":
    print(notice(layers(PANEL)), end="")
