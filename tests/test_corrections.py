"""Facts of a file that a person corrected: they hold at every later refresh of the same file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from store_kit import PairEncoder, build, two_statutes

from corpus.errors import InputError
from corpus.types import Article
from index.__main__ import main
from index.corrections import NOTHING, Correction, correction
from index.store import Store

TEXT = "停保怎么办理\n\n参保人到{}窗口登记，次月起停止扣款。\n"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)
    monkeypatch.setattr("index.commands.open_encoder", lambda *_, **__: PairEncoder())


def only(store: Path) -> Article:
    (row,) = Store.open(store).articles.table.rows()
    return row.article


def facts(article: Article) -> tuple[str, str, str, str, tuple[str, ...], str]:
    source = article.source
    day = source.published.isoformat() if source.published else ""
    return article.title, source.publisher, day, article.region, article.schemes, article.kind


CORRECTED = ("停保须知", "甲市医疗保障局", "2024-03-01", "甲市", ("职工", "居民"), "policy")


def corrected() -> Correction:
    return correction(
        title="停保须知", publisher="甲市医疗保障局", published="2024年3月1日", region="甲市",
        schemes="职工、居民", kind="政策文件",
    )  # fmt: skip


def test_a_correction_survives_a_new_version_of_the_file(tmp_path: Path) -> None:
    path, store = tmp_path / "a.txt", tmp_path / "store"
    path.write_text(TEXT.format("一号"), encoding="utf-8")
    build(store, path)
    assert facts(only(store)) == ("停保怎么办理", "", "", "全国", (), "faq")
    report = build(store, path, corrections={path: corrected()})
    assert (report.changed, len(report.files.changed)) == (1, 1)
    assert facts(only(store)) == CORRECTED
    assert report.taken[0].corrected
    build(store, path)
    assert facts(only(store)) == CORRECTED
    path.write_text(TEXT.format("二号"), encoding="utf-8")
    build(store, tmp_path / "a.txt")
    assert facts(only(store)) == CORRECTED
    assert "二号窗口" in only(store).text


def test_it_survives_a_rebuild_and_can_be_taken_back(tmp_path: Path) -> None:
    path, store = tmp_path / "a.txt", tmp_path / "store"
    path.write_text(TEXT.format("一号"), encoding="utf-8")
    build(store, path, corrections={path: corrected()})
    build(store, path, rebuild=True)
    assert facts(only(store)) == CORRECTED
    build(store, rebuild=True)
    assert facts(only(store)) == CORRECTED
    build(store, path, corrections={path: correction(publisher="无", published="无")})
    assert facts(only(store))[:4] == ("停保须知", "", "", "甲市")


def test_a_file_that_lies_nowhere_any_more_is_corrected(tmp_path: Path) -> None:
    path, store = tmp_path / "a.txt", tmp_path / "store"
    path.write_text(TEXT.format("一号"), encoding="utf-8")
    build(store, path)
    path.unlink()
    report = build(store, corrections={path: corrected()})
    assert (report.changed, report.files.changed) == (1, (str(path),))
    assert report.taken[0].corrected
    assert facts(only(store)) == CORRECTED
    path.write_text(TEXT.format("二号"), encoding="utf-8")
    build(store, path)
    assert facts(only(store)) == CORRECTED
    assert "二号窗口" in only(store).text


def test_a_trial_stands_for_the_file_that_it_would_replace(tmp_path: Path) -> None:
    path, trial, store = tmp_path / "a.txt", tmp_path / "trial" / "a.txt", tmp_path / "store"
    trial.parent.mkdir()
    path.write_text(TEXT.format("一号"), encoding="utf-8")
    trial.write_text(TEXT.format("二号"), encoding="utf-8")
    build(store, path, corrections={path: corrected()})
    report = build(store, trial, dry_run=True, stands_for={trial: path})
    assert (report.added, report.changed, report.files.changed) == (0, 1, (str(path),))
    assert report.taken[0].articles[0].title == "停保须知"
    with pytest.raises(InputError, match="只用于试运行"):
        build(store, trial, stands_for={trial: path})


def test_show_tells_what_the_store_says_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, store = tmp_path / "a.txt", tmp_path / "store"
    path.write_text(TEXT.format("一号"), encoding="utf-8")
    build(store, path, corrections={path: correction(publisher="甲市医疗保障局", region="甲市")})
    assert main(["show", str(path), "--store", str(store)]) == 0
    told = capsys.readouterr().out
    assert (
        "已按知识库里的更正显示：发布者、地区\n1.《停保怎么办理》\n  发布者：甲市医疗保障局" in told
    )
    assert main(["show", str(path), "--store", str(tmp_path / "none")]) == 0
    assert "更正" not in capsys.readouterr().out


def test_the_id_stays(tmp_path: Path) -> None:
    path, store = tmp_path / "a.txt", tmp_path / "store"
    path.write_text(TEXT.format("一号"), encoding="utf-8")
    build(store, path)
    before = only(store).id
    build(store, path, corrections={path: corrected()})
    assert only(store).id == before


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, store = tmp_path / "a.txt", tmp_path / "store"
    path.write_text(TEXT.format("一号"), encoding="utf-8")
    options = ["--publisher", "甲市医疗保障局", "--published", "2024-03-01"]
    assert main(["refresh", str(path), "--store", str(store), *options]) == 0
    assert (
        "《停保怎么办理》｜甲市医疗保障局｜2024-03-01｜全国｜a.txt　〔已更正〕"
        in capsys.readouterr().out
    )
    assert main(["refresh", str(tmp_path), "--store", str(store), *options]) == 2
    assert capsys.readouterr().err.startswith("更正标题、发布者等只能用于一个文件")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("published", "去年", "日期「去年」认不出"),
        ("published", "2024-13-40", "日期「2024-13-40」认不出"),
        ("schemes", "工伤", "险种「工伤」认不出"),
        ("kind", "statute", "类型「statute」认不出"),
        ("publisher", "医保问答编写组", "发布者不能写作"),
    ],
)
def test_what_cannot_be_is_told(field: str, value: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        correction(**{field: value})


def test_nothing_said_is_nothing_set() -> None:
    assert correction(title=" ", kind="") == NOTHING
    assert not NOTHING
    assert correction(schemes="不限").schemes == ()
    assert correction(region="沈阳市").region == "沈阳"


def test_a_store_of_before_is_read(tmp_path: Path) -> None:
    from index.ledger import sources_in

    head = ["a.txt", "a.txt", "0", "6", "", "web", "后台上传", 0]
    (source,) = sources_in(json.dumps(head).encode()).values()
    assert (source.brought, source.corrected) == ("后台上传", NOTHING)
