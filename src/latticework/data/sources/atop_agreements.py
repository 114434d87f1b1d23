"""An agreement is one treaty between two states with a first and a last day: ATOP 4.01, then a dated patch."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from latticework.data.dyads import coded, iso, joined, undirected
from latticework.data.inputs import FIRST_YEAR, Inputs, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.patches import Fact, facts

INPUTS = ("atop_4_01_member",)
SOURCE, PATCH = "atop-4.01", "patch-2025"
PLEDGES = {"defence": "defense", "offence": "offense", "neutrality": "neutral"} | {
    "nonaggression": "nonagg",
    "consultation": "consul",
}
TERMS = {0: "not coded", 1: "expired", 2: "violated", 3: "renegotiated"}

AGREEMENT = Layer(
    name="agreement",
    title="Bilateral alliance agreement in force",
    kind="dyad",
    unit="1 = in force",
    frequency="spells",
    source="Alliance Treaty Obligations and Provisions (ATOP)",
    version="4.01, with a patch to January 2025",
    citation='Leeds, Ritter, Mitchell & Long (2002), "Alliance Treaty Obligations and Provisions, 1815-1944", '
    "International Interactions 28: 237-260; patch: data/patches/agreements_2025.csv, a source in every row",
    licence="free with citation; no formal open licence",
    transformation="the phases of a treaty in which it had two members, joined; a pledge is 1 if either side gave it "
    "in any phase; a missing day is the last of its month",
    coverage="1950 to 2016 from ATOP, with older starts; agreements in force in 2016 run on with source "
    "'atop-4.01 patch-2025' and confidence 'carried' unless the patch ends or confirms them. Between two states of the "
    "system, no spell means 0. Agreements made between mid 2016 and 2018 are not in it.",
    traps=(
        "several agreements may run at once between two states: atopid tells them apart, patch numbers begin at 9001",
        "term 'not coded' at an end is, but for one or two, the end of a state (East Germany, South Yemen)",
        "renegotiated means replaced, often on the same day, by the next agreement",
        "Czechoslovakia's treaties pass to CZE and SVK with the date of succession",
        "the Manila Pact counts from 1977, when it became one of USA and THA alone; multilateral treaties are left out",
        "pledges are those of all phases together, also before a later phase made them; they differ in one treaty only "
        "(BLR-RUS, 4865)",
    ),
    extras={
        "end": "date",
        "atopid": "number",
        **dict.fromkeys(PLEDGES, "number"),
        "wartime": "number",
        "term": "text",
        "confidence": "text",
    },
    key=("atopid",),
    until="2025-01-24",
    absent="zero",
    hindsight=("term",),
)
LAYERS = (AGREEMENT,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """A spell per agreement and dyad."""
    return {"agreement": tidy(AGREEMENT, patched(bilateral(inputs), facts("agreements_2025")))}


def bilateral(inputs: Inputs) -> pd.DataFrame:
    """The agreements of ATOP that had two members, as spells that reach 1950; `end` is empty if in force in 2016."""
    dates = ["yrent", "moent", "dayent", "yrexit", "moexit", "dayexit"]
    columns = ["atopid", "member", "bilat", "phase", "wartime", "term", *dates, *PLEDGES.values()]
    members = read_input(inputs, INPUTS[0], columns)
    members = members[members["bilat"] == 1].assign(
        begin=treaty_days(members, "ent"), finish=treaty_days(members, "exit").where(members["yrexit"] > 0)
    )
    pairs = members.merge(members, on=["atopid", "phase"], suffixes=("", "_2"))
    pairs = pairs[pairs["member"] < pairs["member_2"]]
    pairs = pairs.assign(
        begin=pairs[["begin", "begin_2"]].max(axis=1),
        finish=pairs[["finish", "finish_2"]].min(axis=1),
        term=pairs["term"].where(pairs["term"] > 0, pairs["term_2"]),
        **{ours: pairs[[atop, f"{atop}_2"]].max(axis=1) for ours, atop in PLEDGES.items()},
    )
    pairs = pairs[~(pairs["finish"] < pairs["begin"]) & ~(pairs["finish"] < f"{FIRST_YEAR}-01-01")]
    pairs = undirected(coded(pairs, "member", "member_2"))
    most = pairs.groupby(["atopid", "state", "partner"])[[*PLEDGES, "wartime"]].transform("max").astype("float64")
    spells = joined(pairs.drop(columns=most.columns).join(most), ["atopid", "state", "partner"])
    return spells.assign(
        date=iso(spells["begin"]),
        end=iso(spells["finish"]),
        value=1.0,
        atopid=spells["atopid"].astype("float64"),
        term=spells["term"].map(TERMS).where(spells["finish"].notna(), ""),
        source=SOURCE,
        confidence="",
    )[list(AGREEMENT.columns)]


def treaty_days(members: pd.DataFrame, which: str) -> pd.Series:
    """The day of entry or exit; the last of the month if the day is missing, NaT if the year is."""
    year, month, day = (members[f"{part}{which}"].astype("float64") for part in ("yr", "mo", "day"))
    known = (year > 0) & month.between(1, 12)
    parts = pd.DataFrame({"year": year.where(known), "month": month.where(known), "day": 1.0})
    first = pd.to_datetime(parts.where(known), errors="coerce")
    last = first + pd.offsets.MonthEnd(0)
    return last.where(~day.between(1, 31), first + pd.to_timedelta(day.fillna(1) - 1, unit="D"))


def patched(spells: pd.DataFrame, patch: list[Fact]) -> pd.DataFrame:
    """The agreements with those that the patch begins, ends or confirms; what is open and in no fact is 'carried'."""
    rows = spells.to_dict("records")
    for row in rows:
        if not row["end"]:
            row["source"], row["confidence"] = f"{SOURCE} {PATCH}", "carried"
    for fact in patch:
        known = [r for r in rows if r["atopid"] == float(fact["atopid"]) and not r["end"]]
        if not known:
            rows.append(_begun(fact))
        for row in known:
            row["confidence"] = fact["confidence"]
            if fact["value"] == "0":
                day = pd.Timestamp(fact["date"]) - pd.Timedelta(days=1)
                row["end"], row["term"] = day.strftime("%Y-%m-%d"), fact["term"]
    return pd.DataFrame(rows)


def _begun(fact: Fact) -> dict[Hashable, Any]:
    pledges = {name: float(name in fact["obligation"].split()) for name in PLEDGES}
    state, partner = sorted((fact["state"], fact["partner"]))
    return {
        "date": fact["date"],
        "state": state,
        "partner": partner,
        "value": 1.0,
        "source": PATCH,
        "end": "",
        "atopid": float(fact["atopid"]),
        **pledges,
        "wartime": 0.0,
        "term": "",
        "confidence": fact["confidence"],
    }
