"""One run: the server, the phones, and the book in which everything that a phone ever saved is written down."""

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from app.store.database import Database as PhoneFile
from app.sync.client import NotUnderstood, Refused, Unreachable
from app.sync.enroll import enroll
from app.sync.exchange import Exchanged, NotSignedIn, exchange
from survey.roles import Action, Role, may
from sync_server.commune.setup import invite
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from sync_server.store.database import Database as ServerFile
from tests.clock import Clock
from tests.sync.simulation.cast import COMMUNE, Cast, Person
from tests.sync.simulation.links import Link, client_over
from tests.sync.simulation.machinery import Killed, copy_database, life_of

SETTLED = {"applied", "merged", "difference"}
WAITED = {("held", "/problems/household-unknown"), ("held", "/problems/difference-unknown")}
"""What is judged anew when it comes again: after a restore a phone may hand in before what it is about is back."""
MOST_TRIPS = 60
WAIT = (Unreachable, Refused, NotUnderstood, NotSignedIn)


class Broken(Exception):
    """A promise was not kept."""

    def __init__(self, promise: str, found: object = "") -> None:
        super().__init__(f"{promise}: {found}" if found else promise)
        self.promise = promise


@dataclass(frozen=True)
class Saved:
    """A change as it stood in a phone's outbox when it was saved."""

    phone: int
    kind: str
    subject: str
    village: str
    body: dict[str, Any]
    at: datetime
    ahead: timedelta


@dataclass
class Phone:
    """One device: its file, its link, its clock, right or wrong, and the forms that lie half-filled on it. `told` is
    the credential that the server's last answer brought."""

    number: int
    person: Person
    database: PhoneFile
    link: Link
    ahead: timedelta = timedelta()
    drafts: dict[str, str] = field(default_factory=dict)
    state: str = "active"
    device: str = ""
    ended: bool = False
    may_differ: bool = False
    rows: int = 500
    told: str | None = None
    looked_at: bytes = b""

    def __str__(self) -> str:
        return f"{self.person.name}'s phone"

    def now(self, clock: Clock) -> datetime:
        return clock() + self.ahead

    def sign_in(self) -> dict[str, Any]:
        """Who is signed in and with what, as the file has it; empty if nobody is."""
        with self.peek() as file:
            row = file.execute("SELECT value FROM setting WHERE key = 'sign_in'").fetchone()
        return dict(json.loads(row[0])) if row else {}

    @contextmanager
    def peek(self) -> Iterator[sqlite3.Connection]:
        with _peek(self.database.path) as connection:
            yield connection


