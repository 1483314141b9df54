"""An assistant without a model: hand-made answers that use every part of an ``Answer``.

Which answer it gives depends on a word in the question, so a test can ask for what it wants to see.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from assistant import phrases
from assistant.page.admin.library import Kept
from assistant.types import (
    Answer,
    Citation,
    ClaimCited,
    Conflict,
    Context,
    LegalBasis,
    Procedure,
    Quote,
    Statement,
    Step,
)
from corpus.settings import Settings
from corpus.types import EDITORS, Article, Passage, Source, Support
from index.overlay import Overlay
from index.sources import place_of
from index.types import Entry, Hit, Seen

TODAY = date(2026, 11, 21)

RULE = Source(
    "国家医疗保障局办公室", "医保办发〔2021〕43号", None, date(2021, 11, 1), tier="policy"
)
LAW = Source(
    "全国人民代表大会常务委员会", "社会保险法", None, date(2018, 12, 29), tier="law", kept=True
)
PAGE = Source("找法网", "a.txt", None, date(2021, 7, 17), title="断缴怎么补")
_GUIDE = Article(
    id="corpus/断缴与补缴/断缴两个月",
    title="职工医保断缴两个月怎么补",
    author=EDITORS,
    checked=date(2026, 11, 21),
    text=(
        "# 职工医保断缴两个月怎么补\n"
        "## 简要回答\n"
        "中断不满三个月的，可以补缴，补缴后不设等待期。\n"
        "## 办理步骤\n"
        "### 线上：支付宝\n"
        "1. 打开支付宝，进入市民中心的社保栏目。\n"
        "2. 选择医保补缴，核对中断的月份。\n"
        "3. 确认金额后付款，保存缴费凭证。\n"
        "### 线下：窗口\n"
        "1. 带身份证到参保地医保经办窗口。\n"
        "2. 填写补缴申请，由窗口核定金额。\n"
        "3. 到税务窗口缴费。\n"
        "4. 回经办窗口确认到账。\n"
        "## 所需材料\n"
        "- 本人身份证\n"
        "- 社会保障卡\n"
        "## 办理地点\n"
        "参保地医保经办机构的服务窗口。\n"
        "## 办理时限\n"
        "到账后次日更新参保状态。\n"
        "## 注意事项\n"
        "各地口径不同，办理前先打电话问清。"
    ),
    source=RULE,
    sources=(RULE, LAW, PAGE),
    schemes=("职工",),
)


def _support(words: str, source: Source, locator: str = "") -> Support:
    start = _GUIDE.text.index(words)
    return Support(start, start + len(words), source, "paraphrases", locator)


GUIDE = replace(
    _GUIDE,
    supports=(
        _support("中断不满三个月的，可以补缴，补缴后不设等待期。", RULE),
        _support("中断不满三个月的，可以补缴，补缴后不设等待期。", LAW, "第三十二条"),
        _support("打开支付宝，进入市民中心的社保栏目。", PAGE),
        _support("选择医保补缴，核对中断的月份。", PAGE),
        _support("- 本人身份证", PAGE, "《带什么》节选"),
    ),
)
LOCAL = Article(
    id="page/002#3",
    title="沈阳断缴后多久能报销",
    text="有读者来问断缴后的事。沈阳的窗口答复说，中断超过三个月的，从重新缴费起满六个月",
    source=Source("健康新闻", "003.txt", "https://example.org/shenyang?a=1&b=2", date(2025, 4, 19)),
    region="沈阳",
    excerpt=True,
)
UNDATED = Article(
    id="page/000#1",
    title="断缴影响说明",
    text="断缴三个月以内没有影响。\n超过三个月要等三个月。",
    source=Source("晖律网", "000.txt"),
)
SIL_32 = Article(
    id="statute/社会保险法/第三十二条",
    title="社会保险法 第三十二条",
    text="个人跨统筹地区就业的，其基本医疗保险关系随本人转移，缴费年限累计计算。",
    source=Source(
        "全国人民代表大会常务委员会", "中华人民共和国社会保险法", None, date(2010, 10, 28)
    ),
    kind="statute",
)
MSL_13 = Article(
    id="statute/医疗保障法/第十三条",
    title="医疗保障法 第十三条",
    text="第一款的示例条文。\n第二款的示例条文：参保人员不得重复参加基本医疗保险。",
    source=Source(
        "全国人民代表大会常务委员会", "中华人民共和国医疗保障法", None, date(2026, 8, 28)
    ),
    kind="statute",
)


def passage(article: Article, words: str = "") -> Passage:
    """The span of ``words`` in the article, or all of it."""
    start = article.text.index(words) if words else 0
    return Passage(article, start, start + len(words) if words else len(article.text))


def stored(article: Article) -> Passage:
    """The passage of an article in the stand-in's store: what names a place is one of that kind."""
    return replace(passage(article), kind="place" if "窗口" in article.text else "rule")


