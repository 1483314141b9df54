"""The questions offered where one is refused: titles that can be asked, of the place asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ground import TODAY

from assistant import Assistant
from assistant.markdown import to_markdown
from assistant.nearest import nearest
from corpus.types import EDITORS, Article, Passage, Source
from index.types import Hit

OURS = Article("corpus/a", "断缴怎么补", "文字", Source("", "a.md"), author=EDITORS)
THEIRS = replace(OURS, id="b", title="断缴多久清零", author="找法网")
DOCUMENT = replace(THEIRS, id="c", title="关于断缴的通知", kind="policy")
SHENYANG = replace(OURS, id="d", title="沈阳断缴怎么补", region="沈阳")


def hits(*articles: Article) -> list[Hit]:
    return [Hit(Passage(a, 0, 2), 1.0) for a in articles]


def test_titles_that_people_ask() -> None:
    found = hits(DOCUMENT, OURS, OURS, THEIRS)
    assert nearest(found, None) == ("断缴怎么补", "断缴多久清零")


@pytest.mark.parametrize(
    ("place", "titles"),
    [
        (None, ("断缴怎么补",)),
        ("大连", ("断缴怎么补",)),
        ("沈阳", ("沈阳断缴怎么补", "断缴怎么补")),
    ],
)
def test_another_places_article_is_not_offered(place: str | None, titles: tuple[str, ...]) -> None:
    assert nearest(hits(SHENYANG, OURS), place) == titles


def test_three_at_most() -> None:
    many = [replace(OURS, title=f"第{n}问") for n in range(5)]
    assert nearest(hits(*many), None) == ("第0问", "第1问", "第2问")


def test_a_refusal_offers_what_is_answered(shipped: Assistant) -> None:
    refused = shipped.ask("补牙镶牙报不报", today=TODAY)
    assert refused.status == "refused"
    assert len(refused.nearest) == 3
    offered = [shipped.ask(title, today=TODAY).status for title in refused.nearest]
    assert "refused" not in offered
    assert f"可以回答的问题：\n- {refused.nearest[0]}\n" in to_markdown(refused)


def test_talk_and_answers_offer_none(shipped: Assistant) -> None:
    assert shipped.ask("谢谢", today=TODAY).nearest == ()
    assert shipped.ask("断缴两个月怎么补", today=TODAY).nearest == ()
