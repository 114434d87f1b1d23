"""The page on scenario files and the JSON Schema for editors, written from the schema itself."""

import json

from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel

from latticework.data import dense_layers
from latticework.mechanisms import SIGNALS
from latticework.scenario.schema import Intervention, Scenario, every_block, keys_of
from latticework.scenario.targets import TARGETS

HEAD = (
    "<!-- Written by `make docs` from the code and report/templates/scenarios.md: change them, not this page. -->\n\n"
)
DRAFT = "https://json-schema.org/draft/2020-12/schema"
LAWS = {"hazard": "the log hazard", "mark": "the log odds", "count": "the log rate", "drift": ""}


def scenario_page() -> str:
    """Every key of a scenario file with what it is."""
    loader = PackageLoader("latticework.report", "templates")
    page = Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True).get_template(
        "scenarios.md"
    )
    blocks = {block.__name__: block for block in (*every_block(), Intervention)}
    return HEAD + page.render(table=_table, processes=_processes, **blocks)


def scenario_schema() -> str:
    """The JSON Schema (draft 2020-12) of a scenario file, as text."""
    schema = Scenario.model_json_schema(by_alias=True)
    for block in (schema, *schema["$defs"].values()):
        if "layer" in block.get("properties", {}):
            block["properties"]["layer"]["enum"] = sorted({*dense_layers(), *SIGNALS})
    return json.dumps({"$schema": DRAFT, **schema}, indent=1, ensure_ascii=False) + "\n"


def _table(block: type[BaseModel], without: type[BaseModel] | None = None) -> str:
    """The keys of a kind of block, less those that another has."""
    known = keys_of(without) if without else ()
    rows = [
        f"| `{field.alias or name}` | {field.description} |"
        for name, field in block.model_fields.items()
        if (field.alias or name) not in known
    ]
    return "\n".join(["| key | what it is |", "|---|---|", *rows])


def _processes() -> str:
    """What can be acted on: on what, what a push moves, in which units, by which operators, seen by which layer."""
    head = ["process", "of a", "a push raises", "units", "operators", "its event in a condition"]
    rows: list[list[str]] = []
    for name, target in TARGETS.items():
        raised = f"{LAWS[target.law]} {target.moves}".strip()
        acts = ["shift", *["event"] * target.can_happen, *["clamp"] * target.can_be_ruled_out]
        event = f"`{target.event}`" if target.event else ""
        rows.append([f"`{name}`", target.on, raised, _code(target.units), ", ".join(acts), event])
    lines = [f"| {' | '.join(line)} |" for line in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def _code(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)
