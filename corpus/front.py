"""Front matter: the YAML between two lines of ``---``, parsed within bounds.

YAML lets a few hundred bytes stand for gigabytes (an alias repeats what an anchor names, and
aliases nest), and brackets within brackets end a parser written in C. So the events are looked
through, one after the other, before anything is built of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

LONGEST = 20_000
"""Characters: our longest front matter has 1,500, a page saved with all its tags 4,000."""
_DEEPEST = 12  # lists and mappings within each other; ours come to 3

# libyaml's where PyYAML was built with it: 0.09 s instead of 0.52 s for 114 articles, same result
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


def parse(block: str) -> Front | None:
    """The mapping that the block holds, or None where it holds something else or nothing.

    Raises yaml.YAMLError where it is not YAML or holds a value that is none (a 13th month), and
    FrontError, which is one, where it is out of bounds.
    """
    if len(block) > LONGEST:
        raise FrontError(f"the front matter is longer than {LONGEST} characters", "shorten it")
    _look_through(block)
    loader = _Loader(block)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            return None
        fields = loader.construct_document(node)
    except (ValueError, OverflowError) as error:
        raise FrontError(f"the front matter holds a value that is none ({error})",
                         "put it between quotes") from error  # fmt: skip
    finally:
        loader.dispose()
    return Front(fields, {str(key.value): key.start_mark.line for key, _ in node.value})


def _look_through(block: str) -> None:
    """Raises FrontError at the first alias and at the first level that is too deep."""
    depth = 0
    for event in yaml.parse(block, Loader=_Loader):
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
