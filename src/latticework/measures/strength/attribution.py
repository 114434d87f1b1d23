"""What each layer adds to the strength of a tie: parts that add up, each from the readings of one layer.

The mean of normal states is linear in the evidence, so that the part of a layer is the mean that its evidence alone
gives under the precision of all. Evidence is averaged over the draws, and what the sampler draws beside a reading is
no evidence as far as the reading leaves it open. A grade far from its cutpoints, behind which a variable would follow
strength wherever it goes, counts for what is known of that variable (the missing information principle, Orchard and
Woodbury 1972). Events of a year count by score and information, with their own deviation left as unknown as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

import numpy as np
from scipy.special import expit

from latticework.measures.strength.families import Event, Grade, Level, Linear, Values, differenced
from latticework.measures.strength.hidden import Dynamics, Hidden, System, Ties, add_prior, add_readings
from latticework.measures.strength.items import Item, Rows
from latticework.measures.strength.posterior import Draw
from latticework.measures.strength.smoother import QUARTERS
from latticework.types import Float, Int

Record = TypeVar("Record", Item, Dynamics)


@dataclass
class Evidence:
    """Sums over draws of one layer: weight, weight times what it asks for, own deviation and its square.

    Events are added up to one reading a year, for the mean of its quarters: `rows` has these, `cell` the place of each
    event's reading among them.
    """

    rows: Rows
    cell: Int[np.ndarray, "r"]
    weight: np.ndarray
    force: np.ndarray
    own: np.ndarray
    square: np.ndarray
    carry: float = 0.0

    @staticmethod
    def of(rows: Rows) -> "Evidence":
        """No draw yet."""
        cell = np.arange(len(rows))
        if isinstance(rows.indicator.family, Event):
            rows, cell = by_year(rows)
        weight, force, own, square = (np.zeros(len(rows)) for _ in range(4))
        return Evidence(rows, cell, weight, force, own, square)

    def add(self, rows: Rows, item: Item, hidden: Hidden, own: np.ndarray) -> None:
        """Take in one draw."""
        family, values, before = rows.indicator.family, rows.values, self.rows.values.before
        eta, level = item.eta(rows, *hidden.at(rows)), item.base(rows) + item.loading[rows.patron] * hidden.mu[rows.d]
        if isinstance(family, Grade):
            weight, carry = family.precision(values, item.scale)
            target, deviation = differenced(own - level, before, carry), own - eta
            self.own += deviation
            self.square += deviation**2 / np.exp(2 * item.scale[-2])
        elif isinstance(family, Event):
            seen, mine = family.linear(values, eta, item.scale, own), own[values.year, values.dyad]
            known = np.bincount(self.cell, seen.weight, len(before))
            asked = np.bincount(self.cell, seen.weight * (seen.rest + eta + mine - level), len(before)) / known
            carry, spread = float(expit(item.scale[-1])), np.exp(2 * item.scale[-2])
            follows = before >= 0
            step = np.where(follows, spread * (1 - carry**2) + carry**2 / known[before], spread) + 1 / known
            weight, target = 1 / step, differenced(asked, before, carry)
        elif isinstance(family, Level):
            seen = family.linear(values, eta, item.scale, own)
            weight, carry, target = seen.weight, seen.carry, seen.rest + differenced(eta - level, before, seen.carry)
        else:
            raise TypeError(f"The evidence of a {type(family).__name__} is not known.")
        self.weight += weight
        self.force += weight * target
        self.carry += carry

    def mean(self, item: Item, count: int) -> Linear:
        """The average evidence; of a grade only what is known of the variable behind it."""
        weight = np.maximum(self.weight / count, 1e-12)
        target = self.force / count / weight
        if isinstance(self.rows.indicator.family, Grade):
            spread = self.square / count - (self.own / count / np.exp(item.scale[-2])) ** 2
            weight = weight * np.clip(1 - spread, 0.0, 1.0)
        return Linear(target, weight, self.carry / count)


def by_year(rows: Rows) -> tuple[Rows, Int[np.ndarray, "r"]]:
    """A layer of events as one reading a year, and the place of each event's reading among them."""
    v, (_, dyads) = rows.values, rows.values.shape
    cells, first, cell = np.unique(v.year * dyads + v.dyad, return_index=True, return_inverse=True)
    before = np.searchsorted(cells, cells - dyads)
    follows = (cells >= dyads) & (cells[before.clip(0, len(cells) - 1)] == cells - dyads)
    year, dyad = cells // dyads, cells % dyads
    values = Values(np.zeros(len(cells)), np.zeros(len(cells)), np.where(follows, before, -1), year, dyad, v.shape)
    flow = replace(rows.indicator, pace="flow")
    parts = {"era": rows.era[first], "patron": rows.patron[first], "near": rows.near[first]}
    return replace(rows, indicator=flow, t=year * QUARTERS + QUARTERS - 1, d=dyad, values=values, **parts), cell


@dataclass
class Attribution:
    """Gathers the evidence of all layers draw by draw."""

    ties: Ties
    layers: list[Evidence] = field(default_factory=list)
    variance: np.ndarray | float = 0.0
    draws: list[Draw] = field(default_factory=list)

    def add(self, hidden: Hidden, own: Sequence[np.ndarray], draw: Draw) -> None:
        """Take in one draw."""
        if not self.layers:
            self.layers = [Evidence.of(rows) for rows in self.ties.rows]
        for layer, rows, item, mine in zip(self.layers, self.ties.rows, draw.items, own, strict=True):
            layer.add(rows, item, hidden, mine)
        self.variance = self.variance + 1 / hidden.precision  # a break may lie in any of some quarters
        self.draws.append(draw)

    def parts(self) -> Float[np.ndarray, "k t d"]:
        """What each layer adds to strength, in sd."""
        ties, count = self.ties, len(self.draws)
        times, dyads = ties.quarters.first.shape
        draw = average(self.draws)
        system = System.empty(times // QUARTERS, len(ties.rows), dyads)
        still = Hidden.start(ties)
        hidden = Hidden(still.deviation, still.factor, still.mu, count / np.asarray(self.variance))
        add_prior(system, hidden, ties, draw.dynamics, None)
        for k, (item, layer) in enumerate(zip(draw.items, self.layers, strict=True)):
            add_readings(system, layer.rows, item, layer.mean(item, count), ties.dyads.patron, k, None)
        solved = system.solved()[:, :, :QUARTERS]
        return np.moveaxis(solved, 1, 0).reshape(len(ties.rows), times, dyads) / draw.spread


def average(draws: Sequence[Draw]) -> Draw:
    """The mean of draws of what dyads share, parameter by parameter."""
    items = tuple(_mean([draw.items[k] for draw in draws]) for k in range(len(draws[0].items)))
    centre, spread = (float(np.mean([getattr(draw, name) for draw in draws])) for name in ("centre", "spread"))
    return Draw(items, _mean([draw.dynamics for draw in draws]), centre, spread)


def _mean(records: Sequence[Record]) -> Record:
    """A record of numbers and arrays with the mean of each."""
    means = {f.name: np.mean([getattr(r, f.name) for r in records], axis=0) for f in fields(records[0])}
    return replace(records[0], **{name: float(m) if m.ndim == 0 else m for name, m in means.items()})
