"""Tiny histories and simulations of them by one known law, with every layer that a statistic reads."""

import numpy as np

from latticework.evaluate.statistic import window
from latticework.world import Panel, World

CODES = ("USA", "JPN", "KOR", "CHN", "AAA", "BBB", "CCC", "DDD", "EEE", "FFF")
OF_STATES = (
    "membership_left",
    "membership_joined",
    "turnover",
    "exit_irregular",
    "coalition_change",
    "democracy",
    "defence_effort",
    "ideal_point",
)


def symmetric(values: np.ndarray) -> np.ndarray:
    """The upper triangles mirrored, NaN on the diagonal."""
    upper = np.triu(values, 1)
    both = (upper + np.swapaxes(upper, -1, -2)).astype(float)
    both[..., np.eye(both.shape[-1], dtype=bool)] = np.nan
    return both


def drift(rng: np.random.Generator, first: np.ndarray, steps: int, back: float, sd: float) -> np.ndarray:
    """An AR(1) course around zero from `first` on, without it."""
    found, now = [], first
    for _ in range(steps):
        now = (1 - back) * now + sd * rng.standard_normal(first.shape)
        found.append(now)
    return np.stack(found)


def law(
    rng: np.random.Generator, steps: int, opening: dict[str, np.ndarray] | None = None, disputes: float = 1.0
) -> dict[str, np.ndarray]:
    """Layers of so many worlds after an opening (one at rest if none is given); `disputes` multiplies their rate."""
    n = len(CODES)
    at_rest = {
        "democracy": np.linspace(0.1, 0.9, n),
        "agreement": symmetric(rng.random((n, n)) < 0.3),
        "defence": symmetric(rng.random((n, n)) < 0.3),
        "defence_effort": 0.025 * np.exp(0.4 * rng.standard_normal(n)),
        "ideal_point": 0.5 * rng.standard_normal(n),
        "troops": 1500 * np.exp(rng.standard_normal(n)),
        "trade": np.exp(5 + symmetric(rng.standard_normal((n, n)))),
    }
    start = opening or at_rest
    where = start["troops"] if opening is None else start["troops"][0]
    begun = symmetric(rng.random((steps, n, n)) < 0.08 * disputes)
    happens = {name: 1.0 * (rng.random((steps, n)) < 0.2) for name in OF_STATES[:5]}
    held, ended = course(rng, start["agreement"], steps, 0.1, 0.04)
    sent = np.full((steps, n, n), np.nan)
    sent[:, 0] = 1500 * np.exp(drift(rng, np.nan_to_num(np.log(where / 1500)), steps, 0.3, 0.7))
    sent[:, 0, 0] = np.nan
    visits = np.full((2, steps, n, n), np.nan)
    visits[:, :, 0, 1:] = rng.poisson(0.3, (2, steps, n - 1))
    return happens | {
        "democracy": np.repeat(at_rest["democracy"][None], steps, axis=0),
        "defence_effort": 0.025 * np.exp(drift(rng, np.log(start["defence_effort"] / 0.025), steps, 0.2, 0.25)),
        "ideal_point": drift(rng, start["ideal_point"], steps, 0.2, 0.3),
        "agreement": held,
        "agreement_ended": ended,
        "defence": course(rng, start["defence"], steps, 0.14, 0.06)[0],
        "troops": sent,
        "dispute": begun,
        "dispute_force": begun * symmetric(rng.random((steps, n, n)) < 0.6),
        "dispute_deaths": begun * symmetric(rng.random((steps, n, n)) < 0.3),
        "exercise": symmetric(rng.poisson(0.5, (steps, n, n))),
        "visit_president": visits[0],
        "visit_secretary": visits[1],
        "trade": np.exp(5 + symmetric(drift(rng, np.log(start["trade"]) - 5, steps, 0.3, 0.3))),
    }


def course(
    rng: np.random.Generator, first: np.ndarray, steps: int, end: float, begin: float
) -> tuple[np.ndarray, np.ndarray]:
    """Ties that end and begin at steady rates, and where one ended in the step."""
    found, ended, now = [], [], first
    for _ in range(steps):
        draw = symmetric(rng.random(first.shape))
        after = np.where(np.isnan(now), np.nan, np.where(now > 0, draw >= end, draw < begin))
        ended.append(np.where(np.isnan(now), np.nan, (now > 0) & (after == 0)))
        found.append(after)
        now = after
    return np.stack(found), np.stack(ended)


def panel(layers: dict[str, np.ndarray], first: int = 1950) -> Panel:
    """Layers as a panel of years, every state there all the time."""
    steps = len(layers["ideal_point"])
    float32 = {name: layer.astype(np.float32) for name, layer in layers.items()}
    states = {name: float32[name] for name in float32 if name in OF_STATES}
    dyads = {name: float32[name] for name in float32 if name not in OF_STATES}
    dates = np.array([f"{first + t}-12-31" for t in range(steps)], dtype="datetime64[D]")
    return Panel(World(np.ones((steps, len(CODES)), bool), states, dyads), CODES, dates)


def history(seed: int) -> Panel:
    """Worlds from 1950 to 2018 by the law."""
    return panel(law(np.random.default_rng(seed), 69))


def simulation(observed: Panel, seed: int, paths: int, disputes: float | np.ndarray = 1.0) -> dict[str, np.ndarray]:
    """Paths of the law from the end of 1989 on; the rate of disputes multiplied by a number, or by one for each."""
    span = window(observed, 1990, 2018)
    opening = {name: np.asarray(v[0], float) for name, v in (span.world.states | span.world.dyads).items()}  # pyright: ignore[reportOperatorIssue]
    rng = np.random.default_rng(seed)
    times = np.broadcast_to(disputes, paths)
    drawn = [law(rng, len(span.dates) - 1, opening, float(time)) for time in times]
    return {name: np.stack([path[name] for path in drawn]).astype(np.float32) for name in drawn[0]}
