"""Every mistake that a user can make, as one tree.

LatticeworkError
├── UnknownNameError    a state, layer, process, branch or scenario that does not exist
├── InputError          a value that cannot be used: paths 0, a date outside the panel, a folder that cannot be written
├── ScenarioError       a scenario file that cannot be read or does not make sense (file, line, column)
└── PanelError          a data file that is missing, corrupt or not what its description says

A user's mistake is one of these, carries one clear message and ends a command with exit code 1.
Anything else that is raised is a fault of the program, but for Interrupted: the user stopped the command.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class LatticeworkError(Exception):
    """A mistake that the user can mend; the message says how."""


class UnknownNameError(LatticeworkError):
    """A name that is not one of the possible ones.

    `kind` is the thing named ("layer"), `name` what was found and `known` what is possible.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], where: str = "") -> None:
        self.kind, self.name, self.known, self.where = kind, name, sorted(known), where
        place = f" in {where}" if where else ""
        super().__init__(f"There is no {kind} '{name}'{place}. {suggestion(name, self.known)}")

    def __reduce__(self) -> tuple[type, tuple[str, str, list[str], str]]:
        """So that it can be sent by a worker, which an exception with other arguments than its message cannot."""
        return type(self), (self.kind, self.name, self.known, self.where)


class InputError(LatticeworkError):
    """A value that cannot be used."""


class ScenarioError(LatticeworkError):
    """One or more faults in a scenario file, each with its line and column."""


class PanelError(LatticeworkError):
    """A data file that is missing, corrupt or not what its description says."""


def suggestion(name: str, known: Iterable[str], most: int = 12) -> str:
    """Name the closest possibility, or list the possibilities (at most `most`)."""
    known = sorted(known)
    by_folded = {k.casefold(): k for k in known}
    close = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{by_folded[close[0]]}'?"
    shown = ", ".join(known[:most]) + (f" and {len(known) - most} more" if len(known) > most else "")
    return f"Possible: {shown}."


class Interrupted(KeyboardInterrupt):
    """The user stopped a command (Ctrl-C, or a signal whose number is given); the message says what is kept."""

    def __init__(self, message: str, signal: int = 2) -> None:
        super().__init__(message)
        self.message, self.signal = message, signal
