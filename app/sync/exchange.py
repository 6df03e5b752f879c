"""One round trip: the outbox's next changes go up; verdicts and the next pages come down and are saved together."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from app.store.database import Database, Session
from app.store.erasures import delete_erased
from app.store.households import save_households, save_households_again
from app.store.outbox import (
    count_outbox,
    find_last_settled,
    list_next_batch,
    mark_held_offered,
    mark_offered_again,
    mark_offered_for,
    mark_settled,
)
from app.store.responses import list_drafts
from app.store.scope import delete_everything, save_scope
from app.store.stream import count_stream, list_bucket_sums, save_digests, save_repaired, save_stream_rows
from app.store.sync_state import (
    MOVED_TO,
    SignedIn,
    find_setting,
    find_sign_in,
    list_cursors,
    save_cursor,
    save_rescue_key,
    save_setting,
    save_settings,
    save_token,
    save_village,
)
from app.sync.client import Refused, ServerClient
from app.version import APP_VERSION
from survey.problems import DEVICE_LOST, NOT_SIGNED_IN
from survey.records import VillageState
from survey.wire import MOST_CHANGES, StreamPage, SyncReply, SyncRequest

PAGE_ROWS = 500
KEPT_FOR = timedelta(days=30)
HELD_FOR = timedelta(days=1)
GIVEN_UP_FOR = timedelta(hours=1)
CHECKED_VILLAGE = "checked:"
DIFFERS = "differs:"
GIVEN_UP = "given_up:"


class NotSignedIn(Exception):
    """The device has no credential yet."""


@dataclass(frozen=True)
class Exchanged:
    """What one round trip did: how many changes were judged and rows received. `changed` is whether anything but the
    time of the last sync changed on the device, `more` whether another round trip is needed, `started_over` whether
    the server turned out to be a restored one."""

    judged: int
    received: int
    changed: bool
    more: bool
    started_over: bool


async def exchange(
    database: Database, client: ServerClient, now: datetime, *, most_changes: int = MOST_CHANGES, rows: int = PAGE_ROWS
) -> Exchanged:
    """Send and receive once. `most_changes` and `rows` limit the request and each page of the reply.

    Raises `NotSignedIn`, or what `ServerClient.sync` raises. Nothing on the device has changed then, except that one
    reported lost (`device-lost`) is wiped: whoever holds it has no right to its data.
    """
    with database.read() as session:
        signed_in = find_sign_in(session)
        if signed_in is None:
            raise NotSignedIn
        request = _next_request(session, signed_in, now, most_changes, rows)
    try:
        reply, token = await _send(client, signed_in, request)
    except Refused as refusal:
        if refusal.problem.slug == DEVICE_LOST.slug:
            with database.write() as session:
                delete_everything(session, DEVICE_LOST.slug)
        raise
    with database.write() as session:
        if token != signed_in.token:
            save_token(session, token)
        started_over = signed_in.server_epoch not in {"", reply.server_epoch}
        more = _keep(session, reply, now, started_over=started_over)
    received = sum(len(page.rows) for page in reply.streams.values())
    changed = bool(reply.verdicts or received) or token != signed_in.token or _is_news(request, reply)
    return Exchanged(len(reply.verdicts), received, changed, more, started_over)


def _is_news(request: SyncRequest, reply: SyncReply) -> bool:
    """Whether a reply without verdicts and rows still changes the device: it revokes it, or brings a credential, an
    epoch, a scope or repaired buckets."""
    return (
        reply.device_state == "revoked"
        or reply.token is not None
        or (reply.server_epoch, reply.scope_version) != (request.server_epoch, request.scope_version)
        or set(reply.villages_in_scope) != request.cursors.keys()
        or any(page.repaired for page in reply.streams.values())
    )


async def _send(client: ServerClient, signed_in: SignedIn, request: SyncRequest) -> tuple[SyncReply, str]:
    """The reply, and the credential that got it: a server restored from before the renewal knows only the former."""
    try:
        return await client.sync(signed_in.token, request), signed_in.token
    except Refused as refusal:
        if refusal.problem.slug != NOT_SIGNED_IN.slug or not signed_in.former_token:
            raise
    return await client.sync(signed_in.former_token, request), signed_in.former_token


def _next_request(session: Session, signed_in: SignedIn, now: datetime, most: int, rows: int) -> SyncRequest:
    cursors = list_cursors(session)
    return SyncRequest(
        device_time=now,
        server_epoch=signed_in.server_epoch,
        scope_version=signed_in.scope_version,
        changes=list_next_batch(session, most),
        cursors=cursors,
        limit=rows,
        unsent=count_outbox(session).waiting,
        app_version=APP_VERSION,
        buckets={
            village: list_bucket_sums(session, village)
            for village in cursors
            if find_setting(session, DIFFERS + village) == "yes"
        },
    )


def _keep(session: Session, reply: SyncReply, now: datetime, *, started_over: bool) -> bool:
    """Save the reply; returns whether another round trip is needed, for more pages or more changes."""
    if started_over:
        _start_over(session, reply, now)
    settled = mark_settled(session, reply.verdicts, reply.server_time)
    if reply.token:
        save_token(session, reply.token)
    save_rescue_key(session, reply.rescue_key)
    more = (started_over or bool(reply.verdicts)) and bool(list_next_batch(session, 1))
    if reply.device_state == "revoked":
        _end(session, reply.moved_to)
        return more
    for village, page in reply.streams.items():
        more |= _keep_page(session, village, page)
        more |= page.more or not _agrees(session, village, page, now)
    save_households_again(session, settled)
    proved = [row.subject for page in reply.streams.values() for row in page.rows if row.kind == "erasure"]
    delete_erased(session, {*settled, *proved})
    offered = mark_held_offered(session, _before(reply.server_time, HELD_FOR))
    save_households_again(session, offered)
    more |= bool(offered)
    save_scope(session, reply.villages_in_scope)
    state = {
        "server_epoch": reply.server_epoch,
        "scope_version": str(reply.scope_version),
        "synced_at": now.isoformat(),
    }
    save_settings(session, state)
    return more


def _end(session: Session, moved_to: str) -> None:
    """Wipe this device once nothing waits on it any more. Where its person moved it to another place, a form that is
    begun here is theirs to finish or to drop first."""
    if list_next_batch(session, 1):
        return
    if not moved_to:
        delete_everything(session, "revoked")
    elif list_drafts(session):
        save_setting(session, MOVED_TO, moved_to)
    else:
        delete_everything(session, "moved", moved_to)


def _start_over(session: Session, reply: SyncReply, now: datetime) -> None:
    """After the server was restored from a backup: queue again what it may have lost, and reset every cursor to 0.

    It may have lost the work of the last 30 days. Any clock may be wrong, so the days are counted back from the
    server's last verdict or its present time, whichever is earlier, and also from this device's time.

    The new epoch is saved at once, so that a revoked device, which gets no pages, queues its work again only once.
    """
    last_word = find_last_settled(session) or reply.server_time
    offered = mark_offered_again(session, _before(min(last_word, reply.server_time), KEPT_FOR), _before(now, KEPT_FOR))
    save_households_again(session, offered)
    for village in list_cursors(session):
        save_cursor(session, village, 0)
    save_setting(session, "server_epoch", reply.server_epoch)


def _before(time: datetime, span: timedelta) -> datetime:
    """The time so long before; the beginning of all time where there is none."""
    try:
        return time - span
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _keep_page(session: Session, village: str, page: StreamPage) -> bool:
    """Save a page; returns whether it brought households for which held work was queued again."""
    save_stream_rows(session, village, page.rows)
    rows = page.rows + (save_repaired(session, village, page.repaired, page.rows) if page.repaired else [])
    households = [row for row in rows if row.kind == "household"]
    save_households(session, village, households)
    present = [row.subject for row in households if row.body is not None]
    offered = mark_offered_for(session, present)
    if offered:
        save_households_again(session, present)
    for row in page.rows:
        if row.kind == "village" and (named := _read_village(row.body)):
            save_village(session, named)
    save_cursor(session, village, page.cursor)
    return offered


def _is_recent(given_up: str | None, now: datetime) -> bool:
    """Whether a repair was given up within the hour, by this device's clock, which may have been set since."""
    return given_up is not None and abs(now - datetime.fromisoformat(given_up)) < GIVEN_UP_FOR


