"""The rank of a household in a search, as people type: what is found, and what stands before what."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey.card_code import grouped, make_code
from survey.searching import card_item, is_inside, rank_of, search_text, searched
from survey.vietnamese import fold, format_phone, initials

CARD = "S1EE3VM6X0000000"
PHONE = "+84912345678"
NAMES = st.lists(
    st.sampled_from(["Nguyễn", "Văn", "Vân", "An", "Ân", "Ấn", "Ánh", "Thị", "Đức", "H'Hen", "Niê", "(Tư)", "2"]),
    min_size=1,
    max_size=4,
).map(" ".join)
ADDRESSES = st.sampled_from(["Xóm 1", "Ngõ 12/3, Xóm Đình", "Buôn Kŏ Siêr", "Thôn An Vân", ""])
PHONES = st.from_regex(r"\+849[0-9]{8}", fullmatch=True)
CARDS = st.binary(min_size=10, max_size=10).map(make_code)
TYPED = st.text("nanvhx' ÂấđĐ0912.-+(1", max_size=12)


def rank(typed: str, name: str, address: str = "", phone: str | None = None, card: str | None = None) -> int | None:
    return rank_of(searched(typed), search_text(name, address, phone, card))


def in_order(typed: str, *names: str) -> bool:
    """Whether all are found, each with a better rank than the next."""
    ranks = [rank(typed, name) for name in names]
    return all(one is not None and other is not None and one < other for one, other in itertools.pairwise(ranks))


def test_each_kind_of_find_stands_before_the_next() -> None:
    ranks = [
        rank("an", "Nguyễn Văn An"),
        rank("an", "Trần Thị Ánh"),
        rank("an", "An Thị Bình"),
        rank("an", "Anh Thị Bình"),
        rank("an", "Âu Năm"),
        rank("0912", "Lê Bình", phone=PHONE),
        rank("s1ee", "Lê Bình", card=CARD),
        rank("an", "Lê Bình", "Thôn An Khê"),
    ]
    known = [one for one in ranks if one is not None]
    assert len(known) == len(ranks)
    assert known == sorted(set(known))
    assert rank("an", "Lê Văn Dần", "Thôn Đoan") is None, "letters inside a word"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("van an", ("Nguyễn Văn An", "Văn Thị Ánh", "Nguyễn An Văn")),
        ("van van", ("Nguyễn Văn Vân", "Trần Thị Vân")),
        ("văn vân", ("Nguyễn Văn Vân", "Trần Thị Vân")),
        ("hoa tr", ("Hoa Thị Trang", "Trần Thị Hoa")),
        ("nva", ("Nguyễn Văn An", "Nông Văn Ánh Bình")),
        ("Ân", ("Trần Thị Ân", "Trần Thị Ấn", "Trần Thị An", "Trần Thị Ânh")),
        ("đư", ("Lê Văn Đưa", "Lê Văn Đức", "Lê Văn Dũng")),
        ("hòa", ("Trần Thị Hoà", "Trần Thị Hoa")),
        ("an", ("Lê Văn An (Tư)", "An Văn Tư")),
        ("an", ("Lê Văn An 2", "An Văn Hai")),
    ],
)
def test_names_that_fit_better_stand_first(typed: str, names: tuple[str, ...]) -> None:
    assert in_order(typed, *names)


@pytest.mark.parametrize(
    "typed", ["hhen", "h'hen", "h’hen", "hʼhen", "h hen", "H'HEN NIÊ", "hen nie", "h hen nie", "hh"]
)
def test_names_with_an_apostrophe_are_found_without_it(typed: str) -> None:
    assert rank(typed, "H'Hen Niê") is not None
    assert rank(typed, "H’Hen Niê") is not None


@pytest.mark.parametrize(
    ("typed", "name"), [("buon", "Ƀuôn Yă"), ("ƀuôn", "Buôn Yă"), ("halina", "Ħalina Łut"), ("lut", "Ħalina Łut")]
)
def test_letters_with_strokes_are_found_without(typed: str, name: str) -> None:
    assert rank(typed, name) is not None


@pytest.mark.parametrize(
    "typed",
    ["0912.345.678", "+84 912 345 678", "84912345678", "(+84) 912 345 678", "912345678", "0912 345", "0912", "09",
     "+84 91", "8491", "678", "78", "8", "3456", "345 678", "45.67", "an 0912 345", "an 678"],
)  # fmt: skip
def test_a_phone_number_is_found_as_it_is_typed(typed: str) -> None:
    assert rank(typed, "Nguyễn Văn An", "Xóm Đình", PHONE) is not None
    assert rank(typed, "Nguyễn Văn An", "Xóm Đình", "+84355000111") is None


@pytest.mark.parametrize("typed", ["345", "34", "0913", "0912 346", "+84 345"])
def test_few_digits_from_the_middle_of_a_number_do_not_find_it(typed: str) -> None:
    assert rank(typed, "Nguyễn Văn An", "Xóm Đình", PHONE) is None


@pytest.mark.parametrize("typed", ["S1EE-3VM6", "s1ee 3vm6", "s1e", "SIEE 3UM6 XO", "s1ee3vm6x0000000", "s-1-e-e"])
def test_a_card_is_found_from_its_beginning_in_any_grouping(typed: str) -> None:
    assert rank(typed, "Lê Bình", card=CARD) is not None
    assert rank(typed, "Lê Bình", card="7Q4M2KXP00000000") is None
    assert rank("3vm6", "Lê Bình", card=CARD) is None


def test_a_few_digits_beside_other_words_are_an_address_before_they_end_a_number() -> None:
    here, there = rank("xom 8", "Lê Bình", "Xóm 8"), rank("xom 8", "Lê Bình", "Xóm 1", PHONE)
    assert here is not None
    assert there is not None
    assert here < there


@pytest.mark.parametrize("typed", ["12/3", "3", "xom dinh", "dinh", "Ngõ 12/3,"])
def test_an_address_is_found_by_the_beginnings_of_its_words(typed: str) -> None:
    assert rank(typed, "Lê Bình", "Ngõ 12/3, Xóm Đình") is not None
    assert rank("inh", "Lê Văn Bảy", "Ngõ 12/3, Xóm Đình") is None


def test_nothing_typed_is_no_search() -> None:
    assert not searched(" \u200b").inside
    assert searched("%").inside == ("%",)


@given(TYPED, NAMES, ADDRESSES, PHONES, CARDS)
def test_what_was_found_anywhere_before_is_found(typed: str, name: str, address: str, phone: str, card: str) -> None:
    before = "\n".join([fold(name), initials(name), fold(address), "0" + phone.removeprefix("+84"), card.lower()])
    text, search = search_text(name, address, phone, card), searched(typed)
    if all(word in before for word in fold(typed).split()) and search.inside:
        assert rank_of(search, text) is not None or is_inside(search, text)


@given(NAMES, ADDRESSES, PHONES, CARDS)
def test_a_household_is_found_by_everything_that_is_known_of_it(name: str, address: str, phone: str, card: str) -> None:
    text = search_text(name, address, phone, card)
    for typed in (
        name,
        fold(name).upper(),
        address,
        phone,
        format_phone(phone),
        card,
        grouped(card),
        name + " " + address,
    ):
        search = searched(typed)
        assert not search.inside or rank_of(search, text) is not None, typed
    assert card_item(card) in text


@given(TYPED, NAMES, ADDRESSES)
@example("a Â", "An", "Xóm 1")
def test_marks_decide_only_within_a_rank(typed: str, name: str, address: str) -> None:
    text = search_text(name, address, None, None)
    with_marks, without = rank_of(searched(typed), text), rank_of(searched(fold(typed)), text)
    assert (with_marks is None) == (without is None)
    assert with_marks is None or without is None or 0 <= with_marks - without < 100


@given(NAMES, ADDRESSES, PHONES, st.data())
def test_more_letters_find_no_one_else(name: str, address: str, phone: str, data: st.DataObject) -> None:
    """Typing on narrows a list: who fits a word fits each beginning of it."""
    word = data.draw(st.sampled_from([word for word in fold(name).split() if word.isalpha()] or ["an"]))
    text = search_text(name, address, phone, None)
    found = [rank_of(searched(word[:end]), text) is not None for end in range(1, len(word) + 1)]
    assert found == sorted(found, reverse=True)


@given(TYPED, NAMES, ADDRESSES, PHONES, CARDS)
def test_fewer_needles_find_the_same(typed: str, name: str, address: str, phone: str, card: str) -> None:
    text = search_text(name, address, phone, card)
    for reading in searched(typed).readings:
        for word in reading.words:
            assert any(one.is_in(text) for one in word.finding) == any(one.is_in(text) for one in word.needles)
