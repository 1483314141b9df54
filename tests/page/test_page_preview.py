"""An upload is shown as it will be read, can be corrected, and the correction goes with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from page_kit import Served, Visit, enter, give

from assistant.page.admin.amend import amended, choices
from assistant.page.admin.correcting import changed
from assistant.page.admin.editing import Editing
from assistant.page.admin.intake import stored, taken_in
from assistant.page.admin.library import Kept
from assistant.page.admin.preview import preview, previews
from assistant.page.admin.uploads import Uploads
from corpus.errors import InputError
from corpus.settings import Settings
from index.corrections import Correction
from index.state import State

TEXT = "停保怎么办理\n\n发布机构：甲市医疗保障局\n参保人到窗口登记，次月起停止扣款。\n".encode()
MOST = 1_000_000


def upload(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_preview_tells_what_will_be_taken_in(tmp_path: Path) -> None:
    found = preview("停保.txt", upload(tmp_path, "x", TEXT), most_bytes=MOST)
    assert found.facts == ("停保怎么办理", "甲市医疗保障局", "", "全国", "", "问答")
    assert found.text.startswith(
        "文件：停保.txt\n可见文字收录：100%；文章 1 篇\n1.《停保怎么办理》"
    )


def test_a_preview_shows_what_was_corrected(tmp_path: Path) -> None:
    path = upload(tmp_path, "x", TEXT)
    set_now = Correction(title="停保须知", region="甲市")
    found = preview("停保.txt", path, most_bytes=MOST, corrected=set_now)
    assert found.facts == ("停保须知", "甲市医疗保障局", "", "甲市", "", "问答")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.exe", b"MZ", "未收下 a.exe：不认识的文件类型「.exe」"),
        ("a.txt", b" ", "未收下 a.txt：文件是空的"),
        ("a.xlsx", b"PK\x03\x04broken", "Excel 文件已损坏或不完整"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    found = preview(name, upload(tmp_path, "x", data), most_bytes=MOST)
    assert said in found.text
    assert found.facts == ()


def test_only_what_was_changed_is_set() -> None:
    before = ("停保怎么办理", "甲市医疗保障局", "2024-03-01", "全国", "", "问答")
    assert changed(before, before) == Correction()
    after = ("停保怎么办理", "", "2024-03-02", "甲市", "职工", "问答")
    assert changed(before, after) == Correction(
        publisher="", published="2024-03-02", region="甲市", schemes=("职工",)
    )
    assert changed(before, ("", *before[1:])) == Correction()
    with pytest.raises(InputError, match="日期「昨天」认不出"):
        changed(before, (*before[:2], "昨天", *before[3:]))


def editing_at(folder: Path, asked: list[dict[str, Any]]) -> Editing:
    """The desk of a store that only notes what a refresh is asked for."""

    def refresh(*paths: Path, **options: Any) -> Any:
        asked.append({"paths": paths, **options})
        return SimpleNamespace(to_text=lambda: "好")

    settings = Settings(feedback=folder / "feedback.db")
    held = dict.fromkeys
    desk: Any = SimpleNamespace(
        clerk=SimpleNamespace(refresh=refresh, settings=settings, held=lambda p: held(p, b"")),
        limits=SimpleNamespace(upload_bytes=MOST),
        today=lambda: date(2026, 11, 28),
        journal=SimpleNamespace(state=State.open("", feedback=settings.feedback)),
    )
    return Editing(desk)


def test_corrections_go_with_the_files(tmp_path: Path) -> None:
    asked: list[dict[str, Any]] = []
    editing = editing_at(tmp_path, asked)
    uploads = Uploads()
    given = [[uploads.add(name, TEXT), name] for name in ("a.txt", "b.txt")]
    set_now = Correction(title="停保须知")
    told = taken_in(
        editing, uploads, given, dry_run=False, tell=lambda *_: None,
        corrections={"b.txt": set_now},
    )  # fmt: skip
    uploads.close()
    assert told == "好"
    (call,) = asked
    assert [path.name for path in call["paths"]] == ["a.txt", "b.txt"]
    assert call["brought"] == "2026-11-28 后台上传"
    assert call["corrections"] == {tmp_path / "uploads" / "b.txt": set_now}
    assert "stands_for" not in call


def test_a_trial_is_of_the_place_that_the_file_will_have(tmp_path: Path) -> None:
    asked: list[dict[str, Any]] = []
    editing = editing_at(tmp_path, asked)
    uploads = Uploads()
    there = tmp_path / "uploads" / "a.txt"
    there.parent.mkdir()
    there.write_bytes(TEXT)
    same = [[uploads.add("a.txt", TEXT), "a.txt"]]
    assert taken_in(editing, uploads, same, dry_run=True, tell=lambda *_: None) == "好"
    other = [[uploads.add("a.txt", TEXT + b"1"), "a.txt"]]
    told = taken_in(
        editing, uploads, other, dry_run=True, tell=lambda *_: None,
        corrections={"a.txt": Correction(region="甲市")},
    )  # fmt: skip
    uploads.close()
    assert told.split("\n")[1].startswith("替换：a.txt")
    trial = tmp_path / "uploads" / "trial" / "a.txt"
    assert asked[-1]["paths"] == (trial,)
    assert asked[-1]["stands_for"] == {trial: there}
    assert asked[-1]["corrections"] == {there: Correction(region="甲市")}


def test_a_file_that_comes_again_is_shown_with_what_was_corrected(tmp_path: Path) -> None:
    path = upload(tmp_path, "x", TEXT)
    before = {"a.txt": Correction(region="甲市", publisher="乙局")}
    now = {"a.txt": Correction(publisher="丙局")}
    given = [("a.txt", path), ("b.txt", path)]
    first, second = previews(given, now, lambda _: before, MOST)
    assert first.facts[1:4] == ("丙局", "", "甲市")
    assert second.facts[1:4] == ("甲市医疗保障局", "", "全国")


def test_corrections_of_the_store_are_found_by_the_name_of_the_upload(tmp_path: Path) -> None:
    place = tmp_path / "uploads" / "a.txt"
    place.parent.mkdir()
    place.write_bytes(TEXT)
    held = Kept(str(place), ("停保",), "", "", "甲市", corrected=Correction(region="甲市"))
    desk: Any = SimpleNamespace(
        clerk=SimpleNamespace(settings=Settings(feedback=tmp_path / "feedback.db"))
    )
    assert stored(desk, lambda: (held,), ["a.txt", "b.txt", "c.exe"]) == {
        "a.txt": Correction(region="甲市")
    }


def test_what_was_taken_in_is_corrected_from_the_list(tmp_path: Path) -> None:
    asked: list[dict[str, Any]] = []
    editing = editing_at(tmp_path, asked)
    kept = Kept("/资料/a.txt", ("停保怎么办理",), "", "", "全国")
    assert kept.facts == ("停保怎么办理", "", "", "全国", "", "问答")
    assert amended(editing, kept.place, kept.facts, kept.facts, who="王芳") == "没有改动任何一项。"
    assert asked == []
    after = ("停保怎么办理", "甲市医疗保障局", "", "甲市", "", "问答")
    assert amended(editing, kept.place, kept.facts, after, who="王芳") == "好"
    set_now = Correction(publisher="甲市医疗保障局", region="甲市")
    assert asked == [{"paths": (), "corrections": {kept.place: set_now}}]
    ours = Kept("/资料/b.md", ("停保",), "", "", "全国", own=True)
    assert choices((kept, ours), str.upper) == [("/资料/A.TXT", "/资料/a.txt")]


@pytest.mark.browser
def test_corrected_in_the_list(visit: Visit, server: Served) -> None:
    page = enter(visit)
    page.get_by_role("tab", name="资料", exact=True).click()
    page.get_by_text("更正已收录文件的标题、发布者等").click()
    page.locator("#amend-file input").click()
    page.locator("#amend-file [role=option]").first.click()
    box = page.locator("#amend").get_by_label("发布日期")
    page.wait_for_function(
        "() => [...document.querySelectorAll('#amend textarea, #amend input')]"
        ".some((box) => box.value === '2025-04-19')"
    )
    box.fill("2024-03-05")
    page.get_by_role("button", name="更正并更新").click()
    page.locator("#amended", has_text="新增").wait_for()
    (set_now,) = server.assistant.corrected[-1].values()
    assert set_now == Correction(published="2024-03-05")


@pytest.mark.browser
def test_seen_and_corrected_in_the_corner(visit: Visit, server: Served) -> None:
    page = enter(visit)
    give(page, ("停保.txt", TEXT))
    page.locator("#preview", has_text="1.《停保怎么办理》").wait_for()
    page.get_by_text("更正标题、发布者等").click()
    # what was read comes into the form with the preview, but not in the same moment
    page.wait_for_function(
        "[...document.querySelectorAll('#correct textarea, #correct input')]"
        ".some(e => e.value === '停保怎么办理')"
    )
    page.get_by_label("发布日期").fill("去年")
    page.get_by_role("button", name="记下更正").click()
    page.locator("#corrected", has_text="日期「去年」认不出").wait_for()
    page.get_by_label("发布日期").fill("2024-03-01")
    page.get_by_role("button", name="记下更正").click()
    page.locator("#preview", has_text="日期：2024-03-01").wait_for()
    page.get_by_role("button", name="添加并更新").click()
    page.get_by_text("新增 1，更新 0，移除 0").wait_for()
    assert server.assistant.refreshed[-1] == (("停保.txt",), False)
    (set_now,) = server.assistant.corrected[-1].values()
    assert set_now == Correction(published="2024-03-01")
