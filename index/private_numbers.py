"""Personal numbers in a text by their form, and by what stands before them.

What is ``sure`` goes whatever is said of it. The rest, ``numbers``, may be somebody's or an office's, an order's, a
medicine's: the tagger is told where it stands (``forms``), and decides. Also in full-width or Chinese digits
and with blanks or dashes between them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from corpus.text import Span

# 幺 is how 1 is read out in a phone number
_CHINESE = {
    **{c: str(i) for i, c in enumerate("零一二三四五六七八九")},
    **{c: str(i) for i, c in enumerate("壹贰叁肆伍陆柒捌玖", 1)},
    "〇": "0",
    "幺": "1",
}
_BETWEEN = r"[\s\-‐-―－_.．·,，、/()（）*\u200b-\u200f\ufeff]{0,3}"
# nine digits and more with marks between them, or seven in one piece that are not a date
_LONG = re.compile(
    rf"(?:\+\s?|\((?=0))?\d(?:{_BETWEEN}\d){{8,}}(?:{_BETWEEN}x(?![a-z]))?(?:转\d{{1,6}})?"
)
_SOLID = re.compile(r"(?:(?<![a-z])[a-z]{1,3})?\d{7,8}x?|(?<!\d)\d{3,4}[\s-]\d{4}(?!\d)")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_DAY = r"(?:19|20)\d\d(?:[-./](?:0?[1-9]|1[0-2])(?:[-./](?:0?[1-9]|[12]\d|3[01]))?)?"
_DAYS = re.compile(rf"{_DAY}(?:[\s\-―－、,，/]{{1,3}}{_DAY})*")
_WHOLE_DAY = re.compile(
    r"(?<![\d-])(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])(?![\d-])"
)
_HOTLINE = re.compile(r"(?<!\d)0\d{2,3}[\s-]?(?:1[0-2]\d{3}|9\d{4})(?!\d)")
"""12333 with the code of a city: an office's."""
_OF_A_THING = re.compile(
    r"(?:(?:受理|工单|订单|票据|发票|流水|回执|预约|收据|单据|凭证|业务|处方|批准)(?:单|编|代)?(?:号码|号|码)"
    r"|准字|(?<![人位保证户件工])编号)[\s:是为]{0,3}[a-z]{0,4}\Z"
    r"|发票代码\D{0,3}\d{10,12}\D{0,3}号码\D{0,2}\Z"
)
"""What stands before the number of a paper or a transaction, by which only its office finds somebody."""
_PERSONS = re.compile(
    r"(?<!\d)(?:1[3-9]\d{9}|\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d{4}[\dx])\Z"
)
"""Numbers of a phone and of a person, whatever is said of them."""
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][\s·.-]?(?=[a-z]{0,2}\d)[a-z\d]{5,6}(?![a-z\d])"
)
_ACCOUNT = re.compile(
    r"(?:微信|薇信|威信|微\W|v信|wechat|weixin|vx|wx|qq|扣扣|企鹅|抖音|快手|小红书|微博|钉钉|支付宝)"
    r"(?:id|号码?|账号|帐号)?[\s:_是为叫,]{0,4}"
    r"(?!wechat|weixin|alipay|https?|www)"
    r"([a-z][a-z\d_-]{5,24}|[a-z_-]{0,12}\d[\w-]{4,20})",
    re.A,
)
_PAPER = re.compile(r"(?<![a-z\d])[a-z]{1,2}\d{6}\([\da]\)|[军士文离]字第?\d{4,}号?")
_HELD, _CARRIED = (
    re.compile(rf"(?:{of})[\s:是为]{{0,4}}([a-z]{{0,3}}\d{{4,20}}x?)", re.A)
    for of in ("卡号|病历号|住院号|护照号?码?|个人编号|证件?号码?", "学号|工号")
)
"""A patient's or a payer's; one that a clerk may be asked for too."""
_TAIL = re.compile(
    r"(?:尾号|末尾|[后末][四六八468]位(?:数)?)[\s:是为]{0,4}(\d{3,8}x?)(?![\d元块年月.])", re.A
)
_SURE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)?86{_BETWEEN})?1[3-9](?:{_BETWEEN}\d){{9}}(?!\d)"
    rf"|(?<![a-z\d])[1-9](?:{_BETWEEN}\d){{16}}{_BETWEEN}[\dx](?![a-z\d])"
    rf"|(?<!\d)[456](?:{_BETWEEN}\d){{15,18}}(?!\d)"
)
_MINE = re.compile(
    r"(?:(?:我|本人|家|家里)的?(?:联系)?(?:电话|座机|号码|手机)(?:号码?)?|请回[拨电])[\s:是为,]{0,3}"
    r"(\(?\d[\d()\s-]{5,18}\d)"
)
"""Somebody's own, though it looks like an office's."""
_HOST = re.compile(r"@\s?(?:[a-z\d_-]+(?:\.[a-z\d_-]+)+|[\w-]+(?:\.[\w-]+)+)")
_MAILBOX = re.compile(r"[\w.+-]{1,64}\s?$", re.A)
_ANY_MAILBOX = re.compile(r"[\w.+-]{1,64}\s?$")
_SPOKEN = 7
"""So many Chinese digits in a row are a number that somebody spelled out, not a word (一二三)."""
_SPOKEN_ROW = re.compile(
    rf"[{''.join(_CHINESE)}0-9](?:[\s\-―－.．·]{{0,2}}[{''.join(_CHINESE)}0-9]){{{_SPOKEN - 1},}}"
)


