"""Every number of every study is what was published or estimated before, within the difference that its page allows."""

import numpy as np
import pytest

from latticework.processes import AlignmentDrift, DisputeOnset, agreements, troops
from tests.replications.garrisons import CHANGE, WINDOWS, WITHDRAWALS
from tests.replications.leaders import LEADERS
from tests.replications.onset import KINDS, ONSET, TERMS
from tests.replications.page import PAGE, STUDIES, page
from tests.replications.study import Claim, Study, numbers
from tests.replications.termination import ANY_END, ANY_END_ERRORS, TERMINATION, VIOLATION, VIOLATION_ERRORS

CLAIMS = [pytest.param(study, claim, id=f"{study.key}: {claim.name}") for study in STUDIES for claim in study.claims]


@pytest.mark.parametrize(("study", "claim"), CLAIMS)
def test_a_number_is_the_published_one(study: Study, claim: Claim):
    assert abs(numbers(study)[claim.name] - claim.value) <= claim.tolerance


def test_the_page_says_what_was_found():
    for study in STUDIES:
        numbers(study)  # skips where the tables are not there
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.replications.page`"


@pytest.mark.parametrize("study", STUDIES, ids=lambda s: s.key)
def test_a_study_names_each_number_once_and_its_headline_is_among_them(study: Study):
    names = [claim.name for claim in study.claims]
    assert len({*names, *study.also}) == len(names) + len(study.also)
    assert set(study.headline) <= set(names)


def test_violations_are_met_and_ends_differ_by_less_than_a_quarter_of_a_standard_error():
    """The rows are the earlier ones once alliances without a first capability drop out; violations then agree.

    The remaining differences of the logit of any end (0.22 of an error at most, measured) have no cause that was found,
    and are far less than any reading needs.
    """
    found = numbers(TERMINATION)
    logits = (("violation", VIOLATION, VIOLATION_ERRORS, 0.025), ("any end", ANY_END, ANY_END_ERRORS, 0.25))
    for word, values, errors, share in logits:
        for term, error in errors.items():
            assert abs(found[f"{word}: {term}"] - values[term]) < error * share


def test_a_new_coalition_breaks_the_alliances_of_autocracies_only():
    found = numbers(TERMINATION)
    z = {name: found[f"violation: {name}"] / found[f"violation: {name}, se"] for name in VIOLATION}
    assert z["coalition change, autocracy"] > 4
    assert abs(z["coalition change, democracy"]) < 2
    assert z["both democracies"] < -2
    assert z["capability shifted"] > 3


def test_the_node_robust_errors_of_onset_are_those_of_the_network():
    """Coefficients may differ by half a node-robust error (rivalry: a whole one): the list of rivalries is another.

    Measured: at most 0.26 of an error, and 0.72 for rivalry itself. The errors hardly depend on the list and are held
    to 0.013; so the sandwich of the package agrees with the earlier one, written apart from it, and in every term
    it is between one and three times the naive error.
    """
    found = numbers(ONSET)
    ratio = {term: found[f"{term}, se node"] / found[f"{term}, se naive"] for term in TERMS}
    assert min(ratio.values()) > 1.2
    assert 2.4 < ratio["major power in dyad"] < 2.9
    for term, (value, *errors) in TERMS.items():
        assert np.sign(found[term]) == np.sign(value)
        assert [found[f"{term}, se {kind}"] for kind in KINDS] == pytest.approx(errors, rel=0.1)


def test_withdrawals_show_no_clear_effect_in_any_window():
    """The earlier estimates (all hosts -0.018, allies 0.041) do not name their series of spending.

    With COW spending, of three windows and two groups none differs from zero by two standard errors, and the sign for
    all hosts is not the same in all windows. The allowed difference is therefore one earlier standard error, not the
    0.003 of an exact replication; the counts of withdrawals with known spending may fall short by the missing years.
    """
    found = numbers(WITHDRAWALS)
    spans = [f"{who}, years {a:+d} to {b:+d}" for who in ("all hosts", "treaty allies") for a, b in WINDOWS]
    assert max(abs(found[span] / found[f"{span}, se"]) for span in spans) < 2
    assert len({np.sign(found[span]) for span in spans if span.startswith("all")}) == 2


def test_anchors_of_the_end_of_agreements():
    found = numbers(TERMINATION)
    names = {name: name for name in ("both democracies", "defence pledge")} | {
        "intercept": "const",
        "capability shifted since signature": "capability shifted",
        "non-aggression pledge": "non-aggression pledge",
        "new leader of an autocracy": "coalition change, autocracy, year before",
    }
    assert set(names) == set(agreements.VIOLATION)
    for name, term in names.items():
        anchor = agreements.VIOLATION[name]
        assert anchor.value == pytest.approx(found[f"violation: {term}"], abs=0.06)
        if anchor.sd is not None:
            assert anchor.sd == pytest.approx(found[f"violation: {term}, se"], abs=0.02)


def test_anchors_of_dispute_onset():
    found, allowed = numbers(ONSET), {claim.name: claim.tolerance for claim in ONSET.claims}
    names = {"intercept": "const", "weaker democracy of the two": "weaker polity"}
    anchored = [c for c in DisputeOnset().coefficients() if c.anchor is not None]
    assert len(anchored) == 10
    for coefficient in anchored:
        term, anchor = names.get(coefficient.name, coefficient.name), coefficient.anchor
        unit = 20 if term == "weaker polity" else 1  # Polity points in one unit of polyarchy
        assert anchor is not None
        assert anchor.value == pytest.approx(found[term] * unit, abs=allowed[term] * unit)
        if anchor.sd is not None:
            assert anchor.sd == pytest.approx(found[f"{term}, se node"] * unit, rel=0.1)


def test_anchors_of_alignment():
    found = numbers(LEADERS)
    moves = [found[f"mean move, autocracy, {kind}"] for kind in ("quiet year", "turnover only", "coalition change")]
    anchors = {c.name: c.anchor for c in AlignmentDrift().coefficients() if c.anchor}
    assert anchors["new leader of an autocracy"].value == pytest.approx(np.log(moves[1] / moves[0]), abs=0.005)
    assert np.log(moves[2] / moves[0]) == pytest.approx(0.45, abs=0.01)  # quoted in that anchor's note
    persistence = found["persistence of the ideal point, all years"]
    assert anchors["log kappa"].value == pytest.approx(np.log(-np.log(persistence)), abs=0.02)
    assert anchors["log sigma"].value == pytest.approx(np.log(found["residual sd of that, all years"]), abs=0.03)


def test_anchors_of_the_change_of_troops():
    found = numbers(CHANGE)
    rates = {"draw-down": "fell by a fifth", "surge": "rose by a fifth"}
    for part, event in rates.items():
        hazard = -np.log1p(-found[f"hosts of 1,000: {event}"])
        assert troops.ANCHORS[part, "intercept"].value == pytest.approx(np.log(hazard), abs=0.01)
    noise = found["hosts of 1,000: sd of the log change by the median"]
    assert troops.ANCHORS["noise of what is held", "intercept"].value == pytest.approx(np.log(noise), abs=0.01)
