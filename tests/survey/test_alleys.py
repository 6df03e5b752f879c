"""Which alley an address names."""

import pytest

from survey.alleys import alley_key, alley_of


@pytest.mark.parametrize(
    ("address", "alley"),
    [
        ("Ngõ Đình", "Ngõ Đình"),
        ("  Ngõ   Đình , thôn Đinh Xá", "Ngõ Đình"),
        ("Số 12, Ngõ Đình", "Ngõ Đình"),
        ("số nhà 12a ngõ 3", "ngõ 3"),
        ("SN 12/3 Xóm Bãi", "Xóm Bãi"),
        ("12 Đường trục thôn", "Đường trục thôn"),
        ("nhà số 7, xóm 4", "xóm 4"),
        ("Ngõ 31", "Ngõ 31"),
        ("Đường 3/2", "Đường 3/2"),
        ("Nhà văn hóa", "Nhà văn hóa"),
        ("Số 12", ""),
        ("Số 3, ", ""),
        ("", ""),
    ],
)
def test_the_alley_is_what_follows_the_house_number(address: str, alley: str) -> None:
    assert alley_of(address) == alley


def test_spellings_of_one_alley_are_one_alley_and_other_alleys_are_not() -> None:
    assert alley_key("Số 2, NGÕ HÒA BÌNH") == alley_key("ngõ Hoà Bình")
    assert len({alley_key(f"Ngõ {name}") for name in ("Đông", "Đồng", "3", "31")}) == 4
