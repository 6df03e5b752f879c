"""A made-up commune for the benchmarks: a real server on a folder of its own, its households and visits to them."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

from survey.criteria import form_for
from survey.privacy import CONSENT_WORDING
from survey.roles import Role
from survey.times import vietnam_year
from sync_server.commune.criteria_sets import DEFAULT, load_criteria_set
from sync_server.commune.setup import add_village, create_commune, invite
from sync_server.demo.households import list_households
from sync_server.demo.plan import VillagePlan
from sync_server.ids import new_id as id_of
from sync_server.opening import open_database
from sync_server.settings import ServerSettings
from sync_server.store.communes import list_rounds

COMMUNE = "09052"
FAMILY = (("head", 47, "m"), ("spouse", 45, "f"), ("child", 21, "m"), ("parent", 74, "f"))
Body = dict[str, Any]


@dataclass
class World:
    """A server that was set up but not started: its villages by name, the round, and a code for each device."""

    folder: Path
    villages: dict[str, str]
    round: str
    official: str
    codes: dict[str, list[str]]


def new_id() -> str:
    return id_of(datetime.now(UTC))


def set_up(folder: Path, villages: dict[str, int], address: str | None = None, criteria_set: str = DEFAULT) -> World:
    """Open the commune as the command line does, with so many members in each of the villages; on SQLite in the
    folder, or on the database of the address."""
    settings = ServerSettings(data=folder, database_url=address)
    database, now = open_database(settings), datetime.now(UTC)

    def code_for(role: Role, name: str, *places: str) -> str:
        return invite(session, COMMUNE, role, name, places, now, public_url=settings.public_url).code

    with database.write() as session:
        create_commune(session, COMMUNE, now, criteria_set)
        ids = {name: add_village(session, COMMUNE, name, now).id for name in villages}
        codes = {
            name: [code_for(Role.MEMBER, f"Tổ viên {number}", name) for number in range(count)]
            for name, count in villages.items()
        }
        official = code_for(Role.OFFICIAL, "Đặng Thị Hoa")
        world = World(folder, ids, list_rounds(session, COMMUNE)[0].id, official, codes)
    database.close()
    return world


@contextmanager
def serving(folder: Path, address: str | None = None) -> Iterator[tuple[int, int]]:
    """`tungnha serve` as a process of its own; its port and its process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {"TUNGNHA_DATA": str(folder), "TUNGNHA_PORT": str(port)}
    environment |= {"TUNGNHA_DATABASE_URL": address} if address else {}
    command = [sys.executable, "-m", "tungnha", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline(), "the server did not start"
            while not _answers(port):
                Event().wait(0.05)
            yield port, process.pid
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def make_households(village: str, count: int) -> list[Body]:
    """The bodies of a village's list: names, alleys, most with a phone number that no operator has given out."""
    lines = list_households(VillagePlan(village, count, 0, 0, 0, 0, 0, 0))
    return [
        {"head_name": line.head_name, "address": line.alley, "number": line.number}
        | ({"phone": line.phone} if line.phone else {})
        for line in lines
    ]


class Visits:
    """Finished visits to families of four who answered everything that the criteria set asks."""

    def __init__(self, survey_round: str, criteria_set: str = DEFAULT) -> None:
        self._round, self._random = survey_round, Random(4)
        self._form, self._year = form_for(load_criteria_set(criteria_set)), vietnam_year(datetime.now(UTC))
        self._families: dict[str, list[str]] = {}
        self._last: dict[str, str] = {}

    def make(self, household: str) -> tuple[str, Body]:
        """A visit under a new id, based on the last one to this household as the app does it."""
        people = self._families.setdefault(household, [new_id() for _ in FAMILY])
        now, identity = datetime.now(UTC).isoformat(timespec="milliseconds"), new_id()
        residents = [
            {"id": who, "relation": relation, "birth_year": self._year - age, "sex": sex, "name": None}
            | {"answers": self._answers_at(age, sex)}
            for who, (relation, age, sex) in zip(people, FAMILY, strict=True)
        ]
        body = {
            "household": household,
            "round": self._round,
            "based_on": self._last.get(household),
            "outcome": "completed",
            "consent": {"given": True, "wording": CONSENT_WORDING, "method": "spoken", "at": now},
            "started_at": now,
            "ended_at": now,
            "answers": {one.key: self._random.choice(one.choices) for one in self._form.household_questions},
            "residents": residents,
            "note": None,
        }
        self._last[household] = identity
        return identity, body

    def _answers_at(self, age: int, sex: str) -> Body:
        asked = [one.question for one in self._form.resident_questions if one.applies_to(age, sex)]
        return {question.key: self._random.choice(question.choices) for question in asked}


def make_change(kind: str, subject: str, village: str, device_seq: int, body: Body) -> Body:
    """A change as a phone sends it."""
    return {
        "id": new_id(),
        "device_seq": device_seq,
        "kind": kind,
        "subject": subject,
        "village": village,
        "captured_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "seen": 0,
        "schema": 1,
        "body": body,
    }
