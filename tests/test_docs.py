"""What is shown in the documentation is what the program does."""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from latticework.actions.posterior import SHIPPED
from latticework.cli import app
from latticework.report.reference import pages
from latticework.store import sha256

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.S)
COMMANDS = [line.split("#")[0].strip() for block in BLOCKS for line in block.splitlines()]


@pytest.mark.parametrize("name", pages())
def test_reference_pages_are_those_of_the_code(name):
    assert (ROOT / "docs" / name).read_text() == pages()[name], "run `make docs`"


def test_the_page_on_methods_is_of_the_posterior_that_is_shipped():
    assert sha256(SHIPPED) in (ROOT / "docs" / "methods.md").read_text(), "run `make checks`"


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_of_the_readme_exist_with_their_options(line):
    program, *rest = shlex.split(line)
    if program == "make":
        assert re.search(rf"^{rest[0]}:", (ROOT / "Makefile").read_text(), re.M)
        return
    command = get_command(app)
    while rest and hasattr(command, "commands") and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    assert not hasattr(command, "commands"), f"{line} names no command"
    assert {word for word in rest if word.startswith("--")} <= options


def test_control_a_command_that_does_not_exist_is_noticed():
    with pytest.raises(AssertionError):
        test_commands_of_the_readme_exist_with_their_options("latticework data fetch --all")


def test_every_command_and_option_says_what_it_is():
    def walk(command):
        yield command
        for child in getattr(command, "commands", {}).values():
            yield from walk(child)

    for command in walk(get_command(app)):
        assert command.help, command.name
        for parameter in command.params:
            assert getattr(parameter, "help", None), f"{command.name} {parameter.name}"


def test_links_of_the_documentation_lead_somewhere():
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_page_on_processes_tells_the_law_and_not_the_subject():
    laws = re.findall(r"^The law: (.*)$", pages()["processes.md"], re.M)
    families = (
        "Events at a rate",
        "A yes or no",
        "Tallies",
        "An Ornstein-Uhlenbeck drift",
        "A drift with jumps",
        "A drift with breaks",
        "A process whose units",
    )
    assert len(laws) > 15
    assert [law for law in laws if not law.startswith(families)] == []
