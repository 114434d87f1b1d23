"""What one cell of a user's file says: a day, a state, a number or words; ValueError says why it says none."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import NoReturn

from latticework.data.layer import Layer
from latticework.data.states import BY_COW, resolve
from latticework.errors import UnknownNameError, suggestion
from latticework.yaml_text import plain

MISSING = frozenset({"", "na", "n/a", "nan", "null", ".", ".."})  # in small letters
LAST_DAY = "2100-12-31"  # a panel ends here at the latest
LARGEST = 1e30  # sums of such numbers still fit the arrays of the panel
POSSIBLE = "Possible: an ISO3 code (JPN), a COW abbreviation (UKG) or a COW number (740)."
FIRSTS = {"annual": ("01-01",), "quarterly": ("01-01", "04-01", "07-01", "10-01")}
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # what no text should have, and what no file can hold
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00:00(?:\.0+)?)?", re.ASCII)  # pandas writes midnight out
_YEAR = re.compile(r"(\d{4})(?:\.0+)?", re.ASCII)
_WHOLE = re.compile(r"(\d{1,9})(?:\.0+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,5})?", re.ASCII)


def shown(text: object) -> str:
    """A cell or a word in quotes, for a message."""
    return f"'{plain(text, 40)}'"


def day_of(text: str) -> str:
    """An ISO day, as in 2024-12-31."""
    found = _DAY.fullmatch(text)
    if not found:
        _refuse(text, "no day; write 2024-12-31")
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError:
        _refuse(text, "no day of the calendar")


def date_of(text: str) -> str:
    """The ISO day that a row stands for, not later than a panel may be."""
    day = day_of(text)
    return day if day <= LAST_DAY else _refuse(text, f"after {LAST_DAY}, the last day of any panel")


def end_of(text: str) -> str:
    """The last day of a spell; empty if it is open."""
    if text.casefold() in MISSING:
        return ""
    day = day_of(text)
    return day if day <= LAST_DAY else _refuse(text, f"after {LAST_DAY}; leave the cell empty if the spell is open")


def year_of(text: str) -> str:
    """The last day of a year."""
    found = _YEAR.fullmatch(text)
    if not found or found.group(1) == "0000":
        return _refuse(text, "no year; write 2024")
    return date_of(f"{found.group(1)}-12-31")


def number_of(text: str) -> float:
    """A number with a decimal point, and without thousands separators, signs of money or per cent."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{shown(text)} is no number; write 1234.5, with a point and nothing else")
    number = float(text)
    if abs(number) > LARGEST:
        raise ValueError(f"{shown(text)} is too large: at most {LARGEST:g}, choose a larger unit")
    return number


def state_of(text: str) -> str:
    """The ISO3 code of a state named by ISO3 code, COW abbreviation or COW number."""
    if whole := _WHOLE.fullmatch(text):
        code = BY_COW.get(int(whole.group(1)))
        return code or _refuse(text, "no COW number of a state of the panel (from 1950)")
    try:
        return resolve(text[:80])
    except UnknownNameError as error:
        meant = suggestion(text[:80], error.known)
        few = len(error.known) == 1 or not meant.startswith("Possible")
        _refuse(text, f"no state. {meant if few else POSSIBLE}")


def words_of(text: str) -> str:
    """Words in one line; may be empty."""
    words = " ".join(text.split())
    if found := CONTROL.search(words):
        _refuse(words, f"no plain text: it has the character {shown(found.group())}")
    return words


def cell_of(name: str, layer: Layer) -> Callable[[str], str | float]:
    """How the cells of a layer's column (or `year`) are understood."""
    if name == "date":
        return partial(_period_of, layer.frequency)
    fixed = {"year": year_of, "state": state_of, "partner": state_of, "end": end_of}
    if name in fixed:
        return fixed[name]
    if name == "value":
        return partial(_within, layer.bounds) if layer.value == "number" else words_of
    if name == "known":  # a row without such a day would be known for ever
        return day_of
    return {"number": _number_or_none, "date": _day_or_none, "text": words_of}[layer.kinds[name]]


def _period_of(frequency: str, text: str) -> str:
    """The day of a row. The first day of a year or quarter is refused: the panel would have the value too early."""
    day = date_of(text)
    if day[5:] in FIRSTS.get(frequency, ()):
        _refuse(text, "a first day, but a value of a year or quarter stands for its last (a year may be in `year`)")
    return day


def _within(bounds: tuple[float | None, float | None], text: str) -> float:
    number, (low, high) = number_of(text), bounds
    if low is not None and number < low:
        raise ValueError(f"{number:g} is below {low:g}, the least that the description allows")
    if high is not None and number > high:
        raise ValueError(f"{number:g} is above {high:g}, the most that the description allows")
    return number


def _number_or_none(text: str) -> float:
    return float("nan") if text.casefold() in MISSING else number_of(text)


def _day_or_none(text: str) -> str:
    return "" if text.casefold() in MISSING else day_of(text)


def _refuse(text: str, why: str) -> NoReturn:
    raise ValueError(f"{shown(text)} is {why}")
