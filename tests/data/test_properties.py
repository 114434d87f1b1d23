"""What must hold of every layer of the panel, whatever it is: a layer that is added is judged by it too."""

from functools import cache

import numpy as np
import pytest

from latticework.data import get, layer, load_panel
from latticework.data.catalogue import describe
from latticework.data.dense import DYAD_DERIVED, FROM, STATE_DERIVED, makers
from latticework.data.grid import LASTING

OF_STATES, OF_DYADS = makers()
OBSERVED = [name for name in (*OF_STATES, *OF_DYADS) if name not in STATE_DERIVED and name not in DYAD_DERIVED]
FIRST, LAST = 1950, 2026


@cache
def array(name: str) -> np.ndarray:
    world = load_panel(start=FIRST, end=LAST, layers=[name]).world
    return np.asarray({**world.states, **world.dyads, **world.pacts, **world.memberships}[name])


@cache
def present() -> np.ndarray:
    return np.asarray(load_panel(start=FIRST, end=LAST, layers=["year"]).world.present)


@pytest.mark.parametrize("name", [*OF_STATES, *OF_DYADS])
def test_nothing_is_said_of_a_state_that_does_not_exist(name):
    there = present()
    known = np.isfinite(array(name))
    if name in OF_DYADS:
        there = there[:, :, None] & there[:, None, :] & ~np.eye(there.shape[1], dtype=bool)
    assert not (known & ~there).any()
    assert known.any()


@pytest.mark.parametrize("name", list(OF_DYADS))
def test_undirected_layers_are_symmetric(name):
    ordered = name.startswith("visit_") or name == "war_theatre"
    directed = ordered or (name not in DYAD_DERIVED and layer(name)["directed"])
    assert np.array_equal(array(name), array(name).swapaxes(1, 2), equal_nan=True) != directed


@pytest.mark.parametrize("name", OBSERVED)
def test_nothing_is_said_outside_a_layers_coverage(name):
    record, known = layer(name), np.isfinite(array(name))
    years = np.arange(FIRST, LAST + 1)[known.reshape(len(known), -1).any(axis=1)]
    assert years.min() >= int(record["from"][:4])
    if name not in LASTING:
        assert years.max() <= int(record["to"][:4])


@pytest.mark.parametrize("name", OBSERVED)
def test_what_is_known_has_a_row_or_a_complete_list_behind_it(name):
    """Cells that differ from zero have a row; where a list is not complete, so have those that are zero."""
    cells, described = array(name), describe(name)
    named = np.zeros(cells.shape[1:], dtype=bool)
    rows = get(name)
    codes = {code: i for i, code in enumerate(load_panel(start=2000, end=2000, layers=["year"]).codes)}
    ends = [rows[e].map(codes).to_numpy() for e in (("state", "partner") if described.kind == "dyad" else ("state",))]
    named[tuple(ends)] = True
    if described.kind == "dyad" and not described.directed:
        named |= named.T
    said = np.isfinite(cells) & (cells != 0) if described.absent == "zero" else np.isfinite(cells)
    assert not (said.any(axis=0) & ~named).any()


@pytest.mark.parametrize("name", [n for n in OBSERVED if layer(n)["absent"] == "zero" and not layer(n)["directed"]])
def test_a_complete_list_speaks_of_all_whom_it_can_name(name):
    """Within the coverage, of every dyad; of states, those that the list names at all if they are events."""
    record, cells = layer(name), array(name)
    year = min(int(record["to"][:4]), LAST) - 1
    there, known = present()[year - FIRST], np.isfinite(cells[year - FIRST])
    if record["kind"] == "dyad":
        assert np.array_equal(known, there[:, None] & there & ~np.eye(len(there), dtype=bool))
    elif not record["event"]:
        assert np.array_equal(known, there)


@pytest.mark.parametrize("name", sorted(FROM))
def test_a_derived_layer_ends_with_the_layer_that_it_follows_from(name):
    if name == "year":
        return
    ends = int(layer(FROM[name])["to"][:4])
    known = np.isfinite(array(name)).reshape(LAST - FIRST + 1, -1).any(axis=1)
    assert np.arange(FIRST, LAST + 1)[known].max() <= ends + (5 if name == "ideal_point_usual" else 0)
