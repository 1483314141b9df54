"""Every fixed phrase that the page shows. Words of answers come from the assistant, not from here.

Simplified Chinese, short, calm, never a promise that the sources do not make.
"""

from __future__ import annotations

from typing import Final

TITLE: Final = "医保问答"
TAGLINE: Final = "断缴补缴、停保恢复、转移参保，逐条注明出处"
DISCLAIMER: Final = (
    "内容整理自公开资料，不是官方答复。各地口径不同，请以参保地医保经办机构或 12393 为准。"
)
WELCOME: Final = "您想办什么医保业务？"
WELCOME_HINT: Final = (
    "用平常的话提问即可，说明险种和城市会更准。请不要输入身份证号、银行卡号等个人信息。"
)
PLACEHOLDER: Final = "例如：断缴两个月怎么补"
INPUT_LABEL: Final = "输入医保问题"
SEND: Final = "提问"
STOP: Final = "停止"

EXAMPLES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("断缴与补缴", ("职工医保断缴两个月怎么补", "断缴三个月以上再交，多久能报销")),
    ("停保与恢复", ("居民医保停保后怎么恢复", "单位停保后怎么自己接着交")),
    ("换工作与转移", ("换城市工作，医保关系怎么转", "职工医保怎么转成居民医保")),
    ("参保与缴费", ("居民医保错过集中缴费期怎么办", "灵活就业人员怎么参加职工医保")),
    ("账户与共济", ("个人账户的钱能给家人用吗", "医保断缴后个人账户余额还能用吗")),
    ("单位与权益", ("单位没给交医保怎么办", "医保断缴后缴费年限会清零吗")),
)

UNDERSTOOD: Final = "按此情况回答"
UNDERSTOOD_AS: Final = "理解为"
DROP: Final = "去掉“{}”后重新回答"
ONLINE: Final = "线上办理"
OFFLINE: Final = "现场办理"
MONTHS: Final = "断缴{}个月"

SUMMARY: Final = "简要回答"
STEPS: Final = "办理步骤"
MATERIALS: Final = "所需材料"
PLACES: Final = "办理地点"
TIMES: Final = "办理时限"
LEGAL: Final = "法律依据"
CONFLICTS: Final = "说法不一"
CAUTIONS: Final = "提醒"
SOURCES: Final = "参考来源"
RESTS_ON: Final = "依据"
EDITED: Final = "整理"
CHECKED_ON: Final = "核对"
TIER: Final = "来源类别"
STATUTE_TEXT: Final = "条文"
CLARIFY: Final = "请选一项，回答会更准"
FOLLOW_UPS: Final = "接着问"
TRUNCATED: Final = "来源仅列出前 {} 步"

STATES: Final[dict[str, str]] = {
    "in force": "现行有效",
    "not yet in force": "已公布，{} 起施行",
    "repealed": "已废止",
    "amended": "已修订",
    "not in the database": "法律库未收录",
    "no such article": "查无此条",
}
STATE_SOON: Final = "已公布，尚未施行"
VERSION: Final = "{} 版本"
EFFECTIVE: Final = "{} 起施行"

CONDITIONS: Final[dict[str, str]] = {
    ">=": "满", "≥": "满", "<=": "不超过", "≤": "不超过", ">": "超过", "<": "不足",
}  # fmt: skip
CLAIM_HEADS: Final = ("说法", "险种", "地区", "日期", "出处")
NATIONAL_RULE: Final = "国家规定"
EXPLAINED: Final = "差异可能来自：{}"
SAID_OTHERWISE: Final = "{}：别处的说法（{} 条）"
UNDATED: Final = "日期未注明"
UNSIGNED: Final = "发布者未注明"
NO_SCHEME: Final = "险种未注明"
EXCERPT: Final = "节选"
READ_OFF: Final = "图片识别"

SCHEMES: Final[dict[str, str]] = {"职工": "职工医保", "居民": "居民医保", "灵活就业": "灵活就业"}

SOURCE: Final = "来源"
SOURCE_OF: Final = "来源 {}：{}"
CLOSE: Final = "关闭"
PREVIOUS: Final = "上一条"
NEXT: Final = "下一条"
ORIGINAL: Final = "打开原文网页"
NO_LINK: Final = "原始资料：{}"
PUBLISHER: Final = "发布"
DATE: Final = "日期"
REGION: Final = "适用地区"
SCHEME: Final = "险种"
ALSO: Final = "另见于"
EXCERPT_NOTE: Final = "来源本身是节选，原文在此处中断，未作补全。"
LAW_STATE: Final = "效力"
LAW_VERSION: Final = "所引版本"
LAW_EFFECTIVE: Final = "施行日期"
LAW_DAYS: Final = "施行天数"
DAYS_IN_FORCE: Final = "到 {1} 已施行 {0} 天"
DAYS_LEFT: Final = "到 {1} 距施行还有 {0} 天"
SOURCE_GONE: Final = "这条来源已更新或移除，请重新提问以查看最新资料。"
MARKED: Final = "回答引用的原句"

