"""When a national vote could change the effective leader: the REIGN election list, and dated facts after it."""

import pandas as pd

from latticework.data.dyads import iso
from latticework.data.inputs import FIRST_YEAR, Inputs, iso_days, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.states import BY_COW

INPUTS = ("reign_electionlist_2021_03", "elections")
REIGN, REIGN_TO, FACTS_TO = "reign-2021-03", "2021-02-28", "2025-01-24"
SCHEDULED, NO_DAY = "scheduled", 15
ANNOUNCED = ("announced", "announcement assumed", "announcement")
AHEAD = pd.DateOffset(years=1)  # how long before it a regular vote is taken to be known
LONGEST = pd.Timedelta(days=366)  # an announcement further back is a slip of the list (JPN 2012: November 2011)
EARLY = 0.25  # years before the end of the term from which a vote counts as early

ELECTION = Layer(
    name="election",
    title="National votes that can change the effective leader",
    kind="state",
    unit="1 = a vote (held, or set for the date if timing is 'scheduled')",
    frequency="dated",
    source="REIGN election list; dated facts for 20 states",
    version="2021-3; facts of January 2025",
    citation="Bell, Curtis, Besaw & Frank (2021), Rulers, Elections, and Irregular Governance (REIGN)",
    licence="MIT; facts: a source in every row",
    transformation="events 'Vote, As Scheduled' and 'Vote, Early' of type X (executive) and L (legislature, where it "
    "chooses the leader), direct or not, first rounds and run-offs; where the list has no day, the 15th of the month; "
    "then the votes in the facts of the kind that REIGN lists for the state, 'early' if more than a quarter of a year "
    "before the end of a whole term, 'scheduled' if after 24 January 2025; `known` is the announcement where REIGN has "
    "one of the year before, else a year ahead, for early votes the day itself, and 24 January 2025 at the latest for "
    "scheduled ones",
    coverage="Held votes: 1950 to February 2021 from REIGN (not TWN, ZAN), to 24 January 2025 from the facts for 20 "
    "states, TWN from 2000. `known_to` is the last day to which the list of the state's held votes is complete. The "
    "list has for each state the body that chooses its effective leader: the President in the United States, the House "
    "of Representatives in Japan, the party congress in China (facts).",
    traps=(
        "REIGN's own scheduled events to 2027, announcements, deadlines and voided elections are no votes",
        "referendums (type R) are left out, and so are upper houses, midterms, local and party votes of the facts",
        "116 of the votes held have a month but no day",
        "the vote of 25 January 1987 stands under Germany 255 and 260: one vote",
        "that a regular vote is known a year ahead is an assumption: nothing in the lists says when a date was set",
        "day_known 0 of a scheduled vote: the latest or an approximate day (AUS, CAN and SGP in 2025: 'due by')",
        "scheduled is what was set on 24 January 2025; NZL, PRK, THA and VNM have no such row. A state without one may "
        "still vote early",
        "of FRA 2022 the facts have the second round alone; of CHN after 2021 the congress and not the assembly's vote",
        "TWN rests on general knowledge for 2000 to 2016 (confidence medium)",
    ),
    extras={
        "type": "text",
        "timing": "text",
        "day_known": "number",
        "known": "date",
        "known_to": "date",
        "confidence": "text",
    },
    carry=False,
    event=True,
    bounds=(1, 1),
)
LAYERS = (ELECTION,)
TYPES = {"X": "executive", "L": "legislature"}
DECIDES = {  # the kind of vote that can change the leader, as REIGN lists it for the state, and the term in years
    "AUS": ("lower", 3),
    "CAN": ("lower", 4),
    "CHN": ("party", 5),
    "DEU": ("lower", 4),
    "FRA": ("presidential", 5),
    "GBR": ("lower", 5),
    "IDN": ("presidential", 5),
    "IND": ("lower", 5),
    "JPN": ("lower", 4),
    "KOR": ("presidential", 5),
    "MYS": ("lower", 5),
    "NZL": ("lower", 3),
    "PHL": ("presidential", 6),
    "PRK": ("legislative", 5),
    "RUS": ("presidential", 6),
    "SGP": ("lower", 5),
    "THA": ("lower", 4),
    "TWN": ("presidential", 4),
    "USA": ("presidential", 4),
    "VNM": ("legislative", 5),
}


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Every vote since 1950 that was held or is set, one row per state and day."""
    votes = _reign(inputs)
    facts = _facts(fact_votes(inputs), votes)
    table = pd.concat([votes, facts], ignore_index=True).drop_duplicates(["date", "state"])
    longer = table["state"].isin(DECIDES)
    table["known_to"] = longer.map({True: FACTS_TO, False: REIGN_TO})
    return {"election": tidy(ELECTION, table)}


def _reign(inputs: Inputs) -> pd.DataFrame:
    columns = ["ccode", "elecnum", "elec_year", "elec_month", "elec_day", "event", "type"]
    listed = read_input(inputs, INPUTS[0], columns)
    days = pd.to_numeric(listed["elec_day"], errors="coerce")  # blank where the list has only the month
    listed = listed.assign(event=listed["event"].str.strip().str.lower(), day=days)
    held = listed["event"].str.startswith("vote,") & listed["type"].isin(tuple(TYPES))
    votes = listed[held & (listed["elec_year"] >= FIRST_YEAR)]
    days = iso_days(votes["elec_year"], votes["elec_month"], votes["day"].fillna(NO_DAY))
    timing = votes["event"].str.removeprefix("vote,").str.strip()
    announced = _announcements(listed).reindex(votes["elecnum"]).set_axis(votes.index)
    return pd.DataFrame(
        {
            "date": days,
            "state": votes["ccode"].map(BY_COW),
            "value": 1.0,
            "source": REIGN,
            "type": votes["type"].map(TYPES),
            "timing": timing,
            "day_known": votes["day"].notna().astype(float),
            "known": iso(_known(pd.to_datetime(days), timing, announced)),
            "confidence": "",
        }
    )


def _announcements(listed: pd.DataFrame) -> pd.Series:
    """The day on which each election (by its number) was announced; the last of the month if the list has no day."""
    listed = listed[listed["event"].isin(ANNOUNCED)]
    first = pd.to_datetime(iso_days(listed["elec_year"], listed["elec_month"], pd.Series(1, index=listed.index)))
    day = first + pd.to_timedelta(listed["day"] - 1, unit="D")
    days = day.where(day.notna(), first + pd.offsets.MonthEnd(0))
    return days.groupby(listed["elecnum"]).max()


def _known(days: pd.Series, timing: pd.Series, announced: pd.Series) -> pd.Series:
    """The day from which a vote is taken to be known: announced, or a year ahead, or the day itself if it was early."""
    announced = announced.where(~(announced > days), days)  # of the month of the vote, without a day
    believed = announced.where(days - announced <= LONGEST)
    return believed.fillna((days - AHEAD).where(timing != "early", days))


def fact_votes(inputs: Inputs) -> pd.DataFrame:
    """The votes in the dated facts by state and day, held and scheduled, of every kind.

    Columns state, date, kind (such as lower, presidential), result, majority ('yes', 'no' or 'na': whether the ruling
    side had one after it), status, source, confidence and note.
    """
    texts = ["country", "type", "result", "majority", "status", "source", "confidence", "note"]
    listed = read_input(inputs, "elections", [*texts, "date"])
    listed[texts] = listed[texts].astype(object).fillna("")
    listed = listed.assign(date=iso(pd.to_datetime(listed["date"])), source="fact: " + listed["source"])
    listed = listed.rename(columns={"country": "state", "type": "kind"})
    return listed.sort_values(["state", "date"], kind="stable").reset_index(drop=True)


def _facts(facts: pd.DataFrame, votes: pd.DataFrame) -> pd.DataFrame:
    """The facts that REIGN lacks: later votes of the kind that decides, and all of a state that it leaves out."""
    deciding = facts["state"].map({state: kind for state, (kind, _) in DECIDES.items()})
    same = facts["kind"].str.partition("+")[0] == deciding  # presidential+congress is presidential
    later = (facts["date"] > REIGN_TO) | ~facts["state"].isin(set(votes["state"]))
    facts = facts[same & later].reset_index(drop=True)
    days, timing = pd.to_datetime(facts["date"]), _timing(facts, votes)
    known = iso(_known(days, timing, pd.Series(pd.NaT, index=facts.index, dtype=days.dtype)))
    scheduled = facts["status"] == SCHEDULED
    rough = scheduled & (facts["result"].str.contains("due|latest") | facts["note"].str.contains("approx"))
    executive = facts["kind"].str.startswith(("presidential", "party"))
    return facts.assign(
        value=1.0,
        type=executive.map({True: TYPES["X"], False: TYPES["L"]}),
        timing=timing.where(~scheduled, SCHEDULED),
        day_known=(~rough).astype(float),
        known=known.where(~scheduled | (known < FACTS_TO), FACTS_TO),
    )[[*votes.columns]]


def _timing(facts: pd.DataFrame, votes: pd.DataFrame) -> pd.Series:
    """'early' for a vote held or set before the end of the term that the state's last vote began."""
    term = facts["state"].map({state: years for state, (_, years) in DECIDES.items()})
    last = facts["state"].map(votes.groupby("state")["date"].max())
    before = pd.to_datetime(facts.groupby("state")["date"].shift().fillna(last))
    lasted = (pd.to_datetime(facts["date"]) - before).dt.days / 365.25
    return (lasted < term - EARLY).map({True: "early", False: "as scheduled"})
