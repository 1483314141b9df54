"""Reading a question the way a clerk hears it: about which scheme, which place, how long a break,
and what kind of thing is asked for (steps, papers, a place, a date, a rule, the law).

Plain patterns over the folded text; nothing here looks at the store. What a question leaves open
stays None: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from corpus.quantities import quantities
from corpus.reading.places import region_of
from corpus.text import fold
from corpus.types import NATIONAL, PassageKind, Scheme
from corpus.words import Words

SUBJECT = 30
"""Characters of a subject line at most."""
MAX_LENGTH = 1000
"""Characters of a question that are read at most; a longer one is refused as input."""

_Name = TypeVar("_Name")
_Rows = tuple[tuple[_Name, re.Pattern[str]], ...]


def _compiled(rows: Iterable[tuple[_Name, str]]) -> _Rows[_Name]:
    return tuple((name, re.compile(pattern)) for name, pattern in rows)


# What names a scheme outright, and what only hints at one (used when nothing names one).
_NAMED: _Rows[Scheme] = _compiled(
    (
        ("灵活就业", r"灵活就业|自由职业|个体户|个体工商户|打零工|零工|自己交(?:的)?(?:职工)?医保"),
        ("职工", r"职工|单位医保|市医保|企业医保|公司医保"),
        ("居民", r"居民|新农合|合作医疗|农合|农村医保|城乡医保|农医保|学生医保|少儿医保"),
    )
)
_HINTS: _Rows[Scheme] = _compiled(
    (
        ("职工", r"单位|公司|企业|老板|上班|入职|离职|辞职|跳槽|换工作|被裁|裁员|员工|用人|厂里"),
        ("居民", r"农村|农民|老家|村里|村委|学生|孩子|小孩|新生儿|宝宝|没工作的?老人"),
    )
)

_SCHEME = re.compile(
    r"(?:新型|城乡|城镇|农村|企业|单位|参保){0,4}"
    r"(?:职工|居民|新农合|农村合作医疗|合作医疗|农合|灵活就业(?:人员)?)"
    r"(?:基本)?(?:医保|医疗保险)?"
)
"""The name of a scheme as a whole."""
_OLD_NAME = re.compile(r"(?:新型)?(?:农村)?合作医疗|新农合|农合")
"""What the scheme for residents was called in the country before 2016."""

# What is done. A question about restoring cover is not answered by how to stop it, however many words
# the two share. Only telling words: 缴费 alone is in nearly every passage.
_ACTIONS: _Rows[str] = _compiled(
    (
        ("恢复", r"恢复|续保|复保|重新参保|重新参加|接上|续上|激活"),
        (
            "停保",
            r"停保|停掉|报停|停交|停医保|医保停|(?:参保)?中断登记|参保中断|怎[样么]停|咋停|办停|暂停|中止|减员|停缴|停职工|停居民|停城乡|停灵活|停了?单位",
        ),
        ("退保", r"退保|退出|退费|退钱|退款|能退|退居民|退职工|退吗|退还"),
        (
            "断缴",
            r"断缴|断交|中断|断了|断保|断档|漏缴|没交|错过|忘了?交|忘记交|没续上|欠费|欠缴|晚交|延迟",
        ),
        ("补缴", r"补缴|补交|补上|补费|怎么补|咋补|能补|补几|补回|补吗|补得|补齐|补完"),
        ("续缴", r"续缴|续交|接着交|接着缴|继续交"),
        (
            "转移",
            r"转移|转接|接续|转成|转为|转换|怎么转|转到|转入|转新农合|转职工|转居民|转省|迁|能转|搬家",
        ),
        ("共济", r"共济|给家[人里]|帮家人|为家人|代缴|替家人|亲属|代他人|绑定|绑谁"),
        ("报销", r"报销|能报|报几|报多少|结算单|报吗|报不|可以报|给报|报得"),
        ("密码", r"密码"),
        ("办卡", r"办卡|补办|挂失|办.{0,3}卡|卡丢"),
        ("查询", r"查询|查.{0,6}记录|怎么查|哪里查|查得到"),
        ("登记", r"参保登记|怎么参保|参加居民|参加职工|参加医保|新参加|入保|办理参保|怎么办理"),
        ("区别", r"区别|差在|不同|差别|哪几类|三类|分类|哪几种|有什么不一样"),
        ("年限", r"年限|交满|几年|多少年|清零|视同"),
        ("余额", r"余额|个人账户|个账|卡里|取现|取出|到账|打钱"),
        ("打印", r"打印|凭证|怎么打"),
    )
)

_WANTS: _Rows[PassageKind] = _compiled(
    (
        (
            "materials",
            r"材料|资料|证件|带什么|带啥|带哪些|要带|需要什么(?!条件|手续)|[准要]?备(?:好)?(?:什么|啥|哪些)"
            r"|凭什么证|哪些证|[啥什么]证|交(?:什么|啥|哪些)(?:东西|表|证)|哪些东西|拿(?:什么|啥)去",
        ),
        (
            "place",
            r"哪里|哪儿|去哪|在哪|到哪|上哪|哪办|哪登记|哪个部门|哪个窗口|哪个地方|什么地方|找谁|找哪|哪个单位|地点|[啥什么]部门",
        ),
        (
            "time",
            r"多久|多长时间|几天|几个月|什么时候|[啥哪]时候?|何时|几时|几号|几月|哪天|哪个月|哪年|截止|期限|最晚|时限|时间|来得及",
        ),
        (
            "steps",
            r"怎么(?!算|回事|规定|样才)|怎样|如何|咋|步骤|流程|第[一二三四五六1-6]步|点哪|点啥|点什么|点击|操作|哪几步|几步|在哪点|入口|哪个菜单|手续|渠道|途径|怎么走",
        ),
        (
            "definition",
            r"是什么(?!时候)|什么是|什么叫|啥叫|是个?啥|啥是|啥意思|什么意思|区别|差在哪|差别|不一样|有何不同|哪几类|哪几种"
            r"|包括哪|干[嘛啥]用|干什么用|有[啥什么]用|是指|算不算",
        ),
        ("legal", r"法律|依据|哪条|第几条|哪部法|法条|规定在|违反|违法|合法|法规"),
    )
)
_YES_NO = re.compile(
    r"吗|(?<![什怎那这])么[?？]?$|能不能|可不可以|可以不|是不是|要不要|会不会|有没有|能否|是否|行不行|算不算|还能|用不用|需不需要"
)
_AMOUNT = re.compile(r"多少|几钱|几成|比例|几年|费用|多贵|价|标准|几块|几百|几千")
_ONLINE = re.compile(r"线上|网上|手机|app|小程序|支付宝|微信|公众号|在线|远程|不用跑")
_OFFLINE = re.compile(r"线下|窗口|大厅|现场|柜台|跑一趟|去办")
_CHANNELS = (
    "支付宝", "微信", "国家医保服务平台", "粤省事", "天府通办", "浙里办", "赣服通", "电子税务局",
    "手机银行", "银行", "公众号", "小程序", "窗口",
)  # fmt: skip

_MONTHS_EACH = {"个月": 1.0, "年": 12.0, "天": 1 / 30, "季度": 3.0, "周": 7 / 30}
_LENGTH = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)(个月|年|天|季度|周)")


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what it says. ``words`` are its folded content words, in order.

    ``schemes`` are named outright, ``hinted`` only suggested; ``months`` is the length of time it
    names, in months; ``wants`` the kinds of passage that would answer, most telling first.
    """

    text: str
    folded: str
    words: tuple[str, ...]
    schemes: tuple[Scheme, ...] = ()
    hinted: tuple[Scheme, ...] = ()
    region: str | None = None
    months: float | None = None
    years: tuple[int, ...] = ()
    wants: tuple[PassageKind, ...] = ()
    yes_no: bool = False
    amount: bool = False
    online: bool | None = None
    channels: tuple[str, ...] = ()
    actions: frozenset[str] = frozenset()


def channels_in(folded: str) -> tuple[str, ...]:
    """The ways and places of doing things that a text names: 支付宝, 窗口 …"""
    return tuple(channel for channel in _CHANNELS if channel in folded)


def lengths_in(folded: str) -> tuple[float, ...]:
    """The lengths of time that a text names, in months (of 30 days), in order.

    >>> lengths_in("断了半年，之前停过90天")
    (6.0, 3.0)
    """
    found = []
    for quantity in quantities(folded):
        matches = [m for normal in quantity.normals if (m := _LENGTH.fullmatch(normal))]
        if matches:
            number, unit = matches[-1].groups()
            if not (unit == "年" and float(number) > 60):  # 2025年 is a date, not a length
                found.append(float(number) * _MONTHS_EACH[unit])
    return tuple(found)


def schemes_in(folded: str) -> tuple[Scheme, ...]:
    """Schemes that a text names outright, in a fixed order."""
    return tuple(scheme for scheme, pattern in _NAMED if pattern.search(folded))


@lru_cache(maxsize=4096)
def is_scheme_name(word: str) -> bool:
    """Whether a word names a scheme and nothing more: 新农合, 居民医保, 职工."""
    return _SCHEME.fullmatch(word) is not None


def scheme_names(folded: str) -> tuple[str, ...]:
    """The schemes as a text calls them, each once."""
    return tuple(dict.fromkeys(_SCHEME.findall(folded)))


