"""What is done to the world: the five operators of an intervention, and levers, which are interventions with a cost."""

from typing import Annotated, Literal

from pydantic import Field

from latticework.scenario.fields import (
    Assumed,
    Chance,
    Currency,
    Day,
    Entry,
    Flag,
    LayerName,
    Money,
    Number,
    PriceYear,
    ProcessName,
    Size,
    SizeUnit,
    Slug,
    StateCode,
    Unit,
    Units,
    Words,
    Years,
)


class Intervention(Assumed):
    """What every intervention has."""

    id: Slug
    """its name, by which branches choose it"""
    from_: Annotated[Day | None, Field(alias="from")] = None
    """first day (the baseline unless said)"""
    until: Day | None = None
    """last day, included (the end unless said)"""


class Fading(Intervention):
    """What an intervention has whose strength can build up and fade."""

    onset: Years | None = None
    """years over which it builds up evenly from nothing (may be left out: it is there at once)"""
    half_life: Years | None = None
    """years, after it is built up, after which half of its strength is left (may be left out: it stays)"""

    @property
    def fades(self) -> bool:
        """Whether its strength builds up or fades."""
        return self.onset is not None or self.half_life is not None


class Shift(Fading):
    """Raise or lower a process: the size in the unit given, from the first to the last day."""

    operator: Literal["shift"]
    """`shift`, `event`, `set`, `clamp` or `rule`"""
    process: ProcessName
    """which process"""
    on: Units
    """a list of states (`KOR`, `all`) or of dyads (`KOR-USA`, `USA-all`, `all-all`; either order)"""
    size: Size
    """how far"""
    unit: SizeUnit
    """the unit of the size: see the table of processes"""


class Event(Fading):
    """Something that happens with a stated chance, on a date or at some time between two dates.

    With an onset or a half-life it is likelier late or early between the dates; the chance in all stays as stated.
    """

    operator: Literal["event"]
    """`event`"""
    process: ProcessName
    """which process"""
    on: Units
    """a list of states or of dyads"""
    date: Day | None = None
    """the day, or else `from` and `until`, between which it may come at any time"""
    chance: Chance
    """from 0 to 1, for each state or dyad in `on` by itself; comes on top of what the process would do anyway"""
    of_baseline_leader: Flag = False
    """for `leader_exit`: `true` if it can happen only to who was in office on the baseline day and still is"""


class Set(Fading):
    """Hold a layer at a value, whatever the processes would do.

    While it builds up or fades, a step moves the layer its strength's part of the way to the value.
    """

    operator: Literal["set"]
    """`set`"""
    layer: LayerName
    """which layer"""
    on: Units
    """a list of states or of dyads (of troops, who sends and then who hosts: USA-KOR)"""
    value: Number
    """the value at the start of every step of which the window covers at least half; with an onset or a half-life the
    layer moves a part of the way to it in every step, the mean strength in the step"""


class Clamp(Fading):
    """Rule an event out for a time; while it builds up or fades, a part of the process's rate is left."""

    operator: Literal["clamp"]
    """`clamp`"""
    process: ProcessName
    """which process; its own rate and any `event` on it are both ruled out for the part of each step covered"""
    on: Units
    """a list of states or of dyads"""


class Condition(Entry):
    """What must hold on a path: a layer of one state or dyad above or below a value, or an event that has happened."""

    layer: LayerName
    """which layer of the world"""
    on: Unit
    """one state or one dyad (the sender first, where the two directions differ)"""
    above: Number | None = None
    """the value that it must be above"""
    below: Number | None = None
    """the value that it must be below"""
    happened: Literal[True] | None = None
    """`true`, for the layer of an event: it must have happened since the baseline"""


class Rule(Intervention):
    """Other interventions act in each step, on each path, where a condition on the world holds: a policy."""

    operator: Literal["rule"]
    """`rule`"""
    when: Condition
    """the condition, looked at when each step begins"""
    then: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """ids of the interventions that act while it holds; their onset and half-life count from when they began to act"""
    for_: Annotated[Years | None, Field(alias="for")] = None
    """the most years for which they act, each time that it begins to hold (may be left out: as long as it holds)"""


OPERATORS: dict[str, type[Intervention]] = {"shift": Shift, "event": Event, "set": Set, "clamp": Clamp, "rule": Rule}
Single = Shift | Event | Set | Clamp
AnyIntervention = Shift | Event | Set | Clamp | Rule


class Cost(Entry):
    """What something costs in all: a range."""

    low: Money
    """the least, in whole units of the currency"""
    high: Money
    """the most"""
    currency: Currency
    """three capital letters (ISO 4217)"""
    year: PriceYear
    """the year whose prices are meant"""


class Lever(Assumed):
    """A policy that somebody could choose: a bundle of interventions, what it costs, and who pays."""

    id: Slug
    """its name, by which branches choose it"""
    title: Words
    """one line for tables and charts"""
    interventions: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """ids of the interventions that it makes"""
    cost: Cost
    """what it costs over the horizon"""
    who_pays: Annotated[tuple[StateCode, ...], Field(min_length=1)]
    """the states that pay"""
