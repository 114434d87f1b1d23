"""Who is a member of which alliance agreement, from when to when: ATOP 4.01 by member, then a dated patch."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from latticework.data.dyads import iso, joined
from latticework.data.inputs import FIRST_YEAR, Inputs, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.patches import Fact, facts
from latticework.data.sources.atop_agreements import PATCH, PLEDGES, SOURCE, TERMS, treaty_days
from latticework.data.sources.state_system import spells as state_spells
from latticework.data.states import BY_COW

INPUTS = ("atop_4_01_member", "cow_states_2016")
LEFT, NEXT, ENDED = "left", "next phase", "state ended"
EXITS = ("", *TERMS.values(), LEFT, NEXT, ENDED)
Row = dict[Hashable, Any]

MEMBERSHIP = Layer(
    name="membership",
    title="Membership of an alliance agreement",
    kind="state",
    unit="1 = a member",
    frequency="spells",
    source="Alliance Treaty Obligations and Provisions (ATOP)",
    version="4.01, with a patch to January 2025",
    citation='Leeds, Ritter, Mitchell & Long (2002), "Alliance Treaty Obligations and Provisions, 1815-1944", '
    "International Interactions 28: 237-260; patch: data/patches/agreements_2025.csv and members_2025.csv, a source "
    "in every row",
    licence="free with citation; no formal open licence",
    transformation="a row per member and phase of every agreement, of two states or more, that was in force in 1950 or "
    "later; pledges are those of the member; `members` counts the members on the row's first day; a missing day is the "
    "last of its month; `exit` is ATOP's manner of termination, or 'next phase' (the member goes on in the agreement's "
    "next phase), 'state ended' (its own end, or its only partner's), 'left' (the others went on without it)",
    coverage="1950 to 2016 from ATOP, with older starts; memberships open in 2016 run on with source "
    "'atop-4.01 patch-2025' and confidence 'carried' unless the patch ends or confirms them. Within the coverage, no "
    "spell means no membership. Agreements and accessions between mid 2016 and 2018 are not in it, nor accessions to "
    "the Treaty of Amity and Cooperation since 2017.",
    traps=(
        "NZL leaves ANZUS on 17 September 1986, when the United States suspended their part; ATOP has no agreement "
        "for what goes on between AUS and NZL but that of 1944, which is to consult",
        "FRA never left the North Atlantic Treaty: its spell runs through 1966, when it left the command",
        "'left' has departures and suspensions alike: CUB from the OAS in 1962, EGY 1979 to 1989 and SYR 2011 to 2023 "
        "from the Arab League",
        "a phase that ends is no end of the agreement: 'next phase' rows are followed by another on the same day",
        "ATOP dates an accession by its signature or protocol (MNE in NATO: 2016), the patch by entry into force",
        "Germany (260, 255) and Yemen (678, 679) are one member each; CSK's treaties pass to CZE and SVK",
        "patch numbers of agreements begin at 9001 (two members) and 9101 (more)",
        "who belongs to an agreement with pledges only for some is told by the pledges of the row, not by the row",
    ),
    extras={
        "end": "date",
        "atopid": "number",
        "phase": "number",
        "bilateral": "number",
        "members": "number",
        **dict.fromkeys(PLEDGES, "number"),
        "exit": "text",
        "confidence": "text",
    },
    key=("atopid", "phase"),
    until="2025-01-24",
    absent="zero",
    bounds=(1, 1),
    hindsight=("exit",),
)
LAYERS = (MEMBERSHIP,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """A spell per member, agreement and phase."""
    rows = listed(inputs).to_dict("records")
    for fact in sorted([*_bilateral_facts(), *facts("members_2025")], key=lambda fact: fact["date"]):
        rows = patched(rows, fact)
    table = pd.DataFrame(rows)
    return {"membership": tidy(MEMBERSHIP, table.assign(members=counted(table)))}


def listed(inputs: Inputs) -> pd.DataFrame:
    """ATOP's members as spells that reach 1950; what is open in 2016 is 'carried'."""
    dates = [f"{part}{which}" for which in ("ent", "exit") for part in ("yr", "mo", "day")]
    columns = ["atopid", "member", "phase", "bilat", "term", *dates, *PLEDGES.values()]
    members = read_input(inputs, INPUTS[0], columns)
    members = members.assign(
        state=members["member"].map(BY_COW),
        begin=treaty_days(members, "ent"),
        finish=treaty_days(members, "exit").where(members["yrexit"] > 0),
    )
    members = members[members["state"].notna() & ~(members["finish"] < f"{FIRST_YEAR}-01-01")]
    spells = joined(members, ["state", "atopid", "phase"], days=1)
    spells = spells.assign(exit=_exits(spells, _ends(state_spells(inputs))))
    carried = spells["finish"].isna()
    numbers = {"atopid": "atopid", "phase": "phase", "bilateral": "bilat", **PLEDGES}
    return pd.DataFrame(
        {
            "date": iso(spells["begin"]),
            "state": spells["state"],
            "value": 1.0,
            "source": carried.map({True: f"{SOURCE} {PATCH}", False: SOURCE}),
            "end": iso(spells["finish"]),
            **{ours: spells[atop].astype("float64") for ours, atop in numbers.items()},
            "exit": spells["exit"],
            "confidence": carried.map({True: "carried", False: ""}),
        }
    )


