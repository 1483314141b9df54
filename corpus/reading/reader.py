"""Files to Articles: each by the reader of its kind, then the page taken apart.

read(paths)       everything under the paths, once, in order
read_each(files)  file by file, for whoever keeps account of what changed
read_file(path)   one file, an error where it cannot be read
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.errors import ArticleError, InputError
from corpus.given import characters
from corpus.markdown import is_article, read_article
from corpus.reading import limits
from corpus.reading.coverage import coverage
from corpus.reading.encoding import decode
from corpus.reading.finding import discover
from corpus.reading.formats import content
from corpus.reading.gazetteer import place_named
from corpus.reading.opener import Opener
from corpus.reading.pages import articles, listed
from corpus.reading.sniff import told_kind
from corpus.reading.trust import stamped
from corpus.reading.types import PAGE, File, FileReading, Reading, Skipped
from corpus.reading.visible import visible_words
from corpus.reading.workers import processors, read_with
from corpus.supports import NO_REGION, without_marks
from corpus.text import normalise
from corpus.types import Article, Source

Progress = Callable[[int, int], object]
"""Called with the number of files read so far and of all."""

_MANY = 600  # files; below, starting a second process takes longer than it saves
_LONGEST_NAME = 40  # characters of a text that stand for its title
_ROWS_TOLD = 5  # bad rows of one list that are named
log = logging.getLogger(__name__)


def read(
    paths: Iterable[str | Path] | str | Path,
    *,
    progress: Progress | None = None,
    jobs: int | None = None,
) -> Reading:
    """Everything under the paths. What cannot be read is named in ``skipped``; nothing raises.

    The articles stand in the order of their files' names and of their place in the file, whatever
    the number of ``jobs`` (processes; None: as many as it pays for).
    """
    files, skipped = discover(paths)
    found: list[Article] = []
    count = 0
    for done in read_each(files, progress=progress, jobs=jobs):
        found.extend(done.articles)
        skipped.extend(done.skipped)
        count += bool(done.articles)
    return Reading(tuple(_distinct(found)), tuple(sorted(skipped)), count)


def _distinct(articles: Iterable[Article]) -> Iterator[Article]:
    """The articles with different ids for different texts: two files may share an address."""
    texts: dict[str, str] = {}
    for article in articles:
        if texts.setdefault(article.id, article.sha) != article.sha:
            article = replace(article, id=f"{article.id}~{article.sha[:8]}")
        yield article


def read_each(
    files: Sequence[File], *, progress: Progress | None = None, jobs: int | None = None
) -> Iterator[FileReading]:
    """What each file gives, in the order of ``files``. They are read in other processes, within
    limits: a file that takes too much of anything is skipped. Raises InputError where none can be
    started."""
    if jobs is None:
        jobs = processors() if len(files) >= _MANY else 1
    for number, done in enumerate(read_with(files, jobs), 1):
        yield done
        if progress is not None:
            progress(number, len(files))


def read_file(path: File | str | Path) -> tuple[Article, ...]:
    """The articles of one file. Raises InputError with the reason where it cannot be read."""
    if isinstance(path, File):
        file = path
    else:
        files, skipped = discover(path)
        if skipped or len(files) != 1:
            reason = str(skipped[0]) if skipped else f"{path}：不是单个文件；请给出文件路径"
            raise InputError(reason)
        file = files[0]
    (done,) = read_each([file])
    if not done.articles:
        raise InputError(str(done.skipped[0]))
    return done.articles


def read_one(file: File, opener: Opener, data: bytes | None = None) -> FileReading:
    """One file, whatever is in it: articles, or the reason why there are none. In this process and
    without limits of time and memory: for ``worker``, which sets them. ``data``: its content, where
    it lies on another machine."""
    try:
        done = _reading(file, opener.read(file) if data is None else data)
        limits.check_text(done.articles)
    except InputError as error:
        return FileReading(file, (), (Skipped(file.where, str(error)),))
    except MemoryError:
        return FileReading(file, (), (limits.too_large(file),))
    except Exception as error:
        # A library's own failure on a broken file must not stop the reading of all the others.
        log.info("reading %s failed", file.where, exc_info=True)
        reason = f"读取时出错（{type(error).__name__}）；请检查文件或另存为文本后重试"
        return FileReading(file, (), (Skipped(file.where, reason),))
    if not done.articles:
        return FileReading(file, (), (Skipped(file.where, "没有可用的正文；请检查文件内容"),))
    return replace(done, articles=tuple(map(_in_characters, done.articles)))


def _in_characters(article: Article) -> Article:
    """The article with nothing in it that is no character, and names of one line each, wherever its
    reader had them from."""

    def line(text: str) -> str:
        return normalise(text).replace("\n", " ").strip()

    def source(of: Source) -> Source:
        url = characters(of.url) if isinstance(of.url, str) else None
        return replace(of, publisher=line(of.publisher), name=line(of.name), url=url)

    return replace(
        article,
        id=characters(article.id),
        title=line(article.title) or _first_words(article.text),
        questions=tuple(map(line, article.questions)),
        source=source(article.source),
        sources=tuple(map(source, article.sources)),
    )


def _first_words(text: str) -> str:
    """What names an article whose title was no character at all."""
    return next(filter(None, map(str.strip, text.split("\n"))), "")[:_LONGEST_NAME]


def _rows(file: File, bad: Sequence[str]) -> tuple[Skipped, ...]:
    """What is wrong with a list's rows, the first few by name."""
    told = [Skipped(file.where, reason) for reason in bad[:_ROWS_TOLD]]
    if len(bad) > _ROWS_TOLD:
        told.append(
            Skipped(file.where, f"另有 {len(bad) - _ROWS_TOLD} 行有同样的问题；请检查该文件")
        )
    return tuple(told)


