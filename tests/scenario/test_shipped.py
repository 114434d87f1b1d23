"""The scenario that is shipped can be read, agrees with the facts it was made from, and every key is documented."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from latticework.actions.scenarios import known
from latticework.scenario import Scenario, compile_branch, needed_scales, read_scenario, steps
from latticework.scenario.schema import every_block, keys_of

ROOT = Path(__file__).parents[2]
FILE = ROOT / "scenarios" / "asia-2025" / "scenario.yaml"
FACTS = ROOT.parent / "shared" / "facts"
HELPERS = ("Latticework, scenario authors",)


@pytest.fixture(scope="module")
def asia() -> Scenario:
    return read_scenario(FILE.read_text(encoding="utf-8"), "asia-2025/scenario.yaml", known())


def facts(name: str) -> list[dict[str, str]]:
    path = FACTS / name
    if not path.exists():
        pytest.skip("the table of facts is not on this machine")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_it_stands_where_it_says(asia: Scenario):
    assert asia.id == FILE.parent.name
    assert (asia.baseline, asia.quarters, asia.hub, asia.rival) == (date(2025, 1, 24), 16, "USA", "CHN")
    assert len(asia.states) == 36
    assert str(steps(asia).end[-1]) == "2028-12-31"
    courses = ["status-quo", "transactional-hub", "retreat", "hedge", "recalibration"]
    assert [branch.id for branch in asia.branches] == [
        *courses,
        "joint-technology",
        "defence-systems",
        "public-diplomacy",
    ]


def test_the_states_are_those_of_the_facts(asia: Scenario):
    assert list(asia.states) == [row["country"] for row in facts("state_2025.csv")]


def test_every_state_has_the_leader_of_the_facts(asia: Scenario):
    assert [leader.state for leader in asia.leaders] == list(asia.states)
    ours = {leader.state: leader for leader in asia.leaders}
    for row in facts("leaders.csv"):
        if not row["end"] and row["acting"] == "0":
            assert (ours[row["country"]].name, str(ours[row["country"]].since)) == (row["leader"], row["start"])


def test_votes_that_the_facts_schedule_are_in_the_calendar(asia: Scenario):
    ours = {(vote.state, str(vote.date)) for vote in asia.elections}
    due = {
        (r["country"], r["date"]) for r in facts("elections.csv") if r["majority"] == "na" or "scheduled" in r.values()
    }
    missing = {vote for vote in due if asia.baseline <= date.fromisoformat(vote[1]) <= date(2028, 12, 31)} - ours
    assert not missing


def test_every_assumption_says_who_and_why_and_how_wide(asia: Scenario):
    for entry in asia.interventions:
        assert entry.assumed_by in HELPERS
        assert len(entry.reason.split()) >= 10, entry.id
        assert not hasattr(entry, "size") or entry.size.sd > 0, f"{entry.id} is assumed as if it were known"
        assert getattr(entry, "unit", "history") != "log_hazard", f"{entry.id} is not in units of history"
    for candidate in (one for succession in asia.successions for one in succession.candidates):
        assert candidate.orientation.sd > 0, f"{candidate.name}'s orientation is assumed as if it were known"
    assert set(asia.made_somewhere()) == set(asia.interventions)


def test_nothing_in_it_was_known_only_later(asia: Scenario):
    assert all(leader.since <= asia.baseline for leader in asia.leaders)
    assert all(vote.date > asia.baseline for vote in asia.elections if vote.status == "scheduled")


def test_the_first_branches_differ_only_by_the_hub(asia: Scenario):
    scales = dict.fromkeys(needed_scales(asia), 1.0)
    status, hub = (compile_branch(asia, branch.id, asia.states, steps(asia), scales) for branch in asia.branches[:2])
    for name in status.hazard:
        assert (status.hazard[name] == hub.hazard[name]).all()
    assert all((sizes == 0).all() for sizes in status.sd.values())
    assert any((sizes > 0).any() for sizes in hub.sd.values())


def test_the_levers_are_pulled_alone_and_together(asia: Scenario):
    alone = [asia.levers_of(name) for name in ("joint-technology", "defence-systems", "public-diplomacy")]
    assert [len(levers) for levers in alone] == [1, 1, 1]
    assert asia.levers_of("recalibration") == sum(alone, ())
    assert all(0 < lever.cost.low < lever.cost.high and lever.who_pays for lever in asia.levers)


def test_every_key_is_documented():
    text = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    tables = re.findall(r"^\| key \| what it is \|\n\|---\|---\|\n((?:\|.*\n)+)", text, flags=re.MULTILINE)
    documented = set(re.findall(r"^\| `(\w+)` \|", "".join(tables), flags=re.MULTILINE))
    assert documented == {key for block in every_block() for key in keys_of(block)}
