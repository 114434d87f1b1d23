"""The traps of the published state tables, each with the example in which it was seen."""

import numpy as np
import pandas as pd
import pytest

from latticework.data import get, layer


def years(name: str, state: str) -> dict[int, float]:
    table = get(name, [state])
    return dict(zip(table.date.str[:4].astype(int), table.value, strict=True))


def test_germany_is_one_state_under_260_and_255():
    exists = get("exists", ["DEU"])
    assert list(exists.date) == ["1955-05-05"]  # one spell, not one that ends in 1990
    assert list(exists.end) == [""]
    capability = years("capability", "DEU")
    assert set(range(1955, 2023)) <= capability.keys()
    assert capability[1989] == pytest.approx(0.027101, abs=1e-6)  # 260
    assert capability[1990] == pytest.approx(0.029267, abs=1e-6)  # 255 on 31 December, not 0.027689 of 260
    assert years("democracy", "DEU")[1990] == pytest.approx(0.892)  # only 260 has a value
    assert {1973, 1990, 1991, 2023} <= years("ideal_point", "DEU").keys()
    assert min(years("ideal_point", "DEU")) == 1973


def test_a_chancellor_who_stays_is_no_exit():
    kohl = get("leader", ["GMY"]).query("value == 'Kohl'")
    assert list(zip(kohl.date, kohl.end, strict=True)) == [("1982-10-01", "1998-10-27")]
    assert len(get("leader", ["YEM"]).query("value == 'Saleh al-Hashidi'")) == 1


def test_the_soviet_union_and_russia_are_one_state():
    assert list(get("exists", ["RUS"]).date) == ["1816-01-01"]
    assert set(range(1950, 2023)) <= years("capability", "RUS").keys()
    assert set(range(1950, 2024)) - {1964} == set(years("ideal_point", "RUS"))


def test_both_yemens_keep_their_rows():
    assert years("capability", "YEM")[1990] == pytest.approx(0.001965, abs=1e-6)  # 679
    assert max(years("capability", "YMD")) <= 1990
    assert {1989, 1991} <= years("ideal_point", "YEM").keys()
    assert len(get("exists", ["YEM"])) == 1


def test_a_session_is_a_year(inputs):
    points = pd.read_parquet(inputs / "unga_ideal_points_jun2024.parquet")
    usa = points[points.ccode == 2].set_index("session").IdealPointAll
    ours = years("ideal_point", "USA")
    assert ours[2019] == pytest.approx(usa[74])
    assert round(ours[2019], 3) == 2.605  # the release of June 2024; that of April 2020 has 2.695
    assert ours[1950] == pytest.approx(usa[5])
    assert 1964 not in ours  # session 19 hardly voted
    assert max(ours) == 2023


def test_both_koreas_begin_to_vote_in_session_46():
    assert min(years("ideal_point", "KOR")) == min(years("ideal_point", "PRK")) == 1991


def test_taiwan_has_the_china_seat_until_1971_and_nothing_after():
    assert max(years("ideal_point", "TWN")) == 1971
    assert min(years("ideal_point", "CHN")) == 1971
    assert max(years("ideal_point_sd", "TWN")) == 1971


def test_the_sd_of_an_ideal_point_is_that_of_its_quantiles(inputs):
    points = pd.read_parquet(inputs / "unga_ideal_points_jun2024.parquet")
    japan = points[(points.ccode == 740) & (points.session == 70)].iloc[0]
    by_90 = (japan["Q90%All"] - japan["Q10%All"]) / 2.5631  # the other pair of quantiles, as a check
    assert years("ideal_point_sd", "JPN")[2015] == pytest.approx(by_90, rel=0.11)
    assert get("ideal_point_sd").value.between(0.01, 1).all()


def test_north_koreas_missing_spending_stays_missing():
    spending = years("military_spending", "PRK")
    assert max(spending) == 2001
    assert spending[2001] == 2_049_000
    assert years("capability", "PRK")[2022] == pytest.approx(0.0141, abs=5e-5)


def test_spending_is_never_negative_and_a_missing_year_has_no_row(inputs):
    assert (get("military_spending").value >= 0).all()  # no -9 and no other code for missing
    nmc = pd.read_parquet(inputs / "cow_nmc_7_0.parquet").query("year >= 1950")
    double = 1  # Germany in 1990; of Yemen's two rows one has no value
    assert len(get("military_spending")) == nmc.milex.notna().sum() - double
    assert nmc.milex.isna().sum() > 500


