"""Who can have a first exercise, a lapse, or two percent for defence, worked out case by case."""

import numpy as np

from latticework.data.states import CODES
from latticework.evaluate.exercised import none_held, partners, strangers
from latticework.evaluate.judge import Forecasts, shares
from latticework.evaluate.pledged import MEMBER, short_of_it
from latticework.evaluate.record import PAIRS, Record, ahead
from latticework.evaluate.targets import TARGETS

YEARS, N = 12, len(CODES)
NORWAY, SWEDEN = CODES.index("NOR"), CODES.index("SWE")


def pair(one: int, other: int) -> int:
    a, b = sorted((one, other))
    return int(np.flatnonzero((PAIRS[:, 0] == a) & (PAIRS[:, 1] == b))[0])


class Small(Record):
    """A record of which only what these targets read is given."""

    def __init__(self, **given):
        for name, value in given.items():
            object.__setattr__(self, name, value)

    @property
    def present(self):
        """All states, always."""
        return self.there  # pyright: ignore[reportAttributeAccessIssue]


def record(years_of: dict[int, list[int]] | None = None, effort: dict[int, float] | None = None) -> Record:
    """Twelve years in which the pairs hold exercises in the years given; Norway alone has a pact with Canada."""
    quarters = np.zeros((YEARS, 4, len(PAIRS)), np.float32)
    for unit, years in (years_of or {}).items():
        quarters[years, 2, unit] = 1
    events, tied = ahead(quarters), np.zeros((YEARS, len(PAIRS)))
    tied[:, pair(NORWAY, MEMBER)] = 1
    spent = np.full((YEARS, N), np.nan)
    for state, share in (effort or {}).items():
        spent[:, state] = share
    return Small(
        there=np.ones((YEARS, N), bool),
        events=lambda name: {"exercise": events}[name],
        dyad=lambda name: {"defence": tied}[name],
        state=lambda name: {"defence_effort": spent}[name],
        known=lambda name, values: np.concatenate([np.full_like(values[:1], np.nan), values[:-1]]),
    )


def test_a_first_exercise_is_for_those_that_held_none_in_five_years():
    unit = pair(NORWAY, SWEDEN)
    found = record({unit: [3]})
    can = strangers(found)[:, unit]
    assert can.tolist() == [False] * 5 + [False] * 3 + [True] * 4  # five years must be on record, and be quiet
    assert strangers(found)[5:, pair(NORWAY, MEMBER)].all()


def test_a_lapse_is_for_those_that_held_one_in_the_year():
    unit = pair(NORWAY, SWEDEN)
    found = record({unit: [3, 4]})
    assert np.flatnonzero(partners(found)[:, unit]).tolist() == [3, 4]
    assert none_held(found)[[3, 4], 4, unit].tolist() == [0, 1]  # held in the fourth, none in the fifth


def test_only_members_below_the_pledge_by_the_last_figure_can_come_to_it():
    found = record(effort={NORWAY: 0.015, SWEDEN: 0.015, MEMBER: 0.025})
    can = short_of_it(found)
    assert np.flatnonzero(can.any(axis=0)).tolist() == [NORWAY]
    assert not can[0, NORWAY]  # no figure was out
    assert can[1:, NORWAY].all()


def test_the_chance_of_two_percent_is_the_share_of_paths_at_or_above_it():
    drawn = np.full((4, 5, N), 0.01)
    drawn[:3, 1, NORWAY] = [0.02, 0.03, 0.0199]
    made = Forecasts(1990, 1990, {"effort": drawn})
    chance, members = shares(TARGETS["pledge-met"], drawn, made, record(), 2)
    assert (chance[NORWAY], members) == (0.5, 4)
    assert chance[SWEDEN] == 0
