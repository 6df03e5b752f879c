"""Households that may be one: what agrees, what keeps them apart, and that nothing hangs on the order."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.doubles import LIKELY, POSSIBLE, ListedHome, Pair, list_pairs
from survey.doubt_words import doubt_words, is_only_possible
from survey.doubts import Doubt

HERE, THERE = "đinh xá", "nghinh tiên"
FAMILY = (("m", 1961), ("f", 1964), ("m", 1990))
HOME = ListedHome("a", HERE, "Nguyễn Văn Tuấn", "Số 12, Ngõ Đình", "+84912345678", "", FAMILY)
BARE = ListedHome("a", HERE, "Nguyễn Văn Tuấn", "Ngõ Đình")
OTHERS = [
    ListedHome(f"x{n}", HERE, f"{family} {middle} {name}", "Xóm Trong")
    for n, (family, middle, name) in enumerate(
        (family, middle, name)
        for family in ("Nguyễn", "Trần", "Lê")
        for middle in ("Văn", "Thị")
        for name in ("Hùng", "Lan", "Mai")
    )
]


def pairs(*homes: ListedHome) -> list[Pair]:
    """The pairs of these among a few neighbours."""
    names = {one.id for one in homes}
    return [one for one in list_pairs([*homes, *OTHERS]) if {one.first, one.second} & names]


@pytest.mark.parametrize(
    "written",
    [
        "Nguyễn Văn Tuấn",
        "NGUYỄN VĂN TUẤN",
        "nguyen van tuan",
        "Nguyển Văn Tuấn",
        "Nguyễn Văn Tuẩn",
        "Nguyễn Văn Tuẫn",
        "Nguyễn Tuấn",
        "Nguyễn V. Tuấn",
        "N. V. Tuấn",
        "Nguyễn Văn Tuấn (ông)",
        "Nguyễn Văn Tuân",
        "Nguyễn Văn Tuán",
        "Nguyễn Văn Tun",
    ],
)
def test_however_the_name_was_written(written: str) -> None:
    [pair] = pairs(HOME, replace(HOME, id="b", head_name=written, address="ngo dinh"))
    assert (pair.first, pair.second) == ("a", "b")
    assert pair.is_likely
    assert {"same_alley", "same_phone", "same_people"} < dict(pair.reasons).keys()


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("Trần Thị Sinh", "Trần Thị Xinh"),
        ("Lê Văn Trung", "Lê Văn Chung"),
        ("Lý Thị Lành", "Lí Thị Nành"),
        ("Vũ Thị Giang", "Vũ Thị Dang"),
        ("Phạm Văn Quý", "Phạm Văn Quí"),
        ("Đỗ Văn Hòa", "Đổ Văn Hoà"),
    ],
)
def test_names_that_sound_alike_are_one_name(name: str, heard: str) -> None:
    [pair] = pairs(replace(BARE, head_name=name), replace(BARE, id="b", head_name=heard))
    assert dict(pair.reasons) == {"same_name": 1, "same_alley": 1}


def test_wife_on_one_list_husband_on_the_other() -> None:
    [pair] = pairs(HOME, replace(HOME, id="b", head_name="Trần Thị Nguyệt"))
    assert dict(pair.reasons) == {"same_alley": 1, "same_phone": 1, "same_people": 3}


@pytest.mark.parametrize(
    "other",
    [
        ListedHome("b", HERE, "Trần Thị Nguyệt", "Ngõ Đình"),
        ListedHome("b", HERE, "Phạm Thị Tuấn", "Xóm Chợ", "+84987654321"),
        ListedHome("b", HERE, "Đinh Đức Tuấn", "Xóm Chợ", "", "", (("f", 1940),)),
        ListedHome("b", THERE, "Nguyễn Văn Tuấn", "Xóm Chợ"),
        ListedHome("b", HERE, "Phạm Thị Nguyệt", "Xóm Chợ", "+84912345678", "", (("f", 1940),)),
    ],
)
def test_two_homes(other: ListedHome) -> None:
    assert not pairs(HOME, other)


def test_namesakes_whom_somebody_told_apart() -> None:
    first = replace(BARE, head_name="Nguyễn Văn Tuấn (1)")
    assert not pairs(first, replace(BARE, id="b", head_name="Nguyễn Văn Tuấn (2)"))
    assert pairs(first, replace(BARE, id="b"))


def test_one_card_is_one_home_wherever_it_is() -> None:
    [pair] = pairs(replace(HOME, card="K7"), ListedHome("b", THERE, "Lê Thị Hoa", "Xóm Bãi", "+84911111111", "K7"))
    assert (pair.is_likely, dict(pair.reasons)) == (True, {"same_card": 1})


def test_a_common_name_says_less_than_a_rare_one() -> None:
    many = [ListedHome(f"n{n}", THERE, "Nguyễn Văn Tuấn", f"Ngõ {n}") for n in range(90)]
    rare = replace(BARE, head_name="Tống Bá Khiêm")
    found = {one.first: one.score for one in list_pairs([BARE, replace(BARE, id="b"), rare, *many]) if one.second < "n"}
    again = {one.first: one.score for one in list_pairs([replace(rare, id="c"), replace(rare, id="d"), *many])}
    assert "a" not in found
    assert again["c"] > LIKELY


def test_people_are_counted_once_each() -> None:
    twins = (("m", 1990), ("m", 1990), ("m", 1991))
    [pair] = pairs(replace(HOME, people=twins), replace(HOME, id="b", people=(("m", 1990), ("m", 1991), ("m", 1992))))
    assert dict(pair.reasons)["same_people"] == 3
    [pair] = pairs(HOME, replace(HOME, id="b", people=FAMILY[:2]))
    assert dict(pair.reasons)["same_people"] == 2


def test_the_words_ask() -> None:
    [pair] = pairs(HOME, replace(HOME, id="b"))
    evidence = {"score": pair.score, "reasons": list(pair.reasons)}
    doubt = Doubt(check="pair", fingerprint="a b", found_at=datetime(2026, 11, 21, tzinfo=UTC), evidence=evidence)
    assert doubt_words(doubt, HERE) == (
        "Hai hộ này cùng tên chủ hộ, có thể khác dấu, cùng ngõ, cùng số điện thoại và có 3 người cùng giới tính, năm "
        "sinh. Đây là một nhà ghi hai lần, hay hai nhà khác nhau? Nhờ anh/chị hỏi giúp."
    )
    assert not is_only_possible(doubt)
    assert is_only_possible(doubt.model_copy(update={"evidence": {"score": POSSIBLE}}))


_homes = st.lists(
    st.builds(
        ListedHome,
        id=st.sampled_from([f"h{n:02}" for n in range(40)]),
        village=st.sampled_from([HERE, THERE]),
        head_name=st.one_of(
            st.sampled_from(["Nguyễn Văn Tuấn", "Nguyển V. Tuấn", "Tuấn", "Trần Thị Xinh", "T. Sinh", "", "(12)"]),
            st.text(max_size=12),
        ),
        address=st.sampled_from(["", "Ngõ Đình", "số 3 ngo dinh", "Đường trục thôn", "trục thôn"]),
        phone=st.sampled_from(["", "+84912345678", "+84987654321"]),
        card=st.sampled_from(["", "", "", "K7", "K8"]),
        people=st.lists(st.tuples(st.sampled_from("mf"), st.integers(1950, 1954)), max_size=4).map(tuple),
    ),
    max_size=14,
    unique_by=lambda one: one.id,
)


@given(_homes, st.randoms(use_true_random=False))
def test_the_order_does_not_matter_and_nobody_is_a_pair_with_themselves(
    homes: list[ListedHome], random: Random
) -> None:
    found = list_pairs(homes)
    assert all(one.first < one.second and one.score >= POSSIBLE for one in found)
    assert len({(one.first, one.second) for one in found}) == len(found)
    mixed = [replace(one, people=tuple(reversed(one.people))) for one in random.sample(homes, len(homes))]
    assert list_pairs(mixed) == found
    assert list_pairs([*homes, *homes]) == found


@given(_homes)
def test_swapping_the_ids_swaps_the_sides_only(homes: list[ListedHome]) -> None:
    names = {one.id: f"z{99 - int(one.id[1:])}" for one in homes}
    swapped = list_pairs(replace(one, id=names[one.id]) for one in homes)
    there = {(one.first, one.second): (one.score, one.reasons) for one in swapped}
    assert there == {(names[one.second], names[one.first]): (one.score, one.reasons) for one in list_pairs(homes)}