COPY: Final = "复制"
RETRY: Final = "重新回答"
SHARE: Final = "分享"
PRINT: Final = "打印"
UP: Final = "有帮助"
DOWN: Final = "没帮助"
REASONS: Final = ("答案错误", "引用不符", "已过时", "没回答")
REASON_ASK: Final = "哪里不对？"
COMMENT: Final = "补充说明（选填，请勿填写个人信息）"
SUBMIT: Final = "提交"
THANKS: Final = "已记录，谢谢"

NEW_TALK: Final = "新对话"
TALKS: Final = "对话记录"
TALKS_SHORT: Final = "记录"
TALKS_NOTE: Final = "只保存在这台设备的浏览器里。"
NO_TALKS: Final = "还没有对话。"
CLEAR_TALKS: Final = "清除本机记录"
LARGER: Final = "大字"
DARK: Final = "深色"
LIGHT: Final = "浅色"
SKIP: Final = "跳到输入框"

WAITING: Final = "前面还有 {} 位，请稍候"
LOOKING: Final = "正在查找资料"
STOPPED: Final = "已停止。可以点“重新回答”继续。"
EMPTY: Final = "请先输入问题。"
TOO_LONG: Final = "问题太长了（最多 {} 字），请挑最要紧的一件事来问。"
TOO_FAST: Final = "您问得有点快，请过 {} 秒再试。"
TOO_MANY: Final = "现在提问的人比较多，请过 {} 秒再试。"
WORKER_GONE: Final = "回答这次请求的进程中断了，正在重新启动，请再试一次。"
QUEUE_FULL: Final = "现在排队的人太多了，请稍后再试。"
TALK_FULL: Final = "这段对话已经很长了，请点“新对话”继续提问。"
APOLOGY: Final = "抱歉，系统内部出错，没能回答这个问题。请稍后重试；如需反馈，请提供错误编号 {}。"
SHARED: Final = "这是他人分享的问答，按当前资料重新生成，可能与分享时不同。"
SHARE_GONE: Final = "分享链接无效或已过期。"
NOT_FOUND: Final = "没有找到这条记录，请重新提问。"
BAD_REQUEST: Final = "请求的内容不完整或格式不对。"
TOO_LARGE: Final = "请求的内容太大（最多 {} KB）。"
NOT_JSON: Final = "请求的内容不是有效的 JSON。"
NOT_AN_OBJECT: Final = "请求的内容应为 JSON 对象，并以 application/json 发送。"
BAD_FIELD: Final = "字段 {field} 的值不对。"
FIELD_ERRORS: Final[dict[str, str]] = {
    "missing": "缺少字段 {field}。",
    "extra_forbidden": "没有名为 {field} 的字段。",
    "string_too_long": "字段 {field} 太长（最多 {max_length} 字）。",
    "string_unicode": "字段 {field} 含有无效的字符。",
    "string": "字段 {field} 应为文字。",
    "literal_error": "字段 {field} 只能是 {expected}。",
    "bool": "字段 {field} 应为 true 或 false。",
    "int": "字段 {field} 应为整数。",
    "greater_than_equal": "字段 {field} 不能小于 {ge}。",
    "less_than_equal": "字段 {field} 不能大于 {le}。",
    "date": "字段 {field} 应为日期，例如 2026-01-31。",
    "list_type": "字段 {field} 应为列表。",
    "too_long": "字段 {field} 最多 {max_length} 项。",
}
"""By the beginning of pydantic's name for the error; the first that fits counts."""
STATUS: Final[dict[int, str]] = {
    400: BAD_REQUEST,
    401: "请先登录资料管理（/admin/）；写好还没存的文字，浏览器的「后退」会带回来。",
    403: "这个地址不对外开放。",
    404: "没有这个地址。",
    405: "这个地址不接受这种请求方法，请用 POST。",
    408: "请求发送得太慢，请重试。",
    415: "请求的内容应以 application/json 发送。",
    422: BAD_REQUEST,
    429: "请求太多，请稍后再试。",
    500: "系统内部出错，请稍后重试。",
    503: "现在忙不过来，请稍后再试。",
}
BAD_HTTP: Final = "请求不是有效的 HTTP。"
TOO_SLOW: Final = STATUS[408]
TOO_MANY_REQUESTS: Final = "您这里的请求太多了，请过 {} 秒再试。"
WRONG_HOST: Final = (
    "本页面不以这个主机名提供服务；如需使用，请管理员在 YIBAO_HOSTS 里写上它，再重新启动。"
)
NO_TOOL: Final = "没有名为「{}」的工具；有 ask、retrieve、legal。"
WRONG_ORIGIN: Final = "不接受其他网站的网页发来的请求。"
GONE: Final = "请求方已经离开，没有继续处理。"
RECORDS_LOCKED: Final = "现在不能读写页面记录，请稍后再试。"
UNKNOWN_PLACE: Final = (
    "字段 region 应为认识的地名（省、市，或资料里写明的地区），例如 沈阳；不限地区时不写。"
)
UPLOAD_BLOCKED: Final = "这个地址不对外开放，本页面也不接收文件。"
NOT_OURS: Final = "不是从本页面上传的文件，或者放得太久了，请重新选择"
REPLACES: Final = "替换：{}（同名文件已在资料里，更新后以新文件为准）"
FAILED_TRIES: Final = "密码试得太多了，请过 {} 秒再试。"

