"""A user's own layer: read whole or told what is wrong and where, and the layers that were there stay as they were."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from latticework.data import added, get, layer, layers, load_dataset, load_panel, load_snapshot, verify
from latticework.data.added import add_layer, remove_layer
from latticework.data.files import PANEL
from latticework.errors import InputError, PanelError, UnknownNameError
from tests.data.added_files import DYADS, KEYS, TABLE, contents

pytestmark = pytest.mark.usefixtures("home")


def rows(name="visits"):
    """The rows of a layer without date and source, as plain tuples."""
    table = get(name)
    return list(table.drop(columns=["source"]).itertuples(index=False, name=None))


def test_an_added_layer_is_read_back_by_every_door(give, home):
    record = give(TABLE, title="Visits of ships", traps="[counted by hand, not checked]")
    assert rows() == [("2019-12-31", "USA", 1.0), ("2020-12-31", "JPN", 0.0), ("2020-12-31", "USA", 2.5)]
    assert set(get("visits").source) == {"My count"}
    assert [r["layer"] for r in layers()] == [r["layer"] for r in layers(PANEL)] + ["visits"]
    assert layer("visits") == record
    assert record["traps"] == ["counted by hand", "not checked"]
    panel = load_panel(["USA", "JPN"], 2018, 2020, layers=["visits", "capability"])
    expected = [[np.nan, np.nan], [1, np.nan], [2.5, 0]]
    np.testing.assert_array_equal(panel.world.states["visits"], expected)
    assert panel.sources["visits"] == f"My count (file {record['added']['sha256'][:12]})"
    data = load_dataset(["USA", "JPN"], 2018, 2020, layers=["visits"])
    np.testing.assert_array_equal(data["visits"], expected)
    assert data["visits"].attrs["title"] == "Visits of ships"
    assert verify(home) == []


def test_an_added_layer_is_in_a_snapshot(give):
    give(TABLE)
    taken = load_snapshot("2021-06-30", ["USA", "JPN"]).inputs
    assert sorted(taken[taken.layer == "visits"].value) == [0, 2.5]


def test_the_record_names_the_file_by_its_checksum(give, tmp_path):
    record = give(TABLE)
    shell = subprocess.run(["sha256sum", tmp_path / "table.csv"], capture_output=True, text=True, check=True)
    assert record["added"] == {"file": "table.csv", "sha256": shell.stdout.split()[0]}


def test_a_state_may_be_named_in_four_ways(give):
    give("year,state,value\n2019,UKG,1\n2020,GBR,2\n2021,200,3\n2022,200.0,4\n2023,ukg,5\n")
    assert [row[1:] for row in rows()] == [("GBR", v) for v in (1, 2, 3, 4, 5)]


@pytest.mark.parametrize(
    "text",
    [
        "year;state;value\n2019;USA;1\n",
        "year\tstate\tvalue\n2019\tUSA\t1\n",
        "\ufeffyear,state,value\r\n2019,USA,1\r\n",
        "Year, State ,VALUE\n 2019 , usa ,1e0",
        '"year","note","state","value"\n\n2019,"two\nlines, and ""quotes""",USA,1\n\n',
        "date,state,value\n2019-12-31,USA,1\n",
        "date,state,value\n2019-12-31 00:00:00,USA,+1.0\n",
        "value,x;y,state,year\n1,;,USA,2019.0\n",
    ],
)
def test_tables_that_say_the_same(give, text):
    give(text)
    assert rows() == [("2019-12-31", "USA", 1.0)]


def test_columns_go_by_the_names_of_the_file(give):
    text = "when,who,GDP (US$),ref,fine\n2019,USA,1,wb,a  b\n2020,USA,2,,\n"
    give(text, columns="{year: when, state: who, value: GDP (US$), source: ref, note: fine}", extras="{note: text}")
    table = get("visits")
    assert list(table.columns) == ["date", "state", "value", "source", "note"]
    assert list(table.source) == ["wb", "My count"]
    assert list(table.note) == ["a b", ""]


def test_what_is_left_out_is_counted(give):
    text = "year,state,value\n1949,Prussia,1\n2019,USA,\n2019,WLD,3\n2019,JPN,NA\n2019,KOR,-9\n2019,PRK,0\n"
    record = give(text, leave_out="[WLD]", missing="[-9]")
    assert rows() == [("2019-12-31", "PRK", 0.0)]
    left = {k: v for k, v in record["added"].items() if k.startswith("rows")}
    assert left == {"rows without a value": 3, "rows of states to leave out": 1, "rows before 1950": 1}


def test_control_a_minus_nine_that_is_not_declared_missing_is_a_number(give):
    give("year,state,value\n2019,KOR,-9\n")
    assert rows() == [("2019-12-31", "KOR", -9.0)]


