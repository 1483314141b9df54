"""For whom an article is, individuals or organisations: read from labels and titles only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.reading import read_file
from corpus.reading.audience import audience_named, audience_of
from index.__main__ import main

BOTH, PERSON, BODY = ("个人", "单位"), ("个人",), ("单位",)

VALUES = {
    "用人单位": BODY,
    "自然人": PERSON,
    "自然人,企业法人,事业法人,行政机关,其他组织": BOTH,
    "用人单位及其职工": BOTH,
    "机关、事业单位职工": PERSON,
    "企业在职职工": PERSON,
    "在本市用人单位就业的参保人员": PERSON,
    "已参保的企业、有雇工的个体工商户": BODY,
    "无雇工的个体工商户": PERSON,
    "个体工商户": (),
    "参保人员（不含用人单位）": PERSON,
    "城乡居民，不包括用人单位": PERSON,
    "参保单位经办人": BODY,
    "参保人员，由所在单位办理": PERSON,
    "全部": (),
    "": (),
}


@pytest.mark.parametrize("value", VALUES)
def test_each_name_tells_by_its_end(value: str) -> None:
    assert audience_named(value) == VALUES[value]


TEXTS = {
    "服务对象：用人单位\n带证件到窗口。": BODY,
    "事项类型：公共服务；服务对象：自然人；办件类型：即办件。": PERSON,
    "【办理对象】灵活就业人员\n到窗口。": PERSON,
    "**适用对象**：企业法人": BODY,
    "一、受理对象：参保人员和用人单位。其他人不办。": BOTH,
    "| 申请对象 | 机关 |": BODY,
    "## 服务对象\n\n1. 用人单位\n2. 灵活就业人员\n\n## 材料\n\n身份证": BOTH,
    "二、适用人群\n参加居民医保的新生儿。\n到窗口办。": PERSON,
    "单位和个人都要缴费。": (),
    "以服务对象为中心，企业都来办。": (),
    "到用人单位领取服务对象登记表。": (),
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_label_says_it(text: str) -> None:
    assert audience_of("怎么办", text) == TEXTS[text]


TITLES = {
    "用人单位参保登记": BODY,
    "甲市单位如何申报缴费基数": BODY,
    "企业网上办理减员": BODY,
    "停保登记（个人）": PERSON,
    "个人怎么缴费": PERSON,
    "【单位用户】操作指南": BODY,
    "关于单位和个人办理停保": BOTH,
    "个人账户怎么用": (),
    "个人缴费比例是多少": (),
    "企业职工养老金怎么领": (),
    "用人单位不办理参保怎么办": (),
    "单位办理停保后怎么续": (),
    "门诊待遇（居民）": (),
}


@pytest.mark.parametrize("title", TITLES)
def test_a_title_that_names_who_acts(title: str) -> None:
    assert audience_of(title, "到窗口。") == TITLES[title]


def test_a_label_before_a_title() -> None:
    assert audience_of("单位申报指南", "办理对象：参保人员") == PERSON


FILES = {
    "a.md": ("---\naudience: [用人单位]\n---\n# 停保\n\n到窗口办理停保。\n", BODY),
    "b.csv": ("问题,答案,适用对象\n停保怎么办,带身份证到窗口办理。,参保人员\n", PERSON),
    "c.jsonl": ('{"question": "停保怎么办", "answer": "到窗口。", "audience": "单位"}\n', BODY),
    "d.html": (
        "<h1>停保登记</h1><table><tr><th>服务对象</th><td>企业、自然人</td></tr>"
        "<tr><th>办理地点</th><td>办事大厅一楼</td></tr></table><p>带齐证件，到窗口办理停保。</p>",
        BOTH,
    ),
    "e.txt": ("停保怎么办\n\n到窗口办理停保。\n", ()),
}


@pytest.mark.parametrize("name", FILES)
def test_files_that_say_it(name: str, tmp_path: Path) -> None:
    text, audience = FILES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_file(tmp_path / name)[0].audience == audience


def test_it_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.txt"
    path.write_text("停保登记\n\n服务对象：用人单位\n\n带齐证件到窗口办理。\n", encoding="utf-8")
    assert main(["show", str(path)]) == 0
    assert "类型：问答　适用对象：单位" in capsys.readouterr().out
    assert main(["show", str(path), "--json"]) == 0
    (file,) = json.loads(capsys.readouterr().out)
    assert file["articles"][0]["audience"] == ["单位"]
