"""Forecasts from many origins beside what happened, and beside what the baselines would have said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from latticework.evaluate import baselines, scores
from latticework.evaluate.record import FIRST, HORIZONS, HUB, PAIRS, Record
from latticework.evaluate.skill import MODEL, Judged
from latticework.evaluate.targets import Events, Levels
from latticework.types import Bool, Float, Int

COURSE, COURSES = "y1-y5", 60  # the horizon of whole courses, and how many of the past stand beside the model
THIN = 20  # non-events of dyads of which one is read to train a logit
MANY = 50_000  # training forecasts from which it is thinned
BASE, BY_CLASS, PLAIN, FULL, NOTHING = "base rate", "class rate", "plain logit", "history logit", "persistence"


@dataclass(frozen=True)
class Forecasts:
    """What was forecast at the end of a year, by target's forecast name (see the action that makes it), and its cut.

    Chances are (9, units), ensembles (p, 5, units); beside them `present` states and names of `pacts`.
    """

    year: int
    cut: int
    values: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Judge:
    """The record, and the votes that were expected at each year's end, (t s n)."""

    record: Record
    votes: Float[np.ndarray, "t s n"]

    def events(self, target: Events, horizon: str, forecasts: Sequence[Forecasts]) -> Judged | None:
        """All forecasts of a target that happens or not, at one horizon; None where nothing can be judged."""
        number = HORIZONS.index(horizon)
        task = _Task(self, target, number)
        parts = [part for made in forecasts if (part := task.judged(made)) is not None]
        if not parts:
            return None
        year, nodes, outcome, chances, members = (list(column) for column in zip(*parts, strict=True))
        joined = {name: np.concatenate([part[name] for part in chances]) for name in _shared(chances)}
        happened, size = np.concatenate(outcome), members[0]
        losses = {
            "Brier": {name: _brier(happened, chance, name, size) for name, chance in joined.items()},
            "log": {name: scores.log_loss(happened, c) for name, c in joined.items() if name != NOTHING},
        }
        if size:
            del losses["log"]  # the share of a few paths can be zero
        places = np.concatenate(nodes)
        return Judged(target.name, horizon, np.concatenate(year), places, happened, losses, joined)

    def levels(self, target: Levels, horizon: str, forecasts: Sequence[Forecasts]) -> Judged | None:
        """All forecasts of a target that moves, at one horizon."""
        lead = int(horizon[1:]) + 1  # years from the last figure known
        levels = measured(target, self.record)
        parts = [part for made in forecasts if (part := _moved(target, levels, lead, made)) is not None]
        if not parts:
            return None
        year, nodes, outcome, members, known = (list(column) for column in zip(*parts, strict=True))
        losses = [baselines.level_losses(past, now, o) for (past, now), o in zip(known, outcome, strict=True)]
        drawn, happened = np.concatenate(members), np.concatenate(outcome)
        crps = {MODEL: scores.crps(happened, drawn)}
        crps |= {name: np.concatenate([part[name] for part in losses]) for name in losses[0]}
        told = [central for central in scores.INTERVALS if (drawn.shape[1] + 1) * (1 - central) >= 2]  # others: too few
        inside = {central: scores.covered(happened, drawn, central) for central in told}
        places = np.concatenate(nodes)
        pit = scores.ranks(happened, drawn)
        return Judged(target.name, horizon, np.concatenate(year), places, happened, {"CRPS": crps}, {}, pit, inside)

    def courses(self, target: Levels, forecasts: Sequence[Forecasts]) -> Judged | None:
        """Whole courses of five years, jointly: the energy score, beside courses of the past as they were."""
        levels = measured(target, self.record)
        parts = [part for made in forecasts if (part := _course(target, levels, made)) is not None]
        if not parts:
            return None
        year, nodes, outcome, loss, other = (np.concatenate(column) for column in zip(*parts, strict=True))
        losses = {"energy": {MODEL: loss, "past courses": other}}
        return Judged(target.name, COURSE, year, nodes, outcome, losses)


