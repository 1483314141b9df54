"""What kind of passage a piece of text is: steps, papers to bring, a place, a time, a rule …

Decided by the headings over it first (innermost first), then by what it says. All patterns look at
folded text, so that traditional pages are judged like simplified ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from corpus.types import PassageKind

# Headings that settle the kind by themselves. Looked for in short titles only: in a long title
# (「职工医保停保后参加居民医保的流程及注意事项」) the word may be one of several.
_HEADINGS: tuple[tuple[PassageKind, re.Pattern[str]], ...] = (
    ("legal", re.compile("法律依据|政策依据|设定依据|法条|法规依据")),
    ("note", re.compile("注意|提示|提醒|声明|建议|结语|总结|免责|说法不一|温馨|导读")),
    (
        "materials",
        re.compile("(材料|资料|证件)(清单|要求|说明)?$|带什么|什么证件|哪些材料|哪些手续"),
    ),
    ("place", re.compile("(地点|地址|办理窗口|受理窗口|办理机构|经办机构)(说明)?$|在哪|去哪|哪里")),
    (
        "time",
        re.compile("(时间|时限|期限|日期|截止日?)(要求|说明|规则|规定|与规则|范围)?$|几号|多久"),
    ),
    ("steps", re.compile("(流程|步骤|程序|指南)(说明)?$")),
    ("definition", re.compile("是什么|定义|概念|含义|什么意思|区别|简介$")),
)
_SHORT_TITLE = 20

_LAW = re.compile(
    r"(?:【?法律依据】?[:：]?\s*)?(?:根据|依据|按照|依照)?\s{0,20}《[^《》]{2,40}》\s*第"
)
_NOTE = re.compile(
    "温馨提示|提示|特别提醒|提醒|请注意|注意|声明|建议|以上|结语|总之|综上|总结|需要注意|具体以"
)
_DEFINITION = re.compile(r"是指|指的是|简称|一般指|是一种|又称|俗称|是我国|是国家.{0,20}制度")
_SCREEN = re.compile(
    "点击|点选|打开|选择|进入|登录|登陆|输入|搜索|找到|扫码|关注|下载|切换|勾选|绑定"
)
_ACTION = re.compile(
    "点击|打开|选择|进入|登录|登陆|输入|搜索|找到|扫码|关注|下载|切换|勾选|绑定|填写|提交|前往|携带|"
    "带上|领取|打印|核对|确认|支付|拨打|上传|注册|提出|申请|审核|办理|缴费|签字|盖章|出具|受理|查询|去|到|持|凭|向"
)
# one touch of a screen or a hand more: words that are as often names of things (网点, 几点, 选项)
_TOUCH = re.compile(
    r"(?<![网地重要特几优缺服观])点(?=[“「『【\"]|击|开|进|右|左|下|上|最|首页|页)|选(?![项手举修])"
    r"|填(?!好的)|插[入上]|取号|刷(?:脸|卡|一)|扫[码一]|签(?=[字名《一])|领(?=[取一《])|输(?=入|密)|拿(?=着|上|到|回|《)"
    r"|打钩|录入|切(?=到|换|成)|付款|等(?=[审税工窗系办短新后])|收好|交(?=给|到|清)|报(?=姓名|身份证)|生成|转发|截图|转到|打电话|盯|把(?!握)|带(?=[着上好身])"
)
_HAND = re.compile(
    "填写|提交|前往|携带|带上|领取|打印|核对|确认|拨打|上传|签字|盖章|出具|支付(?!宝)|到[^,。;]{1,8}(?:窗口|大厅|中心|局|服务站)"
)
_FIRST_WORD = re.compile(
    r"(?:首先|其次|再次|然后|接着|随后|最后|先|再|第[一二三四五六七八九十]|[一二三四五六七八九十]是|其[一二三四五])[,、:]?"
)
# told one after another: 先 …，再 …，最后 …
_IN_TURN = re.compile(
    r"(?:^|[,;。:!\s])(首先|先(?![生前行进后])|第一(?=[,:])|一是|其次|第二(?=[,:])|二是|再(?![次加多者说就也])|接着|然后|随后|最后)"
)
_STEP = re.compile(r"第[一二三四五六七八九十\d]{1,2}步|步骤[一二三四五六七八九十\d]{1,2}")
_ANNOUNCED = re.compile(
    r"步骤|流程|操作|顺序|依次|环节|(?:办法|方法|做法)(?:如下|是)|(?:按|照)(?:下面|以下|着?这)|这样(?:走|做|办|弄|操作)|[分共][^,。;]{0,4}步"
)
# the same without words that are as often names of things (缴费标准, 办理方式)
_TELLS = re.compile(
    f"{_SCREEN.pattern}|填写|提交|前往|携带|带上|领取|打印|核对|确认|支付|拨打|上传|注册|先|再|去"
)
_PAPER = re.compile(
    "身份证|户口[簿本薄]|社保卡|社会保障卡|医保卡|保险卡|证明|申请表|登记表|备案表|审批表|合同|照片|复印件|"
    "凭证|病历|发票|票据|收据|银行卡|存折|委托书|证件|残疾人证|保障证|通知书"
)
_BRING = re.compile(
    "携带|提供|带上|带齐|准备|提交|出示|(?<![支保维坚])持(?!续)|凭(?!证|借)|(?:手续|材料|资料)[:：]|所需"
)
# what is done with papers: a text with more of these than of papers tells a procedure
_HANDLE = re.compile(
    "去|前往|提交|告知|填写|审核|缴费|领取|盖章|签字|受理|打印|[到至向][^，。；]{2,16}(?:申请|办理|进行|更改|核验|登记)"
)
_AFTER_LABEL = re.compile(r"^[^,。;:]{2,24}[:：]\s*")
_SENTENCE_END = re.compile("[。；;！!]")
_OFFICE = re.compile(
    "窗口|中心|服务点|社保局|医保局|经办机构|街道|村委会|居委会|网点|大厅|税务局|社区"
)
_GO = re.compile("[到去至在]|前往")
_DATE = re.compile(
    r"\d{1,4}\s?[月日号天年]|工作日|个月|月底|年底|次月|当月|次日|[一二三四五六七八九十]{1,16}个?[月日天]"
)
_DEADLINE = re.compile(
    r"(?:每年|每月|月|日|号|底)[^。；]{0,14}(?:(?<![目当以提])前(?!往)|截止|为止|至|到(?!达)|止)"
    r"|时间为|缴费时间|集中缴费期|到账"
)
_ASKS: tuple[tuple[PassageKind, re.Pattern[str]], ...] = (
    ("materials", re.compile("什么材料|哪些材料|什么资料|哪些资料|什么证件|哪些手续|带什么")),
    ("place", re.compile("在哪|去哪|哪里|哪儿|什么地方|哪个部门")),
    ("time", re.compile("几号|多久|什么时候|何时|多长时间|截止|几月|时间|期限")),
    ("steps", re.compile("怎么|怎样|如何|流程|步骤|办法|方法|操作|方式|程序|指南")),
)


def kind_of(
    text: str, headings: Sequence[str], items: Sequence[str] = (), *, title: str = ""
) -> PassageKind:
    """The kind of a passage. All arguments are folded; ``headings`` run from the outermost to the
    innermost, ``items`` are what the passage lists, ``title`` is the article's.

    >>> kind_of("身份证、户口本。", ["企业申请停保", "准备材料"])
    'materials'
    """
    told = _tells(text, items)
    for heading in reversed(headings):
        if len(heading) <= _SHORT_TITLE:
            for kind, pattern in _HEADINGS:
                if pattern.search(heading) and not (
                    told and kind in ("materials", "place", "time")
                ):
                    return kind
    if _LAW.match(text):
        return "legal"
    if text.startswith("摘要"):
        return "rule"  # it repeats the page's steps in short and lists none
    if _NOTE.match(text):
        return "note"
    if _DEFINITION.search(text[:60]) and len(items) < 2:
        return "definition"
    return "steps" if told else _by_content(text, items, asked_for(headings, title))


def asked_for(headings: Sequence[str], title: str) -> PassageKind | None:
    """What the nearest heading that asks something asks for, the article's title last."""
    for asked in (*reversed(headings), title):
        for kind, pattern in _ASKS:
            if pattern.search(asked):
                return kind
    return None


