"""Branches side by side: disputes counted, payments out of logs, differences paired and judged by their spread."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from latticework.measures.side_by_side import side_by_side
from tests.report.futures import ensemble


@pytest.fixture(scope="module")
def world() -> xr.Dataset:
    made = ensemble(paths=200, draws=20)
    shape = [made.sizes[name] for name in ("branch", "path", "time", "state")]
    paid = np.zeros(shape, np.float32)
    paid[1] = np.log(1.5)
    return made.assign(payment=(("branch", "path", "time", "state"), paid))


@pytest.fixture(scope="module")
def table(world) -> pd.DataFrame:
    return side_by_side(world, "USA", ("JPN", "KOR"), ("CHN", "PRK"))


def one(table: pd.DataFrame, branch: str, quantity: str, states: str) -> pd.Series:
    return table[(table["branch"] == branch) & (table["quantity"] == quantity) & (table["states"] == states)].iloc[0]


def test_disputes_are_counted_by_year_over_all_pairs(world, table):
    pairs = ["CHN-USA", "PRK-USA", "CHN-JPN", "JPN-PRK", "CHN-KOR", "KOR-PRK"]
    years = (np.datetime64("2028-12-31") - np.datetime64("2025-01-24")).astype(int) / 365.25
    counted = np.array(
        [[sum(int((world["dispute"][b, p].sel(dyad=d) > 0).sum()) for d in pairs) for p in range(50)] for b in range(2)]
    )
    few = side_by_side(world.isel(path=slice(50)), "USA", ("JPN", "KOR"), ("CHN", "PRK"))
    for b, branch in enumerate(("status-quo", "transactional-hub")):
        row = few[(few["branch"] == branch) & (few["unit"] == "a year")].iloc[0]
        assert row["value"] == pytest.approx(counted[b].mean() / years)
    row = few[(few["branch"] == "transactional-hub") & (few["unit"] == "a year")].iloc[0]
    assert row["difference"] == pytest.approx((counted[1] - counted[0]).mean() / years)
    assert row["spread"] == pytest.approx((counted[0] / years).std())
    lifted = table[(table["branch"] == "transactional-hub") & (table["unit"] == "a year")].iloc[0]
    assert lifted["clear"], "disputes were lifted by a half"


def test_payments_stand_as_multiples(table):
    row = one(table, "transactional-hub", "payment for the hub's troops", "KOR")
    assert (row["value"], row["unit"]) == (pytest.approx(1.5), "times what is paid")
    assert row["difference"] == pytest.approx(0.5)
    assert one(table, "status-quo", "payment for the hub's troops", "KOR")["value"] == 1.0


def test_the_first_branch_is_its_own_measure(table):
    base = table[table["branch"] == "status-quo"]
    assert (base["difference"] == 0).all()
    assert not base["clear"].any()
    troops = one(table, "status-quo", "troops of the hub", "JPN")
    assert troops["lower"] <= troops["value"] <= troops["upper"]
    assert troops["spread"] > 0


def test_control_a_branch_that_is_the_first_differs_nowhere(world):
    twin = xr.concat([world.isel(branch=[0]), world.isel(branch=[0]).assign_coords(branch=["twin"])], "branch")
    table = side_by_side(twin, "USA", ("JPN", "KOR"), ("CHN", "PRK"))
    assert not table["clear"].any()
    assert (table["difference"] == 0).all()
