"""The page of the data says what the panel says, its pictures show what was counted, and its commands can be run."""

import inspect
import re
import runpy
import shlex
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from rich.console import Console
from typer.main import get_command

from latticework.cli import app
from latticework.data import get, layer, layers
from latticework.data.coverage import coverage
from latticework.data.dense import DYAD_DERIVED, STATE_DERIVED
from latticework.data.files import PANEL, write_layer, write_manifest
from latticework.data.layer import Layer, tidy
from latticework.report import data_pages
from latticework.report.coverage_charts import BAR, INK, percent, picture, sparkline, text_bars
from latticework.report.data_pages import listing, shown
from latticework.report.emit import pretty

DOCS = Path(__file__).parents[2] / "docs"
GENERATED = runpy.run_path(str(DOCS / "generate.py"))["files"]()
PAGE = GENERATED["data.md"]
RECORDS = layers(PANEL)
NAMES = [record["layer"] for record in RECORDS]
SVG = "{http://www.w3.org/2000/svg}"


def flat(text):
    """Words one space apart, without what Markdown needs."""
    return " ".join(re.sub(r"\\([|*<~$\\.+#>=)-])", r"\1", text).split())


def section(name):
    return PAGE.split(f"\n### {name}\n")[1].split("\n## ")[0].split("\n### ")[0]


def table(*shares, covered=3, existed=4, rows=7):
    """A coverage with the shares of some decades."""
    made = {"decade": [f"{1950 + 10 * i}s" for i in range(len(shares))], "existed": existed, "covered": covered}
    return pd.DataFrame(made | {"years_existed": 40, "years_covered": 30, "share": shares, "rows": rows})


@pytest.mark.parametrize("name", GENERATED)
def test_generated_files_are_those_of_the_panel(name):
    assert (DOCS / name).read_text(encoding="utf-8") == GENERATED[name], "run `make docs`"


def test_there_is_a_picture_of_every_layer_and_of_no_other():
    assert {path.stem for path in (DOCS / "data").iterdir()} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_layer_has_its_picture_source_terms_and_traps(name):
    record, text = layer(name, PANEL), flat(section(name))
    assert f"](data/{name}.svg)" in text
    for key in ("title", "unit", "coverage", "source", "version", "citation", "licence", "transformation"):
        assert flat(record[key]) in text, key
    for said in (*record["traps"], f"{record['rows']:,}", record["to"], *(f"`{c}`" for c in record["extras"])):
        assert flat(said) in text
    assert ("the list is complete" in text) == (record["absent"] == "zero")


def test_derived_layers_are_explained():
    part = PAGE.split("## Derived layers")[1]
    for name, make in (STATE_DERIVED | DYAD_DERIVED).items():
        row = next(line for line in part.splitlines() if line.startswith(f"| `{name}` |"))
        assert " ".join(make.__doc__.split("\n\n")[0].split()) in flat(row)


def test_where_the_data_end_is_told_of_every_layer_once():
    part = PAGE.split("## Where the data end")[1].split("## All layers")[0]
    told = {
        name: row.split("|")[1].strip()
        for row in part.splitlines()
        for name in re.findall(r"\(#(\w+)\)", row)
        if row.startswith("| ")
    }
    assert told == {record["layer"]: record["to"] for record in RECORDS}


