"""An input is a published file, read as it is: a table by its name, in one of the folders that the user names.

A table may lie there as Parquet, or as its publisher gives it: CSV, tab-separated text, Stata or R. The columns are the
same in all, and so is what is built from them.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from latticework.data.states import BY_COW
from latticework.errors import PanelError

FIRST_YEAR = 1950  # the panel's first year; spells that were running then keep their older first day

YEARS = ("year", "session", "styear")
Inputs = Path | Sequence[Path]  # the folders to look in, the first first


def read_input(inputs: Inputs, name: str, columns: list[str]) -> pd.DataFrame:
    """The named columns of the table `name` in the folders; PanelError if the file or a column is missing."""
    path = find_input(inputs, name)
    try:
        return _whole_years(READERS[path.suffix](path, columns)[columns])
    except Exception as error:  # the readers of four formats fail in ways of their own
        said = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise PanelError(f"The input {path} cannot be read: {said}") from error


def find_input(inputs: Inputs, name: str) -> Path:
    """The file that holds the table `name`: in the first folder that has it, in the order of READERS."""
    folders = [inputs] if isinstance(inputs, Path) else list(inputs)
    for folder in folders:
        for ending in READERS:
            if (path := folder / f"{name}{ending}").is_file():
                return path
    endings, where = ", ".join(READERS), " and ".join(map(str, folders))
    raise PanelError(f"The input '{name}' ({endings}) is missing from {where}. Name the folders of the input tables.")


def _whole_years(table: pd.DataFrame) -> pd.DataFrame:
    """Years (and sessions) as integers: R and Stata often hold them as real numbers."""
    real = [c for c in table if str(c).lower() in YEARS and pd.api.types.is_float_dtype(table[c])]
    return table.astype({c: "int64" for c in real if table[c].notna().all()})


def _parquet(path: Path, columns: list[str]) -> pd.DataFrame:
    return pq.read_table(path, columns=columns).to_pandas()


def _csv(path: Path, columns: list[str], separator: str = ",") -> pd.DataFrame:
    try:
        return pd.read_csv(path, sep=separator, usecols=columns, low_memory=False)
    except UnicodeDecodeError:
        return pd.read_csv(path, sep=separator, usecols=columns, low_memory=False, encoding="latin-1")


def _tab(path: Path, columns: list[str]) -> pd.DataFrame:
    return _csv(path, columns, "\t")


def _stata(path: Path, columns: list[str]) -> pd.DataFrame:
    return pd.read_stata(path, columns=columns, convert_categoricals=False)


def _r(path: Path, columns: list[str]) -> pd.DataFrame:
    import pyreadr  # only those who build from files of R need it

    tables = [table for table in pyreadr.read_r(str(path)).values() if set(columns) <= set(table.columns)]
    if len(tables) != 1:
        raise ValueError(f"{len(tables)} of its data frames have the columns {', '.join(columns)}; one should")
    return tables[0].reset_index(drop=True)


READERS: dict[str, Callable[[Path, list[str]], pd.DataFrame]] = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".tab": _tab,
    ".dta": _stata,
    ".rds": _r,
    ".rda": _r,
    ".RData": _r,
}


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
