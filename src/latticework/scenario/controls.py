"""Controls are a scenario as numbers: what is added to which process, which layer is set, step by step."""

from collections.abc import Mapping, Sequence
from datetime import date

import equinox as eqx
import numpy as np

from latticework.scenario.calendar import Steps, quarter_before, quarter_steps
from latticework.scenario.contingency import Contingency
from latticework.scenario.interventions import Fading
from latticework.scenario.rules import WHOLE, compile_contingencies
from latticework.scenario.schema import Clamp, Event, Scenario, Set, Shift
from latticework.scenario.units import (
    CLAMPED,
    DIRECTED,
    HISTORY,
    SUREST,
    AnyArray,
    built,
    mask,
    scale,
    scale_name,
    spread,
)
from latticework.types import Float

BARGAIN, DEMAND = "bargain", "demand"  # the mechanism that reads demands, and the layer in which it does


class Controls(eqx.Module):
    """What a scenario does to the world, step by step.

    Shapes: s steps, a assumptions (per process), u = n for states or n n for dyads; float32. `shift` (a s *u) is added
    to the linear predictor of a process per unit of assumption size (for a drift: to its velocity per year); sizes are
    drawn N(mean, sd) once per posterior draw, `mean` and `sd` (a). `hazard` (s *u) is an extra hazard per year.
    `layers` (s *u) is a value set at the start of the step, NaN where it is left to the processes; `hold` (s *u) the
    part of the way to it that the step goes, for layers whose setting builds up or fades. `contingencies` act on some
    paths only. All branches of a scenario give the same keys and shapes (an assumption that a branch does not
    make has mean and sd 0, a contingency falls to no path), so that they run through one compiled program with the same
    random numbers.
    """

    shift: dict[str, Float[AnyArray, "..."]]
    mean: dict[str, Float[AnyArray, "..."]]
    sd: dict[str, Float[AnyArray, "..."]]
    hazard: dict[str, Float[AnyArray, "..."]]
    layers: dict[str, Float[AnyArray, "..."]]
    contingencies: tuple[Contingency, ...] = ()
    hold: dict[str, Float[AnyArray, "..."]] = eqx.field(default_factory=dict)

    @classmethod
    def none(cls) -> "Controls":
        """Controls that change nothing."""
        return cls({}, {}, {}, {}, {})


def steps(scenario: Scenario) -> Steps:
    """The steps of a scenario: to the end of the baseline's quarter, then calendar quarters."""
    return quarter_steps(scenario.baseline, scenario.quarters)


def needed_scales(scenario: Scenario) -> tuple[str, ...]:
    """The scales that `compile_branch` needs for this scenario, such as `alignment:turnover_shift`, sorted."""
    shifts = [entry for entry in scenario.interventions if isinstance(entry, Shift)]
    pushes = [*shifts, *(slowed for crisis in scenario.crises for slowed in crisis.slows)]
    named = {scale_name(push.process, push.unit) for push in pushes if push.unit in HISTORY}
    return tuple(sorted(named | ({scale_name("alignment", WHOLE)} if scenario.successions else set())))


