"""Titles, regions and words from outside show as plain text: in Markdown, in a table, in a terminal."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Statement
from assistant.__main__ import main as talk
from assistant.__main__ import source_line
from assistant.escape import inline, line, unescaped
from assistant.markdown import to_markdown
from corpus.errors import InputError
from index.encoder import Encoder
from index.retrieve import UNKNOWN_REGION

markdown_it = pytest.importorskip("markdown_it", reason="no Markdown reader to ask here")
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "**粗** _斜_ ~~删~~ `码`",
    "[点我](http://evil.example/)",
    "![图](http://evil.example/x.png)",
    "http://evil.example/停保",
    "www.evil.example",
    "someone@evil.example",
    "<http://evil.example/>",
    "[1]: http://evil.example/",
    "&lt;b&gt; &#60;b&#62; &amp;",
    "$\\rm{x}$ $$y$$",
    "| a | b |",
    "\\*not bold\\*",
    "a\u202eb",
]
BEGINNINGS = ["# 标题", "## 标题", "1. 项", "12) 项", "- 项", "+ 项", "* 项", "> 引", "---", "==="]


def shown(markdown: str) -> tuple[str, set[str]]:
    """The text that a reader of Markdown shows, and the tags that it makes."""
    made = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)
    return html.unescape(re.sub(r"<[^>]*>", "", made)).strip(), set(re.findall(r"<(\w+)", made))


def plain(text: str) -> str:
    return " ".join(text.replace("\u202e", "").split())


@pytest.mark.parametrize("text", HOSTILE + BEGINNINGS)
def test_a_reader_of_markdown_shows_the_very_words(text: str) -> None:
    assert shown(line(text)) == (plain(text), {"p"})
    assert shown(f"- {line(text)}") == (plain(text), {"ul", "li"})
    assert shown(f"### 说法（{inline(text)}）") == (f"说法（{plain(text)}）", {"h3"})
    assert unescaped(line(text)) == plain(text)


@pytest.mark.parametrize("text", ["http://a.cn/x", "www.a.cn", "a@b.cn"])
def test_addresses_are_broken_for_readers_that_would_link_them(text: str) -> None:
    assert "\\" in inline(text)


def test_a_pipe_ends_no_cell() -> None:
    row = f"| {inline('甲 | 乙')} | 丙 |"
    text, tags = shown(f"| a | b |\n|---|---|\n{row}\n")
    assert text.split("\n")[-3:] == [] or "甲 | 乙" in text
    assert "table" in tags


def test_nothing_moves_the_cursor_of_a_terminal() -> None:
    assert inline("停\x1b[31m保\x07\x9b1m\r\n办") == "停\\[31m保1m 办"


FRONT = "---\ntitle: {title}\npublisher: {publisher}\nregion: {region}\ndate: 2020-01-01\n---\n"
BODY = "到第7号窗口提交停保申请，15天内办结。\n\n办理流程：\n1. 打开第7页。\n2. 填写7号表。\n"
QUESTION = "第7号窗口如何办理停保"
MARKS = ["<img src=x onerror=alert(1)>", "[点我](http://evil.example/)", "**粗**", "1. | a | <b>"]


@pytest.fixture
def hostile(
    tmp_path: Path,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Assistant:
    """A store of one article whose title, publisher and region are markup."""
    mark = getattr(request, "param", MARKS[0])
    monkeypatch.setattr("index.refresh.statutes", lambda: ())
    said = {name: json.dumps(f"{QUESTION}{mark}") for name in ("title", "publisher", "region")}
    (tmp_path / "a.md").write_text(FRONT.format(**said) + BODY, encoding="utf-8")
    return Assistant.create(tmp_path / "store", tmp_path / "a.md", encoder=encoder)


@pytest.mark.parametrize("hostile", MARKS, indirect=True)
def test_an_answer_over_a_hostile_article(
    hostile: Assistant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = hostile.ask(QUESTION)
    title = answer.citations[0].title
    assert title.startswith(QUESTION)
    assert title.removeprefix(QUESTION) in MARKS
    text, tags = shown(answer.to_markdown())
    assert tags == {"p", "h3", "ol", "ul", "li"}
    assert f"《{title}》 · {title} · 2020-01-01 · 全国" in text
    assert f"《{title}》发布于 2020-01-01" in text
    table = hostile.retrieve(QUESTION)._repr_html_()
    assert html.escape(title) in table
    assert set(re.findall(r"<(\w+)", table)) == set(
        ["table", "caption", "thead", "tr", "th", "tbody", "td"]
    )
    monkeypatch.setattr("assistant.__main__.Assistant.open", lambda *_, **__: hostile)
    talk([QUESTION])
    assert capsys.readouterr().out == answer.to_markdown()
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    talk([QUESTION])
    told = capsys.readouterr().out
    assert "\\" not in told
    assert all(source_line(c) in told for c in answer.citations)


@pytest.mark.parametrize(
    "region", ["<b>", "<img src=x>", "火星", "\ud800", "沈阳<b>", "a" * 10_000]
)
def test_a_region_that_is_no_place_is_an_error_that_does_not_repeat_it(
    region: str, hostile: Assistant
) -> None:
    for call in (hostile.ask, hostile.retrieve):
        with pytest.raises(InputError) as caught:
            call(QUESTION, region=region)
        assert str(caught.value) == UNKNOWN_REGION


def test_a_region_that_exists_may_be_written_in_full(hostile: Assistant) -> None:
    note = "资料里没有沈阳的规定，以下是全国性的或未写明地区的内容。"
    for region in ("沈阳", "沈阳市", "辽宁省沈阳市", " 沈阳 "):
        assert hostile.retrieve(QUESTION, region=region).note == note
    for nowhere in (None, "", "  ", "全国"):
        assert hostile.retrieve(QUESTION, region=nowhere).note == ""


def test_everything_composed_is_escaped() -> None:
    answer = Answer(
        "q",
        "<u>",
        "answered",
        summary=(Statement("# <b>"),),
        options=("<i>", "[x](y)"),
        cautions=(Statement("《<s>》"),),
    )
    text, tags = shown(to_markdown(answer))
    assert tags == {"p", "blockquote", "h3", "ul", "li"}
    assert all(word in text for word in ("# <b>", "<u>", "<i> / [x](y)", "《<s>》"))


HALF = "断缴\ud800两个月\udcff怎么补"


def test_halves_of_characters_are_cleaned_at_every_door(hostile: Assistant) -> None:
    whole = HALF.replace("\ud800", "\ufffd").replace("\udcff", "\ufffd")
    answer = hostile.ask(HALF)
    assert answer.question == answer.understood == whole
    json.dumps(answer.to_dict(), ensure_ascii=False).encode("utf-8")
    answer.to_markdown().encode("utf-8")
    hits = hostile.retrieve(HALF)
    assert hits.question == whole
    assert hits._repr_html_().encode("utf-8")
    assert isinstance(hostile.legal(HALF), tuple)
    broken = replace(hostile.ask(QUESTION), question=HALF, understood=HALF)
    again = hostile.ask("那要多久", [broken])
    json.dumps(again.to_dict(), ensure_ascii=False).encode("utf-8")
    for nothing in ("\ud800", " \udcff "):
        assert hostile.ask(nothing).status == "refused"
