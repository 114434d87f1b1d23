"""The tables of a tie: years, breaks, layers with where they end, domains; and records that a program can read."""

import io
import json

import numpy as np
import pandas as pd
from rich.console import Console

from latticework.report.emit import text
from latticework.report.formats import Format
from latticework.report.tie_tables import (
    agreement,
    break_table,
    contributions,
    layer_table,
    network_tables,
    print_tie,
    tie_records,
    year_table,
)
from tests.report.tie_frames import NAMES, layers, series, tie

ISSUE = ("date", "state", "partner", "value", "lower", "upper", "probability")


def cells(table) -> list[list[str]]:
    return [[" ".join(filter(None, (cell.text, cell.band))) for cell in row] for row in table.rows]


def test_years_are_rows_and_the_last_quarter_is_always_one():
    short = series(1.0).iloc[:-2]
    rows = cells(year_table(tie(short)))
    assert [row[0] for row in rows] == [*map(str, range(2015, 2024)), "2024 Q2"]
    assert rows[0][1:3] == ["84 (73–92)", "45 %"]


def test_a_tie_is_drawn_on_a_line_from_0_to_100():
    line = cells(year_table(tie(series(0.0, sd=0.4))))[0][3]
    assert line.index("●") == 20
    assert (line.index("─"), line.rindex("─")) == (12, 28)  # Phi(-+0.51) is 30 and 70 of 100


def test_breaks_have_dates_chances_direction_and_size():
    fall = series(np.r_[np.full(20, 1.0), np.full(20, -0.5)], broke=np.r_[np.zeros(20), np.full(4, 0.97), np.zeros(16)])
    assert cells(break_table(tie(fall))) == [["2020 Q1", "97 %", "down", "−1.50"]]


def test_where_nothing_broke_the_likeliest_quarter_is_told():
    broke = np.full(40, 0.01)
    broke[30] = 0.31
    table = break_table(tie(series(1.0, broke=broke)))
    assert table.rows == ()
    assert "the highest is 31 %, in the year to 2022 Q3" in table.note


def test_layers_come_largest_first_with_the_year_of_their_last_reading():
    result = tie()
    rows = cells(layer_table(result))
    assert [row[0] for row in rows] == [
        "treaty",
        "its long-run level",
        "militarised disputes",
        "number of troops",
        "distance in UN votes",
    ]
    assert [row[1] for row in rows] == ["+0.60", "+0.41", "−0.30", "+0.25", "+0.04"]
    assert [row[2] for row in rows] == ["2024", "", "no reading since 2018", "2024", "2024"]
    assert abs(contributions(result)["added"].sum() - 1.0) < 1e-9  # the parts add up to the mean of strength


def test_a_layer_that_was_never_read_is_named_below():
    result = tie(layers=layers(treaty=0.5, trade=0.001, exercises=0.2, standing=0.3))
    table = layer_table(result)
    assert "trade beyond size and distance" not in [row[0] for row in cells(table)]
    assert "Never read of this tie: joint exercises and trade beyond size and distance" in table.note
    assert ["joint exercises", "+0.20", "none"] in cells(table)


def test_domains_agree_or_conflict():
    last = series(0.0, security=1.4, diplomacy=-0.2, economy=0.3).iloc[-1]
    assert agreement(last).startswith("Security and diplomacy conflict: they stand 1.60 sd apart")
    assert agreement(last).endswith("security +1.40, diplomacy −0.20, economy +0.30.")
    assert agreement(series(0.0).iloc[-1]).startswith("Security and diplomacy agree")


def test_records_have_what_a_program_needs_and_missing_is_null():
    fell = np.r_[np.full(8, np.nan), np.full(32, 0.25)]
    result = tie(series(1.0, fell=fell))
    records = json.loads(text(tie_records(result.shown, result.layers), Format.JSON))
    assert len(records) == 40
    assert tuple(records[0])[:7] == ISSUE
    assert records[0]["probability"] is None
    assert records[-1]["probability"] == 0.25
    assert records[-1]["probability_of"] == "strength below that of eight quarters before"
    assert {"strength", "sd", "security", "diplomacy", "economy", "broke"} <= set(records[0])
    assert {r["origin"] for r in records} == {"estimated"}
    assert (records[2]["added_treaty"], records[3]["added_treaty"]) == (None, 0.6)
    header = text(tie_records(result.shown, result.layers), Format.CSV).splitlines()[0]
    assert header.split(",") == list(records[0])


def test_a_network_shows_its_ends_and_a_small_one_whole():
    values = np.linspace(99, 1, 80)
    ties = pd.DataFrame({"date": "2024-12-31", "state": "JPN", "partner": "USA", "value": values})
    ties = ties.assign(lower=values / 2, upper=values, fell=0.5)
    strongest, weakest = network_tables(ties, NAMES)
    assert [cells(strongest)[0][:3], len(strongest.rows)] == [["1", "Japan – United States", "99 (50–99)"], 25]
    assert [row[0] for row in cells(weakest)] == [str(rank) for rank in range(56, 81)]
    (whole,) = network_tables(ties.head(50), NAMES)
    assert len(whole.rows) == 50


def test_all_of_it_is_printed_in_a_hundred_columns():
    out = io.StringIO()
    print_tie(tie(), Console(file=out, width=140))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[0].startswith("Japan and the United States, end 2024: 84 of 100")
    assert not any(line.startswith("%") for line in lines)
    for heading in ("Year by year", "Breaks", "What each layer adds, end 2024", "Security and diplomacy agree"):
        assert any(line.startswith(heading) for line in lines)
