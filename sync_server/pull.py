"""What goes down: for each village in scope the next page of its stream, with its count and check."""

from collections.abc import Iterable

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from survey.wire import PROTOCOL, SyncRequest, VerdictReply
from sync_server.access import Caller
from sync_server.store.bulk import as_text
from sync_server.store.server_info import find_epoch
from sync_server.store.stream import StreamEnd, StreamState, list_after, list_ends

_VERDICTS = TypeAdapter(list[VerdictReply])
_EMPTY = StreamEnd(0, 0, "0" * 12)


def write_reply(
    session: Session, caller: Caller, request: SyncRequest, verdicts: list[VerdictReply], server_time: str, most: int
) -> str:
    """The reply as JSON text. Bodies are stored as JSON and go out as they are, never read and written again."""
    head = {
        "protocol": PROTOCOL,
        "server_time": server_time,
        "server_epoch": find_epoch(session) or "",
        "scope_version": caller.scope_version,
        "villages_in_scope": list(caller.villages),
    }
    judged = _VERDICTS.dump_json(verdicts, exclude_none=True).decode()
    pages = ",".join(_pages(session, caller, request, most))
    return f'{as_text(head)[:-1]},"verdicts":{judged},"streams":{{{pages}}}}}'


def _pages(session: Session, caller: Caller, request: SyncRequest, most: int) -> Iterable[str]:
    commune = caller.commune.code
    ends = list_ends(session, commune, caller.villages)
    for village in caller.villages:
        end = ends.get(village, _EMPTY)
        cursor = request.cursors.get(village, 0)
        if cursor > end.seq:  # from before a restore: what this device read is not what is here
            cursor = 0
        limit = min(request.limit, most)
        rows: list[StreamState] = []
        if cursor < end.seq and limit > 0:
            rows = list_after(session, commune, village, cursor, limit)
        most -= len(rows)
        reached = rows[-1].seq if rows else cursor
        more = "true" if reached < end.seq else "false"
        lines = ",".join(_line(row) for row in rows)
        yield (
            f'"{village}":{{"rows":[{lines}],"cursor":{reached},"more":{more},"count":{end.count},"check":"{end.check}"}}'
        )


def _line(row: StreamState) -> str:
    return f'{{"seq":{row.seq},"kind":"{row.kind}","subject":{as_text(row.subject)},"body":{row.body or "null"}}}'
