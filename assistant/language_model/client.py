"""One request to a language model at an OpenAI-compatible address: text there, text back, or nothing.

Only the address that the settings name is asked: redirects are not followed. A reply that does not
come in time is given up, however slowly it trickles; what is wrong with it is named without a word
of the question. What is asked and what a reply must hold is left to ``judge``.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from corpus.errors import InputError, ModelError
from corpus.settings import Settings

if TYPE_CHECKING:
    from openai import AsyncOpenAI

EXTRA = "yibao-assistant[llm]"
LONGEST = 4_000
"""Characters of a reply: both forms that are asked for stay below a thousand."""
MOST_SECONDS = 60
"""Nobody waits longer for an answer."""
PAUSE = 30.0
"""Seconds for which nobody is made to wait for an address that just failed."""

# reasoning models put their thoughts before the reply, others a fence around it
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCED = re.compile(r"\A\s*```(?:json)?\s*(.*?)\s*```\s*\Z", re.DOTALL)


class NoReplyError(Exception):
    """There is nothing to use; the message says why, in English for the log. ``known``: it is that of
    an address which failed a moment ago, and was said then."""

    def __init__(self, reason: str, *, known: bool = False) -> None:
        super().__init__(reason)
        self.known = known


class ChatClient:
    """Asks one model at one address. Made with ``ChatClient.open``; safe for threads."""

    def __init__(
        self,
        client: AsyncOpenAI,
        model: str,
        seconds: float,
        clock: Callable[[], float],
    ) -> None:
        self._client = client
        self._loop: asyncio.AbstractEventLoop | None = None
        self._model = model
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: float | None = None

    @classmethod
    def open(cls, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> ChatClient:
        """Raises ``ModelError`` where address or model is missing, the address is none, or the extra
        is not installed, and ``InputError`` for seconds that are none. Sends nothing."""
        _check(settings)
        seconds = _seconds(settings.llm_seconds)
        try:
            from openai import AsyncOpenAI, DefaultAsyncHttpxClient
        except ImportError as error:
            raise ModelError(
                "YIBAO_LLM_URL 指定了语言模型，但没有安装所需的 openai："
                f'请执行 pip install "{EXTRA}"（在源码目录里：pip install -e ".[llm]"），'
                "或不设 YIBAO_LLM_URL 和 YIBAO_LLM_MODEL。"
            ) from error
        client = AsyncOpenAI(
            base_url=settings.llm_url,
            # the library insists on one; an address that needs none takes no notice
            api_key=settings.llm_key or "none",
            timeout=seconds,
            max_retries=0,
            http_client=DefaultAsyncHttpxClient(follow_redirects=False),
        )
        return cls(client, settings.llm_model, seconds, clock)

    def complete(self, task: str, given: str) -> str:
        """The JSON that the model replies to a task with what is given for it.

        Raises ``NoReplyError`` where nothing comes in time, or nothing that can be it.
        """
        with self._lock:
            if self._failed is not None and self._clock() - self._failed < PAUSE:
                raise NoReplyError("the address failed a moment ago", known=True)
            if self._loop is None:  # not before: a process may be copied once all is open
                self._loop = _loop_in_a_thread()
        reply = asyncio.run_coroutine_threadsafe(self._reply(task, given), self._loop)
        try:
            text = reply.result()
        except Exception as error:  # the libraries below raise many kinds
            with self._lock:
                self._failed = self._clock()
            raise NoReplyError(_reason(error)) from error
        if not isinstance(text, str) or len(text) > LONGEST:
            raise NoReplyError(f"no text of at most {LONGEST} characters")
        text = _THOUGHTS.sub("", text)
        fenced = _FENCED.match(text)
        return fenced[1] if fenced else text

    async def _reply(self, task: str, given: str) -> object:
        from openai import Omit

        # in the environment these are meant for the library's own address
        others = {"OpenAI-Organization": Omit(), "OpenAI-Project": Omit()}
        asking = self._client.chat.completions.create(
            model=self._model,
            messages=[{"role": "system", "content": task}, {"role": "user", "content": given}],
            response_format={"type": "json_object"},
            temperature=0,
            extra_headers=others,
        )
        # the client's own limit is one for each wait; a reply in crumbs would never meet it
        answer: Any = await asyncio.wait_for(asking, self._seconds)
        return answer.choices[0].message.content


def _loop_in_a_thread() -> asyncio.AbstractEventLoop:
    """A loop of its own: whoever asks may have one running (a notebook)."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="language-model", daemon=True).start()
    return loop


def _check(settings: Settings) -> None:
    if not (settings.llm_url and settings.llm_model):
        missing = "YIBAO_LLM_MODEL" if settings.llm_url else "YIBAO_LLM_URL"
        raise ModelError(f"语言模型要同时写明地址和名称：请设置 {missing}，或两项都不设。")
    try:
        parts = urlsplit(settings.llm_url)
        named = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        named = False
    if not named:
        raise ModelError(
            f"YIBAO_LLM_URL 是「{settings.llm_url}」，应为 http:// 或 https:// 开头的地址，"
            "例如 http://127.0.0.1:11434/v1。"
        )


def _seconds(given: str) -> float:
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= MOST_SECONDS:
        raise InputError(
            f"YIBAO_LLM_SECONDS 应为大于 0、不超过 {MOST_SECONDS} 的秒数，现为「{given}」。"
        )
    return seconds


def _reason(error: Exception) -> str:
    """What went wrong, without the texts of others: they may repeat the question."""
    status = getattr(error, "status_code", None)
    return f"{type(error).__name__} {status}" if status else type(error).__name__
