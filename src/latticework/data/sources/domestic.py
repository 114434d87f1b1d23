"""What weakens a government at home: no majority of its own, and an impeachment; from dated facts of 20 states."""

import pandas as pd

from latticework.data.dyads import iso
from latticework.data.inputs import Inputs, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.sources.elections import FACTS_TO, fact_votes
from latticework.data.sources.leaders import fact_leaders
from latticework.data.states import CODES

INPUTS = ("elections", "leaders", "events")
MAJORITY = {"yes": 0.0, "no": 1.0}
CHAMBERS = ("lower", "legislative", "midterm", "presidential+congress", "presidential+legislative")
FORMED = pd.Timedelta(days=150)  # within this time of a vote the side that won it has taken office
SEATED = {  # month and day of the year after a vote, or of the year itself, on which the new chamber meets
    ("USA", "midterm"): (1, 3),
    ("USA", "presidential+congress"): (1, 3),
    ("TWN", "legislative"): (2, 1),
    ("TWN", "presidential+legislative"): (2, 1),
    ("KOR", "legislative"): (5, 30),
}
DAY = pd.Timedelta(days=1)

MINORITY = Layer(
    name="minority_government",
    title="Government without a majority of its own",
    kind="state",
    unit="1 = the leader's side has no majority of its own in the chamber, 0 = it has",
    frequency="spells",
    source="dated facts: elections and leaders",
    version="January 2025",
    citation="the source of the fact in every row",
    licence="facts; a source in every row",
    transformation="what the facts say of the majority after a vote for the chamber (lower house, legislature, "
    "Congress), 'no' = 1, 'yes' = 0; from the day on which the chamber sits and the side that won is in office, to the "
    "day before the next vote's begins or the family of the leader's party changes; a coalition that a note says "
    "collapsed is 1 from that day",
    coverage="AUS, CAN, DEU, FRA, GBR, IND, JPN, KOR, MYS, NZL, SGP, THA, TWN and USA, from their first vote since "
    "2000 in the facts (FRA: from 2024) to 24 January 2025. A day between that no spell holds is unknown.",
    traps=(
        "'majority of its own' is judged as the facts do: standing allies count (AUS, DEU, JPN), other coalitions do "
        "not, so that GBR 2010, NZL but for 2020, IND 2024, MYS 2022 and THA 2019 and 2023 are 1 with a majority in "
        "the chamber; `what` tells the result",
        "USA: either chamber lost to the other party is 1; KOR and TWN: the legislature against the president",
        "upper houses do not count (JPN 2007 and 2010), votes for a president alone say nothing of a chamber",
        "a change of the leader's party ends what is known: KOR May 2022 to May 2024 is unknown, although the "
        "president had no majority",
        "FRA before July 2024 is unknown: the facts have its presidential votes alone",
        "most rows rest on general knowledge or on results told from memory",
    ),
    extras={"end": "date", "what": "text", "confidence": "text"},
    until=FACTS_TO,
    carry=False,
    bounds=(0, 1),
)
IMPEACHMENT = Layer(
    name="impeachment",
    title="Impeachment of a leader or acting leader",
    kind="state",
    unit="1 = impeached on the date",
    frequency="dated",
    source="dated facts: events and leaders",
    version="January 2025",
    citation="the source of the fact in every row",
    licence="facts; a source in every row",
    transformation="events that tell of an impeachment, and notes on leaders that give its day or that of the "
    "suspension of powers, which Korea's constitution joins to it",
    coverage="No complete list: what the facts name (KOR 2004, 2016 and twice in December 2024).",
    traps=(
        "no row is not 'no impeachment': the facts were chosen for what they explain (USA 2019 and 2021 are missing)",
        "the day of the legislature's vote, not of the court's ruling (KOR May 2004 rejected, March 2017 upheld)",
        "martial law of December 2024 and an arrest are no impeachments and not here",
    ),
    extras={"what": "text", "confidence": "text"},
    carry=False,
    event=True,
    bounds=(1, 1),
)
LAYERS = (MINORITY, IMPEACHMENT)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Spells with and without a majority, and impeachments."""
    leaders = fact_leaders(inputs)
    votes = fact_votes(inputs)
    spells = [_spells(group, leaders[leaders["state"] == state]) for state, group in _chambers(votes).groupby("state")]
    return {
        "minority_government": tidy(MINORITY, pd.concat(spells, ignore_index=True)),
        "impeachment": tidy(IMPEACHMENT, _impeachments(inputs, leaders)),
    }


def _chambers(votes: pd.DataFrame) -> pd.DataFrame:
    """The held votes for a chamber that say who had a majority, with the day on which the chamber sat."""
    votes = votes[(votes["status"] == "held") & votes["kind"].isin(CHAMBERS) & votes["majority"].isin(tuple(MAJORITY))]
    day = pd.to_datetime(votes["date"])
    sat = [_seated(*vote) for vote in zip(votes["state"], votes["kind"], day, strict=True)]
    return votes.assign(day=day, sat=pd.to_datetime(pd.Series(sat, index=votes.index)))


def _seated(state: str, kind: str, day: pd.Timestamp) -> pd.Timestamp:
    """The day on which the chamber that was voted for on a day first sits."""
    if (state, kind) not in SEATED:
        return day
    month, number = SEATED[state, kind]
    sits = pd.Timestamp(day.year, month, number)
    return sits if sits >= day else pd.Timestamp(day.year + 1, month, number)


def _spells(votes: pd.DataFrame, leaders: pd.DataFrame) -> pd.DataFrame:
    """The spells of one state: a vote's from the day on which chamber and winner are there, to what ends it."""
    rows = []
    following = [*(votes["sat"].iloc[1:] - DAY), None]
    for vote, then in zip(votes.to_dict("records"), following, strict=True):
        first, last = _in_office(leaders, vote["day"], vote["sat"])
        ends = [day for day in (last, then) if day is not None]
        vote |= {"value": MAJORITY[vote["majority"]], "first": first, "last": min(ends, default=None)}
        rows += _collapsed(vote)
    spells = pd.DataFrame(rows).rename(columns={"date": "voted", "result": "what"})
    spells = spells.assign(date=iso(pd.to_datetime(spells["first"])), end=iso(pd.to_datetime(spells["last"])))
    return spells[(spells["end"] == "") | (spells["end"] >= spells["date"])]