def test_2016_is_the_end_of_the_list_and_not_of_the_states():
    exists = get("exists")
    assert (exists.end.str[:4] < "2016").all()
    assert (exists.end == "").sum() == 195
    assert layer("exists")["to"] == "2016-12-31"
    assert set(get("major_power").query("end == ''").state) == {"USA", "GBR", "FRA", "RUS", "CHN", "DEU", "JPN"}


def test_suga_takes_office_with_his_partys_vote_and_is_open():
    suga = get("leader", ["JPN"], as_known_on="2021-02-28").iloc[-1]
    assert (suga.value, suga.date, suga.end) == ("Yoshihide Suga", "2020-09-14", "")
    assert list(get("leader", ["JPN"]).value)[-3:] == ["Yoshihide Suga", "Fumio Kishida", "Shigeru Ishiba"]


def test_open_spells_are_open_and_at_most_one_a_state():
    still = get("leader").query("end == '' and source == 'reign-2021-03'")
    assert (
        len(still) == 194 - 19
    )  # the dated facts end the spells of nineteen of their twenty states; TWN is not in REIGN
    assert still.state.is_unique
    assert set(still.known_to) == {"2021-02-28"}


def test_taiwans_leaders_come_from_archigos_to_2015_and_from_facts_after():
    leaders = get("leader", ["TWN"])
    assert set(leaders.source[leaders.date < "2008"]) == {"archigos-4.1"}
    assert list(leaders.date)[-2:] == ["2016-05-20", "2024-05-20"]
    assert leaders.value.iloc[-1].startswith("Lai")
    assert leaders.known_to.iloc[-1] == "2025-01-24"


@pytest.mark.parametrize(
    ("state", "leader", "end", "manner"),
    [
        ("USA", "Kennedy", "1963-11-22", "irregular"),
        ("USA", "Nixon", "1974-08-09", "regular"),
        ("KOR", "Hee Park", "1979-10-26", "irregular"),
        ("JPN", "Obuchi", "2000-04-05", "illness"),
    ],
)
def test_the_day_and_manner_of_an_exit(state, leader, end, manner):
    rows = get("leader", [state])
    row = rows[rows.value == leader].iloc[-1]
    assert abs(pd.Timestamp(row.end) - pd.Timestamp(end)) <= pd.Timedelta(days=31)
    assert row.exit == manner


def test_leaders_follow_each_other():
    leaders = get("leader")
    closed = leaders[leaders.end != ""]
    assert (closed.end > closed.date).all()
    assert (leaders.end != leaders.known_to).sum() == (leaders.end == "").sum()


def test_elections_are_votes_that_were_held():
    votes = get("election")
    reign = votes[votes.source == "reign-2021-03"]
    assert reign.date.max() < "2021-03"  # its list has scheduled ones to 2027
    assert set(votes.date[votes.timing == "scheduled"] > "2025-01-24") == {
        True
    }  # set for later on the day of the facts
    assert set(votes.type) == {"executive", "legislature"}
    assert set(reign.timing) == {"as scheduled", "early"}
    assert set(get("election", ["USA"]).type) == {"executive"}
    assert set(get("election", ["JPN"]).type) == {"legislature"}
    assert "2016-11-08" in set(get("election", ["USA"]).date)
    assert len(get("election", ["DEU"], "1987-01-25", "1987-01-25")) == 1  # it stands under 255 and 260
    assert not set(get("election", ["TWN"]).source) & {"reign-2021-03"}


def test_referendums_are_left_out(inputs):
    votes = set(get("election", ["KOR"]).date)
    assert "1987-12-16" in votes  # the election of the president
    assert "1987-10-28" not in votes  # the referendum on the constitution


def test_a_fixed_term_is_that_of_a_presidential_regime():
    def at(state, year):
        return list(get("fixed_term", [state], f"{year}-06-30", f"{year}-06-30").value)

    assert at("USA", 2000) == [1.0]
    assert at("KOR", 2000) == [1.0]
    assert at("KOR", 1975) == [0.0]
    assert at("JPN", 2000) == [0.0]
    assert at("TWN", 2000) == []


def test_no_level_is_missing_and_none_is_out_of_range():
    for name, low, high in (("capability", 0, 0.5), ("democracy", 0, 1), ("ideal_point", -4, 4)):
        value = get(name).value
        assert np.isfinite(value).all()
        assert value.between(low, high).all()
    shares = get("capability").groupby("date").value.sum()
    assert shares.between(0.97, 1.06).all()  # CINC are shares of the world; 1990 counts both Germanies and Yemens
