"""The coverage by decade, against a count cell by cell in plain Python and against the dense panel."""

from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest

from latticework.data import get, layer, load_panel
from latticework.data.coverage import coverage, given, hub_of, last_year
from latticework.data.files import write_layer, write_manifest
from latticework.data.layer import Layer, tidy
from latticework.errors import UnknownNameError

PLAIN = Layer(
    name="plain",
    title="A number",
    kind="state",
    unit="1",
    frequency="annual",
    source="Test",
    version="1",
    citation="Nobody (1900)",
    licence="none",
    transformation="none",
    coverage="all",
)
EXISTS = replace(PLAIN, name="exists", frequency="spells", extras={"end": "date"}, until="1991-12-31", absent="zero")
STATES = [("1816-01-01", "USA", ""), ("1952-04-28", "JPN", ""), ("1954-03-25", "DDR", "1990-10-02")]
OTHERS = [("1945-10-24", code, "") for code in ("CHN", "FRA", "GBR", "RUS")]
SPELLS = replace(PLAIN, frequency="spells", extras={"end": "date"}, until="1991-12-31")
DATED = replace(PLAIN, frequency="dated")


def write(folder, layer, rows, columns, states=STATES):
    """A panel of `exists` and one layer in the folder."""
    folder.mkdir(exist_ok=True, parents=True)
    exists = pd.DataFrame(states, columns=["date", "state", "end"]).assign(value=1.0, source="test")
    table = pd.DataFrame(rows, columns=columns)
    table = table.assign(value=1.0, source=table.get("source", "test"))
    made = ((EXISTS, exists), (layer, table))
    records = {each.name: write_layer(each, tidy(each, rows), folder) for each, rows in made}
    write_manifest(records, {}, folder)
    return folder


def years(found, decade):
    return tuple(found.set_index("decade").loc[decade, ["years_covered", "years_existed"]])


def holds(rows, day):
    return any(first <= day and (not last or day <= last) for first, last in rows)


def brute(record, table, exists, last):
    """The four counts and the rows of every decade, by asking every unit about every year."""
    alive = {s: list(zip(t["date"], t["end"], strict=True)) for s, t in exists.groupby("state")}
    dyads = record["kind"] == "dyad"
    ends = ["state", "partner"] if dyads else ["state"]
    rows = {}
    stop = "known_to" if "known_to" in table.columns else "end"
    for row in table.to_dict("records"):
        rows.setdefault(tuple(row[e] for e in ends), []).append((row["date"], row.get(stop, "")))
    pairs = permutations if record["directed"] else combinations
    units = list(pairs(sorted(alive), 2)) if dyads else [(s,) for s in sorted(alive)]
    if dyads and table["state"].nunique() == 1 and table["partner"].nunique() > 5:
        units = [u for u in units if u[0] == table["state"].iloc[0]]
    found = {}
    for year in range(1950, last + 1):
        day = f"{year}-12-31"
        inside = record["from"] <= day <= record["to"]
        there = {s for s in alive if holds(alive[s], day)}
        counts = found.setdefault(f"{year // 10 * 10}s", (set(), set(), [], []))
        for unit in units:
            if not set(unit) <= there:
                continue
            mine = rows.get(unit, [])
            if record["absent"] == "zero":
                known = inside and (bool(mine) or not record.get("event") or dyads)
            elif record["frequency"] != "spells" and "known_to" in table:
                known = bool(mine) and min(mine)[0][:4] <= day[:4] and day <= max(last for _, last in mine)
            elif record["frequency"] == "spells":
                known = inside and holds(mine, day)
            else:
                known = any(first.startswith(f"{year}-") for first, _ in mine)
            counts[0].add(unit)
            counts[2].append(unit)
            if known:
                counts[1].add(unit)
                counts[3].append(unit)
    return {decade: tuple(map(len, counts)) for decade, counts in found.items()}


def counted(found):
    columns = ["existed", "covered", "years_existed", "years_covered"]
    return {row["decade"]: tuple(row[c] for c in columns) for row in found.to_dict("records")}


def test_a_state_counts_in_the_years_at_whose_end_it_exists(tmp_path):
    rows = [("1950-12-31", "USA"), ("1951-12-31", "USA"), ("1951-12-31", "JPN"), ("1953-12-31", "JPN")]
    found = coverage("plain", write(tmp_path, PLAIN, rows, ["date", "state"]))
    assert list(found["decade"]) == ["1950s", "1960s", "1970s", "1980s", "1990s"]
    assert years(found, "1950s") == (3, 10 + 8 + 6)  # Japan of 1951 was no member yet; Japan from 1952, DDR from 1954
    assert years(found, "1990s") == (0, 4)  # the DDR had ended at the end of 1990; two years, for the panel ends 1991
    first = found.iloc[0]
    assert (first["existed"], first["covered"], first["rows"]) == (3, 2, 4)
    assert first["share"] == pytest.approx(3 / 24)


