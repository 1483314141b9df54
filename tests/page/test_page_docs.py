"""The description of the doors and their two pages: every example and every curl line works."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from page_kit import Served, serve

from assistant.page import examples, words
from assistant.page.openapi import EXAMPLES
from assistant.page.settings import PageSettings
from corpus.settings import ROOT

DOCS = ROOT / "docs"
ADDRESS = "http://127.0.0.1:7860"
DOORS = [
    ("get", "/api/ask/stream"), ("get", "/v1/models"), ("get", "/v1/models/{name}"),
    ("post", "/api/ask"), ("post", "/api/ask/stream"), ("post", "/api/legal"),
    ("post", "/api/retrieve"), ("post", "/api/suggest"), ("post", "/v1/chat/completions"),
]  # fmt: skip


@pytest.fixture(scope="module")
def schema(server: Served) -> Any:
    return httpx.get(server.url + "api/openapi.json").json()


def shape(value: Any) -> Any:
    """The names of the fields, all the way down; of a list, those of its first."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value[:1] if isinstance(one, dict)]
    return None


# --- the description -----------------------------------------------------------------------------


def test_every_door_is_described(schema: Any) -> None:
    doors = [(method, path) for path, methods in schema["paths"].items() for method in methods]
    assert sorted(doors) == DOORS
    fields = schema["components"]["schemas"]["Ask"]["properties"]
    assert list(fields) == ["question", "history", "scheme", "region", "today"]
    assert "security" not in schema
    assert "HTTPValidationError" not in json.dumps(schema)


def asked(server: Served, schema: Any, method: str, path: str, **headers: str) -> httpx.Response:
    """The door, asked what its example asks."""
    url = server.url + path[1:].format(name="yibao")
    if method == "get":
        return httpx.get(url, headers=headers)
    sent = schema["paths"][path]["post"]["requestBody"]["content"]["application/json"]["example"]
    return httpx.post(url, json=sent)


def example_of(schema: Any, method: str, path: str, media: str) -> Any:
    return schema["paths"][path][method]["responses"]["200"]["content"][media]["example"]


@pytest.mark.parametrize(("method", "path"), [d for d in DOORS if d[1] != "/api/ask/stream"])
def test_every_example_works(server: Served, schema: Any, method: str, path: str) -> None:
    answer = asked(server, schema, method, path)
    assert answer.status_code == 200
    got, example = answer.json(), example_of(schema, method, path, "application/json")
    assert list(got) == list(example)
    # what the stand-in finds is found for no reason (``why``)
    for name in {"hits", "legal_basis", "data"} & set(example) if path != "/api/ask" else ():
        first, like = got[name][0], example[name][0]
        assert shape({**first, "why": {}}) == shape({**like, "why": {}})


def test_the_examples_of_a_stream_work(server: Served, schema: Any) -> None:
    names = re.compile("^event: (.+)$", re.M)
    door, media = "/api/ask/stream", "text/event-stream"
    whole = asked(server, schema, "post", door)
    last = whole.text.split("\n")[0].removeprefix("id: ")
    rest = asked(server, schema, "get", door, **{"last-event-id": last})
    told = names.findall(whole.text)
    assert {*told, "waiting"} == set(names.findall(example_of(schema, "post", door, media)))
    assert names.findall(rest.text) == told[1:]
    # the example has the line before it, and goes on where the person had come to
    assert example_of(schema, "post", door, media).endswith(
        "\n\n" + example_of(schema, "get", door, media)
    )


def test_the_example_of_an_answer_fits_its_schema() -> None:
    schema = json.loads((ROOT / "assistant" / "answer.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(examples.ANSWER, schema)
    message = examples.COMPLETION["choices"][0]["message"]
    assert message["citations"] == examples.ANSWER["citations"]


def test_the_example_of_a_completion_has_the_form(server: Served) -> None:
    sent = EXAMPLES["/v1/chat/completions", "post"].sent
    got = httpx.post(server.url + "v1/chat/completions", json=sent).json()
    assert shape(got)["choices"][0]["message"].keys() == {
        "role", "content", "refusal", "status", "citations",
    }  # fmt: skip
    supports = shape(examples.COMPLETION)["choices"][0]["message"]["citations"][0]
    assert shape(got)["choices"][0]["message"]["citations"][0] == supports
    assert shape(got)["usage"] == shape(examples.COMPLETION)["usage"]


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_refusals_are_described_in_the_form_of_their_door(
    schema: Any, method: str, path: str
) -> None:
    for status, told in schema["paths"][path][method]["responses"].items():
        if status != "200":
            example = told["content"]["application/json"]["example"]
            field = example["error"]["message"] if path.startswith("/v1/") else example["detail"]
            assert re.search("[\u4e00-\u9fff].*。$", field)


def test_a_description_that_is_off(tmp_path: Path) -> None:
    served = serve(tmp_path, settings=PageSettings(docs="off"), password="")
    answers = [httpx.get(served.url + path) for path in ("api/openapi.json", "api/docs", "api")]
    served.stop()
    assert [a.status_code for a in answers] == [404] * 3
    assert answers[0].json() == {"detail": words.STATUS[404]}


# --- the pages -----------------------------------------------------------------------------------


def scripts(page: str) -> list[str]:
    """The blocks of a page that run curl."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return [b for b in re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S) if "curl " in b]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("api.md", ['"status":"answered"', '"legal_basis":[{"law":"社会保险法"', "event: done", "event: done", '"status":"answered"']),
        ("openai.md", ['"object":"chat.completion"', "data: [DONE]"]),
    ],
)  # fmt: skip
def test_every_curl_line_works(
    server: Served, tmp_path: Path, page: str, expected: list[str]
) -> None:
    blocks = scripts(page)
    assert len(blocks) == len(expected)
    for block, told in zip(blocks, expected, strict=True):
        assert ADDRESS in block
        # a status that says no is a failure of the line
        script = 'curl() { command curl --fail-with-body "$@"; }\nset -eo pipefail\n' + block
        ran = subprocess.run(
            ["bash", "-c", script.replace(ADDRESS, server.url.rstrip("/"))],
            cwd=tmp_path,
            capture_output=True,
            timeout=60,
        )
        assert ran.returncode == 0, ran.stderr
        assert told in ran.stdout.decode("utf-8")


def test_the_rest_of_a_stream_is_what_the_page_says(server: Served, tmp_path: Path) -> None:
    _, _, stream, rest, _ = scripts("api.md")
    script = f"set -eo pipefail\n{stream}\necho =====\n{rest}".replace(
        ADDRESS, server.url.rstrip("/")
    )
    ran = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, timeout=60)
    whole, _, after = ran.stdout.decode("utf-8").partition("=====\n")
    assert whole.endswith(after)
    assert whole.count("\nid: ") - after.count("\nid: ") == 3


def test_what_the_pages_name_is_there() -> None:
    text = "".join(p.read_text(encoding="utf-8") for p in sorted(DOCS.glob("*.md")))
    for _, path in DOORS:
        assert path.removesuffix("/{name}") in text
    for page, anchor in re.findall(r"\]\((\w+\.md)(?:#(\w+))?\)", text):
        heads = re.findall("^## (.+)$", (DOCS / page).read_text(encoding="utf-8"), re.M)
        assert not anchor or anchor in [head.lower() for head in heads]
