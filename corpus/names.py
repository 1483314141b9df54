"""What people call the schemes and the channels: the words by which questions, headings and
claims name the same thing.

Names alone: what a question wants of them is told by ``index.segments``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from corpus.types import Scheme

_Name = TypeVar("_Name")
_Rows = tuple[tuple[_Name, re.Pattern[str]], ...]


def _compiled(rows: Iterable[tuple[_Name, str]]) -> _Rows[_Name]:
    return tuple((name, re.compile(pattern)) for name, pattern in rows)


# What names a scheme outright, and what only hints at one (used when nothing names one).
_NAMED: _Rows[Scheme] = _compiled(
    (
        ("灵活就业", r"灵活就业|自由职业|个体户|个体工商户|打零工|零工|自己交(?:的)?(?:职工)?医保"),
        ("职工", r"职工|单位医保|市医保(?!中心|局|经办)|企业医保|公司医保"),
        ("居民", r"居民|新农合|合作医疗|农合|农村医保|城乡医保|农医保|学生医保|少儿医保"),
    )
)
_HINTS: _Rows[Scheme] = _compiled(
    (
        ("职工", r"单位|公司|企业|老板|上班|入职|离职|辞职|跳槽|换工作|被裁|裁员|员工|用人|厂里"),
        ("居民", r"农村|农民|老家|村里|村委|学生|孩子|小孩|新生儿|宝宝|没工作的?老人"),
    )
)

SCHEME = re.compile(
    r"(?:(?:新型|城乡|城镇|农村|企业|单位|参保){0,4}"
    r"(?:职工|居民(?!身份证|户口)|新农合|农村合作医疗|合作医疗|农合|灵活就业(?:人员)?(?:的(?=医))?)"
    r"(?:基本)?(?:医保|医疗保险)?|(?:单位|公司|企业|农村|学生|少儿)医保)"
)
"""The name of a scheme as a whole."""
_OLD_NAME = re.compile(r"(?:新型)?(?:农村)?合作医疗|新农合|农合")
"""What the scheme for residents was called in the country before 2016."""

# Ways of doing things, each with all that people call it. Apps are told before WeChat, which holds many.
APPS: dict[str, tuple[str, ...]] = {
    "支付宝": ("支付宝",),
    "国家医保服务平台": ("国家医保服务平台", "国家医保app"),
    "手机银行": ("手机银行", "银行app", "掌银", "掌上银"),
    "云闪付": ("云闪付",),
    "电子税务局": ("电子税务局", "电子税局"),
    "天府通办": ("天府通",),
    **{name: (name,) for name in ("粤省事", "浙里办", "赣服通", "随申办", "爱山东", "津心办", "苏服办", "皖事通",
                                  "闽政通", "鄂汇办", "豫事办", "辽事通", "渝快办", "三秦通", "爱广西")},
}  # fmt: skip
OTHERS: dict[str, tuple[str, ...]] = {
    "微信": ("微信", "公众号", "小程序"),
    "线上": ("线上", "网上", "在线", "远程", "网页", "网站", "官网", "网厅", "电脑", "手机", "app", "平台",
           "不用跑"),
    "窗口": ("窗口", "线下", "大厅", "现场", "柜台", "跑一趟", "网点", "医保局", "社保局", "医保中心", "经办机构", "服务点"),
    "电话": ("电话", "热线", "拨打", "12393", "12333"),
    "银行": ("银行",),
    "自助": ("自助",),
}  # fmt: skip
_WEB = ("网站", "官网", "网页")
_OUTSIDE_APPS = ("微信", "公众号", *_WEB)
"""What names a way of its own beside an app; a mini program may be one of the app's."""
_ASKED_BY_NAME = ("微信", "窗口")
"""Of the others, those that somebody who names them wants, and not only by any way of that kind."""


_QUOTED_APP = re.compile(r"[「“\"『【]([^」”\"』】]{2,8})[」”\"』】]\s?(?:手机)?(?:app|客户端)")
"""An app that no table knows keeps its own name."""


def _apps_in(folded: str) -> list[str]:
    return [name for name, words in APPS.items() if _names(folded, words)]


def _names(folded: str, words: Iterable[str]) -> bool:
    return any(word in folded for word in words)


def quoted_app(folded: str) -> str:
    """The app that a text names in quotation marks, or "".

    >>> quoted_app("打开「穗好办」app")
    '穗好办'
    """
    found = _QUOTED_APP.search(folded)
    return found[1] if found else ""


