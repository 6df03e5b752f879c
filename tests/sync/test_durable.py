"""Durable before announced: nothing on the device says "saved", and no screen is drawn anew, before the disk has it.

The place of these devices keeps its file as a browser does: what was committed is in memory until a flush has ended.
"""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import anyio
import pytest

from app.actions.responses import NotReady
from app.actions.settings import choose_language
from app.device import Place, StorageFailed, StorageFull
from app.store.database import Database
from app.sync.loop import SyncLoop
from app.sync.status import Phase, SyncStatus
from app.ui.screens import enroll
from app.ui.state import AppState, Looks, Syncing
from app.ui.texts import Texts
from app.ui.workspace import Workspace
from survey.roles import Role
from sync_server.commune.devices import report_lost, revoke
from sync_server.commune.members import find_member, move_member
from sync_server.store.device_lines import list_devices
from tests.sync.rig import Link, Phone, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
VILLAGE, OTHER = "Đinh Xá", "Nghinh Tiên"


def everything_in(path: Path) -> list[str]:
    """All that a file holds, but when it was last in step with the server."""
    with closing(sqlite3.connect(path)) as connection:
        return [line for line in connection.iterdump() if "'synced_at'" not in line]


class Disk:
    """A place that writes down what happens to it, waits where it is told to, and fails where it is told to."""

    def __init__(self, file: Path, journal: list[str]) -> None:
        self.file, self.kept, self.journal = file, file.with_suffix(".kept"), journal
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.failure: Exception | None = None

    async def flush(self) -> None:
        self.journal.append("flush begun")
        await self.may_end.wait()
        if self.failure:
            self.journal.append("flush failed")
            raise self.failure
        shutil.copy(self.file, self.kept)
        self.journal.append("flush ended")

    def device_name(self) -> str:
        return "máy thử"

    def carry_code(self, _code: str, _seconds: int) -> None:
        self.journal.append("code forgotten")

    def has_everything(self) -> bool:
        return self.kept.exists() and everything_in(self.kept) == everything_in(self.file)


class Watched(AppState):
    """The screens' state, which writes down what it tells them."""

    def __init__(self, journal: list[str]) -> None:
        object.__setattr__(self, "journal", journal)
        super().__init__()

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "revision" and value:
            cast(list[str], self.__dict__["journal"]).append("revision grows")
        super().__setattr__(name, value)


class Device:
    """A phone with the app's own workspace and loop over a disk that is watched."""

    def __init__(self, phone: Phone) -> None:
        self.phone, self.journal = phone, list[str]()
        self.disk = Disk(phone.database.path, self.journal)
        self.state = Watched(self.journal)
        self.told: list[tuple[SyncStatus, bool]] = []
        loop = SyncLoop(phone.database, phone.client, lambda: phone.now, lambda: 0.5, self._flush, self._tell)
        place = cast(Place, self.disk)
        self.workspace = Workspace(
            phone.database, place, lambda: phone.now, phone.client, loop, self.state, Looks(), Syncing()
        )

    async def _flush(self) -> None:
        await self.workspace.flush()

    def _tell(self, status: SyncStatus, rows_changed: bool) -> None:
        if rows_changed:
            self.journal.append("rows changed")
            assert self.disk.has_everything() or self.state.storage_problem, "the screens show what is not on the disk"
        self.told.append((status, rows_changed))

    async def sync(self) -> None:
        await self.workspace.loop.sync_now()
        assert self.disk.has_everything(), "what the server told is in memory only"


@pytest.fixture
async def device(rig: Rig) -> Device:
    """A member's phone in step with the server, all of it on the disk."""
    await rig.add_household(VILLAGE, "Nguyễn Văn Đức")
    made = Device(await rig.phone(Role.MEMBER, "Vũ Thị Lan", VILLAGE))
    await made.disk.flush()
    made.journal.clear()
    return made


def save(device: Device, language: str = "en") -> "asyncio.Task[None]":
    def commit(database: Database) -> None:
        choose_language(database, language)
        device.journal.append("committed")

    return asyncio.create_task(device.workspace.save(commit))


async def test_a_save_is_committed_then_on_the_disk_then_told(device: Device) -> None:
    device.disk.may_end.clear()
    saving = save(device)
    await anyio.wait_all_tasks_blocked()
    assert device.journal == ["committed", "flush begun"]
    assert (saving.done(), device.state.revision) == (False, 0)
    device.disk.may_end.set()
    await saving
    assert device.journal == ["committed", "flush begun", "flush ended", "revision grows"]
    assert device.disk.has_everything()


@pytest.mark.parametrize(("failure", "word"), [(StorageFull, "full"), (StorageFailed, "failed")])
async def test_a_disk_that_does_not_take_it_is_said_until_it_does(
    device: Device, failure: type[Exception], word: str
) -> None:
    device.disk.failure = failure("hết chỗ")
    await save(device)
    assert device.state.storage_problem == word
    assert not device.disk.has_everything()
    await save(device, "vi")
    assert device.state.storage_problem == word, "still so"
    device.disk.failure, device.disk.may_end = None, asyncio.Event()
    saving = save(device, "en")
    await anyio.wait_all_tasks_blocked()
    assert device.state.storage_problem == word, "it is not over before the write has ended"
    device.disk.may_end.set()
    await saving
    assert device.state.storage_problem is None
    assert device.disk.has_everything()


