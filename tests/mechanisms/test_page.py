"""The page on mechanisms is that of the code and of the shipped fits."""

from pathlib import Path

from latticework.actions.mechanism_page import mechanism_page
from latticework.mechanisms import KINDS, SIGNALS, parameters_of

PAGE = Path(__file__).parents[2] / "docs" / "mechanisms.md"


def test_the_page_is_that_of_the_code():
    assert PAGE.read_text(encoding="utf-8") == mechanism_page(), "run `make docs`"


def test_the_page_tells_every_signal_and_every_parameter():
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"| `{signal}` |" in text for signal in SIGNALS)
    for kind in KINDS:
        assert all(f"| {name} |" in text for name, _ in parameters_of(kind))
