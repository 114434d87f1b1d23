"""The tables of an explanation, on an ensemble whose law is known and beside runs that are made by hand."""

import numpy as np
import pytest

from latticework.explain import Drawn, Headline, Sized, Variant, explained, headlines
from latticework.explain.ids import PROCESSES, word
from latticework.measures.courses import courses
from tests.report.futures import FOCUS, ensemble, inputs

DRAWS, EACH, DAY = 200, 10, "2028-12-31"
BRANCHES = ("status-quo", "pushed")
DRAW = np.tile(np.arange(DRAWS), EACH)


class Toy:
    """The weakest link falls by 2 + z in the pushed branch, of which `push` makes 2 + z and `nothing` nothing."""

    def __init__(self) -> None:
        rng = np.random.default_rng(1)
        self.base = 60 + rng.standard_normal(DRAWS * EACH) + rng.standard_normal(DRAWS)[DRAW]
        self.normal = rng.standard_normal(DRAWS)
        self.pushed = self.base - 2 - self.normal[DRAW]
        values = np.stack([self.base, self.pushed])
        self.found = (Headline("weakest link", "JPN-KOR-USA", "0-100", "alignment", values, DRAW, False),)
        self.stem = self.found[0].stem
        law = Sized("push", "alignment", 2.0, 1.0, "turnover_shift", ("pushed",), "push", 0)
        other = Sized("nothing", "alignment", 1.0, 1.0, "turnover_shift", ("pushed",), "nothing", 1)
        self.sizes = (Drawn(law, self.normal), Drawn(other, rng.standard_normal(DRAWS)))
        self.asked = (
            Variant("pushed", "without", "push", ("nothing",)),
            Variant("pushed", "without", "nothing", ("push",)),
            Variant("pushed", "only", "push", ("push",), same="pushed"),
        )

    def tables(self):
        few = 500  # variants are played on fewer paths
        played = {"made-nothing": {self.stem: self.base[:few]}, "made-push": {self.stem: self.pushed[:few]}}
        return explained(self.found, BRANCHES, DAY, self.sizes, self.asked, played)


@pytest.fixture(scope="module")
def found():
    return Toy().tables()


ID = "weakest_link:JPN-KOR-USA:2028:pushed-vs-status-quo"


def test_a_difference_made_by_an_assumption_is_said_to_be_mostly_assumption(found):
    table = found.variance.set_index("id")
    assert table.loc[ID, "says"] == "mostly assumption"
    assert table.loc[ID, "assumption_of_band"] > 0.95
    quo = table.loc["weakest_link:JPN-KOR-USA:2028:status-quo"]
    assert quo["says"] == ""
    assert quo["assumption"] == 0, "nothing is assumed in it"
    assert quo["mc_se"] > 0
    assert abs(quo["process"] - 0.5) < 4 * quo["process_se"]
    assert len(table) == 3


def test_what_is_left_out_is_what_it_makes_and_nothing_is_called_so(found):
    table = found.drivers.set_index(["kind", "what"])
    assert set(table["id"]) == {ID}
    for kind in ("without", "only"):
        row = table.loc[(kind, "push")]
        assert row["clear"]
        assert abs(row["makes"] + 2) < 4 * row["mc_se"]
    assert table.loc[("without", "nothing"), "says"] == "not told from nothing"
    assert table["paths"].tolist() == [500, 500, DRAWS * EACH]
    assert table.loc[("without", "nothing"), "makes"] == 0


def test_the_bars_and_the_flip_point_are_those_of_the_law(found):
    bars = found.tornado[found.tornado["id"] == ID].set_index("assumption")
    assert bars.loc["push", "rank"] == 1
    assert bars.loc["push", "at_10"] == pytest.approx(-2 + 1.2816, abs=0.01)
    assert bars.loc["push", "at_90"] == pytest.approx(-2 - 1.2816, abs=0.01)
    assert bars.loc["push", "at_means"] == pytest.approx(-2, abs=0.01)
    assert not bars.loc["nothing", "clear"]
    sign = found.flips[(found.flips["id"] == ID) & (found.flips["flips"] == "sign")].set_index("assumption")
    assert sign.loc["push", "size_at"] == pytest.approx(0, abs=0.02), "no push, no difference"
    assert "nothing" not in sign.index, "what moves the number by chance alone has no flip point"


def test_the_preferred_branch_flips_where_the_push_changes_its_sign(found):
    best = found.flips[found.flips["flips"] == "preferred branch"].set_index("assumption")
    assert set(best["prefers"]) == {"status-quo"}
    assert best.loc["push", "sd_from_mean"] == pytest.approx(-2, abs=0.02)


def test_without_variants_there_are_shares_and_bars_but_no_drivers():
    toy = Toy()
    alone = explained(toy.found, BRANCHES, DAY, toy.sizes)
    assert set(alone.tables) == {"variance", "tornado", "flips"}


def test_headlines_of_an_ensemble_are_those_of_its_courses():
    made = ensemble(paths=60, draws=20)
    stems = {h.stem: h for h in headlines(made, FOCUS, "USA", "CHN", inputs())}
    assert {"troop_cut:KOR-USA", "dispute:CHN-JPN", "agreement_ends:JPN-USA", "disputes:all"} <= set(stems)
    assert "dispute:CHN-TWN" not in stems
    troops = made["troops"].sel(dyad="KOR-USA").values
    expected = (troops <= 0.8 * 23291).any(axis=2)
    np.testing.assert_array_equal(stems["troop_cut:KOR-USA"].values, expected)


def test_every_quantity_of_the_outlook_knows_its_processes():
    for course in courses(ensemble(paths=4, draws=2), FOCUS, "USA", "CHN", inputs()):
        assert PROCESSES[word(course.quantity)] == course.process


def test_a_share_that_is_not_sure_is_not_called_mostly_assumption():
    toy = Toy()
    noisy = toy.base + 0.02 * toy.normal[DRAW] + 0.3 * np.random.default_rng(5).standard_normal(DRAWS * EACH) + 0.05
    of = Headline("weakest link", "JPN-KOR-USA", "0-100", "alignment", np.stack([toy.base, noisy]), DRAW, False)
    row = explained((of,), BRANCHES, DAY, toy.sizes).variance.set_index("id").loc[ID]
    assert row["clear"], "there is a difference"
    assert row["assumption_of_band_se"] > 0.15
    assert row["says"] == ""
