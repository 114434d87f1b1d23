"""The four tables of an explanation: variance, drivers, tornado and flips of every headline and of every difference."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from latticework.explain.drivers import CLEAR, change
from latticework.explain.headlines import OBJECTIVES, Headline
from latticework.explain.ids import number_id
from latticework.explain.shares import MOSTLY, SURE, shares
from latticework.explain.sizes import Drawn
from latticework.explain.tornado import NO_FLIP, Line, bar, flip, largest, line
from latticework.explain.variants import INHERITED, ONLY, Variant
from latticework.measures.chances import by_draw
from latticework.types import Float

MOSTLY_ASSUMPTION = "mostly assumption"
NOTHING = "not told from nothing"
Values = Mapping[str, Mapping[str, Float[np.ndarray, "_"]]]  # variant, then stem of a headline: a number per path


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

    @property
    def by_draw(self) -> bool:
        """Whether the band that is told is that over draws."""
        return self.of.by_draw or bool(self.against)

    def acting(self, sizes: Sequence[Drawn]) -> list[Drawn]:
        """The sizes that act in a branch of the number."""
        return [size for size in sizes if {self.branch, self.against} & set(size.of.branches)]


def explained(
    found: Sequence[Headline],
    branches: Sequence[str],
    day: str,
    sizes: Sequence[Drawn] = (),
    asked: Sequence[Variant] = (),
    played: Values | None = None,
) -> Explanation:
    """The explanation of the headlines of branches on the last day.

    `sizes` are those that were drawn for the ensemble that the headlines are of; `played` has the headlines of variants
    of its branches on its first paths and its random numbers, by `Variant.id`.
    """
    numbers = [n for n in _numbers(found, branches, day) if np.isfinite(n.values).all() and np.ptp(n.values) > 0]
    fits = [(n, *_fit(n, sizes)) for n in numbers]
    return Explanation(
        variance=pd.DataFrame(_variance(n, acting) for n, _, acting in fits),
        drivers=pd.DataFrame(r for n in numbers if n.against for r in _drivers(n, branches, asked, played or {})),
        tornado=pd.DataFrame(row for n, fit, acting in fits if fit for row in _bars(n, fit, acting)),
        flips=pd.DataFrame(
            [row for n, fit, acting in fits if fit and n.against for row in _flips(n, fit, acting)]
            + [row for h in found for row in _preferred(h, branches, day, sizes)]
        ),
    )


def _numbers(found: Sequence[Headline], branches: Sequence[str], day: str) -> Iterator[_Number]:
    for h in found:
        for b, branch in enumerate(branches):
            yield _Number(h, branch, "", day, h.values[b])
        for b, branch in enumerate(branches[1:], 1):
            yield _Number(h, branch, branches[0], day, h.values[b] - h.values[0])


def _fit(n: _Number, sizes: Sequence[Drawn]) -> tuple[Line | None, list[Drawn]]:
    acting = n.acting(sizes)
    return line(by_draw(n.values, n.of.draw), acting), acting


def _variance(n: _Number, acting: list[Drawn]) -> dict[str, Any]:
    """The shares of a number's band, and the words that a headline must carry."""
    draws = int(n.of.draw.max()) + 1
    sizes = np.column_stack([np.zeros((draws, 0)), *(size.normal[:draws] for size in acting)])
    found = shares(n.values, n.of.draw, sizes, n.of.start)
    told, se = (found.of_draws, found.of_draws_se) if n.by_draw else (found.assumption, found.assumption_se)
    whole = change(n.values, np.zeros_like(n.values), n.of.draw)
    mostly = told > MOSTLY and se < SURE and (whole.clear or not n.against)
    return {
        **n.key,
        "mean": whole.mean,
        "mc_se": whole.se,
        "clear": whole.clear,
        "sd": float(np.sqrt(found.total)),
        **found._asdict(),
        "band": "draws" if n.by_draw else "paths",
        "assumption_of_band": told,
        "assumption_of_band_se": se,
        "says": MOSTLY_ASSUMPTION if mostly else "",
        "paths": len(n.values),
        "draws": len(np.unique(n.of.draw)),
        "origin": "estimated, assumed",
    }


