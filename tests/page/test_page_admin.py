"""The admin corner in a browser: take in, list, remove, see what was asked in vain, download."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from page_fake import TODAY
from page_kit import PASSWORD, Served, Visit, enter, give, sharing

from assistant.page.admin.charts import overview
from assistant.page.admin.door import COOKIE, Door, delay
from assistant.page.admin.library import checked, keep, safe_name
from assistant.page.admin.sessions import Sessions
from assistant.page.admin.tables import to_csv
from assistant.page.journal import Day
from corpus.errors import InputError


@pytest.mark.browser
def test_a_wrong_password_is_told_and_the_right_one_opens(visit: Visit) -> None:
    visit.allowed.append("403")
    page = visit("admin/")
    page.fill("#password", "不对")
    page.get_by_role("button", name="进入").click()
    page.get_by_text("密码不对").wait_for()
    page = enter(visit)
    page.get_by_role("button", name="退出").click()
    page.locator("#password").wait_for()


@pytest.mark.browser
def test_articles_come_in_and_go_out(visit: Visit, server: Served) -> None:
    page = enter(visit)
    page.get_by_role("button", name="添加并更新").click()
    page.get_by_text("请先选择文件；正在上传的，列出后再点。").wait_for()
    give(page, ("新 政策.md", "# 新政策\n内容".encode()))
    page.get_by_role("button", name="添加并更新").click()
    page.get_by_text("新增 1，更新 0，移除 0").wait_for()
    names, removed = server.assistant.refreshed[-1]
    kept = safe_name("新 政策.md")
    assert (names, removed) == ((kept,), False)
    assert (server.folder / "uploads" / kept).read_text(encoding="utf-8") == "# 新政策\n内容"
    page.get_by_role("tab", name="资料", exact=True).click()
    page.locator("#articles td", has_text="健康新闻").wait_for()
    page.locator("#find textarea, #find input").first.fill("沈阳")
    page.wait_for_function("document.querySelectorAll('#articles tr').length === 2")
    page.locator("#to-remove input").click()
    page.get_by_role("option", name="003.txt").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="移除", exact=True).click()
    page.get_by_text("请先勾选确认。").wait_for()
    page.locator("#sure input").check()
    page.get_by_role("button", name="移除", exact=True).click()
    page.locator("#removed", has_text="移除 1").wait_for()
    assert server.assistant.refreshed[-1] == (("003.txt",), True)


@pytest.mark.browser
def test_a_list_asked_for_earlier_never_replaces_a_later_one(visit: Visit) -> None:
    page = enter(visit)
    page.get_by_role("tab", name="资料", exact=True).click()
    page.locator("#articles td", has_text="健康新闻").wait_for()
    page.get_by_role("tab", name="反馈").click()
    page.wait_for_timeout(500)  # nothing of the first visit is under way
    held: list[Any] = []
    page.route("**/queue/join*", lambda r: r.continue_() if held else held.append(r))
    page.get_by_role("tab", name="资料", exact=True).click()
    page.locator("#find textarea, #find input").first.fill("沈阳")
    # what was typed would be listed by now, the tab's rows are still out
    page.wait_for_timeout(500)
    with page.expect_response("**/queue/data*"):
        held[0].continue_()
    page.wait_for_timeout(500)
    page.wait_for_function("document.querySelectorAll('#articles tr').length === 2")


@pytest.mark.browser
def test_gaps_feedback_and_charts_are_shown_and_downloaded(visit: Visit, server: Served) -> None:
    for _ in range(99):  # more often than anything that other tests leave there
        server.feedback.record("生育津贴还有吗", status="refused")
    server.feedback.record("利息怎么算", status="answered", rating="down", reason="已过时")
    page = enter(visit)
    page.get_by_role("tab", name="未答").click()
    page.get_by_role("cell", name="生育津贴还有吗").first.wait_for()
    with page.expect_download() as got:
        page.get_by_role("link", name="下载 CSV").first.click()
    text = Path(got.value.path()).read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith("生育津贴还有吗,99,99,0,")
    page.get_by_role("tab", name="反馈").click()
    row = page.locator(".rows tr:visible", has_text="利息怎么算")
    row.wait_for()
    assert row.locator("td").all_inner_texts()[1:4] == ["利息怎么算", "已回答", "没帮助"]
    # what nobody rated is a gap, and stands there
    assert page.locator(".rows td[data-head=评价]:empty").count() == 0
    page.get_by_role("tab", name="概况").click()
    page.locator("#charts svg").first.wait_for()


def test_a_session_ends_and_failures_are_slow(tmp_path: Path) -> None:
    now = [0.0]
    with sharing(tmp_path) as shared:
        door = Door("geheim", shared, clock=lambda: now[0])
        token = run(door.enter("geheim", "a", "王芳"))
        cookies = f"x=1; {COOKIE}={token}"
        assert run(door.name_of(cookies)) == "王芳"
        now[0] = 8 * 3600 + 1
        assert run(door.name_of(cookies)) is None
        assert run(door.name_of("")) is None
        assert run(door.enter("falsch", "a")) == ""
        sessions = Sessions(shared.book)
        who = shared.buckets.hashed("failed a")
        assert [sessions.failed(who, now[0]) for _ in range(2)] == [1, 2]
        assert run(door.enter("geheim", "a"))
        assert sessions.failed(who, now[0]) == 0
    assert [delay(n) for n in (0, 1, 2, 99)] == [0.5, 1.0, 2.0, 8.0]


def run(coroutine: Any) -> Any:
    """Run it in a thread: the browser's loop may be running in this one."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.md", b"", "空"),
        ("a.md", b" \n", "空"),
        ("a.txt", b"PK\x03\x04\0\0", "不是文本"),
        ("a.pdf", b"<html>", "不是 .pdf"),
        ("a.docx", b"%PDF-", "不是 .docx"),
        ("a.md", b"x" * 101, "太大"),
    ],
)
def test_uploads_are_checked(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = tmp_path / "given"
    path.write_bytes(data)
    with pytest.raises(InputError, match=reason):
        checked(path, name, most_bytes=100)


def test_a_kept_file_replaces_its_namesake(tmp_path: Path) -> None:
    keep(tmp_path / "up", "a.md", b"1")
    assert keep(tmp_path / "up", "a.md", b"2").read_bytes() == b"2"
    assert [p.name for p in (tmp_path / "up").iterdir()] == ["a.md"]


def test_csv_runs_nothing_in_a_spreadsheet() -> None:
    data = to_csv(("问题",), [["=1+1"], ["-1"], ["@x"], ["平常,的"]])
    assert data.decode("utf-8-sig").splitlines() == ["问题", "'=1+1", "'-1", "'@x", '"平常,的"']


def test_charts_show_the_numbers() -> None:
    days = [
        Day(TODAY, "answered", "断缴与补缴", 6),
        Day(TODAY, "refused", "", 2),
        Day(TODAY - timedelta(days=1), "answered", "<b>停保</b>", 4),
        Day(date(2025, 1, 1), "answered", "停保", 0),
    ]
    html = str(overview(days, TODAY))
    assert "近 30 天共 12 个提问，其中 17% 未能回答" in html
    assert html.count('<rect class="all"') == 2
    assert html.count('<rect class="refused"') == 1
    assert "<title>2026-11-21：8</title>" in html
    assert "<b>" not in html


@pytest.mark.browser
def test_what_comes_in_is_written_down_under_a_name_and_undone(
    visit: Visit, server: Served
) -> None:
    page = visit("admin/")
    page.fill("#name", "王芳")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="进入").click()
    give(page, ("记名.md", "# 记名\n内容".encode()))
    page.get_by_role("button", name="添加并更新").click()
    page.get_by_text("新增 1，更新 0，移除 0").wait_for()
    editing = server.app.corner.editing
    write = editing.records.writes()[0]
    assert (write.who, write.what, Path(write.place).name) == ("王芳", "upload", "记名.md")
    editing.undo(write.number, who="王芳")
    assert not (server.folder / "uploads" / "记名.md").exists()
    assert server.assistant.held([write.place]) == {write.place: b""}
