"""Writes the reference pages from the code and the panel, so that they cannot differ from them: `make docs`."""

from pathlib import Path
from typing import Any

from typer.main import get_command

from latticework.actions.mechanism_page import mechanism_page
from latticework.actions.tie_page import tie_page
from latticework.cli import app
from latticework.report import data_pages, reference

HERE = Path(__file__).parent
PICTURES = HERE / "data"


def files() -> dict[str, str]:
    """Every generated file, by its path in this folder."""
    written = {"tie-strength.md": tie_page(), "mechanisms.md": mechanism_page()}
    return reference.pages() | data_pages.pages(commands()) | written


def commands() -> dict[str, str]:
    """What each command on the data does, by how it is called."""
    group: Any = get_command(app)
    found = group.commands["data"].commands
    return {f"latticework data {name}{_asked(command)}": command.help for name, command in found.items()}


def _asked(command: Any) -> str:
    """The arguments and the options that are needed, then the other options in brackets."""
    arguments = [f" {p.name.upper()}" for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    needed = [f" {p.opts[0]} {p.name.upper()}" for p in options if p.required]
    other = [p.opts[0] for p in options if not p.required]
    return "".join([*arguments, *needed, f" [{' '.join(other)}]" if other else ""])


if __name__ == "__main__":
    written = {HERE / name: text for name, text in files().items()}
    PICTURES.mkdir(exist_ok=True)
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")
    for path in set(PICTURES.glob("*.svg")) - set(written):  # of a layer that is no more
        path.unlink()
