"""What the mechanisms of a run have to say beside its futures: their parameters, the bargain, the game, the stances."""

from dataclasses import dataclass, field

import pandas as pd


def _none() -> pd.DataFrame:
    return pd.DataFrame()


@dataclass(frozen=True)
class MechanismResults:
    """Tables that the mechanisms of a scenario give; each is empty where its mechanism is not named.

    `parameters` (kind, parameter, acts_on, unit, mean, sd, sign, origin, because, source); `split` (branch, state,
    date, term, value, mean, lower, upper: what each term adds to the share of the log demand that is paid); `fit`
    (name, value: how well the bargain foretells its record); `game` (branch, challenger, protege, quantity, value,
    lower, upper, loose, strict, difference, clear); `targets` (precision, challenge, fulfilled, unconditional, pairs);
    `stance` (the records of `measures.hedging` on the baseline day).
    """

    parameters: pd.DataFrame = field(default_factory=_none)
    split: pd.DataFrame = field(default_factory=_none)
    fit: pd.DataFrame = field(default_factory=_none)
    game: pd.DataFrame = field(default_factory=_none)
    targets: pd.DataFrame = field(default_factory=_none)
    stance: pd.DataFrame = field(default_factory=_none)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables that have rows, by the name of their file in a run folder."""
        named = {
            "parameters": self.parameters,
            "bargain_split": self.split,
            "bargain_fit": self.fit,
            "deterrence": self.game,
            "deterrence_targets": self.targets,
            "hedging": self.stance,
        }
        return {name: table for name, table in named.items() if len(table)}
