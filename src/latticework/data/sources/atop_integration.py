"""Whom a pledge of defence binds with forces joined in peace: ATOP 4.01's ratings of agreements, by their members."""

import pandas as pd

from latticework.data.dyads import FOR_EVER, iso, joined
from latticework.data.inputs import Inputs, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.sources import membership
from latticework.data.sources.atop_agreements import PATCH, SOURCE

INPUTS = ("atop_4_01_alliance", *membership.INPUTS)
HIGH = 2  # `milinst`, from 0: an integrated command, troops or bases placed, or a common defence policy
DOUBT = ("", "high", "medium", "low", "carried")  # confidence, the surest first; empty: coded by ATOP
PAIR = ["state", "partner"]

INTEGRATED = Layer(
    name="integrated_defence",
    title="Pledge to defend with forces joined in peace",
    kind="dyad",
    unit="1 = pledged",
    frequency="spells",
    source="Alliance Treaty Obligations and Provisions (ATOP)",
    version="4.01, with a patch of members to January 2025",
    citation='Leeds, Ritter, Mitchell & Long (2002), "Alliance Treaty Obligations and Provisions, 1815-1944", '
    'International Interactions 28: 237-260; rating: Leeds & Anac (2005), "Alliance Institutionalization and Alliance '
    'Performance", International Interactions 31: 183-202; patch: data/patches/agreements_2025.csv and '
    "members_2025.csv, a source in every row",
    licence="free with citation; no formal open licence",
    transformation="1 while both are members, by the layer `membership`, of one phase of one agreement in which either "
    "pledges defence and which is highly institutionalised (`milinst` 2 in the file of ATOP 4.01 that we have, after "
    "Leeds & Anac: an integrated command, `intcom`; troops or bases placed, `base`; or a common defence policy, "
    "`milcon` 3); from the later entry to the earlier exit, joined over phases and agreements that follow within 31 "
    "days; a missing day is the last of its month",
    coverage="1950 to 2016 from ATOP, with older starts; what was open in 2016 runs on with source 'atop-4.01 "
    "patch-2025' and confidence 'carried' unless the patch ends or confirms it (the surest word on the agreements that "
    "run to the spell's end, and of each on the member in more doubt). Between two states of the system, no spell "
    "means 0. Agreements and accessions between mid 2016 and 2018 are not in it, nor new agreements since.",
    traps=(
        "the file does not rate the agreements that the patch adds (numbers from 9001), so of what they pledge no "
        "row is no finding: USA with FSM, MHL and PLW (`defence` has them from March 2024; their Compacts, which "
        "open them to American forces, are not in ATOP), PRK-RUS, AUS-TUV, AZE-TUR, and BFA, MLI and NER",
        "nor does it rate five older pledges, which are 0 too: ETH-KEN (since 1963), CUB-PRK (since 1986), SDN-UGA, "
        "DZA-LBY and GIN-LBR",
        "contact between the forces in peace (`milcon` 2) or a joint organisation (`organ1`) alone is rated 1, and is "
        "0 here: ANZUS, the Manila Pact, the treaties of the Organization of American States and of the Arab League",
        "the text of the pledge is rated, not what is done: PHL-USA and AUS-USA are 0, for their bases rest on other "
        "papers, and JPN-USA and KOR-USA are 1, for their treaties of defence place troops",
        "one rating for all members and the whole life of an agreement, also before it was so: FRA is 1 from 1966 to "
        "2009, when it was out of NATO's command, GRC from 1974 to 1980, and ISL without forces",
        "the European Union counts from 2007, with all its members: AUT, CYP, FIN, IRL, MLT and SWE are 1 with each "
        "other and the rest; so does the Charter of the CIS: ARM-AZE is 1 through its wars, GEO-RUS in August 2008",
        "old pledges are carried on unless the patch ends them, whether or not forces are still there: CAF-FRA "
        "and FRA-GAB of 1960, FRA-SEN of 1974, LBN-SYR of 1991, RUS-UZB of 1992 and 2005",
        "the dates are those of `membership`: by signature in ATOP (JPN-USA 1951, DEU in NATO 1954, the European "
        "Union's phase with a pledge on 13 November 2007), by entry into force in the patch (FIN 2023, SWE 2024)",
        "CHN-RUS to 14 February 1950 is the treaty of 1945 with the Republic of China",
    ),
    extras={"end": "date", "confidence": "text"},
    until="2025-01-24",
    absent="zero",
    bounds=(1, 1),
)
LAYERS = (INTEGRATED,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """The spells of every two states that such an agreement binds."""
    members = membership.build(inputs)["membership"]
    return {INTEGRATED.name: tidy(INTEGRATED, spells(bound(members[members["atopid"].isin(rated_high(inputs))])))}


def rated_high(inputs: Inputs) -> list[int]:
    """The numbers of the agreements whose military institutions ATOP rates high; one without a rating is not."""
    agreements = read_input(inputs, INPUTS[0], ["atopid", "milinst"])
    return agreements.loc[agreements["milinst"].fillna(0) == HIGH, "atopid"].astype(int).tolist()


def bound(members: pd.DataFrame) -> pd.DataFrame:
    """Every two members at once of a phase in which either pledges defence: begin, finish (NaT if open), doubt.

    `members` are rows of the layer `membership`. The doubt of the exit is the place in DOUBT of the confidence of the
    row that ends first, and of the one in more doubt if they end together.
    """
    rows = members[["atopid", "phase", "state", "defence"]].assign(
        begin=pd.to_datetime(members["date"]),
        finish=pd.to_datetime(members["end"].replace("", None)).fillna(FOR_EVER),
        doubt=members["confidence"].map(DOUBT.index),
    )
    both = rows.merge(rows.rename(columns={"state": "partner"}), on=["atopid", "phase"], suffixes=("", "_2"))
    begin, finish = both[["begin", "begin_2"]].max(axis=1), both[["finish", "finish_2"]].min(axis=1)
    doubts = [both[f"doubt{which}"].where(both[f"finish{which}"] == finish, 0) for which in ("", "_2")]
    both = both.assign(begin=begin, finish=finish, doubt=pd.concat(doubts, axis=1).max(axis=1))
    kept = (both["state"] < both["partner"]) & (begin <= finish) & both[["defence", "defence_2"]].eq(1).any(axis=1)
    both = both.assign(finish=finish.where(finish < FOR_EVER))
    return both.loc[kept, [*PAIR, "begin", "finish", "doubt"]].reset_index(drop=True)


def spells(pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs joined into spells, each with the surest word on its end."""
    surest = pairs.groupby([*PAIR, "finish"], dropna=False)["doubt"].min().reset_index()
    whole = joined(pairs, PAIR).drop(columns="doubt").merge(surest, on=[*PAIR, "finish"], validate="one_to_one")
    return whole.assign(
        date=iso(whole["begin"]),
        end=iso(whole["finish"]),
        value=1.0,
        source=(whole["doubt"] > 0).map({True: f"{SOURCE} {PATCH}", False: SOURCE}),
        confidence=whole["doubt"].map(dict(enumerate(DOUBT))),
    )