def _reading(file: File, data: bytes) -> FileReading:
    """What the bytes of a file give, and how much of what they show: ours as they are, others with
    the trust that they were given."""
    if not data.strip():
        raise InputError("文件是空的；请重新保存后重试")
    kind = told_kind(file.kind, data)
    if kind in (".md", ".markdown"):
        text = limits.check_raw(decode(data))
        if is_article(text):
            if file.trust == "own" and kind == ".md":
                return FileReading(file, (_own(file, text),))
            data = without_marks(text).encode("utf-8")
    held = content(kind, data, _name(file))
    made = listed(held.pages, file) if held.parts else articles(held.pages[0], file)
    read_by = next((page.read_by for page in held.pages if page.read_by), "")
    found = tuple(stamped(replace(article, read_by=read_by), file) for article in made.articles)
    told = coverage(held.words or visible_words(kind, data), found, made.aside)
    left = tuple(dict.fromkeys(what for page in held.pages for what in page.left))
    visible = told.visible + PAGE * sum(page.unread for page in held.pages)
    return FileReading(file, found, _rows(file, held.bad), visible, told.kept, left, told.left)


def _name(file: File) -> str:
    return (file.member or file.path.name).rsplit("/", 1)[-1]


def _own(file: File, text: str) -> Article:
    """An article of our own corpus: its id comes from its folder's name and its own. Raises
    InputError for one that is not of our form."""
    path = Path(file.where)
    try:
        article = read_article(path, text, root=path.parent.parent)
    except ArticleError as error:
        first = str(error).splitlines()[0].removeprefix(f"{path}:")
        line, _, slip = first.partition(":")
        raise InputError(f"第 {line} 行不合本库文章的格式（{slip.strip()}）；请改正") from error
    region = place_named(article.region)
    if not region:
        raise InputError("front matter 的 region 不是已知的地区；请写 全国，或省、市、县的名称")
    if not all(place_named(report.region) for report in article.reports):
        raise InputError(f"说法不一里有一行的地区不是已知的地区；请写 {NO_REGION}，或其名称")
    return replace(article, region=region)
