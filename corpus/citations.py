"""Citations of laws in running text: 《社会保险法》第六十三条, 劳动合同法第50条和第89条.

A name in 《》 is taken as it stands. A bare name counts only when it is the whole full name of a
law in the database: 社会保险法实施细则第三条 cites no 社会保险法. What a citation is worth (is
there such an article, in which state) is ``statutes``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus.statutes import article_no, law_names, plain_name
from corpus.types import LawRef

_DIGIT = "一二三四五六七八九十"
_NO = rf"第[ ]?(?:[0-9０-９]{{1,4}}|[零〇百千{_DIGIT}]{{1,9}})[ ]?条(?:之[{_DIGIT}])?"
_PARAGRAPH = f"(?:第[{_DIGIT}]{{1,2}}[款项])*"
_LIST = rf"{_NO}{_PARAGRAPH}(?:[、,，和及与至到]{{1,2}}{_NO}{_PARAGRAPH})*"
_QUOTED = re.compile(
    rf"《([^《》\n]{{2,60}})》[^\S\n]*(?:[（(][^）)\n]{{1,12}}[）)])?[^\S\n]*({_LIST})"
)
_BARE = re.compile(
    rf"([\u4e00-\u9fff]{{2,30}}(?:法|法典|条例|细则|办法|规定|通知|意见))[^\S\n]?({_LIST})"
)
# What may stand right before a bare name without being a part of it.
_LEAD = re.compile(
    r"(?:根据|依据|依照|按照|遵照|参照|违反|适用|援引|引用|以及|我国|现行|国家|最新|关于|就是|请问|查看|看看"
    r"|[的和与及或由据按依在是新旧照即在对从看查讲说])$"
)


@dataclass(frozen=True, slots=True)
class LawCitation:
    """``text[start:end]`` cites ``ref``. ``known``: the database holds a law of this name."""

    ref: LawRef
    start: int
    end: int
    known: bool


def citations(text: str) -> tuple[LawCitation, ...]:
    """Every article of a law that ``text`` cites, in order; one entry for each article."""
    found: list[LawCitation] = []
    if "条" not in text:
        return ()
    for match in _QUOTED.finditer(text):
        name = plain_name(match[1])
        found += _entries(name, match, match.start())
    taken = [(c.start, c.end) for c in found]
    for match in _BARE.finditer(text):
        if any(a < match.end() and match.start() < b for a, b in taken):
            continue
        name, start = _bare_name(match[1])
        found += _entries(name, match, match.start() + start)
    return tuple(sorted(found, key=lambda c: (c.start, c.end)))


def mentioned_laws(text: str) -> tuple[str, ...]:
    """Full names of the laws that ``text`` names, whole, with or without an article."""
    found: list[tuple[int, int, str]] = []
    for name in _names_by_length() if "法" in text else ():
        if name not in text:
            continue
        for match in re.finditer(re.escape(name), text):
            start, end = match.span()
            if any(a <= start and end <= b for a, b, _ in found):
                continue  # within a longer name
            before, after = text[:start], text[end:]
            quoted = before.endswith(("《", "《中华人民共和国")) and after.startswith("》")
            if quoted or _stands_alone(before, after):
                found.append((start, end, name))
    return tuple(dict.fromkeys(name for _, _, name in sorted(found)))


def _entries(name: str, match: re.Match[str], start: int) -> list[LawCitation]:
    known = name in law_names()
    entries = []
    for number in re.finditer(_NO, match[2]):
        no = article_no(number[0])
        if no is not None:
            end = match.start(2) + number.end()
            entries.append(LawCitation(LawRef(name, no), start, end, known))
    return entries


def _bare_name(run: str) -> tuple[str, int]:
    """The name that ends a run of characters, and where in the run it begins."""
    for name in _names_by_length():
        if run.endswith(name):
            before = run.removesuffix(name).removesuffix("中华人民共和国")
            if not before or _LEAD.search(before):
                return name, len(run) - len(name)
    lead = max(
        (m.end() for m in re.finditer("根据|依据|依照|按照|参照|违反|^[按依据]", run)), default=0
    )
    return run[lead:], lead


def _stands_alone(before: str, after: str) -> bool:
    before = before.removesuffix("中华人民共和国")
    if re.match(r"[\u4e00-\u9fff]", before[-1:]) and not _LEAD.search(before):
        return False
    return not re.match(r"实施|施行|司法|若干|条例|细则|办法|解释|修正|释义|草案|[》]", after)


@lru_cache(maxsize=1)
def _names_by_length() -> tuple[str, ...]:
    return tuple(sorted(law_names(), key=lambda name: (-len(name), name)))
