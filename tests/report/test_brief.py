"""The brief is one page that loads nothing, says only what the run found and survives hostile scenario texts."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import altair as alt
import pytest
from altair.utils.schemapi import SchemaValidationError

from latticework.report.artefacts import tables, texts
from latticework.report.brief import brief
from latticework.report.charts import charts, picture
from latticework.report.outlook_tables import outlook_tables
from tests.report.futures import ensemble, results

VOID = {"meta", "br", "hr", "img", "link", "input", "col"}
SECTIONS = (
    "answers",
    "sides",
    "ties",
    "troops",
    "alignment",
    "leaders",
    "disputes",
    "contrast",
    "rests",
    "limits",
    "sources",
    "cite",
)


class Page(HTMLParser):
    """The page as tags, attributes and words; complains about tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.faults += self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {k: v or "" for k, v in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"/{tag}")

    def handle_data(self, data):
        if not self.open or self.open[-1] not in {"style", "script"}:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.fixture(scope="module")
def made():
    return results()


@pytest.fixture(scope="module")
def html(made):
    return brief(made)


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_the_page_is_well_formed(page):
    assert page.faults == []
    assert ("html", {"lang": "en"}) in page.tags
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))


def test_an_open_tag_is_caught():
    assert Page("<div><p>x</div>").faults


def test_every_section_is_there_and_linked(page):
    ids = {a["id"] for _, a in page.tags if "id" in a}
    assert set(SECTIONS) <= ids
    linked = {a["href"][1:] for tag, a in page.tags if tag == "a" and a["href"].startswith("#")}
    assert set(SECTIONS) == linked


def test_the_page_asks_nothing_of_anyone(page, html):
    assert not [tag for tag, _ in page.tags if tag in {"script", "link", "iframe", "img", "object", "embed"}]
    assert not [a for _, a in page.tags if "src" in a or any(name.startswith("on") for name in a)]
    outward = [tag for tag, a in page.tags if "://" in a.get("href", "") or "://" in a.get("xlink:href", "")]
    assert set(outward) == {"a"}
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_tables_have_captions_and_charts_have_words(page):
    tables = [tag for tag, _ in page.tags if tag == "table"]
    assert len(tables) == len([tag for tag, _ in page.tags if tag == "caption"]) >= 9
    pictures = [a for tag, a in page.tags if tag == "svg" and a.get("role") == "img"]
    assert len(pictures) == len([tag for tag, _ in page.tags if tag == "figure"]) >= 6
    ids = {a["id"] for _, a in page.tags if "id" in a}
    assert all(set(a["aria-labelledby"].split()) <= ids for a in pictures)


def test_words_of_the_scenario_are_escaped():
    evil = '<script>alert(1)</script> & "quotes" <b>bold</b> {{ 7 * 7 }}'
    html = brief(results(reason=evil, title=evil))
    assert "<script" not in html
    assert "<b>" not in html
    assert "{{ 7 * 7 }}" in html
    assert Page(html).faults == []
    assert "alert(1)" in Page(html).text


def test_what_the_tables_say_is_what_the_page_says(made, page):
    for table in outlook_tables(made, made.branches, full=True):
        for row in table.rows:
            for cell in row:
                assert cell.text in page.text


def test_numbers_of_the_page_come_from_the_run(made):
    """Another ensemble changes every simulated number, so that none can have been typed."""
    other = brief(results(ensemble(seed=7, lift=-0.4)))
    ours = brief(made)

    def answers(html: str) -> list[str]:
        part = html[html.index('id="answers"') : html.index('id="ties"')]
        return re.findall(r"\d+ %|[+−]\d+\.\d points", Page(part).text)

    same = sum(a == b for a, b in zip(answers(ours), answers(other), strict=False))
    assert len(answers(ours)) > 20
    assert same < len(answers(ours)) / 3


def test_no_chance_is_bare(page):
    assert not re.search(r"(?<![\d.<>–(])(0|100) %", page.text.replace("80 %", ""))


def test_the_page_says_how_to_make_it_again(page, made):
    assert "seed 1" in page.text
    assert "ab" * 32 in page.text
    assert "asia-2025 --seed 1 --paths 400" in page.text
    for layer in made.layers:
        assert layer["citation"] in page.text
        assert layer["licence"] in page.text
    assert "latticework backtest --shipped" in page.text
    assert "was not measured in this run" in page.text


def test_charts_are_valid_and_say_what_they_found(made):
    found = charts(made)
    assert {c.section for c in found} == {"troops", "alignment", "leaders", "disputes"}
    for chart in found:
        root = ET.fromstring(chart.svg)
        title = root.find("{http://www.w3.org/2000/svg}title")
        assert title is not None
        assert title.text == chart.title
        assert float(root.attrib["width"]) <= 400
    assert any(re.search(r"\d+ %", c.title) for c in found)
    assert ET.fromstring(picture(made)).tag.endswith("svg")


def test_every_chart_follows_the_grammar(made, monkeypatch):
    """Specifications are not checked when a brief is made, which would take seconds: they are checked here."""
    drawn, checked = alt.TopLevelMixin.to_dict, []

    def strict(chart, *args, **options):
        if options.get("validate") is False and checked[-1:] != ["inside"]:
            checked.append("inside")
            made = drawn(chart, *args, **(options | {"validate": True}))
            checked[-1] = "whole"
            return made
        return drawn(chart, *args, **options)

    monkeypatch.setattr(alt.TopLevelMixin, "to_dict", strict)
    found = charts(made)
    assert checked == ["whole"] * len(found)
    assert len(found) > 5


def test_control_a_chart_against_the_grammar_is_caught():
    with pytest.raises(SchemaValidationError, match="nowhere"):
        alt.Chart(alt.Data(values=[])).mark_point().encode(x=alt.X("a:Q", axis=alt.Axis(orient="nowhere"))).to_dict()


def test_a_run_leaves_the_page_its_picture_and_the_tables(made):
    assert set(texts(made)) == {"brief.html", "brief.md", "picture.svg"}
    names = ("outlook", "contrast", "sides", "inputs", "estimates", "assumptions")
    assert set(tables(made)) == {f"tables/{name}" for name in names}
