"""What the blocks of a scenario must agree on: names used exist, dates lie inside, sizes fit, no circle of branches.

Checks read plain data (before types are checked) and skip what is not of the right type, so that all faults of a file
are found in one reading: the wrong types are the schema's business.
"""

from collections.abc import Iterator
from typing import Any

from latticework.scenario.checks.acts import check_acts
from latticework.scenario.checks.dates import check_dates
from latticework.scenario.checks.mechanisms import check_mechanisms
from latticework.scenario.checks.names import check_names
from latticework.scenario.checks.plain import Data
from latticework.yaml_text import Fault

__all__ = ["check"]


def check(data: Data, known: Any) -> Iterator[Fault]:
    """Every fault that concerns more than one value. `known` is what the panel knows (read.Known)."""
    yield from check_names(data, known.resolve)
    yield from check_dates(data, known)
    yield from check_acts(data, known)
    yield from check_mechanisms(data, known)
