"""Whether the laws that an article rests on exist, hold on the day, and belong to its subject.

The database of the statutes decides (``corpus.statutes``); which law fits which question is the
author's to know, apart from three slips that have been made often enough to be looked for: the
pension article under a medical question, the new law left out, the new law shown as if it held
already.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from corpus.schema import Problem
from corpus.statutes import state
from corpus.types import Article, LawRef

PENSION = LawRef("社会保险法", "第十六条")
NEW_LAW = "医疗保障法"
NEW_LAW_FROM = "2027-01-01"
# Where 社会保险法 speaks today and 医疗保障法 will: domain.md §2, topic table.
BEARS_ON = {
    "第四条": "第三十条", "第二十三条": "第十条", "第二十五条": "第十一条", "第五十八条": "第十条",
    "第五十九条": "第二十条", "第六十三条": "第十条", "第七十四条": "第三十条",
    "第八十二条": "第四十二条",
}  # fmt: skip


def law_problems(article: Article, path: str, line: int, *, today: date) -> Iterator[Problem]:
    """Each slip in ``article.basis``, told as standing on ``line`` of ``path``."""
    for ref in article.basis:
        name = f"{ref.law} {ref.article_no}"
        if ref == PENSION:
            mend = "take it out, or name the article that settles the medical question"
            yield Problem(path, line, f"{name} is about pensions", mend)
            continue
        found = state(ref.law, ref.article_no, today)
        if found in ("not in the database", "no such article"):
            mend = "write the law's full name and an article that it has"
            yield Problem(path, line, f"{name}: {found}", mend)
        elif found not in ("in force", "not yet in force"):
            yield Problem(path, line, f"{name} is {found} on {today}", "name what holds instead")
    yield from _new_law(article, path, line)


def _new_law(article: Article, path: str, line: int) -> Iterator[Problem]:
    named = any(ref.law == NEW_LAW for ref in article.basis)
    for ref in article.basis:
        newer = BEARS_ON.get(ref.article_no) if ref.law == "社会保险法" else None
        if newer and not named:
            what = f"{ref.law} {ref.article_no} stands alone although the new law bears on it"
            yield Problem(path, line, what, f"add {NEW_LAW} {newer} or another of its articles")
            break
    if named and not (NEW_LAW in article.text and NEW_LAW_FROM in article.text):
        what = f"{NEW_LAW} is a basis and the text does not say from when"
        mend = f"add a line to 注意事项: {NEW_LAW_FROM} 起施行的{NEW_LAW}第…条…"
        yield Problem(path, line, what, mend)
