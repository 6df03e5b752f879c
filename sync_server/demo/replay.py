"""Loads the demo into an empty server the way a commune would work: the list imported as officials do, visits and
attestations sent by enrolled devices through the real API. Nothing is written past the server's own code."""

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from fastapi import FastAPI

from survey.criteria import CriteriaSet
from survey.problems import COMMUNE_OPEN_ALREADY
from survey.records import SurveyRound
from survey.roles import Role
from survey.vietnamese import format_number
from survey.wire import MOST_CHANGES
from sync_server.access.caller import Caller, recognise
from sync_server.commune.list_import import import_households
from sync_server.commune.setup import Invitation, add_village, create_commune, invite
from sync_server.demo import plan
from sync_server.demo.asked_again import ask_some_again
from sync_server.demo.people import LEADS, MEMBERS, NEWCOMER, OFFICIAL
from sync_server.demo.second_visits import HOW_MANY, lead_was_there_first
from sync_server.demo.visits import MadeVisit, make_visits
from sync_server.demo.workbook import FILE, write_workbook
from sync_server.ids import new_id
from sync_server.problems import Problem
from sync_server.store.communes import find_commune, find_criteria_set
from sync_server.store.database import Database
from sync_server.store.members import list_members

OnStep = Callable[[str], None]


def load_demo(app: FastAPI, on_step: OnStep = lambda text: None) -> dict[str, Invitation]:
    """Fill the server of `app` with the demo and invite a "member" (of Đinh Xá), a "lead" (the same) and an "official".

    The invitations are new and unused. If the demo is loaded already, only they are made; a load that was broken off is
    completed. `on_step` is told in Vietnamese what is being done. Do not call this inside a running event loop.
    Raises `Problem` commune-open-already if a real commune works under the demo's code.
    """
    if _is_loaded(app):
        on_step("Dữ liệu dùng thử đã có sẵn, không nạp lại.")
    else:
        _open_commune(app, on_step)
        asyncio.run(_replay(app, on_step))
    return {
        "member": _invite(app, Role.MEMBER, NEWCOMER, plan.NEWCOMERS_VILLAGE),
        "lead": _invite(app, Role.LEAD, LEADS[plan.NEWCOMERS_VILLAGE], plan.NEWCOMERS_VILLAGE),
        "official": _invite(app, Role.OFFICIAL, OFFICIAL),
    }


def _is_loaded(app: FastAPI) -> bool:
    """Whether the demo is complete: the official is invited last. Raises `Problem` commune-open-already."""
    with app.state.database.read() as session:
        if find_commune(session, plan.COMMUNE) is None:
            return False
        if find_criteria_set(session, plan.COMMUNE).code != plan.CRITERIA_SET:
            raise Problem(COMMUNE_OPEN_ALREADY, detail="Xã này đang làm việc thật trên máy chủ: không nạp dữ liệu thử.")
        return any(one.name == OFFICIAL for one in list_members(session, plan.COMMUNE))


def _invite(app: FastAPI, role: Role, name: str, *villages: str) -> Invitation:
    settings = app.state.settings
    with app.state.database.write() as session:
        return invite(
            session, plan.COMMUNE, role, name, villages, app.state.clock(),
            public_url=settings.public_url, code_days=settings.code_days,
        )  # fmt: skip


def _open_commune(app: FastAPI, on_step: OnStep) -> None:
    now = app.state.clock()
    with app.state.database.write() as session, _workbook() as file:
        if find_commune(session, plan.COMMUNE) is not None:
            return  # broken off later than here: this is one transaction
        commune = create_commune(session, plan.COMMUNE, now, plan.CRITERIA_SET)
        for village in plan.VILLAGES:
            add_village(session, plan.COMMUNE, village.name, now)
        done = import_households(session, plan.COMMUNE, file, now)
    on_step(f"Đã mở {commune.kind} {commune.name} với {len(plan.VILLAGES)} thôn (dữ liệu dùng thử).")
    on_step(f"Đã nhập {format_number(done.added)} hộ từ tệp {FILE.name}.")


@contextmanager
def _workbook() -> Iterator[Path]:
    """The workbook that comes with the source; an installed package, which has none, writes it again."""
    if FILE.exists():
        yield FILE
        return
    with TemporaryDirectory() as folder:
        file = Path(folder) / FILE.name
        write_workbook(file)
        yield file


async def _replay(app: FastAPI, on_step: OnStep) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://tung-nha", timeout=60) as client:
        for village in plan.VILLAGES:
            invited = [_invite(app, Role.MEMBER, names[village.name], village.name) for names in MEMBERS]
            members = [_Device(app, client, one) for one in invited]
            lead = _Device(app, client, _invite(app, Role.LEAD, LEADS[village.name], village.name))
            for member in members:
                await member.enroll()
            await lead.enroll()
            visits = await members[0].make_visits(village)
            if not visits:
                continue  # done before the demo was broken off
            await lead.attest(village)
            if village.name == plan.NEWCOMERS_VILLAGE:
                await lead.send_visits(lead_was_there_first(visits))
            for number, member in enumerate(members):
                await member.send_visits([one for one in visits if one.member == number])
            on_step(f"Thôn {village.name}: đã gửi {len(visits)} phiếu khảo sát và các xác nhận của thôn.")
        official = _Device(app, client, _invite(app, Role.OFFICIAL, OFFICIAL))
        await official.enroll()
        asked, waiting = ask_some_again(app.state.database, official.caller(app.state.database), app.state.clock())
        on_step(f"Kiểm tra lại: cán bộ đã hỏi lại {asked} hộ được bốc thăm, còn {waiting} hộ chờ hỏi.")
        coverage = (await official.get("/api/v1/coverage")).json()
        on_step(f"Xong: {coverage['passed']}/{coverage['total']} thôn đạt bộ tiêu chí.")


