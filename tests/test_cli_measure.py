"""Tie strength on the command line: records, tables, charts, and one clear line for every mistake."""

import csv
import io
import json

import pandas as pd
import pytest

from latticework.actions import measure_tie
from latticework.actions.strength import HOME, LAYERS_FILE, SHARED, TIES_FILE

FILES = [HOME / name for name in (SHARED, TIES_FILE, LAYERS_FILE)]
shipped = pytest.mark.skipif(not all(file.exists() for file in FILES), reason="tie strength is not fitted yet")
TIE = ("measure", "tie-strength")


def last(lw, *states: str) -> dict:
    code, out, err = lw(*TIE, *states, "--from", "2024", "--format", "json")
    assert (code, err) == (0, "")
    return json.loads(out)[-1]


@shipped
@pytest.mark.parametrize(
    ("states", "least", "most"),
    [(("JPN", "USA"), 80, 100), (("ROK", "USA"), 80, 100), (("North Korea", "United States"), 0, 30)],
)
def test_the_ties_of_the_triangle_are_where_everybody_sees_them(lw, states, least, most):
    record = last(lw, *states)
    assert record["date"] == "2024-12-31"
    assert record["partner"] == "USA"
    assert least < record["value"] < most
    assert record["lower"] < record["value"] < record["upper"]
    assert 0 <= record["probability"] <= 1
    assert record["origin"] == "estimated"


@shipped
def test_states_come_in_any_order_and_under_any_name(lw):
    assert last(lw, "JPN", "KOR") == last(lw, "south korea", "Japan")


@shipped
def test_json_and_csv_are_every_quarter_of_the_years_asked_for(lw):
    asked = (*TIE, "USA", "JPN", "--from", "2001", "--to", "2002")
    records = json.loads(lw(*asked, "--format", "json")[1])
    rows = list(csv.DictReader(io.StringIO(lw(*asked, "--format", "csv")[1])))
    assert [r["date"] for r in records] == [r["date"] for r in rows]
    assert [r["date"] for r in records] == [
        f"{y}-{d}" for y in (2001, 2002) for d in ("03-31", "06-30", "09-30", "12-31")
    ]
    assert {"date", "state", "partner", "value", "lower", "upper", "probability"} <= set(records[0])
    added = sum(value for name, value in records[3].items() if name.startswith("added_"))
    assert added == pytest.approx(records[3]["strength"], abs=0.02)


