"""What a refresh made of each file that it read, and what in it needs a person's eye.

The order is that of need: files of which too little was kept, then personal data, then what a machine
read off a picture, then articles without a publisher or a date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.reading import FileReading
from corpus.reading.types import FLOOR
from corpus.types import Article
from index.personal import personal_in

_PERSONS = 10  # pieces of personal data of a file that are named; all others are counted


@dataclass(frozen=True, slots=True)
class ArticleTaken:
    """An article by what a reader knows it by; "" and None where the file does not say."""

    title: str
    publisher: str = ""
    published: date | None = None
    region: str = ""

    @classmethod
    def of(cls, article: Article) -> ArticleTaken:
        source = article.source
        return cls(article.title, source.publisher, source.published, article.region)

    @property
    def lacks(self) -> tuple[str, ...]:
        """What it does not say."""
        said = (("发布者", self.publisher), ("日期", self.published))
        return tuple(name for name, value in said if not value)

    def __str__(self) -> str:
        day = self.published.isoformat() if self.published else "未写日期"
        return f"《{self.title}》｜{self.publisher or '未写发布者'}｜{day}｜{self.region}"


@dataclass(frozen=True, slots=True)
class Taken:
    """A file and its articles. ``share``: of its visible text, how much became articles."""

    place: str
    articles: tuple[ArticleTaken, ...] = ()
    share: float = 1.0
    personal: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    read_by: str = ""
    corrected: bool = False

    @classmethod
    def of(
        cls, place: str, reading: FileReading, articles: Sequence[Article], *, corrected: bool
    ) -> Taken:
        """Of a reading; ``articles`` as they were taken in."""
        return cls(
            place,
            tuple(map(ArticleTaken.of, articles)),
            round(reading.share, 3),
            tuple(_personal(articles)),
            reading.left,
            next((a.read_by for a in articles if a.read_by), ""),
            corrected,
        )

    @property
    def doubtful(self) -> bool:
        """Whether too little of it was kept for it to count as read."""
        return self.share < FLOOR

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why a person should look at it, in words; () where nothing speaks for it."""
        found = []
        if self.doubtful:
            found.append(f"只有 {self.share:.0%} 的可见文字成为文章，请用 show 命令核对后再使用")
        if self.personal:
            found.append(f"含个人信息 {len(self.personal)} 处")
        if self.read_by:
            found.append(f"由图片文字识别（{self.read_by}）读出，可能有错字")
        return tuple(found)

    @property
    def need(self) -> tuple[int, float, int]:
        """For sorting: the more it needs a person's eye, the smaller."""
        rank = 0 if self.doubtful else 1 if self.personal else 2 if self.read_by else 3
        lacks = max((len(a.lacks) for a in self.articles), default=0)
        return rank, self.share if self.doubtful else 1.0, -lacks


def lines_of(files: Iterable[Taken]) -> list[str]:
    """A line an article, those first that need a person's eye."""
    found = []
    for file in sorted(files, key=lambda f: (f.need, f.place)):
        doubts = "；".join(file.doubts)
        for article in file.articles:
            lacks = f"缺{'、'.join(article.lacks)}" if article.lacks else ""
            told = "；".join(filter(None, (doubts, lacks, "已更正" if file.corrected else "")))
            name = file.place.rsplit("/", 1)[-1]
            found.append(f"{article}｜{name}" + (f"　〔{told}〕" if told else ""))
    return found


def _personal(articles: Sequence[Article]) -> list[str]:
    found = [
        f"《{article.title}》{one}"
        for article in articles
        if not article.own
        for one in personal_in(article.text)
    ]
    more = [f"另有 {len(found) - _PERSONS} 处"] if len(found) > _PERSONS else []
    return [*found[:_PERSONS], *more]
