"""What the README shows is what the program does, and the map of the house has every module."""

from __future__ import annotations

import readme

from assistant import Assistant


def test_the_example_is_the_real_answer(shipped: Assistant) -> None:
    answer = shipped.ask(readme.QUESTION, today=readme.DAY).to_markdown()
    assert readme.example(answer) in readme.README.read_text(encoding="utf-8")


def test_the_map_has_every_module() -> None:
    assert readme.file_map() in readme.ARCHITECTURE.read_text(encoding="utf-8")


def test_every_module_says_what_it_is() -> None:
    missing = [p for room in readme.ROOMS for p in readme.modules(room) if not readme.sentence(p)]
    assert missing == []
