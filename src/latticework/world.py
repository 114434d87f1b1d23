"""A world is the international system at one moment; a panel is a row of observed worlds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import equinox as eqx
import numpy as np

from latticework.errors import UnknownNameError
from latticework.types import Array, Bool, Float

MISSING = float("nan")


class World(eqx.Module):
    """The international system at one moment: states with attributes, dyads with ties.

    Every layer is a float array: a value per state, or per ordered dyad (from, to). NaN is missing, never zero.
    Events are layers too: `turnover` is 1 where a leader left in the step that ends at this moment.
    With a leading time axis the same type holds worlds through time.
    """

    present: Bool[Array, "*t n"]
    states: Mapping[str, Float[Array, "*t n"]]
    dyads: Mapping[str, Float[Array, "*t n n"]]

    @property
    def n(self) -> int:
        """The number of states."""
        return self.present.shape[-1]

    def state(self, layer: str) -> Float[Array, "*t n"]:
        """The layer's value per state; UnknownNameError if the world has no such layer."""
        if layer not in self.states:
            raise UnknownNameError("state layer", layer, self.states, where="this world")
        return self.states[layer]

    def dyad(self, layer: str) -> Float[Array, "*t n n"]:
        """The layer's value per ordered dyad; UnknownNameError if the world has no such layer."""
        if layer not in self.dyads:
            raise UnknownNameError("dyad layer", layer, self.dyads, where="this world")
        return self.dyads[layer]

    def replace(
        self,
        states: Mapping[str, Float[Array, "*t n"]] | None = None,
        dyads: Mapping[str, Float[Array, "*t n n"]] | None = None,
    ) -> "World":
        """The same world with some layers exchanged or added."""
        return World(self.present, {**self.states, **(states or {})}, {**self.dyads, **(dyads or {})})


@dataclass(frozen=True)
class Panel:
    """Observed worlds through time.

    `world` has a leading time axis; `codes` names the states (ISO3) in the order of the state axis; `dates[t]` is the
    last day of step t: stocks are as of that day, events are those of the step (dates[t-1], dates[t]]. `sources` says
    where each layer comes from.
    """

    world: World
    codes: tuple[str, ...]
    dates: np.ndarray
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def dt(self) -> np.ndarray:
        """Years between one world and the next, shape (t-1,)."""
        return np.diff(self.dates.astype("datetime64[D]")).astype(float) / 365.25

    def at(self, t: int) -> World:
        """The world at time index t."""
        states = {name: layer[t] for name, layer in self.world.states.items()}
        dyads = {name: layer[t] for name, layer in self.world.dyads.items()}
        return World(self.world.present[t], states, dyads)
