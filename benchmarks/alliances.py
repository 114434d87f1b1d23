"""The alliances of 2010 forecast from the end of 2005: agreements as objects beside a plain logit on dyads."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from latticework.actions.free_run import opening_of
from latticework.data import load_panel
from latticework.fit import Posterior, fit
from latticework.processes import LEARNED, MODEL, AbstractProcess
from latticework.scenario.controls import Controls
from latticework.simulate import Keep, nowcast_calendar, press, simulate
from latticework.types import Bool, Float, Int, Key
from latticework.world import Panel

SINCE, WINDOW, OPENING, HORIZON = 1950, 2000, 2005, 2010
DRAWS, PATHS, AT_ONCE, RESAMPLES = 100, 400, 50, 1000
LEAST_PEOPLE = 500_000
WITHOUT = ("COM", "CYP", "GEO", "MLT")  # without them the changes are +291 and -3
OURS = "agreements as objects"
TREATIES = (
    "agreement_signed",
    "defence_pledged",
    "nonaggression_pledged",
    "agreement_end",
    "pact_founded",
    "pact_joined",
    "pact_left",
    "pact_ended",
    "treaties",
)
COVARIATES = ("distance", "contiguity", "shared_igos", "democracy", "rivalry", "capability")
MODELLED: tuple[AbstractProcess, ...] = tuple(process for process in MODEL if process.name in TREATIES)


@dataclass(frozen=True)
class Ties:
    """Dyads of the states that are compared: who they are, and whether they were bound to defend at each moment."""

    codes: tuple[str, ...]
    pairs: Int[np.ndarray, "q 2"]
    before: Bool[np.ndarray, "q"]
    after: Bool[np.ndarray, "q"]

    @property
    def changed(self) -> Bool[np.ndarray, "q"]:
        """The dyads that entered an obligation or were freed of one."""
        return self.before != self.after


def history() -> Panel:
    """Ties and covariates at the ends of the years from the window's first to the horizon, all states."""
    return load_panel(start=WINDOW, end=HORIZON, layers=("defence", "population", *COVARIATES))


def at(panel: Panel, layer: str, year: int) -> np.ndarray:
    """A layer at the end of a year."""
    home = panel.world.states if layer in panel.world.states else panel.world.dyads
    return np.asarray(home[layer], float)[year_of(panel).index(year)]


def year_of(panel: Panel) -> list[int]:
    """The year that ends with each world."""
    return (panel.dates.astype("datetime64[Y]").astype(int) + 1970).tolist()


def compared(panel: Panel, least: float = LEAST_PEOPLE, without: tuple[str, ...] = ()) -> Ties:
    """The dyads of all states of that many people that were there throughout and whose covariates are known."""
    there = np.asarray(panel.world.present).all(axis=0) & (at(panel, "population", OPENING) >= least)
    for layer in ("democracy", "capability"):
        there &= np.isfinite(at(panel, layer, WINDOW)) & np.isfinite(at(panel, layer, OPENING))
    there &= ~np.isin(panel.codes, without)
    upper = np.triu(np.outer(there, there), 1)
    before, after = (at(panel, "defence", year)[upper] > 0 for year in (OPENING, HORIZON))
    return Ties(tuple(np.array(panel.codes)[there]), np.argwhere(upper), before, after)


def fitted() -> Posterior:
    """The treaty processes, each fitted to the years up to the opening and to nothing later."""
    found = {}
    for process in MODELLED:
        if process in LEARNED:
            panel = load_panel(start=SINCE, end=OPENING, layers=process.reads)
            found[process.name] = fit(process, panel)
    return Posterior(found, {}, "")


def simulated(posterior: Posterior, pairs: Int[np.ndarray, "q 2"], paths: int, key: Key) -> Bool[np.ndarray, "p q"]:
    """Whether each dyad is bound at the horizon, path by path; only treaties move, all else stays as at the opening."""
    layers = dict.fromkeys(layer for process in MODELLED for layer in process.reads)
    panel = load_panel(start=OPENING - 1, end=OPENING, layers=layers)
    start, learned = opening_of(panel, 1), tuple(p for p in MODELLED if p in LEARNED)
    years = np.arange(OPENING + 1, HORIZON + 1)
    coefficients, levels, decades, noise = jax.random.split(key, 4)
    theta = posterior.draw(coefficients, DRAWS)
    always = posterior.levels(levels, theta, learned, panel.codes)
    pressure = press(Controls.none(), key, DRAWS, MODELLED, always, posterior.eras(decades, theta, years))
    calendar, keep = nowcast_calendar(np.ones(len(years)), {}, MODELLED), Keep((), ("defence",), jnp.asarray(pairs))
    parts = []
    for first in range(0, paths, AT_ONCE):
        now = np.arange(first, min(first + AT_ONCE, paths))
        part = simulate(MODELLED, theta, start, pressure, calendar, keep, noise, now)["defence"]
        parts.append(np.asarray(part)[:, -1] > 0)
    return np.concatenate(parts)


