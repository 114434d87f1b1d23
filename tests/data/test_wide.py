"""The wide table says what the layers' tables say: cell by cell against a slow reading, and read back from files."""

import json
import re
import shutil
from collections import defaultdict
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from latticework.data import catalogue, get, load_panel, wide
from latticework.data.files import PANEL, write_layer, write_manifest
from latticework.data.wide import describe_columns, wide_table, write_table
from latticework.errors import InputError, UnknownNameError

SEVEN = ("USA", "JPN", "KOR", "PRK", "CHN", "DEU", "DDR")
NAMES = ("capability", "democracy", "ideal_point", "major_power", "contiguity", "distance", "rivalry", "defence")
NAMES += ("nonaggression", "troops", "dispute", "peace_years")
LAST = {name: catalogue.layer(name)["to"] for name in ("dispute", "rivalry", "capability")}
LAST["peace_years"] = LAST["dispute"]
LONG, LONGER = "a_long_name_of_a_layer_with_an_end", "a_long_name_of_a_layer_with_an_end_of_another_kind"


@pytest.fixture(scope="module")
def early():
    return wide_table("dyad", states=SEVEN, start=1988, end=1993, layers=NAMES)


@pytest.fixture(scope="module")
def late():
    return wide_table("dyad", states=SEVEN, start=2012, end=2024, layers=NAMES)


@pytest.fixture(scope="module")
def tables():
    """The rows of each layer by their state, or state and partner."""
    found = {}
    for name in ("exists", *NAMES):
        if name != "peace_years":
            found[name] = defaultdict(list)
            for row in get(name, SEVEN).itertuples():
                found[name][(row.state, row.partner) if "partner" in row._fields else (row.state,)].append(row)
    return found


def runs(row, day):
    return row.date <= day and (row.end == "" or row.end >= day)


def lived(tables, state, day):
    return any(runs(row, day) for row in tables["exists"][state,])


def slow(tables, name, day, ends):
    """One number read from the rows of a layer, for a year's last day; None for missing."""
    if day > LAST.get(name, day):
        return None
    rows = tables["dispute" if name == "peace_years" else name][ends]
    if name == "dispute":
        return float(any(row.value == 1 and row.date[:4] == day[:4] for row in rows))
    if name == "peace_years":
        ended = max((int(row.end[:4]) for row in rows if row.date <= day), default=1899)
        return float(min(max(int(day[:4]) - ended, 0), 60))
    if name == "troops":
        recent = [row.value for row in rows if f"{day[:4]}-01-02" <= row.date <= day]
        return recent[-1] if recent else None
    if name in ("capability", "democracy", "ideal_point"):
        return next((row.value for row in rows if row.date == day), None)
    running = [row.value for row in rows if runs(row, day)]
    return running[0] if running else (None if name == "distance" else 0.0)


def differences(table, tables):
    """The cells of a table of dyads that are not what the slow reading says."""
    found = []
    for row in table.to_dict("records"):
        day, one, other = str(row["date"].date()), row["state"], row["partner"]
        ends = {"_1": (one,), "_2": (other,), "_12": (one, other), "_21": (other, one)}
        for column in table.columns[6:]:
            side = re.search(r"(_[12]+)?$", column).group()
            expected = slow(tables, column.removesuffix(side), day, ends.get(side, (one, other)))
            got = None if np.isnan(row[column]) else row[column]
            if got != expected:
                found.append((day, one, other, column, got, expected))
    return found


def test_the_columns_are_keys_then_layers_with_a_side(early):
    states = [f"{name}_{side}" for name in NAMES[:4] for side in (1, 2)]
    dyads = [c for name in NAMES[4:] for c in (("troops_12", "troops_21") if name == "troops" else (name,))]
    assert list(early.columns) == ["year", "date", "state", "partner", "ccode1", "ccode2", *states, *dyads]
    assert (early.dtypes[states + dyads] == np.float64).all()


def test_the_rows_are_the_dyads_that_exist_once_and_in_order(early, tables):
    years = [(a, b, y) for a, b in combinations(sorted(SEVEN), 2) for y in range(1988, 1994)]
    expected = [(a, b, y) for a, b, y in years if all(lived(tables, state, f"{y}-12-31") for state in (a, b))]
    assert list(early[["state", "partner", "year"]].itertuples(index=False, name=None)) == expected
    assert ("DDR", "DEU", 1989) in expected
    assert ("DDR", "DEU", 1990) not in expected