def test_links_within_the_page_lead_to_headings():
    anchors = {h.lower().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", PAGE, re.M)}
    links = re.findall(r"\]\(#([^)]+)\)", PAGE)
    assert len(links) >= 2 * len(NAMES)
    assert set(links) <= anchors


def commands_of(text):
    blocks = re.findall(r"```sh\n(.*?)```", text, re.S)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("line", commands_of(PAGE))
def test_commands_of_the_page_exist(line):
    _, *rest = shlex.split(line)
    command = get_command(app)
    while rest and hasattr(command, "commands") and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    assert not hasattr(command, "commands"), line
    assert {word for word in rest if word.startswith("--")} <= {o for p in command.params for o in p.opts}


def test_the_command_of_a_layer_gets_rows():
    gets = [line.split() for line in commands_of(PAGE) if line.startswith("latticework data get")]
    assert [words[3] for words in gets] == NAMES or {words[3] for words in gets} == set(NAMES)
    for words in gets:
        states = words[5].split(",") if len(words) > 5 else None
        assert len(get(words[3], states))


def test_every_command_on_the_data_is_in_the_page():
    for name, command in get_command(app).commands["data"].commands.items():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `latticework data {name}"))
        assert command.help in row.replace("\\", "")
        assert all(p.opts[0] in row for p in command.params if p.opts[0].startswith("--"))


def test_lines_are_short_and_no_text_becomes_a_list():
    for line in PAGE.splitlines():
        assert len(line) <= 110 or line.startswith(("|", "!", "<!--")), line
    every = [data_pages._filled("x" * n + " word" * 15 + " - and 1. or # of 2014) end", "- ", "  ") for n in range(40)]
    assert not any(re.search(r"\n *([-+#>]|\d+[.)]) ", text) for text in every)
    broken = {m.group(1) for text in every for m in re.finditer(r"\n *(\\[-#]|\d+\\[.)]) ", text)}
    assert broken == {"\\-", "1\\.", "\\#", "2014\\)"}
    assert data_pages._safe("a|b *c* ~5 $3 `x|y*`") == r"a\|b \*c\* \~5 \$3 `x|y*`"


def test_layers_of_the_users_own_are_not_in_the_page(tmp_path, monkeypatch):
    words = dict.fromkeys(("title", "unit", "source", "version", "citation", "licence", "transformation"), "Mine")
    mine = Layer(name="mine", kind="state", frequency="annual", coverage="all", **words)
    rows = pd.DataFrame({"date": ["2000-12-31"], "state": ["JPN"], "value": [1.0], "source": ["me"]})
    write_manifest({"mine": write_layer(mine, tidy(mine, rows), tmp_path)}, {}, tmp_path)
    monkeypatch.setenv("LATTICEWORK_LAYERS", str(tmp_path))
    assert "mine" in {record["layer"] for record in layers()}
    assert inspect.signature(data_pages.pages).parameters["folder"].default == PANEL
    assert "mine" not in NAMES
    found = shown(layer("mine")).set_index("key")["value"]
    assert found["get it"] == "latticework data get mine --states JPN"
    assert sparkline(coverage("mine")["share"]) == "·····▁··"


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_shows_what_was_counted(name):
    text = GENERATED[f"data/{name}.svg"]
    root, counted = ElementTree.fromstring(text), coverage(name, PANEL)
    frames = [r for r in root.iter(f"{SVG}rect") if r.get("fill") == "none"]
    bars = {int(r.get("x")): r for r in root.iter(f"{SVG}rect") if r.get("fill") == BAR}
    assert len(frames) == len(counted)
    for frame, share in zip(frames, counted["share"], strict=True):
        bar = bars.get(int(frame.get("x")))
        assert (bar is None) == (share == 0) == ("stroke-dasharray" in frame.attrib)
        if bar is not None:
            tall = float(frame.get("height"))
            assert float(bar.get("height")) / tall == pytest.approx(
                share, abs=1 / tall
            )  # a bar is a pixel high at least
            foot = float(bar.get("y")) + float(bar.get("height"))
            assert foot == pytest.approx(float(frame.get("y")) + tall)
    words = [t.text for t in root.iter(f"{SVG}text")]
    assert set(counted["decade"]) <= set(words)
    assert all(percent(share) in words for share in counted["share"])


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_small_and_the_same_every_time(name):
    text = GENERATED[f"data/{name}.svg"]
    assert len(text.encode()) < 6000
    assert picture(layer(name, PANEL), coverage(name, PANEL)) == text
    assert set(re.findall(r'(?:fill|stroke)="(#\w+)"', text)) <= {BAR, INK}
    root = ElementTree.fromstring(text)
    assert not any({"id", "href", "style"} & set(e.attrib) for e in root.iter())
    width, height = (int(root.get(k)) for k in ("width", "height"))
    assert (width, height) == (420, 90)
    for rect in root.iter(f"{SVG}rect"):
        x, y, w, h = (float(rect.get(k)) for k in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert x + w <= width
        assert y + h <= height
    told = root.find(f"{SVG}title")
    assert told is not None
    assert f"]({name}" not in (told.text or "")
    assert f"![{told.text}](data/{name}.svg)" in PAGE


def luminance(colour):
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("paper", ["#ffffff", "#0d1117"])
@pytest.mark.parametrize("colour", [BAR, INK])
def test_the_colours_can_be_read_on_white_and_on_dark_pages(colour, paper):
    light, dark = sorted((luminance(colour), luminance(paper)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) > 4


def test_a_picture_of_words_that_need_escaping_is_whole():
    record = {"layer": "a<b&c", "absent": "missing", "kind": "state", "frequency": "annual"}
    root = ElementTree.fromstring(picture(record, table(0.001, 1.0)))
    assert "a<b&c" in (root.find(f"{SVG}title").text or "")
    assert "<1 %" in [t.text for t in root.iter(f"{SVG}text")]


def test_shares_in_words_and_blocks():
    said = [percent(x) for x in (0.0, 0.0001, 0.004, 0.006, 0.5, 0.994, 0.9999, 1.0)]
    assert said == ["–", "<1 %", "<1 %", "1 %", "50 %", "99 %", "99 %", "100 %"]
    assert sparkline([0.0, 1e-9, 0.125, 0.126, 0.5, 0.875, 0.876, 1.0]) == "·▁▁▂▄▇██"


def test_bars_of_text_stand_below_each_other():
    lines = text_bars(table(0.0, 0.001, 0.5, 1.0), "states").splitlines()
    assert [line.count("█") for line in lines] == [0, 0, 1, 6, 12]
    assert [line.count("·") for line in lines] == [0, 12, 11, 6, 0]
    assert len({len(line) for line in lines}) == 1
    assert "3 of 4" in lines[1]


def printed(records, width):
    out = StringIO()
    Console(width=width, file=out).print(pretty(records))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_list_of_layers_fits_into_a_terminal_with_two_lines_each(width):
    lines = printed(listing(RECORDS, width, PANEL), width)
    body = [line for line in lines if line.strip()][2:]
    assert len(body) == 2 * len(NAMES)
    assert [line.split()[0] for line in body[::2]] == NAMES
    assert max(len(line.rstrip()) for line in lines) <= width
    assert all(re.search(r"[▁▂▃▄▅▆▇█·]{8}", line) for line in body[1::2])


def test_the_list_of_no_layers_has_its_columns():
    assert list(listing((), 80).columns) == ["layer", "what", "covers", "rows", "source, terms"]


@pytest.mark.parametrize("name", NAMES)
def test_everything_about_a_layer_is_shown(name):
    record, found = layer(name), shown(layer(name)).set_index("key")["value"]
    for key, value in {"title": "title", "unit": "unit", "covers": "coverage", "cite": "citation"}.items():
        assert found[key] == record[value].replace("`", "")
    assert found["terms"] == record["licence"]
    assert all(trap.replace("`", "") in found["traps"] for trap in record["traps"])
    assert len(found["by decade"].splitlines()) == 1 + len(coverage(name))
    assert all(len(line) <= 60 for line in found["by decade"].splitlines())


def test_rows_are_told_by_source_and_facts_together(tmp_path):
    words = dict.fromkeys(("title", "unit", "source", "version", "citation", "licence", "transformation"), "Mine")
    mine = Layer(name="mine", kind="state", frequency="annual", coverage="all", **words)
    given = [
        ("2000", "book-1"),
        ("2001", "book-1"),
        ("2001", "fact: a page"),
        ("2003", "fact: another"),
        ("2004", "x|y"),
    ]
    rows = pd.DataFrame([(f"{y}-12-31", s) for y, s in given], columns=["date", "source"])
    rows = rows.assign(state=["JPN", "JPN", "KOR", "KOR", "KOR"], value=1.0)
    write_manifest({"mine": write_layer(mine, tidy(mine, rows), tmp_path)}, {}, tmp_path)
    told = data_pages._given(layer("mine", tmp_path), tmp_path)
    assert told == "; from `book-1` 2 (2000–2001), facts 2 (2001–2003), `x|y` 1 (2004)"


LAGS = {0: "on its date", 1: "1 month after its date", 6: "6 months after its date"}


@pytest.mark.parametrize("lag", LAGS)
def test_the_lag_is_told_in_words(lag):
    record = {"extras": {}, "lag": lag}
    assert data_pages._lag(record) == LAGS[lag]
    assert data_pages._lag(record | {"hindsight": ["exit"]}).endswith("; `exit` when the spell has ended")
    assert "row by row" in data_pages._lag(record | {"extras": {"known": "date"}})


def test_control_a_trap_that_the_page_leaves_out_is_noticed():
    name = NAMES[0]
    record = layer(name, PANEL) | {"traps": ["a trap that the page does not tell"]}
    entry = "\n\n".join(data_pages._entry(record, coverage(name, PANEL), PANEL))
    assert "- a trap that the page does not tell" in entry
    assert "a trap that the page does not tell" not in section(name)
