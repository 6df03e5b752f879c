"""The rig of the sync tests: the real server over ASGI, and devices that are the app's own store, actions and sync."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from shutil import copyfile

import httpx
from fastapi import FastAPI

from app.actions.responses import find_campaign, open_draft, record_response
from app.store.database import Database
from app.store.household_list import ListedHousehold, find_listed, list_households
from app.store.outbox import OutboxCounts, add_to_outbox, count_outbox
from app.store.stream import list_stream_bodies
from app.store.sync_state import list_villages
from app.sync.client import ServerClient
from app.sync.enroll import enroll
from app.sync.exchange import Exchanged, exchange
from survey.coverage import CoverageReport
from survey.records import Outcome
from survey.roles import Role
from sync_server.commune.setup import add_village, create_commune, invite
from tests.builders import NOW, an_id
from tests.clock import Clock

Way = Callable[[httpx.Request, Callable[[httpx.Request], Awaitable[httpx.Response]]], Awaitable[httpx.Response]]


class Link(httpx.AsyncBaseTransport):
    """The way to the server; `way` may lose, cut or repeat what passes."""

    def __init__(self, server: FastAPI) -> None:
        self._server = httpx.ASGITransport(server, raise_app_exceptions=False)
        self.way: Way | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.way is None:
            return await self._server.handle_async_request(request)
        return await self.way(request, self._server.handle_async_request)


@dataclass
class Phone:
    """One device. `now` is its own clock, right or wrong."""

    database: Database
    link: Link
    now: datetime = NOW

    @property
    def client(self) -> ServerClient:
        return ServerClient(httpx.AsyncClient(transport=self.link, base_url="http://server"))

    async def enroll(self, code: str, *, same_person: bool = False) -> None:
        await enroll(self.database, self.client, code, "máy thử", self.now, same_person=same_person)

    async def sync(self) -> Exchanged:
        """Round trips until nothing is left, as the loop does them."""
        while (done := await exchange(self.database, self.client, self.now)).more:
            pass
        return done

    def visit(self, household: str, *, phones: str = "yes", birth_year: int = 1980, note: str = "") -> str:
        """A completed visit of one adult, every question answered yes but has_smartphone, which is `phones`."""
        campaign = find_campaign(self.database)
        draft = open_draft(self.database, self.now, household, campaign).agree(True, self.now)
        if not draft.residents:
            draft = draft.add_resident(an_id(), "head")
        who = draft.residents[0].id
        draft = draft.change_resident(who, birth_year=birth_year, sex="m")
        for asked in campaign.form.resident_questions:
            draft = draft.answer_of(who, asked.question.key, asked.question.choices[0])
        draft = draft.answer_of(who, "has_smartphone", phones)
        for question in campaign.form.household_questions:
            draft = draft.answer(question.key, question.choices[0])
        return record_response(self.database, self.now, draft.noting(note), campaign)

    def end(self, household: str, outcome: Outcome) -> None:
        campaign = find_campaign(self.database)
        draft = open_draft(self.database, self.now, household, campaign)
        record_response(self.database, self.now, draft.end_as(outcome), campaign)

    def listed(self, household: str) -> ListedHousehold:
        with self.database.read() as session:
            found = find_listed(session, household)
        assert found is not None
        return found

    def households(self) -> list[ListedHousehold]:
        with self.database.read() as session:
            return list_households(session, [village.id for village in list_villages(session)], limit=2000)

    def outbox(self) -> OutboxCounts:
        with self.database.read() as session:
            return count_outbox(session)

    def reports(self) -> dict[str, CoverageReport]:
        with self.database.read() as session:
            bodies = list_stream_bodies(session, "coverage")
        return {report.village.name: report for report in map(CoverageReport.model_validate, bodies)}


@dataclass
class Rig:
    """One commune's server with villages, and the devices that were given out."""

    server: FastAPI
    folder: Path
    clock: "Clock"
    villages: dict[str, str] = field(default_factory=dict)
    phones: list[Phone] = field(default_factory=list)
    office: Phone | None = None
    empty_phone: Path | None = None
    commune: str = "09052"

    def open_commune(self, *names: str) -> None:
        with self.server.state.database.write() as session:
            create_commune(session, self.commune, self.clock(), "nguyet-duc-demo")
            for name in names:
                self.villages[name] = add_village(session, self.commune, name, self.clock()).id

    def open_village(self, name: str) -> None:
        with self.server.state.database.write() as session:
            self.villages[name] = add_village(session, self.commune, name, self.clock()).id

    async def add_household(self, village: str, head_name: str, **fields: object) -> str:
        """A household, added from the commune's office as a change like any other."""
        office = self.office or await self.phone(Role.OFFICIAL, "Đặng Thị Hoa")
        self.office, identity = office, an_id()
        with office.database.write() as session:
            add_to_outbox(
                session, identity=an_id(), kind="household", subject=identity, household=None,
                village=self.villages[village], captured_at=office.now, seen=0,
                body={"head_name": head_name, "address": "Xóm Đình", **fields},
            )  # fmt: skip
        await office.sync()
        return identity

    async def add_households(self, village: str, count: int) -> list[str]:
        """Many households at once, from the commune's office."""
        office = self.office or await self.phone(Role.OFFICIAL, "Đặng Thị Hoa")
        self.office, homes = office, [an_id() for _ in range(count)]
        with office.database.write() as session:
            for place, home in enumerate(homes):
                add_to_outbox(
                    session, identity=an_id(), kind="household", subject=home, household=None,
                    village=self.villages[village], captured_at=office.now, seen=0,
                    body={"head_name": f"Nguyễn Văn {place}", "address": "Xóm Đình", "number": place},
                )  # fmt: skip
        await office.sync()
        return homes

    def code(self, role: Role, name: str, *villages: str) -> str:
        with self.server.state.database.write() as session:
            return invite(session, self.commune, role, name, villages, self.clock(), public_url="http://server").code

    async def phone(self, role: Role, name: str, *villages: str) -> Phone:
        """A device of a person, enrolled and in step with the server."""
        phone = self.new_phone()
        await phone.enroll(self.code(role, name, *villages))
        await phone.sync()
        return phone

    def new_phone(self) -> Phone:
        """A device that nobody has signed in on."""
        path = self.folder / f"{len(self.phones)}.db"
        if self.empty_phone:
            copyfile(self.empty_phone, path)
        phone = Phone(Database(path), Link(self.server), self.clock())
        self.phones.append(phone)
        return phone
