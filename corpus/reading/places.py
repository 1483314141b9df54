"""Which place and which scheme a text is about, read from its words.

A text that gives a city as an example is not about that city: what counts is the title, the
publisher, a rule that the text follows (根据沈阳市……规定), or a place that stands alone in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container
from functools import lru_cache
from importlib.resources import files

from corpus.reading.counties import counties_at, counties_in, within
from corpus.text import fold
from corpus.types import NATIONAL, Scheme

# What follows an ambiguous name where it does mean the place: 日照医保, 朝阳市. So does its own
# province before it: 西藏山南.
_AFTER = r"(?=市|地区|州|县|医保|医疗|社保|税务|人社|居民|职工|城乡|灵活|新农合|参保|本地|户籍)"
# What follows a place's name where it is part of another name.
_NOT_PLACE = re.compile(
    r"巴巴|健康码?平台|云|旅行|时间|证券|日报|晚报|银行|[^，。；：\s市省]{0,6}(?:大学|学院)(?!生)|大学(?!生)"
)
_OFFICE = re.compile(r"局|政府|社保|信息网|发布|中心|医保|医疗保障|税务|人社|委员会|厅")
_LOCAL_OFFICE = re.compile(  # a county or a district, of which there are too many to list
    r"([\u4e00-\u9fff]{2,5}?)(?:市|县|区|旗|自治州|自治县)(?=医疗保障|医保|人民政府|人社|人力资源|税务|社会?保)"
)
_EXAMPLE = re.compile(r"(?:例如|比如|譬如|诸如|以|像|如)[^，。；：:（）()]{0,12}$")
_RULE = re.compile(r"(?:根据|按照|依据|按|依照)[^，。；]{0,16}$")
_HERE = re.compile(r"[本我全](?:市|省|区|县|自治区)")
_RANKS = ("市", "省", "州", "县", "区")
_SHORT = 600  # characters; a longer text that is about one place says 本市 or 我市 somewhere
_ENOUGH = 20_000  # characters of a text; what it is about shows long before
_OWN = 3  # a place alone in a text, and named this often, is what the text is about

_SCHEMES: tuple[tuple[Scheme, re.Pattern[str]], ...] = (
    (
        "职工",
        re.compile(
            r"职工(?:基本)?医[保疗]|城镇职工(?!居民)|单位医保|企业职工|职工参保"
            r"|(?:^|[把将从由的，。、；\s])市医保|职工(?:和|与|及|、)(?:城乡)?居民"
        ),
    ),
    (
        "居民",
        re.compile(
            r"居民(?:基本)?医[保疗]|城乡医保|新型农村合作医疗|合作医疗|农合|农村医保|城居医保"
            r"|城乡居民(?!养老|基本养老)|居民参保|学生医保"
        ),
    ),
    ("灵活就业", re.compile(r"灵活就业|自由职业|个体工商户|个体户|无雇工")),
)
_EMPLOYED = re.compile(
    r"用人单位|新单位|原单位|单位(?:续保|参保|缴费|经办|办理|补缴|停保)|企业申请"
)
_OFTEN = 3  # 灵活就业 stands in many texts as one case among others


def region_of(title: str, text: str, publisher: str = "") -> str:
    """The one place that an article is about, or 全国.

    >>> region_of("沈阳单位医保几号缴费", "……")
    '沈阳'
    """
    title, text, publisher = fold(title), fold(text[:_ENOUGH]), fold(publisher)
    for words in (title, publisher if _OFFICE.search(publisher) else ""):
        if place := _named_in(words):
            return place
    if office := _LOCAL_OFFICE.match(publisher):
        return office.group(1)
    ruled = [name for name, before in _mentions(text[:400]) if _RULE.search(before)]
    if ruled and (place := _one(set(ruled))) != NATIONAL:
        others = {n for n, b in _mentions(text) if not _EXAMPLE.search(b)}
        return place if _one(others | {place}) != NATIONAL else NATIONAL
    local = len(text) <= _SHORT or _HERE.search(text) is not None
    counted = Counter(name for name, before in _mentions(text) if not _EXAMPLE.search(before))
    if counted.total() >= _OWN and local:
        return _one(set(counted))
    return _county_of(text) if _HERE.search(text) and not counted else NATIONAL


def _named_in(words: str) -> str:
    """The place that a title or a publisher names: a county, or the city that several lie in."""
    places = _named(words)
    counties = {county.name: county for county in counties_in(words, bare=True)}
    if len(counties) == 1:
        (county,) = counties.values()
        if places <= county.within | {county.name}:
            return county.name
    if places:
        return _one(places)
    around = [county.within for county in counties.values()]
    shared = frozenset.intersection(*around) if around else frozenset()
    return _one(set(shared)) if shared else (NATIONAL if counties else "")


def covering(name: str, spoken_of: Container[str]) -> str:
    """The place itself where something is said of it; else, of a county or a district, the city that it lies in: cover is its.

    >>> covering("番禺", {"广州", "广东"}), covering("广州", {"广东"})
    ('广州', '广州')
    """
    if name in spoken_of:
        return name
    _, provinces = _regions()
    cities = sorted(place for place in within(name) if place in provinces)
    known = [place for place in (*cities, *sorted(within(name))) if place in spoken_of]
    return next(iter(known), cities[0] if len(cities) == 1 else name)


def _county_of(text: str) -> str:
    """The one county that a text without any city names again and again."""
    counted = Counter(county.name for county in counties_in(text, bare=False))
    return next(iter(counted)) if len(counted) == 1 and counted.total() >= _OWN else NATIONAL


def full_name(publisher: str, region: str) -> str:
    """市医疗保障局 with the place that it leaves out, where that is known.

    >>> full_name("市医疗保障局", "广州"), full_name("省医疗保障局", "广州")
    ('广州市医疗保障局', '省医疗保障局')
    """
    found = re.match(r"[市省区县](?=[\u4e00-\u9fff]{2})", publisher)
    if not found or region in ("", NATIONAL):
        return publisher
    _, provinces = _regions()
    province = region in set(provinces.values())
    fits = (
        province
        if found.group() == "省"
        else region in provinces
        if found.group() == "市"
        else (region not in provinces and not province)
    )
    return region + publisher if fits else publisher


def schemes_of(title: str, text: str) -> tuple[Scheme, ...]:
    """The schemes that the title names; else the one that the text names alone; else none.

    >>> schemes_of("新农合可以转职工医保吗", "……")
    ('职工', '居民')
    """
    title, text = fold(title), fold(text[:_ENOUGH])
    titled = tuple(name for name, pattern in _SCHEMES if pattern.search(title))
    if titled:
        return titled
    named = [name for name, pattern in _SCHEMES if pattern.search(text)]
    if "职工" not in named and _EMPLOYED.search(text):
        return ()  # 单位 speaks of employees without naming their scheme
    if named == ["灵活就业"] and len(_SCHEMES[2][1].findall(text)) < _OFTEN:
        return ()
    return tuple(named) if len(named) == 1 else ()


@lru_cache(maxsize=1)
def known_places() -> frozenset[str]:
    """Every name that ``region_of`` can give: provinces and prefectures, as articles give them."""
    _, provinces = _regions()
    return frozenset(provinces) | frozenset(_provinces())


def _provinces() -> list[str]:
    """All of them, those without prefectures too: 北京."""
    return [line.partition(":")[0] for line in _lines() if not line.startswith("@")]


def places_in(text: str) -> frozenset[str]:
    """The places that a text names, as articles call theirs (沈阳)."""
    return frozenset(_named(text)) - {NATIONAL}


def _named(text: str) -> set[str]:
    return {name for name, before in _mentions(text) if not _EXAMPLE.search(before)}


def _one(names: set[str]) -> str:
    """The place that all the names lead to: a city and its own province are one place."""
    _, provinces = _regions()
    cities = {name for name in names if name in provinces}
    around = {provinces[city] for city in cities}
    if len(cities) == 1 and names <= cities | around:
        return cities.pop()
    if not cities and len(names) == 1:
        return names.pop()
    if len(around) == 1 and names <= cities | around:
        return around.pop()
    return NATIONAL


def mentions_at(text: str) -> list[tuple[int, int]]:
    """Where a folded question names a place, in order; what follows close upon each other is one: 广州市番禺区.

    >>> mentions_at("户口在湖南,在广州市番禺区上班")
    [(3, 5), (7, 13)]
    """
    pattern, _ = _regions()
    spans = [
        (m.start(), m.end()) for m in pattern.finditer(text) if not _NOT_PLACE.match(text, m.end())
    ]
    spans += [(start, end) for start, end, _ in counties_at(text, bare=True)]
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
        while text[found[-1][1] : found[-1][1] + 1] in _RANKS:
            found[-1] = found[-1][0], found[-1][1] + 1
    return found


def names_at(text: str) -> list[tuple[int, int]]:
    """… less what only stands for a place: 浙里办 is an app's name.

    >>> names_at("浙里办里怎么交杭州的")
    [(7, 9)]
    """
    return [(start, end) for start, end in mentions_at(text) if text[start:end] not in _aliases()]


def _mentions(text: str) -> list[tuple[str, str]]:
    """Each place named in the text, with the words before it."""
    pattern, _ = _regions()
    found = []
    for match in pattern.finditer(text):
        if _NOT_PLACE.match(text, match.end()):
            continue
        name = _aliases().get(match.group(), match.group())
        found.append((name, text[max(0, match.start() - 24) : match.start()]))
    return found


@lru_cache(maxsize=1)
def _lines() -> tuple[str, ...]:
    data = files("corpus") / "data" / "regions.txt"
    lines = data.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=1)
def _aliases() -> dict[str, str]:
    pairs = (line[1:].split() for line in _lines() if line.startswith("@"))
    return {alias: place for alias, place in pairs}


@lru_cache(maxsize=1)
def _regions() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for all names, and each city's province."""
    provinces: dict[str, str] = {}
    names: list[str] = list(_aliases())
    doubtful: list[str] = []
    for line in _lines():
        if line.startswith("@"):
            continue
        province, _, cities = line.partition(":")
        names.append(province)
        for city in cities.split():
            if city.endswith("!"):
                city = city.rstrip("!")
                doubtful += [f"{city}{_AFTER}", f"(?<={province}){city}"]
            else:
                names.append(city)
            provinces[city] = province
    names.sort(key=len, reverse=True)
    either = "|".join(map(re.escape, names))
    # nearly every character of a text begins no name: told so at once, it takes a ninth of the time
    begins = "".join(sorted({name[0] for name in (*names, *provinces)}))
    return re.compile(f"(?=[{begins}])(?:{'|'.join([either, *doubtful])})"), provinces
