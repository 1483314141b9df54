"""Real documents of offices, and small made ones, as ``benchmarks.reading`` measures them.

They lie beside the checkout where the team works and nowhere else.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.reading import measure
from corpus.reading import discover, read, read_each
from index.personal import personal_in

SHARED = Path(__file__).resolve().parents[2] / "shared"
DOCUMENTS, CASES = SHARED / "documents", SHARED / "cases" / "reading"

documents = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the shared documents are not here")
cases = pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here")


@documents
@pytest.mark.parametrize("origin", ["cn_docx", "cn_txt", "gz_html", "gz_lists", "laws_md"])
def test_what_is_visible_is_kept(origin: str) -> None:
    score = measure(DOCUMENTS, only=origin)[origin]
    assert score.read == score.files
    assert score.kept >= 0.98 * score.visible


@documents
def test_workbooks_and_slides() -> None:
    names = ("社保政策-分表.xlsx", "浙江、江苏社保.xls", "社保政策.pptx")
    files = discover([DOCUMENTS / "cn_old" / name for name in names])[0]
    found = {done.file.name: done for done in read_each(files)}
    assert {name: len(done.articles) for name, done in found.items()} == {
        "社保政策-分表.xlsx": 22, "浙江、江苏社保.xls": 7, "社保政策.pptx": 1,
    }  # fmt: skip
    assert min(done.share for done in found.values()) >= 0.98
    line = "住房政策；廉租房；福州：经济困难要求"
    assert any(line in a.text for a in found["社保政策-分表.xlsx"].articles)


@documents
def test_a_file_without_an_ending() -> None:
    (article,) = read(
        DOCUMENTS / "cn_old" / "国务院关于整合城乡居民基本医疗保险制度的意见2016"
    ).articles
    assert "建立统一的城乡居民基本医疗保险" in article.text


@documents
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_old_word_files() -> None:
    reading = read(DOCUMENTS / "cn_old" / "重庆市城镇职工基本医疗保险.doc")
    assert [a.title for a in reading.articles] == ["重庆市城镇职工基本医疗保险"]


@documents
def test_a_list_of_a_clerk() -> None:
    articles = read(DOCUMENTS / "gz_lists" / "知识条目表.csv").articles
    assert len(articles) == 37
    assert articles[0].text.endswith("地段对口小学")


@cases
def test_a_list_with_similar_questions() -> None:
    (article,) = read(CASES / "csv_multiq.csv").articles
    assert article.questions == ("断了俩月咋整", "断2个月能补吗")


@cases
def test_an_identity_number_is_named() -> None:
    found = [str(p) for a in read(CASES / "txt_dialog.txt").articles for p in personal_in(a.text)]
    assert len(found) == 1
    assert found[0].endswith("有身份证号码（110*************58）")
