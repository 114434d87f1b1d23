"""The family of tests: every module beside this one adds its own, and nothing else need know of it."""

from importlib import import_module
from pkgutil import iter_modules

from latticework.audit.base import AbstractTest, Answer, Found, Outcome, Region, outcome


def _family() -> dict[str, type[AbstractTest]]:
    """The classes that have a word for the key `test`, by that word."""
    found: dict[str, type[AbstractTest]] = {}
    for module in sorted(entry.name for entry in iter_modules(__path__)):
        for made in vars(import_module(f"{__name__}.{module}")).values():
            if isinstance(made, type) and issubclass(made, AbstractTest) and "test" in made.model_fields:
                found[made.model_fields["test"].annotation.__args__[0]] = made  # type: ignore[union-attr]  # every test has a literal name
    return dict(sorted(found.items()))


FAMILY = _family()

__all__ = ["FAMILY", "AbstractTest", "Answer", "Found", "Outcome", "Region", "outcome"]