def by_present_name(asked: Question) -> str:
    """The folded question, with the one scheme that it names by an old name under the present one
    where it tells what was done or is to be done: of 断了两年怎么补, 新农合 only says for whom, and
    what bears that name in its title is no better for it.

    A question about the old scheme itself (新农合是什么), or one about two, keeps its words.
    """
    alone = len(scheme_names(asked.folded)) == 1
    return _OLD_NAME.sub("居民医保", asked.folded) if asked.actions and alone else asked.folded


def subject_line(text: str) -> str | None:
    """The subject of a letter: a short first line above a longer text, or None.

    >>> subject_line("咨询医保断缴\n您好，我去年八月辞职回老家照顾老人，现在又回来上班了。")
    '咨询医保断缴'
    """
    first, _, rest = text.partition("\n")
    subject = first.strip()
    return (
        subject if 2 <= len(subject) <= SUBJECT and len(rest.strip()) > 2 * len(subject) else None
    )


def actions_in(folded: str) -> frozenset[str]:
    """What a text says is done: 恢复, 停保, 补缴 …"""
    return frozenset(name for name, pattern in _ACTIONS if pattern.search(folded))


def online_in(folded: str) -> bool | None:
    """True for online, False for at a counter, None where it says neither or both."""
    online, offline = bool(_ONLINE.search(folded)), bool(_OFFLINE.search(folded))
    return online if online != offline else None


def read_question(text: str, words: Words) -> Question:
    """Read a question; ``words`` does the segmentation. Never raises on any text."""
    return _read(text.strip()[:MAX_LENGTH], words)


@lru_cache(maxsize=256)
def _read(text: str, words: Words) -> Question:
    folded = fold(text)
    searched = words.repair(folded)
    named = schemes_in(searched)
    hinted = tuple(s for s, pattern in _HINTS if s not in named and pattern.search(searched))
    wants = tuple(kind for kind, pattern in _WANTS if pattern.search(searched))
    return Question(
        text=text,
        folded=searched,
        words=tuple(dict.fromkeys(words.keywords(searched))),
        schemes=named,
        hinted=hinted,
        region=place if (place := region_of(searched, "")) != NATIONAL else None,
        months=next(iter(lengths_in(searched)), None),
        years=tuple(int(y) for y in re.findall(r"(?<!\d)(20\d\d)(?=年|年度|$|\D)", searched)),
        wants=wants,
        yes_no=bool(_YES_NO.search(searched)),
        amount=bool(_AMOUNT.search(searched)),
        online=online_in(searched),
        channels=channels_in(searched),
        actions=actions_in(searched),
    )
