"""Which states are major powers: the Correlates of War list, as spells."""

import pandas as pd

from latticework.data.inputs import FIRST_YEAR, Inputs, iso_days, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.states import BY_COW

INPUTS = ("cow_majors",)
LAST_DAY = "2016-12-31"

MAJOR_POWER = Layer(
    name="major_power",
    title="Major powers",
    kind="state",
    unit="1 = a major power",
    bounds=(1, 1),
    frequency="spells",
    source="Correlates of War, major powers",
    version="2016",
    citation="Correlates of War Project (2017), State System Membership List, v2016",
    licence="free for public and academic use with citation; no formal open licence",
    transformation="spells that were running in 1950 or began later; spells that reach the list's end are left open",
    coverage="A state without a spell was no major power. The list ends in 2016: open spells hold until today.",
    traps=("endyear 2016 is the last year of the list, not the end of the rank",),
    extras={"end": "date"},
    until=LAST_DAY,
    absent="zero",
)
LAYERS = (MAJOR_POWER,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """The spells of all major powers since 1950."""
    columns = ["ccode", "styear", "stmonth", "stday", "endyear", "endmonth", "endday"]
    listed = read_input(inputs, "cow_majors", columns)
    listed = listed[listed["endyear"] >= FIRST_YEAR]
    ends = iso_days(listed["endyear"], listed["endmonth"], listed["endday"])
    table = pd.DataFrame(
        {
            "date": iso_days(listed["styear"], listed["stmonth"], listed["stday"]),
            "state": listed["ccode"].map(BY_COW),
            "value": 1.0,
            "source": "cow-majors-2016",
            "end": ends.where(ends != LAST_DAY, ""),
        }
    )
    return {"major_power": tidy(MAJOR_POWER, table)}
