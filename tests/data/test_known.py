"""As known on a day: nothing later is seen, by rows, by grid or by snapshot; and what was known is."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.data import get, known_to, layers, load_panel, load_snapshot
from latticework.data.cells import rows_of
from latticework.data.files import write_layer, write_manifest
from latticework.data.known import known_until
from latticework.data.layer import Layer, tidy
from latticework.errors import InputError

TEXT = {"source": "s", "version": "1", "citation": "c", "licence": "l", "transformation": "t", "coverage": "c"}
YEARLY = Layer("yearly", "Yearly", "state", "1", "annual", lag=3, **TEXT)
REIGN = Layer(
    "reign", "Reign", "state", "1", "spells", extras={"end": "date", "exit": "text"}, hindsight=("exit",), **TEXT
)
QUARREL = Layer(
    "quarrel",
    "Quarrel",
    "dyad",
    "1",
    "dated",
    event=True,
    absent="zero",
    extras={"end": "date", "deaths": "number", "known": "date"},
    hindsight=("deaths",),
    **TEXT,
)


@pytest.fixture
def panel(tmp_path):
    """Three layers with known dates."""
    tables = [
        (YEARLY, [("1999-12-31", "USA", 1.0, "s"), ("2000-12-31", "USA", 2.0, "s")]),
        (REIGN, [("1990-01-01", "USA", 1.0, "s", "2000-06-30", "killed"), ("2000-07-01", "USA", 2.0, "s", "", "")]),
        (QUARREL, [("2000-03-01", "JPN", "USA", 1.0, "s", "2001-12-31", 7.0, "2000-03-31")]),
    ]
    built = [(layer, tidy(layer, pd.DataFrame(rows, columns=list(layer.columns)))) for layer, rows in tables]
    records = {layer.name: write_layer(layer, table, tmp_path) for layer, table in built}
    write_manifest(records, {}, tmp_path)
    return tmp_path


def test_an_annual_figure_is_known_after_its_lag(panel):
    assert list(get("yearly", as_known_on="2001-03-30", folder=panel).value) == [1.0]
    assert list(get("yearly", as_known_on="2001-03-31", folder=panel).value) == [1.0, 2.0]
    assert list(get("yearly", folder=panel).value) == [1.0, 2.0]


def test_a_spell_that_ends_later_is_open_and_keeps_its_secret(panel):
    then = get("reign", as_known_on="2000-06-29", folder=panel)
    assert then[["end", "exit"]].to_numpy().tolist() == [["", ""]]
    after = get("reign", as_known_on="2000-06-30", folder=panel)
    assert after[["end", "exit"]].to_numpy().tolist() == [["2000-06-30", "killed"]]
    assert len(get("reign", as_known_on="2000-07-01", folder=panel)) == 2


def test_the_end_of_an_event_is_cut_to_the_day_and_its_toll_is_not_told(panel):
    assert get("quarrel", as_known_on="2000-03-30", folder=panel).empty
    then = get("quarrel", as_known_on="2000-05-01", folder=panel).iloc[0]
    assert then["end"] == "2000-05-01"
    assert np.isnan(then["deaths"])
    assert get("quarrel", as_known_on="2001-12-31", folder=panel).iloc[0]["deaths"] == 7.0


def test_years_to_filter_by_do_not_tell_what_the_row_hides(panel):
    """The reign of 1990 is open as known in 1995: it counts for any later year, though it ended in 2000."""
    assert len(get("reign", start=2005, as_known_on="1995-01-01", folder=panel)) == 1
    assert len(get("reign", start=2005, folder=panel)) == 1  # the second reign, not the first


def test_a_wrong_day_is_told(panel):
    with pytest.raises(InputError, match="'soon' is neither a year"):
        get("reign", as_known_on="soon", folder=panel)


@pytest.mark.parametrize(("day", "until"), [("2001-03-31", "2000-12-31"), ("2001-05-30", "2001-02-28")])
def test_a_list_is_complete_to_its_lag_before_the_day(day, until):
    assert str(known_until(YEARLY, np.datetime64("2010-12-31"), day)) == until
    assert str(known_until(YEARLY, np.datetime64("2000-06-30"), day)) == "2000-06-30"
    assert str(known_until(YEARLY, np.datetime64("2010-12-31"), None)) == "2010-12-31"


NAMES = [record["layer"] for record in layers()]
DAYS = st.dates(pd.Timestamp("1951-01-01").date(), pd.Timestamp("2025-12-31").date()).map(str)


@given(name=st.sampled_from(NAMES), day=DAYS)
@settings(max_examples=60)
def test_no_row_shows_a_later_day(name, day):
    """Whatever the layer and the day: every date in the rows, in whatever column, is on or before the day."""
    rows = get(name, as_known_on=day)
    calendar = {"date"} if name == "election" else set()  # votes to come are known before they are held
    for column in set(rows.columns) - calendar:
        texts = rows[column].astype(str)
        dates = texts[texts.str.fullmatch(r"\d{4}-\d{2}-\d{2}")]
        assert (dates <= day).all(), column


@given(name=st.sampled_from(NAMES), days=st.tuples(DAYS, DAYS).map(sorted))
@settings(max_examples=40)
def test_what_was_known_stays_known(name, days):
    """A row known on a day is known on every later day, with the same value: knowledge only grows."""
    keys = [c for c in ("date", "state", "partner", "value", "dispnum", "atopid") if c in get(name, ["USA"]).columns]
    early, late = (get(name, as_known_on=day)[keys] for day in days)
    assert len(early.merge(late.drop_duplicates(), on=keys)) == len(early)


@given(name=st.sampled_from(NAMES), day=DAYS)
@settings(max_examples=30)
def test_the_arrays_hold_the_rows_of_the_tables(name, day):
    table, rows = get(name, as_known_on=day), rows_of(name, as_known_on=day)
    twice = 1 if rows.partner is None or rows.described.directed else 2
    assert len(rows.date) == twice * len(table)


@given(cut=st.integers(1960, 2020))
@settings(max_examples=5)
def test_a_panel_as_known_differs_from_the_revised_one_only_by_what_is_missing(cut):
    codes = ("USA", "JPN", "KOR", "CHN", "PRK", "RUS")
    then = load_panel(codes, cut - 8, cut - 2, as_known_on=f"{cut}-06-30").world
    now = load_panel(codes, cut - 8, cut - 2).world
    settled = {"capability", "military_spending", "democracy", "ideal_point", "troops", "dispute"}
    for name in settled:
        a, b = (np.asarray((w.states if name in w.states else w.dyads)[name]) for w in (then, now))
        assert np.array_equal(a, b, equal_nan=True), name  # eighteen months later all of it is known


def test_the_last_year_is_not_known_before_it_is_published():
    year = load_panel(["USA"], 2009, 2010, as_known_on="2010-12-31").world.state("capability")
    assert not np.isnan(year[0, 0])
    assert np.isnan(year[1, 0])  # 2010 is known from 31 March 2011
    assert not np.isnan(load_panel(["USA"], 2009, 2010).world.state("capability")[1, 0])  # the check can fail


def test_a_snapshot_sees_nothing_that_was_not_known():
    inputs = load_snapshot("2010-12-31", ("USA", "JPN", "KOR", "CHN")).inputs
    capability = inputs[inputs.layer == "capability"]
    assert set(capability.date) == {"2009-12-31"}
    assert set(capability.origin) == {"carried forward"}
    assert (inputs.date <= "2010-12-31").all()


def test_a_layers_end_is_as_of_the_day():
    assert str(known_to("capability", "2010-12-31")) == "2010-09-30"
    assert str(known_to("capability", "2030-12-31")) == "2022-12-31"


def test_votes_to_come_are_known_only_as_far_as_they_were_set():
    """Early votes of 2012 and later were not known in 2010, nor that there were none: missing, not zero."""
    panel = load_panel(["USA", "GBR", "JPN"], 2008, 2016, layers=["election_past", "election_ahead"])
    then = load_panel(
        ["USA", "GBR", "JPN"], 2008, 2016, layers=["election_past", "election_ahead"], as_known_on="2010-12-31"
    )
    past, ahead = (np.asarray(then.world.state(name)) for name in ("election_past", "election_ahead"))
    assert np.isnan(past[3:]).all()
    assert np.isnan(ahead[3:]).all()
    assert np.array_equal(past[:3], np.asarray(panel.world.state("election_past"))[:3])
    assert not np.isnan(np.asarray(panel.world.state("election_past"))).any()  # the check can fail
    assert ahead[1, 1] == 1  # Britain's vote of May 2010, as scheduled, from the end of 2009


def test_a_snap_vote_is_not_ahead_before_it_was_called():
    codes = ["KOR"]
    revised = load_panel(codes, 2016, 2017, step="quarter", layers=["election_ahead"])
    then = load_panel(codes, 2016, 2017, step="quarter", layers=["election_ahead"], as_known_on="2016-12-31")
    at = list(map(str, revised.dates)).index("2017-03-31")  # the vote was held on 9 May 2017
    assert float(revised.world.state("election_ahead")[at, 0]) == 1
    assert np.isnan(then.world.state("election_ahead")[at, 0])
