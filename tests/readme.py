"""Fills what is generated in README and ``docs/architecture.md``: ``python tests/readme.py``.

The file map is the first sentence of each module's docstring, in reading order; the example is what
``ask`` answers from the shipped articles on a fixed day. ``test_readme.py`` holds them to both.
"""

from __future__ import annotations

import ast
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
QUESTION = "断缴年限会清零吗"
DAY = date(2026, 11, 21)
# What a newcomer reads first in each room; the rest of the room follows by name.
FIRST = {
    "corpus": ("types", "settings", "errors", "text", "words", "markdown", "passages", "sections",
               "statutes", "claims"),
    "corpus/reading": ("types", "read", "pages"),
    "index": ("types", "engine", "encoder", "store", "refresh", "question", "facets", "features",
              "found", "posed", "retrieve", "scope"),
    "index/state": ("opening", "books", "tables", "database"),
    "index/ingest": ("types", "choose", "alone", "processes", "cluster"),
    "assistant": ("types", "assistant", "models", "asking", "phrases", "conversation",
                  "searching", "answer", "summary",
                  "procedures", "legal", "conflicts", "cautions", "clarify", "checking", "render"),
    "assistant/language_model": ("opening", "judge", "own_words", "prompts", "client"),
    "assistant/page": ("main", "server", "layout", "chat"),
    "assistant/page/workers": ("serving", "front", "routing", "passing", "staff", "loading",
                               "template", "worker"),
}  # fmt: skip
ROOMS = ("corpus", "corpus/reading", "index", "index/state", "index/ingest", "assistant",
         "assistant/language_model", "assistant/page", "assistant/page/admin", "assistant/page/workers")  # fmt: skip


def sentence(path: Path) -> str:
    """The first sentence of a module's docstring."""
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first = " ".join(doc.split("\n\n")[0].split())
    return first.split(". ")[0].rstrip(".")


def modules(room: str) -> list[Path]:
    """A room's modules in reading order."""
    first = FIRST.get(room, ())
    names = [p for p in (ROOT / room).glob("*.py") if p.stem != "__init__"]
    return sorted(names, key=lambda p: (first.index(p.stem) if p.stem in first else 99, p.stem))


def file_map() -> str:
    """Every module with its sentence, room by room."""
    parts = []
    for room in ROOMS:
        rows = "\n".join(f"- `{path.stem}` – {sentence(path)}" for path in modules(room))
        if rows:
            parts.append(f"**{room}/**\n\n{rows}")
    parts.append(f"**app.py** – {sentence(ROOT / 'app.py')}")
    return "\n\n".join(parts)


def example(answer: str) -> str:
    """The answer up to its sources, quoted."""
    lines = answer.rstrip().splitlines()
    return f"> **{QUESTION}？**\n>\n" + "\n".join(f"> {line}".rstrip() for line in lines)


def filled(text: str, name: str, content: str) -> str:
    """A text with the part between the two marks of ``name`` replaced."""
    start, end = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(end)
    return f"{before}{start}\n{content}\n{end}{after}"


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from assistant import Assistant

    answer = Assistant.open().ask(QUESTION, today=DAY).to_markdown()
    for file, name, content in (
        (README, "example", example(answer)),
        (ARCHITECTURE, "map", file_map()),
    ):
        text = filled(file.read_text(encoding="utf-8"), name, content)
        file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
