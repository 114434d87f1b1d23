"""The JSON Schema for editors accepts what the reader accepts and refuses what it refuses by itself."""

import json
from pathlib import Path

import jsonschema
import pytest

from latticework.report.scenario_page import scenario_schema
from latticework.scenario.schema import every_block
from latticework.yaml_text import parse
from tests.scenario.examples import FULL

SHIPPED = Path(__file__).parents[2] / "scenarios" / "asia-2025" / "scenario.yaml"
JUDGE = jsonschema.Draft202012Validator(json.loads(scenario_schema()))


@pytest.mark.parametrize("text", [FULL, SHIPPED.read_text(encoding="utf-8")], ids=["full", "shipped"])
def test_a_valid_file_is_valid_to_an_editor(text):
    JUDGE.check_schema(JUDGE.schema)
    assert list(JUDGE.iter_errors(parse(text, "a scenario", "id: x").data)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hub: USA", "hubb: USA"),
        ("chance: 0.6", "chance: 1.6"),
        ("operator: rule", "operator: law"),
        ("process: defence_effort, size", "process: defence_efort, size"),
        ("layer: troops, on: USA-KOR", "layer: troups, on: USA-KOR"),
        ("currency: USD, year: 2024", "currency: dollars, year: 2024"),
    ],
)
def test_a_mistake_is_marked(old, new):
    assert FULL.count(old) == 1
    assert list(JUDGE.iter_errors(parse(FULL.replace(old, new), "a scenario", "id: x").data))


def test_every_key_has_a_text_to_show():
    for block in every_block():
        for name, field in block.model_fields.items():
            assert field.description, f"{block.__name__}.{name}"
