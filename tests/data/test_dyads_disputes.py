"""Disputes: known onsets, both sides once, and silence after the data end."""

from latticework.data.sources.disputes import DISPUTE
from latticework.data.states import cow_to_iso3
from tests.data.dyad_tables import raw, table


def of(state: str, partner: str):
    return table("dispute").query("state == @state and partner == @partner").sort_values("date")


def test_korean_disputes_by_month_and_length():
    rows = of("KOR", "PRK").query("date >= '2007'")
    onsets = rows.query("value == 1")
    assert list(onsets["date"]) == ["2007-06-01", "2008-05-01", "2009-01-01", "2012-04-01", "2013-04-01", "2014-02-01"]
    long = rows.query("dispnum == 4483").iloc[0]
    assert (long["end"], long["hostility"], long["month"]) == ("2011-12-31", 4, 1)


def test_a_state_that_joins_later_has_no_month():
    late = of("RUS", "USA").query("dispnum == 4691").iloc[0]  # began in November 2011; the pair is in it from 2013
    assert late["date"] == "2013-06-30"
    assert late["month"] != late["month"]


def test_nothing_is_said_after_2014():
    rows = table("dispute")
    assert rows["date"].max() <= "2014-12-31"
    assert rows["end"].max() == "2014-12-31"
    assert DISPUTE.until == "2014-12-31"
    assert not DISPUTE.carry


def test_every_year_with_a_dispute_lies_in_a_row():
    years = raw("cow_mid_5_0_ddy")
    codes = {number: cow_to_iso3(number) for number in set(years["ccode1"])}
    rows = zip(years["ccode1"], years["ccode2"], years["dispnum"], years["year"], strict=True)
    pairs = ((codes[a], codes[b], number, year) for a, b, number, year in rows)
    expected = {pair for pair in pairs if pair[0] and pair[1] and pair[0] < pair[1]}
    spans = {
        (r.state, r.partner, int(r.dispnum), year)
        for r in table("dispute").itertuples(index=False)
        for year in range(int(r.date[:4]), int(r.end[:4]) + 1)
    }
    assert expected <= spans
    assert len(spans - expected) < 0.02 * len(
        spans
    )  # years in which a dispute rests, or in which another one ranks higher


def test_onsets_are_counted_as_the_source_counts_them():
    years = raw("cow_mid_5_0_ddy")
    onsets = years[(years["cowmidonset"] == 1) & (years["year"] >= 1992)]
    assert table("dispute").query("value == 1 and date >= '1992'").shape[0] * 2 == len(onsets)


def test_history_before_1950_is_kept_for_peace_years():
    assert of("CHN", "JPN").query("date < '1950' and hostility == 5").shape[0] >= 3
