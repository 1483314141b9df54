"""Formats beside web pages and Word: known by their content, read within bounds."""

from __future__ import annotations

import shutil
import stat
import sys
from pathlib import Path

import pytest
from office_samples import epub, ofd, pptx
from reading_samples import archive, pdf, word

from corpus.reading import FileReading, discover, read, read_each
from corpus.reading.opener import Opener
from corpus.reading.reader import read_one
from corpus.reading.sniff import told_kind

TEXT = "停保怎么办理\n\n参保人到医保经办窗口登记，次月起停止扣款。\n"
PAGE = "<!DOCTYPE html><html><head><title>停保怎么办理</title></head><body><p>参保人到窗口登记。</p></body></html>"


def here(path: Path) -> list[FileReading]:
    """The files at the path, read in this process, whose programs a test may take away."""
    files, _ = discover(path)
    with Opener() as opener:
        return [read_one(file, opener) for file in files]


@pytest.mark.parametrize(
    ("kind", "data", "told"),
    [
        (".doc", PAGE.encode("gbk"), ".html"), (".doc", b"{\\rtf1", ".rtf"), (".doc", word("a", []), ".docx"),
        (".wps", word("a", []), ".docx"), (".xls", b"<table><tr><td>1", ".html"), ("", PAGE.encode(), ".html"),
        ("", TEXT.encode(), ".txt"), (".0版", TEXT.encode(), ".txt"), (".txt", TEXT.encode(), ".txt"),
        (".md", PAGE.encode(), ".md"), (".jpg", b"\x89PNG\r\n\x1a\n", ".png"), (".jpeg", b"\xff\xd8\xff", ".jpeg"),
        (".zip", b"Rar!\x1a\x07\x00", ".rar"), (".pptx", pptx([("a", [])]), ".pptx"), ("", ofd(["甲"]), ".ofd"),
        (".doc", b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", ".mhtml"),
    ],
)  # fmt: skip
def test_known_by_content(kind: str, data: bytes, told: str) -> None:
    assert told_kind(kind, data) == told


def test_files_without_an_ending(tmp_path: Path) -> None:
    (tmp_path / "国务院关于停保的意见2016").write_text(TEXT, encoding="utf-8")
    (tmp_path / "办事指南V2.0版").write_text(PAGE, encoding="utf-8")
    (tmp_path / "Makefile").write_text("all:\n\ttrue\n", encoding="utf-8")
    reading = read(tmp_path)
    assert [a.text for a in reading.articles] == [
        "参保人到窗口登记。",
        "参保人到医保经办窗口登记，次月起停止扣款。",
    ]
    (skipped,) = reading.skipped
    assert skipped.reason.startswith("不认识的文件类型「无扩展名」")


def test_slides(tmp_path: Path) -> None:
    data = pptx(
        [("停保怎么办理", ["先到窗口登记。"]), ("草稿", ["不公开。"]), ("缴费标准", [])],
        hidden=[1],
        table=[["险种", "金额"], ["职工医保", "72.5元"]],
    )
    (tmp_path / "a.pptx").write_bytes(data)
    (article,) = read(tmp_path).articles
    assert article.title == "停保怎么办理"
    assert article.text.split("\n") == [
        "先到窗口登记。",
        "## 缴费标准",
        "险种：职工医保；金额：72.5元。",
    ]


def test_points_of_a_slide_are_items(tmp_path: Path) -> None:
    slides = [
        ("受理材料", ["发票原件", "费用清单", "出院小结"]),
        ("办理流程", ["1. 受理", "2. 审核"]),
    ]
    (tmp_path / "a.pptx").write_bytes(pptx(slides))
    (article,) = read(tmp_path).articles
    assert "- 发票原件\n- 费用清单\n- 出院小结" in article.text
    assert "1. 受理\n2. 审核" in article.text


def test_pages_that_are_pictures_are_named(tmp_path: Path) -> None:
    shutil.copy(_half_scanned(tmp_path), tmp_path / "in.pdf")
    (done,) = read_each(discover(tmp_path / "in.pdf")[0])
    assert done.left == ("第 2 页只有图片没有文字，未读；需要其中内容时请先做文字识别（OCR）",)
    assert (done.visible, done.doubtful) == (412, True)


def _half_scanned(folder: Path) -> Path:
    """A PDF of a page with words and one with a picture."""
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(pdf([["停保怎么办理", "先到窗口登记。"], []]))
    bitmap = pdfium.PdfBitmap.new_native(8, 8, pdfium.raw.FPDFBitmap_BGR)
    picture = pdfium.PdfImage.new(document)
    picture.set_bitmap(bitmap)
    page = document[1]
    page.insert_obj(picture)
    page.gen_content()
    document.save(folder / "half.bin")
    document.close()
    return folder / "half.bin"


def test_a_book_and_a_fixed_page(tmp_path: Path) -> None:
    (tmp_path / "a.epub").write_bytes(
        epub("医保手册", [("停保", "先到窗口登记。"), ("补缴", "由新单位申报。")])
    )
    (tmp_path / "b.ofd").write_bytes(
        ofd(["停保怎么办理", "参保人到窗口登记，", "次月起停止扣款。"])
    )
    found = read(tmp_path).articles
    assert [(a.title, a.text, a.source.publisher) for a in found] == [
        ("停保", "先到窗口登记。", "甲市医疗保障局"),
        ("补缴", "由新单位申报。", "甲市医疗保障局"),
        ("停保怎么办理", "参保人到窗口登记，次月起停止扣款。", ""),
    ]


@pytest.mark.parametrize("name", ["a.rar", "a.7z", "a.tar", "a.gz"])
def test_other_archives_get_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"Rar!\x1a\x07\x00 whatever")
    (skipped,) = read(tmp_path / name).skipped
    assert (
        skipped.reason
        == f"「{Path(name).suffix}」压缩包不能直接读取；请解压后给出其中的文件，或改用 .zip"
    )


@pytest.mark.parametrize("name", ["a.xlsx", "a.pptx", "a.doc", "a.xls", "a.docx"])
def test_locked_files_say_so(tmp_path: Path, name: str) -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    (tmp_path / name).write_bytes(locked + "EncryptedPackage".encode("utf-16-le"))
    (skipped,) = read(tmp_path).skipped
    assert skipped.reason == f"{Path(name).suffix} 文件有密码保护；请解除密码后重试"


def test_bombs_are_not_unpacked(tmp_path: Path) -> None:
    blank = b" " * 40_000_000
    members = {
        "a.pptx": "ppt/presentation.xml", "b.ofd": "OFD.xml", "c.epub": "META-INF/container.xml",
    }  # fmt: skip
    for name, part in members.items():
        extra = {"mimetype": b"application/epub+zip"} if name == "c.epub" else {}
        (tmp_path / name).write_bytes(archive({**extra, part: blank}))
    assert [s.reason[:5] for s in read(tmp_path).skipped] == ["压缩比异常"] * 3


def test_pictures_of_a_saved_page_go_unmentioned(tmp_path: Path) -> None:
    (tmp_path / "page_files").mkdir()
    (tmp_path / "page_files" / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 100_000)
    (tmp_path / "icon.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 100_000)
    files, skipped = discover(tmp_path)
    assert ([f.name for f in files], skipped) == (["scan.png"], [])


def test_without_the_extra_the_message_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.reading.ocr.is_installed", lambda: False)
    monkeypatch.setattr("corpus.reading.ocr.sys.version_info", (3, 11))
    (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 40_000)
    (tmp_path / "scan.pdf").write_bytes(pdf([[], []]))
    install = '请执行 pip install "rapidocr-onnxruntime==1.4.4" 后重试，或先做文字识别后另存为文本'
    assert [done.skipped[0].reason for done in here(tmp_path)] == [
        f"PDF 只有图片没有文字，需要文字识别（OCR）组件；{install}",
        f"图片中的文字，需要文字识别（OCR）组件；{install}",
    ]


def test_a_scan_says_that_a_machine_read_it(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr_onnxruntime", reason="the extra for OCR is not installed")
    font = next(Path("/usr/share/fonts").rglob("NotoSansCJK-Regular.ttc"), None)
    if font is None:
        pytest.skip("no Chinese font to draw a scan with")
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (1000, 400), "white")
    draw = ImageDraw.Draw(picture)
    for n, line in enumerate(("停保怎么办理", "参保人到医保经办窗口登记。")):
        draw.text((60, 60 + 100 * n), line, fill="black", font=ImageFont.truetype(str(font), 44))
    picture.save(tmp_path / "scan.png")
    (article,) = read(tmp_path / "scan.png").articles
    assert (article.title, article.text, article.read_by) == (
        "停保怎么办理", "参保人到医保经办窗口登记。", "OCR",
    )  # fmt: skip


def _program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{script}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le")


def test_old_word_files_name_the_program_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.reading.convert.shutil.which", lambda _: None)
    monkeypatch.setattr("corpus.reading.convert._PLACES", {})
    (tmp_path / "a.doc").write_bytes(OLD)
    (done,) = here(tmp_path)
    assert done.skipped[0].reason == (
        "读取「.doc」文件需要 LibreOffice（或 antiword、catdoc），本机没有找到；请安装（例如 apt install "
        "libreoffice，或从 libreoffice.org 下载）后重试，或另存为 .docx 后重试"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for LibreOffice is a script")
def test_old_word_files_go_through_libreoffice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made.docx").write_bytes(word("停保怎么办理", [("", "先到窗口登记。")]))
    _program(
        tmp_path,
        "soffice",
        "import pathlib, shutil, sys\n"
        "out = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1])\n"
        "out.mkdir()\n"
        "profile = next(a for a in sys.argv if a.startswith('-env:UserInstallation=file://'))\n"
        "settings = pathlib.Path(profile.split('file://')[1], 'user/registrymodifications.xcu')\n"
        "assert 'DisableMacrosExecution' in settings.read_text()\n"
        f"shutil.copy({str(tmp_path / 'made.docx')!r}, out / 'in.docx')\n",
    )
    monkeypatch.setattr("corpus.reading.convert.office_program", lambda: str(tmp_path / "soffice"))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.wps").write_bytes(OLD)
    (done,) = here(tmp_path / "in")
    (article,) = done.articles
    assert (article.title, article.text) == ("停保怎么办理", "先到窗口登记。")


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for LibreOffice is a script")
def test_a_program_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(tmp_path, "soffice", "import time\ntime.sleep(600)\n")
    monkeypatch.setattr("corpus.reading.convert.office_program", lambda: str(tmp_path / "soffice"))
    monkeypatch.setattr("corpus.reading.convert.CONVERT_SECONDS", 1)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.doc").write_bytes(OLD)
    (done,) = here(tmp_path / "in")
    assert done.skipped[0].reason == "LibreOffice 转换超过 1 秒没有完成，已跳过；请拆分文件后重试"


def test_a_real_old_word_file(tmp_path: Path) -> None:
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    rtf = "{\\rtf1\\ansi\\uc1 " + "".join(f"\\u{ord(c)}?" for c in "停保怎么办理") + "\\par "
    rtf += "".join(f"\\u{ord(c)}?" for c in "先到窗口登记。") + "}"
    (tmp_path / "a.doc").write_bytes(rtf.encode())
    (article,) = read(tmp_path).articles
    assert (article.title, article.text) == ("停保怎么办理", "先到窗口登记。")
