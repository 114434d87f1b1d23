"""What docs/own-data.md shows is what happens, and every key of a description is in it."""

import re
from pathlib import Path

import pytest

from latticework.data.added import add_layer
from latticework.data.added.description import Description
from latticework.errors import PanelError

DOCS = Path(__file__).parents[2] / "docs" / "own-data.md"
TEXT = DOCS.read_text(encoding="utf-8")
FILES = dict(re.findall(r"`([\w.]+)`:\n\n```(?:csv|yaml)\n(.*?)```", TEXT, re.S))


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder with the files of the documentation, to work in."""
    monkeypatch.setenv("LATTICEWORK_LAYERS", str(tmp_path / "layers"))
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_worked_example_of_the_documentation():
    assert set(FILES) == {"port_calls.csv", "port_calls.yaml"}
    add_layer(Path("port_calls.csv"))
    shown = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", TEXT, re.S)
    assert shown
    for code, printed in shown:
        *lines, last = code.strip().splitlines()
        names: dict = {}
        exec("\n".join(lines), names)
        assert str(eval(last, names)).split() == printed.split()


def test_the_message_of_the_documentation_is_the_one_that_is_given():
    message = re.findall(r"```text\n(port_calls\.csv:.*?)```", TEXT, re.S)[0]
    Path("port_calls.csv").write_text(FILES["port_calls.csv"].replace("740", "Japan", 1).replace(",2\n", ",two\n", 1))
    with pytest.raises(PanelError) as error:
        add_layer(Path("port_calls.csv"))
    assert str(error.value).split() == message.split()


def test_every_key_of_a_description_is_documented():
    assert set(re.findall(r"^\| `(\w+)` \|", TEXT, re.M)) == set(Description.model_fields)
