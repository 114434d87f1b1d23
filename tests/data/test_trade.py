"""Trade: directions, missing flows and zeros, shares of the whole, three sources that must not be mixed up."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from latticework.data.files import write_layer
from latticework.data.schema import faults
from latticework.data.sources import trade

BOOK = "github:factbook/factbook.json (CIA World Factbook)"


def write(folder: Path) -> Path:
    """Two years of four states by COW, of which one does not report; ITPD-E for 2014 and 2015; two facts."""
    dyads = [
        (2, 20, 2000, 60, 40),  # USA buys 60 from CAN, and sells 40
        (2, 740, 2000, 30, 20),
        (20, 740, 2000, 5, None),  # what CAN sells to JPN is not known
        (2, 710, 2000, 0, 0),
        (2, 20, 2014, 66, 44),
        (2, 20, 1949, 1, 1),
        (255, 2, 1990, 7, 8),
        (260, 2, 1990, 3, -9),
        (2, 40, 1958, 50, 0),
        (2, 40, 1959, 0, 0),
        (2, 40, 1960, 12, 0),
    ]
    mirror = [(b, a, year, back, forth) for a, b, year, forth, back in dyads]
    table = pd.DataFrame(dyads + mirror, columns=["ccode1", "ccode2", "year", "flow1", "flow2"])
    table.to_csv(folder / "cow_trade_4_0_ddy.csv", index=False)
    totals = {"ccode": [2, 20, 212, 740], "year": [2000, 2000, 1990, 2000], "imports": [190, 10, 9, None]}
    pd.DataFrame(totals | {"exports": [110, 20, 9, 30]}).to_csv(folder / "cow_trade_4_0_state_year.csv", index=False)
    flows = [("United States", "Canada", 2014, 3e6), ("Canada", "United States", 2014, 1e6)]
    flows += [("United States", "Viet Nam", 2014, 2e6), ("Viet Nam", "United States", 2014, 4e6)]
    flows += [("United States", "Canada", 2015, 1.5e6), ("Canada", "United States", 2015, 2.5e6)]
    flows += [("Canada", "Russia", 2015, 1e6), ("Canada", "Niue", 2015, 9e6), ("Canada", "Canada", 2015, 9e9)]
    flows += [("Russia", "United States", 2013, 5e6), ("Russia", "Cote dIvoire", 2016, 400.0)]
    flows = pd.DataFrame(flows, columns=["from", "to", "year", "trade_2010usd"])
    flows.to_csv(folder / "itpd_e_r01_bilateral_2000_2016.csv", index=False)
    facts = {"country": ["JPN", "AUS"], "exp_share_chn_2023": [18, 37], "imp_share_chn_2023": [22, 26]}
    facts |= {"exp_share_usa_2023": [19, None], "imp_share_usa_2023": [11, 11]}
    facts |= {"source": [f"{BOOK} ; else", BOOK], "confidence": ["high", "medium"]}
    pd.DataFrame(facts).to_csv(folder / "state_2025.csv", index=False)
    return folder


@pytest.fixture
def tiny(tmp_path) -> dict[str, pd.DataFrame]:
    return trade.build(write(tmp_path))


def test_exports_by_hand(tiny):
    table = tiny["exports"]
    flows = {
        (y, s, p): v for y, s, p, v in zip(table.date.str[:4], table.state, table.partner, table.value, strict=True)
    }
    assert flows["2000", "CAN", "USA"] == 60
    assert flows["2000", "USA", "CAN"] == 40
    assert flows["2000", "JPN", "CAN"] == 5
    assert ("2000", "CAN", "JPN") not in flows  # missing is no zero
    assert flows["2000", "CHN", "USA"] == flows["2000", "USA", "CHN"] == 0  # a zero is a zero
    assert (flows["1990", "USA", "DEU"], flows["1990", "DEU", "USA"]) == (7, 8)  # 255, not 260
    assert min(y for y, _, _ in flows) == "1958"
    assert list(zip(*table[table.flag != ""][["date", "state", "partner"]].to_numpy().T, strict=True)) == [
        ("1959-12-31", "CUB", "USA")
    ]


def test_shares_by_hand(tiny):
    table = tiny["trade_share"].query("source == 'cow-trade-4.0'").set_index(["date", "state", "partner"])
    of = table.loc["2000-12-31"]
    columns = ["value", "export_share", "import_share", "covered"]
    assert tuple(of.loc[("USA", "CAN"), columns]) == (round(100 / 300, 6), 0.36364, 0.31579, 0.5)  # national total
    assert tuple(of.loc[("CAN", "USA"), columns]) == (round(100 / 105, 6), 1.0, 0.88889, 1.0)  # the partners' sum
    assert of.loc[("JPN", "USA"), "value"] == round(50 / 55, 6)  # no national total: one side of it is missing
    assert np.isnan(of.loc[("JPN", "USA"), "covered"])
    assert ("CAN", "JPN") not in of.index  # one of the two flows is not known
    assert of.loc[("USA", "CHN"), "value"] == 0
    assert ("CHN", "USA") not in of.index  # a state without any trade has no shares


def test_itpd_by_hand(tiny):
    real = tiny["exports_constant"]
    flows = list(zip(real.date.str[:4], real.state, real.partner, real.value, strict=True))
    assert flows == [("2015", "CAN", "RUS", 1.0), ("2015", "CAN", "USA", 2.5), ("2015", "USA", "CAN", 1.5)]
    shares = tiny["trade_share"].set_index(["source", "state", "partner"]).sort_index()
    recent = shares.loc["itpd-e-r01"]
    assert list(recent.index) == [("CAN", "USA"), ("USA", "CAN")]
    assert recent.loc[("CAN", "USA"), "value"] == 0.8  # 4.0 of 5.0 with what goes to Russia
    older = shares.loc["cow-trade-4.0"].query("date == '2014-12-31'")
    assert older.loc[("USA", "CAN"), "alternative"] == 0.4  # 4 of 10
    assert older.loc[("USA", "CAN"), "value"] == 1


def test_facts_by_hand(tiny):
    facts = tiny["trade_share"].query("date == '2023-12-31'")
    columns = ["state", "partner", "value", "export_share", "import_share", "source", "confidence"]
    assert [tuple(row) for row in facts[columns].to_numpy()] == [
        ("AUS", "CHN", 0.315, 0.37, 0.26, f"fact: {BOOK}", "medium"),
        ("JPN", "CHN", 0.2, 0.18, 0.22, f"fact: {BOOK}", "high"),
        ("JPN", "USA", 0.15, 0.19, 0.11, f"fact: {BOOK}", "high"),
    ]


@pytest.fixture(scope="module")
def tables(folders) -> dict[str, pd.DataFrame]:
    return trade.build(folders)


def dyad(table: pd.DataFrame, state: str, partner: str) -> pd.Series:
    rows = table[(table.state == state) & (table.partner == partner)]
    return rows.set_index(rows.date.str[:4].astype(int)).value


def test_the_tables_are_sound_and_small(tables, tmp_path):
    size = 0
    for layer in trade.LAYERS:
        assert faults(layer, tables[layer.name]) == [], layer.name
        write_layer(layer, tables[layer.name], tmp_path)
        size += (tmp_path / f"{layer.name}.parquet").stat().st_size
    assert size < 7e6


def test_published_flows(tables):
    assert dyad(tables["exports"], "CHN", "USA")[2014] == 472_525
    assert dyad(tables["exports"], "USA", "CHN")[2014] == 183_283


def test_every_known_flow_is_there_once(folders, tables):
    file = folders[0] / "cow_trade_4_0_ddy.parquet"
    query = f"""select count(*), sum(flow2) from '{file}' where year >= 1950 and flow2 is not null
        and not (year = 1990 and (ccode1 in (93, 630) and ccode2 = 678 or ccode2 in (93, 630) and ccode1 = 678))"""
    assert (len(tables["exports"]), tables["exports"].value.sum()) == duckdb.sql(query).fetchall()[0]


def test_sums_follow_the_national_totals(folders, tables):
    file = folders[0] / "cow_trade_4_0_state_year.parquet"  # another file of the same project
    query = f"select year, sum(imports) from '{file}' where not (ccode = 212 and year < 1997) group by 1"
    national = pd.Series(dict(duckdb.sql(query).fetchall()))
    exports = tables["exports"]
    ratio = (exports.groupby(exports.date.str[:4].astype(int)).value.sum() / national).dropna()
    assert ratio.loc[1950:1989].between(0.72, 0.93).all()
    assert ratio.loc[1990:].between(0.98, 1.01).all()
    assert ratio.loc[1990] - ratio.loc[1989] > 0.1  # West Germany is missing before


def test_west_germany_is_missing_and_shares_do_not_mind(tables):
    exports, shares = tables["exports"], tables["trade_share"]
    lost = exports[(exports.state == "DEU") & exports.date.between("1960", "1989-12-31")]
    assert set(lost.partner) == {"BEL", "LUX"}
    for state in ("FRA", "GBR", "ITA", "NLD"):
        share = dyad(shares, state, "USA")
        assert abs(share[1990] / share[1989] - 1) < 0.15, state
    known = dyad(exports, "FRA", "USA") + dyad(exports, "USA", "FRA")
    recorded = exports[exports.state == "FRA"].groupby("date").value.sum()
    recorded += exports[exports.partner == "FRA"].groupby("date").value.sum()
    naive = known / recorded.set_axis(recorded.index.str[:4].astype(int))
    assert naive[1990] / naive[1989] < 0.8  # over the recorded partners alone it would fall by a quarter
    assert dyad(shares, "DEU", "BEL").loc[1955:2014].between(0.03, 0.1).all()


def test_shares_add_up_to_what_is_covered(tables):
    shares = tables["trade_share"]
    yearly = shares[shares.date < "2017"].groupby(["state", "date"])
    sums, covered = yearly.value.sum(), yearly.covered.first()
    assert (sums < 1 + 2e-4).all()  # rounding of 190 partners
    assert (sums - covered.fillna(1) < 6e-4).all()
    complete = shares[shares.date == "2015-12-31"].groupby("state").value.sum()
    assert complete.median() > 0.99


def test_the_two_sources_beside_each_other(tables):
    both = tables["trade_share"].query("date == '2014-12-31'").dropna(subset=["alternative"])
    assert len(both) > 20_000
    assert both.value.corr(both.alternative) == pytest.approx(0.917, abs=0.005)
    assert (both.value - both.alternative).abs().mean() < 0.003
    shuffled = both.alternative.sample(frac=1, random_state=1).to_numpy()
    assert abs(np.corrcoef(both.value, shuffled)[0, 1]) < 0.05
    assert dyad(tables["trade_share"], "JPN", "USA")[2014] == pytest.approx(0.132, abs=5e-4)
    assert dyad(tables["trade_share"], "JPN", "USA")[2015] == pytest.approx(0.187, abs=5e-4)


def test_both_flows_of_itpd_are_shares_of_its_own_sum(folders, tables):
    file = folders[0] / "itpd_e_r01_bilateral_2000_2016.parquet"
    left_out = ("Cook Islands", "Niue", "Palestine", "Western Sahara")
    query = f"""select sum(case when 'China' in ("from", "to") then trade_2010usd end) / sum(trade_2010usd)
        from '{file}' where year = 2016 and 'South Korea' in ("from", "to")
        and "from" not in {left_out} and "to" not in {left_out}"""
    expected = duckdb.sql(query).fetchall()[0][0]
    assert dyad(tables["trade_share"], "KOR", "CHN")[2016] == pytest.approx(expected, abs=1e-6)
    assert set(tables["exports_constant"].date) == {"2015-12-31", "2016-12-31"}


def test_facts_are_of_2023_and_of_two_partners(tables):
    facts = tables["trade_share"][tables["trade_share"].source.str.startswith("fact: ")]
    assert facts.partner.value_counts().to_dict() == {"CHN": 29, "USA": 16}
    assert set(facts.date) == {"2023-12-31"}
    assert not facts.value.eq(0).any()  # an empty cell is no zero
    assert dyad(facts, "KOR", "CHN")[2023] == 0.28


def test_zeros_that_are_hard_to_believe_are_flagged(tables):
    flagged = tables["exports"][tables["exports"].flag != ""]
    assert (flagged.value == 0).all()
    found = set(zip(flagged.date.str[:4].astype(int), flagged.state, flagged.partner, strict=True))
    assert {(1960, "RUS", "POL"), (2011, "ZAF", "BWA"), (1993, "IRQ", "USA")} <= found
    assert (1960, "USA", "CHN") in found  # an embargo: the flag says "look", not "wrong"
    assert not any({state, partner} == {"USA", "CHN"} for year, state, partner in found if year > 1972)
