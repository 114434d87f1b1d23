"""An input is a published file, read as it is: one Parquet file per table in a folder that the user names."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from latticework.data.states import BY_COW
from latticework.errors import PanelError

FIRST_YEAR = 1950  # the panel's first year; spells that were running then keep their older first day


def read_input(inputs: Path, name: str, columns: list[str]) -> pd.DataFrame:
    """The named columns of the table `name` in the folder; PanelError if the file or a column is missing."""
    path = inputs / f"{name}.parquet"
    if not path.is_file():
        raise PanelError(
            f"The input {path.name} is missing from {inputs}. Name the folder that holds the input tables."
        )
    try:
        return pq.read_table(path, columns=columns).to_pandas()[columns]
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        raise PanelError(f"The input {path} cannot be read: {str(error).splitlines()[0]}") from error


def iso_days(year: pd.Series, month: pd.Series, day: pd.Series) -> pd.Series:
    """Year, month and day columns as ISO text."""
    parts = pd.DataFrame({"year": year.astype(int), "month": month.astype(int), "day": day.astype(int)})
    return pd.to_datetime(parts).dt.strftime("%Y-%m-%d").astype(object)


def annual(table: pd.DataFrame, column: str, source: str) -> pd.DataFrame:
    """A layer table from a state-year table with `ccode` and `year`: one value per state and 31 December, from 1950.

    COW numbers that are one state of the panel (Germany 255 and 260, Yemen 679 and 678) may both have a row for the
    year of the change: the number that the state has on 31 December wins, unless its value is missing.
    """
    known = table[(table["year"] >= FIRST_YEAR) & table[column].notna()]
    known = known.assign(state=known["ccode"].map(BY_COW), predecessor=known["ccode"].isin((260, 678)))
    known = known[known["state"].notna()].sort_values(["state", "year", "predecessor"], kind="stable")
    known = known.drop_duplicates(["state", "year"])
    return pd.DataFrame(
        {
            "date": known["year"].map("{}-12-31".format),
            "state": known["state"],
            "value": known[column].astype("float64"),
            "source": source,
        }
    )
