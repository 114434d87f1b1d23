"""A small ensemble with known laws, and the rest of what a run hands to the report."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import xarray as xr

from latticework.fit import Record
from latticework.report.results import Results
from latticework.scenario.schema import Scenario

FOCUS = ("USA", "JPN", "KOR", "CHN", "PRK", "TWN", "RUS")
STATES = (*FOCUS, "DEU", "PHL")
NAMES = {
    "USA": "United States",
    "JPN": "Japan",
    "KOR": "South Korea",
    "CHN": "China",
    "PRK": "North Korea",
    "TWN": "Taiwan",
    "RUS": "Russia",
    "DEU": "Germany",
    "PHL": "Philippines",
}
POINTS = {"USA": 2.5, "JPN": 0.8, "KOR": 1.0, "CHN": -0.8, "PRK": -0.7, "RUS": -0.5, "DEU": 1.0, "PHL": -0.2}
TROOPS = {"JPN": 52603.0, "KOR": 23291.0, "DEU": 34949.0, "PHL": 46.0}
PACTS = {"JPN-USA": 0.01, "KOR-USA": 0.01, "CHN-PRK": 0.02, "PRK-RUS": 0.03, "PHL-USA": 0.01}
DISPUTES = {
    "CHN-USA": 0.06,
    "KOR-PRK": 0.08,
    "CHN-TWN": 0.07,
    "CHN-JPN": 0.04,
    "PRK-USA": 0.03,
    "JPN-PRK": 0.02,
    "CHN-KOR": 0.01,
    "RUS-USA": 0.03,
    "JPN-RUS": 0.02,
    "CHN-PHL": 0.03,
}
LEAVES = {"USA": 0.004, "JPN": 0.09, "KOR": 0.2, "CHN": 0.01, "PRK": 0.01, "TWN": 0.04, "RUS": 0.012}


def pairs() -> list[tuple[str, str]]:
    return sorted({(min(a, b), max(a, b)) for a in FOCUS for b in STATES if a != b})


def quarters(count: int = 16) -> np.ndarray:
    ends = pd.date_range("2025-03-31", periods=count, freq="QE")
    return ends.values.astype("datetime64[ns]")


STATE_LAYERS = ("turnover", "turnover_chance", "ideal_point")
EVENTS = ("turnover", "agreement", "defence", "dispute")
TIES = [f"{a}-{b}" for a, b in pairs()]


@dataclass(frozen=True)
class Noise:
    """What both branches share: a level of hazards per draw, uniform numbers, and a walk of the ideal points."""

    level: np.ndarray
    uniform: dict[str, np.ndarray]
    walk: np.ndarray


def noise(paths: int, draws: int, seed: int) -> Noise:
    rng = np.random.default_rng(seed)
    level = np.exp(0.3 * rng.standard_normal(draws))[np.arange(paths) % draws][:, None, None]
    units = {"turnover": len(STATES), "dispute": len(TIES), "agreement": len(TIES), "troops": len(TIES)}
    uniform = {name: rng.random((paths, 16, count)) for name, count in units.items()}
    return Noise(level, uniform, np.cumsum(0.06 * rng.standard_normal((paths, 16, len(STATES))), axis=1))


def hazard(
    chances: dict[str, float], units: tuple[str, ...] | list[str], other: float, level: np.ndarray
) -> np.ndarray:
    return np.clip(np.array([chances.get(u, other) for u in units]) * level, 0, 0.95) * np.ones((1, 16, 1))


def branch(shared: Noise, lift: float) -> dict[str, np.ndarray]:
    """One branch: constant hazards times the draw's level; disputes and cuts of troops times exp(lift)."""
    up, u = np.exp(lift), shared.uniform
    leave = hazard(LEAVES, STATES, 0.05, shared.level)
    fight = hazard(DISPUTES, TIES, 0.0, shared.level * up)
    end = hazard(PACTS, TIES, 0.0, shared.level)
    held = np.cumprod(u["agreement"] >= end, axis=1)
    open_before = np.concatenate([np.ones_like(held[:, :1]), held[:, :-1]], axis=1)
    in_force = np.where([name in PACTS for name in TIES], held, 0)
    host = np.array([TROOPS.get(n.replace("-USA", ""), np.nan) if n.endswith("-USA") else np.nan for n in TIES])
    cuts = np.cumsum(u["troops"] < 0.03 * shared.level * up, axis=1)
    troops = np.where(host < 100, host, host * 0.7**cuts * np.exp(0.02 * (u["troops"] - 0.5)))
    point = np.array([POINTS.get(s, np.nan) for s in STATES]) + shared.walk
    return {
        "turnover": u["turnover"] < leave,
        "turnover_chance": leave,
        "ideal_point": point + 0.2 * lift * np.array([s == "USA" for s in STATES]),
        "agreement": in_force,
        "defence": in_force,
        "agreement_end_chance": end * open_before,
        "troops": troops,
        "dispute": u["dispute"] < fight,
        "dispute_chance": fight,
    }


