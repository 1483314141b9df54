"""The outline of an article: which block stands under which, as a tree.

No two pages number alike, so a family of marks (一、 or 1. or •) has no fixed level: it takes its
level from where it first occurs below what is open. What a node becomes in the end (a heading, an
item of a list) is decided by ``passages``, which sees the whole list at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.blocks import Block, blocks
from corpus.titles import PART, plain_titles, title_of

# 1 is the outermost. Families of one rank nest by first occurrence; a lower rank closes a higher.
_RANK = {
    "chapter": 0, "article": 1, "question": 1, "cn": 2, "way": 4, "cn()": 3, "1.": 4, "step": 4,
    "1)": 5, "a)": 5, "①": 6, "order": 6, "•": 6, "reply": 7,
}  # fmt: skip
_DEEPENS = frozenset({"1.", "1)", "a)", "①"})
_STEPS = _DEEPENS | {"step"}
_COUNTED = _STEPS | {"cn", "cn()"}
_REMARK = 3  # lines of a remark between two steps
_MAX_DEPTH = 16  # deeper than any page; bounds the recursion on hostile indentation
_STOPS = re.compile("[。；;！!，,？?]")

_CLOSERS = re.compile(
    r"以上(?!述)|综上|总之|结语|总结|声明|温馨提示|提示[:：]|特别提醒|建议[:：]|免责|【?法律依据】?|延伸阅读"
)
# words over a remark between two steps; the name of a picture there is a bare title
_ASIDE = re.compile(
    r"[*]{0,2}(?:温馨|特别|友情)?(?:请?注意|提示|提醒|说明|备注|注)(?:事项)?(?:[*]{0,2}[:：]|[*]{0,2}$)"
)


@dataclass(slots=True)
class Node:
    """A block and what stands under it. ``family`` is that of its mark, or ``plain`` (a bare
    title), ``lead`` (「流程如下：」), ``label`` (「材料：…」) or ``text``; ``remark`` that it stands
    between two steps of one list."""

    block: Block
    family: str
    titled: bool = False
    remark: bool = False
    children: list[Node] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.block.start

    @property
    def end(self) -> int:
        """Where the last thing under it ends."""
        node = self
        while node.children:
            node = node.children[-1]
        return node.block.end

    @property
    def number(self) -> int | None:
        return self.block.number

    @property
    def marked(self) -> bool:
        return self.family in _RANK or self.family == "#"

    @property
    def has_text(self) -> bool:
        return any(child.family in ("text", "label") for child in self.children)


def outline(text: str) -> list[Node]:
    """The nodes of the outermost level, in order."""
    return _Builder(text, blocks(text)).build()


class _Builder:
    def __init__(self, text: str, found: list[Block]) -> None:
        self.text = text
        self.blocks = found
        self.roots: list[Node] = []
        self.open: list[Node] = []
        self.plain = plain_titles(text, found)

    def build(self) -> list[Node]:
        for position, block in enumerate(self.blocks):
            node = self._node(position, block)
            self._close_for(node)
            if len(self.open) >= _MAX_DEPTH:
                del self.open[_MAX_DEPTH - 1 :]
            if node.family in _COUNTED:
                self._adopt(node)
            (self.open[-1].children if self.open else self.roots).append(node)
            self.open.append(node)
        return self.roots

    def _goes_on(self, position: int) -> bool:
        """The next mark continues the count of the step that is open and has nothing under it: what
        stands between the two (温馨提示：…) is a remark on that step and ends no list."""
        for block in self.blocks[position + 1 : position + 1 + _REMARK]:
            if block.marker:
                depth = self._find(block.family) if block.family in _STEPS else None
                step = self.open[depth] if depth is not None else None
                return (
                    step is not None
                    and not step.children
                    and block.number == (step.number or 0) + 1
                )
        return False

    def _node(self, position: int, block: Block) -> Node:
        content = self.text[block.content : block.end]
        if block.marker:
            short = len(content) <= (60 if block.family == "#" else 36)
            loose = block.family in ("#", "chapter", "cn", "question")
            stops = _STOPS.search(content.rstrip("？?"))
            titled = short and (not stops or (loose and stops[0] in "，,？?"))
            return Node(block, block.family, titled=titled or block.family in ("#", "question"))
        aside = _CLOSERS.match(content) or _ASIDE.match(content) or position in self.plain
        if aside and self._goes_on(position):
            return Node(block, "text", remark=True)
        if content[-1] in "：:" or content.endswith(("：**", ":**")):
            part = not block.flat and PART.fullmatch(title_of(self.text, block))
            return Node(block, "plain" if part else "lead", titled=True)
        if position in self.plain:
            return Node(block, "plain", titled=True)
        return Node(block, "label" if block.labelled else "text")

    def _close_for(self, node: Node) -> None:
        if node.family == "#":
            self._close_hash(node)
        elif node.family == "•":
            self._close_bullet(node)
        elif node.marked:
            self._close_marked(node)
        elif node.family == "plain":
            self._close_plain(node)
        else:
            self._close_text(node)

    def _close_hash(self, node: Node) -> None:
        for depth, other in enumerate(self.open):
            if other.family != "#" or (other.number or 0) >= (node.number or 0):
                del self.open[depth:]
                return

    def _find(self, family: str) -> int | None:
        """The innermost open node of the family."""
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth].family == family:
                return depth
        return None

    def _close_marked(self, node: Node) -> None:
        depth = self._find(node.family)
        if depth is not None:
            if node.number == 1 and self._awaits_list(self.open[-1]):
                return  # 「1. 个人办理 / 流程： / 1. 取号」: a list inside a list's member
            top = self.open[depth]
            deeper = node.block.indent >= top.block.indent + 2 and not node.block.inline
            nested = deeper and node.number == 1 and top.family in _DEEPENS
            if not (nested and depth == len(self.open) - 1):
                del self.open[depth:]
            return
        while self.open and not self._takes(self.open[-1], node):
            self.open.pop()

    def _awaits_list(self, top: Node) -> bool:
        return not top.children and (top.family in ("plain", "lead") or self._is_bare_part(top))

    def _takes(self, top: Node, node: Node) -> bool:
        """A mark that is not open yet may stand under ``top``."""
        if top.family in ("#", "chapter"):
            return True
        if top.family in _RANK:
            if node.block.indent >= top.block.indent + 2 and not node.block.inline:
                return True
            if _RANK[top.family] < _RANK[node.family]:
                return True
            opens = self.text[top.block.end - 1] in "：:" or top.titled
            return opens and not top.children and _RANK[node.family] > 2
        if top.family == "plain":
            return not top.has_text or node.family != "cn"
        if top.family == "lead":
            return not top.has_text
        complete = top.block.flat and self.text[top.block.end - 1] in "。；;！!"
        return top.family == "label" and not top.children and node.family != "cn" and not complete

    def _close_bullet(self, node: Node) -> None:
        part = self._is_part(node)
        for depth in range(len(self.open) - 1, -1, -1):
            other = self.open[depth]
            if other.family != "•":
                continue
            deeper = node.block.indent >= other.block.indent + 2 and not node.block.inline
            if depth == len(self.open) - 1 and deeper:
                return
            if self._is_bare_part(other) and not part:
                del self.open[depth + 1 :]
                return  # 「• 流程」 and the bullets after it, all of one indent
            if part and any(self._is_bare_part(outer) for outer in self.open[:depth]):
                continue
            del self.open[depth:]
            return
        while self.open and not self._takes(self.open[-1], node):
            self.open.pop()

    def _is_part(self, node: Node) -> bool:
        return PART.fullmatch(title_of(self.text, node.block)) is not None

    def _is_bare_part(self, node: Node) -> bool:
        return node.family == "•" and not node.block.labelled and self._is_part(node)

    def _close_plain(self, node: Node) -> None:
        inner = self._section(node)
        titles = [d for d in range(inner, len(self.open)) if self.open[d].family == "plain"]
        if not titles:
            while len(self.open) > inner and not self.open[-1].titled:
                self.open.pop()
            while (
                len(self.open) > inner
                and self.open[-1].children
                and (self.open[-1].family in ("lead", "•", *_DEEPENS))
            ):
                self.open.pop()
        elif _CLOSERS.match(title_of(self.text, node.block)):
            del self.open[titles[0] :]
        elif self.open[-1].family != "plain" or len(titles) > 1:
            del self.open[titles[-1] :]  # of two titles in a row the second is under the first

    def _section(self, node: Node) -> int:
        """Where the open numbered section begins inside which a bare title stays: that of its own
        line, or one whose first thing under it is a bare title."""
        for depth in range(len(self.open) - 1, -1, -1):
            other = self.open[depth]
            if other.family in ("#", "chapter"):
                return depth + 1
            if other.family in ("cn", "cn()") and other.titled:
                first = other.children[0].family if other.children else "plain"
                if node.block.inline or first == "plain":
                    return depth + 1
        return 0

    def _close_text(self, node: Node) -> None:
        if not node.remark and not node.block.inline and _CLOSERS.match(self.text, node.start):
            lists = [d for d, other in enumerate(self.open) if other.family not in ("#", "chapter")]
            if lists and any(other.children for other in self.open):
                del self.open[lists[0] :]
            return
        while self.open and not self._holds(self.open[-1], node):
            self.open.pop()

    def _holds(self, top: Node, node: Node) -> bool:
        """Plain text may stand under ``top``: its continuation, or the body of a heading."""
        if top.family in ("#", "chapter"):
            return True
        block, over = node.block, top.block
        if top.family in ("text", "label"):
            return False
        if top.family == "article":
            return True
        if top.marked and not block.inline and block.indent > over.indent:
            return True
        if not top.titled:
            return False
        if not top.children:
            return block.inline or (top.family != "•" and not self._ends_list(top))
        if top.family in ("lead", "•", "step", "way", *_DEEPENS):
            return top.has_text and (block.inline or block.indent >= over.indent)
        return True

    def _ends_list(self, top: Node) -> bool:
        """It is the last of short steps that stand without a body, not a heading."""
        if top.family not in _RANK or len(self.open) == 0:
            return False
        siblings = self.open[-2].children if len(self.open) > 1 else self.roots
        before = siblings[-2] if len(siblings) > 1 else None
        return before is not None and before.family == top.family and not before.children

    def _adopt(self, node: Node) -> None:
        """A list that goes on after a paragraph stays one list: the paragraph joins the step
        before it."""
        if not node.number or node.number < 2:
            return
        siblings = self.open[-1].children if self.open else self.roots
        last = len(siblings) - 1
        while (
            last >= 0
            and siblings[last].family in ("text", "label", "lead")
            and (not siblings[last].children)
        ):
            last -= 1
        if last < 0 or last == len(siblings) - 1:
            return
        before = siblings[last]
        if before.family == node.family and before.number == node.number - 1:
            before.children.extend(siblings[last + 1 :])
            del siblings[last + 1 :]
