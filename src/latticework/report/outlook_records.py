"""An outlook as records for programs."""

from typing import Any

import pandas as pd

from latticework.measures.since import Tally
from latticework.report.outlook_result import HINDSIGHT, DayOutlook
from latticework.report.records import rows

TIES = ("state", "partner", "date", "value", "lower", "upper", "what")


def tie_records(found: DayOutlook) -> pd.DataFrame:
    """Tie strength with its 80 % band, a row per tie, date and `what` (columns: TIES).

    `what` is "as known on the day" (every quarter up to it), "forecast" (every step) or "as known today" (all quarters
    since the day's own).
    """
    ahead = found.results.outlook
    ahead = ahead[(ahead["quantity"] == "tie strength") & (ahead["date"] > found.day)]
    later = found.later[found.later["date"] >= found.start]
    parts = {"as known on the day": found.past, "forecast": ahead, "as known today": later}
    tables = [table.assign(what=what)[list(TIES)] for what, table in parts.items()]
    return pd.concat(tables, ignore_index=True)


def outlook_records(found: DayOutlook) -> dict[str, Any]:
    """What `latticework outlook --format json` prints; missing numbers are null."""
    r, s = found.results, found.results.scenario
    holds = found.layers[found.layers["date"] == found.start].drop(columns="date")
    return {
        "states": list(s.focus),
        "on": found.day,
        "until": r.dates[-1],
        "hub": s.hub,
        "rival": s.rival,
        "simulated": list(s.states),
        "paths": r.paths,
        "draws": r.draws,
        "seed": r.seed,
        "version": r.version,
        "ties": rows(tie_records(found)),
        "layers": rows(holds),
        "drivers": rows(found.drivers),
        "since": rows(found.since),
        "tally": dict(zip(Tally._fields, found.tally, strict=True)),
        "inputs": rows(r.inputs[r.inputs["state"].isin(s.focus)]),
        "notes": [HINDSIGHT.format(day=found.day), *r.notes],
    }
