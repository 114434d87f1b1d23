"""A tie's picture is a file that stands alone, says in words what it shows, and lets no label touch another."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from latticework.report.tie_chart import ENDINGS, drawing, tie_chart
from latticework.report.tie_layers import bands, runs
from latticework.report.tie_marks import Mark, extent, lanes, marks
from tests.report.tie_frames import layers, series, tie

SVG = "{http://www.w3.org/2000/svg}"
REQUEST = re.compile(
    r"""(?:src|href|action|data)\s*=\s*["']?\s*(?:https?:|//)|url\(\s*["']?(?:https?:|//)|@import|<script"""
)
FALL = series(np.r_[np.full(20, 1.0), np.full(20, -0.5)], broke=np.r_[np.zeros(20), np.full(4, 0.97), np.zeros(16)])


def texts(content: bytes) -> list[str]:
    return ["".join(t.itertext()) for t in ET.fromstring(content.decode()).iter(f"{SVG}text")]


def test_an_svg_names_its_states_score_breaks_pledges_and_layers():
    content = drawing(tie(FALL), ".svg")
    root, words = ET.fromstring(content.decode()), texts(content)
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}title").text.startswith("Japan and the United States, end 2024: 31 of 100")
    assert "it" in root.find(f"{SVG}desc").text
    assert {"2020 ↓ 1.50", "2017 defence", "31 (19–45)", "treaty", "militarised disputes", "−0.30"} <= set(words)


def test_a_png_is_one():
    assert drawing(tie(), ".png").startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("ending", [".svg", ".html"])
def test_what_is_drawn_asks_nothing_of_a_network(ending):
    content = drawing(tie(FALL), ending).decode()
    assert not REQUEST.search(content)
    assert re.sub(r'xmlns(:\w+)?="http://www\.w3\.org/[\w/]+"', "", content).count("http") == 0


def test_a_request_would_be_seen():
    assert REQUEST.search('<script src="https://cdn.example/vega.js">')
    assert REQUEST.search('<img src="//example.org/x.png">')


def test_a_page_has_title_description_picture_and_sentence():
    content = drawing(tie(), ".html").decode()
    assert content.startswith("<!doctype html>")
    assert "<title>Japan and the United States, end 2024: 84 of 100" in content
    assert 'name="description" content="Japan and the United States' in content
    assert "<svg " in content
    assert "from its long-run level of 66" in content.split("<figcaption>")[1]


def test_only_what_is_on_the_picture_is_explained():
    steady, fallen = (tie_chart(tie(ties)) for ties in (series(1.0), FALL))
    assert "Arrows" not in str(steady[0].to_dict()["title"]["subtitle"])
    assert "Arrows" in str(fallen[0].to_dict()["title"]["subtitle"])


def test_layers_that_never_matter_have_no_row_and_the_rest_stand_by_size():
    assert [band.title for band in bands(tie())] == ["treaty", "militarised disputes", "number of troops"]


def test_a_tie_without_any_layer_is_drawn_still():
    content = drawing(tie(layers=layers(standing=0.4)), ".svg")
    assert "treaty" not in texts(content)


def test_the_line_of_a_layer_ends_with_its_readings():
    band = next(band for band in bands(tie()) if band.title == "militarised disputes")
    assert runs(band.read) == [(2015, 2018)]
    assert runs([1950, 1951, 1955, 1960, 1961]) == [(1950, 1951), (1955, 1955), (1960, 1961)]
    assert runs([]) == []


def test_only_the_years_asked_for_are_marked():
    result = tie(FALL, start="2019-01-01")
    assert [mark.label for mark in marks(result)] == ["2020 ↓ 1.50"]


def test_a_pledge_that_ends_says_so():
    pledges = pd.DataFrame(
        [("2016-01-02", 3, "defence"), ("2018-05-02", 0, "none")], columns=["date", "grade", "label"]
    )
    assert [mark.label for mark in marks(tie(pledges=pledges))] == ["2016 defence", "2018 pledge ends"]


@pytest.mark.parametrize("seed", range(20))
def test_no_label_touches_another_or_is_crossed_by_a_rule(seed):
    rng = np.random.default_rng(seed)
    days = sorted(f"{y}-{m:02d}-15" for y, m in zip(rng.integers(1950, 2025, 12), rng.integers(1, 13, 12), strict=True))
    shown = [Mark(day, "x" * rng.integers(5, 25), "break", 1.0) for day in days]
    span, wide = ("1950-01-01", "2024-12-31"), 470
    places, found = [extent(mark, span, wide) for mark in shown], lanes(shown, span, wide)
    for i, (left, right) in enumerate(places):
        for j, (at, end) in enumerate(places):
            if i < j and found[i] == found[j]:
                assert right < at or end < left
            if i < j and at <= right:
                assert found[j] < found[i]  # the rule of j ends below the label of i


def test_three_endings_are_known():
    assert ENDINGS == (".svg", ".png", ".html")
