"""What the server's tests act with: one commune's server over ASGI, and plain clients that speak the wire by hand.

The client here is on purpose not the app's: it says what it wants, right or wrong, and keeps what it was told.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI

from survey.records import Village
from survey.roles import Role
from survey.wire import check_of, row_digest
from sync_server.commune.setup import add_village, invite
from sync_server.store.database import Database
from tests.builders import an_id
from tests.clock import Clock

Json = dict[str, Any]
COMMUNE = "09052"


class Server:
    """The real application; `request` speaks to it as a browser or phone does."""

    def __init__(self, app: FastAPI, clock: Clock) -> None:
        self.app, self.clock = app, clock
        self.villages: dict[str, Village] = {}
        self._runner = asyncio.Runner()
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://server")

    @property
    def database(self) -> Database:
        database: Database = self.app.state.database
        return database

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._runner.run(self._http.request(method, path, **more))

    def request_twice_at_once(self, method: str, path: str, **more: Any) -> list[httpx.Response]:
        async def both() -> list[httpx.Response]:
            return list(await asyncio.gather(*(self._http.request(method, path, **more) for _ in range(2))))

        return self._runner.run(both())

    def close(self) -> None:
        self._runner.run(self._http.aclose())
        self._runner.close()
        self.database.close()

    def add_village(self, name: str) -> Village:
        with self.database.write() as session:
            self.villages[name] = add_village(session, COMMUNE, name, self.clock())
        return self.villages[name]

    def code(self, role: Role, name: str, *villages: str, days: int = 14) -> str:
        with self.database.write() as session:
            return invite(
                session, COMMUNE, role, name, villages, self.clock(), public_url="http://server", code_days=days
            ).code

    def enroll(self, role: Role, name: str, *villages: str) -> "Device":
        answer = self.request("POST", "/api/v1/enrollments", json={"code": self.code(role, name, *villages)})
        assert answer.status_code == 201, answer.text
        return Device(self, answer.json())


@dataclass
class Device:
    """A signed-in device, and the rows that it was sent, by village."""

    server: Server
    enrolled: Json
    device_seq: int = 0
    cursors: dict[str, int] = field(default_factory=dict)
    rows: dict[str, dict[tuple[str, str], Json]] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.enrolled['token']}"}

    @property
    def village(self) -> str:
        """The first village of this device's person."""
        village: str = self.enrolled["villages"][0]["id"]
        return village

    def change(self, kind: str, subject: str, body: Json, **more: Any) -> Json:
        """A change in wire form, next in this device's order."""
        self.device_seq += 1
        usual = {"id": an_id(), "device_seq": self.device_seq, "kind": kind, "subject": subject, "seen": 0, "schema": 1}
        return usual | {"village": self.village, "captured_at": "2026-11-22T02:00:00Z", "body": body} | more

    def visit(self, household: str, subject: str | None = None, seen: int = 0, **body: Any) -> Json:
        """A completed visit of one adult with a smartphone; `body` changes or adds to it."""
        usual: Json = {
            "household": household,
            "round": an_id(1),
            "based_on": None,
            "outcome": "completed",
            "consent": {"given": True, "wording": "2026-11", "method": "spoken", "at": "2026-11-22T02:00:00Z"},
            "started_at": "2026-11-22T02:00:00Z",
            "ended_at": "2026-11-22T02:03:00Z",
            "answers": {"has_fixed_internet": "yes"},
            "residents": [a_person()],
        }
        if body.get("outcome", "completed") != "completed":
            usual |= {"answers": {}, "residents": [], "consent": None}
        return self.change("response", subject or an_id(), usual | body, seen=seen)

    def send(self, *changes: Json, **more: Any) -> Json:
        """One round trip, which must succeed."""
        answer = self.post(*changes, **more)
        assert answer.status_code == 200, answer.text
        reply: Json = answer.json()
        return reply

    def post(self, *changes: Json, **more: Any) -> httpx.Response:
        usual = {"protocol": 1, "device_time": self.server.clock().isoformat(), "cursors": self.cursors}
        body = usual | {"changes": list(changes), "limit": 500} | more
        return self.server.request("POST", "/api/v1/sync", json=body, headers=self.headers)

    def verdicts(self, *changes: Json) -> list[str]:
        return [one["verdict"] for one in self.send(*changes)["verdicts"]]

    def pull(self, limit: int = 500) -> None:
        """Round trips until everything is here; then the count and check must be those of the rows held."""
        more = True
        while more:
            reply = self.send(limit=limit)
            for village, page in reply["streams"].items():
                held = self.rows.setdefault(village, {})
                for row in page["rows"]:
                    held[row["kind"], row["subject"]] = row
                    if row["body"] is None:
                        del held[row["kind"], row["subject"]]
                self.cursors[village] = page["cursor"]
            more = any(page["more"] for page in reply["streams"].values())
        for village, page in reply["streams"].items():
            held = self.rows[village]
            digests = sum(row_digest(row["kind"], row["subject"], row["seq"]) for row in held.values())
            assert (page["count"], page["check"]) == (len(held), check_of(digests))

    def shown(self, kind: str, subject: str, village: str | None = None) -> Json:
        """What the stream says of a subject now."""
        self.pull()
        body: Json = self.rows[village or self.village][kind, subject]["body"]
        return body

    def seen(self, kind: str, subject: str) -> int:
        seq: int = self.rows[self.village][kind, subject]["seq"]
        return seq

    def of_kind(self, kind: str) -> list[Json]:
        self.pull()
        return [row["body"] for held in self.rows.values() for (what, _), row in held.items() if what == kind]


def a_person(**changes: Any) -> Json:
    """A grown woman, the head of her household, with a smartphone."""
    usual = {"id": an_id(), "relation": "head", "birth_year": 1961, "sex": "f", "name": None}
    return usual | {"answers": {"has_smartphone": "yes"}} | changes
