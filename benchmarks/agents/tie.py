"""Ties of two states: treaties, disputes, trade and exercises; garrisons and visits of one in the other."""

import math
from typing import TYPE_CHECKING

from facts import FEWEST, POSSESSES

from agents.chance import drifted, happens, is_so, t4, tallied

if TYPE_CHECKING:
    from agents.state import State
    from agents.system import System

MOST_PEACE, HALF_LIFE, FADE, USUAL_FADE = 60.0, 10.0, 3.0, 5.0
MOST = {"exercises": 16, "visits_president": 8, "visits_secretary": 12, "visits_defence": 8}
MOST_PLACED = math.log(1500)
DOWN, UP = math.log(0.8), math.log(1.2)
LAYERS = {
    "age": "agreement_age", "shift": "agreement_shift", "peace": "peace_years", "history": "dispute_history",
    "recent": "exercise_recent", "trade": "trade", "usual_trade": "trade_usual",
    "pact_years": "defence_years", "elsewhere": "defence", "ongoing": "dispute_ongoing",
}  # fmt: skip
FLAGS = {"agreement": "agreement", "pledge": "agreement_defence", "nonaggression": "agreement_nonaggression"}


class Tie:
    """A dyad, owned by its first state."""

    def __init__(self, system: "System", first: "State", second: "State", number: int, relevant: bool):
        self.system, self.first, self.second, self.number = system, first, second, number
        self.random, self.relevant = first.random, relevant
        values, flags = system.script.of_ties[number]
        self.age, self.shift, self.peace, self.history, self.recent, self.trade, self.usual_trade = values[:7]
        self.pact_years, self.obliged = values[7], values[8] > 0
        self.agreement, self.pledge, self.nonaggression = flags
        self.kept_elsewhere = self.withheld = False
        self.signs = self.ends = self.pledges = self.renounces = self.begins = self.force = self.deaths = False
        self.violated = False
        self.sign_chance = self.end_chance = self.dispute_chance = self.over_chance = 0.0
        self.ongoing, self.over = values[9] > 0, False
        self.note()
        self.exercises, self.next_trade = 0, self.trade

    def base(self, process: str) -> float:
        """What stands still of a predictor."""
        return self.system.base[process][self.number]

    def decide(self) -> None:
        """Draw what will happen between the two."""
        moving = self.system.moving
        if "agreement_end" in moving:
            self.decide_treaties()
        if "exercises" in moving:
            self.decide_exercises()
        if "trade" in moving:
            self.decide_trade()
        if "dispute_onset" in moving and self.relevant:
            self.decide_dispute()
        if "dispute_end" in moving:
            self.decide_end_of_dispute()

    def decide_treaties(self) -> None:
        """Whether they sign an agreement, with which pledges, or theirs ends."""
        self.signs = self.ends = self.violated = False
        self.sign_chance = self.end_chance = 0.0
        if self.agreement:
            return self.decide_end()
        b = self.system.b["agreement_signed"]
        eta = self.base("agreement_signed") + self.system.era("agreement_signed")
        eta += b["dispute within a year"] * (self.peace < 1) + b["defence obligation already"] * self.obliged
        self.signs, self.sign_chance = happens(self.random, eta, self.system.dt)
        if self.signs:
            self.pledges = is_so(self.random, self.base("defence_pledged"))
            self.renounces = is_so(self.random, self.base("nonaggression_pledged"))
        return None

    def decide_end(self) -> None:
        """Whether the agreement ends, and how."""
        b, x = self.system.b["agreement_end"], self.age / 10
        eta = self.base("agreement_end") + b["violated: capability shifted since signature"] * self.shift
        eta += b["violated: defence pledge"] * self.pledge + b["violated: non-aggression pledge"] * self.nonaggression
        eta += b["violated: new leader of an autocracy"] * (self.first.shaken or self.second.shaken)
        eta += b["violated: log age"] * math.log(1 + self.age)
        violated = math.exp(eta + self.system.era("agreement_end"))
        lapse = sum(math.exp(b[f"{k}: intercept"] + b[f"{k}: age"] * x) for k in ("expired", "renegotiated"))
        self.ends, self.end_chance = happens(self.random, math.log(violated + lapse), self.system.dt)
        self.violated = self.ends and self.random.random() * (violated + lapse) < violated

    def decide_exercises(self) -> None:
        """How many exercises they hold together."""
        b = self.system.b["exercises"]
        eta = self.base("exercises") + self.system.era("exercises")
        eta += b["log past exercises"] * math.log1p(self.recent / 0.03)
        if self.obliged:
            eta += b["defence pact"] + b["defence pact x since 1994"] * (self.first.year >= 1994)
        r = math.exp(b["log dispersion"])
        self.exercises = tallied(self.random, eta, r, self.system.dt, MOST["exercises"])

    def decide_trade(self) -> None:
        """How much they will trade."""
        if not self.trade > 0 or math.isnan(self.usual_trade):
            return
        b = self.system.b["trade"]
        target = self.base("trade") + self.system.era("trade") + b["defence pact"] * self.obliged
        target += b["log usual trade"] * math.log(max(self.usual_trade, 1e-6) / 1000)
        target += b["distance of ideal points"] * abs(self.first.ideal_point - self.second.ideal_point)
        target += b["dispute in the last year"] * (self.peace < 1)
        sigma = b["log sigma"] + self.base("trade scale") + b["log trade"] * math.log(max(self.trade, 30) / 1000)
        level, kappa = math.log(self.trade / 1000), math.exp(b["log kappa"])
        self.next_trade = 1000 * math.exp(drifted(self.random, level, target, kappa, sigma, self.system.dt))

    def decide_dispute(self) -> None:
        """Whether a dispute begins, and how bad it becomes; none does while another goes on."""
        self.begins = self.force = self.deaths = False
        self.dispute_chance = 0.0
        if self.ongoing:
            return
        b, x = self.system.b["dispute_onset"], self.peace
        cubic = b["peace years squared / 100"] / 100 + x * b["peace years cubed / 1000"] / 1000
        eta = self.base("dispute_onset") + x * (b["peace years"] + x * cubic) + self.system.era("dispute_onset")
        eta += b["defence pact between the two"] * self.obliged
        standing = outside(self.first, self.second, "standing") + outside(self.second, self.first, "standing")
        fresh = outside(self.first, self.second, "fresh") + outside(self.second, self.first, "fresh")
        eta += b["standing outside pact (share of the two)"] * standing / 2
        eta += b["outside pact formed within a year (share of the two)"] * fresh / 2
        one, two = self.first.disputed - {self.second}, self.second.disputed - {self.first}
        eta += b["disputes with others within a year"] * (math.log1p(len(one)) + math.log1p(len(two))) / 2
        beside = len(self.first.allies & two) + len(self.second.allies & one)
        eta += b["allies in dispute with the other"] * math.log1p(beside)
        self.begins, self.dispute_chance = happens(self.random, eta, self.system.dt)
        self.force = self.begins and is_so(self.random, self.severity("force_used"))
        self.deaths = self.force and is_so(self.random, self.severity("dispute_deaths"))

    def decide_end_of_dispute(self) -> None:
        """Whether a dispute ends, be it of this step."""
        self.over, self.over_chance = False, 0.0
        if self.ongoing or self.begins:
            eta = self.base("dispute_end") + self.system.b["dispute_end"]["began in the step"] * self.begins
            self.over, self.over_chance = happens(self.random, eta, self.system.dt)

    def note(self) -> None:
        """What the two know of their dispute within the last year, if they are in each other's reach."""
        for mine, other in ((self.first.disputed, self.second), (self.second.disputed, self.first)):
            (mine.add if self.relevant and self.peace < 1 else mine.discard)(other)

    def severity(self, process: str) -> float:
        """Log odds that a dispute is so bad."""
        b = self.system.b[process]
        armed = min(self.first.status, self.second.status) >= POSSESSES
        odds = self.base(process) + b["both have nuclear weapons"] * armed + self.system.era(process)
        return (
            odds + b["defence pact between the two"] * self.obliged + b["record of disputes"] * math.log1p(self.history)
        )

    def act(self) -> None:
        """Let what was decided happen; treaties follow when all agents have acted."""
        moving, dt = self.system.moving, self.system.dt
        if "exercises" in moving:
            self.recent = remembered(self.recent, self.exercises, dt)
        if "trade" in moving:
            self.trade = self.next_trade
            if self.trade > 0 and not math.isnan(self.usual_trade):
                self.usual_trade *= (self.trade / self.usual_trade) ** -math.expm1(-dt / USUAL_FADE)
        if "dispute_onset" in moving:
            self.peace = 0.0 if self.begins or self.ongoing else min(self.peace + dt, MOST_PEACE)
            self.history = self.history * 0.5 ** (dt / HALF_LIFE) + self.begins
            self.pact_years = self.pact_years + dt if self.obliged else 0.0
        if "dispute_end" in moving:
            self.ongoing = (self.ongoing or self.begins) and not self.over

    def keep_books(self) -> None:
        """What is in force between the two after what was signed and what ended."""
        dt = self.system.dt
        if self.signs:
            self.agreement, self.age, self.shift = True, dt / 2, 0.0
            self.pledge, self.nonaggression = self.pledges, self.renounces
        elif self.ends:
            self.agreement = self.pledge = self.nonaggression = False
            self.age = self.shift = 0.0
        else:
            self.age = self.age + dt if self.agreement else 0.0

    def pledged(self) -> bool:
        """Whether an agreement, or a pact to which both belong, obliges them to defend each other."""
        return (self.agreement and self.pledge) or self.system.share_a_defence_pact(self.first, self.second)

    def oblige(self) -> None:
        """Renew the obligation and what the two states know of their allies."""
        self.obliged = (self.pledged() and not self.withheld) or self.kept_elsewhere
        for one, other in ((self.first, self.second), (self.second, self.first)):
            for mine, there in (
                (one.allies, self.obliged),
                (one.standing, self.obliged and self.pact_years >= 1),
                (one.fresh, self.obliged and self.pact_years < 1),
            ):
                (mine.add if there else mine.discard)(other)


