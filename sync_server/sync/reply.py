"""The reply to a sync: for each village in scope the next page of its stream, with its count and check.

What the check is for: "Integrity" in `docs/sync-protocol.md`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import TypeAdapter

from survey.devices import DeviceState
from survey.times import wire_time
from survey.wire import PROTOCOL, SyncRequest, VerdictReply
from sync_server.access.caller import Caller
from sync_server.store.bulk import as_text
from sync_server.store.database import Session
from sync_server.store.devices import find_moved_to
from sync_server.store.stream import (
    StreamEnd,
    StreamState,
    list_after,
    list_after_each,
    list_buckets,
    list_ends,
    list_of_buckets,
)

_VERDICTS = TypeAdapter(list[VerdictReply])
_EMPTY = StreamEnd(0, 0, "0" * 12)
AT_ONCE = 500  # rows read by one statement, before their size is known
TAIL = 64  # sequences that a phone may be behind and still is near the end
ROW_BYTES = 100  # about the size of a row on the wire without its body

Tails = dict[tuple[str, int], list[StreamState]]
"""The rows after a cursor of a village, up to the end of its stream."""


@dataclass
class Room:
    """What still fits into one reply: a number of rows, and their bytes before compression."""

    rows: int
    bytes: int
    is_empty: bool = True

    def take(self, rows: list[StreamState]) -> list[StreamState]:
        """Return the first rows, as many as fit. A reply's very first row always fits, so that no device is stuck."""
        for place, row in enumerate(rows):
            size = ROW_BYTES + len((row.body or "").encode())
            if not self.is_empty and not self.fits(1, size):
                return rows[:place]
            self.use(1, size)
        return rows

    def fits(self, rows: int, size: int) -> bool:
        return rows <= self.rows and size <= self.bytes

    def use(self, rows: int, size: int) -> None:
        self.rows, self.bytes, self.is_empty = self.rows - rows, self.bytes - size, False


@dataclass(frozen=True)
class Asked:
    """A request that is to be answered: who asks for what, with which verdicts and new credential, if any."""

    caller: Caller
    request: SyncRequest
    now: datetime
    room: Room
    verdicts: list[VerdictReply] = field(default_factory=list)
    token: str | None = None


def write_replies(session: Session, every: list[Asked]) -> list[str]:
    """Write the replies as JSON text, with what there is room for. Bodies are stored as JSON, and copied.

    A revoked device has no villages and gets no streams, but learns the name of the place to which its person moved it.
    """
    villages: dict[str, set[str]] = {}
    for one in every:
        villages.setdefault(one.caller.commune.code, set()).update(one.caller.villages)
    ends = {commune: list_ends(session, commune, some) for commune, some in villages.items()}
    tails = {commune: _list_tails(session, commune, every, ends[commune]) for commune in villages}
    replies = []
    for one in every:
        caller, request, commune = one.caller, one.request, one.caller.commune.code
        head = {
            "protocol": PROTOCOL,
            "server_time": wire_time(one.now),
            "server_epoch": caller.told.epoch,
            "scope_version": caller.scope_version,
            "villages_in_scope": list(caller.villages),
            "device_state": caller.state.value,
            "rescue_key": caller.told.rescue_key,
        } | ({"token": one.token} if one.token else {})
        if caller.state is DeviceState.REVOKED:
            head["moved_to"] = find_moved_to(session, commune, caller.device)
        if request.server_epoch and request.server_epoch != caller.told.epoch:
            # The commune was restored from a backup: what the device has read may not be here, so it starts over.
            request = request.model_copy(update={"cursors": {}, "buckets": {}})
        judged = _VERDICTS.dump_json(one.verdicts, exclude_none=True).decode()
        # Joined once, at the end: a page may be large, and many phones may ask at once.
        parts = [as_text(head)[:-1], ',"verdicts":', judged, ',"streams":{']
        for place, page in enumerate(_pages(session, caller, request, ends[commune], tails[commune], one.room)):
            parts += [",", *page] if place else page
        replies.append("".join([*parts, "}}"]))
    return replies


def _list_tails(session: Session, commune: str, every: list[Asked], ends: dict[str, StreamEnd]) -> Tails:
    """What is new after each cursor that is near the end: most phones have read all but what was just written."""
    cursors = {
        (village, cursor)
        for one in every
        if one.caller.commune.code == commune
        for village in one.caller.villages
        if 0 < (cursor := one.request.cursors.get(village, 0)) < ends.get(village, _EMPTY).seq <= cursor + TAIL
    }
    return list_after_each(session, commune, cursors, TAIL)


def _pages(
    session: Session, caller: Caller, request: SyncRequest, ends: dict[str, StreamEnd], tails: Tails, room: Room
) -> Iterable[list[str]]:
    commune = caller.commune.code
    for village in caller.villages:
        end = ends.get(village, _EMPTY)
        cursor = request.cursors.get(village, 0)
        if not 0 <= cursor <= end.seq:  # from before a restore: the device starts over
            cursor = 0
        if (village, cursor) in tails:
            rows = room.take(tails[village, cursor][: min(request.limit, room.rows)])
        else:
            rows = _next_rows(session, commune, village, cursor, request.limit, room) if cursor < end.seq else []
        reached = rows[-1].seq if rows else cursor
        repaired = ""
        if village in request.buckets and reached >= end.seq:
            most = request.limit - len(rows)
            buckets, again = _repair(session, commune, village, request.buckets[village], cursor, most, room)
            rows += [row for row in again if row.seq <= cursor]
            repaired = f',"repaired":{buckets}'
        more = "true" if reached < end.seq else "false"
        yield [
            f'"{village}":{{"rows":[',
            ",".join([_line(row) for row in rows]),
            f'],"cursor":{reached},"more":{more},"count":{end.count},"check":"{end.check}"{repaired}}}',
        ]


def _next_rows(session: Session, commune: str, village: str, cursor: int, limit: int, room: Room) -> list[StreamState]:
    """The rows after the cursor: at most `limit`, and no more than there is room for."""
    rows: list[StreamState] = []
    while (wanted := min(limit - len(rows), room.rows, AT_ONCE)) > 0:
        found = list_after(session, commune, village, rows[-1].seq if rows else cursor, wanted)
        taken = room.take(found)
        rows += taken
        if len(taken) < wanted:
            break
    return rows


def _repair(
    session: Session, commune: str, village: str, held: list[str], cursor: int, most: int, room: Room
) -> tuple[list[int], list[StreamState]]:
    """The buckets whose check differs from the device's (`held`), as many as fit, and all their rows.

    The first of them is always sent, so that each round trip repairs something. The caller drops rows after the cursor:
    the page reaches the stream's end, so they are in it already.
    """
    buckets = list_buckets(session, commune, village, cursor)
    chosen: list[int] = []
    for number, (bucket, check) in enumerate(zip(buckets, held, strict=True)):
        if bucket.check != check:
            size = bucket.count * ROW_BYTES + bucket.size
            if chosen and not (bucket.count <= most and room.fits(bucket.count, size)):
                break
            chosen.append(number)
            most -= bucket.count
            room.use(bucket.count, size)
    return chosen, list_of_buckets(session, commune, village, chosen) if chosen else []


def _line(row: StreamState) -> str:
    return f'{{"seq":{row.seq},"kind":"{row.kind}","subject":{as_text(row.subject)},"body":{row.body or "null"}}}'