def ensemble(paths: int = 400, draws: int = 40, seed: int = 1, lift: float = 0.5) -> xr.Dataset:
    """Two branches with constant hazards that differ by draw, the second lifted."""
    shared = noise(paths, draws, seed)
    both = [branch(shared, 0.0), branch(shared, lift)]
    data = {}
    for name in both[0]:
        axis, kind = "state" if name in STATE_LAYERS else "dyad", np.int8 if name in EVENTS else np.float32
        stacked = np.stack([np.broadcast_to(one[name], (paths, 16, one[name].shape[-1])) for one in both])
        data[name] = (("branch", "path", "time", axis), stacked.astype(kind))
    data["disputes_among_all"] = (("branch", "path", "time"), data["dispute"][1].sum(-1).astype(np.int32))
    coords = {
        "branch": np.array(["status-quo", "transactional-hub"], object),
        "path": np.arange(paths),
        "time": quarters(),
        "state": np.array(STATES, object),
        "dyad": np.array(TIES, object),
        "draw": ("path", np.arange(paths) % draws),
        "dyad_state": ("dyad", np.array([a for a, _ in pairs()], object)),
        "dyad_partner": ("dyad", np.array([b for _, b in pairs()], object)),
    }
    hashes = {"posterior_sha256": "ab" * 32, "panel_sha256": "cd" * 32}
    attrs = {"scenario": "asia-2025", "baseline": "2025-01-24", "seed": seed, "paths": paths, "draws": draws}
    return xr.Dataset(data, coords, {**attrs, "version": "0", "hub": "USA", **hashes})


def inputs() -> pd.DataFrame:
    rows = [("ideal_point", s, "", v, "2023-12-31", 1.07, "unga", "carried forward") for s, v in POINTS.items()]
    rows += [("troops", "USA", s, v, "2024-12-31", 0.07, "dmdc", "observed") for s, v in TROOPS.items()]
    for pact in PACTS:
        a, b = pact.split("-")
        rows += [("defence", x, y, 1.0, "2019-01-01", 0.0, "patch-2025", "observed") for x, y in ((a, b), (b, a))]
    rows += [("capability", s, "", 0.05, "2022-12-31", 2.07, "nmc-7.0", "carried forward") for s in STATES]
    rows += [("peace_years", "CHN", "USA", 5.0, "2014-12-31", 10.07, "mid-5.0", "carried forward")]
    rows += [("democracy", "PHL", "", 0.4, "2025-01-24", 0.0, "Authors: a guess", "assumed")]
    rows += [("tenure", s, "", 1.0, "2024-01-24", 1.0, "a source", "observed") for s in STATES]
    return pd.DataFrame(rows, columns=["layer", "state", "partner", "value", "date", "age_years", "source", "origin"])


def leader(state: str) -> dict[str, str]:
    words = {"name": f"Leader of {state}", "office": "President", "since": "2024-01-24", "source": "a source"}
    return {"state": state, "confidence": "high", **words}


def interventions(reason: str) -> list[dict]:
    who, dates = {"assumed_by": "The authors"}, {"from": "2025-01-24"}
    removal = {"id": "kor-removal", "operator": "event", "process": "leader_exit", "on": ["KOR"], "chance": 0.7}
    doubted = {"id": "promises-doubted", "operator": "shift", "process": "dispute_onset", "on": ["CHN-JPN", "CHN-TWN"]}
    size = {"size": {"mean": 0.5, "sd": 0.3}, "unit": "history_sd", "source": "https://example.org/why?a=1&b=2"}
    return [
        removal | dates | who | {"until": "2025-06-11", "reason": "The Court rules within 180 days."},
        doubted | dates | who | size | {"until": "2028-12-31", "reason": reason},
    ]


