"""A new scenario: a folder that holds what the panel knew on a day, and passes every check before it is written."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from latticework import data
from latticework.actions.new_terms import last_terms
from latticework.actions.scenarios import FILE, known
from latticework.data.states import name_of, resolve, resolve_all
from latticework.errors import InputError
from latticework.report.scenario_page import scenario_schema
from latticework.scenario.calendar import horizon, quarter_before
from latticework.scenario.read import read_scenario

QUARTERS = 16
ALLIES = 6  # the hub's most capable defence partners, if no states are named
ALIKE, TERM = 60, 7 * 366  # days by which gaps between votes may differ, and after which no vote is expected
SCHEMA = "scenario.schema.json"
KINDS = {"executive": "presidential", "legislature": "lower"}
EXAMPLE = """\
# What may happen. An intervention looks like this (every key: docs/scenarios.md); a branch makes it by its id.
#   - id: harder-times
#     operator: shift
#     process: dispute_onset
#     on: [{rival}-{hub}]
#     size: {{mean: 0.5, sd: 0.5}}
#     unit: history_sd
#     assumed_by: your name
#     reason: why you think so, and how sure you are

branches:
  - id: status-quo
    title: Status quo
    summary: Nothing but what was known on the day.
    interventions: [{made}]
"""


def new_scenario(
    name: str,
    hub: str,
    rival: str,
    on: str,
    states: Sequence[str] | None = None,
    out: Path | None = None,
) -> Path:
    """Write the folder of a new scenario (scenarios/NAME by default) and return its file.

    Leaders and votes are those that the panel knew on the day; without states, the hub, the rival and the hub's most
    capable defence partners are taken. InputError for a day, name or folder that cannot be used, UnknownNameError for a
    state, ScenarioError for what does not pass the checks.
    """
    folder = out or Path("scenarios") / name
    if folder.exists():
        raise InputError(f"'{folder}' exists already. Choose another name, or another folder with --out.")
    day = on_day(on)
    hub, rival = resolve(hub), resolve(rival)
    codes = tuple(dict.fromkeys((hub, rival, *(resolve_all(states) if states else _partners(hub, rival, day)))))
    text = scenario_text(name, (hub, rival), day, codes, codes[: ALLIES + 2], QUARTERS)
    read_scenario(text, str(folder / FILE), known())
    try:
        folder.mkdir(parents=True)
        (folder / FILE).write_text(text, encoding="utf-8")
        (folder / SCHEMA).write_text(scenario_schema(), encoding="utf-8")
    except OSError as fault:
        raise InputError(f"'{folder}' cannot be written: {fault.strerror}. Choose another with --out.") from fault
    return folder / FILE


def scenario_text(
    name: str, centres: tuple[str, str], day: date, codes: Sequence[str], focus: Sequence[str], quarters: int
) -> str:
    """A scenario file of hub and rival (`centres`) and other states from what the panel knew of them on the day.

    InputError for a state of which no leader was known.
    """
    return "\n".join(_text(name, centres, day, codes, focus, quarters))


def on_day(text: str) -> date:
    """The day of --on; InputError if it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--on is '{text}'; it must be a day, written as 2025-01-24.") from None


def _partners(hub: str, rival: str, day: date) -> list[str]:
    """The hub's most capable defence partners, as was known on the day."""
    others = tied("defence", hub, day) - {rival}
    return [code for code in by_capability(day) if code in others][:ALLIES]


def tied(layer: str, state: str, day: date) -> set[str]:
    """The states with which a state had a spell of a layer on the day, as was known on it."""
    spells = data.get(layer, [state], None, None, str(day))
    spells = spells[~ended(spells, day) & (spells["value"] > 0)]
    return (set(spells["state"]) | set(spells["partner"])) - {state}


def by_capability(day: date) -> list[str]:
    """All states with a known capability, the most capable first, as was known on the day."""
    power = data.get("capability", None, None, None, str(day)).sort_values("date").groupby("state")["value"].last()
    return [str(code) for code in power.sort_values(ascending=False).index]


def ended(spells: pd.DataFrame, day: date) -> "pd.Series[bool]":
    """Which spells had ended by a day; an empty end is one that had not, as far as was known."""
    end = spells["end"].fillna("").astype(str).str[:10]
    return (end != "") & (end < str(day))


