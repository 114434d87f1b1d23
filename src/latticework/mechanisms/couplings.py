"""How mechanisms move the learned processes: one assumed coefficient for each arrow, with its reason and its source."""

from dataclasses import dataclass

from latticework.effects import OfReceiver, OfState, Product, both, either
from latticework.effects.base import AbstractEffect
from latticework.mechanisms.base import Origin, Parameter, Poles
from latticework.mechanisms.effects import OfProtege, PresenceChange, Threat, Toward, WithPole

STANDING = "the shipped -0.25 (0.25) for a standing outside pact (Johnson and Leeds 2011; Reiter and Poast 2021)"
SUPPORT = "times the half by which a log odds point at even odds changes the chance of support"
EFFORT = 0.235  # a year: exp(-1.45), the prior speed at which defence effort makes up a gap
ABANDON = "Blankenship 2021, 2023; RAND RRA739-8 2025: +0.02 (0.025) a year of log spending times threat, over 0.235"
WITHDRAWN = (
    "Own event study of withdrawals of 40 % and more: +0.04 (0.05) in three years, half of it made up, over -0.51"
)
BECKER = "Becker, Kreps, Poast and Terman (JCR): a null; N(0, 0.01) a year over 0.235"
NUCLEAR = (
    "RAND RRA739-8, Bleek and Lorber 2014: Korea began a programme; twice the hazard, between half and eight times"
)
SUKIN = "Bleek and Lorber 2014 has guarantees lower it, Sukin 2020 has them raise the wish for it: sign not known"
NO_ESTIMATE = "no estimate on record; 0.05 is a fifth of what a UN position moves by in a year"
IMF = "Gopinath, Gourinchas, Presbitero and Topalova 2024 (IMF WP/24/76): trade between blocs -12 %, investment -20 %"
ELASTICITY = (
    "Boehm, Levchenko and Pandalai-Nayar 2023: a trade elasticity of about -2 in the long run, on half of the flow"
)
BLANKENSHIP = "Blankenship 2020: patrons reassure allies that have other options"
GUESS = "the sign is plain, the size ours"
UNKNOWN = "neither sign nor size is known"


@dataclass(frozen=True)
class Coupling:
    """One arrow: which process moves, and the assumed coefficient (with its effect) that moves it."""

    process: str
    parameter: Parameter

    @property
    def name(self) -> str:
        """The name under which a scenario may override it."""
        return f"{self.process}: {self.parameter.name}"


def arrow(
    process: str,
    name: str,
    effect: AbstractEffect,
    unit: str,
    mean: float,
    sd: float,
    because: str,
    source: str = "",
    sign: int = 0,
    origin: Origin = "assumed",
) -> Coupling:
    """A coupling in one line."""
    told = {"because": because, "source": source, "sign": sign, "origin": origin}
    return Coupling(process, Parameter(name, effect, unit, mean, sd, **told))


def hub_troops(poles: Poles) -> AbstractEffect:
    """What the hub has withdrawn from a state, on the log scale."""
    return PresenceChange(poles.hub)


def of_credibility(poles: Poles) -> tuple[Coupling, ...]:
    """A less credible hub invites disputes with its allies; joint systems bring exercises; presence replaces effort."""
    return (*of_belief(poles), *of_joint_systems(poles))


def of_belief(poles: Poles) -> tuple[Coupling, ...]:
    """Disputes with an ally, its own weapons, its effort."""
    hub = poles.hub
    return (
        arrow(
            "dispute_onset",
            "credibility of the protector",
            OfProtege("credibility", hub),
            "log hazard per log odds",
            -0.12,
            0.15,
            SUPPORT,
            STANDING,
        ),
        arrow(
            "nuclear_step",
            "credibility of the hub",
            OfState("credibility"),
            "log hazard per log odds",
            0.0,
            0.3,
            UNKNOWN,
            SUKIN,
        ),
        arrow(
            "defence_effort",
            "presence of the hub",
            hub_troops(poles),
            "log effort per log troops",
            -0.155,
            0.19,
            "weak estimate",
            WITHDRAWN,
            origin="calibrated",
        ),
    )


def of_joint_systems(poles: Poles) -> tuple[Coupling, ...]:
    """Alignment, exercises, agreements."""
    hub = poles.hub
    return (
        arrow(
            "alignment",
            "credibility, towards the hub",
            Toward("credibility", hub),
            "share of the way per log odds",
            0.02,
            0.03,
            GUESS,
            NO_ESTIMATE,
        ),
        arrow(
            "exercises",
            "cooperation on defence systems",
            both(OfState("defence_cooperation")),
            "log rate",
            0.3,
            0.2,
            GUESS,
            sign=1,
        ),
        arrow(
            "agreement_signed",
            "cooperation on defence systems",
            both(OfState("defence_cooperation")),
            "log hazard",
            0.3,
            0.3,
            GUESS,
            sign=1,
        ),
    )


