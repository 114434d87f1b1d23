"""Where people fought with arms: the UCDP/PRIO conflicts within states, and between them."""

from dataclasses import replace
from itertools import product

import pandas as pd

from latticework.data.dyads import undirected
from latticework.data.inputs import FIRST_YEAR, Inputs, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.states import BY_GW

INPUTS = ("ucdp_acd_25_1",)
SOURCE = "ucdp-acd-25.1"
UNTIL = "2024-12-31"
INTERSTATE, WITHIN = "interstate", ("intrastate", "II")  # II is internationalised intrastate
ABOUT_GOVERNMENT = ("government", "both")
ROLES = ("primary", "supporter", "supporters")  # both are primary parties, one is, none is
CITATION = (
    'Gleditsch et al. (2002), "Armed Conflict 1946-2001: A New Dataset", Journal of Peace Research 39(5): 615-637; '
    'Davies, Pettersson, Sollenberg & Oberg (2025), "Organized violence 1989-2024", Journal of Peace Research'
)
LICENCE = "CC BY 4.0"
OF_THE_CONFLICT = "1 = 25 to 999 battle deaths in the year, 2 = 1000 or more"
RELEASE = 6  # the year's list is published in June of the next

CIVIL_CONFLICT = Layer(
    name="civil_conflict",
    title="Armed conflict within the state",
    kind="state",
    unit=f"0 = none; {OF_THE_CONFLICT}",
    frequency="annual",
    source="UCDP/PRIO Armed Conflict Dataset",
    version="25.1",
    citation=CITATION,
    licence=LICENCE,
    transformation="the highest intensity of the conflicts (intrastate, also with troops of other states) that the "
    "state's government fought in the year, dated 31 December; `conflicts` is their number, `government` the highest "
    "intensity of those about the government (and not only about territory)",
    coverage="1950 to 2024, all states. The list is complete: no row means no conflict with 25 battle deaths.",
    traps=(
        "the source has a row for every pair of a supporter of either side: conflicts are counted once",
        "the state is the one whose government fights, not the place: the conflict of the USA with al-Qaida (from "
        "2001), or of ISR with Hezbollah, stands here",
        "UCDP counts 61 conflicts of 2024, 11 of them wars; 57 are in this layer (MMR has 6) and 4 are interstate",
        "Gleditsch-Ward numbers: OMN has rows (1957, 1969, 1970) before it is a member of the COW state system",
    ),
    extras={"conflicts": "number", "government": "number"},
    until=UNTIL,
    absent="zero",
    bounds=(0, 2),
    lag=RELEASE,
)
INTERSTATE_CONFLICT = replace(
    CIVIL_CONFLICT,
    name="interstate_conflict",
    title="Armed conflict between the two",
    kind="dyad",
    transformation="every state of side A with every state of side B, dated 31 December, with the highest intensity "
    "if the two met in several conflicts; `role` is 'primary' if both are primary parties, 'supporter' if one of them "
    "sent troops in support of one, 'supporters' if both did",
    coverage="1950 to 2024, all pairs of states. The list is complete: no row means no conflict with 25 battle deaths.",
    traps=(
        "the intensity is that of the whole conflict, not of the two: all 31 pairs with IRQ of 1991 are 2",
        "supporters are in: without them PRK-USA and CHN-USA would be 0 in 1950-53; `role` tells them apart",
        "two supporters stood on opposite sides but need not have met: KOR-PRK 1965 to 1973 is the war in Vietnam",
        "PRK-UKR 2024: UCDP has PRK as the supporter of RUS",
        "the strikes of GBR and USA of 2024 are listed against YEM, whose number 678 stands for the Houthi government",
        "extrasystemic conflicts (colonies) are in neither layer; troops in another state's civil conflict are in "
        "`conflict_support`",
    ),
    extras={"role": "text"},
)
CONFLICT_SUPPORT = replace(
    CIVIL_CONFLICT,
    name="conflict_support",
    title="The state fights beside the partner's government in a civil conflict",
    kind="dyad",
    directed=True,
    transformation="the highest intensity of the conflicts within the partner in which the state sent troops in "
    "support of its government, dated 31 December",
    coverage="1950 to 2024, all pairs of states. The list is complete: no row means no such conflict with 25 battle "
    "deaths.",
    traps=(
        "troops that fight are meant, not arms or money; support of rebels is not here",
        "the partner is the one whose government fights, not the place: the 37 states that fought al-Qaida beside the "
        "USA from 2001 stand here as supporters of the USA",
        "the war in Iraq is an interstate conflict in 2003 and stands here from 2004, the one in Vietnam is here to "
        "1964 and an interstate conflict from 1965 (the partner is the Republic of Vietnam)",
    ),
    extras={},
    since=f"{FIRST_YEAR}-12-31",
)
LAYERS = (CIVIL_CONFLICT, INTERSTATE_CONFLICT, CONFLICT_SUPPORT)
SIDES = (("gwno_a", "gwno_a_2nd"), ("gwno_b", "gwno_b_2nd"))  # the primary party and a supporter, of each side


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """The conflicts of every state and of every dyad, and who fights beside whom, by year since 1950."""
    columns = ["conflict_id", "year", *SIDES[0], *SIDES[1], "incompatibility", "intensity_level", "type_of_conflict"]
    listed = read_input(inputs, INPUTS[0], columns)
    listed = listed[listed["year"] >= FIRST_YEAR]
    listed = listed.assign(
        date=listed["year"].astype(int).map("{}-12-31".format),
        source=SOURCE,
        value=listed["intensity_level"].astype("float64"),
    )
    within = listed[listed["type_of_conflict"].isin(WITHIN)]
    between = listed[listed["type_of_conflict"] == INTERSTATE]
    return {
        "civil_conflict": tidy(CIVIL_CONFLICT, _of_states(within)),
        "interstate_conflict": tidy(INTERSTATE_CONFLICT, _of_dyads(between)),
        "conflict_support": tidy(CONFLICT_SUPPORT, _supporters(within)),
    }