@contextmanager
def _peek(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    try:
        yield connection
    finally:
        connection.close()


class World:
    """Everything of one run. `first` is the verdict that the server gave for each change, by its own words; `desk` are
    the changes that were made on the office's pages; `joined` is, for two households that became one, what the kept one
    and the other one showed before, and the kept one after."""

    def __init__(self, cast: Cast, folder: Path, server: FastAPI | None = None) -> None:
        self.cast, self.folder, self.clock = cast, folder, Clock()
        self.log: list[str] = []
        self.figures: Counter[str] = Counter()
        self.book: dict[str, Saved] = {}
        self.first: dict[str, tuple[str, str | None]] = {}
        self.backups: list[dict[str, Any]] = []
        self.people = deepcopy(cast.people)
        self.villages = dict(cast.villages)
        self.ended_villages: set[str] = set()
        self.was_restored = False
        self.excused: set[str] = set()
        self.desk: set[str] = set()
        self.joined: dict[tuple[str, str], tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {}
        self.late: list[tuple[Phone, httpx.Request]] = []
        self.phones: list[Phone] = []
        folder.mkdir(parents=True, exist_ok=True)
        copy_database(cast.server_file(), self.server_path)
        if server is None:
            server = create_app(ServerSettings(data=folder, reply_rows=100, token_days=4), self.clock)
        server.state.clock = self.clock
        self.server = server
        self.open_server()
        for number, person in enumerate(self.people):
            copy_database(cast.phone_file(number), self.phone_path(number))
            self.phones.append(self.open_phone(number, person))
        with self.peek() as server_file:
            self.at_first = {row[0] for row in server_file.execute("SELECT id FROM change")}

    @property
    def server_path(self) -> Path:
        return self.folder / "server.db"

    def phone_path(self, number: int) -> Path:
        return self.folder / f"phone-{number}.db"

    def say(self, line: str) -> None:
        self.log.append(line)

    def note(self, line: str) -> None:
        """Go on with the last line of the story."""
        self.log[-1:] = ["".join([*self.log[-1:], line])]

    def village(self, identity: str) -> str:
        return self.villages.get(identity, identity)

    @contextmanager
    def peek(self) -> Iterator[sqlite3.Connection]:
        with _peek(self.server_path) as connection:
            yield connection

    def open_server(self) -> None:
        self.server.state.database = ServerFile(f"sqlite:///{self.server_path}")

    def restart_server(self) -> None:
        """After a kill: what the process left behind is opened by a new one."""
        self.server.state.database.close()
        life_of(self.server_path).rise()
        self.open_server()

    def open_phone(self, number: int, person: Person) -> Phone:
        phone = Phone(number, person, PhoneFile(self.phone_path(number)), Link(self.server))
        phone.link.saw = lambda answer: self._saw(phone, answer)
        phone.device = phone.sign_in()["device_id"]
        return phone

    def restart_phone(self, phone: Phone) -> None:
        phone.database.close()
        life_of(phone.database.path).rise()
        phone.database = PhoneFile(phone.database.path)

    def close(self) -> None:
        for phone in self.phones:
            life_of(phone.database.path).kill_at(None)
            phone.database.close()
        life_of(self.server_path).kill_at(None)
        self.server.state.database.close()
        for path in [self.server_path, *(phone.database.path for phone in self.phones)]:
            life_of(path).is_dead = False
        shutil.rmtree(self.folder)

    async def trip(self, phone: Phone, most: int = 200) -> Exchanged:
        """One round trip. A killed phone is opened again; `Killed` then goes on to whoever meant it."""
        try:
            done = await exchange(
                phone.database, client_over(phone.link), phone.now(self.clock), most_changes=most, rows=phone.rows
            )
            if phone.told and not phone.may_differ:
                self._keeps_credential(phone, phone.told)
            return done
        except Killed:
            if life_of(phone.database.path).is_dead:
                self.restart_phone(phone)
            raise
        finally:
            self.write_down(phone)

    async def sync(self, phone: Phone, most: int = 200) -> int:
        """Round trips until nothing is left, as the loop does them; how many."""
        for trip in range(1, MOST_TRIPS + 1):
            if not (await self.trip(phone, most)).more:
                return trip
        raise Broken("a sync comes to its end", f"{phone} still wants more after {MOST_TRIPS} round trips")

    def _keeps_credential(self, phone: Phone, told: str) -> None:
        """A renewed credential is kept at once, and the former one: a restored server knows that."""
        kept = phone.sign_in()
        if kept["token"] != told or kept.get("former_token") in {None, told}:
            raise Broken("a renewed credential is kept beside the former one", phone)

    def write_down(self, phone: Phone) -> None:
        """What is in the outbox now was saved."""
        with phone.peek() as file:
            rows = file.execute("SELECT id, kind, subject, village_id, body FROM outbox").fetchall()
        for identity, kind, subject, village, body in rows:
            if identity not in self.book:
                saved = Saved(phone.number, kind, subject, village, json.loads(body), self.clock(), phone.ahead)
                self.book[identity] = saved

    def _saw(self, phone: Phone, answer: httpx.Response) -> None:
        """Every answer of the server is checked, also one that the phone never gets."""
        self.figures["answers"] += 1
        if answer.status_code != 200:
            self.figures[f"refused {answer.status_code}"] += 1
            if answer.status_code == 500:
                raise Broken("the server answers every request", answer.text)
            return
        reply = answer.json()
        phone.told = reply.get("token")
        for verdict in reply["verdicts"]:
            self._saw_verdict(phone, verdict)
        allowed = phone.person.villages
        for village, page in reply["streams"].items():
            if village not in allowed or phone.state != "active":
                raise Broken("no row leaves the scope", f"{self.village(village)} was sent to {phone}")
            if page.get("repaired"):
                self.figures["repairs"] += 1
                if not (phone.may_differ or self.was_restored):
                    raise Broken("nothing has to be repaired", f"{phone}, {self.village(village)}")

    def _saw_verdict(self, phone: Phone, told: dict[str, Any]) -> None:
        identity, slug = told["id"], (told.get("problem") or {}).get("type")
        given = told["first"] if told["verdict"] == "duplicate" else told["verdict"]
        before = self.first.get(identity)
        waited = before in WAITED and told["verdict"] != "duplicate"
        if before is None or waited:
            self.figures[f"verdict {given}"] += 1
            self.first[identity] = (given, slug)
            self._check_scope(phone, identity, given, slug)
        elif before != (given, slug) or told["verdict"] != "duplicate":
            raise Broken("a replay gets the first verdict", f"{identity}: first {before}, then {told}")
        else:
            self.figures["verdict duplicate"] += 1

    def _check_scope(self, phone: Phone, identity: str, given: str, slug: str | None) -> None:
        """Taken over is what was captured while the person worked there. A clock that was set since may mislead."""
        saved = self.book.get(identity)
        if saved is None or phone.ahead != saved.ahead:
            return
        person = phone.person
        was_theirs = saved.village in person.villages or person.worked_in(saved.village, saved.at)
        if given in SETTLED and not was_theirs:
            raise Broken("nobody writes outside the scope", f"{phone} in {self.village(saved.village)}")
        if slug == "/problems/out-of-scope" and was_theirs and saved.kind == "response":
            raise Broken("what was captured before the move counts", f"{phone} in {self.village(saved.village)}")

    def first_with(self, phone: Phone, query: str, action: Action = Action.SYNC) -> Phone:
        """The first phone from this one on whose person may do this and on which the query finds something."""
        for one in [*self.phones[phone.number :], *self.phones[: phone.number]]:
            with one.peek() as file:
                if not one.ended and may(one.person.role, action) and file.execute(query).fetchone():
                    return one
        return phone

    def open_villages(self) -> set[str]:
        return self.villages.keys() - self.ended_villages

    async def sign_in_again(self, phone: Phone) -> None:
        """With a new code: after a restore the server may not know the device, or its renewed credential."""
        with self.server.state.database.write() as session:
            role, names = phone.person.role, [self.village(one) for one in phone.person.villages]
            code = invite(
                session, COMMUNE, role, phone.person.name, [] if role is Role.OFFICIAL else names,
                self.clock(), public_url="http://server",
            ).code  # fmt: skip
        phone.link.way = None
        await enroll(phone.database, client_over(phone.link), code, "máy mới", phone.now(self.clock), same_person=True)
        phone.device = phone.sign_in()["device_id"]
        self.figures["signed in again"] += 1
        self.note("; its person signs in again")
