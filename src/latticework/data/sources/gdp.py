"""How large economies are, and what share of them goes to the military: World Bank, a model, COW and dated facts."""

import pandas as pd

from latticework.data.inputs import FIRST_YEAR, Inputs, annual, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.states import CODES

INPUTS = ("wb_gdp_current_usd", "isard_cow_gdp_pop", "cow_nmc_7_0", "state_2025")
JULY = 7  # months: the World Bank's first figures for a year come in July of the next
LEAST = 1e6  # dollars: no state's economy was ever smaller (Tuvalu in 1970: 2.6 million)
HIGH = 0.25  # a share of GDP that few states ever reached, and none without a war
JUMP, WINDOW = 2.5, 7  # so many times the median of so many years around it, or that much below
TERRITORY = {"DEU": (1960, 1989), "PAK": (1960, 1971), "RUS": (1988, 1991), "SRB": (1993, 2005)}
FACT_YEAR = 2024

GDP = Layer(
    name="gdp",
    title="Gross domestic product",
    kind="state",
    unit="current US dollars",
    frequency="annual",
    source="World Bank, World Development Indicators, NY.GDP.MKTP.CD; dated facts for what it lacks",
    version="copy of March 2026, to 2023; facts gathered in 2025",
    citation="World Bank, World Development Indicators; facts: the source named in each row",
    licence="World Bank: CC BY 4.0 (the copy: PDDL); facts",
    transformation="aggregates and territories that are no states of the panel left out; facts in dollars instead of "
    "billions, only where the World Bank's table has no value; dated 31 December",
    coverage="1960 to 2023 where published; 2024 for 34 states around the region. TWN has 2024 only, PRK 2023 only.",
    traps=(
        "the facts of 2024 (source 'fact: ...') come from another table and edition, those of KOR and TWN from memory "
        "(IMF, April 2025): see `confidence`; PRK's 16.4 billion of 2023 is a guess of others, confidence low",
        "one exchange rate for a whole economy: dollars fall and rise with the currency (IRQ 180 billion in 1990, 0.4 "
        "in 1991, when the rate changed; JPN, KOR, IDN 1998)",
        "GEO 1987-1989 stands in the source with 11,503 to 14,047 dollars: left out, as is all below a million",
        "years before a state existed have values too (colonies, Soviet republics); RUS begins in 1988, CZE in 1990",
        "DEU before 1990 seems to stand for today's territory: no step in 1990-91 beyond that of the exchange rate",
        "the last value is older for some: VEN 2014, ERI 2011, SSD 2015, YEM 2018, CUB 2020, SYR 2021, LBN 2022",
        "revised every year: the figures that contemporaries had were others",
    ),
    extras={"confidence": "text"},
    lag=JULY,
    bounds=(0, None),
)
GDP_ESTIMATE = Layer(
    name="gdp_estimate",
    title="Gross domestic product, real, model output",
    kind="state",
    unit="million 2017 international dollars (PPP)",
    frequency="annual",
    source="Fariss, Anders, Markowitz & Barnum, latent GDP anchored in the Penn World Table 10.0, by way of isard",
    version="estimates of April 2024",
    citation='Fariss, Anders, Markowitz & Barnum (2022), "New Estimates of Over 500 Years of Historic GDP and '
    'Population Data", Journal of Conflict Resolution 66(3): 553-591; Feenstra, Inklaar & Timmer (2015), "The Next '
    'Generation of the Penn World Table", American Economic Review 105(10): 3150-3182; Miller, isard',
    licence="isard: GPL-2; the estimates: no formal open licence seen",
    transformation="none; dated 31 December; sd = posterior standard deviation of the value",
    coverage="1950 to 2019, all members of the state system (LAO lacks 1953).",
    traps=(
        "output of a latent-variable model and no observation: every value has an sd, most about 0.43 of the value",
        "the model has seen later years: a value knows of the future, lag or not; not for forecasts that are scored",
        "means of a skewed posterior lie above the table that anchors them",
        "purchasing power, not exchange rates: no ratio with layers in current dollars",
        "PRK and CSK have values that nobody measured",
    ),
    extras={"sd": "number"},
    lag=JULY,
    bounds=(0, None),
)
EFFORT = Layer(
    name="defence_effort",
    title="Military spending as a share of gross domestic product",
    kind="state",
    unit="share of GDP, 0 upward",
    frequency="annual",
    source="Correlates of War military spending over World Bank GDP; SIPRI and the World Factbook for 2023-24",
    version="NMC 7.0; copy of the World Bank's table of March 2026; facts gathered in 2025",
    citation="Singer, Bremer & Stuckey (1972), National Material Capabilities 7.0; World Bank, World Development "
    "Indicators; facts: the source named in each row",
    licence="as the layers military_spending and gdp; single facts",
    transformation="military spending (thousand current dollars) times 1,000 over GDP (current dollars) of the same "
    "state and year, rounded to 1e-6; facts in percent over 100",
    coverage="1960 to 2022 where both exist; 30 states around the region for 2024 (VNM 2023). TWN has 2024 only, PRK "
    "nothing, CSK, DDR and the Soviet Union before 1988 nothing.",
    traps=(
        "flag 'high': above 0.25, such as IRQ 1991 (31.6: GDP at a new exchange rate), KWT 1990-92, MMR (official "
        "rate), CHN 1970, but also true wars (ISR 1973-75)",
        "flag 'jump': 2.5 times more or less than the median of the seven years around it; mostly errors or an "
        "exchange rate in one of the two sources (CUB 2009, TLS 2010, THA 2001, MDG 2002-04); it looks at later years",
        "flag 'territory': the two sources count different states (RUS 1988-91 spends for the Soviet Union, PAK to "
        "1971 for both parts, DEU to 1989 without the East, SRB to 2005 with Montenegro)",
        "flag 'zero': states without forces, but also first years of new states",
        "COW has budgets, SIPRI more: in 2020 SIPRI's shares are USA 3.7 %, GBR 2.2, FRA 2.1, DEU 1.4, JPN 1.0, but "
        "also KOR 2.8, CHN 1.7, RUS 4.3, IND 2.9, SAU 8.4, where this layer has 3.6, 2.3, 2.1, 1.3, 1.0 and 2.5, 1.3, "
        "2.9, 2.4, 7.1. The facts of 2024 are SIPRI's: CHN goes from 0.012 in 2022 to 0.017 by definition alone",
        "a fall of GDP raises the share without a soldier more: model spending given GDP",
        "facts of 'Factbook 2023 estimate' are dated 2023",
    ),
    extras={"flag": "text", "confidence": "text", "known": "date"},
    lag=JULY,
    bounds=(0, None),
)
LAYERS = (GDP, GDP_ESTIMATE, EFFORT)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Output, its estimate, and the share of it that goes to the military, by state and year."""
    facts = _facts(inputs)
    bank = _bank(inputs)
    return {
        "gdp": tidy(GDP, pd.concat([bank, _lacking(bank, _fact_gdp(facts))], ignore_index=True)),
        "gdp_estimate": tidy(GDP_ESTIMATE, _estimate(inputs)),
        "defence_effort": tidy(EFFORT, pd.concat([_effort(inputs, bank), _fact_effort(facts)], ignore_index=True)),
    }


def part_of(cell: str, word: str) -> str:
    """The part of a fact's source, a list parted by ' ; ', that has the word in it; the whole list if none has."""
    return next((part.strip() for part in cell.split(" ; ") if word in part), cell)