# --- for programs ---
NO_KEY: Final = "这个接口需要密钥：请在请求头里写 Authorization: Bearer 加密钥，密钥向管理员索取。"
WRONG_KEY: Final = "密钥不对或已停用，请向管理员索取有效的密钥。"
KEY_TOO_MANY: Final = "这个密钥问得太多了，请过 {} 秒再试。"
BAD_EVENT_ID: Final = (
    "请用 Last-Event-ID 请求头或参数 after 写出收到的最后一个事件的 id，原样不改。"
)
ANSWER_GONE: Final = "这个回答已经不在了，请重新提问。"
OTHER_QUESTION: Final = "Last-Event-ID 属于另一个问题；问新问题时请不要带它。"
WRONG_METHOD: Final = "这个地址不接受这种请求方法，请用 {}。"
NO_QUESTION: Final = "messages 里没有 role 为 user 的提问。"
NO_MODEL: Final = "没有这个模型；请用 yibao（Markdown）或 yibao-text（纯文字）。"
ONLY_CHAT: Final = "没有这个地址；这里只有 /v1/chat/completions 和 /v1/models。"

FOR_BROWSER: Final[dict[str, str]] = {
    "copied": "已复制，附出处",
    "copyFailed": "复制失败，请长按选择文字",
    "shareCopied": "分享链接已复制",
    "shareReady": "分享链接：",
    "failed": "没有成功，请稍后再试",
    "offline": "与服务器的连接断开，正在重新连接",
    "back": "连接已恢复",
    "noTalks": NO_TALKS,
    "cleared": "已清除本机记录",
    "confirmClear": "清除这台设备上的全部对话记录？",
    "stopped": STOPPED,
    "thanks": THANKS,
    "dark": DARK,
    "light": LIGHT,
    "opening": "正在打开对话",
    "delete": "删除这段对话：",
}
"""What the page's JavaScript says; handed over as JSON."""

NO_WIDGET: Final = "嵌入其他网站没有启用；请管理员在 YIBAO_FRAMES 里写上要嵌入的网站，再重新启动。"
FOR_WIDGET: Final[dict[str, str]] = {
    "title": TITLE,
    "close": CLOSE,
    "refused": "医保问答：本站 {} 没有列在 YIBAO_FRAMES 里，不能嵌入；请医保问答的管理员写上，再重新启动。",
}
"""What the script in other sites says; handed over as JSON."""

# --- to a person ---
PERSON: Final = "转人工"
CALL: Final = "拨打 12393"
PERSON_MORE: Final = "当地窗口和咨询单"
BY_PHONE: Final = "打电话"
HOTLINES: Final = (
    "12393：医保服务热线，参保、缴费、报销、异地就医都可以问。",
    "12333：社保卡、失业金等人社部门的事。",
)
AT_COUNTER: Final = "去窗口"
SAY_PLACE: Final = (
    "请先在对话里说明参保的城市，例如“沈阳职工医保断缴怎么补”，这里会列出资料写明的当地办理地点。"
)
NO_OFFICE: Final = "资料里没有写明{}的办理地点，请拨打 12393 询问。"
OFFICES: Final = "资料里写到的{}办理地点，去之前请先打电话问清："
SLIP: Final = "医保咨询单"
NO_SLIP: Final = "提问以后，这里会生成一张咨询单，写明问题、情况、查到的内容和要带的材料。"
SLIP_HINT: Final = "打印或保存下来，带到窗口给工作人员看。"
SLIP_PRINT: Final = "打印"
SLIP_WORD: Final = "保存为 Word 文件"
SLIP_QUESTION: Final = "我的问题"
SLIP_CASE: Final = "我的情况"
SLIP_NO_CASE: Final = "没有说明"
SLIP_EARLIER: Final = "此前问过"
SLIP_PAPERS: Final = "要带的材料"
SLIP_NO_PAPERS: Final = "资料里没有列出材料，去之前请先问清要带什么。"
SLIP_ANSWER: Final = "窗口答复"
SLIP_BLANKS: Final = ("办理结果", "还缺的材料", "经办人和日期")
SLIP_MADE: Final = "{} 生成。"

