"""API keys: the file that names them, the doors that ask for them, the limit of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import httpx2
import openai
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from openai import OpenAI
from page_kit import Served, in_thread, serve

from assistant.page import words
from assistant.page.keys import Key, guarded, read_keys
from assistant.page.limits import Limits
from assistant.page.settings import PageSettings
from corpus.errors import InputError

QUESTION = "职工医保断缴两个月怎么补"
WECOM, OTHER = "yb-0123456789abcdef#wecom", "yb-0123456789abcdef-other"
FILE = f"""# 名称 密钥 每分钟次数
企业微信  {WECOM}  2
钉钉 {OTHER}   # 没有写次数
"""


@pytest.fixture
def keyed(tmp_path: Path) -> Iterator[Served]:
    """A server that asks for keys; an address may ask nothing at all without one."""
    file = tmp_path / "keys.txt"
    file.write_text(FILE, encoding="utf-8")
    settings = PageSettings.from_environment({"YIBAO_KEYS": str(file)})
    limits = Limits(address_burst=1, address_rate=0.001)
    served = serve(tmp_path, settings=settings, limits=limits, password="")
    yield served
    served.stop()


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def ask(served: Served, path: str = "api/ask", **headers: str) -> httpx.Response:
    return httpx.post(served.url + path, json={"question": QUESTION}, headers=headers)


# --- the file ------------------------------------------------------------------------------------


def test_a_file_of_keys(tmp_path: Path) -> None:
    file = tmp_path / "keys.txt"
    file.write_text("\ufeff" + FILE, encoding="utf-8")
    wecom, other = read_keys(file)
    assert (wecom.name, wecom.minute, other.name, other.minute) == ("企业微信", 2, "钉钉", 60)
    assert WECOM not in repr(wecom)
    assert PageSettings.from_environment({"YIBAO_KEYS": " "}).keys == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# 没有\n", "里没有密钥；不用密钥时请不要设置 YIBAO_KEYS。"),
        ("甲\n", "第 1 行应为「名称 密钥 每分钟次数」，以空格分开，次数可以不写。"),
        (f"甲 {WECOM} 5 6\n", "第 1 行应为「名称 密钥 每分钟次数」"),
        ("甲 short\n", "第 1 行的密钥应为至少 16 个英文字母、数字或符号。"),
        (f"甲 {'钥' * 16}\n", "第 1 行的密钥应为至少 16 个英文字母、数字或符号。"),
        (f"甲 {WECOM} 0\n", "第 1 行的每分钟次数应为 1 到 6000 之间的整数。"),
        (f"甲 {WECOM} 多\n", "第 1 行的每分钟次数应为 1 到 6000 之间的整数。"),
        (f"甲 {WECOM}\n甲 {OTHER}\n", "第 2 行的名称或密钥与前面一行相同"),
        (f"甲 {WECOM}\n\n乙 {WECOM}\n", "第 3 行的名称或密钥与前面一行相同"),
    ],
)
def test_a_slip_in_the_file_is_told_without_a_key(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "keys.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_keys(file)
    assert told in str(error.value)
    assert WECOM not in str(error.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "keys.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match="读不到；应为 UTF-8 文字文件"):
        PageSettings.from_environment({"YIBAO_KEYS": str(file)})


# --- the doors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "shut"),
    [
        ("/api/ask", True), ("/api/ask/stream", True), ("/api/nothing", True), ("/v1/models", True),
        ("/mcp", True), ("/mcp/", True), ("/api/ask/", True),
        ("/api", False), ("/api/docs", False), ("/api/openapi.json", False), ("/", False),
        ("/page/source", False), ("/v1x", False), ("/healthz", False),
    ],
)  # fmt: skip
def test_which_doors_ask_for_a_key(path: str, shut: bool) -> None:
    assert guarded(path) is shut


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, words.NO_KEY),
        ({"authorization": WECOM}, words.NO_KEY),
        (bearer("yb-0123456789abcdef-none"), words.WRONG_KEY),
        ({"authorization": "Basic eDp5"}, words.NO_KEY),
    ],
)
def test_without_a_key(keyed: Served, headers: dict[str, str], told: str) -> None:
    for path in ("api/ask", "api/ask/stream", "api/retrieve", "api/legal", "mcp"):
        answer = ask(keyed, path, **headers)
        assert (answer.status_code, answer.json()) == (401, {"detail": told})
        assert answer.headers["www-authenticate"] == "Bearer"
    answer = httpx.get(keyed.url + "v1/models", headers=headers)
    error = {
        "message": told, "type": "authentication_error", "param": None, "code": "invalid_api_key",
    }  # fmt: skip
    assert (answer.status_code, answer.json()) == (401, {"error": error})


def test_the_page_and_the_description_stay_open(keyed: Served) -> None:
    for path in ("", "api", "api/docs", "api/openapi.json", "healthz"):
        assert httpx.get(keyed.url + path, follow_redirects=True).status_code == 200
    schema = httpx.get(keyed.url + "api/openapi.json").json()
    assert schema["security"] == [{"key": []}]
    assert schema["paths"]["/api/ask"]["post"]["responses"]["401"]["description"] == words.NO_KEY


def test_each_key_has_its_own_limit(keyed: Served) -> None:
    wecom, other = bearer(WECOM), bearer(OTHER)
    assert [ask(keyed, **wecom).status_code for _ in range(3)] == [200, 200, 429]
    for path in ("api/ask", "api/ask/stream"):
        refused = ask(keyed, path, **wecom)
        seconds = refused.headers["retry-after"]
        assert refused.json()["detail"].startswith(f"这个密钥问得太多了，请过 {seconds} 秒")
    talk = {"model": "yibao", "messages": [{"role": "user", "content": QUESTION}]}
    refused = httpx.post(keyed.url + "v1/chat/completions", json=talk, headers=wecom)
    seconds = refused.headers["retry-after"]
    assert f"请过 {seconds} 秒" in refused.json()["error"]["message"]
    # what one has used up, another has still; and the address counts for none of them
    assert [ask(keyed, **other).status_code for _ in range(3)] == [200] * 3


def test_the_openai_library_with_a_key(keyed: Served) -> None:
    talk: Any = [{"role": "user", "content": QUESTION}]
    with OpenAI(base_url=keyed.url + "v1", api_key=OTHER, max_retries=0) as client:
        got = client.chat.completions.create(model="yibao", messages=talk)
        assert "[1]" in (got.choices[0].message.content or "")
    wrong = OpenAI(base_url=keyed.url + "v1", api_key="yb-0123456789abcdef-none", max_retries=0)
    with wrong, pytest.raises(openai.AuthenticationError, match="密钥不对"):
        wrong.models.list()
    limited = OpenAI(base_url=keyed.url + "v1", api_key=WECOM, max_retries=0)
    with limited:
        for n in range(2):
            talk = [{"role": "user", "content": f"问题{n}"}]
            limited.chat.completions.create(model="yibao", messages=talk)
        with pytest.raises(openai.RateLimitError, match="这个密钥问得太多了"):
            limited.chat.completions.create(model="yibao", messages=talk)


def test_an_mcp_client_with_a_key(keyed: Served) -> None:
    async def talk() -> tuple[list[str], Any]:
        async with httpx2.AsyncClient(headers=bearer(OTHER)) as http:
            transport = streamable_http_client(keyed.url + "mcp", http_client=http)
            async with Client(transport) as client:
                tools = await client.list_tools()
                answer = await client.call_tool("ask", {"question": QUESTION})
                return [tool.name for tool in tools.tools], answer

    names, answer = in_thread(talk())
    assert names == ["ask", "retrieve", "legal"]
    assert answer.structured_content["status"] == "answered"


def test_an_answer_under_way_belongs_to_its_key(keyed: Served) -> None:
    text = ask(keyed, "api/ask/stream", **bearer(OTHER)).text
    last = text.split("\n")[0].removeprefix("id: ")
    codes = [
        httpx.get(
            keyed.url + "api/ask/stream", params={"after": last}, headers=bearer(key)
        ).status_code
        for key in (WECOM, OTHER)
    ]
    assert codes == [410, 200]


def test_where_no_key_is_named_any_is_taken(server: Served) -> None:
    assert not server.app.desk.keys
    assert ask(server, **bearer("whatever")).status_code == 200


def test_a_key_is_known_by_its_name() -> None:
    assert Key("企业微信", b"").client == "key 企业微信"
