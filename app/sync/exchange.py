"""One round trip: the next of the outbox goes up; verdicts and the next pages come down, kept in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from app.store.database import Database, Session
from app.store.households import mark_visited, save_households
from app.store.outbox import list_next_batch, list_waiting_visits, mark_settled
from app.store.stream import count_stream, save_stream_rows
from app.store.sync_state import find_setting, find_sign_in, list_cursors, save_cursor, save_setting, save_village
from app.sync.client import ServerClient
from survey.records import ResponseBody, Village
from survey.wire import MOST_CHANGES, StreamPage, SyncReply, SyncRequest

PAGE_ROWS = 500
CHECKED_VILLAGE = "checked:"


class NotSignedIn(Exception):
    """The device has no credential yet."""


@dataclass(frozen=True)
class Exchanged:
    """What one round trip did: changes judged, rows received, and whether another is needed."""

    judged: int
    received: int
    more: bool


async def exchange(
    database: Database, client: ServerClient, now: datetime, *, most_changes: int = MOST_CHANGES, rows: int = PAGE_ROWS
) -> Exchanged:
    """Send and receive once. Raises what `ServerClient.sync` raises; nothing was changed on the device then."""
    with database.read() as session:
        signed_in = find_sign_in(session)
        batch = list_next_batch(session, most_changes)
        cursors = list_cursors(session)
    if signed_in is None:
        raise NotSignedIn
    request = SyncRequest(
        device_time=now,
        server_epoch=signed_in.server_epoch,
        scope_version=signed_in.scope_version,
        changes=batch,
        cursors=cursors,
        limit=rows,
    )
    reply = await client.sync(signed_in.token, request)
    with database.write() as session:
        more = _keep(session, reply, now)
    received = sum(len(page.rows) for page in reply.streams.values())
    return Exchanged(len(reply.verdicts), received, more)


def _keep(session: Session, reply: SyncReply, now: datetime) -> bool:
    """Take the reply over; whether another round is wanted: more pages, or more changes after some were judged."""
    mark_settled(session, reply.verdicts, now)
    more = bool(reply.verdicts) and bool(list_next_batch(session, 1))
    for village, page in reply.streams.items():
        _keep_page(session, village, page)
        more |= page.more or not _agrees(session, village, page)
    save_setting(session, "server_epoch", reply.server_epoch)
    save_setting(session, "scope_version", str(reply.scope_version))
    save_setting(session, "synced_at", now.isoformat())
    return more


def _keep_page(session: Session, village: str, page: StreamPage) -> None:
    save_stream_rows(session, village, page.rows)
    households = [row for row in page.rows if row.kind == "household"]
    save_households(session, village, households)
    for household, visit in list_waiting_visits(session, [row.subject for row in households]):
        response = ResponseBody.model_validate(visit)
        mark_visited(session, household, response.outcome, response.ended_at, "")
    for row in page.rows:
        if row.kind == "village" and row.body:
            save_village(session, Village.model_validate(row.body))
    save_cursor(session, village, page.cursor)


def _agrees(session: Session, village: str, page: StreamPage) -> bool:
    """Whether this device holds exactly what the server holds for it, once the last page is in.

    Where it does not, the village is read again from its beginning, once for each state of the server: unsent work is
    not touched by that, and a check that can never agree must not make an endless loop.
    """
    if page.more or (page.count, page.check) == count_stream(session, village):
        return True
    key = CHECKED_VILLAGE + village
    if find_setting(session, key) == page.check:
        return True
    save_setting(session, key, page.check)
    save_cursor(session, village, 0)
    return False