def _in_office(leaders: pd.DataFrame, day: pd.Timestamp, sat: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp | None]:
    """First day from `sat` on, and last (None = open), of the party family in office when a government is formed."""
    begins, ends = pd.to_datetime(leaders["date"]), pd.to_datetime(leaders["end"])
    formed = leaders[begins <= day + FORMED].iloc[-1]
    others = begins[leaders["party_family"] != formed["party_family"]]
    mine = begins[leaders["party_family"] == formed["party_family"]]
    before, after = (others[others < pd.Timestamp(formed["date"])].max(), others[others > formed["date"]].min())
    own = mine if pd.isna(before) else mine[mine > before]
    last = None if pd.isna(after) else ends[begins < after].iloc[-1] - DAY
    return max(own.min(), sat), last


def _collapsed(vote: dict) -> list[dict]:
    """The vote's spell, or two if a note gives the day on which the coalition that had the majority collapsed."""
    found = pd.Series([vote["note"]]).str.extract(r"collapsed (\d{4}-\d{2}-\d{2})")[0].iloc[0]
    if pd.isna(found):
        return [vote]
    fell = pd.Timestamp(found)
    return [vote | {"last": fell - DAY}, vote | {"first": fell, "value": 1.0, "result": "coalition collapsed"}]


def _impeachments(inputs: Inputs, leaders: pd.DataFrame) -> pd.DataFrame:
    """state, date, what, source, confidence; an event before a note on the same day."""
    columns = ["date", "actors", "description", "source", "confidence"]
    events = read_input(inputs, "events", columns).rename(columns={"actors": "state", "description": "what"})
    events = events[events["what"].str.contains("impeach", case=False) & events["state"].isin(CODES)]
    noted = leaders["note"].str.extract(r"(?:impeached|powers suspended(?: from)?) (\d{4}-\d{2}-\d{2})")[0]
    told = leaders.assign(date=noted, what=leaders["value"] + ": " + leaders["note"])[noted.notna()]
    both = pd.concat([events, told])[["state", "date", "what", "source", "confidence"]]
    both = both.assign(source="fact: " + both["source"], value=1.0)
    return both.drop_duplicates(["state", "date"])
