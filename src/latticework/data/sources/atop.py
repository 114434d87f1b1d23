"""What allies promised each other, by kind of obligation: ATOP 5.1 to 2018, then a dated patch to January 2025.

ATOP 5.1 knows years; the days on which its runs of years begin and end are those of ATOP 4.01's members.
"""

from dataclasses import dataclass

import pandas as pd

from latticework.data.dyads import coded, iso, undirected, year_runs
from latticework.data.inputs import FIRST_YEAR, Inputs, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.patches import Fact, facts
from latticework.data.sources.atop_days import INPUTS as DAYS
from latticework.data.sources.atop_days import bound, first_days, joint, last_days

INPUTS = ("atop_5_1_directed_dyad_year", *DAYS)
SOURCE, DATED, PATCH = "atop-5.1", "atop-5.1 atop-4.01", "patch-2025"
LAST_YEAR, UNTIL = 2018, "2025-01-24"
COLUMNS = {
    "defence": "atop_defense",
    "offence": "atop_offense",
    "neutrality": "atop_neutral",
    "nonaggression": "atop_nonagg",
    "consultation": "atop_consul",
}
TITLES = {
    "defence": "Pledge to defend",
    "offence": "Pledge to join an attack",
    "neutrality": "Pledge of neutrality",
    "nonaggression": "Pledge of non-aggression",
    "consultation": "Pledge to consult",
    "defence_pledge": "Pledge of the state to defend the partner",
}
TRAPS = (
    "ATOP's list of dyads is no list of allies: USA-CHN and USA-RUS are there for non-aggression alone",
    "ATOP 5.1 counts a year in which the pledge held on any day, a spell ends on the day: USA-TWN is in 5.1 in "
    "1980, for the treaty ended on 1 January, and is 0 at the end of that year",
    "no gap is seen if an agreement ends and the next begins in the same year or the one after (IRN-TUR in "
    "1955, IND-PAK in 1971-72): 27 gaps of more than a month, of non-aggression and consultation",
    "agreements are dated by signature: a spell may begin before a state is on COW's list (JPN-USA in 1951), "
    "or end on the day after its last (DDR, YMD)",
    "USA-NZL has no pledge of defence since 18 September 1986, when the United States suspended it",
    "ATOP is directed: the USA pledge to defend JPN and PAK, which do not pledge to defend the USA",
    "RUS-PRK: defence to 1996, nothing 1997 to 1999, consultation from 2000, defence again from December 2024",
    "facts of the patch are dated by entry into force, ATOP dates by signature (Montenegro in NATO: 2016)",
    "ARM-RUS stays 1 although Armenia froze its part in 2024; the Compacts with FSM, MHL and PLW begin in 2024 "
    "because ATOP does not list them",
)


def _layer(name: str) -> Layer:
    directed = name == "defence_pledge"
    return Layer(
        name=name,
        title=TITLES[name] + ("" if directed else ", by either side"),
        kind="dyad",
        unit="1 = pledged",
        frequency="spells",
        source="Alliance Treaty Obligations and Provisions (ATOP)",
        version="5.1 by year, 4.01 by day, with a patch to January 2025",
        citation='Leeds, Ritter, Mitchell & Long (2002), "Alliance Treaty Obligations and Provisions, 1815-1944", '
        "International Interactions 28: 237-260; patch: data/patches/treaties_2025.csv, a source in every row",
        licence="free with citation; no formal open licence",
        transformation=("as directed in ATOP" if directed else "1 if either side pledges")
        + "; years of 5.1 joined into spells; the first day is the first in its year on which 4.01 has both as members "
        "of an agreement with the pledge, the last day the last such day; a missing day is the last of its month",
        coverage="1950 to 2018 from ATOP. Over its six layers 4.01 has 12,518 of 12,560 first days and 1,663 of 1,670 "
        "last days before 2018; the others, none of them of defence, are 31 December with source 'atop-5.1'. What held "
        "at the end of 2018 goes on as a spell of the patch (source patch-2025, confidence 'carried': nobody looked at "
        "it; otherwise that of the fact that confirms it). Between two states of the system, no spell means 0. Not in "
        "the patch: accessions to the Treaty of Amity and Cooperation after 2018, pacts among Central Asian states "
        "since 2022, most agreements with Ukraine of 2024.",
        traps=TRAPS,
        directed=directed,
        extras={"end": "date", "confidence": "text"},
        until=UNTIL,
        absent="zero",
    )


