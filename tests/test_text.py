import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import fold, normalise, sentences, strip_span

# text with the marks that decide: sentence ends, quotes, blanks, numbers, invisible characters
MARKS_OF = "医保停缴。！？!?.；，”」）) \n\t\r\u3000\xa0\ufeff\u200b\x0012aA=/："
MARKS = st.text(alphabet=MARKS_OF, max_size=60)
ANY = st.one_of(st.text(max_size=80), MARKS)


def pieces(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("\ufeff停保\r\n补缴\r恢复", "停保\n补缴\n恢复"),
        ("停\x00保\u200b了\xad", "停保了"),
        ("一、停保 \t\n\n \n\n二、补缴\u3000\n", "一、停保\n\n二、补缴"),
        ("１２３，Ａ　醫保“碼”", "１２３，Ａ　醫保“碼”"),  # words stand as written
        ("e\u0301", "\u00e9"),
        ("坏\ud800字", "坏\ufffd字"),  # half of a pair cannot be written as UTF-8
        ("", ""),
    ],
)
def test_normalise(raw: str, wanted: str) -> None:
    assert normalise(raw) == wanted


@given(ANY)
def test_normalising_twice_changes_nothing(raw: str) -> None:
    once = normalise(raw)
    assert normalise(once) == once
    once.encode("utf-8")


@given(ANY, st.integers(0, 80), st.integers(0, 80))
def test_sentences_join_to_the_text(text: str, a: int, b: int) -> None:
    assert "".join(pieces(text)) == text
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    part = sentences(text, start, end)
    assert "".join(text[x:y] for x, y in part) == text[start:end]
    assert all(x < y for x, y in part)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("先停保。再参保！可以吗？可以", ["先停保。", "再参保！", "可以吗？", "可以"]),
        ("他说：“可以。”然后走了。", ["他说：“可以。”", "然后走了。"]),
        ("标题\n\n正文；仍是一句。", ["标题\n\n", "正文；仍是一句。"]),
        ("比例9.5%,基数2225.65元。好", ["比例9.5%,基数2225.65元。", "好"]),
        ("见 http://a.cn/x?b=1 一页。", ["见 http://a.cn/x?b=1 一页。"]),
        ("怎么停呢? 1. 打开", ["怎么停呢? ", "1. 打开"]),
        ("去窗口办. 带上证件.", ["去窗口办. ", "带上证件."]),
    ],
)
def test_where_a_sentence_ends(text: str, wanted: list[str]) -> None:
    assert pieces(text) == wanted


@given(ANY)
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_fold() -> None:
    assert fold("ＡＰＰ辦理職工醫療保險：３個月") == "app办理职工医疗保险:3个月"
    assert fold("個人帳戶") == fold("个人帐户") == "个人账户"
    assert fold("⼀次") == "一次"  # a radical, as PDF files write 一
    assert fold("①") == "①"
    assert fold("İ") == "İ"  # lower case would be two characters


def test_strip_span() -> None:
    assert strip_span("  停保 \n", 0, 6) == (2, 4)
    assert strip_span("   ", 0, 3) == (0, 0)
