"""A world is the international system at one moment; a panel is a row of observed worlds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from latticework.errors import UnknownNameError
from latticework.types import Array, Bool, Float

MISSING = float("nan")


class World(eqx.Module):
    """The international system at one moment: states with attributes, dyads with ties, pacts with members.

    Every layer is a float array: a value per state, per ordered dyad (from, to), per pact, or per membership (pact,
    state). A pact is a multilateral agreement: one object whoever belongs to it; the layer `pact_member` says who does.
    NaN is missing, never zero.
    Events are layers too: `turnover` is 1 where a leader left in the step that ends at this moment.
    With a leading time axis the same type holds worlds through time.
    """

    present: Bool[Array, "*t n"]
    states: Mapping[str, Float[Array, "*t n"]]
    dyads: Mapping[str, Float[Array, "*t n n"]]
    pacts: Mapping[str, Float[Array, "*t m"]] = eqx.field(default_factory=dict)
    memberships: Mapping[str, Float[Array, "*t m n"]] = eqx.field(default_factory=dict)

    @property
    def n(self) -> int:
        """The number of states."""
        return self.present.shape[-1]

    @property
    def in_force(self) -> Bool[Array, "*t m"]:
        """Which pacts have two members or more."""
        return jnp.nansum(jnp.asarray(self.membership("pact_member")), -1) >= 2

    def state(self, layer: str) -> Float[Array, "*t n"]:
        """The layer's value per state; UnknownNameError if the world has no such layer."""
        return _found("state layer", layer, self.states)

    def dyad(self, layer: str) -> Float[Array, "*t n n"]:
        """The layer's value per ordered dyad; UnknownNameError if the world has no such layer."""
        return _found("dyad layer", layer, self.dyads)

    def pact(self, layer: str) -> Float[Array, "*t m"]:
        """The layer's value per pact; UnknownNameError if the world has no such layer."""
        return _found("layer of pacts", layer, self.pacts)

    def membership(self, layer: str) -> Float[Array, "*t m n"]:
        """The layer's value per pact and state; UnknownNameError if the world has no such layer."""
        return _found("layer of memberships", layer, self.memberships)

    def layer(self, unit: str, name: str) -> Float[Array, "..."]:
        """The layer's value per unit of a kind: "state", "dyad", "ordered dyad", "pact" or "membership"."""
        read = {"state": self.state, "pact": self.pact, "membership": self.membership}.get(unit, self.dyad)
        return read(name)

    def shape(self, unit: str) -> tuple[int, ...]:
        """The shape of a layer per unit of a kind, the time axis included."""
        pacts = next(iter(self.memberships.values())).shape[-2:-1] if self.memberships else (0,)
        last = {"state": (), "pact": (), "membership": (self.n,)}.get(unit, (self.n,))
        first = pacts if unit in ("pact", "membership") else (self.n,)
        return (*self.present.shape[:-1], *first, *last)

    def replace(
        self,
        states: Mapping[str, Float[Array, "*t n"]] | None = None,
        dyads: Mapping[str, Float[Array, "*t n n"]] | None = None,
        pacts: Mapping[str, Float[Array, "*t m"]] | None = None,
        memberships: Mapping[str, Float[Array, "*t m n"]] | None = None,
    ) -> "World":
        """The same world with some layers exchanged or added."""
        changed = (
            {**old, **(new or {})}
            for old, new in (
                (self.states, states),
                (self.dyads, dyads),
                (self.pacts, pacts),
                (self.memberships, memberships),
            )
        )
        return World(self.present, *changed)

    def with_layers(self, unit: str, layers: Mapping[str, Float[Array, "..."]]) -> "World":
        """The same world with some layers of one kind of unit exchanged or added."""
        home = {"state": "states", "pact": "pacts", "membership": "memberships"}.get(unit, "dyads")
        return self.replace(**{home: layers})

    def seeing(self, other: "World", names: Iterable[str]) -> "World":
        """The same world with the named layers, of whatever kind, as they are in another."""
        wanted = set(names)
        if not wanted:
            return self
        homes = (other.states, other.dyads, other.pacts, other.memberships)
        return self.replace(*({k: v for k, v in home.items() if k in wanted} for home in homes))

    def mapped(self, change: Callable[[Array], Array]) -> "World":
        """The same world with every layer changed in the same way (picked at a time, made a JAX array)."""
        homes = (self.states, self.dyads, self.pacts, self.memberships)
        return World(change(self.present), *({k: change(v) for k, v in home.items()} for home in homes))


def _found(kind: str, layer: str, layers: Mapping[str, Array]) -> Array:
    if layer not in layers:
        raise UnknownNameError(kind, layer, layers, where="this world")
    return layers[layer]


@dataclass(frozen=True)
class Panel:
    """Observed worlds through time.

    `world` has a leading time axis; `codes` names the states (ISO3) in the order of the state axis; `dates[t]` is the
    last day of step t: stocks are as of that day, events are those of the step (dates[t-1], dates[t]]. `sources` says
    where each layer comes from; `pacts` names the multilateral agreements (ATOP numbers) in the order of their axis.
    """

    world: World
    codes: tuple[str, ...]
    dates: np.ndarray
    sources: Mapping[str, str] = field(default_factory=dict)
    pacts: tuple[str, ...] = ()

    @property
    def dt(self) -> np.ndarray:
        """Years between one world and the next, shape (t-1,)."""
        return np.diff(self.dates.astype("datetime64[D]")).astype(float) / 365.25

    def at(self, t: int) -> World:
        """The world at time index t."""
        return self.world.mapped(lambda layer: layer[t])
