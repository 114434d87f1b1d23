"""Writes docs/methods.md and its picture: free runs of the whole model beside history (`make checks`).

A number after the script's name is that of the paths.
"""

import sys
from pathlib import Path

from latticework.actions import free_run
from latticework.actions.posterior import SHIPPED
from latticework.report.checks import page
from latticework.report.predictive_chart import drawing
from latticework.store import sha256

HERE = Path(__file__).parent
PATHS = 120  # with 40 a median may be two of its Monte Carlo errors off, and a statistic at the edge change sides
SOURCE = "Latticework: free runs from the end of 1989, all states, {} paths, seed 1"

if __name__ == "__main__":
    paths = int(sys.argv[1]) if len(sys.argv) > 1 else PATHS
    table = free_run(paths=paths)
    (HERE / "checks.svg").write_text(drawing(table, SOURCE.format(paths)), encoding="utf-8")
    (HERE / "methods.md").write_text(page(table, sha256(SHIPPED)), encoding="utf-8")
