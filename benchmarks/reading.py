"""How well real documents are read, by where they come from.

    python -m benchmarks.reading [FOLDER] [--ocr]

FOLDER holds a folder for each origin (default: ``../shared/documents``). For each: files read,
characters kept of what a reader of the file sees, titles as the documents name themselves
(``reading_titles.tsv``), tables whose rows carry their heads, articles of laws that have a passage of
their own. Then a line for each file in which something is missing. Scans take a minute each and are
left out without ``--ocr``.
"""

from __future__ import annotations

import argparse
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from corpus.passages import split
from corpus.reading import File, FileReading, discover, read_each
from corpus.reading.coverage import squeezed
from corpus.reading.encoding import decode
from corpus.reading.package import parser

ROOT = Path(__file__).resolve().parents[1]
TITLES = Path(__file__).with_name("reading_titles.tsv")
GOAL = 0.98
_ARTICLE = re.compile(r"^[\s#*]*(第[一二三四五六七八九十百零〇]{1,7}条)(?!例)", re.M)
_LEAST_ARTICLES = 5  # a text with fewer is no law, it cites some
_LONGEST_CELL = 300  # characters; a table with longer ones places text on the page


@dataclass(slots=True)
class Score:
    """The sums of an origin, and what is missing, a line a file."""

    files: int = 0
    read: int = 0
    visible: int = 0
    kept: int = 0
    titled: int = 0
    titles: int = 0
    headed: int = 0
    tables: int = 0
    split: int = 0
    articles: int = 0
    missing: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        share = f"{self.kept / self.visible:.1%}" if self.visible else "–"
        return (
            f"{name:<10} {self.read:>3}/{self.files:<3}  {share:>6}  {self.titled:>3}/{self.titles:<3}"
            f"  {self.headed:>3}/{self.tables:<3}  {self.split:>4}/{self.articles:<4}"
        )


def measure(folder: Path, *, ocr: bool = False, only: str = "") -> dict[str, Score]:
    """The scores by origin (the first folder of a file's name), or of one origin."""
    right = titles()
    scores: defaultdict[str, Score] = defaultdict(Score)
    files = [f for f in discover(folder)[0] if not only or f.name.split("/")[0] == only]
    files = [f for f in files if ocr or not _is_scan(f)]
    for done in read_each(files):
        _add(scores[done.file.name.split("/")[0]], done, right)
    return dict(scores)


def titles() -> dict[str, list[str]]:
    """The titles that are right for a file, by its name."""
    lines = TITLES.read_text(encoding="utf-8").splitlines()
    return {name: said.split("|") for name, said in (line.split("\t") for line in lines)}


def _add(score: Score, done: FileReading, right: dict[str, list[str]]) -> None:
    file = done.file
    name = file.path.name
    score.files += 1
    if not done.articles:
        score.missing.append(f"{file.name}：{done.skipped[0].reason}")
        return
    score.read += 1
    score.visible += done.visible
    score.kept += min(done.kept, done.visible)
    lacks = [f"收录 {done.share:.1%}"] if done.share < GOAL else []
    if name in right:
        score.titles += 1
        first = done.articles[0]
        title = first.source.title or first.title  # of a list, what its first question stands in
        if squeezed(title) in map(squeezed, right[name]):
            score.titled += 1
        else:
            lacks.append(f"标题「{title[:30]}」")
    tables = list(_tables(file))
    headed = sum(_is_headed(table, done) for table in tables)
    score.tables += len(tables)
    score.headed += headed
    if headed < len(tables):
        lacks.append(f"{len(tables) - headed} 个表没有表头")
    have, own = _laws(done)
    score.articles += len(have)
    score.split += len(have & own)
    if have - own:
        lacks.append(f"{len(have - own)} 条没有分开")
    if lacks:
        score.missing.append(f"{file.name}：{'；'.join(lacks)}")


def _laws(done: FileReading) -> tuple[set[str], set[str]]:
    """The numbers of articles that begin a line, and those that begin a passage."""
    have: set[str] = set()
    own: set[str] = set()
    for article in done.articles:
        found = set(_ARTICLE.findall(article.text))
        if len(found) >= _LEAST_ARTICLES:
            have |= found
            for passage in split(article):
                own |= set(_ARTICLE.findall(passage.text)[:1])
    return have, own


def _is_headed(table: list[list[str]], done: FileReading) -> bool:
    """Whether a cell of its last row stands behind a head in an article."""
    texts = "\n".join(_closed(article.text) for article in done.articles)
    return any("：" + _closed(cell) in texts for cell in table[-1] if cell)


def _closed(text: str) -> str:
    return re.sub(r"[ \t\u3000]", "", text)


def _tables(file: File) -> Iterator[list[list[str]]]:
    """The tables of a page or a Word document that hold data: rows of several short cells."""
    if file.kind in (".html", ".htm"):
        root = etree.fromstring(
            decode(file.path.read_bytes(), html=True).encode(), etree.HTMLParser(encoding="utf-8")
        )
        found = [t for t in root.iter("table") if t.find(".//table") is None]
        cells = ("tr", ("td", "th"))
    elif file.kind == ".docx":
        with zipfile.ZipFile(io.BytesIO(file.path.read_bytes())) as archive:
            root = etree.fromstring(archive.read("word/document.xml"), parser())
        found, cells = list(root.iter("{*}tbl")), ("{*}tr", ("{*}tc",))
    else:
        return
    for table in found:
        rows = [
            [" ".join("".join(map(str, cell.itertext())).split()) for cell in row.iter(*cells[1])]
            for row in table.iter(cells[0])
        ]
        rows = [row for row in rows if any(row)]
        wide = [row for row in rows if sum(map(bool, row)) > 1]
        if len(wide) > 1 and all(len(cell) <= _LONGEST_CELL for row in rows for cell in row):
            yield wide


def _is_scan(file: File) -> bool:
    """Whether only OCR could read the file."""
    if file.kind != ".pdf":
        return file.kind in (".png", ".jpg")
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(file.path)
    return not any(
        document[n].get_textpage().get_text_bounded().strip() for n in range(len(document))
    )


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument(
        "folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "documents"
    )
    options.add_argument("--ocr", action="store_true")
    given = options.parse_args()
    if not given.folder.is_dir():
        raise SystemExit(f"{given.folder} is no folder: name one that holds documents by origin")
    scores = measure(given.folder, ocr=given.ocr)
    print("origin     read     kept    titles   tables   articles of law")
    for name, score in sorted(scores.items()):
        print(score.line(name))
    print()
    for _, score in sorted(scores.items()):
        for line in score.missing:
            print(line)


if __name__ == "__main__":
    main()