LAYERS = tuple(_layer(name) for name in TITLES)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """The spells of every obligation, and of the pledges of defence as ATOP directs them."""
    atop = coded(read_input(inputs, INPUTS[0], ["ccode1", "ccode2", "year", *COLUMNS.values()])).astype({"year": int})
    pairs, patch = joint(inputs), facts("treaties_2025")
    tables = {}
    for layer in LAYERS:
        obligation = "defence" if layer.directed else layer.name
        pledged = atop[atop[COLUMNS[obligation]] == 1][["state", "partner", "year"]]
        pledged = (pledged if layer.directed else undirected(pledged)).drop_duplicates().assign(value=1.0)
        spells = dated(year_runs(pledged), bound(pairs, obligation, layer.directed))
        tables[layer.name] = tidy(layer, patched(spells, patch, obligation, layer.directed))
    return tables


def dated(runs: pd.DataFrame, pledged: pd.DataFrame) -> pd.DataFrame:
    """Runs of years that reach 1950 as spells, from and to the days on which two members were bound, if known.

    Where a day is not known it is 31 December, and so is the last day of what runs at the end of the source.
    """
    runs = runs[runs["last"] >= FIRST_YEAR].reset_index(drop=True)
    first = iso(first_days(runs, pledged))
    last = iso(last_days(runs, pledged)).where(runs["last"] < LAST_YEAR, "")
    known = (first != "") | (last != "")
    return pd.DataFrame(
        {
            "date": first.where(first != "", runs["first"].map("{}-12-31".format)),
            "state": runs["state"],
            "partner": runs["partner"],
            "value": 1.0,
            "source": known.map({True: DATED, False: SOURCE}),
            "end": last.where(last != "", runs["last"].map("{}-12-31".format)),
            "confidence": "",
        }
    )


@dataclass
class Tie:
    """A spell that the patch says is running."""

    date: str
    confidence: str
    end: str = ""


def patched(spells: pd.DataFrame, patch: list[Fact], obligation: str, directed: bool) -> pd.DataFrame:
    """The spells, those that reach the end of 2018 carried on, with what the patch begins, ends or confirms.

    A fact's value is 1 (begins, or confirms what runs), 0 (ended: the day before is the last) or empty (no change).
    """
    last = spells["end"] == f"{LAST_YEAR}-12-31"
    running = {
        dyad: Tie(f"{LAST_YEAR + 1}-01-01", "carried")
        for dyad in zip(spells.loc[last, "state"], spells.loc[last, "partner"], strict=True)
    }
    ended: list[tuple[tuple[str, str], Tie]] = []
    for fact in patch:
        if obligation not in fact["obligation"].split() or not fact["value"]:
            continue
        for dyad in dyads_of(fact, directed):
            if fact["value"] == "1":
                tie = running.setdefault(dyad, Tie(fact["date"], fact["confidence"]))
                tie.confidence = fact["confidence"] if tie.confidence == "carried" else tie.confidence
            elif dyad in running:
                tie = running.pop(dyad)
                tie.end, tie.confidence = _day_before(fact["date"]), fact["confidence"]
                ended.append((dyad, tie))
    rows = [
        {"date": t.date, "state": d[0], "partner": d[1], "value": 1.0, "source": PATCH, "end": t.end}
        | {"confidence": t.confidence}
        for d, t in [*ended, *running.items()]
    ]
    return pd.concat([spells, pd.DataFrame(rows, columns=spells.columns)], ignore_index=True)


def dyads_of(fact: Fact, directed: bool) -> list[tuple[str, str]]:
    """The dyads of a fact: from state to each partner, and back if the fact is mutual; in order if undirected."""
    there = [(fact["state"], partner) for partner in fact["partner"].split()]
    if not directed:
        return [(min(dyad), max(dyad)) for dyad in there]
    return there + ([(partner, state) for state, partner in there] if fact["mutual"] == "1" else [])


def _day_before(day: str) -> str:
    return (pd.Timestamp(day) - pd.Timedelta(days=1)).strftime("%Y-%m-%d")
