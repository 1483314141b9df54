"""One article of ours looked at as it is being written, beside all the others as they are.

``corpus.check`` looks at the whole corpus and takes seconds; an editor asks at every pause. What
the others ask and when they are due is read off their front matter, once for each text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

from corpus.check import SOON, check_text, not_questions
from corpus.fixed import question_key
from corpus.markdown import tidy
from corpus.schema import FOLDERS, Problem, take_apart


@dataclass(frozen=True, slots=True)
class Front:
    """What a list of articles tells of one; empty where the front matter cannot be read."""

    title: str = ""
    asked: tuple[str, ...] = ()
    review_by: date | None = None
    fixed: tuple[str, ...] = ()


def problems_beside(
    path: Path, text: str, *, root: Path, today: date, others: Mapping[Path, str]
) -> tuple[Problem, ...]:
    """The slips of one article, by line. ``others``: the texts of the articles beside it, by path."""
    article, found = check_text(path, text, root=root, today=today)
    if path.parent.name not in FOLDERS:
        mend = "move it to one of " + ", ".join(FOLDERS)
        found.append(Problem(str(path), 1, f"folder {path.parent.name} is none of ours", mend))
    if article is not None:
        found.extend(_asked_elsewhere(path, text, article.questions, article.title, others))
        found.extend(_loose_ends(path, text, root, others))
    return tuple(sorted(found, key=lambda problem: problem.line))


@lru_cache(maxsize=20_000)
def front_of(text: str) -> Front:
    """Title, questions (the title first), day of review and fixed questions of an article."""
    try:
        parts = take_apart(tidy(text))
    except yaml.YAMLError:
        return Front()
    fields = parts.fields if parts else {}
    asked, due, fixed = (fields.get(name) for name in ("questions", "review_by", "fixed"))
    title = str(fields.get("title", ""))
    listed = tuple(str(q) for q in asked) if isinstance(asked, list) else ()
    return Front(
        title,
        (title, *listed),
        due if isinstance(due, date) else None,
        tuple(str(item.get("question", "")) for item in fixed if isinstance(item, dict))
        if isinstance(fixed, list)
        else (),
    )


def due(texts: Mapping[Path, str], today: date) -> tuple[tuple[date, Path], ...]:
    """The articles whose day of review has come or comes soon, the earliest first."""
    found = ((front_of(text).review_by, path) for path, text in texts.items())
    return tuple(sorted((day, path) for day, path in found if day and day <= today + SOON))


def _asked_elsewhere(
    path: Path, text: str, questions: tuple[str, ...], title: str, others: Mapping[Path, str]
) -> Iterator[Problem]:
    own = {question_key(question): question for question in (title, *questions)}
    for other, its_text in sorted(others.items()):
        if other == path:
            continue
        for question in front_of(its_text).asked:
            mine = own.get(question_key(question))
            if mine is not None:
                mend = f"leave it to {other.parent.name}/{other.name} or ask it otherwise"
                what = f"{mine} is asked by two articles"
                yield Problem(str(path), _line_with(text, mine), what, mend)
    for question in not_questions(text):
        if question_key(question) in own:
            what = f"{question} stands in questions and in not_questions"
            yield Problem(str(path), _line_with(text, question), what, "keep one")


def _loose_ends(path: Path, text: str, root: Path, others: Mapping[Path, str]) -> Iterator[Problem]:
    parts = take_apart(tidy(text))
    for entry in parts.fields.get("conflicts_with", []) if parts else []:
        if "/" in entry and root / f"{entry}.md" not in others:
            line = parts.lines["conflicts_with"] if parts else 1
            yield Problem(str(path), line, f"{entry} is no article", "write folder/slug")


def _line_with(text: str, question: str) -> int:
    return next((n for n, row in enumerate(text.split("\n"), start=1) if question in row), 1)
