"""Skill is what a forecast gains on a baseline, with an interval from resampling years and states, never dyads."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from latticework.evaluate import scores
from latticework.types import Bool, Float, Int

MODEL = "model"
REPLICATES = 200
FEWER = 40  # for scores that need sorting
RANKED = ("q1", "y1")  # horizons at which forecasts are ranked
IN_BLOCKS = ("q1", "y1", "y3", "y5", "y1-y5")  # at which origins early and late are told apart
CENTRAL = 0.9  # of the intervals of skill
BLOCKS = {"all": (1990, 2100), "to 2004": (1990, 2004), "from 2005": (2005, 2100)}
FEWEST_EVENTS = 5  # in a block, for a skill to be worth a number
COLUMNS = ["target", "horizon", "block", "score", "baseline", "value", "skill", "lower", "upper", "n", "events"]


@dataclass(frozen=True)
class Judged:
    """Forecasts of one target at one horizon beside what happened, r of them.

    `year` is the origin's; `nodes` (r, 1 or 2) are the states behind a forecast (or the treaty, which counts once),
    `outcome` what happened and `losses` the forecasters' losses by score, such as losses["brier"]["model"].
    `chances` holds the chances of events; for levels `pit` and `inside` (by interval) say how sharp and how right.
    """

    target: str
    horizon: str
    year: Int[np.ndarray, "r"]
    nodes: Int[np.ndarray, "r m"]
    outcome: Float[np.ndarray, "r"]
    losses: Mapping[str, Mapping[str, Float[np.ndarray, "r"]]]
    chances: Mapping[str, Float[np.ndarray, "r"]] = field(default_factory=dict)
    pit: Float[np.ndarray, "r"] | None = None
    inside: Mapping[float, Bool[np.ndarray, "r"]] = field(default_factory=dict)

    def between(self, first: int, last: int) -> "Judged":
        """The forecasts from the origins of some years."""
        kept = (self.year >= first) & (self.year <= last)

        def cut(values: Mapping) -> dict:
            return {name: value[kept] for name, value in values.items()}

        losses = {score: cut(of) for score, of in self.losses.items()}
        pit = None if self.pit is None else self.pit[kept]
        parts = (self.year[kept], self.nodes[kept], self.outcome[kept])
        return Judged(self.target, self.horizon, *parts, losses, cut(self.chances), pit, cut(self.inside))

    @property
    def events(self) -> int:
        """How many events there were; for levels how many outcomes."""
        return int(self.outcome.sum()) if self.chances else len(self.outcome)


def skills(judged: Judged, seed: int = 1) -> list[dict[str, object]]:
    """Records of skill: every block, score and baseline, with the central 90 % of the resampled skills."""
    out = []
    for block, (first, last) in BLOCKS.items():
        part = judged.between(first, last)
        if len(part.year) == 0 or (block != "all" and judged.horizon not in IN_BLOCKS):
            continue
        head = {"target": part.target, "horizon": part.horizon, "block": block}
        tail = {"n": len(part.year), "events": part.events}
        enough = part.events >= FEWEST_EVENTS
        for score, losses in part.losses.items():
            totals = resampled(part, losses, seed)
            for baseline in losses:
                if baseline == MODEL:
                    continue
                with np.errstate(invalid="ignore", divide="ignore"):  # a replicate without its only state
                    drawn = 1 - totals[MODEL] / totals[baseline]
                skill = 1 - losses[MODEL].mean() / losses[baseline].mean() if enough else np.nan
                numbers = _numbers(losses[MODEL].mean(), skill, drawn if enough else drawn * np.nan)
                out.append({**head, "score": score, "baseline": baseline, **numbers, **tail})
        if part.chances and enough and part.horizon in RANKED:
            out += [{**head, **row, **tail} for row in _ranked(part, seed)]
    return out


def resampled(judged: Judged, losses: Mapping[str, np.ndarray], seed: int) -> dict[str, Float[np.ndarray, "b"]]:
    """Sums of losses in replicates that draw years and states with replacement; a dyad counts by both its states."""
    years, year = np.unique(judged.year, return_inverse=True)
    states, place = np.unique(judged.nodes, return_inverse=True)
    place = place.reshape(judged.nodes.shape)
    first = place[:, 0]
    second = place[:, 1] if judged.nodes.shape[1] > 1 else np.full(len(first), len(states))
    by_year, by_state = _weights(len(years), len(states), REPLICATES, seed)
    by_state = np.concatenate([by_state, np.ones((REPLICATES, 1))], axis=1)
    found, size = {}, len(states) + 1
    for name, loss in losses.items():
        cells = np.bincount((year * size + first) * size + second, loss, len(years) * size * size)
        half = cells.reshape(-1, size) @ by_state.T
        rows = half.reshape(len(years), size, REPLICATES) * by_state.T
        found[name] = (rows.sum(axis=1) * by_year.T).sum(axis=0)
    return found


def _weights(years: int, states: int, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """How often each year and each state is drawn, per replicate."""
    generator = np.random.default_rng(seed)
    by_year, by_state = (generator.multinomial(n, np.full(n, 1 / n), count).astype(float) for n in (years, states))
    return by_year, by_state


def _ranked(judged: Judged, seed: int) -> list[dict[str, object]]:
    """Areas under the precision-recall curve: the model's, and its gain on each baseline's."""
    years, year = np.unique(judged.year, return_inverse=True)
    states, place = np.unique(judged.nodes, return_inverse=True)
    place = place.reshape(judged.nodes.shape)
    by_year, by_state = _weights(len(years), len(states), FEWER, seed)
    weights = [w[year] * v[place].prod(axis=1) for w, v in zip(by_year, by_state, strict=True)]
    drawn, areas = {}, {}
    for name, chance in judged.chances.items():
        area = scores.precision_recall_of(judged.outcome, chance)
        areas[name], drawn[name] = area(np.ones(len(chance))), np.array([area(weight) for weight in weights])
    rows = []
    for name, area in areas.items():
        if name != MODEL:
            skill = (areas[MODEL] - area) / (1 - area)
            with np.errstate(invalid="ignore", divide="ignore"):  # a replicate of events alone
                gains = (drawn[MODEL] - drawn[name]) / (1 - drawn[name])
            rows.append({"score": "PR-AUC", "baseline": name, **_numbers(areas[MODEL], skill, gains)})
    return rows


def _numbers(value: float, skill: float, drawn: Float[np.ndarray, "b"]) -> dict[str, float]:
    known = drawn[np.isfinite(drawn)]
    tail = (1 - CENTRAL) / 2
    lower, upper = np.quantile(known, [tail, 1 - tail]) if len(known) else (np.nan, np.nan)
    return {"value": float(value), "skill": float(skill), "lower": float(lower), "upper": float(upper)}
