"""What allies come to pay, counted by hand on a few paths."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from latticework.measures.burden import COLUMNS, burden

ASKED = {"ask": {"KOR": 5.0}, "ask-more": {"KOR": 5.0}, "calm": {}}


def world(paid: dict[str, list[float]], settled: dict[str, list[int]]) -> xr.Dataset:
    """Four paths, two steps, one ally: payment in logs at the end, and the step (1, 2; 0 for never) of settling."""
    names = list(paid)
    payment = np.zeros((len(names), 4, 2, 1))
    done = np.zeros_like(payment)
    for b, name in enumerate(names):
        payment[b, :, 1, 0] = np.log(paid[name])
        for p, step in enumerate(settled[name]):
            if step:
                done[b, p, step - 1, 0] = 1.0
    axes = ("branch", "path", "time", "state")
    coords = {"branch": names, "path": np.arange(4), "state": ["KOR"], "draw": ("path", np.arange(4))}
    return xr.Dataset({"payment": (axes, payment), "settled": (axes, done)}, coords)


PAID = {"ask": [2.0, 1.5, 3.0, 1.0], "ask-more": [2.5, 2.0, 3.5, 1.0], "calm": [1.0] * 4}
SETTLED = {"ask": [1, 2, 1, 0], "ask-more": [1, 2, 2, 0], "calm": [0] * 4}


def rows(table: pd.DataFrame) -> dict[tuple[str, str], pd.Series]:
    return {(r["branch"], r["quantity"]): r for _, r in table.iterrows()}


def test_payments_are_of_the_paths_that_settled():
    found = rows(burden(world(PAID, SETTLED), ASKED))
    assert found["ask", "settled"]["value"] == 0.75
    assert found["ask", "payment"]["value"] == pytest.approx(2.0)
    assert found["ask", "payment"]["paths"] == 3
    assert found["ask", "share of what was asked"]["value"] == pytest.approx((2.0 - 1) / (5 - 1))
    assert found["ask", "payment"]["difference"] == 0.0
    assert not found["ask", "payment"]["clear"]


def test_a_difference_is_that_of_the_same_paths():
    row = rows(burden(world(PAID, SETTLED), ASKED))["ask-more", "payment"]
    apart = np.array([0.5, 0.5, 0.5])
    assert row["difference"] == pytest.approx(apart.mean())
    assert row["mc_se"] == pytest.approx(0.0, abs=1e-12)
    assert row["clear"]


def test_control_a_difference_within_its_error_is_not_clear():
    noisy = PAID | {"ask-more": [2.5, 1.0, 3.1, 1.0]}
    row = rows(burden(world(noisy, SETTLED), ASKED))["ask-more", "payment"]
    assert row["difference"] == pytest.approx(np.mean([0.5, -0.5, 0.1]))
    assert not row["clear"]


def test_what_asks_for_nothing_has_no_row():
    assert set(burden(world(PAID, SETTLED), ASKED)["branch"]) == {"ask", "ask-more"}
    assert not len(burden(world(PAID, SETTLED), {"calm": {}}))
    assert not len(burden(xr.Dataset(coords={"draw": ("path", [0])}), ASKED))


def test_where_nobody_settled_nothing_is_told():
    table = burden(world(PAID, {name: [0] * 4 for name in PAID}), ASKED)
    assert list(table.columns[:-1]) == list(COLUMNS)
    found = rows(table)
    assert found["ask", "settled"]["value"] == 0.0
    assert np.isnan(found["ask", "payment"]["value"])
    assert not found["ask", "payment"]["clear"]
