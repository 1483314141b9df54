"""Which file gave which articles: what is read again at a refresh, and what a removal takes away.

A file is known by where it lies (below the project's folder where it lies in it, so that a store
may move with its checkout), its content by its hash. What a file gave is kept as it was read,
before doubles are merged, so that taking one of two doubles away leaves the other.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from corpus.errors import InputError
from corpus.given import path_given, readable
from corpus.reading import File, Skipped, Trust, discover
from corpus.reading.finding import is_hidden
from corpus.reading.version import READER_VERSION
from corpus.settings import ROOT
from corpus.types import Article
from index.corrections import NOTHING, Correction
from index.ingest.alone import Alone
from index.ingest.types import Crew, FilesDone
from index.overlay import Overlay
from index.records import decode, dumps
from index.report import Changes
from index.taken import ArticleTaken, Taken

_ROOT = str(ROOT)
_AT_ONCE = 4_000_000  # bytes
_PROJECT = readable(_ROOT.replace(os.sep, "/"))
_NONE: Mapping[str, Correction] = {}
_SAME: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as it was read. ``place``: where it lies; ``name``: its identity in article ids,
    kept from its first reading; ``sha``: of its content; ``reader``: version that read it;
    ``articles``: a line of JSON each (``index.records``), read and parsed only by who needs them;
    ``trust`` and ``brought``: as it was taken in (``corpus.reading.trust``); ``corrected``: what a
    person set of its facts, in ``articles`` already."""

    place: str
    name: str
    sha: str
    reader: str
    articles: Sequence[bytes]
    member: str = ""
    trust: Trust = "web"
    brought: str = ""
    corrected: Correction = NOTHING

    @property
    def path(self) -> Path:
        """The file on this machine, or the archive it is in."""
        outer = self.place[: -len(self.member) - 1] if self.member else self.place
        return ROOT / outer


Sources = Mapping[str, SourceFile]


@dataclass(frozen=True, slots=True)
class Scan:
    """The sources as they are now, by place; how they differ from before; what was skipped; what
    was made of the files that were read now."""

    sources: Sources
    changes: Changes
    skipped: tuple[Skipped, ...] = ()
    taken: tuple[Taken, ...] = ()


def place_of(path: Path | str) -> str:
    """Where a path lies: below the project's folder, or on this machine; with ``/``."""
    whole = os.path.abspath(os.path.expanduser(path))
    if whole.startswith(_ROOT + os.sep):
        whole = whole[len(_ROOT) + 1 :]
    return readable(whole.replace(os.sep, "/"))


@dataclass(frozen=True, slots=True)
class Provenance:
    """How far files are believed. ``own``: the folder of our own articles; ``trust``: what the
    operator says of the files given now, None where nothing: known ones then keep theirs;
    ``brought``: the door through which others brought them, or ""; ``edited``: the folder of what
    the operator made of our articles (``index.overlay``), None where there is none."""

    own: Path
    trust: Trust | None = None
    brought: str = ""
    edited: Path | None = None

    @property
    def overlay(self) -> Overlay | None:
        """What stands for files of ours; None where nothing was edited, so that nobody looks."""
        edited = self.edited
        return Overlay(self.own, edited) if edited is not None and edited.is_dir() else None

    def of(self, file: File, place: str, before: SourceFile | None) -> File:
        """The file as it is to be read; ``place``: where it lies, or is to lie."""
        if not file.member and _below(place, place_of(self.own)):
            return replace(file, trust="own")
        if before is None or before.trust == "own":
            return replace(file, trust=self.trust or "web", brought=self.brought)
        return replace(
            file, trust=self.trust or before.trust, brought=self.brought or before.brought
        )


def remove(paths: Sequence[str | Path], known: Sources) -> Scan:
    """Without the files at or below the paths (patterns allowed). The files themselves may be gone
    already. A path that is known as it is written is no pattern, whatever characters it has.

    Raises InputError for a path of which the store holds nothing."""
    gone: set[str] = set()
    for path in paths:
        root = place_of(path_given(path))
        found = {place for place in known if _below(place, root)}
        if not found and glob.has_magic(root):
            pattern = _pattern(root)
            found = {place for place in known if pattern.match(place)}
        if not found:
            told = readable(str(path))
            raise InputError(f"知识库里没有来自 {told} 的文章：请检查路径（与刷新时相同）。")
        gone |= found
    kept = {place: source for place, source in known.items() if place not in gone}
    return Scan(kept, Changes(removed=tuple(sorted(gone)), unchanged=len(kept)))


