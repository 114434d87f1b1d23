"""Last terms: leaders who must leave after the next vote, as far as the record of the state's earlier leaders tells."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd

from latticework import data
from latticework.data.states import name_of
from latticework.report.numbers import the

LOOKED_BACK = timedelta(days=30 * 365)  # constitutions change; what is older says little
FEWEST = 3  # leaders who stood where this one does
HANDOVER = timedelta(days=200)  # the longest from a vote to the day on which the old leader goes
SHARE = 0.9  # of the time in office that this leader will have: who had less may have been in an earlier term


def last_terms(votes: pd.DataFrame, day: date, last: date) -> Iterator[dict[str, str]]:
    """Interventions of a scenario, one for each leader whose term seems to be the last, with the chance that it is.

    `votes` are all votes that were held or expected on the day (`state`, `date`, `type`). A leader is in a last term if
    all earlier leaders of the state who faced a vote for the executive after as long in office, at least FEWEST in
    thirty years, were gone within 200 days. The chance is (n + 1/2) / (n + 1) for n of n, the mean under Jeffreys'
    prior.
    """
    leaders = data.get("leader", sorted(set(votes["state"])), None, None, str(day))
    for code, mine in votes[votes["type"] == "executive"].groupby("state"):
        found = _last_term(str(code), sorted({_day(when) for when in mine["date"]}), leaders, day)
        if found is not None and day < found[0] <= last:
            yield _entry(str(code), *found)


def _last_term(code: str, votes: list[date], leaders: pd.DataFrame, day: date) -> tuple[date, int, float, date] | None:
    """When the leader must go, how many went before, after how many years in office, and the vote; or None."""
    mine = leaders[leaders["state"] == code].sort_values("date")
    spells = [(_day(row["date"]), _day(row["end"], date.max)) for row in mine.to_dict("records")]
    due = [vote for vote in votes if vote > day - HANDOVER]
    if not spells or not due or spells[-1][0] >= due[0]:
        return None
    years = (due[0] - spells[-1][0]).days / 365.25
    waits = []
    for vote in votes:
        if not day - LOOKED_BACK <= vote < due[0]:
            continue
        since, end = next(((since, end) for since, end in spells if since < vote <= end), (vote, vote))
        if (vote - since).days / 365.25 >= SHARE * years:
            waits.append(end - vote)
    if len(waits) < FEWEST or max(waits) > HANDOVER:
        return None
    return due[0] + sorted(waits)[len(waits) // 2], len(waits), years, due[0]


def _entry(code: str, leaves: date, count: int, years: float, vote: date) -> dict[str, str]:
    reason = (
        f"All {count} leaders of {the(name_of(code))} who faced a vote for the executive after {SHARE * years:.1f} "
        f"years in office or more, in the thirty years before, were gone within {HANDOVER.days} days: a rule seems to "
        f"end the term, and the vote is due on {vote}. Of {count} in {count} we say ({count} + 1/2) / ({count} + 1). "
        "Replace this by the law of the state if you know it."
    )
    return {
        "id": f"{code.lower()}-last-term",
        "operator": "event",
        "process": "leader_exit",
        "on": f"[{code}]",
        "date": str(leaves),
        "chance": f"{(count + 0.5) / (count + 1):.3f}",
        "of_baseline_leader": "true",
        "assumed_by": "Latticework, from the record of the state's leaders",
        "reason": json.dumps(reason, ensure_ascii=False),
        "source": json.dumps("layers 'leader' and 'election' of the panel"),
    }


def _day(text: str | float, unknown: date | None = None) -> date:
    """A day of the panel; where it has none, `unknown`."""
    written = "" if pd.isna(text) else str(text)[:10]
    return date.fromisoformat(written) if written or unknown is None else unknown
