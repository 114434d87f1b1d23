"""A fault in a scenario file is reported with its line, column and a way out; garbage is never a traceback."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from latticework.errors import ScenarioError, UnknownNameError
from latticework.scenario.schema import Clamp, Event, Set, Shift
from tests.scenario.examples import SMALL, small

LINE = re.compile(r"^small/scenario\.yaml:(\d+):(\d+):")


def faults(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        small(text)
    return str(caught.value).splitlines()


def changed(old: str, new: str) -> tuple[str, int, int]:
    """The small scenario with one piece exchanged, and where the new piece begins."""
    assert SMALL.count(old) == 1, "the test must change one place"
    at = SMALL.index(old)
    return SMALL.replace(old, new), SMALL[:at].count("\n") + 1, at - SMALL.rfind("\n", 0, at)


def test_a_valid_scenario_is_read():
    scenario = small()
    assert scenario.baseline == date(2025, 1, 24)
    assert [type(entry) for entry in scenario.interventions] == [Shift, Shift, Event, Clamp, Set]
    assert scenario.interventions[1].on == ("JPN", "KOR")  # ROK is a name for KOR
    assert [entry.id for entry in scenario.interventions_of("out")] == ["fall", "pressure", "drift", "safe", "gone"]


# What is written, what is written instead, how far into it the fault is, and what is said.
MISTAKES = {
    "unknown key": ("question: What", "queston: What", 0, "queston: unknown key 'queston'. Did you mean 'question'?"),
    "unknown key in a block": (
        "mean: 0.5",
        "men: 0.5",
        0,
        "pressure.size.men: unknown key 'men'. Did you mean 'mean'?",
    ),
    "unknown state": ("hub: USA", "hub: USQ", 5, "hub: there is no state 'USQ'. Did you mean 'USA'?"),
    "state not listed": ("[USA, JPN, KOR]\nl", "[USA, JPN]\nl", None, "rival: KOR is not among the states"),
    "unknown state in a dyad": (
        "on: [KOR-USA]\n    from: 2025-02-15",
        "on: [KOR-USX]\n    from: 2025-02-15",
        5,
        "interventions.pressure.on.0: there is no state 'USX'. Did you mean 'USA'?",
    ),
    "unknown operator": ("operator: event", "operator: evnt", 10, "unknown operator 'evnt'. Did you mean 'event'?"),
    "unknown process": ("process: troop_change", "process: troop_chnge", 9, "Did you mean 'troop_change'?"),
    "unknown layer": ("layer: troops\n", "layer: troups\n", 7, "there is no layer 'troups'. Did you mean 'troops'?"),
    "unknown unit": (
        "unit: history_sd",
        "unit: history_ds",
        6,
        "unknown word 'history_ds'. Did you mean 'history_sd'?",
    ),
    "unit of another process": ("unit: history_sd", "unit: turnover_shift", 6, "'troop_change' is a hazard"),
    "unknown intervention": (
        "[pressure, drift]",
        "[presure, drift]",
        1,
        "branches.hub.interventions.0: there is no intervention 'presure'. Did you mean 'pressure'?",
    ),
    "unknown branch": ("extends: base", "extends: bse", 9, "there is no branch 'bse'. Did you mean 'base'?"),
    "circle of branches": (
        "summary: Nothing,",
        "summary: N, extends: out,",
        21,
        "in a circle: base > out > hub > base",
    ),
    "branch twice": ("{id: hub,", "{id: base,", 5, "branches.base.id: 'base' is here twice"),
    "day outside the horizon": ("until: 2025-12-31", "until: 2026-01-01", 7, "outside the horizon from 2025-01-24 to"),
    "window backwards": ("until: 2025-12-31", "until: 2025-03-31", 7, "comes before `from`"),
    "no such day": ("date: 2025-04-10", "date: 2025-02-30", 6, "'2025-02-30' is not a date of the calendar"),
    "baseline before the data": ("baseline: 2025", "baseline: 1925", 10, "baseline: 1925-01-24 is outside the data"),
    "chance above one": ("chance: 0.4", "chance: 40", 8, "should be less than or equal to 1, found '40'"),
    "words for a number": ("chance: 0.4", "chance: likely", 8, "found 'likely'"),
    "no steps": ("quarters: 4", "quarters: 0", 10, "should be greater than or equal to 1, found '0'"),
    "missing key": ("    chance: 0.4\n", "", None, "interventions.fall: the key 'chance' is missing"),
    "a state for a dyad": (
        "on: [KOR-USA]\n    from: 2025-02-15",
        "on: [KOR]\n    from: 2025-02-15",
        5,
        "'troop_change' is about a dyad (KOR-USA or USA-all), found the state 'KOR'",
    ),
    "a value without origin": ("value: 23291, source: page", "value: 23291", None, "a value needs a `source`"),
    "a vote in the past": ("date: 2025-07-20", "date: 2024-07-20", 6, "scheduled for 2024-07-20, before the baseline"),
    "a list for a word": ("title: Three states", "title: [Three]", 7, "should be a valid string, found a list"),
    "a key twice": ("hub: USA", "id: USA", 0, "the key 'id' is here twice (first in line 1)"),
    "an anchor": ("focus: [USA]\nstates: [", "focus: &f [USA]\nstates: [*f, ", None, "anchors and aliases"),
    "a tag": ("quarters: 4", "quarters: !!python/name:os.system 4", 10, "tags (tag:yaml.org,2002:python/name"),
    "open quotes": ("title: Three states", 'title: "Three states', None, "found unexpected end of stream"),
    "a tab": ("    operator: event", "\toperator: event", 0, "indent with spaces, not with tabs"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_has_a_place_and_a_way_out(name: str):
    old, new, into, said = MISTAKES[name]
    text, line, column = changed(old, new)
    found = [fault for fault in faults(text) if said in fault]
    assert found, faults(text)
    if into is not None:
        assert LINE.match(found[0]).groups() == (str(line), str(column + into))


def test_all_faults_come_at_once_in_the_order_of_the_file():
    text = SMALL.replace("hub: USA", "hub: UAS").replace("chance: 0.4", "chance: 4").replace("[fall]", "[fal]")
    places = [tuple(map(int, LINE.match(fault).groups())) for fault in faults(text)]
    assert len(places) == 3
    assert places == sorted(places)


def test_a_quoted_no_and_a_bare_no_are_words():
    """Norway's two letters are no truth value here (YAML 1.2)."""
    assert small(SMALL.replace("title: Three states", "title: NO")).title == "NO"


