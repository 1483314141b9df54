"""Every fixed phrase of the desk where articles are edited."""

from __future__ import annotations

from typing import Final

TITLE: Final = "编辑台"
NAV: Final[tuple[tuple[str, str], ...]] = (
    ("./", "文章"), ("drafts", "草稿"), ("due", "到期"), ("fixed", "固定回答"),
    ("log", "操作记录"), ("exports", "导出"),
)  # fmt: skip
BACK_TO_ADMIN: Final = "返回资料管理"
SIGNED_IN: Final = "{}，已登录"
NAME: Final = "您的姓名（记在修改记录里）"
NOBODY: Final = "管理员"
UNKNOWN_NAME: Final = "姓名或密码不对，请稍候再试。"

FIND: Final = "查找"
OPEN: Final = "打开"
NEW: Final = "新写一篇"
NEW_FOLDER: Final = "放在哪一类"
NEW_NAME: Final = "文件名（汉字、字母、数字）"
NEW_GO: Final = "开始写"
LIST_HEADS: Final = ("标题", "位置", "状态", "最近修改", "操作")
OURS: Final = "本系统文章"
UPLOADED: Final = "上传"
EDITED: Final = "已改写"
ADDED: Final = "新写"
WAITING: Final = "有草稿"
VERSIONS: Final = "版本"

FIELDS: Final[dict[str, str]] = {
    "title": "标题",
    "questions": "人们会怎样问（一行一个，至少四个）",
    "not_questions": "不回答的相近问题（一行一个）",
    "schemes": "险种（职工、居民、灵活就业，用顿号隔开；都适用可三个都写）",
    "region": "地区（全国，或省、市名）",
    "kind": "类型（faq 或 policy）",
    "checked": "核对日期（如 2026-11-28）",
    "review_by": "复查期限（如 2026-12-31，可不填）",
    "sources": "来源（一行一个，写法见原文）",
    "basis": "法律依据（一行一条，如 社会保险法 第三十二条）",
    "conflicts_with": "与哪些文章说法不一（一行一个）",
    "fixed": "固定回答（先写问题，下面每行写一句本文原句，以「- 」开头；两题之间空一行）",
}
BODY: Final = "正文"
WHOLE: Final = "全文"
NOTE: Final = "改了什么（选填）"
CHECK: Final = "检查"
SAVE: Final = "保存并更新"
PROPOSE: Final = "提交审核"
DRAFT: Final = "存为草稿"
REHEARSE: Final = "看回答会怎样变"
ANYWAY: Final = "已看过右边的提示，仍要保存"
FINDINGS: Final = "检查结果"
NO_FINDINGS: Final = "没有发现问题。"
AT_LINE: Final = "第 {} 行"
READ_AS: Final = "将会这样收录"
LOOK_FIRST: Final = "还没有保存：请先看检查结果。"
MUST_MEND: Final = "还没有保存：有一处不合格式，改好以后才能保存；也可以先存为草稿。"
FROM_DRAFT: Final = "这是 {1} 于 {2} 存的第 {0} 号草稿，保存后才会生效。"
FROM_VERSION: Final = "这是较早的版本，保存后才会生效。"

CLASH: Final = "没有保存：您打开以后，别人改过这篇文章。"
CLASH_CLEAN: Final = "两边的改动不重叠，已合在一起。看过没有问题，就可以保存。"
CLASH_BOTH: Final = "同一处两边都改了，用「<<<<<<<」和「>>>>>>>」标出，留下要的那一边再保存；也可以先把自己的存为草稿。"
THEIRS_AND_MINE: Final = "现在的文章和您的稿子有什么不同"
JOINED: Final = "合并稿"
SAVE_JOINED: Final = "保存合并稿"
KEEP_MINE: Final = "把我的存为草稿"

