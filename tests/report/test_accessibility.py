"""A page that everybody can read: contrast in light and dark, a way past the contents, headers, words for pictures."""

import re
from importlib import resources
from itertools import pairwise

import pytest

from latticework.report.brief import brief
from latticework.report.chart_style import BRANCHES, GRID, INK, PAPER, SHAPES, SOFT
from tests.report.mechanisms import made
from tests.report.test_brief import Page

TEXT, GRAPHIC = 4.5, 3.0  # WCAG 2.1, success criteria 1.4.3 (AA) and 1.4.11


@pytest.fixture(scope="module")
def css() -> str:
    return (resources.files("latticework.report") / "templates" / "brief.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def html() -> str:
    return brief(made())


@pytest.fixture(scope="module")
def page(html) -> Page:
    return Page(html)


def themes(css: str) -> dict[str, dict[str, str]]:
    """The colours of the light page and of the dark one, by variable."""
    light, dark = re.findall(r":root \{(.*?)\n *\}", css, re.DOTALL)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return {"light": found, "dark": found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark))}


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.1."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_the_standard_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the well-known grey that just fails


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_from_its_ground(css, theme):
    told = themes(css)[theme]
    pairs = [(ink, ground) for ink in ("ink", "soft") for ground in ("paper", "wash")]
    pairs += [("blue", "paper"), ("observed", "paper"), ("estimated", "paper"), ("assumed", "assumed-wash")]
    faint = {pair: contrast(told[pair[0]], told[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < TEXT} == {}
    assert contrast(told["focus"], told["paper"]) >= GRAPHIC


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_branches_stand_out_from_the_page_and_from_each_other_by_shape(css, theme):
    paper = themes(css)[theme]["paper"]
    assert {colour for colour in BRANCHES if contrast(colour, paper) < GRAPHIC} == set()
    assert len(set(BRANCHES)) == len(set(SHAPES)) == 8


def test_charts_turn_dark_with_the_page(css):
    dark = css[css.index("prefers-color-scheme: dark") :]
    for colour in (PAPER, INK, SOFT, GRID):
        assert f'[fill="{colour}"]' in dark or f'[stroke="{colour}"]' in dark
    colours = themes(css)
    assert colours["light"]["ink"] == INK
    assert colours["light"]["paper"] == PAPER


def test_the_page_prints_in_light(css):
    assert "@media screen and (prefers-color-scheme: dark)" in css
    assert "@media print" in css


def test_the_page_names_its_language_and_lets_the_keyboard_past_the_contents(page):
    assert ("html", {"lang": "en"}) in page.tags
    links = [a["href"] for tag, a in page.tags if tag == "a"]
    assert links[0] == "#answers"
    target = next(a for tag, a in page.tags if a.get("id") == "answers")
    assert target["tabindex"] == "-1"


def test_what_scrolls_can_be_reached_and_has_a_name(page):
    regions = [a for tag, a in page.tags if tag == "div" and a.get("class") == "wide"]
    assert len(regions) > 15
    assert all(a["tabindex"] == "0" and a["role"] == "region" and a["aria-label"] for a in regions)


def test_every_header_says_what_it_heads(page):
    heads = [a.get("scope") for tag, a in page.tags if tag == "th"]
    assert set(heads) == {"col", "row"}
    assert heads.count("row") > 100


def test_headings_go_down_one_step_at_a_time(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_picture_has_words(page, html):
    pictures = [a for tag, a in page.tags if tag == "svg" and a.get("role") == "img"]
    assert len(pictures) >= 8
    for a in pictures:
        title, words = a["aria-labelledby"].split()
        assert re.search(rf'<title id="{title}">[^<]+</title><desc id="{words}">[^<]+</desc>', html)


def test_a_mark_says_what_it_means_without_colour(page):
    marks = [a for tag, a in page.tags if tag == "abbr"]
    assert {a["title"] for a in marks} == {"observed", "estimated", "assumed"}
