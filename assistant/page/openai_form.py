"""The form of the OpenAI door: what is asked there and what is answered.

A request may hold whatever that interface has (temperature, tools, a system prompt …): what decides
nothing here is passed over, for bridges send it whether it is wanted or not.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from assistant.as_json import value
from assistant.page import words
from assistant.page.chat import cleaned
from assistant.page.plain import sections as plain_sections
from assistant.page.stream import sections
from assistant.types import Answer

MODELS: dict[str, str] = {"yibao": "Markdown", "yibao-text": "纯文字，不带 Markdown 标记"}
"""The same answers, for programs that show Markdown and for those that do not (WeChat)."""
_TEXT = "yibao-text"


def _words(content: object) -> object:
    """The text of a message that comes in parts; pictures and the like cannot be read here."""
    if isinstance(content, list):
        texts = [part.get("text") for part in content if isinstance(part, dict)]
        return "\n".join(text for text in texts if isinstance(text, str))
    return "" if content is None else content


class Message(BaseModel):
    """What somebody has said. ``content`` may be missing where a program called a tool."""

    role: str
    content: Annotated[
        str, BeforeValidator(_words), AfterValidator(cleaned), AfterValidator(str.strip)
    ] = ""


class StreamOptions(BaseModel):
    """``include_usage``: one more piece at the end, with the figures."""

    include_usage: bool = False


class Completion(BaseModel):
    """``POST /v1/chat/completions``, as much of it as counts here."""

    model: Annotated[str, Field(description="、".join(MODELS), examples=["yibao"])] = "yibao"
    messages: Annotated[
        list[Message],
        Field(description="最后一条 user 是问题，之前的 user 是此前的提问；其余不看"),
    ]
    stream: Annotated[bool | None, Field(description="逐段发送")] = None
    stream_options: StreamOptions | None = None
    n: Annotated[Literal[1] | None, Field(description="只有一个回答")] = None
    user: Annotated[str | None, Field(description="提问的人，排队时同一密钥下各人轮流")] = None

    @property
    def questions(self) -> tuple[str, ...]:
        """What the user has asked, oldest first."""
        return tuple(m.content for m in self.messages if m.role == "user")


def pieces(answer: Answer, model: str) -> list[str]:
    """The words of an answer, part by part; joined, they are all of it."""
    # a page shows beside its answers whose they are; a chat elsewhere has no such place
    last = [words.DISCLAIMER] if answer.citations else []
    if model == _TEXT:
        options = [f"{words.CLARIFY}：{' / '.join(answer.options)}"] if answer.options else []
        parts = [*plain_sections(answer), *options, *last]
        return [part if n == 0 else f"\n\n{part}" for n, part in enumerate(parts)]
    return [text for _, text in sections(answer)] + [f"\n{one}\n" for one in last]


def message(answer: Answer, model: str) -> dict[str, Any]:
    """The assistant's message: the citations stand in the text, and once more as data."""
    content = "".join(pieces(answer, model))
    return {"role": "assistant", "content": content, "refusal": None, **beside(answer)}


def beside(answer: Answer) -> dict[str, Any]:
    """What of an answer has no field in that interface."""
    return {"status": answer.status, "citations": [value(c) for c in answer.citations]}


def usage(questions: tuple[str, ...], content: str) -> dict[str, int]:
    """There are no tokens here: a character counts as one."""
    asked, told = sum(map(len, questions)), len(content)
    return {"prompt_tokens": asked, "completion_tokens": told, "total_tokens": asked + told}


def completion(name: str, created: int, wanted: Completion, answer: Answer) -> dict[str, Any]:
    """The whole answer in one."""
    said = message(answer, wanted.model)
    choice = {"index": 0, "message": said, "logprobs": None, "finish_reason": "stop"}
    return {
        "id": name,
        "object": "chat.completion",
        "created": created,
        "model": wanted.model,
        "choices": [choice],
        "usage": usage(wanted.questions, said["content"]),
    }


def models() -> list[dict[str, Any]]:
    """``GET /v1/models``."""
    return [
        {"id": name, "object": "model", "created": 0, "owned_by": words.TITLE, "description": form}
        for name, form in MODELS.items()
    ]
