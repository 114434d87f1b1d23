"""A YAML text as plain data with places: JSON is YAML, so Python's own writer of JSON says what must be read."""

import json
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latticework.yaml_text import Fault, Source, parse, plain

RAW = {"ensure_ascii": False}
read = partial(parse, noun="a recipe", example="name: tea")
words = st.text(alphabet='abé :#-&*!,[]{}"\\\n~1.', max_size=6)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False), words
)
blocks = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=12
)
documents = st.dictionaries(words, blocks, max_size=4)


def as_written(data):
    """The data with every scalar as JSON writes it, and words and null as they are."""
    if isinstance(data, dict):
        return {key: as_written(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_written(value) for value in data]
    return data if data is None or isinstance(data, str) else json.dumps(data)


def misplaced(text: str, source: Source) -> list[tuple]:
    """The keys and values that do not begin where their places say."""
    rows = text.split("\n")
    found = []
    for at, places in (("key", source.keys), ("value", source.values)):
        for loc, (line, column) in places.items():
            what = loc[-1] if at == "key" else source.value(loc)
            begins = "{" if isinstance(what, dict) else "[" if isinstance(what, list) else json.dumps(what, **RAW)
            if not rows[line - 1][column - 1 :].startswith(begins):
                found.append((at, loc))
    return found


@given(documents, st.sampled_from([None, 1, 4]))
def test_what_json_writes_is_read_with_its_places(data, indent):
    text = json.dumps(data, indent=indent, **RAW)
    source = read(text)
    assert source.faults == []
    assert source.data == data
    assert misplaced(text, source) == []
    assert read(text, typed=False).data == as_written(data)


def test_a_wrong_place_is_noticed():
    text = '{"a": [1, 22]}'
    source = read(text)
    source.values["a", 1] = source.values["a", 0]
    assert misplaced(text, source) == [("value", ("a", 1))]


def test_values_are_words_numbers_or_truth_values_or_as_they_are_written():
    text = "a: 1.10\nb: NO\nc: 2025-01-24\nd: true\ne:\nf: 0x1f\ng: '7'\nh: 1_000\ni: =\n"
    data = {"a": 1.1, "b": "NO", "c": "2025-01-24", "d": True, "e": None, "f": 31, "g": "7", "h": 1000, "i": "="}
    written = data | {"a": "1.10", "d": "true", "f": "0x1f", "h": "1_000"}
    assert (read(text).data, read(text, typed=False).data) == (data, written)
    assert read("%YAML 1.1\n---\na: NO\n").data == {"a": "NO"}


BEGAN = "this is not YAML: while parsing"
MISTAKES = [  # a text, and what is said of it
    ("", ["1:1: the file is empty; a recipe is a list of keys with values (`name: tea`)"]),
    ("- a", ["1:1: a recipe is a list of keys with values (`name: tea`)"]),
    ("a: 1\n? [b]\n: 2", ["2:3: a key is a word"]),
    ("a: {b: 1,\n  b: 2}", ["2:3: a: the key 'b' is here twice (first in line 1)"]),
    ("a: 1\na: 2\na: 3", [f"{i}:1: the key 'a' is here twice (first in line 1)" for i in (2, 3)]),
    ("a: &x [1]\nb: [*x, *x]", ["1:4: a: anchors and aliases (&, *) are not used in a recipe"]),
    ("a: 1\nb: &x [*x]", ["2:4: b: anchors and aliases (&, *) are not used in a recipe"]),
    ("a: &x 1\nb: &x 2", [f"{at}: anchors and aliases (&, *) are not used in a recipe" for at in ("1:4: a", "2:4: b")]),
    ("&x a: 1", ["1:1: anchors and aliases (&, *) are not used in a recipe"]),
    ("a: *x", ["1:4: this is not YAML: found undefined alias 'x'"]),
    ("a: !!int 4", ["1:4: a: tags (tag:yaml.org,2002:int) are not used in a recipe"]),
    ("a: !point {x: 1}", ["1:4: a: tags (!point) are not used in a recipe"]),
    ("!k a: 1", ["1:1: tags (!k) are not used in a recipe"]),
    ("a: [1, 99999999999999999]", ["1:8: a.1: '99999999999999999' is no number, or too large"]),
    ("a: x\x07", ["1:5: the character '\\x07' has no place in a text"]),
    ("a: x\n b\x1f: y", ["2:3: the character '\\x1f' has no place in a text"]),
    ('a: "x\\e[2J"', ["1:4: a: the character '\\x1b' has no place in a text"]),
    ('a: 1\n"\\ud800": 1', ["2:1: the character '\\ud800' has no place in a text"]),
    ('a: "\\UFFFFFFFF"', ["1:1: this is not YAML: it cannot be read (OverflowError)"]),
    ("a:\n\t- x", ["2:1: this is not YAML: indent with spaces, not with tabs"]),
    ("a: [x,\nb", [f"2:2: {BEGAN} a flow sequence (it began in line 1): expected ',' or ']', but got '<stream end>'"]),
    ("a: 1\n---\nb: 2", ["2:1: this is not YAML: expected a single document in the stream (it began in line 1): "
                         "but found another document"]),
    ("a: " + "[" * 3000, ["1:1: the blocks are nested too deeply"]),
    ("- " * 5000, ["1:1: the blocks are nested too deeply"]),
]  # fmt: skip


@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.parametrize(("text", "said"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_told_with_its_place(text, said, typed):
    if "no number" in str(said) and not typed:
        said = []
    assert read(text, typed=typed).lines("tea") == [f"tea:{line}" for line in said]


def test_what_has_no_width_stands_at_its_key_or_in_its_block():
    source = read("a: 1\nb:\nc: 2\nsteps:\n  - {id: boil, at: 1}\n")
    assert source.place(("b",)) == (2, 1)
    assert source.place(("steps", 0, "id"), "key") == (5, 6)
    assert source.place(("steps", 0, "salt")) == source.place(("steps", 0)) == (5, 5)
    assert source.line("tea", Fault(("steps", 0, "at"), "too\nearly")) == "tea:5:20: steps.boil.at: too early"
    assert source.value(("steps", 0, "id")) == "boil"
    assert source.value(("steps", 7, "id")) is None


PIECES = ["\t", "- ", ": ", "&a ", "*a", "!!int ", "!%1b ", "'", '"', "? ", "<<: ", "%", "---\n", "...", ".nan", "0x"]
PIECES += [
    "{",
    "}",
    "[",
    "]",
    ",",
    "\r",
    "\n",
    "\x07",
    "\x85",
    "\u2028",
    "|\n",
    "a",
    "a: ",
    r'"\ud800"',
    r'"\UFFFFFFFF"',
]


@given(st.lists(st.sampled_from(PIECES) | st.characters(), max_size=20).map("".join), st.booleans())
def test_garbage_is_told_in_printable_lines(text, typed):
    source = read(text, typed=typed)
    assert (source.data is None) <= bool(source.faults)
    for line in source.lines("tea"):
        _, row, column, _ = line.split(":", 3)
        assert 1 <= int(row) <= len(text.splitlines()) + 1
        assert int(column) >= 1
        assert line.isprintable()


def test_a_text_for_a_message_is_short_and_plain():
    assert plain("a\n b\x1b[2J\u202e") == r"a b\x1b[2J\x202e"
    assert len(plain("x" * 10**6, 40)) == 40
