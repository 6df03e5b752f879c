"""A family asks that nothing of theirs is kept: it goes from the server and from every phone, and the proof stays."""

import pytest
from sqlalchemy import text

from app.actions.differences import settle_difference
from app.actions.erasures import erase_household
from app.actions.households import add_household, edit_household
from app.actions.responses import NotReady, find_campaign, keep_draft, open_draft
from app.store.erasures import ErasedHousehold, find_erased
from app.store.stream import list_stream_bodies
from survey.problems import HOUSEHOLD_ERASED
from survey.roles import Role
from sync_server.store.rows import ServerTable
from tests.builders import an_id
from tests.sync.rig import Phone, Rig

pytestmark = pytest.mark.anyio
WORDS = ("Quách Thị Sương", "Ngõ Mận", "912345678", "Nuôi chó dữ")


@pytest.fixture
async def household(rig: Rig) -> str:
    return await rig.add_household("Đinh Xá", WORDS[0], address=WORDS[1], phone="+84912345678")


@pytest.fixture
async def lan(rig: Rig, household: str) -> Phone:
    return await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")


@pytest.fixture
async def son(rig: Rig, household: str) -> Phone:
    return await rig.phone(Role.MEMBER, "Ngô Văn Sơn", "Đinh Xá")


def holds(phone: Phone) -> list[str]:
    """The household's words that the phone's file has anywhere in its bytes, as text or as JSON writes it."""
    content = phone.database.path.read_bytes()
    return [word for word in WORDS if word.encode() in content or word.encode("ascii", "backslashreplace") in content]


def on_the_server(rig: Rig, household: str) -> list[str]:
    """The household's words that any row of the server has."""
    with rig.server.state.database.read() as session:
        tables = ServerTable.metadata.sorted_tables
        rows = [str(tuple(row)) for table in tables for row in session.execute(table.select())]
    return [word for word in WORDS if any(word in row for row in rows)]


def proof(phone: Phone, household: str) -> ErasedHousehold | None:
    with phone.database.read() as session:
        return find_erased(session, household)


async def test_nothing_of_the_household_stays_anywhere_but_the_proof(
    rig: Rig, household: str, lan: Phone, son: Phone
) -> None:
    lan.visit(household, note=WORDS[3])
    edit_household(lan.database, lan.now, household, head_name=f"{WORDS[0]} (bà)")
    await lan.sync()
    await son.sync()
    assert holds(son) == list(WORDS)
    assert on_the_server(rig, household) == list(WORDS)
    assert lan.reports()["Đinh Xá"].registered == 1

    erase_household(lan.database, lan.now, household)
    assert holds(lan) == [], "without coverage already"
    assert proof(lan, household) == ErasedHousehold(lan.now, "", is_waiting=True, lost_work=False)
    await lan.sync()
    await son.sync()
    assert (holds(lan), holds(son), on_the_server(rig, household)) == ([], [], [])
    for phone in (lan, son):
        assert proof(phone, household) == ErasedHousehold(lan.now, "Vũ Thị Lan", is_waiting=False, lost_work=False)
        assert phone.reports()["Đinh Xá"].registered == 0
        assert not phone.households()
    with son.database.read() as session:
        [kept] = list_stream_bodies(session, "erasure")
    assert kept["basis"] == "family_request"
    assert kept.keys() == {"requested_at", "erased_at", "basis", "by"}


async def test_an_unsent_visit_of_another_phone_is_refused_with_a_sentence_and_not_kept(
    rig: Rig, household: str, lan: Phone, son: Phone
) -> None:
    son.visit(household, note=WORDS[3])
    campaign = find_campaign(son.database)
    keep_draft(son.database, son.now, open_draft(son.database, son.now, household, campaign).noting(WORDS[3]))
    erase_household(lan.database, lan.now, household)
    await lan.sync()
    await son.sync()
    assert (holds(son), on_the_server(rig, household)) == ([], [])
    found = proof(son, household)
    assert found is not None
    assert found.lost_work
    assert (son.outbox().waiting, son.outbox().invalid) == (0, 0), "nothing is left to be mended"
    with rig.server.state.database.read() as session:
        [(verdict, problem)] = session.execute(text("SELECT verdict, problem FROM change WHERE kind = 'response'"))
    assert verdict == "invalid"
    assert HOUSEHOLD_ERASED.slug in problem


async def test_work_that_only_names_the_household_later_is_not_kept_either(
    rig: Rig, household: str, lan: Phone, son: Phone
) -> None:
    erase_household(lan.database, lan.now, household)
    await lan.sync()
    edit_household(son.database, son.now, household, address=f"{WORDS[1]} 2")
    erase_household(son.database, son.now, household)
    await son.sync()
    await son.sync()
    assert (holds(son), on_the_server(rig, household)) == ([], [])
    found = proof(son, household)
    assert found is not None
    assert found.by == "Vũ Thị Lan", "who came first is the proof"
    assert son.outbox().held == 0


async def test_what_two_people_disagreed_about_goes_with_it(rig: Rig, household: str, lan: Phone, son: Phone) -> None:
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    edit_household(lan.database, lan.now, household, address=f"{WORDS[1]} 1")
    edit_household(son.database, son.now, household, address=f"{WORDS[1]} 2")
    await lan.sync()
    await son.sync()
    await minh.sync()
    with minh.database.read() as session:
        assert len(list_stream_bodies(session, "difference")) == 1
    erase_household(minh.database, minh.now, household)
    await minh.sync()
    assert (holds(minh), on_the_server(rig, household)) == ([], [])
    with minh.database.read() as session:
        assert list_stream_bodies(session, "difference") == []
    with pytest.raises(NotReady):
        settle_difference(minh.database, minh.now, an_id(), "shown")


async def test_one_made_visited_and_erased_before_any_sync_leaves_nothing(rig: Rig, lan: Phone) -> None:
    made = add_household(lan.database, lan.now, rig.villages["Đinh Xá"], "Cù Thị Muội", "Ngõ Bưởi")
    lan.visit(made)
    erase_household(lan.database, lan.now, made)
    assert "Cù Thị Muội".encode() not in lan.database.path.read_bytes()
    await lan.sync()
    assert proof(lan, made) == ErasedHousehold(lan.now, "Vũ Thị Lan", is_waiting=False, lost_work=True)
    assert lan.outbox().held == 0
