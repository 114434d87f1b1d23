"""Imports run left to right only, and what is pure touches no file, clock, environment or global random state."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import latticework

ROOT = Path(latticework.__file__).parent

# What each part may import, itself aside; "" is the package itself, for its place and its version.
CORE = {"errors", "types", "world"}
MODEL = CORE | {"effects", "processes"}
LABORATORY = {"fit", "mechanisms", "scenario", "simulate", "measures", "data"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "types": set(),
    "yaml_text": set(),
    "world": {"errors", "types"},
    "effects": CORE,
    "processes": CORE | {"effects"},
    "mechanisms": MODEL,
    "fit": MODEL,
    "scenario": CORE | {"yaml_text"},
    "simulate": MODEL | {"scenario"},
    "ensemble": CORE | {"simulate"},
    "measures": CORE,
    "data": CORE | {"yaml_text"},
    "audit": MODEL | {"fit", "scenario", "measures", "yaml_text"},
    "explain": CORE | {"scenario", "measures"},
    "evaluate": MODEL | LABORATORY | {"ensemble"},
    "explore": MODEL | LABORATORY | {"ensemble"},
    "spread": {"errors"},
    "store": {"errors", "types", "__version__"},
    "report": MODEL | LABORATORY | {"ensemble", "audit", "explain", "evaluate", "explore", "store"},
    "actions": MODEL
    | LABORATORY
    | {"ensemble", "audit", "explain", "evaluate", "explore", "report", "spread", "store", "__version__", ""},
    "cli": {"errors", "types", "report", "store", "actions", "__version__"},
    "web": {"errors", "types", "report", "store", "actions", "__version__"},
}
JAX = {"jax", "jaxlib", "equinox", "jaxtyping"}
WITHOUT_JAX = {"cli", "report", "web", "store"}
MAY_TOUCH = {"data", "spread", "store", "actions", "cli", "web"}  # files, the clock, the environment
PLOTTING = {"altair", "vl_convert", "jinja2"}
MAY_PLOT = {"report", "web"}

OUTSIDE = {"glob", "io", "os", "random", "shutil", "socket", "subprocess", "tempfile", "time", "urllib"}
FILE_CALLS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "rename", "iterdir"}
FILE_CALLS |= {"read_csv", "read_parquet", "to_parquet", "open_zarr", "to_zarr", "open_dataset", "to_netcdf"}
CLOCK_CALLS = {"now", "today", "utcnow"}
SEEDED = {"default_rng", "Generator", "SeedSequence", "PCG64", "Philox"}


def part_of(path: Path) -> str:
    """The part of the house that a module belongs to: its first folder or its name."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(tree: ast.Module) -> Iterator[str]:
    """The dotted names of everything imported, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def wrong_imports(part: str, source: str) -> list[str]:
    """What a module of this part imports and must not."""
    found = []
    for name in imports(ast.parse(source)):
        top, _, rest = name.partition(".")
        target = rest.partition(".")[0]
        if top == "latticework":
            if target != part and target not in MAY_IMPORT[part]:
                found.append(f"{part} imports {name}")
        elif (top in {"jax", "jaxlib", "equinox"} and part in WITHOUT_JAX) or (
            top in PLOTTING and part not in MAY_PLOT
        ):
            found.append(f"{part} imports {name}")
    return found


def outside_world(part: str, source: str) -> list[str]:
    """Where a module of this part reads or writes a file, a clock, the environment or a global random state."""
    tree = ast.parse(source)
    if part in MAY_TOUCH:
        return [f"{part}: {fault}" for fault in map(_random, ast.walk(tree)) if fault]
    found = [f"{part} imports {name}" for name in imports(tree) if name.partition(".")[0] in OUTSIDE]
    for node in ast.walk(tree):
        if fault := _touch(node) or _random(node):
            found.append(f"{part}: {fault}")
    return found


def _touch(node: ast.AST) -> str:
    """The call, if it is one to a file or a clock."""
    if not isinstance(node, ast.Call):
        return ""
    match node.func:
        case ast.Name(id="open" | "input"):
            return ast.unparse(node)
        case ast.Attribute(attr=name) if name in FILE_CALLS:
            return ast.unparse(node)
        case ast.Attribute(value=owner, attr=name) if name in CLOCK_CALLS and "date" in ast.unparse(owner).lower():
            return ast.unparse(node)
        case ast.Attribute(attr="datetime64") if [ast.unparse(a) for a in node.args] in (["'now'"], ["'today'"]):
            return ast.unparse(node)
    return ""


def _random(node: ast.AST) -> str:
    """The use of NumPy's global random state, or of a generator without a seed."""
    if isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"np.random", "numpy.random"}:
        return "" if node.attr in SEEDED else ast.unparse(node)
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("default_rng") and not node.args:
        return ast.unparse(node)
    return ""


