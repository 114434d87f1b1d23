"""Tie strength: fit it on the panel, ship it as files, read it, and measure some ties anew in seconds."""

import os
from collections.abc import Callable, Collection, Sequence
from functools import cache, lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from threadpoolctl import threadpool_limits

import latticework.measures.strength
from latticework.data import load_panel, panel_sha256
from latticework.errors import InputError, PanelError
from latticework.measures.strength.conditional import TieDraws, aligned, tie_draws
from latticework.measures.strength.heldout import COLUMNS as HIDDEN
from latticework.measures.strength.heldout import held_out
from latticework.measures.strength.parameters import parameters
from latticework.measures.strength.posterior import REBUILD, Shared, sampled
from latticework.measures.strength.readings import relevant, ties_of
from latticework.measures.strength.summary import LAYERS, TIES, Gatherer
from latticework.measures.strength.validation import CASES, judged
from latticework.measures.strength.validation import COLUMNS as CASE
from latticework.world import Panel

Report = Callable[[str, float], None]
HOME = Path(latticework.measures.strength.__file__).parent / "shipped"
SHARED, TIES_FILE, LAYERS_FILE = "shared.npz", "ties.parquet", "layers.parquet"
HELD_OUT, JUDGED = "held_out.csv", "judged.csv"
CHECKED = {HELD_OUT: HIDDEN, JUDGED: (*CASE, "kind")}
FIRST_YEAR, LAST_YEAR = 1950, 2024
SWEEPS, WARM, SEED = 260, 100, 1
FEW = 5  # the chain starts on every fifth dyad, where a sweep takes a fifth of the time
DIGITS = {"value": 1, "lower": 1, "upper": 1, "strength": 2, "sd": 2, "fell": 2, "broke": 2, "added": 2}
DIGITS |= {"security": 1, "diplomacy": 1, "economy": 1}
MISSING = -32768


def loader(as_known_on: str | None = None, last_year: int = LAST_YEAR) -> Callable[[tuple[str, ...]], Panel]:
    """Reads the quarterly panel of all states, a few layers at a time; as known on a day if one is named."""

    @lru_cache(maxsize=2)
    def load(layers: tuple[str, ...]) -> Panel:
        return load_panel(None, FIRST_YEAR, last_year, "quarter", layers, as_known_on)

    return load


def fit_tie_strength(
    out: Path | None = None, report: Report = lambda what, share: None, sweeps: int = SWEEPS
) -> pd.DataFrame:
    """Fit the model of tie strength on the whole panel, write its three files, return the table of its parameters."""
    folder = out or HOME
    if not os.access(folder, os.W_OK):
        raise InputError(f"Tie strength cannot be written to '{folder}': choose a folder that exists, with --out.")
    report("reading the panel", 0.0)
    load = loader()
    ties, dates = ties_of(relevant(load), load)
    gatherer, rng, warm = Gatherer(ties, dates), np.random.default_rng(SEED), round(WARM / SWEEPS * sweeps)
    few = ties.take(np.arange(0, len(ties.dyads), FEW))
    with threadpool_limits(1):  # many small products: more threads only wait for each other
        first = sampled(rng, few, sweeps, sweeps, lambda sweep: None, _told(report, "finding the scale", sweeps))
        known = first.items, first.dynamics
        sampled(rng, ties, sweeps, warm, gatherer, _told(report, "sampling all ties", sweeps), known)
    units = {rows.indicator.name: rows.unit for rows in ties.rows}
    shared = Shared(tuple(gatherer.draws), units, ties.dyads.codes, panel_sha256())
    report("writing", 1.0)
    whole, layers = gatherer.tables()
    np.savez_compressed(folder / SHARED, allow_pickle=False, **shared.to_arrays())
    write_table(whole, folder / TIES_FILE)
    write_table(layers, folder / LAYERS_FILE)
    load_shared.cache_clear()
    return parameters(shared)


