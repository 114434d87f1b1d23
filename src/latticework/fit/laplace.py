"""Fitting is evaluating over observed worlds: penalised maximum, Laplace posterior, node-robust covariance."""

import jax
import jax.numpy as jnp
import numpy as np
from scipy.optimize import minimize

from latticework.fit.posterior import Estimate
from latticework.fit.robust import node_robust_meat
from latticework.processes import AbstractProcess, Evidence
from latticework.types import Float
from latticework.world import Panel


def fit(process: AbstractProcess, panel: Panel) -> Estimate:
    """The posterior of one process given a panel.

    The mode maximises sum of terms + log prior (independent normals). With H the curvature there, P the prior's
    precision and M the node-robust meat of the terms' scores, the naive covariance is H^-1 and the robust one
    H^-1 (M + P) H^-1, so that a coefficient about which the data are silent keeps its prior's width.
    """
    return fit_evidence(process, process.evidence(panel))


def fit_evidence(process: AbstractProcess, evidence: Evidence) -> Estimate:
    """The posterior of one process given its evidence; see `fit`."""
    coefficients = process.coefficients()
    mean = np.array([c.prior_mean for c in coefficients], float)
    precision = np.array([c.prior_sd for c in coefficients], float) ** -2.0
    with jax.enable_x64(True):
        loss, slope, curve, scores = _functions(process, evidence, mean, precision)
        found = minimize(
            loss, mean, jac=slope, hess=curve, method="trust-exact", options={"gtol": 1e-8, "maxiter": 500}
        )
        theta = _polish(found.x, slope, curve)
        hessian, score, gradient = curve(theta), scores(theta), slope(theta)
    naive = np.linalg.inv(hessian)
    naive = (naive + naive.T) / 2
    robust = naive @ (node_robust_meat(score, evidence.nodes) + np.diag(precision)) @ naive
    return Estimate(
        process=process.name,
        names=tuple(c.name for c in coefficients),
        mode=theta,
        covariance=(robust + robust.T) / 2,
        naive=naive,
        rows=len(score),
        events=evidence.events,
        span=evidence.span,
        gradient=float(np.max(np.abs(gradient) * np.sqrt(np.abs(np.diag(naive))))),
    )


def _functions(process: AbstractProcess, evidence: Evidence, mean: np.ndarray, precision: np.ndarray):
    data = jax.tree.map(jnp.asarray, evidence.data)

    def log_posterior(theta, data):
        return process.terms(theta, data).sum() - 0.5 * (precision * (theta - mean) ** 2).sum()

    value = jax.jit(lambda theta, data: -log_posterior(theta, data))
    slope = jax.jit(jax.grad(lambda theta, data: -log_posterior(theta, data)))
    curve = jax.jit(jax.hessian(lambda theta, data: -log_posterior(theta, data)))
    scores = jax.jit(jax.jacfwd(process.terms))
    as_numpy = [
        lambda theta, f=f: np.asarray(f(jnp.asarray(theta), data), float) for f in (value, slope, curve, scores)
    ]
    return (lambda theta: float(as_numpy[0](theta))), *as_numpy[1:]


def _polish(theta: Float[np.ndarray, "k"], slope, curve, steps: int = 3) -> Float[np.ndarray, "k"]:
    """Full Newton steps near the mode, where they converge quadratically."""
    for _ in range(steps):
        hessian = curve(theta)
        if np.linalg.eigvalsh(hessian)[0] <= 0:
            break
        theta = theta - np.linalg.solve(hessian, slope(theta))
    return theta
