"""Files on their way in: by token alone, one name one file, and nothing else is read or removed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from page_kit import PASSWORD, Served, in_thread, serve, sharing

from assistant.page.admin.changes import Change
from assistant.page.admin.door import Door
from assistant.page.admin.intake import taken_in
from assistant.page.admin.library import keep, place_in, safe_name
from assistant.page.admin.uploads import Uploads
from assistant.page.buckets import Taking
from assistant.page.limits import Rate
from assistant.page.shared import Shared
from corpus.errors import InputError
from index.sources import place_of


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = serve(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def uploads() -> Iterator[Uploads]:
    made = Uploads(most=3)
    yield made
    made.close()


def take(served: Served, uploads: Uploads, *given: Any, dry_run: bool = False) -> str:
    return taken_in(
        served.app.corner.editing, uploads, given, dry_run=dry_run, tell=lambda *_: None
    )


def remove(served: Served, path: Path) -> None:
    served.app.corner.editing.carry([Change("remove", place_of(path))], who="王芳")


def put(uploads: Uploads, name: str, text: str = "# 题\n文") -> list[str]:
    return [uploads.add(name, text.encode()), name]


# --- tokens --------------------------------------------------------------------------------------


def test_a_token_stands_for_what_was_given(uploads: Uploads) -> None:
    token = uploads.add("甲.md", b"1")
    assert uploads.get(token).path.read_bytes() == b"1"
    assert uploads.get(token).name == "甲.md"
    for _ in range(3):
        uploads.add("乙.md", b"2")
    with pytest.raises(InputError, match="不是从本页面上传的文件"):
        uploads.get(token)


@pytest.mark.parametrize(
    "forged",
    ["/etc/passwd", ["/etc/passwd", "a.md"], {"path": "/etc/passwd"}, None, 5, [], [["x"], "a.md"], ["x", "y", "z"]],
)  # fmt: skip
def test_nothing_else_is_read(served: Served, uploads: Uploads, forged: Any) -> None:
    secret = served.folder / "secret.md"
    secret.write_text("geheim", encoding="utf-8")
    told = take(served, uploads, forged, [str(secret), "a.md"], dry_run=True)
    assert told.count("未收下") == 2
    assert "geheim" not in told
    assert served.assistant.refreshed == []


def test_a_forged_path_gives_nothing_away(served: Served) -> None:
    """As the admin's session would send it, in each of the values that the page's functions take."""
    secret = served.folder / "secret.md"
    secret.write_text("# geheim\ngeheim", encoding="utf-8")
    file = {"path": str(secret), "orig_name": "a.md", "meta": {"_type": "gradio.FileData"}}
    with httpx.Client(base_url=served.url, timeout=120) as client:
        client.post("admin/login", data={"password": PASSWORD})
        config = client.get("admin/config").json()
        for number, wanted in enumerate(d["inputs"] for d in config["dependencies"]):
            for value in (file, [file], [[file, "a.md"]], [[str(secret), "a.md"]]):
                session = f"s{number}"
                data = [value] * (len(wanted) - 1) + [True] if wanted else []
                body = {"data": data, "fn_index": number, "session_hash": session}
                joined = client.post("admin/gradio_api/queue/join", json=body)
                if joined.status_code == 200:
                    with client.stream(
                        "GET", "admin/gradio_api/queue/data", params={"session_hash": session}
                    ) as stream:
                        assert "geheim" not in "".join(stream.iter_text())
        for door in ("file=", "file/", "proxy="):
            assert client.get(f"admin/gradio_api/{door}{secret}").status_code == 403
    assert served.assistant.refreshed == []


def test_the_upload_door_gives_tokens(served: Served) -> None:
    with httpx.Client(base_url=served.url) as client:
        client.post("admin/login", data={"password": PASSWORD})
        files = [("files", (name, b"# x")) for name in ("a.md", "../../b.md")]
        tokens = client.post("admin/gradio_api/upload", files=files).json()
        assert len(set(tokens)) == 2
        assert not any("/" in token or "." in token for token in tokens)
        many = [("files", (f"{n}.md", b"x")) for n in range(60)]
        answer = client.post("admin/gradio_api/upload", files=many)
    assert (answer.status_code, answer.json()["detail"]) == (400, "一次最多 50 个文件。")


# --- names ---------------------------------------------------------------------------------------

ALIKE = (
    "政策 1.md", "政策_1.md", "政策(1).md", "政策[1].md", "政策?1.md", "政策__1.md", "_政策_1.md",
    "政策 1.MD", "政策　1.md", "长" * 90 + "甲.md", "长" * 90 + "乙.md", "e\u0301.md", "\u00e9.md",
)  # fmt: skip


def test_names_that_differ_stay_apart(served: Served, uploads: Uploads) -> None:
    assert len({safe_name(name) for name in ALIKE}) == len(ALIKE)
    for name in ALIKE:
        take(served, uploads, put(uploads, name, f"# {name}"))
    kept = list((served.folder / "uploads").iterdir())
    assert len(kept) == len(ALIKE)


def test_names_that_differ_in_case_stay_apart(tmp_path: Path) -> None:
    one, two = keep(tmp_path, "Policy.md", b"1"), keep(tmp_path, "policy.md", b"2")
    assert one.name.casefold() != two.name.casefold()
    assert keep(tmp_path, "policy.md", b"3") == two
    assert keep(tmp_path, "Policy.md", b"4") == one
    assert (one.read_bytes(), two.read_bytes()) == (b"4", b"3")
    assert place_in(tmp_path / "nowhere", "a.md") == tmp_path / "nowhere" / "a.md"


def test_a_trial_says_what_it_would_replace(served: Served, uploads: Uploads) -> None:
    first = put(uploads, "政策.md")
    assert "替换" not in take(served, uploads, first, dry_run=True)
    assert "替换" not in take(served, uploads, first)
    second, other = put(uploads, "政策.md", "# 新\n新"), put(uploads, "政策2.md")
    told = take(served, uploads, second, other, dry_run=True)
    assert [line for line in told.split("\n") if line.startswith("替换")] == [
        "替换：政策.md（同名文件已在资料里，更新后以新文件为准）"
    ]
    kept = served.folder / "uploads" / "政策.md"
    assert kept.read_text(encoding="utf-8") == "# 题\n文"
    assert list((served.folder / "uploads" / "trial").iterdir()) == []


def test_removing_a_file_removes_no_other(served: Served, uploads: Uploads) -> None:
    for name in ("政策.md", "政策 .md"):
        take(served, uploads, put(uploads, name))
    elsewhere = served.folder / "else" / "uploads" / "政策.md"
    elsewhere.parent.mkdir(parents=True)
    elsewhere.write_text("x", encoding="utf-8")
    folder = served.folder / "uploads"
    before = {p.name for p in folder.iterdir()}
    remove(served, elsewhere)
    assert {p.name for p in folder.iterdir()} == before
    assert elsewhere.exists()
    remove(served, folder / "政策.md")
    assert {p.name for p in folder.iterdir()} == before - {"政策.md"}


# --- the door ------------------------------------------------------------------------------------


def test_the_right_password_waits_for_nobodys_failures(tmp_path: Path) -> None:
    async def scene(shared: Shared) -> tuple[str, str, bool]:
        door = Door("geheim", shared)
        wrong = [asyncio.create_task(door.enter("falsch", "a")) for _ in range(20)]
        await asyncio.sleep(0)
        same = await door.enter("geheim", "a")
        other = await door.enter("geheim", "b")
        pending = not all(task.done() for task in wrong)
        for task in wrong:
            task.cancel()
        return same, other, pending

    with sharing(tmp_path) as shared:
        same, other, pending = in_thread(scene(shared))
    assert same
    assert other
    assert pending


def test_guesses_of_an_address_are_counted(tmp_path: Path) -> None:
    async def scene(door: Door) -> list[bool]:
        return [await door.patience("a") > 0 for _ in range(31)] + [await door.patience("b") > 0]

    with sharing(tmp_path) as shared:
        refused = in_thread(scene(Door("geheim", shared, clock=lambda: 0.0)))
    assert refused == [False] * 30 + [True, False]


def test_too_many_guesses_are_told(tmp_path: Path) -> None:
    served = serve(tmp_path)
    buckets = served.app.desk.shared.buckets
    buckets._clock = lambda: 1000.0
    buckets.take([Taking("try 127.0.0.1", 30, Rate(0.5, 30))])  # in another process, as it were
    answer = httpx.post(served.url + "admin/login", data={"password": PASSWORD}, timeout=60)
    served.stop()
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "2"
    assert "密码试得太多了，请过 2 秒再试。" in answer.text