@pytest.mark.parametrize("text", ["", "# only a comment\n", "- a\n- b\n", "words", "\x00\x01\x02", "[" * 3000, "a: *x"])
def test_what_is_no_scenario_is_refused(text: str):
    assert faults(text)[0].startswith("small/scenario.yaml:1:")


def test_an_unknown_branch_is_named():
    with pytest.raises(UnknownNameError, match=r"There is no branch 'hubb' in scenario 'small'. Did you mean 'hub'\?"):
        small().interventions_of("hubb")


PIECES = st.sampled_from(
    ["\t", "'", '"', "[", "]", "{", "}", ":", "- ", "&a ", "*a", "!!int ", "!x ", "~", "no", "1e999", "\x07", "é", "|",
     "? ", "<<: ", "%", "---\n", "...", ".nan", "9" * 5000, "2025-99-99", "all", "-", ",", "\n", "#", "0x", "null"]
)  # fmt: skip


@st.composite
def broken(draw: st.DrawFn) -> str:
    """The small scenario, cut, doubled and spoilt in a few places."""
    text = SMALL
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        stop = min(len(text), start + draw(st.integers(0, 30)))
        middle = draw(st.one_of(PIECES, st.just(""), st.just(text[start:stop] * 2), st.text(max_size=5)))
        text = text[:start] + middle + text[stop:]
    return text


@with_settings(max_examples=100)
@given(broken())
def test_garbage_is_never_a_traceback(text: str):
    message = ""
    try:
        small(text)
    except ScenarioError as error:
        message = str(error)
    assert all(LINE.match(line) for line in message.split("\n") if message)


def test_the_check_for_tracebacks_can_fail(monkeypatch: pytest.MonkeyPatch):
    """Negative control: a fault of the program is not taken for one of the file, so the test above would see it."""
    monkeypatch.setattr("latticework.scenario.read.check", lambda data, known: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        small()
