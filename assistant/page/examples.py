"""One question, asked at each door for programs, and what it gets: the examples of the description.

Real answers, cut to one of each thing.
"""

from __future__ import annotations

import json
from typing import Any

QUESTION = "断缴年限会清零吗"
_ARTICLE = "corpus/断缴与补缴/断缴年限清零吗"
_TITLE = "医保断缴以后缴费年限会清零吗"
_WORDS = "职工医保断缴以后，以前的累计缴费年限不会清零，换城市也接着累计。"
_LAW = "个人跨统筹地区就业的，其基本医疗保险关系随本人转移，缴费年限累计计算。"
_ADVICE = "以参保地为准：请咨询参保地医保经办机构，或拨打医保服务热线 12393。"
_SUPPORTS = [
    {
        "start": 9, "end": 41, "publisher": "全国人民代表大会常务委员会", "title": "", "name": "社会保险法",
        "date": "2018-12-29", "tier": "law", "url": None, "kept": True, "relation": "paraphrases",
        "locator": "第二十七条、第三十二条",
    }
]  # fmt: skip
_CITATION = {
    "number": 1, "text": _WORDS, "article": _ARTICLE, "start": 9, "end": 41, "title": _TITLE,
    "kind": "editorial", "publisher": "医保问答编写组", "date": "2026-11-28", "region": "全国",
    "excerpt": False, "url": None, "source": "", "tier": None, "supports": _SUPPORTS,
}  # fmt: skip
_PASSAGE = {
    "id": f"{_ARTICLE}@9-41", "article": _ARTICLE, "title": _TITLE, "start": 9, "end": 41,
    "kind": "rule", "heading": ["简要回答"], "text": _WORDS,
}  # fmt: skip
_STATUTE = {
    "id": "statute/社会保险法/第三十二条@0-35", "article": "statute/社会保险法/第三十二条",
    "title": "社会保险法 第三十二条", "start": 0, "end": 35, "kind": "legal", "heading": [], "text": _LAW,
}  # fmt: skip
_BASIS = {
    "law": "社会保险法", "article_no": "第三十二条", "text": _LAW, "state": "in force",
    "effective": "2011-07-01", "version": "2018-12-29", "relevance": 0.9256,
}  # fmt: skip
_WHY = {"cosine": 0.750167, "words": 4.022808}

ANSWER: dict[str, Any] = {
    "version": 2, "question": QUESTION, "understood": QUESTION, "status": "answered",
    "summary": [{"text": _WORDS, "citations": [_CITATION]}],
    "procedures": [], "materials": [], "places": [], "times": [],
    "legal_basis": [{**_BASIS, "passage": _STATUTE}],
    "conflicts": [], "cautions": [{"text": _ADVICE, "citations": []}],
    "options": [], "follow_ups": ["要带什么材料？"], "nearest": [], "citations": [_CITATION],
    "hits": [{"passage": _PASSAGE, "score": 30.89, "why": _WHY, "also": [], "number": 459}],
    "context": {"scheme": None, "region": None, "months": None, "online": None, "topic": QUESTION},
    "today": "2026-11-28", "parts": [], "completeness": "complete",
}  # fmt: skip
HITS: dict[str, Any] = {
    "question": QUESTION,
    "hits": [
        {
            "score": 30.89, "why": _WHY, "text": _WORDS, "kind": "rule", "heading": ["简要回答"],
            "article": _ARTICLE, "title": _TITLE, "start": 9, "end": 41,
            "kind_of_words": "editorial", "publisher": "医保问答编写组", "date": "2026-11-28",
            "region": "全国", "schemes": ["职工", "灵活就业"], "excerpt": False, "url": None,
            "supports": _SUPPORTS,
        }
    ],
}  # fmt: skip
SUGGESTIONS: dict[str, Any] = {"suggestions": [_TITLE]}
BASES: dict[str, Any] = {"question": QUESTION, "legal_basis": [_BASIS]}

_BLOCKS = (
    ("", f"{_WORDS}[1]\n\n"),
    ("提醒", f"### 提醒\n- {_ADVICE}\n\n"),
    (
        "参考来源",
        f"### 参考来源\n《{_TITLE}》 · 医保问答整理 · 2026-11-28 核对 · 全国\n\n- [1] {_WORDS}\n"
        "  - 依据：全国人民代表大会常务委员会《社会保险法》第二十七条、第三十二条 · 2018-12-29 · 法律\n",
    ),
)
_NAME = "v1Zk0h2mJq8d3sWfLr6xUA"


def _event(number: int, name: str, data: dict[str, Any]) -> str:
    retry = "retry: 1000\n" if number == 1 else ""
    told = json.dumps(data, ensure_ascii=False)
    return f"id: {_NAME}-{number}\nevent: {name}\n{retry}data: {told}\n\n"


LAST_EVENT = f"{_NAME}-2"
EVENTS = "".join(
    [
        _event(1, "start", {}),
        _event(2, "waiting", {"ahead": 3}),
        *(_event(n, "block", {"title": t, "markdown": m}) for n, (t, m) in enumerate(_BLOCKS, 3)),
        _event(6, "done", ANSWER),
    ]
)
REST = EVENTS[EVENTS.index(f"id: {_NAME}-3") :]

_CONTENT = "".join(markdown for _, markdown in _BLOCKS)
COMPLETION: dict[str, Any] = {
    "id": "chatcmpl-5f0c1d7b9e3a4c62b8d1a0e4",
    "object": "chat.completion",
    "created": 1795824000,
    "model": "yibao",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant", "content": _CONTENT, "refusal": None, "status": "answered",
                "citations": [_CITATION],
            },
            "logprobs": None,
            "finish_reason": "stop",
        }
    ],
    "usage": {
        "prompt_tokens": len(QUESTION), "completion_tokens": len(_CONTENT),
        "total_tokens": len(QUESTION) + len(_CONTENT),
    },
}  # fmt: skip
MODELS: dict[str, Any] = {
    "object": "list",
    "data": [
        {
            "id": "yibao", "object": "model", "created": 0, "owned_by": "医保问答",
            "description": "Markdown",
        },
        {
            "id": "yibao-text", "object": "model", "created": 0, "owned_by": "医保问答",
            "description": "纯文字，不带 Markdown 标记",
        },
    ],
}  # fmt: skip
