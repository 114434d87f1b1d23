"""A posterior: what the history of every process says about its coefficients, and draws from it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import jax
import numpy as np

from latticework.errors import PanelError, UnknownNameError
from latticework.fit.estimate import Estimate, estimate_read, finite
from latticework.fit.frailty import Frailty
from latticework.processes import AbstractProcess
from latticework.types import Array, Float, Int, Key


@dataclass(frozen=True)
class Posterior:
    """The estimates of all processes, the scales in which assumptions are quoted, and what they were fitted to.

    `frailties` holds, for processes of dyads that have them, what the effects leave unexplained of each dyad.
    """

    estimates: dict[str, Estimate]
    scales: dict[str, float]
    panel_sha256: str
    frailties: dict[str, Frailty] = field(default_factory=dict)

    def estimate(self, process: str) -> Estimate:
        """The estimate of one process; UnknownNameError if there is none."""
        if process not in self.estimates:
            raise UnknownNameError("fitted process", process, self.estimates)
        return self.estimates[process]

    def draw(self, key: Key, draws: int) -> dict[str, Float[Array, "d k"]]:
        """Draws of every process's coefficients; what else is fitted does not change a process's draws."""
        out = {}
        for name, estimate in self.estimates.items():
            seed = _key_of(key, name)
            values, vectors = np.linalg.eigh(estimate.covariance)
            root = vectors * np.sqrt(np.clip(values, 0.0, None))
            noise = np.asarray(jax.random.normal(seed, (draws, len(estimate.mode))))
            out[name] = jax.numpy.asarray(estimate.mode + estimate.shift + noise @ root.T, dtype="float32")
        return out

    def levels(
        self,
        key: Key,
        theta: Mapping[str, Float[Array, "d k"]],
        model: tuple[AbstractProcess, ...],
        codes: tuple[str, ...],
    ) -> dict[str, tuple[Float[Array, "d ..."], ...]]:
        """Levels of the states for these draws of the coefficients: per process, terms of its first predictor.

        A term broadcasts to (d, *units): (d, n), for dyads (d, n, 1) and (d, 1, n), never a whole matrix.
        """
        found = {}
        for process in model:
            if not process.coefficients():
                continue  # bookkeeping
            estimate = self.estimate(process.name)
            moved = np.asarray(theta[process.name], float) - estimate.mode
            for number, varying in enumerate(estimate.varying):
                if varying.by != "era":
                    drawn = varying.draws(jax.random.fold_in(_key_of(key, process.name), number), moved, codes)
                    found[process.name] = (*found.get(process.name, ()), *_laid(drawn, process.unit, varying.by))
        return found

    def eras(
        self, key: Key, theta: Mapping[str, Float[Array, "d k"]], years: Int[np.ndarray, "s"]
    ) -> dict[str, Float[Array, "d s"]]:
        """Levels of the decades to which the years belong, for these draws of the coefficients, per process."""
        found = {}
        for name, coefficients in theta.items():
            estimate = self.estimate(name)
            for varying in estimate.varying:
                if varying.by == "era":
                    moved = np.asarray(coefficients, float) - estimate.mode
                    found[name] = varying.course(_key_of(key, name), moved, years)
        return found

    def updated(self, newer: "Posterior") -> "Posterior":
        """This posterior with the processes of a newer one in place of its own."""
        return Posterior(
            {**self.estimates, **newer.estimates},
            {**self.scales, **newer.scales},
            newer.panel_sha256,
            {**self.frailties, **newer.frailties},
        )

    def to_json(self) -> str:
        """Text that `from_json` reads back without loss."""
        listed = [estimate.plain() for estimate in self.estimates.values()]
        frailties = {name: asdict(frailty) for name, frailty in self.frailties.items()}
        whole = {"panel_sha256": self.panel_sha256, "scales": self.scales, "estimates": listed}
        return json.dumps({**whole, "frailties": frailties}, indent=1)

    @staticmethod
    def from_json(text: str, where: str = "posterior.json") -> "Posterior":
        """The posterior written by `to_json`; PanelError if the text is not one."""
        try:
            data = json.loads(text)
            estimates = [estimate_read(entry) for entry in data["estimates"]]
            scales = {str(name): finite(value, name) for name, value in data["scales"].items()}
            frailties = {str(name): _frailty(entry) for name, entry in data["frailties"].items()}
            return Posterior({e.process: e for e in estimates}, scales, str(data["panel_sha256"]), frailties)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise PanelError(
                f"The posterior file '{where}' cannot be read ({fault}). Rebuild it with 'latticework fit'."
            ) from fault


def _frailty(entry: dict) -> Frailty:
    units = {str(u): (finite(seen, u), finite(expected, u)) for u, (seen, expected) in entry["units"].items()}
    return Frailty(finite(entry["variance"], "variance"), units)


def _key_of(key: Key, process: str) -> Key:
    return jax.random.fold_in(key, sum(ord(c) * 31**i for i, c in enumerate(process)) % 2**31)


def _laid(drawn: Float[Array, "d n"], unit: str, by: str) -> tuple[Float[Array, "d ..."], ...]:
    """Levels of states where they belong in the shape of the units."""
    rows, columns = drawn[:, :, None], drawn[:, None, :]
    if unit == "state":
        return (drawn,)
    if unit == "membership":
        return (columns,)
    return {"sender": (rows,), "receiver": (columns,)}.get(by, (rows, columns))