def scenario(reason: str = "Doubt invites tests; the record does not show it.", title: str = "Asia") -> Scenario:
    known = {"id": "status-quo", "title": "Status quo", "summary": "What was known.", "interventions": ["kor-removal"]}
    paid = {"id": "transactional-hub", "title": "Transactional hub", "summary": "The hub asks to be paid."}
    guess = {"layer": "democracy", "state": "PHL", "value": 0.4, "reason": "a guess", "assumed_by": "Authors"}
    return Scenario.model_validate(
        {
            "id": "asia-2025",
            "title": title,
            "question": "Who gains?",
            "baseline": "2025-01-24",
            "hub": "USA",
            "rival": "CHN",
            "second_threat": "PRK",
            "focus": list(FOCUS),
            "states": list(STATES),
            "leaders": [leader(s) for s in STATES],
            "interventions": interventions(reason),
            "branches": [known, paid | {"extends": "status-quo", "interventions": ["promises-doubted"]}],
            "values": [guess],
        }
    )


@dataclass(frozen=True)
class Anchored:
    value: float
    sd: float | None
    source: str
    note: str = ""


@dataclass(frozen=True)
class Number:
    name: str
    unit: str = "log hazard"
    anchor: Anchored | None = None


@dataclass(frozen=True)
class Law:
    name: str
    title: str

    def coefficients(self) -> tuple[Number, ...]:
        return (Number("intercept"), Number("rivalry", anchor=Anchored(0.9, 0.11, "A table")))


@dataclass(frozen=True)
class Fitted:
    names: tuple[str, ...] = ("intercept", "rivalry")
    mode: np.ndarray = field(default_factory=lambda: np.array([-1.875, 0.8125]))
    sd: np.ndarray = field(default_factory=lambda: np.array([0.25, 0.125]))
    sd_naive: np.ndarray = field(default_factory=lambda: np.array([0.125, 0.0625]))
    rows: int = 1234
    events: int = 321
    span: tuple[str, str] = ("1950-12-31", "2014-12-31")
    trusted: bool = True
    varying: tuple = ()

    @property
    def records(self) -> tuple[Record, ...]:
        told = {"rows": 1234, "prior_mean": 0.0, "prior_sd": 1.0, "source": "a fit"}
        first = Record(
            "intercept",
            "estimated",
            events=321,
            because="",
            mean=-1.875,
            sd=0.25,
            sd_naive=0.125,
            contraction=0.9375,
            badge="data-driven",
            **told,
        )
        second = {"early": 0.75, "early_sd": 0.25, "late": 1.0, "late_sd": 0.25}
        return first, Record(
            "rivalry",
            "estimated",
            events=99,
            because="A table",
            mean=0.8125,
            sd=0.125,
            sd_naive=0.0625,
            contraction=0.984375,
            badge="data-driven",
            **told,
            **second,
        )


@dataclass(frozen=True)
class Fits:
    scales: dict[str, float]
    panel_sha256: str = "cd" * 32

    def estimate(self, process: str) -> Fitted:
        return Fitted()


MODEL = tuple(
    Law(name, title)
    for name, title in {
        "leader_exit": "Leader leaves office",
        "alignment": "Alignment drifts",
        "agreement_end": "Bilateral agreement ends",
        "troop_change": "Troops are drawn down or surged",
        "dispute_onset": "Dispute begins",
    }.items()
)
LAYERS = tuple(
    {
        "layer": name,
        "title": name.replace("_", " "),
        "unit": "unit",
        "source": f"The {name} data",
        "version": "1",
        "citation": f"Scholar (2020), {name}, https://doi.org/10.1/{name}",
        "licence": "free with citation",
        "to": to,
        "from": "1950-12-31",
        "kind": "state",
        "rows": 9,
        "coverage": "all",
        "until": to,
    }
    for name, to in {
        "ideal_point": "2023-12-31",
        "troops": "2024-12-31",
        "defence": "2025-01-24",
        "dispute": "2014-12-31",
        "capability": "2022-12-31",
        "democracy": "2024-12-31",
        "agreement": "2025-01-24",
    }.items()
)


def results(world: xr.Dataset | None = None, **scenario_words: str) -> Results:
    return Results(
        ensemble=ensemble() if world is None else world,
        scenario=scenario(**scenario_words),
        inputs=inputs(),
        posterior=Fits({"dispute_onset:history_sd": 0.8}),
        model=MODEL,
        layers=LAYERS,
        version="0.1.0",
        seed=1,
        created=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        names=NAMES,
    )
