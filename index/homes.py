"""Where somebody lives: a street or an estate with house and flat, a village with its group.

Only what lies below the town or the 街道 is taken: 杭州市西湖区 stays. The address of an office
(a house number beside 医保中心, 大厅, 医院) stays too, unless it goes on to a flat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.text import Span

_NUMBER = r"(?:\d{1,5}|[一二三四五六七八九十]{1,4})"
_UNIT = (
    rf"(?:附|第|[甲乙丙丁](?=\d))?(?:{_NUMBER}|[a-z]\d{{0,3}}|[甲乙丙丁])\s?"
    r"(?:号(?:楼|院)?|支?弄|栋|幢|座|单元|室|户|组|门|排|舍|层|楼|房|大?队(?=\d)|社(?=\d))(?!线|厅|台|窗|柜|文|令|店)"
)
_FLAT = r"(?:[\s,-]?(?<![\d])\d{3,4}(?:室|房|户)?(?![\d年元月人天个块]))"
_DASHED = r"\d{1,3}-\d{1,3}-\d{1,4}(?![\d-])"
_NAMED = r"[\u4e00-\u9fff]{1,8}?"
_HOUSE = re.compile(
    rf"(?:{_UNIT}|(?<![\d-]){_DASHED})(?:[\s,]?(?:{_DASHED}|之\d{{1,3}}|(?:{_NAMED})?{_UNIT}))*{_FLAT}?"
)
_COUNTED = re.compile(_UNIT)
_STREET = re.compile(
    r"(?:路|街|道|巷|弄|胡同|里|村|屯|庄|寨|沟|湾|社区|小区|园区?|花园|公寓|苑|城|府|家园|大厦|坊|院|居|庭|邸|岸|郡|都|宿舍|公社|[一二三四五六七八九十\da-z]区)"
    r"[子东西南北中头口内旁段]{0,3}\Z"
)
_BEFORE = re.compile(r"[\u4e00-\u9fffa-z\d]{1,16}\Z")
_BOUND = re.compile(
    r"住在|居住|家住|现住|住址|地址|家在|房子|位于|我家|户籍|户口本?上?|现在改?叫|门牌号?|街道(?!办)|省|市(?!场)|(?<![小社园一二三四五六七八九十\da-z])区|县|[乡镇]|旗|我们村?|[在住到去往寄租是为的我归从了]"
)
_OFFICE = re.compile(
    r"[医社]保[局处所]|中心|大厅|办事|窗口|医院|药店|药房|政务|[局所](?![在住])|银行|分局|经办|办公|卫生|门诊|学校|法院|地铁|公交"
)
_LIVES = re.compile(r"我在|住|我家|家[是在]|户籍|户口|寄|收件|快递|出租屋|租房")
_NEVER_AN_OFFICE = re.compile(r"[单组弄户]")
_NEAR = 12
_ONLY_HOMES = re.compile(
    rf"单元|[栋幢弄户舍组座]|号楼|{_DASHED}|\d\s?[室房]|(?<=[楼门座])\d{{3,4}}\Z"
)


_ABROAD = re.compile(
    r"(?:(?:room|rm|flat|apt|unit|no|building)\.?\s?[a-z]?\d[\w-]{0,5}[\s,]{1,3}){1,3}"
    r"(?:[a-z]+\s){1,4}(?:road|rd|street|st|avenue|ave|lane|garden)s?\b(?:\.?[\s,]+[a-z]+){0,2}"
)
"""Written in English; what comes after it is its town."""


def homes(plain: str) -> Iterator[Span]:
    """Spans in a folded text.

    >>> text = "家住杭州市西湖区文三路123号5幢301室，停保去文三路199号医保中心吗"
    >>> [text[a:b] for a, b in homes(text)]
    ['文三路123号5幢301室']
    """
    for match in _HOUSE.finditer(plain):
        street = _street(plain[: match.start()])
        units = len(_COUNTED.findall(match[0]))
        flat = bool(_ONLY_HOMES.search(match[0]))
        whole = units > 1 or bool(re.search(r"(?:\D\d{3,4}|-\d{1,4}-\d{1,4})\Z", match[0]))
        if not (street or (whole and flat)):
            continue
        sure = whole or (units > 1 and flat) or bool(_NEVER_AN_OFFICE.search(match[0]))
        office = bool(_OFFICE.search(street)) or _is_an_office(
            plain, match.start() - len(street), match.end()
        )
        if office and not sure:
            continue
        yield match.start() - len(street), match.end()
    for match in _ABROAD.finditer(plain):
        yield match.span()


def _is_an_office(plain: str, start: int, end: int) -> bool:
    """Whether an office, a shop or a station stands beside a house. Where somebody lives there, only
    what follows at once counts."""
    before, after = plain[max(0, start - _NEAR) : start], plain[end : end + _NEAR]
    if _LIVES.search(before) or _LIVES.search(after):
        after = re.split(r"[,。;!?\s]", after)[0]
        return bool(_OFFICE.search(after)) and not _LIVES.search(after)
    return bool(_OFFICE.search(before) or _OFFICE.search(after))


def _street(before: str) -> str:
    """The name of street, estate or village that ends a text; "" where none does."""
    run = _BEFORE.search(before)
    if run is None:
        return ""
    name = run[0]
    for bound in _BOUND.finditer(name):
        rest = run[0][bound.end() :]
        if len(rest) >= 2:
            name = rest
    return name if len(name) >= 2 and _STREET.search(name) else ""