def test_an_undirected_dyad_is_kept_once_and_a_directed_one_in_each_direction(give):
    text = "year,state,partner,value\n2019,USA,JPN,1\n2019,JPN,USA,{}\n2020,USA,JPN,3\n"
    record = give(text.format(1), **DYADS)
    assert rows() == [("2019-12-31", "JPN", "USA", 1.0), ("2020-12-31", "JPN", "USA", 3.0)]
    assert record["added"]["rows in the other direction"] == 1
    give(text.format(2), **DYADS, directed="true", replace=True)
    assert [row[1:] for row in rows()] == [("JPN", "USA", 2.0), ("USA", "JPN", 1.0), ("USA", "JPN", 3.0)]
    with pytest.raises(PanelError, match=r"table.csv:3:2: .*another row for 2019-12-31, JPN, USA in line 2"):
        give(text.format(2), **DYADS, replace=True)
    with pytest.raises(PanelError, match=r"table.csv:4:2: .*another row for 2019-12-31, JPN, USA in line 2"):
        give(text.format(1).replace("2020,USA,JPN,3", "2019,USA,JPN,1"), **DYADS, replace=True)
    with pytest.raises(PanelError, match=r"table.csv:4:2: .*another row for 2019-12-31, JPN, USA in line 2"):
        give(text.format(1).replace("2020,USA,JPN,3", "2019,JPN,USA,1"), **DYADS, replace=True)
    with pytest.raises(PanelError, match=r"table.csv:3:2: .*another row for 2019-12-31, JPN, USA in line 2"):
        give(text.format(1).replace("2019,JPN,USA", "2019,USA,JPN"), **DYADS, replace=True)


def test_spells_hold_from_their_first_to_their_last_day(give):
    text = "date,end,state,value\n1940-01-01,1945-01-01,USA,9\n1949-05-01,1990-06-30,USA,1\n2019-07-01,,USA,2\n"
    record = give(text, frequency="spells", until="2021-12-31")
    assert rows() == [("1949-05-01", "USA", 1.0, "1990-06-30"), ("2019-07-01", "USA", 2.0, "")]
    assert (record["from"], record["to"]) == ("1950-01-01", "2021-12-31")
    level = load_panel(["USA"], 1989, 2022, layers=["visits"]).world.states["visits"][:, 0]
    held = {year: value for year, value in zip(range(1989, 2023), level.tolist(), strict=True) if not np.isnan(value)}
    assert held == {1989: 1, 2019: 2, 2020: 2, 2021: 2}


def test_quarterly_values_hold_until_the_next(give):
    give("date,state,value\n2019-03-31,USA,1\n2019-06-30,USA,2\n", frequency="quarterly")
    level = load_panel(["USA"], 2019, 2019, "quarter", layers=["visits"]).world.states["visits"][:, 0]
    assert level.tolist() == [1, 2, 2, 2]


def test_events_are_counted_and_a_complete_list_has_zeros(give):
    text = "date,state,partner,value\n2019-02-01,USA,JPN,1\n2019-11-30,JPN,USA,2\n2020-03-01,USA,KOR,1\n"
    give(text, **DYADS, frequency="dated", event="true", absent="zero", until="2020-12-31")
    panel = load_panel(["JPN", "KOR", "USA"], 2018, 2021, layers=["visits"]).world.dyads["visits"]
    assert panel[1].tolist()[0][2] == panel[1].tolist()[2][0] == 3
    assert panel[2].tolist()[0][2] == 0
    assert panel[2].tolist()[1][2] == 1
    assert np.isnan(panel[0]).all()
    assert np.isnan(panel[3]).all()


def test_what_was_published_later_is_not_known_before(give):
    give(TABLE, lag=6)
    assert len(get("visits", as_known_on="2020-06-29")) == 0
    assert len(get("visits", as_known_on="2020-06-30")) == 1
    with pytest.raises(PanelError, match=r"table.csv:2:4: column 'known': '' is no day"):
        give("year,state,value,known\n2019,USA,1,\n", extras="{known: date}", replace=True)
    give("year,state,value,known\n2019,USA,1,2022-02-02\n", extras="{known: date}", replace=True)
    assert len(get("visits", as_known_on="2022-02-01")) == 0
    assert len(get("visits", as_known_on="2022-02-02")) == 1


