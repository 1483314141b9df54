"""What a reader makes of a file, for who wants to see it before it is taken in.

    python -m index show FILE

Title, publisher, date, place, schemes and kind of each article, for whom it is where it says so, its
passages, tables and lists, what was left out and why, and which facts a person corrected. Nothing is
written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from corpus.passages import split
from corpus.reading import FileReading, discover, read_each
from corpus.types import Article, Passage
from index.corrections import KIND_NAMES, NOTHING, Correction
from index.engines import engine_at
from index.ledger import corrections_in
from index.personal import personal_in
from index.qdrant.opening import is_address
from index.sources import place_of

_EXCERPT = 60
_MOST_SHOWN = 40  # passages, rows or left-out lines that are printed; JSON has them all
_ROW = re.compile(
    r"[^：；。\n]{1,40}：[^；\n]{1,400}；[^：；\n]{1,40}：|[^；\n]{1,60}；[^；\n]{1,60}；[^；\n]{1,60}"
)
_KINDS = {"steps": "步骤", "materials": "材料", "place": "地点", "time": "时限", "rule": "规定",
          "definition": "定义", "legal": "依据", "note": "注意"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PassageShown:
    """A passage: what kind it is, the headings over it, its words, how many items it lists."""

    kind: str
    heading: str
    text: str
    items: int


@dataclass(frozen=True, slots=True)
class ArticleShown:
    """An article as it would be taken in. ``tables``: the first row of each and how many it has;
    ``lists``: the first item of each and how many."""

    title: str
    publisher: str
    published: str
    region: str
    schemes: tuple[str, ...]
    kind: str
    audience: tuple[str, ...]
    questions: tuple[str, ...]
    read_by: str
    excerpt: bool
    characters: int
    passages: tuple[PassageShown, ...]
    tables: tuple[str, ...]
    lists: tuple[str, ...]
    personal: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file. ``left``: what was left out with the reason, a line each; ``skipped``: why it, or a
    row of it, could not be read. ``corrected``: the facts that a person set in the store."""

    file: str
    share: float
    doubtful: bool
    articles: tuple[ArticleShown, ...]
    left: tuple[str, ...]
    skipped: tuple[str, ...]
    corrected: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)

    def to_text(self) -> str:
        """Some lines of Chinese."""
        lines = [f"文件：{self.file}"]
        if self.articles:
            doubt = "，存疑：请核对后再使用" if self.doubtful else ""
            lines.append(f"可见文字收录：{self.share:.0%}{doubt}；文章 {len(self.articles)} 篇")
        if self.corrected:
            lines.append(f"已按知识库里的更正显示：{'、'.join(self.corrected)}")
        for number, article in enumerate(self.articles, 1):
            lines += _article_lines(number, article)
        lines += _cut("未收录", self.left)
        lines += _cut("读不了", self.skipped)
        return "\n".join(lines)


def show(path: str | Path, store: str | Path | None = None) -> tuple[FileShown, ...]:
    """Each file at the path, read and not kept, with the facts that a person set of it in the store.
    Raises InputError where nothing is there."""
    files, skipped = discover(path)
    if not files:
        raise InputError(
            "；".join(str(s) for s in skipped) or f"{path}：没有可读的文件；请检查路径"
        )
    corrected = _corrected(store) if store is not None else {}
    shown = tuple(_shown(done, corrected) for done in read_each(files))
    passed = tuple(FileShown(s.path, 0.0, False, (), (), (s.reason,)) for s in skipped)
    return (*shown, *passed)


def _corrected(store: str | Path) -> dict[str, Correction]:
    """What persons corrected, by the place of the file; nothing where there is no store yet."""
    if not is_address(store):
        return corrections_in(Path(store))
    engine = engine_at(store)
    sources = engine.sources() if engine.exists() else {}
    return {place: source.corrected for place, source in sources.items() if source.corrected}