def cite(number: int, article: Article, words: str) -> Citation:
    span = passage(article, words)
    return Citation(number, Quote(passage(article), span.start, span.end))


def said(citation: Citation) -> Statement:
    return Statement(citation.quote.text, (citation,))


def legal_basis() -> tuple[LegalBasis, ...]:
    return (
        LegalBasis(
            "社会保险法", "第三十二条", SIL_32.text, "in force",
            date(2011, 7, 1), date(2018, 12, 29), 0.9, passage(SIL_32),
        ),
        LegalBasis(
            "医疗保障法", "第十三条", MSL_13.text, "not yet in force",
            date(2027, 1, 1), date(2026, 8, 28), 0.7, passage(MSL_13),
        ),
        LegalBasis("城镇职工医疗保险办法", "第九条", "", "not in the database"),
    )  # fmt: skip


def rich(question: str, context: Context) -> Answer:
    """Every section filled."""
    one = cite(1, GUIDE, "中断不满三个月的，可以补缴，补缴后不设等待期。")
    two = cite(2, LOCAL, "中断超过三个月的，从重新缴费起满六个月")
    three = cite(3, UNDATED, "超过三个月要等三个月。")
    four = cite(
        4, GUIDE, "1. 打开支付宝，进入市民中心的社保栏目。\n2. 选择医保补缴，核对中断的月份。"
    )
    five = cite(5, GUIDE, "- 本人身份证\n- 社会保障卡")
    six = cite(6, GUIDE, "参保地医保经办机构的服务窗口。")
    online = (
        "打开支付宝，进入市民中心的社保栏目。",
        "选择医保补缴，核对中断的月份。",
        "确认金额后付款，保存缴费凭证。",
    )
    window = (
        "带身份证到参保地医保经办窗口。",
        "填写补缴申请，由窗口核定金额。",
        "到税务窗口缴费。",
        "回经办窗口确认到账。",
    )
    return Answer(
        question=question,
        understood=question,
        status="answered",
        summary=(said(one), said(two)),
        procedures=(
            Procedure("支付宝", tuple(Step(s, (four,)) for s in online), "职工", "全国"),
            Procedure(
                "窗口", tuple(Step(s, (four,)) for s in window), "职工", "沈阳", truncated=True
            ),
        ),
        materials=(Statement("本人身份证", (five,)), Statement("社会保障卡", (five,))),
        places=(said(six),),
        times=(Statement("到账后次日更新参保状态。", (six,)),),
        legal_basis=legal_basis(),
        conflicts=(
            Conflict(
                "待遇等待期",
                (
                    ClaimCited("六个月", two, "职工", "沈阳", date(2025, 4, 19), "中断超过3个月"),
                    ClaimCited(
                        "三个月", three, None, "全国", None, "中断超过3个月", ("日期未注明",)
                    ),
                ),
                national=Statement("由各地规定，原则上不超过6个月。", (one,)),
                explained="地区",
            ),
        ),
        cautions=(
            Statement("这一条来源是节选，原文在此处中断，未作补全。", (two,)),
            Statement("以参保地为准：可拨打 12393。"),
        ),
        follow_ups=("要等多久？", "线上怎么办？"),
        citations=(one, two, three, four, five, six),
        hits=(Hit(passage(GUIDE), 1.0),),
        context=context,
        today=TODAY,
    )


def clarify(question: str, context: Context) -> Answer:
    one = cite(1, GUIDE, "中断不满三个月的，可以补缴，补缴后不设等待期。")
    return Answer(
        question, question, "clarify",
        summary=(Statement("不同险种的规定不一样，您参加的是哪一种？"), said(one)),
        options=("职工医保", "居民医保"), citations=(one,), context=context, today=TODAY,
    )  # fmt: skip


def refused(question: str, context: Context) -> Answer:
    return Answer(
        question, question, "refused",
        summary=(
            Statement("现有资料里没有能回答这个问题的内容，不作推测。"),
            Statement("请咨询参保地医保经办机构，或拨打医保服务热线 12393。"),
        ),
        nearest=(GUIDE.title, "居民医保停保后怎么恢复"),
        context=context, today=TODAY,
    )  # fmt: skip


