"""Which states exercised together: Multinational Military Exercises from 1980, an older coders' sheet before."""

import pandas as pd

from latticework.data.dyads import iso
from latticework.data.inputs import Inputs, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.states import BY_GW, CODES

INPUTS = ("mme_v7_exercises_long", "jme_v3_exercises_wide")
MME, JME = "mme-7", "jme-3"
FIRST_YEAR, LAST_DAY = 1980, "2010-12-31"  # of MME
UNNUMBERED = {  # small states that have a name and no number in MME
    "Antigua & Barbuda": "ATG",
    "Dominica": "DMA",
    "Grenada": "GRD",
    "Palau": "PLW",
    "Seychelles": "SYC",
    "St. Kitts & Nevis": "KNA",
    "st. christopher": "KNA",
    "St. Lucia": "LCA",
    "St. Vincent & Grenadines": "VCT",
    "São Tomé & Príncipe": "STP",
    "Tonga": "TON",
    "Vanuatu": "VUT",
    "Yemen": "YEM",
}
VIETNAM = {817: "VNM"}  # the number of South Vietnam stands for Vietnam in 2006-2010
LETTERS = [chr(c) for c in range(ord("A"), ord("Z") + 1)] + ["AA", "AB", "AC", "AD"]
SHEET = [f"State {letters}" for letters in LETTERS]
START = ["s.year", "s.month", "s.day"]


def _layer(name: str, title: str, **differs) -> Layer:
    return Layer(
        name=name,
        title=title,
        kind="dyad",
        unit="1 = an exercise began",
        frequency="dated",
        licence="data in a package under GPL 3 or later; no licence of their own seen",
        transformation="a row per exercise and pair of participants, dated by its first day; a day that is missing is "
        "the last of its month and a month that is missing the last of its year (`precision`); `members` counts the "
        "participants that are states of the panel",
        extras={"exercise": "text", "members": "number", "precision": "text"},
        key=("exercise",),
        carry=False,
        event=True,
        bounds=(1, 1),
        **differs,
    )


EXERCISE = _layer(
    "exercise",
    "Joint military exercise",
    source="Multinational Military Exercises (MME), D'Orazio & Galambos",
    version="7",
    citation="D'Orazio & Galambos (2021), Multinational Military Exercises 1980-2010; D'Orazio (2012), \"War Games: "
    "North Korea's Reaction to US and South Korean Military Exercises\", Journal of East Asian Studies 12: 275-294",
    coverage="1980 to 2010, 3,707 exercises coded from news reports, of which 3,573 have two or more participants that "
    "are states of the panel. Within it, no row means that the list has no exercise of the two: the list is not "
    "complete, so that zero means few and not none. After 2010 nothing is known.",
    traps=(
        "coded from news: the rise from 67 exercises in 1980 to 204 in 2004 is one of reports and of exercises",
        "participants stop at 24 in the source: 14 exercises that have so many had more (Combined Endeavor)",
        "208 rows have no participant; 134 exercises have fewer than two that are known and make no pair",
        "103 rows are there twice, among them four exercises entered in both years that they span",
        "mme3457, mme3458 and mme3460 stand for two exercises each: the number with the date tells them apart",
        "2,537 of 13,818 rows have a month but no day",
        "an exercise of many makes a row for every pair: 24 participants make 276; weight by `members` to undo it",
        "Vietnam stands under the number of South Vietnam (817), Germany under 260",
        "Foal Eagle and RSOI or Key Resolve are two exercises on one day",
        "known when held: no lag, although the list was made later",
    ),
    since="1980-01-01",
    until=LAST_DAY,
    absent="zero",
)
EARLY = _layer(
    "exercise_early",
    "Joint military exercise, coders' sheet",
    source="Joint Military Exercises, coders' sheet, V. D'Orazio",
    version="3",
    citation="D'Orazio (2013), Advancing Measurement of Conflict Processes (dissertation), Joint Military Exercises",
    coverage="1974 to 1979, 47 exercises: 1 in 1974, 3 in 1975, none in 1976, then 13, 18 and 12. A sample and no "
    "list: no row means nothing. In 1980 the sheet has 34 exercises where MME has 67.",
    traps=(
        "a layer of its own, since zero is not known here and nearly is from 1980 (layer `exercise`)",
        "the sheet goes on to 2010; MME, which grew from it, has taken its place from 1980",
        "two exercises have a year but no month",
    ),
    until="1979-12-31",
)
LAYERS = (EXERCISE, EARLY)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """A row per exercise and pair of its participants."""
    return {"exercise": tidy(EXERCISE, pairs(_mme(inputs))), "exercise_early": tidy(EARLY, pairs(_jme(inputs)))}


def pairs(taking_part: pd.DataFrame) -> pd.DataFrame:
    """Every two participants of an exercise, from one row per exercise (with its date) and participant."""
    key = ["exercise", "date", "precision", "source"]
    once = taking_part.drop_duplicates([*key, "state"])
    once = once.assign(members=once.groupby(key)["state"].transform("size").astype("float64"))
    both = once.merge(once.drop(columns="members").rename(columns={"state": "partner"}), on=key)
    return both[both["state"] < both["partner"]].assign(value=1.0)


def _mme(inputs: Inputs) -> pd.DataFrame:
    listed = read_input(inputs, INPUTS[0], ["MMEID", "gwcode", "country", *START])
    numbers = pd.to_numeric(listed["gwcode"], errors="coerce").astype("float64")
    listed = listed.assign(state=numbers.map(BY_GW | VIETNAM).fillna(listed["country"].map(UNNUMBERED)))
    listed = listed[listed["state"].notna()]
    return _dated(listed).assign(exercise=listed["MMEID"], source=MME)


def _jme(inputs: Inputs) -> pd.DataFrame:
    """Participants of the exercises before MME begins; `exercise` is the number of the row in the sheet."""
    sheet = read_input(inputs, INPUTS[1], [*START, *SHEET])
    sheet = sheet.assign(exercise=[f"jme{row}" for row in range(1, len(sheet) + 1)])
    sheet = sheet[_numbers(sheet, "s.year") < FIRST_YEAR]
    listed = sheet.melt([*START, "exercise"], SHEET, value_name="code").dropna(subset="code")
    codes = listed["code"].astype(str).str.strip().str.upper()
    listed = listed.assign(state=codes)[codes.isin(CODES)]
    return _dated(listed).assign(exercise=listed["exercise"], source=JME)


def _dated(listed: pd.DataFrame) -> pd.DataFrame:
    """state, date and precision of the rows; a missing day or month is the last of its month or year."""
    year, month, day = (_numbers(listed, part) for part in START)
    month, day = month.where(month.between(1, 12)), day.where(day.between(1, 31))
    parts = pd.DataFrame({"year": year, "month": month.fillna(12), "day": 1.0})
    first = pd.to_datetime(parts.astype("int64"))
    exact = first + pd.to_timedelta(day.fillna(1) - 1, unit="D")
    known = month.notna() & day.notna()
    precision = known.map({True: "day", False: "month"}).where(month.notna(), "year")
    return pd.DataFrame(
        {
            "state": listed["state"],
            "date": iso(exact.where(known, first + pd.offsets.MonthEnd(0))),
            "precision": precision,
        }
    )


def _numbers(listed: pd.DataFrame, column: str) -> pd.Series:
    """Numbers of a column in which 'xx' and -9 stand for what is missing."""
    numbers = pd.to_numeric(listed[column], errors="coerce").astype("float64")
    return numbers.where(numbers > 0)
