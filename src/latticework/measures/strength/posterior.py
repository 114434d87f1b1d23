"""The posterior of tie strength: draws of the items and of the dynamics, and what they say of dyads."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from latticework.errors import PanelError
from latticework.measures.strength.dynamics import Tuning, dynamics_drawn, scale_drawn
from latticework.measures.strength.families import Grade, Pseudo
from latticework.measures.strength.hidden import Dynamics, Hidden, Ties, augmented, hidden_drawn
from latticework.measures.strength.indicators import INDICATORS
from latticework.measures.strength.items import PATRONS, Item, drawn, starting
from latticework.measures.strength.shift import shifted
from latticework.types import Float

REFERENCE = (np.datetime64("2000-01-01"), np.datetime64("2010-01-01"))  # strength has mean 0 and sd 1 in this decade
ITEM_PARTS = ("intercept", "offset", "near", "loading", "specific", "scale")
DYNAMICS_PARTS = ("sigma", "rho", "rho_domain", "standing", "state", "spread")
REBUILD = "Rebuild it with 'latticework fit tie-strength'."
LOOSE, TIGHTENING = 0.3, 0.94  # the least innovation scale of the first sweep, and its factor from sweep to sweep
STEADY, STARTING_RHO = 60, 0.99  # sweeps in which the persistence is held while breaks are found


@dataclass(frozen=True)
class Draw:
    """One draw of all that dyads share: items, dynamics, and the mean and sd that put strength on its scale."""

    items: tuple[Item, ...]
    dynamics: Dynamics
    centre: float
    spread: float


@dataclass(frozen=True)
class Shared:
    """The posterior draws of what dyads share, the units of the indicators, and the panel that was read."""

    draws: tuple[Draw, ...]
    units: dict[str, tuple[float, float]]
    codes: tuple[str, ...]
    panel_sha256: str

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Plain arrays, one axis for the draws, that `from_arrays` reads back."""
        arrays: dict[str, np.ndarray] = {}
        for k, indicator in enumerate(INDICATORS):
            for part in ITEM_PARTS:
                arrays[f"{indicator.name}/{part}"] = np.array([getattr(d.items[k], part) for d in self.draws])
        for part in DYNAMICS_PARTS:
            arrays[f"dynamics/{part}"] = np.array([getattr(d.dynamics, part) for d in self.draws])
        arrays["scale"] = np.array([(d.centre, d.spread) for d in self.draws])
        about = {"units": self.units, "codes": self.codes, "panel_sha256": self.panel_sha256}
        whole = {name: array.astype(np.float32) for name, array in arrays.items()}
        return whole | {"about": np.frombuffer(json.dumps(about).encode(), np.uint8)}

    @staticmethod
    def from_arrays(arrays: Mapping[str, np.ndarray], where: str) -> "Shared":
        """The draws in the arrays of a file; PanelError if they are damaged or of another version."""
        try:
            about = json.loads(np.asarray(arrays["about"]).tobytes())
            numbers = {name: np.asarray(a, float) for name, a in arrays.items() if name != "about"}
            draws = tuple(_draw(numbers, s) for s in range(len(numbers["scale"])))
            units = {k: (float(a), float(b)) for k, (a, b) in about["units"].items()}
            return Shared(draws, units, tuple(about["codes"]), about["panel_sha256"])
        except (ValueError, KeyError, IndexError, TypeError) as fault:
            raise PanelError(f"The file of tie strength '{where}' cannot be read ({fault}). {REBUILD}") from fault


def _draw(arrays: dict[str, np.ndarray], s: int) -> Draw:
    items = []
    for indicator in INDICATORS:
        part = {p: arrays[f"{indicator.name}/{p}"][s] for p in ITEM_PARTS}
        near, specific = float(part["near"]), float(part["specific"])
        items.append(Item(part["intercept"], part["offset"], near, part["loading"], specific, part["scale"]))
    d = {p: arrays[f"dynamics/{p}"][s] for p in DYNAMICS_PARTS}
    dynamics = Dynamics(d["sigma"], float(d["rho"]), d["rho_domain"], d["standing"], d["state"], float(d["spread"]))
    centre, spread = map(float, arrays["scale"][s])
    return Draw(tuple(items), dynamics, centre, spread)


@dataclass(frozen=True)
class Sweep:
    """Where the sampler stands after a sweep."""

    hidden: Hidden
    items: tuple[Item, ...]
    dynamics: Dynamics
    own: tuple[np.ndarray, ...]


