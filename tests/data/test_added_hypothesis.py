"""Whatever a user's file holds, it becomes a layer that reads back equal, or a message with its place and no change."""

import csv
import hashlib
import io
import os
import re
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import assume, currently_in_test_context, event, given, settings
from hypothesis import strategies as st

from latticework.data import get, verify
from latticework.data.added import add_layer
from latticework.data.files import PANEL
from latticework.data.states import BY_COW, resolve
from latticework.errors import LatticeworkError

THOROUGH = int(os.environ.get("LATTICEWORK_FUZZ", "1"))  # that many times more examples, each time others
DESCRIPTION = """\
name: {name}
title: Visits
kind: dyad
directed: true
unit: visits
frequency: annual
source: My count
citation: Nobody (2025)
licence: mine
bounds: [0, 1000]
extras: {{note: text}}
"""
HEADER = ["year", "state", "partner", "value", "note"]
MISSING = ("", "na", "n/a", "nan", "null", ".", "..")
PLACE = re.compile(r"(\.csv|\.yaml):[1-9]\d*:[1-9]\d*: \S|\.parquet: row [1-9]\d*: \S")


def some(examples):
    """So many examples, the same each time; with LATTICEWORK_FUZZ more, and others."""
    return settings(max_examples=examples * THOROUGH, derandomize=THOROUGH == 1, deadline=None)


def contents(folder: Path) -> dict[str, str]:
    """What is in a folder, file by file."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*"))}


@pytest.fixture(scope="module", autouse=True)
def _the_panel_is_untouched():
    before = contents(PANEL)
    yield
    assert contents(PANEL) == before


def note(what: str) -> None:
    """Count what became of the examples, for --hypothesis-show-statistics."""
    if currently_in_test_context():
        event(what)


def judge(ending: str, table: bytes, description: bytes, read: Callable[[Path], set] | None = None) -> None:
    """Add a file beside a layer that is already there; either all is well or nothing has changed."""
    with tempfile.TemporaryDirectory() as folder:
        home, file = Path(folder) / "home", Path(folder) / f"fuzzed{ending}"
        home.mkdir()
        for name, content in KEPT.items():
            (home / name).write_bytes(content)
        before = contents(home)
        file.write_bytes(table)
        file.with_suffix(".yaml").write_bytes(description)
        try:
            record = add_layer(file, home=home)
        except LatticeworkError as error:
            note("refused")
            assert contents(home) == before
            lines = str(error).splitlines()
            assert str(Path(folder) / "fuzzed") in lines[0]
            assert PLACE.search(lines[0])
            assert all(line.isprintable() for line in lines)
        else:
            note("added")
            assert verify(home) == []
            assert {name: contents(home)[name] for name in before if name != "panel.json"}.items() <= before.items()
            assert record["added"]["sha256"] == hashlib.sha256(table).hexdigest()
            back = get(record["layer"], folder=home)
            assert len(back) == record["rows"]
            if read is not None:
                assert set(zip(back.date, back.state, back.partner, back.value, back.note, strict=True)) == read(file)


def kept() -> dict[str, bytes]:
    """The files of a folder with one layer in it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "kept.csv"
        file.write_text("year,state,partner,value,note\n2000,USA,JPN,1,\n")
        file.with_suffix(".yaml").write_text(DESCRIPTION.format(name="kept"))
        add_layer(file, home=Path(folder) / "home")
        return {path.name: path.read_bytes() for path in (Path(folder) / "home").iterdir()}


KEPT = kept()
VALID = DESCRIPTION.format(name="fuzzed").encode()


def code(text: str) -> str:
    """A state's code, by the two ways of naming one."""
    return BY_COW[int(float(text))] if re.fullmatch(r"[0-9.]+", text) else resolve(text)


def rows_of(cells: list[dict[str, str]]) -> set[tuple[str, str, str, float, str]]:
    """The rows that a table should give, by other means than the code under test."""
    found = set()
    for row in cells:
        if row["value"].casefold() in MISSING or int(float(row["year"])) < 1950:
            continue
        day = date(int(float(row["year"])), 12, 31).isoformat()
        value, note = float(row["value"]), " ".join(row["note"].split())
        found.add((day, code(row["state"]), code(row["partner"]), value, note))
    return found


