"""Whatever is wrong in a user's table or description is told with its line and column, and nothing is added."""

import re
from pathlib import Path

import pandas as pd
import pytest

from latticework.data import added, get
from latticework.data.added import add_layer
from latticework.data.added import table as added_table
from latticework.errors import InputError, PanelError
from tests.data.added_files import DYADS, KEYS, TABLE, contents

pytestmark = pytest.mark.usefixtures("home")


FAULTY = [  # the cells of line 3, in a table of year, state, partner, value; the column, and what is said of it
    ("2019,JPM,USA,1", 2, "column 'state': 'JPM' is no state. Did you mean 'JPN'?"),
    ("2019,USA,Japan,1", 3, "column 'partner': 'Japan' is no state. Did you mean 'JPN'?"),
    ("2019,USA,999,1", 3, "column 'partner': '999' is no COW number of a state of the panel"),
    ("2019,,USA,1", 2, "column 'state': '' is no state. Possible: an ISO3 code"),
    ("19,USA,JPN,1", 1, "column 'year': '19' is no year; write 2024"),
    ("2101,USA,JPN,1", 1, "'2101-12-31' is after 2100-12-31"),
    ("2019,USA,JPN,1.234,5", 5, "this row has 5 cells and the first line has 4 names"),
    ("2019,USA,JPN", 4, "this row has 3 cells and the first line has 4 names"),
    ('2019,USA,JPN,"1,5"', 4, "column 'value': '1,5' is no number; write 1234.5"),
    ("2019,USA,JPN,5 %", 4, "'5 %' is no number"),
    ("2019,USA,JPN,1_000", 4, "'1_000' is no number"),
    ("2019,USA,JPN,inf", 4, "'inf' is no number"),
    ("2019,USA,JPN,1e31", 4, "'1e31' is too large"),
    ("2019,USA,JPN,101", 4, "101 is above 100, the most that the description allows"),
    ("2019,USA,JPN,-1", 4, "-1 is below 0, the least that the description allows"),
    ("2019,USA,USA,1", 3, "column 'partner': the dyad of USA with itself"),
    ("2018,740,UKG,2", 2, "column 'state': there is another row for 2018-12-31, GBR, JPN in line 2"),
    ("2019,USA,JPN\x1b[31m,1", 3, r"'JPN\x1b[31m' is no state"),
    ('2019,USA,"JPN,1', 1, "column 'year': a quote (\") that opens in this row is never closed"),
    ('2019,USA,"JPN"x,1', 1, "no CSV: "),
    ("2019,USA,JPN\x00,1", 3, r"'JPN\x00' is no state"),
]


@pytest.mark.parametrize(("cells", "column", "says"), FAULTY)
def test_a_fault_in_a_cell_is_told_with_its_place(give, home, cells, column, says):
    with pytest.raises(PanelError) as error:
        give(f"year,state,partner,value\n2018,GBR,JPN,1\n{cells}\n", **DYADS, bounds="[0, 100]")
    assert re.fullmatch(rf"\S+table\.csv:3:{column}: .*", str(error.value))
    assert says in str(error.value)
    assert contents(home) == {}


@pytest.mark.parametrize(
    ("day", "end", "column", "says"),
    [
        ("2024-02-30", "", 1, "'2024-02-30' is no day of the calendar"),
        ("31/12/2020", "", 1, "'31/12/2020' is no day; write 2024-12-31"),
        ("2020", "", 1, "'2020' is no day; write 2024-12-31"),
        ("2020-01-02", "2020-01-01", 2, "2020-01-01 is before the spell's first day, 2020-01-02"),
        ("2020-01-02", "9999-12-31", 2, "leave the cell empty if the spell is open"),
    ],
)
def test_a_fault_in_a_day_is_told_with_its_place(give, day, end, column, says):
    with pytest.raises(PanelError, match=rf"table\.csv:2:{column}: .*{re.escape(says)}"):
        give(f"date,end,state,value\n{day},{end},USA,1\n", frequency="spells", until="2021-12-31")


@pytest.mark.parametrize(
    ("frequency", "day"), [("annual", "2019-01-01"), ("quarterly", "2019-04-01"), ("quarterly", "2019-10-01")]
)
def test_the_first_day_of_a_period_does_not_stand_for_it(give, frequency, day):
    with pytest.raises(PanelError, match=rf"table\.csv:2:1: .*'{day}' is a first day"):
        give(f"date,state,value\n{day},USA,1\n", frequency=frequency)
    give(f"date,state,value\n{day},USA,1\n", frequency="dated")


