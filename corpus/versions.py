"""Versions of what is read and drawn: hashes of the code and data that it is made by.

Whoever changes a pattern or a list need not remember to say so. A module's version covers itself, the
modules of ours that it imports, the modules that these import, and the files of ``corpus/data`` that
any of them names. A comment counts too: to read once more than needed is cheaper than once too few.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_IMPORTS = re.compile(
    r"^[ ]*(?:from[ ]+((?:corpus|index)[\w.]*)[ ]+import[ ]+(\([^)]*\)|[^\n]*)"
    r"|import[ ]+((?:corpus|index)[\w.]*))",
    re.M,
)
_NAME = re.compile(r"\w+")
_FILE_NAME = re.compile(r"(?<!\w)\w+\.\w+")


@lru_cache(maxsize=64)
def version_of(*modules: str, root: Path = ROOT) -> str:
    """16 hexadecimal digits for modules of ``corpus`` and ``index`` by their dotted names."""
    digest = hashlib.sha256()
    for path in sorted(_closure(modules, root)):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _closure(modules: tuple[str, ...], root: Path) -> set[Path]:
    """The files of the modules, of all that they import, and the data that these name."""
    data = {path.name: path for path in (root / "corpus" / "data").glob("*") if path.is_file()}
    found: set[Path] = set()
    waiting = [path for module in modules if (path := _file(module, root)) is not None]
    named: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            imported, words = _looked_at(path, path.stat().st_mtime_ns, root)
            waiting += imported
            named |= words & data.keys()
    return found | {data[name] for name in named}


@lru_cache(maxsize=512)
def _looked_at(path: Path, _changed: int, root: Path) -> tuple[list[Path], set[str]]:
    """The modules that one imports, and what may be a file's name in it. ``_changed``: when it was."""
    source = path.read_text(encoding="utf-8")
    found: list[Path] = []
    for package, names, module in _IMPORTS.findall(source):
        each = [module or package, *(f"{package}.{name}" for name in _NAME.findall(names))]
        found += [file for name in each if (file := _file(name, root)) is not None]
    return found, set(_FILE_NAME.findall(source))


def _file(module: str, root: Path) -> Path | None:
    """The file of a module, of a package its ``__init__``; None where it is no module of ours."""
    place = root.joinpath(*module.split("."))
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            return path
    return None
