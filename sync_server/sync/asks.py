"""What requests ask of the writer. Several are answered in one transaction: one read, one write, one commit for all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from survey.problems import NOT_ALLOWED
from survey.roles import Action
from survey.wire import SyncRequest, VerdictReply
from sync_server.access.caller import Caller, find_callers, note_first_use
from sync_server.access.enrollment import renew_token
from sync_server.access.moving import take_over
from sync_server.problems import Problem
from sync_server.settings import ServerSettings
from sync_server.store.changes import Arrival
from sync_server.store.database import Database, Session
from sync_server.store.devices import Seen, mark_seen
from sync_server.sync.apply import HandIn, judge_together
from sync_server.sync.reply import Asked, Room, write_replies

SEEN_EVERY_SECONDS = 600


@dataclass(frozen=True)
class SyncAsk:
    """A phone's request to sync, not yet known whose. Its answer is the reply as JSON text."""

    token: str
    request: SyncRequest
    now: datetime
    settings: ServerSettings


Ask = SyncAsk | HandIn
Answer = str | list[VerdictReply] | Problem
"""The reply to a `SyncAsk`, the verdicts on a `HandIn`, or why there is none."""


def read_sync(database: Database, ask: SyncAsk) -> str | None:
    """Answer a sync that has nothing to write; None if there is something. Raises `Problem` not-signed-in, device-lost
    or not-allowed."""
    if ask.request.changes:
        return None
    with database.read() as session:
        [caller] = _find_who_may_sync(session, [ask])
        if isinstance(caller, Problem):
            raise caller
        if caller.is_new_token or caller.needs_token(ask.now, ask.settings.token_days) or _has_news(caller, ask):
            return None
        return write_replies(session, [Asked(caller, ask.request, ask.now, _room(ask))])[0]


def answer_together(session: Session, asks: list[Ask], *, careful: bool) -> list[Answer]:
    """Write what the requests bring, and answer them in their order. Nothing may be told before the commit. `careful`
    as `judge_together` has it."""
    syncs = [ask for ask in asks if isinstance(ask, SyncAsk)]
    callers = dict(zip(map(id, syncs), _find_who_may_sync(session, syncs), strict=True))
    hand_ins: list[HandIn | Problem] = []
    for ask in asks:
        if isinstance(ask, HandIn):
            hand_ins.append(ask)
        else:
            caller = callers[id(ask)]
            hand_ins.append(caller if isinstance(caller, Problem) else _note_visit(session, caller, ask))
    here = [(ask, sent) for ask, sent in zip(asks, hand_ins, strict=True) if isinstance(sent, HandIn)]
    mark_seen(session, [_seen(ask, sent) for ask, sent in here if isinstance(ask, SyncAsk)])
    verdicts = _judge(session, [sent for _, sent in here], careful=careful)
    asked = [
        Asked(sent.caller, ask.request, ask.now, _room(ask), verdicts[id(sent)], _renew(session, sent.caller, ask))
        for ask, sent in here
        if isinstance(ask, SyncAsk)
    ]
    replies = iter(write_replies(session, asked) if asked else [])
    return [
        sent if isinstance(sent, Problem) else next(replies) if isinstance(ask, SyncAsk) else verdicts[id(sent)]
        for ask, sent in zip(asks, hand_ins, strict=True)
    ]


def _judge(session: Session, sent: list[HandIn], *, careful: bool) -> dict[int, list[VerdictReply]]:
    """The verdicts on each hand-in, by its identity; those of one commune are judged together."""
    verdicts: dict[int, list[VerdictReply]] = {}
    for commune in dict.fromkeys(one.arrival.commune for one in sent):
        some = [one for one in sent if one.arrival.commune == commune]
        verdicts |= zip(map(id, some), judge_together(session, some, careful=careful), strict=True)
    return verdicts


def _find_who_may_sync(session: Session, asks: list[SyncAsk]) -> list[Caller | Problem]:
    if not asks:
        return []
    hand_in = timedelta(days=asks[0].settings.hand_in_days)
    callers = find_callers(session, [ask.token for ask in asks], hand_in)
    return [
        caller if isinstance(caller, Problem) or caller.may(Action.SYNC) else Problem(NOT_ALLOWED) for caller in callers
    ]


def _note_visit(session: Session, caller: Caller, ask: SyncAsk) -> HandIn:
    """The device is here: the first use of a renewed token ends the former one, and a place that it takes over ends."""
    if caller.is_new_token:
        note_first_use(session, caller, ask.token, ask.now)
    take_over(session, caller, ask.now)
    skew = round((ask.request.device_time - ask.now).total_seconds())
    return HandIn(caller, Arrival(caller.commune.code, caller.device, ask.now, skew), ask.request.changes)


def _seen(ask: SyncAsk, sent: HandIn) -> tuple[str, str, Seen]:
    caller, arrival = sent.caller, sent.arrival
    version = ask.request.app_version or (caller.seen.app_version if caller.seen else "")
    return arrival.commune, arrival.device, Seen(ask.now, arrival.clock_skew, _unsent_after(ask.request), version)


def _renew(session: Session, caller: Caller, ask: SyncAsk) -> str | None:
    return renew_token(session, caller, ask.now, ask.settings.token_days)


def _room(ask: SyncAsk) -> Room:
    return Room(ask.settings.reply_rows, ask.settings.reply_bytes)


def _unsent_after(request: SyncRequest) -> int:
    """How many changes stay unsent on the device after this request."""
    return max(0, request.unsent - len(request.changes))


def _has_news(caller: Caller, ask: SyncAsk) -> bool:
    """Whether to write even without changes: the device's state is out of date, or it learns of other villages now."""
    seen, request = caller.seen, ask.request
    if seen is None or abs((ask.now - seen.at).total_seconds()) > SEEN_EVERY_SECONDS:
        return True
    learns = request.scope_version not in {0, caller.scope_version}
    return learns or _unsent_after(request) != seen.unsent or request.app_version not in {"", seen.app_version}
