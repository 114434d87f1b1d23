"""A dyad-year table becomes a few spells: two ISO3 codes, a first and a last day, and the value between them."""

import pandas as pd

from latticework.data.states import BY_COW

FOR_EVER = pd.Timestamp("2200-01-01")


def coded(table: pd.DataFrame, first: str = "ccode1", second: str = "ccode2") -> pd.DataFrame:
    """The table with `state` and `partner` (ISO3) for two columns of COW numbers.

    Rows of states outside the panel are left out, and so are rows where two numbers are one state (Yemen 678 and 679).
    """
    table = table.assign(state=table[first].map(BY_COW), partner=table[second].map(BY_COW))
    table = table[table["state"].notna() & table["partner"].notna() & (table["state"] != table["partner"])]
    return table.drop(columns=[first, second])


def undirected(table: pd.DataFrame) -> pd.DataFrame:
    """The table with every dyad in alphabetical order; the two directions of a dyad become equal keys, not one row."""
    swap = table["state"] > table["partner"]
    return table.assign(
        state=table["partner"].where(swap, table["state"]), partner=table["state"].where(swap, table["partner"])
    )


def year_runs(years: pd.DataFrame) -> pd.DataFrame:
    """Runs of equal `value` over consecutive years: state, partner, value, first, last (years).

    `years` has one row per state, partner and year.
    """
    years = years.sort_values(["state", "partner", "year"], kind="stable")
    before = years.shift()
    same = (years["state"] == before["state"]) & (years["partner"] == before["partner"])
    goes_on = same & (years["year"] == before["year"] + 1) & (years["value"] == before["value"])
    grouped = years.assign(run=(~goes_on).cumsum()).groupby("run", sort=False)
    return grouped.agg(
        state=("state", "first"),
        partner=("partner", "first"),
        value=("value", "first"),
        first=("year", "min"),
        last=("year", "max"),
    ).reset_index(drop=True)


def joined(spells: pd.DataFrame, key: list[str], days: int = 31) -> pd.DataFrame:
    """Spells with equal `key` that follow each other within so many days become one; of two that overlap, too.

    Spells have `begin` and `finish` (timestamps; NaT = open); other columns keep the value of the last spell.
    """
    spells = spells.assign(finish=spells["finish"].fillna(FOR_EVER)).sort_values([*key, "begin"], kind="stable")
    spells["reach"] = spells.groupby(key)["finish"].cummax()
    spells["reach"] = spells.groupby(key)["reach"].shift()
    fresh = spells["reach"].isna() | (spells["begin"] > spells["reach"] + pd.Timedelta(days=days))
    spells = spells.assign(run=fresh.cumsum()).drop(columns="reach")
    last = spells.drop_duplicates("run", keep="last").set_index("run")
    bounds = spells.groupby("run").agg(begin=("begin", "min"), finish=("finish", "max"))
    merged = last.drop(columns=["begin", "finish"]).join(bounds).reset_index(drop=True)
    return merged.assign(finish=merged["finish"].where(merged["finish"] < FOR_EVER))


def iso(days: pd.Series) -> pd.Series:
    """Timestamps as ISO text; empty where there is none."""
    return days.dt.strftime("%Y-%m-%d").fillna("").astype(object)
