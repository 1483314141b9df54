"""Questions of several origins, each over a store of its own articles.

``articles``: our own, asked by several hands (``tests/quality/*.jsonl`` and ``asked/*.jsonl``: search-box
words, dictation, clerks and employers, letters). ``people``: the same, asked by people who had seen none of
it. ``pages``: the source pages, where they lie beside the
project. ``cities``: pages of cities by other authors. ``labelled``: labelled pages of an author that no
training met (``training.pages``). ``fields``: questions and answers of other fields. Any other set is a
folder of BEIR form (``read_beir``), an origin of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant import Assistant
from benchmarks.labels import QUALITY, Label, bare, read_labels, read_rows
from corpus.settings import ROOT, Settings
from index.encoder import Encoder
from training.pages import by_author
from training.pages import pages as labelled_pages

SOURCE_PAGES = ROOT.parent / "shared" / "seeds"
ARTICLES = ROOT / "corpus" / "articles"
PEOPLE = QUALITY / "people"
MARK = re.compile(r"\{[^}]*\}")
"""What stands behind a sentence of an article: on which source it rests, and when it holds."""
HELD_AUTHORS = ("a7",)
"""Authors of labelled pages that no shipped weight has met."""
FIELDS = ("bank", "shop", "city")
ASKED = ("terse", "dictated", "clerks", "letters", "titles", "once_outside")


@dataclass(frozen=True, slots=True)
class Set:
    """``labels`` over a store of ``paths``; ``store`` names what is shared by several sets."""

    name: str
    origin: str
    store: str
    paths: tuple[Path, ...]
    labels: tuple[Label, ...]

    def half(self, held: bool) -> Set:
        """The labels that were held out, or the others."""
        return replace(self, labels=tuple(x for x in self.labels if x.held is held))

    def open(self, folder: Path, settings: Settings, encoder: Encoder) -> Assistant:
        """Its store, brought up to date in ``folder``."""
        model = re.sub(r"\W+", "-", encoder.model)
        return Assistant.create(
            folder / f"{self.store}-{model}", *self.paths, settings=settings, encoder=encoder
        )


def shipped_sets(folder: Path) -> list[Set]:
    """All that the repo holds; ``folder`` is one for the articles that are written for them."""

    def labels(*files: Path) -> tuple[Label, ...]:
        return tuple(x for file in files for x in read_labels(file) if x.answerable)

    own = [QUALITY / f"{n}.jsonl" for n in ("retrieval", "slips", "rows", "rows_b")]
    ours = ("articles", "articles", (ARTICLES,))
    sets = [Set("own", *ours, labels(*own))]
    sets += [Set(name, *ours, labels(QUALITY / "asked" / f"{name}.jsonl")) for name in ASKED]
    sets.append(Set("people", "people", *ours[1:], _people()))
    if SOURCE_PAGES.is_dir():
        source = ("pages", "pages", (SOURCE_PAGES,))
        sets += [Set(n, *source, labels(QUALITY / f"{n}.jsonl")) for n in ("seeds", "seeds_unseen")]
    cities, traps = (QUALITY / "pages" / name / "docs" for name in ("cities", "traps"))
    sets.append(
        Set("cities", "cities", "cities", (cities,), labels(cities.parent / "retrieval.jsonl"))
    )
    both = labels(QUALITY / "asked" / "pages.jsonl")
    sets.append(Set("cities, all", "cities", "cities-all", (cities, traps), both))
    sets.append(_labelled(folder / "labelled"))
    return sets + [_field(name, folder) for name in FIELDS]


def _people() -> tuple[Label, ...]:
    """What people would ask (``benchmarks.people``): right is an article that says all that must be."""
    texts = {
        f"corpus/{path.relative_to(ARTICLES).with_suffix('').as_posix()}": bare(
            MARK.sub("", path.read_text(encoding="utf-8"))
        )
        for path in ARTICLES.glob("*/*.md")
    }
    labels = []
    for row in (row for file in sorted(PEOPLE.glob("*.jsonl")) for row in read_rows(file)):
        right = tuple(
            name
            for name, text in texts.items()
            if all(any(bare(p) in text for p in phrases) for phrases in row["must"])
        )
        if row["must"] and right:
            labels.append(Label(row["id"], row["question"], (), row["set"], right))
    return tuple(labels)


def read_faq(file: Path, folder: Path) -> tuple[Label, ...]:
    """Writes the questions and answers of ``file`` as articles; the labels are other words for each
    question, whose answer is to be found."""
    labels = []
    folder.mkdir(parents=True, exist_ok=True)
    for number, entry in enumerate(read_rows(file)):
        _write(folder / f"{number:03}", entry["title"], entry["text"])
        for question in entry["asked"]:
            labels.append(Label(f"{number:03}", question, (entry["text"],), file.stem))
    return tuple(labels)


def read_beir(folder: Path, pages: Path) -> Set:
    """The set in a folder of BEIR form: ``corpus.jsonl`` (``_id``, ``title``, ``text``),
    ``queries.jsonl`` (``_id``, ``text``) and ``qrels.jsonl`` (``query-id``, ``corpus-id`` and, where
    given, a ``score`` above 0). Its documents are written below ``pages`` as articles."""
    name = folder.resolve().name
    here = pages / name
    here.mkdir(parents=True, exist_ok=True)
    files: dict[str, str] = {}
    for number, row in enumerate(read_rows(folder / "corpus.jsonl")):
        files[str(row["_id"])] = f"d{number:06}"
        _write(here / f"d{number:06}", row.get("title", ""), row["text"])
    right: dict[str, list[str]] = {}
    for row in read_rows(folder / "qrels.jsonl"):
        if float(row.get("score", 1)) > 0:
            right.setdefault(_id(row, "query"), []).append(files[_id(row, "corpus")])
    labels = tuple(
        Label(str(row["_id"]), row["text"], (), name, tuple(right[str(row["_id"])]))
        for row in read_rows(folder / "queries.jsonl")
        if str(row["_id"]) in right
    )
    return Set(name, name, name, (here,), labels)


def _id(row: dict[str, Any], what: str) -> str:
    return str(row.get(f"{what}-id", row.get(f"{what}_id")))


def _write(path: Path, title: str, text: str) -> None:
    if title:
        path.with_suffix(".md").write_text(f"# {title}\n\n{text}\n", encoding="utf-8")
    else:
        path.with_suffix(".txt").write_text(f"{text}\n", encoding="utf-8")


def _labelled(folder: Path) -> Set:
    """The questions that a line of a labelled page answers whole, every other one held out."""
    folder.mkdir(parents=True, exist_ok=True)
    labels: list[Label] = []
    for page in by_author(labelled_pages(), HELD_AUTHORS)[1]:
        _write(folder / f"{page.author}-{page.name}", page.head["title"], page.text)
        for asked in page.asked:
            if asked.verdict == "full":
                gold = tuple(page.line(n).text for n in asked.lines)
                name = f"{page.author}-{page.name}-{len(labels)}"
                labels.append(Label(name, asked.text, gold, asked.style, held=len(labels) % 2 == 1))
    return Set("labelled", "labelled", "labelled", (folder,), tuple(labels))


def _field(name: str, pages: Path) -> Set:
    labels = read_faq(QUALITY / "faq" / f"{name}.jsonl", pages / name)
    return Set(f"faq {name}", "fields", f"faq-{name}", (pages / name,), labels)


def origins(sets: Sequence[Set]) -> list[str]:
    """Each once, in order."""
    return list(dict.fromkeys(one.origin for one in sets))
