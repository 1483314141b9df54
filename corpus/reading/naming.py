"""How documents, bodies, columns and orders are named: by the form of a name, what it is one of."""

from __future__ import annotations

import re

from corpus.reading.items import asks
from corpus.reading.noise import bare

NAMED = re.compile(
    r"(?:办法|条例|规定|细则|通知|意见|决定|公告|通告|方案|批复|规程|规范|指南|指引|须知|解读|问答|解答|流程|规则|准则|目录|标准"
    r"|纲要|规划|计划|复函|函|法|手册|汇总|一览表|清单|详解|说明|政策|待遇|手续)"
    r"(?:[（(〔\[【][^（()）]{1,20}[）)〕\]】])?[》”]?(?:[（(〔\[【].{1,24}[）)〕\]】])?$"
)
"""How names of documents end."""
RULES = re.compile(
    r"(?:暂行|试行|管理|实施|若干)?(?:办法|条例|规定|细则|意见|方案|通知|决定|公告|通告|批复|规程)(?:[（(].{1,8}[）)])?"
)
ABOUT = re.compile(r"(?:关于|印发|转发|公布|发布)[^，。]{4,}")
OFFICE = re.compile(
    r"[^，。：、]{2,24}(?:局|委员会|人民政府|政府|办公室|办公厅|中心|厅|部|委|联合会|法院|学院|大学|公司|日报|晚报|新闻|社区|百科|问答|律师|之家|在线|热线|网|网站|平台|门户|频道|支队|分局|银行)"
)
"""A line that is nothing but the name of a body or of a site."""
ORDER = re.compile(
    r".{0,24}令|第?\s{0,3}\d{1,4}\s{0,3}号|(?:.{2,24}令)?\s{0,3}[（(]?第\s{0,3}[\d〇○零一二三四五六七八九十百]{1,6}\s{0,3}号[）)]?"
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
CLAUSE = re.compile(r"#{0,6}\s{0,3}第[一二三四五六七八九十百\d]{1,4}[条章编]")
CONTENTS = re.compile(r"#{0,6}\s{0,3}[【\[]?目\s{0,6}[录次](?:[】\]]?\s{0,3}$|\s{0,3}[:：])")
"""The head of a table of contents, alone or before its entries."""
PASSED = re.compile(r"[（(]?\s{0,3}(?:19|20)\d\d年.{1,60}(?:通过|修正|修订|公布|发布)")
_BREADCRUMB = re.compile(r"[>»›＞]|当前(?:的)?位置")
_BETWEEN = re.compile(r"\s{0,5}[_|｜＿–—»]{1,5}\s{0,5}|\s{1,5}-\s{1,5}|-")
_COLUMN = 8  # characters: no name of a column seen is longer
_COLUMN_NAME = 6  # characters: 通知公告, 政策法规
STOPS = re.compile(r"[。；;，,：:]$")


def doubtful(title: str) -> bool:
    """Whether a title names a body, a site, a column or an order rather than a document."""
    text = title.strip()
    return bool(
        not text
        or OFFICE.fullmatch(text)
        or ORDER.fullmatch(text)
        or _FORM.fullmatch(text)
        or RULES.fullmatch(text)
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
        column = len(last) <= _COLUMN and not NAMED.search(last) and not asks(last)
        if not last or re.search(r"\d", last) or not (named or (column and site)):
            break
        end, site = mark.start(), site or last
    head = whole[:end].strip()
    parts = _BETWEEN.split(head)
    if len(parts) > 2 and OFFICE.fullmatch(parts[0].strip()):  # the way to the page
        return parts[-1].strip(), site or parts[0].strip()
    return head, site


def parts_of(whole: str) -> list[str]:
    """A page's name at the marks between title, column and site."""
    return [part.strip() for part in _BETWEEN.split(whole)]


def belongs_above(text: str) -> bool:
    """Whether a line over the title is part of its head: a body, an order, a number."""
    words = bare(text)
    return bool(OFFICE.fullmatch(words) or ORDER.fullmatch(words) or PASSED.match(words))


def likeness(text: str, stem: str) -> float:
    """Share of the shorter one's pairs of characters that both have, 0.0 for names of few words."""
    one, other = _pairs(letters(text)), _pairs(letters(stem))
    if min(len(one), len(other)) < 4:
        return 0.0
    return len(one & other) / min(len(one), len(other))


def letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text)


def _pairs(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1)}
