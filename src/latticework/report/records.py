"""The outlook as records for programs: the numbers behind every table, and what they rest on."""

import math
from dataclasses import asdict
from typing import Any

import pandas as pd

from latticework.report.assumed import assumptions
from latticework.report.basis import data_ends, sources
from latticework.report.findings import findings
from latticework.report.results import Results


def records(results: Results) -> dict[str, Any]:
    """What `latticework run --format json` prints; missing numbers are null."""
    s = results.scenario
    return {
        "scenario": s.id,
        "question": s.question,
        "baseline": str(s.baseline),
        "branches": [{"id": b, "title": results.title_of(b), "summary": s.branch(b).summary} for b in results.branches],
        "paths": results.paths,
        "draws": results.draws,
        "seed": results.seed,
        "version": results.version,
        "findings": [finding._asdict() for finding in findings(results)],
        "outlook": rows(results.outlook),
        "contrast": rows(results.contrasts),
        "inputs": rows(results.inputs),
        "estimates": estimates(results),
        "assumptions": [asdict(a) for a in assumptions(s, results.branches)],
        "data_ends": [{"layer": title, "until": end} for title, end in data_ends(results)],
        "sources": sources(results),
        "notes": list(results.notes),
    }


def outlook_records(results: Results) -> list[dict[str, Any]]:
    """The outlook alone, row by row: for `--format csv`."""
    return rows(results.outlook)


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as records of plain values; missing is None."""
    return [{str(k): _plain(v) for k, v in record.items()} for record in table.to_dict("records")]


def estimates(results: Results) -> list[dict[str, Any]]:
    """Every coefficient as numbers, with what it rests on and the value to compare it with."""
    found = []
    for process in results.model:
        estimate = results.posterior.estimate(process.name)
        for coefficient, told in zip(process.coefficients(), estimate.records, strict=True):
            anchor = coefficient.anchor
            record = {
                "process": process.name,
                "effect": coefficient.name,
                "estimate": told.mean,
                "sd": told.sd,
                "sd_naive": told.sd_naive,
                "unit": coefficient.unit,
                "origin": told.origin,
                "badge": told.badge,
                "rows": told.rows,
                "events": told.events,
                "prior_mean": told.prior_mean,
                "prior_sd": told.prior_sd,
                "because": told.because,
                "contraction": told.contraction,
                "early": told.early,
                "early_sd": told.early_sd,
                "late": told.late,
                "late_sd": told.late_sd,
                "shift": told.shift,
                "published": anchor and float(anchor.value),
                "published_sd": anchor and anchor.sd,
                "source": anchor.source if anchor else "",
            }
            found.append(record)
    return found


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value
