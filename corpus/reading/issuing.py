"""What a document says of its issuing: by whom, under which number, from which day.

Read where documents say it: in the title, in the head above an order, in a labelled line, under the
text. A number or a date inside a sentence belongs to what that sentence speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from corpus.reading.dates import DATE, plain, read_date
from corpus.reading.naming import NUMBER
from corpus.reading.noise import bare
from corpus.reading.types import Line

_BODY = (
    r"(?:人民代表大会常务委员会|人民代表大会|人大常委会|人民政府办公厅|人民政府办公室|人民政府|政府办公厅|政府办公室|政府"
    r"|管理局|保障局|社会保险局|财政局|税务局|税务总局|健康委员会|委员会|民政局|残疾人联合会|联合会|管理中心|服务中心|保险中心"
    r"|经办中心|事务中心|中心|公安局|监督管理局|局|厅|办公厅|办公室|国务院|民政部|财政部|保障部|委|分局)"
)
_COUNCIL = r"国务院(?:办公厅)?"  # the one body with no name of a place or a matter before it
_TITLED = re.compile(
    rf"((?:(?:{_COUNCIL}|[\u4e00-\u9fff]{{2,24}}?{_BODY})[\s、，]{{0,3}}){{1,8}})(?=关于|印发|转发|批转|公告|通告|令)"
)
_NAME = re.compile(rf"{_COUNCIL}|[\u4e00-\u9fff]{{2,24}}?{_BODY}")
_ALONE = re.compile(rf"{_COUNCIL}|[\u4e00-\u9fff（）()]{{2,28}}{_BODY}")
_SIGNERS = re.compile(r"[\s、，]{1,8}")
_ORDER = re.compile(
    r"([\u4e00-\u9fff]{2,24}?(?:人民政府|委员会|局|厅|部|国务院))"
    r"(?:\s?第?\s?[\d〇○零一二三四五六七八九十百]{1,6}\s?号)?(?:令|文件$|公告$|通告$)"
)
_BY = re.compile(
    rf"[#（(\s]{{0,6}}{DATE}\s{{0,3}}(?:中华人民共和国)?"
    r"([\u4e00-\u9fff]{0,24}?(?:人民代表大会(?:常务委员会)?|国务院|人民政府))"
)
_REPLIED = re.compile(
    r"(?:答复|回复|实施|办理|主管)(?:单位|部门|机构|主体)\s{0,3}[:：]\s{0,3}([^。；，\s]{2,30})"
)
_REPLIED_ON = re.compile(rf"(?:答复|回复)(?:时间|日期)\s{{0,3}}[:：]\s{{0,3}}({DATE})")
_TERM = re.compile(r"第[一二三四五六七八九十百]{1,4}届")
_NUMBERED = re.compile(
    r"(?:文\s?号|发文字号|发文号|文件编号|文件号|号\s?令)\s{0,4}[:：]\s{0,4}([^\s，。；]{4,40}号)"
)
_PASSED = re.compile(r"(?:通过|修正|修订|公布|发布|施行)")
_STARTS = re.compile(
    rf"(?:生效|实施|施行|执行)(?:时间|日期)\s{{0,4}}[:：]\s{{0,4}}({DATE})"
    rf"|[自从]\s{{0,3}}({DATE})\s{{0,3}}起\s{{0,3}}(?:正式)?\s{{0,3}}(?:施行|实施|执行|生效|开始)"
)
_SELF_HOLDS = re.compile(
    rf"本(?:办法|规定|细则|实施细则|条例|通知|意见|方案|通告|公告|决定|规程|标准|文件)[^。；]{{0,12}}[自从于]\s{{0,3}}({DATE})"
    r"\s{0,3}起?(?:正式)?(?:施行|实施|执行|生效)"
)
_AT_ONCE = re.compile(
    r"自(?:发布|公布|印发|颁布|发文|下发|签发)之日起(?:正式)?(?:施行|实施|执行|生效)"
)
_MOST_NAMES = 4
_HEAD, _FOOT = 12, 8  # filled lines in which a document speaks of its issuing
_SITE = re.compile(r"(?:网|网站|平台|百科|门户|频道|在线)$")


def names_site(publisher: str) -> bool:
    """Whether a name is that of a site, behind which a body may stand that issued the text."""
    return bool(_SITE.search(publisher.strip()))


def titled_by(title: str) -> str:
    """The bodies that a title names as issuing, the first one where they are many, or "".

    >>> titled_by("甲市医疗保障局 甲市财政局关于印发某办法的通知")
    '甲市医疗保障局、甲市财政局'
    """
    if not (found := _TITLED.match(title)):
        return ""
    return _together(_NAME.findall(found.group(1)))


def issuer_of(lines: Sequence[Line]) -> str:
    """The body that issued the document, as it names itself over or under its text, or ""."""
    texts = [line.text.strip() for line in lines if line.text.strip()]
    for text in texts[:_HEAD]:
        if found := _ORDER.match(bare(text)) or _BY.match(plain(text)):
            return _TERM.sub("", found.group(1))
        if found := _REPLIED.match(bare(text)):
            return found.group(1)
    foot = [bare(text) for text in texts[-_FOOT:]]
    for place, text in enumerate(foot):
        if place and is_body(foot[place - 1]) and re.fullmatch(DATE, plain(text).strip()):
            return _together(_signers(foot[:place]))
    return ""


def _signers(above: Sequence[str]) -> list[str]:
    """The bodies that sign over a date, each on a line of its own or several in one."""
    first = len(above)
    while first and is_body(above[first - 1]):
        first -= 1
    return [name for text in above[first:] for name in _SIGNERS.split(text)]


def _together(names: Sequence[str]) -> str:
    return "、".join(names) if len(names) <= _MOST_NAMES else names[0]


def is_body(name: str) -> bool:
    """Whether a name is that of a body that issues documents, or of several, rather than of a site
    or an account."""
    names = _SIGNERS.split(name.strip())
    return all(_ALONE.fullmatch(one) and not names_site(one) for one in names)


def number_of(title: str, lines: Sequence[Line]) -> str:
    """The document's own number, without blanks, or ""."""
    if found := NUMBER.search(title):
        return _clean(found.group())
    texts = [bare(line.text) for line in lines if line.text.strip()]
    for text in texts[:_HEAD]:
        words = text.strip("()（）[]【】 ")
        if NUMBER.fullmatch(words):
            return _clean(words)
        if found := _NUMBERED.search(text):
            return _clean(found.group(1))
    return ""