def test_every_cell_is_what_a_slow_reading_says(early, late, tables):
    assert differences(early, tables) == []
    assert differences(late, tables) == []


@pytest.mark.parametrize(("column", "change"), [("capability_2", 1e-9), ("dispute", 1), ("distance", 0.1)])
def test_a_wrong_cell_is_noticed(early, late, tables, column, change):
    wrong = early.head(40).copy()
    wrong.loc[30, column] += change
    assert [d[3] for d in differences(wrong, tables)] == [column]
    zeros = late.tail(13).fillna({"dispute": 0.0})  # in place of what is missing
    assert {d[3] for d in differences(zeros, tables)} == {"dispute"}


def test_a_table_of_all_layers_is_the_dense_panel_row_by_row():
    for step, known in (("quarter", None), ("year", "2003-06-30")):
        panel = load_panel(sorted(SEVEN), 1999, 2006, step, as_known_on=known)
        table = wide_table("dyad", step, SEVEN, 1999, 2006, directed=True, as_known_on=known)
        day = np.searchsorted(panel.dates, table.date.to_numpy().astype("datetime64[D]"))
        one, other = (np.searchsorted(panel.codes, table[c]) for c in ("state", "partner"))
        expected = {n: np.asarray(a)[day, one, other] for n, a in panel.world.dyads.items()}
        for side, place in (("_1", one), ("_2", other)):
            expected |= {n + side: np.asarray(a)[day, place] for n, a in panel.world.states.items() if n != "year"}
        assert set(expected) == set(table.columns) - set(wide.KEYS)
        for name, column in expected.items():
            np.testing.assert_array_equal(table[name].astype(np.float32), column, err_msg=name)
        assert table.capability_1[table.year > 2003].isna().all() == (known is not None)


def test_quarters_have_their_number_and_see_no_later_value():
    table = wide_table("state", "quarter", ["JPN"], 1990, 1990, ["capability"])
    assert table.quarter.tolist() == [1, 2, 3, 4]
    assert [str(d.date()) for d in table.date] == ["1990-03-31", "1990-06-30", "1990-09-30", "1990-12-31"]
    value = get("capability", ["JPN"]).set_index("date").value
    assert table.capability.tolist() == [value["1989-12-31"]] * 3 + [value["1990-12-31"]]


def test_a_directed_layer_keeps_its_direction_and_states_their_side(late):
    once = late.set_index(["state", "partner", "year"]).loc["KOR", "USA", 2024]
    assert once.troops_21 == 23291  # from the United States to South Korea
    assert np.isnan(once.troops_12)
    both = wide_table("dyad", states=["USA", "KOR"], start=2022, layers=["troops", "capability"], directed=True)
    assert list(both.columns[6:]) == ["troops", "capability_1", "capability_2"]
    here, there = (both[both.state == state].set_index("year") for state in ("USA", "KOR"))
    assert here.troops[2024] == 23291
    assert there.troops.isna().all()
    assert here.capability_1[2022] == there.capability_2[2022]
    assert here.capability_1[2022] > 3 * there.capability_1[2022]


@pytest.mark.parametrize(
    ("state", "partner", "years"),
    [
        ("JPN", "USA", range(1952, 2015)),  # a major power, the United States, all the time
        ("KOR", "PRK", range(1950, 2015)),  # a border by land
        ("JPN", "KOR", range(1952, 2015)),  # up to 150 miles of water
        ("BRA", "JPN", range(1991, 2015)),  # Japan is a major power since December 1991
        ("BRA", "DEU", range(1991, 2015)),
        ("BOL", "FJI", ()),
        ("AUS", "KOR", ()),
    ],
)
def test_politically_relevant_dyads_by_hand(relevant, state, partner, years):
    rows = relevant[(relevant.state == state) & (relevant.partner == partner)]
    assert rows.year.tolist() == list(years)


@pytest.fixture(scope="module")
def relevant():
    return wide_table("dyad", end=2014, layers=["contiguity", "major_power"], relevant=True)


