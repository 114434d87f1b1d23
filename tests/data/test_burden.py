"""Cost sharing: payments in dollars by year, demands by the day that they were made and the day that they came out."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from latticework.data.patches import facts
from latticework.data.sources import burden
from latticework.errors import PanelError
from tests.data.dyad_tables import raw

HEADER = "country,year_or_date,kind,amount,unit,usd_million,agreement,source,confidence,note"
DEMAND = "KOR,2019-07,US demand,5000,USD million a year,5000,demand,page,high,"


@pytest.fixture(scope="module")
def tables(folders: tuple[Path, ...]) -> dict[str, pd.DataFrame]:
    return burden.build(folders)


@pytest.fixture
def built(tmp_path: Path):
    """Builds both layers from a few lines of the facts."""

    def build(*lines: str) -> dict[str, pd.DataFrame]:
        (tmp_path / "burden.csv").write_text("\n".join([HEADER, *lines]))
        return burden.build(tmp_path)

    return build


def paid(rows: pd.DataFrame, state: str, date: str) -> float:
    found = rows.query("state == @state and date == @date")
    assert len(found) == 1
    return found["value"].iloc[0]


def test_won_and_yen_become_dollars_of_their_year(built):
    rows = built(
        DEMAND,
        "KOR,2004,SMA actual,620.0,USD million,620.0,5,page,high,",
        "KOR,2019,SMA actual,1038.9,KRW billion,,10,page,high,",
        "JPN,2019,HNS budget,197.4,JPY billion,1800,HNS,page,high,",
    )["cost_sharing"]
    assert list(zip(rows["date"], rows["state"], rows["value"].round(1), rows["amount"], strict=True)) == [
        ("2004-12-31", "KOR", 620.0, 620.0),
        ("2019-12-31", "KOR", 891.1, 1038.9),  # at 1,165.8 won
        ("2020-03-31", "JPN", 1810.7, 197.4),  # at 109.02 yen; the fiscal year ends in March
    ]
    assert set(rows["partner"]) == {"USA"}


def test_totals_of_five_years_and_of_all_spending_are_left_out(built):
    rows = built(
        DEMAND,
        "JPN,2016-2020,HNS five-year total,940,JPY billion,,HNS,page,high,",
        "JPN,2024,US-forces-related total,860.1,JPY billion,,all,page,medium,",
        "JPN,2021,HNS budget,201.7,JPY billion,,HNS,page,high,",
    )["cost_sharing"]
    assert rows["amount"].tolist() == [201.7]


@pytest.mark.parametrize(
    "line", ["KOR,1990,SMA actual,1.0,KRW billion,,1,page,high,", "KOR,2010,SMA actual,1,EUR,,1,p,low,"]
)
def test_a_payment_without_a_rate_is_refused(built, line):
    with pytest.raises(PanelError, match="has no exchange rate"):
        built(DEMAND, line)


def test_demands_are_dated_by_month_year_or_day_and_known_when_they_came_out(built):
    rows = built(
        "KOR,2010,SMA actual,790.4,KRW billion,,8,page,high,",
        DEMAND,
        "KOR,2020,US demand,1300,USD million a year,1300,demand,page,medium,",
        "JPN,2024-02-29,US demand,10,USD million a year,10,demand,page,high,candidate",
    )["cost_demand"]
    assert list(zip(rows["date"], rows["known"], rows["partner"], rows["value"], strict=True)) == [
        ("2019-07-31", "2019-11-18", "KOR", 5000),
        ("2020-12-31", "2020-12-31", "KOR", 1300),
        ("2024-02-29", "2024-02-29", "JPN", 10),
    ]
    assert set(rows["state"]) == {"USA"}


def test_korea_paid_what_its_white_paper_says(tables):
    rows, published = tables["cost_sharing"].query("state == 'KOR'"), raw("hns_korea_sma")
    ours = rows.set_index(rows["date"].str[:4].astype(int))[["amount", "unit"]]
    published = published[published["year"] <= 2021].set_index("year")[["amount", "unit"]]
    assert len(published) == 31
    assert ours.loc[published.index, "amount"].tolist() == pytest.approx(published["amount"].tolist())
    assert ours.loc[published.index, "unit"].tolist() == published["unit"].tolist()
    assert sorted(ours.index) == list(range(1991, 2026))


def test_japan_paid_what_pages_say(tables):
    rows, pages = tables["cost_sharing"].query("state == 'JPN'"), raw("hns_japan")
    ours = rows.set_index(rows["date"].str[:4].astype(int) - 1)["amount"]
    pages = pages[pages["fiscal_year"] <= 2021].set_index("fiscal_year")["amount"]
    differs = {year: (ours[year], pages[year]) for year in pages.index if ours[year] != pages[year]}
    assert differs == {2010: (188.1, 186.9)}
    assert sorted(ours.index) == list(range(1978, 2026))


def test_dollars_are_near_those_that_were_reported(tables):
    rows = tables["cost_sharing"]
    assert paid(rows, "KOR", "2019-12-31") == pytest.approx(924, rel=0.05)  # reported in February 2019
    assert paid(rows, "KOR", "2014-12-31") == pytest.approx(867, rel=0.05)  # reported in January 2014
    assert paid(rows, "JPN", "2020-03-31") == pytest.approx(1800, rel=0.02)  # in the facts themselves


def test_every_amount_comes_from_a_line_of_the_facts(tables, folders):
    with (folders[1] / "burden.csv").open(encoding="utf-8") as file:
        lines = [line for line in csv.DictReader(file) if line["kind"] in burden.PAID]
    rows = tables["cost_sharing"]
    assert sorted((f["country"], float(f["amount"])) for f in lines) == sorted(
        zip(rows["state"], rows["amount"], strict=True)
    )
    assert rows["source"].str.startswith("fact: ").all()
    assert rows["confidence"].isin(["high", "medium", "low"]).all()


def test_exchange_rates_are_dated_and_sourced():
    for fact in facts("exchange_rates"):
        assert fact["date"].endswith("-12-31")
        assert fact["currency"] in ("KRW", "JPY")
        assert fact["source"]
        assert fact["confidence"] == "high"
        low, high = {"KRW": (900, 1500), "JPY": (75, 260)}[fact["currency"]]
        assert low < float(fact["per_dollar"]) < high
