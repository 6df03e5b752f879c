"""A household that a list made is found by that list for ever, wherever it lives since."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from survey.roles import Role
from sync_server.commune.lineage import merge_villages, split_village
from sync_server.commune.list_import import ImportResult, import_households
from sync_server.commune.setup import open_commune
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from sync_server.store.listed import list_listed
from sync_server.store.villages import list_villages
from tests.builders import a_commune, a_criteria_set, an_id
from tests.clock import Clock
from tests.sync_server import databases
from tests.sync_server.wire_client import COMMUNE, Device, Server

A, B, C = "Đinh Xá", "Nghinh Tiên", "Đoài"
ALLEYS = ("Ngõ 1", "Ngõ 2", "Ngõ 3")
LIST = [
    *((f"Nguyễn Văn {name}", A, ALLEYS[place % 3]) for place, name in enumerate("ABCD")),
    *((f"Trần Thị {name}", B, ALLEYS[place % 3]) for place, name in enumerate("ABCD")),
    ("Lê Văn Sơn", C, "Ngõ 1"),
    *[("Phạm Văn Nam", A, "Ngõ 1")] * 2,  # two families of one name in one alley, and one more in the next village
    ("Phạm Văn Nam", B, "Ngõ 1"),
]
Row = tuple[str, str, str]


class Commune:
    """What people do to a commune's villages, by the names that they have at the moment."""

    def __init__(self, server: Server, official: Device) -> None:
        self.server, self.official, self.made = server, official, 0

    def bring(self, *rows: Row, **options: bool) -> ImportResult:
        book = Workbook()
        for row in (("Chủ hộ", "Thôn", "Địa chỉ"), *rows):
            book.worksheets[0].append(row)
        with TemporaryDirectory() as folder, self.server.database.write() as session:
            book.save(Path(folder) / "ho.xlsx")
            return import_households(session, COMMUNE, Path(folder) / "ho.xlsx", self.server.clock(), **options)

    def merge(self, into: str, *names: str) -> None:
        with self.server.database.write() as session:
            merge_villages(session, COMMUNE, into, names, self.server.clock())

    def split(self, source: str, new: str, alley: str) -> None:
        with self.server.database.write() as session:
            split_village(session, COMMUNE, source, new, self.server.clock(), alleys=[alley])

    def villages(self) -> dict[str, str]:
        with self.server.database.read() as session:
            return {one.name: one.id for one in list_villages(session, COMMUNE)}

    def homes(self) -> dict[str, str]:
        """Where each household lives, by its id."""
        with self.server.database.read() as session:
            return {one.id: one.village for one in list_listed(session, COMMUNE)}

    def in_order(self) -> list[str]:
        """The households in an order that is the same each time, whatever their ids are."""
        with self.server.database.read() as session:
            every = list_listed(session, COMMUNE)
        return [one.id for one in sorted(every, key=lambda one: (one.head_name, one.address, one.listed_in or ""))]

    def alleys(self, village: str) -> list[str]:
        with self.server.database.read() as session:
            return sorted({one.address for one in list_listed(session, COMMUNE, [village])})

    def move(self, household: str, to: str) -> None:
        self.official.pull()
        home = self.homes()[household]
        seen = self.official.rows[home]["household", household]["seq"]
        change = self.official.change("household", household, {"village": to}, village=home, seen=seen)
        assert self.official.verdicts(change) == ["applied"]
        assert self.homes()[household] == to

    def household(self, head_name: str) -> str:
        with self.server.database.read() as session:
            return next(one.id for one in list_listed(session, COMMUNE) if one.head_name == head_name)


@pytest.fixture
def commune(server: Server, hoa_official: Device) -> Commune:
    made = Commune(server, hoa_official)
    server.add_village(C)
    assert made.bring(*LIST).added == len(LIST)
    return made


def assert_nothing_is_added(commune: Commune) -> None:
    before = commune.homes()
    done = commune.bring(*LIST, create_villages=True)
    assert (done.added, done.unchanged, done.villages_created) == (0, len(LIST), [])
    assert commune.homes() == before


def test_a_household_that_moved_is_found_again(commune: Commune) -> None:
    commune.move(commune.household("Nguyễn Văn A"), commune.villages()[B])
    assert_nothing_is_added(commune)
    assert commune.bring(("Nguyễn Văn A", B, "Ngõ 1")).added == 0, "nor where it lives now"


def test_a_household_is_found_by_every_list_that_ever_named_it(commune: Commune) -> None:
    villages = commune.villages()
    household = commune.household("Nguyễn Văn A")
    commune.move(household, villages[B])
    assert commune.bring(("Nguyễn Văn A", B, "Ngõ 1")).added == 0
    commune.move(household, villages[C])
    assert commune.bring(("Nguyễn Văn A", B, "Ngõ 1")).added == 0, "the list of Nghinh Tiên named it before"
    assert_nothing_is_added(commune)
    commune.merge("Đinh Nghinh", A, B)
    assert commune.bring(("Nguyễn Văn A", "Đinh Nghinh", "Ngõ 1")).added == 0
    assert_nothing_is_added(commune)


def test_villages_that_were_merged_and_split_are_followed(commune: Commune) -> None:
    commune.merge("Đinh Nghinh", A, B)
    assert_nothing_is_added(commune)
    assert commune.bring(*[(name, "Đinh Nghinh", alley) for name, _, alley in LIST[:8]]).added == 0
    commune.split("Đinh Nghinh", "Nghinh Mới", "Ngõ 2")
    assert commune.bring(("Nguyễn Văn B", "Nghinh Mới", "Ngõ 2")).added == 0
    commune.merge(C, "Nghinh Mới", "Đinh Nghinh")
    assert_nothing_is_added(commune)
    assert commune.bring(*[(name, C, alley) for name, _, alley in LIST]).added == 0


