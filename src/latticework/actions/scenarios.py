"""Where scenarios lie: a file, a folder, or a name in ./scenarios, in the source tree or in the package."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import latticework
from latticework.data import dense_layers, layers
from latticework.data.states import resolve
from latticework.errors import InputError, UnknownNameError
from latticework.mechanisms import KINDS, SIGNALS, parameters_of
from latticework.scenario.changes import read_change
from latticework.scenario.read import Known, read_scenario
from latticework.scenario.schema import Scenario

FILE = "scenario.yaml"
PACKAGE = Path(latticework.__file__).parent


def homes() -> tuple[Path, ...]:
    """The folders in which a scenario is looked up by name, in order."""
    return (Path("scenarios"), PACKAGE / "scenarios", PACKAGE.parents[1] / "scenarios")


def find_scenario(name: str, sets: Sequence[str] = ()) -> tuple[Path, Scenario]:
    """The file of a scenario and what it says, with `sets` (path=value) put in.

    UnknownNameError if there is none, ScenarioError if it has faults, InputError if something cannot be set.
    """
    changes = [read_change(written) for written in sets]
    path = _path(name)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise InputError(f"{path} is not a text file in UTF-8 (byte {fault.start}).") from fault
    except OSError as fault:
        raise InputError(f"{path} cannot be read: {fault.strerror}.") from fault
    return path, read_scenario(text, str(path), known(), changes)


def known() -> Known:
    """What a scenario may name: the panel's states, layers and days, and mechanisms with their signals."""
    records = layers()
    first = min(str(record["from"])[:10] for record in records if record["layer"] != "dispute")
    kinds = {kind: {name: p.sign for name, p in parameters_of(kind)} for kind in KINDS}
    days = date.fromisoformat(first), date(2100, 12, 31)
    return Known.of(resolve, dense_layers(), *days, kinds, tuple(SIGNALS))


def _path(name: str) -> Path:
    given = Path(name)
    if given.is_dir():
        given = given / FILE
    if given.is_file():
        return given
    for home in homes():
        if (home / name / FILE).is_file():
            return home / name / FILE
    names = {f.parent.name for home in homes() if home.is_dir() for f in home.glob(f"*/{FILE}")}
    raise UnknownNameError("scenario", name, names)
