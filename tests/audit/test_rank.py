"""Places, against the small table sorted by eye."""

from latticework.audit.base import Answer, outcome
from latticework.audit.family.rank import Rank
from tests.audit.small import evidence


def place(**keys):
    test = Rank.model_validate({"test": "rank", "says": "x", "layer": "gdp", "of": "JPN", "at_most": 3} | keys)
    return outcome(test, evidence())


def test_the_greatest_is_the_first():
    assert [place(of=s).found.value for s in ("USA", "DEU", "JPN", "KOR")] == [1, 2, 3, 4]
    assert place().answer is Answer.HOLDS
    assert place(at_most=2).answer is Answer.FAILS
    assert place(among=["KOR", "USA"]).found.value == 2


def test_of_a_dyad_the_partner_is_placed_among_the_partners_of_the_first():
    assert place(layer="trade_share", of="JPN-CHN").found.value == 1
    assert place(layer="trade_share", of="JPN-USA").found.value == 2
    assert [place(layer="troops", of=f"USA-{s}").found.value for s in ("JPN", "DEU", "KOR")] == [1, 2, 3]


def test_a_yes_or_no_has_no_places_and_one_alone_no_place():
    assert "no places" in place(layer="defence", of="JPN-USA").reason
    assert "nobody beside" in place(on="2013-12-31").reason
