"""Every kind of block can be read, every way to write one wrongly is told with its place, none is a traceback."""

import io
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from latticework.errors import InputError, ScenarioError
from latticework.processes import MODEL, AbstractCount, AbstractDrift, AbstractHazard, AbstractMark
from latticework.report.assumed import acts_on, assumptions
from latticework.scenario import compile_branch, needed_scales, steps
from latticework.scenario.schema import block_at
from latticework.scenario.targets import TARGETS
from tests.scenario.examples import FULL, small

LINE = re.compile(r"^small/scenario\.yaml:(\d+):(\d+): ")
SCALES = {"alignment:turnover_shift": 0.3, "troop_change:history_sd": 0.8}


def message(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        small(text)
    return str(caught.value)


def test_every_kind_of_block_is_read():
    found = small(FULL)
    assert [candidate.chance for candidate in found.successions[0].candidates] == [0.6, 0.4]
    assert found.crises[0].slows[1].unit == "per_year"
    assert found.demands[0].amount is not None
    assert found.demands[0].amount.value == 5e9
    assert found.levers[0].who_pays == ("USA", "JPN")
    assert found.mechanisms[0].parameters["weight of threat"].mean == 0.3
    assert [entry.id for entry in found.interventions_of("both")] == ["fall", "if-left", "push"]
    assert [lever.id for lever in found.levers_of("both")] == ["answer"]
    assert [demand.id for demand in found.demands_of("both")] == ["pay"]
    assert "arm" not in {entry.id for entry in found.made_somewhere()}  # it acts under its rule alone


CRISIS_SLOWS = """\
    slows:
      - {process: exercises, size: {mean: 0.7, sd: 0}, unit: log_rate}
      - {process: defence_effort, size: {mean: 0.02, sd: 0.01}, unit: per_year}
"""
# What is written, what is written instead, and what is said of it.
MISTAKES = {
    "chances of candidates": ("chance: 0.4\n        orient", "chance: 0.3\n        orient", "candidates sum to 0.9"),
    "a succession of the hub": ("state: KOR\n    cand", "state: USA\n    cand", "USA is the hub: it cannot turn"),
    "a key of a candidate": ("orientation: {mean: 1,", "orentation: {mean: 1,", "Did you mean 'orientation'?"),
    "a crisis that slows nothing": (CRISIS_SLOWS, "    slows: []\n", "slows nothing"),
    "an interregnum of nobody": (CRISIS_SLOWS, "    interregnum: 0.2\n" + CRISIS_SLOWS, "follows that leader's end"),
    "a later crisis of the baseline's leader": (
        CRISIS_SLOWS,
        "    ends_with_leader: true\n" + CRISIS_SLOWS,
        "under way on it",
    ),
    "a crisis after the end": ("until: 2025-09-30", "until: 2035-09-30", "2035-09-30 is outside the horizon"),
    "a unit of another process": ("unit: log_rate", "unit: log_hazard", "'exercises' is a count"),
    "a demand of oneself": ("of: KOR", "of: USA", "demands.pay.of: USA asks this of itself"),
    "a currency": ("value: 5000000000, currency: USD", "value: 1, currency: usd", "three capital letters, found 'usd'"),
    "a key of a sum": ("value: 5000000000, cur", "valu: 5000000000, cur", "Did you mean 'value'?"),
    "no demand of that name": ("demands: [pay]", "demands: [pey]", "there is no demand 'pey'. Did you mean 'pay'?"),
    "no lever of that name": ("levers: [answer]", "levers: [anser]", "there is no lever 'anser'. Did you mean"),
    "a cost upside down": ("low: 1000000,", "low: 3000000,", "low: 3e+06 is more than `high`, 2e+06"),
    "a payer who is not there": ("[USA, JPN]\n    ass", "[USA, FRA]\n    ass", "there is no state 'FRA'"),
    "a condition on all": ("on: USA-KOR, below", "on: USA-all, below", "one state or one dyad, not all"),
    "a condition on a state": ("on: USA-KOR, below", "on: KOR, below", "'troops' is about a dyad"),
    "a condition without a bound": (", below: 15000}", "}", "needs `above`, `below` or `happened`"),
    "a condition on no event": ("below: 15000", "happened: true", "'troops' is no event that could have happened"),
    "both bounds and an event": ("below: 15000", "below: 15000, happened: true", "not both"),
    "bounds that leave nothing": ("below: 15000", "below: 1, above: 2", "nothing is above 2 and below 1"),
    "happened is true or absent": ("below: 15000", "happened: false", "unknown word 'false'"),
    "a rule for nothing": ("then: [arm]", "then: [army]", "there is no intervention 'army'. Did you mean 'arm'?"),
    "a rule for a rule": ("then: [arm]", "then: [if-left]", "'if-left' is a rule"),
    "an event that needs years": ("then: [arm]", "then: [fall]", "the rule needs `for`"),
    "an event with a date under a rule": ("then: [arm]", "then: [fall]", "says when this happens: it has no `date`"),
    "a whole way that needs years": ("then: [arm]", "then: [drift]", "the years over which it is spread"),
    "what is under a rule made without it": ("[pressure, drift]", "[arm]", "acts under the rule 'if-left'"),
    "an event on a day that fades": ("date: 2025-04-10", "date: 2025-04-10\n    half_life: 1", "has no `half_life`"),
    "a yes or no held in part": (
        "layer: troops\n    on: [KOR-USA]\n    from: 2025-07-01\n    value: 0",
        "layer: dispute\n    half_life: 1\n    on: [KOR-USA]\n    value: 0",
        "half_life: 'dispute' is no level that could be held a part of the way. Possible: capability, cost_demand",
    ),
    "no years of onset": ("onset: 0.25", "onset: 0", "onset: should be greater than 0, found '0'"),
    "a clamp of a drift": ("clamp\n    process: leader_exit", "clamp\n    process: trade", "'trade' is no event that"),
    "a leader who is missing": ("  - {state: JPN, name: B,", "  # {state: JPN, name: B,", "JPN has no leader"),
    "a mechanism that is none": ("kind: burden", "kind: burdn", "Did you mean 'burden'?"),
    "a parameter that is none": ("{weight of threat:", "{weight of threats:", "Did you mean 'weight of threat'?"),
    "a sign that is imposed": ("threat: {mean: 0.3,", "threat: {mean: -0.3,", "is imposed: zero or more"),
    "a sum in two currencies": ("920000000, currency: USD", "920000000, currency: KRW", "is in another currency"),
    "a key of a parameter": ("{weight of threat: {mean: 0.3,", "{weight of threat: {men: 0.3,", "Did you mean 'mean'?"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_place(name: str):
    old, new, said = MISTAKES[name]
    assert FULL.count(old) == 1, "the test must change one place"
    text = FULL.replace(old, new)
    told = [line for line in message(text).splitlines() if said in line]
    assert told, message(text)
    line = int(LINE.match(told[0]).group(1))
    changed = text[: FULL.index(old)].count("\n") + 1
    if name not in ("a leader who is missing", "an event with a date under a rule", "chances of candidates"):
        assert abs(line - changed) <= 1


def paths(value: Any, here: tuple = ()) -> Iterator[tuple]:
    """The path of every key and item of a file."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*here, key)
        yield from paths(inner, (*here, key))


def parent(data: Any, path: tuple) -> Any:
    for step in path[:-1]:
        data = data[step]
    return data


def mutated(seed: int) -> tuple[str, str]:
    """The full file with one thing in it spoilt, and the word that a message must hold."""
    rng = np.random.default_rng(seed)
    data = YAML(typ="safe").load(re.sub(r"(\d{4}-\d\d-\d\d)", r"'\1'", FULL))
    spoil = SPOILT[seed % len(SPOILT)]
    word = spoil(data, [p for p in paths(data) if "parameters" not in p[-2:-1]], rng)
    return _dumped(data), word


def exchanged(chosen, *values: Any):
    """A way to spoil: one of the chosen places gets one of the values."""

    def spoil(data: Any, every: list[tuple], rng: np.random.Generator) -> str:
        some = [p for p in every if chosen(data, p)]
        path, value = some[rng.integers(len(some))], values[rng.integers(len(values))]
        parent(data, path)[path[-1]] = value
        return "nobody" if value == "nobody" else str(path[-1])

    return spoil


def renamed(data: Any, every: list[tuple], rng: np.random.Generator) -> str:
    keys = [p for p in every if isinstance(p[-1], str)]
    path = keys[rng.integers(len(keys))]
    parent(data, path)[f"{path[-1]}q"] = parent(data, path).pop(path[-1])
    return path[-1]


def left_out(data: Any, every: list[tuple], rng: np.random.Generator) -> str:
    needed = [p for p in every if isinstance(p[-1], str) and _is_needed(data, p)]
    path = needed[rng.integers(len(needed))]
    del parent(data, path)[path[-1]]
    return path[-1]


def in_a_circle(data: Any, every: list[tuple], rng: np.random.Generator) -> str:
    data["branches"][1]["extends"] = ["both", "hub", "out"][rng.integers(3)]
    return "in a circle"


def doubled(data: Any, every: list[tuple], rng: np.random.Generator) -> str:
    blocks = data[["interventions", "branches"][rng.integers(2)]]
    blocks.append(dict(blocks[rng.integers(len(blocks))]))
    return "is here twice"


LISTS = ("interventions", "then", "levers", "demands")
SPOILT = (
    renamed,
    left_out,
    in_a_circle,
    doubled,
    exchanged(lambda data, p: isinstance(p[-1], str) and not isinstance(parent(data, p)[p[-1]], list), [{"odd": 1}]),
    exchanged(lambda data, p: isinstance(parent(data, p)[p[-1]], list), 7, "word"),
    exchanged(
        lambda data, p: bool(re.fullmatch(r"\d{4}-\d\d-\d\d", str(parent(data, p)[p[-1]]))),
        *("2025-02-30", "tomorrow", "24.01.2025", 20250124),
    ),
    exchanged(lambda data, p: p[-1] == "chance", 1.5, -0.1, "likely", True),
    exchanged(lambda data, p: p[-2:-1] and p[-2] in LISTS and isinstance(parent(data, p)[p[-1]], str), "nobody"),
    exchanged(lambda data, p: p[-1] in ("state", "hub", "rival", "by", "of"), "QQQ"),
)


def _is_needed(data: Any, path: tuple) -> bool:
    fields = block_at(path[:-1], data).model_fields
    return any(f.is_required() for n, f in fields.items() if path[-1] in (n, f.alias)) and path[-1] != "operator"


def _dumped(data: Any) -> str:
    out = io.StringIO()
    YAML(typ="safe", pure=True).dump(data, out)
    return out.getvalue()


def test_control_what_is_not_spoilt_is_read():
    assert small(_dumped(YAML(typ="safe").load(re.sub(r"(\d{4}-\d\d-\d\d)", r"'\1'", FULL)))) == small(FULL)


@pytest.mark.parametrize("seed", range(220))
def test_a_spoilt_file_gives_one_message_with_file_line_and_column(seed: int):
    text, word = mutated(seed)
    told = message(text)
    places = [LINE.match(line) for line in told.splitlines()]
    assert all(places), told
    assert word in told
    assert all(1 <= int(place.group(1)) <= text.count("\n") + 1 for place in places if place)


LAWS = {"hazard": AbstractHazard, "mark": AbstractMark, "count": AbstractCount, "drift": AbstractDrift}
NO_STATES = {"pact_founded", "pact_ended", "treaties"}  # of pacts, and bookkeeping: nothing to push on a state or dyad


LOG_HAZARDS = ("troop_change", "garrison_opened")  # laws of their own that begin with a log hazard


def test_what_can_be_acted_on_are_the_processes_of_the_model():
    model = {process.name: process for process in MODEL}
    assert set(TARGETS) == set(model) - NO_STATES
    for name, target in TARGETS.items():
        process = model[name]
        dyads = {"dyad": "dyad", "ordered dyad": "dyad", "state": "state", "membership": "state"}
        assert target.on == dyads[process.unit], name
        assert isinstance(process, LAWS[target.law]) or name in LOG_HAZARDS, name
        if target.event:
            assert target.event in process.writes, name
            told = {"hazard": "event", "mark": "mark", "count": "tally"}[target.law]
            assert target.event == getattr(process, told, "troops_placed")


def test_an_assumption_that_is_taken_out_takes_its_effect_and_its_row_along():
    whole, grid = small(FULL), steps(small(FULL))
    names = {a.id for a in assumptions(whole, ("both", "hub"))}
    assert {"push", "if-left", "arm", "deadlock", "KOR: A sceptic"} <= names
    without = small(FULL.replace(", levers: [answer]", "").replace("interventions: [push]\n", "interventions: []\n"))
    assert names - {a.id for a in assumptions(without, ("both", "hub"))} == {"push", "if-left", "arm"}
    codes = whole.states
    left = compile_branch(without, "both", codes, grid, SCALES)
    assert not {"arm", "push"} & {one.name for one in left.contingencies}
    assert (np.asarray(left.mean["troop_change"]) == 0).all()
    assert (np.asarray(compile_branch(whole, "both", codes, grid, SCALES).mean["troop_change"]) != 0).any()


def test_a_row_says_what_acts_on_what_and_when():
    rows = {a.id: a for a in assumptions(small(FULL), ("both",))}
    assert rows["if-left"].when == "from 2025-04-01 on, while troops of USA-KOR is below 15,000"
    assert rows["arm"].when == "from the start on, under if-left"
    assert rows["KOR: A sceptic"].size == "−0.5 ± 0.25 of a usual shift after a change of leader, towards the hub"
    assert rows["deadlock"].size.startswith("slowed by")
    acts = acts_on(small(FULL))
    assert acts("both", "defence_effort", ("KOR", ""))
    assert not acts("base", "defence_effort", ("KOR", ""))
    assert acts("base", "exercises", ("JPN", "USA"))  # the crisis slows all of Japan's


def test_scales_are_asked_for_by_successions_and_by_crises():
    assert needed_scales(small(FULL)) == ("alignment:turnover_shift", "troop_change:history_sd")


def test_a_scale_of_zero_is_refused():
    text = FULL.replace("unit: log_hazard\n    onset", "unit: history_sd\n    onset")
    with pytest.raises(InputError, match="history shows no difference between states"):
        compile_branch(
            small(text), "both", ("USA", "JPN", "KOR"), steps(small(text)), SCALES | {"troop_change:history_sd": 0.0}
        )
