"""The habits of the house: sizes, names, first lines, public names, locks, changelog and notice."""

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import latticework

PACKAGE = Path(latticework.__file__).parent
REPO = Path(__file__).parent.parent
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(work|tmp|home|root)/\w")
REGISTRY = re.compile(r"(?:pypi|pythonhosted|npmjs|conda)\.(?:org|com)|index-url\s*=\s*\S*//", re.IGNORECASE)
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".csv", ".json", ".txt", ".lock", ".html", ".css", ".sql", ".svg", ""}
LINES_OF_FILE, LINES_OF_FUNCTION = 400, 40


def kept_files() -> list[Path]:
    """The files under version control or on their way into it; all files where there is no version control."""
    command = ["git", "-C", str(REPO), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
        paths = [REPO / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        hidden = {".git", ".venv", ".pytest_cache", ".ruff_cache", ".hypothesis", "__pycache__", "runs"}
        paths = [p for p in REPO.rglob("*") if not hidden & set(p.relative_to(REPO).parts)]
    return sorted(p for p in paths if p.is_file())


def modules() -> list[Path]:
    return [p for p in kept_files() if p.suffix == ".py"]


def long_functions(source: str) -> list[str]:
    """Functions longer than the house allows, with their length from `def` to the last line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LINES_OF_FUNCTION:
                found.append(f"{node.name} has {length} lines")
    return found


def has_idea(source: str) -> bool:
    """Whether the module is empty or its first statement is a docstring whose first line is a sentence."""
    if not source.strip():
        return True
    text = ast.get_docstring(ast.parse(source))
    return bool(text) and text.splitlines()[0].rstrip().endswith((".", "?", ":"))


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(REPO).as_posix())
def test_a_module_is_short_and_starts_with_its_idea(path):
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= LINES_OF_FILE
    assert long_functions(source) == []
    assert has_idea(source), "the first line says what the module is for"


def test_a_long_function_and_a_missing_idea_are_caught():
    body = "\n".join("    x = 1" for _ in range(LINES_OF_FUNCTION))
    assert long_functions(f"def f():\n{body}") == [f"f has {LINES_OF_FUNCTION + 1} lines"]
    assert not has_idea("x = 1")


def test_names_say_what_is_inside():
    parts = {part for p in kept_files() for part in p.relative_to(REPO).with_suffix("").parts}
    assert not VAGUE & {part.removeprefix("test_") for part in parts}


def test_nothing_kept_knows_this_machine_or_a_registry():
    found = []
    for path in kept_files():
        if path.suffix not in TEXT or path.name in {"test_house.py"}:
            continue
        text = path.read_text(encoding="utf-8")
        found += [f"{path.relative_to(REPO)}: {m.group()}" for m in MACHINE_PATH.finditer(text)]
        found += [f"{path.relative_to(REPO)}: {m.group()}" for m in REGISTRY.finditer(text)]
    assert found == []


@pytest.mark.parametrize("text", ["read('/ho" + "me/ann/x')", " /wo" + "rk/main", "/t" + "mp/x"])
def test_a_machine_path_is_caught(text):
    assert MACHINE_PATH.search(text)


@pytest.mark.parametrize("text", ["https://example.com/home/x", "how we work/live", "../work/x", "#!/usr/bin/env bash"])
def test_an_innocent_text_is_not_caught(text):
    assert not MACHINE_PATH.search(text)


def test_public_names_are_complete_and_sorted():
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    imported = [a.asname or a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names]
    public = sorted(name for name in imported if not name.startswith("_"))
    listed = getattr(latticework, "__all__", [])
    assert sorted(set(listed) - {"__version__"}) == public
    assert list(listed) == sorted(listed)
    assert all(hasattr(latticework, name) for name in listed)


def test_the_changelog_tells_of_this_version():
    changelog = (REPO / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {latticework.__version__} " in changelog


def test_every_dependency_is_locked_and_explained():
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))
    locks = {n: (REPO / "requirements" / f"{n}.lock").read_text(encoding="utf-8") for n in ("run", "dev", "bench")}
    decisions = (REPO / "docs" / "decisions.md").read_text(encoding="utf-8").lower()
    asked = {"run": project["project"]["dependencies"], **project["dependency-groups"]}
    for lock, requirements in asked.items():
        for requirement in requirements:
            name = re.split(r"[\[<>=!~ ;]", requirement)[0].lower()
            assert re.search(rf"^{re.escape(name.replace('.', '-'))}==", locks[lock], re.MULTILINE), name
            assert f"`{name}`" in decisions, f"docs/decisions.md does not say why {name}"


def test_locks_are_names_and_versions_only():
    line = re.compile(r"[a-z0-9-]+==[0-9][\w.]*( ; [\w\s.'()<>=!]+)?")
    names = ("run", "dev", "bench")
    run, dev, bench = ((REPO / "requirements" / f"{n}.lock").read_text(encoding="utf-8").splitlines() for n in names)
    assert [text for text in run + dev + bench if not line.fullmatch(text)] == []
    assert set(run) <= set(dev) <= set(bench)


def not_cited(layers: dict[str, dict[str, str]], notice: str) -> list[str]:
    """The layers whose citation or terms a notice leaves out, however its lines are broken."""
    text = " ".join(notice.split())
    return [n for n, r in layers.items() if any(" ".join(r[k].split()) not in text for k in ("citation", "licence"))]


def test_the_notice_cites_every_source_of_the_panel():
    panel = json.loads((PACKAGE / "data" / "panel" / "panel.json").read_text(encoding="utf-8"))
    notice = (REPO / "NOTICE").read_text(encoding="utf-8")
    assert panel["layers"]
    assert not_cited(panel["layers"], notice) == [], "run `make notice`"
    uncited = {"tea": {"citation": "Nobody (1900)", "licence": "none"}}
    assert not_cited(panel["layers"] | uncited, notice) == ["tea"]