def sampled(
    rng: np.random.Generator,
    ties: Ties,
    sweeps: int,
    warm: int,
    keep: Callable[[Sweep], None],
    report: Callable[[int], None] = lambda sweep: None,
    known: tuple[tuple[Item, ...], Dynamics] | None = None,
) -> Sweep:
    """Draw what dyads share and what is not seen of each; `keep` is handed every sweep after the first `warm`.

    Innovations start large and tighten, so that breaks are found before the items explain them away. Meanwhile the
    persistence of strength is held or, if the chain starts from `known` items and dynamics, all that dyads share.
    """
    items, dynamics = known or _start(ties)
    now = Sweep(Hidden.start(ties), items, dynamics, remembered(ties))
    tuning = Tuning()
    for s in range(sweeps):
        tuning.adapt = s < warm
        settling = s < min(STEADY, warm // 2)
        least = LOOSE * TIGHTENING**s
        now = _settled(rng, ties, now, least) if settling and known else _swept(rng, ties, now, tuning, least, settling)
        report(s)
        if s >= warm:
            keep(now)
    return now


def _start(ties: Ties) -> tuple[tuple[Item, ...], Dynamics]:
    m, n = ties.dyads.standing.shape[1], len(ties.dyads.codes)
    dynamics = Dynamics(np.full(PATRONS, 0.05), STARTING_RHO, np.full(3, 0.95), np.zeros(m), np.zeros(n), 1.0)
    return tuple(starting(rows) for rows in ties.rows), dynamics


def _hidden(rng: np.random.Generator, ties: Ties, now: Sweep, least: float) -> tuple[Hidden, Sequence[Pseudo]]:
    seen = [augmented(rng, now.hidden, *part) for part in zip(ties.rows, now.items, now.own, strict=True)]
    loose = replace(now.dynamics, sigma=np.maximum(now.dynamics.sigma, least))
    hidden = hidden_drawn(rng, now.hidden, ties, now.items, loose, seen)
    return shifted(rng, hidden, ties, now.items, loose, seen)


def _settled(rng: np.random.Generator, ties: Ties, now: Sweep, least: float) -> Sweep:
    hidden, seen = _hidden(rng, ties, now, least)
    return replace(now, hidden=hidden, own=tuple(pseudo.own for pseudo in seen))


def remembered(ties: Ties) -> tuple[np.ndarray, ...]:
    """What the families' first sweep remembers."""
    return tuple(rows.indicator.family.remembered(rows.values) for rows in ties.rows)


def begun(
    rng: np.random.Generator, ties: Ties, items: Sequence[Item]
) -> tuple[Hidden, tuple[Float[np.ndarray, "..."], ...]]:
    """Where a chain begins that knows the items: all at zero, and behind each grade what goes with that.

    Begun next to its cutpoints, the variable behind a rare grade would hold strength back for hundreds of sweeps.
    """
    own = list(remembered(ties))
    for k, (rows, item) in enumerate(zip(ties.rows, items, strict=True)):
        if isinstance(rows.indicator.family, Grade):
            own[k] = rows.indicator.family.behind(rng, rows.values, item.base(rows), item.scale)
    return Hidden.start(ties), tuple(own)


def _swept(rng: np.random.Generator, ties: Ties, now: Sweep, tuning: Tuning, least: float, steady: bool) -> Sweep:
    hidden, seen = _hidden(rng, ties, now, least)
    items = []
    for rows, item, pseudo in zip(ties.rows, now.items, seen, strict=True):
        item = drawn(rng, item, rows, *hidden.at(rows), pseudo)
        items.append(scale_drawn(rng, hidden, rows, item, pseudo, tuning))
    dynamics = dynamics_drawn(rng, hidden, ties, now.dynamics, tuning)
    if steady:
        dynamics = replace(dynamics, rho=STARTING_RHO)
    return Sweep(hidden, tuple(items), dynamics, tuple(pseudo.own for pseudo in seen))


def scale_of(strength: Float[np.ndarray, "t d"], ties: Ties, dates: np.ndarray) -> tuple[float, float]:
    """Mean and sd of strength over all dyad-quarters of the reference decade."""
    inside = (dates >= REFERENCE[0]) & (dates < REFERENCE[1])
    values = strength[inside][ties.dyads.alive[inside]]
    return float(values.mean()), float(values.std())