def outside(one: "State", other: "State", meant: str) -> bool:
    """Whether a state has a pact meant with a third, which has none with the other."""
    return any(third is not other and third not in other.allies for third in getattr(one, meant))


def remembered(recent: float, tally: int, dt: float) -> float:
    """What is remembered after a step: events fade, and new ones are spread over it."""
    kept = math.exp(-dt / FADE)
    return recent * kept + tally * (1 - kept) * FADE / dt


class Garrison:
    """Troops of a sender in a host."""

    def __init__(self, system: "System", sender: "State", host: "State", number: int, troops: float):
        self.system, self.sender, self.host, self.number = system, sender, host, number
        self.random, self.troops, self.after = sender.random, troops, troops

    def decide(self) -> None:
        """Whether the garrison is held, drawn down or surged."""
        if "troop_change" not in self.system.moving:
            return None
        if self.troops < FEWEST:
            return self.decide_opening()
        etas = self.predictors()
        if math.isnan(sum(etas)):
            return None
        (down, up, fall, rise, noise), dt = (math.exp(x) for x in etas), self.system.dt
        if self.random.random() < -math.expm1(-(down + up) * dt):
            u = 1 - self.random.random()
            fell = self.random.random() < down / (down + up)
            change = DOWN - fall * (1 / math.sqrt(u) - 1) if fell else UP - rise * math.log(u)
        else:
            change = math.inf
            while not DOWN < change < UP:
                change = noise * math.sqrt(2 * dt) * t4(self.random)
        self.after = self.troops * math.exp(change)
        return None

    def decide_opening(self) -> None:
        """Whether the post becomes a garrison, and of how many."""
        b, post, pact = self.system.b["garrison_opened"], self.troops / 100, self.host in self.sender.allies
        eta = self.system.base["garrison_opened opening"][self.number] + b["opening: hundreds of troops there"] * post
        opened, _ = happens(self.random, eta + b["opening: defence pact"] * pact, self.system.dt)
        size = self.system.base["garrison_opened size"][self.number] + b["size: hundreds of troops there"] * post
        if opened and not math.isnan(size):
            scale = math.exp(size)
            u = self.random.random() * math.expm1(-MOST_PLACED / scale)
            self.after = FEWEST * math.exp(-scale * math.log1p(u))

    def predictors(self) -> list[float]:
        """The five linear predictors."""
        size, pact = math.log10(self.troops) - 3, float(self.host in self.sender.allies)
        effects = {
            "log10 troops from 1,000": size,
            "defence pact": pact,
            "defence pact x log10 troops": pact * size,
            "war theatre x log10 troops": size * self.system.script.theatre[self.number],
            "defence pact x log10 troops x since 1975": pact * size * (self.sender.year >= 1975),
            "new leader of an autocratic host": float(self.host.shaken),
            "new leader of the sender": float(self.sender.tenure < 1),
        }
        etas = []
        for part, b in self.system.troop_parts.items():
            etas.append(self.system.base[f"troop_change {part}"][self.number])
            etas[-1] += sum(b[name] * x for name, x in effects.items() if name in b)
        etas[0] += self.system.era("troop_change")
        return etas

    def act(self) -> None:
        """Move the troops."""
        self.troops = self.after