def _shown(done: FileReading, corrected: Mapping[str, Correction]) -> FileShown:
    now = corrected.get(place_of(done.file.where), NOTHING)
    return replace(file_shown(done, now.applied(done.articles)), corrected=now.names)


def file_shown(done: FileReading, articles: Sequence[Article] | None = None) -> FileShown:
    """A reading for people; ``articles``: as they were corrected, where they were."""
    made = done.articles if articles is None else articles
    return FileShown(
        done.file.where,
        round(done.share, 3),
        done.doubtful,
        tuple(map(article_shown, made)),
        (*done.left, *(f"{lost.text}（{lost.why}）" for lost in done.lost)),
        tuple(s.reason for s in done.skipped),
    )


def article_shown(article: Article) -> ArticleShown:
    """One article for people."""
    passages = split(article)
    day = article.source.published
    return ArticleShown(
        title=article.title,
        publisher=article.source.publisher,
        published=day.isoformat() if day else "",
        region=article.region,
        schemes=article.schemes,
        kind=KIND_NAMES[article.kind],
        audience=article.audience,
        questions=article.questions,
        read_by=article.read_by,
        excerpt=article.excerpt,
        characters=len(article.text),
        passages=tuple(map(_passage, passages)),
        tables=tuple(_tables(article.text)),
        lists=tuple(_list(p) for p in passages if len(p.items) > 1 and not _is_table(p)),
        personal=tuple(map(str, personal_in(article.text))),
    )


def _passage(passage: Passage) -> PassageShown:
    heading = " > ".join(passage.heading)
    return PassageShown(_KINDS[passage.kind], heading, passage.text, len(passage.items))


def _tables(text: str) -> list[str]:
    """Runs of lines that are rows: cells with their heads, or cells alone."""
    found = []
    for is_row, lines in groupby(text.split("\n"), lambda line: bool(_ROW.match(line.strip()))):
        rows = list(lines)
        if is_row and len(rows) > 1:
            found.append(f"{len(rows)} 行：{_short(rows[0])}")
    return found


def _is_table(passage: Passage) -> bool:
    """Whether what the passage lists are the cells of a row."""
    text, start = passage.article.text, passage.items[0][0]
    return bool(_ROW.match(text[text.rfind("\n", 0, start) + 1 :]))


def _list(passage: Passage) -> str:
    start, end = passage.items[0]
    first = passage.article.text[start:end]
    return f"{_KINDS[passage.kind]} {len(passage.items)} 项：{_short(first)}"


def _article_lines(number: int, article: ArticleShown) -> list[str]:
    facts = (
        f"发布者：{article.publisher or '未写'}",
        f"日期：{article.published or '未写'}",
        f"地区：{article.region}",
        f"险种：{'、'.join(article.schemes) or '未写明'}",
        f"类型：{article.kind}",
    )
    marks = [f"适用对象：{'、'.join(article.audience)}"] if article.audience else []
    marks += [f"由图片文字识别（{article.read_by}）读出"] if article.read_by else []
    marks += ["原文不完整"] if article.excerpt else []
    lines = [f"{number}.《{article.title}》", "  " + "　".join((*facts, *marks))]
    lines += ["  问法：" + "；".join(article.questions)] if article.questions else []
    shown = [
        f"[{p.kind}] {p.heading + '｜' if p.heading else ''}{_short(p.text)}"
        for p in article.passages
    ]
    for title, items in (("段落", shown), ("表格", article.tables), ("列表", article.lists),
                         ("个人信息", article.personal)):  # fmt: skip
        lines += ["  " + line for line in _cut(title, items)]
    return lines


def _cut(title: str, items: Sequence[str]) -> list[str]:
    if not items:
        return []
    more = [f"  …… 另有 {len(items) - _MOST_SHOWN} 项"] if len(items) > _MOST_SHOWN else []
    return [
        f"{title}（{len(items)}）：",
        *(f"  {_short(i, 160)}" for i in items[:_MOST_SHOWN]),
        *more,
    ]


def _short(text: str, most: int = _EXCERPT) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[:most]}…"
