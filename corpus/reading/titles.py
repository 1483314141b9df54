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
from corpus.reading.noise import bare, heads_related, is_noise
from corpus.reading.types import Line

_LOOKED = 40  # filled lines among which the title stands
_LONGEST, _LONGEST_TWO = 60, 120
_NAMED = re.compile(
    r"(?:办法|条例|规定|细则|通知|意见|决定|公告|通告|方案|批复|规程|规范|指南|指引|须知|解读|问答|解答|流程|规则|准则|目录|标准"
    r"|纲要|规划|计划|复函|函|法|手册|汇总|一览表|清单|详解|说明|政策|待遇|手续)"
    r"(?:[（(〔\[【][^（()）]{1,20}[）)〕\]】])?[》”]?(?:[（(〔\[【].{1,24}[）)〕\]】])?$"
)
"""How names of documents end."""
_RULES = re.compile(
    r"(?:暂行|试行|管理|实施|若干)?(?:办法|条例|规定|细则|意见|方案|通知|决定|公告|通告|批复|规程)(?:[（(].{1,8}[）)])?"
)
_ABOUT = re.compile(r"(?:关于|印发|转发|公布|发布)[^，。]{4,}")
OFFICE = re.compile(
    r"[^，。：、]{2,24}(?:局|委员会|人民政府|政府|办公室|办公厅|中心|厅|部|委|联合会|法院|学院|大学|公司|日报|晚报|新闻|社区|百科|问答|律师|之家|在线|热线|网|网站|平台|门户|频道|支队|分局|银行)"
)
"""A line that is nothing but the name of a body or of a site."""
_ORDER = re.compile(
    r".{0,24}令|第?\s*\d{1,4}\s*号|(?:.{2,24}令)?\s*[（(]?第\s*[\d〇○零一二三四五六七八九十百]{1,6}\s*号[）)]?"
    r"|[\u4e00-\u9fff]{1,14}[〔\[（(【]\s?(?:19|20)\d\d\s?[〕\]）)】]\s?第?\s?\d{1,4}\s?号"
    r"|[\u4e00-\u9fff]{2,12}(?:19|20)\d\d年第?\s?\d{1,3}\s?号|.{0,30}公报|.{2,30}(?:委员会|政府|局|厅|部|国务院|中心)(?:公告|通告|文件|令)"
)
NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,14}\s?[〔\[（(【［]\s?(?:19|20)\d\d\s?[〕\]）)】］]\s?第?\s?\d{1,4}\s?号"
)
"""The number of a document: 穗医保规字〔2024〕1号."""
_FORM = re.compile(
    r"窗体(?:顶|底)端|表单(?:顶|底)端|Top of Form|Bottom of Form|.{0,3}PAGE\s?\d{1,4}.{0,3}"
)
_LABEL = re.compile(
    r"(?:信件|来信|咨询|问题|文件|文章|政策|信息)?(?:标题|题目|主题)\s{0,3}[:：]\s{0,3}(.{4,80})"
)
_CLAUSE = re.compile(r"#{0,6}\s{0,3}第[一二三四五六七八九十百\d]{1,4}[条章编]")
_PART = re.compile(
    r"#{0,6}\s{0,3}(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.、．]\s?\D|步骤|第.{1,2}步|[①-⑳])"
)
_PASSED = re.compile(r"[（(]?\s{0,3}(?:19|20)\d\d年.{1,60}(?:通过|修正|修订|公布|发布)")
_BODY = 20  # characters of a line with a full stop that is text, not head
_BREADCRUMB = re.compile(r"[>»›＞]|当前(?:的)?位置")
_BETWEEN = re.compile(r"\s{0,5}[_|｜＿–—»]{1,5}\s{0,5}|\s{1,5}-\s{1,5}|-")
_COLUMN = 8  # characters: no name of a column seen is longer
_LEAST = 6  # letters of a name by which a line far below is known again
_NAME = 8  # characters: 办理流程 heads a section, no document
_COLUMN_NAME = 6  # characters: 通知公告, 政策法规
_MENU_WORD = 2  # 推荐 alone may be an entry of a menu
_STOPS = re.compile(r"[。；;，,：:]$")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A title; ``first`` and ``last``: the lines that it stands in, -1 where it is the head's."""

    text: str
    first: int = -1
    last: int = -1


@dataclass(frozen=True, slots=True)
class _Place:
    """A filled line that may be the title, and what stands below it."""

    place: int
    line: Line
    text: str
    below: tuple[str, ...]