def test_the_relevant_are_those_of_all_that_touch_or_have_a_major_power(relevant):
    whole = wide_table("dyad", end=2014, layers=["contiguity", "major_power"])
    kept = whole[(whole.contiguity > 0) | (whole.major_power_1 == 1) | (whole.major_power_2 == 1)]
    pd.testing.assert_frame_equal(relevant, kept.reset_index(drop=True))
    assert 0.05 < len(relevant) / len(whole) < 0.2


def test_germany_and_yemen_change_their_numbers():
    table = wide_table("state", "quarter", ["DEU", "YEM", "DDR"], 1989, 1991, [])
    numbers = table.set_index(["state", "date"]).ccode
    days = [("DEU", "1990-09-30"), ("DEU", "1990-12-31"), ("YEM", "1990-03-31"), ("YEM", "1990-06-30")]
    assert [numbers[day] for day in days] == [260, 255, 678, 679]
    assert set(numbers["DDR"]) == {265}
    dyads = wide_table("dyad", states=["USA", "DEU"], start=1985, end=1995, layers=[])
    assert dyads.ccode1.tolist() == [260] * 5 + [255] * 6
    assert set(dyads.ccode2) == {2}


def test_carried_values_have_their_age_and_end_after_so_many_years():
    given = dict(zip(*get("capability", ["JPN"])[["date", "value"]].to_numpy().T, strict=True))
    assert list(wide_table("state", states=["JPN"], layers=["capability"]).columns[4:]) == ["capability"]
    for carry, last in ((1, 2023), (2, 2024)):
        asked = {"states": ["JPN"], "start": 2021, "end": 2025, "layers": ["capability"], "carry": carry}
        table = wide_table("state", **asked).set_index("year")
        assert table.capability[2023] == given["2022-12-31"]
        assert table.capability_age[[2021, 2022, 2023]].tolist() == [0, 0, 1]
        assert table.capability.notna().tolist() == table.capability_age.notna().tolist()
        assert table.index[table.capability.notna()].max() == last
    spending = wide_table("state", states=["PRK"], start=2000, end=2008, layers=["military_spending"], carry=3)
    assert spending.military_spending_age.tolist()[:5] == [0, 0, 1, 2, 3]
    assert spending.military_spending_age.isna().tolist()[5:] == [True] * 4


def test_a_list_and_its_zeros_are_carried_and_grow_old_from_its_end():
    names = ["rivalry", "contiguity", "defence", "dispute", "peace_years"]
    table = wide_table("dyad", states=["JPN", "KOR", "NZL"], start=2013, layers=names, carry=2)
    one = table[(table.state == "JPN") & (table.partner == "NZL")].set_index("year")
    assert one.rivalry_age[[2013, 2020, 2021, 2022]].tolist() == [0, 0, 1, 2]
    assert one.rivalry[2022] == 0
    assert one.rivalry[[2023, 2024]].isna().all()
    assert one.contiguity_age[[2016, 2024]].tolist() == [0, 8]  # a border holds on, and says since when
    assert one.loc[2015:, ["dispute", "peace_years"]].isna().all(axis=None)
    rows = get("defence")  # an alliance that nobody looked at since 2018 is as old as that
    pact = rows[(rows.confidence == "carried") & (rows.end == "")].iloc[0]
    table = wide_table("dyad", states=[pact.state, pact.partner], start=2018, layers=["defence"], carry=1)
    assert table.defence_age.tolist() == [0, 1, 2, 3, 4, 5, 6]


def test_what_is_not_old_is_what_is_shown_without_carrying(late):
    table = wide_table("dyad", states=SEVEN, start=2012, end=2024, layers=NAMES, carry=5)
    older = 0
    for name in late.columns[6:]:
        side = re.search(r"(_[12]+)?$", name).group()
        age = table.get(f"{name.removesuffix(side)}_age{side}", pd.Series(0.0, index=table.index))
        young = ~(age >= 1)
        pd.testing.assert_series_equal(table.loc[young, name], late.loc[young, name])
        added = late[name].isna() & table[name].notna()
        assert (age[added] >= 1).all()
        older += added.sum()
    assert older > 100


