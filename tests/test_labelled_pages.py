"""The labelled pages in ``training/pages`` are of their form, and a file that is not is named."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from training.pages import FOLDER, VERDICTS, all_pages, by_author, pages, read_page

ROLES = {
    "title", "heading", "rule", "value", "condition", "entitlement", "exclusion", "step", "material",
    "place", "channel", "contact", "definition", "legal", "example", "reason", "question", "answer",
    "note", "greeting", "issuer", "noise",
}  # fmt: skip
GOOD = """title: 怎么交
publisher: 某局
place: 某市
date:
kind: faq
subject: 缴费
---
1 | question | 在哪里交？
2 | answer | 窗口 | 手机都可以。
---
steps: 手机 | 不限 | 2
claim: 2 | of=渠道 | value=可以 | when= | who= | scheme= | year=
---
terse | full 2 | 渠道+地点 | 哪里交
spoken | no 1 2 | 金额 | 要多少钱啊
"""


def test_all_of_them() -> None:
    found = pages()
    assert len(found) == 217
    assert len({page.author for page in found}) == 8
    assert len({page.head["place"] for page in found}) >= 20
    assert {line.role for page in found for line in page.lines} <= ROLES
    verdicts = Counter(asked.verdict for page in found for asked in page.asked)
    assert sum(verdicts.values()) >= 8_000
    assert verdicts["no"] > verdicts["full"] > verdicts["partly"] > 900
    for page in found:
        assert all(1 <= v.line <= len(page.lines) for v in page.values), page
        assert all(page.line(n).text for s in page.steps for n in s.lines), page


def test_pages_that_show_only_how_they_are_read() -> None:
    asked = {(page.author, page.name) for page in pages()}
    further = [page for page in all_pages() if (page.author, page.name) not in asked]
    assert Counter(page.author for page in further) == {"a9": 18, "a10": 18}
    assert all(len(page.asked) == 3 and not page.values for page in further)
    assert sum(len(page.steps) for page in further) == 95
    for page in further:
        assert {line.role for line in page.lines} <= ROLES
        assert all(page.line(n).text for s in page.steps for n in s.lines), page


def test_no_author_stands_on_both_sides() -> None:
    learned, kept = by_author(pages(), ["a7"])
    assert {p.author for p in kept} == {"a7"}
    assert "a7" not in {p.author for p in learned}
    assert len(learned) + len(kept) == 217
    assert FOLDER.is_dir()


def test_a_page_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a0" / "01.txt"
    file.parent.mkdir()
    file.write_text(GOOD, encoding="utf-8")
    page = read_page(file)
    assert (page.author, page.name, page.head["place"]) == ("a0", "01", "某市")
    assert page.line(2).text == "窗口 | 手机都可以。"
    assert page.values[0].given["value"] == "可以"
    assert page.steps[0].lines == (2,)
    first, last = page.asked
    assert (first.verdict, first.lines, first.parts) == ("full", (2,), ("渠道", "地点"))
    assert last.verdict in VERDICTS[2]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (GOOD.replace("full 2", "full 3"), "哪里交"),
        (GOOD.replace("full 2", "yes 2"), "哪里交"),
        (GOOD.replace("1 | question", "1"), "在哪里交"),
        (GOOD.rpartition("---")[0], "3 blocks"),
    ],
)
def test_a_page_that_is_not_of_the_form(tmp_path: Path, wrong: str, said: str) -> None:
    file = tmp_path / "01.txt"
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        read_page(file)
