"""An estimate: what the record says about the coefficients of one process, and whether to believe it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import numpy as np

from latticework.fit.records import BADGES, ORIGINS, Record
from latticework.fit.varying import KINDS, Varying
from latticework.types import Float

LARGEST_GRADIENT = 1e-3


@dataclass(frozen=True)
class Estimate:
    """The posterior of one process: Normal(mode, covariance), k coefficients in the order of the process.

    `covariance` is robust to dependence through states, `naive` is the Laplace covariance that ignores it and holds
    what is assumed; `rows` and `events` count the evidence, `span` its first and last date; `gradient` is the largest
    component of the log posterior's gradient at the mode, in units of naive sd (or what a variance still moved by), and
    says whether the fit converged. `varying` holds the levels of states or decades, `records` what is known of each
    coefficient, `shift` how far the centre of draws is from the mode.
    """

    process: str
    names: tuple[str, ...]
    mode: np.ndarray
    covariance: np.ndarray
    naive: np.ndarray
    rows: int
    events: int
    span: tuple[str, str]
    gradient: float
    varying: tuple[Varying, ...] = ()
    records: tuple[Record, ...] = ()
    shift: np.ndarray = field(default_factory=lambda: np.zeros(1))

    @property
    def sd(self) -> Float[np.ndarray, "k"]:
        """Node-robust posterior sd."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def sd_naive(self) -> Float[np.ndarray, "k"]:
        """Laplace sd, as if rows were independent."""
        return np.sqrt(np.diag(self.naive))

    @property
    def trusted(self) -> bool:
        """Whether the fit converged to a proper maximum: the one place that decides."""
        positive = bool(np.all(np.linalg.eigvalsh(self.naive) > 0))
        return positive and bool(np.isfinite(self.covariance).all()) and self.gradient < LARGEST_GRADIENT

    def plain(self) -> dict[str, Any]:
        """Lists and numbers alone, for a file."""
        return _listed(asdict(self))


def estimate_read(entry: Mapping[str, Any]) -> Estimate:
    """The estimate that `plain` wrote; ValueError, KeyError or TypeError if it is damaged."""
    name, k = str(entry["process"]), len(entry["names"])
    arrays = {
        what: _array(entry, what, shape, name)
        for what, shape in (("mode", (k,)), ("covariance", (k, k)), ("naive", (k, k)), ("shift", (k,)))
    }
    records = tuple(_record(told, name) for told in entry["records"])
    if records and tuple(record.effect for record in records) != tuple(entry["names"]):
        raise ValueError(f"the records of {name} are not those of its coefficients")
    return Estimate(
        process=name,
        names=tuple(str(effect) for effect in entry["names"]),
        rows=int(entry["rows"]),
        events=int(entry["events"]),
        span=(str(entry["span"][0]), str(entry["span"][1])),
        gradient=finite(entry["gradient"], "gradient"),
        varying=tuple(_varying(part, k, name) for part in entry["varying"]),
        records=records,
        **arrays,
    )


def finite(value: object, name: object) -> float:
    """The number; ValueError if it is none."""
    number = float(value) if isinstance(value, int | float) else float("nan")
    if not np.isfinite(number):
        raise ValueError(f"'{name}' is {value!r} and not a number")
    return number


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _listed(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_listed(inner) for inner in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


def _array(entry: Mapping[str, Any], what: str, shape: tuple[int, ...], process: str) -> np.ndarray:
    array = np.asarray(entry[what], float).reshape(shape if 0 in shape else np.shape(entry[what]))
    if array.shape != shape:
        raise ValueError(f"the estimate of {process} has arrays of the wrong shape")
    if not np.isfinite(array).all():
        raise ValueError(f"the estimate of {process} has numbers that are missing")
    return array


def _varying(part: Mapping[str, Any], k: int, process: str) -> Varying:
    by, names = str(part["by"]), tuple(str(name) for name in part["names"])
    if by not in KINDS or not names:
        raise ValueError(f"{process} varies by '{by}' with {len(names)} levels")
    q = len(names)
    shapes = {"mean": (q,), "shift": (q,), "sensitivity": (q, k), "spread": (q, q) if by == "era" else (q,)}
    arrays = {what: _array(part, what, shape, process) for what, shape in shapes.items()}
    sigma = finite(part["sigma"], f"sigma of {process} by {by}")
    if sigma <= 0:
        raise ValueError(f"sigma of {process} by {by} is not above zero")
    return Varying(by, sigma, names, **arrays)


def _record(told: Mapping[str, Any], process: str) -> Record:
    """A record; what may be unknown (the two eras) may be null, other numbers may not."""
    values = {}
    for told_of in fields(Record):
        value = told[told_of.name]
        if told_of.type is str:
            values[told_of.name] = str(value)
        elif told_of.type is int:
            values[told_of.name] = int(value)
        elif value is None and told_of.default is None:
            values[told_of.name] = None
        else:
            values[told_of.name] = finite(value, f"{told_of.name} of {process}")
    if values["origin"] not in ORIGINS or values["badge"] not in BADGES:
        raise ValueError(f"a record of {process} has the origin '{values['origin']}', badge '{values['badge']}'")
    return Record(**values)
