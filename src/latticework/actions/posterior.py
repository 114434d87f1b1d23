"""The shipped posterior: read it, rebuild it, lay its estimates beside what is published."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

import latticework.fit
from latticework.data import load_panel, panel_sha256
from latticework.errors import InputError, PanelError, UnknownNameError
from latticework.fit import (
    Estimate,
    Posterior,
    audited,
    dyad_frailty,
    fit_evidence,
    historical_scales,
)
from latticework.processes import (
    LEARNED,
    AbstractHazard,
    AbstractProcess,
    Anchor,
)

SHIPPED = Path(latticework.fit.__file__).parent / "posterior.json"
FRAIL = ("dispute_onset",)  # processes whose dyads differ far beyond their effects
LAST_YEAR = 2024  # the baseline of the first scenario is 24 January 2025: no estimate knows what came after
REBUILD = "Rebuild it with 'latticework fit'."


def chosen(names: Iterable[str] = ()) -> tuple[AbstractProcess, ...]:
    """The processes with these names, in the order of the model; all of them for none. UnknownNameError."""
    by_name = {process.name: process for process in LEARNED}
    names = tuple(names)
    for name in names:
        if name not in by_name:
            raise UnknownNameError("process", name, by_name)
    return tuple(process for process in LEARNED if not names or process.name in names)


def load_posterior(path: Path = SHIPPED) -> Posterior:
    """The posterior in a file; PanelError if it is missing, cannot be read or does not fit the processes."""
    try:
        posterior = Posterior.from_json(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as fault:
        raise PanelError(f"The posterior file '{path}' cannot be read ({fault}). {REBUILD}") from fault
    for process in LEARNED:
        names = tuple(c.name for c in process.coefficients())
        estimate = posterior.estimates.get(process.name)
        if estimate is None or estimate.names != names or len(estimate.records) != len(names):
            raise PanelError(
                f"The posterior file '{path}' does not fit this version's process '{process.name}'. {REBUILD}"
            )
    return posterior


def fit_model(
    names: Iterable[str] = (), out: Path | None = None, report: Callable[[str], None] = lambda line: None
) -> pd.DataFrame:
    """Fit the named processes (all for none) on the panel from 1950, write the posterior, return the estimates.

    Processes not named keep what the file says; a file that cannot be read is replaced only when all are fitted.
    """
    processes, out = chosen(names), out or SHIPPED
    _check_writable(out)
    old = load_posterior(out if out.exists() else SHIPPED) if len(processes) < len(LEARNED) else Posterior({}, {}, "")
    estimates, scales, frailties = {}, {}, {}
    for process in processes:
        end = min(process.until, LAST_YEAR)  # each with its own panel, so that memory holds one at a time
        panel = load_panel(start=process.since, end=end, step=process.grid, layers=process.reads)
        evidence = process.evidence(panel)
        fitted = estimates[process.name] = audited(process, evidence, fit_evidence(process, evidence))
        scales |= historical_scales(process, fitted, evidence, panel)
        if process.name in FRAIL and isinstance(process, AbstractHazard):
            frailties[process.name] = dyad_frailty(process, fitted, evidence, panel.codes)
        trusted = "" if fitted.trusted else "; DID NOT CONVERGE"
        report(f"{process.name}: {fitted.rows} rows, {fitted.events} events, {' to '.join(fitted.span)}{trusted}")
    posterior = old.updated(Posterior(estimates, scales, panel_sha256(), frailties))
    _replace(out, posterior.to_json() + "\n")
    return table(posterior, [process.name for process in processes])


def table(posterior: Posterior, names: Iterable[str] = ()) -> pd.DataFrame:
    """One row per coefficient: the estimate, its record, and the value it should be compared with."""
    return pd.DataFrame(row for process in chosen(names) for row in _rows(process, posterior.estimate(process.name)))


def model_table(names: Iterable[str] = ()) -> pd.DataFrame:
    """The shipped estimates of the named processes; see `table`."""
    names = tuple(p.name for p in chosen(names))
    return table(load_posterior(), names)


def _rows(process: AbstractProcess, estimate: Estimate) -> Iterator[dict[str, object]]:
    for coefficient, record in zip(process.coefficients(), estimate.records, strict=True):
        yield {
            "process": process.name,
            "effect": coefficient.name,
            "estimate": record.mean,
            "sd": record.sd,
            "sd_naive": record.sd_naive,
            "ratio": record.ratio,
            "unit": coefficient.unit,
            "origin": record.origin,
            "badge": record.badge,
            "source": record.source,
            "rows": record.rows,
            "events": record.events,
            "prior_mean": record.prior_mean,
            "prior_sd": record.prior_sd,
            "because": record.because,
            "contraction": record.contraction,
            **{name: _number(getattr(record, name)) for name in ("early", "early_sd", "late", "late_sd", "shift")},
            **_compared(coefficient.anchor),
            "trusted": estimate.trusted,
            "process_events": estimate.events,
            "span": f"{estimate.span[0]} to {estimate.span[1]}",
            "varies": "; ".join(f"{v.by}: sd {v.sigma:.2f} of {len(v.names)}" for v in estimate.varying),
        }


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _compared(anchor: Anchor | None) -> dict[str, object]:
    if anchor is None:
        return {"published": np.nan, "published_sd": np.nan, "compared_with": ""}
    return {
        "published": anchor.value,
        "published_sd": np.nan if anchor.sd is None else anchor.sd,
        "compared_with": "; ".join(filter(None, (anchor.source, anchor.note))),
    }


def _check_writable(out: Path) -> None:
    if out.is_dir() or not out.parent.is_dir() or not os.access(out.parent, os.W_OK):
        raise InputError(
            f"The posterior cannot be written to '{out}'. "
            "Choose a file in a folder that exists and can be written, with --out."
        )


def _replace(out: Path, text: str) -> None:
    """Write beside the file, then rename, so that a reader never sees half of it."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=out.parent, prefix=f".{out.name}.", delete=False, encoding="utf-8"
        ) as file:
            file.write(text)
        Path(file.name).chmod(0o644)
        Path(file.name).replace(out)
    except OSError as fault:
        raise InputError(
            f"The posterior cannot be written to '{out}' ({fault.strerror}). Choose another file with --out."
        ) from fault
