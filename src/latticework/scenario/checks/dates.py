"""Dates: the baseline lies in the data, windows in the horizon, leaders before it, votes on the right side of it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from latticework.scenario.calendar import horizon
from latticework.scenario.checks.names import ruled
from latticework.scenario.checks.plain import Data, blocks, day, word
from latticework.yaml_text import Fault, Loc

MOST_QUARTERS = 80
WINDOWS = ("interventions", "crises", "demands")


def check_dates(data: Data, known: Any) -> Iterator[Fault]:
    """Every fault of a date."""
    under = ruled(data)
    for i, entry in blocks(data, "interventions"):
        if entry.get("operator") == "event":
            yield from _event(("interventions", i), entry, under)
    baseline, quarters = day(data.get("baseline")), data.get("quarters", 16)
    if baseline is None:
        return
    if not known.first_date <= baseline <= known.last_date:
        why = f"{baseline} is outside the data, which reach from {known.first_date} to {known.last_date}"
        yield Fault(("baseline",), why)
    if type(quarters) is not int or not 1 <= quarters <= MOST_QUARTERS or baseline.year > date.max.year - 30:
        return
    last = horizon(baseline, quarters)
    for key in WINDOWS:
        for i, entry in blocks(data, key):
            yield from _window((key, i), entry, baseline, last)
    for i, entry in blocks(data, "crises"):
        if entry.get("ends_with_leader") is True and day(entry.get("from")) not in (None, baseline):
            why = "a crisis that ends with the leader of the baseline day is under way on it: `from` is the baseline"
            yield Fault(("crises", i, "ends_with_leader"), why, at="key")
        if "interregnum" in entry and entry.get("ends_with_leader") is not True:
            yield Fault(
                ("crises", i, "interregnum"), "needs `ends_with_leader: true`: it follows that leader's end", at="key"
            )
    for i, entry in blocks(data, "leaders"):
        since = day(entry.get("since"))
        if since and since > baseline:
            yield Fault(("leaders", i, "since"), f"{since} is after the baseline {baseline}")
    for i, entry in blocks(data, "elections"):
        vote, held = day(entry.get("date")), entry.get("status") == "held"
        if vote and held != (vote < baseline) and entry.get("status", "scheduled") in ("held", "scheduled"):
            why = f"held on {vote}, after" if held else f"scheduled for {vote}, before"
            yield Fault(("elections", i, "date"), f"{why} the baseline {baseline}; check date and `status`")


def _window(loc: Loc, entry: Data, baseline: date, last: date) -> Iterator[Fault]:
    days = {key: found for key in ("date", "from", "until") if (found := day(entry.get(key)))}
    for key, found in days.items():
        if not baseline <= found <= last:
            yield Fault((*loc, key), f"{found} is outside the horizon from {baseline} to {last}")
    if "from" in days and "until" in days and days["until"] < days["from"]:
        yield Fault((*loc, "until"), f"{days['until']} comes before `from`, {days['from']}")


def _event(loc: Loc, entry: Data, under: dict[str, str]) -> Iterator[Fault]:
    """An event has a date or a window; under a rule it has no date, for the rule says when."""
    rule = under.get(word(entry.get("id")) or "")
    if rule and "date" in entry:
        yield Fault((*loc, "date"), f"the rule '{rule}' says when this happens: it has no `date`", at="key")
    elif "date" in entry and ("from" in entry or "until" in entry):
        yield Fault((*loc, "date"), "an event has a `date`, or `from` and `until`, not both", at="key")
    elif not rule and "date" not in entry and not ("from" in entry and "until" in entry):
        yield Fault(loc, "an event needs a `date`, or `from` and `until`")