def of_bargain(poles: Poles) -> tuple[Coupling, ...]:
    """Believed threats to leave raise the effort of the threatened and their interest in own weapons; words do not."""
    feared = Product(OfState("exit_threat"), Threat(poles.threats))
    return (
        arrow(
            "defence_effort",
            "exit threat x threat",
            feared,
            "log effort in the long run",
            0.085,
            0.106,
            "case-based",
            ABANDON,
        ),
        arrow(
            "defence_effort",
            "public pressure",
            OfState("public_pressure"),
            "log effort in the long run",
            0.0,
            0.0425,
            "a published null",
            BECKER,
            origin="published",
        ),
        arrow("nuclear_step", "exit threat", OfState("exit_threat"), "log hazard", 0.69, 0.7, "case-based", NUCLEAR),
        arrow("alignment", "exit threat", OfState("exit_threat"), "ideal point", 0.0, 0.05, UNKNOWN, NO_ESTIMATE),
    )


def of_reassurance(poles: Poles) -> tuple[Coupling, ...]:
    """None of its own: reassurance acts through credibility."""
    return ()


def of_opinion(poles: Poles) -> tuple[Coupling, ...]:
    """A public that sees the hub well lets its government side and sign with it."""
    return (
        arrow(
            "alignment",
            "opinion, towards the hub",
            Toward("opinion", poles.hub),
            "share of the way per point",
            0.002,
            0.002,
            GUESS,
            sign=1,
        ),
        arrow(
            "agreement_signed",
            "opinion of the hub",
            WithPole("opinion", poles.hub),
            "log hazard per point",
            0.01,
            0.01,
            GUESS,
            sign=1,
        ),
        arrow(
            "visits_president",
            "opinion of the hub",
            OfReceiver(OfState("opinion")),
            "log rate per point",
            0.005,
            0.005,
            GUESS,
            sign=1,
        ),
    )


def of_statecraft(poles: Poles) -> tuple[Coupling, ...]:
    """Grievances and tariffs cost trade with the hub; joint technology brings trade, agreements and likeness."""
    return (*of_coercion(poles), *of_joint_technology(poles))


def of_coercion(poles: Poles) -> tuple[Coupling, ...]:
    """What grievances and tariffs cost."""
    return (
        arrow(
            "trade",
            "grievance at the hub",
            WithPole("grievance", poles.hub),
            "log trade in the long run",
            -0.12,
            0.1,
            "a refusal as a step between blocs",
            IMF,
            sign=-1,
        ),
        arrow(
            "trade",
            "tariff of the hub",
            WithPole("tariff", poles.hub),
            "log trade per 100 % of tariff",
            -1.0,
            0.7,
            "half of the flow bears it",
            ELASTICITY,
            sign=-1,
        ),
    )


def of_joint_technology(poles: Poles) -> tuple[Coupling, ...]:
    """What joint technology brings."""
    joint = both(OfState("joint_technology"))
    return (
        arrow(
            "trade",
            "joint technology",
            joint,
            "log trade in the long run",
            0.12,
            0.1,
            "the reverse of a step between blocs",
            IMF,
            sign=1,
        ),
        arrow("agreement_signed", "joint technology", joint, "log hazard", 0.4, 0.3, GUESS, sign=1),
        arrow(
            "alignment",
            "joint technology, towards the hub",
            Toward("joint_technology", poles.hub),
            "share of the way",
            0.02,
            0.03,
            GUESS,
        ),
    )


def of_crisis(poles: Poles) -> tuple[Coupling, ...]:
    """A government in a crisis at home signs less and is visited less; the bargain with it is slower (`bargain`).

    Crises begin and end as the block `crises` of a scenario says, and only where it says so: the record names those of
    one state and is no list (see the layer `impeachment`).
    """
    crisis = OfState("crisis")
    return (
        arrow("agreement_signed", "domestic crisis of either", either(crisis), "log hazard", -0.5, 0.3, GUESS, sign=-1),
        arrow(
            "visits_president", "domestic crisis of the host", OfReceiver(crisis), "log rate", -0.5, 0.3, GUESS, sign=-1
        ),
        arrow(
            "visits_secretary", "domestic crisis of the host", OfReceiver(crisis), "log rate", -0.3, 0.3, GUESS, sign=-1
        ),
    )


def of_hedging(poles: Poles) -> tuple[Coupling, ...]:
    """A state that turns to the rival votes with it, trades with it, exercises less with the hub, and is courted."""
    hub, rival = (poles.hub, poles.rival)
    return (
        arrow(
            "alignment", "turn, towards the rival", Toward("turn", rival), "share of the way", 0.1, 0.1, GUESS, sign=1
        ),
        arrow("exercises", "turn from the hub", WithPole("turn", hub), "log rate", -0.6, 0.5, GUESS, sign=-1),
        arrow(
            "trade",
            "turn to the rival",
            WithPole("turn", rival),
            "log trade in the long run",
            0.12,
            0.1,
            "a step between blocs undone",
            IMF,
            sign=1,
        ),
        arrow(
            "visits_president",
            "turn from the hub, courted",
            OfReceiver(OfState("turn")),
            "log rate",
            0.3,
            0.3,
            "size ours",
            BLANKENSHIP,
            sign=1,
        ),
    )
