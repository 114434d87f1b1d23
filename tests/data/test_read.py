"""Readers give what was asked for, and never numbers from a file that is not the one that was built."""

import hashlib
import shutil

import pandas as pd
import pytest

from latticework.data import get, layer, layers, verify
from latticework.data.files import PANEL
from latticework.data.states import CODES
from latticework.errors import InputError, PanelError, UnknownNameError

STATE_LAYERS = {"exists", "capability", "military_spending", "democracy", "ideal_point", "ideal_point_sd", "leader"}
STATE_LAYERS |= {"election", "fixed_term", "major_power"}
DYAD_LAYERS = {"defence", "offence", "neutrality", "nonaggression", "consultation", "defence_pledge", "agreement"}
DYAD_LAYERS |= {"troops", "dispute", "contiguity", "distance", "rivalry"}


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(PANEL, tmp_path / "panel")


def flip(path, at=0.5):
    """Change one byte of a file."""
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 0x10
    path.write_bytes(content)


def test_the_panel_has_the_layers_that_were_promised():
    kinds = {r["layer"]: r["kind"] for r in layers()}
    assert {n for n, k in kinds.items() if k == "state"} >= STATE_LAYERS
    assert {n for n, k in kinds.items() if k == "dyad"} >= DYAD_LAYERS


def test_a_record_says_what_a_reader_of_the_list_needs():
    for record in layers():
        assert {"layer", "unit", "from", "to", "rows", "source", "licence", "version", "citation"} <= record.keys()
        assert record["from"] <= record["to"]
        assert record["rows"] == len(get(record["layer"]))


def test_one_state_gives_its_rows_and_its_dyads():
    assert set(get("capability", ["ukg"]).state) == {"GBR"}
    ties = get("contiguity", ["JPN"])
    assert len(ties) > 0
    assert all("JPN" in dyad for dyad in zip(ties.state, ties.partner, strict=True))


def test_two_states_give_what_is_between_them_once():
    ties = get("contiguity", ["ROK", "JPN"])
    assert list(zip(ties.state, ties.partner, strict=True)) == [("JPN", "KOR")]
    assert set(get("capability", ["USA", "JPN"]).state) == {"USA", "JPN"}


def test_years_and_days_bound_the_dates():
    assert set(get("capability", ["JPN"], 1990, 1991).date) == {"1990-12-31", "1991-12-31"}
    assert set(get("capability", ["JPN"], "1990-12-31", "1990-12-31").date) == {"1990-12-31"}
    assert set(get("capability", ["JPN"], "1991-01-01", 1991).date) == {"1991-12-31"}


def test_a_spell_counts_if_any_of_its_days_does():
    assert list(get("leader", ["USA"], 1970, 1973).value) == ["Nixon"]
    assert list(get("exists", ["GDR"], 1991).date) == []


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: get("defense"), "Did you mean 'defence'"),
        (lambda: layer("capabilty"), "Did you mean 'capability'"),
        (lambda: get("capability", ["JPM"]), "no state 'JPM'"),
    ],
)
def test_an_unknown_name_is_met_with_a_suggestion(call, says):
    with pytest.raises(UnknownNameError, match=says):
        call()


@pytest.mark.parametrize("day", ["yesterday", "2014-13-01", "2014-02-30", 14, "2014-1-1"])
def test_what_is_no_day_is_said_so(day):
    with pytest.raises(InputError, match="neither a year"):
        get("capability", start=day)


def test_the_shipped_panel_is_what_it_says():
    assert verify() == []


def test_verify_finds_a_flipped_byte_and_a_missing_file(copy):
    assert verify(copy) == []
    flip(copy / "capability.parquet")
    (copy / "democracy.parquet").unlink()
    found = verify(copy)
    assert len(found) == 2
    assert "capability.parquet" in found[0]
    assert "checksum" in found[0]
    assert "democracy.parquet" in found[1]


@pytest.mark.parametrize("at", [0.0, 0.3, 0.99])
def test_a_corrupt_file_is_one_clear_message_and_no_numbers(copy, at):
    flip(copy / "capability.parquet", at)
    with pytest.raises(PanelError, match=r"capability\.parquet.*corrupt.*Rebuild"):
        get("capability", folder=copy)


def test_a_file_that_changes_after_it_was_read_is_noticed(copy):
    get("capability", folder=copy)
    flip(copy / "capability.parquet")
    with pytest.raises(PanelError):
        get("capability", folder=copy)


def test_a_missing_or_corrupt_list_of_layers_is_one_clear_message(copy, tmp_path):
    with pytest.raises(PanelError, match="no panel in"):
        layers(tmp_path)
    for text in ("{", "[]", "{}"):
        (copy / "panel.json").write_text(text)
        with pytest.raises(PanelError, match=r"panel\.json"):
            layers(copy)


def test_verify_reads_the_table_and_not_only_its_checksum(copy):
    path = copy / "democracy.parquet"
    table = pd.read_parquet(path)
    table.loc[0, "state"] = "XXX"
    table.to_parquet(path, index=False)
    text = (copy / "panel.json").read_text()
    old = layer("democracy", copy)["sha256"]
    (copy / "panel.json").write_text(text.replace(old, hashlib.sha256(path.read_bytes()).hexdigest()))
    assert any("unknown state XXX" in fault for fault in verify(copy))


def test_no_row_names_a_state_outside_the_panel():
    for record in layers():
        table = get(record["layer"])
        assert set(table.state) <= set(CODES)
        assert "partner" not in table or set(table.partner) <= set(CODES)
