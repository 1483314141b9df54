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
    rf"(?:附|第)?(?:{_NUMBER}|[a-z]\d{{0,3}}|[甲乙丙丁])\s?"
    r"(?:号(?:楼|院)?|支?弄|栋|幢|座|单元|室|户|组|门|排|舍|层|楼|房)(?!线|厅|台|窗|柜|文|令|店)"
)
_FLAT = r"(?:[\s,-]?(?<![\d])\d{3,4}(?:室|房|户)?(?![\d年元月人天个块]))"
_DASHED = r"\d{1,3}-\d{1,3}-\d{1,4}(?![\d-])"
_NAMED = r"[\u4e00-\u9fff]{1,8}?"
_HOUSE = re.compile(
    rf"(?:{_UNIT}|(?<![\d-]){_DASHED})(?:[\s,]?(?:{_DASHED}|(?:{_NAMED})?{_UNIT}))*{_FLAT}?"
)
_COUNTED = re.compile(_UNIT)
_STREET = re.compile(
    r"(?:路|街|道|巷|弄|胡同|里|村|屯|庄|寨|沟|湾|社区|小区|园区?|花园|公寓|苑|城|府|家园|大厦|坊|院|居|庭|邸|岸|郡|都|宿舍)"
    r"[东西南北中头口内旁段]{0,3}\Z"
)
_BEFORE = re.compile(r"[\u4e00-\u9fffa-z\d]{1,16}\Z")
_BOUND = re.compile(
    r"住在|居住|家住|现住|住址|地址|家在|房子|位于|街道(?!办)|省|市(?!场)|(?<![小社园])区|县|[乡镇]|旗|我们村?|[在住到去往寄租是为的我归从]"
)
_OFFICE = re.compile(
    r"[医社]保[局处所]|中心|大厅|办事|窗口|医院|药店|药房|政务|[局所](?![在住])|银行|分局|经办|办公|卫生|门诊|学校|法院|地铁|公交"
)
_NEAR = 12
_ONLY_HOMES = re.compile(
    rf"单元|[栋幢弄户舍组座]|号楼|{_DASHED}|\d\s?[室房]|(?<=[楼门座])\d{{3,4}}\Z"
)


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
        around = plain[max(0, match.start() - _NEAR) : match.start()], plain[match.end() :][:_NEAR]
        if (units == 1 or not flat) and not whole and any(map(_OFFICE.search, around)):
            continue
        yield match.start() - len(street), match.end()


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
