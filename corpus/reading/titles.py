"""The document's own title among the lines that could be one.

What a page's head calls it is one candidate: it may be the name of the column, of the site or of
the bureau. The others are the first lines of the text. Each is judged by its form: what it ends
with, how it is set, where it stands, what else repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.reading.about import read_about
from corpus.reading.items import as_title, asks
from corpus.reading.naming import (
    ABOUT,
    CLAUSE,
    CONTENTS,
    NAMED,
    NUMBER,
    OFFICE,
    ORDER,
    PASSED,
    RULES,
    STOPS,
    doubtful,
    letters,
    likeness,
    parts_of,
)
from corpus.reading.noise import bare, heads_related, is_noise
from corpus.reading.types import Line

_LOOKED = 40  # filled lines among which the title stands
_LONGEST, _LONGEST_TWO = 60, 120
_LABEL = re.compile(
    r"(?:信件|来信|咨询|问题|文件|文章|政策|信息)?(?:标题|题目|主题)\s{0,3}[:：]\s{0,3}(.{4,80})"
)
_PART = re.compile(
    r"#{0,6}\s{0,3}(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.、．]\s?\D|步骤|第.{1,2}步|[①-⑳])"
)
_BODY = 20  # characters of a line with a full stop that is text, not head
_LEAST = 6  # letters of a name by which a line far below is known again
_NAME = 8  # characters: 办理流程 heads a section, no document
_LEAST_PART = 5  # letters of a part that is no column: 办事指南 has four
_CONFIRMED = 2.0  # the page says the same in its greatest heading, wherever that stands
_MENU_WORD = 2  # 推荐 alone may be an entry of a menu


@dataclass(frozen=True, slots=True)
class Chosen:
    """A title; ``first`` and ``last``: the lines that it stands in, -1 where it is the head's."""

    text: str
    first: int = -1
    last: int = -1


@dataclass(frozen=True, slots=True)
class _Place:
    """Lines from ``place`` to ``last`` that may be the title, and what stands below the first."""

    place: int
    last: int
    line: Line
    text: str
    below: tuple[str, ...]


def choose_title(lines: Sequence[Line], given: str, stem: str) -> Chosen | None:
    """The likeliest title, or None where nothing looks like one.

    ``given``: what the page's head calls it. ``stem``: the file's name, by which people save it.
    """
    given = _headed_part(lines, given)
    places = _candidates(lines, given)
    best, most = None, 0.0
    for order, candidate in enumerate(places):
        score = _score(candidate, given, stem, order)
        if score > most:
            best, most = candidate, score
    named = _given_score(given, stem) if given else 0.0
    if named and any(n.heading == 1 and letters(n.text) == letters(given) for n in lines):
        named += _CONFIRMED
    if best is None or (named >= most and not _same(best.text, given)):
        return Chosen(given) if named > 0 else None
    for earlier in places[: places.index(best)]:
        notice = ABOUT.search(earlier.text) and NAMED.search(earlier.text)
        if notice and _contains(earlier.text, best.text) and _score(earlier, given, stem, 0):
            best = earlier
            break
    apart = any(letters(best.text) == letters(part) for part in parts_of(given)[:-1])
    if not apart and len(letters(given)) > len(letters(best.text)) and _contains(given, best.text):
        best = next((c for c in places if letters(c.text) == letters(given)), best)
        if letters(best.text) != letters(given) and NAMED.search(given) and not doubtful(given):
            return Chosen(given)  # the notice, and not the rules that it brings
    return _whole(best, lines)


def _headed_part(lines: Sequence[Line], given: str) -> str:
    """The first part of the head's name where a heading says just that: behind it is a column."""
    first, *rest = parts_of(given)
    heads = any(n.heading and letters(n.text) == letters(first) for n in lines)
    return first if rest and heads and len(letters(first)) >= _LEAST_PART else given


def _candidates(lines: Sequence[Line], given: str) -> list[_Place]:
    filled = [i for i, n in enumerate(lines) if n.text.strip() and n.zone == "main"]
    named = [n for n, i in enumerate(filled) if letters(lines[i].text) == letters(given)]
    if len(letters(given)) >= _LEAST and named and named[0] >= _LOOKED:  # far below a menu
        filled = filled[named[0] :]
    filled = filled[:_LOOKED]
    found: list[_Place] = []
    for order, place in enumerate(filled):
        text = lines[place].text.strip()
        if heads_related(text) and len(bare(text)) > _MENU_WORD:
            break
        if CLAUSE.match(text) or (len(text) > _BODY and "。" in text and order > 0):
            if not _ahead(lines, filled[order + 1 :]):
                break
            continue
        if _PART.match(text) and (order or len(text) > _BODY):
            continue
        if lines[place].question or is_noise(text) or read_about(text, place="edge"):
            continue
        below = tuple(lines[n].text.strip() for n in filled[order + 1 : order + 5])
        words = _LABEL.fullmatch(text.rstrip("。"))
        whole, last = _with_more(
            words.group(1) if words else as_title(text), lines, filled[order : order + 3]
        )
        found.append(_Place(place, last, lines[place], whole, below))
    return found


