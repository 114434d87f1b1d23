"""What kind of regime a state has, and whether its executive has a fixed term: the REIGN regime list, as spells."""

import pandas as pd

from latticework.data.inputs import Inputs, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.states import BY_COW

INPUTS = ("reign_regime_list",)
LAST_DAY, FIRST_DAY = "2020-12-31", "1950-01-01"
CITATION = (
    "Bell, Curtis, Besaw & Frank (2021), Rulers, Elections, and Irregular Governance (REIGN); "
    "Geddes, Wright & Frantz (2014)"
)
SPELLS = (
    "spells that were running in 1950 or began later; a spell ends the day before the next one begins; spells that "
    "reach the end of the list are left open; a state has one row of spells when its number changes"
)
COVERAGE = "To 31 December 2020. TWN and ZAN are not in the list."
TRAPS = ("31 December 2020 (for five states 2021) is the end of the list, not of a regime",)

REGIME = Layer(
    name="regime",
    title="Regime type",
    kind="state",
    unit="type",
    frequency="spells",
    source="REIGN regime list",
    version="2021-3",
    citation=CITATION,
    licence="MIT",
    transformation=SPELLS,
    coverage=COVERAGE,
    traps=TRAPS,
    value="text",
    extras={"end": "date"},
    until=LAST_DAY,
)
FIXED_TERM = Layer(
    name="fixed_term",
    title="Presidential system with a fixed term",
    kind="state",
    unit="1 = presidential regime, 0 = any other",
    bounds=(0, 1),
    frequency="spells",
    source="REIGN regime list",
    version="2021-3",
    citation=CITATION,
    licence="MIT",
    transformation="1 where the regime type is presidential (a democracy whose executive has a fixed term); " + SPELLS,
    coverage=COVERAGE,
    traps=TRAPS,
    extras={"end": "date"},
    until=LAST_DAY,
)
LAYERS = (REGIME, FIXED_TERM)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Regime spells since 1950, as type and as 1 for presidential."""
    columns = ["cowcode", "gwf_startdate", "gwf_enddate", "gwf_regimetype"]
    listed = read_input(inputs, "reign_regime_list", columns)
    spells = pd.DataFrame(
        {
            "date": _iso(listed["gwf_startdate"]),
            "state": listed["cowcode"].map(BY_COW),
            "value": listed["gwf_regimetype"].str.strip(),
            "source": "reign-2021-03",
            "last": _iso(listed["gwf_enddate"]),
        }
    ).sort_values(["state", "date", "last"], kind="stable")
    spells = spells.drop_duplicates(["state", "date"], keep="last")
    following = spells.groupby("state")["date"].shift(-1)
    before = (pd.to_datetime(following) - pd.Timedelta(days=1)).dt.strftime("%Y-%m-%d")
    ends = spells["last"].where(~(following <= spells["last"]), before)
    spells["end"] = ends.where(ends < LAST_DAY, "").astype(object)
    spells = spells[((spells["end"] == "") | (spells["end"] >= FIRST_DAY)) & (spells["date"] <= LAST_DAY)]
    fixed = spells.assign(value=(spells["value"] == "presidential").astype(float))
    return {"regime": tidy(REGIME, spells), "fixed_term": tidy(FIXED_TERM, fixed)}


def _iso(days: pd.Series) -> pd.Series:
    return pd.to_datetime(days, format="%m/%d/%Y").dt.strftime("%Y-%m-%d").astype(object)
