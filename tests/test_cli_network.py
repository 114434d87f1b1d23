"""Measures of several ties at the command line: records, one sentence first, one clear message for every mistake."""

import csv
import io
import json

import numpy as np
import pytest

from latticework import cli
from latticework.actions import measure_network
from latticework.actions.strength import FIRST_YEAR
from latticework.measures.dependence import Trade, dependence
from latticework.measures.strength.dyads import COVARIATES
from latticework.measures.strength.hidden import Dynamics
from latticework.measures.strength.indicators import INDICATORS
from latticework.measures.strength.items import PATRONS, Item
from latticework.measures.strength.posterior import Draw, Shared
from latticework.measures.strength.readings import ERAS
from tests.measures.test_cohesion import tiny

KEYS = {"date", "state", "partner", "quantity", "unit", "value", "lower", "upper"}
KEYS |= {"probability", "probability_of", "draws", "origin"}
DRAWS, QUARTERS = 12, 300


def made_up(pairs, as_known_on=None, seed=1):
    """Draws of any ties without the minutes of a fit, in the order in which a fit has them."""
    names = tuple(sorted({(min(a, b), max(a, b)) for a, b in pairs}))
    steps = np.random.default_rng(seed).normal(0, 0.05, (DRAWS, QUARTERS, len(names)))
    start = np.array([sum(map(ord, a + b)) % 7 / 3 - 1 for a, b in names])
    return tiny(start + steps.cumsum(1), names, first_year=1950)


def made_up_shared() -> Shared:
    item = Item(np.zeros(ERAS), np.zeros(PATRONS), 0.0, np.full(PATRONS, 0.5), 0.3, np.array([-0.2, 3.0]))
    dynamics = Dynamics(np.full(PATRONS, 0.05), 0.99, np.full(3, 0.9), np.zeros(len(COVARIATES)), np.zeros(2), 1.0)
    return Shared((Draw((item,) * len(INDICATORS), dynamics, 0.0, 1.0),) * DRAWS, {"trade": (0.0, 1.0)}, (), "")


@pytest.fixture
def lw(capsys, monkeypatch):
    """Run a command line on draws that are made up; gives exit code, standard output and standard error."""
    monkeypatch.setattr(measure_network, "measured", made_up)
    monkeypatch.setattr(measure_network, "load_shared", made_up_shared)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["latticework", "measure", *arguments])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        return int(stop.value.code or 0), out, err

    return call


