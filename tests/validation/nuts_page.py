"""Writes docs/nuts.md and its picture from new draws: `python -m tests.validation.nuts_page` (many minutes)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import altair as alt
import numpy as np
from scipy import stats

from latticework.report.chart_style import BRANCHES, INK, styled, svg
from tests.validation.nuts import CASES, DRAWN, HELD, Case, Draws, drawn, estimate_of
from tests.validation.nuts_compared import MEAN, SD, Comparison, compared, skew_shift

DOCS = Path(__file__).parents[2] / "docs"
PAGE, PICTURE = DOCS / "nuts.md", DOCS / "nuts.svg"
COLUMNS: tuple[str, ...] = (
    "process",
    "rows",
    "events",
    "coefficients",
    "levels",
    "largest difference of means",
    "its Monte Carlo error",
    "largest expected from the skew",
    "left after the skew",
    "ratio of sds",
    "of levels: difference; ratio of sds",
    "robust over Laplace sd",
    "R-hat",
    "fewest effective draws",
    "processor seconds",
)
SPAN, STEP = 4.0, 0.25


@dataclass(frozen=True)
class Finding:
    """All that is shown of one case."""

    case: Case
    draws: Draws
    coefficients: Comparison
    levels: Comparison
    expected: np.ndarray


@cache
def finding(case: Case) -> Finding:
    """Draw, compare, and say on the way that it was done."""
    draws = drawn(case)
    found = Finding(case, draws, *compared(case, draws), expected=skew_shift(case))
    print(row(found), flush=True)
    return found


def rows_of(page: str) -> dict[str, dict[str, str]]:
    """The first table of the page, by process."""
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| ")]
    start = cells.index(list(COLUMNS))
    rows = [dict(zip(COLUMNS, line, strict=True)) for line in cells[start + 1 :] if len(line) == len(COLUMNS)]
    return {line["process"]: line for line in rows}


def row(found: Finding) -> str:
    """The line of a case."""
    c, levels, draws = found.coefficients, found.levels, found.draws
    estimate = estimate_of(type(found.case.process))
    apart = f"{np.abs(levels.mean).max():.2f}; {ratios(levels.ratio)}" if levels.names else ""
    cells = (
        found.case.key,
        f"{estimate.rows:,}",
        f"{estimate.events:,}",
        len(c.names),
        len(levels.names) or "",
        f"{np.abs(c.mean).max():.2f}",
        f"{c.mean_doubt[c.worst]:.2f}",
        f"{np.abs(found.expected).max():.2f}",
        f"{np.abs(c.mean - found.expected).max():.2f}",
        ratios(c.ratio),
        apart,
        ratios(c.robust),
        f"{draws.rhat:.3f}",
        f"{min(draws.effective.min(), draws.effective_of_sd.min()):,.0f}",
        f"{draws.seconds:.0f}",
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def ratios(values: np.ndarray) -> str:
    """The least and the greatest."""
    return f"{values.min():.2f} to {values.max():.2f}"


def apart() -> str:
    """The coefficients whose mean and mode differ by more than chance and a tenth of an sd."""
    lines = ["| process | coefficient | mean less mode, in sd | expected from the skew |", "|---|---|---|---|"]
    for case in CASES:
        found = finding(case)
        c = found.coefficients
        for k in np.flatnonzero(np.abs(c.mean) > 0.1 + 2 * c.mean_doubt):
            lines.append(f"| {case.key} | {c.names[k]} | {c.mean[k]:+.2f} | {found.expected[k]:+.2f} |")
    return "\n".join(lines)


def spreads() -> str:
    """What is known of the sds that the fit holds at their estimate, and what holding them leaves out."""
    lines = [
        "| process | sd of | held at | NUTS: mean | 5 % | 95 % | sds of coefficients, drawn over held |",
        "|---|---|---|---|---|---|---|",
    ]
    for case in (c for c in CASES if c.sds == DRAWN):
        found, process = finding(case), type(case.process)
        held = next(c for c in CASES if isinstance(c.process, process) and c.sds == HELD)
        wider = found.coefficients.ratio / finding(held).coefficients.ratio
        for varying in estimate_of(process).varying:
            sd = found.draws.sds[varying.by]
            low, high = np.quantile(sd, (0.05, 0.95))
            numbers = f"{varying.sigma:.2f} | {sd.mean():.2f} | {low:.2f} | {high:.2f}"
            lines.append(f"| {case.process.name} | {varying.by} | {numbers} | {ratios(wider)} |")
    return "\n".join(lines)


def picture() -> str:
    """The marginal of the coefficient of each process that is farthest off: draws as bars, Laplace as a line."""
    cells = []
    for case in (c for c in CASES if c.sds == HELD):
        found = finding(case)
        k = found.coefficients.worst
        estimate = estimate_of(type(case.process))
        n = estimate.names.index(found.coefficients.names[k])
        x = (found.draws.values[..., k].ravel() - estimate.mode[n]) / estimate.sd_naive[n]
        share, edges = np.histogram(x, np.arange(-SPAN, SPAN + STEP, STEP))
        bars = [
            {"x": float(a), "to": float(a + STEP), "y": float(s / x.size / STEP), "zero": 0.0}
            for a, s in zip(edges, share, strict=False)
        ]
        line = [{"x": float(a), "y": float(stats.norm.pdf(a))} for a in np.linspace(-SPAN, SPAN, 81)]
        axis = alt.X("x:Q", scale=alt.Scale(domain=[-SPAN, SPAN], nice=False), title=None)
        tall = alt.Y("y:Q", scale=alt.Scale(domain=[0, 0.5]), axis=None)
        drawn_bars = alt.Chart(alt.Data(values=bars)).mark_rect(color=BRANCHES[4])
        normal = alt.Chart(alt.Data(values=line)).mark_line(color=INK, strokeWidth=1.2)
        title = alt.TitleParams([case.process.name, estimate.names[n]], fontSize=9.5, fontWeight="normal")
        layers = alt.layer(drawn_bars.encode(x=axis, x2="to:Q", y=tall, y2="zero:Q"), normal.encode(x=axis, y=tall))
        cells.append(layers.properties(width=150, height=80, title=title))
    heading = "NUTS draws what Laplace says, and leans to one side where events are few"
    told = "Of each process the coefficient that differs most, in sd from the mode. Bars: NUTS. Line: Laplace."
    chart = styled(alt.concat(*cells, columns=4, spacing=12), heading, told, "Made by tests/validation/nuts_page.py", 2)
    return svg(chart, "nuts", heading, told)


def page() -> str:
    """The whole page."""
    head = "| " + " | ".join(COLUMNS) + " |\n" + "|---" * len(COLUMNS) + "|"
    table = "\n".join([head, *(row(finding(case)) for case in CASES)])
    text = (Path(__file__).parent / "nuts.md").read_text(encoding="utf-8")
    filled = {
        "table": table,
        "apart": apart(),
        "spreads": spreads(),
        "allowed": f"{MEAN:g}",
        "sd": f"{SD:.0%}",
    }
    return text.format(**filled)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    PICTURE.write_text(picture(), encoding="utf-8")
