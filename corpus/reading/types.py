"""What goes in and out of the reading, and the page between the two.

path -> File -> bytes -> Page (lines and facts) -> Article
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from corpus.errors import InputError
from corpus.given import readable
from corpus.types import Article, ArticleKind, Audience, Scheme

Trust = Literal["own", "national", "policy", "agency", "web"]
"""What whoever took a file in says of it: ours (it lies among our own articles), a rule of the
country, a document of a city or province, an office's page, anything else. No file says it of
itself."""

PAGE = 400
"""Characters that count as visible for a page that holds a picture and was not read."""
FLOOR = 0.65
"""Share of a file's visible text below which its reading is doubtful: of 55 real documents those
that were read well come to .72 (a page saved as Markdown with all its menus) and more, one whose
article was missed to .11."""

Zone = Literal["main", "outside", "footer"]
"""Where on the page a line stands: in its article, beside it (navigation, margin), at its foot."""


@dataclass(frozen=True, slots=True, order=True)
class File:
    """A file to read: on the disk, or inside an archive on the disk.

    ``name`` is its identity: its path below the folder that was given, with ``/`` (for a member of
    an archive, the archive's name comes first). ``stamp`` changes when its content changes: size
    and time of a file, size and checksum of a member. ``trust`` and ``brought``: how far it is
    believed, and the door through which others than the operator brought it, or "".
    """

    name: str
    path: Path
    member: str = ""
    size: int = 0
    stamp: str = ""
    trust: Trust = "web"
    brought: str = ""

    @property
    def kind(self) -> str:
        """The last part of its name, in lower case: ``.html``."""
        return Path(self.member or self.path.name).suffix.lower()

    @property
    def where(self) -> str:
        """As a person finds it: the path, and the member's name behind it."""
        return readable(f"{self.path}/{self.member}" if self.member else str(self.path))


@dataclass(frozen=True, slots=True, order=True)
class Skipped:
    """Something that could not be read. ``reason`` is one sentence of Chinese with the mend.

    ``missing``: nothing is there, neither a file nor a match of a pattern; who gave the path may
    want to stop over that.
    """

    path: str
    reason: str
    missing: bool = False

    def __str__(self) -> str:
        return f"{self.path}：{self.reason}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stretch of a file's visible words that is in no article, and why."""

    text: str
    why: str


class PicturesError(InputError):
    """A document that holds pictures and no words: OCR may read it."""


@dataclass(frozen=True, slots=True)
class FileReading:
    """What one file gave. ``skipped`` names the file, or rows of a list of questions.

    ``visible``: characters that a reader of the file sees (letters, digits and Chinese characters,
    without links and navigation); ``kept``: those of them that became articles or facts. ``left``:
    what the reader of the format left out and why, a sentence each; ``lost``: visible words that
    are in no article, the first 200 stretches.
    """

    file: File
    articles: tuple[Article, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    visible: int = 0
    kept: int = 0
    left: tuple[str, ...] = ()
    lost: tuple[LeftOut, ...] = ()

    @property
    def share(self) -> float:
        """The part of the visible text that was kept, 1.0 where nothing is known of it."""
        return min(1.0, self.kept / self.visible) if self.visible else 1.0

    @property
    def doubtful(self) -> bool:
        """Whether so much was left out that nobody should take the file as read."""
        return bool(self.articles) and self.share < FLOOR


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reading gave: articles by file and place in it, what was skipped, files read."""

    articles: tuple[Article, ...]
    skipped: tuple[Skipped, ...]
    read: int

    def to_dict(self) -> dict[str, object]:
        """For JSON: how many were read, how many articles that gave, what was skipped and why."""
        return {
            "read": self.read,
            "articles": len(self.articles),
            "skipped": [{"path": s.path, "reason": s.reason} for s in self.skipped],
        }


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page as light Markdown. ``heading`` is its level, 0 for other lines.

    ``link``: nothing but a link. ``ends``: the block of related items before this line is over.
    ``question``: the page's own markup says that this asks and the next lines answer.
    """

    text: str
    heading: int = 0
    zone: Zone = "main"
    link: bool = False
    ends: bool = False
    question: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page says about itself outside its text; empty where it does not.

    ``title`` is sure. ``hint`` is what the page's head calls it, which may be the name of a column
    or of the site.
    """

    title: str = ""
    hint: str = ""
    publisher: str = ""
    url: str | None = None
    published: date | None = None
    effective: date | None = None
    retrieved: date | None = None
    region: str = ""
    schemes: tuple[Scheme, ...] = ()
    kind: ArticleKind | None = None
    audience: tuple[Audience, ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A file's lines and facts, whatever its format was.

    ``left``: what the reader left out and why. ``read_by``: 「OCR」 where a machine read it off a
    picture. ``words``: what it shows, where its reader knows that best (a row, a sheet, a PDF).
    ``aside``: what frames those words and is rightly in no line: running heads, watermarks.
    ``unread``: pages that hold pictures alone.
    """

    lines: tuple[Line, ...]
    facts: Facts = field(default_factory=Facts)
    left: tuple[str, ...] = ()
    read_by: str = ""
    words: str = ""
    aside: tuple[str, ...] = ()
    unread: int = 0