def test_single_precision_is_told_in_its_shortest_decimals():
    table = wide_table("state", states=["JPN"], start=2000, layers=["ideal_point_usual", "tenure"])
    dense = load_panel(["JPN"], 2000, layers=["ideal_point_usual", "tenure"]).world.states
    for column in ("ideal_point_usual", "tenure"):
        np.testing.assert_array_equal(table[column].astype(np.float32), np.asarray(dense[column])[:, 0])
        known = table[column].dropna()
        assert len(known) > 10
        assert known.map(repr).str.len().max() <= 13  # a double that was made of a single has 18


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: wide_table("state", layers=["capability", "defence"]), "no layers of dyads: leave out defence"),
        (lambda: wide_table("state", relevant=True), "Only dyads"),
        (lambda: wide_table("state", directed=True), "Only dyads"),
        (lambda: wide_table("dyad", states=["JPN"]), "two states"),
        (lambda: wide_table("state", carry=-1), "carried for 0 years"),
        (lambda: wide_table("state", start=1900), "A panel runs"),
        (lambda: wide._names("country", None, None), "not of 'country'"),
        (lambda: wide_table("dyad", layers=["defense"]), "Did you mean 'defence'"),
        (lambda: wide_table("dyad", states=["JPM", "USA"]), "no state 'JPM'"),
    ],
)
def test_what_makes_no_table_is_said(call, says):
    with pytest.raises((InputError, UnknownNameError), match=says):
        call()


def test_dyads_that_never_lived_together_make_an_empty_table(tmp_path):
    table = wide_table("dyad", states=["DDR", "USA"], start=2000, carry=1)
    assert (len(table), "capability_1" in table) == (0, True)
    for ending in wide.WRITERS:
        assert write_table(table, tmp_path / f"t{ending}", describe_columns(table))[0].is_file()


@pytest.fixture(scope="module")
def whole():
    return wide_table("dyad", states=SEVEN, start=2010, carry=2)


def test_every_column_has_a_name_for_stata_and_an_origin(whole):
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,31}", c) for c in whole.columns)
    told = describe_columns(whole).set_index("column")
    assert list(told.index) == list(whole.columns)
    of_layers = told.drop(index=["year", "date", "state", "partner", "ccode1", "ccode2"])
    assert (of_layers[["layer", "title", *wide.ORIGIN, "known_lag"]] != "").all(axis=None)
    assert told.title["capability_2"].endswith(", of partner")
    assert told.citation["capability_2"] == catalogue.layer("capability")["citation"]
    assert told.title["troops_12"].endswith("from state to partner")
    assert told.unit["troops_age_21"].startswith("years")
    assert told.loc["agreement_age", "derived_from"] == "agreement"  # a layer, and no age of another
    assert told.source["peace_years"] == catalogue.layer("dispute")["source"]


@pytest.fixture
def crowded(tmp_path):
    """A panel with more layers: two names that are cut alike, one like an age, a side, a key."""
    folder = shutil.copytree(PANEL, tmp_path / "panel")
    records = dict(catalogue.manifest(PANEL)["layers"])
    for name in (LONG, LONGER, "rivalry_age", "capability_1", "quarter"):
        described = replace(catalogue.describe("rivalry"), name=name)
        records[name] = write_layer(described, get("rivalry"), folder)
    write_manifest(records, {}, folder)
    return folder


def test_long_names_are_cut_and_stay_apart(crowded):
    table = wide_table("dyad", states=["JPN", "KOR"], start=2010, layers=[LONG, LONGER], carry=1, folder=crowded)
    assert (table.columns.is_unique, table.columns.str.len().max()) == (True, 32)
    assert describe_columns(table, crowded).layer.tolist()[6:] == [LONG, LONG, LONGER, LONGER]