@shipped
def test_a_tie_is_explained_and_drawn(lw, tmp_path):
    code, out, err = lw(*TIE, "JPN", "USA", "--from", "2015", "--chart", str(tmp_path / "tie.svg"))
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("Japan and the United States, end 2024: ")
    assert sum(line.startswith("20") for line in lines) == 10
    assert "no reading since 2014" in out
    assert max(map(len, lines)) <= 100 or "chart" in max(lines, key=len)
    assert (tmp_path / "tie.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.slow
@shipped
def test_a_dyad_without_a_shipped_row_is_measured_now(lw):
    code, out, _ = lw(*TIE, "ISL", "VUT", "--from", "2023", "--format", "json")
    assert code == 0
    assert [r["date"] for r in json.loads(out)][-1] == "2024-12-31"


@pytest.mark.slow
@shipped
def test_as_known_on_a_day_ends_with_the_day_and_says_what_it_is(lw):
    code, out, _ = lw(*TIE, "TWN", "USA", "--from", "1977", "--as-known-on", "1979-06-30")
    assert code == 0
    assert "1979 Q2" in out
    assert "1979 Q3" not in out
    assert "dyads;" not in out.split("Year by year")[0]  # no rank among ties that were measured with later data
    assert "known on 1979-06-30" in " ".join(out.split())


@shipped
def test_the_network_is_sorted_and_can_be_narrowed(lw):
    records = json.loads(lw(*TIE, "--all", "--on", "2025-01-24", "--format", "json")[1])
    assert {r["date"] for r in records} == {"2024-12-31"}
    assert len(records) > 2000
    values = [r["value"] for r in records]
    assert values == sorted(values, reverse=True)
    some = json.loads(lw(*TIE, "--all", "--states", "JPN,ROK,USA", "--format", "json")[1])
    assert {(r["state"], r["partner"]) for r in some} == {("JPN", "KOR"), ("JPN", "USA"), ("KOR", "USA")}
    code, out, _ = lw(*TIE, "--all", "--on", "1985")
    assert code == 0
    assert "The 25 strongest of" in out
    assert "The 25 weakest of" in out


MISTAKES = {
    (*TIE,): "none is named",
    (*TIE, "JPN"): "1 are named",
    (*TIE, "JPN", "KOR", "USA"): "--all --states JPN,KOR,USA",
    (*TIE, "JPN", "Japan"): "are both JPN",
    (*TIE, "JPX", "USA"): "There is no state 'JPX'",
    (*TIE, "JPN", "Untied States"): "There is no state 'Untied States'. Possible: USA.",
    (*TIE, "JPN", "USA", "--from", "1949"): "--from is 1949: ties are measured from 1950 to 2024",
    (*TIE, "JPN", "USA", "--to", "2025"): "--to is 2025: ties are measured from 1950 to 2024",
    (*TIE, "JPN", "USA", "--from", "soon"): "--from: 'soon' is neither a year",
    (*TIE, "JPN", "USA", "--from", "2010", "--to", "2005"): "Nothing lies between --from 2010 and --to 2005",
    (*TIE, "JPN", "USA", "--as-known-on", "2010", "--to", "2015"): "after 2010-12-31, the day of --as-known-on",
    (*TIE, "JPN", "USA", "--as-known-on", "1940"): "--as-known-on is 1940-12-31",
    (*TIE, "JPN", "USA", "--as-known-on", "2010-13-45"): "--as-known-on: '2010-13-45' is neither",
    (*TIE, "JPN", "USA", "--from", "2012", "--as-known-on", "2010"): "--from is 2012, which is after 2010-12-31",
    (*TIE, "JPN", "USA", "--on", "2010"): "--on goes with --all",
    (*TIE, "JPN", "USA", "--states", "JPN"): "--states goes with --all",
    (*TIE, "JPN", "USA", "--chart", "x.pdf"): ".svg, .png and .html",
    (*TIE, "JPN", "USA", "--chart", "x"): "has no ending",
    (*TIE, "JPN", "USA", "--chart", "no/such/x.svg"): "there is no folder 'no/such'",
    (*TIE, "--all", "JPN", "USA"): "--all --states JPN,USA",
    (*TIE, "--all", "--from", "1990"): "--from is for one tie",
    (*TIE, "--all", "--chart", "x.svg"): "--chart is for one tie",
    (*TIE, "--all", "--as-known-on", "2010"): "--as-known-on is for one tie",
    (*TIE, "--all", "--on", "2031"): "--on is 2031",
    (*TIE, "--all", "--on", "1949"): "--on is 1949",
    (*TIE, "--all", "--states", "JPN,XXX"): "There is no state 'XXX'",
    ("fit", "tie-strength", "disputes"): "There is no process 'disputes'",
    ("fit", "tie-strength", "dispute_onset"): "'tie-strength' is fitted alone, not with dispute_onset",
    ("fit", "tie-strenght"): "Did you mean 'tie-strength'?",
    ("fit", "tie-strength", "--out", "no/such/folder"): "no/such/folder",
}


@shipped
@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_a_mistake_is_one_line_and_exit_code_one(lw, arguments):
    code, out, err = lw(*arguments)
    assert (code, out) == (1, "")
    assert MISTAKES[arguments] in err
    assert err.count("\n") == 1


@shipped
@pytest.mark.parametrize(
    ("states", "years", "said"),
    [(("VDR", "USA"), ("1990", "2000"), "both existed from"), (("DDR", "KGZ"), ("1960", "2000"), "never existed")],
)
def test_states_that_did_not_exist_together_are_told_apart_from_mistakes(lw, states, years, said):
    code, _, err = lw(*TIE, *states, "--from", years[0], "--to", years[1])
    assert code == 1
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("table", [pd.DataFrame(), pd.DataFrame({"parameter": ["rho"], "mean": [0.99]})])
def test_fitting_tie_strength_writes_a_folder_and_prints_its_parameters(lw, monkeypatch, tmp_path, table):
    asked = []
    monkeypatch.setattr(measure_tie, "fit_tie_strength", lambda out, report: asked.append(out) or table)
    code, out, _ = lw("fit", "tie-strength", "--out", str(tmp_path))
    assert (code, asked) == (0, [tmp_path])
    assert f"Wrote {tmp_path}" in out.replace("\n", "") or str(tmp_path) in out
    assert ("rho" in out) == bool(len(table))
