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

from corpus.text import fold
from index.question import Question
from index.retrieve import Found, Retriever
from index.types import Index

Verdict = Literal["in", "greeting", "off topic", "unanswered", "year"]
_OUTSIDE = Path(__file__).resolve().parent.parent / "corpus" / "data" / "outside.txt"

WEIGHTS: dict[str, float] = {
    "bias": -44.0,
    "best_cosine": 40.0,
    "best_asked_like": 10.0,
    "covered": 2.5,
    "unknown": -2.5,
    "domain": 1.5,
}
"""Logistic regression on tests/quality; ``python -m benchmarks.scope`` prints the trade-off."""
THRESHOLD = 0.5
LOOKED_AT = 3
"""Hits that must hold a question's own subject."""

_DOMAIN = re.compile(
    r"医保|医疗保险|医疗保障|参保|断缴|停保|退保|续保|补缴|缴费|报销|新农合|合作医疗|农合|共济|待遇|"
    r"社保|个账|个人账户|等待期|灵活就业|门诊|住院|欠费|减员|转移接续|统筹|医疗费|看病|买药|处方"
)
_GREETING = re.compile(
    r"^(?:你好|您好|hi|hello|嗨|在吗|有人吗|谢谢|多谢|再见|拜拜|早上好|晚上好|哈+|呵+|嘿+|嗯+|哦+|喂|你是谁|你叫什么)[\W啊呀吗呢了]*$"
)
_INSTRUCTION = re.compile(r"忽略.{0,12}(?:指令|提示|规则)|ignore .{0,30}instructions|system prompt|扮演|你现在是|越狱")


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
    if not found.hits:
        return Judgement("unanswered", 0.0)
    texts = [retriever.text_of(hit) for hit in found.hits[:LOOKED_AT]]
    domain = bool(_DOMAIN.search(asked.folded))
    for term, kind in outside_terms():
        if term not in asked.folded or _ours(term, asked.folded):
            continue
        if kind == "other" and not domain:
            return Judgement("off topic", 0.0, term)
        if not any(term in text for text in texts):
            return Judgement("unanswered" if domain else "off topic", 0.0, term)
    year = _year(asked, today)
    if year and asked.amount and not any(str(year) in text for text in texts):
        return Judgement("year", 0.0, str(year))
    p = probability(features(found, retriever.index, texts))
    return Judgement("in" if p >= THRESHOLD else "unanswered" if domain else "off topic", p)


def features(found: Found, index: Index, texts: Sequence[str]) -> dict[str, float]:
    """What the regression sees; ``texts`` are those of the first hits, folded, heads included."""
    words = found.question.words
    rarity = index.rarity(words)
    total = sum(rarity) or 1.0
    unseen = index.rarity(("\0",))[0]  # of a word that the store does not hold
    unknown = sum(r for r in rarity if r >= unseen) / total
    return {
        "best_cosine": found.evidence.get("best_cosine", 0.0),
        "best_asked_like": found.evidence.get("best_asked_like", 0.0),
        "covered": found.evidence.get("best_covered", 0.0),
        "unknown": unknown,
        "domain": float(bool(_DOMAIN.search(found.question.folded))),
    }


def _ours(term: str, folded: str) -> bool:
    """Whether the term only stands inside a longer word of ours."""
    ours = (other for other, kind in outside_terms() if kind == "ours")
    return any(term in other and other in folded for other in ours)


def _year(asked: Question, today: date) -> int | None:
    if asked.years:
        return max(asked.years)
    if "明年" in asked.folded:
        return today.year + 1
    return today.year + 2 if "后年" in asked.folded else None


def probability(features: dict[str, float]) -> float:
    """Of the question being answered by what was found; features as named in ``WEIGHTS``."""
    z = WEIGHTS["bias"] + sum(WEIGHTS[n] * features.get(n, 0.0) for n in WEIGHTS if n != "bias")
    return 1 / (1 + math.exp(-z))


@lru_cache(maxsize=1)
def outside_terms() -> tuple[tuple[str, str], ...]:
    """``(term, kind)`` rows of ``corpus/data/outside.txt``, longest first."""
    rows = []
    for line in _OUTSIDE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            term, _, kind = line.partition("\t")
            rows.append((fold(term), kind))
    return tuple(sorted(rows, key=lambda row: (-len(row[0]), row[0])))
