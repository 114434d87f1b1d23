"""Threat from outside: the years that the files really cover, and the author's main estimate."""

import pandas as pd
import pytest

from latticework.data.schema import faults
from latticework.data.sources.threat import LAYERS, build


def write(folder, external: list[tuple], latent: list[tuple]):
    pd.DataFrame(external, columns=["ccode", "year", "lsthreat"]).to_csv(
        folder / "leeds_savun_external_threat.csv", index=False
    )
    columns = ["ccode", "year", "lterrthreat", "sd", "m_lterrthreat", "m_sd"]
    pd.DataFrame(latent, columns=columns).to_csv(folder / "latent_territorial_threat.csv", index=False)
    return build(folder)


def test_rows_without_a_state_and_the_empty_last_year_are_left_out(tmp_path):
    external = [(2, 1949, 0.4), (2, 2007, 0.4), (2, 2008, 0.0), (None, 2009, 0.0), (740, 2007, 0.0)]
    tables = write(tmp_path, external, [(2, 2010, 0.5, 0.1, 9.0, 9.0)])
    assert tables["external_threat"].drop(columns="source").to_numpy().tolist() == [
        ["2007-12-31", "JPN", 0.0],  # an observed zero stays
        ["2007-12-31", "USA", 0.4],
    ]
    assert tables["territorial_threat"].drop(columns="source").to_numpy().tolist() == [["2010-12-31", "USA", 0.5, 0.1]]
    assert all(faults(layer, tables[layer.name]) == [] for layer in LAYERS)


def test_germany_and_yemen_of_1990_are_one_state_each(tmp_path):
    both = [(260, 1990, 0.3), (255, 1990, 0.1), (678, 1990, 0.3), (679, 1990, 0.4)]
    latent = [(code, year, value, value / 10, 0.0, 0.0) for code, year, value in both]
    tables = write(tmp_path, both, latent)
    for table in tables.values():
        assert dict(zip(table.state, table.value, strict=True)) == {"DEU": 0.1, "YEM": 0.4}
    latent = tables["territorial_threat"]
    assert dict(zip(latent.state, latent.sd, strict=True)) == {"DEU": pytest.approx(0.01), "YEM": pytest.approx(0.04)}


@pytest.fixture(scope="module")
def tables(inputs) -> dict[str, pd.DataFrame]:
    return build(inputs)


def test_2008_says_nothing(inputs, tables):
    raw = pd.read_parquet(inputs / "leeds_savun_external_threat.parquet")
    assert (raw[raw.year == 2008].lsthreat == 0).all()  # the United States and Iraq among them
    assert raw[raw.year > 2008].ccode.isna().all()
    assert tables["external_threat"].date.max() == "2007-12-31"
    assert (raw[raw.year == 2007].lsthreat > 0).mean() > 0.5  # 2007 is no such year


def test_values_are_those_of_the_files(inputs, tables):
    raw = pd.read_parquet(inputs / "leeds_savun_external_threat.parquet").query("1950 <= year <= 2007")
    assert len(tables["external_threat"]) == len(raw) - 2  # Germany and Yemen in 1990
    usa = tables["external_threat"].query("state == 'USA'").set_index("date").value
    assert usa["1961-12-31"] == pytest.approx(0.4776, abs=1e-4)
    assert usa["1962-12-31"] == pytest.approx(0.1262, abs=1e-4)
    latent = tables["territorial_threat"].query("state == 'KOR' and date == '2010-12-31'").iloc[0]
    assert latent.value == pytest.approx(0.180122, abs=1e-6)  # weighted by capitals; by least distance 0.161771
    assert latent.sd == pytest.approx(0.036735, abs=1e-6)


def test_who_is_threatened_over_territory(tables):
    in_2000 = tables["territorial_threat"].query("date == '2000-12-31'").set_index("state").value
    assert in_2000.idxmax() == "ETH"  # at war with Eritrea
    assert in_2000["IND"] > in_2000["KOR"] > in_2000["NZL"]
    assert (tables["territorial_threat"].sd > 0).all()
