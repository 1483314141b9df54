"""What a zip archive may hold: bounded by ratio, count and sum before anything is unpacked."""

from __future__ import annotations

import io
import stat
import struct
import time
import zipfile
from pathlib import Path

import pytest

from corpus.reading import discover, read
from corpus.reading.archives import MOST_MEMBERS, RATIO, too_much

GOOD = "怎么停保\n\n到第1号窗口提交停保申请，15天内办结。\n".encode()
BOMB, TOTAL = "压缩比异常", "总量过大"


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return out.getvalue()


def reasons(path: Path) -> set[str]:
    return {s.reason for s in discover(path)[1]}


@pytest.mark.parametrize("size", [20_000, 100_000, 1_000_000, 1_990_000, 5_000_000])
def test_no_member_is_too_small_to_be_a_bomb(size: int, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed({"x.txt": b"a" * size, "good.txt": GOOD}))
    reading = read(tmp_path)
    assert [a.id for a in reading.articles] == ["a.zip/good.txt"]
    assert [s.reason[:5] for s in reading.skipped] == [BOMB]


def test_four_hundred_of_them_take_no_time(tmp_path: Path) -> None:
    """Each of 1.9 MB at a ratio of some 490: 760 MB that nobody unpacks."""
    row = "医保断缴怎么补缴，到窗口办理。".encode()
    one = (row * 60_000)[:1_900_000]
    assert len(one) > 2 * RATIO * (len(packed({"x": one})) - 120)
    (tmp_path / "a.zip").write_bytes(packed({f"{n}.txt": one for n in range(400)}))
    begun = time.monotonic()
    reading = read(tmp_path)
    assert time.monotonic() - begun < 30
    assert reading.articles == ()
    assert {s.reason[:5] for s in reading.skipped} == {BOMB}


def test_what_stays_below_the_ratio_is_bounded_in_sum() -> None:
    assert too_much(20_000_000, 1) == ""
    assert TOTAL in too_much(20_000_001, 1)
    assert too_much(400_000_000, 10_000_000) == ""
    assert TOTAL in too_much(400_000_001, 10_000_000)
    assert too_much(1_000_000_000, 900_000_000) == ""
    assert TOTAL in too_much(1_000_000_001, 900_000_000)


def test_members_that_share_their_bytes_are_bounded_in_sum(tmp_path: Path) -> None:
    """Thousands of entries of one and the same packed text: the file is small, what they say of
    themselves together is not."""
    text = "\n".join(f"第{n}号窗口第{n * n}天办结。" for n in range(20_000)).encode()
    data = packed({"0.txt": text})
    at = data.rindex(b"PK\x01\x02")
    entry, end = data[at:-22], data[-22:]
    many = b"".join(entry[:46] + f"{n % 10}.txt".encode() + entry[51:] for n in range(200))
    count = struct.pack("<HHII", 200, 200, len(many), at)
    (tmp_path / "a.zip").write_bytes(data[:at] + many + end[:8] + count + end[20:])
    assert [TOTAL in reason for reason in reasons(tmp_path)] == [True]


def test_a_list_of_members_that_is_too_long_is_not_read(tmp_path: Path) -> None:
    """An end that speaks of a list of 100 MB: ``ZipFile`` would read all of it."""
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 9, 9, 100_000_000, 0, 0)
    (tmp_path / "a.zip").write_bytes(bytes(1000) + end)
    assert reasons(tmp_path) == {f"压缩包内文件超过 {MOST_MEMBERS} 个；请拆分后重试"}
    end_64 = b"PK\x06\x06" + bytes(36) + struct.pack("<QQ", 1 << 40, 0)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 9, 9, 0xFFFFFFFF, 0, 0)
    (tmp_path / "a.zip").write_bytes(bytes(1000) + end_64 + end)
    assert reasons(tmp_path) == {f"压缩包内文件超过 {MOST_MEMBERS} 个；请拆分后重试"}


def test_archives_in_archives_are_named_and_not_followed(tmp_path: Path) -> None:
    inner = packed({"secret.txt": GOOD})
    (tmp_path / "a.zip").write_bytes(packed({"b.zip": inner, "c.ZIP": inner, "good.txt": GOOD}))
    reading = read(tmp_path)
    assert [a.id for a in reading.articles] == ["a.zip/good.txt"]
    assert [s.reason[:12] for s in reading.skipped] == ["压缩包里还有压缩包，已跳"] * 2


def test_links_in_an_archive_are_named_and_not_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as target:
        target.writestr(link, "/etc/passwd")
        target.writestr("good.txt", GOOD)
    reading = read(tmp_path)
    assert [a.id for a in reading.articles] == ["a.zip/good.txt"]
    assert [s.reason for s in reading.skipped] == ["压缩包里的链接不会打开，已跳过；请放入文件本身"]


def test_of_two_members_of_one_name_the_first_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as target:
        target.writestr("a.txt", GOOD)
        with pytest.warns(UserWarning, match="Duplicate name"):
            target.writestr("a.txt", GOOD.replace("15天".encode(), "30天".encode()))
    (article,) = read(tmp_path).articles
    assert "15天" in article.text


@pytest.mark.parametrize("said", [300_000, 1])
def test_a_list_of_members_is_not_taken_in_whatever_its_end_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: int
) -> None:
    """300,000 entries of 52 bytes: fewer bytes than 50,000 members may have, and a number that lies."""
    entries = b"".join(
        b"PK\x01\x02" + b"\0" * 24 + struct.pack("<HHH", 6, 0, 0) + b"\0" * 12 + b"%06d" % n
        for n in range(300_000)
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, min(said, 0xFFFF), min(said, 0xFFFF),
                      len(entries), 0, 0)  # fmt: skip
    (tmp_path / "a.zip").write_bytes(entries + end)

    def never(*_: object) -> None:
        raise AssertionError("the list was taken in")

    monkeypatch.setattr("zipfile.ZipFile", never)
    assert reasons(tmp_path) == {f"压缩包内文件超过 {MOST_MEMBERS} 个；请拆分后重试"}
