"""Whose ties are measured: the dyads that ever had to do with one another, each with its patron and its standing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from latticework.types import Bool, Float, Int

HUBS = ("USA", "RUS", "CHN")
COVARIATES = ("log distance", "land neighbours", *(f"patron {hub}" for hub in HUBS))


@dataclass(frozen=True)
class Dyads:
    """Unordered dyads: names in alphabetical order, places of both states in `codes`, and what shapes a tie's mean.

    `patron` is the number of the dyad's patron in HUBS, len(HUBS) where it has none; `alive` says in which quarters
    both states exist; `standing` holds the COVARIATES of the mean strength, distance as deviations from its mean.
    """

    codes: tuple[str, ...]
    first: Int[np.ndarray, "d"]
    second: Int[np.ndarray, "d"]
    patron: Int[np.ndarray, "d"]
    alive: Bool[np.ndarray, "t d"]
    standing: Float[np.ndarray, "d m"]

    def __len__(self) -> int:
        return len(self.first)

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """The two codes of each dyad, in alphabetical order."""
        return tuple((self.codes[i], self.codes[j]) for i, j in zip(self.first, self.second, strict=True))

    def take(self, which: Int[np.ndarray, "k"]) -> "Dyads":
        """Some of the dyads."""
        parts = (self.first[which], self.second[which], self.patron[which])
        return Dyads(self.codes, *parts, self.alive[:, which], self.standing[which])


def patrons(codes: Sequence[str], first: np.ndarray, second: np.ndarray) -> Int[np.ndarray, "d"]:
    """The number of each dyad's patron: the first of HUBS that is one of the two, len(HUBS) if none is."""
    found = np.full(len(first), len(HUBS))
    for number, hub in reversed(list(enumerate(HUBS))):
        if hub in codes:
            place = codes.index(hub)
            found[(first == place) | (second == place)] = number
    return found
