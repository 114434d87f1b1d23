"""A posterior: what the history of a process says about its coefficients, and whether to believe it."""

import json
from dataclasses import asdict, dataclass, field

import jax
import numpy as np

from latticework.errors import PanelError, UnknownNameError
from latticework.fit.frailty import Frailty
from latticework.fit.varying import Varying
from latticework.types import Array, Float, Key

LARGEST_GRADIENT = 1e-3


@dataclass(frozen=True)
class Estimate:
    """The posterior of one process: Normal(mode, covariance), k coefficients in the order of the process.

    `covariance` is robust to dependence through states, `naive` is the Laplace covariance that ignores it; `rows` and
    `events` count the evidence, `span` its first and last date; `gradient` is the largest component of the log
    posterior's gradient at the mode, in units of naive sd, and says whether the fit converged.
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
            seed = jax.random.fold_in(key, sum(ord(c) * 31**i for i, c in enumerate(name)) % 2**31)
            values, vectors = np.linalg.eigh(estimate.covariance)
            root = vectors * np.sqrt(np.clip(values, 0.0, None))
            noise = np.asarray(jax.random.normal(seed, (draws, len(estimate.mode))))
            out[name] = jax.numpy.asarray(estimate.mode + noise @ root.T, dtype="float32")
        return out

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
        listed = [_plain(estimate) for estimate in self.estimates.values()]
        frailties = {name: asdict(frailty) for name, frailty in self.frailties.items()}
        whole = {"panel_sha256": self.panel_sha256, "scales": self.scales, "estimates": listed}
        return json.dumps({**whole, "frailties": frailties}, indent=1)

    @staticmethod
    def from_json(text: str, where: str = "posterior.json") -> "Posterior":
        """The posterior written by `to_json`; PanelError if the text is not one."""
        try:
            data = json.loads(text)
            estimates = [_estimate(entry) for entry in data["estimates"]]
            scales = {str(name): _finite(value, name) for name, value in data["scales"].items()}
            frailties = {str(name): _frailty(entry) for name, entry in data["frailties"].items()}
            return Posterior({e.process: e for e in estimates}, scales, str(data["panel_sha256"]), frailties)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise PanelError(
                f"The posterior file '{where}' cannot be read ({fault}). Rebuild it with 'latticework fit'."
            ) from fault


def _plain(estimate: Estimate) -> dict:
    return {name: v.tolist() if isinstance(v, np.ndarray) else v for name, v in asdict(estimate).items()}


def _estimate(entry: dict) -> Estimate:
    arrays = {name: np.asarray(entry[name], float) for name in ("mode", "covariance", "naive")}
    k = len(entry["names"])
    if arrays["mode"].shape != (k,) or arrays["covariance"].shape != (k, k) or arrays["naive"].shape != (k, k):
        raise ValueError(f"the estimate of {entry['process']} has arrays of the wrong shape")
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise ValueError(f"the estimate of {entry['process']} has numbers that are missing")
    return Estimate(
        process=str(entry["process"]),
        names=tuple(str(name) for name in entry["names"]),
        rows=int(entry["rows"]),
        events=int(entry["events"]),
        span=(str(entry["span"][0]), str(entry["span"][1])),
        gradient=_finite(entry["gradient"], "gradient"),
        **arrays,
    )


def _frailty(entry: dict) -> Frailty:
    units = {str(u): (_finite(seen, u), _finite(expected, u)) for u, (seen, expected) in entry["units"].items()}
    return Frailty(_finite(entry["variance"], "variance"), units)


def _finite(value: object, name: object) -> float:
    number = float(value) if isinstance(value, int | float) else float("nan")
    if not np.isfinite(number):
        raise ValueError(f"'{name}' is {value!r} and not a number")
    return number