async def test_an_action_that_fails_says_nothing(device: Device) -> None:
    def fails(_database: Database) -> None:
        raise NotReady

    with pytest.raises(NotReady):
        await device.workspace.save(fails)
    assert device.journal == []


async def test_what_came_in_is_on_the_disk_before_it_is_shown(rig: Rig, device: Device) -> None:
    await rig.add_household(VILLAGE, "Trần Thị Hòa")
    device.disk.may_end.clear()
    syncing = asyncio.create_task(device.sync())
    while not device.journal:
        await anyio.wait_all_tasks_blocked()
    assert device.journal == ["flush begun"]
    assert [changed for _, changed in device.told] == [False]
    assert device.workspace.loop.status.phase is Phase.WORKING
    device.disk.may_end.set()
    await syncing
    assert device.journal == ["flush begun", "flush ended", "rows changed"]
    assert device.workspace.loop.status.phase is Phase.RESTING


@pytest.mark.parametrize(("failure", "word"), [(StorageFull, "full"), (StorageFailed, "failed")])
async def test_a_disk_that_takes_nothing_from_a_sync_is_said(
    rig: Rig, device: Device, failure: type[Exception], word: str
) -> None:
    await rig.add_household(VILLAGE, "Trần Thị Hòa")
    device.disk.failure = failure("hết chỗ")
    await device.workspace.loop.sync_now()
    assert device.state.storage_problem == word


def person_of(rig: Rig, device: Device) -> tuple[Any, str]:
    with rig.server.state.database.read() as session:
        member = find_member(session, "09052", name="Vũ Thị Lan")
    with closing(sqlite3.connect(device.disk.file)) as connection:
        signed_in = connection.execute("SELECT json_extract(value, '$.device_id') FROM setting WHERE key = 'sign_in'")
        return member, signed_in.fetchone()[0]


async def a_verdict(rig: Rig, device: Device) -> None:
    device.phone.visit(device.phone.households()[0].id)


async def a_new_credential(rig: Rig, _device: Device) -> None:
    rig.clock.pass_by(days=31)


async def another_village(rig: Rig, device: Device) -> None:
    with rig.server.state.database.write() as session:
        there = [rig.villages[OTHER]]
        move_member(session, "09052", person_of(rig, device)[0], there, rig.clock())


async def a_village_less(rig: Rig, device: Device) -> None:
    with rig.server.state.database.write() as session:
        move_member(session, "09052", person_of(rig, device)[0], rig.villages.values(), rig.clock())
    await device.sync()
    with rig.server.state.database.write() as session:
        move_member(session, "09052", person_of(rig, device)[0], [rig.villages[VILLAGE]], rig.clock())


async def revoked(rig: Rig, device: Device) -> None:
    with rig.server.state.database.write() as session:
        revoke(session, "09052", person_of(rig, device)[1], "Minh", rig.clock())


async def lost(rig: Rig, device: Device) -> None:
    with rig.server.state.database.write() as session:
        report_lost(session, "09052", person_of(rig, device)[1], "Minh", rig.clock())


@pytest.mark.parametrize(
    "news", [a_verdict, a_new_credential, another_village, a_village_less, revoked, lost], ids=lambda one: one.__name__
)
async def test_whatever_a_sync_changed_is_on_the_disk_when_it_ends(rig: Rig, device: Device, news: Any) -> None:
    """Also where no row came: a device that was wiped must not come back from its disk, a credential that was used
    must not be forgotten."""
    await device.sync()
    await news(rig, device)
    device.journal.clear()
    device.told.clear()
    await device.sync()
    assert "rows changed" in device.journal
    assert device.journal.index("flush ended") < device.journal.index("rows changed")


async def test_a_sync_that_changed_nothing_writes_nothing(device: Device) -> None:
    await device.sync()
    device.journal.clear()
    await device.sync()
    assert device.journal == []


async def test_an_enrolment_is_on_the_disk_before_it_is_shown(rig: Rig) -> None:
    phone = Phone(Database(rig.folder / "new.db"), Link(rig.server), rig.clock())
    rig.phones.append(phone)
    device, code = Device(phone), rig.code(Role.MEMBER, "Vũ Thị Lan", VILLAGE)
    device.disk.may_end.clear()
    enrolling = asyncio.create_task(enroll.redeem_code(device.workspace, Texts("vi"), code, same_person=False))
    while not device.journal:
        await anyio.wait_all_tasks_blocked()
    assert device.journal == ["flush begun"]
    assert not enrolling.done()
    with rig.server.state.database.read() as session:
        assert list_devices(session, "09052") == [], "the device's key is on the disk before the code is used"
    device.disk.may_end.set()
    assert await enrolling == ""
    assert device.journal == ["flush begun", "flush ended"] * 2 + ["code forgotten", "revision grows"]
    assert device.disk.has_everything()
