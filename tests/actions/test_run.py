"""A whole run of the first scenario, small: what it leaves, that it can be had again, that its numbers make sense."""

import json
from datetime import date

import jax
import numpy as np
import pytest
import xarray as xr

from latticework.actions import Options, run
from latticework.actions.opening import staleness
from latticework.data import load_panel
from latticework.errors import InputError
from latticework.processes import MODEL
from latticework.store import open_run


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "asia"
    results, folder = run("asia-2025", Options(paths=600, seed=3, out=out))
    return results, folder


def test_the_run_folder_is_whole_and_opens_in_xarray(ran):
    _, folder = ran
    opened = open_run(folder)
    assert {"brief.html", "ensemble.zarr", "tables/outlook.csv", "tables/inputs.parquet"} <= set(
        opened.manifest["artefacts"]
    )
    assert {"scenario", "panel", "posterior"} <= set(opened.manifest["inputs"])
    data = xr.open_zarr(folder / "ensemble.zarr", consolidated=False)
    assert data.sizes["branch"] == 8
    assert data.sizes["path"] == 600
    assert data.sizes["time"] == 16
    assert str(data["time"].values[-1])[:10] == "2028-12-31"


def test_the_same_seed_gives_the_same_numbers(ran, tmp_path):
    results, _ = ran
    again, _ = run("asia-2025", Options(("status-quo",), paths=300, seed=3, out=tmp_path / "again", explain=False))
    # another number of branches is another program, whose sums round otherwise in the last digit
    for name in results.ensemble.data_vars:
        one = results.ensemble[name].sel(branch="status-quo").isel(path=slice(300)).values
        alone = again.ensemble[name].sel(branch="status-quo").values
        np.testing.assert_allclose(alone, one, rtol=1e-3, atol=1e-4, err_msg=str(name))


def test_branches_share_what_the_hub_does_not_touch(ran):
    data = ran[0].ensemble
    quo, hub = data.sel(branch="status-quo"), data.sel(branch="transactional-hub")
    np.testing.assert_array_equal(quo["turnover"], hub["turnover"])
    assert not np.array_equal(quo["troops"], hub["troops"], equal_nan=True)


def test_every_number_of_the_opening_has_an_origin(ran):
    inputs = ran[0].inputs
    assert set(inputs["origin"]) <= {"observed", "carried forward", "assumed"}
    assert inputs["source"].str.len().min() > 0
    assert (inputs["date"] <= "2025-01-24").all(), "nothing that was not known on the baseline day"
    assert (inputs["layer"] == "troops").any()
    assert (inputs["layer"] == "tenure").sum() == 36


def test_the_outlook_is_plausible_to_one_who_knows_the_subject(ran):
    data = ran[0].ensemble.sel(branch="status-quo")
    ever = (data["dispute"] > 0).any("time").mean("path")
    assert ever.sel(dyad="KOR-PRK") > 0.5 > 0.1 > ever.sel(dyad="JPN-USA")
    assert ever.sel(dyad="CHN-JPN") > ever.sel(dyad="JPN-KOR")
    in_force = data["agreement"].isel(time=-1)
    assert float((in_force.sel(dyad="JPN-USA") > 0).mean()) > 0.9
    troops = data["troops"].sel(dyad="KOR-USA").isel(time=-1)
    assert 18_000 < float(troops.median()) < 27_000
    assert float(troops.quantile(0.9) / troops.quantile(0.1)) < 4
    left = (data["turnover"] > 0).any("time").mean("path")
    assert left.sel(state="JPN") > left.sel(state="USA")
    assert left.sel(state="KOR") > 0.6
    assert left.sel(state="PRK") < 0.4
    gap = abs(data["ideal_point"].sel(state="USA") - data["ideal_point"].sel(state="CHN")).isel(time=-1)
    assert 2 < float(gap.median()) < 4.5


def test_the_brief_carries_what_was_asked(ran):
    _, folder = ran
    brief = (folder / "brief.html").read_text()
    for word in ("Status quo", "Transactional hub", "80 %", "assumed", "2014", "<svg"):
        assert word in brief


def test_a_run_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_):
        raise InputError("no")

    monkeypatch.setattr("latticework.report.artefacts.page", fail)
    with pytest.raises(InputError):
        run("asia-2025", Options(("status-quo",), paths=10, out=tmp_path / "run", explain=False))
    assert list(tmp_path.iterdir()) == []


