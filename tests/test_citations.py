"""Recognising cited law in running text: the law by its whole name, the article by its number."""

import pytest

from corpus.citations import citations, mentioned_laws


def cited(text: str) -> list[tuple[str, str]]:
    return [(c.ref.law, c.ref.article_no) for c in citations(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("《中华人民共和国社会保险法》第二十五条写明由国家建立。", [("社会保险法", "第二十五条")]),
        ("《社会保险法》第16条，参加养老保险", [("社会保险法", "第十六条")]),
        ("根据《社会保险法》 第六十三条第一款规定", [("社会保险法", "第六十三条")]),
        ("依据社会保险法第八十六条", [("社会保险法", "第八十六条")]),
        (
            "《劳动合同法》第五十条和第八十九条",
            [("劳动合同法", "第五十条"), ("劳动合同法", "第八十九条")],
        ),
        ("《社会保险法》规定了年限", []),
        ("第三条 下列人员适用本办法", []),
        ("", []),
    ],
)
def test_what_is_cited(text: str, wanted: list[tuple[str, str]]) -> None:
    assert cited(text) == wanted


def test_a_law_is_never_recognised_by_part_of_its_name() -> None:
    for text in ("《社会保险法实施细则》第三条", "某省社会保险法实施细则第三条"):
        assert "社会保险法" not in [law for law, _ in cited(text)]
        assert not any(c.known for c in citations(text))
    assert mentioned_laws("社会保险法实施细则") == ()


def test_spans_hold_name_and_number() -> None:
    text = "单位欠费的，依照《社会保险法》第六十三条处理。"
    (found,) = citations(text)
    assert text[found.start : found.end] == "《社会保险法》第六十三条"
    assert found.known


def test_a_law_that_is_named_without_an_article() -> None:
    assert mentioned_laws("社会保险法和劳动合同法都管") == ("社会保险法", "劳动合同法")
