"""The admin's desk over HTTP: edit, clash, drafts, versions, undo, records, exports."""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from desk_kit import ARTICLE, Office, alone, office, send

from assistant.page.admin.records import Records, State
from assistant.page.settings import PageSettings
from corpus.errors import InputError, StoreError
from index.feedback import Feedback
from index.sources import place_of
from index.state import Database
from index.state.books import DESK

SHIPPED = ARTICLE.format(title="手机怎么停保").encode()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    """The desk's addresses alone: the guard and Gradio take seconds to be made."""
    made = alone(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def reviewed(tmp_path: Path) -> Iterator[Office]:
    made = alone(tmp_path, review=True)
    yield made
    made.stop()


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Office]:
    """The whole server, its door open to two people."""
    people = {"王芳": "密码一", "李明": "密码二"}
    made = office(tmp_path, settings=PageSettings(admins=people))
    yield made
    made.stop()


def boxes(page: httpx.Response) -> dict[str, str]:
    """What the form of an editor would send, as a browser reads it."""
    found = dict(
        re.findall(r'<input (?:type="hidden" )?name="([\w-]+)" value="([^"]*)"', page.text)
    )
    for name, text in re.findall(
        r'<textarea name="([\w-]+)"[^>]*>\n(.*?)</textarea>', page.text, re.S
    ):
        found[name] = text
    return {name: html.unescape(value) for name, value in found.items()}


def opened(client: httpx.Client, place: str, **query: str) -> dict[str, str]:
    return boxes(client.get("admin/desk/edit", params={"place": place, **query}))


def test_an_edit_lies_beside_and_leaves_what_is_shipped(desk: Office) -> None:
    client = desk.enter("王芳")
    fields = opened(client, desk.place)
    assert (fields["f-title"], fields["f-schemes"]) == ("手机怎么停保", "职工")
    fields["body"] = fields["body"].replace("身份证", "社保卡")
    answer = send(client, "edit", {**fields, "do": "save", "note": "改材料"})
    assert answer.status_code == 200
    assert "新增 1" in answer.text
    assert desk.shipped.read_bytes() == SHIPPED
    assert desk.edited.read_bytes() == SHIPPED.replace("身份证".encode(), "社保卡".encode())
    assert desk.assistant.refreshed[-1] == (("手机停保.md",), False)
    (write,) = desk.editing.records.writes()
    assert (write.who, write.what, write.place, write.note) == (
        "王芳",
        "edit",
        desk.place,
        "改材料",
    )


def test_what_nobody_touched_stays_to_the_byte(desk: Office) -> None:
    client = desk.enter("王芳")
    answer = send(client, "edit", {**opened(client, desk.place), "do": "save"})
    assert "没有改动" in answer.text
    assert not desk.edited.exists()
    fields = opened(client, desk.place)
    fields["f-title"] = "手机上怎样停保"
    fields["f-questions"] += "\n手机停保戊问法"
    send(client, "edit", {**fields, "do": "save"})
    expected = SHIPPED.decode().replace("title: 手机怎么停保", "title: 手机上怎样停保")
    expected = expected.replace("丁问法\n", "丁问法\n  - 手机停保戊问法\n")
    assert desk.edited.read_text(encoding="utf-8") == expected


def test_two_admins_at_once_lose_nothing(desk: Office) -> None:
    one, two = desk.enter("王芳"), desk.enter("李明")
    first, second = opened(one, desk.place), opened(two, desk.place)
    first["body"] = first["body"].replace("身份证", "社保卡")
    second["f-region"] = "沈阳"
    assert send(one, "edit", {**first, "do": "save"}).status_code == 200
    clash = send(two, "edit", {**second, "do": "save"})
    assert clash.status_code == 409
    assert "别人改过这篇文章" in clash.text
    assert "两边的改动不重叠" in clash.text
    joined = boxes_of_first_form(clash)
    assert send(two, "edit", {**joined, "do": "save"}).status_code == 200
    text = desk.edited.read_text(encoding="utf-8")
    assert ("社保卡" in text, "region: 沈阳" in text) == (True, True)
    assert [w.who for w in desk.editing.records.writes()] == ["李明", "王芳"]


def boxes_of_first_form(page: httpx.Response) -> dict[str, str]:
    first = httpx.Response(200, text=page.text.split("</form>")[0])
    return boxes(first)


