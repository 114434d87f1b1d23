"""One sentence is right for strong and weak ties, falling ones, torn ones and those that nobody has read for years."""

import re

import numpy as np
import pandas as pd
import pytest

from latticework.report.tie_text import NAMED, WORDS, points, sentence
from tests.report.tie_frames import NAMES, layers, network, series

FLAT = network([50.0] * 30)
NONE = pd.DataFrame()


def told(ties=None, made=None, others=NONE, **options) -> str:
    made = layers(treaty=0.6, standing=0.4) if made is None else made
    return sentence(series(1.0) if ties is None else ties, made, others, NAMES, **options)


def test_a_strong_and_steady_tie_is_told_whole():
    # Phi(1) = 0.8413, Phi(1 -+ 0.3 * 1.2816) = 0.7309 and 0.9169, Phi(0.4) = 0.6554; 3 of 100 lie above it
    others = network([*range(84), 84.2, 90, 95.0] + [1.0] * 13)
    made = layers(treaty=0.4, troops=0.25, votes=-0.05, standing=0.4)
    assert told(series(1.0), made, others) == (
        "Japan and the United States, end 2024: 84 of 100 (80 % between 73 and 92), among the strongest 3 % of 100 "
        "dyads; from its long-run level of 66 held up by what treaties promise and the number of troops, nothing "
        "speaks against it; no clear change in two years (chance of a fall 45 %)."
    )


def test_a_sentence_begins_with_a_capital_and_keeps_articles():
    assert told(series(1.0, pair=("PHL", "USA"))).startswith("The Philippines and the United States, ")


@pytest.mark.parametrize(
    ("strength", "said"),
    [(2.4, "80 % between 98 and >99"), (4.0, ">99 of 100 (80 % above 99)"), (-4.0, "<1 of 100 (80 % below 1)")],
)
def test_no_score_claims_nothing_or_all(strength, said):
    assert said in told(series(strength))


def test_points_round_but_never_to_the_ends():
    assert [points(v) for v in (0.01, 0.5, 0.51, 50.4, 99.49, 99.5)] == ["<1", "<1", "1", "50", "99", ">99"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (99.0, "among the strongest 1 % of 200 dyads"),
        (0.0, "among the weakest 1 % of 200 dyads"),
        (60.0, "stronger than 60 % of 200 dyads"),
    ],
)
def test_a_tie_is_ranked_among_all_dyads(value, said):
    ties = series(0.0)
    ties["value"] = value
    assert said in told(ties, others=network(np.arange(0, 100, 0.5)))


def test_a_few_dyads_rank_nothing():
    assert "dyads" not in told(others=network([1.0, 2.0, 99.0]))


def test_layers_that_pull_both_ways_are_named_by_size():
    made = layers(treaty=0.2, exercises=0.5, disputes=-0.3, conflict=-0.7, standing=-1.0)
    assert (
        "from its long-run level of 16 held up by the number of joint exercises and what treaties promise, held down "
        "by the record of armed conflict and the record of disputes"
    ) in told(made=made)


def test_what_adds_less_than_a_tenth_of_an_sd_is_not_named():
    made = layers(treaty=NAMED - 0.01, votes=-(NAMED - 0.01), standing=0.0)
    assert "no layer moves it far from its long-run level of 50" in told(made=made)
    assert not any(word in told(made=made) for word in WORDS.values())
    assert WORDS["treaty"] in told(made=layers(treaty=NAMED, standing=0.0))


def test_a_tie_that_only_sinks_has_nothing_for_it():
    assert "held down by votes in the UN, nothing speaks for it" in told(made=layers(votes=-0.4, standing=0.0))


def test_many_layers_are_counted_not_listed():
    made = layers(treaty=0.6, troops=0.5, exercises=0.4, visits=0.3, seats=0.2, standing=0.0)
    assert "the number of troops, the number of joint exercises and 2 more" in told(made=made)


def test_a_layer_without_words_of_its_own_goes_by_its_name():
    assert "held up by arms" in told(made=layers(arms=0.3, standing=0.0))


@pytest.mark.parametrize(
    ("move", "fell", "said"),
    [
        (-0.8, 0.95, "it fell by 26 points in two years (chance of a fall 95 %)"),
        (-0.1, 0.85, "it probably fell by 3 points in two years (chance of a fall 85 %)"),
        (0.5, 0.04, "it rose by 9 points in two years (chance of a fall 4 %)"),
        (0.5, 0.15, "it probably rose by 9 points"),
        (-0.3, 0.79, "no clear change in two years (chance of a fall 79 %)"),
        (0.01, 0.05, "it rose by less than a point"),
    ],
)
def test_where_a_tie_went_is_said_as_surely_as_its_chance_allows(move, fell, said):
    strength = np.full(40, 1.0)
    strength[-8:] += move
    assert said in told(series(strength, fell=fell))


def test_a_chance_is_no_surer_than_the_draws_behind_it():
    assert "(chance of a fall >98 %)" in told(series(np.r_[np.full(39, 1.0), 0.0], fell=1.0), draws=160)


def test_a_young_tie_is_not_compared():
    assert "too young to be compared" in told(series(1.0, fell=np.nan, first=2024))


def test_a_conflict_of_domains_is_flagged_only_beyond_one_sd():
    torn = told(series(0.0, security=-0.9, diplomacy=0.6))
    assert "its domains conflict: diplomacy stands 1.50 sd above security" in torn
    assert "security stands 1.01 sd above diplomacy" in told(series(0.0, security=1.01, diplomacy=0.0))
    assert "conflict" not in told(series(0.0, security=1.0, diplomacy=0.0))


def test_a_recent_break_is_told_with_its_chance():
    broke = np.r_[np.full(38, 0.02), 0.6, 0.72]
    assert "a break in the last four quarters is likely (72 %)" in told(series(1.0, broke=broke))
    assert "break" not in told(series(1.0, broke=np.r_[np.full(38, 0.9), 0.4, 0.4]))


def test_a_band_that_widened_says_since_when_and_which_layers_fell_silent():
    sd = np.r_[np.full(16, 0.2), np.full(24, 0.5)]  # narrow to the end of 2018
    ends = {"disputes": "2019-03-31", "exercises": "2010-12-31", "treaty": "2024-12-31", "votes": "2023-12-31"}
    said = told(series(1.0, sd=sd), ends=ends)
    assert "less sure than end 2015 (sd 0.50, then 0.20)" in said
    assert "without new readings of militarised disputes (last read 2019)." in said
    assert "exercises" not in said  # silent long before the band widened
    assert "UN votes" not in said  # read only lately
    assert "less sure" not in told(series(1.0, sd=np.r_[np.full(20, 0.4), np.full(20, 0.5)]))


def test_every_number_comes_from_the_frames():
    numbers = re.findall(r"\d+(?:\.\d+)?", told(series(0.0, fell=0.37), layers(treaty=0.0, standing=0.5)))
    assert numbers == ["2024", "50", "100", "80", "35", "65", "69", "37"]  # 80 % and 100 are the scale's own
