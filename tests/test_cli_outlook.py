"""An outlook on the command line: what a mistake says, and which options there are."""

import pytest

from latticework import cli

MISTAKES = {
    ("USA", "JPX", "--on", "2016-11-08"): "There is no state 'JPX'",
    ("USA", "JPN", "--on", "1950-01-01"): "a day from 1990-01-01",
    ("USA", "JPN", "--on", "2016-11-08", "--years", "30"): "1 to 10 years ahead",
    ("USA", "--on", "2016-11-08"): "name two states or more",
}


@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_a_mistake_is_one_message_and_exit_code_one(arguments, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["latticework", "outlook", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    out, err = capsys.readouterr()
    assert (stop.value.code, out) == (1, "")
    assert MISTAKES[arguments] in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []
