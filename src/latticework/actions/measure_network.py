"""The verbs on several ties at once: cohesion of a group, hedging, dependence, primacy, each as a table of records."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from latticework.actions.scenarios import find_scenario
from latticework.actions.strength import FIRST_YEAR, LAST_YEAR, load_shared, measured
from latticework.data import get, load_panel
from latticework.data.read import iso_day
from latticework.data.states import resolve, resolve_all
from latticework.errors import InputError
from latticework.measures.cohesion import FEWEST, cohesion, dyads_of
from latticework.measures.dependence import Trade, dependence, pace_of, source_error
from latticework.measures.hedging import EQUAL, hedging
from latticework.measures.primacy import primacy
from latticework.measures.strength.indicators import DOMAINS
from latticework.measures.strength.indicators.trade import TRADE, beyond_gravity

TRIANGLE = ("USA", "JPN", "KOR")
REGION = "asia-2025"  # the scenario whose states are the region
FIRST_DAY, LAST_DAY = f"{FIRST_YEAR}-01-01", f"{LAST_YEAR}-12-31"
QUARTER, YEAR = 3, 12  # months
NEVER = "the states never existed side by side, or nothing is known of them"
CLOSE = 1e-6  # weights add up to one within so much
MORE = 5  # partners beyond those asked for that could have risen among them since the last figures
RECENT = 25  # years from which the pace of shares is read


@dataclass(frozen=True)
class Span:
    """The years or days that are asked for, or one date; all years if nothing is."""

    start: str | None = None
    end: str | None = None
    on: str | None = None

    def days(self, months: int = QUARTER) -> tuple[str, str]:
        """The first and the last day; of one date, that on which the last quarter (year: 12 months) had ended.

        InputError for what is no year or day, lies outside, is out of order, or is a date beside years.
        """
        if self.on is None:
            first = FIRST_DAY if self.start is None else _inside(iso_day(self.start, "01-01"), self.start)
            last = LAST_DAY if self.end is None else _inside(iso_day(self.end, "12-31"), self.end)
            if first > last:
                raise InputError(f"Nothing lies between {first} and {last}: the first day is after the last.")
            return first, last
        if self.start is not None or self.end is not None:
            raise InputError("Name one date (--on) or a span (--from, --to), not both.")
        day = _inside(ended(iso_day(self.on, "12-31"), months), self.on)
        return day, day

    def of(self, table: pd.DataFrame, what: str, months: int = QUARTER) -> pd.DataFrame:
        """The records of the span; InputError if there is none."""
        first, last = self.days(months)
        found = table[(table["date"] >= first) & (table["date"] <= last)]
        if not len(found):
            known = f"there is one from {table['date'].min()} to {table['date'].max()}" if len(table) else NEVER
            raise InputError(f"There is no {what} {_between(first, last)}: {known}.")
        return found.reset_index(drop=True)


def ended(day: str, months: int) -> str:
    """The last day of the last period of so many months that had ended by a day."""
    month = (np.datetime64(day, "D") + 1).astype("datetime64[M]").astype(int)
    return str(np.datetime64(int(month - month % months), "M").astype("datetime64[D]") - 1)


def _inside(day: str, told: str) -> str:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InputError(f"Ties are measured from {FIRST_YEAR} to {LAST_YEAR}: {told} lies outside.")
    return day


def _between(first: str, last: str) -> str:
    return f"on {last}" if first == last else f"from {first} to {last}"


def measure_cohesion(states: Sequence[str], span: Span) -> pd.DataFrame:
    """The cohesion of a group of three or more states (the triangle for none). UnknownNameError, InputError."""
    group = resolve_all(states or TRIANGLE)
    if len(group) < FEWEST:
        found = f"A group has {FEWEST} states or more, not {len(group)} ({', '.join(group)})."
        raise InputError(f"{found} Add another; the tie of two is told by 'latticework measure tie-strength'.")
    span.days()
    table = cohesion(measured(dyads_of(group)), group)
    return span.of(table, f"cohesion of {', '.join(group)}")


def measure_hedging(
    states: Sequence[str], hub: str, rival: str, weights: Sequence[str] | None, span: Span
) -> pd.DataFrame:
    """How some states stand between hub and rival. UnknownNameError, InputError."""
    chosen, (hub, rival) = resolve_all(states), _poles(hub, rival)
    for state in chosen:
        if state in (hub, rival):
            role = "hub" if state == hub else "rival"
            raise InputError(f"{state} is the {role}: hedging is that of a third state. Name another {role} or state.")
    shares = _weights(weights)
    span.days()
    draws = measured([(state, pole) for state in chosen for pole in (hub, rival)])
    table = pd.concat([hedging(draws, state, hub, rival, shares) for state in chosen], ignore_index=True)
    return span.of(table, f"hedging of {', '.join(chosen)} between {hub} and {rival}")


def _poles(hub: str, rival: str) -> tuple[str, str]:
    hub, rival = resolve(hub), resolve(rival)
    if hub == rival:
        raise InputError(f"Hub and rival are both {hub}: name two states.")
    return hub, rival


def _weights(words: Sequence[str] | None) -> tuple[float, ...]:
    """The weights of the domains; InputError unless they are three, none negative, and add up to one."""
    if words is None:
        return EQUAL
    told = f"The weights '{','.join(words)}'"
    domains = f"{', '.join(DOMAINS[:-1])} and {DOMAINS[-1]}"
    try:
        found = tuple(float(word) for word in words)
    except ValueError:
        raise InputError(f"{told} are not numbers: those of {domains}, as in 0.5,0.25,0.25.") from None
    if len(found) != len(DOMAINS):
        raise InputError(f"{told} are {len(found)}, not {len(DOMAINS)}: of {domains}, as in 0.5,0.25,0.25.")
    if not all(0 <= weight <= 1 for weight in found) or abs(sum(found) - 1) > CLOSE:
        raise InputError(f"{told} of {domains} add up to {sum(found):g}: each is 0 or more, and all add up to 1.")
    return found


def measure_primacy(hub: str, rival: str, states: Sequence[str] | None, span: Span) -> pd.DataFrame:
    """The primacy of hub against rival in a region (that of a scenario for none). UnknownNameError, InputError.

    The column `capability_date` says of which day the newest capability is that was known by then.
    """
    hub, rival = _poles(hub, rival)
    named = find_scenario(REGION)[1].states if states is None else resolve_all(states)
    others = tuple(state for state in named if state not in (hub, rival))
    if not others:
        raise InputError(f"A region has states besides {hub} and {rival}: name some with --states.")
    span.days()
    draws = measured([(state, pole) for state in others for pole in (hub, rival)])
    strength, newest = _capability(others, draws.dates)
    table = primacy(draws, hub, rival, others, strength)
    table = table.assign(capability_date=table["date"].map(newest))
    return span.of(table, f"primacy of {hub} against {rival} among {', '.join(others[:4])}")


def _capability(states: Sequence[str], dates: np.ndarray) -> tuple[np.ndarray, dict[str, str]]:
    """The last known capability of each state on each date, and of which day the newest of them is."""
    panel = load_panel(states, FIRST_YEAR, LAST_YEAR, "year", ("capability",))
    ends = [str(day)[:10] for day in panel.dates]
    yearly = pd.DataFrame(np.asarray(panel.world.state("capability"), float), index=ends)
    days = [str(day)[:10] for day in dates.astype("datetime64[D]")]
    known = pd.Series(ends, index=ends).where(yearly.notna().any(axis=1))
    newest = known.reindex(days).ffill()
    return yearly.reindex(days).ffill().to_numpy(), {str(day): str(end) for day, end in newest.items()}


def measure_dependence(state: str, partners: Sequence[str], top: int, span: Span) -> pd.DataFrame:
    """The dependence of a state on some partners, or on its greatest on the last day. UnknownNameError, InputError."""
    state, chosen = resolve(state), resolve_all(partners)
    if state in chosen:
        raise InputError(f"{state} cannot depend on itself: name another partner.")
    _, last = span.days(YEAR)
    share, reading, codes = trade_of_all()
    i = codes.index(state)
    ranked = _greatest(share[: int(ended(last, YEAR)[:4]) - FIRST_YEAR + 1, i])
    places = [codes.index(p) for p in chosen] or ranked[: top + MORE]
    names = [codes[j] for j in places]
    if not np.isfinite(share[:, i, places]).any():
        raise InputError(f"The panel has no share of the trade of {state} with {', '.join(names) or 'anybody'}.")
    trade = Trade(share[:, i, places], reading[:, i, places], error_of(state), pace_of_state(share, i))
    table = dependence(measured([(state, name) for name in names]), load_shared(), state, names, trade)
    table = span.of(table, f"dependence of {state} on {', '.join(chosen) or 'others'}", YEAR)
    return table if chosen else _top(table, top)


def trade_of_all() -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Shares of trade and the readings of the item of trade by year, state and partner, and the codes of the states."""
    panel = load_panel(None, FIRST_YEAR, LAST_YEAR, "year", TRADE.reads)
    share, distance, contiguity = (np.asarray(panel.world.dyad(name), float) for name in TRADE.reads)
    return share, beyond_gravity(share, distance, contiguity), panel.codes


