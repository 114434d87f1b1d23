"""Measures of several ties in print: one sentence that says what the numbers say, then a table by years."""

from collections.abc import Callable

import pandas as pd

from latticework.data.states import name_of
from latticework.measures.cohesion import MEAN, WEAKEST
from latticework.measures.dependence import OBSERVED
from latticework.measures.hedging import DISPERSION, ENGAGEMENT, HEDGING, TILT
from latticework.measures.strength.indicators import DOMAINS
from latticework.measures.strength.summary import BAND
from latticework.report.emit import emit
from latticework.report.formats import Format
from latticework.report.numbers import MINUS, MISSING, by_year, chance, day, decimal, joined, number, the, to

ROWS = 24  # of a table; with more years every second, fifth or tenth
STEPS = (1, 2, 5, 10)
Show = Callable[[float], str]


def score(value: float) -> str:
    """A score without decimals."""
    return number(value, 0)


def percent(share: float) -> str:
    """A share as a number of per cent, without the sign."""
    return number(100 * share, 0 if share >= 0.1 else 1)


def banded(row: pd.Series, show: Show, unit: str = "") -> str:
    """A number with its band: 71 (62–80)."""
    if pd.isna(row["lower"]):
        return show(row["value"]) + unit
    return f"{show(row['value'])}{unit} ({show(row['lower'])}{to(row['lower'])}{show(row['upper'])})"


def print_cohesion(table: pd.DataFrame, form: Format) -> None:
    """Print the cohesion of a group."""
    _print(table, form, cohesion_sentence, cohesion_rows)


def print_hedging(table: pd.DataFrame, form: Format) -> None:
    """Print how states stand between hub and rival."""
    _print(table, form, hedging_sentence, hedging_rows)


def print_dependence(table: pd.DataFrame, form: Format) -> None:
    """Print the dependence of a state on partners."""
    _print(table, form, dependence_sentence, dependence_rows)


def print_primacy(table: pd.DataFrame, form: Format) -> None:
    """Print the primacy of hub against rival."""
    _print(table, form, primacy_sentence, primacy_rows)


def _print(
    table: pd.DataFrame,
    form: Format,
    sentence: Callable[[pd.DataFrame], str],
    rows: Callable[[pd.DataFrame], pd.DataFrame],
) -> None:
    if form is not Format.TABLE:
        emit(table, form)
        return
    shown = rows(table)
    print(sentence(table) + "\n")
    emit(shown, form)
    print(f"In brackets: {percent(BAND[1] - BAND[0])} % bands. {_left_out(table, shown)}")


def _left_out(table: pd.DataFrame, rows: pd.DataFrame) -> str:
    more = table["date"].nunique() > rows["date"].nunique()
    return "Every date and number: --format csv or json." if more else "As records: --format csv or json."


