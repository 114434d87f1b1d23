"""What Korea and Japan pay for the American forces that they host, and what Washington asked for."""

import pandas as pd

from latticework.data.dyads import iso
from latticework.data.inputs import Inputs, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.patches import facts
from latticework.errors import PanelError

INPUTS = ("burden",)
PATRON = "USA"
PAID = ("SMA actual", "SMA derived", "HNS budget")
DEMANDED = "US demand"
CURRENCY = {"KRW billion": "KRW", "JPY billion": "JPY"}
PUBLIC = {  # demands that came out later than they were made
    ("KOR", "2019-07"): "2019-11-18",  # the report in Foreign Policy, 15 November 2019; Bolton's book: 23 June 2020
    ("JPN", "2019-07"): "2019-11-18",
}
CITED = "the source named in each row; exchange rates: Federal Reserve, H.10 (data/patches/exchange_rates.csv)"

COST_SHARING = Layer(
    name="cost_sharing",
    title="Payment for the forces of the partner",
    kind="dyad",
    unit="million US dollars",
    frequency="annual",
    source="Defence White Paper of Korea 2018, Ministry of Foreign Affairs of Korea, Japanese budgets and press",
    version="facts gathered in 2025",
    citation=CITED,
    licence="facts",
    transformation="Korea: Special Measures Agreements, by calendar year. Japan: host-nation support in the initial "
    "budget, fiscal year t (April to March) dated 31 March of t+1. Won and yen (`amount`, `unit`) at the average rate "
    "of the calendar year t",
    coverage="KOR to USA 1991 to 2025, JPN to USA fiscal years 1978 to 2025. Other states that pay are not in it.",
    traps=(
        "Japanese figures of single years have confidence low: from memory, a few per cent off; those of fiscal 1978, "
        "2006, 2009, 2014 and 2021 agree with pages that were read; for 2010 another page has 186.9 instead of 188.1 "
        "billion yen",
        "kind 'SMA derived' (2022 to 2025): last year's amount and the growth of the defence budget, confidence medium",
        "Korea's amount of 2020 was only agreed in March 2021, frozen at that of 2019",
        "until 2004 Korea's White Paper gives dollars, though part was paid in won",
        "a change in dollars may be one of the exchange rate: compare `amount`",
        "Japan's wider total of all spending on US forces (2019: 790.2, 2024: 860.1 billion yen) and five-year totals "
        "are left out; land and lost rents are in neither",
        "budgets and agreements are known before the year ends: the lag of a quarter is more than enough",
    ),
    directed=True,
    extras={"amount": "number", "unit": "text", "agreement": "text", "kind": "text", "confidence": "text"},
    carry=False,
    bounds=(0, None),
    lag=3,
)
COST_DEMAND = Layer(
    name="cost_demand",
    title="Payment that the state asked of the partner",
    kind="dyad",
    unit="million US dollars a year",
    frequency="dated",
    source="press and memoirs",
    version="facts gathered in 2025",
    citation="the source named in each row",
    licence="facts",
    transformation="as reported; a month stands for its last day, a year for 31 December",
    coverage="Four demands of the United States on KOR and JPN, 2019 to October 2024. No list: no row says nothing.",
    traps=(
        "the demands of July 2019 came out in November 2019: see `known`; Tokyo denied a formal one",
        "the demand of October 2024 was a candidate's, not a government's",
        "an opening bid and no offer: Korea was asked for 5,000 in 2019 and paid 891",
    ),
    directed=True,
    extras={"confidence": "text", "note": "text", "known": "date"},
    carry=False,
    event=True,
    bounds=(0, None),
)
LAYERS = (COST_SHARING, COST_DEMAND)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Payments by year and demands by day."""
    columns = ["country", "year_or_date", "kind", "amount", "unit", "usd_million", "agreement", "source"]
    listed = read_input(inputs, INPUTS[0], [*columns, "confidence", "note"])
    listed = listed.assign(
        when=listed["year_or_date"].astype(str).str.strip(),
        agreement=listed["agreement"].astype(str),
        source="fact: " + listed["source"].astype(str).str.strip(),
        note=listed["note"].astype(object).where(listed["note"].notna(), ""),
    )
    demands = listed[listed["kind"] == DEMANDED]
    return {
        "cost_sharing": tidy(COST_SHARING, payments(listed[listed["kind"].isin(PAID)])),
        "cost_demand": tidy(COST_DEMAND, _demands(demands)),
    }


def payments(paid: pd.DataFrame) -> pd.DataFrame:
    """Payments in dollars, dated by the end of their year; PanelError if the rate for a unit and year is not known."""
    years, amounts = paid["when"].astype(int), paid["amount"].astype("float64")
    rates = {(f["currency"], int(f["date"][:4])): float(f["per_dollar"]) for f in facts("exchange_rates")}
    dollars = []
    for amount, unit, year in zip(amounts, paid["unit"], years, strict=True):
        rate = 1000.0 if unit == "USD million" else rates.get((CURRENCY.get(unit, ""), year))
        if rate is None:
            raise PanelError(f"The payment of {amount:g} {unit} in {year} has no exchange rate.")
        dollars.append(1000 * amount / rate)
    japan = paid["country"] == "JPN"
    days = (years + japan).astype(str) + japan.map({True: "-03-31", False: "-12-31"})
    return paid.assign(date=days, state=paid["country"], partner=PATRON, value=dollars, amount=amounts)


def _demands(demands: pd.DataFrame) -> pd.DataFrame:
    days = last_days(demands["when"])
    keys = zip(demands["country"], demands["when"], days, strict=True)
    return demands.assign(
        date=days,
        state=PATRON,
        partner=demands["country"],
        value=demands["usd_million"].astype("float64"),
        known=[PUBLIC.get((country, when), str(day)) for country, when, day in keys],
    )


def last_days(when: pd.Series) -> pd.Series:
    """Years, months (2019-07) and days as ISO days: the last of the year or month."""
    when = when.astype(str).str.strip()
    months = when.where(when.str.len() > 4, when + "-12")
    first = pd.to_datetime(months.where(months.str.len() > 7, months + "-01"))
    return iso(first.where(months.str.len() > 7, first + pd.offsets.MonthEnd(0)))