def chances(bound: Bool[np.ndarray, "p q"], before: Bool[np.ndarray, "q"]) -> Float[np.ndarray, "q"]:
    """The chance that a dyad is bound: its share of the paths, with one path more on which it fares as the others do.

    The one path keeps a dyad that changes on no path from being a certainty; "others" are the dyads of the same start.
    """
    share, paths = bound.mean(axis=0), len(bound)
    usual = np.where(before, share[before].mean(), share[~before].mean())
    return (paths * share + usual) / (paths + 1)


def design(panel: Panel, pairs: Int[np.ndarray, "q 2"], year: int, logged: bool) -> Float[np.ndarray, "q 7"]:
    """Seven covariates: distance, border, shared IGOs, the weaker regime and the gap, rivalry, capability ratio."""
    i, j = pairs.T
    layer = {name: at(panel, name, year) for name in COVARIATES}
    rule, power = (np.sort(np.stack([layer[n][i], layer[n][j]]), axis=0) for n in ("democracy", "capability"))
    far = layer["distance"][i, j]
    columns = (
        np.log(np.maximum(far, 100.0)) if logged else far,
        layer["contiguity"][i, j] == 1,
        layer["shared_igos"][i, j],
        rule[0],
        rule[1] - rule[0],
        layer["rivalry"][i, j],
        np.log(power[0] / power[1]),
    )
    return np.nan_to_num(np.stack(columns, axis=1).astype(float))


def logit(panel: Panel, ties: Ties, logged: bool = False) -> Float[np.ndarray, "q"]:
    """The rival's chance that a dyad is bound: a logit of who was bound at the end of the window that was free before.

    Hardly a tie ended in the window, so those bound end by its rate, half an event added.
    """
    first = at(panel, "defence", WINDOW)[tuple(ties.pairs.T)] > 0
    past, now = (design(panel, ties.pairs, year, logged) for year in (WINDOW, OPENING))
    centre, scale = past.mean(axis=0), past.std(axis=0)
    past, now = (np.column_stack([np.ones(len(x)), (x - centre) / scale]) for x in (past, now))
    slopes = ridge_logit(past[~first], ties.before[~first])
    ended = ((first & ~ties.before).sum() + 0.5) / (first.sum() + 1)
    return np.where(ties.before, 1 - ended, expit(now @ slopes))


def ridge_logit(x: Float[np.ndarray, "r k"], y: Bool[np.ndarray, "r"]) -> Float[np.ndarray, "k"]:
    """A logit with N(0, 1) priors of standardised slopes: no two rivals allied, and that slope would have no end."""
    weight = np.array([0.0, *np.ones(x.shape[1] - 1)])

    def loss(slopes: np.ndarray) -> tuple[float, np.ndarray]:
        eta = x @ slopes
        value = np.logaddexp(0, eta).sum() - eta[y].sum() + 0.5 * float(weight @ slopes**2)
        return value, x.T @ (expit(eta) - y) + weight * slopes

    return minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x


def scores(
    chance: Float[np.ndarray, "q"], ties: Ties, weight: Float[np.ndarray, "q"] | None = None
) -> dict[str, float]:
    """Brier and log score of being bound (low is good), and the area under precision and recall of change (high is)."""
    weight = np.ones(len(chance)) if weight is None else weight
    given = np.where(ties.after, chance, 1 - chance)
    return {
        "Brier": float(np.average((1 - given) ** 2, weights=weight)),
        "log score": float(np.average(-np.log(given), weights=weight)),
        "PR-AUC of change": average_precision(np.where(ties.before, 1 - chance, chance), ties.changed, weight),
    }


