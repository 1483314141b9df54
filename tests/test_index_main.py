"""The command line of the index: what it prints and how it ends."""

from __future__ import annotations

import csv
import io
import json
import runpy
import sys
from pathlib import Path

import pytest
from store_kit import PairEncoder, piece, two_statutes, write_pages

from index.__main__ import main
from index.feedback import Feedback


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)
    monkeypatch.setattr("index.commands.open_encoder", lambda *_, **__: PairEncoder())


@pytest.fixture
def store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    pages = write_pages(tmp_path / "in", range(5))
    assert main(["refresh", str(pages), "--store", str(tmp_path / "store")]) == 0
    assert "新增 5" in capsys.readouterr().out
    return str(tmp_path / "store")


def said(capsys: pytest.CaptureFixture[str]) -> object:
    return json.loads(capsys.readouterr().out)


def test_refresh_as_json(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_pages(tmp_path / "in", [9])
    assert main(["refresh", str(tmp_path / "in"), "--store", store, "--json"]) == 0
    report = said(capsys)
    assert isinstance(report, dict)
    assert (report["status"], report["added"], report["unchanged"]) == ("ok", 1, 5)


@pytest.mark.parametrize("options", [[], ["--remove"]])
def test_what_reads_files_starts_before_the_model_opens(
    store: str, tmp_path: Path, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where files will be read."""
    order: list[str] = []

    def opened(*_: object, **__: object) -> PairEncoder:
        order.append("model")
        return PairEncoder()

    monkeypatch.setattr("index.commands.start_early", lambda: order.append("reader"))
    monkeypatch.setattr("index.commands.open_encoder", opened)
    path = str(tmp_path / "in" / "0001.txt")
    assert main(["refresh", path, "--store", store, *options]) == 0
    assert order == (["model"] if options else ["reader", "model"])


def test_refresh_ends_with_1_when_something_was_skipped(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in" / "empty.txt").write_text("", encoding="utf-8")
    assert main(["refresh", str(tmp_path / "in"), "--store", store]) == 1
    assert "empty.txt" in capsys.readouterr().out


def test_errors_are_one_sentence_and_2(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["refresh", "no/such/folder", "--store", store, "--json"]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "路径不存在" in captured.err
    assert json.loads(captured.out)["status"] == "failed"


@pytest.mark.parametrize("option", ["--remove", "--watch"])
def test_options_that_need_a_path_say_so(
    store: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["refresh", option, "--store", store]) == 2
    assert "需要 PATH" in capsys.readouterr().err


def test_remove_and_dry_run(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [str(tmp_path / "in" / "0001.txt"), "--store", store, "--remove"]
    assert main(["refresh", *paths, "--dry-run"]) == 0
    assert "没有写入" in capsys.readouterr().out
    assert main(["refresh", *paths]) == 0
    assert "移除 1" in capsys.readouterr().out


def test_status(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--store", store]) == 0
    text = capsys.readouterr().out
    assert "文章 5 篇" in text
    assert "FAISS 精确检索，recall@10 1.000" in text
    assert main(["status", "--store", store, "--json"]) == 0
    status = said(capsys)
    assert isinstance(status, dict)
    assert status["search"]["passages"] == {"kind": "flat", "recall@10": 1.0}
    assert status["outdated"] == []


def test_status_says_what_the_program_has_changed(
    store: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.WORDS_VERSION", "another")
    assert main(["status", "--store", store]) == 0
    assert "程序已更新（words）" in capsys.readouterr().out


def test_status_of_no_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--store", str(tmp_path)]) == 2
    assert "python -m index refresh" in capsys.readouterr().err


def test_search_explains_its_ranking(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "3号窗口", "怎么停保", "--store", store, "-k", "2"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("1. ")
    assert "cosine" in text
    assert main(["search", "3号窗口怎么停保", "--store", store, "--json", "-k", "2"]) == 0
    found = said(capsys)
    assert isinstance(found, dict)
    assert len(found["hits"]) == 2
    assert found["hits"][0]["why"]


def test_verify(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--store", store, "--all"]) == 0
    assert "完好" in capsys.readouterr().out
    path = piece(Path(store), "vectors")
    path.write_bytes(path.read_bytes()[:-1])
    assert main(["verify", "--store", store]) == 1
    assert "--rebuild" in capsys.readouterr().out


def test_gaps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feedback = str(tmp_path / "feedback.db")
    assert main(["gaps", "--feedback", feedback]) == 0
    assert "没有" in capsys.readouterr().out
    Feedback(feedback).record("生育津贴怎么领", status="refused")
    Feedback(feedback).record("=HYPERLINK(1)", status="refused", comment="+1")
    assert main(["gaps", "--feedback", feedback]) == 0
    assert "生育津贴怎么领（1 次" in capsys.readouterr().out
    assert main(["gaps", "--feedback", feedback, "--json"]) == 0
    gaps = said(capsys)
    assert isinstance(gaps, list)
    assert len(gaps) == 2
    assert main(["gaps", "--feedback", feedback, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["question"] for row in rows] == ["生育津贴怎么领", "'=HYPERLINK(1)"]
    assert rows[1]["comment"] == "'+1"


def test_gaps_of_files(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = tmp_path / "asked.txt"
    asked.write_text("明天下雨吗\n", encoding="utf-8")
    assert main(["gaps", str(asked), "--store", store, "--json"]) == 0
    captured = capsys.readouterr()
    assert "1 个问题：" in captured.err
    assert isinstance(json.loads(captured.out), list)
    assert main(["gaps", str(tmp_path / "none.jsonl"), "--store", store]) == 2
    assert "读不了" in capsys.readouterr().err


def test_python_m_index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    arguments = ["index", "status", "--store", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", arguments)
    monkeypatch.delitem(sys.modules, "index.__main__")
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("index", run_name="__main__")
    assert ended.value.code == 2


def test_a_reader_who_has_seen_enough_sees_no_traceback(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``status | head -1``: the pipe is closed while there is more to say."""

    def told(arguments: object) -> int:
        raise BrokenPipeError

    closed: list[tuple[int, int]] = []
    monkeypatch.setattr("index.options.status", told)
    monkeypatch.setattr("os.dup2", lambda *handles: closed.append(handles))
    monkeypatch.setattr("sys.stdout.fileno", lambda: 1, raising=False)
    assert main(["status", "--store", store]) == 1
    assert [target for _, target in closed] == [1]
