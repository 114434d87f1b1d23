"""A published table is the same table in whatever format it lies there."""

import pandas as pd
import pyreadr
import pytest

from latticework.data.inputs import find_input, read_input
from latticework.data.sources import capability, majors, state_system
from latticework.errors import PanelError

TABLE = pd.DataFrame({"ccode": [2, 740], "name": ["United States", "Japan, the state"], "score": [1.5, float("nan")]})


def write(table: pd.DataFrame, path) -> None:
    match path.suffix:
        case ".parquet":
            table.to_parquet(path)
        case ".csv":
            table.to_csv(path, index=False)
        case ".tab":
            table.to_csv(path, index=False, sep="\t")
        case ".dta":
            table.to_stata(path, write_index=False, version=118)
        case ".rds":
            pyreadr.write_rds(str(path), table)
        case _:
            pyreadr.write_rdata(str(path), table, df_name="scores")


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".tab", ".dta", ".rds", ".rda", ".RData"])
def test_a_table_is_read_from_every_format(tmp_path, ending):
    path = tmp_path / f"scores{ending}"
    write(TABLE.astype({"name": object}), path)
    read = read_input(tmp_path, "scores", ["ccode", "name", "score"])
    assert list(read.columns) == ["ccode", "name", "score"]
    assert list(read.ccode) == [2, 740]
    assert list(read.name) == ["United States", "Japan, the state"]
    assert read.score[0] == 1.5
    assert pd.isna(read.score[1])


def test_the_first_folder_that_has_the_table_wins(tmp_path):
    for folder, value in (("a", 1), ("b", 2)):
        (tmp_path / folder).mkdir()
        pd.DataFrame({"x": [value]}).to_csv(tmp_path / folder / "t.csv", index=False)
    folders = [tmp_path / "none", tmp_path / "b", tmp_path / "a"]
    assert list(read_input(folders, "t", ["x"]).x) == [2]
    assert find_input(folders, "t") == tmp_path / "b" / "t.csv"


def test_a_missing_table_is_told_with_its_formats_and_folders(tmp_path):
    with pytest.raises(PanelError, match=r"'scores' \(\.parquet, \.csv, .*\) is missing from"):
        read_input([tmp_path], "scores", ["x"])


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".dta", ".rds", ".rda"])
def test_a_file_that_is_none_is_told_in_one_line(tmp_path, ending):
    (tmp_path / f"scores{ending}").write_bytes(b"\x00\x01 no table \xff" * 9)
    with pytest.raises(PanelError, match="cannot be read") as error:
        read_input(tmp_path, "scores", ["x"])
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".dta", ".rds"])
def test_a_missing_column_is_told(tmp_path, ending):
    write(TABLE.astype({"name": object}), tmp_path / f"scores{ending}")
    with pytest.raises(PanelError, match="rank"):
        read_input(tmp_path, "scores", ["ccode", "rank"])


@pytest.mark.parametrize("source", [capability, state_system, majors], ids=lambda s: s.__name__.split(".")[-1])
def test_a_source_builds_the_same_layers_from_csv(inputs, tmp_path, source):
    for name in source.INPUTS:
        pd.read_parquet(inputs / f"{name}.parquet").to_csv(tmp_path / f"{name}.csv", index=False)
    built, again = source.build(inputs), source.build(tmp_path)
    for name, table in built.items():
        pd.testing.assert_frame_equal(table, again[name], check_exact=False, rtol=1e-12)


def test_years_that_are_real_numbers_are_years(tmp_path):
    """R and Stata often hold whole numbers as real ones; a year that is missing leaves the column as it is."""
    pd.DataFrame({"ccode": [2.0, 2.0], "year": [1950.0, 1951.0], "value": [1.0, 2.0]}).to_csv(tmp_path / "t.csv")
    read = read_input(tmp_path, "t", ["ccode", "year", "value"])
    assert read["year"].map("{}-12-31".format).tolist() == ["1950-12-31", "1951-12-31"]
    assert read["value"].dtype == "float64"
    pd.DataFrame({"year": [1950.0, None]}).to_csv(tmp_path / "u.csv")
    assert read_input(tmp_path, "u", ["year"])["year"].isna().sum() == 1
