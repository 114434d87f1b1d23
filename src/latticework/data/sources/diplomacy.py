"""Which states have an envoy where: Correlates of War, Diplomatic Exchange."""

import pandas as pd

from latticework.data.dyads import coded
from latticework.data.inputs import FIRST_YEAR, Inputs, read_input
from latticework.data.layer import Layer, tidy

INPUTS = ("cow_diplomatic_exchange_derived",)
FORMER = (260, 678)  # numbers that another of the same state replaced in the course of 1990
DIRECTORY = 12  # months: the directories that were read came out in the year after

EXCHANGE = Layer(
    name="diplomatic_exchange",
    title="Diplomatic representation of the state in the partner",
    kind="dyad",
    unit="1 = represented, 0 = not",
    frequency="dated",
    source="Correlates of War, Diplomatic Exchange, a derived list of dyads with any representation",
    version="2006.1, derived, to 2000",
    citation="Bayer (2006), Diplomatic Exchange Data set, v2006.1",
    licence="free for public and academic use with citation; no formal open licence",
    transformation="each row of the list becomes two: DR_at_1 is the representation of side 2 at side 1, so its state "
    "is side 2 and its partner (the host) side 1; value = whether the level is above 0; level as coded; dated 31 "
    "December",
    coverage="1950, 1955, 1960 and so on every five years to 2000; nothing between. A dyad has rows in a year if "
    "either side was represented; where neither was, or where whoever derived the list left it out, there is no row: "
    "missing.",
    traps=(
        "no copy of the original was found: the list was derived by others, who kept dyads with a representation",
        "level: 1 chargé d'affaires, 2 minister, 3 ambassador, 9 other or unknown, 0 none; 9 is no rank; from 1950 to "
        "1965 every level is 9 or 0",
        "the direction was checked: by this reading BEL hosts 161 and sends 88 in 2000, ETH (seat of the African "
        "Union) 77 and 35, KEN 66 and 31",
        "years do not compare: 9,089 representations in 1980 with fewer states than the 7,623 of 2000; others who "
        "coded anew found the years 1970 to 1985 to differ most (Moyer, Turner & Meisel 2021); 1970 lacks 491 of 3,511 "
        "that are there before and after",
        "1965 has 1,189 of 2,559 dyads one-sided (2000: 1,423 of 4,523), among them USA-TWN, which was not",
        "1970 has China's embassy in KOR under CHN: it was Taiwan's",
        "interests sections count as 9: USA and CUB from 1980, IRN in the USA from 1990",
        "a withdrawal between two codings is not seen",
    ),
    directed=True,
    extras={"level": "number"},
    lag=DIRECTORY,
    bounds=(0, 1),
)
LAYERS = (EXCHANGE,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Who is represented where; of two numbers of one state in 1990, the one it had at the end of the year."""
    listed = read_input(inputs, INPUTS[0], ["ccode1", "ccode2", "year", "DR_at_1", "DR_at_2"])
    listed = listed[listed["year"] >= FIRST_YEAR]
    sides = [
        listed.rename(columns={"ccode2": "sender", "ccode1": "host", "DR_at_1": "level"}).drop(columns="DR_at_2"),
        listed.rename(columns={"ccode1": "sender", "ccode2": "host", "DR_at_2": "level"}).drop(columns="DR_at_1"),
    ]
    levels = pd.concat(sides, ignore_index=True)
    levels["former"] = levels["sender"].isin(FORMER) | levels["host"].isin(FORMER)
    levels = coded(levels.assign(level=levels["level"].astype("float64")), "sender", "host")
    levels = levels[levels["level"] >= 0].sort_values("former", kind="stable")
    levels = levels.drop_duplicates(["state", "partner", "year"])
    table = levels.assign(
        date=levels["year"].astype(int).map("{}-12-31".format),
        value=(levels["level"] > 0).astype("float64"),
        source="cow-diplomatic-exchange-2006.1-derived",
    )
    return {"diplomatic_exchange": tidy(EXCHANGE, table)}
