"""What a run leaves behind for readers: the brief, its picture and the tables."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import pandas as pd

from latticework.explain.beside import with_ids
from latticework.report.assumed import assumptions
from latticework.report.brief import content, page
from latticework.report.charts import Chart, picture
from latticework.report.markdown import markdown
from latticework.report.records import estimates
from latticework.report.results import Results


def texts(results: Results, drawn: Sequence[Chart] | None = None) -> dict[str, str]:
    """What a run leaves for readers, by file name: the brief as a page and as Markdown, and its picture.

    `drawn` are its charts, if they have been drawn already.
    """
    told = content(results, drawn)
    return {"brief.html": page(told), "brief.md": markdown(results, told), "picture.svg": picture(results)}


def tables(results: Results) -> dict[str, pd.DataFrame]:
    """What a run leaves for programs, by file name without ending; what is empty is left out."""
    found = {
        "outlook": results.outlook,
        "contrast": results.contrasts,
        "sides": results.sides,
        "bargain": results.burden,
        "stances": results.stances,
        "inputs": results.inputs,
        **results.mechanisms.tables(),
    }
    if results.audit:
        found |= {"audit": results.audit.records, "audit_tests": results.audit.tests}
    found["estimates"] = pd.DataFrame(estimates(results))
    found["assumptions"] = pd.DataFrame(asdict(a) for a in assumptions(results.scenario, results.branches))
    found |= results.explanation.tables if results.explanation else {}
    return named(with_ids(found, results.dates[-1]))


def named(found: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables by file name without ending; what is empty is left out."""
    return {f"tables/{name}": table for name, table in found.items() if len(table)}
