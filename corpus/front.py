"""Front matter: the YAML between two lines of ``---``, parsed within bounds.

YAML lets a few hundred bytes stand for gigabytes (an alias repeats what an anchor names, and
aliases nest), and brackets within brackets end a parser written in C. So the events are looked
through, one after the other, before anything is built of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml

LONGEST = 20_000
"""Characters: our longest front matter has 1,500, a page saved with all its tags 4,000."""
_DEEPEST = 12  # lists and mappings within each other; ours come to 3

_LONGEST_NUMBER = 100  # characters; Python writes no number of thousands of digits

# libyaml's where PyYAML was built with it: 0.09 s instead of 0.52 s for 114 articles, same result
_Loader: Any = type("_Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})
_PatientLoader: Any = type("_PatientLoader", (yaml.SafeLoader,), {})


class FrontError(yaml.YAMLError):
    """YAML that is no front matter: too long, too deep, or with aliases. ``line`` counts from 0."""

    def __init__(self, what: str, mend: str, line: int = 0) -> None:
        super().__init__(f"{what}; {mend}")
        self.what, self.mend, self.line = what, mend, line


@dataclass(frozen=True, slots=True)
class Front:
    """What was found: ``fields``, and the line of each, counted from 0 in the block."""

    fields: dict[str, Any]
    lines: dict[str, int]


def parse(block: str, *, patient: bool = False) -> Front | None:
    """The mapping that the block holds, or None where it holds something else or nothing.

    A value that is none (a 13th month, a number of thousands of digits) stays the text that it is;
    a date with a time of day is its date. ``patient``: for what others wrote; libyaml gives up at
    escapes that stand for no character.

    Raises yaml.YAMLError where it is not YAML, and FrontError, which is one, where it is out of
    bounds.
    """
    if len(block) > LONGEST:
        raise FrontError(f"the front matter is longer than {LONGEST} characters", "shorten it")
    kind = _PatientLoader if patient else _Loader
    _look_through(block, kind)
    loader = kind(block)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            return None
        fields = loader.construct_document(node)
    finally:
        loader.dispose()
    return Front(fields, {str(key.value): key.start_mark.line for key, _ in node.value})


def _look_through(block: str, kind: Any) -> None:
    """Raises FrontError at the first alias and at the first level that is too deep."""
    depth = 0
    for event in yaml.parse(block, Loader=kind):
        line = event.start_mark.line if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise FrontError("the front matter holds an alias (*)", "write the value out", line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise FrontError(f"the front matter nests deeper than {_DEEPEST} levels",
                             "write one value a line", line)  # fmt: skip


def _or_text(loaders: Any, tag: str) -> None:
    construct = loaders.yaml_constructors[tag]

    def constructed(loader: Any, node: yaml.ScalarNode) -> Any:
        try:
            value = construct(loader, node)
        except (ValueError, OverflowError):
            return node.value
        if isinstance(value, datetime):
            return value.date()
        return value if len(node.value) <= _LONGEST_NUMBER else node.value

    loaders.add_constructor(tag, constructed)


for _loaders in (_Loader, _PatientLoader):
    for _kind in ("timestamp", "int", "float"):
        _or_text(_loaders, f"tag:yaml.org,2002:{_kind}")