def test_texts_and_extra_columns(give):
    text = "date,state,value,n,day\n2019-03-01,USA,yes,1.5,2019-04-01\n2019-03-02,USA,no,,\n"
    give(text, frequency="dated", value="text", extras="{n: number, day: date}")
    assert rows()[0] == ("2019-03-01", "USA", "yes", 1.5, "2019-04-01")
    assert rows()[1][:3] + rows()[1][4:] == ("2019-03-02", "USA", "no", "")
    assert np.isnan(rows()[1][3])


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"year": [2019, 2020], "state": ["USA", "JPN"], "value": [1, 2]}),
        pd.DataFrame({"year": [2019.0, 2020.0], "state": [2, 740], "value": np.array([1, 2], dtype="float32")}),
        pd.DataFrame({"date": pd.to_datetime(["2019-12-31", "2020-12-31"]), "state": ["USA", "JPN"], "value": [1, 2]}),
        pd.DataFrame(
            {"year": [2019, 2020, 2021], "state": pd.Categorical(["USA", "JPN", "JPN"]), "value": [1, 2, None]}
        ),
    ],
)
def test_a_parquet_file_is_as_good(give, table):
    give(table, ".parquet")
    assert rows() == [("2019-12-31", "USA", 1.0), ("2020-12-31", "JPN", 2.0)]


def test_every_number_comes_back_to_the_last_digit(give):
    values = [0.1, 1 / 3, 1e-300, 123456789.123456789, -2.5e-17, 1e30]
    table = pd.DataFrame({"year": range(2000, 2006), "state": "USA", "value": values})
    give(table.to_csv(index=False))
    assert list(get("visits").value) == values
    give(table, ".parquet", replace=True)
    assert list(get("visits").value) == values


def test_a_layer_is_exchanged_only_if_that_is_asked_for(give, home):
    give(TABLE)
    before = contents(home)
    with pytest.raises(InputError, match=r"table\.yaml:1:7: name: there is already an added layer 'visits'"):
        give(TABLE.replace("2.5", "3"))
    assert contents(home) == before
    give(TABLE.replace("2.5", "3"), replace=True)
    assert rows()[-1] == ("2020-12-31", "USA", 3.0)
    with pytest.raises(InputError, match="taken by the panel"):
        give(TABLE, name="capability", replace=True)


def test_a_layer_that_was_added_can_be_removed(give, home):
    with pytest.raises(InputError, match="There are no layers of your own"):
        remove_layer("visits")
    give(TABLE)
    kept = contents(home)
    give(TABLE, name="calls")
    with pytest.raises(UnknownNameError, match="Did you mean 'calls'"):
        remove_layer("cals")
    with pytest.raises(UnknownNameError, match="in your own layers"):
        remove_layer("capability")
    remove_layer("calls")
    assert contents(home) == kept
    remove_layer("visits")
    assert "visits" not in [r["layer"] for r in layers()]


@pytest.mark.parametrize("step", ["write_layer", "write_manifest", "_publish"])
def test_a_disk_that_is_full_changes_nothing(give, home, monkeypatch, step):
    def full(*_):
        raise OSError(28, "No space left on device")

    give(TABLE)
    before = contents(home)
    monkeypatch.setattr(added, step, full)
    for keys in ({"name": "calls"}, {"replace": True}):
        with pytest.raises(InputError, match=r"cannot be written to .*: No space left"):
            give(TABLE.replace("2.5", "3"), **keys)
        assert contents(home) == before


def test_a_list_that_cannot_be_exchanged_leaves_the_layers(give, home, monkeypatch):
    def stuck(self, target):
        if target.name == "panel.json":
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    replace = Path.replace
    give(TABLE)
    before = contents(home)
    monkeypatch.setattr(Path, "replace", stuck)
    for keys in ({"name": "calls"}, {"replace": True}):
        with pytest.raises(InputError, match="Permission denied"):
            give(TABLE.replace("2.5", "3"), **keys)
        assert contents(home) == before
    monkeypatch.undo()


def test_a_folder_that_cannot_be_one_is_told(give, home, tmp_path):
    home.parent.write_text("in the way")
    with pytest.raises(InputError, match="cannot be written to"):
        give(TABLE)
    with pytest.raises(InputError, match="panel's own folder"):
        add_layer(tmp_path / "table.csv", home=PANEL)


def test_one_process_waits_for_another_and_not_for_ever(give, home, monkeypatch):
    monkeypatch.setattr(added, "PATIENCE", 0.1)
    home.mkdir(parents=True)
    (home / ".lock").touch()
    with pytest.raises(InputError, match=r"Another process is changing your layers\. If none is, remove .*\.lock"):
        give(TABLE)
    assert list(contents(home)) == [".lock"]


def test_many_may_add_at_once(tmp_path, home):
    def add(number):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "t.csv").write_text(TABLE.replace("2.5", str(number)))
        said = "".join(f"{key}: {value}\n" for key, value in (KEYS | {"name": f"layer_{number}"}).items())
        (folder / "t.yaml").write_text(said)
        add_layer(folder / "t.csv")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(12)))
    assert [get(f"layer_{n}").value.max() for n in range(12)] == [max(1, n) for n in range(12)]
    assert verify(home) == []
    assert len(contents(home)) == 13


def test_what_is_printed_of_a_layer_can_be_added_again(give):
    table = get("capability", ["JPN"], 2000)
    give(table.to_csv(index=False))
    pd.testing.assert_frame_equal(get("visits"), table)
