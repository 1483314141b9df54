"""Files at the desk where another's eyes are wanted: they wait, are seen, approved, sent back, undone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from desk_kit import Office, alone, office, send

from assistant.page.admin.amend import amended
from assistant.page.admin.changes import Change
from assistant.page.admin.intake import taken_in
from assistant.page.admin.uploads import Uploads
from assistant.page.settings import PageSettings
from index.corrections import Correction
from index.sources import place_of

NOTICE = "停保公告\n\n发布机构：甲市医疗保障局\n参保人到窗口登记，次月起停止扣款。\n".encode()
OLD = "停保须知\r\n\r\n到窗口办理。\r\n".encode()


@pytest.fixture
def reviewed(tmp_path: Path) -> Iterator[Office]:
    made = alone(tmp_path, review=True)
    yield made
    made.stop()


def bring(desk: Office, who: str, *files: tuple[str, bytes], **options: Any) -> str:
    """As the tab for uploads does, once its door has given tokens."""
    uploads = Uploads()
    given = [[uploads.add(name, data), name] for name, data in files]
    said = taken_in(
        desk.editing, uploads, given, who=who, dry_run=False, tell=lambda *_: None, **options
    )
    uploads.close()
    return said


def upload(desk: Office, name: str) -> Path:
    return desk.folder / "uploads" / name


def nothing_taken_in(desk: Office) -> bool:
    return not desk.assistant.refreshed and not desk.editing.records.writes()


def test_an_upload_waits_for_another(reviewed: Office) -> None:
    said = bring(reviewed, "王芳", ("公告.txt", NOTICE), ("坏.txt", b" "))
    assert said == (
        "公告.txt：已提交第 1 号草稿，另一位管理员通过后生效。\n未收下 坏.txt：文件是空的"
    )
    assert not upload(reviewed, "公告.txt").exists()  # a rebuild would find it there
    assert nothing_taken_in(reviewed)
    one, two = reviewed.enter("王芳"), reviewed.enter("李明")
    listed = two.get("admin/desk/drafts").text
    (draft,) = reviewed.editing.records.drafts()
    for said in (draft.at, "王芳", "添加文件", "uploads/公告.txt", "等待"):
        assert f">{said}</td>" in listed
    own = send(one, "approve", {"draft": "1"})
    assert (own.status_code, "要由另一位管理员通过" in own.text) == (422, True)
    assert nothing_taken_in(reviewed)
    assert "新增 1" in send(two, "approve", {"draft": "1"}).text
    assert upload(reviewed, "公告.txt").read_bytes() == NOTICE
    assert reviewed.assistant.refreshed == [(("公告.txt",), False)]
    (write,) = reviewed.editing.records.writes()
    assert (write.who, write.what, write.note) == ("李明", "approve", "王芳 的第 1 号草稿")
    assert "李明" in two.get("admin/desk/log").text
    again = send(two, "approve", {"draft": "1"})
    assert (again.status_code, "可能别人已经处理" in again.text) == (422, True)
    # as any other write
    assert send(one, "undo", {"write": "1"}).status_code == 200
    assert not upload(reviewed, "公告.txt").exists()
    assert reviewed.assistant.held([write.place]) == {write.place: b""}


def test_its_text_and_the_check_stand_side_by_side(reviewed: Office) -> None:
    facts = {"公告.txt": Correction(region="甲市", schemes=("职工",))}
    bring(reviewed, "王芳", ("公告.txt", NOTICE), corrections=facts)
    page = reviewed.enter("李明").get("admin/desk/draft", params={"draft": "1"}).text
    left, right = page.split("<aside")
    assert "<h1>第 1 号草稿：添加文件</h1>" in left
    assert "更正：地区：甲市；险种：职工" in left
    assert "参保人到窗口登记，次月起停止扣款。" in left
    assert "将会这样收录" in right
    assert "可见文字收录：" in right
    assert "《停保公告》" in right
    # a file of another kind is taken as it is or not at all
    shown = reviewed.enter("李明").get(
        "admin/desk/edit", params={"place": place_of(upload(reviewed, "公告.txt")), "draft": "1"}
    )
    assert shown.status_code == 422
    send(reviewed.enter("李明"), "approve", {"draft": "1"})
    assert reviewed.assistant.corrected == [
        {upload(reviewed, "公告.txt"): Correction(region="甲市", schemes=("职工",))}
    ]


def test_what_is_not_text_is_shown_as_it_is_read(reviewed: Office) -> None:
    bring(reviewed, "王芳", ("坏.xlsx", b"PK\x03\x04broken"))
    client = reviewed.enter("李明")
    page = client.get("admin/desk/draft", params={"draft": "1"}).text
    assert "Excel 文件已损坏或不完整" in page
    assert "（读不出文字）" in page
    assert 'href="diff?' not in page
    for number in ("2", "0", "x", "", "9" * 5000):
        assert client.get("admin/desk/draft", params={"draft": number}).status_code == 422


def test_it_is_sent_back_with_a_reason(reviewed: Office) -> None:
    bring(reviewed, "王芳", ("公告.txt", NOTICE))
    one, two = reviewed.enter("王芳"), reviewed.enter("李明")
    unsaid = send(two, "drop", {"draft": "1", "reason": " "})
    assert (unsaid.status_code, "请写明退回的理由" in unsaid.text) == (422, True)
    assert send(two, "drop", {"draft": "1", "reason": "缺<文号>"}).status_code == 200
    (draft,) = reviewed.editing.records.drafts()
    assert (draft.verdict, draft.by, draft.reason) == ("dropped", "李明", "缺<文号>")
    seen = one.get("admin/desk/drafts").text
    assert f"李明 {draft.ruled} 未采用；理由：缺&lt;文号&gt;" in seen
    assert "通过并更新" not in seen
    assert send(two, "approve", {"draft": "1"}).status_code == 422
    assert nothing_taken_in(reviewed)
    assert not upload(reviewed, "公告.txt").exists()
    # who thinks better of it needs no reason
    bring(reviewed, "王芳", ("公告.txt", NOTICE))
    assert send(one, "drop", {"draft": "2"}).status_code == 200


def test_a_file_that_replaces_another_waits_too(reviewed: Office) -> None:
    path, two = upload(reviewed, "须知.txt"), reviewed.enter("李明")
    said = bring(reviewed, "王芳", ("须知.txt", NOTICE))
    assert "替换：须知.txt" in said
    bring(reviewed, "王芳", ("须知.txt", NOTICE + b"1"))
    assert path.read_bytes() == OLD
    page = two.get("admin/desk/draft", params={"draft": "1"}).text
    differs = two.get(
        "admin/desk/diff",
        params={"place": place_of(path), **dict(zip("ab", shas(reviewed, 1), strict=True))},
    ).text
    assert "改了什么" in page
    assert "停止扣款" in differs
    assert send(two, "approve", {"draft": "1"}).status_code == 200
    assert path.read_bytes() == NOTICE
    # made before the other one was approved: laid over nothing that nobody has compared
    late = send(two, "approve", {"draft": "2"})
    assert (late.status_code, "又换过或已移除" in late.text) == (422, True)
    assert path.read_bytes() == NOTICE
    assert send(two, "undo", {"write": "1"}).status_code == 200
    assert path.read_bytes() == OLD


def shas(desk: Office, number: int) -> tuple[str, str]:
    draft = desk.editing.records.draft(number)
    return draft.base, draft.text


def test_a_file_that_is_to_go_stays_until_another_says_so(reviewed: Office) -> None:
    path, two = upload(reviewed, "须知.txt"), reviewed.enter("李明")
    reviewed.assistant.known[place_of(path)] = OLD
    said = reviewed.editing.carry([Change("remove", place_of(path))], who="王芳")
    assert said == "须知.txt：已提交第 1 号草稿，另一位管理员通过后生效。"
    assert path.read_bytes() == OLD
    assert nothing_taken_in(reviewed)
    page = two.get("admin/desk/draft", params={"draft": "1"}).text
    assert "<h1>第 1 号草稿：移除</h1>" in page
    assert "通过以后不再用来回答" in page
    assert "到窗口办理。" in page
    assert "移除 1" in send(two, "approve", {"draft": "1"}).text
    assert not path.exists()
    assert reviewed.assistant.refreshed == [(("须知.txt",), True)]
    assert send(two, "undo", {"write": "1"}).status_code == 200
    assert path.read_bytes() == OLD
    assert reviewed.assistant.known[place_of(path)] == OLD


def test_a_file_that_lies_elsewhere_stays_where_it_lies(reviewed: Office) -> None:
    path = reviewed.folder / "else" / "须知.txt"
    path.parent.mkdir()
    path.write_bytes(OLD)
    reviewed.editing.carry([Change("remove", place_of(path))], who="王芳")
    two = reviewed.enter("李明")
    assert "到窗口办理。" in two.get("admin/desk/draft", params={"draft": "1"}).text
    assert send(two, "approve", {"draft": "1"}).status_code == 200
    assert reviewed.assistant.refreshed == [(("须知.txt",), True)]
    assert path.read_bytes() == OLD


def test_corrected_facts_wait(reviewed: Office) -> None:
    path, two = upload(reviewed, "须知.txt"), reviewed.enter("李明")
    before = ("停保须知", "", "", "全国", "", "问答")
    after = ("停保须知", "甲市医疗保障局", "", "甲市", "", "问答")
    assert "第 1 号草稿" in amended(reviewed.editing, str(path), before, after, who="王芳")
    assert nothing_taken_in(reviewed)
    page = two.get("admin/desk/draft", params={"draft": "1"}).text
    assert "更正：发布者：甲市医疗保障局；地区：甲市" in page
    assert send(two, "approve", {"draft": "1"}).status_code == 200
    assert reviewed.assistant.corrected == [
        {str(path): Correction(publisher="甲市医疗保障局", region="甲市")}
    ]
    assert path.read_bytes() == OLD


def test_names_that_differ_in_case_wait_for_two_places(reviewed: Office) -> None:
    bring(reviewed, "王芳", ("Policy.md", b"# 1\n1"), ("policy.md", b"# 2\n2"))
    bring(reviewed, "王芳", ("POLICY.md", b"# 3\n3"))
    names = [Path(draft.place).name.casefold() for draft in reviewed.editing.records.drafts()]
    assert len(set(names)) == 3


def test_a_file_that_cannot_be_read_leaves_all_as_it_was(
    reviewed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(reviewed, "王芳", ("须知.txt", NOTICE))

    def fails(*_: Any, **__: Any) -> Any:
        raise OSError("磁盘已满")

    monkeypatch.setattr(type(reviewed.assistant), "refresh", fails)
    two = reviewed.enter("李明")
    assert send(two, "approve", {"draft": "1"}).status_code == 500
    assert upload(reviewed, "须知.txt").read_bytes() == OLD
    assert reviewed.editing.records.draft(1).verdict == ""


def test_nothing_waits_where_nobody_else_is_asked(tmp_path: Path) -> None:
    desk = alone(tmp_path)
    assert bring(desk, "王芳", ("公告.txt", NOTICE)) == "新增 1，更新 0，移除 0"
    assert upload(desk, "公告.txt").read_bytes() == NOTICE
    (write,) = desk.editing.records.writes()
    assert (write.who, write.what, desk.editing.records.drafts()) == ("王芳", "upload", [])
    desk.stop()


def test_through_the_doors_of_the_corner(tmp_path: Path) -> None:
    """From the upload's own door to the approval by the other, each with their password."""
    people = {"王芳": "密码一", "李明": "密码二"}
    made = office(tmp_path, settings=PageSettings(admins=people, review=True))
    with httpx.Client(base_url=made.url, timeout=120) as one:
        one.post("admin/login", data={"name": "王芳", "password": "密码一"})
        (token,) = one.post("admin/gradio_api/upload", files={"files": ("公告.txt", NOTICE)}).json()
        config = one.get("admin/config").json()
        (button,) = (c for c in config["components"] if c["props"].get("elem_id") == "take-in")
        assert button["props"]["value"] == "提交审核"
        (number,) = (
            d["id"] for d in config["dependencies"] if [button["id"], "click"] in d["targets"]
        )
        data = [None, [[token, "公告.txt"]], False, None]
        asked = {"data": data, "fn_index": number, "session_hash": "s"}
        assert one.post("admin/gradio_api/queue/join", json=asked).status_code == 200
        with one.stream("GET", "admin/gradio_api/queue/data", params={"session_hash": "s"}) as told:
            events = [json.loads(line[5:]) for line in told.iter_lines() if line[:5] == "data:"]
    assert "已提交第 1 号草稿" in json.dumps(events, ensure_ascii=False)
    assert not upload(made, "公告.txt").exists()
    with httpx.Client(base_url=made.url, timeout=120) as two:
        two.post("admin/login", data={"name": "李明", "password": "密码二"})
        assert "参保人到窗口登记" in two.get("admin/desk/draft", params={"draft": "1"}).text
        assert send(two, "approve", {"draft": "1"}).status_code == 200
    assert upload(made, "公告.txt").read_bytes() == NOTICE
    (write,) = made.editing.records.writes()
    assert (write.who, write.note) == ("李明", "王芳 的第 1 号草稿")
    made.stop()
