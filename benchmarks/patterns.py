"""Every compiled pattern of the rooms, found by looking at their modules and their code.

    python -m benchmarks.patterns

Prints how many hold Chinese words, by module: what is decided by hand and not by a model or by the form of
a file. Module-level values are walked to any depth (tuples, dicts, dataclasses), functions that keep a
value without being given one are called, and the patterns that code hands to ``re`` directly are
evaluated in its module.
"""

from __future__ import annotations

import ast
import importlib
import re
import types
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("corpus", "index", "assistant")
_CALLS = frozenset({"compile", "match", "fullmatch", "search", "split", "findall", "finditer",
                    "sub", "subn"})  # fmt: skip
_DEEPEST = 6


def module_names() -> list[str]:
    """The modules of the rooms, without scripts: ``__main__``, and the steps that Alembic runs."""
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    parts = [path.relative_to(ROOT).with_suffix("").parts for path in paths]
    return [
        ".".join(p).removesuffix(".__init__")
        for p in parts
        if p[-1] != "__main__" and "migrations" not in p
    ]


def patterns() -> dict[str, re.Pattern[str]]:
    """Each pattern once, by where it is: ``corpus.kinds._STEP`` or ``corpus.kinds:120``."""
    found: dict[tuple[str | bytes, int], tuple[str, re.Pattern[str]]] = {}
    for name in module_names():
        module = importlib.import_module(name)
        for where, pattern in (*_held(module), *_written(module)):
            if isinstance(pattern.pattern, str):
                found.setdefault((pattern.pattern, pattern.flags), (where, pattern))
    return dict(sorted(found.values(), key=lambda pair: pair[0]))


def _held(module: types.ModuleType) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Those that the module's names lead to."""
    for name, value in vars(module).items():
        if name.startswith("__"):
            continue
        where = f"{module.__name__}.{name}"
        if hasattr(value, "cache_info") and value.__module__ == module.__name__:
            value = _kept(value)
        yield from _within(value, where, _DEEPEST)


def _kept(function: Any) -> Any:
    """What a cached function without arguments gives."""
    code = function.__wrapped__.__code__
    return None if code.co_argcount + code.co_kwonlyargcount else function()


def _within(value: Any, where: str, depth: int) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield where, value
    elif depth and isinstance(value, dict):
        for key, inner in list(value.items()):
            if isinstance(inner, str | bytes | int):
                continue
            yield from _within(inner, f"{where}[{key!r}]"[:120], depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for number, inner in enumerate(value):
            if isinstance(inner, str | bytes | int):
                continue
            yield from _within(inner, f"{where}[{number}]", depth - 1)
    elif depth and is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _within(getattr(value, field.name, None), f"{where}.{field.name}", depth - 1)


def _written(module: types.ModuleType) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Those that its code hands to ``re``; a name of the function itself is no constant."""
    if module.__file__ is None:
        return
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        held = node.func.value
        if not (isinstance(held, ast.Name) and held.id == "re" and node.func.attr in _CALLS):
            continue
        try:
            made = eval(compile(ast.Expression(node.args[0]), "<pattern>", "eval"), vars(module))
        except NameError:
            continue
        flags = (
            re.I
            if any(isinstance(a, ast.Attribute) and a.attr == "I" for a in ast.walk(node))
            else 0
        )
        if isinstance(made, str):
            yield f"{module.__name__}:{node.lineno}", re.compile(made, flags)


try:
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_parse as parser

_MANY = 50
"""A repeat that may go on for longer than this can make a pattern quadratic."""


def literals(pattern: re.Pattern[str]) -> list[str]:
    """The words and the first characters of the sets that the pattern is made of."""
    found: list[str] = []
    for part in _parts(pattern):
        run = ""
        for op, argument in part:
            if str(op) == "LITERAL":
                run += chr(argument)
                continue
            found.append(run)
            run = ""
            if str(op) == "IN":
                first = [a for o, a in argument if str(o) in ("LITERAL", "RANGE")][:1]
                found += [chr(a[0] if isinstance(a, tuple) else a) for a in first]
        found.append(run)
    return [word for word in dict.fromkeys(found) if word]


def goes_on(pattern: re.Pattern[str]) -> bool:
    """Whether the pattern holds a repeat without a bound, or with a large one."""
    repeats = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
    return any(
        str(op) in repeats and argument[1] > _MANY
        for part in _parts(pattern)
        for op, argument in part
    )


def _parts(pattern: re.Pattern[str]) -> Iterator[list[tuple[Any, Any]]]:
    """The pattern and every pattern within it, as ``re`` reads them."""
    waiting = [parser.parse(pattern.pattern, pattern.flags)]
    while waiting:
        part = waiting.pop()
        yield list(part)
        for _, argument in part:
            items = argument if isinstance(argument, tuple | list) else (argument,)
            for item in items:
                inner = item if isinstance(item, list) else [item]
                waiting += [one for one in inner if isinstance(one, parser.SubPattern)]


_CHINESE = re.compile("[\u4e00-\u9fff]")


def main() -> None:
    """A line for each module and room."""
    found = [where for where, p in patterns().items() if _CHINESE.search(p.pattern)]
    modules = Counter(re.split(r":\d|\.(?=[^a-z])|\[", where)[0] for where in found)
    for module, count in sorted(modules.items(), key=lambda pair: -pair[1]):
        print(f"{count:5}  {module}")
    print(f"{len(found):5}  in all")


if __name__ == "__main__":
    main()
