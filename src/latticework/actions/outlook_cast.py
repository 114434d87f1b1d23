"""Who takes part in an outlook: the states asked for, the hub, the rival, and those that matter to their ties."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from latticework import data
from latticework.actions.new_scenario import by_capability, ended, tied
from latticework.data.states import name_of, resolve_all
from latticework.errors import InputError
from latticework.report.numbers import joined, the

PATRON = "USA"
MOST_ASKED = 8  # 28 ties; their measurement is what takes long
STATES = 36  # that are simulated, always as many as asia-2025 has


@dataclass(frozen=True)
class Cast:
    """The hub, its rival, the states asked for, and all that are simulated (the asked ones first)."""

    hub: str
    rival: str
    asked: tuple[str, ...]
    states: tuple[str, ...]


def cast(names: Sequence[str], day: date) -> Cast:
    """Who takes part, from what was known on the day.

    The hub is the United States if asked for, else the most capable of the asked. The rival is the most capable major
    power in a rivalry with it, else the most capable without a defence pact with it. The others: major powers, rivals,
    neighbours and defence partners of the asked, then the most capable states. InputError, UnknownNameError.
    """
    asked = tuple(dict.fromkeys(resolve_all(names)))
    if len(asked) < 2:
        raise InputError("An outlook is of ties: name two states or more, as in 'latticework outlook USA JPN KOR'.")
    if len(asked) > MOST_ASKED:
        raise InputError(f"{len(asked)} states are named; an outlook takes at most {MOST_ASKED}.")
    led = set(_in_force("leader", day)["state"])
    missing = [code for code in asked if code not in led]
    if missing:
        raise InputError(_not_there(missing, day))
    ranked = [code for code in by_capability(day) if code in led]
    hub = PATRON if PATRON in asked else next((code for code in ranked if code in asked), asked[0])
    majors = [code for code in ranked if code in set(_in_force("major_power", day)["state"])]
    rival = _rival(hub, majors, ranked, day)
    chosen = dict.fromkeys([*asked, hub, rival, *(c for c in _matter(asked, majors, ranked, day) if c in led)])
    return Cast(hub, rival, asked, tuple(chosen)[:STATES])


def _not_there(missing: Sequence[str], day: date) -> str:
    """Why states cannot be asked for on a day: there was none, or nobody is known to have led it."""
    there = set(_in_force("exists", day)["state"])
    gone = [code for code in missing if code not in there]
    if gone:
        return f"No such state on {day}: {joined([_existed(code) for code in gone])}."
    names = [the(name_of(code)) for code in missing]
    return f"On {day} the panel knew no leader of {joined(names)}: leave it out, or take another day."


def _existed(code: str) -> str:
    """When a state was one, by the panel."""
    spells = data.get("exists", (code,)).to_dict("records")
    ends = [(str(row["date"])[:10], str(row["end"] or "")[:10]) for row in spells]
    when = [f"from {first}" + (f" to {last}" if last[:1].isdigit() else " on") for first, last in ends]
    return f"the panel has {the(name_of(code))} {joined(when)}" if when else f"the panel never has {the(name_of(code))}"


def _rival(hub: str, majors: Sequence[str], ranked: Sequence[str], day: date) -> str:
    rivals, allies = tied("rivalry", hub, day), tied("defence", hub, day)
    against = [code for code in majors if code in rivals]
    alone = [code for code in (*majors, *ranked) if code != hub and code not in allies]
    return next(iter((*against, *alone)))


def _matter(asked: Sequence[str], majors: Sequence[str], ranked: Sequence[str], day: date) -> Iterator[str]:
    """Those that matter, the most important first."""
    yield from majors
    for layer in ("rivalry", "contiguity", "defence"):
        near = set().union(*(tied(layer, code, day) for code in asked))
        yield from (code for code in ranked if code in near)
    yield from ranked


def _in_force(layer: str, day: date) -> pd.DataFrame:
    spells = data.get(layer, None, None, None, str(day))
    return spells[~ended(spells, day)]