class _Device:
    """An enrolled device of the demo: as much of a phone as the replay needs."""

    def __init__(self, app: FastAPI, client: httpx.AsyncClient, invitation: Invitation) -> None:
        self._clock: Callable[[], datetime] = app.state.clock
        self._client = client
        self._code = invitation.code
        self._headers: dict[str, str] = {}
        self._session: dict[str, Any] = {}
        self._sent = 0

    async def enroll(self) -> None:
        request = {"code": self._code, "device_name": "Máy dùng thử"}
        reply = await self._client.post("/api/v1/enrollments", json=request)
        reply.raise_for_status()
        self._session = reply.json()
        self._headers = {"Authorization": f"Bearer {self._session['token']}"}

    def caller(self, database: Database) -> Caller:
        """Who uses this device, as the server knows them."""
        with database.read() as session:
            found = recognise(session, self._session["token"])
        if found is None:
            raise RuntimeError("the demo's device is not known to its own server")
        return found

    async def get(self, path: str) -> httpx.Response:
        reply = await self._client.get(path, headers=self._headers)
        reply.raise_for_status()
        return reply

    async def make_visits(self, village: plan.VillagePlan) -> list[MadeVisit]:
        """Read the village as a phone does and make visits to its households; none if they were visited before."""
        rows = (await self._sync([], {self._village: 0}))["streams"][self._village]["rows"]
        found = {kind: [row for row in rows if row["kind"] == kind] for kind in ("household", "round", "criteria_set")}
        if sum("current" in row["body"] for row in found["household"]) > HOW_MANY:
            return []
        survey_round = SurveyRound.model_validate(found["round"][0]["body"])
        in_order = sorted(found["household"], key=lambda row: row["body"]["number"])
        return make_visits(
            village,
            [row["subject"] for row in in_order],
            CriteriaSet.model_validate(found["criteria_set"][0]["body"]),
            survey_round=survey_round.id,
            year=survey_round.reference_year,
            until=self._clock(),
            members=len(MEMBERS),
        )

    async def send_visits(self, visits: list[MadeVisit]) -> None:
        for first in range(0, len(visits), MOST_CHANGES):
            batch = visits[first : first + MOST_CHANGES]
            await self._send(
                [self._change("response", one.id, one.body.ended_at, one.body.model_dump(mode="json")) for one in batch]
            )

    async def attest(self, village: plan.VillagePlan) -> None:
        """Send the lead's attestations for the village: items 8 to 10 of the demo's criteria."""
        now = self._clock()
        said: list[dict[str, Any]] = [
            {"criterion": "8", "value": 1, "evidence": f"Nhóm Zalo “Thôn {village.name}”"},
            {"criterion": "9", "value": village.has_wifi, "evidence": "Kiểm tra tại nhà văn hóa thôn"},
            {"criterion": "10", "value": 1, "evidence": "Loa truyền thanh thông minh"},
        ]
        await self._send([self._change("attestation", new_id(now), now, body) for body in said])

    @property
    def _village(self) -> str:
        return str(self._session["villages"][0]["id"])

    def _change(self, kind: str, subject: str, at: datetime, body: dict[str, Any]) -> dict[str, Any]:
        self._sent += 1
        return {
            "id": new_id(at),
            "device_seq": self._sent,
            "kind": kind,
            "subject": subject,
            "village": self._village,
            "captured_at": at.isoformat(),
            "seen": 0,
            "schema": 1,
            "body": body,
        }

    async def _send(self, changes: list[dict[str, Any]]) -> None:
        reply = await self._sync(changes, {})
        refused = [one for one in reply["verdicts"] if one["verdict"] not in {"applied", "merged", "difference"}]
        if refused or len(reply["verdicts"]) != len(changes):
            raise RuntimeError(f"the demo's changes were not taken over: {refused[:1]}")

    async def _sync(self, changes: list[dict[str, Any]], cursors: dict[str, int]) -> dict[str, Any]:
        """Make one round trip. Without cursors it asks for one row only, because only the verdicts are needed."""
        request = {
            "protocol": 1,
            "device_time": self._clock().isoformat(),
            "server_epoch": self._session["server_epoch"],
            "scope_version": self._session["scope_version"],
            "changes": changes,
            "cursors": cursors,
            "limit": 2000 if cursors else 1,
        }
        headers = self._headers | {"Content-Encoding": "gzip", "Content-Type": "application/json"}
        content = gzip.compress(json.dumps(request, ensure_ascii=False).encode(), compresslevel=3)
        reply = await self._client.post("/api/v1/sync", content=content, headers=headers)
        reply.raise_for_status()
        answer: dict[str, Any] = reply.json()
        return answer