def does(sentence: str) -> bool:
    """A sentence that tells somebody to do something, by its first words."""
    return _ACTION.search(sentence[:10]) is not None


def acts(sentence: str) -> bool:
    """Like ``does``, with the words of one touch (点「更多」, 选城市, 填表) and behind 首先 or 然后."""
    return _acts(sentence[:14])


@lru_cache(maxsize=4096)
def _acts(opening: str) -> bool:
    """Kept for a while: each clause is asked about twice, and lists begin alike."""
    words = _FIRST_WORD.sub("", opening, count=1)[:10]
    return any(pattern.search(words) for pattern in (_SCREEN, _TOUCH, _HAND)) or (
        _ACTION.match(words) is not None
    )


def touches(text: str) -> bool:
    """Anything in it may be something done, also what is as often the name of a thing (缴费)."""
    return _ACTION.search(text) is not None or _TOUCH.search(text) is not None


@lru_cache(maxsize=4096)
def in_turn(text: str) -> bool:
    """Folded text tells what is done one after another: 先 …，再 …，最后 …"""
    return len(set(_IN_TURN.findall(text))) >= 3


def turns(text: str) -> list[int]:
    """Where the words 先, 再, 最后 stand in folded text that tells what is done one after another."""
    return [match.start(1) for match in _IN_TURN.finditer(text)]


