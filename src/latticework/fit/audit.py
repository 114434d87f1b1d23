"""The audit of a fit: a record of every coefficient, from the evidence and two fits on its halves."""

from dataclasses import replace

import jax
import numpy as np

from latticework.fit.estimate import Estimate
from latticework.fit.laplace import fitted_to
from latticework.fit.records import LITTLE, Record, badge
from latticework.processes import AbstractHazard, AbstractMark, AbstractProcess, AbstractUnitwise, Evidence, Rows
from latticework.types import Bool, Int

BREAK = 1991
FEWEST_EVENTS = 30


def audited(process: AbstractProcess, evidence: Evidence, estimate: Estimate) -> Estimate:
    """The estimate with a record of every coefficient."""
    halves = before_and_after(process, evidence, estimate)
    events = events_behind(process, evidence)
    source = f"fit of {process.name} on the panel, {estimate.span[0]} to {estimate.span[1]}"
    records = []
    for k, coefficient in enumerate(process.coefficients()):
        contraction = 1 - float(estimate.covariance[k, k]) / coefficient.prior_sd**2
        published = bool(coefficient.because) and contraction < LITTLE
        origin = "assumed" if coefficient.assumed else "published prior" if published else "estimated"
        record = Record(
            effect=coefficient.name,
            origin=origin,
            source=source if origin == "estimated" else coefficient.because,
            rows=0 if coefficient.assumed else estimate.rows,
            events=0 if coefficient.assumed else int(events[k]),
            prior_mean=float(coefficient.prior_mean),
            prior_sd=float(coefficient.prior_sd),
            because=coefficient.because,
            mean=float(estimate.mode[k]),
            sd=float(estimate.sd[k]),
            sd_naive=float(estimate.sd_naive[k]),
            contraction=0.0 if coefficient.assumed else contraction,
            badge=badge(contraction, int(events[k]), coefficient.assumed),
        )
        if halves and not coefficient.assumed:
            early, late = ((float(half.mode[k]), float(half.sd[k])) for half in halves)
            record = replace(record, early=early[0], early_sd=early[1], late=late[0], late_sd=late[1])
        records.append(record)
    return replace(estimate, records=tuple(records))


def events_behind(process: AbstractProcess, evidence: Evidence) -> Int[np.ndarray, "k"]:
    """The events that inform each coefficient.

    In a law of events: those of the predictor's kind and, if the effect is only ever 0 or 1, where it was 1. Else all.
    """
    count = len(process.coefficients())
    if not isinstance(process, AbstractHazard | AbstractMark) or not isinstance(evidence.data, Rows):
        return np.full(count, evidence.events)
    design, outcome = np.asarray(evidence.data.design), np.asarray(evidence.data.outcome)
    found, k = [], 0
    predictors = process.predictors()
    for number, predictor in enumerate(predictors):
        happened = outcome == number + 1 if len(predictors) > 1 else outcome != 0
        for _ in predictor.coefficients:
            effect = design[:, k]
            switch = bool(np.isin(effect, (0.0, 1.0)).all())
            found.append(int((happened & (effect != 0)).sum() if switch else happened.sum()))
            k += 1
    return np.array(found)


def before_and_after(
    process: AbstractProcess, evidence: Evidence, estimate: Estimate
) -> tuple[Estimate, Estimate] | None:
    """The fits on the rows before 1991 and from then on, variances of levels held; None with fewer than 30 events."""
    if evidence.year is None or not isinstance(evidence.data, Rows) or not isinstance(process, AbstractUnitwise):
        return None
    late = np.asarray(evidence.year) >= BREAK
    halves = [part_of(process, evidence, chosen) for chosen in (~late, late)]
    if min(half.events for half in halves) < FEWEST_EVENTS:
        return None
    variances = {varying.by: varying.sigma for varying in estimate.varying}
    early, later = (fitted_to(process, half, variances) for half in halves)
    return (early, later) if early.trusted and later.trusted else None


def part_of(process: AbstractUnitwise, evidence: Evidence, chosen: Bool[np.ndarray, "r"]) -> Evidence:
    """The evidence of some rows."""
    data = jax.tree.map(lambda x: np.asarray(x)[chosen], evidence.data)
    units = None if evidence.units is None else evidence.units[chosen]
    years = None if evidence.year is None else evidence.year[chosen]
    events = process.count_events(data) if chosen.any() else 0
    return Evidence(data, evidence.nodes[chosen], events, evidence.span, units, years, evidence.codes)
