"""The page of the documentation on skill, made from the result that comes with the package."""

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from latticework.evaluate.cases import CASES
from latticework.evaluate.targets import TARGETS, Events
from latticework.report.case_charts import told as told_case
from latticework.report.numbers import DASH
from latticework.report.skill import SCORED, said, verdict

SHOWN = ("q1", "y1", "y3", "y5", "y1-y5")
BLOCKS = ("all", "to 2004", "from 2005")


def page(
    skill: pd.DataFrame, calibration: pd.DataFrame, cases: pd.DataFrame, made: Mapping[str, str], moves: pd.DataFrame
) -> str:
    """The page, from the three tables that come with the package, what they were made from, and moves of ties."""
    return PAGE.format(
        verdicts="\n".join(verdicts(skill)),
        tables="\n\n".join(section(name, skill, calibration) for name in TARGETS),
        demanded="\n".join(f"- {line}" for line in demanded(skill, calibration)),
        cases="\n".join(f"- {told_case(case, cases)}" for case in CASES if case.name in set(cases["case"])),
        made="; ".join(f"{name} {value}" for name, value in made.items()),
        origins=made.get("origins", "of past years"),
        paths=made.get("paths", "some"),
        moves="\n".join(moved(row) for row in moves.to_dict("records")),
    )


def moved(row: Mapping[Hashable, object]) -> str:
    """How often ties moved, in a sentence."""
    whose = {"hub": "Of the ties of the United States", "all": "Of all ties"}[str(row["whose"])]
    return (
        f"{whose}, {row['ties']:,} in {row['n']:,} years, {row['falls']:,} fell and {row['rises']:,} rose as far; the "
        f"posterior sd of a strength is {row['sd']:.2f}."
    )


def verdicts(skill: pd.DataFrame) -> list[str]:
    """One line per target: beside the hardest baseline, a quarter, a year and three years ahead."""
    lines = ["| target | ahead | events or cases | hardest baseline | skill (90 % interval) | in words |"]
    lines.append("| --- | --- | --- | --- | --- | --- |")
    for name, target in TARGETS.items():
        for horizon in ("q1", "y1", "y3"):
            row = hardest(skill, name, horizon)
            if row is not None:
                cells = (target.title, said(horizon), f"{row['events']:,}", row["baseline"], numbers(row), verdict(row))
                lines.append("| " + " | ".join(map(str, cells)) + " |")
    return lines


def hardest(skill: pd.DataFrame, target: str, horizon: str, block: str = "all") -> Mapping[Hashable, object] | None:
    """The record of the baseline that leaves the model the least skill (Brier or CRPS)."""
    mine = (skill["target"] == target) & (skill["horizon"] == horizon) & (skill["block"] == block)
    rows = [r for r in skill[mine].to_dict("records") if r["score"] in SCORED]
    rows = [r for r in rows if not np.isnan(r["skill"])]
    return min(rows, key=lambda row: float(row["skill"]), default=None)


def numbers(row: Mapping[Hashable, object]) -> str:
    """Skill with its interval."""
    skill, low, high = (float(str(row[name])) for name in ("skill", "lower", "upper"))
    return f"{skill:.3f} ({low:.3f}{DASH}{high:.3f})" if low == low else f"{skill:.3f}"


def section(name: str, skill: pd.DataFrame, calibration: pd.DataFrame) -> str:
    """Everything about one target: skill by horizon, block and baseline, and calibration."""
    target, mine = TARGETS[name], skill[skill["target"] == name]
    lines = [f"### {target.title} (`{name}`)", ""]
    if mine.empty:
        return "\n".join([*lines, "Nothing to judge in this result."])
    baselines = list(dict.fromkeys(mine["baseline"]))
    lines += ["| ahead | origins | score | value | n | events | " + " | ".join(f"beside {b}" for b in baselines) + " |"]
    lines += ["| --- | --- | --- | --- | --- | --- | " + " | ".join("---" for _ in baselines) + " |"]
    order = [(h, b, s) for h in SHOWN for b in BLOCKS for s in dict.fromkeys(mine["score"])]
    for horizon, block, score in order:
        rows = mine[(mine["horizon"] == horizon) & (mine["block"] == block) & (mine["score"] == score)]
        found = {r["baseline"]: r for r in rows.to_dict("records")}
        if found:
            first = next(iter(found.values()))
            cells = (horizon, block, score, f"{first['value']:.4g}", f"{first['n']:,}", f"{first['events']:,}")
            beside = [_skill(found.get(baseline)) for baseline in baselines]
            lines.append("| " + " | ".join((*cells, *beside)) + " |")
    return "\n".join([*lines, "", told(name, calibration)])


def _skill(row: Mapping[Hashable, object] | None) -> str:
    return "" if row is None or np.isnan(float(str(row["skill"]))) else numbers(row)


def told(name: str, calibration: pd.DataFrame) -> str:
    """Calibration in a sentence."""
    mine = calibration[(calibration["target"] == name) & (calibration["horizon"] == "y1")]
    values = {(r["what"], r["at"]): r["value"] for r in mine.to_dict("records") if r["what"] != "share"}
    known = {what: value for (what, _), value in values.items()}
    if isinstance(TARGETS[name], Events):
        if "AUC" not in known:
            return ""
        return (
            f"One year ahead the Brier score is {known['miscalibration']:.5f} miscalibration less "
            f"{known['discrimination']:.5f} discrimination plus {known['uncertainty']:.5f} uncertainty; calibration "
            f"error {known['calibration error']:.4f}; area under the ROC curve {known['AUC']:.3f}, which flatters rare "
            "events."
        )
    inside = {at: value for (what, at), value in values.items() if what == "interval"}
    words = ", ".join(f"{value:.0%} of outcomes in the central {at:.0%}" for at, value in inside.items())
    return f"One year ahead: {words}."


def demanded(skill: pd.DataFrame, calibration: pd.DataFrame) -> list[str]:
    """What was demanded of the model beforehand, and what came out."""

    def value(target: str, horizon: str, score: str, baseline: str, column: str = "skill") -> float:
        mine = (skill["target"] == target) & (skill["horizon"] == horizon) & (skill["block"] == "all")
        rows = skill[mine & (skill["score"] == score) & (skill["baseline"] == baseline)]
        return float(rows[column].iloc[0]) if len(rows) else float("nan")

    lines = [
        _held(
            "dispute, all dyads, a year ahead: Brier skill beside the base rate",
            value("dispute", "y1", "Brier", "base rate"),
            0.12,
        ),
        _held("the same: PR-AUC", value("dispute", "y1", "PR-AUC", "base rate", "value"), 0.19),
        _held(
            "leader change in the next quarter: Brier skill beside the base rate",
            value("leader-change", "q1", "Brier", "base rate"),
            0.09,
        ),
        _held("the same, all votes given", value("leader-change-votes", "q1", "Brier", "base rate"), 0.09),
        *_farther([value("leader-change", horizon, "Brier", "base rate") for horizon in ("q2", "q3", "q4")]),
    ]
    for target, title in (("defence-effort", "defence effort"), ("ideal-point", "UN drift")):
        row = hardest(skill, target, "y1")
        if row is not None:
            what = f"{title}, a year ahead: CRPS skill beside the best naive baseline ({row['baseline']})"
            lines.append(_held(what, float(str(row["skill"])), -0.01))
        cover = calibration[(calibration["target"] == target) & (calibration["what"] == "interval")]
        for row in cover[cover["at"] == 0.8].to_dict("records"):
            good = "held" if 0.76 <= row["value"] <= 0.84 else "not held"
            lines.append(f"{title}, {row['horizon']}: {row['value']:.1%} in 80 % intervals (76 to 84 demanded): {good}")
    return lines


def _farther(skills: list[float]) -> list[str]:
    """Origins are ends of years, so that the next quarter is the first one, of which more is known than of others."""
    if np.isnan(skills).any():
        return []
    told = ", ".join(f"{skill:.3f}" for skill in skills)
    return [f"leader change two, three and four quarters ahead (April to December): Brier skill {told} (none demanded)"]