def _greatest(share: np.ndarray) -> list[int]:
    """The partners by their last known share, the greatest first."""
    if not len(share):
        return []
    last = pd.DataFrame(share).ffill().iloc[-1].fillna(0.0)
    return [int(j) for j in last.sort_values(ascending=False, kind="stable").index if last[j] > 0]


def _top(table: pd.DataFrame, top: int) -> pd.DataFrame:
    """The records of the partners that are the greatest on the last date."""
    last = table[table["date"] == table["date"].max()].sort_values("value", ascending=False)
    order = list(last["partner"].head(top))
    found = table[table["partner"].isin(order)]
    return found.sort_values("partner", key=lambda p: p.map(order.index), kind="stable").reset_index(drop=True)


def pace_of_state(share: np.ndarray, i: int) -> float:
    """How fast the shares of a state move; those of all where too few are known."""
    recent = share[-RECENT:]
    own = pace_of(recent[:, i])
    return own if np.isfinite(own) else pace_of(recent.reshape(len(recent), -1))


def error_of(state: str) -> float:
    """How far the two sources of a year are apart for one state; for all where they do not overlap."""
    rows = get("trade_share", [state])
    own = source_error(*_both(rows[rows["state"] == state]))
    return own if np.isfinite(own) else source_error(*_both(get("trade_share")))


def _both(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    known = rows[rows["alternative"].notna()]
    return known["value"].to_numpy(float), known["alternative"].to_numpy(float)