# --- while typing, on a refusal ---
SUGGESTIONS: Final = "可以回答的问题"
NEAREST: Final = SUGGESTIONS

# --- for the old and the tired ---
ELDER: Final = "长者模式"
ELDER_SHORT: Final = "长者"

FOR_HELP: Final[dict[str, str]] = {
    "person": PERSON,
    "slip": SLIP,
    "suggestions": SUGGESTIONS,
    "suggested": "有 {} 条建议，按上下方向键选择",
    "elderOn": "已打开长者模式",
    "elderOff": "已退出长者模式",
    "read": "朗读",
    "readStop": "停止朗读",
    "readOn": "接着读",
    "readAnew": "从头读",
    "readFailed": "朗读没有成功，请检查浏览器的语音设置",
}
"""What the scripts beside ``page.js`` say."""

# --- the admin corner ---
ADMIN: Final = "资料管理"
NO_ADMIN: Final = "资料管理没有启用"
PASSWORD: Final = "管理密码"
WRONG_PASSWORD: Final = "密码不对，请稍候再试。"
ENTER: Final = "进入"
LEAVE: Final = "退出"
BACK: Final = "返回问答页"
TAB_UPLOAD: Final = "添加"
TAB_ARTICLES: Final = "资料"
TAB_GAPS: Final = "未答"
TAB_FEEDBACK: Final = "反馈"
TAB_OVERVIEW: Final = "概况"
UPLOAD_LABEL: Final = "选择文章文件（{}）"
UPLOAD: Final = "添加并更新"
TRIAL: Final = "只试运行，不写入"
NO_FILES: Final = "请先选择文件；正在上传的，列出后再点。"
PREVIEW: Final = "预览：将会这样收录"
CORRECT: Final = "更正标题、发布者等"
CORRECT_WHICH: Final = "要更正的文件"
CORRECT_FIELDS: Final = (
    "标题（第一篇）", "发布者", "发布日期", "地区", "险种（职工、居民、灵活就业）", "类型（问答、政策文件）",
)  # fmt: skip
CORRECT_SAVE: Final = "记下更正"
CORRECTED: Final = "已记下对 {} 的更正，添加时生效，以后更新同一文件时仍然有效。"
CORRECT_KEPT: Final = "更正已收录文件的标题、发布者等"
CORRECT_KEPT_SAVE: Final = "更正并更新"
NOTHING_CHANGED: Final = "没有改动任何一项。"
OURS: Final = "本系统自己的文章不能在这里更正。"
MANY_FILES: Final = "一次最多 {} 个文件。"
REFUSED_FILE: Final = "未收下 {}"
STAGES: Final[dict[str, str]] = {
    "files": "正在读取文件",
    "passages": "正在编码段落",
    "words": "正在更新词索引",
}
FIND: Final = "查找"
FIND_HINT: Final = "标题、发布者、地区或文件名"
FOUND: Final = "共 {} 个文件，列出 {} 个。"
BROUGHT_BY: Final = "{} 后台上传"
ARTICLE_HEADS: Final = ("标题", "发布者", "日期", "地区", "文件")
AND_MORE: Final = "（另有 {} 篇）"
REMOVE_LABEL: Final = "选择要移除的文件"
REMOVE: Final = "移除"
SURE: Final = "我确认移除，移除后不再用于回答"
NO_CHOICE: Final = "请先选择文件。"
NOT_SURE: Final = "请先勾选确认。"
NOTHING_YET: Final = "还没有数据。"
DOWNLOAD: Final = "下载 CSV"
GAP_HEADS: Final = ("问题", "次数", "未答", "差评", "最近一次", "其他问法", "原因")
STATUSES: Final[dict[str, str]] = {
    "answered": "已回答", "clarify": "反问", "refused": "未能回答",
}  # fmt: skip
RATINGS: Final[dict[str, str]] = {"up": UP, "down": DOWN}
FEEDBACK_HEADS: Final = ("日期", "问题", "状态", "评价", "原因", "补充说明", "资料版本")
