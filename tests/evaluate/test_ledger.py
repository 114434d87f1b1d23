"""A ledger can be added to and not changed, and its scores are those of the forecasts."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from latticework.actions.ledger import One, add_one, add_outcome, add_run, last_seal, ledger_list, ledger_score
from latticework.errors import InputError
from latticework.evaluate.ledger import Forecast, Outcome, opened, scored, sealed

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
ONE = Forecast("1", "JPN: leader leaves", "out of office", "2027-12-31", 0.3, "2025-01-24", "2026-01-05T12:00:00", "a")
TWO = replace(ONE, id="2", chance=0.8)


def test_a_ledger_is_read_back_and_every_change_is_noticed():
    lines = sealed([ONE, TWO, Outcome("1", "no", "record", "2028-01-01T00:00:00")])
    assert opened(lines)[0][:2] == [ONE, TWO]
    changed = json.loads(lines[0]) | {"chance": 0.01}
    for damaged, line in (
        ([json.dumps(changed), *lines[1:]], 1),
        ([lines[0], lines[2]], 2),
        ([lines[1], lines[0], lines[2]], 1),
        (lines[1:], 1),
        ([*lines[:2], "nothing"], 3),
    ):
        with pytest.raises(InputError, match=f"line {line}:"):
            opened(damaged)


def test_whoever_changes_an_entry_has_to_change_all_later_seals():
    honest = sealed([ONE, TWO])
    forged = sealed([replace(ONE, chance=0.9), TWO])
    assert all(a != b for a, b in zip(honest, forged, strict=True))


def test_scores_are_those_by_hand():
    outcomes = [Outcome("1", "no", "r", "t"), Outcome("2", "yes", "r", "t")]
    third = replace(ONE, id="3")
    (row,) = scored([ONE, TWO, third, *outcomes]).to_dict("records")
    assert row["brier"] == pytest.approx((0.3**2 + 0.2**2) / 2)
    assert row["log_score"] == pytest.approx(-(np.log(0.7) + np.log(0.8)) / 2)
    assert (row["forecasts"], row["resolved"], row["events"]) == (3, 2, 1)


@pytest.fixture
def run(tmp_path):
    """A run folder with an outlook of three chances and a number."""
    rows = [
        ("status-quo", "leader", "JPN", "", "leader leaves office", "2026-12-31", 0.4),
        ("status-quo", "leader", "JPN", "", "leader leaves office", "2025-12-31", 0.2),
        ("status-quo", "dispute", "CHN", "JPN", "dispute", "2027-12-31", 0.1),
        ("status-quo", "dispute", "JPN", "CHN", "dispute", "2027-12-31", 0.1),
        ("status-quo", "troops", "USA", "JPN", "troops", "2027-12-31", 54_000.0),
        ("other", "leader", "JPN", "", "leader leaves office", "2026-12-31", 0.5),
        ("status-quo", "troops", "USA", "JPN", "troops", "2025-01-24", 55_000.0),
        ("status-quo", "tie", "AUS", "USA", "agreement ends", "2025-03-31", 1.0),  # they have none
        ("status-quo", "tie", "AUS", "USA", "agreement ends", "2027-12-31", 1.0),
    ]
    names = ["branch", "kind", "state", "partner", "quantity", "date", "value"]
    (tmp_path / "run" / "tables").mkdir(parents=True)
    pd.DataFrame(rows, columns=names).to_parquet(tmp_path / "run" / "tables" / "outlook.parquet")
    return tmp_path / "run"


def test_a_run_puts_in_what_is_still_to_come_once(run, tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    added = add_run(run, ledger, now=NOW)
    assert sorted(added["event"]) == ["CHN and JPN: dispute", "JPN: leader leaves office"]
    assert set(added["stands_on"]) == {"2025-01-24"}
    assert set(added["outcome"]) == {"open"}
    with pytest.raises(InputError, match="already"):
        add_run(run, ledger, now=NOW)
    assert len(ledger_list(ledger)) == 2


def test_outcomes_are_entered_once_and_scored(run, tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    first = add_run(run, ledger, now=NOW)["id"].iloc[0]
    add_outcome(first, "yes", "the Diet's record", ledger, NOW)
    assert ledger_score(ledger)["brier"].iloc[0] == pytest.approx(0.6**2)
    with pytest.raises(InputError, match="entered already"):
        add_outcome(first, "no", "second thoughts", ledger, NOW)
    with pytest.raises(InputError, match="no forecast 'nobody'"):
        add_outcome("nobody", "yes", "x", ledger, NOW)
    with pytest.raises(InputError, match="yes, no or void"):
        add_outcome(ledger_list(ledger)["id"].iloc[1], "perhaps", "x", ledger, NOW)


def test_that_nothing_came_is_entered_once_the_last_day_is_over(tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    add_one(One("rain", "wet", "2027-12-31", 0.7), ledger, NOW)
    for day in (NOW, datetime(2027, 12, 31, 23, tzinfo=UTC)):
        with pytest.raises(InputError, match="can still come by 2027-12-31"):
            add_outcome("1", "no", "me", ledger, day)
    add_outcome("1", "no", "me", ledger, datetime(2028, 1, 1, tzinfo=UTC))
    assert ledger_list(ledger)["outcome"].tolist() == ["no"]


def test_whatever_an_event_holds_and_an_editor_took_the_ledger_can_be_added_to(tmp_path):
    ledger, event = tmp_path / "ledger.jsonl", "rain\u2028and\x85snow"
    add_one(One(event, "wet", "2027-12-31", 0.7), ledger, NOW)
    ledger.write_bytes(ledger.read_bytes().removesuffix(b"\n"))
    add_one(One("hail", "hard", "2027-12-31", 0.1), ledger, NOW)
    assert ledger_list(ledger)["event"].tolist() == [event, "hail"]
    assert last_seal(ledger) == json.loads(ledger.read_text(encoding="utf-8").rstrip().split("\n")[-1])["seal"]


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (One("", "rule", "2027-01-01", 0.5), "needs an event and a rule"),
        (One("event", "", "2027-01-01", 0.5), "needs an event and a rule"),
        (One("event", "rule", "soon", 0.5), "a day such as"),
        (One("event", "rule", "2025-01-01", 0.5), "which is past"),
        (One("event", "rule", "2027-01-01", 1.5), "from 0 to 1"),
    ],
)
def test_what_is_no_forecast_is_refused(tmp_path, one, message):
    with pytest.raises(InputError, match=message):
        add_one(one, tmp_path / "ledger.jsonl", NOW)
    assert not (tmp_path / "ledger.jsonl").exists()


def test_a_ledger_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="There is no ledger"):
        ledger_list(tmp_path / "none.jsonl")
