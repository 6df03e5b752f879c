"""A made-up province on PostgreSQL: one commune surveyed through the real server, the others copies of its rows.

Every row that a household leaves in any table is thus one that the server itself wrote; a copy has ids, hashes and
digests of its own. Copies go in by COPY, without the checks of foreign keys: what they name is copied along.
"""

import csv
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import psycopg

from bench.phone import Phone
from bench.village import new_id
from survey.records import Commune
from survey.roles import Role
from survey.wire import row_digest
from sync_server.commune.criteria_sets import load_criteria_set
from sync_server.commune.list_import import import_households
from sync_server.commune.setup import add_village, create_commune, invite
from sync_server.demo.households import list_households
from sync_server.demo.plan import CRITERIA_SET, VILLAGES, VillagePlan
from sync_server.demo.visits import make_visits
from sync_server.demo.workbook import HEADER
from sync_server.store.communes import add_commune
from sync_server.store.database import Database, Session
from sync_server.store.rows import ServerTable
from sync_server.sync.rescue import make_own

BATCH = 200
CRITERIA = load_criteria_set(CRITERIA_SET)
_MADE_BY_HAND = {"commune", "commune_sync", "criteria_set"}
_ADD_DIGESTS = """
    UPDATE village SET digest = (SELECT sum(digest) % (1::bigint << 48) FROM stream_row AS row
    WHERE row.commune = village.commune AND row.village_id = village.id) WHERE commune = %s
"""  # the copies' rows have digests of their own
_NUMBER = b"\x01"  # stands for the commune's number in the text of a copy
_ID = re.compile(rb"\b([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-)[0-9a-f]{4}([0-9a-f]{8})\b")
_HASH = re.compile(rb"\b[0-9a-f]{4}([0-9a-f]{60})\b")


def plans(villages: int, households: int, surveyed: int) -> list[VillagePlan]:
    """The villages of a commune: so many households each, `surveyed` of a hundred surveyed, answers as in the demo."""
    some = islice(cycle(VILLAGES), villages)
    done = households * surveyed // 100
    return [
        replace(plan, name=f"Thôn số {number}", households=households, surveyed=done)
        for number, plan in enumerate(some, 1)
    ]


def open_commune(session: Session, code: str, made: list[VillagePlan], folder: Path) -> list[str]:
    """Open the commune with its villages and its household list, as the command line does; a member's code for each
    village. Each village has a lead, too, who is not signed in."""
    now = datetime.now(UTC)
    create_commune(session, code, now, CRITERIA_SET)
    for plan in made:
        add_village(session, code, plan.name, now)
    file = folder / "list.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as text:
        written = csv.writer(text)
        written.writerow(HEADER)
        for plan in made:
            for one in list_households(plan):
                written.writerow((one.number, one.head_name, one.village, one.alley, one.phone))
    done = import_households(session, code, file, now)
    assert done.left_out == 0, done.notes[:3]
    codes = []
    for plan in made:
        invite(session, code, Role.LEAD, f"Tổ trưởng {plan.name}", [plan.name], now, public_url="http://bench")
        member = invite(session, code, Role.MEMBER, f"Tổ viên {plan.name}", [plan.name], now, public_url="http://bench")
        codes.append(member.code)
    return codes


def visits_to(rows: list[dict[str, Any]], plan: VillagePlan) -> list[tuple[str, dict[str, Any]]]:
    """First visits to households of a village as a phone has read it, of those that nobody has visited."""
    waiting = [row for row in rows if row["kind"] == "household" and "current" not in row["body"]]
    (survey_round,) = (row for row in rows if row["kind"] == "round")
    homes = [row["subject"] for row in sorted(waiting, key=lambda row: row["body"]["number"])]
    now = datetime.now(UTC)
    about = {"survey_round": survey_round["subject"], "year": survey_round["body"]["reference_year"]}
    made = make_visits(plan, homes, CRITERIA, **about, until=now - timedelta(minutes=1))
    return [(new_id(), one.body.model_dump(mode="json")) for one in made]