def read_csv(file: Path) -> set:
    """The rows that a CSV file should give."""
    text = io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")
    head, *lines = [line for line in csv.reader(text, strict=True) if line]
    names = [" ".join(name.split()).casefold() for name in head]
    return rows_of([dict(zip(names, map(str.strip, line), strict=True)) for line in lines])


def read_parquet(file: Path) -> set:
    """The rows that a Parquet file should give."""
    table = pd.read_parquet(file).astype(object)
    return rows_of([{str(k): "" if pd.isna(v) else str(v) for k, v in row.items()} for row in table.to_dict("records")])


values = st.one_of(st.integers(0, 1000).map(str), st.floats(0, 1000).map(repr), st.sampled_from(["", "NA", "1e2"]))
plain_notes = st.sampled_from(["", "a, b", 'say "so"', "two\nlines", "x\r\ny\n\nz", "é; ü\tß"])
notes = st.one_of(plain_notes, st.text(max_size=5))
years = st.one_of(st.integers(1950, 2030), st.integers(1940, 2100)).map(str)
firsts, seconds = st.sampled_from(["USA", "kor", "DEU", "365"]), st.sampled_from(["JPN", "UKG", "220"])
rows = st.lists(
    st.tuples(years, firsts, seconds, values, notes).map(list),
    min_size=1,
    max_size=8,
    unique_by=lambda cells: tuple(cells[:3]),
)
GARBAGE = ["2024-02-30", "0", "-1", "9" * 400, "1e999", "inf", "\x00", "\ufeff", "1,5", "1;5", "\t", '"', "'", "=1+1"]
GARBAGE += [
    "\ud7ff",
    "\u202e",
    "١٩٩٠",
    "½",
    "2019.5",
    "0002",
    "1e-400",
    "True",
    "None",
    "NaN",
    "\x1b[2J",
    "JPN ",
    "AUS",
]
garbage = st.one_of(st.text(max_size=12), st.sampled_from(GARBAGE))
YAML_WORDS = ["[]", "{}", "~", "[a, [b]]", "{a: {b: c}}", "&x y", "*x", "!!str x", "'", "|", '"\\ud800"']


def as_csv(table: list[list[str]], separator: str = ",", end: str = "\n", quoting=csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows(table)
    return text.getvalue()


@st.composite
def spoilt_tables(draw) -> bytes:
    """A valid table after a few accidents: cells, rows, quotes, bytes, encodings."""
    table = [list(HEADER), *draw(rows)]
    for _ in range(draw(st.integers(0, 3))):
        row = draw(st.sampled_from(table))
        match draw(st.sampled_from(["cell", "cut", "more", "twice", "gone"])):
            case "cell" if row:
                row[draw(st.integers(0, len(row) - 1))] = draw(garbage)
            case "cut":
                del row[draw(st.integers(0, len(row))) :]
            case "more":
                row.append(draw(garbage))
            case "twice":
                table.append(list(row))
            case "gone" if len(table) > 1:
                table.remove(row)
    text = as_csv(table, end=draw(st.sampled_from(["\n", "\r\n"])))
    encoding = draw(st.sampled_from(["utf-8"] * 6 + ["utf-8-sig", "utf-16", "latin-1", "utf-32"]))
    return spoilt(draw, text.encode(encoding, errors="replace"))


def spoilt(draw, content: bytes) -> bytes:
    """The bytes, in one case of four with some of them exchanged or cut off."""
    if not content or draw(st.integers(0, 3)):
        return content
    at = draw(st.integers(0, len(content) - 1))
    return content[:at] + draw(st.binary(max_size=4)) + content[at + draw(st.sampled_from([0, 1, 4, 10**6])) :]


@some(60)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)))
def test_any_bytes_as_csv(content):
    judge(".csv", content, VALID)


@some(40)
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_as_parquet(content, framed):
    judge(".parquet", b"PAR1" + content + b"PAR1" if framed else content, VALID)


@some(120)
@given(
    st.one_of(
        st.binary(max_size=100),
        st.text(max_size=60).map(lambda text: text.encode()),
        st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,? \n\t", max_size=60).map(str.encode),
    )
)
def test_any_bytes_as_a_description(content):
    judge(".csv", b"year,state,partner,value,note\n2000,USA,JPN,1,\n", content)