def person(question: str, context: Context) -> Answer:
    """What the assistant says to one who calls for a person."""
    return Answer(
        question, question, "refused",
        summary=(Statement(phrases.TALK["转人工"]),), context=context, today=TODAY,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """As much of a refresh report as the page uses."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    def to_text(self) -> str:
        return f"新增 {len(self.added)}，更新 {len(self.changed)}，移除 {len(self.removed)}"


def index_of(*rows: Passage) -> Any:
    """As much of an index as the page asks for: an article for each passage."""
    entries = [
        Entry(n, row.article, (Seen(n, n, row, None, None),), ()) for n, row in enumerate(rows)
    ]
    known = {entry.article.id: entry for entry in entries}
    return SimpleNamespace(
        generation="g" * 64,
        size=len(rows),
        read=lambda wanted: [known.get(one) for one in wanted],
        blocks=lambda: iter([entries]),
        fixed=dict,
        regions=frozenset,
    )


@dataclass(slots=True)
class FakeAssistant:
    """Answers by keyword: 写诗 is refused, 怎么恢复 asks back, 转人工 is told whom to call, 出错 fails, 很慢 takes a second,
    等一等 waits for ``go_on``."""

    settings: Settings = field(default_factory=Settings)
    calls: list[tuple[str, tuple[Answer, ...]]] = field(default_factory=list)
    articles: list[Article] = field(default_factory=lambda: [GUIDE, LOCAL, UNDATED])
    refreshed: list[tuple[tuple[str, ...], bool]] = field(default_factory=list)
    corrected: list[dict[Any, Any]] = field(default_factory=list)
    hostile: Answer | None = None
    known: dict[str, bytes] = field(default_factory=dict)
    rehearsed: list[tuple[str, ...]] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)

    def ask(
        self,
        question: str,
        history: Sequence[Answer] = (),
        scheme: Any = None,
        region: str | None = None,
        today: date | None = None,
    ) -> Answer:
        self.calls.append((question, tuple(history)))
        known = self.context(question, history)
        if "出错" in question:
            raise RuntimeError(f"a bug met {question}")
        if "很慢" in question:
            time.sleep(1.0)
        if "等一等" in question:
            self.go_on.wait(20)
        if self.hostile is not None:
            return replace(self.hostile, question=question)
        if "转人工" in question:
            return person(question, Context())
        if "诗" in question:
            return refused(question, known)
        if "怎么恢复" in question:
            return clarify(question, known)
        answer = rich(question, known)
        if history and len(question) < 8:
            answer = replace(answer, understood=f"{history[-1].question}，{question}")
        return answer

    def context(self, question: str, history: Sequence[Answer]) -> Context:
        known = history[-1].context if history else Context()
        if "沈阳" in question:
            known = replace(known, region="沈阳")
        if "两个月" in question:
            known = replace(known, months=2)
        if "职工" in question:
            known = replace(known, scheme="职工")
        if "居民" in question:
            known = replace(known, scheme="居民")
        return replace(known, online=True) if "线上" in question else known

    def retrieve(
        self,
        question: str,
        k: int = 5,
        scheme: Any = None,
        region: str | None = None,
        today: date | None = None,
    ) -> Sequence[Hit]:
        return tuple(Hit(passage(a), 1 / (n + 1)) for n, a in enumerate(self.articles[:k]))

    def legal(self, question: str, k: int = 5, today: date | None = None) -> Sequence[LegalBasis]:
        return legal_basis()[:k]

    def refresh(
        self, *paths: str | Path, remove: bool = False, dry_run: bool = False, **kw: Any
    ) -> Report:
        names = tuple(Path(p).name for p in paths)
        self.refreshed.append((names, remove))
        self.corrected.append(dict(kw.get("corrections") or {}))
        progress = kw.get("progress")
        if progress:
            progress("读取", 1, 1)
        if not dry_run:
            self._know(paths, remove=remove, restored=kw.get("restored") or {})
        return Report(removed=names) if remove else Report(added=names)

    def _know(
        self, paths: Sequence[str | Path], *, remove: bool, restored: Mapping[str, bytes]
    ) -> None:
        """As the store does: a file is known by its place, an edited one by that of ours."""
        overlay = Overlay(self.settings.articles, self.settings.edited)
        for path in map(Path, paths):
            place = place_of(overlay.under(path) or path)
            self.known[place] = b"" if remove else path.read_bytes()
        self.known.update(restored)

    def held(self, places: Sequence[str]) -> dict[str, bytes]:
        return {place: self.known.get(place, b"") for place in places}

    def rehearse(
        self, *paths: str | Path, questions: Sequence[str], look: Any, **options: Any
    ) -> tuple[Report, dict[str, Any]]:
        """Only the first question is answered otherwise afterwards."""
        self.rehearsed.append(tuple(questions))
        before = {q: look(rich(q, Context())) for q in questions}
        after = {q: look((rich if n else refused)(q, Context())) for n, q in enumerate(questions)}
        return Report(added=("试",)), {q: (before[q], after[q]) for q in questions}

    @property
    def retriever(self) -> Any:
        """Only its generation and its articles are asked for."""
        return SimpleNamespace(index=index_of(*map(stored, self.articles)))

    def library(self) -> tuple[Kept, ...]:
        """What the admin corner lists: a file for each article."""
        return tuple(
            Kept(a.source.name, (a.title,), a.source.publisher, "2025-04-19", a.region)
            for a in self.articles
        )