def _told(report: Report, what: str, sweeps: int) -> Callable[[int], None]:
    return lambda sweep: report(what, (sweep + 1) / sweeps)


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table with its numbers as whole multiples of their last digit, which makes it a fifth as large."""
    columns = {}
    for name in table.columns:
        if name in DIGITS:
            numbers = np.round(table[name].to_numpy(float) * 10 ** DIGITS[name])
            columns[name] = pa.array(
                np.where(np.isnan(numbers), MISSING, np.clip(numbers, -32767, 32767)).astype(np.int16)
            )
        else:
            columns[name] = pa.array(table[name]).dictionary_encode()
    pq.write_table(pa.table(columns), path, compression="zstd", compression_level=19, row_group_size=60_000)


def _read(path: Path, columns: Sequence[str], filters: list | None) -> pd.DataFrame:
    try:
        found = pq.read_table(path, filters=filters).to_pandas()
    except (pa.ArrowException, OSError) as fault:
        raise PanelError(f"The file of tie strength '{path}' cannot be read ({fault}). {REBUILD}") from fault
    if tuple(found.columns) != tuple(columns):
        raise PanelError(f"The file of tie strength '{path}' is of another version. {REBUILD}")
    for name in found.columns:
        if name in DIGITS:
            whole = found[name].to_numpy()
            found[name] = np.where(whole == MISSING, np.nan, whole / 10.0 ** DIGITS[name])
        else:
            found[name] = found[name].astype(object)
    return found


def shipped_ties(state: str = "", partner: str = "", dates: Collection[str] = (), folder: Path = HOME) -> pd.DataFrame:
    """The shipped series of one dyad (both codes), or all dyads on some dates (last days of quarters)."""
    one = [("state", "=", min(state, partner)), ("partner", "=", max(state, partner))]
    filters = [("date", "in", list(dates))] if dates else one
    return _read(folder / TIES_FILE, TIES, filters).reset_index(drop=True)


def shipped_layers(state: str, partner: str, folder: Path = HOME) -> pd.DataFrame:
    """What each layer adds to the strength of one dyad at the end of every year, as shipped."""
    filters = [("state", "=", min(state, partner)), ("partner", "=", max(state, partner))]
    return _read(folder / LAYERS_FILE, LAYERS, filters).reset_index(drop=True)


@cache
def load_shared(folder: Path = HOME) -> Shared:
    """The posterior draws of what all dyads share; PanelError if the file is missing or damaged."""
    path = folder / SHARED
    try:
        with np.load(path) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, BadZipFile) as fault:
        raise PanelError(f"The file of tie strength '{path}' cannot be read ({fault}). {REBUILD}") from fault
    return Shared.from_arrays(arrays, str(path))


def measured(
    pairs: Sequence[tuple[str, str]],
    as_known_on: str | None = None,
    seed: int = SEED,
    folder: Path = HOME,
    align: bool = True,
) -> TieDraws:
    """Draws of the strength of some ties from the panel as it is now (or was known on a day), in seconds.

    Ties that are shipped get the shipped mean and sd in every quarter (`align`), so that all doors tell the same.
    """
    shared, load = load_shared(folder), loader(as_known_on)
    chosen = sorted({(min(a, b), max(a, b)) for a, b in pairs})
    ties, dates = ties_of(chosen, load, shared.units)
    with threadpool_limits(1):
        draws = tie_draws(shared, ties, dates, seed)
    return aligned(draws, *_shipped_moments(draws, folder)) if align and as_known_on is None else draws


def _shipped_moments(draws: TieDraws, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Mean and sd of strength as shipped, NaN where a dyad or quarter is not."""
    mean, sd = (np.full(draws.alive.shape, np.nan) for _ in range(2))
    days = {str(day)[:10]: t for t, day in enumerate(draws.dates.astype("datetime64[D]"))}
    for d, (state, partner) in enumerate(draws.names):
        series = shipped_ties(state, partner, folder=folder)
        at = [days[date] for date in series["date"] if date in days]
        known = series["date"].isin(days)
        mean[at, d], sd[at, d] = series.loc[known, "strength"], series.loc[known, "sd"]
    return mean, sd


def check_tie_strength(out: Path | None = None, report: Report = lambda what, share: None) -> pd.DataFrame:
    """Judge the fit: the cases that history knows, and each layer predicted from the others; returns the latter.

    Writes both beside the fit. Errors: PanelError if there is no fit.
    """
    folder = out or HOME
    shared, load = load_shared(folder), loader()
    report("cases that history knows", 0.0)
    cases = [case for kind in CASES.values() for case in kind]
    draws = measured([(c.state, c.partner) for c in cases], folder=folder, align=False)
    tables = [judged(kind, draws).assign(kind=name) for name, kind in CASES.items()]
    _write_csv(pd.concat(tables, ignore_index=True), folder / JUDGED)
    ties, _ = ties_of(relevant(load), load, shared.units)
    with threadpool_limits(1):
        found = held_out(shared, ties, SEED, report)
    _write_csv(found, folder / HELD_OUT)
    return found


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, float_format="%.4f", lineterminator="\n")


def shipped_check(name: str, folder: Path = HOME) -> pd.DataFrame:
    """What `check_tie_strength` wrote: JUDGED, the cases, or HELD_OUT, the layers."""
    try:
        table = pd.read_csv(folder / name)
        return table[list(CHECKED[name])]
    except (OSError, ValueError, KeyError) as fault:
        raise PanelError(f"'{folder / name}' cannot be read ({fault}). {REBUILD}") from fault


def tie_parameters(folder: Path = HOME) -> pd.DataFrame:
    """The shipped parameters of tie strength with bands, bounds and convergence."""
    return parameters(load_shared(folder))
