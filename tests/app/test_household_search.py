"""The household list under a search: the order that `survey.searching` promises, page by page, in SQLite."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.store.cards import CardOutcome, find_card
from app.store.household_list import count_households, list_households
from survey.card_code import grouped, make_code
from survey.searching import is_inside, rank_of, search_text, searched
from tests.app.conftest import VILLAGE, VillageOnDevice

CARD = make_code(b"a household's card")
PIECES = st.sampled_from(
    [
        *[
            "an",
            "Ân",
            "ấn",
            "van",
            "văn",
            "nva",
            "h",
            "hen",
            "h'hen",
            "xom",
            "1",
            "12/3",
            "0912",
            "345",
            "+84",
            "78",
            "uye",
            "n",
            "đ",
            "dinh",
        ],
        *["%", "[", "*", "?", "_", '"', "::", ":found0"],
        grouped(CARD)[:6],
        CARD[:3],
    ]
)


def names(device: VillageOnDevice, search: str, shown: str = "all", **more: int) -> list[str]:
    with device.database.read() as session:
        return [row.head_name for row in list_households(session, [VILLAGE], search, shown, **more)]


def test_who_fits_best_stands_first(device: VillageOnDevice) -> None:
    device.add_household("Lê Bình", "Thôn An Khê")
    device.add_household("Bùi Văn Dần", "Thôn Đoài")
    device.add_household("An Thị Bình", "Thôn Đoài")
    device.add_household("Âu Thị Năm Nga", "Thôn Đoài")
    device.add_household("Trần Thị Ánh", "Thôn Đoài")
    device.add_household("Nguyễn Văn An", "Thôn Đoài")
    device.add_household("Vũ Văn Ân", "Thôn Đoài")
    expected = ["An", "Ân", "Ánh", "Bình", "Bình"]
    assert [name.split()[-1] for name in names(device, "an")] == expected
    assert names(device, "ân")[:2] == ["Vũ Văn Ân", "Nguyễn Văn An"]
    assert names(device, "nva") == ["Nguyễn Văn An"]


def test_inside_of_words_only_where_nothing_else_is_found(device: VillageOnDevice) -> None:
    device.add_household("Nguyễn Văn Đức")
    device.add_household("Trần Văn Dung")
    assert names(device, "uye") == ["Nguyễn Văn Đức"]
    assert names(device, "uc") == ["Nguyễn Văn Đức"]
    device.add_household("Lê Úc", status="moved")
    assert names(device, "uc") == ["Lê Úc"]
    assert names(device, "uc", shown="open") == ["Nguyễn Văn Đức"], "nothing else is in this part of the list"
    with device.database.read() as session:
        assert count_households(session, [VILLAGE], "uc") == 1
        assert count_households(session, [VILLAGE], "uc", "open") == 1
        assert list_households(session, [VILLAGE], "uc", offset=1) == [], "a page behind the last is not another search"


def test_pages_of_a_search_are_its_list_cut_in_pieces(device: VillageOnDevice) -> None:
    for number, name in enumerate(("Lê An", "An Bình", "Vũ Ánh", "Trần Thị Bình")):
        for alley in ("Xóm 1", "Xóm An", "Xóm 10"):
            device.add_household(name, alley, phone=f"+8491234{number:04d}")
    whole = names(device, "an")
    assert len(whole) == 10
    assert whole[:3] == ["Lê An"] * 3
    for size in (1, 3, 4):
        pages = [names(device, "an", limit=size, offset=start) for start in range(0, 12, size)]
        assert list(itertools.chain(*pages)) == whole


def test_who_is_asked_for_stands_before_others_that_fit_as_well(device: VillageOnDevice) -> None:
    ids = [device.add_household(name) for name in ("Lê An", "Vũ An", "Lê Ánh")]
    with device.database.read() as session:
        rows = list_households(session, [VILLAGE], "an", first=[ids[1], ids[2]])
        assert [row.id for row in rows] == [ids[1], ids[0], ids[2]]


def test_a_card_is_found_by_a_part_of_its_code_and_leads_to_its_household(device: VillageOnDevice) -> None:
    household = device.add_household("Lê An", card=CARD)
    device.add_household("Vũ Ánh", card=make_code(b"of another one"))
    assert names(device, grouped(CARD)[:9].lower()) == names(device, grouped(CARD).replace("-", " ")) == ["Lê An"]
    with device.database.read() as session:
        found = find_card(session, grouped(CARD))
    assert (found.outcome, found.household) == (CardOutcome.KNOWN, household)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(typed=st.one_of(st.lists(PIECES, max_size=4).map(" ".join), st.text(max_size=8)))
def test_sqlite_ranks_as_the_core_does(device: VillageOnDevice, typed: str) -> None:
    households = [
        ("Nguyễn Văn An", "Xóm 1", "+84912345678", CARD),
        ("Trần Thị Ân", "Xóm Đình, ngõ 12/3", None, None),
        ("An Văn Ấn", "Thôn An Vân", "+84387650912", None),
        ("H'Hen Niê", "Buôn Kŏ Siêr", "+84912000078", make_code(b"of another one")),
        ("Đặng Ngọc Uyên [*] ?", "(sau chùa)", None, None),
        ("Bùi Hữu Đình", "Xóm 12", "+84911112345", None),
    ]
    with device.database.read() as session:
        is_new = not count_households(session, [VILLAGE])
    if is_new:
        for name, address, phone, card in households:
            device.add_household(name, address, phone=phone, card=card)
    search = searched(typed)
    texts = {one[0]: search_text(*one) for one in households}
    ranks = {name: rank_of(search, text) for name, text in texts.items()}
    found = {name: rank for name, rank in ranks.items() if rank is not None}
    if not search.inside:
        found = dict.fromkeys(texts, 0)
    elif not found:
        found = {name: 0 for name, text in texts.items() if is_inside(search, text)}
    as_today = names(device, "")
    listed = names(device, typed)
    assert listed == sorted(found, key=lambda name: (found[name], as_today.index(name)))
    with device.database.read() as session:
        assert count_households(session, [VILLAGE], typed) == len(listed)
