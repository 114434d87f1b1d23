"""A break is a move of strength so large that four quarters hold it with a chance of one half or more."""

import pandas as pd

LIKELY = 0.5
WINDOW = 4  # quarters to which a chance of a break belongs: the one named and the three before it
NEAR = 0.05  # chances so close to the highest count as high


def breaks(ties: pd.DataFrame) -> pd.DataFrame:
    """The likely breaks of one dyad: first and last quarter (`since`, `until`), `probability` and `change` in sd.

    A run of quarters with a chance of LIKELY or more is one break. It lies in the quarters that all windows with the
    highest chance share, or, if these share none, between the first and the last of them. `change` is that of the mean
    of strength from the quarter before to the last of them. `ties` has the columns of the shipped file.
    """
    ties = ties.reset_index(drop=True)
    likely = ties["broke"] >= LIKELY
    found = []
    for _, run in ties[likely].groupby((~likely).cumsum()[likely]):
        top = run.index[run["broke"] >= run["broke"].max() - NEAR]
        first, last = sorted((max(top[-1] - WINDOW + 1, 0), top[0]))
        change = ties["strength"][last] - ties["strength"][max(first - 1, 0)]
        found.append((ties["date"][first], ties["date"][last], run["broke"].max(), change))
    return pd.DataFrame(found, columns=["since", "until", "probability", "change"])


def quarter(iso: str) -> str:
    """The quarter of a date: 1979 Q1."""
    return f"{iso[:4]} Q{(int(iso[5:7]) + 2) // 3}"


def when(since: str, until: str) -> str:
    """The quarters of a break: 1979 Q1; 1979 for a whole year; 1979 Q1 to 1980 Q2."""
    first, last = quarter(since), quarter(until)
    if first == last:
        return first
    if first.endswith("Q1") and last == f"{first[:4]} Q4":
        return first[:4]
    return f"{first} to {last}"
