"""What allies would choose, counted by hand."""

import numpy as np
import pytest
import xarray as xr

from latticework.measures.stances import CHANCES, stances


def world(shift: float, noise: float = 0.0) -> xr.Dataset:
    """Forty paths and draws, one ally; the second branch balances less by `shift`, with noise between paths."""
    rng, axes = np.random.default_rng(3), ("branch", "path", "time", "state")
    balance = 0.6 + 0.1 * rng.random((1, 40, 2, 1)) * np.ones((2, 1, 1, 1))
    balance[1] -= shift + noise * rng.standard_normal((40, 1, 1))
    rest = {"balance_chance": balance, "hedge_chance": 0.7 * (1 - balance), "bandwagon_chance": 0.3 * (1 - balance)}
    coords = {"branch": ["a", "b"], "path": np.arange(40), "state": ["JPN"], "draw": ("path", np.arange(40))}
    return xr.Dataset({name: (axes, values) for name, values in rest.items()}, coords)


def test_chances_of_a_branch_add_up_and_the_difference_is_paired():
    table = stances(world(0.1), ["JPN"])
    assert table.groupby("branch")["value"].sum().tolist() == pytest.approx([1.0, 1.0])
    row = table[(table["branch"] == "b") & (table["stance"] == "balance")].iloc[0]
    assert row["difference"] == pytest.approx(-0.1)
    assert row["clear"]
    assert np.isnan(row["lower"]), "forty draws of one path each do not tell what draws do"


def test_control_noise_without_a_shift_is_not_clear():
    table = stances(world(0.0, noise=0.05), ["JPN"])
    assert not table["clear"].any()


def test_without_the_choice_there_is_nothing():
    assert not len(stances(world(0.1).drop_vars("hedge_chance"), ["JPN"]))
    assert set(CHANCES) == {"balance", "hedge", "bandwagon"}


def test_the_band_is_that_of_the_mean_over_draws():
    twenty = world(0.1).assign_coords(draw=("path", np.arange(40) % 20))
    row = stances(twenty, ["JPN"]).query("branch == 'b' and stance == 'balance'").iloc[0]
    end = twenty["balance_chance"].values[1, :, -1, 0]
    assert row["lower"] <= row["value"] <= row["upper"]
    assert row["upper"] - row["lower"] < np.ptp(np.quantile(end, (0.1, 0.9))), "narrower than that of the paths"