@st.composite
def spoilt_descriptions(draw) -> bytes:
    lines = DESCRIPTION.format(name="fuzzed").splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        key, _, value = lines[at].partition(": ")
        new = draw(st.one_of(garbage, st.sampled_from(YAML_WORDS)))
        kinds = [f"{key}: {new}", f"{new}: {value}", f"  {lines[at]}", f"{key}:", new, "lag: 7", "traps: [x]"]
        lines[at] = draw(st.sampled_from(kinds))
    return spoilt(draw, "\n".join(lines).encode())


@some(100)
@given(spoilt_descriptions())
def test_a_spoilt_description(content):
    judge(".csv", b"year,state,partner,value,note\n2000,USA,JPN,1,\n", content)


@some(100)
@given(spoilt_tables())
def test_a_spoilt_table(content):
    judge(".csv", content, VALID, read_csv)


@some(25)
@given(rows, st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_good_table_is_added(table, separator, end, marked):
    """The other tests would also pass if nothing were ever added."""
    good = [row for row in table if row[3] not in ("", "NA") and row[0] >= "1950"]
    good = [row for row in good if not re.search(r"[\x00-\x1f\x7f-\x9f]", " ".join(row[4].split()))]
    assume(good)
    text = as_csv([HEADER, *good], separator, end, csv.QUOTE_ALL)  # the writer leaves a lone carriage return bare
    content = text.encode("utf-8-sig" if marked else "utf-8")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "good.csv"
        file.write_bytes(content)
        file.with_suffix(".yaml").write_bytes(VALID)
        add_layer(file, home=Path(folder) / "home")
        back = get("fuzzed", folder=Path(folder) / "home")
    expected = rows_of([dict(zip(HEADER, row, strict=True)) for row in good])
    assert set(zip(back.date, back.state, back.partner, back.value, back.note, strict=True)) == expected
    assert len(back) == len(good)


BAD_CELLS = {0: "20x0", 1: "Narnia", 2: "1000", 3: "1,5"}


@some(60)
@given(st.lists(plain_notes, min_size=1, max_size=6), st.data(), st.sampled_from(["\n", "\r\n"]))
def test_one_bad_cell_is_found_where_it_is(notes_, data, end):
    """The line is counted in the text that is written, the column by hand."""
    table = [HEADER] + [[str(2000 + i), "USA", "JPN", "1", note] for i, note in enumerate(notes_)]
    row, column = data.draw(st.integers(1, len(notes_))), data.draw(st.sampled_from(sorted(BAD_CELLS)))
    table[row][column] = BAD_CELLS[column]
    line = as_csv(table[:row], end=end).count("\n") + 1
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bad.csv"
        file.write_bytes(as_csv(table, end=end).encode())
        file.with_suffix(".yaml").write_bytes(VALID)
        with pytest.raises(LatticeworkError) as error:
            add_layer(file, home=Path(folder) / "home")
    assert str(error.value).startswith(f"{file}:{line}:{column + 1}: column '{HEADER[column]}': '{BAD_CELLS[column]}' ")
    assert "\n" not in str(error.value)


@st.composite
def spoilt_parquets(draw) -> bytes:
    cells = [row for row in draw(rows) if "\x00" not in row[4]]
    assume(cells)
    table = pd.DataFrame(cells, columns=HEADER)
    if draw(st.booleans()):
        table["value"] = pd.to_numeric(table["value"].replace("NA", ""))
    if draw(st.booleans()):
        table["year"] = table["year"].astype(int)
    file = io.BytesIO()
    table.to_parquet(file, index=False)
    return spoilt(draw, file.getvalue())


@some(40)
@given(spoilt_parquets())
def test_a_spoilt_parquet_file(content):
    judge(".parquet", content, VALID, read_parquet)


def test_control_a_changed_folder_and_a_message_without_a_place_are_noticed(monkeypatch):
    def careless(file, home):
        (home / "half.parquet").write_bytes(b"half")
        raise LatticeworkError(f"{file}:1:1: something is wrong")

    def vague(file, home):
        raise LatticeworkError(f"{file}: something is wrong")

    for bad in (careless, vague):
        monkeypatch.setitem(globals(), "add_layer", bad)
        with pytest.raises(AssertionError):
            judge(".csv", b"", VALID)
