"""The published figures are those of the published tables, counted again by SQL."""

import pytest

from latticework.data.guards.panel import opened
from latticework.data.guards.published import MEASURES, Figure, figures, measure
from latticework.data.read import get
from tests.data.raw_figures import PLACED, QUERIES, counted, placed

TOTALS = [figure for figure in figures() if not figure.state and (figure.layer, figure.measure) in QUERIES]
EXACT = ("cow_", "atop_5_1", "isard", "unga", "ucdp", "tss", "nuclear")
ABROAD = ("Kane (2006)", "Li, Bradshaw", "the row World", "session 19")  # totals of another kind than the tables' own


def years(period: str) -> range:
    first, _, last = period.partition("/")
    return range(int(first[:4]), int((last or first)[:4]) + 1)


@pytest.mark.parametrize(("layer", "kind"), QUERIES)
def test_totals_are_those_of_the_published_table(layer, kind, inputs):
    again = counted(layer, kind, inputs)
    own = [f for f in TOTALS if (f.layer, f.measure) == (layer, kind) and not any(w in f.source for w in ABROAD)]
    assert len(own) >= 3
    for figure in own:
        found = again.get(figure.period)
        if "/" in figure.period:
            found = sum(value for period, value in again.items() if int(period[:4]) in years(figure.period))
        assert found is not None, figure
        assert figure.value == pytest.approx(found, rel=1e-6, abs=1e-5), figure


@pytest.mark.parametrize(("layer", "kind"), PLACED)
def test_figures_of_states_and_dyads_are_those_of_the_published_table(layer, kind, inputs):
    again = placed(layer, kind, inputs)
    own = [f for f in figures() if (f.layer, f.measure) == (layer, kind)]
    own = [f for f in own if (f.period, f.state, f.partner) in again and f.value is not None]
    assert len(own) >= 3
    for figure in own:
        assert figure.value == pytest.approx(again[figure.period, figure.state, figure.partner], rel=1e-4, abs=1e-4)


def test_counts_are_exact_and_sums_within_a_few_per_cent():
    for figure in TOTALS:
        value = abs(figure.value or 0)
        assert figure.tolerance <= max(0.12 * value, 15), figure
        if figure.source.startswith(EXACT) and " and " not in figure.source and figure.layer != "diplomatic_exchange":
            assert figure.tolerance <= 1e-3 * value, figure


def test_states_alliances_and_disputes_are_compared_in_every_year():
    for layer, kind, last in (
        ("exists", "holding", 2016),
        ("defence", "holding", 2018),
        ("agreement", "holding", 2015),
        ("integrated_defence", "holding", 2016),
        ("dispute", "sum", 2014),
    ):
        compared = {int(f.period[:4]) for f in TOTALS if (f.layer, f.measure) == (layer, kind)}
        assert compared == set(range(1950, last + 1)), layer


def test_every_figure_has_a_source_and_a_place():
    listed = [(f.layer, f.measure, f.period, f.state, f.partner) for f in figures()]
    assert listed == sorted(listed)
    kinds = [(f.layer, f.measure, f.period, f.state, f.partner, f.source) for f in figures()]
    assert len(kinds) == len(set(kinds))
    assert all(f.source and f.measure in MEASURES and f.tolerance >= 0 for f in figures())
    assert all(bool(f.state) or f.measure != "value" for f in figures())


@pytest.mark.parametrize(
    ("day", "number"), [("1950-12-31", 75), ("1960-12-31", 107), ("1991-12-31", 177), ("2016-12-31", 195)]
)
def test_members_of_the_state_system_are_as_many_as_known(day, number):
    [figure] = [f for f in figures() if (f.layer, f.measure, f.period) == ("exists", "holding", day)]
    assert figure.value == number


def asked(**what) -> list[float | None]:
    figure = Figure(**({"state": "", "partner": "", "value": 0.0, "tolerance": 0.0, "source": "test"} | what))
    with opened() as panel:
        return measure(panel, panel.layers[figure.layer], (figure,))


def test_a_measure_is_what_pandas_counts():
    table = get("dispute")
    fifties = table[(table["date"] >= "1950-01-01") & (table["date"] <= "1959-12-31")]
    assert asked(layer="dispute", measure="rows", period="1950/1959") == [len(fifties)]
    assert asked(layer="dispute", measure="sum", period="1950/1959") == [fifties["value"].sum()]
    assert asked(layer="dispute", measure="positive", period="1950/1959") == [(fifties["value"] > 0).sum()]
    assert asked(layer="dispute", measure="rows", period="2050") == [0.0]
    spells = get("agreement")
    held = spells[(spells["date"] <= "1999-12-31") & ((spells["end"] == "") | (spells["end"] >= "1999-12-31"))]
    assert asked(layer="agreement", measure="holding", period="1999-12-31") == [len(held)]


@pytest.mark.parametrize(("layer", "keys"), [("defence", []), ("agreement", ["atopid"]), ("membership", ["atopid"])])
def test_in_a_year_a_spell_of_any_day_counts_and_each_dyad_or_agreement_once(layer, keys):
    spells = get(layer)
    spells = spells[(spells["date"] <= "1964-12-31") & ((spells["end"] == "") | (spells["end"] >= "1964-01-01"))]
    ends = ["state", "partner"] if "partner" in spells else ["state", "phase"]
    found = asked(layer=layer, measure="holding", period="1964")
    assert found == [len(spells.drop_duplicates([*ends, *keys]))]
    [on_the_last_day] = asked(layer=layer, measure="holding", period="1964-12-31")
    assert layer == "defence" or found[0] > on_the_last_day


def test_a_value_is_that_of_the_row_or_of_the_running_spell_and_none_where_there_is_none():
    cinc = get("capability", ["JPN"], 2000, 2000)["value"].iloc[0]
    assert asked(layer="capability", measure="value", period="2000-12-31", state="JPN") == [cinc]
    assert asked(layer="capability", measure="value", period="2000-06-30", state="JPN") == [None]
    assert asked(layer="defence", measure="value", period="1979-06-30", state="TWN", partner="USA") == [1.0]
    assert asked(layer="defence", measure="value", period="1985-06-30", state="TWN", partner="USA") == [0.0]
    assert asked(layer="leader", measure="value", period="1985-06-30", state="USA") == [None]  # a name


def test_a_difference_is_told_with_both_numbers_and_the_source():
    figure = Figure("rain", "value", "2000-12-31", "USA", "", 5.0, 0.5, "the almanac")
    assert figure.fault(5.5) == ""
    assert figure.fault(6.0) == "value USA 2000-12-31: the panel has 6, published is 5 (the almanac)"
    assert figure.fault(None) == "value USA 2000-12-31: the panel has none, published is 5 (the almanac)"
    never = Figure("rain", "value", "2001-12-31", "USA", "", None, 0.0, "the almanac")
    assert never.fault(None) == ""
    assert never.fault(0.0) == "value USA 2001-12-31: the panel has 0, published is none (the almanac)"
