"""Versions are hashes of code and data: what bears on a reading changes its version, nothing else does."""

from pathlib import Path

import pytest

from corpus.reading.version import READER_VERSION
from corpus.versions import ROOT, _closure, version_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small tree: ``corpus.a`` imports ``b`` and, in a function, ``rules.c``; it names ``list.txt``."""
    for path, text in {
        "corpus/__init__.py": "",
        "corpus/a.py": "from corpus import b\n\ndef f():\n    from corpus.rules import (\n        c,\n    )\n",
        "corpus/b.py": 'NAME = "list.txt"\n',
        "corpus/rules/__init__.py": "",
        "corpus/rules/c.py": "X = 1\n",
        "corpus/d.py": "from corpus import a\n",
        "corpus/data/list.txt": "one\n",
        "corpus/data/other.txt": "one\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "another"),
    [
        ("corpus/a.py", True),
        ("corpus/b.py", True),
        ("corpus/rules/c.py", True),
        ("corpus/data/list.txt", True),
        ("corpus/d.py", False),
        ("corpus/data/other.txt", False),
    ],
)
def test_what_bears_on_a_module_is_part_of_its_version(
    root: Path, changed: str, another: bool
) -> None:
    before = version_of("corpus.a", root=root)
    path = root / changed
    path.write_text(path.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    version_of.cache_clear()
    assert (version_of("corpus.a", root=root) != before) is another


def test_all_that_reads_counts_in_the_version_of_readings() -> None:
    read = [f"corpus.reading.{name}" for name in ("version", "reader", "worker", "ocr_process")]
    assert version_of(*read) == READER_VERSION
    found = _closure(tuple(read), ROOT)
    assert {path for path in (ROOT / "corpus" / "reading").glob("*.py")} <= found
