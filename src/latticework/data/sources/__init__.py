"""A source is a module that turns published files into layers; these are all of them, in the order of the panel."""

from latticework.data.layer import Source
from latticework.data.sources import (
    atop,
    atop_agreements,
    capability,
    contiguity,
    democracy,
    disputes,
    distance,
    elections,
    leaders,
    majors,
    regimes,
    rivalry,
    state_system,
    troops,
    un_votes,
)

SOURCES: tuple[Source, ...] = (
    state_system,
    capability,
    democracy,
    un_votes,
    leaders,
    elections,
    regimes,
    majors,
    atop,
    atop_agreements,
    troops,
    disputes,
    contiguity,
    distance,
    rivalry,
)
