"""What the futures say: a chance or number, the difference that a branch makes, what a lever buys, what varies most."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from latticework.audit.base import CAUSAL, USUAL, Compared, Found, MissingEvidenceError
from latticework.audit.evidence import Evidence
from latticework.audit.future import Future, Read
from latticework.measures.chances import around, by_draw, monte_carlo_se, spread_by_draw
from latticework.measures.contrast import CLEAR
from latticework.scenario.fields import Day, Slug, Words

State = Annotated[str, Field(strict=True, min_length=3)]  # a state, a dyad or a group, as in JPN-KOR-USA


class Simulated(Compared):
    """What all of them name: a quantity of the outlook, whose, on which branch, by which day."""

    past: ClassVar[bool] = False
    needs_run: ClassVar[bool] = True
    quantity: Words
    of: State
    branch: Slug
    by: Day | None = None


class Forecast(Simulated):
    """The chance of an event by a day, or the median of a number on it; with `change`, less its first value."""

    test: Literal["forecast"]
    change: Annotated[bool, Field(strict=True)] = False

    def found(self, evidence: Evidence) -> Found:
        """The number; the band of a chance is that over draws and of counting paths, that of a number over paths."""
        future = evidence.simulated()
        read = future.read(self.quantity, self.of, self.branch, self.by)
        origin, badge = _rests(future, evidence, [self.branch], read)
        note = f"{self.quantity} of {self.of} on '{self.branch}' by {self.by or 'the end'}"
        note += f"; {len(read.values):,} paths, {len(np.unique(read.draw))} draws"
        if read.event:
            share = read.values.mean()
            error = monte_carlo_se(read.values, read.draw)
            lower, upper = map(float, around(share, read.by_draw, error, len(read.values)))
            note += f", Monte Carlo error {error:.3f}"
            return Found(float(share), lower, upper, "chance", origin, badge, note, USUAL)
        if self.change and read.start != read.start:
            raise MissingEvidenceError(f"the run has no first value of '{self.quantity}' for {self.of}")
        values = read.values - (read.start if self.change else 0.0)
        lower, value, upper = np.quantile(values, ((1 - USUAL) / 2, 0.5, (1 + USUAL) / 2))
        return Found(float(value), float(lower), float(upper), read.unit, origin, badge, note, USUAL)


class Contrast(Simulated):
    """The mean difference that a branch makes against another, path by path on the same random numbers."""

    test: Literal["contrast"]
    against: Slug

    def found(self, evidence: Evidence) -> Found:
        """The difference; a difference that noise could make has a band of at least two Monte Carlo errors."""
        future = evidence.simulated()
        value, draws, error, unit, reads = _difference(self, future)
        lower, upper = _band(value, draws, error)
        origin, badge = _rests(future, evidence, [self.branch, self.against], reads[0], caused=True)
        note = f"{self.quantity} of {self.of} by {self.by or 'the end'}: '{self.branch}' less '{self.against}'"
        note += f"; {len(reads[0].values):,} paired paths, Monte Carlo error {error:.2g}"
        return Found(value, lower, upper, unit, origin, badge, note, CAUSAL)


class Recommendation(Simulated):
    """What a lever changes and at what cost: its branch against another, and in which share of draws the sign holds."""

    test: Literal["recommendation"]
    against: Slug
    cost: Words

    def found(self, evidence: Evidence) -> Found:
        """The difference, with how often its sign survives the draws of parameters and assumptions."""
        future = evidence.simulated()
        value, draws, error, unit, reads = _difference(self, future)
        lower, upper = _band(value, draws, error)
        origin, badge = _rests(future, evidence, [self.branch, self.against], reads[0], caused=True)
        kept = float(np.mean([self.region().holds(x) for x in draws]))
        note = f"'{self.branch}' less '{self.against}', {self.quantity} of {self.of} by {self.by or 'the end'}"
        note += f"; as claimed in {100 * kept:.0f} % of {len(draws)} draws; cost: {self.cost}"
        return Found(value, lower, upper, unit, origin, badge, note, CAUSAL)


class Variance(Compared):
    """The share of a quantity's variance that lies between two branches, as likely as each other."""

    past: ClassVar[bool] = False
    needs_run: ClassVar[bool] = True
    test: Literal["variance"]
    quantity: Words
    of: State
    branch: Slug
    against: Slug
    by: Day | None = None

    def found(self, evidence: Evidence) -> Found:
        """Var(E[Y | branch]) / Var(Y), with its band over draws drawn with replacement."""
        future = evidence.simulated()
        reads = [future.read(self.quantity, self.of, branch, self.by) for branch in (self.branch, self.against)]
        moments = [np.stack([by_draw(r.values**k, r.draw) for k in (1, 2)], 1) for r in reads]
        count = len(moments[0])
        weights = np.random.default_rng(1).multinomial(count, np.full(count, 1 / count), size=999) / count
        lower, upper = np.quantile(_between(*(weights @ m for m in moments)), ((1 - USUAL) / 2, (1 + USUAL) / 2))
        value = float(_between(*(m.mean(0) for m in moments)))
        lower, upper = min(float(lower), value), max(float(upper), value)  # drawn anew it is a little larger: bias
        origin, badge = _rests(future, evidence, [self.branch, self.against], reads[0], caused=True)
        note = f"{self.quantity} of {self.of} by {self.by or 'the end'}: variance between '{self.branch}' and "
        note += f"'{self.against}' over that of all paths"
        return Found(value, lower, upper, "share of variance", origin, badge, note, USUAL)