def _bank(inputs: Inputs) -> pd.DataFrame:
    listed = read_input(inputs, INPUTS[0], ["Country Code", "Year", "Value"])
    kept = listed["Country Code"].isin(CODES) & (listed["Year"] >= FIRST_YEAR) & (listed["Value"] >= LEAST)
    listed = listed[kept]
    return pd.DataFrame(
        {
            "date": listed["Year"].astype(int).map("{}-12-31".format),
            "state": listed["Country Code"],
            "value": listed["Value"].astype("float64"),
            "source": "wb-gdp-2026-03",
            "confidence": "",
        }
    )


def _facts(inputs: Inputs) -> pd.DataFrame:
    columns = ["country", "gdp_usd_bn", "gdp_year", "milex_pct_gdp", "milex_pct_source_kind", "source", "note"]
    listed = read_input(inputs, INPUTS[3], [*columns, "confidence"])
    for column in ("milex_pct_source_kind", "note"):
        listed[column] = listed[column].fillna("")
    return listed.rename(columns={"country": "state"})


def _fact_gdp(facts: pd.DataFrame) -> pd.DataFrame:
    """GDP of the facts; what the note calls memory is no figure of the Factbook."""
    facts = facts[facts["gdp_usd_bn"].notna()]
    memory = facts["note"].str.extract(r"GDP \d{4} from (memory[^;]*)")[0].str.strip()
    factbook = pd.Series([part_of(cell, "factbook") for cell in facts["source"].astype(str)], index=facts.index)
    return pd.DataFrame(
        {
            "date": facts["gdp_year"].astype(int).map("{}-12-31".format),
            "state": facts["state"],
            "value": (facts["gdp_usd_bn"].astype("float64") * 1e9).round(),
            "source": "fact: " + memory.fillna(factbook),
            "confidence": facts["confidence"],
        }
    )


