"""The reference pages of the documentation, written from the code itself."""

import inspect

from latticework import effects
from latticework.effects import AbstractEffect
from latticework.processes import MODEL, AbstractProcess
from latticework.report.scenario_page import scenario_page, scenario_schema

HEAD = "<!-- Written by `make docs` from the code: change the docstrings there, not this page. -->\n\n"
LAWS = {"law", "struck"}  # a family that says one of them says what the law is
COMPOSED = (
    "A process combines them: `a * b` is an interaction, `either(a)` and `both(a)` make a dyad's effect of a state's."
)


def pages() -> dict[str, str]:
    """The pages by file name."""
    return {
        "effects.md": effects_page(),
        "processes.md": processes_page(),
        "scenarios.md": scenario_page(),
        "scenario.schema.json": scenario_schema(),
    }


def effects_page() -> str:
    """Every effect with its formula, reference and first line."""
    rows = []
    for name in sorted(effects.__all__):
        effect = getattr(effects, name)
        first = (inspect.getdoc(effect) or "").split("\n\n")[0].replace("\n", " ")
        if inspect.isclass(effect) and issubclass(effect, AbstractEffect) and effect is not AbstractEffect:
            rows.append(f"| `{name}` | {effect.formula} | {first} | {effect.reference} |")
        elif inspect.isfunction(effect):
            rows.append(f"| `{name}()` | | {first} | |")
    table = "| effect | formula | what it is | reference |\n|---|---|---|---|\n" + "\n".join(rows)
    intro = "An effect is a function from a world to one number per state or per ordered dyad."
    return f"{HEAD}# Effects\n\n{intro} {COMPOSED}\n\n{table}\n"


def processes_page() -> str:
    """Every process with what it says of itself, its coefficients and the values to compare them with."""
    intro = (
        "Each process is the law by which one layer of the world moves. `latticework model show` prints the estimates "
        "of these coefficients beside the values named here; `latticework fit` learns them again."
    )
    return f"{HEAD}# Processes\n\n{intro}\n\n" + "\n".join(_process(process) for process in MODEL)


def _process(process: AbstractProcess) -> str:
    family = next(base for base in type(process).__mro__[1:] if LAWS & vars(base).keys() or base is AbstractProcess)
    words = inspect.getdoc(process) or ""
    law = "" if family is AbstractProcess else f"The law: {_flat(inspect.getdoc(family) or '')}\n\n"
    facts = f"Unit: {process.unit}. Fitted on steps of a {process.grid}. Moves: {', '.join(process.writes)}."
    rows = [_coefficient(c) for c in process.coefficients()]
    table = "| coefficient | unit | prior | compare with |\n|---|---|---|---|\n" + "\n".join(rows)
    return f"## {process.title} (`{process.name}`)\n\n{words}\n\n{law}{facts}\n\n{table}\n"


def _coefficient(c) -> str:
    anchor = c.anchor
    known = ""
    if anchor is not None:
        sd = "" if anchor.sd is None else f" ({anchor.sd:.3g})"
        known = f"{anchor.value:+.3g}{sd}: {anchor.source}" + (f"; {anchor.note}" if anchor.note else "")
    return f"| {c.name} | {c.unit} | N({c.prior_mean:g}, {c.prior_sd:g}) | {known} |"


def _flat(text: str) -> str:
    """The first paragraph on one line."""
    return text.split("\n\n")[0].replace("\n", " ")
