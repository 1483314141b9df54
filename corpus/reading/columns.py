"""Which column of a list holds what, by the likeness of its head to heads that are known.

Heads are compared as words end: 「通俗解答(5段标准)」 is an answer because it ends in 解答, 「咨询电话」 is
no question although it begins like 咨询内容. What stands in brackets in a head explains it and is not
compared. Rows of JSON are columns too: their keys are heads.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# in the order in which they are believed where two are equally like
_KNOWN: dict[str, tuple[str, ...]] = {
    "question": tuple(
        ["问题", "问", "提问", "常见问题", "标准问", "标准问题", "用户问题", "问题内容", "问题描述", "咨询内容", "咨询问题", "来信内容", "问句", "疑问", "question", "q", "query", "prompt", "instruction", "ask", "标题", "事项名称", "业务名称", "事项", "主题", "题目", "title", "subject"]
    ),
    "answer": tuple(
        ["答案", "答", "回答", "解答", "回复", "答复", "标准答案", "参考答案", "回复内容", "答复内容", "处理结果", "官方答复", "应答", "口径", "话术", "内容", "正文", "答案内容", "answer", "a", "response", "reply", "output", "content", "text", "body"]
    ),
    "similar": tuple(["相似问", "相似问题", "相似问法", "问法", "扩展问", "扩展问法", "同义问", "别名", "其他问法", "questions", "aliases"]),
    "more": tuple(
        ["咨询电话", "联系电话", "服务热线", "办理地点", "受理地点", "地址", "办理时间", "受理时间", "工作时间", "办理时限", "办结时限", "时限", "所需材料", "申请材料", "办理材料", "材料", "办理条件", "受理条件", "条件", "适用对象", "办理对象", "对象", "办理流程", "流程", "步骤", "政策依据", "法律依据", "设定依据", "依据", "关联文档", "政策文件", "文件", "办理方式", "办理渠道", "渠道", "入口", "网址", "收费标准", "费用", "缴费标准", "待遇标准", "注意事项", "温馨提示", "提示", "说明", "办理机构", "受理机构", "经办机构", "部门"]
    ),
    "facts": tuple(
        ["来源", "发布机构", "发布单位", "发布者", "链接", "原文链接", "发布时间", "发布日期", "更新时间", "日期", "时间", "地区", "城市", "险种", "参保类型", "source", "publisher", "site", "author", "url", "link", "published", "date", "updated", "region", "place", "scheme", "schemes", "audience", "受众"]
    ),
}  # fmt: skip
_LIKE = {"question": 0.7, "answer": 0.7, "similar": 0.7, "more": 0.9, "facts": 0.9}
"""Least likeness for each: what is no question or answer must be nearly what is known."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Numbers of the columns in each part, the most like first; ``facts``: with the name of the fact
    that each is; ``other``: what nothing is like."""

    question: tuple[int, ...] = ()
    answer: tuple[int, ...] = ()
    similar: tuple[int, ...] = ()
    more: tuple[int, ...] = ()
    facts: tuple[tuple[int, str], ...] = ()
    other: tuple[int, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether these are the columns of a list of questions and answers."""
        return bool(self.question and self.answer)


def columns(heads: Sequence[str]) -> Columns:
    """What the columns hold, one part each.

    >>> columns(["序号", "标题", "通俗解答(5段标准)", "咨询电话"])
    Columns(question=(1,), answer=(2,), similar=(), more=(3,), facts=(), other=(0,))
    """
    found: dict[str, list[tuple[float, int, int]]] = {name: [] for name in _KNOWN}
    other: list[int] = []
    for number, head in enumerate(heads):
        name, likeness, place = _role(head)
        if name:
            found[name].append((-likeness, place, number))
        else:
            other.append(number)
    parts = {name: tuple(n for *_, n in sorted(every)) for name, every in found.items()}
    facts = tuple((n, _KNOWN["facts"][place]) for _, place, n in sorted(found["facts"]))
    held = {name: part for name, part in parts.items() if name != "facts"}
    return Columns(**held, facts=facts, other=tuple(other))


def _role(head: str) -> tuple[str, float, int]:
    """Which part a head names, how much it is like the nearest known head, and which that is."""
    best = ("", 0.0, 0)
    pieces = _pieces(head)
    for name, known in _KNOWN.items():
        for place, example in enumerate(known):
            likeness = _likeness(pieces, example, whole=name in ("facts", "more"))
            if likeness >= _LIKE[name] and likeness > best[1]:
                best = (name, likeness, place)
    return best


def _pieces(head: str) -> frozenset[str]:
    """Pairs of characters of a head, its end marked; words of Latin letters whole, the last one
    marked."""
    plain = unicodedata.normalize("NFKC", head).strip("【】[]*# \ufeff")
    plain = re.sub(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]|【[^【】]{0,80}】", "", plain)
    plain = plain.rstrip().rstrip("*#:： \t\r\n").rstrip("0123456789").strip()
    if re.search("[\u4e00-\u9fff]", plain):
        letters = re.sub(r"\W|[a-zA-Z_0-9]", "", plain) + "$"
        return frozenset(letters[n : n + 2] for n in range(len(letters) - 1))
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", plain)
    names = [part.lower() for part in parts]
    while len(names) > 1 and names[-1] in ("text", "str", "cn", "zh", "full", "content", "body"):
        names.pop()
    return frozenset((*names[:-1], names[-1] + "$")) if names else frozenset()


def _likeness(pieces: frozenset[str], example: str, *, whole: bool) -> float:
    """How many of the example's pieces the head has, and a little less for what it has besides;
    ``whole``: as much for what it has besides."""
    known = _KNOWN_PIECES[example]
    shared = len(pieces & known)
    if not shared or not any(piece.endswith("$") for piece in pieces & known):
        return 0.0
    besides = len(pieces) - shared
    return shared / len(known) - besides * (0.0 if not whole else 0.03) - besides * 0.001


_KNOWN_PIECES = {e: _pieces(e) for known in _KNOWN.values() for e in known}
