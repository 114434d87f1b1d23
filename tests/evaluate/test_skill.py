"""Skill and its intervals beside brute force on a handful of forecasts."""

import numpy as np
import pytest

from latticework.evaluate import skill
from latticework.evaluate.skill import Judged, resampled, skills

GENERATOR = np.random.default_rng(3)


def judged(rows=400, better=True, states=12):
    """Forecasts of dyads from twenty years; the model knows the chances, or is far too sure of them."""
    year = GENERATOR.integers(1990, 2010, rows)
    first = GENERATOR.integers(0, states, rows)
    second = (first + 1 + GENERATOR.integers(0, states - 1, rows)) % states
    chance = GENERATOR.beta(0.5, 2.0, rows)
    outcome = (GENERATOR.random(rows) < chance).astype(float)
    said = chance if better else (chance > 0.2).astype(float)
    chances = {"model": said, "base rate": np.full(rows, outcome.mean())}
    losses = {"Brier": {name: (c - outcome) ** 2 for name, c in chances.items()}}
    return Judged("dispute", "y1", year, np.stack([first, second], axis=1), outcome, losses, chances)


def test_resampling_is_that_of_years_and_states_by_hand():
    part = judged(80)
    found = resampled(part, part.losses["Brier"], seed=4)
    years, states = np.unique(part.year), np.unique(part.nodes)
    by_year, by_state = skill._weights(len(years), len(states), skill.REPLICATES, 4)
    for b in (0, 7):
        total = 0.0
        for r, loss in enumerate(part.losses["Brier"]["model"]):
            w = by_year[b][list(years).index(part.year[r])]
            for node in part.nodes[r]:
                w *= by_state[b][list(states).index(node)]
            total += w * loss
        assert found["model"][b] == pytest.approx(total)


def test_skill_is_one_less_the_ratio_of_losses_and_lies_in_its_interval():
    part = judged()
    rows = {(r["block"], r["score"], r["baseline"]): r for r in skills(part)}
    row = rows["all", "Brier", "base rate"]
    losses = part.losses["Brier"]
    assert row["skill"] == pytest.approx(1 - losses["model"].mean() / losses["base rate"].mean())
    assert row["lower"] < row["skill"] < row["upper"]
    assert row["n"] == 400
    assert row["events"] == part.outcome.sum()
    early = part.between(1990, 2004)
    assert rows["to 2004", "Brier", "base rate"]["n"] == len(early.year) < 400
    assert rows["all", "PR-AUC", "base rate"]["value"] > part.outcome.mean()


def test_control_a_model_that_is_too_sure_has_no_skill():
    sure = [r for r in skills(judged(better=False)) if r["score"] == "Brier" and r["block"] == "all"]
    right = [r for r in skills(judged()) if r["score"] == "Brier" and r["block"] == "all"]
    assert sure[0]["skill"] < 0.5 * right[0]["skill"]


def test_dependence_through_a_state_widens_the_interval():
    part = judged(2000, states=30)
    hub = part.nodes.copy()
    hub[:, 0] = 0
    shared = Judged(part.target, part.horizon, part.year, hub, part.outcome, part.losses, part.chances)
    widths = [r["upper"] - r["lower"] for p in (part, shared) for r in skills(p) if r["score"] == "Brier"][:1]
    alone = Judged(
        part.target, part.horizon, part.year, np.arange(2000)[:, None], part.outcome, part.losses, part.chances
    )
    independent = next(r["upper"] - r["lower"] for r in skills(alone) if r["score"] == "Brier")
    assert widths[0] > independent


def test_few_events_make_no_skill():
    part = judged()
    quiet = Judged(part.target, part.horizon, part.year, part.nodes, np.zeros(400), part.losses, part.chances)
    assert all(np.isnan(r["skill"]) for r in skills(quiet))
