"""The rivals of the fit's benchmark find the same estimates from the same rows, and a difference is noticed."""

from pathlib import Path

import fit
import numpy as np
import pytest

ROWS = 30_000


@pytest.fixture(scope="module", params=fit.LINKS)
def rows(request, tmp_path_factory) -> tuple[str, np.ndarray, np.ndarray]:
    folder: Path = tmp_path_factory.mktemp(request.param)
    fit.make_rows(folder, request.param, ROWS)
    return request.param, np.load(folder / "x.npy"), np.load(folder / "y.npy")


@pytest.mark.parametrize("engine", fit.ENGINES)
def test_every_engine_finds_the_same(rows, engine):
    link, x, y = rows
    run, dtype, links = fit.ENGINES[engine]
    if link not in links:
        pytest.skip("has no such link")
    if run is fit.glum:
        pytest.importorskip("glum")
    if run is fit.sklearn:
        pytest.importorskip("sklearn")
    reference = fit.statsmodels(x.astype(float), y.astype(float), link)
    own = x[:, 1:] if run in fit.OWN_INTERCEPT else x
    found = run(own.astype(dtype), y.astype(dtype), link)
    assert np.abs(found - reference).max() < fit.EQUAL
    wrong = run(own.astype(dtype), (y * (np.arange(ROWS) % 9 != 0)).astype(dtype), link)
    assert np.abs(wrong - reference).max() > fit.EQUAL, "control: other outcomes give other estimates"


def test_many_rows_begin_from_a_few_and_end_where_all_do(rows, monkeypatch):
    link, x, y = rows
    whole = fit.ours(x.astype(float), y.astype(float), link)
    from latticework.fit import laplace

    monkeypatch.setattr(laplace, "MANY", 1000)
    monkeypatch.setattr(laplace, "FEW", 3000)
    np.testing.assert_allclose(fit.ours(x.astype(float), y.astype(float), link), whole, atol=1e-9)
