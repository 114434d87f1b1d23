"""How often something happens under a condition, over how often it happens without it."""

from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from latticework.audit.base import CAUSAL, Compared, Found, MissingEvidenceError
from latticework.audit.bootstrap import band, cluster_sums, resampled
from latticework.audit.evidence import Evidence, Yearly
from latticework.fit.records import ENOUGH
from latticework.scenario.fields import Day, Number, StateCode

FEWEST = 5  # events on either side


class Rates(Compared):
    """The ratio of the rate of an event with a condition to that without, bootstrapped over states or dyads.

    Units are state-years, or, with a `patron`, dyad-years without the patron; the condition is then that `layer`
    between the patron and exactly one of the two is at least `at_least_layer`. `where` keeps unit-years in which that
    layer is above 0. It compares as found: what else differs with the condition is not held equal.
    """

    test: Literal["rates"]
    event: Yearly
    layer: Yearly
    layer_at_least: Number = 1.0
    patron: StateCode | None = None
    states: Annotated[tuple[StateCode, ...], Field(min_length=2)]
    where: Yearly | None = None
    where_at_least: Number = 1e-9
    first: Day

    def found(self, evidence: Evidence) -> Found:
        """The ratio and its band."""
        rows = self.unit_years(evidence)
        with_it = rows["condition"] > 0
        hits = rows["happened"].to_numpy(float)
        counts = np.column_stack([hits * with_it, with_it, hits * ~with_it, ~with_it]).astype(float)
        sums = cluster_sums(counts, pd.factorize(rows["unit"])[0])
        total = sums.sum(0)
        if min(total[0], total[2]) < FEWEST:
            raise MissingEvidenceError(
                f"{total[0]:.0f} events with the condition and {total[2]:.0f} without: too few to tell"
            )
        lower, upper = band(_ratio(resampled(sums)))
        badge = "data-driven" if min(total[0], total[2]) >= ENOUGH else "mixed"
        note = (
            f"'{self.event}' in {total[0]:.0f} of {total[1]:.0f} unit-years with '{self.layer}' at least "
            f"{self.layer_at_least:g}, in {total[2]:.0f} of {total[3]:.0f} without, "
            f"{rows['year'].min()} to {rows['year'].max()}, bootstrap over {len(sums)} units"
        )
        return Found(float(_ratio(total)), lower, upper, "ratio of rates", "estimated", badge, note, CAUSAL)

    def unit_years(self, evidence: Evidence) -> pd.DataFrame:
        """A row per unit and year: unit, year, happened, condition."""
        layers = tuple(dict.fromkeys(x for x in (self.event, self.layer, self.where) if x))
        if self.patron:
            wide = evidence.table("dyad", layers, (*self.states, self.patron))
            rows = self._of_dyads(wide, self.patron)
        else:
            wide = evidence.table("state", layers, self.states)
            level = wide[self.layer]
            rows = wide.assign(
                unit=wide["state"], condition=(level >= self.layer_at_least).astype(float).where(level.notna())
            )
        known = rows[self.event].notna() & rows["condition"].notna() & (rows["year"] >= self.first.year)
        if self.where:
            known &= rows[self.where] >= self.where_at_least
        rows = rows[known]
        if rows.empty:
            raise MissingEvidenceError(f"the panel has no '{self.event}' for these states")
        return rows.assign(happened=rows[self.event] > 0)[["unit", "year", "happened", "condition"]]

    def _of_dyads(self, wide: pd.DataFrame, patron: str) -> pd.DataFrame:
        """Dyads without the patron, with whether one of the two has the condition with it."""
        of_patron = (wide["state"] == patron) | (wide["partner"] == patron)
        held, mine = wide[of_patron], (wide["state"] == patron)[of_patron]
        if self.layer in wide:
            value = held[self.layer]
        else:
            value = held[f"{self.layer}_12"].where(mine, held[f"{self.layer}_21"])
        host = held["partner"].where(mine, held["state"])
        level = pd.Series((value >= self.layer_at_least).to_numpy(float), [host, held["year"]])
        level[value.isna().to_numpy()] = np.nan
        others = wide[~of_patron]
        one, two = (
            level.reindex(pd.MultiIndex.from_arrays([others[side], others["year"]])).to_numpy()
            for side in ("state", "partner")
        )
        condition = np.where(np.isnan(one) | np.isnan(two), np.nan, (one + two == 1).astype(float))
        return others.assign(unit=others["state"] + "-" + others["partner"], condition=condition)


def _ratio(counts: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((counts[..., 0] / counts[..., 1]) / (counts[..., 2] / counts[..., 3]))
