"""Personal numbers never reach the disk; numbers that say something about the question do."""

from __future__ import annotations

import pytest

from index.masking import ADDRESS, NUMBER, mask


@pytest.mark.parametrize(
    "number",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "1 3 8 0 0 1 3 8 0 0 0",
        "+86 13800138000",
        "１３８００１３８０００",
        "一三八零零一三八零零零",
        "幺三八〇〇幺三八〇〇〇",
        "一38零0一38000",
        "024-23456789",
        "(024)2345 6789",
        "23456789",
        "210102199003078515",
        "21010219900307851X",
        "21010219900307851x",
        "210102 19900307 851X",
        "２１０１０２１９９００３０７８５１Ｘ",
        "210102900307851",
        "6222021001116245702",
        "6222 0210 0111 6245 702",
        "6222\u200b0210\u200b01116245702",
        "138.0013.8000",
        "１３８ ００１３-8000",
        "٠١٢٣٤٥٦٧٨٩٠",
        "2345-6789",
        "234 5678",
        "壹叁捌零零壹叁捌零零零",
        "一三八-零零一三-八零零零",
    ],
)
@pytest.mark.parametrize("frame", ["{}", "我的电话{}，怎么停保", "请回拨{}"])
def test_numbers_go(number: str, frame: str) -> None:
    masked = mask(frame.replace("{}", number))
    assert NUMBER in masked
    assert not any(c.isdigit() for c in masked)
    assert not any(c in masked for c in "零〇幺")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("车牌辽A12345的", f"车牌{NUMBER}的"),
        ("京A·D12345", NUMBER),
        ("护照号EA1234567", f"护照号{NUMBER}"),
        ("微信号 wxid_abc12345", f"微信号 {NUMBER}"),
        ("QQ：123456", f"QQ：{NUMBER}"),
    ],
)
def test_plates_and_accounts_go(text: str, left: str) -> None:
    assert mask(text) == left


@pytest.mark.parametrize(
    "address", ["zhang.san@example.com", "a_b+c@mail.example.cn", "张@例子.中国"]
)
def test_addresses_go(address: str) -> None:
    assert mask(f"发到{address}吧").count("@") == 0
    assert ADDRESS in mask(f" {address} ")


@pytest.mark.parametrize(
    "text",
    [
        "断缴3个月怎么补",
        "2025年12月25日前能补缴吗",
        "医保办发〔2021〕43号第十三条",
        "2021-11-01 的文件",
        "20211101发的文件",
        "断缴期间2024.01.01-2024.12.31",
        "2024/1/1 2025/3/5",
        "2021 2022 2023 2024年断缴",
        "2023-2024年度",
        "粤省事交了1200元，川A级医院",
        "微信缴费2024年的380元",
        "打12393还是12345",
        "交了1234.56元，还差380元",
        "一年三百八十元、一二三四五",
        "缴满25年（300个月）",
        "",
        "没有号码",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == text


def test_what_stands_around_it_stays_as_written() -> None:
    assert mask("電話：１３８００１３８０００！请回电。") == f"電話：{NUMBER}！请回电。"
