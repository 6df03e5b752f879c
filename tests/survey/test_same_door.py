"""Two households that are likely one: names and alleys that differ only in how they are written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.same_door import is_same_door, is_same_head
from survey.vietnamese import fold

FAMILIES = st.sampled_from(["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Vũ", "Đỗ"])
MIDDLES = st.lists(st.sampled_from(["Văn", "Thị", "Đức", "Minh", "Hữu", "Ngọc"]), max_size=2)
GIVEN = st.sampled_from(["An", "Đức", "Hoà", "Tuyết", "Cường", "Hương", "Ánh", "Sửu", "H'Hen"])
NAMES = st.builds(lambda family, middles, last: " ".join([family, *middles, last]), FAMILIES, MIDDLES, GIVEN)
ALLEYS = st.sampled_from(["Ngõ Đình", "Xóm 2", "Đường Làng", ""])


@given(NAMES, ALLEYS, st.integers(1, 99))
def test_the_same_head_written_without_marks_is_found_in_the_same_alley(name: str, alley: str, number: int) -> None:
    for other in (fold(name), name.upper(), unicodedata.normalize("NFD", name), f"  {name} "):
        assert is_same_door(name, f"Số {number}, {alley}", other, fold(alley))
        assert is_same_door(other, alley, name, f"{number} {alley}")


@given(NAMES, NAMES)
def test_different_given_names_are_never_one(name: str, other: str) -> None:
    if fold(name.split()[-1]) != fold(other.split()[-1]):
        assert not is_same_head(name, other)


@given(NAMES, NAMES)
def test_it_does_not_matter_which_was_there_first(name: str, other: str) -> None:
    assert is_same_head(name, other) == is_same_head(other, name)


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("Nguyễn Văn An", "Nguyen An", True),
        ("Nguyễn Văn An", "An", True),
        ("Nguyễn Văn An (con ông Bình)", "Nguyễn Văn An", True),
        ("Nguyễn Văn An", "Nguyễn Thị An", False),
        ("Nguyễn Văn An", "Trần Văn An", False),
        ("", "", False),
    ],
)
def test_names(name: str, other: str, same: bool) -> None:
    assert is_same_head(name, other) is same


def test_another_alley_is_another_door() -> None:
    assert not is_same_door("Nguyễn Văn An", "Ngõ Đình", "Nguyễn Văn An", "Ngõ Chùa")
    assert not is_same_door("Nguyễn Văn An", "", "Nguyễn Văn An", "Ngõ Chùa")
