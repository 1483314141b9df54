"""``python -m corpus check``: the house's own corpus passes, and each kind of slip is seen."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from corpus.__main__ import main
from corpus.check import borrowed, check, not_questions
from corpus.markdown import load, paths, read_article
from corpus.settings import ROOT, Settings
from corpus.types import Article

TODAY = date(2026, 11, 21)
ARTICLES = Settings().articles
SEEDS = ROOT.parent / "shared" / "seeds"
QUALITY = ROOT / "tests" / "quality"

ARTICLE = """---
title: 样例{n}怎么办
questions: [样例{n}甲乙, 样例{n}丙丁, 样例{n}戊己, 样例{n}庚辛]
schemes: [职工]
region: 全国
kind: faq
checked: 2026-11-21
sources:
  s1: {{tier: web, publisher: 某单位, name: 某文}}
basis: [{basis}]
---
## 简要回答

{answer}{mark}
"""


def write(
    root: Path, n: int, *, basis: str = "", answer: str = "可以办。", mark: str = "{s1}"
) -> Path:
    path = root / "停保" / f"样例{n}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = ARTICLE.format(n=n, basis=basis, answer=answer, mark=mark)
    path.write_text(text, encoding="utf-8")
    return path


def told(
    root: Path, *, today: date = TODAY, pages: Sequence[str] = ()
) -> list[tuple[str, int, str]]:
    """Name, line and text of each problem, but for the small number of articles."""
    found = check(root, today=today, pages=pages).problems
    return [(Path(p.path).name, p.line, p.what) for p in found if "at least 60" not in p.what]


def test_the_corpus_of_the_house_passes() -> None:
    pages = [path.read_text("utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    found = check(ARTICLES, today=TODAY, pages=pages)
    assert [str(problem) for problem in found.problems] == []
    assert found.counts["articles"] >= 60
    assert min(found.counts.values()) > 0, "a folder is empty"


def test_the_corpus_passes_when_the_new_law_holds() -> None:
    assert check(ARTICLES, today=date(2027, 1, 1)).problems == ()


def test_a_good_article_has_no_problem(tmp_path: Path) -> None:
    write(tmp_path, 1, basis="社会保险法 第三十二条")
    assert told(tmp_path) == []


def test_too_few_articles_are_named(tmp_path: Path) -> None:
    write(tmp_path, 1)
    assert [p.what for p in check(tmp_path, today=TODAY).problems] == [
        "1 articles, expected at least 60"
    ]


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        ("社会保险法 第十六条", "社会保险法 第十六条 is about pensions"),
        ("社会保险法 第九百条", "社会保险法 第九百条: no such article"),
        ("社会保险法实施细则 第一条", "社会保险法实施细则 第一条: not in the database"),
        ("社保法 第三十二条", "社保法 第三十二条: not in the database"),
        (
            "社会保险法 第二十三条",
            "社会保险法 第二十三条 stands alone although the new law bears on it",
        ),
        ("医疗保障法 第十条", "医疗保障法 is a basis and the text does not say from when"),
    ],
)
def test_a_wrong_law_is_named(tmp_path: Path, basis: str, expected: str) -> None:
    write(tmp_path, 1, basis=basis)
    assert told(tmp_path) == [("样例1.md", 10, expected)]


def test_the_new_law_named_with_its_day_is_right(tmp_path: Path) -> None:
    answer = "职工要参保，2027-01-01 起施行的医疗保障法第十条也这样规定。"
    write(tmp_path, 1, basis="社会保险法 第二十三条, 医疗保障法 第十条", answer=answer)
    assert told(tmp_path) == []


def test_a_question_of_two_articles_is_named_once(tmp_path: Path) -> None:
    write(tmp_path, 1)
    path = write(tmp_path, 2)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("样例2丙丁", "样例1丙丁？"), encoding="utf-8")
    assert told(tmp_path) == [("样例2.md", 3, "样例1丙丁？ is asked by two articles")]


def test_a_near_miss_that_the_article_answers_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, 1)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("basis:", "not_questions: [样例1丙丁？]\nbasis:"), encoding="utf-8"
    )
    ((name, _, what),) = told(tmp_path)
    assert (name, what) == ("样例1.md", "样例1丙丁？ stands in questions and in not_questions")
    assert not_questions(path.read_text(encoding="utf-8")) == ("样例1丙丁？",)


@pytest.mark.parametrize(("review", "listed"), [("2026-12-31", True), ("2027-12-31", False)])
def test_what_is_due_for_review_is_listed_and_is_no_slip(
    tmp_path: Path, review: str, listed: bool
) -> None:
    path = write(tmp_path, 1)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("basis:", f"review_by: {review}\nbasis:"), encoding="utf-8")
    due = ((date.fromisoformat(review), str(path)),) if listed else ()
    assert check(tmp_path, today=TODAY).due == due
    assert told(tmp_path) == []


def test_an_article_in_no_folder_of_ours_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, 1)
    (tmp_path / "别的").mkdir()
    path.rename(tmp_path / "别的" / "样例1.md")
    assert told(tmp_path) == [("样例1.md", 1, "folder 别的 is none of ours")]


def test_a_conflict_with_no_article_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, 1)
    text = path.read_text(encoding="utf-8").replace("basis:", "conflicts_with: [停保/没有]\nbasis:")
    path.write_text(text, encoding="utf-8")
    assert told(tmp_path) == [("样例1.md", 10, "停保/没有 is no article")]


def test_a_file_with_a_slip_does_not_hide_the_others(tmp_path: Path) -> None:
    path = write(tmp_path, 1)
    path.write_text(path.read_text(encoding="utf-8").replace("全国", ""), encoding="utf-8")
    write(tmp_path, 2, basis="社会保险法 第九百条")
    assert [row[:2] for row in told(tmp_path)] == [("样例1.md", 5), ("样例2.md", 10)]


# A page made for the purpose; the run is 22 characters, marks aside.
PAGE = "天地玄黄宇宙洪荒，日月盈昃辰宿列张。寒来暑往秋收冬藏"


RUN = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收"


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (f"他说{RUN}。", True),
        ("他说天地玄黄、宇宙洪荒，日月盈昃 辰宿列张寒来暑往秋收。", True),
        (f"【{RUN}】。", True),
        (f"他说{RUN[:-1]}。", False),
        (f"【{RUN[:9]} > {RUN[9:]}】。", False),
        (f"《{RUN}》。", False),
    ],
)
def test_a_run_of_22_is_borrowed_and_21_is_not(tmp_path: Path, sentence: str, found: bool) -> None:
    path = write(tmp_path, 1, answer=sentence)
    article = read_article(path, path.read_text(encoding="utf-8"), root=tmp_path)
    told = [(p.line, p.what) for p in borrowed({path: article}, [PAGE])]
    assert told == ([(14, f"「{RUN}」 stands in a source page")] if found else [])


def test_the_command_prints_counts_and_fails_on_a_slip(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--today", "2026-11-21"]) == 0
    assert re.search(r"^articles: \d+$", capsys.readouterr().out, re.M)
    path = write(tmp_path, 1, basis="社会保险法 第十六条")
    assert main(["check", "--articles", str(tmp_path), "--today", "2026-11-21"]) == 1
    assert f"{path}:10: 社会保险法 第十六条 is about pensions" in capsys.readouterr().out


# -- the labelled questions of domain.md §1 and §2 ------------------------------------------------

TOPICS = (
    "居民医保停保后恢复", "居民断缴等多久 / 缩短等待期", "居民医保一年多少钱", "换工作断1–3个月",
    "断3个月以上", "年限会不会清零", "单位没交/欠缴", "单位拖着不停保/不给证明", "投诉/告单位",
    "离职转居民", "居民转职工", "重复参保", "重复缴费退费", "灵活就业参保", "失业期间医保",
    "跨省转移", "退休年限不够", "个人账户/家庭共济", "在哪缴费", "查缴费记录", "低保/特困缴费资助",
)  # fmt: skip


@pytest.fixture(scope="module")
def articles() -> tuple[Article, ...]:
    return load(ARTICLES, today=TODAY)


def rows() -> list[dict[str, object]]:
    found = []
    for name in ("rows.jsonl", "rows_b.jsonl"):
        for line in (QUALITY / name).read_text(encoding="utf-8").splitlines():
            found.append(json.loads(line))
    return found


def test_each_row_and_topic_has_a_question_and_an_article(articles: tuple[Article, ...]) -> None:
    labelled = {row["row"] for row in rows()}
    assert {str(n) for n in range(1, 29)} - labelled == set()
    assert set(TOPICS) - labelled == set()
    ids = {article.id for article in articles}
    assert {name for row in rows() for name in row["articles"]} - ids == set()


def test_no_labelled_question_is_one_that_an_article_holds(articles: tuple[Article, ...]) -> None:
    """Otherwise finding it would show nothing."""
    held = {bare(question) for a in articles for question in (a.title, *a.questions)}
    assert [row["question"] for row in rows() if bare(str(row["question"])) in held] == []


def bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def test_claims_against_the_national_rule_stand_beside_it() -> None:
    """Where 待遇等待期 is told in two ways, a line 国家规定 on it stands with them."""
    for path in paths(ARTICLES):
        lines = re.findall(r"^- 待遇等待期 · (\S+)", path.read_text(encoding="utf-8"), re.M)
        if len(lines) > 1:
            assert "国家规定" in lines, path
