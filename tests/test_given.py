"""What people hand in: blank paths are errors, what is no character is shown as such."""

from __future__ import annotations

from pathlib import Path

import pytest

import app
from assistant import Assistant
from assistant.__main__ import main as talk
from corpus.errors import InputError
from corpus.given import characters, path_given, readable
from corpus.reading import discover, read
from corpus.settings import ROOT, Settings
from index.__main__ import main
from index.encoder import Encoder

BLANK = "路径是空的"


def test_a_path_is_taken_as_it_is_written() -> None:
    assert path_given("a b/停保.md") == Path("a b/停保.md")
    assert path_given(Path("x")) == Path("x")
    assert path_given(".") == Path()
    assert path_given("~/x") == Path.home() / "x"
    assert path_given("~nobody-of-this-name/x") == Path("~nobody-of-this-name/x")


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u3000"])
def test_a_blank_path_is_an_error(blank: str) -> None:
    with pytest.raises(InputError, match=BLANK):
        path_given(blank)
    files, skipped = discover(["", blank])
    assert files == []
    assert all(s.reason.startswith(BLANK) for s in skipped)


def test_a_path_that_can_be_none() -> None:
    with pytest.raises(InputError, match="空字符"):
        path_given("a\0b")
    assert read("a\0b").skipped[0].path == "a\\x00b"


@pytest.mark.parametrize(
    "command",
    [
        ["refresh", ""],
        ["refresh", "", "--remove"],
        ["refresh", " ", "--watch"],
        ["refresh", "corpus/articles", ""],
        ["refresh", "", "--dry-run", "--json"],
        ["refresh", "corpus/articles", "--store", ""],
        ["status", "--store", ""],
        ["search", "停保", "--store", " "],
        ["verify", "--store", ""],
        ["gaps", "--feedback", ""],
    ],
)
def test_no_command_takes_a_blank_path_for_the_current_folder(
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("怎么停保\n\n到窗口办理。\n", encoding="utf-8")
    assert main(command) == 2
    told = capsys.readouterr().err
    assert told.startswith(BLANK)
    assert len(told.splitlines()) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_nor_do_the_page_and_the_talk(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["--store", ""]) == 1
    assert talk(["--store", "", "怎么停保"]) == 2
    assert [line[: len(BLANK)] for line in capsys.readouterr().err.splitlines()] == [BLANK, BLANK]


@pytest.mark.parametrize("options", [{}, {"remove": True}, {"dry_run": True}])
def test_nor_does_the_library(
    options: dict[str, bool], tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.refresh.statutes", lambda: ())
    yibao = Assistant.create(tmp_path / "store", encoder=encoder)
    monkeypatch.chdir(tmp_path)
    for paths in ([""], ["   "], [str(ROOT / "corpus" / "articles" / "政策"), ""]):
        with pytest.raises(InputError, match=BLANK):
            yibao.refresh(*paths, **options)
    with pytest.raises(InputError, match="没有说明要移除什么"):
        yibao.refresh(remove=True)
    with pytest.raises(InputError, match=BLANK):
        Assistant.create("", encoder=encoder)
    with pytest.raises(InputError, match=BLANK):
        Assistant.open("", encoder=encoder)
    assert yibao.retriever.index.size == 0


def test_a_blank_setting_is_not_set() -> None:
    assert Settings.from_environment({"YIBAO_STORE": " ", "YIBAO_ARTICLES": ""}) == (
        Settings.from_environment({})
    )


def test_what_is_watched_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "nothing"
    assert main(["refresh", str(missing), "--watch", "--store", str(tmp_path / "store")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1].startswith(f"路径不存在：{missing}")


def test_halves_of_characters() -> None:
    assert characters("断缴\ud800怎么办\udcff") == "断缴\ufffd怎么办\ufffd"
    assert characters("😀断缴") == "😀断缴"


def test_names_stay_apart_and_move_no_cursor() -> None:
    names = ["停保.md", "a\udcd6.md", "a\udcd7.md", "a\x1b[31m.md", "a\n.md", "a\u202ex.md"]
    shown = [readable(name) for name in names]
    assert shown == [
        "停保.md", "a\\xd6.md", "a\\xd7.md", "a\\x1b[31m.md", "a\\x0a.md", "a\\u202ex.md",
    ]  # fmt: skip
    assert [readable(name) for name in shown] == shown