def records(lw, *arguments: str) -> list[dict]:
    code, out, err = lw(*arguments, "--format", "json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert set(found[0]) >= KEYS
    assert all(r["lower"] <= r["value"] <= r["upper"] for r in found if r["origin"] == "estimated")
    return found


def test_cohesion_of_the_triangle_unless_others_are_named(lw):
    found = records(lw, "cohesion", "--from", "2001", "--to", "2003-06-30")
    assert {r["state"] for r in found} == {"JPN-KOR-USA"}
    assert {(r["quantity"], bool(r["partner"])) for r in found} == {("weakest link", True), ("mean", False)}
    assert (found[0]["date"], found[-1]["date"], len(found)) == ("2001-03-31", "2003-06-30", 20)
    four = records(lw, "cohesion", "aus", "NZL", "ROK", "USA", "--on", "2010")
    assert {(r["state"], r["date"]) for r in four} == {("AUS-KOR-NZL-USA", "2010-12-31")}


def test_hedging_of_some_states_between_two_poles(lw):
    found = records(lw, "hedging", "KOR", "PHL", "--on", "2025-01-24")
    assert {r["state"] for r in found} == {"KOR", "PHL"}
    assert {r["date"] for r in found} == {"2024-12-31"}
    assert {r["partner"] for r in found} == {"USA-CHN"}
    assert {"tilt", "dispersion", "engagement", "hedging", "tilt in economy"} <= {r["quantity"] for r in found}
    other = records(lw, "hedging", "PHL", "KOR", "--hub", "CHN", "--rival", "USA", "--on", "2024")
    tilt = {(r["state"], r["partner"]): r["value"] for r in (*found, *other) if r["quantity"] == "tilt"}
    assert tilt["KOR", "USA-CHN"] == pytest.approx(-tilt["KOR", "CHN-USA"])


def test_weights_choose_among_domains(lw):
    found = records(lw, "hedging", "KOR", "--weights", "0, 0, 1", "--on", "2000-07-01")
    value = {r["quantity"]: r["value"] for r in found}
    assert found[0]["date"] == "2000-06-30"
    assert value["tilt"] == pytest.approx(value["tilt in economy"])
    assert value["dispersion"] == pytest.approx(0)


def test_dependence_is_observed_and_then_estimated(lw):
    found = records(lw, "dependence", "KOR", "CHN", "--from", "2012")
    origin = {r["date"][:4]: r["origin"] for r in found}
    assert [origin[y] for y in ("2012", "2016", "2017", "2022", "2023", "2024")] == [
        "observed",
        "observed",
        "estimated",
        "estimated",
        "observed",
        "estimated",
    ]
    value = {r["date"][:4]: r["value"] for r in found}
    assert value["2016"] == pytest.approx(0.263, abs=0.001)
    assert value["2023"] == pytest.approx(0.28)


def test_the_greatest_partners_of_a_state_where_none_is_named(lw):
    found = records(lw, "dependence", "KOR", "--top", "3", "--on", "2016-12-31")
    assert [r["partner"] for r in found] == ["CHN", "USA", "JPN"]
    assert [r["partner"] for r in records(lw, "dependence", "KOR", "--top", "2", "--on", "1960")] == ["USA", "JPN"]


def test_primacy_in_the_region_of_the_scenario_or_among_states(lw):
    found = records(lw, "primacy", "--on", "2024")
    assert (found[0]["state"], found[0]["partner"], found[0]["states"]) == ("USA", "CHN", 34)
    assert found[0]["capability_date"] == "2022-12-31"
    few = records(lw, "primacy", "--states", "JPN,KOR,USA", "--to", "1953")
    assert (few[0]["date"], few[0]["states"], few[0]["capability_date"]) == ("1950-12-31", 1, "1950-12-31")
    assert (few[-1]["date"], few[-1]["states"]) == ("1953-12-31", 2)  # Japan is a state again from 1952


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("cohesion",), ["Japan", "South Korea", "the United States", "weakest"]),
        (("hedging", "KOR"), ["South Korea", "tilts to", "economy"]),
        (("hedging", "KOR", "PHL", "--on", "2024"), ["the Philippines", "and", "2024"]),
        (("dependence", "KOR", "CHN", "USA"), ["South Korea", "China", "estimated", "2023"]),
        (("dependence", "KOR", "CHN", "--on", "2015"), ["South Korea", "China", "observed"]),
        (("primacy", "--states", "JPN,KOR"), ["the United States", "China", "end 2022"]),
    ],
)
def test_a_table_begins_with_a_sentence_and_says_where_the_rest_is(lw, arguments, words):
    code, out, err = lw(*arguments)
    assert (code, err) == (0, "")
    sentence = out.splitlines()[0]
    assert sentence.endswith(".")
    assert all(word in sentence for word in words)
    assert "nan" not in out.lower()
    assert len(out.splitlines()) < 35
    assert out.splitlines()[-1].endswith("--format csv or json.")


