"""When a national vote could change the effective leader: the REIGN election list."""

import pandas as pd

from latticework.data.inputs import FIRST_YEAR, Inputs, iso_days, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.states import BY_COW

INPUTS = ("reign_electionlist_2021_03",)

ELECTION = Layer(
    name="election",
    title="National votes that can change the effective leader",
    kind="state",
    unit="1 = a vote was held",
    frequency="dated",
    source="REIGN election list",
    version="2021-3",
    citation="Bell, Curtis, Besaw & Frank (2021), Rulers, Elections, and Irregular Governance (REIGN)",
    licence="MIT",
    transformation="events 'Vote, As Scheduled' and 'Vote, Early' of type X (executive) and L (legislature, where it "
    "chooses the leader), direct or not, first rounds and run-offs; where the list has no day, the 15th of the month",
    coverage="1950 to February 2021. The list has for each state the body that chooses its effective leader: the "
    "President in the United States, the House of Representatives in Japan. TWN and ZAN are not in it.",
    traps=(
        "the list also has scheduled events to 2027, announcements, deadlines and voided elections: no votes",
        "referendums (type R) are left out",
        "166 votes have a month but no day",
        "the vote of 25 January 1987 stands under Germany 255 and 260: one vote",
    ),
    extras={"type": "text", "timing": "text", "day_known": "number"},
    until="2021-02-28",
    absent="zero",
    carry=False,
)
LAYERS = (ELECTION,)
TYPES = {"X": "executive", "L": "legislature"}


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Every vote that was held since 1950, one row per state and day."""
    columns = ["ccode", "elec_year", "elec_month", "elec_day", "event", "type"]
    listed = read_input(inputs, "reign_electionlist_2021_03", columns)
    event = listed["event"].str.strip().str.lower()
    held = event.str.startswith("vote,") & listed["type"].isin(tuple(TYPES)) & (listed["elec_year"] >= FIRST_YEAR)
    listed, event = listed[held], event[held]
    day = listed["elec_day"].str.strip()
    table = pd.DataFrame(
        {
            "date": iso_days(listed["elec_year"], listed["elec_month"], day.where(day != "", "15")),
            "state": listed["ccode"].map(BY_COW),
            "value": 1.0,
            "source": "reign-2021-03",
            "type": listed["type"].map(TYPES),
            "timing": event.str.removeprefix("vote,").str.strip(),
            "day_known": (day != "").astype(float),
        }
    )
    return {"election": tidy(ELECTION, table.drop_duplicates(["date", "state"]))}
