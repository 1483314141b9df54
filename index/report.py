"""What a refresh did, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from corpus.reading.types import Skipped
from corpus.types import Article
from index.taken import Taken, lines_of

_SHOWN = 20
_ARTICLES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Changes:
    """Names of what came, changed and went, and how many stayed as they were."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def __str__(self) -> str:
        counts = (len(self.added), len(self.changed), len(self.removed), self.unchanged)
        return "新增 {}，更改 {}，移除 {}，未变 {}".format(*counts)


@dataclass(frozen=True, slots=True)
class Folded:
    """An article that is not shown by itself: ``into``, by ``by``, says the same."""

    title: str
    publisher: str
    into: str
    by: str

    @classmethod
    def of(cls, article: Article, into: Article) -> Folded:
        return cls(article.title, article.author, into.title, into.author)

    def __str__(self) -> str:
        return f"{_named(self.title, self.publisher)}并入{_named(self.into, self.by)}"


@dataclass(frozen=True, slots=True)
class Renamed:
    """An article whose id another source has: ``id`` is what it is known by."""

    title: str
    publisher: str
    id: str

    def __str__(self) -> str:
        return f"{_named(self.title, self.publisher)}的编号已有另一来源，改为 {self.id}"


@dataclass(frozen=True, slots=True)
class Withheld:
    """A sentence of ours that is not used, because all that it rests on went; ``whole``: and the
    article with it."""

    title: str
    text: str
    whole: bool = False

    def __str__(self) -> str:
        return f"《{self.title}》{'（全文）' if self.whole else ''}：{self.text}"


def _named(title: str, publisher: str) -> str:
    return f"《{title}》（{publisher}）" if publisher else f"《{title}》"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check question got: the id of its first hit's article ("" for none), and the status
    (``answered`` or ``refused``); that article's title and the hash of its text."""

    first: str
    status: str
    title: str = ""
    sha: str = ""

    def like(self, other: Outcome) -> bool:
        """The same status and the same article: a file that was renamed says what it said."""
        same = self.first == other.first or (self.sha != "" and self.sha == other.sha)
        return same and self.status == other.status

    def __str__(self) -> str:
        return f"《{self.title or self.first}》" if self.first else "没有回答"


@dataclass(frozen=True, slots=True)
class CheckChange:
    """A check question that now has another first hit or another status."""

    question: str
    before: Outcome
    after: Outcome

    def __str__(self) -> str:
        return f"{self.question}：{self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a refresh did, or would do (``dry_run``).

    ``articles`` and ``files``: what came, changed and went. ``merged``: how many articles are
    folded into another that says the same; ``folded`` and ``renamed`` name those among what was
    looked at now, ``withheld`` the sentences of ours there whose sources went. ``skipped``: what could not be read, with the reason; an
    earlier reading of it is kept. ``taken``: what was made of each file that was read now. ``passages``: how many the store holds now; ``embedded``: texts
    that were turned into vectors. ``switched``: a new generation became current.
    """

    generation: str
    articles: Changes = field(default_factory=Changes)
    files: Changes = field(default_factory=Changes)
    merged: int = 0
    folded: tuple[Folded, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    taken: tuple[Taken, ...] = ()
    passages: int = 0
    statutes: int = 0
    embedded: int = 0
    seconds: float = 0.0
    checks: tuple[CheckChange, ...] = ()
    dry_run: bool = False
    switched: bool = False

    @property
    def added(self) -> int:
        return len(self.articles.added)

    @property
    def changed(self) -> int:
        return len(self.articles.changed)

    @property
    def removed(self) -> int:
        return len(self.articles.removed)

    @property
    def unchanged(self) -> int:
        return self.articles.unchanged

    @property
    def status(self) -> str:
        """``ok``, ``partly`` (something was skipped, or so little of a file was kept that it does not
        count as read) or ``failed`` (all that was given was skipped)."""
        if not self.skipped:
            return "partly" if self.doubtful else "ok"
        f = self.files
        return "partly" if f or f.unchanged or self.articles else "failed"

    @property
    def doubtful(self) -> tuple[Taken, ...]:
        """Files of which too little was kept."""
        return tuple(file for file in self.taken if file.doubtful)

    @property
    def exit_code(self) -> int:
        """0, 1 or 2, for ``status``."""
        return {"ok": 0, "partly": 1, "failed": 2}[self.status]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: the counts at the top, the names below them."""
        counts: Mapping[str, Any] = {
            "status": self.status,
            "added": self.added,
            "changed": self.changed,
            "removed": self.removed,
            "unchanged": self.unchanged,
        }
        return {**counts, **asdict(self)}

    def to_text(self) -> str:
        """Some lines of Chinese: what happened, then what needs a person's eye."""
        lines = ["试运行，没有写入任何内容。"] if self.dry_run else []
        lines.append(f"文章：{self.articles}；合并重复 {self.merged}。")
        lines.append(f"文件：{self.files}；跳过 {len(self.skipped)}。")
        lines.append(
            f"知识库共 {self.passages} 个段落、{self.statutes} 条法条；"
            f"新计算向量 {self.embedded} 个；用时 {self.seconds:.1f} 秒。"
        )
        lines += _list("跳过", [str(s) for s in self.skipped])
        lines += _list("存疑", [f"{f.place}：{f.doubts[0]}" for f in self.doubtful])
        lines += _list("含个人信息，请确认可以公开", list(_personal(self.taken)))
        lines += _list("读出的文章", lines_of(self.taken), _ARTICLES_SHOWN)
        lines += _list("并入另一篇", [str(f) for f in self.folded])
        lines += _list("编号重复", [str(r) for r in self.renamed])
        lines += _list("来源已移除，暂不使用", [str(w) for w in self.withheld])
        lines += _list("检查问题的结果有变", [str(c) for c in self.checks])
        lines.append(f"{self._state()}：{self.generation[:16]}")
        return "\n".join(lines)

    def _state(self) -> str:
        if self.dry_run:
            return "刷新后将是"
        return "现为新的一代" if self.switched else "内容没有变化"

    def __str__(self) -> str:
        return self.to_text()


def _personal(files: Iterable[Taken]) -> Iterator[str]:
    return (f"{file.place}：{one}" for file in files for one in file.personal)


def _list(title: str, items: Sequence[str], shown: int = _SHOWN) -> list[str]:
    if not items:
        return []
    more = [f"  …… 另有 {len(items) - shown} 项"] if len(items) > shown else []
    return [f"{title}（{len(items)}）：", *(f"  {item}" for item in items[:shown]), *more]
