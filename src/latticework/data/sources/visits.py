"""Where American leaders went: visits abroad of the president, the secretary of state and heads of the services."""

import pandas as pd

from latticework.data.dyads import iso
from latticework.data.inputs import FIRST_YEAR, Inputs, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.sources.state_system import spells
from latticework.data.sources.troops import present
from latticework.data.states import CODES, STATES

INPUTS = ("us_president_visits", "us_secretary_visits", "us_dod_official_visits", "cow_states_2016")
VISITOR = "USA"
ELECT = "Visit made as President-elect"
BASE = "CUB"  # Guantanamo: no visit to Cuba
LONGEST = 60  # days; what is longer is a slip in a date
SAIGON_FELL = "1975-04-30"
NAMES = {state.name: code for code, state in STATES.items()} | {
    "Bosnia": "BIH",
    "Bosnia-Herzegovina": "BIH",
    "Brunei Darussalam": "BRN",
    "Burma": "MMR",
    "Burma (Myanmar)": "MMR",
    "Byelorussia": "BLR",
    "Ceylon": "LKA",
    "China, People’s Republic of": "CHN",
    "Congo, Democratic Republic of": "COD",
    "Cote d'Ivoire": "CIV",
    "Czech Republic": "CZE",
    "Democratic Republic of the Congo (Zaire)": "COD",
    "Denmark (Greenland)": "DNK",
    "German Democratic Republic": "DDR",
    "Germany, Federal Republic of": "DEU",
    "Kirghizia": "KGZ",
    "Korea, North": "PRK",
    "Korea, Republic of": "KOR",
    "Korea, South": "KOR",
    "Kyrgyz Republic": "KGZ",
    "Macedonia, Former Yugoslav Republic of": "MKD",
    "Micronesia, Federated States of": "FSM",
    "Republic of China": "TWN",
    "Russia": "RUS",
    "Serbia": "SRB",
    "Serbia and Montenegro": "SRB",
    "Southern Rhodesia (Zimbabwe)": "ZWE",
    "St. Lucia": "LCA",
    "Timor Leste": "TLS",
    "U.S.S.R.": "RUS",
    "United Kingdom (Northern Ireland)": "GBR",
    "United Kingdom (Wales)": "GBR",
    "Western Samoa": "WSM",
    "Yugoslavia": "SRB",
}
TIME = r"^(?P<month>[A-Z][a-z]+) (?P<day>\d+)(?:, (?P<year>\d{4}))?(?:–(?:(?P<month_2>[A-Z][a-z]+) )?(?P<day_2>\d+))?"
LISTS = {
    "source": "US Department of State, Office of the Historian, travels abroad",
    "version": "as read in 2023",
    "citation": "US Department of State, Office of the Historian, Travels Abroad of the President; Travels Abroad of "
    "the Secretary of State",
    "licence": "work of the US government",
    "absent": "zero",
}
SHARED_TRAPS = (
    "the layer is one of the United States alone: a row's state is always USA, and zero is told for its hosts only",
    "a host is the state that was visited in the list's own words: meetings of many states count for the host",
    "places that were no state then are left out: the Vatican, the Palestinian Authority, Antarctica, Kosovo to 2008, "
    "the Netherlands Antilles, the Cook Islands; Greenland counts as Denmark",
    "hosts that were not yet in the state system are left out (SUR 1967, PLW 1986, MHL 1988, NAM in March 1990, four "
    "republics of the Soviet Union in December 1991), but for AUT, DEU and JPN under occupation",
    "Vietnam is South Vietnam (VDR) until April 1975; Republic of China is Taiwan, U.S.S.R. Russia",
    "stopovers, funerals and vacations are in the list and count as visits",
)


def _layer(name: str, who: str, **differs) -> Layer:
    return Layer(
        name=name,
        title=f"Visit of {who} to the host",
        kind="dyad",
        unit="1 = a visit began",
        frequency="dated",
        transformation="a row per host and first day of a stay; `days` is the length of the stay, both days counted",
        directed=True,
        carry=False,
        event=True,
        bounds=(1, 1),
        **differs,
    )


