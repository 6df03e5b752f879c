"""Replies that are JSON and no more: what a phone makes of an odd row, an odd number, a repair that came to nothing."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import anyio.lowlevel
import httpx
import pytest

from app.store.stream import count_stream
from app.sync.client import NotUnderstood
from app.sync.loop import SyncLoop
from app.sync.status import Phase, SyncStatus
from survey.roles import Role
from tests.sync.rig import Phone, Rig
from tests.sync.test_fuzzed_replies import everything

pytestmark = pytest.mark.anyio
Reply = dict[str, Any]


def spoil(phone: Phone, how: Callable[[Reply], object]) -> None:
    """Every reply to this phone is changed on its way."""

    async def way(request: httpx.Request, send: Callable[[httpx.Request], Awaitable[httpx.Response]]) -> httpx.Response:
        answer = json.loads(await (await send(request)).aread())
        how(answer)
        return httpx.Response(200, json=answer, request=request)

    phone.link.way = way


async def a_phone(rig: Rig) -> Phone:
    return await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")


async def test_one_household_that_cannot_be_read_keeps_no_other_from_coming_in(rig: Rig) -> None:
    lan = await a_phone(rig)
    odd, whole = await rig.add_households("Đinh Xá", 2)

    def change(reply: Reply) -> None:
        for page in reply["streams"].values():
            for row in page["rows"]:
                if row["subject"] == odd:
                    row["body"] |= {"head_name": 5, "current": "mai"}

    spoil(lan, change)
    await lan.sync()
    assert [one.id for one in lan.households()] == [whole]
    with lan.database.read() as session:
        assert count_stream(session, rig.villages["Đinh Xá"])[0] >= 2, "what cannot be read is kept as it came"


async def test_a_village_that_cannot_be_read_keeps_its_name(rig: Rig) -> None:
    lan = await a_phone(rig)
    rename = {"id": rig.villages["Đinh Xá"], "name": ["Đinh Xá"]}
    row = {"seq": 1, "kind": "village", "subject": rig.villages["Đinh Xá"], "body": rename}
    spoil(lan, lambda reply: [page["rows"].append(row) for page in reply["streams"].values()])
    await lan.sync()
    lan.link.way = None
    await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    await lan.sync()
    assert [one.head_name for one in lan.households()] == ["Nguyễn Văn Đức"]
    assert list(lan.reports()) == ["Đinh Xá"]


@pytest.mark.parametrize(
    "more",
    [
        {"villages_in_scope": ["thôn này"]},
        {"streams": {"thôn này": {"rows": [], "cursor": 0, "more": False, "count": 0, "check": "0" * 12}}},
        {"scope_version": 2**63},
        {"verdicts": [{"id": "x", "verdict": "applied", "seq": 10**30}]},
        {"token": "09052.Đinh Xá"},
        {"token": "a\nb"},
    ],
    ids=str,
)
async def test_what_would_keep_the_phone_from_asking_again_is_not_taken(rig: Rig, more: Reply) -> None:
    lan = await a_phone(rig)
    spoil(lan, lambda reply: reply.update(more))
    before = everything(lan)
    with pytest.raises(NotUnderstood):
        await lan.sync()
    assert everything(lan) == before
    lan.link.way = None
    await lan.sync()


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_a_restore_at_the_end_of_time(rig: Rig, time: str) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await a_phone(rig)
    lan.visit(household)
    await lan.sync()
    spoil(lan, lambda reply: reply.update(server_epoch="another", server_time=time))
    await lan.sync()
    lan.link.way = None
    await lan.sync()
    assert (lan.outbox().waiting, lan.outbox().confirmed) == (0, 1)


async def test_two_servers_that_answer_in_turns_do_not_keep_the_phone_asking(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await a_phone(rig)
    lan.visit(household)
    await lan.sync()
    epochs = [f"the {number}th" for number in range(20)]

    def take_turns(reply: Reply) -> None:
        reply["server_epoch"] = epochs.pop()
        for page in reply["streams"].values():
            page["more"] = True

    spoil(lan, take_turns)
    told: list[SyncStatus] = []
    loop = SyncLoop(
        lan.database,
        lan.client,
        lambda: lan.now,
        lambda: 0.5,
        anyio.lowlevel.checkpoint,
        lambda one, _: told.append(one),
    )
    await loop.sync_now()
    assert (told[-1].phase, len(epochs)) == (Phase.RESTING, 18)
    assert [one.id for one in lan.households()] == [household], "what it had is still there"
    lan.link.way = None
    await lan.sync()
    assert (lan.outbox().waiting, lan.outbox().confirmed) == (0, 1)


async def test_a_repair_that_was_given_up_is_tried_again_an_hour_later(rig: Rig) -> None:
    await rig.add_households("Đinh Xá", 3)
    lan = rig.new_phone()
    await lan.enroll(rig.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá"))

    def lose(reply: Reply) -> None:
        for page in reply["streams"].values():
            page |= {"rows": [], "check": page["check"]}
            page.pop("repaired", None)

    spoil(lan, lose)
    await lan.sync()
    lan.link.way = None
    await lan.sync()
    assert lan.households() == [], "given up for now"
    lan.now += timedelta(hours=2)
    await lan.sync()
    assert len(lan.households()) == 3


async def test_a_check_of_several_words_is_one_that_differs(rig: Rig) -> None:
    lan = await a_phone(rig)
    spoil(lan, lambda reply: [page.update(check="a b") for page in reply["streams"].values()])
    await lan.sync()
    await lan.sync()
    lan.link.way = None
    await lan.sync()