class _Task:
    """One target that happens or not at one horizon: baselines are trained once per cut."""

    def __init__(self, judge: Judge, target: Events, number: int) -> None:
        self.target, self.number, self.record = target, number, judge.record
        self.outcome = target.outcomes(judge.record)[:, number]
        self.risk, self.classes = target.at_risk(judge.record), target.classes(judge.record)
        self.effects = {
            name: make(judge.record, judge.votes, number) for name, make in ((PLAIN, target.plain), (FULL, target.full))
        }
        self.lead = 1 if number < 4 else number - 3
        self.logits: dict[tuple[int, str], baselines.Logit] = {}
        self.rates: dict[int, tuple[float, np.ndarray]] = {}

    def judged(self, made: Forecasts) -> tuple | None:
        """Years, nodes, outcomes, chances by forecaster, and the number of paths if a chance is a share of them."""
        t = made.year - FIRST
        chance, members = self.of_model(made)
        kept = self.risk[t] & np.isfinite(self.outcome[t]) & np.isfinite(chance)
        if not kept.any():
            return None
        units = np.flatnonzero(kept)
        chances = {MODEL: chance[kept], **self.of_baselines(made, kept)}
        year = np.full(len(units), made.year)
        return year, nodes_of(self.target.unit, units), self.outcome[t][kept].astype(float), chances, members

    def of_model(self, made: Forecasts) -> tuple[Float[np.ndarray, "u"], int]:
        """The model's chances of all units; the rate of its class for a unit of which it says nothing."""
        values = made.values[self.target.forecast]
        if self.target.crossing is not None:
            return shares(self.target, values, made, self.record, self.lead)
        chance = np.clip(values[self.number].astype(float), 0.0, 1.0)
        if self.target.members:
            return chance, int(made.values["paths"])
        silent = (values == 0).all(axis=0)
        return np.where(silent, self.past(made.year)[1][self.classes[made.year - FIRST]], chance), 0

    def past(self, year: int) -> tuple[float, Float[np.ndarray, "c"]]:
        """The shares of events, pooled and by class, in all that was known at the end of a year."""
        if year not in self.rates:
            cells, past = self.training(year)
            by_class = baselines.class_rates(self.classes[cells], past, int(self.classes.max()) + 1)
            self.rates[year] = baselines.pooled_rate(past), by_class
        return self.rates[year]

    def of_baselines(self, made: Forecasts, kept: Bool[np.ndarray, "u"]) -> dict[str, np.ndarray]:
        """Chances of the baselines: rates of all that was known on the day, logits trained at the model's cut."""
        t, (pooled, by_class) = made.year - FIRST, self.past(made.year)
        units = np.flatnonzero(kept)
        found = {
            NOTHING: np.zeros(len(units)),
            BASE: np.full(len(units), pooled),
            BY_CLASS: by_class[self.classes[t][kept]],
        }
        here = (np.full(len(units), t), units)
        return found | {name: self.logit(name, made.cut)(self.rows(name, here)) for name in (PLAIN, FULL)}

    def logit(self, name: str, cut: int) -> baselines.Logit:
        """The logit trained on what was known at the cut."""
        if (cut, name) not in self.logits:
            cells, past = self.training(cut)
            kept, count = baselines.thinned(past, THIN if len(past) > MANY else 1)
            some = tuple(place[kept] for place in cells)
            self.logits[cut, name] = baselines.logit(self.rows(name, some), past[kept], count)
        return self.logits[cut, name]

    def rows(self, name: str, cells: tuple[np.ndarray, ...]) -> Float[np.ndarray, "r k"]:
        """The covariates of a logit at some cells (years, units)."""
        return np.stack([np.asarray(column[cells], float) for column in self.effects[name]], axis=-1)

    def training(self, year: int) -> tuple[tuple[np.ndarray, ...], Float[np.ndarray, "r"]]:
        """The cells whose outcome was known at the end of a year, and the outcomes."""
        last = max(year - self.lead - FIRST + 1, 0)
        cells = np.nonzero((self.risk & np.isfinite(self.outcome))[:last])
        return cells, self.outcome[cells].astype(float)


def shares(
    target: Events, values: np.ndarray, made: Forecasts, record: Record, lead: int
) -> tuple[Float[np.ndarray, "u"], int]:
    """Shares of paths on which a level has moved as the target says, by the record's units; NaN where not simulated."""
    if target.unit == "host":
        was, drawn = record.hosts()[made.year - FIRST], np.full((len(values), record.present.shape[1]), np.nan)
        drawn[:, np.delete(np.arange(drawn.shape[1]), HUB)] = values[:, lead - 1]
    elif target.unit == "state":
        was, drawn = np.zeros(values.shape[-1]), np.asarray(values[:, lead - 1], float)
    else:
        names = [str(name) for name in made.values["pacts"]]
        place = {name: i for i, name in enumerate(record.pacts)}
        here = [k for k, name in enumerate(names) if name in place]
        drawn = np.full((len(values), len(record.pacts)), np.nan)
        drawn[:, [place[names[k]] for k in here]] = np.nan_to_num(values[:, lead - 1][:, here])
        was = record.pact("pact_size")[made.year - FIRST]
    known = np.isfinite(drawn).all(axis=0) & np.isfinite(was)
    happened = np.zeros(len(was)) if target.crossing is None else target.crossing(was, drawn).mean(axis=0)
    return np.where(known, happened, np.nan), len(values)