def modules() -> list[Path]:
    return sorted(p for p in ROOT.rglob("*.py") if p != ROOT / "__init__.py")


def test_every_part_of_the_house_has_a_place_in_the_order():
    assert {part_of(path) for path in modules()} <= MAY_IMPORT.keys()


def test_the_order_has_no_circle():
    seen: set[str] = {"__version__", ""}
    parts = dict(MAY_IMPORT)
    while parts:
        ready = [part for part, needs in parts.items() if needs <= seen]
        assert ready, f"a circle among {sorted(parts)}"
        seen.update(ready)
        parts = {part: needs for part, needs in parts.items() if part not in ready}


def test_fit_and_simulate_never_see_each_other():
    assert "simulate" not in MAY_IMPORT["fit"]
    assert "fit" not in MAY_IMPORT["simulate"]


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_run_left_to_right(path):
    assert wrong_imports(part_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_what_is_pure_touches_nothing_outside(path):
    assert outside_world(part_of(path), path.read_text(encoding="utf-8")) == []


BAD_IMPORTS = {
    "effects": "from latticework.processes import families",
    "data": "import latticework.processes.families",
    "fit": "def f():\n    from latticework.simulate import simulate",
    "ensemble": "from latticework.fit import Posterior",
    "simulate": "from latticework.fit.posterior import Posterior",
    "scenario": "from latticework.data import load_panel",
    "evaluate": "from latticework.report import tables",
    "report": "import jax.numpy as jnp",
    "audit": "from latticework.data import get",
    "cli": "from jax import Array",
    "measures": "import altair as alt",
    "world": "from latticework import actions",
}


@pytest.mark.parametrize(("part", "source"), BAD_IMPORTS.items())
def test_a_bad_import_is_caught(part, source):
    assert len(wrong_imports(part, source)) == 1


BAD_TOUCHES = [
    "text = open('x').read()",
    "from pathlib import Path\ntext = Path('x').read_text()",
    "import pandas as pd\ntable = pd.read_parquet('x')",
    "import os",
    "from os import environ",
    "import time",
    "from datetime import datetime\nnow = datetime.now()",
    "import datetime\nday = datetime.date.today()",
    "import numpy as np\nday = np.datetime64('today')",
    "import numpy as np\nx = np.random.normal()",
    "import numpy as np\nrng = np.random.default_rng()",
    "import random",
]


@pytest.mark.parametrize("source", BAD_TOUCHES)
def test_a_bad_touch_is_caught(source):
    assert len(outside_world("processes", source)) == 1


def test_even_a_part_that_may_touch_files_draws_from_no_global_state():
    assert outside_world("data", "import numpy as np\nnp.random.seed(1)") == ["data: np.random.seed"]


def test_what_is_allowed_passes():
    source = (
        "import numpy as np\nfrom latticework.world import World\nrng = np.random.default_rng(7)\nx = np.array([1.0])"
    )
    assert wrong_imports("processes", source) == outside_world("processes", source) == []
