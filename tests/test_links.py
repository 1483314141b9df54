"""Links are followed within what was given; one that leads out is named and not followed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from corpus.reading import read
from corpus.reading.links import OUTSIDE, Bounds
from index.sources import Provenance, scan

AS_ANY = Provenance(Path("nowhere"))
"""What is read is believed as any page is."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
GOOD = "怎么停保\n\n到第1号窗口提交停保申请，15天内办结。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to be given, beside one that was not."""
    for name in ("given/own.txt", "given/sub/deep.txt", "other/secret.txt", "other/sub/far.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{GOOD}{name}在此。\n", encoding="utf-8")
    return tmp_path / "given"


def ids(folder: Path | str) -> list[str]:
    return [article.id for article in read(folder).articles]


def passed_over(folder: Path | str) -> dict[str, str]:
    return {Path(s.path).name: s.reason for s in read(folder).skipped}


@pytest.mark.parametrize(
    "target",
    ["../other/secret.txt", "../other", "..", "/", "../given/../other/secret.txt", "hop.txt"],
)
def test_a_link_that_leads_out_is_named(folder: Path, target: str) -> None:
    (folder / "hop.txt").symlink_to("../other/secret.txt")
    if target != "hop.txt":
        (folder / "hop.txt").unlink()
    (folder / "link.txt").symlink_to(target)
    assert ids(folder) == ["own.txt", "sub/deep.txt"]
    assert passed_over(folder)["link.txt"] == OUTSIDE


def test_an_absolute_link_to_an_archive_outside(folder: Path, tmp_path: Path) -> None:
    (folder / "all.zip").symlink_to(tmp_path / "all.zip")
    (tmp_path / "all.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    assert passed_over(folder) == {"all.zip": OUTSIDE}


def test_a_link_out_of_a_folder_behind_a_link(folder: Path) -> None:
    """Within, then out: each step is looked at."""
    (folder / "a").symlink_to("sub", target_is_directory=True)
    (folder / "sub" / "out.txt").symlink_to("../../other/secret.txt")
    found = ids(folder)
    assert "own.txt" in found
    assert not [i for i in found if "out" in i]
    assert passed_over(folder)["out.txt"] == OUTSIDE


def test_links_within_are_followed_once(folder: Path) -> None:
    (folder / "again.txt").symlink_to("sub/deep.txt")
    (folder / "up").symlink_to(".", target_is_directory=True)
    (folder / "sub" / "up").symlink_to("..", target_is_directory=True)
    assert ids(folder) == ["again.txt", "own.txt", "sub/deep.txt"]
    assert {reason[:6] for reason in passed_over(folder).values()} == {"链接指回已读"}


def test_links_that_go_round_end(folder: Path) -> None:
    (folder / "one").symlink_to("two")
    (folder / "two").symlink_to("one")
    (folder / "gone.txt").symlink_to("nowhere.txt")
    assert ids(folder) == ["own.txt", "sub/deep.txt"]
    assert set(passed_over(folder)) == {"one", "two", "gone.txt"}


def test_what_is_given_itself_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "here").symlink_to(folder, target_is_directory=True)
    (tmp_path / "this.txt").symlink_to(folder / "own.txt")
    assert ids(tmp_path / "here") == ["own.txt", "sub/deep.txt"]
    assert ids(tmp_path / "this.txt") == ["this.txt"]


def test_a_pattern_is_bounded_by_the_folder_before_it(folder: Path) -> None:
    (folder / "out.txt").symlink_to("../other/secret.txt")
    (folder / "out").symlink_to("../other", target_is_directory=True)
    assert ids(f"{folder}/*.txt") == ["own.txt"]
    assert ids(f"{folder}/**/*.txt") == ["deep.txt", "own.txt"]
    assert set(passed_over(f"{folder}/*")) == {"out.txt", "out"}


def test_what_was_read_before_the_link_led_out_stays(folder: Path, tmp_path: Path) -> None:
    before = scan([folder], {}, AS_ANY)
    (folder / "sub" / "deep.txt").unlink()
    (folder / "sub" / "deep.txt").symlink_to(tmp_path / "other" / "secret.txt")
    after = scan([folder], before.sources, AS_ANY)
    assert after.changes.removed == ()
    assert after.sources == before.sources
    assert [s.reason for s in after.skipped] == [OUTSIDE]


def test_bounds(folder: Path) -> None:
    bounds = Bounds(folder)
    assert bounds.hold(folder)
    assert bounds.hold(folder / "sub" / "deep.txt")
    assert not bounds.hold(f"{folder}2/a.txt")
    assert not bounds.hold(folder.parent)
    assert Bounds(Path("/")).hold("/etc")