def _text(
    name: str, centres: tuple[str, str], day: date, codes: Sequence[str], focus: Sequence[str], quarters: int
) -> Iterator[str]:
    (hub, rival), last = centres, horizon(day, quarters)
    yield f"# yaml-language-server: $schema={SCHEMA}"
    yield f"id: {name}"
    yield f"title: {json.dumps(f'{name_of(hub)}, {name_of(rival)} and others on {day}', ensure_ascii=False)}"
    yield f"question: {json.dumps(f'How do the ties of {name_of(hub)} develop until {last}?', ensure_ascii=False)}"
    yield f"baseline: {day}\nquarters: {quarters}\nhub: {hub}\nrival: {rival}"
    yield f"focus: [{', '.join(focus)}]\nstates: [{', '.join(codes)}]\n"
    yield "# As the panel knew them on the day: check them, above all where the record ended before it."
    yield from _block("leaders", _leaders(codes, day))
    expected = pd.DataFrame(list(_expected(codes, day, last)))
    yield from _block("elections", _votes(codes, day, last, expected))
    every = pd.concat([data.get("election", codes, None, None, str(day)), expected], ignore_index=True)
    ending = list(last_terms(every, day, last))
    yield from _block("interventions", ending) if ending else ("interventions: []\n",)
    yield EXAMPLE.format(hub=hub, rival=rival, made=", ".join(str(entry["id"]) for entry in ending))


def _block(key: str, entries: Iterable[dict[str, str]]) -> Iterator[str]:
    """A list of blocks, a key a line; nothing for none."""
    written = ["\n    ".join(f"{k}: {v}" for k, v in entry.items()) for entry in entries]
    if written:
        yield "\n".join([f"{key}:", *(f"  - {entry}" for entry in written), ""])


def _leaders(codes: Sequence[str], day: date) -> Iterator[dict[str, str]]:
    """The last leader of each state whose time in office had not ended on the day."""
    table = data.get("leader", codes, None, None, str(day))
    table = table[~ended(table, day)]
    for code in codes:
        mine = table[table["state"] == code].sort_values("date")
        if mine.empty:
            raise InputError(f"The panel knows no leader of {code} on {day}. Leave it out, or take another day.")
        row = mine.iloc[-1]
        entry = {"state": code, "name": _quoted(row["value"]), "office": "effective leader"}
        entry |= {"since": str(row["date"])[:10], "source": _quoted(row["source"]), "confidence": _confidence(row, day)}
        yield entry | _note(row, day)


def _note(row: pd.Series, day: date) -> dict[str, str]:
    """What a reader should doubt about a leader."""
    told = ["acting"] if row["acting"] == 1 else []
    told += [f"the record ends on {str(row['known_to'])[:10]}"] if str(row["known_to"])[:10] < str(day) else []
    return {"note": _quoted("; ".join(told))} if told else {}


def _confidence(row: pd.Series, day: date) -> str:
    """As the panel says; where it says nothing, high unless the record ended before the day."""
    if isinstance(row["confidence"], str) and row["confidence"]:
        return row["confidence"]
    return "high" if str(row["known_to"])[:10] >= str(day) else "low"


def _votes(codes: Sequence[str], day: date, last: date, expected: pd.DataFrame) -> Iterator[dict[str, str]]:
    """Votes that can change the leader: those of the quarter before, and those that were known or due to lie ahead."""
    table = data.get("election", codes, str(quarter_before(day)), str(last), str(day))
    table = pd.concat([table, expected], ignore_index=True)
    for row in table.sort_values(["state", "date"]).to_dict("records"):
        when = str(row["date"])[:10]
        sure = "" if row["day_known"] == 1 else ", date approximate"
        yield {
            "state": row["state"],
            "date": when,
            "kind": KINDS[row["type"]],
            "what": _quoted(f"{row['type']} vote{sure}"),
            "status": "held" if when < str(day) else "scheduled",
            "decides_leader": "true",
            "source": _quoted(row["source"]),
            "confidence": row["confidence"] if isinstance(row["confidence"], str) and row["confidence"] else "medium",
        }


def _expected(codes: Sequence[str], day: date, last: date) -> Iterator[dict[str, object]]:
    """Votes that are due though their day was not set: the last two gaps between votes were alike, so the next is."""
    table = data.get("election", codes, None, None, str(day))
    for (_, kind), rows in table.groupby(["state", "type"]):
        past = sorted(date.fromisoformat(str(when)[:10]) for when in rows["date"])[-3:]
        if len(past) < 3 or abs((past[2] - past[1]) - (past[1] - past[0])).days > ALIKE or (day - past[2]).days > TERM:
            continue
        gap, last_vote = past[2] - past[1], rows.sort_values("date").iloc[-1]
        row = {str(key): value for key, value in last_vote.items()}
        when = past[2] + gap
        while when <= last:
            if when > day:
                yield row | {"date": str(when), "type": kind, "day_known": 0.0, "confidence": "low"}
            when += gap


def _quoted(value: object) -> str:
    return json.dumps(str(value), ensure_ascii=False)
