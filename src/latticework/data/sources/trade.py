"""Who trades how much with whom: Correlates of War to 2014, ITPD-E for 2015 and 2016, dated facts for 2023."""

import numpy as np
import pandas as pd

from latticework.data.dyads import coded
from latticework.data.inputs import FIRST_YEAR, Inputs, read_input
from latticework.data.layer import Layer, tidy
from latticework.data.sources.gdp import part_of
from latticework.data.states import BY_COW, STATES

INPUTS = ("cow_trade_4_0_ddy", "cow_trade_4_0_state_year", "itpd_e_r01_bilateral_2000_2016", "state_2025")
COW, ITPD = "cow-trade-4.0", "itpd-e-r01"
MIDYEAR = 6  # months: the partners' figures for a year are complete by the middle of the next
LAST_COW = 2014
FACT_YEAR = 2023
FORMER = (260, 678)  # numbers that another of the same state replaced in the course of 1990
UNION = (212, 1996)  # Luxembourg's national totals are those of its union with Belgium to this year
DOUBT = 10  # million dollars: a zero between two flows of this size is hard to believe
OTHER_NAMES = {
    "Brunei Darussalam": "BRN",
    "Cote dIvoire": "CIV",
    "Czech Republic": "CZE",
    "Macedonia (FYROM)": "MKD",
    "Russia": "RUS",
    "Saint Vincent and the Grenadines": "VCT",
    "Sao Tome and Principe": "STP",
    "Serbia": "SRB",
    "Swaziland": "SWZ",
    "Viet Nam": "VNM",
}
BY_NAME = {state.name: code for code, state in STATES.items()} | OTHER_NAMES
COW_CITATION = (
    'Barbieri, Keshk & Pollins (2009), "Trading Data: Evaluating our Assumptions and Coding Rules", Conflict '
    "Management and Peace Science 26(5): 471-491; Barbieri & Keshk (2016), Correlates of War Project Trade Data Set, "
    "version 4.0"
)
ITPD_CITATION = (
    'Borchert, Larch, Shikher & Yotov (2021), "The International Trade and Production Database for Estimation '
    '(ITPD-E)", International Economics 166: 140-166; summed over sectors by Klein & Seussler'
)
COW_LICENCE = "COW: free for public and academic use with citation, no formal open licence"
ITPD_LICENCE = "ITPD-E: work of the US government, no licence on the copy"

