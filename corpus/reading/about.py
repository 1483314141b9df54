"""Lines in which a page speaks about itself: who published it, when, how often it was read.

来源：国家医疗保障局  发布时间：2024-08-01 10:00  浏览次数：1024
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from corpus.reading.dates import DATE, plain, read_date

Place = Literal["edge", "item", "inside"]
_TIME = r"(?:\s*T?\d{1,2}:\d\d(?::\d\d)?)?"
_PUBLISHED = re.compile(
    rf"(?:发布|發布|发表|發表|公布|印发|发文|成文|创建|刊登|上传)(?:时间|時間|日期|于|於)\s*[:：]?\s*({DATE}){_TIME}"
)
_UPDATED = re.compile(
    rf"(?:最后|最近|最新)?(?:更新|修改|修订|编辑)(?:时间|時間|日期|于|於)?\s*[:：]?\s*({DATE}){_TIME}"
    rf"|(?:时间|時間|日期)\s*[:：]\s*({DATE}){_TIME}"
)
_PUBLISHER = re.compile(
    r"(?:信息|文章|稿件|内容|资料|本文|新闻)?(?:来源|來源|出处|(?:发布|发文|制定|颁布|印发|公布|制发)(?:机关|机构|单位|部门|者)|主办单位|主办|供稿)"
    r"\s*[:：]\s*(?:《|“)?([^\s:：|｜,，。；;《》”]{2,30})(?:》|”)?"
)
# 签发日期 is a label of one piece, and so is 生效时间, which tells no day of the page
_DAY_OF = re.compile(
    rf"([\u4e00-\u9fff]{{1,8}}?)(?:时间|時間|日期)\s{{0,3}}[:：]\s{{0,3}}({DATE}){_TIME}"
)
_ISSUED = re.compile(
    r"(?:签发|成文|印发|发文|颁布|公布|发布|發布|发表|發表|制定|通过|刊登|上传|创建|更新|修改|修订|编辑|录入|收录|添加|入库|最后|最新)$"
)
# what pages set beside: sizes of type, buttons, a label that nothing follows
_AROUND = re.compile(
    r"(?:【|\[)?大\s{0,3}中\s{0,3}小(?:】|\])?|关闭(?:窗口|本页)?|打印(?:本页|文章)?|收藏(?:本页)?|分享到?|新闻(?=\s{0,2}来源)|人次"
    r"|(?:信息|文章|新闻|稿件)?(?:来源|作者|编辑|责任编辑)\s{0,3}[:：]\s{0,8}$|(?<=\d)\s?次"
)
_LABEL_OF_DAY = re.compile(r"(?:签发|成文|印发|发文|颁布|录入|收录|添加|入库|审核)(?=时间|日期)")
# names that tell nobody: 本网, 录入
_SELF = re.compile(
    r"本(?:网|站|局|单位|部门|报|平台|级|公众号)(?:站|原创|讯|整理)?|原创|转载|转发|网络|互联网|网上|整理|未知|佚名|匿名|无|暂无"
    r"|签发|录入|审核|审批|核稿|拟稿|编辑|责编|管理员|系统管理员|admin\w{0,12}|root|作者|来源|公众号|微信公众平台|微信公众号|百度"
    r"|点击|点击数|阅读|浏览|时间|日期|字号|大中小|【?大中小】?",
    re.I,
)
_OTHER = re.compile(
    r"(?:作者|记者|责任编辑|责编|编辑|审核|校对|浏览次数|浏览量|浏览|阅读量|阅读次数|阅读|点击次数|点击数|点击量|点击|访问量|次数"
    r"|字号|字体|索引号|主题分类|主题词|分类|栏目|标签|关键词|有效性|信息分类|公开方式|文号|发文字号|评论|分享)"
    r"\s*[:：]?\s*(?:[^\s:：|｜]{0,20})"
)
# Pages set these side by side without a blank between them.
_LABELS = re.compile(
    r"(?<=[^\s发布更新信息文章内容稿件])"
    r"(?=(?:来源|作者|编辑|责任编辑|点击|浏览|阅读|发布时间|发布日期|更新时间|字号|时间)\s*[:：])"
)
_SIGNED = re.compile(rf"(\S{{2,14}}?)\s*({DATE}){_TIME}")
# at the edge of a page the name need not be a site's, if it does not speak of the subject
_SUBJECT = re.compile("整理|医保|参保|缴|交|截止|年度|时间|日期|待遇|[:：，。！？]")
_LONE = re.compile(rf"({DATE}){_TIME}")
_SITE = re.compile(r"(?:网|局|报|社|新闻|频道|平台|中心|政府|委|部|厅|办公室|公众号|在线)$")
_ARRANGED = re.compile(r"(\S{2,10}?)(?:官方|编辑部|小编)?(?:整理|原创|出品|编辑整理)(?:发布)?")
_IN_TEXT = re.compile(
    r"(?:系|由|是)(\w{1,8}?网)(?:认证|的?编辑|的?小编|整理|原创|独家)|(?<!\w)(\w{1,6}网)小编"
)
_OWNER = re.compile(
    r"(?:版权所有|版權所有|Copyright.{0,40}?|©.{0,20}?)\s*[:：]?\s*"
    r"([\u4e00-\u9fff]{2,20}(?:网|局|中心|政府|委员会|平台|公司|报社))"
)


@dataclass(frozen=True, slots=True)
class About:
    """What such lines say; empty where they do not."""

    publisher: str = ""
    published: date | None = None
    updated: date | None = None


def read_about(text: str, *, place: Place = "inside") -> About | None:
    """What the line says about the page, or None when it says anything else besides.

    Labels count everywhere. A lone date counts at an ``edge`` of the page and behind an ``item``
    of a list; 健康新闻 2024-08-01 at an edge only where the name is a site's.

    >>> read_about("更新时间:2021-07-17 01:52").updated
    datetime.date(2021, 7, 17)
    """
    if not 4 <= len(text) <= 200 or any(
        not _ISSUED.search(day.group(1)) for day in _DAY_OF.finditer(plain(text))
    ):
        return None
    line = _LABELS.sub(" ", plain(text)).strip(" 　#-*[]【】()（）")
    if not 4 <= len(line) <= 160:
        return None
    if place != "inside" and (found := _SIGNED.fullmatch(line)):
        name = found.group(1)
        if not re.search(r"[:：\d]|[于间期止前后至起从自到在为]$", name) and (
            place == "item" or _SITE.search(name) or not _SUBJECT.search(name)
        ):
            return About(publisher=name, published=read_date(found.group(2)))
    if place != "inside" and _LONE.fullmatch(line):
        return About(published=read_date(line))
    if len(line) <= 16 and (found := _ARRANGED.fullmatch(line)) and "网" in found.group(1):
        return About(publisher=found.group(1))
    return _labelled(line, named=place == "edge")


def _labelled(line: str, *, named: bool) -> About | None:
    """``named``: a short name beside a dated label is the publisher (某某网 | 更新时间：…)."""
    found = [pattern.search(line) for pattern in (_PUBLISHED, _UPDATED, _PUBLISHER)]
    if not any(found) and not _OTHER.match(line):
        return None
    rest = _AROUND.sub(" ", _LABEL_OF_DAY.sub(" ", line))
    for pattern in (_PUBLISHED, _UPDATED, _PUBLISHER, _OTHER, _LONE):
        rest = pattern.sub(" ", rest)
    published, updated, publisher = found
    over = re.sub(r"[\s|｜\[\]【】()（）:：;；,，·/-]", "", rest)
    dated = published is not None or updated is not None
    if over and not (named and dated and 2 <= len(over) <= 12 and not _SUBJECT.search(rest)):
        return None
    lone = _LONE.search(line)
    over = "" if names_nobody(over) else over
    return About(
        publisher=publisher.group(1) if publisher else over,
        published=read_date(published.group()) if published else None,
        updated=read_date((updated or lone or [""])[0]),
    )


def names_nobody(publisher: str) -> bool:
    """Whether a name tells no publisher: 本网, 本站原创, 录入, 微信公众平台."""
    return not publisher.strip() or _SELF.fullmatch(publisher.strip()) is not None


def publisher_in(text: str) -> str:
    """A publisher that a disclaimer, an introduction or the foot of a page names, or ""."""
    if found := _IN_TEXT.search(text):
        return next(name for name in found.groups() if name)
    if found := _OWNER.search(text):
        return found.group(1)
    return ""
