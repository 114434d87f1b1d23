"""Writes the shipped result of the backtest, docs/skill.md and its pictures (`make backtest`)."""

import sys
from pathlib import Path

from latticework.actions.backtest import Asked, run_backtest, ship, shipped
from latticework.actions.chunks import code_sha256
from latticework.actions.strength_moves import strength_moves
from latticework.report import case_charts, skill_charts, skill_page

HERE = Path(__file__).parent


def files() -> dict[str, str]:
    """The page and its pictures, from the result that comes with the package."""
    result = shipped()
    source = "Latticework backtest: " + "; ".join(f"{name} {value}" for name, value in result.made.items())
    return {
        "skill.md": skill_page.page(result.records, result.calibration, result.cases, result.made, strength_moves()),
        "skill-chances.svg": skill_charts.chances_drawing(result.calibration, source),
        "skill-ranks.svg": skill_charts.ranks_drawing(result.calibration, source),
        "skill-cases.svg": case_charts.drawing(result.cases, source),
    }


if __name__ == "__main__":
    if "--shipped" not in sys.argv:
        work = Path("runs") / f"backtest-{code_sha256()[:8]}"  # other code begins anew
        ship(run_backtest(Asked(work=work), lambda what, share: print(f"{share:4.0%} {what}", file=sys.stderr)))
    for name, text in files().items():
        (HERE / name).write_text(text, encoding="utf-8")