def addresses(folded: str) -> Iterator[Span]:
    """Addresses of e-mail in a folded text."""
    plain = bare(folded)
    for host in _HOST.finditer(plain):
        # from the @ backwards: tried from each character on, a long text would take for ever
        first = max(0, host.start() - 65)
        before = _MAILBOX.search(plain, first, host.start())
        before = before or _ANY_MAILBOX.search(plain, first, host.start())
        yield before.start() if before else host.start(), host.end()


def sure(folded: str) -> Iterator[Span]:
    """Numbers of mobile phones, of persons and of bank cards, and what is called the number of somebody's card, passport or
    stay (``_HELD``), in a folded text: whatever else is said of them, they lead to somebody. A check digit is not looked at:
    people mistype.

    >>> text = "我的电话138 0013-8000,断缴3个月,2025年"
    >>> [text[a:b] for a, b in sure(text)]
    ['138 0013-8000']
    """
    plain = _digits(bare(folded))
    for match in _SURE.finditer(plain):
        digits = re.sub(r"[^\dx]", "", match[0])
        card = digits[0] in "456" and not _names_a_thing(plain, match)
        if len(digits) < 15 or _is_person(digits) or card:
            yield match.span()
    for pattern in (_MINE, _HELD):
        for match in pattern.finditer(plain):
            yield match.span(1)


def alone(folded: str) -> Iterator[Span]:
    """A number beside which nothing is said, so that nothing says it is an office's."""
    for start, end in numbers(folded):
        if not folded[:start].strip() and not folded[end:].strip():
            yield start, end


def _is_person(digits: str) -> bool:
    """A place, a day of birth that can be, and a check digit."""
    return bool(
        re.fullmatch(
            r"\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx]", digits
        )
    )


def numbers(folded: str) -> Iterator[Span]:
    """Everything that may be private and is a number or an account.

    >>> text = "我的电话138 0013-8000,断缴3个月,2025年"
    >>> [text[a:b] for a, b in numbers(text)]
    ['138 0013-8000']
    """
    plain = bare(folded)
    spoken = _digits(plain)
    for known in (_WHOLE_DAY, _HOTLINE):
        spoken = known.sub(lambda m: "|" * len(m[0]), spoken)
    for pattern in (_LONG, _SOLID):
        for match in pattern.finditer(spoken):
            date = _DAYS.fullmatch(match[0]) or _DATE.fullmatch(match[0])
            if not date and not _names_a_thing(spoken, match):
                yield match.span()
    for pattern in (_PLATE, _PAPER):
        for match in pattern.finditer(plain):
            yield match.span()
    for pattern in (_ACCOUNT, _HELD, _CARRIED, _TAIL):
        for match in pattern.finditer(plain):
            yield match.span(1)


def _digits(plain: str) -> str:
    """With the digits of numbers that were spelled out."""
    return _SPOKEN_ROW.sub(lambda m: "".join(_CHINESE.get(c, c) for c in m[0]), plain)


def _names_a_thing(plain: str, number: re.Match[str]) -> bool:
    before = plain[max(0, number.start() - 24) : number.start()]
    return bool(_OF_A_THING.search(before)) and not _PERSONS.search(number[0])


def bare(folded: str) -> str:
    """Of the same length, so that what is found in it can be cut out of the text."""
    return "".join(map(_plain, folded))


def _plain(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if character in "＠":
        return "@"
    if character in "．":
        return "."
    return character.lower() if len(character.lower()) == 1 else character