def _drivers(n: _Number, branches: Sequence[str], asked: Sequence[Variant], played: Values) -> Iterator[dict[str, Any]]:
    """The difference, and what of it each intervention or process makes, or the branch that it extends."""
    whole, base = (n.of.values[list(branches).index(b)] for b in (n.branch, n.against))
    for one in (v for v in asked if v.branch == n.branch):
        there = n.of.values[list(branches).index(one.same)] if one.same else played.get(one.id, {}).get(n.of.stem)
        if there is None:  # it was not played, or without it the number cannot even come about
            continue
        few = len(there)  # the paths that a variant was played on
        apart = (there, base[:few]) if one.kind in (ONLY, INHERITED) else (whole[:few], there)
        part = change(*apart, n.of.draw[:few])
        yield {
            **n.key,
            "kind": one.kind,
            "what": one.what,
            "difference": float((whole - base)[:few].mean()),
            "makes": part.mean,
            "lower": part.mean - CLEAR * part.se,
            "upper": part.mean + CLEAR * part.se,
            "mc_se": part.se,
            "clear": part.clear,
            "says": "" if part.clear else NOTHING,
            "paths": few,
            "origin": "estimated, assumed",
        }


def _bars(n: _Number, fit: Line, acting: list[Drawn]) -> Iterator[dict[str, Any]]:
    """The five largest assumptions."""
    for rank, k in enumerate(largest(fit), 1):
        drawn = acting[fit.which[k]]
        low, high = bar(fit, k, drawn)
        yield {
            **n.key,
            "rank": rank,
            "assumption": drawn.of.id,
            "process": drawn.of.process,
            "size_mean": drawn.of.mean,
            "size_sd": drawn.of.sd,
            "size_unit": drawn.of.unit,
            "at_10": low,
            "at_90": high,
            "slope_se": float(fit.slope_se[k]),
            "clear": bool(fit.clear[k]),
            "at_means": fit.value,
            "at_means_se": fit.value_se,
            "r2": fit.r2,
            "origin": "assumed",
        }


def _flips(n: _Number, fit: Line, acting: list[Drawn]) -> Iterator[dict[str, Any]]:
    """Where the sign of a difference changes along each size that moves it clearly."""
    for k in np.flatnonzero(fit.clear).tolist():
        yield {**n.key, "flips": "sign", "prefers": "", **_at(n, fit, k, acting)}


def _preferred(h: Headline, branches: Sequence[str], day: str, sizes: Sequence[Drawn]) -> Iterator[dict[str, Any]]:
    """Where another branch than the best by an objective becomes better, along each size that moves that clearly.

    One row without a size for a branch that no size can make better.
    """
    better = OBJECTIVES.get(h.stem.split(":")[0])
    if better is None or len(branches) < 2:
        return
    best = int(np.argmax(better * h.values.mean(axis=1)))
    for b, branch in enumerate(branches):
        if b == best:
            continue
        n = _Number(h, branches[best], branch, day, h.values[best] - h.values[b])
        key = {**n.key, "flips": "preferred branch", "prefers": branches[best]}
        fit, acting = _fit(n, sizes)
        found = [_at(n, fit, k, acting) for k in np.flatnonzero(fit.clear).tolist()] if fit else []
        apart = change(h.values[best], h.values[b], h.draw)
        none = {"says": NO_FLIP if apart.clear else NOTHING, "origin": "assumed"}
        yield from ({**key, **row} for row in (found or [none]))


def _at(n: _Number, fit: Line, k: int, acting: list[Drawn]) -> dict[str, Any]:
    found, size = flip(fit, k, by_draw(n.values, n.of.draw), acting), acting[fit.which[k]].of
    return {
        "assumption": size.id,
        "size_at": size.mean + found.at * size.sd,
        "size_unit": size.unit,
        "sd_from_mean": found.at,
        "lower": found.at - CLEAR * found.se,
        "upper": found.at + CLEAR * found.se,
        "says": found.says,
        "origin": "assumed",
    }
