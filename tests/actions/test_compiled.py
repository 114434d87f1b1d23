"""A model and a shape are compiled once, and what was compiled is there for the next process."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SCRIPT = """
import json
from collections import Counter
import jax
seen = Counter()
jax.monitoring.register_event_listener(lambda event, **_: seen.update([event]))
from latticework.actions import compiled
compiled.LEAST_SECONDS = 0.0  # a quick machine must not be too quick for this test
compiled.keep_compiled()
from latticework.scenario.controls import Controls
from latticework.simulate import paths
from tests.test_simulate import futures
programs = []
for numbers, seed in ((range(8), 5), (range(8, 16), 6), (range(7), 5)):
    futures(Controls.none(), numbers, seed)
    programs.append(paths._simulate._cached._cache_size())
print(json.dumps({"programs": programs, "seen": seen}))
"""


def told(cache: Path) -> tuple[list[int], Counter[str]]:
    """How many programs there were after each simulation, and what JAX said of its cache."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("JAX_COMPILATION_CACHE")}
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=kept | {"XDG_CACHE_HOME": str(cache), "HOME": str(cache), "PYTHONPATH": paths},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return found["programs"], Counter(found["seen"])


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> list[tuple[list[int], Counter[str]]]:
    """The same simulations in two processes that share a cache."""
    cache = tmp_path_factory.mktemp("cache")
    return [told(cache), told(cache)]


def test_one_program_serves_a_model_and_a_shape(runs):
    """Other paths and another seed need no other program; fewer paths do."""
    for programs, _ in runs:
        assert programs == [1, 1, 2]


def test_a_second_process_finds_what_the_first_compiled(runs):
    (_, first), (_, second) = runs
    hit, miss = "/jax/compilation_cache/cache_hits", "/jax/compilation_cache/cache_misses"
    assert first[miss] > first[hit]
    assert second[hit] >= 2
    assert second[miss] == 0
