"""Questions whose answer is fixed: their form, their quotes, and when they are not used."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from own_kit import Desk
from store_kit import build, two_statutes

from assistant import phrases
from assistant.checking import problems
from assistant.dossier import Dossier
from assistant.ground import Asked
from assistant.laws import laws_of
from assistant.pinned import pinned
from assistant.types import Answer, Context
from corpus.markdown import read_article
from corpus.schema import problems as slips
from corpus.types import LawRef
from corpus.withdrawn import without
from index.store import Store
from index.types import Entry

ARTICLE = """---
title: 手机怎么停保
questions: [怎样在手机上停保, 手机停保怎么做, 停保能在手机办吗, 手机上停医保]
schemes: [职工]
region: 全国
kind: faq
checked: 2026-11-21
sources:
  s1: {{tier: web, publisher: 某单位, name: 某文}}
  s2: {{tier: web, publisher: 另一单位, name: 另一文}}
basis: []
fixed:
  - question: {question}
    says: [{says}]
---
## 简要回答

可以在手机上办。{{s1}}也可以到窗口办。{{s1}}

## 注意事项

- 次月起停止扣款。{{s2}}{{from 2026-01-01}}
"""
TODAY = date(2026, 11, 28)


def article(
    question: str = "手机停保怎么做", says: str = "也可以到窗口办。, 次月起停止扣款。"
) -> str:
    return ARTICLE.format(question=question, says=says)


def told(text: str) -> list[tuple[int, str]]:
    return [(slip.line, slip.what) for slip in slips("a.md", text)]


def test_the_form() -> None:
    assert told(article()) == []
    assert told(article("怎么停")) == [(12, "怎么停 is fixed and not asked here")]
    assert told(article(says="可以办。")) == [(12, "「可以办。」 is no sentence of this article")]
    # half a sentence would be another one
    assert told(article(says="在手机上办。")) == [
        (12, "「在手机上办。」 is no sentence of this article")
    ]
    assert told(article(says="")) == [(12, "the fixed answer to 手机停保怎么做 has 0 sentences")]
    assert told(article("[手机停保怎么做]"))[0][1].startswith("`fixed` holds {'question': ['手机")
    twice = article().replace(
        "fixed:\n", "fixed:\n  - {question: 手机停保怎么做, says: [可以在手机上办。]}\n"
    )
    assert told(twice) == [(12, "手机停保怎么做 is fixed twice")]
    assert (
        told(article().replace("fixed:\n", "fixed: {a: 1}\nx:\n"))[-1][1] == "`fixed` is not a list"
    )


def test_its_sentences_are_spans_of_the_text() -> None:
    made = read_article(Path("articles/停保/a.md"), article(), root=Path("articles"))
    (fixed,) = made.fixed
    assert fixed.question == "手机停保怎么做"
    assert [made.text[a:b] for a, b in fixed.spans] == ["也可以到窗口办。", "次月起停止扣款。"]


def test_a_sentence_that_was_withdrawn_takes_its_fixed_answer_along() -> None:
    made = read_article(Path("articles/停保/a.md"), article(), root=Path("articles"))
    rest, lost = without(made, {"另一文"})
    assert (rest is not None, lost, rest.fixed if rest else None) == (
        True,
        ("次月起停止扣款。",),
        (),
    )
    other = article(says="也可以到窗口办。")
    made = read_article(Path("articles/停保/a.md"), other, root=Path("articles"))
    rest, _ = without(made, {"另一文"})
    assert rest is not None
    assert [rest.text[a:b] for f in rest.fixed for a, b in f.spans] == ["也可以到窗口办。"]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)
    desk = Desk(tmp_path)
    path = desk.folder / "articles" / "停保" / "手机.md"
    path.write_text(article(), encoding="utf-8")
    build(desk.store, desk.settings.articles, settings=desk.settings)
    return Store.open(desk.store)


def asked(question: str, **known: object) -> Asked:
    plain = Asked(question, question, Context(), None, None, TODAY)
    return replace(plain, **known)  # type: ignore[arg-type]


def entry_of(store: Store) -> Entry:
    """The one article that fixes an answer."""
    (number,) = set(store.fixed().values())
    (entry,) = store.read([number])
    assert entry is not None
    return entry


def answered(asked: Asked, store: Store) -> Answer | None:
    return pinned(asked, entry_of(store), laws_of(store))


def says(answer: Answer | None) -> list[str] | None:
    return [s.text for s in answer.summary] if answer is not None else None


def test_the_question_gets_these_very_sentences(store: Store) -> None:
    answer = answered(asked("手机停保，怎么做？"), store)
    assert answer is not None
    assert says(answer) == ["也可以到窗口办。", "次月起停止扣款。"]
    assert problems(answer, Dossier([entry_of(store)])) == []
    assert [c.quote.text for c in answer.citations] == says(answer)
    assert {c.kind for c in answer.citations} == {"editorial"}
    assert [s.source.name for s in answer.citations[1].supports] == ["另一文"]
    assert answer.cautions[0].text == phrases.FIXED
    assert (answer.status, answer.question) == ("answered", "手机停保，怎么做？")


def test_no_other_question_and_no_other_asker_gets_it(store: Store) -> None:
    assert answered(asked("手机停保怎么做呢"), store) is None
    assert answered(asked("手机停保怎么做", scheme="居民"), store) is None
    assert says(answered(asked("手机停保怎么做", scheme="职工"), store)) is not None
    # the second sentence holds from 2026 on
    assert answered(asked("手机停保怎么做", today=date(2025, 1, 1)), store) is None
    assert says(answered(asked("手机停保怎么做", region="沈阳"), store)) is not None


def test_its_laws_come_with_their_state(store: Store) -> None:
    entry = entry_of(store)
    ref = LawRef("社会保险法", "第三十二条")
    (statute, _) = store.statutes()
    laws = replace(laws_of(store), numbers={ref: statute.number}, refs={statute.number: ref})
    naming = replace(entry, article=replace(entry.article, basis=(ref,)))
    answer = pinned(asked("手机停保怎么做"), naming, laws)
    assert answer is not None
    (law,) = answer.legal_basis
    assert (law.law, law.article_no, law.state) == ("社会保险法", "第三十二条", "in force")
    assert law.relevance == 1.0
    assert law.text == "第1条写的是停保的第1件事。"
