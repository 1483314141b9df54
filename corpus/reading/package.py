"""The parts of a zipped document (.xlsx, .pptx, .epub, .ofd), read within bounds.

XML is parsed without a network, without a DTD and with no entity resolved; macros, pictures and
whatever else lies in the archive are never touched.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from corpus.errors import InputError
from corpus.reading.archives import objection, read_member

LARGEST_PART = 60_000_000  # bytes of XML, unpacked
_MOST_PARTS = 20_000  # a book of 1,000 pages has 5,000
_DEEPEST = 200  # elements within each other


class Package:
    """A document that is a zip archive; ``what`` names it in messages (Excel 文件)."""

    def __init__(self, archive: zipfile.ZipFile, what: str) -> None:
        self._archive = archive
        self._names = {name.lower().lstrip("/"): name for name in archive.namelist()}
        self.what = what

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._names.values())

    def bytes_of(self, name: str) -> bytes | None:
        """A part's bytes, None where there is no such part. Raises InputError for a bomb."""
        real = self._names.get(name.lower().lstrip("/"))
        if real is None:
            return None
        info = self._archive.getinfo(real)
        if reason := objection(info, LARGEST_PART):
            raise InputError(reason)
        return read_member(self._archive, info, LARGEST_PART)

    def xml(self, name: str) -> etree._Element | None:
        """A part as a tree, None where there is no such part or nothing in it."""
        data = self.bytes_of(name)
        if data is None or not data.strip():
            return None
        try:
            root = etree.fromstring(data, parser())
        except etree.LxmlError as error:
            raise InputError(self.broken) from error
        if root is not None:
            _check_depth(root, self.what)
        return root

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: id -> (last word of the type, name of the part)."""
        folder, base = posixpath.split(name)
        root = self.xml(f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels")
        found: dict[str, tuple[str, str]] = {}
        for link in root.iter("{*}Relationship") if root is not None else ():
            target = link.get("Target") or ""
            if link.get("TargetMode") == "External" or not target:
                continue
            place = target if target.startswith("/") else posixpath.join(folder, target)
            kind = (link.get("Type") or "").rsplit("/", 1)[-1]
            found[link.get("Id") or ""] = (kind, posixpath.normpath(place).lstrip("/"))
        return found

    def main(self, default: str) -> str:
        """The document's main part: what the package says, whatever it is called."""
        for kind, name in self.related("").values():
            if kind == "officeDocument":
                return name
        return default

    @property
    def broken(self) -> str:
        return f"{self.what}已损坏或不完整；请重新下载或另存后重试"


def parser() -> etree.XMLParser:
    """For XML of others: no network, no DTD, no entity resolved, broken places passed over."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )


@contextmanager
def package(data: bytes, what: str) -> Iterator[Package]:
    """The document in the bytes. Raises InputError where it is none."""
    broken = f"{what}已损坏或不完整；请重新下载或另存后重试"
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise InputError(broken) from error
    with archive:
        if len(archive.infolist()) > _MOST_PARTS:
            raise InputError(f"{what}内的部件超过 {_MOST_PARTS} 个，已跳过；请拆分后重试")
        yield Package(archive, what)


def local(element: etree._Element) -> str:
    """The name of an element without its namespace: transitional and strict files differ there."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _check_depth(root: etree._Element, what: str) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise InputError(f"{what}结构嵌套过深，已跳过；请另存后重试")
