"""What goes down: for each village in scope the next page of its stream, with its count and check."""

from collections.abc import Iterable

from pydantic import TypeAdapter

from survey.wire import PROTOCOL, SyncRequest, VerdictReply
from sync_server.access import Caller
from sync_server.store.bulk import as_text
from sync_server.store.database import Session
from sync_server.store.rescue_key import find_public_rescue_key
from sync_server.store.server_info import find_epoch
from sync_server.store.stream import StreamEnd, StreamState, list_after, list_buckets, list_ends, list_of_buckets

_VERDICTS = TypeAdapter(list[VerdictReply])
_EMPTY = StreamEnd(0, 0, "0" * 12)


def write_reply(
    session: Session,
    caller: Caller,
    request: SyncRequest,
    verdicts: list[VerdictReply],
    server_time: str,
    most: int,
    token: str | None = None,
) -> str:
    """The reply as JSON text. Bodies are stored as JSON and go out as they are, never read and written again.

    `token` is the device's new credential, if it gets one. A revoked device has no villages and gets no streams.
    """
    epoch = find_epoch(session) or ""
    head = {
        "protocol": PROTOCOL,
        "server_time": server_time,
        "server_epoch": epoch,
        "scope_version": caller.scope_version,
        "villages_in_scope": list(caller.villages),
        "device_state": caller.state.value,
        "rescue_key": find_public_rescue_key(session),
    } | ({"token": token} if token else {})
    if request.server_epoch and request.server_epoch != epoch:
        # The server was restored from a backup: what the device read is another story, it starts over.
        request = request.model_copy(update={"cursors": {}, "buckets": {}})
    judged = _VERDICTS.dump_json(verdicts, exclude_none=True).decode()
    # Joined once, at the end: a page may be large, and many phones may ask at once.
    parts = [as_text(head)[:-1], ',"verdicts":', judged, ',"streams":{']
    for place, page in enumerate(_pages(session, caller, request, most)):
        parts += [",", *page] if place else page
    return "".join([*parts, "}}"])


def _pages(session: Session, caller: Caller, request: SyncRequest, most: int) -> Iterable[list[str]]:
    commune = caller.commune.code
    ends = list_ends(session, commune, caller.villages)
    for village in caller.villages:
        end = ends.get(village, _EMPTY)
        cursor = request.cursors.get(village, 0)
        if not 0 <= cursor <= end.seq:  # from before a restore: what this device read is not what is here
            cursor = 0
        limit = min(request.limit, most)
        rows: list[StreamState] = []
        if cursor < end.seq and limit > 0:
            rows = list_after(session, commune, village, cursor, limit)
        reached = rows[-1].seq if rows else cursor
        repaired = ""
        if village in request.buckets and reached >= end.seq:
            buckets, again = _repair(session, commune, village, request.buckets[village], cursor, limit - len(rows))
            rows += [row for row in again if row.seq <= cursor]
            repaired = f',"repaired":{buckets}'
        most -= len(rows)
        more = "true" if reached < end.seq else "false"
        yield [
            f'"{village}":{{"rows":[',
            ",".join([_line(row) for row in rows]),
            f'],"cursor":{reached},"more":{more},"count":{end.count},"check":"{end.check}"{repaired}}}',
        ]


def _repair(
    session: Session, commune: str, village: str, held: list[str], cursor: int, room: int
) -> tuple[list[int], list[StreamState]]:
    """The buckets in which the device does not hold what it has read, and all their rows: the first that fit.

    The first of them is always sent, so that each round trip mends something. What the page itself holds is not sent
    twice: the page reaches the end, so rows beyond the cursor are in it.
    """
    buckets = list_buckets(session, commune, village, cursor)
    chosen: list[int] = []
    for number, (bucket, check) in enumerate(zip(buckets, held, strict=True)):
        if bucket.check != check:
            if chosen and bucket.count > room:
                break
            chosen.append(number)
            room -= bucket.count
    return chosen, list_of_buckets(session, commune, village, chosen) if chosen else []


def _line(row: StreamState) -> str:
    return f'{{"seq":{row.seq},"kind":"{row.kind}","subject":{as_text(row.subject)},"body":{row.body or "null"}}}'
