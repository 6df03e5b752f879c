"""Vietnamese as people type it, search it, sort it and read it."""

import random
import unicodedata
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.vietnamese import (
    clean,
    collation_key,
    fold,
    format_date,
    format_number,
    format_percent,
    format_phone,
    initials,
    name_sort_key,
    parse_count,
    parse_date,
    parse_phone,
)

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
marked = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES]
words = st.text(st.sampled_from([*ALPHABET, *marked, *(letter.upper() for letter in ALPHABET)]), min_size=1, max_size=7)
names = st.lists(words, min_size=1, max_size=5).map(" ".join)


def cp1258(text: str) -> str:
    """As old keyboards send it: the shaped letter whole, the tone as a mark of its own. Neither NFC nor NFD."""
    letters = []
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        shape = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        letters.append(shape + "".join(part for part in parts if part in TONES))
    return "".join(letters)


@given(names)
def test_every_way_of_typing_is_the_same_text(name):
    spaced = " " + name.replace(" ", "\u00a0 ") + "\u200b\ufeff"
    ways = [name, unicodedata.normalize("NFD", name), cp1258(name), spaced]
    assert {clean(way) for way in ways} == {unicodedata.normalize("NFC", name)}
    assert len({fold(way) for way in ways}) == len({collation_key(way) for way in ways}) == 1


@given(st.text())
def test_clean_is_idempotent_and_composed(text):
    once = clean(text)
    assert clean(once) == once == unicodedata.normalize("NFC", once)
    assert once == once.strip()
    assert not any(mark in once for mark in "\u200b\u00a0\u00d0\u00f0\n\t\x00")


def test_invisible_character_between_letter_and_mark():
    assert clean("e\u200b\u0302") == "ê"


@given(st.one_of(names, st.text()))
def test_fold_is_idempotent_and_plain(text):
    assert fold(fold(text)) == fold(text)
    assert not any(letter in fold(text) for letter in "đĐÐð")


@given(names)
def test_folded_vietnamese_is_ascii_and_lower_case(name):
    assert fold(name).isascii()
    assert fold(name.upper()) == fold(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hòa", "Hoà"), ("Thủy", "Thuỷ"), ("Đức", "duc"), ("Ðan Phượng", "Đan Phượng"), ("NGUYỆT ĐỨC", "nguyệt đức"),
     ("Ea H’Leo", "Ea H'Leo")],
)  # fmt: skip
def test_folded_alike(one, other):
    assert fold(one) == fold(other)


def test_eth_becomes_the_vietnamese_letter():
    assert clean("Ðinh Xá") == "Đinh Xá"
    assert clean("ðình") == "đình"


def test_initials_as_field_workers_type_them():
    assert initials("Nguyễn Văn Đức") == "nvd"
    assert initials("  Ðỗ\u00a0Thị Ước ") == "dtu"
    assert initials("") == ""