def measured(target: Levels, record: Record) -> Float[np.ndarray, "t n"]:
    """A target's levels on the scale on which it is forecast."""
    values = target.levels(record)
    return target.measure(np.where(values > 0, values, np.nan) if target.measure is np.log else values)


def _course(target: Levels, levels: Float[np.ndarray, "t n"], made: Forecasts) -> tuple | None:
    """Years, nodes, changes to the fifth year, and the energy losses of the model and of past courses."""
    t, last = made.year - FIRST, made.year - FIRST - 1
    if t + 5 >= len(levels):
        return None
    drawn = made.values[target.forecast]
    drawn = target.measure(np.where(drawn > 0, drawn, np.nan) if target.measure is np.log else drawn) - levels[last]
    outcome = (levels[t + 1 : t + 6] - levels[last]).T
    kept = np.isfinite(outcome).all(axis=1) & np.isfinite(drawn).all(axis=(0, 1))
    starts = np.arange(max(last - 6 - baselines.RECENT, 0), last - 5)
    past = np.concatenate([(levels[s + 2 : s + 7] - levels[s]).T for s in starts])
    past = past[np.isfinite(past).all(axis=1)]
    if not kept.any() or len(past) < COURSES:
        return None
    past = past[np.linspace(0, len(past) - 1, COURSES).astype(int)]
    nodes, members = np.flatnonzero(kept)[:, None], np.moveaxis(drawn[..., kept], -1, 0)
    losses = (scores.energy(outcome[kept], m) for m in (members, np.broadcast_to(past, (len(nodes), COURSES, 5))))
    return np.full(len(nodes), made.year), nodes, outcome[kept, -1], *losses


def _moved(target: Levels, levels: Float[np.ndarray, "t n"], lead: int, made: Forecasts) -> tuple | None:
    """Years, nodes, changes, members less the last figure, and what the baselines know."""
    t = made.year - FIRST  # the figure of the year itself is not out
    if t + lead - 1 >= len(levels):
        return None
    drawn = made.values[target.forecast][:, lead - 2]
    if target.measure is np.log:
        drawn = np.where(drawn > 0, drawn, np.nan)
    drawn = target.measure(drawn) - levels[t - 1]
    outcome = levels[t + lead - 1] - levels[t - 1]
    kept = np.isfinite(outcome) & np.isfinite(drawn).all(axis=0)
    if not kept.any():
        return None
    known = past_changes(levels, lead, made.year - 1)
    nodes = np.flatnonzero(kept)[:, None]
    return np.full(len(nodes), made.year), nodes, outcome[kept], drawn[:, kept].T, (known, levels[t - 1][kept])


def past_changes(levels: Float[np.ndarray, "t n"], lead: int, last: int) -> baselines.Changes:
    """Changes over so many years that had ended by the end of a year, of the recent ones."""
    ends = np.arange(FIRST + lead, FIRST + len(levels))
    before, change = levels[:-lead], levels[lead:] - levels[:-lead]
    cells = baselines.recent(np.isfinite(change), ends, last)
    return baselines.Changes(before[cells].astype(float), change[cells].astype(float))


def nodes_of(unit: str, units: Int[np.ndarray, "r"]) -> Int[np.ndarray, "r m"]:
    """The states behind units: two of a dyad; the unit itself of a host or a treaty."""
    return PAIRS[units] if unit == "dyad" else units[:, None]


def _brier(outcome: np.ndarray, chance: np.ndarray, name: str, members: int) -> np.ndarray:
    return scores.fair_brier(outcome, chance, members) if members and name == MODEL else scores.brier(outcome, chance)


def _shared(chances: Sequence[Mapping[str, np.ndarray]]) -> Iterator[str]:
    """Forecasters that spoke at every origin."""
    yield from (name for name in chances[0] if all(name in part for part in chances))
