"""The health check answers at once, whatever the database and its writers do."""

import asyncio
from threading import Event, Thread
from typing import Any

import httpx

from sync_server.store.database import DatabaseBusy
from tests.sync_server.wire_client import Device, Server

MANY = 60  # more than the threads that answer requests


def test_health_is_told_while_sixty_writers_wait(server: Server, lan_member: Device) -> None:
    holds, free = Event(), Event()

    def hold_the_writer() -> None:
        with server.database.write():
            holds.set()
            free.wait(60)

    async def ask() -> tuple[Any, list[int]]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(server.app), base_url="http://server") as client:
            body = {"device_time": server.clock().isoformat(), "unsent": 7}
            posts = [client.post("/api/v1/sync", json=body, headers=lan_member.headers) for _ in range(MANY)]
            waiting = [asyncio.create_task(post) for post in posts]
            await asyncio.sleep(0)  # they are on their way
            answer = await asyncio.wait_for(client.get("/healthz"), 20)
            free.set()
            return answer.json(), [one.status_code for one in await asyncio.gather(*waiting)]

    holder = Thread(target=hold_the_writer)
    holder.start()
    assert holds.wait(20)
    try:
        health, statuses = asyncio.run(ask())
    finally:
        free.set()
        holder.join()
    assert health["status"] == "ok"
    assert statuses == [200] * MANY


def test_health_says_that_the_database_did_not_answer(server: Server, lan_member: Device) -> None:
    def fail(*_: Any) -> None:
        raise DatabaseBusy

    lan_member.send()
    assert server.request("GET", "/healthz").json()["database"] == "ok"
    try:
        with server.database.read():
            fail()
    except DatabaseBusy:
        pass
    assert server.request("GET", "/healthz").json()["database"] == "failing"
    lan_member.send()
    assert server.request("GET", "/healthz").json()["database"] == "ok"
