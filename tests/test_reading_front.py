"""Front matter, rows and Word files with what is no date, no number, no name and no character."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.__main__ import main as check_articles
from corpus.front import parse
from corpus.reading import discover, read, read_each
from corpus.reading.gazetteer import place_named
from corpus.types import Article
from index.records import dumps

BODY = "\n怎么停保，到窗口办理，15天内办结。\n"
OWN = "title: 停保怎么办\nquestions: [怎么办停保, 如何办停保, 停保流程呢, 停保在哪里]\n"
REST = (
    "schemes: [职工]\nkind: faq\nchecked: {checked}\n"
    "sources: {{s1: {{tier: web, publisher: 甲, name: 乙, date: 2024-01-01 10:00:00}}}}\n"
    "basis: []\n{more}"
)


def front(tmp_path: Path, text: str) -> tuple[list[Article], list[str]]:
    """The articles of a Markdown file with this front matter, and why there are none."""
    folder = tmp_path / "停保"
    folder.mkdir(exist_ok=True)
    (folder / "a.md").write_text(f"---\n{text}---\n{BODY}", encoding="utf-8")
    reading = read(folder)
    for article in reading.articles:
        dumps(article).encode("utf-8")
    return list(reading.articles), [s.reason for s in reading.skipped]


def ours(folder: Path) -> tuple[list[Article], list[str]]:
    """What is read of a folder of our own articles."""
    files, _ = discover(folder)
    done = list(read_each([replace(file, trust="own") for file in files]))
    skipped = [s.reason for reading in done for s in reading.skipped]
    return [article for reading in done for article in reading.articles], skipped


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("2026-02-30", None),
        ("2026-13-01", None),
        ("0000-01-01", None),
        ("99999-01-01", None),
        ("2026-02-28", date(2026, 2, 28)),
        ("2026-02-28 10:00:00", date(2026, 2, 28)),
        ("2026-02-28T25:61:00", date(2026, 2, 28)),
        (".nan", None),
        ("9" * 5000, None),
        ("[2026-02-30]", None),
    ],
)
def test_what_is_no_date_leaves_the_rest_standing(
    written: str, published: date | None, tmp_path: Path
) -> None:
    (article,), skipped = front(tmp_path, f"title: 停保\ndate: {written}\n1: 2\n2026-01-01: x\n")
    assert skipped == []
    assert (article.title, article.source.published) == ("停保", published)


@pytest.mark.parametrize(
    "text",
    [
        "1: 2\n", "~: 1\ntitle: ~\n", "true: 1\ntitle: true\n", "1.5: x\ntitle: 3\n",
        "? [a, b]\n: 1\n", "title: !!python/object:os.system x\n", "title: !!binary 'x'\n",
        "<<: 3\n", "title: *nope\n", "\ttitle: x\n", "- a\n", f"title: 0x{'f' * 5000}\n",
        'title: "\\ud800停保"\nregion: "\\udfff"\nquestions: ["\\ud800", 1]\n', 'title: "a\\0\\e[31mb"\n',
        OWN + "<<: [1, 2]\n", OWN + "? {a: b}\n: 1\n",
    ],
)  # fmt: skip
def test_front_matter_of_any_kind_is_read_or_left_out(
    text: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        articles, skipped = front(tmp_path, text)
    assert len(articles) + len(skipped) == 1
    assert not any("读取时出错" in reason for reason in skipped)
    assert not any("\x1b" in a.title or "\x00" in a.title for a in articles)
    assert caplog.records == []


@pytest.mark.parametrize(
    ("text", "line", "about"),
    [
        (REST.format(checked="2026-02-30", more="region: 全国\n"), 6, "`checked` is '2026-02-30'"),
        (REST.format(checked="2026-01-01", more="region: 全国\n1: 2\n"), 10, "`1` is no field"),
        (REST.format(checked="2026-01-01", more="region: 3\n"), 9, "`region` is 3"),
    ],
)
def test_a_slip_in_our_own_form_is_one_sentence(
    text: str, line: int, about: str, tmp_path: Path
) -> None:
    front(tmp_path, OWN + text)
    articles, (reason,) = ours(tmp_path / "停保")
    assert articles == []
    assert reason.startswith(f"第 {line} 行不合本库文章的格式（{about}")
    assert "\n" not in reason


@pytest.mark.parametrize("region", ["<img src=x>", "火星", "某地"])
def test_a_region_in_our_own_form_exists(region: str, tmp_path: Path) -> None:
    text = OWN + REST.format(checked="2026-01-01", more=f"region: {json.dumps(region)}\n")
    body = "## 简要回答\n到窗口办理。{s1}\n"
    (tmp_path / "停保").mkdir()
    (tmp_path / "停保" / "b.md").write_text(f"---\n{text}---\n{body}", encoding="utf-8")
    _, (reason,) = ours(tmp_path / "停保")
    assert reason == ("front matter 的 region 不是已知的地区；请写 全国，或省、市、县的名称")
    path = tmp_path / "停保" / "b.md"
    path.write_text(path.read_text(encoding="utf-8").replace(json.dumps(region), "沈阳市"))
    (article,), _ = ours(tmp_path / "停保")
    assert (article.region, article.source.published) == ("沈阳", date(2024, 1, 1))


@pytest.mark.parametrize(
    ("region", "read_in"), [("沈阳", 1), ("地区未注明", 1), ("<b>", 0), ("火星", 0)]
)
def test_a_region_of_a_claim_in_our_own_form_exists(
    region: str, read_in: int, tmp_path: Path
) -> None:
    text = OWN + REST.format(checked="2026-01-01", more="region: 全国\n")
    claim = f"- 甲说：补缴期限是三个月。{{补缴期限 · 职工 · {region} · s1}}"
    body = f"## 简要回答\n到窗口办理。{{s1}}\n\n## 说法不一\n{claim}\n"
    (tmp_path / "停保").mkdir()
    (tmp_path / "停保" / "b.md").write_text(f"---\n{text}---\n{body}", encoding="utf-8")
    articles, skipped = ours(tmp_path / "停保")
    assert len(articles) == read_in
    assert len(skipped) == 1 - read_in


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("沈阳市", "沈阳"), ("昆山", "昆山"), ("全国", "全国"), ("江苏省苏州市昆山市", "昆山"),
        ("沈阳市铁西区", "沈阳"), ("恩施土家族苗族自治州", "恩施"), ("火星", "全国"),
        ("<img src=x onerror=alert(1)>", "全国"), ("沈阳<b>", "全国"), ("某地", "全国"),
    ],
)  # fmt: skip
def test_a_region_in_front_matter_counts_where_it_exists(
    written: str, region: str, tmp_path: Path
) -> None:
    (article,), _ = front(tmp_path, f"title: 怎么停保\nregion: {json.dumps(written)}\n")
    assert article.region == region


def test_places() -> None:
    assert [place_named(n) for n in ("朝阳", "朝阳区", "广西壮族自治区", "神农架林区", "瀋陽")] == [
        "朝阳", "朝阳区", "广西", "神农架", "沈阳",
    ]  # fmt: skip
    assert [place_named(n) for n in ("", " ", "本地", "农村", "Shenyang", "阳" * 50)] == [""] * 6


def test_rows_with_halves_of_characters(tmp_path: Path) -> None:
    row = {
        "question": "怎么\ud800停保",
        "answer": "到\udfff窗口",
        "publisher": "\ud800",
        "region": "\ud800",
    }
    more = {"url": "http://a/\ud800", "aliases": ["\ud800x"]}
    (tmp_path / "a.jsonl").write_text(json.dumps(row | more), encoding="utf-8")
    (article,) = read(tmp_path).articles
    dumps(article).encode("utf-8")
    assert (article.title, article.text) == ("怎么\ufffd停保", "到\ufffd窗口")
    assert (article.region, article.source.url) == ("全国", "http://a/\ufffd")


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
XML = "".join(
    (
        f'<w:document xmlns:w="{W}"><w:body>',
        PARAGRAPH.format("怎么停保%s"),
        PARAGRAPH.format("到窗口办理。"),
        "</w:body></w:document>",
    )
)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"&#xD800;", "\ufffd"),
        (b"&#55296;&#56320;", "\ufffd\ufffd"),
        (b"&#x110000;", "\ufffd"),
        (b"&#0;", ""),
        (b"&#x505C;", "停"),
        (b"\xed\xa0\x80", "\ufffd" * 3),
    ],
)
def test_word_with_halves_of_characters(written: bytes, shown: str, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("word/document.xml", XML.encode().replace(b"%s", written))
    (tmp_path / "a.docx").write_bytes(out.getvalue())
    (article,) = read(tmp_path).articles
    assert article.title == f"怎么停保{shown}"


def test_both_loaders_leave_what_is_no_value_as_text() -> None:

    block = "a: 2026-02-30\nb: 2026-02-28\nc: 12\n"
    wanted = {"a": "2026-02-30", "b": date(2026, 2, 28), "c": 12}
    for patient in (False, True):
        front = parse(block, patient=patient)
        assert front is not None
        assert front.fields == wanted


def test_the_check_of_our_articles_names_what_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "停保").mkdir()
    (tmp_path / "停保" / "a.md").write_bytes(b"\xcd\xa3\xb1\xa3")
    nothing = str(tmp_path / "none")
    assert check_articles(["check", "--articles", str(tmp_path), "--pages", nothing]) == 1
    assert "a.md:1: not UTF-8; save it as text in UTF-8" in capsys.readouterr().out
    assert check_articles(["check", "--articles", ""]) == 2
    assert capsys.readouterr().err.startswith("路径是空的")
