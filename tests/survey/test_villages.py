"""Which village a written name stands for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.records import Village
from survey.vietnamese import fold
from survey.villages import (
    Ambiguous,
    Exactly,
    Loosely,
    Meant,
    NotThere,
    full_name,
    is_same_village,
    split_kind,
    which_village,
)
from tests.builders import an_id


def a_village(name: str, kind: str = "thôn") -> Village:
    return Village(id=an_id(), name=name, kind=kind)


DONG, DONG_COPPER, HA, THREE, GROUP_THREE, HOA = (
    a_village("Đông"), a_village("Đồng"), a_village("Hạ"), a_village("3"), a_village("3", "tổ dân phố"),
    a_village("Hòa Bình", "bản"),
)  # fmt: skip
ALL = (DONG, DONG_COPPER, HA, THREE, GROUP_THREE, HOA)


@pytest.mark.parametrize(
    ("written", "there", "meant"),
    [
        ("Đông", ALL, Exactly(DONG)),
        ("THÔN ĐỒNG", ALL, Exactly(DONG_COPPER)),
        ("  thôn   đông ", ALL, Exactly(DONG)),
        ("Đồng", (DONG,), NotThere()),
        ("Đông", (DONG_COPPER,), NotThere()),
        ("Đong", (DONG,), NotThere()),
        ("dong", ALL, Ambiguous((DONG, DONG_COPPER))),
        ("dong", (DONG,), Loosely(DONG)),
        ("thon dong", (DONG, HA), Loosely(DONG)),
        ("Hà", ALL, NotThere()),
        ("Ha", ALL, Loosely(HA)),
        ("Thôn Ha", ALL, NotThere()),
        ("Thôn 3", ALL, Exactly(THREE)),
        ("Tổ dân phố 3", ALL, Exactly(GROUP_THREE)),
        ("to dan pho 3", ALL, Loosely(GROUP_THREE)),
        ("Thôn 3", (GROUP_THREE,), NotThere()),
        ("3", (GROUP_THREE,), Exactly(GROUP_THREE)),
        ("3", ALL, Ambiguous((THREE, GROUP_THREE))),
        ("Hoà Bình", ALL, Exactly(HOA)),
        ("Ho\u0300a Bi\u0300nh", ALL, Exactly(HOA)),
        ("Hoa\u0300 Bi\u0300nh", ALL, Exactly(HOA)),
        ("hoa binh", ALL, Loosely(HOA)),
        ("thôn Hòa Bình", ALL, NotThere()),
        ("", ALL, NotThere()),
    ],
)
def test_a_name_stands_for(written: str, there: tuple[Village, ...], meant: Meant) -> None:
    assert which_village(written, there) == meant


def test_a_kind_word_may_belong_to_the_name() -> None:
    inside, own = a_village("Làng Mới"), a_village("Mới", "làng")
    assert which_village("Làng Mới", [inside]) == Exactly(inside)
    assert which_village("Làng Mới", [inside, own]) == Exactly(own), "kind and name in full come first"
    assert which_village("thôn Làng Mới", [inside, own]) == Exactly(inside)


_NAMES = st.lists(st.sampled_from(["Đông", "Đồng", "Dong", "Hạ", "Hà", "Ha", "3"]), unique=True, min_size=1)
_KINDS = st.sampled_from(["thôn", "tổ dân phố", "bản"])


@given(_NAMES, st.lists(_KINDS, min_size=7, max_size=7), st.data())
def test_a_village_is_always_found_by_its_full_name_and_never_taken_for_another(
    names: list[str], kinds: list[str], data: st.DataObject
) -> None:
    there = [a_village(name, kind) for name, kind in zip(names, kinds, strict=False)]
    for one in there:
        assert which_village(full_name(one).upper(), there) == Exactly(one)
    written = data.draw(st.sampled_from(names))
    match which_village(written, [one for one in there if one.name != written]):
        case Exactly(village) | Loosely(village):
            assert (fold(village.name), written.casefold()) == (written.casefold(), fold(written))
        case Ambiguous() | NotThere():
            pass


def test_two_villages_are_called_the_same() -> None:
    assert is_same_village(a_village("Hoà"), a_village("HÒA"))
    assert not is_same_village(THREE, GROUP_THREE)
    assert not is_same_village(DONG, DONG_COPPER)


def test_the_kind_is_the_first_word() -> None:
    assert split_kind("Tổ dân phố 3") == ("tổ dân phố", "3")
    assert split_kind("Khu phố 2") == ("khu phố", "2")
    assert split_kind("Thôn") == (None, "Thôn")
    assert split_kind("Bản") == (None, "Bản")
