"""What ``corpus check`` says of an article, in the words of whoever edits it.

The checks speak to maintainers, in English and with the file's path; here each of their sentences
has one in Chinese. A sentence that is not known is shown as it is: better that than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.schema import Problem

_LAW_STATES = {
    "not in the database": "法律库里没有",
    "no such article": "查无此条",
    "repealed": "已废止",
    "amended": "已修订",
}
_SAID: tuple[tuple[str, str], ...] = (
    (r"the front matter is not YAML", "开头的各栏格式不对；有冒号的内容请加引号"),
    (r"no front matter", "缺少开头的各栏；请用「---」括起标题、问法等"),
    (r"the front matter is longer than (\d+) characters", "开头的各栏超过 {0} 字；请缩短"),
    (r"the front matter holds an alias.*", "开头的各栏用了引用记号（*）；请把内容写全"),
    (r"the front matter nests deeper.*", "开头的各栏层次太多；请一行写一项"),
    (r"`(\w+)` is missing", "缺少「{0}」；请补上"),
    (r"`(\w+)` is no field", "没有名为「{0}」的栏；请删去"),
    (r"`(checked|review_by)` is (.*)", "「{0}」不是日期；请写成 2026-11-21"),
    (r"`kind` is (.*)", "类型只能写 faq 或 policy，现为 {0}"),
    (r"`(\w+)` is not a (?:list|mapping)", "「{0}」的写法不对；请一行写一项"),
    (r"`sources` is empty", "没有写来源；请写明每句话依据什么"),
    (r"`questions` has (\d+) entries, expected at least (\d+)", "问法只有 {0} 个，至少 {1} 个；请补上人们的说法"),
    (r"`(\w+)` is (.*)", "「{0}」不能写成 {1}；请写一行文字"),
    (r"`conflicts_with` holds (.*)", "「说法不一」写的 {0} 不对；请写 类别/文件名"),
    (r"`fixed` holds (.*)", "固定回答写的 {0} 不对；请先写问题，下面每行写一句原句"),
    (r"(.*) is fixed and not asked here", "固定回答的问题「{0}」不在标题和问法里；请加到问法里"),
    (r"(.*) is fixed twice", "「{0}」有两个固定回答；请留一个"),
    (r"the fixed answer to (.*) has (\d+) sentences", "「{0}」的固定回答有 {1} 句；请写 1 到 5 句"),
    (r"「(.*)」 is no sentence of this article", "固定回答里的「{0}」不是本文的原句；请照抄一整句"),
    (r"(.*) is no question", "{0} 不像问题；请写至少四个字的问法"),
    (r"a question stands twice in one list", "同一个问法写了两次；请留一个"),
    (r"(.*) is no scheme", "没有险种 {0}；只能写 职工、居民、灵活就业"),
    (r"sources are (.*)", "来源编号现为 {0}；请从 s1 起连续编号"),
    (r"source (.*) lacks publisher or name", "来源 {0} 缺少发布者或名称；请补上"),
    (r"source field `(.*)` is unknown", "来源里没有「{0}」这一项；请删去"),
    (r"source (.*) has tier (.*)", "来源 {0} 的类别不能写 {1}；请写 law、policy、agency 或 web"),
    (r"source date (.*)", "来源日期 {0} 不是日期；请写成 2021-07-17，或不写"),
    (r"basis (.*) is no article of a law", "法律依据 {0} 的写法不对；请写成 社会保险法 第三十二条"),
    (r"section (.*) is not of the set", "没有名为 {0} 的小节；请用规定的小节名"),
    (r"section 简要回答 is missing", "缺少「简要回答」；请用一到三句话回答"),
    (r"section (.*) stands twice", "小节「{0}」写了两次；请合并"),
    (r"heading (.*) is not of the form", "标题行 {0} 的写法不对；小节用「## 」，办理步骤里的渠道用「### 」"),
    (r"text before the first section", "第一个小节之前有文字；请移到「## 简要回答」下面"),
    (r"inline markup", "有加粗、链接、表格等标记；请写成纯文字"),
    (r"numbered papers", "所需材料不要编号；请用「- 」"),
    (r"source (s\d+) is used by no mark", "来源 {0} 没有一句话用到；请删去或标上"),
    (r"「(.*)」 has no mark", "「{0}」没有注明依据；请在句末写 {{s1}}，不出自来源的写 {{advice}}"),
    (r"「(.*)」 is marked as advice and with a source", "「{0}」既标了建议又标了来源；请留一个"),
    (r"\{(.*)\} is no mark", "标记「{0}」的写法不对；请写 {{s1}}、{{s1 第三十二条}} 或 {{advice}}"),
    (r"\{(.*)\} is none of the sources", "标记「{0}」不是上面的来源；请改正"),
    (r"a mark stands inside a sentence", "标记写在句子中间；请移到句末"),
    (r"简要回答 has (\d+) sentences.*", "「简要回答」有 {0} 句，应为 1 到 3 句；其余请写到别的小节"),
    (r"a line of 说法不一 is not of the form", "「说法不一」的这一行写法不对；请写「- 谁说：一句话。」并在后面标出事项、险种、地区和来源"),
    (r"事项 (.*) is not of the set", "没有事项 {0}；请用规定的事项"),
    (r"险种 (.*)", "险种 {0} 不对；请写 职工、居民、灵活就业 或 险种未注明"),
    (r"a claim names no place", "这条说法没有写地区；请写 全国、地名或 地区未注明"),
    (r"(.*) is about pensions", "{0} 讲的是养老保险；请换成医保的条文"),
    (r"(.*): (not in the database|no such article)", "{0}：{1}；请写法律全称和它有的条文"),
    (r"(.*) is (repealed|amended|[a-z ]+) on (.*)", "{0} 在 {2} {1}；请写现行有效的条文"),
    (r"(.*) stands alone although the new law bears on it", "只写了 {0}；医疗保障法也有规定，请一并写上"),
    (r"医疗保障法 is a basis and the text does not say from when", "写了医疗保障法作依据，正文没有说明它 2027-01-01 起施行；请在「注意事项」里写明"),
    (r"「(.*)」 names (.*), later than all that it rests on", "「{0}」提到 {1}，但所注来源都更早；请注明知道这件事的来源"),
    (r"「(.*)」 is advice and names (.*)", "「{0}」标为建议，却提到 {1}；请注明那个来源"),
    (r"「(.*)」 stands in no statute that it quotes", "引号里的「{0}」不是所引法条的原文；请照抄原文，或不用引号"),
    (r"folder (.*) is none of ours", "没有「{0}」这一类；请放到规定的类别里"),
    (r"(.*) is asked by two articles", "「{0}」另一篇文章已经在答；请删去或换个问法"),
    (r"(.*) stands in questions and in not_questions", "「{0}」既写在问法里又写在不回答里；请留一处"),
    (r"(.*) is no article", "没有文章 {0}；请写 类别/文件名"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One slip as an editor reads it: ``line`` counts in the file from 1."""

    line: int
    text: str


def findings(problems: Iterable[Problem]) -> tuple[Finding, ...]:
    """The slips in Chinese, in order, each once."""
    return tuple(dict.fromkeys(Finding(p.line, said(p)) for p in problems))


def said(problem: Problem) -> str:
    """One slip as a sentence in Chinese."""
    for pattern, sentence in _SAID:
        if found := re.fullmatch(pattern, problem.what, re.S):
            filled = [_LAW_STATES.get(group, group) for group in found.groups()]
            return sentence.format(*filled) + _where(problem) + "。"
    return str(problem)


def _where(problem: Problem) -> str:
    """Which other article, where the mend names one."""
    found = re.match(r"leave it to (\S+)\.md ", problem.mend)
    return f"（见 {found[1]}）" if found else ""