def scan(
    paths: Sequence[str | Path],
    known: Sources,
    provenance: Provenance,
    *,
    progress: FilesDone | None = None,
    crew: Crew | None = None,
    corrections: Mapping[str, Correction] = _NONE,
    stands_for: Mapping[str, str] = _SAME,
) -> Scan:
    """Read what is new or other at the paths; what is gone from a folder that is given goes.

    ``corrections``: by place, what a person set of a file's facts now; what was set before holds on.
    A file that is not read now is corrected as it was read. ``stands_for``: for a trial, the place
    where a given file would lie, by where it lies. ``crew``: who reads; without one this process.

    What cannot be read is skipped, and what was read of it before is kept. Raises InputError for a
    path that does not exist.
    """
    for path in map(path_given, paths):
        if not os.path.lexists(path) and not glob.has_magic(str(path)):
            raise InputError(
                f"路径不存在：{readable(str(path))}。"
                "请检查写法；若要移除已收录的文件，请加 --remove。"
            )

    overlay = provenance.overlay

    def place_for(file: File) -> str:
        under = overlay.under(file.path) if overlay is not None and not file.member else None
        place = place_of(under) if under is not None else _place(file)
        return stands_for.get(place, place)

    files, skipped = discover(paths)
    if overlay is not None:
        files = overlay.laid(files, map(path_given, paths))
    places = {place_for(file): file for file in files}
    given = {p: provenance.of(file, p, known.get(p)) for p, file in places.items()}
    vanished = _vanished(paths, known, given, skipped)
    current = {place: source for place, source in known.items() if place not in vanished}
    corrected = {p: _corrected(p, corrections, known) for p in {*given, *current}}
    todo = dict(_to_read(given, known, corrected))
    todo.update(_outdated(current, given, provenance))
    failed, changed = set(), set()
    taken: list[Taken] = []
    wanted = [file for file, _ in todo.values()]
    for done in (crew or Alone()).read(wanted, progress=progress):
        place = place_for(done.file)
        skipped.extend(done.skipped)
        if not done.articles:
            failed.add(place)
            continue
        articles = corrected[place].applied(done.articles)
        if done.file.trust != "own":
            taken.append(Taken.of(place, done, articles, corrected=bool(corrected[place])))
        source = SourceFile(
            place,
            done.file.name,
            todo[place][1],
            READER_VERSION,
            tuple(dumps(article).encode("utf-8") for article in articles),
            readable(done.file.member),
            done.file.trust,
            done.file.brought,
            corrected[place],
        )
        if current.get(place) != source:
            changed.add(place)
        current[place] = source
    for place in corrections.keys() & current.keys():
        if current[place].corrected != corrected[place]:
            current[place], told = _corrected_again(current[place], corrected[place])
            taken.append(told)
            changed.add(place)
    changes = Changes(
        added=tuple(sorted(changed - known.keys())),
        changed=tuple(sorted(changed & known.keys())),
        removed=tuple(sorted(vanished)),
        unchanged=len(current.keys() - changed - failed),
    )
    return Scan(current, changes, tuple(sorted(set(skipped))), tuple(taken))


def _corrected(place: str, now: Mapping[str, Correction], known: Sources) -> Correction:
    before = known[place].corrected if place in known else NOTHING
    return now[place].over(before) if place in now else before


def _corrected_again(source: SourceFile, correction: Correction) -> tuple[SourceFile, Taken]:
    """A file as it was read before, with other facts: it may lie nowhere any more."""
    read = [decode(Article, json.loads(line)) for line in source.articles]
    articles = correction.applied(read)
    lines = tuple(dumps(article).encode("utf-8") for article in articles)
    told = Taken(source.place, tuple(map(ArticleTaken.of, articles)), corrected=True)
    return replace(source, articles=lines, corrected=correction), told


