"""A brief is one self-contained page: the answers first, then every number, what it rests on and what it cannot say."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from latticework.report.audit_page import audit_section
from latticework.report.bargain_section import bargain_section
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
from latticework.report.deterrence_section import deterrence_section
from latticework.report.explain_page import explain_section
from latticework.report.explain_text import explain_text
from latticework.report.findings import findings
from latticework.report.hedging_section import hedging_section
from latticework.report.in_short import in_short
from latticework.report.numbers import day
from latticework.report.outlook_tables import outlook_tables
from latticework.report.parameters_table import parameters_table
from latticework.report.results import Results
from latticework.report.sections import Section
from latticework.report.side_tables import glance, side_tables
from latticework.report.tables import Table

ORIGINS = {"O": "observed", "E": "estimated", "A": "assumed"}


def brief(results: Results) -> str:
    """The page as HTML: no scripts, no requests, charts as SVG inside."""
    return page(content(results))


def page(told: Mapping[str, Any]) -> str:
    """The page of what `content` has made."""
    return house().get_template("brief.html").render(**told)


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


def content(results: Results, drawn: Sequence[Chart] | None = None) -> dict[str, Any]:
    """Everything that a brief shows, finished, in the order in which it is shown; `drawn` has its charts, if made."""
    s = results.scenario
    return {
        "results": results,
        "scenario": s,
        "branches": [s.branch(b) for b in results.branches],
        "names": {code: results.name_of(code) for code in s.focus},
        "short": in_short(results),
        "glance": glance(results),
        "findings": findings(results),
        "sections": _outlook(results, charts(results) if drawn is None else drawn),
        "sides": side_tables(results),
        "contrasts": [contrast_table(results, b) for b in results.branches[1:]],
        "beside": mechanism_sections(results),
        "audit": audit_section(results.audit),
        "explained": explain_section(results),
        "explained_text": explain_text(results),
        "assumed": assumption_table(results),
        "parameters": parameters_table(results),
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


def mechanism_sections(results: Results) -> list[Section]:
    """The sections on what mechanisms say, those that are there."""
    made = (bargain_section(results), deterrence_section(results), hedging_section(results))
    return [section for section in made if section]


def _outlook(results: Results, made: Sequence[Chart]) -> list[dict[str, Any]]:
    """The outlook, a section a subject: the first two branches side by side, the others two by two after them."""
    tables: dict[str, list[Table]] = {}
    for first in range(0, len(results.branches), 2):
        for table in outlook_tables(results, results.branches[first : first + 2], full=True):
            tables.setdefault(table.id, []).append(table)
    drawn: dict[str, list[dict[str, Any]]] = {}
    for chart in made:
        drawn.setdefault(chart.section, []).append(_figure(chart))
    return [
        {"id": i, "title": found[0].title, "tables": _distinct(found), "charts": drawn.get(i, [])}
        for i, found in tables.items()
    ]


def _distinct(tables: list[Table]) -> list[Table]:
    """The tables without those that say the same as the first: what no branch changes is shown once."""
    first, *others = tables
    return [first, *(t for t in others if (t.columns, t.rows) != (first.columns, first.rows))]


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