@pytest.mark.parametrize(
    ("names", "carry", "says"),
    [
        (["rivalry"], 1, "'rivalry_age' is would not be clear: the layers 'rivalry' and 'rivalry_age'"),
        (["rivalry_age"], 0, "'rivalry_age'"),
        (["capability"], 0, "'capability_1'"),
        (["quarter"], 0, "the layer 'quarter' would make it"),
    ],
)
def test_a_column_that_could_be_two_things_is_refused(crowded, names, carry, says):
    with pytest.raises(InputError, match=says):
        wide_table("dyad", states=["JPN", "KOR"], start=2010, layers=names, carry=carry, folder=crowded)
    table = wide_table("dyad", states=["JPN", "KOR"], start=2010, layers=["rivalry"], folder=crowded)
    assert describe_columns(table, crowded).layer.tolist()[6:] == ["rivalry"]


def test_no_column_of_the_shipped_panel_could_be_two_things():
    claims = wide._claims(None)
    assert {c for c, of in claims.items() if len(of) > 1 or c in wide.KEYS} == {wide.TIME}
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,31}", c) for c in claims)


READERS = {".csv": pd.read_csv, ".csv.gz": pd.read_csv, ".parquet": pd.read_parquet, ".dta": pd.read_stata}


@pytest.mark.parametrize("ending", READERS)
def test_a_file_reads_back_as_the_table(whole, ending, tmp_path):
    labels = describe_columns(whole)
    path, beside = write_table(whole, tmp_path / "new" / f"dyads{ending}", labels)
    assert path.name == f"dyads{ending}"
    again = write_table(whole, tmp_path / f"t{ending}", labels)  # the same table gives the same bytes
    assert [p.read_bytes() for p in again] == [path.read_bytes(), beside.read_bytes()]
    read = READERS[ending](path)
    assert list(read.columns) == list(whole.columns)
    assert whole.isna().sum().sum() > 1000
    assert (whole.dispute == 0).any()
    read["date"] = pd.to_datetime(read["date"])
    pd.testing.assert_frame_equal(read, whole, check_dtype=False, check_exact=True)
    assert sorted(p.name for p in path.parent.iterdir()) == sorted([path.name, beside.name])


def test_the_sources_lie_beside_the_table_and_in_a_parquet_file(whole, tmp_path):
    path, beside = write_table(whole, tmp_path / "t.parquet", describe_columns(whole))
    assert beside == tmp_path / "t.sources.csv"
    told = pd.read_csv(beside, keep_default_na=False).set_index("column")
    assert list(told.index) == list(whole.columns)
    assert set(told.columns) >= {"layer", "title", "unit", "source", "version", "citation", "licence", "coverage"}
    assert "Stinnett" in told.citation["contiguity"]
    about = json.loads(pq.read_schema(path).metadata[b"latticework"])
    assert {column: record["citation"] for column, record in about.items()} == told.citation.to_dict()


def test_a_stata_file_has_labels_and_whole_numbers_in_few_bytes(early, tmp_path):
    path, _ = write_table(early, tmp_path / "t.dta", describe_columns(early))
    with pd.read_stata(path, iterator=True) as reader:
        said = reader.variable_labels()
        kinds = reader.read().dtypes
    assert said["distance"] == "Shortest distance between two territories (km)"
    assert all(0 < len(label) <= 80 for label in said.values())
    assert path.read_bytes().startswith(b"<stata_dta><header><release>118</release>")
    assert list(kinds[["dispute", "contiguity", "ccode1", "distance"]]) == ["int8", "int8", "int32", "float64"]


@pytest.mark.parametrize("name", ["t.xlsx", "t", "t.rds", "csv"])
def test_another_ending_and_a_place_that_cannot_be_written_are_refused(early, name, tmp_path):
    with pytest.raises(InputError, match=r"\.csv, \.csv\.gz, \.parquet, \.dta"):
        write_table(early, tmp_path / name, describe_columns(early))
    assert list(tmp_path.iterdir()) == []
    (tmp_path / name).write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_table(early, tmp_path / name / "t.csv", describe_columns(early))


def test_a_table_that_fails_leaves_the_old_one(early, tmp_path, monkeypatch):
    labels = describe_columns(early)
    path, beside = write_table(early, tmp_path / "t.csv", labels)
    before = path.read_bytes(), beside.read_bytes()

    def full(table, path, labels):
        path.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(wide.WRITERS, ".csv", full)
    with pytest.raises(InputError, match="No space left"):
        write_table(early, path, labels)
    assert (path.read_bytes(), beside.read_bytes()) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.csv", "t.sources.csv"]
