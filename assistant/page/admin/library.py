"""What the admin corner keeps: files that came by upload, and a list of what the store was made of.

An upload is checked here by name, size and content before a reader sees it; the reader then
says what it could not read. Uploaded files stay in a folder of their own, so that a store can be
built again from them.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import InputError
from index.corrections import KIND_NAMES, NOTHING, Correction
from index.engine import Engine
from index.ledger import parse

TEXT_KINDS = (".md", ".txt", ".html", ".htm", ".mhtml", ".jsonl", ".json", ".csv")
KINDS = (
    *TEXT_KINDS, ".docx", ".doc", ".wps", ".rtf", ".odt", ".pdf", ".ofd", ".pptx", ".ppt", ".xlsx",
    ".xls", ".epub", ".png", ".jpg",
)  # fmt: skip
MOST_FILES = 50
_LONGEST_NAME = 80
_ZIP = b"PK\x03\x04"
_STARTS = {".pdf": b"%PDF-", **dict.fromkeys((".docx", ".xlsx", ".pptx", ".epub", ".ofd"), _ZIP)}


@dataclass(frozen=True, slots=True)
class Kept:
    """One file that the store holds articles of. ``place`` is what ``refresh`` knows it by;
    ``schemes`` and ``kind`` (问答 …) are those of its first article; ``own``: it is ours;
    ``corrected``: what a person set of its facts."""

    place: str
    titles: tuple[str, ...]
    publisher: str
    published: str
    region: str
    brought: str = ""
    schemes: tuple[str, ...] = ()
    kind: str = KIND_NAMES["faq"]
    own: bool = False
    corrected: Correction = NOTHING

    @property
    def facts(self) -> tuple[str, ...]:
        """Of its first article, in the order of the form that corrects them."""
        title = self.titles[0] if self.titles else ""
        schemes = "、".join(self.schemes)
        return title, self.publisher, self.published, self.region, schemes, self.kind


Library = Callable[[], Sequence[Kept]]


def of_engine(engine: Engine) -> tuple[Kept, ...]:
    """What the current generation was made of, a row a file, by place."""
    rows = []
    for _, source in sorted(engine.sources().items()):
        articles = tuple(parse(source.articles))
        if articles:
            first = articles[0]
            dated = first.source.published
            rows.append(
                Kept(
                    place=str(source.path / source.member),
                    titles=tuple(a.title for a in articles),
                    publisher=first.source.publisher,
                    published=dated.isoformat() if dated else "",
                    region=first.region,
                    brought=first.source.brought,
                    schemes=first.schemes,
                    kind=KIND_NAMES[first.kind],
                    own=first.own,
                    corrected=source.corrected,
                )
            )
    return tuple(rows)


def safe_name(name: str) -> str:
    """A file name of letters, digits, Chinese characters, ``.``, ``_`` and ``-`` only, at most some
    90 long, never hidden, its ending kept. One that had to be changed carries a piece of the hash
    of what it was, so that two names never become one. Raises InputError for a kind that is not
    read."""
    base = re.split(r"[\\/]", name)[-1]
    stem, dot, ending = base.rpartition(".")
    ending = (dot + ending).lower()
    if ending not in KINDS:
        raise InputError(f"不认识的文件类型「{ending or '无扩展名'}」；能读取 {'、'.join(KINDS)}")
    plain = unicodedata.normalize("NFC", stem)
    clean = re.sub(r"[^\w\-.]+", "_", plain).strip("._")[:_LONGEST_NAME].strip("._") or "文件"
    return clean + ending if clean + ending == base else marked(clean, base) + ending


def marked(stem: str, whole: str) -> str:
    """The stem with a piece of the hash of a whole name."""
    told = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{stem}-{told[:8]}"


def checked(path: Path, name: str, *, most_bytes: int) -> bytes:
    """The bytes of an upload. Raises InputError where it is too large, empty, or not what its name
    says."""
    ending = Path(name).suffix
    size = path.stat().st_size
    if size > most_bytes:
        raise InputError(f"文件太大：{size} 字节，最多 {most_bytes} 字节")
    data = path.read_bytes()
    if not data.strip():
        raise InputError("文件是空的")
    if ending in TEXT_KINDS and b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("不是文本文件")
    if ending in _STARTS and not data.startswith(_STARTS[ending]):
        raise InputError(f"内容不是 {ending} 文件")
    return data


def place_in(folder: Path, name: str, others: Iterable[str] = ()) -> Path:
    """Where a file of that name lies, or will. Where names differ only in case, the later one gets
    another: to some file systems they are one. ``others``: names that are to lie there too."""
    names = (*_names(folder), *others)
    alike = {n for n in names if n != name and n.casefold() == name.casefold()}
    if not alike:
        return folder / name
    return folder / (marked(Path(name).stem, name) + Path(name).suffix)


def _names(folder: Path) -> Iterator[str]:
    return (entry.name for entry in folder.iterdir()) if folder.is_dir() else iter(())


def keep(folder: Path, name: str, data: bytes) -> Path:
    """Write a file whole or not at all; one of the same name is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    target = place_in(folder, name)
    beside = folder / f".{secrets.token_hex(6)}.part"
    beside.write_bytes(data)
    os.replace(beside, target)
    return target
