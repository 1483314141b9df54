"""``python -m corpus check``: is our own corpus well-formed, lawful, unique and in our own words?

Form is ``corpus.schema``, laws are ``corpus.basis``; here are the checks that look at several
articles at once or at the pages that the facts were taken from. Whether an article is *true* no
check can say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

from corpus.basis import law_problems
from corpus.bearing import misquoted, names_later
from corpus.errors import ArticleError
from corpus.markdown import line_of, paths, read_article, tidy
from corpus.schema import FOLDERS, Problem, problems, take_apart
from corpus.supports import read_marks
from corpus.text import Span
from corpus.types import Article, Support, Tier

MIN_ARTICLES = 60
SOON = timedelta(days=60)
# Our own words: the length of a run that may stand in a source page too (issue 3, point 6).
RUN = 22
# Menu paths (「首页 > 社保」), titles of laws and what a source calls itself are facts, not wording.
_FACTS = re.compile(
    r"《[^》\n]{1,60}》|【[^】\n>]{0,200}>[^】\n]{0,200}】|^  s\d{1,3}: \{[^}\n]{1,1000}\}$"
)
_SPACE_AND_MARKS = re.compile(r"[\s\W]+")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: the articles that could be read, and every slip."""

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]
    sentences: tuple[tuple[Support, ...], ...] = ()
    """What each sentence of the articles rests on; nothing is advice."""
    due: tuple[tuple[date, str], ...] = ()
    """The articles whose ``review_by`` has come or comes within ``SOON``, the earliest first."""

    @property
    def counts(self) -> dict[str, int]:
        """Articles by folder, then articles, questions, steps, claims and bases in all, then the
        sentences: how many rest on a source, on one of which tier at best, and how many are
        advice."""
        folders = Counter(article.id.split("/")[1] for article in self.articles)
        text = "\n".join(article.text for article in self.articles)
        return {
            **{folder: folders[folder] for folder in FOLDERS},
            "articles": len(self.articles),
            "questions": sum(len(article.questions) for article in self.articles),
            "steps": len(re.findall(r"^\d+\. ", text, re.M)),
            "claims": sum(len(article.reports) for article in self.articles),
            "basis": sum(len(article.basis) for article in self.articles),
            **_resting(self.sentences),
        }


def check(root: Path, *, today: date, pages: Iterable[str] = ()) -> Checked:
    """Read every article under ``root`` and look for slips; ``pages`` are the texts that the facts
    come from, none of whose sentences may stand in ours."""
    read: dict[Path, Article] = {}
    found: list[Problem] = []
    resting: list[tuple[Support, ...]] = []
    due: list[tuple[date, str]] = []
    for path in paths(root):
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError) as error:
            what = "not UTF-8" if isinstance(error, ValueError) else error.strerror or str(error)
            found.append(Problem(str(path), 1, what, "save it as text in UTF-8"))
            continue
        article, slips = check_text(path, text, root=root, today=today)
        found.extend(slips)
        if article is None:
            continue
        read[path] = article
        if (review := review_by(text)) and review <= today + SOON:
            due.append((review, str(path)))
        resting.extend(article.supports_of(*span) for _, span in sentence_rows(tidy(text)))
    found.extend(_places(root, read))
    found.extend(_repeated_questions(read))
    found.extend(_loose_ends(root, read))
    found.extend(borrowed(read, pages))
    ordered = sorted(found, key=lambda problem: (problem.path, problem.line))
    articles = tuple(sorted(read.values(), key=lambda a: a.id))
    return Checked(articles, tuple(ordered), tuple(resting), tuple(sorted(due)))


def check_text(
    path: Path, text: str, *, root: Path, today: date
) -> tuple[Article | None, list[Problem]]:
    """One article by itself, None where its form cannot be read, and its slips: form, laws, what
    its sentences can bear."""
    try:
        article = read_article(path, text, root=root)
    except ArticleError:
        return None, list(problems(str(path), tidy(text)))
    found = list(law_problems(article, str(path), line_of(text, "basis"), today=today))
    for number, span in sentence_rows(tidy(text)):
        found.extend(_bearing(path, number, article, span))
    return article, found