EXPORTS = Layer(
    name="exports",
    title="Exports of goods from the state to the partner",
    kind="dyad",
    unit="million current US dollars",
    frequency="annual",
    source="Correlates of War, Dyadic Trade",
    version="4.0",
    citation=COW_CITATION,
    licence=COW_LICENCE,
    transformation="one row per direction: the partner's imports from the state; dated 31 December",
    coverage="1950 to 2014, members of the state system. A flow that is missing in the source has no row.",
    traps=(
        "the copy that was read lacks West Germany from 1960 to 1989, but for BEL and LUX, and SRB from 1993, but for "
        "16 rows: nothing in either direction; AND, FSM, LIE, MCO, MHL, SMR and TLS have none, CPV and PLW hardly any, "
        "TWN and VDR few before 1960",
        "it has whole millions: 0 is no trade or less than half a million, and 57 % of the rows are 0",
        "flag 'zero between': 0 where the last and the next flow that is not 0 are 10 million or more. Some are "
        "embargoes (IRQ 1991-96, USA to CHN 1951-71), most were not reported: RUS with POL, CSK, DDR and CHN in "
        "1960-63, ZAF with BWA, LSO, NAM and SWZ in 2011, TWN with IDN in 1995; it looks at later years",
        "reports of the importer first, filled with the exporter's; the other side of the same flow may say otherwise",
        "the flows add up to 73 to 93 % of all national imports in the same project's totals to 1989, 98 to 101 % from "
        "1990: besides West Germany, trade with territories that are no states (Hong Kong) is in no row",
        "LUX from 1960 to 1996 is a part of BEL's flows, between 4 and 7 %, the same with all partners of a year",
        "1990: DEU is 255, YEM 679; the few rows of 260 and 678 give way to them",
        "current dollars: growth includes that of prices",
    ),
    extras={"flag": "text"},
    directed=True,
    lag=MIDYEAR,
    bounds=(0, None),
)
CONSTANT = Layer(
    name="exports_constant",
    title="Exports of goods and services from the state to the partner, constant prices",
    kind="dyad",
    unit="million constant 2010 US dollars",
    frequency="annual",
    source="USITC, International Trade and Production Database for Estimation (ITPD-E), all sectors",
    version="release 1",
    citation=ITPD_CITATION,
    licence=ITPD_LICENCE,
    transformation="dollars of the copy (current dollars over the US consumer price index, 2010 = 1) over a million, "
    "rounded to 0.001; names as ISO3 codes; domestic flows and what is below 500 dollars left out",
    coverage="2015 and 2016 only, after the end of `exports`. An absent flow is zero or not reported: missing.",
    traps=(
        "not comparable with `exports`: other prices, and services where they are reported (of flows above 10 billion "
        "in 2014 the median is 4 % above COW's at equal prices, a tenth of them 48 % or more)",
        "deflated by American consumer prices, whoever trades",
        "2016 has 6 % fewer flows than 2015",
        "Hong Kong, Macau and Monaco are no partners in it; XKX and TLS have no rows",
    ),
    directed=True,
    lag=MIDYEAR,
    bounds=(0, None),
)
SHARE = Layer(
    name="trade_share",
    title="Share of the state's trade that is with the partner",
    kind="dyad",
    unit="share, 0 to 1",
    frequency="annual",
    source="Correlates of War, Dyadic Trade (to 2014); ITPD-E (2015, 2016); World Factbook (2023)",
    version="COW 4.0; ITPD-E release 1; facts gathered in 2025",
    citation=f"{COW_CITATION}; {ITPD_CITATION}; 2023: the source named in each row",
    licence=f"{COW_LICENCE}; {ITPD_LICENCE}; facts",
    transformation="(exports + imports) with the partner over the state's exports and imports in all, only where both "
    "flows are known, rounded to 1e-6; export_share and import_share likewise, to 1e-5. The whole is the sum over the "
    "partners or, to 2014, the national total of COW, if that is larger. covered = the partners' sum over the whole, "
    "empty without a national total. 2023: the mean of the two shares, only where both are given",
    coverage="1950 to 2014 (goods); 2015 and 2016 (goods and services); 2023 for 29 states with CHN and 16 with USA.",
    traps=(
        "2014 to 2015 is a change of source and not only of trade: compare 2015 with `alternative`, the share of 2014 "
        "from ITPD-E (JPN with USA: 0.132 in 2014 by COW, 0.164 by ITPD-E, 0.187 in 2015)",
        "over 2000-2014 the two agree with a correlation of 0.89 (306,400 rows; 0.99 for twelve large states) and a "
        "mean difference of 0.0025; of the shares above 0.05 three in ten differ by more than a quarter. In the median "
        "ITPD-E, with its services, has shares with GBR 10 % larger and with CHN 14 % smaller",
        "no share with West Germany from 1960 to 1989, but for BEL and LUX, nor with SRB from 1993: see `exports`. The "
        "national totals keep the shares with others right; where there are none (TWN from 1960, ZAF to 1997, MNG, NPL "
        "and PRK to 1980, small states) those to 1989 are too large by what West Germany bought and sold",
        "Hong Kong is no partner in either source: CHN's trade with others through it is in no row",
        "2023 is a mean of two shares in whole percent and no share of the sum; a partner outside the top five has no "
        "row and is not 0; the Factbook's page is younger than the customs figures that it gives",
        "a zero is two flows of 0, each below half a million dollars or not believable: see the flag of `exports`",
        "an absent flow of ITPD-E is zero or not reported: such dyads have no row in 2015-16, and count in the totals",
        "LUX has the shares of BEL from 1960 to 1996: see `exports`",
    ),
    directed=True,
    extras={
        "export_share": "number",
        "import_share": "number",
        "covered": "number",
        "alternative": "number",
        "confidence": "text",
    },
    lag=MIDYEAR,
    bounds=(0, 1),
)
LAYERS = (EXPORTS, CONSTANT, SHARE)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Flows and shares by directed dyad and year."""
    cow, itpd = _cow(inputs), _itpd(inputs)
    recent = itpd[itpd["year"] > LAST_COW]
    earlier = shares(cow).drop(columns="alternative")
    earlier = earlier.merge(_alternative(itpd), on=["state", "partner", "year"], how="left")
    dated = pd.concat([earlier, shares(recent)], ignore_index=True).assign(confidence="")
    sold = cow[cow["exports"].notna()].rename(columns={"exports": "value"})
    real = recent.assign(value=recent["exports"].round(3))
    return {
        "exports": tidy(EXPORTS, _dated(sold.assign(flag=_flags(sold)))),
        "exports_constant": tidy(CONSTANT, _dated(real[real["value"] > 0])),
        "trade_share": tidy(SHARE, pd.concat([_dated(dated), _facts(inputs)], ignore_index=True)),
    }


def shares(flows: pd.DataFrame) -> pd.DataFrame:
    """The partner's shares of the state's trade, exports and imports, and how much of the whole is `covered`.

    `flows` has one row per state, partner and year: `exports` and `imports` with the partner, `sold` and `bought` by
    the state in all as the nation says (each NaN if missing), `source`. The whole is what the nation says or, if that
    is less or missing, the sum over the partners. A row whose trade is not known, or whose state has none, is left out.
    """
    keys = [flows["state"], flows["year"]]
    exports, imports = (flows[c].groupby(keys).transform("sum") for c in ("exports", "imports"))
    sold, bought = _larger(exports, flows["sold"]), _larger(imports, flows["bought"])
    whole = (sold + bought).replace(0, np.nan)
    said = flows["sold"].notna() & flows["bought"].notna()
    found = flows[["state", "partner", "year", "source"]].assign(
        value=((flows["exports"] + flows["imports"]) / whole).round(6),
        export_share=(flows["exports"] / sold.replace(0, np.nan)).round(5),
        import_share=(flows["imports"] / bought.replace(0, np.nan)).round(5),
        covered=((exports + imports) / whole).round(3).where(said),
        alternative=np.nan,
    )
    return found[found["value"].notna()]


def _larger(summed: pd.Series, said: pd.Series) -> pd.Series:
    return summed.where(~(said > summed), said)


def _cow(inputs: Inputs) -> pd.DataFrame:
    """The flows (million current dollars) and national totals by Correlates of War, as `shares` takes them."""
    listed = read_input(inputs, INPUTS[0], ["ccode1", "ccode2", "year", "flow1", "flow2"])
    listed = listed[listed["year"] >= FIRST_YEAR]
    imports, exports = (listed[c].astype("float64").where(lambda v: v >= 0) for c in ("flow1", "flow2"))
    former = listed["ccode1"].isin(FORMER) | listed["ccode2"].isin(FORMER)
    flows = coded(listed.assign(imports=imports, exports=exports, former=former, year=listed["year"].astype(int)))
    flows = flows[flows["exports"].notna() | flows["imports"].notna()].sort_values("former", kind="stable")
    flows = flows.drop_duplicates(["state", "partner", "year"]).sort_values(["state", "partner", "year"])
    flows = flows[["state", "partner", "year", "exports", "imports"]].assign(source=COW)
    return flows.merge(_national(inputs), on=["state", "year"], how="left")


def _itpd(inputs: Inputs) -> pd.DataFrame:
    """The flows (million dollars of 2010) by ITPD-E from the last year of COW on, as `shares` takes them."""
    listed = read_input(inputs, INPUTS[2], ["from", "to", "year", "trade_2010usd"])
    sold = pd.DataFrame(
        {
            "state": listed["from"].map(BY_NAME),
            "partner": listed["to"].map(BY_NAME),
            "year": listed["year"].astype(int),
            "exports": listed["trade_2010usd"].astype("float64") / 1e6,
        }
    )
    sold = sold[(sold["year"] >= LAST_COW) & (sold["state"] != sold["partner"])].dropna()
    bought = sold.rename(columns={"state": "partner", "partner": "state", "exports": "imports"})
    flows = sold.merge(bought, on=["state", "partner", "year"], how="outer")
    return flows.assign(source=ITPD, sold=np.nan, bought=np.nan)


def _flags(sold: pd.DataFrame) -> pd.Series:
    """Which flows are zeros between two that are large; the rows are sorted by state, partner and year."""
    flow, dyads = sold["value"].where(sold["value"] > 0), [sold["state"], sold["partner"]]
    large = (flow.groupby(dyads).ffill() >= DOUBT) & (flow.groupby(dyads).bfill() >= DOUBT)
    return (large & (sold["value"] == 0)).map({True: "zero between", False: ""})


def _alternative(itpd: pd.DataFrame) -> pd.DataFrame:
    """The shares by ITPD-E in the last year of COW."""
    found = shares(itpd[itpd["year"] == LAST_COW]).assign(alternative=lambda t: t["value"])
    return found[["state", "partner", "year", "alternative"]]


def _national(inputs: Inputs) -> pd.DataFrame:
    """state, year, sold, bought (million current dollars): the national totals of Correlates of War."""
    listed = read_input(inputs, INPUTS[1], ["ccode", "year", "imports", "exports"])
    listed = listed[(listed["ccode"] != UNION[0]) | (listed["year"] > UNION[1])]
    bought, sold = (listed[c].astype("float64").where(lambda v: v >= 0) for c in ("imports", "exports"))
    listed = listed.assign(state=listed["ccode"].map(BY_COW), year=listed["year"].astype(int), sold=sold, bought=bought)
    known = listed[listed["state"].notna() & sold.notna() & bought.notna()]
    known = known.assign(former=known["ccode"].isin(FORMER)).sort_values("former", kind="stable")
    return known.drop_duplicates(["state", "year"])[["state", "year", "sold", "bought"]]


def _facts(inputs: Inputs) -> pd.DataFrame:
    """Shares of CHN and USA in the facts; empty cells are missing."""
    columns = [f"{way}_share_{partner}_{FACT_YEAR}" for partner in ("chn", "usa") for way in ("exp", "imp")]
    listed = read_input(inputs, INPUTS[3], ["country", *columns, "source", "confidence"])
    tables = []
    for partner in ("chn", "usa"):
        sold, bought = (listed[f"{way}_share_{partner}_{FACT_YEAR}"].astype("float64") / 100 for way in ("exp", "imp"))
        table = listed[["country", "confidence"]].rename(columns={"country": "state"})
        table = table.assign(
            date=f"{FACT_YEAR}-12-31",
            partner=partner.upper(),
            value=((sold + bought) / 2).round(6),
            source=["fact: " + part_of(cell, "factbook") for cell in listed["source"].astype(str)],
            export_share=sold.round(6),
            import_share=bought.round(6),
            covered=np.nan,
            alternative=np.nan,
        )
        tables.append(table[table["value"].notna()])
    return pd.concat(tables, ignore_index=True)


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(date=table["year"].map("{}-12-31".format))