def test_lines_are_counted_as_an_editor_counts_them(give):
    text = '\ufeffyear,note,state,value\r\n\r\n2019,"a\nb\r\nc",USA,1\r\n2020,d,USA,x\r\n'
    with pytest.raises(PanelError, match=r"table\.csv:6:4: "):
        give(text)


def test_all_faults_are_told_at_once_each_kind_once_and_twenty_at_most(give):
    with pytest.raises(PanelError) as error:
        give("year,state,value\n2019,XQZ,1\nx,USA,1\n2020,XQZ,y\n2021,XQZ,1\n")
    lines = str(error.value).splitlines()
    assert [line.partition("csv:")[2].partition(": ")[0] for line in lines] == ["2:2", "3:1", "4:3"]
    assert [line.endswith("(in 3 rows)") for line in lines] == [True, False, False]
    with pytest.raises(PanelError) as error:
        give("year,state,value\n" + "".join(f"2019,USA,x{i}\n" for i in range(50)))
    lines = str(error.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "There may be more: the rest of the file was not read."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "table.csv:1:1: the file is empty"),
        (b"\n\n", "table.csv:1:1: the file is empty"),
        (b"year,state,value\n", "table.csv:1:1: no row is left (it has none)"),
        (b"year,state,value\n2019,USA,\n", "table.csv:1:1: no row is left (1 without a value)"),
        (b"year,state,values\n2019,USA,1\n", "table.csv:1:1: the column 'value' is not there. Did you mean 'values'?"),
        (b"state,value\nUSA,1\n", "table.csv:1:1: the column 'date' is not there"),
        (b"year,state,value,Value,VALUE\n2019,USA,1,2,3\n", None),
        (b"year,state,Value,VALUE\n2019,USA,1,2\n", "table.csv:1:1: the column 'value' is there 2 times"),
        ("year,state,value\n2019,USA,1\n".encode("utf-16"), "table.csv:1:1: the byte 0xff is not UTF-8"),
        ("year,state,value,n\n2019,USA,1,é\n".encode("latin-1"), "table.csv:2:4: "),
        (b"year,state,value\r2019,USA,1\r", "table.csv:1:1: a carriage return stands alone"),
        (b'year,state,value\n2019,"' + b"U" * 140_000, "table.csv:2:1: "),
        (b"\x00" * 1000, "table.csv:1:1: "),
    ],
)
def test_a_file_that_is_no_such_table_is_told_so(give, home, content, says):
    if says is None:  # of names that differ in their letters the one that is written so
        give(content)
        assert list(get("visits").value) == [1]
        return
    with pytest.raises((PanelError, InputError)) as error:
        give(content)
    assert says in str(error.value)
    assert contents(home) == {}


def test_a_file_that_is_too_large_is_told_so(give, home, monkeypatch):
    monkeypatch.setattr(added_table, "MOST_ROWS", 2)
    with pytest.raises(PanelError, match=r"table\.csv:4:1: .*a layer has at most 2 rows"):
        give(TABLE)
    monkeypatch.setattr(added, "MOST_BYTES", 20)
    with pytest.raises(InputError, match=r"table\.csv has more than .* MiB"):
        give(TABLE)
    assert contents(home) == {}


def test_a_fault_in_a_parquet_file_is_told_with_its_row(give, home):
    table = pd.DataFrame({"year": [2019, 2020], "state": ["USA", "JPM"], "value": [1, 2]})
    with pytest.raises(PanelError, match=r"table\.parquet: row 2: column 'state': 'JPM' is no state"):
        give(table, ".parquet")
    with pytest.raises(InputError, match=r"table\.parquet: row 1: this is no Parquet file that can be read"):
        give(b"PAR1 or so", ".parquet")
    with pytest.raises(PanelError, match=r"table\.parquet: row 1: column 'value': '\[1\]' is no number"):
        give(pd.DataFrame({"year": [2019], "state": ["USA"], "value": [[1]]}), ".parquet")
    assert contents(home) == {}