class Visited:
    """A host of an official's visits."""

    def __init__(self, system: "System", who: str, visitor: "State", host: "State", number: int, recent: float):
        self.system, self.name, self.visitor, self.host = system, f"visits_{who}", visitor, host
        self.number, self.recent, self.random, self.visits = number, recent, visitor.random, 0
        self.few = 0.0
        self.garrison: Garrison | None = None

    def decide(self) -> None:
        """How often the official comes."""
        if self.name not in self.system.moving:
            return
        b, system = self.system.b[self.name], self.system
        troops = self.garrison.troops if self.garrison else self.few
        eta = system.base[self.name][self.number] + system.era(self.name)
        eta += b["defence pact"] * (self.host in self.visitor.allies) + b["log troops"] * math.log1p(troops / 100)
        eta += b["first year of the sender's leader"] * (self.visitor.tenure < 1)
        eta += b["sender votes"] * system.votes[self.visitor.number][0]
        eta += b["log past visits"] * math.log1p(self.recent / 0.1)
        self.visits = tallied(self.random, eta, math.exp(b["log dispersion"]), system.dt, MOST[self.name])

    def act(self) -> None:
        """The host remembers."""
        if self.name in self.system.moving:
            self.recent = remembered(self.recent, self.visits, self.system.dt)
