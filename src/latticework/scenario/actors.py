"""Who acts: leaders, those who may follow them, votes, domestic crises, demands, and values that the panel lacks."""

from typing import Annotated, Literal

from pydantic import Field

from latticework.scenario.fields import (
    Assumed,
    Chance,
    Confidence,
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
    Words,
    Years,
)


class Leader(Entry):
    """The effective leader of a state on the baseline day: who decides, by the rule of the leader data."""

    state: StateCode
    """the state"""
    name: Words
    """the leader's name"""
    office: Words
    """the office held"""
    since: Day
    """the day since when; time in office counts from it"""
    source: Words
    """where that stands"""
    confidence: Confidence
    """`high`, `medium` or `low`"""
    note: Words | None = None
    """what a reader should know (may be left out)"""


class Candidate(Assumed):
    """Somebody who may follow a leader: with which chance, and where the state then moves."""

    name: Words
    """who, or which camp"""
    chance: Chance
    """from 0 to 1; the candidates of a state sum to one"""
    orientation: Size
    """how far the state moves within a year, in usual shifts after a change of leader: towards the hub (+) or away"""


class Succession(Entry):
    """Who may follow when the leader of a state leaves after the baseline."""

    state: StateCode
    """the state, any but the hub"""
    candidates: Annotated[tuple[Candidate, ...], Field(min_length=1)]
    """who may follow: one is drawn at the state's first change of leader on each path"""


class Election(Entry):
    """A vote on the calendar as it was known on the baseline day."""

    state: StateCode
    """the state"""
    date: Day
    """the day, or the best guess on the baseline day"""
    kind: Literal["presidential", "lower", "upper", "legislative", "party", "midterm", "local"]
    """`presidential`, `lower`, `upper`, `legislative`, `party`, `midterm` or `local`"""
    what: Words
    """what is voted on, and how sure the date is"""
    status: Literal["scheduled", "held"] = "scheduled"
    """`scheduled` (unless said) or `held`"""
    decides_leader: Flag
    """`true` if this vote can change the effective leader after the baseline and within the horizon"""
    source: Words
    """where that stands"""
    confidence: Confidence
    """`high`, `medium` or `low`"""


class Value(Entry):
    """A value for the baseline that the panel lacks: a sourced fact, or an assumption with a reason."""

    layer: LayerName
    """a layer of the panel"""
    state: StateCode
    """the state"""
    partner: StateCode | None = None
    """the other state, for a layer of dyads"""
    value: Number
    """the value, in the layer's unit"""
    source: Words | None = None
    """where it stands, if it is a fact"""
    reason: Words | None = None
    """why this value, if it is assumed"""
    assumed_by: Words | None = None
    """who assumes it"""


class Slowing(Entry):
    """How far a crisis slows one process."""

    process: ProcessName
    """which one; of a process of dyads, all dyads of the state"""
    size: Size
    """how far: positive slows"""
    unit: SizeUnit
    """as for a shift"""


class Crisis(Assumed):
    """A crisis at home, which slows what a state does abroad while it lasts: to a stated day, or to a leader's end."""

    id: Slug
    """its name"""
    state: StateCode
    """the state"""
    from_: Annotated[Day, Field(alias="from")]
    """first day"""
    until: Day
    """last day, included"""
    chance: Chance
    """that it comes: it does so on this share of the paths"""
    depth: Chance = 1.0
    """from 0 to 1: the layer `crisis` while it lasts, which mechanisms read (1 unless said)"""
    ends_with_leader: Flag = False
    """`true` if it is over before `until` on paths on which who led on the baseline day leaves: with that step"""
    interregnum: Years | None = None
    """years for which it goes on after that leader has left within its days, as until a vote (may be left out)"""
    slows: tuple[Slowing, ...] = ()
    """the processes that it slows beside the mechanisms (may be left out if a mechanism reads crises)"""


class Amount(Entry):
    """A sum of money."""

    value: Money
    """how much, in whole units of the currency"""
    currency: Currency
    """three capital letters (ISO 4217)"""
    year: PriceYear
    """the year whose prices are meant"""


class Demand(Assumed):
    """What one state asks of another: data for the bargain, and the interventions that come with it."""

    id: Slug
    """its name, by which branches choose it"""
    by: StateCode
    """who asks"""
    of: StateCode
    """who is asked"""
    from_: Annotated[Day | None, Field(alias="from")] = None
    """first day (the baseline unless said)"""
    until: Day | None = None
    """last day, included (the end unless said)"""
    what: Words
    """what is asked"""
    amount: Amount | None = None
    """how much is asked a year (may be left out)"""
    agreed: Amount | None = None
    """how much is agreed a year on the baseline day (may be left out)"""
    threat: Words | None = None
    """what is threatened if it is refused (may be left out)"""
    interventions: tuple[Slug, ...] = ()
    """ids of the interventions that come with it"""
