"""The four tables of an explanation: variance, drivers, tornado and flips of every headline and of every difference."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from latticework.explain.drivers import change
from latticework.explain.headlines import OBJECTIVES, OF_TIES, Headline
from latticework.explain.ids import number_id
from latticework.explain.shares import MOSTLY, Beside, Moments, shares
from latticework.explain.sizes import Drawn
from latticework.explain.tornado import CLEAR, Line, bar, flip, largest, line
from latticework.explain.variants import ONLY, Variant
from latticework.measures.chances import by_draw
from latticework.types import Float

MOSTLY_ASSUMPTION = "mostly assumption"
Values = Mapping[str, Mapping[str, Float[np.ndarray, "_"]]]  # branch, then stem of a headline: a number per path


@dataclass(frozen=True)
class Paired:
    """Runs on the first paths of an ensemble with the same random numbers: numbers per path by branch and headline.

    `varied` are the branches as they are, `at_means` with every size at its mean, `start_held` with one start of ties
    in place of its draws; `variants` are named by `Variant.id`. What was not run is empty.
    """

    varied: Values = field(default_factory=dict)
    at_means: Values = field(default_factory=dict)
    start_held: Values = field(default_factory=dict)
    variants: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Explanation:
    """The tables of an explanation, each with the ids of its numbers."""

    variance: pd.DataFrame
    drivers: pd.DataFrame
    tornado: pd.DataFrame
    flips: pd.DataFrame

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """By name, those that have rows."""
        found = {name: getattr(self, name) for name in ("variance", "drivers", "tornado", "flips")}
        return {name: table for name, table in found.items() if len(table)}


@dataclass(frozen=True)
class _Number:
    """A headline in a branch, or the difference of two branches (`against`): `values` per path."""

    of: Headline
    branch: str
    against: str
    day: str
    values: np.ndarray

    @property
    def key(self) -> dict[str, str]:
        return {
            "id": number_id(self.of.quantity, self.of.unit_of, self.day, self.branch, self.against),
            "quantity": self.of.quantity,
            "of": self.of.unit_of,
            "date": self.day,
            "branch": self.branch,
            "against": self.against,
            "unit": self.of.unit,
        }

    def read(self, values: Values) -> np.ndarray | None:
        """The same number on the paths of a paired run."""
        if self.branch not in values or (self.against and self.against not in values):
            return None
        mine = values[self.branch].get(self.of.stem)
        if mine is None or not self.against:
            return mine
        return mine - values[self.against][self.of.stem]

    @property
    def by_draw(self) -> bool:
        """Whether the band that is told is that over draws."""
        return self.of.by_draw or bool(self.against)


def explained(
    found: Sequence[Headline],
    branches: Sequence[str],
    day: str,
    sizes: Sequence[Drawn] = (),
    asked: Sequence[Variant] = (),
    paired: Paired | None = None,
) -> Explanation:
    """The explanation of the headlines of branches on the last day, from the ensemble and what was run beside it."""
    beside = paired or Paired()
    numbers = list(_numbers(found, branches, day))
    lines = {id(n): _fit(n, sizes) for n in numbers}
    return Explanation(
        variance=pd.DataFrame(_variance(n, beside) for n in numbers),
        drivers=pd.DataFrame(row for n in numbers if n.against for row in _drivers(n, asked, beside)),
        tornado=pd.DataFrame(row for n in numbers for row in _bars(n, *lines[id(n)], beside)),
        flips=pd.DataFrame(
            [row for n in numbers if n.against for row in _flips(n, *lines[id(n)])]
            + [row for h in found for row in _preferred(h, branches, day, sizes)]
        ),
    )


def _numbers(found: Sequence[Headline], branches: Sequence[str], day: str) -> Iterator[_Number]:
    for h in found:
        for b, branch in enumerate(branches):
            yield _Number(h, branch, "", day, h.values[b])
        for b, branch in enumerate(branches[1:], 1):
            yield _Number(h, branch, branches[0], day, h.values[b] - h.values[0])


def _variance(n: _Number, beside: Paired) -> dict[str, Any]:
    """The shares of a number's band, and the words that a headline must carry."""
    draw = n.of.draw

    def moments(values: np.ndarray | None) -> Moments | None:
        return None if values is None else Moments.of(values, draw[: len(values)])

    whole = Moments.of(n.values, n.of.all_drawn)
    start = n.read(beside.start_held) if n.of.quantity in OF_TIES else None
    runs = (n.read(beside.varied), n.read(beside.at_means), start)
    found = shares(whole, Beside(*map(moments, runs)))
    told = found.of_draws if n.by_draw else found.assumption
    return {
        **n.key,
        "mean": float(n.values.mean()),
        "sd": float(np.sqrt(found.total)),
        **found._asdict(),
        "band": "draws" if n.by_draw else "paths",
        "assumption_of_band": told,
        "says": MOSTLY_ASSUMPTION if told > MOSTLY else "",
        "paths": len(n.values),
        "draws": len(np.unique(draw)),
        "origin": "estimated, assumed",
    }


