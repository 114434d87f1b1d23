"""Last terms: found where the law sets them, not where it does not, and only from what was known on the day."""

from datetime import date

import pandas as pd
import pytest

from latticework import data
from latticework.actions.new_terms import last_terms


def found(day: str, years: int = 4) -> dict[str, dict[str, str]]:
    """The last terms of all states on a day, by state."""
    votes = data.get("election", None, None, None, day)
    last = date.fromisoformat(day).replace(year=int(day[:4]) + years)
    return {entry["on"][1:4]: entry for entry in last_terms(votes, date.fromisoformat(day), last)}


@pytest.mark.parametrize(
    ("day", "state", "left"),
    [
        ("2012-01-10", "KOR", "2013-02-25"),  # a single term of five years
        ("2012-01-10", "MEX", "2012-12-01"),  # a single term of six
        ("2016-11-08", "USA", "2017-01-20"),  # the second of two
        ("2016-12-20", "USA", "2017-01-20"),  # the vote is over, its loser in office
        ("2012-07-10", "MEX", "2012-12-01"),
    ],
)
def test_a_last_term_is_found_and_ends_within_days_of_the_truth(day, state, left):
    entry = found(day)[state]
    assert abs((date.fromisoformat(entry["date"]) - date.fromisoformat(left)).days) <= 5
    assert 0.85 < float(entry["chance"]) < 1


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2012-01-10", "USA"),  # Obama may stand again, and wins
        ("2004-01-10", "USA"),
        ("2016-11-08", "JPN"),  # the house chooses, and nothing limits its choice
        ("1992-06-01", "USA"),
        ("2008-01-10", "GBR"),
    ],
)
def test_who_may_stand_again_is_in_no_last_term(day, state):
    assert state not in found(day)


def votes_and_leaders(monkeypatch, stays: bool) -> pd.DataFrame:
    """A state with a vote each fourth year; leaders leave after one or, if one of them `stays`, that one after two."""
    years = [2000, 2004, 2008, 2012, 2016]
    begins = [year for year in years if not (stays and year == 2008)]
    ends = [*begins[1:], None]
    spells = pd.DataFrame({"state": "AAA", "date": [f"{year}-11-30" for year in begins]})
    spells["end"] = [f"{year}-11-30" if year else "" for year in ends]
    monkeypatch.setattr(data, "get", lambda *asked: spells)
    monkeypatch.setattr("latticework.actions.new_terms.name_of", lambda code: "Atlantis")
    return pd.DataFrame({"state": "AAA", "date": [f"{year}-11-01" for year in [*years, 2020]], "type": "executive"})


@pytest.mark.parametrize(("stays", "chance"), [(False, ["0.900"]), (True, [])])
def test_one_leader_who_stayed_is_enough_to_say_nothing(monkeypatch, stays, chance):
    votes = votes_and_leaders(monkeypatch, stays)
    day = date(2018, 1, 1)
    assert [entry["chance"] for entry in last_terms(votes, day, date(2021, 1, 1))] == chance
    if chance:
        (entry,) = last_terms(votes, day, date(2021, 1, 1))
        assert entry["date"] == "2020-11-30", "the usual days after the vote"
        assert "All 4 leaders" in entry["reason"]
        assert not list(last_terms(votes, day, date(2020, 11, 1))), "after the end that was asked for"
