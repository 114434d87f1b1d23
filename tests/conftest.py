"""What every test starts from: the processor, no matter what the machine has, and the same examples each time."""

import os
import tempfile

os.environ["JAX_PLATFORMS"] = "cpu"  # before JAX is imported by any test
os.environ["LATTICEWORK_LAYERS"] = tempfile.mkdtemp(prefix="layers-")  # no test sees the layers that its user added

import hypothesis
import pandas as pd
import pytest

from latticework import cli

pd.set_option("compute.use_numexpr", False)  # which the rivals of the benchmarks bring along, and which warns
hypothesis.settings.register_profile("house", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("house")


@pytest.fixture
def lw(capsys, monkeypatch):
    """Run a command line; gives exit code, standard output and standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["latticework", *arguments])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        return int(stop.value.code or 0), out, err

    return call
