"""Trade beyond gravity: a world that obeys gravity has no residual, whatever part of its trade is known."""

import numpy as np
import pytest

from latticework.measures.strength.indicators.trade import beyond_gravity

N = 45
CENTRING = "fault 5: one pass of double-centring leaves state effects in where partners are missing (0.3 sd in 2016)"


def world(missing: float) -> tuple[np.ndarray, ...]:
    """Shares by size, remoteness and distance alone; small states lack their trade with small states first."""
    rng = np.random.default_rng(3)
    size = np.sort(rng.normal(0, 1.5, N))[::-1]
    place = rng.uniform(0, 5000, (N, 2))
    distance = np.maximum(np.linalg.norm(place[:, None] - place[None], axis=-1), 60.0)
    near = (distance < 500).astype(float)
    log = size[:, None] + size[None, :] - np.log(distance) + 0.5 * near
    share = 2e-4 * np.exp(log - log.min())  # none so small that it counts as the least
    small = np.add.outer(np.arange(N), np.arange(N)) / (2 * N)
    gone = rng.random((N, N)) < missing * small**2
    share[gone | gone.T] = 0.0
    np.fill_diagonal(share, np.nan)
    return share[None], distance[None], near[None]


@pytest.mark.parametrize(
    "missing",
    [0.0, pytest.param(0.5, marks=pytest.mark.xfail(strict=True, reason=CENTRING))],
    ids=["all known", "as in real data"],
)
def test_a_world_that_obeys_gravity_has_no_residual(missing):
    share, distance, near = world(missing)
    residual = beyond_gravity(*(a.astype(np.float32) for a in (share, distance, near)))
    known = np.isfinite(residual)
    assert known.mean() > 0.5
    assert residual[known].std() < 0.06
    assert np.abs(residual[known]).max() < 0.2