def _lacking(bank: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """The facts on states and years that the bank has not."""
    there = set(zip(bank["state"], bank["date"], strict=True))
    return facts[[key not in there for key in zip(facts["state"], facts["date"], strict=True)]]


def _estimate(inputs: Inputs) -> pd.DataFrame:
    listed = read_input(inputs, INPUTS[1], ["ccode", "year", "pwtrgdp", "sd_pwtrgdp"])
    spread = annual(listed, "sd_pwtrgdp", "").rename(columns={"value": "sd"})
    return annual(listed, "pwtrgdp", "isard-2024-04").merge(spread[["date", "state", "sd"]], on=["date", "state"])


def _effort(inputs: Inputs, bank: pd.DataFrame) -> pd.DataFrame:
    nmc = read_input(inputs, INPUTS[2], ["ccode", "year", "milex"])
    nmc["milex"] = nmc["milex"].astype("float64").where(lambda v: v >= 0)
    both = annual(nmc, "milex", "nmc-7.0 / wb-gdp-2026-03").merge(
        bank[["date", "state", "value"]], on=["date", "state"], suffixes=("", "_gdp")
    )
    both = both.assign(value=(both["value"] * 1000 / both["value_gdp"]).round(6), confidence="")
    both = both.sort_values(["state", "date"]).reset_index(drop=True)
    return both.assign(flag=_flags(both), known=_months_after(both["date"], f"{JULY:02d}-31"))


def _fact_effort(facts: pd.DataFrame) -> pd.DataFrame:
    """Shares in the facts: SIPRI's are out in April; the Factbook's, of which less is known, with GDP in July."""
    facts = facts[facts["milex_pct_gdp"].notna()]
    kind = facts["milex_pct_source_kind"]
    sipri = kind.str.startswith("SIPRI")
    year = kind.str.extract(r"(\d{4})")[0].fillna(str(FACT_YEAR))
    date = year + "-12-31"
    words = sipri.map({True: "quoting SIPRI", False: "factbook"})
    parts = [part_of(cell, word) for cell, word in zip(facts["source"].astype(str), words, strict=True)]
    return pd.DataFrame(
        {
            "date": date,
            "state": facts["state"],
            "value": (facts["milex_pct_gdp"].astype("float64") / 100).round(6),
            "source": ["fact: " + part for part in parts],
            "flag": "",
            "confidence": facts["confidence"],
            "known": _months_after(date, "04-30").where(sipri, _months_after(date, f"{JULY:02d}-31")),
        }
    )


def _months_after(dates: pd.Series, day: str) -> pd.Series:
    """The month and day, MM-DD, of the year after each date."""
    return (dates.str[:4].astype(int) + 1).astype(str) + "-" + day


def _flags(effort: pd.DataFrame) -> pd.Series:
    """What is odd about each share, joined by '; '; the rows are sorted by state and date."""
    value, year = effort["value"], effort["date"].str[:4].astype(int)
    usual = value.groupby(effort["state"]).transform(lambda v: v.rolling(WINDOW, center=True, min_periods=3).median())
    first, last = (effort["state"].map({state: span[i] for state, span in TERRITORY.items()}) for i in (0, 1))
    marks = {
        "zero": value == 0,
        "high": value > HIGH,
        "jump": (value > 0) & (usual > 0) & ((value > JUMP * usual) | (value < usual / JUMP)),
        "territory": (year >= first) & (year <= last),
    }
    texts = pd.DataFrame({name: mark.map({True: name, False: ""}) for name, mark in marks.items()})
    return texts.apply(lambda row: "; ".join(text for text in row if text), axis=1).astype(object)
