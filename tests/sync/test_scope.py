"""Somebody's villages change while work waits on the phone: it is handed in, judged by when it was done, never lost."""

import pytest
from sqlmodel import Session, select

from app.store.rows import HouseholdRow, ResponseRow, StreamRowRow
from app.store.sync_state import find_sign_in, list_villages
from app.sync.exchange import exchange
from survey.records import TeamMember
from survey.roles import Role
from sync_server.commune.members import move_member
from tests.sync.rig import Phone, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
A, B = "Đinh Xá", "Nghinh Tiên"


def move(rig: Rig, phone: Phone, *names: str) -> None:
    with phone.database.read() as session:
        signed_in = find_sign_in(session)
    assert signed_in is not None
    member = TeamMember(id=signed_in.member_id, name=signed_in.member_name, role=signed_in.role)
    with rig.server.state.database.write() as session:
        move_member(session, "09052", member, [rig.villages[name] for name in names], rig.clock())


def held_of(phone: Phone, rig: Rig, name: str) -> tuple[set[str], int]:
    """The households of a village that the phone shows, and how many rows of its stream it keeps."""

    def read(session: Session) -> tuple[set[str], int]:
        village = rig.villages[name]
        homes = session.exec(select(HouseholdRow.id).where(HouseholdRow.village_id == village)).all()
        rows = session.exec(select(StreamRowRow.subject).where(StreamRowRow.village_id == village)).all()
        return set(homes), len(rows)

    with phone.database.read() as session:
        return read(session)


async def a_phone(rig: Rig) -> tuple[Phone, str, str, str]:
    """Lan's phone in village A with two households; a third is in B."""
    first, second = [await rig.add_household(A, name) for name in ("Nguyễn Văn Đức", "Trần Thị Hòa")]
    third = await rig.add_household(B, "Lê Quang Thủy")
    return await rig.phone(Role.MEMBER, "Vũ Thị Lan", A), first, second, third


async def test_work_from_before_the_move_is_handed_in_and_the_old_village_leaves(rig: Rig) -> None:
    lan, first, _, third = await a_phone(rig)
    rig.clock.pass_by(hours=1)
    lan.now = rig.clock()
    lan.visit(first)
    rig.clock.pass_by(hours=1)
    move(rig, lan, B)
    rig.clock.pass_by(hours=1)
    lan.now = rig.clock()
    await lan.sync()
    assert (lan.outbox().waiting, lan.outbox().confirmed, lan.outbox().held) == (0, 1, 0)
    assert held_of(lan, rig, A) == (set(), 0)
    assert {row.id for row in lan.households()} == {third}
    with lan.database.read() as session:
        assert [village.name for village in list_villages(session)] == [B]
        assert session.exec(select(ResponseRow)).all() == []
    official = await rig.phone(Role.OFFICIAL, "Đặng Thị Hoa")
    assert official.reports()[A].surveyed == 1
    assert official.listed(first).visited_by == "Vũ Thị Lan"


async def test_work_from_after_the_move_is_held_and_stays_on_the_phone_with_its_household(rig: Rig) -> None:
    lan, _, second, third = await a_phone(rig)
    rig.clock.pass_by(hours=1)
    move(rig, lan, B)
    rig.clock.pass_by(hours=1)
    lan.now = rig.clock()
    lan.visit(second)
    await lan.sync()
    assert (lan.outbox().waiting, lan.outbox().held) == (0, 1)
    homes, rows = held_of(lan, rig, A)
    assert homes == {second}, "what has no open work left, what has some is still there"
    assert rows == 1
    assert lan.listed(second).to_fix == 1
    assert third in {row.id for row in lan.households()}
    official = await rig.phone(Role.OFFICIAL, "Đặng Thị Hoa")
    assert official.reports()[A].surveyed == 0


async def test_the_phones_clock_was_wrong_all_the_time(rig: Rig) -> None:
    lan, first, second, _ = await a_phone(rig)
    wrong = rig.clock().replace(year=1971) - rig.clock()
    rig.clock.pass_by(hours=1)
    lan.now = rig.clock() + wrong
    lan.visit(first)
    rig.clock.pass_by(hours=1)
    move(rig, lan, B)
    rig.clock.pass_by(hours=1)
    lan.now = rig.clock() + wrong
    lan.visit(second)
    await lan.sync()
    assert (lan.outbox().confirmed, lan.outbox().held) == (1, 1)


async def test_a_long_outbox_keeps_its_households_until_it_is_empty_and_not_longer(rig: Rig) -> None:
    lan, first, second, _ = await a_phone(rig)
    lan.now = rig.clock()
    lan.visit(first)
    lan.visit(second)
    rig.clock.pass_by(hours=1)
    move(rig, lan, B)
    rig.clock.pass_by(hours=1)
    lan.now = rig.clock()
    done = await exchange(lan.database, lan.client, lan.now, most_changes=1)
    assert (done.more, lan.outbox().waiting) == (True, 1)
    assert held_of(lan, rig, A)[0] == {second}
    await lan.sync()
    assert lan.outbox().confirmed == 2
    assert held_of(lan, rig, A) == (set(), 0)


async def test_a_village_more_and_back_again(rig: Rig) -> None:
    lan, first, second, third = await a_phone(rig)
    rig.clock.pass_by(hours=1)
    move(rig, lan, A, B)
    await lan.sync()
    assert {row.id for row in lan.households()} == {first, second, third}
    assert set(lan.reports()) == {A, B}
    rig.clock.pass_by(hours=1)
    move(rig, lan, B)
    await lan.sync()
    added = await rig.add_household(A, "Phạm Thị Ánh")
    move(rig, lan, A)
    await lan.sync()
    assert {row.id for row in lan.households()} == {first, second, added}
    assert held_of(lan, rig, B) == (set(), 0)