WHEN: Final = "时间"
WHO: Final = "谁"
VERSION_HEADS: Final = ("时间", "谁", "做了什么", "说明", "操作")
DIFF: Final = "改了什么"
SEE: Final = "查看"
BACK: Final = "回到这一版"
NOW: Final = "现在"
FIRST: Final = "最初"
NO_CHANGE: Final = "没有不同。"
DIFF_REMOVED, DIFF_ADDED = "删去", "加上"
DRAFT_HEADS: Final = ("编号", "时间", "谁", "做什么", "文章", "说明", "状态", "操作")
DRAFT_OF: Final = "第 {} 号草稿：{}"
APPROVE: Final = "通过并更新"
DROP: Final = "不采用"
SEND_BACK: Final = "退回"
REASON: Final = "退回的理由"
EDIT: Final = "修改"
VERDICTS: Final[dict[str, str]] = {
    "": "等待", "approved": "{} {} 已通过", "dropped": "{} {} 未采用",
}  # fmt: skip
WHY: Final = "理由：{}"
CORRECTS: Final = "更正：{}"
AS_READ: Final = "收录后的文字"
TO_GO: Final = "通过以后不再用来回答"
NO_TEXT: Final = "（读不出文字）"
DUE_HEADS: Final = ("复查期限", "文章", "状态", "操作")
OVERDUE: Final = "已到期"
SOON: Final = "60 天内到期"
FIXED_HEADS: Final = ("问题", "文章", "状态", "操作")
FIXED_NOTE: Final = "固定回答写在文章的「固定回答」一栏：问题一字不差地问到时，就用文章里的这几句原句作简要回答，并注明由管理员指定。"
FIXED_HOLDS: Final = "生效"
FIXED_OFF: Final = "还没有生效，请打开文章看检查结果并更新"
LOG_HEADS: Final = ("编号", "时间", "谁", "做了什么", "文章", "说明", "操作")
ACTS: Final[dict[str, str]] = {
    "edit": "修改", "approve": "通过草稿", "back": "回到旧版", "undo": "撤销", "upload": "添加文件",
    "remove": "移除", "correct": "更正", "add": "新写",
}  # fmt: skip
UNDO: Final = "撤销"
UNDOES: Final = "撤销第 {} 号"
EXPORTS: Final[tuple[tuple[str, str], ...]] = (
    ("talks", "对话（本次启动以来仍在内存里的，不含个人号码）"),
    ("feedback", "反馈和未答的问题"),
    ("log", "操作记录"),
)  # fmt: skip
EXPORT_HEADS: Final[dict[str, tuple[str, ...]]] = {
    "talks": ("对话", "第几轮", "问题", "状态", "回答"),
    "feedback": ("日期", "问题", "状态", "评价", "原因", "补充说明", "资料版本"),
    "log": ("编号", "时间", "谁", "做了什么", "文章", "说明", "撤销的编号", "之前", "之后"),
}

REHEARSED: Final = "问了 {} 个问题，其中 {} 个的回答会变。"
REHEARSE_NONE: Final = "没有改动，回答不会变。"
BEFORE, AFTER = "之前", "之后"
SAME: Final = "不变"
SHOWN_HEADS: Final = ("状态", "开头几句", "出处", "法律依据")

UNCHANGED: Final = "没有改动，不必保存。"
WAITS: Final = "已提交第 {} 号草稿，另一位管理员通过后生效。"
DRAFTED: Final = "已存为第 {} 号草稿。"
DROPPED: Final = "这份草稿不采用，文字仍留在记录里。"
SAY_WHY: Final = "请写明退回的理由，提交的人会看到。"
FILE_SINCE: Final = "提交以后，这个文件又换过或已移除：请退回这份草稿，需要的请重新提交。"
APPROVED_OF: Final = "{} 的第 {} 号草稿"
OWN_DRAFT: Final = "自己的草稿要由另一位管理员通过。"
NO_DRAFT: Final = "没有这份等待的草稿，可能别人已经处理。"
NO_VERSION: Final = "没有这个版本。"
NO_WRITE: Final = "没有这条操作记录。"
WRITTEN_SINCE: Final = "这篇后来又改过：请先撤销后来的修改，或在「版本」里回到要的那一版。"
NOT_EDITABLE: Final = "这个文件不能在这里编辑；能编辑的是本系统的文章，和上传的文本文件。"
NOT_UTF8: Final = "这个文件不是 UTF-8 文本，不能在这里编辑；请改好后重新上传。"
TOO_LONG: Final = "文章超过 {} 字，不能在这里编辑；请改好后重新上传。"
BAD_NAME: Final = "请选择类别，文件名用汉字、字母、数字、「-」和「_」，最多 {} 字。"
NAME_TAKEN: Final = "这个文件名已经有了，请换一个，或打开那一篇。"
EMPTY: Final = "文章是空的，没有保存。"
FAILED: Final = "系统内部出错，没有保存。请稍后重试；如需反馈，请提供错误编号 {}。"

TEMPLATE: Final = """---
title: （一个问题）
questions:
  - （人们的问法一）
  - （人们的问法二）
  - （人们的问法三）
  - （人们的问法四）
schemes: [职工, 居民, 灵活就业]
region: 全国
kind: faq
checked: {today}
sources:
  s1: {{tier: policy, publisher: （发布者）, title: （标题）, name: （文号）, date: {today}}}
basis: []
---
## 简要回答

（一到三句话回答。）{{s1}}
"""