def app_in(folded: str) -> str:
    """The one app that a text names, WeChat for what lies within it; "" where it names none or leaves a choice.

    >>> app_in("打开支付宝小程序"), app_in("在公众号或者支付宝里")
    ('支付宝', '')
    """
    named = {*_apps_in(folded), quoted_app(folded)} - {""}
    within = [word for word in OTHERS["微信"] if word in folded]
    if len(named) + any(word in _OUTSIDE_APPS for word in (*within, *_WEB) if word in folded) > 1:
        return ""
    return next(iter(named), "微信" if within and not any(w in folded for w in _WEB) else "")


def channels_in(folded: str) -> tuple[str, ...]:
    """The ways of doing things that a text asks for by name: 支付宝, 微信, 窗口, 随申办 …

    >>> channels_in("公众号上怎么停，去窗口行不")
    ('微信', '窗口')
    """
    named = _apps_in(folded) + [name for name in _ASKED_BY_NAME if _names(folded, OTHERS[name])]
    quoted = quoted_app(folded)
    return tuple(dict.fromkeys([*named, quoted] if quoted else named))


def channels_at(folded: str) -> list[tuple[int, int, str]]:
    """Where a text names a way of doing things, in order, and which.

    >>> channels_at("除了支付宝小程序还能去窗口吗")
    [(2, 5, '支付宝'), (5, 8, '微信'), (11, 13, '窗口')]
    """
    pattern, names = _channel_words()
    return [(found.start(), found.end(), names[found[0]]) for found in pattern.finditer(folded)]


@lru_cache(maxsize=1)
def _channel_words() -> tuple[re.Pattern[str], dict[str, str]]:
    names = {word: name for name, words in (OTHERS | APPS).items() for word in words}
    longest = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))), names


def names_a_channel(folded: str) -> bool:
    """Whether a text names any way of doing things at all."""
    return any(_names(folded, words) for words in (*APPS.values(), *OTHERS.values()))


def schemes_in(folded: str) -> tuple[Scheme, ...]:
    """Schemes that a text names outright, in a fixed order."""
    return tuple(scheme for scheme, pattern in _NAMED if pattern.search(folded))


def schemes_hinted_in(folded: str) -> tuple[Scheme, ...]:
    """Schemes that a text only suggests, by a workplace or a village."""
    return tuple(scheme for scheme, pattern in _HINTS if pattern.search(folded))


def hints_at(folded: str) -> list[tuple[int, int, Scheme]]:
    """Where a text names a scheme or hints at one, in order; of words that overlap the first.

    >>> hints_at("厂里的医保转居民医保")
    [(0, 2, '职工'), (6, 8, '居民')]
    """
    found: list[tuple[int, int, Scheme]] = []
    for start, end, scheme in sorted(
        (match.start(), match.end(), scheme)
        for scheme, pattern in (*_NAMED, *_HINTS)
        for match in pattern.finditer(folded)
    ):
        if not found or start >= found[-1][1]:
            found.append((start, end, scheme))
    return found


@lru_cache(maxsize=4096)
def is_scheme_name(word: str) -> bool:
    """Whether a word names a scheme and nothing more: 新农合, 居民医保, 职工."""
    return SCHEME.fullmatch(word) is not None


def scheme_names(folded: str) -> tuple[str, ...]:
    """The schemes as a text calls them, each once."""
    return tuple(dict.fromkeys(SCHEME.findall(folded)))


def with_present_names(folded: str) -> str:
    """The text, with the scheme for residents under the name that it bears now."""
    return _OLD_NAME.sub("居民医保", folded)


def online_in(folded: str) -> bool | None:
    """True for online, False for at a counter, None where it says neither or both."""
    online = bool(_apps_in(folded)) or _names(folded, (*OTHERS["微信"], *OTHERS["线上"]))
    return online if online != _names(folded, OTHERS["窗口"]) else None


def without_channels(text: str, *, online: bool) -> str:
    """The text without the words for doing it online, or at a counter.

    >>> without_channels("居民医保在窗口停保", online=False)
    '居民医保停保'
    """
    return without_ways(text, (*APPS, "微信", "线上") if online else ("窗口",))


def without_ways(text: str, names: Iterable[str]) -> str:
    """The text without what names some ways of doing things.

    >>> without_ways("居民医保怎么在支付宝上交", ["支付宝"])
    '居民医保怎么交'
    """
    words = [word for name in names for word in (APPS | OTHERS).get(name, (name,))]
    longest = sorted(words, key=len, reverse=True)
    return re.sub(f"[在去]?(?:{'|'.join(map(re.escape, longest))})(?:上(?![海饶]))?", "", text)
