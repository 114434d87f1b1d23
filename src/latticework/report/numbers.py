"""How numbers are printed: no more digits than they deserve, and no chance that claims certainty."""

import math
from datetime import date

RULE_OF_THREE = 3.0  # what never happened in n paths has a chance below about 3/n, at 95 %
MINUS, DASH = "−", "–"
MISSING = "–"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def chance(share: float, paths: int | None = None) -> str:
    """A chance in per cent; what `paths` cannot tell from never or always is printed as <1 % or >99 %."""
    if math.isnan(share):
        return MISSING
    floor = 1 if paths is None else min(max(1, math.ceil(100 * RULE_OF_THREE / paths)), 50)
    percent = 100 * share
    if percent < floor:
        return f"<{floor} %"
    if percent > 100 - floor:
        return f">{100 - floor} %"
    return f"{round(percent)} %"


def chance_band(lower: float, upper: float, paths: int | None = None) -> str:
    """The band of a chance that stands behind it, so without the unit: (3–9), (<1–4)."""
    if math.isnan(lower) or math.isnan(upper):
        return ""
    low, high = (chance(edge, paths).removesuffix(" %") for edge in (lower, upper))
    return f"({low})" if low == high else f"({low}{DASH}{high})"


def to(lower: float) -> str:
    """What stands between the ends of a band; a word where a dash could be taken for a minus."""
    return " to " if lower < 0 else DASH


def number(value: float, digits: int | None = None, sign: bool = False) -> str:
    """A number with its thousands apart: 23,300; 0.83; −1.2. Three digits that count unless told otherwise."""
    if value is None or math.isnan(value):
        return MISSING
    if digits is None:
        digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    size = abs(value) if abs(value) < 1000 else round(abs(value), 2 - math.floor(math.log10(abs(value))))
    text = f"{size:,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    nothing = not text.strip("0.,")
    mark = "" if nothing else MINUS if value < 0 else "+" if sign else ""
    return mark + text


def decimal(value: float, sign: bool = False) -> str:
    """A number with two decimals, for columns that should line up: 0.80; −1.20."""
    if math.isnan(value):
        return MISSING
    text = f"{abs(value):.2f}"
    mark = "" if text == "0.00" else MINUS if value < 0 else "+" if sign else ""
    return mark + text


def points(difference: float) -> str:
    """A difference of chances in percentage points: +3.4, −0.6."""
    percent = 100 * difference
    if math.isnan(percent):
        return MISSING
    text = f"{abs(percent):.0f}" if abs(percent) >= 10 else f"{abs(percent):.1f}"
    return text if text == "0.0" else (MINUS if percent < 0 else "+") + text


def count(value: float) -> str:
    """A head count as it was published, to the last digit."""
    return MISSING if math.isnan(value) else f"{value:,.0f}"


def persons(value: float) -> str:
    """A simulated head count: to three digits that count."""
    return number(value, digits=0)


def day(iso: str | date) -> str:
    """A date in words: 24 January 2025."""
    when = date.fromisoformat(str(iso)[:10])
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def by_year(iso: str) -> str:
    """The end of a year as a heading: end 2025; any other day in words."""
    return f"end {iso[:4]}" if iso[5:10] == "12-31" else day(iso)


def years(age: float) -> str:
    """An age in years: under a month as new, else to one digit."""
    return "new" if age < 1 / 12 else f"{age:.1f} years"


def the(name: str) -> str:
    """The name of a state inside a sentence: the United States, Japan."""
    return f"the {name}" if name.endswith(("States", "Kingdom", "Islands", "Philippines", "Netherlands")) else name


def joined(words: list[str] | tuple[str, ...]) -> str:
    """A list in a sentence: Japan, China and Russia."""
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
