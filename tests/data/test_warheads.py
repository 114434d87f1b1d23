"""Warheads: stockpiles of the states that have them, no world, no inventory, no state that was none."""

import pandas as pd
import pytest

from latticework.data.schema import faults
from latticework.data.sources.warheads import LAYERS, NAMES, WARHEADS, build
from latticework.data.states import CODES

STATES_OF_2016 = [(2, 1816, 1, 1, 2016, 12, 31), (365, 1816, 1, 1, 2016, 12, 31), (369, 1991, 12, 26, 2016, 12, 31)]


def small(folder, counts: list[tuple], steps: list[tuple]) -> dict[str, pd.DataFrame]:
    columns = ["Entity", "Code", "Year", "Number of nuclear warheads"]
    pd.DataFrame(counts, columns=columns).to_csv(folder / "nuclear_warhead_stockpiles_fas_2023.csv", index=False)
    columns = ["Entity", "Year", "nuclear_weapons_status"]
    pd.DataFrame(steps, columns=columns).to_csv(folder / "nuclear_proliferation_status_owid.csv", index=False)
    columns = ["ccode", "styear", "stmonth", "stday", "endyear", "endmonth", "endday"]
    pd.DataFrame(STATES_OF_2016, columns=columns).to_csv(folder / "cow_states_2016.csv", index=False)
    return build(folder)


def test_the_world_is_no_state_and_a_zero_stays(tmp_path):
    counts = [("Russia", "RUS", 1949, 1), ("Russia", "RUS", 1950, 5), ("United States", "USA", 1950, 299)]
    counts += [("World", "OWID_WRL", 1950, 374), ("South Africa", "ZAF", 1950, 0)]
    steps = [("Russia", 1950, 3), ("Ukraine", 1950, 0), ("Ukraine", 1991, 0), ("Tibet", 1950, 0), ("Abkhazia", 2000, 0)]
    tables = small(tmp_path, counts, steps)
    assert all(faults(layer, tables[layer.name]) == [] for layer in LAYERS)
    found = dict(zip(tables["warheads"].state, tables["warheads"].value, strict=True))
    assert found == {"RUS": 5, "USA": 299, "ZAF": 0}
    status = tables["nuclear_status"]
    assert list(zip(status.state, status.date, strict=True)) == [("RUS", "1950-12-31"), ("UKR", "1991-12-31")]


@pytest.fixture(scope="module")
def tables(inputs) -> dict[str, pd.DataFrame]:
    return build(inputs)


def test_the_peak_is_that_of_1986(tables):
    """The Federation's own sum (Kristensen, 2013 and 2016): a peak of 64,500 stockpiled warheads in 1986."""
    total = tables["warheads"].groupby("date").value.sum()
    assert total.idxmax() == "1986-12-31"
    assert total.max() == pytest.approx(64_500, rel=0.001)
    usa = tables["warheads"].query("state == 'USA'").set_index("date").value
    assert (usa.idxmax(), usa.max()) == ("1967-12-31", 31_255)  # as declassified by the United States


def test_stockpiles_of_2023_are_no_inventories(tables):
    last = tables["warheads"].query("date == '2023-12-31'").set_index("state").value
    assert last[["USA", "RUS", "CHN", "PRK"]].to_list() == [3708, 4489, 410, 30]
    assert last.sum() == 9576  # and not 12,512 with retired ones
    assert last["ZAF"] == 0
    assert tables["warheads"].date.max() == WARHEADS.until


def test_the_list_of_states_with_warheads_is_whole(tables):
    """Absence means zero only because nobody else ever had one: the nine of today and South Africa."""
    owners = set(tables["warheads"].state)
    assert owners == {"CHN", "FRA", "GBR", "IND", "ISR", "PAK", "PRK", "RUS", "USA", "ZAF"}
    had = set(tables["nuclear_status"].query("value == 3").state)
    assert had == owners
    years = tables["warheads"].groupby("state").date.nunique()
    assert (years == 2023 - 1950 + 1).all()  # no gap that would read as zero


def test_possession_is_never_later_than_the_first_warhead(tables):
    status = tables["nuclear_status"].query("value == 3").groupby("state").date.min()
    counted = tables["warheads"].query("value > 0").groupby("state").date.min()
    assert (status <= counted).all()
    assert (status["PRK"], counted["PRK"]) == ("2006-12-31", "2015-12-31")


def test_steps_by_name(inputs, tables):
    raw = pd.read_parquet(inputs / "nuclear_proliferation_status_owid.parquet")
    assert set(raw.Entity) - set(NAMES) == {"Abkhazia", "South Ossetia", "Tibet"}
    assert set(CODES) - set(tables["nuclear_status"].state) == {"CSK"}
    status = tables["nuclear_status"].set_index(["state", "date"]).value
    assert [status["ZAF", f"{year}-12-31"] for year in (1968, 1970, 1975, 1980, 1992)] == [0, 1, 2, 3, 0]
    assert status["KOR", "1975-12-31"] == 2
    assert status["IRN", "2022-12-31"] == 2
    assert status["UKR", "1992-12-31"] == 0
    assert ("UKR", "1985-12-31") not in status.index
