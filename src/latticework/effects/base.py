"""An effect is a function from a world to one number per state, or per ordered dyad."""

import abc
from collections.abc import Callable
from typing import TYPE_CHECKING

import equinox as eqx
import jax.numpy as jnp

from latticework.types import Array, Float
from latticework.world import World

if TYPE_CHECKING:
    from typing import ClassVar as AbstractClassVar
else:
    from equinox import AbstractClassVar  # a type checker follows it only under this name


class AbstractEffect(eqx.Module):
    """A function from a world to one number per state (`*t n`) or per ordered dyad (`*t n n`).

    `formula` is the effect in the notation of the field, `reference` where it comes from. A missing input gives NaN.
    """

    formula: AbstractClassVar[str]
    reference: AbstractClassVar[str]

    @abc.abstractmethod
    def __call__(self, world: World) -> Float[Array, "..."]:
        """The effect's value in this world."""

    def __mul__(self, other: "AbstractEffect") -> "Product":
        return Product(self, other)


class Product(AbstractEffect):
    """The product of two effects on the same units: an interaction."""

    formula = r"$a \cdot b$"
    reference = "interaction term"
    left: AbstractEffect
    right: AbstractEffect

    def __call__(self, world: World) -> Float[Array, "..."]:
        """The product, unit by unit."""
        return self.left(world) * self.right(world)


class OfState(AbstractEffect):
    """A layer of the states, as it is."""

    formula = r"$x_i$"
    reference = "identity"
    layer: str = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """The layer's value."""
        return jnp.asarray(world.state(self.layer))


class OfDyad(AbstractEffect):
    """A layer of the dyads, as it is."""

    formula = r"$x_{ij}$"
    reference = "identity"
    layer: str = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """The layer's value."""
        return jnp.asarray(world.dyad(self.layer))


class AtLeast(AbstractEffect):
    """One where an effect reaches a threshold, else zero."""

    formula = r"$1[x \geq c]$"
    reference = "indicator"
    effect: AbstractEffect
    threshold: float = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "..."]:
        """1, 0 or NaN."""
        value = self.effect(world)
        return jnp.where(jnp.isnan(value), jnp.nan, (value >= self.threshold).astype(jnp.float32))


class Not(AbstractEffect):
    """One minus an effect between zero and one."""

    formula = r"$1 - x$"
    reference = "complement"
    effect: AbstractEffect

    def __call__(self, world: World) -> Float[Array, "..."]:
        """The complement."""
        return 1 - self.effect(world)


class LogOnePlus(AbstractEffect):
    """The log of one plus an effect that is not negative: for counts and amounts that can be zero."""

    formula = r"$\log(1 + x)$"
    reference = "log transform"
    effect: AbstractEffect

    def __call__(self, world: World) -> Float[Array, "..."]:
        """Zero at zero."""
        return jnp.log(1 + self.effect(world))


class Filled(AbstractEffect):
    """An effect with a stated value where it is missing: where that value is what not knowing stands for."""

    formula = r"$x$, or $c$ where missing"
    reference = "stated value of what is missing"
    effect: AbstractEffect
    value: float = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "..."]:
        """The value, never NaN."""
        value = self.effect(world)
        return jnp.where(jnp.isnan(value), self.value, value)


class Within(AbstractEffect):
    """An effect among the units that an indicator picks; zero elsewhere, even where it is missing there."""

    formula = r"$1[d] \cdot x$"
    reference = "conditional covariate"
    among: AbstractEffect
    effect: AbstractEffect

    def __call__(self, world: World) -> Float[Array, "..."]:
        """The product, or zero where the indicator is."""
        among = self.among(world)
        return jnp.where(among == 0, 0.0, among * self.effect(world))


class Missing(AbstractEffect):
    """One where an effect is missing, else zero: the intercept of what is not on record."""

    formula = r"$1[x \text{ missing}]$"
    reference = "missing-indicator"
    effect: AbstractEffect

    def __call__(self, world: World) -> Float[Array, "..."]:
        """1 or 0."""
        return jnp.isnan(self.effect(world)).astype(jnp.float32)


class Standardised(AbstractEffect):
    """An effect measured from a centre in units of a scale, so that its coefficient is per scale unit."""

    formula = r"$(x - m) / s$"
    reference = "scaling"
    effect: AbstractEffect
    centre: float = eqx.field(static=True)
    scale: float = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "..."]:
        """The scaled value."""
        return (self.effect(world) - self.centre) / self.scale


class Beyond(AbstractEffect):
    """What of an effect goes beyond a bound, up or down: with the effect itself, a line that is steeper far out."""

    formula = r"$x - \min(\max(x, -c), c)$"
    reference = "linear spline"
    effect: AbstractEffect
    bound: float = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "..."]:
        """Zero within the bound."""
        value = self.effect(world)
        return value - jnp.clip(value, -self.bound, self.bound)


class Logged(AbstractEffect):
    """The log of an effect in a unit; what is below a least value counts as that."""

    formula = r"$\log(\max(x, c) / s)$"
    reference = "scaling"
    effect: AbstractEffect
    least: float = eqx.field(static=True)
    unit: float = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "..."]:
        """Zero at the unit."""
        return jnp.log(jnp.maximum(self.effect(world), self.least) / self.unit)


class LoggedCount(AbstractEffect):
    """The log of one plus an effect that counts, in a unit: the first counts most."""

    formula = r"$\log(1 + x / s)$"
    reference = "scaling"
    effect: AbstractEffect
    unit: float = eqx.field(static=True, default=1.0)

    def __call__(self, world: World) -> Float[Array, "..."]:
        """Zero at zero."""
        return jnp.log(1 + self.effect(world) / self.unit)


class Pairwise(AbstractEffect):
    """A symmetric function of the two states' values: the basis of every both / either / weaker link effect."""

    formula = r"$f(x_i, x_j)$"
    reference = "symmetric dyadic covariate"
    effect: AbstractEffect
    combine: Callable[[Array, Array], Array] = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """The combination for each ordered dyad."""
        value = self.effect(world)
        return self.combine(value[..., :, None], value[..., None, :])


class OfReceiver(AbstractEffect):
    """A state effect of the second state of an ordered dyad."""

    formula = r"$x_j$"
    reference = "receiver effect"
    effect: AbstractEffect

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """The receiver's value, in each column."""
        value = self.effect(world)
        return jnp.broadcast_to(value[..., None, :], (*value.shape, value.shape[-1]))


class OfSender(AbstractEffect):
    """A state effect of the first state of an ordered dyad."""

    formula = r"$x_i$"
    reference = "sender effect"
    effect: AbstractEffect

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """The sender's value, in each row."""
        value = self.effect(world)
        return jnp.broadcast_to(value[..., :, None], (*value.shape, value.shape[-1]))
