"""The fixed set of our own phrases: whatever an answer says beside quotes stands here.

A phrase may have holes; what fills them is a number, a date, or a name that the store holds
(a place, a law, a publisher, a scheme). Nothing else composes sentences.
"""

from __future__ import annotations

import re

from corpus.types import Scheme, Tier

SCHEME_NAMES: dict[Scheme, str] = {
    "职工": "职工医保",
    "居民": "居民医保",
    "灵活就业": "灵活就业人员医保",
}

EDITORIAL, CHECKED = "医保问答整理", "{date} 核对"
TIERS: dict[Tier, str] = {
    "law": "法律", "policy": "政策文件", "agency": "经办机构", "web": "网页",
}  # fmt: skip
NOT_KEPT = "原文未收录"
RESTS_ON, DISPUTED_BY = "依据：{source}", "另有说法：{source}"
ADVICE = "办事建议，不出自某一来源"
BROUGHT = "{door}，未经核实"
READ_OFF = "由图片文字识别（{how}）读出，可能有错字"
UNDATED, UNSIGNED, EXCERPT = "日期未注明", "发布者未注明", "节选"
NOTE = "编者注：{note}"

ASK_LOCALLY = "以参保地为准：请咨询参保地医保经办机构，或拨打医保服务热线 12393。"
NO_STATUTE = "法律无直接规定，依参保地经办规程。"

PART_UNANSWERED = "{ask}：资料里没有。"
PART_NEAR = "资料里没有直接的说法，相近的是："
FIXED = "这个问题的简要回答由管理员指定，用的是所注文章里的原句。"
REFUSED = "现有资料里没有能回答这个问题的内容，不作推测。"
NOTHING_OF = "资料里没有{what}的规定，别处或往年的规定不能当作答案。"
NOISE = "乱码"
TALK = {
    "招呼": "您好，这里回答基本医疗保险的问题，例如断缴补缴、异地就医、生育、门诊和住院报销，请直接写出想问的事。",
    "感谢": "不客气。还有医保方面的问题，可以接着问。",
    "转人工": "这里没有人工客服。请拨打医保服务热线 12393（社保卡和失业金等问题拨 12333），或到参保地医保经办机构。",
    "不满": "没有帮上忙，抱歉。可以换个说法再问一次，也可以拨打医保服务热线 12393。",
    "查记录": "这里看不到任何人的参保、缴费、报销和办件记录。请登录国家医保服务平台 App 或参保地医保的公众号、小程序查询，也可拨打医保服务热线 12393，或到参保地医保经办机构。",
    "指令": "这里只回答基本医疗保险的问题，做不了别的事。",
    NOISE: "没有看懂这句话。请写出想问的医保问题，例如「断缴两个月怎么补」。",
}
"""What is said to a turn that asks nothing, by what it is (``assistant.talk``)."""
OFF_TOPIC = "这里只回答基本医疗保险的问题，其他事情不在资料范围内。"
NEAREST = "这些段落未必能回答这个问题，只是最接近的。"
NOTHING_TO_SEARCH = "没有可检索的内容：问题里没有文字，或知识库里没有适用的资料。"
UNCHECKED = "这个回答没有通过引文核对，已撤回。请换个问法，或稍后再试。"

WHICH_SCHEME = "不同险种的规定不一样，您参加的是哪一种？"
WHICH_LENGTH = "断缴时间长短不同，规定也不同，您断了多久？"
WHICH_PLACE = "各地规定不一样，您在哪里参保？"
UP_TO_3_MONTHS, OVER_3_MONTHS = "断缴3个月以内", "断缴超过3个月"

SO_MANY_STEPS = "这份步骤一共 {n} 步。"
SOURCE_LISTS_FIRST = "来源仅列出前 {n} 步。"
SOURCE_EXCERPT = "这一条来源是节选，原文在此处中断，未作补全。"
SOURCE_OLD = "《{title}》发布于 {date}，距今已超过两年，可能已有新规定。"
BASED_ON_OLD = "《{title}》这里所依据的网页最晚发布于 {date}，距今已超过两年，可能已有新规定。"
SOURCE_UNDATED = "《{title}》的来源没有注明日期。"
BASED_ON_UNDATED = "《{title}》这里所依据的网页没有注明日期。"
SOURCE_LOCAL = "《{title}》说的是{region}的做法，其他地方可能不同。"
NOT_THIS_PLACE = "资料里没有{region}的规定，以下是全国性的或未写明地区的内容。"
WRONG_BASIS = "来源引用了《{law}》{article_no}作依据，但{reason}，这里不作为依据。"
NOT_YET = "《{law}》{article_no}已公布，{date} 起施行，今天尚未生效。"
CONFLICT_LEADS = "关于{about}，来源说法不一，见下方对照，不代为选定。"

FOLLOW_UPS = {
    "materials": "要带什么材料？",
    "steps": "具体怎么办理？",
    "place": "去哪里办？",
    "time": "要等多久？",
    "legal": "法律依据是什么？",
    "online": "线上怎么办？",
}


def missing_place(region: str | None) -> str:
    """Said when no source speaks of the place asked about; "" when one does."""
    return NOT_THIS_PLACE.format(region=region) if region else ""


def patterns() -> list[re.Pattern[str]]:
    """Every phrase as a pattern that matches it with its holes filled: for checks."""
    found = [value for name, value in globals().items() if name.isupper()]
    texts = [
        text for value in found for text in (value.values() if isinstance(value, dict) else [value])
    ]
    texts = [text for text in texts if isinstance(text, str)]
    return [re.compile(re.sub(r"\\\{\w+\\\}", ".+?", re.escape(text)), re.DOTALL) for text in texts]
