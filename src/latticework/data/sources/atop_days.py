"""The days on which two states began and ceased to be bound: ATOP 4.01 by member, put on the years of ATOP 5.1."""

import pandas as pd

from latticework.data.dyads import FOR_EVER, coded, undirected
from latticework.data.inputs import Inputs, read_input
from latticework.data.sources.atop_agreements import PLEDGES, treaty_days

INPUTS = ("atop_4_01_member",)
DYAD = ["state", "partner"]


def joint(inputs: Inputs) -> pd.DataFrame:
    """Two members together in a phase of an agreement, in both orders: state, partner, begin, finish (2200 if open).

    The pledges, under our names, are those of the state, not of the partner.
    """
    dates = ["yrent", "moent", "dayent", "yrexit", "moexit", "dayexit"]
    members = read_input(inputs, INPUTS[0], ["atopid", "phase", "member", *dates, *PLEDGES.values()])
    members = members.assign(
        begin=treaty_days(members, "ent"),
        finish=treaty_days(members, "exit").where(members["yrexit"] > 0, FOR_EVER),
    ).drop(columns=dates)
    others = members[["atopid", "phase", "member", "begin", "finish"]]
    pairs = coded(members.merge(others, on=["atopid", "phase"], suffixes=("", "_2")), "member", "member_2")
    first, last = pairs[["begin", "begin_2"]].max(axis=1), pairs[["finish", "finish_2"]].min(axis=1)
    pairs = pairs.assign(begin=first, finish=last)
    pairs = pairs[pairs["begin"] <= pairs["finish"]].rename(columns={atop: ours for ours, atop in PLEDGES.items()})
    return pairs[[*DYAD, "begin", "finish", *PLEDGES]].reset_index(drop=True)


def bound(pairs: pd.DataFrame, obligation: str, directed: bool) -> pd.DataFrame:
    """The pairs with the pledge: of the state if directed, else of either, with the dyad in alphabetical order."""
    pledged = pairs.loc[pairs[obligation] == 1, [*DYAD, "begin", "finish"]]
    return (pledged if directed else undirected(pledged)).drop_duplicates()


def first_days(runs: pd.DataFrame, pledged: pd.DataFrame) -> pd.Series:
    """The day on which each run of years began: the first of a joint pledge in its first year.

    NaT if none began in that year, or if one was running before it. `runs` is what `dyads.year_runs` gives.
    """
    spans = _spans(runs, pledged)
    year, first, last = spans["first"], spans["begin"].dt.year, spans["finish"].dt.year
    days = spans[first == year].groupby("run")["begin"].min().reindex(runs.index)
    return days.mask(days.index.isin(spans.loc[(first < year) & (last >= year), "run"]))


def last_days(runs: pd.DataFrame, pledged: pd.DataFrame) -> pd.Series:
    """The day on which each run of years ended: the last of a joint pledge in its last year.

    NaT if none ended in that year, or if one went on beyond it.
    """
    spans = _spans(runs, pledged)
    year, first, last = spans["last"], spans["begin"].dt.year, spans["finish"].dt.year
    days = spans[last == year].groupby("run")["finish"].max().reindex(runs.index)
    return days.mask(days.index.isin(spans.loc[(first <= year) & (last > year), "run"]))


def _spans(runs: pd.DataFrame, pledged: pd.DataFrame) -> pd.DataFrame:
    """Every joint pledge of the dyad of every run, with the run's index."""
    return runs[[*DYAD, "first", "last"]].rename_axis("run").reset_index().merge(pledged, on=DYAD)