def _ahead(lines: Sequence[Line], places: Sequence[int]) -> bool:
    """Whether the name of a rule with its first article still follows: an order stands before it."""
    for place, below in pairwise(places):
        text, following = lines[place].text.strip(), lines[below].text.strip()
        if CLAUSE.match(text):
            return False
        opens = CLAUSE.match(following) or PASSED.match(following) or CONTENTS.match(following)
        if opens and len(text) <= _LONGEST and NAMED.search(text):
            return True
    return False


def _score(candidate: _Place, given: str, stem: str, order: int) -> float:
    """How much speaks for a line, 0.0 for one that is none. The weights were set on 55 documents of
    twelve cities' offices, so that the titles of all pages and texts among them come out."""
    text, line = candidate.text, candidate.line
    if not 2 <= len(text) <= _LONGEST_TWO or (
        doubtful(text) and not _LABEL.match(line.text.strip())
    ):
        return 0.0
    if STOPS.search(text) or NUMBER.fullmatch(text) or PASSED.match(text) or "：" in text[:8]:
        return 0.0
    score = 2.0 - 0.15 * order
    score += 1.5 * (order == 0) + 2.5 * (len(text) >= _NAME and bool(NAMED.search(text)))
    score += 1.0 * bool(ABOUT.search(text)) + 1.0 * asks(text)
    score += (2.0 if line.heading <= 3 else 1.0) if line.heading else 0.0
    score += 3.0 * (_same(text, given) and len(text) >= 6)
    score += 2.0 * likeness(text, stem)
    score += 2.0 * any(CLAUSE.match(t) or PASSED.match(t) for t in candidate.below[:2])
    score += 1.0 * any(read_about(t, place="edge") is not None for t in candidate.below[:3])
    score += 3.0 * bool(_LABEL.fullmatch(line.text.strip().rstrip("。")))
    score -= 1.5 * (len(text) > _LONGEST) + 1.0 * (line.link and not line.heading)
    return score


def _given_score(given: str, stem: str) -> float:
    """How far the head is believed against the lines."""
    if doubtful(given):
        return 0.1 if re.search(r"[\u4e00-\u9fff]{2}", given) else 0.0
    return 4.5 + 2.5 * bool(NAMED.search(given)) + asks(given) + 2.0 * likeness(given, stem)


def _same(text: str, given: str) -> bool:
    one, other = letters(text), letters(given)
    return bool(one) and bool(other) and (one in other or other in one)


def _contains(given: str, text: str) -> bool:
    return letters(text) in letters(given)


def _whole(best: _Place, lines: Sequence[Line]) -> Chosen:
    """The title with the body over it, where that stands on a line of its own."""
    text, first = best.text, best.place
    filled = [i for i, n in enumerate(lines) if n.text.strip() and n.zone == "main"]
    order = filled.index(best.place)
    if order and text.startswith(("关于", "印发", "转发", "批转")):
        above = bare(lines[filled[order - 1]].text)
        if OFFICE.fullmatch(above) and not lines[filled[order - 1]].link and _body(above):
            text, first = above + text, filled[order - 1]
    return Chosen(text, first, best.last)


def _with_more(text: str, lines: Sequence[Line], places: Sequence[int]) -> tuple[str, int]:
    """A title with the next lines that belong to it, and the last of them."""
    last = places[0]
    for below in places[1:]:
        more = bare(lines[below].text)
        if not _goes_on(text, more) or lines[below].heading not in (0, lines[last].heading):
            break
        text, last = text + more, below
    return text, last


def _body(name: str) -> bool:
    return not re.search(r"(?:网|网站|平台|门户|频道)$", name)


def _goes_on(text: str, more: str) -> bool:
    """Whether a title that stops early goes on in the next line: …（试行） or 的通知."""
    if not 2 <= len(more) <= 40 or len(text) + len(more) > _LONGEST_TWO or STOPS.search(more):
        return False
    if CLAUSE.match(more) or PASSED.match(more) or ORDER.fullmatch(more) or asks(more):
        return False
    if re.fullmatch(
        r"[（(](?:试行|暂行|修订|修正|征求意见稿|.{1,8}版|第.{1,3}号)[）)]|的(?:通知|意见|决定|公告|通告|批复|函)",
        more,
    ):
        return True
    open_marks = text.count("《") > text.count("》") or text.count("（") > text.count("）")
    ends_open = text.endswith(("的", "和", "与", "及", "、", "之"))
    named = bool(NAMED.search(more)) and not NAMED.search(text)
    joins = named and (ABOUT.search(text) is not None or RULES.fullmatch(more) is not None)
    return open_marks or ends_open or (joins and read_about(more, place="edge") is None)
