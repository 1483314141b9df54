"""For whom a text is, individuals or organisations, where it says so in a form of its own.

A labelled line (服务对象：用人单位), a cell with that head, a heading with its list below it, or a title
that names who acts (用人单位申报指南, 停保（个人）). What the words mean is not asked: a text without such a
line says nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.types import AUDIENCES, Audience

_ENOUGH = 20_000  # characters of a text; the labels of a guide stand long before
_LONGEST_VALUE = 120
_MOST_LISTED = 8  # lines under a heading
_MARK = r"(?:[-*•·#>\s]|\d{1,2}[.、．)）]|[（(]?[一二三四五六七八九十]{1,3}[)）、]){0,4}"
_LABEL = r"(?:服务|办理|适用|申请|申办|受理|面向|办事)(?:对象|人群|主体)(?:类型|类别|分类)?|面向用户|适用主体"
_LABELLED = re.compile(
    rf"(?:^{_MARK}|(?<=[；;|｜。，【\[]))[ \t]{{0,4}}[【\[*]{{0,2}}(?:{_LABEL})[】\]*]{{0,2}}[ \t]{{0,4}}"
    rf"(?:[:：|｜]|(?<=[】\]\s*])(?=\S))[*\s]{{0,4}}([^；;。|｜\n]{{1,{_LONGEST_VALUE}}})",
    re.M,
)
_ALONE = re.compile(rf"{_MARK}[【\[*]{{0,2}}(?:{_LABEL})[】\]*]{{0,2}}[:：]?\s{{0,4}}")
_ITEM = re.compile(_MARK)
_BRACKETS = re.compile(r"[（(][^（()）]{0,80}[)）]")
_BUT_NOT = re.compile(r"不含|不包括|不包含")
_BETWEEN = re.compile(r"[、，,/；;。\s]|以及|或者|和|或|及|与")
_AROUND = re.compile(
    r"^(?:由|在|因|向|经|需|应|可|凭|到|为|对|从|按|以|被|将|持|除|非)(?!.{0,20}的)"
)
_TRAILING = re.compile(r"(?:等|均可|都可|办理|申请|用户|类){1,3}$")
_BODY = re.compile(
    r"(?:单位|企业|公司|机关|法人|组织|团体|机构|药店|雇主|经办人员?|专管员"
    r"|employers?|compan(?:y|ies)|organi[sz]ations?|enterprises?)$",
    re.I,
)
_BEGINS_AS_BODY = re.compile(r"(?:用人|企事业|事业|企业)?单位|企业|机关|社会(?:团体|组织)|民办")
_PERSON = re.compile(
    r"(?:人|人员|者|职工|员工|雇工|居民|村民|农民|市民|公民|群众|学生|儿童|少儿|婴儿|新生儿|家属|子女|父母"
    r"|配偶|孕妇|产妇|孕产妇|individuals?|persons?|people|citizens?)$",
    re.I,
)
_SHOPS = re.compile(r"个体(?:工商)?户$")

_ACTS = (
    r"(?:(?:如何|怎么|怎样|怎|网上|线上|自行|自助|首次|新|为(?:职工|员工)){0,3}"
    r"(?:办理|办|参保登记|社保登记|缴费登记|登记|申报|申请|申领|开户|增减员|增员|减员|注销|信息变更|缴费申报"
    r"|补缴申报|基数申报)|(?:如何|怎么|怎样|自行)(?:缴费|参保|补缴|停保|续保|查询))"
)
_TITLE = re.compile(
    r"(?:^|关于|[】）)：:—\s]|市|省|区|县)"
    r"((?:用人单位|参保单位|单位|企业|个人)(?:(?:和|与|及|或|、)(?:用人单位|单位|企业|个人))?)"
    + _ACTS
)
_TITLE_MARK = re.compile(
    r"[（(【\[](?:适用于|面向)?((?:用人单位|单位|企业|个人|自然人|法人)(?:[、/和](?:单位|企业|个人|法人))?)"
    r"(?:用户|版|端|篇|类)?[)）】\]]|(?<![\u4e00-\u9fff])(单位|企业|个人)(?:用户|版|端|篇)"
)
_AFTERWARDS = re.compile(r"后|了|过|没|未|不")  # 单位办理停保后怎么办 is asked by somebody else


def audience_of(title: str, text: str) -> tuple[Audience, ...]:
    """For whom an article is, () where it does not say.

    >>> audience_of("停保登记", "服务对象：用人单位、灵活就业人员\\n到窗口办。")
    ('个人', '单位')
    """
    values = list(_labelled(text[:_ENOUGH]))
    return audience_named("、".join(values)) or _titled(title)


def audience_named(value: str) -> tuple[Audience, ...]:
    """Whom the value of a label names. Each name tells by its end: 企业职工 are people.

    >>> audience_named("在本市用人单位就业的参保人员")
    ('个人',)
    """
    value = _BUT_NOT.split(_BRACKETS.sub("", value))[0]
    pieces = [_TRAILING.sub("", piece.strip("*：: ")) for piece in _BETWEEN.split(value)]
    found: set[Audience] = set()
    for piece, after in zip(pieces, [*pieces[1:], ""], strict=True):
        one = _kind(piece)
        staff = _kind(after) == "个人" and _BEGINS_AS_BODY.match(after)  # 机关、事业单位职工
        if one and not (one == "单位" and staff):
            found.add(one)
    return tuple(name for name in AUDIENCES if name in found)


def _kind(name: str) -> Audience | None:
    if not name or _AROUND.match(name):
        return None
    if _SHOPS.search(name):
        return "个人" if "无雇工" in name else "单位" if "有雇工" in name else None
    if _BODY.search(name):
        return "单位"
    return "个人" if _PERSON.search(name) else None


def _labelled(text: str) -> Iterator[str]:
    """What stands behind labels, and below those that have a line of their own."""
    yield from (found.group(1) for found in _LABELLED.finditer(text))
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for number, line in enumerate(lines):
        if _ALONE.fullmatch(line):
            yield from _below(lines[number + 1 : number + 1 + _MOST_LISTED])


def _below(lines: list[str]) -> Iterator[str]:
    """The line under a heading, and the items that go on with it."""
    for number, line in enumerate(lines):
        mark = _ITEM.match(line)
        marked = bool(mark and mark.end())
        if line.startswith("#") or (number and not marked):
            return
        bare = line[mark.end() :] if mark else line
        yield re.split("[。；;]", bare, maxsplit=1)[0][:_LONGEST_VALUE]
        if not marked:
            return


def _titled(title: str) -> tuple[Audience, ...]:
    found = _TITLE_MARK.search(title)
    if found:
        return audience_named(found.group(1) or found.group(2))
    found = _TITLE.search(title)
    if not found or _AFTERWARDS.search(title[found.start() :]):
        return ()
    return audience_named(found.group(1))