def test_where_both_changed_one_line_both_are_kept(desk: Office) -> None:
    one, two = desk.enter("王芳"), desk.enter("李明")
    first, second = opened(one, desk.place), opened(two, desk.place)
    first["body"] = first["body"].replace("身份证", "社保卡")
    second["body"] = second["body"].replace("身份证", "户口本")
    send(one, "edit", {**first, "do": "save"})
    clash = send(two, "edit", {**second, "do": "save"})
    joined = boxes_of_first_form(clash)["whole"]
    assert "<<<<<<< 现在的\n- 社保卡。{s1}\n=======\n- 户口本。{s1}\n>>>>>>> 我的" in joined
    # unmended it is no article, and is not saved
    refused = send(two, "edit", {**boxes_of_first_form(clash), "do": "save"})
    assert "还没有保存" in refused.text
    assert "社保卡" in desk.edited.read_text(encoding="utf-8")
    mine = httpx.Response(200, text=clash.text.split("</form>")[1])
    mine_fields = {
        **boxes(mine),
        "whole": re.search(r"hidden>\n(.*?)</textarea>", mine.text, re.S)[1],
    }
    assert "已存为第 1 号草稿" in send(two, "edit", {**mine_fields, "do": "draft"}).text
    (draft,) = desk.editing.records.drafts()
    assert "户口本" in desk.editing.records.bytes_of(draft.text).decode()
    # who approves it without a look loses nothing either
    held = send(one, "approve", {"draft": "1"})
    assert held.status_code == 409
    assert joined.split("{s1}")[0] in boxes_of_first_form(held)["whole"]
    assert "社保卡" in desk.edited.read_text(encoding="utf-8")


def test_findings_stand_beside_before_anything_is_saved(desk: Office) -> None:
    client = desk.enter("王芳")
    fields = opened(client, desk.place)
    fields["body"] = fields["body"].replace("身份证。{s1}", "身份证。")
    found = send(client, "check", fields)
    assert found.text == (
        "<ul><li><b>第 23 行</b> 「身份证。」没有注明依据；"
        "请在句末写 {s1}，不出自来源的写 {advice}。</li></ul>"
    )
    answer = send(client, "edit", {**fields, "do": "save", "anyway": "1"})
    assert "还没有保存：有一处不合格式" in answer.text
    assert "- 身份证。\n</textarea>" in answer.text
    fields["body"] = fields["body"].replace("身份证。", "身份证。{s1}")
    fields["f-questions"] = fields["f-questions"].replace(
        "手机怎么停保甲问法", "窗口怎么停保甲问法"
    )
    answer = send(client, "edit", {**fields, "do": "save"})
    assert "还没有保存：请先看检查结果" in answer.text
    assert (
        "「窗口怎么停保甲问法」另一篇文章已经在答；请删去或换个问法（见 停保/窗口停保）。"
        in answer.text
    )
    assert not desk.edited.exists()
    assert send(client, "edit", {**fields, "do": "save", "anyway": "1"}).status_code == 200
    assert desk.edited.exists()


def test_every_write_is_undone_to_the_byte(desk: Office) -> None:
    client = desk.enter("王芳")
    before = state(desk)
    fields = opened(client, desk.place)
    send(client, "edit", {**fields, "body": fields["body"] + "- 户口本。{s1}\n", "do": "save"})
    once = state(desk)
    fields = opened(client, desk.place)
    send(client, "edit", {**fields, "body": fields["body"] + "- 照片。{s1}\n", "do": "save"})
    # only the last write can be undone first
    early = send(client, "undo", {"write": "1"})
    assert (early.status_code, "后来又改过" in early.text) == (422, True)
    assert send(client, "undo", {"write": "2"}).status_code == 200
    assert state(desk) == once
    assert send(client, "undo", {"write": "3"}).status_code == 200  # the undoing itself
    assert "照片" in desk.edited.read_text(encoding="utf-8")
    send(client, "undo", {"write": "4"})
    send(client, "undo", {"write": "1"})
    assert state(desk) == before
    assert [w.undoes for w in desk.editing.records.writes()] == [1, 4, 3, 2, 0, 0]


