"""An ensemble is many simulated worlds with the names of their axes and what made them."""

import itertools
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import xarray as xr
from jaxtyping import Shaped

from latticework.simulate import Keep
from latticework.types import Int

STATE_LAYERS = {"turnover": np.int8, "turnover_chance": np.float32, "ideal_point": np.float32}
DYAD_LAYERS = {
    "agreement": np.int8,
    "defence": np.int8,
    "agreement_end_chance": np.float32,
    "troops": np.float32,
    "dispute": np.int8,
    "dispute_chance": np.float32,
}
TOTALS = {"dispute": "disputes_among_all"}
UNKNOWN = -1  # an int8 layer has no NaN


def kept(
    codes: tuple[str, ...], focus: tuple[str, ...], centres: tuple[str, ...], responses: tuple[str, ...] = ()
) -> Keep:
    """What an ensemble keeps: all states, the dyads among the focus states and every dyad of a centre (hub, rivals).

    `responses` are layers of states that mechanisms move.
    """
    index = {code: i for i, code in enumerate(codes)}
    chosen = [*itertools.product(focus, focus), *itertools.product(centres, codes)]
    pairs = {tuple(sorted(pair)) for pair in chosen if pair[0] != pair[1]}
    ordered = np.array([[index[a], index[b]] for a, b in sorted(pairs)])
    return Keep((*STATE_LAYERS, *responses), tuple(DYAD_LAYERS), ordered, tuple(TOTALS))


def assemble(
    branches: Sequence[str],
    parts: Iterable[Sequence[Mapping[str, np.ndarray]]],
    codes: tuple[str, ...],
    keep: Keep,
    ends: np.ndarray,
    draw: Int[np.ndarray, "p"],
    attrs: Mapping[str, object],
) -> xr.Dataset:
    """Simulated layers as one Dataset: branch, path, time, state, dyad.

    `parts` are the layers of each branch, some paths at a time, each put in its place as it comes; paths beyond those
    of `draw` are left out. Dyads are named by their two codes in alphabetical order ("JPN-USA"). int8 layers hold -1
    where unknown.
    """
    pairs = [(codes[i], codes[j]) for i, j in keep.pairs]
    wide = dict.fromkeys(keep.states, ("branch", "path", "time", "state"))
    wide |= dict.fromkeys(DYAD_LAYERS, ("branch", "path", "time", "dyad"))
    kinds = {name: {**STATE_LAYERS, **DYAD_LAYERS}.get(name, np.float32) for name in wide}
    totals = {f"{layer}_total": np.int32 for layer in TOTALS}
    whole = _joined(parts, kinds | totals, len(draw))
    variables = {name: (dims, whole[name]) for name, dims in wide.items()}
    variables |= {name: (("branch", "path", "time"), whole[f"{layer}_total"]) for layer, name in TOTALS.items()}
    coords = {
        "branch": np.array(branches, dtype=object),
        "path": np.arange(len(draw)),
        "time": ends.astype("datetime64[ns]"),
        "state": np.array(codes, dtype=object),
        "dyad": np.array([f"{a}-{b}" for a, b in pairs], dtype=object),
        "dyad_state": ("dyad", np.array([a for a, _ in pairs], dtype=object)),
        "dyad_partner": ("dyad", np.array([b for _, b in pairs], dtype=object)),
        "draw": ("path", draw),
    }
    return xr.Dataset(variables, coords, dict(attrs))


def _joined(
    parts: Iterable[Sequence[Mapping[str, np.ndarray]]], kinds: Mapping[str, type[np.number]], paths: int
) -> dict[str, Shaped[np.ndarray, "b p ..."]]:
    """The layers of all branches and paths; what is not known is UNKNOWN where a layer has no NaN."""
    whole, first = {}, 0
    for part in parts:
        if not whole:
            shapes = {name: part[0][name].shape[1:] for name in kinds}
            whole = {name: np.empty((len(part), paths, *shapes[name]), kind) for name, kind in kinds.items()}
        for branch, layers in enumerate(part):
            for name, kind in kinds.items():
                values = np.asarray(layers[name])[: paths - first]
                filled = np.where(np.isfinite(values), values, UNKNOWN) if kind is np.int8 else values
                whole[name][branch, first : first + len(values)] = filled
        first += len(next(iter(part[0].values())))
    return whole