def choose_title(lines: Sequence[Line], given: str, stem: str) -> Chosen | None:
    """The likeliest title, or None where nothing looks like one.

    ``given``: what the page's head calls it. ``stem``: the file's name, by which people save it.
    """
    places = _candidates(lines, given)
    best, most = None, 0.0
    for order, candidate in enumerate(places):
        score = _score(candidate, given, stem, order)
        if score > most:
            best, most = candidate, score
    named = _given_score(given, stem) if given else 0.0
    if best is None or (named >= most and not _same(best.text, given)):
        return Chosen(given) if named > 0 else None
    for earlier in places[: places.index(best)]:
        notice = _ABOUT.search(earlier.text) and _NAMED.search(earlier.text)
        if notice and _contains(earlier.text, best.text) and _score(earlier, given, stem, 0):
            best = earlier
            break
    if len(_letters(given)) > len(_letters(best.text)) and _contains(given, best.text):
        best = next((c for c in places if _letters(c.text) == _letters(given)), best)
        if _letters(best.text) != _letters(given) and _NAMED.search(given) and not doubtful(given):
            return Chosen(given)  # the notice, and not the rules that it brings
    return _whole(best, lines)


def doubtful(title: str) -> bool:
    """Whether a title names a body, a site, a column or an order rather than a document."""
    text = title.strip()
    return bool(
        not text
        or OFFICE.fullmatch(text)
        or _ORDER.fullmatch(text)
        or _FORM.fullmatch(text)
        or _RULES.fullmatch(text)
        or _BREADCRUMB.search(text)
        or (len(text) <= _COLUMN_NAME and not asks(text))
        or not re.search(r"[\u4e00-\u9fff]{2}", text)
    )


def site_apart(whole: str) -> tuple[str, str]:
    """A page's name without the names of column and site behind it, and the site's.

    >>> site_apart("断缴怎么补-政策问答-某市医疗保障局")
    ('断缴怎么补', '某市医疗保障局')
    """
    marks = list(_BETWEEN.finditer(whole))
    end, site = len(whole), ""
    for mark in reversed(marks):
        last = whole[mark.end() : end].strip()
        named = OFFICE.fullmatch(last) is not None
        column = len(last) <= _COLUMN and not _NAMED.search(last) and not asks(last)
        if not last or re.search(r"\d", last) or not (named or (column and site)):
            break
        end, site = mark.start(), site or last
    head = whole[:end].strip()
    parts = _BETWEEN.split(head)
    if len(parts) > 2 and OFFICE.fullmatch(parts[0].strip()):  # the way to the page
        return parts[-1].strip(), site or parts[0].strip()
    return head, site


def belongs_above(text: str) -> bool:
    """Whether a line over the title is part of its head: a body, an order, a number."""
    words = bare(text)
    return bool(OFFICE.fullmatch(words) or _ORDER.fullmatch(words) or _PASSED.match(words))


def _candidates(lines: Sequence[Line], given: str) -> list[_Place]:
    filled = [i for i, n in enumerate(lines) if n.text.strip() and n.zone == "main"]
    named = [n for n, i in enumerate(filled) if _letters(lines[i].text) == _letters(given)]
    if len(_letters(given)) >= _LEAST and named and named[0] >= _LOOKED:  # far below a menu
        filled = filled[named[0] :]
    filled = filled[:_LOOKED]
    found: list[_Place] = []
    for order, place in enumerate(filled):
        text = lines[place].text.strip()
        if heads_related(text) and len(bare(text)) > _MENU_WORD:
            break
        if _CLAUSE.match(text) or (len(text) > _BODY and "。" in text and order > 0):
            if not _ahead(lines, filled[order + 1 :]):
                break
            continue
        if _PART.match(text) and (order or len(text) > _BODY):
            continue
        if lines[place].question or is_noise(text) or read_about(text, place="edge"):
            continue
        below = tuple(lines[n].text.strip() for n in filled[order + 1 : order + 5])
        words = _LABEL.fullmatch(text.rstrip("。"))
        found.append(
            _Place(place, lines[place], words.group(1) if words else as_title(text), below)
        )
    return found


def _ahead(lines: Sequence[Line], places: Sequence[int]) -> bool:
    """Whether the name of a rule with its first article still follows: an order stands before it."""
    for place, below in pairwise(places):
        text, following = lines[place].text.strip(), lines[below].text.strip()
        if _CLAUSE.match(text):
            return False
        opens = _CLAUSE.match(following) or _PASSED.match(following)
        if opens and len(text) <= _LONGEST and _NAMED.search(text):
            return True
    return False


