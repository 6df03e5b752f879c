"""Phones that are revoked or lost, and credentials renewed in silence, with the app's own code on the other end."""

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import select

from app.store.rows import DeviceTable
from app.store.scope import ENDED
from app.store.sync_state import find_setting, find_sign_in
from app.sync.client import Refused, Unreachable
from app.sync.exchange import exchange
from survey.devices import DeviceLine
from survey.roles import Role
from sync_server.commune.devices import report_lost, revoke
from sync_server.store.device_lines import list_devices_of_village
from tests.sync.rig import Phone, Rig
from tests.sync.test_bad_links import Send

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
A = "Đinh Xá"


def identity(phone: Phone) -> tuple[str, str]:
    """The phone's id and its credential."""
    with phone.database.read() as session:
        signed_in = find_sign_in(session)
    assert signed_in is not None
    return signed_in.device_id, signed_in.token


def lines(rig: Rig) -> dict[str, DeviceLine]:
    with rig.server.state.database.read() as session:
        return {line.member.name: line for line in list_devices_of_village(session, "09052", rig.villages[A])}


def is_wiped(phone: Phone) -> str | None:
    """Why the phone was wiped; None as long as anything else is on it."""
    with phone.database.read() as session:
        left = sum(
            len(session.connection().execute(select(table)).all()) for table in DeviceTable.metadata.sorted_tables
        )
        return find_setting(session, ENDED) if left == 1 else None


async def a_phone(rig: Rig) -> tuple[Phone, str]:
    household = await rig.add_household(A, "Nguyễn Văn Đức")
    return await rig.phone(Role.MEMBER, "Vũ Thị Lan", A), household


async def test_a_revoked_phone_hands_everything_in_and_then_wipes_itself(rig: Rig) -> None:
    lan, household = await a_phone(rig)
    for _ in range(3):
        lan.visit(household)
    with rig.server.state.database.write() as session:
        revoke(session, "09052", identity(lan)[0], "Minh", rig.clock())
    done = await exchange(lan.database, lan.client, lan.now, most_changes=2)
    assert (done.judged, done.more, is_wiped(lan)) == (2, True, None)
    await lan.sync()
    assert is_wiped(lan) == "revoked"
    official = await rig.phone(Role.OFFICIAL, "Đặng Thị Hoa")
    assert official.listed(household).visited_by == "Vũ Thị Lan"
    assert lines(rig)["Vũ Thị Lan"].unsent == 0


async def test_a_revoked_phone_on_a_bad_link_wipes_nothing_before_the_server_has_it(rig: Rig) -> None:
    lan, household = await a_phone(rig)
    lan.visit(household)
    with rig.server.state.database.write() as session:
        revoke(session, "09052", identity(lan)[0], "Minh", rig.clock())

    async def lose_reply(request: httpx.Request, send: Send) -> httpx.Response:
        await send(request)
        raise httpx.ReadTimeout("lost", request=request)

    lan.link.way = lose_reply
    with pytest.raises(Unreachable):
        await lan.sync()
    assert (lan.outbox().waiting, is_wiped(lan)) == (1, None)
    lan.link.way = None
    await lan.sync()
    assert is_wiped(lan) == "revoked"


async def test_a_lost_phone_is_cut_off_and_wiped_on_contact(rig: Rig) -> None:
    lan, household = await a_phone(rig)
    lan.visit(household)
    with rig.server.state.database.write() as session:
        incident = report_lost(session, "09052", identity(lan)[0], "Minh", rig.clock())
    assert (incident.households, incident.villages[0].name) == (1, A)
    with pytest.raises(Refused) as refusal:
        await lan.sync()
    assert refusal.value.problem.slug == "device-lost"
    assert is_wiped(lan) == "device-lost"
    official = await rig.phone(Role.OFFICIAL, "Đặng Thị Hoa")
    assert official.listed(household).visited_by is None


async def test_a_credential_is_renewed_in_silence(rig: Rig) -> None:
    lan, household = await a_phone(rig)
    old = identity(lan)[1]
    rig.clock.pass_by(days=31)
    lan.visit(household)
    await lan.sync()
    new = identity(lan)[1]
    assert new != old
    await lan.sync()
    assert (identity(lan)[1], lan.outbox().confirmed) == (new, 1)
    stolen = await httpx.AsyncClient(transport=lan.link, base_url="http://server").post(
        "/api/v1/sync", json={"device_time": rig.clock().isoformat()}, headers={"Authorization": f"Bearer {old}"}
    )
    assert stolen.status_code == 401


async def test_a_renewal_whose_reply_got_lost_locks_nobody_out(rig: Rig) -> None:
    lan, household = await a_phone(rig)
    old = identity(lan)[1]
    rig.clock.pass_by(days=31)
    lan.visit(household)

    async def lose_reply(request: httpx.Request, send: Send) -> httpx.Response:
        await send(request)
        raise httpx.ReadTimeout("lost", request=request)

    lan.link.way = lose_reply
    for _ in range(3):
        with pytest.raises(Unreachable):
            await lan.sync()
    assert identity(lan)[1] == old
    lan.link.way = None
    await lan.sync()
    await lan.sync()
    assert identity(lan)[1] != old
    assert (lan.outbox().waiting, lan.outbox().confirmed) == (0, 1)


async def test_a_renewal_that_arrives_twice_locks_nobody_out(rig: Rig) -> None:
    lan, household = await a_phone(rig)
    rig.clock.pass_by(days=31)
    lan.visit(household)

    async def repeat(request: httpx.Request, send: Send) -> httpx.Response:
        body = await request.aread()
        first = await send(httpx.Request("POST", request.url, headers=request.headers, content=body))
        await first.aread()
        await send(httpx.Request("POST", request.url, headers=request.headers, content=body))
        return first

    lan.link.way = repeat
    await lan.sync()
    lan.link.way = None
    await lan.sync()
    assert lan.outbox().confirmed == 1


async def test_a_server_restored_from_before_a_renewal_still_knows_the_phone(rig: Rig) -> None:
    lan, household = await a_phone(rig)
    rig.clock.pass_by(days=31)
    old = identity(lan)[1]
    rows = "DELETE FROM device_token", "INSERT INTO device_token SELECT * FROM kept"
    with rig.server.state.database.write() as session:
        session.execute(text("CREATE TABLE kept AS SELECT * FROM device_token"))
    await lan.sync()
    lan.visit(household)
    await lan.sync()
    renewed = identity(lan)[1]
    with rig.server.state.database.write() as session:
        for statement in rows:
            session.execute(text(statement))
    lan.visit(household)
    await lan.sync()
    assert identity(lan)[1] not in {old, renewed}
    lan.visit(household)
    await lan.sync()
    assert (lan.outbox().waiting, lan.outbox().confirmed) == (0, 3)


async def test_the_list_shows_what_each_phone_still_holds(rig: Rig) -> None:
    lan, household = await a_phone(rig)
    assert (lines(rig)["Vũ Thị Lan"].unsent, lines(rig)["Vũ Thị Lan"].app_version) == (0, "0.1.0")
    for _ in range(3):
        lan.visit(household)
    await exchange(lan.database, lan.client, lan.now, most_changes=1)
    assert lines(rig)["Vũ Thị Lan"].unsent == 2
    await lan.sync()
    line = lines(rig)["Vũ Thị Lan"]
    assert (line.unsent, line.last_seen, line.name) == (0, rig.clock(), "máy thử")