def _clean(number: str) -> str:
    return re.sub(r"\s", "", number)


def passed_on(lines: Sequence[Line]) -> date | None:
    """The day in the line under a law's title, when it was passed or last amended; that on which a
    letter was answered."""
    for text in _texts(lines, _HEAD):
        if found := _REPLIED_ON.search(plain(text)):
            return read_date(found.group(1))
    for text in _texts(lines, 6):
        if _PASSED.search(text) and re.match(rf"[#（(\s]{{0,6}}{DATE}", plain(text)):
            return read_date(re.findall(DATE, plain(text))[-1])
    return None


def effective_on(lines: Sequence[Line], published: date | None) -> date | None:
    """The day from which it holds: labelled, or said of the document at its head or its end."""
    texts = [plain(line.text) for line in lines if line.text.strip()]
    for text in reversed(texts):
        if "本" in text and (found := _SELF_HOLDS.search(text)):
            return read_date(found.group(1))
    for text in (*texts[:_HEAD], *reversed(texts[-_FOOT * 3 :])):
        if re.search(r"有效期|废止|截止", text) and not re.search(r"施行|实施|执行|生效", text):
            continue
        if found := _STARTS.search(text):
            return read_date(next(filter(None, found.groups())))
        if _AT_ONCE.search(text):
            return published
    return None


def _texts(lines: Sequence[Line], most: int) -> Iterator[str]:
    filled = (line.text.strip() for line in lines if line.text.strip())
    for _, text in zip(range(most), filled, strict=False):
        yield text