def compile_branch(
    scenario: Scenario, branch: str, codes: Sequence[str], grid: Steps, scales: Mapping[str, float]
) -> Controls:
    """The controls of one branch for the states `codes` (the order of the arrays) on the steps of `grid`.

    `scales` gives the size of one unit, in points of the process's linear predictor, under the names of
    `needed_scales`: `alignment:turnover_shift` (one standard deviation of the shifts that followed past changes of
    leader) and `PROCESS:history_sd` (one standard deviation of the historical differences between states in log
    hazard). Raises UnknownNameError for a branch or state that does not exist, InputError for a scale that is missing.
    """
    chosen = {entry.id for entry in scenario.interventions_of(branch)}
    shifts = [entry for entry in scenario.made_somewhere() if isinstance(entry, Shift)]
    clamps = [entry for entry in scenario.made_somewhere() if isinstance(entry, Clamp)]
    layers, hold = _layers(scenario, branch, chosen, codes, grid)
    rows: dict[str, list[np.ndarray]] = {}
    sizes: dict[str, list[tuple[float, float]]] = {}
    for entry in (*shifts, *clamps):
        is_shift = isinstance(entry, Shift)
        course = _shift_course(entry, grid, scales) if is_shift else _clamp_course(entry, grid)
        mean, sd = (entry.size.mean, entry.size.sd) if is_shift else (1.0, 0.0)
        rows.setdefault(entry.process, []).append(spread(course, mask(entry.on, codes)))
        sizes.setdefault(entry.process, []).append((mean, sd) if entry.id in chosen else (0.0, 0.0))
    return Controls(
        shift={name: np.stack(rows[name]) for name in rows},
        mean={name: np.array([mean for mean, _ in pairs], dtype=np.float32) for name, pairs in sizes.items()},
        sd={name: np.array([sd for _, sd in pairs], dtype=np.float32) for name, pairs in sizes.items()},
        hazard=dict(_hazards(scenario, chosen, codes, grid)),
        layers=dict(layers),
        contingencies=compile_contingencies(scenario, branch, codes, grid, scales),
        hold=dict(hold),
    )


def _shift_course(entry: Shift, grid: Steps, scales: Mapping[str, float]) -> np.ndarray:
    """What one unit of a shift adds in each step (s,): its share of the step, built up by the onset, then fading.

    A size that is a whole way is a velocity: the sum of velocity times `dt` is the size asked.
    """
    moved = _acted(entry, grid)
    if entry.unit == WHOLE:
        moved = moved / moved.sum()
    return scale(entry.process, entry.unit, scales, entry.id) * moved / grid.dt


def _acted(entry: Fading, grid: Steps) -> np.ndarray:
    """For how many years of each step it acts at full strength (s,), built up by its onset, then fading."""
    ends = np.cumsum([0.0, *grid.covered(entry.from_, entry.until)])
    return np.diff(built(ends, entry.onset, entry.half_life))


def _clamp_course(entry: Clamp, grid: Steps) -> np.ndarray:
    """The log of the share of each step that a clamp leaves open (s,), at least CLAMPED."""
    share = _acted(entry, grid) / grid.dt
    return np.maximum(np.log(np.maximum(1 - share, np.exp(CLAMPED))), CLAMPED)


def _hazards(scenario: Scenario, chosen: set[str], codes: Sequence[str], grid: Steps) -> dict[str, np.ndarray]:
    """The extra hazard per year of the events in a branch, less what its clamps rule out."""
    hazard: dict[str, np.ndarray] = {}
    for entry in scenario.made_somewhere():
        if isinstance(entry, Event) and not entry.of_baseline_leader:
            where = mask(entry.on, codes)
            mine = hazard.setdefault(entry.process, np.zeros((grid.count, *where.shape), dtype=np.float32))
            if entry.id in chosen:
                mine += spread(_event_course(entry, grid), where)
    return {name: rate * _left_open(name, scenario, chosen, codes, grid) for name, rate in hazard.items()}


def _left_open(
    process: str, scenario: Scenario, chosen: set[str], codes: Sequence[str], grid: Steps
) -> np.ndarray | float:
    """The share of each step (s *u) in which no clamp of the branch rules a process out."""
    left: np.ndarray | float = 1.0
    for entry in scenario.interventions:
        if isinstance(entry, Clamp) and entry.id in chosen and entry.process == process:
            closed = _acted(entry, grid) / grid.dt
            left = left * (1 - spread(closed, mask(entry.on, codes)))
    return left


def _event_course(entry: Event, grid: Steps) -> np.ndarray:
    """The hazard per year in each step (s,) whose sum over the window gives the stated chance."""
    whole = -np.log1p(-min(entry.chance, SUREST))
    if entry.date is not None:
        step = grid.index(entry.date)
        return whole * (np.arange(grid.count) == step) / grid.dt
    acted = _acted(entry, grid)
    return whole * acted / acted.sum() / grid.dt


