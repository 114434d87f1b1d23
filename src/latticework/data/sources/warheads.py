"""Who has nuclear weapons, and how many: military stockpiles, and steps towards the bomb."""

import pandas as pd

from latticework.data.inputs import FIRST_YEAR, Inputs, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.sources.state_system import spells
from latticework.data.states import CODES, STATES

INPUTS = ("nuclear_warhead_stockpiles_fas_2023", "nuclear_proliferation_status_owid", "cow_states_2016")
COUNT = "Number of nuclear warheads"
SPRING = 3  # months: the Federation's status of the world's forces comes out in spring

WARHEADS = Layer(
    name="warheads",
    title="Nuclear warheads in the military stockpile",
    kind="state",
    unit="warheads",
    frequency="annual",
    source="Federation of American Scientists, by way of Our World in Data",
    version="2023",
    citation="Kristensen, Korda & Johns (2023), Nuclear Notebook and Status of World Nuclear Forces, Federation of "
    "American Scientists; processed by Our World in Data",
    licence="CC BY 4.0",
    transformation="none; dated 31 December; the Soviet Union is RUS; the row of the world is left out",
    coverage="1950 to 2023 for the nine states with nuclear weapons and South Africa, their zeros as published. Every "
    "other state has none: no more than these ten ever had warheads of their own, so no row means 0.",
    traps=(
        "military stockpiles, deployed and in reserve: the total inventories of SIPRI's yearbooks count retired "
        "warheads too (USA in January 2025: 5,177, of which about 3,700 in the stockpile) and must not be joined on",
        "the source's row of the world counts retired warheads (2023: 12,512) and is no sum of the states (9,576)",
        "what the Soviet Union had in BLR, KAZ and UKR, and the USA in allied states, stands under its owner",
        "estimates of 0 beside possession: PRK until 2014 (first test 2006), IND and PAK until 1997, ZAF until 1981",
        "the value of a recent year is the estimate published in its spring",
    ),
    until="2023-12-31",
    absent="zero",
    bounds=(0, None),
    lag=SPRING,
)
NUCLEAR_STATUS = Layer(
    name="nuclear_status",
    title="Steps towards nuclear weapons",
    kind="state",
    unit="0 = none, 1 = considers, 2 = pursues, 3 = possesses",
    frequency="annual",
    source="Our World in Data, from Bleek and the Nuclear Threat Initiative",
    version="2022",
    citation="Bleek (2017), When Did (and Didn't) States Proliferate?, Belfer Center; Nuclear Threat Initiative "
    "(2022); processed by Our World in Data",
    licence="the sources ask for citation; no formal open licence seen",
    transformation="names as ISO3 codes; years in which the state was a member of the state system, dated 31 December",
    coverage="1950 to 2022, all states except CSK. A zero is as published.",
    traps=(
        "coded by historians: contemporaries often did not know (South Africa told in 1993)",
        "IRN stands at 2 to 2022, SYR at 1: as coded, not as agreed by all",
        "possession begins with a usable weapon (IND and PAK 1987, ISR 1967), warheads with counted ones (1998, 1967)",
        "the years of BLR, KAZ and UKR with Soviet weapons are 0",
    ),
    until="2022-12-31",
    bounds=(0, 3),
    lag=SPRING,
)
LAYERS = (WARHEADS, NUCLEAR_STATUS)
NAMES = {state.name: code for code, state in STATES.items()} | {
    "Antigua & Barbuda": "ATG",
    "Cote d'Ivoire": "CIV",
    "Democratic Republic of Congo": "COD",
    "Federated States of Micronesia": "FSM",
    "German Democratic Republic": "DDR",
    "Republic of Vietnam": "VDR",
    "Russia": "RUS",
    "Saint Vincent and the Grenadines": "VCT",
    "Sao Tome and Principe": "STP",
    "Serbia": "SRB",
    "Swaziland": "SWZ",
    "The Gambia": "GMB",
    "Timor": "TLS",
}


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Stockpiles and nuclear status by state and year."""
    counts = read_input(inputs, INPUTS[0], ["Code", "Year", COUNT])
    counts = _yearly(counts, counts["Code"].where(counts["Code"].isin(CODES)), COUNT, "fas-2023")
    steps = read_input(inputs, INPUTS[1], ["Entity", "Year", "nuclear_weapons_status"])
    steps = _yearly(steps, steps["Entity"].map(NAMES), "nuclear_weapons_status", "owid-nuclear-2022")
    return {
        "warheads": tidy(WARHEADS, counts),
        "nuclear_status": tidy(NUCLEAR_STATUS, _of_members(steps, spells(inputs))),
    }


def _yearly(table: pd.DataFrame, states: pd.Series, column: str, source: str) -> pd.DataFrame:
    table = table.assign(state=states)
    table = table[table["state"].notna() & (table["Year"] >= FIRST_YEAR) & table[column].notna()]
    return pd.DataFrame(
        {
            "date": table["Year"].astype(int).map("{}-12-31".format),
            "state": table["state"],
            "value": table[column].astype("float64"),
            "source": source,
        }
    )


def _of_members(table: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The rows of states that are members of the state system on the row's day."""
    members = members.rename(columns={"date": "first", "end": "last"})
    both = table.merge(members, on="state")
    there = (both["date"] >= both["first"]) & ((both["last"] == "") | (both["date"] <= both["last"]))
    return both[there]