def _to_read(
    given: Mapping[str, File], known: Sources, corrected: Mapping[str, Correction]
) -> Iterator[tuple[str, tuple[File, str]]]:
    """The files whose content is not known, each with its hash; a known one keeps its name."""
    for place, file in given.items():
        before = known.get(place)
        sha = _hash(file)
        if before is None:
            yield place, (file, sha)
        elif (
            not sha
            or before.sha != sha
            or before.reader != READER_VERSION
            or not _alike(before, file)
            or before.corrected != corrected[place]
        ):
            yield place, (replace(file, name=before.name), sha)


def _alike(before: SourceFile, file: File) -> bool:
    return (before.trust, before.brought) == (file.trust, file.brought)


def _outdated(
    current: Sources, given: Mapping[str, File], provenance: Provenance
) -> dict[str, tuple[File, str]]:
    """Files that were not given, but were read by another version of the reader and lie there
    unchanged."""
    found, overlay = {}, provenance.overlay
    for place, source in current.items():
        known = not source.sha or source.reader == READER_VERSION  # "" is the content of no file
        if not known and place not in given and not source.member:
            path = overlay.over(source.path) if overlay else source.path
            file = provenance.of(File(source.name, path), place, source)
            if _hash(file) == source.sha:
                found[place] = (file, source.sha)
    return found


def _vanished(
    paths: Iterable[str | Path], known: Sources, given: Mapping[str, File], skipped: list[Skipped]
) -> set[str]:
    """Known files below a given path that are there no more; what could not be looked at stays."""
    roots = [place_of(path) for path in paths]
    unseen = [place_of(s.path) for s in skipped]
    found: set[str] = set()
    for root in roots:
        below = _all_below(root, known.keys() - given.keys())
        found.update(place for place in below if not _hidden(place, root))
    for root in unseen if found else ():
        found -= set(_all_below(root, found))
    return found


def _hidden(place: str, root: str) -> bool:
    """Whether a search of the root passes a place over: it was given by itself."""
    below = place[len(root) :] if place.startswith(root) else place
    return any(is_hidden(part) for part in below.split("/"))


def _below(place: str, root: str) -> bool:
    """Whether a known place is the given one or below it, which may lie above the project."""
    return bool(_all_below(root, (place,)))


def _all_below(root: str, places: Iterable[str]) -> list[str]:
    """Those of some places that are the given one or lie below it, as ``_below`` says."""
    folder = root.rstrip("/") + "/"
    if (_PROJECT + "/").startswith(folder):  # whatever lies in the project is told without its path
        return [p for p in places if p.startswith(folder) or p == root or not os.path.isabs(p)]
    return [place for place in places if place.startswith(folder) or place == root]


def _pattern(root: str) -> re.Pattern[str]:
    """What ``glob`` takes a pattern to mean: ``*`` stays within a folder, ``**`` does not, and what
    lies below a folder that fits goes with it. To be matched from a place's beginning."""
    *above, last = root.split("/")
    begins = "".join("(?:[^/]+/)*" if part == "**" else _part(part) + "/" for part in above)
    return re.compile(begins if last == "**" else f"{begins}{_part(last)}(?:/|$)")


def _part(part: str) -> str:
    """One part of a pattern as a regular expression: ``*``, ``?``, ``[a-z]``, ``[!a-z]``."""
    written = re.escape(part).replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
    return re.sub(r"\\\[(!?)([^\[\]]+)\\\]", _class, written)


def _class(found: re.Match[str]) -> str:
    but, members = found.groups()
    return f"[{'^' if but else ''}{members.replace(chr(92) + '-', '-')}]"


def _place(file: File) -> str:
    folder, name = os.path.split(file.path)
    place = f"{_before_names(folder, os.getcwd())}{readable(name)}"
    return f"{place}/{readable(file.member)}" if file.member else place


@lru_cache(maxsize=256)
def _before_names(folder: str, _here: str) -> str:
    """How the places of all files in a folder begin; ``_here``: a relative one depends on it."""
    return place_of(os.path.join(folder, "x"))[:-1]


def _hash(file: File) -> str:
    """Of the content; for a member of an archive of its size and checksum. "" if unreadable."""
    if file.member:
        return hashlib.sha256(file.stamp.encode()).hexdigest()
    try:
        made = hashlib.sha256()
        with open(file.path, "rb", buffering=0) as stream:
            while part := stream.read(_AT_ONCE):  # a file may have grown beyond what is read
                made.update(part)
        return made.hexdigest()
    except OSError:
        return ""