async def survey(phone: Phone, plan: VillagePlan) -> int:
    """Send the visits of a village, 200 at once; how many there were."""
    visits = visits_to(await phone.pull(), plan)
    for first in range(0, len(visits), BATCH):
        await phone.sync(phone.changes("response", visits[first : first + BATCH]))
    return len(visits)


@dataclass
class Copied:
    """What was copied into one table: rows, and the seconds that its COPY took, with the making of the text."""

    rows: int = 0
    seconds: float = 0.0


@dataclass
class _Template:
    """The rows of one table as COPY writes them, the commune's number left open. Rows of streams have a digest of
    their subject: they are kept in parts."""

    table: str
    columns: str
    rows: int
    text: bytes
    streams: list[tuple[str, bytes, int, bytes, bytes]] = field(default_factory=list)

    def of(self, number: int, code: str) -> bytes:
        own = b"%04x" % number
        if not self.streams:
            return self.text.replace(b"\x02", code.encode()).replace(_NUMBER, own)
        return b"".join(self._stream_rows(own)).replace(b"\x02", code.encode()).replace(_NUMBER, own)

    def _stream_rows(self, own: bytes) -> Iterator[bytes]:
        for kind, subject, seq, before, after in self.streams:
            digest = row_digest(kind, subject.replace(_NUMBER, own).decode(), seq) if after != b"\\N\n" else 0
            yield b"%b%d\t%b" % (before, digest, after)


class Copies:
    """Copies of a commune, one transaction each."""

    def __init__(self, connection: psycopg.Connection[Any], database: Database, source: str) -> None:
        self._connection, self._database, self._source = connection, database, source
        self._templates = list(self._read())
        self.copied = {one.table: Copied() for one in self._templates}

    def add(self, commune: Commune, number: int) -> None:
        """Add this commune with all that the first one has."""
        with self._database.write() as session:
            add_commune(session, commune, CRITERIA, make_own(datetime.now(UTC)), datetime.now(UTC))
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for one in self._templates:
                begun = time.perf_counter()
                with cursor.copy(f"COPY {one.table} ({one.columns}) FROM STDIN") as target:
                    target.write(one.of(number, commune.code))
                total = self.copied[one.table]
                total.rows, total.seconds = total.rows + one.rows, total.seconds + time.perf_counter() - begun
            cursor.execute(_ADD_DIGESTS, [commune.code])

    def _read(self) -> Iterator[_Template]:
        """The tables that hold something of the commune. Its code is the first column of each."""
        for table in ServerTable.metadata.sorted_tables:
            if "commune" not in table.columns or table.name in _MADE_BY_HAND:
                continue
            names = ["commune", *(column.name for column in table.columns if column.name != "commune")]
            if table.name == "stream_row":
                names = ["commune", "village_id", "kind", "subject", "seq", "digest", "body"]
            columns = ", ".join(f'"{name}"' for name in names)
            query = f"COPY (SELECT {columns} FROM {table.name} WHERE commune = '{self._source}') TO STDOUT"
            with self._connection.cursor() as cursor, cursor.copy(query) as source:
                text = b"".join(bytes(block) for block in source)
            if not text:
                continue
            text = re.sub(rb"^" + self._source.encode() + b"\t", b"\x02\t", text, flags=re.MULTILINE)
            text = _HASH.sub(b"\x01\\1", _ID.sub(b"\\1\x01\\2", text))
            made = _Template(table.name, columns, text.count(b"\n"), text)
            if table.name == "stream_row":
                made.streams = [_in_parts(line) for line in text.splitlines(keepends=True)]
            yield made


def _in_parts(line: bytes) -> tuple[str, bytes, int, bytes, bytes]:
    """A row of a stream: its kind, subject and sequence, what stands before its digest and after it."""
    commune, village, kind, subject, seq, _digest, body = line.split(b"\t", 6)
    before = b"\t".join((commune, village, kind, subject, seq, b""))
    return kind.decode(), subject, int(seq), before, body