def average_precision(
    chance: Float[np.ndarray, "q"], event: Bool[np.ndarray, "q"], weight: Float[np.ndarray, "q"]
) -> float:
    """The mean precision over the events, going down the ranking; equal chances count together."""
    order = np.argsort(-chance, kind="stable")
    last = np.append(np.diff(chance[order]) != 0, True)
    hits, seen = (np.cumsum(x[order])[last] for x in (weight * event, weight))
    new = np.diff(hits, prepend=0.0)
    return float((new * hits / np.maximum(seen, 1e-12)).sum() / hits[-1])


def bootstrapped(
    forecasts: Mapping[str, Float[np.ndarray, "q"]], ties: Ties, rng: np.random.Generator, resamples: int = RESAMPLES
) -> dict[str, dict[str, np.ndarray]]:
    """Scores of every forecast over resamples of the states: a dyad counts as often as both its states are drawn."""
    n = len(ties.codes)
    place = np.searchsorted(np.unique(ties.pairs), ties.pairs)
    found = {name: {} for name in forecasts}
    for _ in range(resamples):
        drawn = np.bincount(rng.integers(0, n, n), minlength=n)
        weight = np.prod(drawn[place], axis=1).astype(float)
        for name, chance in forecasts.items():
            for score, value in scores(chance, ties, weight).items():
                found[name].setdefault(score, []).append(value)
    return {name: {score: np.array(v) for score, v in by.items()} for name, by in found.items()}


def forecasts(panel: Panel, ties: Ties, bound: Bool[np.ndarray, "p q"]) -> dict[str, Float[np.ndarray, "q"]]:
    """The chance that each dyad is bound: by agreements as objects, by logits, and by the window's rates alone.

    Two codings of distance, for none is the plain one.
    """
    first = at(panel, "defence", WINDOW)[tuple(ties.pairs.T)] > 0
    ended = ((first & ~ties.before).sum() + 0.5) / (first.sum() + 1)
    begun = (~first & ties.before).sum() / (~first).sum()
    return {
        OURS: chances(bound, ties.before),
        "logit, distance": logit(panel, ties),
        "logit, log distance": logit(panel, ties, logged=True),
        "base rates": np.where(ties.before, 1 - ended, begun),
    }


def differences(
    told: Mapping[str, Float[np.ndarray, "q"]], ties: Ties, seed: int
) -> dict[str, dict[str, tuple[float, float]]]:
    """By how much our scores differ from those of each other forecast, and the bootstrap sd of that."""
    again = bootstrapped(told, ties, np.random.default_rng(seed))
    once = {name: scores(chance, ties) for name, chance in told.items()}
    return {
        name: {s: (once[OURS][s] - v, float((again[OURS][s] - again[name][s]).std())) for s, v in by.items()}
        for name, by in once.items()
        if name != OURS
    }


def table(told: Mapping[str, Float[np.ndarray, "q"]], ties: Ties, seed: int) -> list[str]:
    """Each forecast's scores, and by how much ours differ from them with the bootstrap sd."""
    begun, ended = (int((ties.changed & x).sum()) for x in (ties.after, ties.before))
    rows = [(f"{len(ties.codes)} states, {ties.before.sum()} ties, +{begun} / -{ended}", *scores(told[OURS], ties))]
    rows += [(name, *(f"{v:.4f}" for v in scores(chance, ties).values())) for name, chance in told.items()]
    apart = differences(told, ties, seed)
    rows += [(f"ours less {n}", *(f"{d:+.4f} ({sd:.4f})" for d, sd in by.values())) for n, by in apart.items()]
    return [f"{name:42}" + "".join(f"{cell:>20}" for cell in row) for name, *row in rows]


def main() -> None:
    """Fit, simulate, score and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--paths", type=int, default=PATHS, help=f"simulated futures (default {PATHS})")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    panel, posterior = history(), fitted()
    key = jax.random.key(asked.seed)
    for ties in (compared(panel), compared(panel, 0.0, WITHOUT)):
        bound = simulated(posterior, ties.pairs, asked.paths, key)
        print("\n".join(table(forecasts(panel, ties, bound), ties, asked.seed)))
        for what, count in (("new", bound & ~ties.before), ("ended", ~bound & ties.before)):
            low, middle, high = np.percentile(count.sum(axis=1), [5, 50, 95])
            print(f"ties {what} on the paths: {middle:.0f} ({low:.0f} to {high:.0f})")
        print()


if __name__ == "__main__":
    main()