def _ends(states: pd.DataFrame) -> dict[str, pd.Timestamp]:
    """The last day of every state that ended."""
    last = states.sort_values("date").drop_duplicates("state", keep="last")
    last = last[last["end"] != ""]
    return dict(zip(last["state"], pd.to_datetime(last["end"]), strict=True))


def _exits(spells: pd.DataFrame, ends: Mapping[str, pd.Timestamp]) -> list[str]:
    """How every spell ended, in words; empty where it is open."""
    groups = dict(iter(spells.groupby("atopid")))
    return [_exit(spell, groups[spell["atopid"]], ends) for _, spell in spells.iterrows()]


def _exit(spell: pd.Series, agreement: pd.DataFrame, ends: Mapping[str, pd.Timestamp]) -> str:
    last, month = spell["finish"], pd.Timedelta(days=31)
    if pd.isna(last):
        return ""
    own = agreement["state"] == spell["state"]
    later = agreement["begin"].between(last - pd.Timedelta(days=1), last + month) & (agreement.index != spell.name)
    if (own & later & (agreement["phase"] != spell["phase"])).any():
        return NEXT
    if spell["term"] > 0:
        return TERMS[int(spell["term"])]
    phase = agreement[agreement["phase"] == spell["phase"]]
    concerned = set(phase["state"]) if spell["bilat"] == 1 else {spell["state"]}
    if any(state in ends and abs(ends[state] - last) <= month for state in concerned):
        return ENDED
    others = phase[(phase["state"] != spell["state"]) & (phase["begin"] <= last)]
    goes_on = (others["finish"].isna() | (others["finish"] > last + month)).sum() > 1
    return LEFT if goes_on else TERMS[0]


def _bilateral_facts() -> list[Fact]:
    """The patch of bilateral agreements as facts about both members."""
    return [fact | {"state": f"{fact['state']} {fact['partner']}"} for fact in facts("agreements_2025")]


def patched(rows: list[Row], fact: Fact) -> list[Row]:
    """The rows with what a fact begins, ends (the day before is the last) or confirms."""
    number, rows = float(fact["atopid"]), [dict(row) for row in rows]
    open_now = [row for row in rows if row["atopid"] == number and not row["end"]]
    for state in fact["state"].split():
        known = [row for row in open_now if row["state"] == state]
        if not known and fact["value"] == "1":
            rows.append(_begun(fact, state, open_now))
        for row in known:
            row["confidence"] = fact["confidence"]
            if fact["value"] == "0":
                row["end"] = (pd.Timestamp(fact["date"]) - pd.Timedelta(days=1)).strftime("%Y-%m-%d")
                row["exit"] = fact.get("term") or LEFT
    return rows


def _begun(fact: Fact, state: str, open_now: list[Row]) -> Row:
    """A new member: of a known agreement on the terms of its newest phase, else of a new one."""
    newest = max(open_now, key=lambda row: row["phase"], default=None)
    named = fact["obligation"].split()
    terms = {
        "phase": newest["phase"] if newest else 0.0,
        "bilateral": newest["bilateral"] if newest else float("partner" in fact),
        **{name: newest[name] if newest and not named else float(name in named) for name in PLEDGES},
    }
    return {
        "date": fact["date"],
        "state": state,
        "value": 1.0,
        "source": PATCH,
        "end": "",
        "atopid": float(fact["atopid"]),
        **terms,
        "exit": "",
        "confidence": fact["confidence"],
    }


def counted(table: pd.DataFrame) -> list[float]:
    """How many members the row's agreement has in its phase on the row's first day."""
    groups = dict(iter(table.groupby(["atopid", "phase"])))
    counts = []
    for number, phase, day in zip(table["atopid"], table["phase"], table["date"], strict=True):
        among = groups[number, phase]
        there = (among["date"] <= day) & ((among["end"] == "") | (among["end"] >= day))
        counts.append(float(among.loc[there, "state"].nunique()))
    return counts
