"""Writes the reference pages from the code, so that they cannot differ from it: `make docs`."""

from pathlib import Path

from latticework.report.reference import pages

HERE = Path(__file__).parent

if __name__ == "__main__":
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8")