@pytest.mark.parametrize(
    "ordered",
    [
        ["a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "f", "g", "o", "ô", "ơ", "p", "t", "u", "ư", "v", "w", "y", "z"],
        ["an", "ăn", "ân", "bn", "da", "đa", "ea"],
        ["ba", "bà", "bả", "bã", "bá", "bạ", "bă"],
        ["hoa", "hòa", "hỏa", "họa", "hoan"],
        ["bạ an", "bá ơn"],
        ["thôn 1", "thôn 2", "thôn 9", "thôn 10", "thôn 11", "thôn 100", "thôn a"],
        ["ngõ 2/9", "ngõ 2/10", "ngõ 12", "ngõ 12a"],
        ["Lê An", "Lê Bình", "Lệ Bình"],
    ],
)
def test_order_of_letters_and_tones(ordered):
    shuffled = ordered[:]
    random.Random(7).shuffle(shuffled)
    assert sorted(shuffled, key=collation_key) == ordered
    assert sorted(shuffled, key=lambda text: collation_key(text.upper())) == ordered


@given(st.lists(names, max_size=6))
def test_shape_of_letters_decides_before_their_tones(some):
    def letters(text: str) -> list[int]:
        plain = "".join(part for part in unicodedata.normalize("NFD", text.casefold()) if part not in TONES)
        return [f" {ALPHABET}".index(letter) for letter in unicodedata.normalize("NFC", plain)]

    in_order = [letters(text) for text in sorted(some, key=collation_key)]
    assert in_order == sorted(in_order)


@given(st.text())
def test_sort_keys_can_be_stored(text):
    (collation_key(text) + name_sort_key(text)).encode("utf-8")


def test_people_sort_by_given_name():
    people = ["Trần Văn Ánh", "Lê Thị An", "Nguyễn Văn Bình", "Đỗ Văn An", "Dương Thị An", "Đỗ Thị An"]
    assert sorted(people, key=name_sort_key) == [
        "Dương Thị An", "Đỗ Thị An", "Đỗ Văn An", "Lê Thị An", "Trần Văn Ánh", "Nguyễn Văn Bình",
    ]  # fmt: skip


@given(st.integers(0, 10**9))
def test_numbers_read_back_as_they_were_written(value):
    assert parse_count(format_number(value)) == value
    assert parse_count(f" {value} ") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("89.981", 89981), ("03", 3), ("1.235.000", 1235000), ("89,981", None), ("1.5", None), ("0.123", None),
     ("-5", None), ("", None), ("bảy", None), ("12.34", None), ("²", None)],
)  # fmt: skip
def test_counts_as_people_write_them(text, value):
    assert parse_count(text) == value


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [(943, 1000, "94,3 %"), (1, 2, "50 %"), (1, 1, "100 %"), (0, 5, "0 %"), (1, 3000, "0,1 %"), (2999, 3000, "99,9 %"),
     (6996, 10000, "69,9 %"), (7004, 10000, "70 %"), (209, 230, "90,9 %")],
)  # fmt: skip
def test_percentages(numerator, denominator, shown):
    assert format_percent(Fraction(numerator, denominator)) == shown


@given(st.integers(0, 3000), st.integers(1, 3000), st.integers(0, 3))
def test_shown_percentage_never_promises_a_whole_one_that_was_not_reached(part, more, decimals):
    rate = Fraction(part, part + more)
    shown = Fraction(format_percent(rate, decimals).removesuffix(" %").replace(".", "").replace(",", "."))
    assert abs(shown - rate * 100) <= Fraction(1, 10**decimals)
    assert all(rate * 100 >= whole for whole in (50, 70, 80, 90, 100) if shown >= whole)
    assert (shown == 0) == (rate == 0)


def test_two_decimals():
    assert format_percent(Fraction(32468, 32641), 2) == "99,47 %"
    assert format_percent(Fraction(209, 230), 2) == "90,87 %"


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_days_read_back_as_they_were_written(day):
    assert parse_date(format_date(day)) == day
    assert parse_date(f"{day.day}/{day.month}/{day.year}") == day
    assert parse_date(f"{day.day}-{day.month:02d}-{day.year}") == day


@pytest.mark.parametrize("text", ["", "31/02/2026", "2026-11-22", "20/5", "20/05/24", "hôm qua", "00/01/2026"])
def test_what_is_no_day(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text",
    ["0912345678", "0912 345 678", "0912.345.678", "0912-345-678", "+84912345678", "+84 912 345 678", "84912345678",
     "(+84) 912 345 678", "+84 (0) 912 345 678", "0912\u00a0345\u00a0678", "912345678", " 0912345678 "],
)  # fmt: skip
def test_spellings_of_one_phone(text):
    assert parse_phone(text) == "+84912345678"
    assert format_phone("+84912345678") == "0912 345 678"


@pytest.mark.parametrize(
    "text", ["", "không có", "091234567", "09123456789", "0112345678", "012345678901", "+1 912 345 678", "12345678"]
)
def test_what_is_no_vietnamese_phone(text):
    assert parse_phone(text) is None


def test_landline():
    assert parse_phone("0211 3836 123") == "+842113836123"
    assert parse_phone("+84 211 3836 123") == "+842113836123"


@given(st.from_regex(r"0[35789][0-9]{8}|02[0-9]{9}", fullmatch=True))
def test_phones_read_back_as_they_are_shown(local):
    number = parse_phone(local)
    assert number is not None
    assert parse_phone(number) == parse_phone(format_phone(number)) == number
