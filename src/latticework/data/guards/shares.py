"""Guards of shares: what is a part of a whole adds up to it, or to no more."""

from dataclasses import dataclass

from latticework.data.guards.panel import Guarded, Panel


@dataclass(frozen=True)
class Whole:
    """The rows of a layer that share a whole (those with equal `by`), and the least and the most they may add up to."""

    layer: str
    by: tuple[str, ...]
    least: float
    most: float


WHOLES = (
    # the index averages six shares of the world; in the published file its sum is 0.99 to 1.0165, but for 1990, where
    # the file has Germany and Yemen twice (1.0072) and the panel once (0.9783)
    Whole("capability", ("date",), 0.975, 1.025),
    Whole("trade_share", ("date", "state"), 0.0, 1.001),
)


def shares(panel: Panel) -> list[Guarded]:
    """The parts of every whole add up."""
    return [_guarded(panel, whole) for whole in WHOLES if whole.layer in panel.layers]


def _guarded(panel: Panel, whole: Whole) -> Guarded:
    by = ", ".join(whole.by)
    sums = panel.ask(whole.layer, f"SELECT {by}, sum(value) FROM {{rows}} GROUP BY ALL ORDER BY {by}")
    wrong = [(key, total) for *key, total in sums if not whole.least <= total <= whole.most]
    faults = tuple(f"the shares of {' '.join(key)} add up to {total:.4f}" for key, total in wrong)
    return Guarded("shares add up", whole.layer, f"{len(sums):,} sums of shares by {by}", faults)
