"""What the layers of simulated worlds say of ties: the readings of the indicators whose layers are simulated."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from latticework.measures.strength.dyads import HUBS, Dyads
from latticework.measures.strength.indicators import Indicator
from latticework.measures.strength.indicators.base import LAST_QUARTER, either
from latticework.measures.strength.indicators.conflict import DISPUTES
from latticework.measures.strength.indicators.presence import FEW, PRESENCE, SIZE, present
from latticework.measures.strength.indicators.treaties import PLEDGES, TREATY, grade
from latticework.measures.strength.indicators.votes import VOTES, excess, usual_distance
from latticework.measures.strength.readings import Load, Unit
from latticework.types import Bool, Float

FOLLOWED: tuple[Indicator, ...] = (TREATY, PRESENCE, SIZE, VOTES, DISPUTES)  # those whose layers are simulated
MOVED = ("defence", "agreement")  # the pledges that a simulation ends


@dataclass(frozen=True)
class Held:
    """What a simulation does not move, as it stood at the start.

    Pledges and the troops of the last year's end by tie; ideal points of the last session and usual distances by state
    (all states of the panel); the units of the indicators.
    """

    pledges: dict[str, Float[np.ndarray, "d"]]
    troops: Float[np.ndarray, "d"]
    points: Float[np.ndarray, "n"]
    usual: Float[np.ndarray, "n"]
    units: dict[str, Unit]


def held(load: Load, dyads: Dyads, quarter: int, units: dict[str, Unit]) -> Held:
    """What stood in the panel at the end of a quarter, counted from the first."""
    treaties, presence, votes = (load(indicator.reads) for indicator in (TREATY, SIZE, VOTES))
    pledges = {name: either(treaties.world.dyad(name), dyads)[quarter] for name in PLEDGES}
    year_end = quarter - (quarter + 1) % LAST_QUARTER
    troops = either(presence.world.dyad("troops"), dyads)[year_end]
    points = np.asarray(votes.world.state("ideal_point"), np.float64)
    session = np.flatnonzero(np.isfinite(points[: quarter + 1]).any(1))[-1:]
    last = points[session[0]] if len(session) else np.full(points.shape[1], np.nan)
    return Held(pledges, troops, last, usual_distance(last[None])[0], units)


def readings(
    stood: Held,
    dyads: Dyads,
    dyad_layers: Mapping[str, Float[np.ndarray, "p t d"]],
    points: Float[np.ndarray, "p t m"],
    codes: tuple[str, ...],
    quarter: tuple[int, ...],
) -> Float[np.ndarray, "t k p d"]:
    """The readings of FOLLOWED on simulated paths, in the units of the indicators; NaN where nothing is read.

    `dyad_layers` are agreement, defence, troops and dispute of the ties, `points` the ideal points of the states in
    `codes`, NaN where unknown; `quarter` is that of the year in which each step ends. Stocks are read in the fourth.
    """
    last = np.flatnonzero(np.array(quarter) == LAST_QUARTER)
    ends = {name: np.asarray(layer, np.float64)[:, last] for name, layer in dyad_layers.items()}
    read = {
        TREATY: grade(*(ends[name] if name in MOVED else stood.pledges[name] for name in PLEDGES)),
        PRESENCE: present(ends["troops"]),
        SIZE: _size(ends["troops"], stood.troops),
        VOTES: _votes(stood, dyads, np.asarray(points, np.float64)[:, last], codes),
    }
    paths, times, count = dyad_layers["dispute"].shape
    found = np.full((times, len(FOLLOWED), paths, count), np.nan, np.float32)
    for k, indicator in enumerate(FOLLOWED):
        if indicator is DISPUTES:
            found[:, k] = np.moveaxis(dyad_layers["dispute"] > 0, 1, 0)
            found[:, k][np.moveaxis(np.isnan(dyad_layers["dispute"]), 1, 0)] = np.nan
            continue
        middle, size = stood.units[indicator.name]
        found[last, k] = np.moveaxis((read[indicator] - middle) / size, 1, 0)
        found[:, k][..., ~_told(indicator, dyads)] = np.nan
    return found


def _told(indicator: Indicator, dyads: Dyads) -> Bool[np.ndarray, "d"]:
    """Of which ties an indicator tells."""
    everyone = np.full(len(dyads), not indicator.patrons)
    return everyone | np.isin(dyads.patron, [HUBS.index(hub) for hub in indicator.patrons])


def _size(troops: Float[np.ndarray, "p y d"], before: Float[np.ndarray, "d"]) -> Float[np.ndarray, "p y d"]:
    """The log size of a garrison at each year's end, and of what is left in the year it went."""
    there = present(np.concatenate([np.broadcast_to(before, (len(troops), 1, len(before))), troops], axis=1)) == 1
    return np.where(there[:, 1:] | there[:, :-1], np.log(np.maximum(troops, FEW)), np.nan)


def _votes(
    stood: Held, dyads: Dyads, points: Float[np.ndarray, "p y m"], codes: tuple[str, ...]
) -> Float[np.ndarray, "p y d"]:
    """The excess distance of each year's session.

    The usual distance of a state is that of the last session observed, in the whole world; it moves as much as the
    median distance of the state to the other simulated states moves.
    """
    place = np.array([dyads.codes.index(code) for code in codes])
    before, flat = stood.points[place][None], points.reshape(-1, len(codes))
    known = np.isfinite(before).all(0) & np.isfinite(flat).all(0)
    usual, whole = np.full((2, len(flat), len(dyads.codes)), np.nan)
    whole[:, place] = flat
    for state in np.flatnonzero(known & np.isin(place, np.concatenate([dyads.first, dyads.second]))):
        others = known & (np.arange(len(codes)) != state)
        if others.any():
            then, now = (np.median(np.abs(x[:, others] - x[:, [state]]), axis=1) for x in (before, flat))
            usual[:, place[state]] = stood.usual[place[state]] + now - then
    return excess(whole, usual, dyads).reshape(*points.shape[:2], len(dyads))
