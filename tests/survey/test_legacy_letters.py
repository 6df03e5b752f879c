"""Text of before Unicode is recognised and read; text in Unicode stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import legacy_letters
from survey.legacy_letters import Letters, letters_of, most_letters, to_unicode

SYLLABLES = "Nguyễn Văn Hiền Trần Thị Mơ Đặng Đình Hướng Lò Bùi Quý Thuỷ Hoà Khuê Yến Ỷ Lan Ngõ Xóm Đoài Tổ Quốc Bảy"
WORDS = st.sampled_from([*SYLLABLES.split()])
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
OLD = {
    Letters.TCVN3: dict(zip(legacy_letters._MARKED, legacy_letters._TCVN3, strict=True)),
    Letters.VNI: {new: old for old, new in reversed(legacy_letters._FROM_VNI.items())},
}


def written(name: str, letters: Letters) -> str:
    """The name as an old font wrote it. TCVN3 has no capitals with a tone."""
    return "".join(OLD[letters].get(letter, letter) for letter in name.replace("Ỷ", "ỷ"))


@pytest.mark.parametrize(
    ("text", "letters", "meant"),
    [
        ("NguyÔn V¨n HiÒn", Letters.TCVN3, "Nguyễn Văn Hiền"),
        ("§inh X¸", Letters.TCVN3, "Đinh Xá"),
        ("Nguyeãn Vaên Hieàn", Letters.VNI, "Nguyễn Văn Hiền"),
        ("TRAÀN THÒ MÔ", Letters.VNI, "TRẦN THỊ MƠ"),
        ("Ñaëng Ñình Höôùng", Letters.VNI, "Đặng Đình Hướng"),
    ],
)
def test_old_letters_are_recognised_and_read(text: str, letters: Letters, meant: str) -> None:
    assert letters_of(text) is letters
    assert to_unicode(text, letters) == meant


@given(NAMES, st.sampled_from([Letters.TCVN3, Letters.VNI]))
def test_whatever_was_written_is_read(name: str, letters: Letters) -> None:
    assert to_unicode(written(name, letters), letters).casefold() == name.casefold()


@given(st.lists(NAMES, min_size=1, max_size=6))
def test_unicode_is_never_taken_for_old_letters(names: list[str]) -> None:
    assert most_letters(names) in (Letters.UNICODE, None)
    assert all(letters_of(name) in (Letters.UNICODE, None) for name in names)


@given(st.lists(NAMES, max_size=8), st.sampled_from([Letters.TCVN3, Letters.VNI]))
def test_a_column_of_old_letters_is_told_by_most_of_its_words(names: list[str], letters: Letters) -> None:
    """Where the most frequent names are among them: a single "Ñ" may be either."""
    usual = ["Nguyễn Văn Hiền", "Trần Thị Thắm"] * (len(names) + 1)
    assert most_letters(written(name, letters) for name in [*names, *usual]) is letters
