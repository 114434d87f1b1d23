"""Writes docs/replications.md from the studies: `python -m tests.replications.page`."""

from pathlib import Path

from tests.replications.effort import EFFORT
from tests.replications.garrisons import CHANGE, LEVELS, WITHDRAWALS
from tests.replications.leaders import LEADERS
from tests.replications.onset import ONSET
from tests.replications.reliability import BERKEMEIER_FUHRMANN, LEEDS_ANAC
from tests.replications.study import Study, numbers
from tests.replications.termination import TERMINATION

PAGE = Path(__file__).parents[2] / "docs" / "replications.md"
STUDIES = (LEEDS_ANAC, BERKEMEIER_FUHRMANN, LEADERS, TERMINATION, ONSET, EFFORT, LEVELS, WITHDRAWALS, CHANGE)
HEAD = """# Replications

Published designs, computed anew from published data by another library (statsmodels), so that the data and the values
that the processes are compared with have a judge that shares no code with them. The node-robust standard errors use
`latticework.fit.node_robust_meat`, and so judge it. The two studies of fulfilment in war replicate printed tables from
the authors' own files. For the others the value is an earlier estimate of ours with the published design, made from the
files that each names: they test data and code, not the printed table.

`tests/replications` computes every number below, holds it against the value within the allowed difference, checks that
the effect is gone when its cause is shuffled, and compares this page with what it found. It needs the published tables
(`LATTICEWORK_INPUTS`, or `shared/data` beside the repository) and is skipped without them. Written by
`python -m tests.replications.page`.

| study | data | published or re-estimated | here | reading |
|---|---|---|---|---|
"""


def show(value: float, digits: int) -> str:
    """A number with its digits; a count with separators of thousands; zero without a sign."""
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text


def overview(study: Study) -> str:
    """The row of a study: its headline claims and what they say."""
    chosen = [claim for name in study.headline for claim in study.claims if claim.name == name]
    values = "; ".join(f"{claim.name} {show(claim.value, claim.digits)}" for claim in chosen)
    here = "; ".join(show(numbers(study)[claim.name], claim.digits) for claim in chosen)
    return f"| [{study.title}](#{study.key}) | {study.data} | {values} | {here} | {study.gist} |"


def section(study: Study) -> str:
    """A study with all its claims, and what is shown beside them."""
    found = numbers(study)
    rows = [
        f"| {c.name} | {show(c.value, c.digits)} | {show(found[c.name], c.digits)} | {c.tolerance:.2g} |"
        for c in study.claims
    ]
    rows += [
        f"| {name} | | {show(found[name], 0 if found[name] == round(found[name]) else 3)} | |" for name in study.also
    ]
    lines = [
        f"## {study.key}",
        f"**{study.title}.** {study.design[0].upper()}{study.design[1:]}. Data: {study.data}.",
        study.reading,
        "| number | published or re-estimated | here | allowed difference |\n|---|---|---|---|\n" + "\n".join(rows),
    ]
    return "\n\n".join(lines)


def page() -> str:
    """The whole page."""
    return HEAD + "\n".join(map(overview, STUDIES)) + "\n\n" + "\n\n".join(map(section, STUDIES)) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
