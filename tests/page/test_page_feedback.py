"""Thumbs, reasons and comments: what a reader says is kept, masked, with the true question."""

from __future__ import annotations

import httpx
import pytest
from page_kit import Served, Visit, ask

pytestmark = pytest.mark.browser
QUESTION = "沈阳职工医保断缴两个月怎么补"


def test_a_thumb_up_is_kept(visit: Visit, server: Served) -> None:
    page = visit()
    turn = ask(page, QUESTION)
    turn.get_by_role("button", name="有帮助").click()
    page.get_by_text("已记录，谢谢").wait_for()
    entry = server.feedback.entries()[-1]
    assert (entry.question, entry.status, entry.rating) == (QUESTION, "answered", "up")
    assert turn.get_by_role("button", name="有帮助").get_attribute("aria-pressed") == "true"


def test_a_thumb_down_asks_why(visit: Visit, server: Served) -> None:
    page = visit()
    turn = ask(page, QUESTION)
    turn.get_by_role("button", name="没帮助").click()
    reasons = turn.locator(".why label").all_inner_texts()
    assert reasons == ["答案错误", "引用不符", "已过时", "没回答"]
    turn.get_by_label("已过时").check()
    turn.locator(".why textarea").fill("今年改成四个月了，我的电话13800138000")
    turn.get_by_role("button", name="提交").click()
    page.get_by_text("已记录，谢谢").wait_for()
    assert turn.locator(".why").count() == 0
    entry = server.feedback.entries()[-1]
    assert (entry.rating, entry.reason) == ("down", "已过时")
    assert entry.comment.startswith("今年改成四个月了")
    assert "13800138000" not in entry.comment


def test_the_question_comes_from_the_servers_transcript(visit: Visit, server: Served) -> None:
    """A browser can only name a turn; it cannot say what was asked in it."""
    page = visit()
    ask(page, QUESTION)
    talk = page.evaluate("sessionStorage['yibao.current']")
    said = {"talk": talk, "turn": "1", "rating": "down", "question": "伪造", "answer": "伪造"}
    assert httpx.post(server.url + "page/feedback", json=said).status_code == 200
    assert server.feedback.entries()[-1].question == QUESTION


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"talk": "unknown", "turn": "1", "rating": "up"}, 410),
        ({"talk": "x", "turn": "1", "rating": "sideways"}, 422),
        ({"talk": "x", "turn": "1", "rating": "down", "reason": "别的"}, 422),
        ({"talk": "x", "turn": "1", "rating": "down", "comment": "长" * 501}, 422),
    ],
)
def test_nonsense_is_not_kept(server: Served, body: dict[str, str], status: int) -> None:
    before = len(server.feedback.entries())
    assert httpx.post(server.url + "page/feedback", json=body).status_code == status
    assert len(server.feedback.entries()) == before