def review_by(text: str) -> date | None:
    """The day by which an article is to be looked at again, where it names one."""
    parts = take_apart(tidy(text))
    found = parts.fields.get("review_by") if parts else None
    return found if isinstance(found, date) else None


def _resting(sentences: Sequence[tuple[Support, ...]]) -> dict[str, int]:
    """Sentences in all, supported ones, those by the highest tier that bears them, and advice."""
    tiers = get_args(Tier)
    best = Counter(
        min((s.source.tier for s in supports), key=tiers.index)
        for supports in sentences
        if supports
    )
    return {
        "sentences": len(sentences),
        "supported": best.total(),
        **{f"supported by {tier}": best[tier] for tier in tiers},
        "advice": len(sentences) - best.total(),
    }


def sentence_rows(text: str) -> Iterator[tuple[int, Span]]:
    """The line in the file and the span in the article's text of each sentence that wants a mark."""
    parts = take_apart(text)
    assert parts is not None  # it has been read
    marked = read_marks(parts.body)
    rows = enumerate(parts.body.split("\n"), start=parts.body_line)
    lines = [number for number, row in rows if row.strip()]
    filled = [n for n, row in enumerate(marked.text.split("\n")) if row.strip()]
    at = dict(zip(filled, lines, strict=True))
    for span in marked.sentences():
        yield at[marked.text.count("\n", 0, span[0])], span


def _bearing(path: Path, number: int, article: Article, span: Span) -> Iterator[Problem]:
    """What a sentence names or quotes and what it rests on cannot bear."""
    supports = article.supports_of(*span)
    said = article.text[span[0] : span[1]]
    if later := names_later(said, supports):
        mend = f"mark it with a source that knows {later}, or do not name it"
        what = f"「{said}」 names {later}, later than all that it rests on"
        yield Problem(str(path), number, what, mend)
    elif not supports and (
        named := re.search("《[^》]+》|第[零一二三四五六七八九十百千]+条|号文", said)
    ):
        what = f"「{said}」 is advice and names {named[0]}"
        yield Problem(str(path), number, what, "mark it with that source")
    for words in misquoted(article, *span):
        mend = "quote a statute in its own words with {=s1 第…条}, or write 【】 or nothing"
        yield Problem(str(path), number, f"「{words}」 stands in no statute that it quotes", mend)


def _places(root: Path, read: dict[Path, Article]) -> Iterator[Problem]:
    for path in read:
        if path.parent.name not in FOLDERS:
            mend = "move it to one of " + ", ".join(FOLDERS)
            yield Problem(str(path), 1, f"folder {path.parent.name} is none of ours", mend)
    if len(read) < MIN_ARTICLES:
        what = f"{len(read)} articles, expected at least {MIN_ARTICLES}"
        yield Problem(str(root), 1, what, "write the missing ones or mend those named above")


def _repeated_questions(read: dict[Path, Article]) -> Iterator[Problem]:
    """A question that two articles answer, by ``questions`` or title, marks aside, and one that an
    article answers and says that it does not."""
    first: dict[str, Path] = {}
    for path, article in read.items():
        for question in (article.title, *article.questions):
            key = _bare(question)
            earlier = first.setdefault(key, path)
            if earlier != path:
                line = _line_with(path, question)
                mend = f"leave it to {earlier.parent.name}/{earlier.name} or ask it otherwise"
                yield Problem(str(path), line, f"{question} is asked by two articles", mend)
        own = {_bare(question) for question in (article.title, *article.questions)}
        for question in not_questions(path.read_text(encoding="utf-8")):
            if _bare(question) in own:
                what = f"{question} stands in questions and in not_questions"
                yield Problem(str(path), _line_with(path, question), what, "keep one")


def not_questions(text: str) -> tuple[str, ...]:
    """The questions that an article's file says it does not answer, near as they are."""
    parts = take_apart(tidy(text))
    return tuple(parts.fields.get("not_questions", ())) if parts else ()


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