def _drivers(n: _Number, asked: Sequence[Variant], beside: Paired) -> Iterator[dict[str, Any]]:
    """The difference, and what of it each intervention or process makes."""
    if n.read(beside.varied) is None:
        return
    stem = n.of.stem
    for one in (v for v in asked if v.branch == n.branch and v.id in beside.variants):
        there = beside.variants[one.id].get(stem)
        if there is None:  # without it the number cannot even come about
            continue
        few = len(there)  # the paths that a variant was played on
        mine, base = (beside.varied[b][stem][:few] for b in (n.branch, n.against))
        part = change(*((there, base) if one.kind == ONLY else (mine, there)), n.of.draw[:few])
        yield {
            **n.key,
            "kind": one.kind,
            "what": one.what,
            "difference": float((mine - base).mean()),
            "makes": part.mean,
            "lower": part.mean - CLEAR * part.se,
            "upper": part.mean + CLEAR * part.se,
            "mc_se": part.se,
            "clear": part.clear,
            "says": "" if part.clear else "nothing",
            "paths": few,
            "origin": "estimated, assumed",
        }


def _acting(n: _Number, sizes: Sequence[Drawn]) -> list[Drawn]:
    """The sizes that act in a branch of the number."""
    return [size for size in sizes if {n.branch, n.against} & set(size.of.branches)]


def _fit(n: _Number, sizes: Sequence[Drawn]) -> tuple[Line | None, list[Drawn]]:
    acting = _acting(n, sizes)
    return (line(by_draw(n.values, n.of.draw), acting) if acting else None), acting


def _bars(n: _Number, fit: Line | None, acting: list[Drawn], beside: Paired) -> Iterator[dict[str, Any]]:
    """The five largest assumptions."""
    held = n.read(beside.at_means)
    if fit is None:
        return
    for rank, k in enumerate(largest(fit), 1):
        size, (low, high) = acting[k].of, bar(fit, k)
        slope_se = float(fit.slope_se[k])
        yield {
            **n.key,
            "rank": rank,
            "assumption": size.id,
            "process": size.process,
            "size_mean": size.mean,
            "size_sd": size.sd,
            "size_unit": size.unit,
            "at_10": low,
            "at_90": high,
            "slope_se": slope_se,
            "clear": bool(abs(fit.slope[k]) > CLEAR * slope_se),
            "at_means": fit.value,
            "at_means_se": fit.value_se,
            "at_means_run": float(held.mean()) if held is not None else np.nan,
            "r2": fit.r2,
            "origin": "assumed",
        }


def _flips(n: _Number, fit: Line | None, acting: list[Drawn]) -> Iterator[dict[str, Any]]:
    """Where the sign of a difference changes along each size."""
    if fit is not None:
        yield from ({**n.key, "flips": "sign", "prefers": "", **_at(fit, k, size)} for k, size in enumerate(acting))


def _preferred(h: Headline, branches: Sequence[str], day: str, sizes: Sequence[Drawn]) -> Iterator[dict[str, Any]]:
    """Where another branch than the best by an objective becomes better, along each size."""
    better = OBJECTIVES.get(h.stem.split(":")[0])
    if better is None or len(branches) < 2:
        return
    levels = [_fit(_Number(h, b, "", day, h.values[i]), sizes) for i, b in enumerate(branches)]
    at_means = [better * (fit.value if fit else h.values[i].mean()) for i, (fit, _) in enumerate(levels)]
    best = int(np.argmax(at_means))
    for b, branch in enumerate(branches):
        if b == best:
            continue
        n = _Number(h, branches[best], branch, day, h.values[best] - h.values[b])
        fit, acting = _fit(n, sizes)
        if fit is not None:
            key = {**n.key, "flips": "preferred branch", "prefers": branches[best]}
            yield from ({**key, **_at(fit, k, size)} for k, size in enumerate(acting))


def _at(fit: Line, k: int, size: Drawn) -> dict[str, Any]:
    found = flip(fit, k)
    return {
        "assumption": size.of.id,
        "size_at": size.of.mean + found.at * size.of.sd,
        "size_unit": size.of.unit,
        "sd_from_mean": found.at,
        "lower": found.at - CLEAR * found.se,
        "upper": found.at + CLEAR * found.se,
        "says": found.says,
        "origin": "assumed",
    }
