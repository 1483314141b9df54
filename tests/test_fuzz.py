"""A short run of the fuzzer: damaged files and strange questions break nothing.

``python -m benchmarks.fuzz`` runs for longer and with other seeds.
"""

import pytest

from assistant import Assistant
from benchmarks.damage import damaged, originals
from benchmarks.fuzz import Tally, main, run, shown

PATIENT = 120.0  # seconds by the clock: other tests may be at work on the same machine
FILES = tuple(kind for kind in originals() if kind != "question")


def problems(tallies: dict[str, Tally]) -> list[str]:
    return [f"{kind} {told}" for kind, tally in tallies.items() for told in tally.told]


def test_damaged_files_of_every_kind() -> None:
    found = run(FILES, seed=0, count=6, slow=PATIENT)
    assert problems(found) == []
    assert {tally.count for tally in found.values()} == {6}


def test_strange_questions(shipped: Assistant) -> None:
    found = run(("question",), seed=0, count=40, assistant=shipped, slow=PATIENT)
    assert problems(found) == []


def test_the_same_number_is_the_same_file() -> None:
    assert damaged("pdf", 3, 5) == damaged("pdf", 3, 5) != damaged("pdf", 4, 5)


def test_what_breaks_is_counted_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_down(*_: object) -> str:
        raise ValueError("here")

    monkeypatch.setattr("benchmarks.fuzz._judged", break_down)
    found = run(("txt",), seed=7, count=2)
    assert (found["txt"].count, found["txt"].broke) == (2, 2)
    assert "txt 1: broke: ValueError: here" in shown(found, 7)
    monkeypatch.setattr("sys.argv", ["fuzz", "--seed", "7", "--count", "1", "--kind", "txt"])
    assert main() == 1
    assert "seed 7" in capsys.readouterr().out
