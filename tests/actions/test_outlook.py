"""Outlooks: nothing later than the day is seen, two known cases, the record beside the forecast, mistakes, files."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from latticework.actions.opening import opening
from latticework.actions.outlook import Asked, looked_ahead, outlook, scenario_of
from latticework.actions.outlook_cast import STATES, cast
from latticework.actions.since import seen
from latticework.actions.strength import shipped_ties
from latticework.actions.tie_past import tie_past
from latticework.data import catalogue
from latticework.data.files import MANIFEST, PANEL, sha256
from latticework.errors import InputError, UnknownNameError
from latticework.processes import MODEL
from latticework.store import open_run

DAY = date(1992, 6, 1)
ASKED = Asked(("PHL", "USA"), str(DAY), paths=200)


BEFORE = ("troops", "ideal_point")  # what the control alters of the years before the day


def altered(folder: Path, side: str) -> Path:
    """A copy of the panel in which the numbers that were known only after the day (or before it) are others.

    Of what was known only after it half the rows are dropped too, and ends of spells that lay ahead are moved. The list
    of layers, with what they cover, is as it was.
    """
    text = json.loads((PANEL / MANIFEST).read_text(encoding="utf-8"))
    for name, record in text["layers"].items():
        layer = catalogue.described(name, record)
        table = pd.read_parquet(PANEL / f"{name}.parquet")
        told = table["known"] if "known" in table else table["date"]
        if "known" not in table and layer.lag:
            told = (pd.to_datetime(told) + pd.DateOffset(months=layer.lag)).dt.strftime("%Y-%m-%d")
        later = told > str(DAY)
        chosen = later if side == "after" else ~later
        if name in BEFORE if side == "before" else table["value"].dtype.kind == "f":
            table.loc[chosen, "value"] = table.loc[chosen, "value"] * 0.5 + 0.01
        if side == "after":
            table = table[~later | (np.arange(len(table)) % 2 == 0)]
            if "end" in table and layer.frequency == "spells":
                table.loc[table["end"] > str(DAY), "end"] = "1999-09-09"
        table.to_parquet(folder / f"{name}.parquet", index=False)
        record["sha256"] = sha256(folder / f"{name}.parquet")
    (folder / MANIFEST).write_text(json.dumps(text), encoding="utf-8")
    return folder


def foundations(asked: Asked) -> dict[str, np.ndarray | str]:
    """All that the paths of an outlook start from: its scenario, its world, its ties."""
    text, scenario = scenario_of(asked, DAY)
    begin, past = opening(scenario, MODEL), tie_past(scenario)
    homes = begin.world.states | begin.world.dyads | begin.world.pacts | begin.world.memberships
    found: dict[str, np.ndarray | str] = {name: np.asarray(layer) for name, layer in homes.items()}
    found |= {"scenario": text, "nowcast": str(begin.nowcast), "parts": past.start.start.parts}
    found |= {"ties": past.ties["value"].to_numpy(), "layers": past.layers["added"].to_numpy()}
    return found


def differing(one: dict[str, np.ndarray | str], other: dict[str, np.ndarray | str]) -> set[str]:
    """The names of what is not the same in both."""
    assert one.keys() == other.keys()
    alike = {
        name: np.array_equal(a, other[name]) if isinstance(a, str) else _same(a, other[name]) for name, a in one.items()
    }
    return {name for name, same in alike.items() if not same}


def _same(one: np.ndarray, other: object) -> bool:
    return np.array_equal(one, np.asarray(other), equal_nan=True)


@pytest.fixture(scope="module")
def shipped():
    return foundations(ASKED)


def test_nothing_that_became_known_after_the_day_is_seen(shipped, tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "PANEL", altered(tmp_path, "after"))
    assert differing(shipped, foundations(ASKED)) == set()
    _, scenario = scenario_of(ASKED, DAY)
    later = pd.DataFrame(columns=["state", "partner", "date", "value", "lower", "upper"])
    ends = ("1992-12-31", "1993-12-31")
    changed = seen(scenario, later, "1992-03-31", ends)
    monkeypatch.undo()
    was = seen(scenario, later, "1992-03-31", ends)
    assert not changed["observed"].equals(was["observed"]), "what happened since is read from the altered years"


def test_what_was_known_on_the_day_is_seen(shipped, tmp_path, monkeypatch):
    """The negative control: the same change on the other side of the day moves the world and the ties."""
    monkeypatch.setattr(catalogue, "PANEL", altered(tmp_path, "before"))
    assert {"troops", "ideal_point", "parts", "ties"} <= differing(shipped, foundations(ASKED))


@pytest.fixture(scope="module")
def philippines(tmp_path_factory):
    return outlook(replace(ASKED, out=tmp_path_factory.mktemp("outlook") / "phl"))


@pytest.fixture(scope="module")
def asia(tmp_path_factory):
    asked = Asked(("USA", "JPN", "KOR"), "2016-11-08", paths=200, out=tmp_path_factory.mktemp("outlook") / "asia")
    return outlook(asked)


def test_1992_the_philippines_and_the_united_states(philippines):
    """The bases close in 1991-92, the treaty stays: troops fall to a hundred or so, and the tie is weaker."""
    found, _ = philippines
    assert found.start == "1992-03-31"
    assert found.results.dates[-1] == "1995-06-30"
    assert found.pairs == [("PHL", "USA")]
    since = found.since.set_index(["quantity", "date"])
    assert since.loc[("agreement ends", "1994-12-31"), "observed"].item() == 0
    assert since.loc[("leader leaves office", "1992-12-31")].set_index("state")["observed"]["PHL"] == 1  # 30 June 1992
    assert since.loc[("weaker than today", "1994-12-31"), "observed"].item() == 1
    assert (found.past["date"] <= str(DAY)).all()
    assert (found.results.inputs["date"] <= str(DAY)).all()


def test_2016_the_united_states_japan_and_korea(asia):
    found, _ = asia
    assert found.results.scenario.hub == "USA"
    assert found.results.scenario.rival == "CHN"
    assert found.results.dates[-1] == "2019-12-31"
    left = found.since[(found.since["quantity"] == "leader leaves office")].set_index(["state", "date"])
    assert left.loc[("USA", "2017-12-31"), "observed"] == 1  # Obama, 20 January 2017
    assert left.loc[("JPN", "2019-12-31"), "observed"] == 0  # Abe stays until September 2020
    assert left.loc[("KOR", "2018-12-31"), "forecast"] > 0.9  # one term, a vote due in December 2017
    assert left.loc[("KOR", "2016-12-31"), "forecast"] < 0.05
    assert left.loc[("USA", "2017-12-31"), "forecast"] > 0.9  # the second of two terms
    disputes = found.since[found.since["quantity"] == "dispute"]
    assert disputes["observed"].isna().all(), "the record of disputes ends in 2014"
    assert set(disputes["record_ends"]) == {"2014-12-31"}
    assert found.tally.judged >= 9 + 6
    assert 0 <= found.tally.inside <= found.tally.judged


def test_the_past_ends_where_the_paths_start(asia):
    found, _ = asia
    begin = found.results.ensemble["tie_strength_start"]
    for pair in found.pairs:
        last = found.of(found.past, pair).iloc[-1]
        assert last["date"] == found.start == "2016-09-30"
        at = begin.sel(tie="-".join(pair))
        np.testing.assert_allclose(
            [at.sel(level=q) for q in (0.1, 0.5, 0.9)], last[["lower", "value", "upper"]].astype(float)
        )
        today = shipped_ties(*pair).set_index("date").loc[found.start]
        assert abs(last["value"] - today["value"]) < 15


def test_what_each_layer_adds_adds_up_to_the_strength(asia):
    found, _ = asia
    for pair in found.pairs:
        layers = found.of(found.layers, pair)
        total = layers.loc[layers["date"] == found.start, "added"].sum()
        assert total == pytest.approx(found.of(found.past, pair).iloc[-1]["strength"], abs=1e-9)


@pytest.mark.slow
def test_an_outlook_is_the_same_again_and_another_seed_is_another(philippines):
    found, _ = philippines
    _, scenario = scenario_of(ASKED, DAY)
    again, other = looked_ahead(scenario, ASKED), looked_ahead(scenario, replace(ASKED, seed=2))
    pd.testing.assert_frame_equal(found.results.outlook, again.results.outlook)
    pd.testing.assert_frame_equal(found.drivers, again.drivers)
    assert not found.results.outlook["value"].equals(other.results.outlook["value"])


def test_what_an_outlook_assumes_is_told(asia, philippines):
    found, folder = asia
    page = (folder / "outlook.html").read_text(encoding="utf-8")
    made = [entry.id for entry in found.results.scenario.interventions]
    assert "kor-last-term" in made
    assert "nothing assumed" not in page
    assert all(name in page for name in made)
    assert all(entry.reason[:40] in page for entry in found.results.scenario.interventions)
    bare = philippines[0].results.scenario
    assert ("nothing assumed" in (philippines[1] / "outlook.html").read_text(encoding="utf-8")) == (
        not bare.interventions and not bare.values
    )


def test_the_folder_is_whole_and_its_scenario_can_be_run(philippines):
    _, folder = philippines
    made = open_run(folder)
    assert {"outlook.html", "outlook.json", "scenario.yaml", "tables/ties.csv", "tables/since.csv"} <= set(
        made.manifest["artefacts"]
    )
    page = (folder / "outlook.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 1
    assert "<script" not in page
    assert "no test of the model" in page
    told = json.loads((folder / "outlook.json").read_text(encoding="utf-8"))
    assert told["states"] == ["PHL", "USA"]
    assert {row["what"] for row in told["ties"]} == {"as known on the day", "forecast", "as known today"}
    assert {row["date"] for row in told["since"]} == {"1992-12-31", "1993-12-31", "1994-12-31"}


def test_who_takes_part():
    who = cast(("JPN", "KOR"), date(2016, 11, 8))
    assert (who.hub, who.rival) == ("JPN", "CHN")
    assert {"USA", "RUS", "PRK", "TWN"} < set(who.states)
    assert len(who.states) == STATES == len(set(who.states))
    assert "DDR" in cast(("DEU", "POL"), date(1990, 1, 1)).states
    assert "DDR" not in cast(("DEU", "POL"), date(1991, 1, 1)).states


MISTAKES = [
    (Asked(("USA", "JPN"), "1989-12-31"), InputError, "a day from 1990-01-01 to 2025-01-24"),
    (Asked(("USA", "JPN"), "2025-01-25"), InputError, "where the panel ends"),
    (Asked(("USA", "JPN"), "soon"), InputError, "--on is 'soon'"),
    (Asked(("USA", "JPN"), "2016-11-08", years=0), InputError, "looks 1 to 10 years ahead"),
    (Asked(("USA", "JPN"), "2016-11-08", years=11), InputError, "--years is 11"),
    (Asked(("USA", "JPN"), "2016-11-08", paths=0), InputError, "--paths is 0"),
    (Asked(("USA", "JPN"), "2016-11-08", seed=-1), InputError, "--seed is -1"),
    (Asked(("USA", "JPX"), "2016-11-08"), UnknownNameError, "There is no state 'JPX'"),
    (Asked(("USA",), "2016-11-08"), InputError, "name two states or more"),
    (Asked(("USA", "DDR"), "2016-11-08"), InputError, "the panel has East Germany from 1954-03-25 to 1990-10-0"),
    (
        Asked(("SDN", "SSD"), "2005-01-01"),
        InputError,
        "No such state on 2005-01-01: the panel has South Sudan from 2011",
    ),
]


@pytest.mark.parametrize(("asked", "kind", "told"), MISTAKES, ids=[told for *_, told in MISTAKES])
def test_a_mistake_is_told_and_nothing_is_written(asked, kind, told, tmp_path):
    with pytest.raises(kind, match=told):
        outlook(replace(asked, out=tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []
