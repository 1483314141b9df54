"""What a question means in its conversation, without a language model.

A follow-up leaves something out (「那要带什么材料」「居民的呢」「线上怎么弄」「为什么」): what it leaves out
comes from the last answer. A question that stands by itself starts a new subject: scheme and place
are kept until it names others, the rest is dropped. A question that brings content of its own which
has nothing to do with the talk is left as it is, so that it can be refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.asks import Ask, asks
from assistant.restating import (
    swapped,
    with_actor,
    with_day,
    with_length,
    with_region,
    with_scheme,
)
from assistant.types import Answer, Context
from corpus.names import SCHEME, scheme_names, without_channels, without_ways
from corpus.text import fold
from corpus.times import times
from index.question import Question
from index.segments import segments

_LEADS = re.compile(
    r"^(?:(?:哦|噢|嗯|哎|呃|好的?|行|知道了|明白了|谢谢|不对|不是|错了)[,，。!！ ]+"
    r"|(?:我?(?:刚才|刚刚)?[记说搞弄打看写][错岔](?:了|啦)?|更正一下|其实|应该是|准确说)[,，。 ]*"
    r"|不是[^,，。]{1,8}[,，]?(?:而是|应该是|是)){0,4}"
    r"(?:那么|那|还有|然后|另外|所以|如果是?|要是|换成|改成|至于|我是|我的是|是|[才只就](?=[断停空]))*[,，]?"
)
"""What leads in, a correction among it (记错了，才断一个月)."""
_TRAILS = re.compile(
    r"(?:的话)?(?:(?:也|是不是也)(?:是|要|得)?(?:这样|一样|这么[办久]|如此)?(?:的)?吗?)?"
    r"(?:呢|吧|啊|呀|嘛)?[?？。!！~ ]{0,20}$"
)
_WHY = re.compile(r"^(?:这是|那)?(?:为什么|为啥|凭什么|什么依据|有依据吗|依据呢?|真的吗|谁规定的)")
# words that mark a question as leaning on what was said before
_POINTS_BACK = re.compile(r"^(?:那|还|这|它|他|她|上面|刚才|如果是|要是|换成|的话)|呢[?？]?$|的话")
# … and however little of a turn the store knows
_LEANS_ON = re.compile(
    r"^(?:这|那)(?:段)?期间|^(?:后来|接着|再后来)|(?<!一)那(?:段|阵|会|几个?月|几年)|(?:替|代|帮)(?:我|他|她|忙)?(?:去)?(?:办|跑|交|报)|(?:让|叫|托).{1,6}(?:替|代|帮)"
)
_OF_ITSELF = re.compile(
    r"你(?:是谁|叫什么|是(?:不是)?(?:什么|机器|真人|人工))|(?:什么|哪个)(?:大)?模型"
)
"""Asks for the assistant itself: no part of the talk."""
_DELEGATES = re.compile(
    r"(?:让|叫|托|请)[^,，。]{1,6}?(?:替|代|帮)(?:我)?(?:去)?(?:跑|办|报)?(?:一趟)?"
)
_SWAP = re.compile(r"^(?:反过来|倒过来|反之|反着来)")
_SUBJECT = re.compile(
    r"医保|医疗保险|参保|新农合|合作医疗|共济|社保|个人账户|个账|统筹基金|医保卡|结算单"
    r"|失业金|失业保险|养老金|公积金|生育津贴|工伤"
)
_OFFICE = re.compile(
    r"(?<=[给去到找跟向问让叫])(?:当地)?(?:社保|医保)(?!卡|码|费|待遇|账户|余额)(?:局|中心|窗口|部门|大厅|那边|这边|那儿)?"
)
"""Whom one turns to: what is handed to 社保 is not asked of it."""
_ENDS = " \t\r\n,，。.!！?？;；、…~"
_CLAUSE = 4
"""Characters of a clause that may say something more of the case."""
SHORT = 20
"""Characters of a turn that may lean on the talk without a word that says so."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """``text`` is what will be searched and shown as understood; ``follow_up`` whether it leans on
    the talk; ``context`` what is known now; ``parts`` and ``focus`` as in ``Rewritten``."""

    text: str
    context: Context
    follow_up: bool
    parts: tuple[Ask, ...] = ()
    focus: str | None = None


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A turn that stands by itself. ``topic``: the subject that the talk is about from now on;
    ``parts``: its asks, () where it is one; ``focus``: the turn's own words, where it asks a further thing of the subject."""

    text: str
    topic: str
    parts: tuple[Ask, ...] = ()
    focus: str | None = None


Rewrite = Callable[[Question, Sequence[Answer]], Rewritten]
"""Rewrites a turn in the light of the answers before it; of none, where it leans on nothing."""


def rewritten(asked: Question, history: Sequence[Answer]) -> Rewritten:
    """The rewriting by patterns: the last question that was answered with what this turn changes, or
    its subject with what this turn asks."""
    last = last_answered(history)
    if last is None:
        return Rewritten(asked.text, asked.text, asks(asked.text))
    if changed := _changed(asked, last):
        return Rewritten(changed, changed, asks(changed))
    return _further(asked, last)


def last_answered(history: Sequence[Answer]) -> Answer | None:
    """The last answer that was no refusal: what a turn may lean on."""
    return next((a for a in reversed(history) if a.status != "refused"), None)


def core_of(text: str) -> str:
    """What a turn says, without what leads in and trails off: 「记错了，才断一个月呢」 is 断一个月."""
    return _TRAILS.sub("", _LEADS.sub("", text.strip()))


def resolve(
    asked: Question,
    history: Sequence[Answer],
    *,
    reads: Callable[[str], Question],
    known: Callable[[str], bool],
    today: date,
    rewrite: Rewrite = rewritten,
) -> Resolved:
    """Resolve a question; ``reads`` analyses a text, ``known`` tells whether the store has a word, ``today`` is when
    it is asked."""
    last = last_answered(history)
    if last is None or not _leans(asked, known):
        context = _context(asked, _of_the_asker(asked, last), asked.text, today)
        return Resolved(asked.text, context, False, rewrite(asked, ()).parts)
    return _following(last, reads, rewrite(asked, history), today)


def leaning(
    asked: Question,
    history: Sequence[Answer],
    *,
    reads: Callable[[str], Question],
    today: date,
    rewrite: Rewrite = rewritten,
) -> Resolved | None:
    """A short turn that found no answer by itself, read as if it leaned on the talk; None where
    there is no talk or the turn is plainly of another subject."""
    last = last_answered(history)
    if last is None or len(asked.folded) > SHORT or _OF_ITSELF.search(asked.folded):
        return None
    return _following(last, reads, rewrite(asked, history), today)


def _following(
    last: Answer, reads: Callable[[str], Question], found: Rewritten, today: date
) -> Resolved:
    context = _context(reads(found.text), last.context, found.topic, today)
    return Resolved(found.text, context, True, found.parts, found.focus)


def _of_the_asker(asked: Question, last: Answer | None) -> Context | None:
    """What a new subject keeps: who is asking and where, unless it says otherwise."""
    if last is None:
        return None
    named = asked.schemes or asked.hinted
    kept = last.context
    scheme = kept.scheme if not named or kept.scheme in named else None
    return Context(scheme=scheme, region=kept.region)


def _leans(asked: Question, known: Callable[[str], bool]) -> bool:
    """Whether a question needs what was said before to make sense."""
    core = _TRAILS.sub("", _LEADS.sub("", asked.folded))
    if _WHY.match(asked.folded):
        return True
    if _is_length(asked, core) or tells_only(asked.text):
        return True
    if _OF_ITSELF.search(asked.folded):
        return False
    if _SWAP.match(core) or _LEANS_ON.search(core) or _actor(core):
        return True
    has_subject = bool(_SUBJECT.search(_OFFICE.sub("", asked.folded)))
    # 「要带什么东西」, and not 「学费怎么缴」
    short = len(core) <= 8 and all(map(known, asked.words))
    if short and not has_subject and (asked.wants or _POINTS_BACK.search(asked.folded)):
        return True
    if is_foreign(asked, known):
        return False  # judge it by itself
    if _POINTS_BACK.search(asked.folded) and not (has_subject and len(core) > 12):
        return True
    return not has_subject and len(core) <= 16


def is_foreign(asked: Question, known: Callable[[str], bool]) -> bool:
    """Whether most of what a question says is not of this world."""
    return 2 * sum(not known(word) for word in asked.words) > len(asked.words)


def _is_length(asked: Question, core: str) -> bool:
    """Whether a turn says little but a length of time: 「断了五个月」, 「超过三个月的话」."""
    if not asked.lengths or len(core) > 10:
        return False
    if asked.wants and not any(told.role == "break" for told in asked.times):
        return False
    return len(core) - sum(time.end - time.start for time in times(fold(core))) <= 5


