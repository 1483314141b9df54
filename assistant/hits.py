"""``Hits``: what ``retrieve`` gives. A sequence of ``Hit`` that shows itself as a table."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, overload

from corpus.types import Article
from index.types import Hit

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 120


def dated(article: Article) -> date | None:
    """The day of an article's words: of its publishing, of their checking where they are ours."""
    return article.checked if article.own else article.source.published


@dataclass(frozen=True, slots=True)
class Hits(Sequence[Hit]):
    """The hits of ``question``, best first; ``note`` tells when they may not answer, and when nothing
    of the asked place exists."""

    question: str
    hits: tuple[Hit, ...]
    note: str = ""

    def __len__(self) -> int:
        return len(self.hits)

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Hit]: ...
    def __getitem__(self, index: int | slice) -> Hit | Sequence[Hit]:
        return self.hits[index]

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def rows(self) -> list[dict[str, object]]:
        """One flat row a hit: rank, score, title, heading, kind, region, source, date, text."""
        return [
            {
                "rank": rank,
                "score": hit.score,
                "title": hit.passage.article.title,
                "heading": " / ".join(hit.passage.heading),
                "kind": hit.passage.kind,
                "schemes": "、".join(hit.passage.article.schemes),
                "region": hit.passage.article.region,
                "publisher": hit.passage.article.author,
                "date": dated(hit.passage.article),
                "excerpt": hit.passage.article.excerpt,
                "text": hit.passage.text,
            }
            for rank, hit in enumerate(self.hits, 1)
        ]

    def to_frame(self) -> pd.DataFrame:
        """The rows as a pandas DataFrame."""
        import pandas as pd

        frame: pd.DataFrame = pd.DataFrame(self.rows())
        return frame

    def _repr_html_(self) -> str:
        """A table; every word of a source is escaped."""
        head = ("", "分数", "题目", "内容", "地区", "来源", "日期")
        note = f"<br>{html.escape(self.note)}" if self.note else ""
        body = []
        for row in self.rows():
            text = str(row["text"])
            cells = (
                row["rank"],
                f"{hit_score:.3f}" if isinstance(hit_score := row["score"], float) else "",
                row["title"],
                text[:SHOWN] + ("……" if len(text) > SHOWN else ""),
                row["region"],
                row["publisher"],
                row["date"] or "未注明",
            )
            body.append("".join(f"<td>{html.escape(str(c))}</td>" for c in cells))
        return (
            f"<table><caption>{html.escape(self.question)}{note}</caption><thead><tr>"
            + "".join(f"<th>{h}</th>" for h in head)
            + "</tr></thead><tbody>"
            + "".join(f"<tr>{cells}</tr>" for cells in body)
            + "</tbody></table>"
        )
