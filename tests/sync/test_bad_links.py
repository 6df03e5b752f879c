"""Bad links, wrong clocks and failing servers: the work stays on the phone and counts once in the end."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx
import pytest

from app.store.outbox import add_to_outbox
from app.sync.client import NotUnderstood, Refused, Unreachable
from survey.roles import Role
from tests.builders import NOW, an_id
from tests.sync.rig import Phone, Rig

pytestmark = pytest.mark.anyio
Send = Callable[[httpx.Request], Awaitable[httpx.Response]]


async def a_phone_with_a_visit(rig: Rig) -> tuple[Phone, str]:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    lan.visit(household)
    return lan, household


async def assert_counted_once(lan: Phone, household: str) -> None:
    lan.link.way = None
    await lan.sync()
    assert (lan.outbox().waiting, lan.outbox().confirmed) == (0, 1)
    assert lan.listed(household).waiting == 0
    assert lan.reports()["Đinh Xá"].surveyed == 1


async def test_the_request_is_lost(rig: Rig) -> None:
    lan, household = await a_phone_with_a_visit(rig)

    async def lose(request: httpx.Request, _send: Send) -> httpx.Response:
        raise httpx.ConnectError("lost", request=request)

    lan.link.way = lose
    with pytest.raises(Unreachable):
        await lan.sync()
    assert lan.outbox().waiting == 1
    await assert_counted_once(lan, household)


async def test_the_reply_is_lost_after_the_server_committed(rig: Rig) -> None:
    lan, household = await a_phone_with_a_visit(rig)

    async def lose_reply(request: httpx.Request, send: Send) -> httpx.Response:
        await send(request)
        raise httpx.ReadTimeout("lost", request=request)

    lan.link.way = lose_reply
    for _ in range(3):
        with pytest.raises(Unreachable):
            await lan.sync()
    await assert_counted_once(lan, household)


async def test_the_body_is_cut(rig: Rig) -> None:
    lan, household = await a_phone_with_a_visit(rig)

    async def cut(request: httpx.Request, send: Send) -> httpx.Response:
        body = await request.aread()
        return await send(
            httpx.Request("POST", request.url, headers=_without_length(request), content=body[: len(body) // 2])
        )

    lan.link.way = cut
    with pytest.raises(Refused):
        await lan.sync()
    assert lan.outbox().waiting == 1
    await assert_counted_once(lan, household)


def _without_length(request: httpx.Request) -> dict[str, str]:
    return {name: value for name, value in request.headers.items() if name != "content-length"}


async def test_the_request_arrives_twice(rig: Rig) -> None:
    lan, household = await a_phone_with_a_visit(rig)

    async def repeat(request: httpx.Request, send: Send) -> httpx.Response:
        body = await request.aread()
        await send(httpx.Request("POST", request.url, headers=request.headers, content=body))
        return await send(httpx.Request("POST", request.url, headers=request.headers, content=body))

    lan.link.way = repeat
    await lan.sync()
    await assert_counted_once(lan, household)


async def test_a_cafes_login_page_answers_instead(rig: Rig) -> None:
    lan, household = await a_phone_with_a_visit(rig)

    async def portal(request: httpx.Request, _send: Send) -> httpx.Response:
        return httpx.Response(200, html="<h1>Đăng nhập wifi</h1>", request=request)

    lan.link.way = portal
    with pytest.raises(NotUnderstood):
        await lan.sync()
    await assert_counted_once(lan, household)


@pytest.mark.parametrize("year", [1970, 2099])
async def test_the_clock_of_the_phone_is_wrong(rig: Rig, year: int) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    lan.now = datetime(year, 1, 1, tzinfo=UTC)
    lan.visit(household, birth_year=1960)
    await assert_counted_once(lan, household)


async def test_the_server_fails_when_it_commits(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    lan, household = await a_phone_with_a_visit(rig)

    def fail(*_args: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr("sqlalchemy.orm.Session.commit", fail)
        with pytest.raises((Unreachable, Refused, NotUnderstood, OSError)):
            await lan.sync()
    assert lan.outbox().waiting == 1
    await assert_counted_once(lan, household)


async def test_one_bad_change_does_not_block_the_others(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    with lan.database.write() as session:
        add_to_outbox(
            session, identity=an_id(), kind="response", subject=an_id(), household=household,
            village=rig.villages["Đinh Xá"], captured_at=NOW, seen=0, body={"outcome": "không hiểu"},
        )  # fmt: skip
    lan.visit(household)
    await lan.sync()
    counts = lan.outbox()
    assert (counts.waiting, counts.confirmed, counts.invalid) == (0, 1, 1)
    assert lan.listed(household).to_fix == 1


async def test_a_kind_that_the_server_does_not_know_is_kept(rig: Rig) -> None:
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    with lan.database.write() as session:
        add_to_outbox(
            session, identity=an_id(), kind="from_the_future", subject=an_id(), household=None,
            village=rig.villages["Đinh Xá"], captured_at=NOW, seen=0, body={"anything": 1},
        )  # fmt: skip
    await lan.sync()
    assert lan.outbox().held == 1


async def test_work_for_a_village_that_is_not_mine_is_held_and_not_lost(rig: Rig) -> None:
    elsewhere = await rig.add_household("Nghinh Tiên", "Trần Thị Hòa")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    with lan.database.write() as session:
        add_to_outbox(
            session, identity=an_id(), kind="response", subject=an_id(), household=elsewhere,
            village=rig.villages["Nghinh Tiên"], captured_at=NOW, seen=0, body={},
        )  # fmt: skip
    await lan.sync()
    assert lan.outbox().held == 1
