"""One request to a language model: what is sent, to whom, and every way in which nothing comes back."""

from __future__ import annotations

import socket
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from language_server import completion, language_server

from assistant.judges import BundledJudge
from assistant.language_model import open_judge
from assistant.language_model.client import LONGEST, PAUSE, ChatClient, NoReplyError
from corpus.errors import InputError, ModelError
from corpus.settings import ROOT, Settings
from corpus.words import words

NAMED = Settings(llm_url="http://127.0.0.1:1/v1", llm_model="small")
GOOD = '{"numbers": [1]}'


class Clock:
    """Time that passes when a test says so."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_none_is_named_by_default() -> None:
    assert isinstance(open_judge(Settings(), words()), BundledJudge)
    code = "import sys, assistant; assert 'openai' not in sys.modules, 'imported for nothing'"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"llm_url": "http://127.0.0.1:1/v1"}, "请设置 YIBAO_LLM_MODEL"),
        ({"llm_model": "small"}, "请设置 YIBAO_LLM_URL"),
        ({"llm_url": "127.0.0.1:1", "llm_model": "small"}, "「127.0.0.1:1」，应为 http"),
        ({"llm_url": "file:///v1", "llm_model": "small"}, "「file:///v1」，应为 http"),
        ({"llm_url": "http://[::1/v1", "llm_model": "small"}, "应为 http"),
    ],
)
def test_one_that_is_named_by_half_or_wrongly(named: dict[str, str], said: str) -> None:
    with pytest.raises(ModelError, match=said.replace("[", r"\[")):
        open_judge(Settings(**named), words())  # type: ignore[arg-type]


def test_the_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(ModelError, match=r'pip install "yibao-assistant\[llm\]"'):
        open_judge(NAMED, words())


def test_the_settings() -> None:
    env = {
        "YIBAO_LLM_URL": " http://127.0.0.1:1/v1 ",
        "YIBAO_LLM_MODEL": "small",
        "YIBAO_LLM_KEY": "secret",
    }
    own = Settings.from_environment(env)
    assert (own.llm_url, own.llm_model, own.llm_key) == ("http://127.0.0.1:1/v1", "small", "secret")
    assert own.llm_seconds == "8"
    assert "secret" not in repr(own)
    assert Settings.from_environment({"YIBAO_LLM_SECONDS": "2.5"}).llm_seconds == "2.5"


@pytest.mark.parametrize("given", ["0", "-1", "61", "nan", "inf", "八"])
def test_seconds_that_are_none(given: str) -> None:
    with pytest.raises(InputError, match=f"YIBAO_LLM_SECONDS 应为.*「{given}」"):
        open_judge(replace(NAMED, llm_seconds=given), words())
    assert isinstance(open_judge(Settings(llm_seconds=given), words()), BundledJudge)


def test_what_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that the environment keeps for another address."""
    for name in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID", "BASE_URL"):
        monkeypatch.setenv(f"OPENAI_{name}", "http://elsewhere.example")
    with language_server(write=lambda given: GOOD) as server:
        assert ChatClient.open(server.settings()).complete("挑句子", '{"问题": "医保"}') == GOOD
        ChatClient.open(server.settings(llm_key="secret")).complete("挑句子", "{}")
    assert server.asked[0] == {
        "model": "small",
        "messages": [
            {"role": "system", "content": "挑句子"},
            {"role": "user", "content": '{"问题": "医保"}'},
        ],
        "response_format": {"type": "json_object"},
        "temperature": 0,
    }
    (path, without), (_, keyed) = server.heads
    assert path == "/v1/chat/completions"
    assert (without["Authorization"], keyed["Authorization"]) == ("Bearer none", "Bearer secret")
    assert "elsewhere" not in str(without)
    assert not [name for name in without if name.lower().startswith("openai-")]


@pytest.mark.parametrize(
    "written",
    [GOOD, f"```json\n{GOOD}\n```", f"<think>第1句？</think>\n\n{GOOD}", f"```\n{GOOD}```"],
)
def test_thoughts_and_a_fence_are_taken_off(written: str) -> None:
    with language_server(write=lambda given: written) as server:
        assert ChatClient.open(server.settings()).complete("", "{}").strip() == GOOD


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"status": 500, "body": "{}"}, "InternalServerError 500"),
        ({"status": 401, "body": "{}"}, "AuthenticationError 401"),
        ({"body": "<html>登录</html>"}, "AttributeError"),
        ({"body": "{}"}, "TypeError"),
        ({"body": completion(None)}, "no text"),
        ({"body": completion("医" * (LONGEST + 1))}, "no text"),
        ({"slow": True}, "TimeoutError"),
        ({"crumbs": True}, "TimeoutError"),
    ],
)
def test_every_way_in_which_nothing_comes(wrong: dict[str, Any], said: str) -> None:
    with language_server(**wrong) as server:
        client = ChatClient.open(server.settings(late=bool(wrong.keys() & {"slow", "crumbs"})))
        with pytest.raises(NoReplyError, match=said):
            client.complete("", "{}")
        assert len(server.asked) == 1  # and it is not tried again


def test_nobody_is_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        url = f"http://127.0.0.1:{held.getsockname()[1]}/v1"
    client = ChatClient.open(Settings(llm_url=url, llm_model="small"))
    with pytest.raises(NoReplyError, match="APIConnectionError"):
        client.complete("", "{}")


def test_a_redirect_is_not_followed() -> None:
    with language_server(write=lambda given: GOOD) as other:
        sent_on = {"Location": f"{other.url}/chat/completions"}
        with (
            language_server(status=307, body="{}", headers=sent_on) as server,
            pytest.raises(NoReplyError, match="307"),
        ):
            ChatClient.open(server.settings()).complete("", "{}")
        assert (len(server.asked), other.asked) == (1, [])


def test_an_address_that_failed_is_left_alone_for_a_while() -> None:
    clock = Clock()
    with language_server(status=500, body="{}") as server:
        client = ChatClient.open(server.settings(), clock=clock)
        with pytest.raises(NoReplyError) as first:
            client.complete("", "{}")
        clock.now += PAUSE - 1
        with pytest.raises(NoReplyError) as again:
            client.complete("", "{}")
        assert (first.value.known, again.value.known, len(server.asked)) == (False, True, 1)
        clock.now += 1
        server.status, server.body = 200, completion(GOOD)
        assert client.complete("", "{}") == GOOD
