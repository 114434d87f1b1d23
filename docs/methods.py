"""Writes docs/methods.md and its picture: free runs of the whole model beside history (`make checks`)."""

from pathlib import Path

from latticework.actions import free_run
from latticework.actions.posterior import SHIPPED
from latticework.report.checks import page
from latticework.report.predictive_chart import drawing
from latticework.store import sha256

HERE = Path(__file__).parent
PATHS = 120  # with 40 a median may be two of its Monte Carlo errors off, and a statistic at the edge change sides
SOURCE = f"Latticework: free runs from the end of 1989, all states, {PATHS} paths, seed 1"

if __name__ == "__main__":
    table = free_run(paths=PATHS)
    (HERE / "checks.svg").write_text(drawing(table, SOURCE), encoding="utf-8")
    (HERE / "methods.md").write_text(page(table, sha256(SHIPPED)), encoding="utf-8")