def thinned(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the ends of years, of every second, fifth or tenth if they are many, and always of the last date."""
    last = table["date"].max()
    ends = sorted(date for date in table["date"].unique() if date[5:] == "12-31")
    step = next((s for s in STEPS if len(ends) <= ROWS * s), STEPS[-1])
    kept = [date for date in ends if (int(last[:4]) - int(date[:4])) % step == 0]
    return table[table["date"].isin([*kept, last])]


def _last(table: pd.DataFrame, **equal: str) -> pd.Series:
    """The row of the last date in which every named column has the value given."""
    for column, value in equal.items():
        table = table[table[column] == value]
    return table.sort_values("date", kind="stable").iloc[-1]


def _at(date: str) -> str:
    return f"At the end of {date[:4]}" if date[5:] == "12-31" else f"On {day(date)}"


def _names(codes: list[str] | str, mark: str = "-") -> list[str]:
    return [the(name_of(code)) for code in (codes.split(mark) if isinstance(codes, str) else codes)]


def likely(row: pd.Series) -> str:
    """The chance of a row, as finely as its draws can tell."""
    return chance(row["probability"], int(row["draws"]))


def _likely(row: pd.Series, what: str) -> str:
    """The chance of a row in a sentence; nothing where it has none."""
    if pd.isna(row["probability"]):
        return ""
    return f" The chance that {what} is {row['probability_of']} is {likely(row)}."


def cohesion_sentence(table: pd.DataFrame) -> str:
    """What the last date says of a group."""
    weakest, mean = _last(table, quantity=WEAKEST), _last(table, quantity=MEAN)
    sure = chance(weakest["partner_probability"], int(weakest["draws"]))
    return (
        f"{_at(weakest['date'])} the weakest tie among {joined(_names(weakest['state']))} is that of "
        f"{joined(_names(weakest['partner']))} (with {sure} certainty): {banded(weakest, score)} of 100; "
        f"the mean of all is {banded(mean, score)}.{_likely(weakest, 'the weakest link')}"
    )


def cohesion_rows(table: pd.DataFrame) -> pd.DataFrame:
    """A row per date."""
    rows = []
    for date, part in thinned(table).groupby("date"):
        weakest, mean = _last(part, quantity=WEAKEST), _last(part, quantity=MEAN)
        known = {"date": date, "weakest link": banded(weakest, score), "tie": weakest["partner"]}
        known |= {"mean": banded(mean, score)}
        known |= {f"{q} fell": likely(row) for q, row in ((WEAKEST, weakest), (MEAN, mean))}
        rows.append(known)
    return pd.DataFrame(rows)


def tilt(value: float) -> str:
    """A tilt with its sign."""
    return decimal(value, sign=True)


def hedging_sentence(table: pd.DataFrame) -> str:
    """What the last date says of one state, or of several."""
    now = table[(table["date"] == table["date"].max()) & (table["quantity"] == TILT)].sort_values("value")
    hub, rival = _names(now["partner"].iloc[0])
    scale = f"from {MINUS}1 ({rival}) to +1 ({hub})"
    if len(now) > 1:
        told = [f"{the(name_of(row['state']))} {banded(row, tilt)}" for _, row in now[::-1].iterrows()]
        return f"{_at(now['date'].iloc[0])} the tilts {scale} are: {joined(told)}."
    row, hedged = now.iloc[0], _last(table, quantity=HEDGING)
    by_domain = sorted((_last(table, quantity=f"{TILT} in {d}")["value"], d) for d in DOMAINS)
    domains = joined([f"{tilt(value)} in {domain}" for value, domain in by_domain[::-1]])
    return (
        f"{_at(row['date'])} {the(name_of(row['state']))} {_leans(row, hub, rival)}: {banded(row, tilt)} on a scale "
        f"{scale}, {domains}. Hedging is {banded(hedged, decimal)} of 1.{_likely(row, 'the tilt')}"
    )


def _leans(row: pd.Series, hub: str, rival: str) -> str:
    if row["lower"] > 0:
        return f"tilts to {hub}"
    return f"tilts to {rival}" if row["upper"] < 0 else f"tilts to neither {hub} nor {rival} for certain"


def hedging_rows(table: pd.DataFrame) -> pd.DataFrame:
    """A row per state and date, or of one date per state and quantity."""
    if table["date"].nunique() == 1:
        show = lambda row: banded(row, tilt if row["quantity"].startswith(TILT) else decimal)  # noqa: E731  # one line, used on the next
        value, rose = table.apply(show, axis=1), table.apply(likely, axis=1)
        return table[["date", "state", "quantity"]].assign(value=value, rose=rose)
    rows = []
    for (state, date), part in thinned(table).groupby(["state", "date"], sort=False):
        row = _last(part, quantity=TILT)
        known = {"date": date, "state": state, TILT: banded(row, tilt)}
        known |= {q: banded(_last(part, quantity=q), decimal) for q in (DISPERSION, ENGAGEMENT, HEDGING)}
        rows.append(known | {"tilt rose": likely(row)})
    return pd.DataFrame(rows)


def dependence_sentence(table: pd.DataFrame) -> str:
    """What the last date says of a state's partners."""
    last = table["date"].max()
    now = table[table["date"] == last].sort_values("value", ascending=False)
    told = [f"{banded(r, percent, ' %')} with {the(name_of(r['partner']))}" for _, r in now.iterrows()]
    start = f"{_at(last)} the trade of {the(name_of(now['state'].iloc[0]))} is {joined(told)}: "
    if (now["origin"] == OBSERVED).all():
        return start + "observed."
    seen = table[(table["origin"] == OBSERVED) & table["partner"].isin(now["partner"])].groupby("partner")["date"].max()
    years = sorted(set(seen.str[:4])) or [f"before {table['date'].min()[:4]}"]
    likely = _likely(now.iloc[0], "it") if len(now) == 1 else ""
    return f"{start}estimated, carried on from the figures of {joined(years)}.{likely}"


def dependence_rows(table: pd.DataFrame) -> pd.DataFrame:
    """A row per date; a column per partner with its share in per cent, an asterisk where it is estimated."""
    rows = []
    for date, part in thinned(table).groupby("date"):
        known = {"date": date}
        for _, row in part.iterrows():
            known[f"{row['partner']} (%)"] = banded(row, percent) + ("" if row["origin"] == OBSERVED else " *")
        rows.append(known)
    shown = pd.DataFrame(rows).fillna(MISSING)
    return shown[["date", *(f"{p} (%)" for p in dict.fromkeys(table["partner"]))]]


def primacy_sentence(table: pd.DataFrame) -> str:
    """What the last date says of a region."""
    row = _last(table)
    hub, rival = _names([row["state"], row["partner"]])
    return (
        f"{_at(row['date'])} {hub} has {banded(row, percent, ' %')} of what ties the capability of {row['states']} "
        f"states to it or to {rival}; capability is that of {by_year(row['capability_date'])}."
        f"{_likely(row, 'this share')}"
    )


def primacy_rows(table: pd.DataFrame) -> pd.DataFrame:
    """A row per date."""
    rows = [
        {
            "date": row["date"],
            "primacy (%)": banded(row, percent),
            "fell": likely(row),
            "states": row["states"],
            "capability of": row["capability_date"],
        }
        for _, row in thinned(table).iterrows()
    ]
    return pd.DataFrame(rows)
