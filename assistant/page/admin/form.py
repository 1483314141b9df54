"""An own article as a form: a box for each field, one for the text; and the file out of the form.

Only the lines of a field that was changed are written anew, so that what nobody touched stays to
the byte. What cannot be taken apart is edited as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from corpus.schema import FRONT, OPTIONAL, REQUIRED, take_apart

FIELDS = (*REQUIRED[:2], "not_questions", *REQUIRED[2:6], "review_by", *REQUIRED[6:], "conflicts_with", "fixed")  # fmt: skip
"""In the order of the form."""
LISTS = ("questions", "not_questions", "basis", "conflicts_with")
_PLAIN = ("title", "region", "kind", "checked", "review_by")
_SOURCE = re.compile(r"s\d+: \{.*\}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Form:
    """``fields``: by name, as a person edits them, "" for one that is not there; ``body``: what
    stands below the front matter."""

    fields: Mapping[str, str]
    body: str


def form_of(text: str) -> Form | None:
    """The form of an article; None where it has no front matter that can be read."""
    try:
        parts = take_apart(text)
    except yaml.YAMLError:
        return None
    if parts is None:
        return None
    blocks = _blocks(text)
    shown = {name: _shown(name, parts.fields.get(name), blocks.get(name, "")) for name in FIELDS}
    return Form(shown, parts.body)


def text_of(before: str, form: Form) -> str:
    """The article with what the form changed. ``before`` is one that has a form."""
    was = form_of(before)
    found = FRONT.match(before)
    if was is None or found is None:
        return before
    blocks = _blocks(before)
    for name in FIELDS:
        now = form.fields.get(name, "").replace("\r\n", "\n")
        if now.strip() != was.fields[name].strip():
            blocks[name] = _written(name, now)
    front = "".join(blocks.values())
    body = form.body.replace("\r\n", "\n")
    return f"---\n{front}---\n{body}"


def _blocks(text: str) -> dict[str, str]:
    """The lines of each field, in the order of the file; what precedes the first goes with it."""
    parts, found = take_apart(text), FRONT.match(text)
    assert parts is not None
    assert found is not None
    lines = found["yaml"].splitlines(keepends=True)
    starts = sorted((line - 2, name) for name, line in parts.lines.items())
    blocks: dict[str, str] = {}
    for n, (start, name) in enumerate(starts):
        end = starts[n + 1][0] if n + 1 < len(starts) else len(lines)
        blocks[name] = "".join(lines[start if n else 0 : end])
    return blocks


def _shown(name: str, value: Any, block: str) -> str:
    """A field as a person edits it."""
    if value is None:
        return ""
    if name == "fixed" and isinstance(value, list):
        return "\n\n".join(_fixed_shown(item) for item in value if isinstance(item, dict))
    if name in LISTS and isinstance(value, list):
        return "\n".join(map(str, value))
    if name == "schemes" and isinstance(value, list):
        return "、".join(map(str, value))
    if name in _PLAIN:
        return value.isoformat() if isinstance(value, date) else str(value)
    rows = [line.strip() for line in block.partition(":")[2].split("\n") if line.strip()]
    if all(_SOURCE.fullmatch(row) for row in rows) or not isinstance(value, dict):
        return "\n".join(rows)
    return "\n".join(f"{key}: {_flow(item)}" for key, item in value.items())


def _written(name: str, said: str) -> str:
    """The lines of a field that was changed; none where it was emptied."""
    said = said.strip()
    if not said and name in OPTIONAL:
        return ""
    rows = [row.strip() for row in said.split("\n") if row.strip()]
    if name == "sources":
        return f"{name}:\n" + "".join(f"  {row}\n" for row in rows)
    if name == "fixed":
        return _dumped(name, _fixed_read(said))
    if name == "schemes":
        return f"{name}: [{', '.join(filter(None, re.split('[、，,;；/ ]+', said)))}]\n"
    if name in LISTS:
        return _dumped(name, rows)
    if _DAY.fullmatch(said):
        return f"{name}: {said}\n"
    return _dumped(name, " ".join(rows))


def _dumped(name: str, value: Any) -> str:
    text: str = yaml.safe_dump({name: value}, allow_unicode=True, sort_keys=False, width=10_000)
    # the lists of our articles stand two blanks in
    return re.sub(r"^(?=- | {2}\S)", "  ", text, flags=re.M) if isinstance(value, list) else text


def _flow(value: Any) -> str:
    """A value on one line."""
    text: str = yaml.safe_dump(
        value, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=True
    )
    return text.removesuffix("\n...\n").strip()


def _fixed_shown(item: Mapping[str, Any]) -> str:
    says = item.get("says")
    rows = [f"- {said}" for said in says] if isinstance(says, list) else []
    return "\n".join([str(item.get("question", "")), *rows])


def _fixed_read(said: str) -> list[dict[str, Any]]:
    """Questions with the sentences below each."""
    found: list[dict[str, Any]] = []
    for row in filter(None, map(str.strip, said.split("\n"))):
        if row.startswith("- ") and found:
            found[-1]["says"].append(row[2:].strip())
        else:
            found.append({"question": row.removeprefix("- ").strip(), "says": []})
    return found
