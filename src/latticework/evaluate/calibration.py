"""How right forecasts were in themselves: chances beside shares, ranks of outcomes, intervals that cover."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from latticework.evaluate import scores
from latticework.evaluate.skill import MODEL, Judged

COLUMNS = ["target", "horizon", "what", "at", "value", "n"]
BARS = 10


def calibrated(judged: Sequence[Judged]) -> pd.DataFrame:
    """What each set of forecasts says of its own calibration, a row per number.

    `what` is "share" (of events, where the mean chance was `at`), "rank" (share of outcomes in a tenth of the ensemble,
    from `at` on), "interval" (share inside the central interval `at`), or a part of the Brier score: "miscalibration",
    "discrimination", "uncertainty"; "calibration error"; "AUC". `n` is how many forecasts it rests on.
    """
    rows = [row for part in judged for row in (_of_chances(part) if part.chances else _of_levels(part))]
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_chances(part: Judged) -> Iterator[tuple]:
    head, chance = (part.target, part.horizon), part.chances[MODEL]
    for at, share, count in scores.calibration(part.outcome, chance):
        yield *head, "share", float(at), float(share), int(count)
    n = len(chance)
    parts = scores.decomposed(part.outcome, chance)._asdict()
    parts |= {"calibration error": scores.calibration_error(part.outcome, chance)}
    parts |= {"AUC": scores.roc(part.outcome, chance)}
    for name, value in parts.items():
        yield *head, name, np.nan, value, n


def _of_levels(part: Judged) -> Iterator[tuple]:
    head, n = (part.target, part.horizon), len(part.outcome)
    if part.pit is None:
        return  # courses: joint, without ranks
    shares = np.histogram(part.pit, BARS, (0, 1))[0] / n
    for number, share in enumerate(shares):
        yield *head, "rank", number / BARS, float(share), n
    for central, inside in part.inside.items():
        yield *head, "interval", central, float(inside.mean()), n