def _score(candidate: _Place, given: str, stem: str, order: int) -> float:
    text, line = candidate.text, candidate.line
    if not 2 <= len(text) <= _LONGEST_TWO or (
        doubtful(text) and not _LABEL.match(line.text.strip())
    ):
        return 0.0
    if _STOPS.search(text) or NUMBER.fullmatch(text) or _PASSED.match(text) or "：" in text[:8]:
        return 0.0
    score = 2.0 - 0.15 * order
    score += 1.5 * (order == 0) + 2.5 * (len(text) >= _NAME and bool(_NAMED.search(text)))
    score += 1.0 * bool(_ABOUT.search(text)) + 1.0 * asks(text)
    score += (2.0 if line.heading <= 3 else 1.0) if line.heading else 0.0
    score += 3.0 * (_same(text, given) and len(text) >= 6)
    score += 2.0 * likeness(text, stem)
    score += 2.0 * any(_CLAUSE.match(t) or _PASSED.match(t) for t in candidate.below[:2])
    score += 1.0 * any(read_about(t, place="edge") is not None for t in candidate.below[:3])
    score += 3.0 * bool(_LABEL.fullmatch(line.text.strip().rstrip("。")))
    score -= 1.5 * (len(text) > _LONGEST) + 1.0 * (line.link and not line.heading)
    return score


def _given_score(given: str, stem: str) -> float:
    """How far the head is believed against the lines."""
    if doubtful(given):
        return 0.1 if re.search(r"[\u4e00-\u9fff]{2}", given) else 0.0
    return 4.5 + 2.5 * bool(_NAMED.search(given)) + asks(given) + 2.0 * likeness(given, stem)


def _same(text: str, given: str) -> bool:
    one, other = _letters(text), _letters(given)
    return bool(one) and bool(other) and (one in other or other in one)


def _contains(given: str, text: str) -> bool:
    return _letters(text) in _letters(given)


def likeness(text: str, stem: str) -> float:
    """Share of the shorter one's pairs of characters that both have, 0.0 for names of few words."""
    one, other = _pairs(_letters(text)), _pairs(_letters(stem))
    if min(len(one), len(other)) < 4:
        return 0.0
    return len(one & other) / min(len(one), len(other))


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text)


def _pairs(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1)}


def _whole(best: _Place, lines: Sequence[Line]) -> Chosen:
    """The title with the line before or behind it that belongs to it."""
    text, first, last = best.text, best.place, best.place
    filled = [i for i, n in enumerate(lines) if n.text.strip() and n.zone == "main"]
    order = filled.index(best.place)
    if order and text.startswith(("关于", "印发", "转发", "批转")):
        above = bare(lines[filled[order - 1]].text)
        if OFFICE.fullmatch(above) and not lines[filled[order - 1]].link and _body(above):
            text, first = above + text, filled[order - 1]
    for below in filled[order + 1 : order + 3]:
        more = bare(lines[below].text)
        if not _goes_on(text, more) or lines[below].heading not in (0, best.line.heading):
            break
        text, last = text + more, below
    return Chosen(text, first, last)


def _body(name: str) -> bool:
    return not re.search(r"(?:网|网站|平台|门户|频道)$", name)


def _goes_on(text: str, more: str) -> bool:
    """Whether a title that stops early goes on in the next line: …（试行） or 的通知."""
    if not 2 <= len(more) <= 40 or len(text) + len(more) > _LONGEST_TWO or _STOPS.search(more):
        return False
    if _CLAUSE.match(more) or _PASSED.match(more) or _ORDER.fullmatch(more) or asks(more):
        return False
    if re.fullmatch(
        r"[（(](?:试行|暂行|修订|修正|征求意见稿|.{1,8}版|第.{1,3}号)[）)]|的(?:通知|意见|决定|公告|通告|批复|函)",
        more,
    ):
        return True
    open_marks = text.count("《") > text.count("》") or text.count("（") > text.count("）")
    ends_open = text.endswith(("的", "和", "与", "及", "、", "之"))
    named = bool(_NAMED.search(more)) and not _NAMED.search(text)
    joins = named and (text.startswith(("关于", "印发")) or _RULES.fullmatch(more) is not None)
    return open_marks or ends_open or (joins and read_about(more, place="edge") is None)