def on_screen(text: str) -> int:
    """How many things of a screen are touched: 点击, 打开, 选择 …"""
    return len(_SCREEN.findall(text))


def _tells(text: str, items: Sequence[str]) -> bool:
    """It plainly tells what to do in order, whatever its heading asks for: numbered steps, a list
    of which most is done, sentences that follow one another."""
    if len(items) > 1:
        if len(_STEP.findall(text)) > 1:
            return True
        papers = sum(_PAPER.search(item) is not None and not acts(item) for item in items)
        acting = sum(acts(item) for item in items)
        announced = _ANNOUNCED.search(text[: text.find(items[0])][-40:]) is not None
        done = 2 * acting >= len(items) if not papers else 2 * acting > len(items)
        return 2 * papers < len(items) and (done or (announced and acting > 0))
    if in_turn(text):
        return any(acts(clause.strip()) for clause in re.split("[,;:。]", text))
    clauses = _clauses(text)
    acting = sum(map(acts, clauses))
    return len(clauses) > 2 and text.count(";") > 1 and 3 * acting >= 2 * len(clauses)


def _clauses(text: str) -> list[str]:
    parts = re.split("[;。]", _AFTER_LABEL.sub("", text, count=1))
    return [part.strip() for part in parts if part.strip()]


def _by_content(text: str, items: Sequence[str], asked: PassageKind | None) -> PassageKind:
    screen, papers = on_screen(text), len(set(_PAPER.findall(text)))
    handled = len(_HANDLE.findall(text))
    listed = [item for item in items if does(item)]
    paper_items = [item for item in items if _PAPER.search(item) and not does(item[:6])]
    if len(items) > 1 and 2 * len(paper_items) > len(items):
        return "materials"
    if screen >= 2 or (len(items) > 1 and 2 * len(listed) >= len(items) and asked == "steps"):
        return "steps"
    if asked == "materials" and papers and screen == 0:
        return "materials"
    if papers >= 2 and papers >= handled and _BRING.search(text) and screen == 0:
        return "materials"
    clauses = _clauses(text)
    acting = sum(any(map(acts, clause.split(","))) for clause in clauses)
    if asked == "steps" and len(clauses) > 2 and 2 * acting > len(clauses):
        return "steps"
    if asked == "place" and _OFFICE.search(text) and _GO.search(text):
        return "place"
    if _DATE.search(text) and (asked == "time" or (_DEADLINE.search(text) and len(text) < 160)):
        return "time"
    if asked == "steps":
        told = [sentence for sentence in _SENTENCE_END.split(text) if sentence.strip()]
        telling = sum(_TELLS.search(sentence.strip()[:10]) is not None for sentence in told)
        if handled >= 1 and 2 * telling >= len(told):
            return "steps"
    return "rule"
