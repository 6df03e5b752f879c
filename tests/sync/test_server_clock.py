"""The server's clock jumps: an hour back, years ahead and back again. Visits go on, nothing is lost, nobody is locked
out, and sequences keep rising."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from app.store.sync_state import find_sign_in
from app.sync.client import Unreachable
from survey.roles import Role
from survey.times import wire_time
from tests.sync.rig import Phone, Rig

pytestmark = pytest.mark.anyio
VILLAGE = "Đinh Xá"
TEN_YEARS = timedelta(days=3653)
HOUR = timedelta(hours=1)
Send = Callable[[httpx.Request], Awaitable[httpx.Response]]


def on_server(rig: Rig, statement: str) -> list[tuple[object, ...]]:
    with rig.server.state.database.read() as session:
        return [tuple(row) for row in session.execute(text(statement))]


def last_sequence(rig: Rig) -> int:
    ((seq,),) = on_server(rig, f"SELECT seq FROM village WHERE id = '{rig.villages[VILLAGE]}'")
    return int(str(seq))


def credential(phone: Phone) -> str:
    with phone.database.read() as session:
        signed_in = find_sign_in(session)
    assert signed_in is not None
    return signed_in.token


async def in_step(*phones: Phone) -> None:
    for _ in range(2):
        for phone in phones:
            await phone.sync()


@pytest.mark.slow
@pytest.mark.parametrize(
    "jumps",
    [(-HOUR, -HOUR), (TEN_YEARS, -TEN_YEARS), (-TEN_YEARS, TEN_YEARS), (TEN_YEARS, HOUR, -TEN_YEARS - HOUR)],
    ids=["back", "ahead and back", "back and ahead", "ahead for an hour"],
)
async def test_visits_go_on_and_nothing_is_lost(rig: Rig, jumps: tuple[timedelta, ...]) -> None:
    """The phones' own clocks are right all the time. Both visit the same households, in turn."""
    homes = await rig.add_households(VILLAGE, 3)
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", VILLAGE)
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", VILLAGE)
    visits: set[str] = set()
    for jump in (timedelta(0), *jumps, timedelta(days=1)):
        rig.clock.now += jump
        before = last_sequence(rig)
        for phone, phones in ((lan, "yes"), (minh, "no")):
            phone.now += timedelta(minutes=10)
            visits |= {phone.visit(home, phones=phones) for home in homes}
            await phone.sync()
        assert last_sequence(rig) > before
        await in_step(lan, minh)
        for phone in (lan, minh):
            counts = phone.outbox()
            assert (counts.waiting, counts.held, counts.invalid) == (0, 0, 0)
    assert sorted(str(row[0]) for row in on_server(rig, "SELECT id FROM response")) == sorted(visits)
    assert [row[0] for row in on_server(rig, "SELECT DISTINCT state FROM device")] == ["active"]
    shown = [[phone.listed(home).visited_at for home in homes] for phone in (lan, minh)]
    assert shown[0] == shown[1]
    assert lan.reports() == minh.reports()


async def test_a_new_phone_enrolls_whatever_the_clock_says(rig: Rig) -> None:
    await rig.add_households(VILLAGE, 2)
    for place, jump in enumerate((TEN_YEARS, -TEN_YEARS - HOUR, HOUR)):
        rig.clock.now += jump
        phone = await rig.phone(Role.MEMBER, f"Người {place}", VILLAGE)
        phone.visit(phone.households()[0].id)
        await phone.sync()
        assert phone.outbox().confirmed == 1


async def test_a_credential_from_the_time_to_come_is_renewed_when_the_clock_is_right_again(rig: Rig) -> None:
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", VILLAGE)
    rig.clock.now += TEN_YEARS
    await in_step(lan)
    ahead = credential(lan)
    rig.clock.now -= TEN_YEARS
    await in_step(lan)
    assert credential(lan) != ahead, "it would stay the same for ten years"
    right = credential(lan)
    await in_step(lan)
    assert credential(lan) == right, "once, not with every request"


@pytest.mark.parametrize("ahead", [TEN_YEARS, -TEN_YEARS, -HOUR])
async def test_an_answer_lost_while_the_clock_was_wrong_locks_nobody_out(rig: Rig, ahead: timedelta) -> None:
    """It carried a new credential, or none. Whatever the clock says next, the phone still has one that works."""
    (home,) = await rig.add_households(VILLAGE, 1)
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", VILLAGE)

    async def lose_reply(request: httpx.Request, send: Send) -> httpx.Response:
        await send(request)
        raise httpx.ReadTimeout("lost", request=request)

    for jump in (ahead, -ahead, timedelta(days=31), timedelta(days=2)):
        rig.clock.now += jump
        lan.visit(home)
        lan.link.way = lose_reply
        with pytest.raises(Unreachable):
            await lan.sync()
        lan.link.way = None
    await in_step(lan)
    assert (lan.outbox().waiting, lan.outbox().confirmed) == (0, 4)


async def test_when_a_device_was_seen_last_is_right_again_with_the_clock(rig: Rig) -> None:
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", VILLAGE)
    rig.clock.now += TEN_YEARS
    await in_step(lan)
    rig.clock.now -= TEN_YEARS - HOUR
    await in_step(lan)
    ((seen,),) = on_server(rig, "SELECT last_seen_at FROM device")
    assert str(seen)[:16] == str(rig.clock())[:16], wire_time(rig.clock())
