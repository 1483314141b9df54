"""Which blocks look like a title, what a title says, and which ones name a part of a service guide."""

from __future__ import annotations

import re

from corpus.blocks import Block

# Labels that name the parts of a service guide: alone on a line, or before a colon, they open a
# part of their own whatever mark they carry.
PART = re.compile(
    r"(?:所需|准备|需要|办理|申请|申报|申办|必备|报销|参保|停保|补缴|恢复|转移|登记|受理|缴费|待遇|享受|住院|门诊|筹资|认定){0,6}(?:的)?"
    r"(?:材料|资料|证件|手续材料|材料清单|地点|地址|窗口|渠道|机构|流程|步骤|程序|方式|方法|条件|对象|"
    r"时间|时限|期限|日期|依据|标准|比例|范围|费用|收费标准)(?:及|和|与)?(?:要求|说明|清单|如下)?"
    r"|注意事项|温馨提示|特别提醒|法律依据|政策依据|设定依据|延伸阅读|相关规定|常见问题|办事指南|办理指南"
    r"|简要回答|说法不一|咨询电话|结果查询"
)


def title_of(text: str, block: Block) -> str:
    """What a block says as a heading: without its mark, colon, asterisks and 如下.

    >>> from corpus.blocks import blocks
    >>> title_of("一、办理流程如下：", blocks("一、办理流程如下：")[0])
    '办理流程'
    """
    stop = block.label if block.labelled else block.end
    # 方法一 and 第二章 are words of the title as well
    start = block.start if block.family in ("way", "chapter") else block.content
    title = text[start:stop].strip().strip("*#：: \u3000").strip()
    if title[:1] == "【" and title.find("】") in (-1, len(title) - 1):  # not 【居民】网上缴费
        title = title.strip("【】：: ")
    return re.sub(r"(?:，|,)?(?:具体)?(?:如下|包括以下几点|包括)$", "", title) or title


def plain_titles(text: str, found: list[Block]) -> set[int]:
    """Positions of the blocks that look like a bare title: short, unmarked, not a sentence, and
    something follows. In a run of short lines (a list of papers) only named parts are titles."""
    short = [_looks_bare(text, block) for block in found]
    titles: set[int] = set()
    position = 0
    while position < len(found):
        stop = position
        while stop < len(found) and short[stop]:
            stop += 1
        run = range(position, stop)
        if len(run) > 2:
            titles.update(i for i in run if PART.fullmatch(title_of(text, found[i])))
        elif stop < len(found):
            titles.update(run)
        else:
            titles.update(run[:-1])
        position = max(stop, position + 1)
    # the very first line answers the title (「单位续保或个人缴费」) unless it names a part
    if 0 in titles and not PART.fullmatch(title_of(text, found[0])):
        titles.discard(0)
    return titles


def _looks_bare(text: str, block: Block) -> bool:
    content = text[block.content : block.end]
    if block.marker or block.label > block.content or len(content) > 30:
        return False
    bare = content.strip("*【】")
    return bool(bare) and not re.search(r"[。；;！!，,：:…、]|\.\.|^[《“\d]|[”》]$", bare)
