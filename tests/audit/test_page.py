"""The page on claims names every key of a claims file, test by test, and no other."""

import re
from pathlib import Path

import pytest

from latticework.audit.base import Compared
from latticework.audit.evidence import Fact
from latticework.audit.family import FAMILY
from latticework.audit.schema import Claim, Claims
from latticework.audit.verdict import Verdict
from latticework.scenario.schema import keys_of

PAGE = (Path(__file__).parents[2] / "docs" / "claims.md").read_text()
SECTIONS = dict(re.findall(r"^##+ (.*?)\n(.*?)(?=^##|\Z)", PAGE, re.M | re.S))


def told(section: str) -> set[str]:
    """The keys in the first column of a section's tables."""
    first = re.findall(r"^\| (`.*?) \|", section, re.M)
    return {key for cell in first for key in re.findall(r"`([a-z_]+)`", cell)}


@pytest.mark.parametrize(("title", "model"), [("The file", Claims), ("Facts", Fact), ("Claims", Claim)])
def test_blocks_have_their_keys(title, model):
    assert told(SECTIONS[title]) == set(keys_of(model))


def test_every_test_has_its_keys():
    shared = told(SECTIONS["Every test"])
    assert shared == set(keys_of(Compared)) | {"test"}
    sections = {title.split(":")[0]: text for title, text in SECTIONS.items() if ":" in title}
    assert set(sections) == set(FAMILY)
    for word, model in FAMILY.items():
        assert told(sections[word]) == set(keys_of(model)) - shared, word


def test_every_verdict_is_explained():
    assert set(re.findall(r"^\| ([a-z ]+) \|", SECTIONS["Verdicts"], re.M)) - {"verdict"} == set(Verdict)
