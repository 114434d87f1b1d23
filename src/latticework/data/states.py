"""A state has one code, its ISO3 code, whatever its sources call it.

The Soviet Union is RUS, the Federal Republic of Germany before 1990 is DEU, Yugoslavia is SRB and North Yemen is YEM:
one state each through time. East Germany (DDR), South Yemen (YMD), South Vietnam (VDR), Czechoslovakia (CSK) and
Zanzibar (ZAN) are states of their own that ended. Where a COW abbreviation is another state's ISO3 code (AUS, CZE, MNG,
SLV, SWZ), the ISO3 code wins.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from typing import SupportsInt

from latticework.errors import UnknownNameError


@dataclass(frozen=True)
class State:
    """A state of the panel: ISO3 code, English name, COW and Gleditsch-Ward numbers, COW abbreviations."""

    iso3: str
    name: str
    cow: tuple[int, ...]
    gw: tuple[int, ...]
    abbreviations: tuple[str, ...]


def _read() -> dict[str, State]:
    text = files("latticework.data").joinpath("states.csv").read_text(encoding="utf-8")
    return {
        row["iso3"]: State(
            iso3=row["iso3"],
            name=row["name"],
            cow=tuple(map(int, row["cow"].split())),
            gw=tuple(map(int, row["gw"].split())),
            abbreviations=tuple(row["abbreviations"].split()),
        )
        for row in csv.DictReader(text.splitlines())
    }


STATES: dict[str, State] = _read()
CODES: tuple[str, ...] = tuple(sorted(STATES))
BY_COW = {number: state.iso3 for state in STATES.values() for number in state.cow}
BY_GW = {number: state.iso3 for state in STATES.values() for number in state.gw}
_BY_NAME = {abb: state.iso3 for state in STATES.values() for abb in state.abbreviations} | {c: c for c in CODES}

_BY_ENGLISH = {state.name.casefold(): code for code, state in STATES.items()}


def resolve(name: str) -> str:
    """The ISO3 code of a state named by ISO3 code or COW abbreviation, in any case; else UnknownNameError."""
    code = _BY_NAME.get(name.strip().upper())
    if code is None:
        meant = get_close_matches(name.casefold(), _BY_ENGLISH, n=1, cutoff=0.75)
        raise UnknownNameError("state", name, [_BY_ENGLISH[meant[0]]] if meant else _BY_NAME)
    return code


def resolve_all(names: Iterable[str]) -> tuple[str, ...]:
    """The ISO3 codes of several states in the order named, each once."""
    return tuple(dict.fromkeys(resolve(name) for name in names))


def name_of(code: str) -> str:
    """The English name of a state."""
    return STATES[resolve(code)].name


def cow_to_iso3(ccode: SupportsInt) -> str | None:
    """The ISO3 code of a COW number, None if it is no state of the panel (1950 and later)."""
    return BY_COW.get(int(ccode))


def gw_to_iso3(gwcode: SupportsInt) -> str | None:
    """The ISO3 code of a Gleditsch-Ward number, None if it is no state of the panel (970 is Kiribati, not Nauru)."""
    return BY_GW.get(int(gwcode))
