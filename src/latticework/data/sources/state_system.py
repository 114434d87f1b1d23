"""Which states exist: Correlates of War state system membership, as spells."""

import pandas as pd

from latticework.data.inputs import FIRST_YEAR, Inputs, iso_days, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.states import BY_COW

INPUTS = ("cow_states_2016",)
SOURCE = "cow-states-2016"
LAST_DAY = "2016-12-31"
DAY = pd.Timedelta(days=1)

EXISTS = Layer(
    name="exists",
    title="Membership of the state system",
    kind="state",
    unit="1 = a state",
    bounds=(1, 1),
    frequency="spells",
    source="Correlates of War, State System Membership",
    version="2016",
    citation="Correlates of War Project (2017), State System Membership List, v2016",
    licence="free for public and academic use with citation; no formal open licence",
    transformation="spells that were running in 1950 or began later; Germany 255 and 260 joined into DEU, Yemen 678 "
    "and 679 into YEM; spells that reach the end of the list are left open",
    coverage="All members of the state system; a state without a spell on a day did not exist on it. The list ends in "
    "2016 and no later change is recorded: open spells hold until today.",
    traps=(
        "endyear 2016 is the last year of the list, not the end of a state",
        "Japan is a member from 1952 and the Federal Republic of Germany from 1955",
        "Germany is 260 until 1990 and 255 after it, Yemen 678 and 679: one state each",
    ),
    extras={"end": "date"},
    until=LAST_DAY,
    absent="zero",
)
LAYERS = (EXISTS,)


def spells(inputs: Inputs) -> pd.DataFrame:
    """Columns state, date (first day) and end (last day, empty if the state still existed when the list ended)."""
    columns = ["ccode", "styear", "stmonth", "stday", "endyear", "endmonth", "endday"]
    listed = read_input(inputs, "cow_states_2016", columns)
    listed = listed[listed["endyear"] >= FIRST_YEAR]
    listed = pd.DataFrame(
        {
            "state": listed["ccode"].map(BY_COW),
            "date": iso_days(listed["styear"], listed["stmonth"], listed["stday"]),
            "end": iso_days(listed["endyear"], listed["endmonth"], listed["endday"]),
        }
    ).sort_values(["state", "date"], kind="stable")
    listed["end"] = listed["end"].where(listed["end"] != LAST_DAY, "")
    return joined(listed)


def joined(listed: pd.DataFrame) -> pd.DataFrame:
    """Spells of a state that follow each other without a day between them, as one spell."""
    rows: list[dict[str, str]] = []
    for state, date, end in zip(listed["state"], listed["date"], listed["end"], strict=True):
        last = rows[-1] if rows else None
        if last and last["state"] == state and last["end"] and pd.Timestamp(date) - pd.Timestamp(last["end"]) <= DAY:
            last["end"] = end
        else:
            rows.append({"state": state, "date": date, "end": end})
    return pd.DataFrame(rows)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """The spells of all states since 1950."""
    return {"exists": tidy(EXISTS, spells(inputs).assign(value=1.0, source=SOURCE))}
