"""Armed conflicts: one per conflict and year, by the state that fights, and between all who met."""

from pathlib import Path

import pandas as pd
import pytest

from latticework.data.schema import faults
from latticework.data.sources.conflicts import CIVIL_CONFLICT, CONFLICT_SUPPORT, INTERSTATE_CONFLICT, build
from latticework.data.states import BY_GW

COLUMNS = ["conflict_id", "year", "gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd"]
COLUMNS += ["incompatibility", "intensity_level", "type_of_conflict"]


def listed(folder: Path, rows: list[tuple]) -> dict[str, pd.DataFrame]:
    pd.DataFrame(rows, columns=COLUMNS).to_csv(folder / "ucdp_acd_25_1.csv", index=False)
    return build(folder)


SMALL = [
    (1, 1949, 2, None, None, None, "government", 2, "intrastate"),  # before the panel
    (1, 2000, 625, 651, None, None, "territory", 1, "II"),  # two supporters: two rows, one conflict
    (1, 2000, 625, 500, None, None, "territory", 1, "II"),
    (2, 2000, 625, None, None, None, "government", 2, "intrastate"),
    (3, 2000, 678, None, None, None, "territory", 1, "intrastate"),
    (4, 2024, 365, 731, 369, None, "both", 2, "interstate"),
    (5, 1991, 645, None, 690, 2, "territory", 2, "interstate"),
    (6, 1991, 2, None, 645, None, "government", 1, "interstate"),
    (7, 1955, 220, None, None, None, "territory", 2, "extrasystemic"),
]


def test_a_conflict_counts_once_whoever_supports_it(tmp_path):
    table = listed(tmp_path, SMALL)["civil_conflict"]
    assert faults(CIVIL_CONFLICT, table) == []
    assert table.drop(columns="source").to_numpy().tolist() == [
        ["2000-12-31", "SDN", 2, 2, 2],
        ["2000-12-31", "YEM", 1, 1, 0],
    ]


def test_all_who_stood_on_opposite_sides_met(tmp_path):
    table = listed(tmp_path, SMALL)["interstate_conflict"]
    assert faults(INTERSTATE_CONFLICT, table) == []
    assert table.drop(columns="source").to_numpy().tolist() == [
        ["1991-12-31", "IRQ", "KWT", 2, "primary"],
        ["1991-12-31", "IRQ", "USA", 2, "primary"],  # the higher intensity, the closer tie
        ["2024-12-31", "PRK", "UKR", 2, "supporter"],
        ["2024-12-31", "RUS", "UKR", 2, "primary"],  # and no row for RUS and PRK, who stood on one side
    ]


@pytest.fixture(scope="module")
def tables(inputs) -> dict[str, pd.DataFrame]:
    return build(inputs)


@pytest.fixture(scope="module")
def raw(inputs) -> pd.DataFrame:
    return pd.read_parquet(inputs / "ucdp_acd_25_1.parquet")


def test_published_totals_of_2024(tables, raw):
    """UCDP (June 2025): 61 conflicts between or within states in 2024, 11 of them wars: the most since 1946."""
    within, between = (tables[n].query("date == '2024-12-31'") for n in ("civil_conflict", "interstate_conflict"))
    year = raw[raw.year == 2024]
    assert within.conflicts.sum() == 57
    assert within.conflicts.sum() + year[year.type_of_conflict == "interstate"].conflict_id.nunique() == 61
    assert year[year.intensity_level == 2].conflict_id.nunique() == 11
    assert len(within) == 33
    assert set(within[within.value == 2].state) == {"BFA", "ETH", "ISR", "MMR", "NGA", "PAK", "SDN", "SOM", "SYR"}
    assert set(zip(between.state, between.partner, strict=True)) >= {
        ("AFG", "PAK"),
        ("IRN", "ISR"),
        ("PRK", "UKR"),
        ("RUS", "UKR"),
    }


def test_every_year_of_a_state_by_hand(tables, raw):
    """The value is the worst of all rows whose side A is the state, looked up one by one."""
    rows = raw[raw.type_of_conflict.isin(["intrastate", "II"])]
    table = tables["civil_conflict"].set_index(["state", "date"]).value
    for number, state in ((100, "COL"), (750, "IND"), (850, "IDN"), (2, "USA"), (740, "JPN"), (732, "KOR")):
        for year in range(1950, 2025):
            worst = rows[(rows.gwno_a == number) & (rows.year == year)].intensity_level.max()
            assert table.get((state, f"{year}-12-31"), 0) == (0 if pd.isna(worst) else worst)
    assert "JPN" not in set(tables["civil_conflict"].state)


def test_no_conflict_of_a_state_gets_lost(tables, raw):
    rows = raw[raw.type_of_conflict.isin(["intrastate", "II"]) & (raw.year >= 1950)]
    assert set(rows.gwno_a) <= set(BY_GW)
    assert tables["civil_conflict"].conflicts.sum() == len(rows.drop_duplicates(["conflict_id", "year"]))


def test_the_korean_war_has_its_parties(tables):
    korea = tables["interstate_conflict"].query("date == '1951-12-31' and (state == 'PRK' or partner == 'PRK')")
    assert dict(zip(korea.state + korea.partner, korea.role, strict=True))["KORPRK"] == "primary"
    assert {"USA", "GBR", "TUR"} <= set(korea.partner) | set(korea.state)
    assert "CHN" not in set(korea.state)  # it stood beside PRK
    assert (korea.value == 2).all()
    later = tables["interstate_conflict"].query("state == 'KOR' and partner == 'PRK' and date > '1953-12-31'")
    assert set(later.role) == {"supporters"}  # both had troops in Vietnam
    assert (later.date.min(), later.date.max()) == ("1965-12-31", "1973-12-31")


def test_the_primary_parties_by_hand(tables, raw):
    """Rows without any supporter's side: the primary pairs are those of the two primary columns."""
    rows = raw[(raw.type_of_conflict == "interstate") & (raw.year >= 1950)]
    pairs = {
        (*sorted((BY_GW[int(row.gwno_a)], BY_GW[int(row.gwno_b)])), f"{row.year}-12-31") for row in rows.itertuples()
    }
    primary = tables["interstate_conflict"].query("role == 'primary'")
    assert set(zip(primary.state, primary.partner, primary.date, strict=True)) == pairs


def test_the_year_is_known_when_its_list_comes_out():
    assert CIVIL_CONFLICT.lag == INTERSTATE_CONFLICT.lag == 6


def test_who_fights_beside_a_government(tmp_path):
    table = listed(tmp_path, SMALL)["conflict_support"]
    assert faults(CONFLICT_SUPPORT, table) == []
    assert table.drop(columns="source").to_numpy().tolist() == [
        ["2000-12-31", "EGY", "SDN", 1],
        ["2000-12-31", "UGA", "SDN", 1],
    ]


def test_the_united_states_fought_beside_iraq_from_2004(tables):
    table = tables["conflict_support"].query("state == 'USA' and partner == 'IRQ'")
    years = table["date"].str[:4].astype(int).tolist()
    assert years[0] == 2004
    assert set(range(2004, 2012)) <= set(years)
