"""The progress bar: one for each stage, with what is done and how long it takes."""

from __future__ import annotations

import pytest

from index.progress import bar


def test_a_bar_for_each_stage(capsys: pytest.CaptureFixture[str]) -> None:
    with bar() as progress:
        for done in (1, 2, 3):
            progress("files", done, 3)
        progress("passages", 256, 300)
        progress("passages", 300, 300)
    lines = capsys.readouterr().err.replace("\r", "\n").split("\n")
    assert any(line.startswith("读取文件: 100%") and "3/3" in line for line in lines)
    assert any(line.startswith("计算向量: 100%") and "300/300" in line for line in lines)


def test_nothing_done_nothing_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with bar():
        pass
    assert capsys.readouterr().err == ""
