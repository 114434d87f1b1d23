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
  - {state: JPN, name: B, office: premier, since: 2024-10-01, source: page, confidence: high}
  - {state: KOR, name: C, office: president, since: 2022-05-10, source: page, confidence: medium}
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

# The same with every kind of block.
FULL = (
    SMALL.replace(
        "elections:\n",
        """\
successions:
  - state: KOR
    candidates:
      - name: A friend of the hub
        chance: 0.6
        orientation: {mean: 1, sd: 0}
        assumed_by: us
        reason: because
      - name: A sceptic
        chance: 0.4
        orientation: {mean: -0.5, sd: 0.25}
        assumed_by: us
        reason: because
        source: page
elections:
""",
    )
    .replace(
        "values:\n",
        """\
crises:
  - id: deadlock
    state: JPN
    from: 2025-04-01
    until: 2025-09-30
    chance: 0.5
    slows:
      - {process: exercises, size: {mean: 0.7, sd: 0}, unit: log_rate}
      - {process: defence_effort, size: {mean: 0.02, sd: 0.01}, unit: per_year}
    assumed_by: us
    reason: because
values:
""",
    )
    .replace(
        "interventions:\n  - id: pressure",
        """\
demands:
  - id: pay
    by: USA
    of: KOR
    from: 2025-02-15
    until: 2025-12-31
    what: the cost of the garrison
    amount: {value: 5000000000, currency: USD, year: 2019}
    agreed: {value: 920000000, currency: USD, year: 2019}
    threat: to withdraw
    interventions: [push]
    assumed_by: us
    reason: because
interventions:
  - id: push
    operator: shift
    process: troop_change
    on: [KOR-USA]
    size: {mean: 1, sd: 0}
    unit: log_hazard
    onset: 0.5
    half_life: 1
    assumed_by: us
    reason: because
  - id: if-left
    operator: rule
    when: {layer: troops, on: USA-KOR, below: 15000}
    then: [arm]
    from: 2025-04-01
    assumed_by: us
    reason: because
  - id: arm
    operator: shift
    process: defence_effort
    on: [KOR]
    size: {mean: 0.02, sd: 0.025}
    unit: per_year
    onset: 0.25
    assumed_by: us
    reason: because
  - id: pressure""",
    )
    .replace(
        "branches:\n",
        """\
levers:
  - id: answer
    title: An answer
    interventions: [if-left]
    cost: {low: 1000000, high: 2000000, currency: USD, year: 2024}
    who_pays: [USA, JPN]
    assumed_by: us
    reason: because
mechanisms:
  - id: bargain
    kind: burden
    parameters: {weight of threat: {mean: 0.3, sd: 0.1}}
    assumed_by: us
    reason: because
branches:
  - {id: both, title: Both, summary: Demand and answer, extends: base, levers: [answer], demands: [pay]}
""",
    )
)


def resolve(name: str) -> str:
    if name.upper() not in CODES:
        raise UnknownNameError("state", name, CODES)
    return CODES[name.upper()]


LAYERS = {"troops": "dyad", "democracy": "state", "ideal_point": "state", "turnover": "state", "dispute": "dyad"}
MECHANISMS = {"burden": {"weight of threat": 1, "pace": 0}}
KNOWN = Known.of(resolve, LAYERS, date(1950, 1, 1), date(2025, 12, 31), MECHANISMS, ("exit_threat",))


def small(text: str = SMALL) -> Scenario:
    return read_scenario(text, "small/scenario.yaml", KNOWN)
