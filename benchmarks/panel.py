"""The panel beside pandas: building a table of politically relevant dyads, and loading the dense arrays."""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import jax
import pandas as pd

from latticework.actions.scenarios import find_scenario
from latticework.data import catalogue, cells, get, layer, load_panel
from latticework.data.wide import describe_columns, wide_table, write_table
from latticework.world import Panel

START, END = 1950, 2014
OF_STATES = ("capability", "military_spending", "democracy", "ideal_point")
OF_DYADS = ("contiguity", "distance", "rivalry", "defence", "nonaggression", "consultation", "troops", "trade_share")
DISPUTES = ("dispute", "peace_years")
READ = ("exists", "major_power", "dispute")
DYAD = ["state", "partner"]
PEACE_SINCE, PEACE_CAP = 1899, 60


def layers() -> tuple[str, ...]:
    """The layers of the table, as far as the panel has them."""
    there = {record["layer"] for record in catalogue.layers()} | {"peace_years"}
    return tuple(name for name in (*OF_STATES, *OF_DYADS, *DISPUTES) if name in there)


def tables() -> dict[str, pd.DataFrame]:
    """The tables that pandas merges."""
    return {name: get(name) for name in dict.fromkeys((*READ, *layers())) if name != "peace_years"}


def ours(start: int = START, end: int = END) -> pd.DataFrame:
    """The table as the package makes it."""
    return wide_table("dyad", start=start, end=end, layers=layers(), relevant=True)


def merged(read: dict[str, pd.DataFrame], start: int = START, end: int = END) -> pd.DataFrame:
    """The table as an analyst makes it: spells become years, years of states dyads, and every layer is merged."""
    states = years(read["exists"], start, end)[["year", "state"]]
    frame = states.merge(states.rename(columns={"state": "partner"}), on="year")
    frame = frame[frame["state"] < frame["partner"]]
    frame = with_layer(frame, "contiguity", read["contiguity"])
    majors = years(read["major_power"], start, end)[["year", "state"]].assign(major=True)
    frame = with_state(frame, majors, "major")
    either = frame["major_1"].notna() | frame["major_2"].notna()
    frame = frame[(frame["contiguity"] > 0) | either].drop(columns=["major_1", "major_2"])
    for name in layers():
        if name in OF_STATES:
            frame = with_state(frame, annual(read[name]).rename(columns={"value": name}), name)
        elif name in OF_DYADS and name != "contiguity":
            frame = with_layer(frame, name, read[name])
    return with_disputes(frame, read["dispute"]).sort_values([*DYAD, "year"], ignore_index=True)


def years(spells: pd.DataFrame, start: int = START, end: int = END) -> pd.DataFrame:
    """A row per spell and year on whose last day it holds."""
    first = spells["date"].str[:4].astype(int).clip(lower=start)
    closed = spells["end"] != ""
    last_day = spells["end"].where(closed, f"{end}-12-31")
    last = last_day.str[:4].astype(int) - (closed & (last_day.str[5:] != "12-31"))
    length = (last.clip(upper=end) - first + 1).clip(lower=0)
    rows = spells.assign(year=first).loc[spells.index.repeat(length)]
    return rows.assign(year=rows["year"] + rows.groupby(level=0).cumcount())


def annual(dated: pd.DataFrame) -> pd.DataFrame:
    """The last value of each year."""
    ends = [c for c in DYAD if c in dated]
    table = dated.assign(year=dated["date"].str[:4].astype(int)).sort_values("date")
    return table.drop_duplicates([*ends, "year"], keep="last")[["year", *ends, "value"]]