def _layers(
    scenario: Scenario, branch: str, chosen: set[str], codes: Sequence[str], grid: Steps
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The election calendar and the values that the branch sets, and what part of the way to them a step goes."""
    layers = _elections(scenario, codes, grid) | {"exit_due": _due(scenario, chosen, codes, grid)}
    if any(entry.kind == BARGAIN for entry in scenario.mechanisms):
        layers[DEMAND] = _demanded(scenario, branch, codes, grid)
    settings = [entry for entry in scenario.made_somewhere() if isinstance(entry, Set)]
    hold: dict[str, np.ndarray] = {}
    for entry in settings:
        where = mask(entry.on, codes, entry.layer in DIRECTED)
        mine = layers.setdefault(entry.layer, np.full((grid.count, *where.shape), np.nan, dtype=np.float32))
        if any(other.layer == entry.layer and other.fades for other in settings):
            hold.setdefault(entry.layer, np.ones_like(mine))
        if entry.id in chosen:
            part = _part_held(entry, grid).reshape(-1, *[1] * where.ndim)
            mine[(part > 0) & where] = entry.value
            if entry.layer in hold:
                hold[entry.layer] = np.where((part > 0) & where, part, hold[entry.layer]).astype(np.float32)
    return layers, hold


def _part_held(entry: Set, grid: Steps) -> np.ndarray:
    """What part of the way to its value each step goes (s,): all of it in steps of which it covers at least half, or
    the mean of its strength.
    """
    if entry.fades:
        return _acted(entry, grid) / grid.dt
    return (grid.covered(entry.from_, entry.until) >= grid.dt / 2).astype(float)


def _due(scenario: Scenario, chosen: set[str], codes: Sequence[str], grid: Steps) -> np.ndarray:
    """The extra hazard per year of the leaders of the baseline day, as long as they are in office (s n)."""
    due = np.zeros((grid.count, len(codes)), dtype=np.float32)
    for entry in scenario.interventions:
        if isinstance(entry, Event) and entry.of_baseline_leader and entry.id in chosen:
            due += spread(_event_course(entry, grid), mask(entry.on, codes))
    return (due * _left_open("leader_exit", scenario, chosen, codes, grid)).astype(np.float32)


def _demanded(scenario: Scenario, branch: str, codes: Sequence[str], grid: Steps) -> np.ndarray:
    """The log of what the hub asks over what is agreed, in the step in which it is asked (s n); NaN elsewhere."""
    asked = np.full((grid.count, len(codes)), np.nan, dtype=np.float32)
    for entry in scenario.demands_of(branch):
        if entry.by == scenario.hub and entry.amount and entry.agreed and entry.of in codes:
            step = grid.index(entry.from_ or scenario.baseline) or 0
            asked[step, list(codes).index(entry.of)] = np.log(entry.amount.value / entry.agreed.value)
    return asked


def _elections(scenario: Scenario, codes: Sequence[str], grid: Steps) -> dict[str, np.ndarray]:
    """Votes that can change the leader: `election_ahead` in their step, `election_past` in the one after (s n).

    A vote held in the quarter before the baseline, or since, is past in the first step.
    """
    ahead = np.zeros((grid.count, len(codes)), dtype=np.float32)
    past = np.zeros_like(ahead)
    for vote in scenario.elections:
        if not vote.decides_leader or vote.state not in codes:
            continue
        column, step = list(codes).index(vote.state), grid.index(vote.date)
        if vote.status == "held":
            past[0, column] = max(past[0, column], _recent(vote.date, scenario.baseline))
        elif step is not None:
            ahead[step, column] = 1
            past[step + 1 : step + 2, column] = 1
    return {"election_ahead": ahead, "election_past": past}


def _recent(day: date, baseline: date) -> float:
    return float(quarter_before(baseline) <= day < baseline)
