"""What a run of marked siblings is: one list that stays whole, or sections with headings.

「1. 打开支付宝 2. 点击市民中心」 is a list. 「1. 准备材料 … 2. 办理地点 …」 with something under
each is three sections, though it is numbered the same way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.line_roles import Lines
from corpus.names import names_a_channel
from corpus.outline import Node
from corpus.text import fold, sentences
from corpus.titles import PART, title_of

_PROCEDURE = re.compile("流程|步骤|操作|程序|依次")
_MOSTLY = 0.6  # of a list's members: some pages leave one member without a body


def are_sections(text: str, lines: Lines, run: Sequence[Node], over: str) -> bool:
    """The siblings are sections. ``over`` is what stands above them: the nearest heading, or the
    sentence that introduces them."""
    family = run[0].family
    if family in ("#", "chapter", "question"):
        return True
    heads = [node for node in run if node.children and (node.titled or node.block.labelled)]
    parts = {title_of(text, node.block) for node in run if is_part(text, node)}
    if family == "cn":
        return bool(heads)
    if family in ("order", "step"):
        return False
    if family == "way":
        return bool(heads) or any(lines.tell([(node.start, node.end) for node in run]))
    if family in ("•", "label", "lead"):
        return 2 * len(parts) >= len(run) or _channels(text, lines, run)
    if any(is_part(text, child) for node in heads for child in node.children):
        return True
    if len(run) > 1 and len(heads) == len(run) and all(node.number == 1 for node in run):
        return True  # every heading of the page is 「1.」: a converter restarted the count
    if any(_holds_procedure(text, node) for node in run):
        return True
    if _PROCEDURE.search(over) and not parts:
        return False
    return len(heads) >= _MOSTLY * len(run) or len(parts) > 1


def _holds_procedure(text: str, node: Node) -> bool:
    """A member that announces a procedure and lists its steps (（二）退费按下列程序办理：1. … 2. …)."""
    steps = [child for child in node.children if child.number is not None]
    announces = text[node.block.end - 1] in "：:" and _PROCEDURE.search(title_of(text, node.block))
    return len(steps) > 1 and bool(announces)


def are_steps(text: str, lines: Lines, run: Sequence[Node]) -> bool:
    """Bare titles with a sentence each, in a flattened line, that are the steps of one procedure
    (「进入市民中心 打开… 选择社保服务 在…」)."""
    titles = [title_of(text, node.block) for node in run]
    if any(PART.fullmatch(title) for title in titles) or _channels(text, lines, run):
        return False
    told = lines.tell([(node.start, node.end) for node in run])
    return len(run) > 1 and 2 * sum(told) >= len(run)


def is_part(text: str, node: Node) -> bool:
    """It is named as a part of a service guide is: 准备材料, 办理地点, 流程 …"""
    return PART.fullmatch(title_of(text, node.block)) is not None


def _channels(text: str, lines: Lines, run: Sequence[Node]) -> bool:
    """Each names a way to go (微信, 支付宝, 窗口) and at least one tells its steps."""
    if len(run) < 2 or not all(names_a_channel(fold(title_of(text, node.block))) for node in run):
        return False
    if run[0].number is not None:
        return False
    bodies = [(node.block.label, node.end) for node in run]
    told = lines.tell(bodies)
    return any(
        tells and len(sentences(text, a, b)) > 1 for tells, (a, b) in zip(told, bodies, strict=True)
    )