def _read_village(body: dict[str, Any] | None) -> VillageState | None:
    """The village as this version reads it. What it cannot read stays on the stream, and the name as it was."""
    try:
        return VillageState.model_validate(body) if body else None
    except ValidationError:
        return None


def _agrees(session: Session, village: str, page: StreamPage, now: datetime) -> bool:
    """Whether this device has exactly the server's rows of the village, or the repair was given up. Always True before
    the last page.

    If it is False, the next round trip carries the device's bucket sums, and again as long as each reply repairs
    buckets beyond those of the reply before. A check that still differs is then given up until the server's state
    changes or an hour has passed: the sync never loops for ever, and what a bad reply spoilt heals all the same.
    """
    if page.more:
        return True
    checked, differs = CHECKED_VILLAGE + village, DIFFERS + village
    theirs = (page.count, page.check)
    if theirs == count_stream(session, village) or (
        save_digests(session, village) and theirs == count_stream(session, village)
    ):
        save_setting(session, differs, "no")
        return True
    check, _, last = (find_setting(session, checked) or "").rpartition(" ")
    reached = max(page.repaired, default=-1)
    asked = find_setting(session, differs) == "yes"
    if asked:
        given_up = reached <= int(last or -1)
    else:
        given_up = check == page.check and _is_recent(find_setting(session, GIVEN_UP + village), now)
    if asked and given_up:
        save_setting(session, GIVEN_UP + village, now.isoformat())
    save_setting(session, differs, "no" if given_up else "yes")
    save_setting(session, checked, f"{page.check} {reached}")
    return given_up
