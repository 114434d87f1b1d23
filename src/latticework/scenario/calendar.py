"""A scenario runs from its baseline to the end of that quarter, then by calendar quarters."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

YEAR_DAYS = 365.25


@dataclass(frozen=True)
class Steps:
    """The steps of a scenario, each from the evening of `start` to the evening of `end`.

    `start` and `end` are datetime64[D] of shape (s,), `dt` is the length in years of 365.25 days, shape (s,). A day d
    belongs to the step with start < d <= end; the baseline day belongs to the first.
    """

    start: np.ndarray
    end: np.ndarray
    dt: np.ndarray

    @property
    def count(self) -> int:
        """The number of steps."""
        return len(self.end)

    def covered(self, first: date | None, last: date | None) -> np.ndarray:
        """Years of each step that lie between two days, both included (None: from the start, to the end)."""
        begin = self.start[0] if first is None else np.datetime64(first, "D") - np.timedelta64(1, "D")
        finish = self.end[-1] if last is None else np.datetime64(last, "D")
        days = np.minimum(self.end, finish) - np.maximum(self.start, begin)
        return np.maximum(days.astype(float), 0.0) / YEAR_DAYS

    def index(self, day: date) -> int | None:
        """The step to which a day belongs, None outside the horizon."""
        when = np.datetime64(day, "D")
        if not self.start[0] <= when <= self.end[-1]:
            return None
        return int(max(np.searchsorted(self.end, when, side="left"), 0))


def quarter_steps(baseline: date, quarters: int) -> Steps:
    """The first step runs from the baseline to the end of its quarter, the others are calendar quarters.

    On the last day of a quarter nothing of it is left, so the first step is then the next quarter.
    """
    first = _quarter_end(baseline)
    ends = [_quarter_end(first, ahead) for ahead in range(quarters + 1)]
    ends = ends[1:] if first == baseline else ends[:-1]
    end = np.array(ends, dtype="datetime64[D]")
    start = np.array([baseline, *ends[:-1]], dtype="datetime64[D]")
    return Steps(start, end, (end - start).astype(float) / YEAR_DAYS)


def horizon(baseline: date, quarters: int) -> date:
    """The last day of the last step."""
    return _quarter_end(baseline, quarters if _quarter_end(baseline) == baseline else quarters - 1)


def quarter_before(baseline: date) -> date:
    """The first day of the calendar quarter before that of the baseline."""
    return _quarter_end(baseline, -2) + timedelta(days=1)


def _quarter_end(day: date, ahead: int = 0) -> date:
    """The last day of the quarter that lies `ahead` quarters after that of the day."""
    quarter = day.year * 4 + (day.month - 1) // 3 + ahead + 1
    return date(quarter // 4, quarter % 4 * 3 + 1, 1) - timedelta(days=1)
