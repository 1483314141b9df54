"""Broken and hostile input: each is named in one line with the reason, all the others are read."""

import io
import os
import signal
import sys
import zipfile
from pathlib import Path

import pytest
from reading_samples import archive, pdf, word

from corpus.reading import discover, read
from corpus.reading.archives import MOST_MEMBERS

GOOD = "停保怎么办\n\n带身份证去窗口办理停保。".encode()
DEEP = 100_000


def bomb(size: int) -> bytes:
    return archive({"bomb.txt": b"a" * size, "good.txt": GOOD})


def renamed(data: bytes, name: bytes, other: bytes) -> bytes:
    assert len(name) == len(other)
    return data.replace(name, other)


def locked() -> bytes:
    """An archive whose only member says that it is encrypted."""
    data = bytearray(archive({"a.txt": GOOD}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


def html_bytes(inside: str) -> bytes:
    return f"<html><head><title>医保</title></head><body>{inside}</body></html>".encode()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
CASES: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "文件是空的"),
    "blank.txt": (b" \r\n\t\n", "文件是空的"),
    "nul.txt": (b"\xe5\x8c\xbb\0\0\0\xe4\xbf\x9d" * 40, "不是文本"),
    "nul.html": (html_bytes("<p>abc\0def</p>"), "不是文本"),
    "binary.md": (bytes(range(1, 256)) * 20, "文字编码|不是文本"),
    "western.txt": (("caf\xe9 d\xe9j\xe0 \xfcber " * 20).encode("latin-1"), "文字编码"),
    "kind.exe": (b"MZ", "不认识的文件类型「.exe」"),
    "plain": (b"x", "不认识的文件类型「无扩展名」"),
    "deep.html": (html_bytes("<div>" * DEEP + "医保"), "嵌套超过"),
    "deep_inline.html": (html_bytes("<b><i>" * (DEEP // 2) + "医保"), "嵌套超过"),
    "nothing.html": (html_bytes("<script>var a=1</script>"), "没有可用的正文"),
    "truncated.docx": (word("停保", [("", "去窗口。")])[:700], "已损坏或不完整"),
    "locked.docx": (OLE + "EncryptedPackage".encode("utf-16-le"), "密码保护"),
    "old.docx": (OLE, "旧版 Word"),
    "not.docx": (archive({"a.txt": GOOD}), "已损坏或不完整"),
    "bomb.docx": (archive({"word/document.xml": b" " * 40_000_000}), "压缩炸弹"),
    "pictures.pdf": (pdf([[], [], []]), "只有图片"),
    "locked.pdf": (pdf([["医保"]], encrypt="x"), "密码保护"),
    "truncated.pdf": (pdf([["医保怎么停"]])[:120], "已损坏|没有"),
    "not.pdf": (b"hello", "已损坏"),
    "not.mhtml": (b"Subject: hello\n\nworld", "没有网页正文"),
    "empty.mhtml": (b"Content-Type: text/html\n\n", "没有网页正文"),
    "no_heads.csv": ("甲,乙\n1,2\n".encode(), "表头里找不到问答列"),
    "broken.jsonl": (b"{\n[1, 2]\n", "第 1 行不是 JSON"),
    "deep.jsonl": (b"[" * DEEP, "第 1 行不是 JSON"),
    "not.zip": (b"PK\x03\x04 broken", "压缩包已损坏"),
}


@pytest.mark.parametrize("name", CASES)
def test_named_with_its_reason_and_the_others_read(tmp_path: Path, name: str) -> None:
    data, reason = CASES[name]
    (tmp_path / name).write_bytes(data)
    (tmp_path / "good.txt").write_bytes(GOOD)
    reading = read(tmp_path)
    assert [a.title for a in reading.articles] == ["停保怎么办"]
    (skipped,) = reading.skipped
    assert skipped.path == str(tmp_path / name)
    assert any(part in skipped.reason for part in reason.split("|")), skipped.reason
    assert "\n" not in skipped.reason
    assert "；" in skipped.reason  # the mend


ARCHIVES: dict[str, tuple[bytes, str, str]] = {
    "bomb.zip": (bomb(100_000_000), "bomb.txt", "压缩炸弹"),
    "climbs.zip": (
        renamed(archive({"xx_xx_a.txt": GOOD, "good.txt": GOOD}), b"xx_xx_a.txt", b"../../a.txt"),
        "../../a.txt",
        "指向包外",
    ),
    "root.zip": (
        renamed(archive({"xetc_a.txt": GOOD, "good.txt": GOOD}), b"xetc_a.txt", b"/etc_a.txt"),
        "/etc_a.txt",
        "指向包外",
    ),
    "windows.zip": (
        renamed(archive({"xx_xa.txt": GOOD, "good.txt": GOOD}), b"xx_xa.txt", b"..\\xa.txt"),
        "../xa.txt",
        "指向包外",
    ),
    "nested.zip": (
        archive({"inner.zip": archive({"a.txt": GOOD}), "good.txt": GOOD}),
        "inner.zip",
        "压缩包里还有压缩包",
    ),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_bad_member_is_named_and_the_others_read(tmp_path: Path, name: str) -> None:
    data, member, reason = ARCHIVES[name]
    (tmp_path / name).write_bytes(data)
    reading = read(tmp_path)
    assert [a.id for a in reading.articles] == [f"{name}/good.txt"]
    (skipped,) = reading.skipped
    assert skipped.path == f"{tmp_path / name}/{member}"
    assert reason in skipped.reason


def test_archive_with_a_password(tmp_path: Path) -> None:
    (tmp_path / "locked.zip").write_bytes(locked())
    (skipped,) = read(tmp_path).skipped
    assert "密码保护" in skipped.reason


def test_archive_whose_member_is_damaged(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        target.writestr("a.txt", GOOD)
        target.writestr("good.txt", GOOD)
    data = out.getvalue().replace(GOOD, GOOD[:-3] + b"\xe3\x80\x81", 1)
    (tmp_path / "a.zip").write_bytes(data)
    reading = read(tmp_path)
    assert [a.id for a in reading.articles] == ["a.zip/good.txt"]
    assert "已损坏" in reading.skipped[0].reason


def test_archive_of_too_many_or_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.zip").write_bytes(archive({f"{n}.txt": GOOD for n in range(3)}))
    monkeypatch.setattr("corpus.reading.archives.MOST_MEMBERS", 2)
    (skipped,) = read(tmp_path).skipped
    assert "超过 2 个" in skipped.reason
    monkeypatch.setattr("corpus.reading.archives.MOST_MEMBERS", MOST_MEMBERS)
    monkeypatch.setattr("corpus.reading.archives.LARGEST_TOTAL", 2 * len(GOOD))
    (skipped,) = read(tmp_path).skipped
    assert skipped.path == str(tmp_path / "a.zip")
    assert "总量过大" in skipped.reason


def test_a_file_of_200_megabytes_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as stream:
        stream.truncate(200_000_000)
    (tmp_path / "good.txt").write_bytes(GOOD)
    files, skipped = discover(tmp_path)
    assert [file.name for file in files] == ["good.txt"]
    assert [s.reason for s in skipped] == ["文件有 200 MB，超过 20 MB 的上限；请拆分后重试"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_link_loops_end(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_bytes(GOOD)
    (tmp_path / "sub" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    reading = read(tmp_path)
    assert [a.id for a in reading.articles] == ["sub/a.txt"]
    assert {(Path(s.path).name, s.reason[:2]) for s in reading.skipped} == {
        ("up", "链接"),
        ("self.txt", "链接"),
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in the file system")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (skipped,) = read(tmp_path).skipped
    assert "不是普通文件" in skipped.reason


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_the_right_to_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(GOOD)
    (tmp_path / "a.txt").chmod(0)
    (skipped,) = read(tmp_path).skipped
    assert "没有读取权限" in skipped.reason


def test_entities_and_other_files_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET", encoding="utf-8")
    data = word("停保", [("", "去窗口ENTITY办理。")])
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    xml = parts["word/document.xml"].decode()
    doctype = f'<!DOCTYPE d [<!ENTITY e SYSTEM "file://{secret}"><!ENTITY l "LOL">]>'
    xml = xml.replace("?>", "?>" + doctype, 1).replace("ENTITY办理", "&e;&l;办理")
    parts["word/document.xml"] = xml.encode()
    (tmp_path / "a.docx").write_bytes(archive(parts))
    text = "".join(a.text for a in read(tmp_path / "a.docx").articles)
    assert "去窗口" in text
    assert "SECRET" not in text


SLOW = {
    "bold.md": "**" * 200_000,
    "links.md": "[" * 200_000,
    "blanks.txt": "停保\n" + " " * 1_000_000 + "。",
    "inside.txt": "停保怎么办\n去" + " " * 300_000 + "窗口。",
    "dots.txt": "停保怎么办\n去" + "." * 300_000 + "窗口。",
    "ones.md": "停保怎么办\n去" + "一" * 300_000 + "窗口。",
    "brackets.md": "停保怎么办\n去" + "[" * 300_000 + "窗口。",
    "pipes.md": "停保怎么办\n" + "| " * 150_000 + "|",
    "quoted.md": "停保怎么办\n" + ">" * 300_000 + "去窗口。",
    "laughs.md": "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n停保怎么办\n去窗口。",
    "columns.csv": "问题,答案" + ",x" * 100_000 + "\n怎么停,去窗口" + ",y" * 100_000,
    "one_line.txt": "怎么办\n" + "大中小" * 180_000,
    "buttons.txt": "怎么办\n" + "\n".join(["首页 大 中 小 更多>"] * 20_000),
    "ages.txt": "怎么办\n" + "\n".join(["甲", "3分钟前"] * 20_000),
    "numbers.txt": "怎么办\n" + "\n".join(["一、"] * 20_000) + "\n去窗口办理。",
    "related.txt": "怎么办\n去窗口。\n" + "\n".join(["相关推荐"] * 20_000),
    "items.txt": "怎么办\n去窗口。\n相关推荐\n" + "\n".join(["怎么停保", "去窗口。"] * 8_000),
    "cells.html": "<table>" + "<tr><td colspan=9999 rowspan=9999>医保</td></tr>" * 2_000,
    "layout.html": "<table><tr><td>" * 100 + "医保怎么停保" * 10,
    "wide.html": "<p>" + "<a href=x>医保</a>" * 100_000,
    "attributes.html": "<div " + "class=x " * 200_000 + ">医保怎么停</div>",
    "title.html": "<title>" + "a - b_" * 100_000 + "</title><p>医保怎么停",
    "quotes.csv": "问题,答案\n" + '"' * 1_000_000,
    "front.md": "---\n" + "a: &x [*x]\n" * 10 + "---\n医保怎么停保",
    "yaml.md": "---\na: " + "[" * 50_000 + "\n---\n医保怎么停保",
}


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no alarms on this system")
@pytest.mark.parametrize("name", SLOW)
def test_nothing_hangs(tmp_path: Path, name: str) -> None:
    """Inputs at which a careless pattern or a recursion would take minutes or end the process."""
    (tmp_path / name).write_text(SLOW[name], encoding="utf-8")

    def give_up(*_: object) -> None:
        raise TimeoutError(name)

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(30)
    try:
        reading = read(tmp_path)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert len(reading.articles) + len(reading.skipped) > 0
    assert not any("TimeoutError" in s.reason for s in reading.skipped)


def test_a_title_of_no_characters_is_none(tmp_path: Path) -> None:
    page = html_bytes("<p>" + "\ufeff" * 60 + "到窗口提交停保申请。" * 9 + "</p>")
    (tmp_path / "a.html").write_bytes(page)
    (article,) = read(tmp_path).articles
    assert article.title.strip()
