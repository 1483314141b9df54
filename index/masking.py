"""Personal numbers taken out of a text before it is written anywhere.

ID numbers, phone numbers, cards, number plates, accounts of 微信 and QQ, addresses of e-mail; also in
full-width or Chinese digits and with blanks or dashes between them. Rather a number too many than one
too few: years, dates, an amount of money or the number of a document stay, any longer row of digits
goes.
"""

from __future__ import annotations

import re
import unicodedata

NUMBER = "【号码已隐去】"
ADDRESS = "【邮箱已隐去】"

# 幺 is how 1 is read out in a phone number
_CHINESE = {
    **{c: str(i) for i, c in enumerate("零一二三四五六七八九")},
    **{c: str(i) for i, c in enumerate("壹贰叁肆伍陆柒捌玖", 1)},
    "〇": "0",
    "幺": "1",
}
_BETWEEN = r"[\s\-‐-―－_.．·,，、/()（）*\u200b-\u200f\ufeff]{0,3}"
# nine digits and more with marks between them, or seven in one piece that are not a date
_LONG = re.compile(rf"(?:\+\s?)?\d(?:{_BETWEEN}\d){{8,}}(?:{_BETWEEN}x(?![a-z]))?")
_SOLID = re.compile(r"\d{7,8}x?|(?<!\d)\d{3,4}[\s-]\d{4}(?!\d)")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_DAY = r"(?:19|20)\d\d(?:[-./](?:0?[1-9]|1[0-2])(?:[-./](?:0?[1-9]|[12]\d|3[01]))?)?"
_DAYS = re.compile(rf"{_DAY}(?:[\s\-―－、,，/]{{1,3}}{_DAY})*")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][\s·.-]?(?=[a-z]{0,2}\d)[a-z\d]{5,6}(?![a-z\d])"
)
_ACCOUNT = re.compile(
    r"(?:微信|wechat|qq|vx|wx)(?:id|号)?[\s:：_是为]{0,3}([a-z_-]{0,12}\d[\w-]{4,20})", re.A
)
_HOST = re.compile(r"@\s?[\w-]+(?:\.[\w-]+)+")
_MAILBOX = re.compile(r"[\w.+-]{1,64}\s?$")
_SPOKEN = 7
"""So many Chinese digits in a row are a number that somebody spelled out, not a word (一二三)."""


def mask(text: str) -> str:
    """The text without personal numbers.

    >>> mask("我的电话１３８ ００１３-8000，断缴3个月，2025年")
    '我的电话【号码已隐去】，断缴3个月，2025年'
    """
    # the same length as the text, so that what is found in it can be cut out of the text
    plain = "".join(map(_plain, text))
    spoken = re.sub(
        rf"[{''.join(_CHINESE)}0-9](?:[\s\-―－.．·]{{0,2}}[{''.join(_CHINESE)}0-9]){{{_SPOKEN - 1},}}",
        lambda m: "".join(_CHINESE.get(c, c) for c in m[0]),
        plain,
    )
    spans = []
    for host in _HOST.finditer(plain):
        # from the @ backwards: tried from each character on, a long text would take for ever
        before = _MAILBOX.search(plain, max(0, host.start() - 65), host.start())
        spans.append((before.start() if before else host.start(), host.end(), ADDRESS))
    spans += [(*m.span(), NUMBER) for m in _LONG.finditer(spoken) if not _DAYS.fullmatch(m[0])]
    spans += [
        (*m.span(), NUMBER)
        for m in _SOLID.finditer(spoken)
        if not (_DATE.fullmatch(m[0]) or _DAYS.fullmatch(m[0]))
    ]
    spans += [(*m.span(), NUMBER) for m in _PLATE.finditer(plain)]
    spans += [(*m.span(1), NUMBER) for m in _ACCOUNT.finditer(plain)]
    masked, place = [], 0
    for start, end, name in sorted(spans, key=lambda s: (s[0], -s[1])):
        if start >= place:
            masked += [text[place:start], name]
        place = max(place, end)
    return "".join([*masked, text[place:]])


def _plain(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if character in "＠":
        return "@"
    if character in "．":
        return "."
    return character.lower() if len(character.lower()) == 1 else character