def test_a_complete_list_covers_whole_years_only(tmp_path):
    listed = replace(DATED, kind="dyad", absent="zero", until="1991-06-30")
    rows = [("1950-05-01", "JPN", "USA"), ("1955-05-01", "DDR", "JPN")]
    found = coverage("plain", write(tmp_path, listed, rows, ["date", "state", "partner"]))
    assert years(found, "1950s") == (6 + 6 + 8, 6 + 6 + 8)
    assert years(found, "1990s") == (1, 2)  # JPN-USA at the end of 1990; the list says nothing of the end of 1991


def test_a_complete_list_of_events_covers_the_states_that_it_names(tmp_path):
    rows = [("1950-05-01", "USA"), ("1960-01-01", "JPN")]
    listed = replace(DATED, absent="zero", event=True, until="1991-12-31")
    found = coverage("plain", write(tmp_path, listed, rows, ["date", "state"]))
    assert years(found, "1950s") == (18, 24)
    level = coverage("plain", write(tmp_path / "level", replace(listed, event=False), rows, ["date", "state"]))
    assert years(level, "1950s") == (24, 24)


def test_a_spell_counts_on_the_last_days_of_years(tmp_path):
    spells = replace(SPELLS, kind="dyad")
    rows = [("1960-01-01", "DDR", "USA", "1962-06-30"), ("1965-12-31", "JPN", "USA", "1965-12-31")]
    found = coverage("plain", write(tmp_path, spells, rows, ["date", "state", "partner", "end"]))
    assert years(found, "1960s") == (2 + 1, 30)
    assert found.set_index("decade")["rows"].to_dict()["1960s"] == 2


def test_an_open_spell_counts_to_the_end_of_the_coverage_and_no_longer(tmp_path):
    rows = [("1960-01-01", "USA", "")]
    found = coverage("plain", write(tmp_path, replace(SPELLS, until="1984-12-31"), rows, ["date", "state", "end"]))
    assert years(found, "1980s") == (5, 30)
    assert years(found, "1990s") == (0, 4)
    assert list(found["rows"]) == [0, 1, 1, 1, 0]


def test_a_spell_counts_to_the_day_to_which_it_is_known(tmp_path):
    known = replace(SPELLS, extras={"end": "date", "known_to": "date"})
    rows = [("1960-01-01", "USA", "", "1963-06-30")]
    found = coverage("plain", write(tmp_path, known, rows, ["date", "state", "end", "known_to"]))
    assert years(found, "1960s") == (3, 30)


def test_a_list_of_a_state_counts_from_its_first_row_to_the_day_to_which_it_is_known(tmp_path):
    listed = replace(DATED, event=True, extras={"known_to": "date"})
    rows = [("1952-06-30", "USA", "1984-06-30"), ("1999-01-01", "USA", "1984-06-30"), ("1960-01-01", "JPN", "")]
    found = coverage("plain", write(tmp_path, listed, rows, ["date", "state", "known_to"]))
    assert list(found["years_covered"]) == [8, 10, 10, 4, 0]


CODES = ("JPN", "DDR", "CHN", "FRA", "GBR", "RUS")  # those beside the USA; 8 + 6 + 4 * 10 dyad-years with it
ALL = 40 + 8 + 6 + 4 * (8 + 6) + 60 + 6  # of all seven: with the USA, of the four with JPN and DDR, among them, JPN-DDR


HUBS = {
    "of one sender": (True, [("USA", code) for code in CODES], "USA", 54),
    "of one receiver": (True, [(code, "USA") for code in CODES], "USA", 54),
    "both ways": (True, [("USA", code) for code in CODES[:3]] + [(code, "USA") for code in CODES[3:]], "USA", 108),
    "undirected": (False, [(code, "USA") for code in CODES], "USA", 54),
    "a list too short to tell": (False, [("CHN", "USA"), ("FRA", "USA")], "", ALL),
    "no hub": (True, [("USA", code) for code in CODES[:5]] + [("CHN", "RUS")], "", 2 * ALL),
    "one dyad": (True, [("USA", "FRA"), ("USA", "FRA")], "", 2 * ALL),
}