def test_one_path_is_a_run(tmp_path):
    results, folder = run("asia-2025", Options(("status-quo", "retreat"), paths=1, out=tmp_path / "one", explain=False))
    assert results.ensemble.sizes["path"] == 1
    assert json.loads((folder / "manifest.json").read_text())["options"]["paths"] == 1


def test_simulated_rates_lie_inside_the_record(ran):
    """Disputes a year among the 36 states, and turnovers a quarter, beside each of the last twenty years on record."""
    data = ran[0].ensemble.sel(branch="status-quo")
    codes = data["state"].values.tolist()
    record = load_panel(codes, start=1995, end=2014, layers=["dispute"])
    observed = np.nansum(np.triu(np.asarray(record.world.dyads["dispute"]), 1), axis=(1, 2))
    quarters = data["disputes_among_all"].isel(time=slice(1, None))
    assert observed.min() < 4 * float(quarters.mean()) < observed.max()
    assert abs(4 * float(quarters.mean()) - observed.mean()) < observed.std()
    leaders = load_panel(codes, start=1995, end=2020, step="quarter", layers=["turnover"])
    rate = float(np.nanmean(np.asarray(leaders.world.states["turnover"])))
    assert float(data["turnover"].mean()) == pytest.approx(rate, rel=0.25)


def test_layers_that_end_before_the_baseline_are_carried_there_by_their_processes():
    years = staleness(date(2025, 1, 24), MODEL)
    late = {"alignment": 1, "warheads": 1, "nuclear_step": 2, "visits_secretary": 4, "visits_president": 5, "trade": 10}
    late |= {
        "dispute_onset": 10,
        "force_used": 10,
        "dispute_deaths": 10,
        "dispute_end": 10,
        "visits_defence": 12,
        "exercises": 14,
    }
    assert {name: stale for name, stale in years.items() if stale} == late


def test_disputes_since_the_end_of_the_record_are_drawn_and_not_assumed_away(ran):
    """Two states that disputed often before 2015 have a chance of a dispute in 2025 that differs from path to path."""
    first = ran[0].ensemble["dispute_chance"].sel(branch="status-quo", dyad="CHN-JPN").isel(time=1)
    assert float(first.quantile(0.9) / first.quantile(0.1)) > 2


def test_a_term_that_ends_ends_and_binds_no_successor(ran):
    data = ran[0].ensemble.sel(branch="status-quo", state="KOR")
    out = data["turnover"].cumsum("time") > 0
    assert float(out.sel(time="2027-03-31").mean()) < 0.9
    assert float(out.sel(time="2027-06-30").mean()) > 0.999
    replaced = out.sel(time="2027-03-31").values
    again = data["turnover"].sel(time="2027-06-30").values[replaced]
    assert again.mean() < 0.2, "a successor of 2025 serves on"


def test_dyads_with_a_record_of_disputes_have_more_than_their_attributes_say(ran):
    posterior = ran[0].posterior
    frailty = posterior.frailties["dispute_onset"]
    shown = (
        "PRK-USA",
        "JPN-RUS",
        "JPN-KOR",
        "JPN-PRK",
        "CHN-PHL",
        "RUS-USA",
        "CHN-USA",
        "CHN-TWN",
        "CHN-JPN",
        "KOR-PRK",
    )
    seen, expected = np.array([frailty.units[dyad] for dyad in shown]).T
    prior = 1 / frailty.variance
    drawn = expected * (prior + seen) / (prior + expected)
    assert seen.sum() > 1.3 * expected.sum(), "without frailties these dyads are under-predicted"
    assert expected.sum() < drawn.sum() < seen.sum(), "chosen for their record, they are drawn towards it, not to it"
    assert abs(seen.sum() - drawn.sum()) < 0.75 * abs(seen.sum() - expected.sum())
    draws = np.exp(np.asarray(frailty.log_draws(jax.random.key(0), 4000, ("USA", "PRK", "JPN"))))
    want = (prior + seen[0]) / (prior + expected[0])
    assert draws[:, 0, 1].mean() == pytest.approx(want, rel=5 / np.sqrt(4000 * (prior + seen[0])))
    np.testing.assert_array_equal(draws[:, 0, 1], draws[:, 1, 0])