def with_state(frame: pd.DataFrame, table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The frame with a layer of states for both ends."""
    for end, side in zip(DYAD, ("1", "2"), strict=True):
        one = table[["year", "state", name]].rename(columns={"state": end, name: f"{name}_{side}"})
        frame = frame.merge(one, how="left", on=["year", end])
    return frame


def with_layer(frame: pd.DataFrame, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The frame with a layer of dyads, once or, if it is directed, from each end."""
    about = layer(name)
    values = years(table, frame["year"].min(), frame["year"].max()) if "end" in table else annual(table)
    values = values[["year", *DYAD, "value"]]
    if about["directed"]:
        turned = values.rename(columns={"state": "partner", "partner": "state"})
        sides = {f"{name}_12": values, f"{name}_21": turned}
    else:
        sides = {name: values}
    for column, side in sides.items():
        frame = frame.merge(side.rename(columns={"value": column}), how="left", on=["year", *DYAD])
        if about["absent"] == "zero":
            frame[column] = frame[column].fillna(0)
    return frame


def with_disputes(frame: pd.DataFrame, disputes: pd.DataFrame) -> pd.DataFrame:
    """The frame with the onset of a dispute in the year, and the years since the last one ended."""
    onsets = disputes[disputes["value"] == 1]
    began = onsets[DYAD].assign(year=onsets["date"].str[:4].astype(int), dispute=1.0).drop_duplicates()
    frame = frame.merge(began, how="left", on=["year", *DYAD]).fillna({"dispute": 0})
    fought = disputes[DYAD].assign(year=disputes["date"].str[:4].astype(int))
    fought["ended"] = disputes["end"].str[:4].astype(int)
    fought = fought.sort_values("year", kind="stable")
    fought["ended"] = fought.groupby(DYAD)["ended"].cummax()
    frame = pd.merge_asof(frame.sort_values("year"), fought, on="year", by=DYAD)
    peace = (frame["year"] - frame["ended"].fillna(PEACE_SINCE)).clip(0, PEACE_CAP)
    return frame.drop(columns="ended").assign(peace_years=peace)


def check(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Both tables have the same rows and the same values, bit for bit; AssertionError."""
    numbers = [c for c in one.columns if c not in ("date", "ccode1", "ccode2")]
    assert set(numbers) == set(other.columns)
    pd.testing.assert_frame_equal(one[numbers], other[numbers], check_dtype=False, check_exact=True)


@dataclass(frozen=True)
class Timing:
    """Seconds of the first call, and the medians of the later ones: wall and CPU."""

    first: float
    later: float
    cpu: float


def timed(call: Callable[[], object], repeats: int) -> Timing:
    """Time a call that finds no layer in memory, then `repeats` calls."""
    cells._columns.cache_clear()
    catalogue._hash.cache_clear()
    took = []
    for _ in range(repeats + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        took.append((time.perf_counter() - wall, time.process_time() - cpu))
    walls, cpus = zip(*took, strict=True)
    return Timing(walls[0], statistics.median(walls[1:]), statistics.median(cpus[1:]))


def peak() -> str:
    """The most memory that this process has had so far, in megabytes; empty where the system does not say."""
    try:
        import resource
    except ImportError:
        return ""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{most / (1e6 if sys.platform == 'darwin' else 1e3):,.0f}"


def ready(panel: Panel) -> None:
    """Wait for the arrays of a panel."""
    jax.block_until_ready(panel.world)


def loads(repeats: int) -> list[tuple[str, ...]]:
    """Load the whole panel for the states of asia-2025 and for all, every year and layer."""
    some = find_scenario("asia-2025")[1].states
    calls = {f"{len(some)} states": lambda: ready(load_panel(some)), "all states": lambda: ready(load_panel())}
    rows = [("load_panel, 1950-2024, all layers", "first s", "later s", "CPU s", "peak MB")]
    for name, call in calls.items():
        took = timed(call, repeats)
        rows.append((name, f"{took.first:.2f}", f"{took.later:.2f}", f"{took.cpu:.2f}", peak()))
    return rows


def builds(repeats: int) -> list[tuple[str, ...]]:
    """Build the same table in three ways; the ratio is that of CPU seconds to those of this package."""
    read = tables()
    check(ours(), merged(read))
    ways = {
        "wide_table": timed(ours, repeats),
        "pandas, tables at hand": timed(lambda: merged(read), repeats),
        "pandas, tables read": timed(lambda: merged(tables()), repeats),
    }
    base, mine = ways["wide_table"], ours()
    head = f"{len(mine):,} dyad-years, {len(mine.columns)} columns"
    rows = [(head, "first s", "later s", "CPU s", "ratio of CPU s")]
    for name, took in ways.items():
        ratio = f"{took.cpu / base.cpu:.1f}"
        rows.append((name, f"{took.first:.2f}", f"{took.later:.2f}", f"{took.cpu:.2f}", ratio))
    return rows


def opens(repeats: int) -> list[tuple[str, ...]]:
    """Open the same table from files that it was written to."""
    mine = ours()
    labels = describe_columns(mine)
    rows = [("the same table from a file", "later s", "MB")]
    ways = {".csv": pd.read_csv, ".parquet": pd.read_parquet, ".dta": pd.read_stata}
    with tempfile.TemporaryDirectory() as folder:
        for ending, read in ways.items():
            path, _ = write_table(mine, Path(folder) / f"table{ending}", labels)
            took = timed(partial(read, path), repeats)
            rows.append((f"{read.__name__}, {ending}", f"{took.later:.2f}", f"{path.stat().st_size / 1e6:.1f}"))
    return rows


def main() -> None:
    """Time everything and print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeats", type=int, default=5, help="calls after the first (default 5)")
    asked = options.parse_args()
    if asked.repeats < 1:
        options.error("--repeats must be positive")
    jax.block_until_ready(jax.numpy.zeros(1))  # a program starts JAX once, whatever it loads
    print(f"Politically relevant dyads {START}-{END}: the same rows and values from both, checked.")
    print("Wall times are those of an idle machine only; ratios are to wide_table. First: nothing is in memory.\n")
    for rows in (loads(asked.repeats), builds(asked.repeats), opens(asked.repeats)):
        print("\n".join(f"{name:36}" + "".join(f"{cell:>16}" for cell in row) for name, *row in rows), end="\n\n")


if __name__ == "__main__":
    main()
