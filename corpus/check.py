"""``python -m corpus check``: is our own corpus well-formed, lawful, unique and in our own words?

Form is ``corpus.schema``, laws are ``corpus.basis``; here are the checks that look at several
articles at once or at the pages that the facts were taken from. Whether an article is *true* no
check can say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corpus.basis import law_problems
from corpus.errors import ArticleError
from corpus.markdown import line_of, paths, read_article, tidy
from corpus.schema import FOLDERS, Problem, problems, take_apart
from corpus.types import Article

MIN_ARTICLES = 60
# Our own words: the length of a run that may stand in a source page too (issue 3, point 6).
RUN = 22
# Menu paths (「首页 > 社保」) and titles of laws are facts, not wording.
_FACTS = re.compile(r"《[^》\n]{1,60}》|「[^」\n]*>[^」\n]*」")
_SPACE_AND_MARKS = re.compile(r"[\s\W]+")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: the articles that could be read, and every slip."""

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Articles by folder, then articles, questions, steps, claims and bases in all."""
        folders = Counter(article.id.split("/")[1] for article in self.articles)
        text = "\n".join(article.text for article in self.articles)
        return {
            **{folder: folders[folder] for folder in FOLDERS},
            "articles": len(self.articles),
            "questions": sum(len(article.questions) for article in self.articles),
            "steps": len(re.findall(r"^\d+\. ", text, re.M)),
            "claims": len(re.findall(r"^- .+ · .+ · .+ · .+：", text, re.M)),
            "basis": sum(len(article.basis) for article in self.articles),
        }


def check(root: Path, *, today: date, seeds: Path | None = None) -> Checked:
    """Read every article under ``root`` and look for slips; ``seeds`` is the folder of the pages
    that the facts come from, left out where it is not there."""
    read: dict[Path, Article] = {}
    found: list[Problem] = []
    for path in paths(root):
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError) as error:
            what = "not UTF-8" if isinstance(error, ValueError) else error.strerror or str(error)
            found.append(Problem(str(path), 1, what, "save it as text in UTF-8"))
            continue
        try:
            read[path] = read_article(path, text, root=root)
        except ArticleError:
            found.extend(problems(str(path), tidy(text)))
            continue
        line = line_of(text, "basis")
        found.extend(law_problems(read[path], str(path), line, today=today))
    found.extend(_places(root, read))
    found.extend(_repeated_questions(read))
    found.extend(_loose_ends(root, read))
    if seeds is not None and seeds.is_dir():
        found.extend(borrowed(read, [p.read_text(encoding="utf-8") for p in _pages(seeds)]))
    ordered = sorted(found, key=lambda problem: (problem.path, problem.line))
    return Checked(tuple(sorted(read.values(), key=lambda a: a.id)), tuple(ordered))


def _pages(seeds: Path) -> list[Path]:
    return sorted(seeds.glob("*.txt"))


def _places(root: Path, read: dict[Path, Article]) -> Iterator[Problem]:
    for path in read:
        if path.parent.name not in FOLDERS:
            mend = "move it to one of " + ", ".join(FOLDERS)
            yield Problem(str(path), 1, f"folder {path.parent.name} is none of ours", mend)
    if len(read) < MIN_ARTICLES:
        what = f"{len(read)} articles, expected at least {MIN_ARTICLES}"
        yield Problem(str(root), 1, what, "write the missing ones or mend those named above")


def _repeated_questions(read: dict[Path, Article]) -> Iterator[Problem]:
    """A question that two articles answer, by ``questions`` or title, marks aside."""
    first: dict[str, Path] = {}
    for path, article in read.items():
        for question in (article.title, *article.questions):
            key = _bare(question)
            earlier = first.setdefault(key, path)
            if earlier != path:
                line = _line_with(path, question)
                mend = f"leave it to {earlier.parent.name}/{earlier.name} or ask it otherwise"
                yield Problem(str(path), line, f"{question} is asked by two articles", mend)


def _loose_ends(root: Path, read: dict[Path, Article]) -> Iterator[Problem]:
    """Each ``conflicts_with`` that names an article names one that exists."""
    for path in read:
        parts = take_apart(tidy(path.read_text(encoding="utf-8")))
        for entry in parts.fields.get("conflicts_with", []) if parts else []:
            if "/" in entry and not (root / f"{entry}.md").is_file():
                line = parts.lines["conflicts_with"] if parts else 1
                yield Problem(str(path), line, f"{entry} is no article", "write folder/slug")


def borrowed(read: dict[Path, Article], pages: Iterable[str]) -> Iterator[Problem]:
    """Each article that shares a run of 22 or more characters with one of the pages, white space
    and punctuation aside; menu paths (「… > …」) and titles (《…》) do not count."""
    runs: set[str] = set()
    for page in pages:
        bare = _bare(page)
        runs.update(bare[i : i + RUN] for i in range(len(bare) - RUN + 1))
    for path in read:
        text = path.read_text(encoding="utf-8")
        for number, row in enumerate(text.split("\n"), start=1):
            run = _shared(row, runs)
            if run:
                yield Problem(str(path), number, f"「{run}」 stands in a source page", "reword it")


def _shared(row: str, runs: set[str]) -> str:
    for part in _FACTS.split(row):
        bare = _bare(part)
        for i in range(len(bare) - RUN + 1):
            if bare[i : i + RUN] in runs:
                return bare[i : i + RUN]
    return ""


def _bare(text: str) -> str:
    return _SPACE_AND_MARKS.sub("", text)


def _line_with(path: Path, question: str) -> int:
    rows = path.read_text(encoding="utf-8").split("\n")
    return next((n for n, row in enumerate(rows, start=1) if question in row), 1)
