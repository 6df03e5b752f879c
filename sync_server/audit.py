"""The audit log: each act leaves one line in the transaction that does it, or before anything of it is shown.

A line never holds the name, the number or an answer of somebody in a household: only ids, counts and formats. A text
with a long number is not kept at all, whoever wrote it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from survey.acts import Act
from survey.privacy import holds_long_number
from survey.vietnamese import clean
from sync_server.access.caller import Caller
from sync_server.ids import new_id
from sync_server.logs import log, where_it_failed
from sync_server.store.audit import (
    AuditLine,
    add_line,
    count_lines_before,
    delete_lines,
    find_newest_time,
    find_same_line,
)
from sync_server.store.database import Database, DatabaseBusy, Session

QUIET = timedelta(days=90)
"""For how long no line may have been written before the clock is believed less than the log."""
ONE_LOOK = timedelta(minutes=10)
"""Who opens a household's page again within this time has looked once."""
LONGEST_PURPOSE = 300
BY_COMMAND = "Quản trị máy chủ"
"""Who did what the command line did, where a record keeps a name."""
_OF_THE_DRAW = frozenset({"digest", "secret"})
"""What nobody has written: hexadecimal digits, of which some look like a number."""
_MONTH = timedelta(days=366) / 12


@dataclass(frozen=True)
class AtServer:
    """Whoever runs a command about this commune on the server itself: nobody whom the log could name."""

    commune: str


Doer = Caller | AtServer


def commune_of(doer: Doer) -> str:
    """The code of the commune that the act belongs to."""
    return doer.commune if isinstance(doer, AtServer) else doer.commune.code


def name_of(doer: Doer) -> str:
    """The person's name; for the command line `BY_COMMAND`."""
    return BY_COMMAND if isinstance(doer, AtServer) else doer.member.name


def note(
    session: Session,
    caller: Doer,
    now: datetime,
    act: Act,
    *,
    subject_kind: str = "",
    subject: str = "",
    village: str | None = None,
    purpose: str = "",
    failed: bool = False,
    **told: Any,
) -> None:
    """Write one line, in the transaction of what it tells of: it is kept if and only if that is.

    `subject` is the id of what the act was about and `subject_kind` what that is ("household", "device", "member"…).
    `told` has what a reader should know besides, in counts and in words a person understands; `office.audit_words` has
    the keys that are shown. `failed` is for an act that was begun and came to nothing.
    """
    line = _line(caller, now, act, subject_kind, subject, village)
    told = {name: value if name in _OF_THE_DRAW else _without_number(value) for name, value in told.items()}
    purpose = _without_number(clean(purpose)[:LONGEST_PURPOSE])
    whole = vars(line) | {"purpose": purpose, "told": told, "state": "failed" if failed else "done"}
    add_line(session, commune_of(caller), AuditLine(**whole))


def note_look(
    database: Database, caller: Caller, now: datetime, act: Act, *, subject_kind: str, subject: str, village: str
) -> None:
    """Write that somebody is about to be shown this, in a transaction of its own, unless they were within `ONE_LOOK`.

    Call it before the answer is sent, with no transaction open: where the line cannot be written this raises as
    `Database.write` does, and nothing may be shown.
    """
    line, since = _line(caller, now, act, subject_kind, subject, village), now - ONE_LOOK
    with database.read() as session:  # most looks need no write
        if find_same_line(session, caller.commune.code, line, since):
            return
    with database.write() as session:
        if not find_same_line(session, caller.commune.code, line, since):
            add_line(session, caller.commune.code, line)


def forget_old_lines(database: Database, now: datetime, months: int) -> None:
    """Delete what is older than so many months. Writes nothing where nothing is, so that each of several processes may
    do it; a database that cannot be written now keeps it until the next time.

    Time is taken from the newest line where that is more than `QUIET` behind the clock: a clock that has jumped ahead
    deletes nothing that the log itself does not call old. What nobody adds to keeps its lines.
    """
    try:
        with database.read() as session:
            newest = find_newest_time(session)
            if newest is None:
                return
            before = (now if now - newest <= QUIET else newest) - months * _MONTH
            if not count_lines_before(session, before):
                return
        with database.write() as session:
            delete_lines(session, before)
    except DatabaseBusy as error:
        log.warning("old lines of the audit log are still there: %s", where_it_failed(error))


def _line(doer: Doer, now: datetime, act: Act, kind: str, subject: str, village: str | None) -> AuditLine:
    member, device = (None, None) if isinstance(doer, AtServer) else (doer.member.id, doer.device)
    return AuditLine(new_id(now), now, member, device, act.value, kind, subject, village, "", {})


def _without_number(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_without_number(one) for one in value]
    return "" if isinstance(value, str) and holds_long_number(value) else value
