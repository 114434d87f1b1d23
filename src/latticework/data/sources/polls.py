"""What the people of one state think of another: single results of published polls."""

import pandas as pd

from latticework.data.dyads import iso
from latticework.data.inputs import Inputs, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.sources.burden import last_days
from latticework.data.states import CODES

INPUTS = ("polls",)
PUBLISHED = {("NHK Broadcast Culture Research Institute", "2019"): "2020-05-29"}  # when later than a month after

OPINION = Layer(
    name="opinion",
    title="Answers of the state's people about the partner",
    kind="dyad",
    unit="percent of respondents",
    frequency="dated",
    source="published polls",
    version="facts gathered in 2025",
    citation="the pollster and source named in each row",
    licence="facts",
    transformation="as published; a month stands for its last day, a year for 31 December",
    coverage="19 answers about a partner, 2018 to December 2024, among USA, JPN, KOR, CHN, PRK and TWN. Single "
    "results, no series: no row says nothing.",
    traps=(
        "answers to different questions do not compare: good and bad impressions, trust and threat are side by side",
        "the partner is the state that the question is about; JPN on TWN is about an American intervention",
        "four answers about the respondents' own state (arming, nuclear weapons) are no dyad and left out",
        "the CSIS survey of March 2024 asked strategic elites, not the public",
        "the share of those who do not know differs: two answers to one question do not sum to 100",
        "dates are known to the month at best: `known` is a month later, for NHK's poll of 2019 the day of the page",
    ),
    directed=True,
    extras={"question": "text", "pollster": "text", "confidence": "text", "known": "date"},
    key=("pollster", "question"),
    carry=False,
    bounds=(0, 100),
)
LAYERS = (OPINION,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """A row per published answer about another state."""
    columns = ["date", "pollster", "respondents", "target", "question", "value", "source", "confidence"]
    listed = read_input(inputs, INPUTS[0], columns)
    others = listed["respondents"].isin(CODES) & listed["target"].isin(CODES)
    listed = listed[others & (listed["respondents"] != listed["target"])]
    days = last_days(listed["date"])
    later = iso(pd.to_datetime(days) + pd.offsets.MonthEnd(1))
    polls = zip(listed["pollster"], listed["date"].astype(str), later, strict=True)
    table = listed.assign(
        date=days,
        known=[PUBLISHED.get((pollster, when), str(day)) for pollster, when, day in polls],
        state=listed["respondents"],
        partner=listed["target"],
        source="fact: " + listed["source"].astype(str).str.strip(),
    )
    return {"opinion": tidy(OPINION, table)}
