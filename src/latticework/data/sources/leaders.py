"""Who leads each state: spells of effective leaders from REIGN or Archigos, and from dated facts after them."""

import numpy as np
import pandas as pd

from latticework.data.dyads import iso
from latticework.data.inputs import Inputs, iso_days, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.sources import state_system
from latticework.data.states import BY_COW, BY_GW

INPUTS = ("reign_leaderlist_2021_03", "archigos_4_1", "cow_states_2016", "leaders")
REIGN, REIGN_TO = "reign-2021-03", "2021-02-28"
ARCHIGOS, ARCHIGOS_TO = "archigos-4.1", "2015-12-31"
FACTS_TO = "2025-01-24"  # the day for which the dated facts say who is in office
FIRST_DAY = "1950-01-01"
MATCH = np.timedelta64(45, "D")  # between the ends of a REIGN and an Archigos spell taken for the same exit
EXITS = {
    "Regular": "regular",
    "Irregular": "irregular",
    "Natural Death": "death",
    "Retired Due to Ill Health": "illness",
    "Foreign": "foreign",
    "Suicide": "suicide",
}

LEADER = Layer(
    name="leader",
    title="Effective leaders in office",
    kind="state",
    unit="name",
    frequency="spells",
    source="REIGN; Archigos for states that REIGN lacks, and for the manner of exit; dated facts for 20 states",
    version="REIGN 2021-3; Archigos 4.1; facts of January 2025",
    citation="Bell, Curtis, Besaw & Frank (2021), Rulers, Elections, and Irregular Governance (REIGN); "
    'Goemans, Gleditsch & Chiozza (2009), "Introducing Archigos", Journal of Peace Research 46(2): 269-283',
    licence="REIGN: MIT; Archigos: no open licence seen, asks for citation; facts: a source in every row",
    transformation="date = first day in office; end = the successor's first day, or the last day of the month of exit "
    "where the next leader came later or none did; a leader who goes on when the state's number changes (Kohl 1990, "
    "Saleh 1990) has one spell; exit = the manner in Archigos where a spell of the state ends within 45 days; where "
    "REIGN or Archigos stops, the open spell ends with the fact that runs on the day, and later facts follow it; a "
    "fact ends when the next leader's begins",
    coverage="Spells that were running in 1950 or began later; REIGN to February 2021, Archigos (TWN, ZAN) to 2015, "
    "facts to 24 January 2025 for AUS, CAN, CHN, DEU, FRA, GBR, IDN, IND, JPN, KOR, MYS, NZL, PHL, PRK, RUS, SGP, THA, "
    "TWN, USA and VNM. `known_to` is the last day for which the row is known to hold.",
    traps=(
        "open spells have no end: the leader was in office when the source ended, not for ever",
        "REIGN gives the month of an exit but not the day",
        "Suga's spell begins on 14 September 2020 with the party's vote, not on the 16th",
        "REIGN has no leader of TWN",
        "Archigos uses Gleditsch-Ward numbers, REIGN those of COW",
        "an exit with 'state ended' is the end of the state and no turnover",
        "facts never change what REIGN has: RUS stays Putin from 2000 (Medvedev, president 2008 to 2012, is no leader "
        "there), CHN is Jiang to 2003 by the presidency, days differ by up to three (THA Prayuth by three months)",
        "an acting leader is one, as in REIGN in December 2016: KOR is Yoon to 14 December 2024, when his powers were "
        "suspended, then Han and Choi; REIGN has none for the suspension of 2004",
        "stand-ins of a few days are not in the facts: THA August 2024, VNM July 2024, and THA in August 2022",
        "the manner of exit is empty where Archigos ended (2015) and in the facts; `acting` is empty in REIGN",
    ),
    value="text",
    until=FACTS_TO,
    extras={"end": "date", "exit": "text", "known_to": "date", "acting": "number", "confidence": "text"},
    hindsight=("exit",),
)
LAYERS = (LEADER,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """The spells of all effective leaders since 1950."""
    reign, archigos = _reign(inputs), _archigos(inputs)
    spells = pd.concat([_with_exits(reign, archigos), archigos[~archigos["state"].isin(set(reign["state"]))]])
    spells = spells[(spells["end"] == "") | (spells["end"] >= FIRST_DAY)]
    spells = spells.assign(known_to=spells["source"].map({REIGN: REIGN_TO, ARCHIGOS: ARCHIGOS_TO}))
    spells = _continued(spells.reset_index(drop=True), fact_leaders(inputs))
    spells["known_to"] = spells["end"].where(spells["end"] != "", spells["known_to"])
    return {"leader": tidy(LEADER, _with_state_ends(spells, state_system.spells(inputs)))}


def fact_leaders(inputs: Inputs) -> pd.DataFrame:
    """The leaders in the dated facts, by state and first day; one at a time: the next one's first day ends a spell.

    Columns state, date, end (empty = in office on FACTS_TO), value, acting (1 or 0), party_family, source, confidence
    and note.
    """
    texts = ["country", "leader", "party_family", "source", "confidence", "note"]
    listed = read_input(inputs, "leaders", [*texts, "start", "end", "acting"])
    listed[texts] = listed[texts].astype(object).fillna("")
    listed = listed.rename(columns={"country": "state", "leader": "value"})
    listed = listed.assign(date=iso(pd.to_datetime(listed["start"])), end=iso(pd.to_datetime(listed["end"])))
    listed = listed.sort_values(["state", "date"], kind="stable").reset_index(drop=True)
    following = listed.groupby("state")["date"].shift(-1)
    overtaken = following.notna() & ((listed["end"] == "") | (listed["end"] > following))
    return listed.assign(end=listed["end"].where(~overtaken, following).astype(object)).drop(columns="start")


def _continued(spells: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """The spells with the end of the open ones by the facts, and with the facts that begin after the source's end."""
    facts = facts.assign(source="fact: " + facts["source"], exit="", known_to=FACTS_TO)
    open_ = spells["end"] == ""
    stops = spells[open_].set_index("state")["known_to"]  # the last day of the source of a state's leaders
    stops = facts["state"].map(stops).fillna("9999")  # a state without an open spell is not continued
    running = facts[(facts["date"] <= stops) & ((facts["end"] == "") | (facts["end"] > stops))].set_index("state")
    spells = spells.assign(acting=np.nan, confidence="")
    known = open_ & spells["state"].isin(running.index)
    fact = running.loc[spells.loc[known, "state"]]
    spells.loc[known, "source"] += ("; " + fact["source"]).to_numpy()
    for column in ("end", "known_to", "acting", "confidence"):
        spells.loc[known, column] = fact[column].to_numpy()
    return pd.concat([spells, facts.loc[facts["date"] > stops, list(spells.columns)]], ignore_index=True)


def _reign(inputs: Inputs) -> pd.DataFrame:
    columns = ["ccode", "leader", "sdate", "smonth", "syear", "emonth", "eyear"]
    listed = read_input(inputs, "reign_leaderlist_2021_03", columns)
    listed["state"] = listed["ccode"].map(BY_COW)
    listed["date"] = iso_days(listed["syear"], listed["smonth"], listed["sdate"])
    listed = listed.sort_values(["state", "date"], kind="stable").reset_index(drop=True)
    following = listed.groupby("state")[["date", "ccode", "leader"]].shift(-1)
    goes_on = (listed["leader"] == following["leader"]) & (listed["ccode"] != following["ccode"])
    listed["end"] = _ends(listed, following["date"])
    chain = (~goes_on.shift(1, fill_value=False)).cumsum()  # the spells of one leader under two numbers
    joined = listed.groupby(chain).agg({"state": "first", "date": "first", "leader": "first", "end": "last"})
    return joined.rename(columns={"leader": "value"}).assign(source=REIGN, exit="")


def _ends(listed: pd.DataFrame, successor: pd.Series) -> pd.Series:
    """The last day of each spell: the successor's first day, or the last day of REIGN's month if that is far off."""
    open_ended = listed["eyear"].isna()
    month = pd.to_datetime(
        pd.DataFrame({"year": listed["eyear"].fillna(1900), "month": listed["emonth"].fillna(1), "day": 1}).astype(int)
    )
    last_day = month + pd.offsets.MonthEnd(0)
    latest = month + pd.offsets.MonthEnd(2)
    came = pd.to_datetime(successor)
    end = last_day.where(came.isna() | (came > latest), came)
    return end.dt.strftime("%Y-%m-%d").astype(object).where(~open_ended, "")


def _archigos(inputs: Inputs) -> pd.DataFrame:
    listed = read_input(inputs, "archigos_4_1", ["gwcode", "leader", "startdate", "enddate", "exit"])
    listed["state"] = listed["gwcode"].map(BY_GW)
    listed = listed[listed["state"].notna()]
    days = listed["enddate"].astype(str)
    return pd.DataFrame(
        {
            "state": listed["state"],
            "date": listed["startdate"].astype(str),
            "value": listed["leader"],
            "source": ARCHIGOS,
            "end": days.where(listed["exit"] != "Still in Office", "").astype(object),
            "exit": listed["exit"].map(EXITS).fillna("").astype(object),
        }
    )


def _with_exits(reign: pd.DataFrame, archigos: pd.DataFrame) -> pd.DataFrame:
    """REIGN's spells with the manner of exit of the Archigos spell of the same state that has the nearest dates."""
    closed = archigos[archigos["end"] != ""]
    known = {
        state: (_days(spells["date"]), _days(spells["end"]), spells["exit"].to_numpy())
        for state, spells in closed.groupby("state")
    }

    def manner(state: str, date: str, end: str) -> str:
        if not end or state not in known:
            return ""
        begun, ended, exits = known[state]
        apart = np.abs(ended - np.datetime64(end))
        nearest = np.where(apart <= MATCH, apart + np.abs(begun - np.datetime64(date)), MATCH * 10_000).argmin()
        return str(exits[nearest]) if apart[nearest] <= MATCH else ""

    return reign.assign(exit=[manner(*s) for s in zip(reign["state"], reign["date"], reign["end"], strict=True)])


def _days(column: pd.Series) -> np.ndarray:
    return column.to_numpy().astype("datetime64[D]")


def _with_state_ends(spells: pd.DataFrame, system: pd.DataFrame) -> pd.DataFrame:
    """Mark the last leader of a state that ended: no successor, and out within a month of the state's last day."""
    last_day = system.groupby("state")["end"].last()
    last_day = pd.to_datetime(spells["state"].map(last_day[last_day != ""]))
    newest = spells["date"] == spells.groupby("state")["date"].transform("max")
    ended = newest & ((pd.to_datetime(spells["end"]) - last_day).abs() <= pd.Timedelta(days=31))
    return spells.assign(exit=spells["exit"].where(~ended, "state ended"))
