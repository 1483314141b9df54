"""Questions offered while one is typed: which, at which door, and by keyboard in the browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from page_fake import GUIDE, LOCAL, UNDATED, index_of, passage
from page_kit import PHONE, Served, Visit, ask, serve

from assistant.page.keys import Key
from assistant.page.limits import Limits
from assistant.page.settings import PageSettings
from assistant.page.stock import article, entries
from assistant.page.suggest import Suggesting, Suggestions

PAY = replace(GUIDE, questions=("断缴两个月要补多少", "断了俩月咋补"))
DOCUMENT = replace(UNDATED, id="d", title="关于断缴补缴的通知", kind="policy")
LONG = replace(UNDATED, id="l", title="断缴" + "很长" * 20)
ROWS = (DOCUMENT, LOCAL, PAY, UNDATED, LONG)


# --- which ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("断缴两个月", ("断缴两个月要补多少",)),  # one an article, what begins so first
        ("斷繳兩個月", ("断缴两个月要补多少",)),
        ("断了俩", ("断了俩月咋补",)),
        ("断缴", ("断缴影响说明", "断缴两个月要补多少")),  # the shorter one first
        ("断缴影响", ("断缴影响说明",)),
        ("沈阳断缴", ("沈阳断缴后多久能报销",)),  # of a place where it is typed
        ("大连断缴", ()),
        ("断", ()),
        ("……", ()),
        ("", ()),
        ("红烧肉怎么做", ()),
    ],
)
def test_what_is_offered(typed: str, found: tuple[str, ...]) -> None:
    assert Suggestions(ROWS).find(typed) == found


def test_a_document_and_a_long_title_are_no_questions() -> None:
    known = Suggestions(ROWS)
    assert len(known) == 5
    assert not {DOCUMENT.title, LONG.title} & set(known.find("断缴", 10))


def test_no_more_than_wanted() -> None:
    many = [replace(UNDATED, id=str(n), title=f"断缴第{n}问") for n in range(9)]
    assert Suggestions(many).find("断缴", 2) == ("断缴第0问", "断缴第1问")


def index(generation: str, *rows: Any) -> Any:
    found = index_of(*map(passage, rows))
    found.generation = generation
    return found


def test_each_article_comes_once_and_is_found_by_its_id() -> None:
    found = index("a", PAY, UNDATED)
    assert [entry.article for entry in entries(found)] == [PAY, UNDATED]
    assert article(found, UNDATED.id) == UNDATED
    assert article(found, "gone") is None


def test_a_refresh_changes_what_is_offered() -> None:
    kept = Suggesting()
    first = kept.of(index("a", PAY))
    assert kept.of(index("a", UNDATED)) is first
    assert kept.of(index("b", UNDATED)).find("断缴影响") == ("断缴影响说明",)


# --- at its door ---------------------------------------------------------------------------------


def post(server: Served, *, door: str = "api", **body: Any) -> httpx.Response:
    return httpx.post(f"{server.url}{door}/suggest", json=body)


@pytest.mark.parametrize("door", ["api", "page"])
def test_the_door(server: Served, door: str) -> None:
    asked = len(server.assistant.calls)
    got = post(server, door=door, text="断缴", k=1)
    assert (got.status_code, got.json()) == (200, {"suggestions": ["断缴影响说明"]})
    assert len(server.assistant.calls) == asked


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({}, 422, "缺少字段 text。"),
        ({"text": "断" * 61}, 422, "字段 text 太长（最多 60 字）。"),
        ({"text": 5}, 422, "字段 text 应为文字。"),
        ({"text": "断缴", "k": 0}, 422, "字段 k 不能小于 1。"),
        ({"text": "断缴", "k": 11}, 422, "字段 k 不能大于 10。"),
        ({"text": "断缴", "q": 1}, 422, "没有名为 q 的字段。"),
    ],
)
def test_what_the_door_does_not_take(server: Served, body: Any, status: int, told: str) -> None:
    answer = post(server, **body)
    assert (answer.status_code, answer.json()) == (status, {"detail": told})


def test_another_method(server: Served) -> None:
    answer = httpx.get(server.url + "api/suggest")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_the_door_has_its_own_bucket(tmp_path: Path) -> None:
    """What is typed does not cost the questions, nor the other way round."""
    served = serve(tmp_path, limits=Limits(suggest_burst=2, suggest_rate=0.01, address_burst=1))
    try:
        assert [post(served, text="断缴").status_code for _ in range(3)] == [200, 200, 429]
        assert post(served, text="断缴").json()["detail"].startswith("您这里的请求太多了")
        asked = httpx.post(served.url + "api/ask", json={"question": "断缴两个月怎么补"})
        assert asked.status_code == 200
    finally:
        served.stop()


def test_where_programs_show_a_key_the_page_shows_none(tmp_path: Path) -> None:
    served = serve(tmp_path, settings=PageSettings(keys=(Key("甲", b"digest"),)))
    try:
        assert post(served, text="断缴").status_code == 401
        assert post(served, door="page", text="断缴").status_code == 200
    finally:
        served.stop()


# --- in the browser ------------------------------------------------------------------------------

INPUT = "#inp textarea"
OPTIONS = "#suggestions [role=option]"


def type_in(page: Any, text: str) -> None:
    page.locator(INPUT).press_sequentially(text)


@pytest.mark.browser
def test_by_keyboard(visit: Visit) -> None:
    page = visit()
    type_in(page, "断缴")
    page.locator(OPTIONS).first.wait_for()
    box = page.locator(INPUT)
    assert box.get_attribute("aria-autocomplete") == "list"
    assert box.get_attribute("aria-controls") == "suggestions"
    assert page.locator("#inp [role=status]").inner_text() == "有 2 条建议，按上下方向键选择"
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == "suggestion-0"
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    chosen = page.locator(f"{OPTIONS}[aria-selected=true]")
    assert chosen.inner_text() == "职工医保断缴两个月怎么补"
    page.keyboard.press("Enter")
    page.locator(".turn .actions").wait_for()
    assert page.locator(".asked").all_inner_texts() == ["职工医保断缴两个月怎么补"]
    assert page.locator("#suggestions").is_hidden()
    assert box.input_value() == ""


@pytest.mark.browser
def test_escape_and_enter_leave_what_was_typed(visit: Visit) -> None:
    page = visit(size=PHONE)
    type_in(page, "断缴影响")
    page.locator(OPTIONS).first.wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#suggestions").is_hidden()
    assert page.locator("#inp [role=status]").inner_text() == ""
    assert page.locator(INPUT).input_value() == "断缴影响"
    type_in(page, "说")
    page.locator(OPTIONS).first.wait_for()
    page.keyboard.press("Enter")
    page.locator(".turn .actions").wait_for()
    assert page.locator(".asked").all_inner_texts() == ["断缴影响说"]
    assert page.locator("#suggestions").is_hidden()


@pytest.mark.browser
def test_a_press_asks(visit: Visit) -> None:
    page = visit(size=PHONE)
    type_in(page, "断缴影响")
    page.locator(OPTIONS).first.click()
    page.locator(".turn .actions").wait_for()
    assert page.locator(".asked").all_inner_texts() == ["断缴影响说明"]


@pytest.mark.browser
def test_long_numbers_stay_on_the_page(visit: Visit) -> None:
    page = visit()
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.post_data or "") if "suggest" in r.url else None)
    type_in(page, "断缴")
    page.locator(OPTIONS).first.wait_for()
    page.fill(INPUT, "断缴 110101199001011234")
    page.locator("#suggestions").wait_for(state="hidden")
    page.wait_for_timeout(500)
    assert sent == ['{"text":"断缴"}']


@pytest.mark.browser
def test_a_refusal_offers_the_nearest(visit: Visit, server: Served) -> None:
    page = visit()
    turn = ask(page, "写一首诗")
    assert turn.locator(".nearest h3").inner_text() == "可以回答的问题"
    turn.get_by_role("button", name="居民医保停保后怎么恢复").click()
    page.locator(".turn").nth(1).locator(".actions").wait_for()
    assert server.assistant.calls[-1][0] == "居民医保停保后怎么恢复"