def state(desk: Office) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Every file that is edited, and what the store knows."""
    files = {
        str(path): path.read_bytes()
        for name in ("articles", "edited", "uploads")
        for path in (desk.folder / name).rglob("*")
        if path.is_file()
    }
    return files, {place: held for place, held in desk.assistant.known.items() if held}


def test_an_upload_keeps_its_line_ends(desk: Office) -> None:
    client = desk.enter("王芳")
    path = desk.folder / "uploads" / "须知.txt"
    fields = opened(client, place_of(path))
    assert fields["whole"] == "停保须知\n\n到窗口办理。\n"
    assert "《停保须知》" in client.get("admin/desk/edit", params={"place": place_of(path)}).text
    send(client, "edit", {**fields, "whole": "停保须知\n\n在手机上办理。\n", "do": "save"})
    assert path.read_bytes() == "停保须知\r\n\r\n在手机上办理。\r\n".encode()


def test_back_to_an_older_version(desk: Office) -> None:
    client = desk.enter("王芳")
    fields = opened(client, desk.place)
    send(client, "edit", {**fields, "f-region": "沈阳", "do": "save"})
    page = client.get("admin/desk/versions", params={"place": desk.place})
    assert "最初" in page.text
    (sha,) = re.findall(r'name="sha" value="(\w+)"', page.text)
    (base,) = re.findall(r'name="base" value="(\w+)"', page.text)
    diff = client.get("admin/desk/diff", params={"place": desk.place, "a": sha, "b": base})
    assert (
        '<p class="del"><del><span class="said">删去：</span>region: <mark>全国</mark>' in diff.text
    )
    answer = send(client, "back", {"place": desk.place, "base": base, "sha": sha})
    assert answer.status_code == 200
    assert not desk.edited.exists()  # what is shipped needs no version of the operator's
    assert desk.editing.records.writes()[0].what == "back"


def test_another_pair_of_eyes(reviewed: Office) -> None:
    one, two = reviewed.enter("王芳"), reviewed.enter("李明")
    fields = opened(one, reviewed.place)
    answer = send(one, "edit", {**fields, "f-region": "沈阳", "do": "save"})
    assert "已提交第 1 号草稿" in answer.text
    assert not reviewed.edited.exists()
    own = send(one, "approve", {"draft": "1"})
    assert (own.status_code, "要由另一位管理员通过" in own.text) == (422, True)
    assert send(two, "approve", {"draft": "1"}).status_code == 200
    assert "region: 沈阳" in reviewed.edited.read_text(encoding="utf-8")
    (write,) = reviewed.editing.records.writes()
    assert (write.who, write.what, write.note) == ("李明", "approve", "王芳 的第 1 号草稿")
    again = send(two, "approve", {"draft": "1"})
    assert (again.status_code, "可能别人已经处理" in again.text) == (422, True)


def test_a_draft_of_an_older_text_is_joined_not_laid_over(reviewed: Office) -> None:
    one, two = reviewed.enter("王芳"), reviewed.enter("李明")
    fields = opened(one, reviewed.place)
    send(one, "edit", {**fields, "f-region": "沈阳", "do": "save"})
    send(one, "edit", {**fields, "f-kind": "policy", "do": "save"})
    send(two, "approve", {"draft": "1"})
    clash = send(two, "approve", {"draft": "2"})
    assert clash.status_code == 409
    whole = boxes_of_first_form(clash)["whole"]
    assert ("region: 沈阳" in whole, "kind: policy" in whole) == (True, True)
    unsaid = send(two, "drop", {"draft": "2"})
    assert (unsaid.status_code, "请写明退回的理由" in unsaid.text) == (422, True)
    assert send(two, "drop", {"draft": "2", "reason": "已并入"}).status_code == 200
    assert [d.verdict for d in reviewed.editing.records.drafts()] == ["dropped", "approved"]


def test_names_are_their_owners_and_strangers_stay_outside(whole: Office) -> None:
    for name, password in (("王芳", "密码二"), ("某人", "密码一"), ("", "密码一")):
        answer = httpx.post(whole.url + "admin/login", data={"name": name, "password": password})
        assert answer.status_code == 403
        assert "姓名或密码不对" in answer.text
    for path in ("", "edit", "log", "talks.csv", "feedback.jsonl"):
        assert httpx.get(f"{whole.url}admin/desk/{path}").status_code == 401
    assert httpx.post(f"{whole.url}admin/desk/undo", data={"write": "1"}).status_code == 401
    browser = httpx.get(f"{whole.url}admin/desk/log", headers={"accept": "text/html"})
    assert (browser.status_code, browser.headers["location"]) == (303, "/admin/login")
    client = httpx.Client(base_url=whole.url)
    client.post("admin/login", data={"name": "李明", "password": "密码二"})
    assert "李明，已登录" in client.get("admin/desk/").text
    fields = opened(client, whole.place)
    send(client, "edit", {**fields, "f-region": "沈阳", "do": "save"})
    own = whole.url.rstrip("/")
    for elsewhere in (
        {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "cross-site", "origin": own},
        {"origin": "null"}, {"origin": "http://evil.example"}, {"origin": own + "0"},
    ):  # fmt: skip
        answer = client.post("admin/desk/undo", data={"write": "1"}, headers=elsewhere)
        assert (answer.status_code, answer.json()["detail"][:9]) == (403, "不接受其他网站的网")
    assert [w.who for w in whole.editing.records.writes()] == ["李明"]
    for ours in ({"sec-fetch-site": "same-origin", "origin": own}, {"origin": own}):
        answer = client.post("admin/desk/check", data={**fields, "do": "check"}, headers=ours)
        assert answer.status_code == 200
    client.close()


def test_a_new_article_is_the_operators(desk: Office) -> None:
    client = desk.enter("王芳")
    page = client.get("admin/desk/edit", params={"folder": "停保", "name": "新的一篇"})
    fields = boxes(page)
    body = ARTICLE.format(title="新的一篇怎么写")
    answer = send(client, "edit", {**fields, "whole": body, "do": "save"})
    assert answer.status_code == 200
    path = desk.folder / "edited" / "停保" / "新的一篇.md"
    assert path.read_text(encoding="utf-8") == body
    send(client, "undo", {"write": "1"})
    assert not path.exists()
    taken = client.get("admin/desk/edit", params={"folder": "停保", "name": "手机停保"})
    assert (taken.status_code, "已经有了" in taken.text) == (422, True)


@pytest.mark.parametrize(
    "place",
    ["/etc/passwd", "../x.md", "{articles}/停保/../停保/手机停保.md", "{articles}/x.md", "\0", "", "{folder}/feedback.db"],
)  # fmt: skip
def test_nothing_else_is_opened_or_written(desk: Office, place: str) -> None:
    client = desk.enter("王芳")
    given = place.format(articles=desk.folder / "articles", folder=desk.folder)
    for answer in (
        client.get("admin/desk/edit", params={"place": given}),
        send(client, "edit", {"place": given, "base": "", "whole": "x", "do": "save"}),
        send(client, "back", {"place": given, "base": "", "sha": "0"}),
    ):
        assert answer.status_code == 422
    assert desk.editing.records.writes() == []


def test_what_is_due(desk: Office) -> None:
    desk.editing.desk.today = lambda: date(2026, 12, 1)
    text = desk.enter("王芳").get("admin/desk/due").text
    assert re.findall(r'data-head="(?:复查期限|文章|状态)">([^<]*)', text) == [
        "2026-12-01", "手机怎么停保", "已到期", "2026-12-01", "窗口怎么停保", "已到期",
    ]  # fmt: skip


def test_answers_are_compared_before_a_save(desk: Office) -> None:
    client = desk.enter("王芳")
    fields = opened(client, desk.place)
    answer = send(client, "edit", {**fields, "f-region": "沈阳", "do": "rehearse"})
    asked = desk.assistant.rehearsed[-1]
    assert asked[:2] == ("手机怎么停保", "手机怎么停保甲问法")
    assert f"问了 {len(asked)} 个问题，其中 1 个的回答会变。" in answer.text
    assert "<td><p>已回答</p></td><td><p>未能回答</p></td>" in answer.text
    assert 'name="f-region" value="沈阳"' in answer.text
    assert not desk.edited.exists()


def test_a_failed_refresh_leaves_all_as_it_was(desk: Office, monkeypatch: Any) -> None:
    client = desk.enter("王芳")

    def fails(*_: Any, **__: Any) -> Any:
        raise StoreError("磁盘已满")

    monkeypatch.setattr(type(desk.assistant), "refresh", fails)
    fields = opened(client, desk.place)
    answer = send(client, "edit", {**fields, "f-region": "沈阳", "do": "save"})
    assert (answer.status_code, "磁盘已满" in answer.text) == (503, True)
    assert not desk.edited.exists()
    assert desk.editing.records.writes() == []


def test_exports(desk: Office) -> None:
    client = desk.enter("王芳")
    fields = opened(client, desk.place)
    send(client, "edit", {**fields, "f-region": "沈阳", "note": "=1+1", "do": "save"})
    log = client.get("admin/desk/log.csv").content.decode("utf-8-sig").splitlines()
    assert log[0].startswith("编号,时间,谁,做了什么,文章,说明")
    assert log[1].split(",")[2:6] == ["王芳", "修改", desk.place, "'=1+1"]
    Feedback(desk.folder / "feedback.db").record("断缴怎么补", status="refused")
    (line,) = client.get("admin/desk/feedback.jsonl").text.splitlines()
    assert '"问题": "断缴怎么补", "状态": "未能回答"' in line
    assert client.get("admin/desk/talks.jsonl").text == ""
    assert client.get("admin/desk/x.csv").status_code == 404
    assert client.get("admin/desk/log.exe").status_code == 422


def test_nothing_written_down_is_ever_changed(tmp_path: Path) -> None:
    book = Database.of_file(tmp_path / "desk.db", DESK)
    records = Records(book)
    sha = records.keep(b"1")
    records.add(at="t", who="a", what="edit", place="p", before=State(), after=State(sha))
    draft = records.propose(at="t", who="a", place="p", base="", text=sha, note="")
    assert records.rule(draft, at="t", who="b", verdict="approved")
    assert not records.rule(draft, at="t", who="c", verdict="dropped")
    book.close()
    with sqlite3.connect(tmp_path / "desk.db") as db:
        for table in ("texts", "writes", "drafts", "rulings"):
            for act in (f"DELETE FROM {table}", f"UPDATE {table} SET rowid = 9"):
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    db.execute(act)
    db.close()


def test_settings_of_the_desk() -> None:
    env = {"YIBAO_ADMINS": "王芳:一:二；李明：三", "YIBAO_REVIEW": "on"}
    found = PageSettings.from_environment(env)
    assert (found.admins, found.review) == ({"王芳": "一:二", "李明": "三"}, True)
    for wrong in ({"YIBAO_ADMINS": "王芳"}, {"YIBAO_ADMINS": "a:1;a:2"}, {"YIBAO_REVIEW": "ja"}):
        with pytest.raises(InputError):
            PageSettings.from_environment(wrong)


@pytest.mark.browser
def test_two_admins_in_browsers(whole: Office, browser: Any) -> None:
    """Both open, both save; the second joins, and axe finds nothing on any page of the desk."""
    from axe_playwright_python.sync_playwright import Axe

    axe, wrong = Axe(), []
    pages = []
    for name, password in (("王芳", "密码一"), ("李明", "密码二")):
        page = browser.new_context(locale="zh-CN").new_page()
        page.on("pageerror", lambda e: wrong.append(str(e)))
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        # by the form's own address: the page of Gradio behind it takes its time to load
        login = {"name": name, "password": password}
        page.context.request.post(f"{whole.url}admin/login", form=login, max_redirects=0)
        page.set_default_timeout(60_000)
        page.goto(f"{whole.url}admin/desk/")
        page.get_by_role("link", name="修改：手机怎么停保").click()
        pages.append(page)
    first, second = pages
    body = first.get_by_label("正文")
    body.fill(body.input_value().replace("身份证。{s1}", "社保卡。"))
    first.locator("#found", has_text="「社保卡。」没有注明依据").wait_for()
    assert axe.run(first).response["violations"] == []
    body.fill(body.input_value().replace("社保卡。", "社保卡。{s1}"))
    first.locator("#found", has_text="没有发现问题").wait_for()
    first.get_by_role("button", name="保存并更新").click()
    first.locator(".told", has_text="新增 1").wait_for()
    second.get_by_label("地区").fill("沈阳")
    second.get_by_role("button", name="保存并更新").click()
    second.get_by_text("别人改过这篇文章").wait_for()
    assert axe.run(second).response["violations"] == []
    wrong.clear()  # the console tells of the 409
    second.get_by_role("button", name="保存合并稿").click()
    second.locator(".told", has_text="新增 1").wait_for()
    text = whole.edited.read_text(encoding="utf-8")
    assert ("社保卡" in text, "region: 沈阳" in text) == (True, True)
    for path in (
        "",
        "drafts",
        "due",
        "fixed",
        "log",
        "exports",
        f"versions?place={quote(whole.place)}",
    ):
        first.goto(f"{whole.url}admin/desk/{path}")
        assert axe.run(first).response["violations"] == [], path
    assert wrong == []
    for page in pages:
        page.context.close()
