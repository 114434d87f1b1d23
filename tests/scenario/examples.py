"""A small valid scenario of three states, and a stand-in for what the panel knows."""

from datetime import date

from latticework.errors import UnknownNameError
from latticework.scenario import Known, Scenario, read_scenario

CODES = {"JPN": "JPN", "KOR": "KOR", "ROK": "KOR", "USA": "USA"}

SMALL = """\
id: small
title: Three states
question: What happens?
baseline: 2025-01-24
quarters: 4
hub: USA
rival: KOR
focus: [USA]
states: [USA, JPN, KOR]
leaders:
  - {state: USA, name: A, office: president, since: 2025-01-20, source: page, confidence: high}
elections:
  - {state: JPN, date: 2025-07-20, kind: lower, what: all, decides_leader: true, source: page, confidence: high}
  - {state: KOR, date: 2025-06-03, kind: local, what: towns, decides_leader: false, source: page, confidence: low}
  - {state: USA, date: 2024-11-05, kind: presidential, what: all, status: held, decides_leader: true, source: page,
     confidence: high}
values:
  - {layer: troops, state: USA, partner: KOR, value: 23291, source: page}
interventions:
  - id: pressure
    operator: shift
    process: troop_change
    on: [KOR-USA]
    from: 2025-02-15
    until: 2025-06-30
    size: {mean: 0.5, sd: 0.25}
    unit: history_sd
    assumed_by: us
    reason: because
  - id: drift
    operator: shift
    process: alignment
    on: [JPN, rok]
    from: 2025-04-01
    until: 2025-12-31
    size: {mean: -1, sd: 0}
    unit: turnover_shift
    assumed_by: us
    reason: because
  - id: fall
    operator: event
    process: leader_exit
    on: [KOR]
    date: 2025-04-10
    chance: 0.4
    assumed_by: us
    reason: because
  - id: safe
    operator: clamp
    process: leader_exit
    on: [KOR]
    from: 2025-04-01
    until: 2025-06-30
    assumed_by: us
    reason: because
  - id: gone
    operator: set
    layer: troops
    on: [KOR-USA]
    from: 2025-07-01
    value: 0
    assumed_by: us
    reason: because
branches:
  - {id: base, title: Base, summary: Nothing, interventions: [fall]}
  - {id: hub, title: Hub, summary: Much, extends: base, interventions: [pressure, drift]}
  - {id: out, title: Out, summary: All, extends: hub, interventions: [safe, gone]}
"""


def resolve(name: str) -> str:
    if name.upper() not in CODES:
        raise UnknownNameError("state", name, CODES)
    return CODES[name.upper()]


KNOWN = Known.of(resolve, {"troops": "dyad", "democracy": "state"}, date(1950, 1, 1), date(2025, 12, 31))


def small(text: str = SMALL) -> Scenario:
    return read_scenario(text, "small/scenario.yaml", KNOWN)
