"""Lines of a web page that are no part of what it says, by the words they are made of.

Whole lines only: nothing here cuts a sentence out of a paragraph, so what remains is as written.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Heads of blocks that list other questions. 延伸阅读 and 常见问题 are not among them: on the pages
# seen they head parts of the article itself.
_RELATED = re.compile(
    r"(?:(?:相关|相似|类似|更多|其他|其它|热门|最新|精选|推荐|猜你想问的|大家关注的)"
    r"(?:法律|医保|社保)?(?:推荐|阅读|文章|问题|问答|咨询|提问|内容|资讯|知识|解答|回答)"
    r"|(?:大家|网友|其他人|别人|用户)(?:都|也|还)?(?:在)?(?:问|看|搜|关注|关心|想问)(?:的问题|什么)?"
    r"|猜你(?:喜欢|想看|想问|关心)|你可能(?:还)?(?:感兴趣|喜欢|想看|想问|关心)的?(?:内容|问题|文章)?"
    r"|(?:为您|为你)推荐|推荐|看了又看|热门搜索|热搜问题)(?:（\d+）|\(\d+\))?"
)
_FEED = re.compile(
    r"(?:律师|专家|医生|用户|网友)?(?:最新|实时)?(?:解答|回答|咨询|问答|在线)(?:动态|播报|滚动|实况)"
    r"|(?:推荐|在线|值班|本地|热门|专业)律师(?:在线)?|律师在线|实时咨询|最新(?:回复|动态)"
)
_AGE = (
    r"(?:回[答复]于\s*)?(?:(?:\d{1,3}|[一二三四五六七八九十半]{1,3}|几)\s*"
    r"(?:秒钟?|分钟|个?小时|天)以?前|刚刚|(?:昨天|今天)(?:\s*\d+:\d+)?)(?:回[答复]|解答)?"
)
_AGO = re.compile(_AGE)
_ENTRY = re.compile(
    rf"[^\s，。：:；]{{1,8}}(?:律师|医生|专家|顾问|网友|用户)(?:事务所)?\s*{_AGE}(?P<rest>.*)", re.S
)

# Words of which navigation lines and buttons are made, one or several in a line.
_BUTTONS = """
首页 顶部 底部 返回 返回首页 返回顶部 回到顶部 返回列表 返回上一页 上一页 下一页 末页 尾页
登录 注册 立即登录 退出 收藏 收藏本页 加入收藏 设为首页 点赞 举报 纠错 分享 分享到 打印 打印本页
关闭 关闭窗口 复制链接 评论 网站地图 站点地图 联系我们 关于我们 隐私政策 用户协议 帮助中心
意见反馈 手机版 电脑版 客户端 无障碍 长者模式 无障碍阅读 适老化 简体 繁体 微信 微博 QQ空间
朋友圈 搜索 导航 菜单 目录 展开 收起 更多 换一换 换一批 大 中 小 广告 推广 赞助 AD 我也要提问
我要提问 有用 没用 回复 关注 + >> 点击咨询 立即咨询 免费咨询 在线咨询 免费预约 立即预约 问律师
咨询律师 免费问律师 发布咨询 投诉 友情链接 合作伙伴 网站导航 听全文 朗读 下载APP 打开APP
"""
_BUTTON_SET = frozenset(_BUTTONS.split())
_BETWEEN = re.compile(r"[\s|｜·/>»›,，\[\]【】]+")
_WHOLE = re.compile(
    r"(?:展开|查看|阅读|点击查看|点击阅读|显示|浏览)(?:全文|全部|更多|原文|详情|剩余全文|完整回答|答案)(?:内容)?"
    r"|(?:我也要|我要|立即|马上|点击|免费|在线|快速|一键)(?:提问|咨询|发布咨询|问律师|咨询律师|法律咨询)"
    r"|问题相似.{0,4}直接咨询律师|.{0,12}(?:立即|点击|免费|马上)(?:在线)?咨询.{0,6}"
    r"|(?:律师|专家|医生|网友|最佳|满意|官方)(?:回答|解答|回复|答案)"
    r"|(?:上一篇|下一篇|上一条|下一条|上篇|下篇)\s*[:：].*"
    r"|(?:当前位置|您的位置|你的位置|您现在的位置|所在位置|您当前的位置|当前所在位置)\s*(?:是)?\s*[:：].*"
    r"|首页\s*[>»›/＞].*|首页(?:[\s|｜·]+\S{1,6}){2,12}"
    r"|(?:字号|字体|字体大小)\s*[:：].*|(?:浏览|阅读|点击|访问)(?:次数|量|数)?\s*[:：]?\s*\d+\s*次?"
    r"|(?:分享到|分享至|扫一扫|微信扫一扫|微信扫码|扫码|长按识别|打开微信|关注公众号|关注微信).{0,30}"
    r"|(?:Copyright|©|\(c\)|版权所有|版權所有).{0,120}|.{0,40}ICP[备证].{0,60}|.{0,40}公网安备.{0,40}"
    r"|(?:客服|咨询|免费|律师)(?:热线|电话|咨询电话|咨询热线)\s*[:：]?\s*400[-\s\d]{6,12}.{0,20}"
    r"|.{0,60}(?:点击|立即|马上|免费)(?:领取|投保|测算|抢购|加群|了解详情)[!！。]*"
    r"|(?:添加|加)(?:客服|老师|小编)?微信.{0,30}"
    r"|.{0,80}(?:如有侵权|侵权请?联系|不代表本(?:站|网|平台)(?:的?观点|的?立场)?|转载请注明).{0,60}"
    r"|[【\[(（]?(?:广告|推广|赞助|赞助内容|AD)[】\])）:：\s].{0,80}"
    r"|(?:责任编辑|编辑|责编|审核|校对|记者|撰稿|初审|复审|终审)\s*[:：]\s*\S{0,12}",
    re.I,
)
# Sentences that every page of a site carries. Each needs its head and a word that tells them from
# a notice with content (温馨提示：断缴超过3个月的……).
_HEAD = re.compile(
    r"(?:特别|郑重|免责|版权|重要|法律)?(?:声明|提示|提醒|说明|温馨提示|温馨提醒|友情提示|注|备注)\s*[:：]"
)
_DISCLAIMS = re.compile(
    r"仅供参考|不代表本|侵权|转载|版权|著作权|联系(?:我们|删除|本站|处理)|投诉|专业律师|咨询律师|面诊|就医"
    r"|本站|本网|认证(?:专家)?律师|互联网|网络整理|不构成|法律意见|不承担|AI|人工智能生成|时效性"
)
_FILLER = re.compile(
    r"(?:接下来|下面|以下|今天|那么|在此|现在|本文).{0,20}小编|小编.{0,20}(?:整理|带来|介绍|搜集|分享|解答)"
    r"|希望(?:能够?|可以)?(?:对|帮助|给)(?:大家|您|你|到大家|到您|到你)|(?:感谢|谢谢)(?:您|你|大家)?(?:的)?(?:阅读|关注|支持)"
    r"|(?:一起|跟着)来?(?:看看|看一看|了解)|欢迎(?:大家)?(?:关注|上|到|来|点击|咨询|阅读|收藏)"
)
_SAYS = re.compile(r"(?:^|[。；\s])(?:1[.、]|一、|①|第一步)|\d\s*(?:个月|天|元|%|％|周岁)")
_LEAD = re.compile(r"(?:导读|导语|引言|前言|编者按|内容导读|核心提示)\s*[:：]?")
TEASER = re.compile(
    r"\s{0,20}(?:[\[【(（<《]\s{0,20})?(?:点击|立即)?(?:查看|阅读|展开|显示|浏览)(?:全文|全部内容|全部|更多|详情|原文|剩余全文|完整内容)"
    r"\s{0,20}[\]】)）>》»›]{0,20}\s{0,20}[>»›↓]{0,20}$"
)
_SHORT = 40  # characters; heads of blocks are shorter
_LONGEST = 600  # no disclaimer seen is longer
_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_MARKS_BEFORE, _MARKS_BEHIND = "#>-*•·●■◆▶►|" + _BLANKS, ":：>»›|…" + _BLANKS


def bare(text: str) -> str:
    """The line without marks and blanks at its ends: what its words are compared by."""
    return text.lstrip(_MARKS_BEFORE).rstrip(_MARKS_BEHIND).strip("【】[]「」《》")


def heads_related(text: str) -> bool:
    """Whether the line heads a block of other questions: 相关推荐, 大家都在问."""
    return len(text) < _SHORT and _role(text) == "related"


def heads_feed(text: str) -> bool:
    """Whether the line heads a live feed of answers to other people: 律师解答动态."""
    return len(text) < _SHORT and _role(text) == "feed"


def tells_age(text: str) -> bool:
    """Whether the line is the age of an entry of a feed: 3分钟前."""
    return len(text) < _SHORT and _role(text) == "age"


def feed_entry(text: str) -> str | None:
    """What stands behind 某某律师 3分钟前 in one line ("" for nothing); None for other lines."""
    found = _ENTRY.match(bare(text)) if "前" in text or "刚刚" in text or "天" in text else None
    return found.group("rest").strip() if found else None


@lru_cache(maxsize=4096)
def _role(text: str) -> str:
    """What a short line is for, "" for most. Each line is asked about several times."""
    words = bare(text)
    patterns = {"related": _RELATED, "feed": _FEED, "age": _AGO, "lead": _LEAD}
    return next((role for role, p in patterns.items() if words and p.fullmatch(words)), "")


def is_noise(text: str) -> bool:
    """Whether the whole line is navigation, advertisement, a disclaimer or filler."""
    if len(text) > _LONGEST:
        return False
    words = bare(text)
    if not words or (len(text) < _SHORT and _role(text) == "lead"):
        return True
    if all(token in _BUTTON_SET for token in _BETWEEN.split(words)):
        return True
    if len(words) <= 160 and _WHOLE.fullmatch(words):
        return True
    if _HEAD.match(words):
        return bool(_DISCLAIMS.search(words))
    return _is_filler(words)


def _is_filler(words: str) -> bool:
    """An introduction or a farewell that says nothing: 以上就是小编为大家整理的……

    A paragraph that also counts (1. 一、 ①) or names an amount says something and stays.
    """
    return len(words) < 300 and bool(_FILLER.search(words)) and not _SAYS.search(words)