@pytest.mark.parametrize("case", HUBS)
def test_a_layer_about_one_state_is_measured_on_its_dyads(tmp_path, case):
    directed, dyads, hub, existed = HUBS[case]
    rows = [(f"{1954 + i}-12-30", *dyad) for i, dyad in enumerate(dyads)]
    made = replace(DATED, kind="dyad", directed=directed)
    folder = write(tmp_path, made, rows, ["date", "state", "partner"], STATES + OTHERS)
    assert hub_of("plain", folder) == hub
    assert years(coverage("plain", folder), "1950s") == (len(dyads), existed)


def random_rows(rng, layer):
    """Rows of three states on days about those on which they began and ended, and about the ends of years."""
    rows = {}
    for _ in range(rng.integers(3, 12)):
        days = sorted(f"{rng.integers(1949, 1992)}-{rng.choice(['01-01', '06-30', '12-31'])}" for _ in range(2))
        state, partner = sorted(rng.choice(["USA", "JPN", "DDR"], 2, replace=False))
        if layer.directed and rng.random() < 0.5:
            state, partner = partner, state
        row = {"date": days[0], "state": state, "partner": partner, "end": "" if rng.random() < 0.2 else days[1]}
        rows[tuple(row[k] for k in layer.keys)] = row
    return list(rows.values())


FORMS = {
    "annual": PLAIN,
    "dated dyads": replace(DATED, kind="dyad"),
    "directed spells": replace(SPELLS, kind="dyad", directed=True),
    "spells": SPELLS,
    "events": replace(DATED, event=True, absent="zero", until="1988-07-01"),
    "listed dyads": replace(SPELLS, kind="dyad", absent="zero", until="1979-12-31"),
}


@pytest.mark.parametrize("form", FORMS)
def test_coverage_agrees_with_a_count_cell_by_cell(tmp_path, form):
    rng = np.random.default_rng(3)
    exists = pd.DataFrame(STATES, columns=["date", "state", "end"])
    for i in range(6):
        rows = random_rows(rng, FORMS[form])
        folder = write(tmp_path / str(i), FORMS[form], rows, ["date", "state", "partner", "end"])
        record, table = layer("plain", folder), get("plain", folder=folder)
        expected = brute(record, table, exists, last_year(folder))
        assert counted(coverage("plain", folder)) == expected


@pytest.mark.parametrize("name", ["democracy", "leader", "election", "troops"])
def test_shipped_layers_agree_with_a_count_cell_by_cell(name):
    assert counted(coverage(name)) == brute(layer(name), get(name), get("exists"), last_year())


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("democracy", lambda table: table[table["date"] != "1999-12-31"]),
        ("leader", lambda table: table.assign(known_to="1999-06-30")),
    ],
)
def test_control_a_count_of_other_rows_is_another(name, change):
    assert counted(coverage(name)) != brute(layer(name), change(get(name)), get("exists"), last_year())


@pytest.mark.parametrize("name", ["military_spending", "ideal_point", "defence", "rivalry"])
def test_coverage_is_what_the_dense_panel_knows(name):
    panel = load_panel(start=1950, end=2019, layers=[name])
    layers = panel.world.states if name in panel.world.states else panel.world.dyads
    known = ~np.isnan(np.asarray(layers[name]))
    sides = 1 if name in panel.world.states or layer(name)["directed"] else 2
    each = known.reshape(7, 10, -1).sum(axis=(1, 2)) // sides
    assert list(each) == list(coverage(name)["years_covered"])[:7]


def test_what_each_source_gave(tmp_path):
    several = replace(SPELLS, extras={"end": "date", "confidence": "text"})
    rows = [
        ("1960-01-01", "USA", "1970-06-30", "", "list"),
        ("1955-01-01", "JPN", "", "", "list"),
        ("1971-01-01", "USA", "", "carried", "patch"),
    ]
    folder = write(tmp_path, several, rows, ["date", "state", "end", "confidence", "source"])
    found = given("plain", folder).to_dict("records")
    assert found == [
        {"source": "list", "rows": 2, "first": "1955-01-01", "last": "1970-06-30", "carried": 0},
        {"source": "patch", "rows": 1, "first": "1971-01-01", "last": "1971-01-01", "carried": 1},
    ]
    assert given("exists", folder)["carried"].sum() == 0


def test_what_sources_gave_adds_up_to_the_rows():
    for name in ("defence", "troops", "capability"):
        assert given(name)["rows"].sum() == layer(name)["rows"]


def test_an_unknown_layer_is_named():
    with pytest.raises(UnknownNameError, match="defense"):
        coverage("defense")