def test_csv_has_the_records_and_nothing_else(lw):
    _, out, _ = lw("cohesion", "--on", "2024", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 2
    assert set(rows[0]) >= KEYS


MISTAKES = {
    "unknown state": (("cohesion", "USA", "JPN", "KOX"), ["KOX", "Did you mean"]),
    "two states": (("cohesion", "USA", "JPN"), ["3 states", "USA, JPN", "tie-strength"]),
    "the same state": (("cohesion", "USA", "JPN", "usa"), ["3 states", "not 2"]),
    "hub is rival": (("hedging", "KOR", "--hub", "CHN"), ["Hub and rival", "CHN"]),
    "hub is state": (("hedging", "USA"), ["USA is the hub"]),
    "rival is state": (("hedging", "KOR", "CHN"), ["CHN is the rival"]),
    "sum of weights": (("hedging", "KOR", "--weights", "0.5,0.5,0.5"), ["add up to 1.5"]),
    "negative weight": (("hedging", "KOR", "--weights", "1.5,-0.5,0"), ["0 or more"]),
    "number of weights": (("hedging", "KOR", "--weights", "0.5,0.5"), ["are 2, not 3", "security"]),
    "no weights": (("hedging", "KOR", "--weights", "a,b,c"), ["are not numbers"]),
    "not a weight": (("hedging", "KOR", "--weights", "nan,0.5,0.5"), ["add up to nan"]),
    "too early": (("cohesion", "--from", "1949"), ["1950 to 2024", "1949"]),
    "too late": (("primacy", "--to", "2030"), ["1950 to 2024", "2030"]),
    "out of order": (("cohesion", "--from", "2010", "--to", "2000"), ["first day is after the last"]),
    "no year": (("cohesion", "--from", "soon"), ["soon", "neither a year"]),
    "no day": (("dependence", "KOR", "CHN", "--on", "2010-13-01"), ["2010-13-01", "neither a year"]),
    "date and span": (("cohesion", "--on", "2010", "--to", "2011"), ["not both"]),
    "date too late": (("dependence", "KOR", "CHN", "--on", "2026"), ["1950 to 2024", "2026"]),
    "itself": (("dependence", "KOR", "JPN", "ROK"), ["KOR cannot depend on itself"]),
    "no share": (("dependence", "PRK", "AND"), ["no share", "PRK", "AND"]),
    "before any share": (("dependence", "KOR", "--to", "1950-06-30"), ["no share", "KOR"]),
    "empty region": (("primacy", "--states", "USA,CHN"), ["besides USA and CHN"]),
    "unknown hub": (("primacy", "--hub", "UK1"), ["no state 'UK1'"]),
}


@pytest.mark.parametrize(("arguments", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_message(lw, arguments, words):
    code, out, err = lw(*arguments)
    assert (code, out) == (1, "")
    assert len(err.strip().splitlines()) == 1
    assert all(word in err for word in words), err


def test_states_that_never_met_have_no_measure(lw, monkeypatch):
    def gone(pairs, as_known_on=None, seed=1):
        draws = made_up(pairs)
        draws.alive[:, 0] = False
        return draws

    monkeypatch.setattr(measure_network, "measured", gone)
    code, _, err = lw("cohesion")
    assert code == 1
    assert "There is no cohesion of USA, JPN, KOR" in err
    assert "never existed side by side" in err


@pytest.mark.slow
def test_japan_and_korea_tilt_to_the_hub_and_north_korea_to_its_rival():
    table = measure_network.measure_hedging(
        ("JPN", "KOR", "PRK"), "USA", "CHN", None, measure_network.Span(on="2024-12-31")
    )
    tilt = table[table["quantity"] == "tilt"].set_index("state")
    assert (tilt["lower"][["JPN", "KOR"]] > 0).all()
    assert tilt["value"]["PRK"] < 0


@pytest.mark.slow
def test_the_shares_of_2023_lie_where_2016_said():
    """All shares of 2023 held out: about four in five lie inside the 80 % bands, and too few if shares did not move."""
    share, reading, codes = measure_network.trade_of_all()
    late, last = 2023 - FIRST_YEAR, 2016 - FIRST_YEAR
    pairs = np.argwhere(np.isfinite(share[late]) & np.isfinite(share[last]))
    truth, share[late] = share[late].copy(), np.nan
    draws, shared = measure_network.measured([(codes[i], codes[j]) for i, j in pairs]), measure_network.load_shared()
    inside, inside_of_2016 = [], []
    for i, j in pairs.tolist():
        error, pace = measure_network.error_of(codes[i]), measure_network.pace_of_state(share, i)
        trade = Trade(share[:, i, [j]], reading[:, i, [j]], error, pace)
        table = dependence(draws, shared, codes[i], [codes[j]], trade).set_index("date")
        for found, day in ((inside, "2023-12-31"), (inside_of_2016, "2016-12-31")):  # the latter: had nothing moved
            found.append(table["lower"][day] < truth[i, j] < table["upper"][day])
    assert 0.65 < np.mean(inside) < 0.95
    assert np.mean(inside_of_2016) < 0.65