def _held(what: str, value: float, least: float) -> str:
    if np.isnan(value):
        return f"{what}: not measured in this result"
    return f"{what} {value:.3f} ({least:g} or more demanded): {'held' if value >= least else 'not held'}"


PAGE = """<!-- Written by `make backtest`: change src/latticework/report/skill_page.py, not this page. -->

# Skill

How well would these forecasts have done? `latticework backtest` makes them as they could have been made at the end of
every year since 1990, for all states, and holds them against what happened; `latticework backtest --shipped` prints the
result below, of origins {origins} with {paths} paths each. Change is scored, never level: that alliances last is no
skill.

## In one table

{verdicts}

Skill is 1 less the ratio of the model's loss to that of the baseline which leaves it least (Brier score of events, CRPS
of numbers). The interval resamples years and states. "Not shown to beat" says that it holds zero.

## What was demanded beforehand

{demanded}

## How it is done

**Origins.** The last day of each year. The world is as known on it: a layer that comes out late is a year old and is
simulated on from there; wars, regimes and economies stand still after it; no vote is known that had not been set, and
later ones are expected at the state's own rhythm. A test takes everything out of the panel that became known later and
asks for the same inputs; planted leaks are caught by it. Figures are those of today's editions ([data.md](data.md)).

**Training.** All coefficients, levels and frailties are learned anew from what was known at the cuts named at the
foot, not at every origin: an origin uses the last cut before it, so that a forecast from the year before the next cut
rests on coefficients that are years old, and those of the logits beside it are of the same cut. Nothing that became
known after an origin is learned from. Which effects there are, and the priors that quote studies of later years, were
chosen by people who knew what came since; no cut takes that out.

**Forecasts** are free-running paths of all processes that bear on the targets, five years in quarters: nothing of the
years ahead is fed in. Of the disputes of the year that ends the law of ends says how many are over: the record has
years, and on the day nobody knows. The chance of an event is the mean over paths of its hazard while it has not come,
which says the same as counting paths with far less noise; exercises and levels that are crossed are counted, and scored
by the fair Brier score. Visits, trade, warheads and deaths move nothing else and are left out; they are not scored.
That force is used is the chance of a dispute times that of force in it as the world stood at the origin.
A unit of which the model says nothing (a dyad that is not politically relevant, a state without a known regime) gets
the rate of its class.

**Horizons.** `q1` to `q4` are the next four quarters, `y1` to `y5` the first to fifth year. Levels (troops, members,
effort, ideal points) are those at the end of that year, beside the origin or, for yearly figures, beside the last
figure that was out.

Of numbers `y1-y5` scores the five years jointly, by the energy score.

**Baselines.** For events: persistence (nothing happens), the base rate of all that was known, the rate by class
(regime, border, size), a logit with three covariates, and a logit with structure and history, each horizon foretold
directly, trained at the model's cuts. For numbers: persistence, random walks with Student-t errors without and with
drift, an AR(1), and the changes (and courses) of the last fifteen years as they were.

**Bundles.** A treaty of many is one unit, whoever belongs to it, so that the end of the Warsaw Pact is one event.

**What is not here.** That a tie falls or rises by half a standard deviation of strength in a year is no target of its
own.
{moves}
Strength is smoothed over all years, so that its mean seldom moves so far, and its parameters are learned once, from the
whole panel, not at cuts. What it is read from (agreements, members, troops, exercises, disputes, votes) is scored
instead.

NATO's two percent was pledged in 2014; earlier years are judged by the same line. A forecast that the model cannot
make better than its baseline stays in the table, and the table says so.

## Calibration

![Chances said beside shares that came](skill-chances.svg)

![Where outcomes fell among the paths](skill-ranks.svg)

## Known cases

Free-running paths from before five episodes. Those of 1976 and 1984 use the model of the first cut, which knows the
years up to it: they show what the laws give, not foresight.

![Known cases](skill-cases.svg)

{cases}

## Target by target

`value` is the model's own mean loss (Brier, log, CRPS, energy) or, for PR-AUC, its area, to be held against the share
of events; skill beside each baseline with its 90 % interval. Origins to 2004 and from 2005 are shown apart: the later
block is the harder test.

{tables}

Made with: {made}.
"""