def test_a_household_that_moved_out_of_a_village_that_ended_then_is_found_again(commune: Commune) -> None:
    commune.move(commune.household("Nguyễn Văn A"), commune.villages()[C])
    commune.merge("Đinh Nghinh", A, B)
    assert_nothing_is_added(commune)
    assert commune.bring(("Nguyễn Văn A", "Đinh Nghinh", "Ngõ 1")).added == 0


def test_a_new_village_of_an_old_name_is_followed_too(commune: Commune) -> None:
    commune.merge("Đinh Nghinh", A, B)
    commune.server.add_village(A)
    assert_nothing_is_added(commune)


def test_families_of_one_name_stay_as_many_as_they_are(commune: Commune) -> None:
    commune.merge(B, A)
    new = commune.bring(*LIST, ("Phạm Văn Nam", A, "Ngõ 1"), ("Phạm Văn Nam", B, "Ngõ 2"))
    assert (new.added, new.unchanged) == (2, len(LIST))
    assert {one.village for one in new.matched} == {f"thôn {B}"}
    again = commune.bring(*LIST, ("Phạm Văn Nam", A, "Ngõ 1"), ("Phạm Văn Nam", B, "Ngõ 2"))
    assert again.added == 0
    assert set(commune.homes().values()) == {commune.villages()[B], commune.villages()[C]}


def test_a_family_of_a_merged_village_is_not_one_of_the_other(commune: Commune) -> None:
    commune.merge("Đinh Nghinh", A, B)
    assert commune.bring(("Nguyễn Văn A", B, "Ngõ 1")).added == 1, "the list says that it is of Nghinh Tiên"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, empty_database: str) -> Iterator[Callable[[], Commune]]:
    """New communes, one for each example."""
    folder, numbers = tmp_path_factory.mktemp("found"), count()

    with ExitStack() as stack:

        def new() -> Commune:
            place = folder / str(next(numbers))
            place.mkdir()
            address = stack.enter_context(databases.one_more(place, copy_of=empty_database))
            clock = Clock()
            server = Server(create_app(ServerSettings(data=place, database_url=address), clock), clock)
            stack.callback(server.close)
            with server.database.write() as session:
                open_commune(session, a_commune(), a_criteria_set(), clock())
            for name in (A, B, C):
                server.add_village(name)
            return Commune(server, server.enroll(Role.OFFICIAL, "Đặng Thị Hoa"))

        yield new


_STEPS = st.lists(
    st.sampled_from(["import", "part", "move", "merge", "merge into new", "split", "add", "list"]), max_size=8
)


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(_STEPS, st.data())
def test_whatever_happens_between_two_imports_nothing_is_doubled(
    fresh: Callable[[], Commune], steps: list[str], data: st.DataObject
) -> None:
    commune = fresh()
    assert commune.bring(*LIST).added == len(LIST)

    def one_of(values: list[str]) -> str:
        return data.draw(st.sampled_from(values))

    lists: list[Row] = []
    for number, step in enumerate(steps):
        villages = commune.villages()
        match step:
            case "import":
                assert_nothing_is_added(commune)
            case "part":
                rows = data.draw(st.lists(st.sampled_from(LIST[:9]), unique=True, min_size=1))
                assert commune.bring(*rows).added == 0
            case "move":
                commune.move(one_of(commune.in_order()), villages[one_of(sorted(villages))])
            case "list":  # another list names a household where it lives now
                names = {identity: name for name, identity in villages.items()}
                head, _, alley = data.draw(st.sampled_from(LIST[:9]))
                lives = names[commune.homes()[commune.household(head)]]
                assert commune.bring((head, lives, alley)).added == 0
                lists.append((head, lives, alley))
            case "merge" if len(villages) > 1:
                source, into = data.draw(st.permutations(sorted(villages)))[:2]
                commune.merge(into, source)
            case "merge into new":
                commune.merge(f"Mới {number}", one_of(sorted(villages)))
            case "split":
                source = one_of(sorted(villages))
                there = commune.alleys(villages[source])
                if there:
                    commune.split(source, f"Tách {number}", one_of(there))
            case "add":
                name = one_of([A, B, C])
                if name not in villages:
                    commune.server.add_village(name)
    assert_nothing_is_added(commune)
    for row in lists:
        assert commune.bring(row, create_villages=True).added == 0
    assert len(commune.homes()) == len(LIST)


def test_a_joined_household_is_not_brought_anew(commune: Commune) -> None:
    """The list still has both lines: neither a third household comes of it, nor is the kept one written over."""
    double = ("Nguyển Văn A", A, "Ngõ 1")
    assert commune.bring(*LIST, double).added == 1
    with commune.server.database.read() as session:
        named = {one.head_name: one.id for one in list_listed(session, COMMUNE)}
    body = {"household": named["Nguyễn Văn A"], "other": named[double[0]]}
    village = commune.villages()[A]
    official = commune.official
    for undo, households in ((False, len(LIST)), (True, len(LIST) + 1)):
        change = official.change("join", an_id(), body | {"undo": undo}, village=village)
        assert official.verdicts(change) == ["applied"]
        again = commune.bring(*LIST, double)
        assert (again.added, again.updated, again.unchanged) == (0, 0, len(LIST) + 1)
        assert len(commune.homes()) == households