@pytest.mark.parametrize(
    ("keys", "place", "says"),
    [
        ({"frequency": "yearly"}, "5:12", "frequency: unknown word 'yearly'. Possible: annual"),
        ({"kind": "Dyad"}, "3:7", "kind: unknown word 'Dyad'. Did you mean 'dyad'?"),
        ({"license": "x"}, "9:1", "license: unknown key 'license'. Did you mean 'licence'?"),
        ({"licence": None}, "1:1", "the key 'licence' is missing"),
        ({"title": ""}, "2:1", "title: words are needed here, found nothing"),
        ({"name": "My layer"}, "1:7", "name: a name is of small letters, digits and '_'"),
        ({"name": "capability"}, "1:7", "name: the name 'capability' is taken by the panel"),
        ({"name": "tenure"}, "1:7", "name: the name 'tenure' is taken by the panel"),
        ({"name": "present"}, "1:7", "name: the name 'present' is taken by the panel"),
        ({"directed": "true"}, "9:11", "directed: only dyads have a direction"),
        ({"bounds": "[1, 0]"}, "9:9", "bounds: the least value, 1, is above the greatest, 0"),
        ({"bounds": "5"}, "9:9", "bounds: two numbers are needed here"),
        ({"bounds": "[0, much]"}, "9:13", "bounds.1: a number is needed here, found 'much'"),
        ({"lag": "soon"}, "9:6", "lag: a whole number is needed here, found 'soon'"),
        ({"event": "maybe"}, "9:8", "event: true or false is needed here, found 'maybe'"),
        ({"traps": "none"}, "9:8", "traps: a list is needed here"),
        ({"until": "2024-02-30"}, "9:8", "until: '2024-02-30' is no day of the calendar"),
        ({"until": "2019-01-01"}, "9:8", "until: 2019-01-01 is before the day of the last row, 2020-12-31"),
        ({"extras": "{n: integer}"}, "9:13", "extras.n: unknown word 'integer'"),
        ({"extras": "{state: text}"}, "9:17", "extras.state: 'state' is a column that a layer has by itself"),
        ({"extras": "{known: number}"}, "9:17", "extras.known: 'known' is the day"),
        ({"columns": "{valu: x}"}, "9:11", "columns.valu: unknown key 'valu'. Did you mean 'value'?"),
        ({"columns": "{partner: x}"}, "9:20", "columns.partner: only dyads have a partner"),
        ({"columns": "{value: {a: b}}"}, "9:18", "columns.value: words are needed here, found a block of keys"),
        ({"value": "text", "event": "true"}, "10:8", "event: events are counted"),
        ({"name": "x\nname: y"}, "2:1", "the key 'name' is here twice (first in line 1)"),
        ({"source": "&a x\nversion: *a"}, "6:9", "anchors and aliases"),
        ({"source": "[x"}, "7:", "this is not YAML"),
        ({"traps": "\n\t- x"}, "10:1", "indent with spaces, not with tabs"),
        ({"title": '"\\ud800"'}, "2:8", "title: "),
        ({"title": "x\x01"}, "2:9", r"the character '\x01' has no place in a text"),
    ],
)
def test_a_fault_in_the_description_is_told_with_its_place(give, home, keys, place, says):
    with pytest.raises(InputError) as error:
        give(TABLE, **keys)
    assert any(f"table.yaml:{place}" in line and says in line for line in str(error.value).splitlines())
    assert contents(home) == {}


def test_a_description_that_is_no_list_of_keys_is_told_so(tmp_path):
    (tmp_path / "table.csv").write_text(TABLE)
    for content in (b"", b"- a\n", b"words", b"\xff\xfe", b"- " * 5000, b"a: b\n" * 20_000):
        (tmp_path / "own.yaml").write_bytes(content)
        with pytest.raises(InputError, match=r"own\.yaml:1:\d+: "):
            add_layer(tmp_path / "table.csv", tmp_path / "own.yaml")


def test_a_spell_that_is_open_needs_a_day_until_which_it_is_known(give):
    with pytest.raises(InputError, match=r"table\.yaml:1:1: until: is missing: some spells have no end"):
        give("date,end,state,value\n2019-07-01,,USA,2\n", frequency="spells")


def test_what_is_not_there_or_no_table_is_told_so(tmp_path):
    with pytest.raises(InputError, match="There is no file"):
        add_layer(tmp_path / "table.csv")
    with pytest.raises(InputError, match="There is no file"):
        add_layer(Path())
    (tmp_path / "table.csv").write_text(TABLE)
    with pytest.raises(
        InputError, match=r"There is no description .*table\.yaml\. It is a YAML file with the keys name"
    ):
        add_layer(tmp_path / "table.csv")
    (tmp_path / "table.yaml").write_text("".join(f"{key}: {value}\n" for key, value in KEYS.items()))
    (tmp_path / "table.xlsx").write_text("")
    with pytest.raises(InputError, match=r"no table is read from '\.xlsx'\. Possible: \.csv"):
        add_layer(tmp_path / "table.xlsx")
