"""A browser that forbids storage, and one talk that is open in two tabs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from page_kit import Served, Visit, ask

from assistant.page.talks import Said, Talk

BLOCKED = """
for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, {
    get() { throw new DOMException("storage is forbidden", "SecurityError"); },
  });
}
"""


@pytest.mark.browser
def test_without_storage_all_works_as_long_as_the_page_is_open(visit: Visit, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    context.add_init_script(BLOCKED)
    page = context.new_page()
    visit.watch(page)
    page.goto(visit.url)
    page.wait_for_selector("html.ready", state="attached")
    assert page.evaluate("(() => { try { return localStorage } catch { return 'no' } })()") == "no"
    ask(page, "沈阳职工医保断缴两个月怎么补")
    ask(page, "要多少钱")
    assert page.locator(".turn").count() == 2
    before = page.evaluate("document.documentElement.dataset.theme")
    page.locator('[data-do="theme"]').click()
    assert page.evaluate("document.documentElement.dataset.theme") != before
    page.evaluate("yibao.reset()")
    assert page.locator(".turn").count() == 0
    visit.settle(page)
    context.close()


@pytest.mark.browser
def test_one_talk_in_two_tabs_keeps_both(visit: Visit) -> None:
    one, other = visit(), visit("?two")
    ask(one, "沈阳职工医保断缴两个月怎么补")
    talk = one.evaluate("sessionStorage['yibao.current']")
    other.evaluate("id => { sessionStorage['yibao.current'] = id }", talk)
    visit.reload(other)
    assert other.locator(".turn").count() == 1
    ask(other, "要什么材料")
    ask(one, "要多少钱")
    said = json.loads(one.evaluate("localStorage['yibao.talks']"))
    asked = [question for question, _ in next(t for t in said if t["id"] == talk)["said"]]
    assert asked == ["沈阳职工医保断缴两个月怎么补", "要什么材料", "要多少钱"]
    visit.reload(one)
    shown = one.locator('[data-testid="user"]').all_inner_texts()
    assert shown == ["沈阳职工医保断缴两个月怎么补", "要什么材料", "要多少钱"]


@pytest.mark.browser
def test_what_is_asked_again_in_one_tab_takes_nothing_of_the_other(
    visit: Visit, server: Served
) -> None:
    one, other = visit(), visit("?two")
    ask(one, "沈阳职工医保断缴两个月怎么补")
    talk = one.evaluate("sessionStorage['yibao.current']")
    other.evaluate("id => { sessionStorage['yibao.current'] = id }", talk)
    visit.reload(other)
    ask(other, "要什么材料")
    one.locator('.turn.last [data-do="retry"]').click()
    one.locator(".turn.last .actions").wait_for()
    visit.settle(one)
    kept = server.app.desk.talks.here.get(talk)
    assert kept is not None
    assert [t.said.question for t in kept.turns] == ["要什么材料", "沈阳职工医保断缴两个月怎么补"]


def test_a_turn_that_is_gone_takes_no_other_with_it() -> None:
    talk = Talk("a")
    for question in ("一", "二", "三"):
        talk.add(Said(question), None)  # type: ignore[arg-type]
    talk.take_back("2")
    talk.take_back("2")
    assert [t.key for t in talk.turns] == ["1", "3"]
    talk.take_back("")
    assert [t.key for t in talk.turns] == ["1"]