def _changed(asked: Question, last: Answer) -> str:
    """The last question with what this turn changes of it: scheme, place, length of the break, day; "" where it changes nothing."""
    before = last.understood
    core = core_of(asked.text)
    if tells_only(asked.text) and (told := _with_facts(before, asked, last)) != before:
        return told
    if _is_length(asked, core):
        return with_length(before, asked)
    if asked.years and len(core) <= 8:
        return f"{core.rstrip('的')}{before}"
    if _SWAP.match(core):
        return swapped(before)
    actor = _actor(core)
    return with_actor(before, actor) if actor else ""


def tells_only(turn: str) -> bool:
    """Whether a turn asks nothing and tells something: 「说错了，我交的是居民医保」."""
    kinds = {segment.kind for segment in segments(turn)}
    return "case" in kinds and "ask" not in kinds


def _with_facts(text: str, asked: Question, last: Answer) -> str:
    """The text with the facts that a turn tells in place of its own, and with what else the turn says of the case."""
    facts = list[str]()
    if len(asked.schemes) == 1:
        text = with_scheme(text, asked.schemes[0])
        facts += scheme_names(asked.folded)
    if asked.region:
        text = with_region(text, asked.region, last.context.region)
        facts.append(asked.region)
    if _is_length(asked, core_of(asked.text)) or any(told.role == "break" for told in asked.times):
        text = with_length(text, asked) or text
    text = with_day(text, asked) or text
    facts += [asked.folded[told.time.start : told.time.end] for told in asked.times]
    if not facts:
        return text
    clauses = re.split(r"[,，。;； ]", _LEADS.sub("", asked.folded))
    more = [one for one in clauses if len(one) >= _CLAUSE and not any(f in one for f in facts)]
    return "，".join([text, *more])


def _further(asked: Question, last: Answer) -> Rewritten:
    """The subject of the talk with what this turn asks of it."""
    core = _DELEGATES.sub("委托他人代办", core_of(asked.text))
    topic = last.context.topic or last.understood
    subject = subject_of(topic)
    if len(asked.schemes) == 1 and asked.schemes[0] != last.context.scheme:
        # 「我是灵活就业的，断了五个月」: the talk goes on, about another scheme
        topic, subject = (with_scheme(text, asked.schemes[0]) for text in (topic, subject))
        core = _leading_scheme(core) or core
    if (
        asked.online is not None
    ):  # 「线上怎么弄」 after a question about the counter, or the reverse
        subject = without_channels(subject, online=not asked.online)
    if asked.excluded:
        subject = without_ways(subject, asked.excluded)
    if asked.region:
        subject = with_region(subject, asked.region, last.context.region)
    if last.context.scheme and not SCHEME.search(subject + core):
        subject = with_scheme(subject, last.context.scheme)
    said = "依据什么规定" if _WHY.match(asked.folded) else core
    # 「除了支付宝呢」 asks the same once more
    return Rewritten(f"{subject}，{said}", topic, focus=None if asked.excluded else said)


def _leading_scheme(core: str) -> str:
    """A turn without the scheme that it begins with: 职工的怎么恢复 gives 怎么恢复."""
    return re.sub(rf"^(?:我)?(?:是|参加的是)?{SCHEME.pattern}(?:的|人员)?[,，]?", "", core)


def _actor(core: str) -> str:
    """Who acts, where a turn says nothing else: 「个人呢」「企业的」「公司办」."""
    named = re.fullmatch(r"(企业|用人单位|单位|公司|个人|自己|本人)(?:去)?(?:办理|办|的)?", core)
    return named[1] if named else ""


def subject_of(question: str) -> str:
    """What a question tells beside its asks: 「公司三个月没给我交医保，找谁」 gives 「公司三个月没给我交医保」. Of one that only asks, the ask that
    says most."""
    read = segments(question)
    told = [question[s.start : s.end].strip(_ENDS) for s in read if s.kind == "case"]
    asked = (question[s.start : s.end].strip(_ENDS) for s in read if s.kind == "ask")
    return "，".join(filter(None, told)) or max(asked, key=len, default="") or question


def _context(asked: Question, kept: Context | None, topic: str, today: date) -> Context:
    """What is known now: what this turn says, else what was known."""
    kept = kept or Context()
    schemes, lapse = asked.schemes or asked.hinted, asked.lapse(today)
    return Context(
        scheme=schemes[0] if len(schemes) == 1 else kept.scheme if not schemes else None,
        region=asked.region or kept.region,
        months=lapse.months if lapse else kept.months,
        online=asked.online if asked.online is not None else kept.online,
        topic=topic,
    )