PRESIDENT = _layer(
    "visit_president",
    "the US president",
    coverage="USA to every host, 1950 to 22 January 2020, complete. The visit to India of February 2020 is not in it.",
    traps=(
        *SHARED_TRAPS,
        "left out of 696 stays since 1950: 19 at the Vatican, 4 with the Palestinian Authority, 2 in Kosovo, and two "
        "of a president-elect (KOR in December 1952, MEX in January 1981)",
    ),
    extras={"days": "number"},
    since="1950-01-01",
    until="2020-01-22",
    **LISTS,
)
SECRETARY = _layer(
    "visit_secretary",
    "the US secretary of state",
    coverage="USA to every host, 1950 to 21 November 2020, complete.",
    traps=(
        *SHARED_TRAPS,
        "left out of 3,045 stays since 1950: 61 with the Palestinian Authority, 29 at the Vatican, 7 at other places "
        "that are no states",
        "trips in the company of the president are in both lists",
    ),
    extras={"days": "number"},
    since="1950-01-01",
    until="2020-11-21",
    **LISTS,
)
DEFENCE = _layer(
    "visit_defence",
    "a secretary of a US service or a US commander",
    source="troopdata, visits of senior officials",
    version="repository file visits.xls, no documentation seen",
    citation="meflynn/troopdata, data-raw/visits.xls",
    licence="package under GPL 3 or later; lists of the US government",
    coverage="1992 to 2012, USA to some hosts: secretaries of the Army, Navy and Air Force, commandants of the Marine "
    "Corps, commanders of PACOM and STRATCOM, no secretary of defence. Of 377 rows 144 are of 2010 and 2011, none of "
    "1993 and 2003: a sample, and no row says nothing.",
    traps=(
        *SHARED_TRAPS,
        "one first day and length for all hosts of a trip: the day in a host is not told",
        "visits to Guantanamo stand under CUB in the source, and to Kosovo before 2008 under no state: left out, and "
        "so are Guam, the Virgin Islands, Wake, Hong Kong, French Guiana, Greenland, Nassau as a city, Antarctica",
        "rows that end before they begin, or years later, have a slip in a date: their `days` are missing",
    ),
    extras={"days": "number", "office": "text", "official": "text"},
    key=("office", "official"),
    since="1992-01-01",
    until="2012-12-31",
)
LAYERS = (PRESIDENT, SECRETARY, DEFENCE)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """A row per visit in each of the three lists."""
    states = spells(inputs)
    return {
        "visit_president": tidy(PRESIDENT, present(_list(inputs, INPUTS[0], "state-president"), states)),
        "visit_secretary": tidy(SECRETARY, present(_list(inputs, INPUTS[1], "state-secretary"), states)),
        "visit_defence": tidy(DEFENCE, present(_officials(inputs), states)),
    }


def _list(inputs: Inputs, name: str, source: str) -> pd.DataFrame:
    """One of the two lists of the Department of State: partner, date, days."""
    listed = read_input(inputs, name, ["destination country", "description", "time"])
    listed = listed[~listed["description"].fillna("").str.contains(ELECT, regex=False)]
    first, last = stays(listed["time"])
    hosts = listed["destination country"].str.strip().map(NAMES)
    hosts = hosts.where((hosts != "VNM") | (iso(first) > SAIGON_FELL), "VDR")
    rows = pd.DataFrame({"date": iso(first), "partner": hosts, "days": _length(first, last), "source": source})
    return _one_each(rows, ["date", "partner"])


def stays(times: pd.Series) -> tuple[pd.Series, pd.Series]:
    """First and last day of texts like "December 31, 1977–January 1, 1978" or "May 3–4, 2019"; NaT if they are not."""
    times = times.astype(str).str.strip()
    parts = times.str.extract(TIME)
    last_year = times.str.extract(r", (\d{4})$")[0]
    first = _day(parts["year"].fillna(last_year), parts["month"], parts["day"])
    last = _day(last_year, parts["month_2"].fillna(parts["month"]), parts["day_2"].fillna(parts["day"]))
    return first, last


def _day(year: pd.Series, month: pd.Series, day: pd.Series) -> pd.Series:
    return pd.to_datetime(day + " " + month + " " + year, format="%d %B %Y", errors="coerce")


def _officials(inputs: Inputs) -> pd.DataFrame:
    when = [f"{which} {part}" for which in ("Start", "End") for part in ("Year", "Month", "Day")]
    listed = read_input(inputs, INPUTS[2], ["Title", "Name", "State Visit", *when])
    hosts = listed["State Visit"].replace({"Kosovo": "XKX"})
    listed = listed[hosts.isin(CODES) & (hosts != BASE)].assign(partner=hosts)
    days = [
        pd.to_datetime(pd.DataFrame({part.lower(): listed[f"{which} {part}"] for part in ("Year", "Month", "Day")}))
        for which in ("Start", "End")
    ]
    titles = listed["Title"].replace({"Commandant of the Marine Corps": "Commandant US Marine Corps"})
    rows = listed.assign(date=iso(days[0]), days=_length(*days), office=titles, official=listed["Name"].str.strip())
    return _one_each(rows.assign(source="troopdata-visits"), ["date", "partner", "office", "official"])


def _length(first: pd.Series, last: pd.Series) -> pd.Series:
    """Days of a stay, its first and last counted; missing if it would end before it begins or last over LONGEST."""
    days = (last - first).dt.days + 1.0
    return days.where(days.between(1, LONGEST))


def _one_each(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The visits since 1950 to places that were states of the panel, the longest of those with an equal key."""
    rows = rows[rows["partner"].notna() & (rows["date"] >= f"{FIRST_YEAR}-01-01")]
    rows = rows.sort_values("days", ascending=False, na_position="last", kind="stable").drop_duplicates(key)
    return rows.assign(state=VISITOR, value=1.0)
