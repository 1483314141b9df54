"""Removing one file removes no other, whatever the two are called; a pattern means what it says."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from store_kit import build, page

from corpus.errors import InputError
from index import sources
from index.sources import Provenance, SourceFile, place_of, remove, scan

AS_ANY = Provenance(Path("nowhere"))
"""What is read is believed as any page is."""

ONE_AND_ANOTHER = [
    ("a.txt", "aa.txt"),
    ("a.txt", "a.txt.txt"),
    ("a/x.txt", "ab/x.txt"),
    ("a/x.txt", "a/b/x.txt"),
    ("x.txt", "a/x.txt"),
    ("通知[1].txt", "通知1.txt"),
    ("通知?.txt", "通知甲.txt"),
    ("通知*.txt", "通知甲.txt"),
    ("[a]/x.txt", "a/x.txt"),
    ("caf\u00e9.txt", "cafe\u0301.txt"),
    ("A.txt", "a.txt"),
    ("a.txt", "a.txt\u200b.txt"),
    ("停保.txt", "停保 .txt"),
    ("\udcd6.txt", "\udcd7.txt"),
]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take some of these for one name")
@pytest.mark.parametrize(("one", "another"), ONE_AND_ANOTHER)
def test_the_other_stays(one: str, another: str, tmp_path: Path) -> None:
    folder, store = tmp_path / "in", tmp_path / "store"
    for number, name in enumerate((one, another)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(number), encoding="utf-8")
    assert build(store, folder).added == 2
    known = place_of(folder / another)
    report = build(store, folder / one, remove=True)
    assert report.files.removed == (place_of(folder / one),)
    assert report.removed == 1
    assert build(store, folder / another).unchanged == 1
    assert build(store, folder / another, remove=True).files.removed == (known,)


def held(*places: str) -> dict[str, SourceFile]:
    return {place: SourceFile(place, place, "", "", ()) for place in places}


def gone(path: str, *places: str) -> tuple[str, ...]:
    return remove([path], held(*places)).changes.removed


PLACES = ("/d/a1.txt", "/d/a2.txt", "/d/b.txt", "/d/sub/a3.txt", "/d/sub/deep/a4.txt", "/e/a1.txt")


@pytest.mark.parametrize(
    ("pattern", "removed"),
    [
        ("/d/a*.txt", ("/d/a1.txt", "/d/a2.txt")),
        ("/d/*", PLACES[:5]),
        ("/d/s*", PLACES[3:5]),
        ("/d/**/a*.txt", ("/d/a1.txt", "/d/a2.txt", "/d/sub/a3.txt", "/d/sub/deep/a4.txt")),
        ("/d/sub/**", PLACES[3:5]),
        ("/d/a?.txt", ("/d/a1.txt", "/d/a2.txt")),
        ("/d/[!b]*.txt", ("/d/a1.txt", "/d/a2.txt")),
        ("/d/a[2-3].txt", ("/d/a2.txt",)),
        ("/?/a1.txt", ("/d/a1.txt", "/e/a1.txt")),
    ],
)
def test_a_pattern_means_what_it_means_when_files_are_taken_in(
    pattern: str, removed: tuple[str, ...]
) -> None:
    assert gone(pattern, *PLACES) == removed


@pytest.mark.parametrize("path", ["/d/a.txt", "/d/?.md", "a1.txt", "/d/A1.txt", "/d/su"])
def test_what_is_not_known_is_an_error(path: str) -> None:
    with pytest.raises(InputError, match="没有来自"):
        gone(path, *PLACES)


def test_the_project_s_folder_and_what_is_above_hold_what_lies_below(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Places below the project's folder are kept without it."""
    inside, outside = "corpus/articles/a.md", "/somewhere/b.md"
    for path in (sources.ROOT, sources.ROOT.parent):
        assert gone(str(path), inside, outside) == (inside,)
    monkeypatch.chdir(sources.ROOT)
    assert gone(".", inside, outside) == (inside,)
    with pytest.raises(InputError):
        gone(str(sources.ROOT) + "x", inside, outside)


def test_a_hidden_file_that_was_given_by_itself_stays(tmp_path: Path) -> None:
    """A search of its folder passes it over, and that is not its end."""
    (tmp_path / ".own").mkdir()
    for name in (".own/a.txt", "b.txt"):
        (tmp_path / name).write_text(page(3), encoding="utf-8")
    found = scan([tmp_path / ".own"], {}, AS_ANY)
    found = scan([tmp_path], found.sources, AS_ANY)
    assert sorted(map(os.path.basename, found.sources)) == ["a.txt", "b.txt"]
    (tmp_path / "b.txt").unlink()
    found = scan([tmp_path], found.sources, AS_ANY)
    assert found.changes.removed == (place_of(tmp_path / "b.txt"),)