def _between(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    means = np.stack([one[..., 0], other[..., 0]])
    within = np.stack([one[..., 1], other[..., 1]]) - means**2
    between = means.var(axis=0)
    whole = between + within.mean(axis=0)
    return np.divide(between, whole, out=np.zeros_like(np.asarray(whole)), where=whole > 0)


def _difference(
    test: Contrast | Recommendation, future: Future
) -> tuple[float, np.ndarray, float, str, tuple[Read, Read]]:
    """The mean paired difference, that of each draw, its Monte Carlo error, its unit, and what was read."""
    one, other = (future.read(test.quantity, test.of, branch, test.by) for branch in (test.branch, test.against))
    paired = one.values - other.values
    value, draws = float(paired.mean()), _by_draw(one, other, paired)
    return value, draws - draws.mean() + value, float(monte_carlo_se(paired, one.draw)), one.unit, (one, other)


def _by_draw(one: Read, other: Read, paired: np.ndarray) -> np.ndarray:
    if one.event:
        return one.by_draw - other.by_draw
    return spread_by_draw(paired, one.draw)


def _band(value: float, draws: np.ndarray, error: float) -> tuple[float, float]:
    """The band of the difference over draws, and no narrower than what another seed could change."""
    lower, upper = np.quantile(draws, ((1 - CAUSAL) / 2, (1 + CAUSAL) / 2))
    noise = CLEAR * error if error == error else 0.0
    return min(float(lower), value - noise), max(float(upper), value + noise)


def _rests(
    future: Future, evidence: Evidence, branches: list[str], read: Read, caused: bool = False
) -> tuple[str, str]:
    """Origin and badge: assumed if an assumption acts on the quantity directly, else what the process rests on.

    A difference between branches that no assumption makes directly is carried on by estimates: mixed.
    """
    if any(future.direct(branch, read) for branch in branches):
        return "estimated, assumed", "assumed"
    if caused:
        return "estimated, assumed", "mixed"
    badges = [r.badge for p in read.process.split("+") for r in evidence.posterior.estimate(p).records]
    share = sum(b == "data-driven" for b in badges) / max(len(badges), 1)
    return "estimated", "data-driven" if share > 0.5 else "mixed"