def _supporters(within: pd.DataFrame) -> pd.DataFrame:
    own = within.assign(state=within["gwno_a_2nd"].map(BY_GW), partner=within["gwno_a"].map(BY_GW))
    own = own[own["state"].notna() & own["partner"].notna() & (own["state"] != own["partner"])]
    return own.groupby(["date", "state", "partner", "source"], as_index=False).agg(value=("value", "max"))


def _of_states(within: pd.DataFrame) -> pd.DataFrame:
    about = within["incompatibility"].isin(ABOUT_GOVERNMENT)
    within = within.assign(state=within["gwno_a"].map(BY_GW), government=within["value"].where(about, 0.0))
    within = within[within["state"].notna()]
    return within.groupby(["date", "state", "source"], as_index=False).agg(
        value=("value", "max"), conflicts=("conflict_id", "nunique"), government=("government", "max")
    )


def _of_dyads(between: pd.DataFrame) -> pd.DataFrame:
    """Every pair of parties on opposite sides; `role` is that of the closest tie if a pair met in several ways."""
    pairs = pd.concat([_pairs(between, *parties) for parties in product(*SIDES)])
    pairs = undirected(pairs[pairs["state"].notna() & pairs["partner"].notna()])
    key = ["date", "state", "partner", "source"]
    return pairs.groupby(key, as_index=False).agg(value=("value", "max"), role=("role", "min"))


def _pairs(between: pd.DataFrame, party_a: str, party_b: str) -> pd.DataFrame:
    helpers = sum(party == side[1] for party, side in zip((party_a, party_b), SIDES, strict=True))
    return between[["date", "value", "source"]].assign(
        state=between[party_a].map(BY_GW), partner=between[party_b].map(BY_GW), role=ROLES[helpers]
    )
