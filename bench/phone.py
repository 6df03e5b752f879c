"""A phone as the server sees it, and what its requests are measured against."""

import asyncio
import gzip
import json
import os
import sqlite3
import statistics
import time
from collections.abc import Iterable
from pathlib import Path

import brotli

from bench.village import Body, make_change, new_id

STAYS_OPEN_SECONDS = 3  # uvicorn closes a connection that is not used for five
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress, "identity": bytes}


def compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class Phone:
    """As much of a device as the server can tell from the real one: its requests, over one kept connection."""

    def __init__(self, port: int, village: str) -> None:
        self.port, self.village, self.cursor, self.sent = port, village, 0, 0
        self.others: dict[str, int] = {}
        """The cursors of other villages in scope, if they are to be followed too (`follow_all`)."""
        self.took: list[float] = []
        self.bytes_up = self.bytes_up_plain = self.bytes_down = self.bytes_down_plain = 0
        self._token, self._used = "", -1e9

    async def enroll(self, code: str) -> "Phone":
        reply = await self._post("/api/v1/enrollments", {"code": code, "device_name": "bench"})
        self._token, self._epoch = reply["token"], reply["server_epoch"]
        self.village = self.village or reply["villages"][0]["id"]
        return self

    async def sync(self, changes: list[Body]) -> Body:
        """One round trip, as `app.sync.exchange` makes it."""
        reply = await self._post(
            "/api/v1/sync",
            {
                "protocol": 1,
                "device_time": "2026-11-22T03:04:05Z",
                "server_epoch": self._epoch,
                "scope_version": 0,
                "changes": changes,
                "cursors": self.others | {self.village: self.cursor},
                "limit": 500,
            },
        )
        bad = [one for one in reply["verdicts"] if one["verdict"] != "applied"]
        assert not bad, bad[:1]
        assert len(reply["verdicts"]) == len(changes)
        self.cursor = reply["streams"][self.village]["cursor"]
        self.others = {village: reply["streams"][village]["cursor"] for village in self.others}
        return reply

    async def follow_all(self) -> None:
        """Read all villages in scope to their ends, and go on from there."""
        while True:
            streams = (await self.sync([]))["streams"]
            self.others = {village: page["cursor"] for village, page in streams.items()}
            if not any(page["more"] for page in streams.values()):
                return

    async def pull(self) -> list[Body]:
        """Everything of the village from its beginning."""
        self.cursor, rows, more = 0, [], True
        while more:
            page = (await self.sync([]))["streams"][self.village]
            rows += page["rows"]
            more = page["more"]
        return rows

    def changes(self, kind: str, some: Iterable[tuple[str, Body]]) -> list[Body]:
        made = [
            make_change(kind, subject, self.village, self.sent + n, body) for n, (subject, body) in enumerate(some, 1)
        ]
        self.sent += len(made)
        return made

    def connect_anew(self) -> None:
        """Use another connection for the next request: this one was cut off, or its answer is not awaited any more."""
        self._used = -1e9

    async def _post(self, path: str, content: Body) -> Body:
        plain = compact(content)
        packed = gzip.compress(plain, 6)
        head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self._token}\r\n"
        head += "Accept-Encoding: gzip, br\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
        head += f"Content-Length: {len(packed)}\r\n\r\n"
        if time.perf_counter() - self._used > STAYS_OPEN_SECONDS:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        begun = time.perf_counter()
        self._writer.write(head.encode() + packed)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin1").lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if line)
        body = await self._reader.readexactly(int(headers["content-length"]))
        self._used = time.perf_counter()
        self.took.append(self._used - begun)
        answer = UNPACK[headers.get("content-encoding", "identity")](body)
        assert " 20" in lines[0], f"{lines[0]}: {answer[:500]!r}"
        self.bytes_up, self.bytes_up_plain = len(packed), len(plain)
        self.bytes_down, self.bytes_down_plain = len(body), len(answer)
        return json.loads(answer)  # type: ignore[no-any-return]


class Floor:
    """The least that any server has to do: read and write the JSON, and make it durable in one commit."""

    def __init__(self, folder: Path) -> None:
        self._file = sqlite3.connect(folder / "floor.db", isolation_level=None)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.execute("CREATE TABLE kept (id TEXT PRIMARY KEY, body TEXT)")

    def of(self, rows: list[Body], *, keep: bool = True, runs: int = 9) -> float:
        took = []
        plain = compact(rows)
        for _ in range(runs):
            begun = time.perf_counter()
            texts = [(new_id(), compact(row).decode()) for row in json.loads(plain)]
            if keep:
                self._file.execute("BEGIN IMMEDIATE")
                self._file.executemany("INSERT INTO kept VALUES (?, ?)", texts)
                self._file.execute("COMMIT")
            took.append(time.perf_counter() - begun)
        return statistics.median(took)


def memory(pid: int) -> dict[str, float]:
    """Resident memory now and at most so far, in MB."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return {name: int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")}


def cpu_seconds(pid: int) -> float:
    """What the process has used of the processors so far: steadier than time where other work runs beside it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
