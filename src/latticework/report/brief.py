"""A brief is one self-contained page: the answers first, then every number, what it rests on and what it cannot say."""

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from latticework.report.audit_page import audit_section
from latticework.report.basis import (
    assumption_table,
    estimates_by_process,
    estimates_in_full,
    inputs_by_layer,
    inputs_of_focus,
    limits,
    sources,
)
from latticework.report.chart_style import BRANCHES
from latticework.report.charts import Chart, charts
from latticework.report.contrast_tables import contrast_table
from latticework.report.findings import findings
from latticework.report.numbers import day
from latticework.report.outlook_tables import outlook_tables
from latticework.report.results import Results
from latticework.report.side_tables import side_tables
from latticework.report.tables import Table

ORIGINS = {"O": "observed", "E": "estimated", "A": "assumed"}


def brief(results: Results) -> str:
    """The page as HTML: no scripts, no requests, charts as SVG inside."""
    return house().get_template("brief.html").render(**_content(results))


@lru_cache(maxsize=1)
def house() -> Environment:
    """The templates of pages, with the house's filters."""
    loader = PackageLoader("latticework.report", "templates")
    made = Environment(
        loader=loader,
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"day": day, "whole": _whole, "host": _host}
    return made


def _content(results: Results) -> dict[str, Any]:
    """Everything that the template shows, finished."""
    tables: dict[str, list[Table]] = {}
    for first in range(0, len(results.branches), 2):
        for table in outlook_tables(results, results.branches[first : first + 2], full=True):
            tables.setdefault(table.id, []).append(table)
    drawn: dict[str, list[dict[str, Any]]] = {}
    for chart in charts(results):
        drawn.setdefault(chart.section, []).append(_figure(chart))
    s = results.scenario
    return {
        "results": results,
        "scenario": s,
        "branches": [s.branch(b) for b in results.branches],
        "names": {code: results.name_of(code) for code in s.focus},
        "findings": findings(results),
        "sections": [
            {"id": i, "title": found[0].title, "tables": found, "charts": drawn.get(i, [])}
            for i, found in tables.items()
        ],
        "sides": side_tables(results),
        "contrasts": [contrast_table(results, b) for b in results.branches[1:]],
        "audit": audit_section(results.audit),
        "assumed": assumption_table(results),
        "by_layer": inputs_by_layer(results),
        "by_process": estimates_by_process(results),
        "focus_inputs": inputs_of_focus(results),
        "estimates": estimates_in_full(results),
        "limits": limits(results),
        "sources": sources(results),
        "origins": ORIGINS,
        "colours": BRANCHES,
        "cite": _cite(results),
        "hashes": {k: v for k, v in results.ensemble.attrs.items() if str(k).endswith("sha256")},
    }


def _whole(text: str) -> str:
    """The text with its per cent signs held to their numbers."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def _host(address: str) -> str:
    """The name of the site that a link leads to."""
    return address.split("/")[2] if address.count("/") > 1 else address


def _figure(chart: Chart) -> dict[str, Any]:
    """The chart for the template: its SVG is our own and has escaped what came from users."""
    return {"title": chart.title, "svg": Markup(chart.svg)}


def _cite(results: Results) -> str:
    """How to cite this run: what made it, from what, so that another can make it again."""
    return (
        f"Latticework {results.version}, scenario {results.scenario.id} (baseline {results.scenario.baseline}), "
        f"{results.paths:,} paths per branch over {results.draws:,} posterior draws, seed {results.seed}, "
        f"run on {day(results.created.date())}."
    )
