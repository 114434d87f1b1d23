"""A posterior: what the history of a process says about its coefficients, and whether to believe it."""

import json
from dataclasses import asdict, dataclass

import jax
import numpy as np

from latticework.errors import PanelError, UnknownNameError
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
    """The estimates of all processes, the scales in which assumptions are quoted, and what they were fitted to."""

    estimates: dict[str, Estimate]
    scales: dict[str, float]
    panel_sha256: str

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

    def updated(self, estimates: dict[str, Estimate], scales: dict[str, float], panel_sha256: str) -> "Posterior":
        """This posterior with some processes fitted anew."""
        return Posterior({**self.estimates, **estimates}, {**self.scales, **scales}, panel_sha256)

    def to_json(self) -> str:
        """Text that `from_json` reads back without loss."""
        listed = [_plain(estimate) for estimate in self.estimates.values()]
        return json.dumps({"panel_sha256": self.panel_sha256, "scales": self.scales, "estimates": listed}, indent=1)

    @staticmethod
    def from_json(text: str, where: str = "posterior.json") -> "Posterior":
        """The posterior written by `to_json`; PanelError if the text is not one."""
        try:
            data = json.loads(text)
            estimates = [_estimate(entry) for entry in data["estimates"]]
            return Posterior({e.process: e for e in estimates}, dict(data["scales"]), str(data["panel_sha256"]))
        except (ValueError, KeyError, TypeError) as fault:
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
    rest = {name: entry[name] for name in ("process", "rows", "events", "gradient")}
    return Estimate(names=tuple(entry["names"]), span=tuple(entry["span"]), **arrays, **rest)
