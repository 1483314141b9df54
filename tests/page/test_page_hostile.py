"""Hostile strings through question, article text, titles, file names and uploads: nothing runs.

Every string would set ``window.hacked`` or fetch from another host if anything in it were executed
or rendered; a page counts as unharmed when it is undefined, no such element exists, and the words
stand on the page as they were given.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from page_fake import GUIDE, cite, passage, rich
from page_kit import PATIENT, Served, Visit, ask, enter, give, run_server

from assistant import Assistant
from assistant.page.admin.library import safe_name
from assistant.page.journal import Journal
from assistant.page.limits import Limits
from assistant.page.server import create_app
from assistant.types import ClaimCited, Conflict, Context, LegalBasis, Procedure, Statement, Step
from corpus.errors import InputError
from corpus.text import normalise
from corpus.types import Article, Source
from index.encoder import Encoder

HOTLINES = ("tel:12393", "tel:12333")
"""The only links that a refusal holds: our own."""
RUN = "window.hacked=1"
FAR = "//evil.example"
HOSTILE = (
    f"<script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<script src={FAR}/x.js></script>",
    f"</script><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<img src={FAR}/x.png>",
    f"<img src='x' onerror='{RUN}' />",
    f'"><img src=x onerror="{RUN}">',
    f"'><img src=x onerror='{RUN}'>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><use href='data:image/svg+xml,<svg onload={RUN}>'></svg>",
    f"<iframe src='javascript:{RUN}'></iframe>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<object data='javascript:{RUN}'></object>",
    f"<embed src='{FAR}/x.swf'>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<input autofocus onfocus={RUN}>",
    f"<select autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<video poster={FAR}/x.png>",
    f"<marquee onstart={RUN}>x</marquee>",
    f"<a href='javascript:{RUN}'>点我</a>",
    f"<a href='{FAR}'>点我</a>",
    f"<form action='{FAR}'><button>提交</button></form>",
    f"<button formaction='javascript:{RUN}'>提交</button>",
    f"<math><mtext><img src=x onerror={RUN}></mtext></math>",
    f"<style>@import '{FAR}/x.css';</style>",
    f"<style>body{{background:url({FAR}/x.png)}}</style>",
    f"<link rel=stylesheet href={FAR}/x.css>",
    f"<meta http-equiv=refresh content='0;url={FAR}'>",
    f"<base href='{FAR}/'>",
    f"<template><script>{RUN}</script></template>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'></noscript>",
    f"<textarea></textarea><script>{RUN}</script>",
    f"<title></title><img src=x onerror={RUN}>",
    f"<!--><img src=x onerror={RUN}>-->",
    f"<![CDATA[><img src=x onerror={RUN}>]]>",
    f"<x onclick={RUN} style=position:fixed;inset:0>x</x>",
    f"<p style=\"background:url('{FAR}/x.png')\">x</p>",
    f"&lt;img src=x onerror={RUN}&gt;",
    f"&#60;img src=x onerror={RUN}&#62;",
    f"\\u003cimg src=x onerror={RUN}\\u003e",
    f"%3Cimg%20src=x%20onerror={RUN}%3E",
    f"＜script＞{RUN}＜/script＞",
    f"![图]({FAR}/x.png)",
    f"![图](x\" onerror=\"{RUN})",
    f"[点我](javascript:{RUN})",
    f"[点我]({FAR})",
    f"[1]: javascript:{RUN}",
    f"<{FAR[2:]}>",
    "```html\n<img src=x onerror=window.hacked=1>\n```",
    "`<img src=x onerror=window.hacked=1>`",
    f"$\\href{{javascript:{RUN}}}{{x}}$",
    f"${{{RUN}}}",
    f"`${{{RUN}}}`",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"{{{{#with this}}}}{RUN}{{{{/with}}}}",
    f"{{%raw%}}{RUN}{{%endraw%}}",
    f"');{RUN};//",
    f"\";{RUN};//",
    f"\\\";{RUN};//",
    f"</p></section></article><img src=x onerror={RUN}>",
    f"\u2028{RUN}\u2029",
    f"\u202e<img src=x onerror={RUN}>",
    f"|表|头|\n|-|-|\n|<img src=x onerror={RUN}>|x|",
    f"# 标题<img src=x onerror={RUN}>",
    f"=HYPERLINK(\"{FAR}\")",
    "'; DROP TABLE shares; --",
)  # fmt: skip

LOOK = """() => ({
  ran: window.hacked !== undefined,
  made: [...document.querySelectorAll('#bot, #source, #talks, #articles, #report, #removed, .rows')]
    .flatMap((e) => [...e.querySelectorAll(
      'script,img,svg,iframe,object,embed,video,audio,style,link,meta,base,form:not(.why),' +
      'template,marquee,math,input:not(.why input),x,[onclick],[onerror],[onload]')])
    .map((e) => e.outerHTML),
  links: [...document.querySelectorAll('#bot a, #source a')].map((a) => a.getAttribute('href'))
    .filter((h) => !h.startsWith('#p')),
})"""


def unharmed(page: Any) -> None:
    seen = page.evaluate(LOOK)
    assert not seen["ran"]
    assert seen["made"] == []
    assert [link for link in seen["links"] if link not in HOTLINES] == []


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 60


@pytest.mark.browser
def test_through_the_question(visit: Visit) -> None:
    """Some typed, all of them as talks that the browser remembers."""
    page = visit()
    for text in HOSTILE[::12]:
        turn = ask(page, " ".join(text.split()))
        assert turn.locator(".asked").inner_text() == " ".join(text.split())
    unharmed(page)
    for group in (HOSTILE[:36], HOSTILE[36:]):
        talk = {"id": "x", "said": [[text, []] for text in group], "when": 0}
        page.evaluate(
            "t => { localStorage['yibao.talks'] = JSON.stringify([t]); "
            "sessionStorage['yibao.current'] = 'x' }",
            talk,
        )
        visit.reload(page)
        page.locator(".turn").nth(len(group) - 1).wait_for()
        shown = page.locator(".asked").all_inner_texts()
        assert [" ".join(s.split()) for s in shown] == [" ".join(t.split()) for t in group]
        unharmed(page)
        page.get_by_role("button", name="对话记录").click()
        unharmed(page)
        page.keyboard.press("Escape")


def hostile_answer() -> Any:
    """One answer with every string in every place where words of a source or a person stand."""
    text = "\n".join(t.replace("\n", " ") for t in HOSTILE)
    bad = HOSTILE[7]
    article = Article(
        id=f"x/{bad}", title=HOSTILE[0] + bad, text=text,
        source=Source(bad, bad, f"javascript:{'x'}//{bad}", date(2025, 1, 1)), region=bad,
    )  # fmt: skip
    one = cite(1, article, text)
    every = tuple(Statement(t, (one,)) for t in HOSTILE)
    return replace(
        rich("问", Context(region=bad)),
        understood="\n".join(HOSTILE),
        summary=every,
        procedures=(Procedure(bad, tuple(Step(t, (one,)) for t in HOSTILE), None, bad, bad),),
        materials=every, places=every, times=every, cautions=every,
        legal_basis=(
            LegalBasis(bad, bad, text, "in force", passage=passage(article)),
            LegalBasis(bad, bad, text, "repealed"),
        ),
        conflicts=(
            Conflict(bad, tuple(ClaimCited(t, one, None, t, None, t, (t,)) for t in HOSTILE),
                     every[0], bad),
        ),
        options=HOSTILE, follow_ups=HOSTILE, citations=(one,),
    )  # fmt: skip


@pytest.mark.browser
def test_through_the_text_of_articles(visit: Visit, server: Served) -> None:
    page = visit()
    answer = server.assistant.hostile = hostile_answer()
    server.assistant.articles.append(answer.citations[0].quote.passage.article)
    try:
        turn = ask(page, "问题")
        unharmed(page)
        assert turn.locator(".summary p").count() == len(HOSTILE)
        for key in ("1", "l1"):
            turn.locator(f'.cite[data-n="{key}"]').first.click()
            page.locator(f'.cite.open[data-n="{key}"]').first.wait_for(state="attached")
            unharmed(page)
        words = page.locator("#source .text").inner_text()
        shown = " ".join(words.split())
        assert [t for t in HOSTILE if " ".join(t.lstrip("# ").split())[:30] not in shown] == []
        turn.locator("[data-do=copy]").click()
        page.get_by_text("已复制").wait_for()
        unharmed(page)
    finally:
        server.assistant.hostile = None
        server.assistant.articles.pop()


@pytest.mark.parametrize("text", HOSTILE)
def test_through_the_programs_doors(server: Served, text: str) -> None:
    answer = httpx.post(server.url + "api/ask", json={"question": text})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["question"] == text


def test_names_of_files_become_harmless() -> None:
    for text in HOSTILE:
        name = safe_name(text + ".md")
        assert name.endswith(".md")
        assert not set(name) & set("/\\<>\"'&`$;:| \n%*?")
        assert not name.startswith(".")
    assert safe_name("../../etc/passwd.txt") == "passwd.txt"
    assert re.fullmatch(r"医保_问答-[0-9a-f]{8}\.md", safe_name("..\\..\\医保 问答.MD"))
    assert re.fullmatch(r"md-[0-9a-f]{8}\.md", safe_name(".md.md"))
    for bad in ("a.py", "a.md.exe", "a", "", ".htaccess", "a.svg", "a.zip"):
        with pytest.raises(InputError):
            safe_name(bad)


@pytest.mark.browser
def test_through_upload_file_name_and_lists(visit: Visit, server: Served) -> None:
    """Each as the name and as the content of an uploaded file, as title and file in the list, and
    in what readers said: the admin page shows words, nothing runs."""
    known = list(server.assistant.articles)
    server.assistant.articles += [
        replace(GUIDE, id=text, title=text, region=text, source=Source(text, text + ".md"))
        for text in HOSTILE
    ]
    for text in HOSTILE:
        server.feedback.record(text, status="refused", rating="down", reason=text, comment=text)
    page = enter(visit)
    for half in (HOSTILE[::2], HOSTILE[1::2]):
        # every other one is turned away, so that its name is told
        files = [(t + ".md", t.encode() + (b"\0" if n % 2 else b"")) for n, t in enumerate(half)]
        give(page, *files)
        page.get_by_role("button", name="添加并更新").click()
        page.locator("#report pre", has_text="不是文本文件").wait_for()
        told = page.locator("#report pre").inner_text()
        assert told.count("不是文本文件") == len(half) // 2
        unharmed(page)
        page.get_by_role("button", name="清除").click()
        page.locator("#report pre").evaluate("e => e.remove()")
    assert len(list((server.folder / "uploads").iterdir())) >= 30
    shown = {"资料": "#articles td", "未答": ".rows td", "反馈": ".rows td", "概况": "svg"}
    for tab, what in shown.items():
        page.get_by_role("tab", name=tab, exact=True).click()
        page.locator(what).locator("visible=true").first.wait_for()
        unharmed(page)
    page.get_by_role("tab", name="资料", exact=True).click()
    titles = page.locator("#articles td:first-child").all_inner_texts()
    assert [" ".join(t.split()) for t in titles[-len(HOSTILE) :]] == [
        " ".join(t.split()) for t in HOSTILE
    ]
    server.assistant.articles[:] = known


@pytest.mark.browser
def test_through_articles_that_were_really_read(
    visit: Visit, shipped: Assistant, encoder: Encoder, tmp_path: Path
) -> None:
    """From files through reader, store, search and answer onto the page and into its panel."""
    given = tmp_path / "given"
    given.mkdir()
    for n in range(0, len(HOSTILE), 18):
        texts = plainly(HOSTILE[n : n + 18])
        lines = [f"断缴后补缴的第{n + i}种办法是 {t}。" for i, t in enumerate(texts)]
        text = "\n".join((f"断缴后补缴的办法{n}", "", *lines))
        (given / f"{n:02}.txt").write_text(text, encoding="utf-8")
    own = replace(shipped.settings, store=tmp_path / "store", feedback=tmp_path / "feedback.db")
    shutil.copytree(shipped.settings.store, own.store)  # only what is new costs work
    real = Assistant.open(own.store, settings=own, encoder=encoder)
    real.refresh(given)
    limits = Limits(state_seconds=PATIENT)
    url, stop = run_server(create_app(real, journal=Journal.beside(own), limits=limits))
    page = visit(url=url)
    words = ""
    for n in range(0, len(HOSTILE), 18):
        turn = ask(page, f"断缴后补缴的办法{n}")
        for title in turn.locator(".sources .title", has_text=f"办法{n}").all():
            title.evaluate("e => e.click()")
            page.locator("#source mark").first.wait_for()
            words += page.locator("#source .text").inner_text()
            unharmed(page)
            page.keyboard.press("Escape")
        page.get_by_role("button", name="新对话").click()
    visit.leave()
    stop()
    assert [t for t in plainly(HOSTILE) if normalise(t) not in words] == []


def plainly(texts: Sequence[str]) -> list[str]:
    return [" ".join(t.split()) for t in texts]
