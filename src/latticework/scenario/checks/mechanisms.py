"""Mechanisms: kinds and parameters that exist, signs that are imposed, signals that somebody reads, one currency."""

from collections.abc import Iterator
from typing import Any

from latticework.scenario.checks.plain import Data, block, blocks, hint, number, twice, word
from latticework.yaml_text import Fault

READ_CRISES = {"bargain", "crisis"}


def check_mechanisms(data: Data, known: Any) -> Iterator[Fault]:
    """Every fault of a mechanism, of a signal without one, and of a demand that a bargain could not read."""
    named = [(i, word(entry.get("kind"))) for i, entry in blocks(data, "mechanisms")]
    yield from twice(((("mechanisms", i, "kind"), kind) for i, kind in named), "is named already; put both into one")
    for i, entry in blocks(data, "mechanisms"):
        yield from _mechanism(i, entry, known.mechanisms)
    for i, entry in blocks(data, "interventions"):
        layer = word(entry.get("layer"))
        if layer in known.signals and not named:
            why = f"'{layer}' is a signal that only mechanisms read; name those that shall act in `mechanisms`"
            yield Fault(("interventions", i, "layer"), why)
    for i, entry in blocks(data, "crises"):
        if not entry.get("slows") and not READ_CRISES & {kind for _, kind in named}:
            why = "slows nothing: name processes in `slows`, or a mechanism that reads crises (bargain, crisis)"
            yield Fault(("crises", i, "slows") if "slows" in entry else ("crises", i), why)
    for i, entry in blocks(data, "demands"):
        asked, agreed = (block(entry.get(key)) for key in ("amount", "agreed"))
        ends = [(word(x.get("currency")), number(x.get("year"))) for x in (asked, agreed)]
        if asked and agreed and ends[0] != ends[1]:
            yield Fault(("demands", i, "agreed"), "is in another currency or of another year's prices than `amount`")
        elif asked and agreed and 0 in (number(asked.get("value")), number(agreed.get("value"))):
            yield Fault(("demands", i), "asks for nothing, or asks it of who pays nothing: a bargain needs a ratio")


def _mechanism(i: int, entry: Data, kinds: dict[str, dict[str, int]]) -> Iterator[Fault]:
    kind = word(entry.get("kind"))
    if kind is None:
        return
    if kind not in kinds:
        yield Fault(("mechanisms", i, "kind"), f"there is no mechanism '{kind}'. {hint(kind, list(kinds))}")
        return
    for name, law in block(entry.get("parameters")).items():
        loc = ("mechanisms", i, "parameters", name)
        if name not in kinds[kind]:
            yield Fault(loc, f"'{kind}' has no parameter '{name}'. {hint(str(name), list(kinds[kind]))}", at="key")
            continue
        sign, mean = kinds[kind][name], number(block(law).get("mean"))
        if mean is not None and sign * mean < 0:
            want = "zero or more" if sign > 0 else "zero or less"
            yield Fault((*loc, "mean"), f"is {mean:g}, but the sign of this parameter is imposed: {want}")
