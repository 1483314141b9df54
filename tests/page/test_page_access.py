"""axe-core finds nothing, on desktop and phone, light and dark, with and without a panel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from page_kit import DESKTOP, PHONE, Visit, ask, enter

pytestmark = pytest.mark.browser


def violations(visit: Visit, page: Any) -> list[str]:
    """What axe-core finds once the page stands still: what fades in is pale for a moment."""
    package = pytest.importorskip(
        "axe_playwright_python", reason="pip install axe-playwright-python"
    )
    script = Path(package.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    visit.settle(page)
    page.wait_for_function("document.getAnimations().every(a => a.playState === 'finished')")
    page.evaluate(script + "; undefined")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
    return [
        f"{v['id']}: {n['html'][:200]} {n['failureSummary'][:300]}"
        for v in found["violations"]
        for n in v["nodes"]
    ]


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_the_chat(visit: Visit, size: tuple[int, int], scheme: str) -> None:
    page = visit(size=size, scheme=scheme)
    if size == PHONE:
        assert violations(visit, page) == []
    turn = ask(page, "沈阳职工医保断缴两个月怎么补")
    turn.locator(".sources summary").click()
    turn.locator("[data-do=down]").click()
    if size == PHONE:  # there the sheet covers the rest, and is looked at by itself
        assert violations(visit, page) == []
    turn.locator(".summary .cite").first.click()
    page.locator("#source mark").first.wait_for()
    assert violations(visit, page) == []
    page.keyboard.press("Escape")
    if size == DESKTOP:
        page.get_by_role("button", name="对话记录").click()
        assert violations(visit, page) == []


def test_the_other_pages(visit: Visit) -> None:
    page = visit("admin/")
    assert violations(visit, page) == []
    page = enter(visit)
    assert violations(visit, page) == []
    page.get_by_role("tab", name="资料", exact=True).click()
    page.locator("#articles td").first.wait_for()
    assert violations(visit, page) == []
    page = visit("api/docs")
    page.locator("section h2").nth(2).wait_for()
    assert violations(visit, page) == []
