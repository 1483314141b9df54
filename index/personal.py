"""Personal data in what is taken in: identity numbers, mobile phones, cards, a name with a phone.

Named at a refresh, so that a person looks before it is published; never shown whole. Phones of
offices (landlines without a person's name, 12393, 400) are what readers come for and are not named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_B = r"[ \-－—]?"
_ID = re.compile(
    rf"(?<![\dA-Za-z])[1-9]\d{{5}}{_B}(?:19|20)\d\d{_B}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_B}\d{{3}}[\dXx](?![\dA-Za-z])"
)
_MOBILE = re.compile(rf"(?<![\d.])(?:\+?86{_B})?1[3-9]\d{_B}\d{{4}}{_B}\d{{4}}(?!\d)")
_CARD = re.compile(rf"(?<!\d)(?:62|4\d|5[1-5])\d{{2}}(?:{_B}\d{{4}}){{3}}(?:{_B}\d{{1,3}})?(?!\d)")
_HELD = re.compile(
    r"(?:社会?保障?卡号|社会保障号码?|医保(?:个人)?编号|个人编号|医保卡号|病历号|住院号)\s{0,3}[:：为是]\s{0,3}"
    r"([A-Za-z]{0,3}\d{6,20})"
)
# the 120 most frequent family names: nine people of ten
_FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任"
    "沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔"
    "向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌"
)
_CALLED = rf"[{_FAMILY}](?:[\u4e00-\u9fff]{{1,2}}|某{{1,2}}|[*＊×xX]{{1,2}})"
_MOBILE_PHONE = r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"
_PHONE = r"(?:0\d{2,3}[- ]?\d{7,8}|[2-8]\d{6,7}|1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?!\d)"
_JOINT = r"\s{0,3}(?:[(（,，:：、]|电话|手机|联系电话){0,3}\s{0,3}"
_ROLE = (
    r"(?:联系人|经办人|负责人|申请人|参保人|患者|姓名|咨询人|投诉人|来信人|责任人|承办人|诉求人)"
)
_NAMED = re.compile(
    rf"{_ROLE}\s{{0,3}}[:：]?\s{{0,3}}({_CALLED})(?:先生|女士|同志|老师)?[^。\n]{{0,15}}?({_PHONE})"
    # a place before a landline looks like a name (石家庄 0311-…): there the address is asked for
    rf"|(?<![\u4e00-\u9fff])([{_FAMILY}][\u4e00-\u9fff*]{{0,2}})(?:先生|女士|小姐|同志|老师|医生|主任|科长)"
    rf"{_JOINT}({_PHONE})"
    rf"|(?<![\u4e00-\u9fff])({_CALLED}){_JOINT}({_MOBILE_PHONE})"
)
_MOST = 50  # of one article; a list of a thousand people is named as one


@dataclass(frozen=True, slots=True, order=True)
class Personal:
    """One piece of personal data: what it is, masked, and where (the line of the article)."""

    what: str
    shown: str
    line: int

    def __str__(self) -> str:
        return f"第 {self.line} 行有{self.what}（{self.shown}）"


def personal_in(text: str) -> tuple[Personal, ...]:
    """Personal data in a text, by line; the first 50.

    >>> [str(p) for p in personal_in("张三，身份证号110101199003074258")]
    ['第 1 行有身份证号码（110*************58）']
    """
    found: set[Personal] = set()
    for number, line in enumerate(text.split("\n"), 1):
        if any("0" <= c <= "9" or "０" <= c <= "９" for c in line):
            found |= {Personal(what, shown, number) for what, shown in _of_line(line)}
        if len(found) >= _MOST:
            break
    return tuple(sorted(found, key=lambda p: (p.line, p.what, p.shown)))[:_MOST]


def _of_line(line: str) -> Iterator[tuple[str, str]]:
    plain = unicodedata.normalize("NFKC", line)
    for found in _ID.finditer(plain):
        yield "身份证号码", masked(found.group())
    bare = _ID.sub(" ", plain)
    for found in _CARD.finditer(bare):
        if is_card(re.sub(r"\D", "", found.group())):
            yield "银行卡号", masked(found.group())
    for found in _HELD.finditer(bare):
        yield "个人编号", masked(found.group(1))
    named: set[str] = set()
    for found in _NAMED.finditer(bare):
        name, phone = [group for group in found.groups() if group]
        named.add(re.sub(r"\D", "", phone))
        yield "姓名和电话", f"{name[0]}**，{masked(phone)}"
    for found in _MOBILE.finditer(bare):
        if re.sub(r"\D", "", found.group())[-11:] not in named:
            yield "手机号码", masked(found.group())


def masked(number: str) -> str:
    """A number of which the first three and the last two characters show."""
    bare = re.sub(r"[\s\-－—]", "", number)
    return bare[:3] + "*" * max(1, len(bare) - 5) + bare[-2:]


def is_card(digits: str) -> bool:
    """Luhn's check, which every bank card passes and one other number in ten."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return len(digits) >= 16 and total % 10 == 0
