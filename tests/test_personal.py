"""Personal data in what is taken in is named, masked; numbers of offices are not."""

from __future__ import annotations

import pytest

from index.personal import personal_in


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("我身份证 110101199003077758", "身份证号码（110*************58）"),
        ("号码１１０１０１１９９００３０７７７５Ｘ", "身份证号码（110*************5X）"),
        ("110101 19900307 7758 本人", "身份证号码（110*************58）"),
        ("请打 138 0013 8000", "手机号码（138******00）"),
        ("联系人：王小明，电话：86751234", "姓名和电话（王**，867***34）"),
        ("经办人 李梅（0571-88765432）", "姓名和电话（李**，057*******32）"),
        ("赵女士：0571-88765432", "姓名和电话（赵**，057*******32）"),
        ("张三 13800138000", "姓名和电话（张**，138******00）"),
        ("卡号 6222 0212 3456 7890 12", "银行卡号（622*************12）"),
        ("医保编号：A12345678", "个人编号（A12****78）"),
    ],
)
def test_named_with_its_line(text: str, named: str) -> None:
    assert [str(p) for p in personal_in(f"停保\n{text}")] == [f"第 2 行有{named}"]


@pytest.mark.parametrize(
    "text",
    [
        "咨询电话：0571-12393 或 12345", "石家庄 0311-86751234", "黄埔区医保局：020-82115678",
        "文号 20240301，共 1234567 元", "热线 400-812-3456", "医保局电话 0571-87654321",
        "统一社会信用代码 91330100799655058B", "2024-03-01 至 2025-03-01", "6222021234567890",
    ],
)  # fmt: skip
def test_numbers_of_offices_and_documents_stay_unnamed(text: str) -> None:
    assert personal_in(text) == ()


def test_long_runs_take_no_time() -> None:
    for text in (
        "王" * 100_000,
        "1" * 100_000,
        "联系人：" * 30_000,
        "1 " * 50_000,
        "王a0 " * 30_000,
    ):
        assert isinstance(personal_in(text), tuple)
