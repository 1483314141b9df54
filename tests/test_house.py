"""The house of the README: three rooms in a row and a front door, each looking only to its left."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = {"corpus": 0, "index": 1, "assistant": 2, "app": 3}
# where a heavy package may be imported
HOMES = {
    "jieba": ("corpus/",),
    "faiss": ("index/",),
    "sentence_transformers": ("index/",),
    "torch": ("index/",),
    "ray": ("index/ingest/",),
    "openai": ("assistant/language_model/",),
    "qdrant_client": ("index/qdrant/",),
    "qdrant_edge": ("index/qdrant/",),
    "gradio": ("assistant/page/", "app.py"),
}

LONGEST = 50
"""Lines of a function, its decorators apart."""
TO_SPLIT = {
    "index/build.py": {"plan"},
    "index/refresh.py": {"refresh"},
    "index/sources.py": {"scan"},
}
"""Longer functions that are still to be split; one that has been must leave the list."""


def sources() -> list[Path]:
    rooms = [p for room in ("corpus", "index", "assistant") for p in (ROOT / room).rglob("*.py")]
    return sorted([*rooms, ROOT / "app.py"])


def imports(path: Path) -> Iterator[str]:
    """Absolute names of the modules that a file imports, at any depth of its code."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = package[: len(package) - node.level + 1]
                yield ".".join([*base, node.module or ""])
            else:
                yield node.module or ""
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def long_functions(code: str, most: int) -> dict[str, int]:
    """Functions and methods of more than so many lines, at any depth, with their lines."""
    found = {}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > most:
                found[node.name] = lines
    return found


def circle(imported: Mapping[str, set[str]]) -> list[str]:
    """Modules that import one another in a ring, or none."""
    try:
        TopologicalSorter(imported).prepare()
    except CycleError as found:
        ring: list[str] = found.args[1]
        return ring
    return []


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_each_file_looks_only_to_its_left(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    room = place.split("/")[0].removesuffix(".py")
    for name in imports(path):
        top = name.split(".")[0]
        if top in ORDER:
            assert ORDER[top] <= ORDER[room], f"{place} imports {name}: an arrow to the right"
        if top in HOMES:
            assert place.startswith(HOMES[top]), f"{place} imports {name}, at home in {HOMES[top]}"
        if name.startswith("assistant.page"):
            assert place.startswith(("assistant/page/", "app.py")), f"{place} imports {name}"


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Also where an import stands inside a function, or only for the types."""
    modules = {".".join(p.relative_to(ROOT).with_suffix("").parts): p for p in sources()}
    imported = {
        name: {other for other in imports(path) if other in modules and other != name}
        for name, path in modules.items()
    }
    assert sum(map(len, imported.values())) > len(modules)
    assert circle(imported) == []


def test_a_ring_of_imports_is_seen() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})) == {"a", "b", "c"}


def test_the_walk_sees_the_rooms() -> None:
    """Guards the test above against an empty walk."""
    rooms = {p.relative_to(ROOT).parts[0] for p in sources()}
    assert rooms == {"corpus", "index", "assistant", "app.py"}


def test_no_function_is_longer_than_a_screen() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): set(long)
        for path in sources()
        if (long := long_functions(path.read_text(encoding="utf-8"), LONGEST))
    }
    assert found == TO_SPLIT


def test_a_long_function_is_seen_wherever_it_stands() -> None:
    code = "class A:\n    async def b(self):\n        def c():\n            pass\n\n        c()\n"
    assert long_functions(code, 4) == {"b": 5}
    assert long_functions(code, 1) == {"b": 5, "c": 2}
    assert long_functions(code, 5) == {}


def test_a_wheel_would_hold_every_file_of_data() -> None:
    toml = pytest.importorskip("tomllib", reason="Python 3.10 reads no TOML by itself")
    project = toml.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    globs = project["tool"]["setuptools"]["package-data"]
    kept = {path for room, names in globs.items() for n in names for path in (ROOT / room).glob(n)}
    others = ("__pycache__", ".pyc", "index/store", ".db")  # made, not written
    data = {
        path
        for room in globs
        for path in (ROOT / room).rglob("*")
        if path.is_file() and path.suffix != ".py"
        and not any(part in path.as_posix() for part in others)
    }  # fmt: skip
    assert ROOT / "index" / "data" / "judge.onnx" in data
    assert data <= kept
