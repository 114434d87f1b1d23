"""The fit beside statsmodels, scikit-learn and glum: the same rows, the same estimates, each in its own process."""

# pyright: reportMissingImports=false
# scikit-learn and glum come with `make bench` alone.

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROWS, COVARIATES = 5_000_000, 12
AT_ONCE = 500_000
EQUAL = 1e-4  # how far estimates may be from those of double precision
LINKS = ("logit", "cloglog")
LINE = "{:<10}{:<22}{:>8}{:>14}{:>12}{:>12}"


@dataclass(frozen=True)
class Outcome:
    """Wall seconds of one fit, peak MB of its process (data and imports included) and the coefficients."""

    seconds: float
    peak: float
    coefficients: np.ndarray


def make_rows(folder: Path, link: str, rows: int, seed: int = 1) -> None:
    """Write a design (ones first) and outcomes of one law, in single precision; some 3 % are events."""
    rng = np.random.default_rng(seed)
    truth = np.concatenate([[-4.0], rng.normal(0, 0.4, COVARIATES)])
    x = np.lib.format.open_memmap(folder / "x.npy", "w+", np.float32, (rows, COVARIATES + 1))
    y = np.lib.format.open_memmap(folder / "y.npy", "w+", np.float32, (rows,))
    for first in range(0, rows, AT_ONCE):
        count = min(AT_ONCE, rows - first)
        part = np.column_stack([np.ones(count), rng.standard_normal((count, COVARIATES))]).astype(np.float32)
        eta = part @ truth
        chance = 1 / (1 + np.exp(-eta)) if link == "logit" else -np.expm1(-np.exp(eta))
        x[first : first + count], y[first : first + count] = part, rng.random(count) < chance
    x.flush()
    y.flush()


def ours(x: np.ndarray, y: np.ndarray, link: str) -> np.ndarray:
    """Newton's method of this package, block after block."""
    from scipy import sparse

    from latticework.fit.laplace import Prior, joint_mode
    from latticework.fit.stream import Stream, event_slopes, mark_slopes
    from latticework.processes import Rows

    k = x.shape[1]
    same = [np.broadcast_to(np.ones((), t), y.shape) for t in (x.dtype, bool, x.dtype)]
    slopes = mark_slopes if link == "logit" else event_slopes
    stream = Stream(slopes, Rows(x, same[0], y, same[1], same[2]), (0, k), sparse.csr_array((0, 0)))
    return joint_mode(stream, Prior(np.zeros(k), np.zeros(k), np.ones(k, bool)))[0].at


def statsmodels(x: np.ndarray, y: np.ndarray, link: str) -> np.ndarray:
    """Iterated weighted least squares of statsmodels' GLM."""
    import statsmodels.api as sm

    links = sm.families.links
    return sm.GLM(y, x, family=sm.families.Binomial(links.Logit() if link == "logit" else links.CLogLog())).fit().params


def sklearn(x: np.ndarray, y: np.ndarray, link: str) -> np.ndarray:
    """scikit-learn's Newton-Cholesky, without a penalty."""
    from sklearn.linear_model import LogisticRegression

    found = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-8).fit(x, y)
    return np.append(found.intercept_, found.coef_)


def glum(x: np.ndarray, y: np.ndarray, link: str) -> np.ndarray:
    """glum's iterated weighted least squares, without a penalty."""
    from glum import CloglogLink, GeneralizedLinearRegressor, LogitLink

    chosen = LogitLink() if link == "logit" else CloglogLink()
    found = GeneralizedLinearRegressor(family="binomial", link=chosen, alpha=0, gradient_tol=1e-5).fit(x, y)
    return np.append(found.intercept_, found.coef_)


ENGINES: dict[str, tuple[Callable[[np.ndarray, np.ndarray, str], np.ndarray], str, tuple[str, ...]]] = {
    "latticework": (ours, "float64", LINKS),
    "latticework, single": (ours, "float32", LINKS),
    "statsmodels": (statsmodels, "float64", LINKS),
    "scikit-learn": (sklearn, "float64", ("logit",)),
    "scikit-learn, single": (sklearn, "float32", ("logit",)),
    "glum": (glum, "float64", LINKS),
    "glum, single": (glum, "float32", LINKS),
}


OWN_INTERCEPT = (sklearn, glum)  # they add it themselves; glum without it does not converge in single precision


def fit_here(engine: str, link: str, folder: Path) -> Outcome:
    """Load the rows and fit them once in this process, after a fit of a few rows that does imports and compiling."""
    fit, dtype, _ = ENGINES[engine]
    y = np.load(folder / "y.npy").astype(dtype)
    x = np.load(folder / "x.npy", mmap_mode="r")
    x = np.array(x[:, 1:] if fit in OWN_INTERCEPT else x, dtype=dtype)
    fit(x[:20_000], y[:20_000], link)
    began = time.perf_counter()
    found = fit(x, y, link)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    return Outcome(seconds, peak, np.asarray(found, float))


def fit_apart(engine: str, link: str, folder: Path) -> Outcome:
    """The same in a process of its own."""
    command = [sys.executable, __file__, "--engine", engine, "--link", link, "--folder", str(folder)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    return Outcome(told["seconds"], told["peak"], np.array(told["coefficients"]))


def compare(link: str, rows: int) -> None:
    """Print a line per engine; an engine whose estimates differ ends the program."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_rows(folder, link, rows)
        reference = first = None
        for engine, (_, _, links) in ENGINES.items():
            if link not in links:
                continue
            found = fit_apart(engine, link, folder)
            reference = found.coefficients if reference is None else reference
            first = found.seconds if first is None else first
            away = float(np.abs(found.coefficients - reference).max())
            cells = (f"{found.seconds:.2f}", f"{found.seconds / first:.1f}", f"{found.peak:,.0f}", f"{away:.0e}")
            print(LINE.format(link, engine, *cells), flush=True)
            if away > EQUAL:
                sys.exit(f"{engine} is {away:.1e} away from the estimates of the first engine")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--engine", choices=list(ENGINES), help="fit once, here, and print a record")
    parser.add_argument("--link", choices=LINKS)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.engine:
        found = fit_here(asked.engine, asked.link, asked.folder)
        told = {"seconds": found.seconds, "peak": found.peak, "coefficients": found.coefficients.tolist()}
        print(json.dumps(told))
        return
    print(f"{asked.rows:,} rows, {COVARIATES} covariates and an intercept")
    print(LINE.format("link", "engine", "wall s", "times ours", "peak MB", "away"))
    for link in (asked.link,) if asked.link else LINKS:
        compare(link, asked.rows)


if __name__ == "__main__":
    main()
