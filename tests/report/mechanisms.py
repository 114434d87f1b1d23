"""A run with mechanisms, demands and levers, small and made up, for the sections that tell of them."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import xarray as xr

from latticework.report.mechanism_results import MechanismResults
from latticework.report.results import Results
from latticework.scenario.schema import Scenario
from tests.report.futures import results, scenario
from tests.report.test_strength_outlook import measured

WHO = {"assumed_by": "The authors", "reason": "made up for a test"}
PAYS = 1.8  # what the ally of the second branch pays, times what it paid


def with_levers() -> Scenario:
    """The scenario of the tests with a demand in its second branch and a third that pulls a lever."""
    told = scenario().model_dump(by_alias=True, mode="json")
    money = {"currency": "USD", "year": 2025}
    told["demands"] = [
        {"id": "pay", "by": "USA", "of": "KOR", "what": "to pay", "threat": "to leave"}
        | {"amount": {"value": 9_000_000_000, **money}, "agreed": {"value": 1_000_000_000, **money}}
        | WHO
    ]
    told["levers"] = [
        {"id": "lever", "title": "A lever", "interventions": ["promises-doubted"], "who_pays": ["USA", "JPN"]}
        | {"cost": {"low": 1_000_000_000, "high": 4_000_000_000, **money}}
        | WHO
    ]
    told["branches"][1]["demands"] = ["pay"]
    third = {"id": "together", "title": "Together", "summary": "They pull a lever.", "extends": "status-quo"}
    told["branches"].append(third | {"levers": ["lever"]})
    return Scenario.model_validate(told)


def world(rise: float = 3.0, noise: float = 0.0, seed: int = 5) -> xr.Dataset:
    """Three branches with tie strength and what mechanisms move; in the third ties rise by `rise`, with noise."""
    two = measured()
    third = two.isel(branch=[0]).assign_coords(branch=["together"])
    rng = np.random.default_rng(seed)
    moved = rise + noise * rng.standard_normal((1, two.sizes["path"], 1, 1))
    third = third.assign(tie_strength=third["tie_strength"] + moved)
    made = xr.concat([two, third], "branch")
    shape = [made.sizes[name] for name in ("branch", "path", "time", "state")]
    zero = np.zeros(shape, np.float32)
    pays, settled, belief = zero.copy(), zero.copy(), 0.1 * rng.standard_normal(shape).astype(np.float32)
    korea = made["state"].values.tolist().index("KOR")
    pays[1, :, 3:, korea] = np.log(PAYS)
    settled[1, :, 3, korea] = 1.0
    belief[1] -= 0.5
    balance = 0.7 + 0.1 * rng.random(shape[1:])[None] * np.ones((3, 1, 1, 1))
    balance[1] -= 0.2
    parts = {"payment": pays, "settled": settled, "credibility": belief, "balance_chance": balance}
    parts |= {"hedge_chance": 0.6 * (1 - balance), "bandwagon_chance": 0.4 * (1 - balance)}
    return made.assign({name: (("branch", "path", "time", "state"), values) for name, values in parts.items()})


def told() -> MechanismResults:
    """What mechanisms say, made up: numbers by which cells can be known."""
    columns = ("kind", "parameter", "unit", "mean", "sd", "sign", "origin", "because", "source")
    rows = [
        ("Burden bargaining", "bargain: split: usual", "share", -0.6, 0.3, 0, "fitted", "a fifth is paid", "a record"),
        ("Credibility of the hub", "credibility: log presence", "log odds", 0.5, 0.35, 1, "assumed", "a <guess>", ""),
    ]
    split = [("transactional-hub", "KOR", "2025-03-31", t, 1.0, m, m - 0.1, m + 0.1) for t, m in SPLIT.items()]
    named = ("branch", "state", "date", "term", "value", "mean", "lower", "upper")
    fit = [("settlements", 17), ("after a demand on record", 2), ("mean log score", 0.2)]
    fit += [("mean log score of a normal law", 0.3), ("settlements inside their 80 % band", 0.75)]
    targets = [(p, 0.015, 0.4, 0.42, 729) for p in (0.5, 1.0, 3.0)]
    return MechanismResults(
        parameters=pd.DataFrame(rows, columns=list(columns)),
        split=pd.DataFrame(split, columns=list(named)),
        fit=pd.DataFrame(fit, columns=["name", "value"]),
        game=game(),
        targets=pd.DataFrame(targets, columns=["precision", "challenge", "fulfilled", "unconditional", "pairs"]),
        stance=stance(),
    )


SPLIT = {"an even split": 0.5, "what is usual": -0.4, "share that is paid": 0.1}
CHALLENGE = {"status-quo": 0.043, "transactional-hub": 0.061, "together": 0.043}


def game() -> pd.DataFrame:
    """A game of one threat and one ally."""
    rows = []
    for branch, chance in CHALLENGE.items():
        apart = chance - CHALLENGE["status-quo"]
        for quantity in ("challenge", "without", "support", "fight", "war"):
            value = chance if quantity == "challenge" else 0.4
            rows.append(
                (branch, "PRK", "KOR", quantity, value, value - 0.01, value + 0.01, 0.02, 0.2, apart, 0.001, apart != 0)
            )
    columns = ("branch", "challenger", "ally", "quantity", "value", "lower", "upper", "loose", "strict")
    return pd.DataFrame(rows, columns=[*columns, "difference", "mc_se", "clear"])


def stance() -> pd.DataFrame:
    """A measured stance of Korea."""
    values = {"tilt": 0.52, "dispersion": 0.13, "engagement": 0.28, "hedging": 0.06}
    values |= {"tilt in security": 0.61, "tilt in diplomacy": 0.33, "tilt in economy": 0.5}
    rows = [("2024-12-31", "KOR", q, v, v - 0.05, v + 0.05) for q, v in values.items()]
    return pd.DataFrame(rows, columns=["date", "state", "quantity", "value", "lower", "upper"])


@cache
def made(rise: float = 3.0, noise: float = 0.0) -> Results:
    """A run of three branches with mechanisms."""
    return replace(results(world(rise, noise)), scenario=with_levers(), mechanisms=told())
