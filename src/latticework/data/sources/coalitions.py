"""When a state's leader came to rest on other groups in society: CHISOLS changes in the source of leader support."""

import pandas as pd

from latticework.data.inputs import FIRST_YEAR, Inputs, iso_days, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.states import BY_COW

INPUTS = ("chisols_4_0_state_year",)
SOURCE = "chisols-4.0"
MAJOR, MINOR, NONE = "change", "minor", "none"
DATED = {MAJOR: ("solschyr", "solschmo", "solschday"), MINOR: ("solsminchyr", "solsminchmo", "solsminchday")}
SLOTS = range(1, 8)  # the table has room for seven changes a year

COALITION_CHANGE = Layer(
    name="coalition_change",
    title="Change of the groups on which the leader rests",
    kind="state",
    unit="1 = a change on the date, 0 = none (or a minor one) in a year that was looked at",
    frequency="dated",
    source="Change in Source of Leader Support (CHISOLS)",
    version="4.0",
    citation='Mattes, Leeds & Matsumura (2016), "Measuring Change in Source of Leader Support: The CHISOLS Dataset", '
    "Journal of Peace Research 53(2): 259-267",
    licence="free with citation; no formal open licence",
    transformation="a row of value 1 for every dated change, of value 0 and kind 'minor' for every dated minor change "
    "(same groups, other weights), and of value 0 and kind 'none' on 31 December of a year without either; "
    "`year_count` is the source's number of changes in the state's year, which passes over leaders of under 30 days",
    coverage="1950 to 2008. A year of a state without any row was not coded: small states, Somalia from 1992.",
    traps=(
        "whether a new leader rests on other groups was judged by scholars years later; the row stands as if it had "
        "been judged on the day",
        "23 dated changes since 1950 are to or from leaders of under 30 days (LSO 1994: 2 changes, `year_count` 0); "
        "count years by `year_count` to repeat published tables",
        "first and last years of a state are coded although they are not whole",
        "a year of the source under two numbers (Germany and Yemen 1990) is one year",
    ),
    extras={"kind": "text", "year_count": "number"},
    until="2008-12-31",
    event=True,
    bounds=(0, 1),
)
LAYERS = (COALITION_CHANGE,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """The dated changes since 1950, and a row for every year in which none was."""
    columns = [f"{part}{slot}" for parts in DATED.values() for part in parts for slot in SLOTS]
    years = read_input(inputs, INPUTS[0], ["ccode", "year", "solschange", *columns])
    years = years[years["year"] >= FIRST_YEAR]
    years = years.assign(state=years["ccode"].map(BY_COW), year=years["year"].astype(int))
    years = years[years["state"].notna()]
    dated = pd.concat([_dated(years, kind, slot) for kind in DATED for slot in SLOTS], ignore_index=True)
    table = pd.concat([dated, _without(years, dated)], ignore_index=True)
    counts = years.groupby(["state", "year"], as_index=False).agg(year_count=("solschange", "sum"))
    table = table.assign(year=table["date"].str[:4].astype(int)).merge(counts, on=["state", "year"], validate="m:1")
    table = table.assign(value=(table["kind"] == MAJOR).astype(float), source=SOURCE)
    return {"coalition_change": tidy(COALITION_CHANGE, table)}


def _dated(years: pd.DataFrame, kind: str, slot: int) -> pd.DataFrame:
    """state, date and kind of the changes that stand in one slot of the years."""
    year, month, day = (f"{part}{slot}" for part in DATED[kind])
    there = years[years[[year, month, day]].notna().all(axis=1)]
    days = iso_days(there[year], there[month], there[day])
    return pd.DataFrame({"state": there["state"], "date": days, "kind": kind})


def _without(years: pd.DataFrame, dated: pd.DataFrame) -> pd.DataFrame:
    """31 December of the years of a state that have no dated row."""
    looked_at = years.drop_duplicates(["state", "year"])
    found = set(zip(dated["state"], dated["date"].str[:4].astype(int), strict=True))
    none = [key not in found for key in zip(looked_at["state"], looked_at["year"], strict=True)]
    rows = looked_at[none]
    return pd.DataFrame({"state": rows["state"], "date": rows["year"].map("{}-12-31".format), "kind": NONE})
