"""A table that is not what its layer says is caught, whatever is wrong with it."""

import numpy as np
import pandas as pd
import pytest

from latticework.data.layer import Layer, tidy
from latticework.data.schema import faults

TEXT = {"source": "s", "version": "1", "citation": "c", "licence": "l", "transformation": "t", "coverage": "c"}
STATE = Layer(name="x", title="X", kind="state", unit="1", frequency="annual", **TEXT)
DYAD = Layer(
    name="y", title="Y", kind="dyad", unit="1", frequency="spells", extras={"end": "date", "size": "number"}, **TEXT
)


def states() -> pd.DataFrame:
    table = {"date": ["2001-12-31", "2000-12-31"], "state": ["JPN", "USA"], "value": [1, 0], "source": ["a", "a"]}
    return tidy(STATE, pd.DataFrame(table))


def dyads() -> pd.DataFrame:
    table = {"date": ["2000-01-01"], "state": ["JPN"], "partner": ["USA"], "value": [1.0], "source": ["a"]}
    return tidy(DYAD, pd.DataFrame(table | {"end": [""], "size": [np.nan]}))


def test_a_good_table_has_no_faults():
    assert faults(STATE, states()) == []
    assert faults(DYAD, dyads()) == []


def test_tidy_sorts_and_orders():
    assert list(states().date) == ["2000-12-31", "2001-12-31"]
    assert list(dyads().columns) == ["date", "state", "partner", "value", "source", "end", "size"]


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("value", np.nan, "missing or infinite"),
        ("value", np.inf, "missing or infinite"),
        ("date", "31.12.2000", "no ISO date"),
        ("date", "2000-1-1", "no ISO date"),
        ("state", "AAA", "unknown state AAA"),
        ("source", "", "empty"),
        ("source", None, "not text"),
    ],
)
def test_a_wrong_cell_is_found(column, value, says):
    table = states()
    table.loc[0, column] = value
    found = faults(STATE, table)
    assert any(says in str(fault) for fault in found)


def test_what_is_wrong_with_the_rows_is_found():
    table = states()
    assert "two rows" in str(faults(STATE, pd.concat([table, table], ignore_index=True))[0])
    assert "not sorted" in str(faults(STATE, table[::-1].reset_index(drop=True))[0])
    assert "columns" in str(faults(STATE, table.drop(columns="source"))[0])
    assert "no rows" in str(faults(STATE, table[:0])[0])
    assert "numbers" in str(faults(STATE, table.assign(value="1"))[0])


def test_an_undirected_dyad_is_stored_in_alphabetical_order_only():
    table = dyads().assign(state="USA", partner="JPN")
    assert "wrong order" in str(faults(DYAD, table)[0])


def test_nobody_has_a_tie_with_itself():
    assert "wrong order" in str(faults(DYAD, dyads().assign(partner="JPN"))[0])
