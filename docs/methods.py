"""Writes docs/methods.md and its picture: free runs of the whole model beside history (`make checks`)."""

from pathlib import Path

from latticework.actions import free_run
from latticework.actions.posterior import SHIPPED
from latticework.report.checks import page
from latticework.report.predictive_chart import drawing
from latticework.store import sha256

HERE = Path(__file__).parent
SOURCE = "Latticework: free runs from the end of 1989, all states, 40 paths, seed 1"

if __name__ == "__main__":
    table = free_run()
    (HERE / "checks.svg").write_text(drawing(table, SOURCE), encoding="utf-8")
    (HERE / "methods.md").write_text(page(table, sha256(SHIPPED)), encoding="utf-8")
