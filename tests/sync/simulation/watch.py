"""Cheap checks while a run goes on: nothing that a phone saved may leave it, and no cursor may pass a row by."""

import json
from sqlite3 import Connection

from tests.sync.simulation.world import Broken, Phone, World

_PERSONAL = ("outbox", "draft", "response", "household", "stream_row", "village")


def watch(world: World) -> None:
    """Every phone whose file changed, after every event. What the server alone does shows at the phone's next sync."""
    with world.peek() as server:
        for phone in world.phones:
            if not _has_changed(phone):
                continue
            with phone.peek() as file:
                if phone.ended or _was_wiped(phone, file):
                    continue
                _work_stays(world, phone, file)
                _drafts_stay(phone, file)
                elsewhere = _offered_again_of_a_joined(file, server)
                _open_work_has_its_household(phone, file, elsewhere)
                _own_visits_show(phone, file, elsewhere)
                _own_edits_show(phone, file)
                _no_row_is_passed_by(world, phone, file, server)


def _has_changed(phone: Phone) -> bool:
    """Whether something was saved on it since the last look; SQLite counts the changes of a file in its head."""
    with phone.database.path.open("rb") as file:
        file.seek(24)
        counted = file.read(4)
    before, phone.looked_at = phone.looked_at, counted
    return counted != before


def _was_wiped(phone: Phone, file: Connection) -> bool:
    """A device that was taken out wipes itself, and nobody else does."""
    signed_in = file.execute("SELECT 1 FROM setting WHERE key = 'sign_in'").fetchone()
    if signed_in:
        return False
    if phone.state == "active":
        raise Broken("only a revoked or lost device is wiped", phone)
    nothing_is_left(phone)
    phone.ended = True
    phone.drafts.clear()
    return True


def nothing_is_left(phone: Phone) -> None:
    """On a device that was wiped: no sign-in, and no row about anybody."""
    with phone.peek() as file:
        left = [one for one in _PERSONAL if file.execute(f"SELECT 1 FROM {one} LIMIT 1").fetchone()]
    if left or phone.sign_in():
        raise Broken("a device that is out of use holds nothing any more", f"{phone}: {left}")


def _work_stays(world: World, phone: Phone, file: Connection) -> None:
    there = {row[0]: row[1:] for row in file.execute("SELECT id, kind, subject, village_id, body FROM outbox")}
    for identity, saved in world.book.items():
        if saved.phone == phone.number:
            if identity not in there:
                raise Broken("a saved change stays on the phone", f"{phone}: {saved.kind} {identity}")
            kind, subject, village, body = there[identity]
            if (kind, subject, village, json.loads(body)) != (saved.kind, saved.subject, saved.village, saved.body):
                raise Broken("a saved change is never altered", f"{phone}: {saved.kind} {identity}")
    subjects = {row[1] for row in there.values()}
    for (visit,) in file.execute("SELECT id FROM response"):
        if visit not in subjects:
            raise Broken("a visit and its place in the outbox are saved together", f"{phone}: {visit}")


def _drafts_stay(phone: Phone, file: Connection) -> None:
    there = dict(file.execute("SELECT household_id, body FROM draft").fetchall())
    if there != phone.drafts:
        raise Broken("a form that was begun stays as it was left", f"{phone}: {len(phone.drafts)}, there {len(there)}")


def _offered_again_of_a_joined(file: Connection, server: Connection) -> set[str]:
    """Households that the server once took for another, where all that is open had its verdict and is offered again
    after a restore: they are in nobody's list, and their visits show with that other one."""
    had_its_verdict = (
        "SELECT household_id FROM outbox WHERE state = 'waiting' AND settled_at IS NOT NULL"
        " EXCEPT SELECT household_id FROM outbox WHERE state = 'waiting' AND settled_at IS NULL"
        " EXCEPT SELECT household_id FROM outbox WHERE state IN ('held', 'invalid')"
        " EXCEPT SELECT household_id FROM draft"
    )
    joined = server.execute("SELECT other_id FROM household_join").fetchall()  # parted again or not
    return {one for (one,) in file.execute(had_its_verdict)} & {one for (one,) in joined}


def _open_work_has_its_household(phone: Phone, file: Connection, elsewhere: set[str]) -> None:
    """Whatever became of a village: a visit that waits or came back, and a form that was begun, can be looked at."""
    query = (
        "SELECT household_id FROM outbox WHERE kind = 'response' AND state IN ('waiting', 'held', 'invalid')"
        " UNION SELECT household_id FROM draft EXCEPT SELECT id FROM household"
    )
    if without := {one for (one,) in file.execute(query)} - elsewhere:
        raise Broken("a household with open work stays on the phone", f"{phone}: {without}")


def _own_visits_show(phone: Phone, file: Connection, elsewhere: set[str]) -> None:
    """An unsent visit shows on its phone, whatever was pulled, but where the merge keeps what was there before it."""
    query = (
        "SELECT o.household_id, h.id, h.outcome, h.visited_at, o.body"
        " FROM outbox o LEFT JOIN household h ON h.id = o.household_id"
        " WHERE o.state = 'waiting' AND o.kind = 'response' ORDER BY o.device_seq"
    )
    last = {row[0]: row[1:] for row in file.execute(query) if row[0] not in elsewhere}
    for household, (listed, outcome, visited_at, body) in last.items():
        if listed is None:
            raise Broken("a household with unsent work stays on the phone", phone)
        visit = json.loads(body)
        shows = visit["outcome"] == outcome and _instant(visited_at) == _instant(visit["ended_at"])
        found_nobody = visit["outcome"] == "absent" and outcome is not None
        contradicts_answers = visit["outcome"] != "completed" and outcome == "completed"
        if not (shows or found_nobody or contradicts_answers):
            raise Broken("an unsent visit shows on its phone", f"{phone}: {household} {visit['outcome']}, {outcome}")


def _own_edits_show(phone: Phone, file: Connection) -> None:
    """What was written about a household and not sent yet shows, too."""
    query = (
        "SELECT h.id, h.head_name, h.address, o.body FROM outbox o JOIN household h ON h.id = o.subject"
        " WHERE o.state = 'waiting' AND o.kind = 'household' ORDER BY o.device_seq"
    )
    written: dict[str, dict[str, str]] = {}
    for household, name, address, body in file.execute(query):
        there = written.setdefault(household, {"shown head_name": name, "shown address": address})
        there.update(json.loads(body))
    for household, fields in written.items():
        for key in {"head_name", "address"} & fields.keys():
            if fields[key] != fields[f"shown {key}"]:
                raise Broken("an unsent edit shows on its phone", f"{phone}: {household} {fields}")


def _instant(text: str | None) -> str:
    return (text or "").replace("Z", "+00:00")


def _no_row_is_passed_by(world: World, phone: Phone, file: Connection, server: Connection) -> None:
    """What the server's streams hold up to this phone's cursors is on the phone, and nothing else is."""
    epoch = file.execute("SELECT value FROM setting WHERE key = 'server_epoch'").fetchone()
    if epoch != server.execute("SELECT epoch FROM commune_sync").fetchone():
        return
    # A stale reply puts a cursor back: then rows beyond it may be here too, which the next sync brings again.
    for village, cursor in file.execute("SELECT id, cursor FROM village").fetchall():
        query = "SELECT kind, subject, seq, body FROM stream_row WHERE village_id = ?"
        there = {row[:2]: row[2] for row in file.execute(query, (village,))}
        for kind, subject, seq, body in server.execute(query + " AND seq <= ?", (village, cursor)):
            if there.get((kind, subject)) != (seq if body is not None else None) and not phone.may_differ:
                found = f"{phone}, {world.village(village)}: {kind} {subject} at {seq}, cursor {cursor}"
                raise Broken("no cursor passes a row by", found)
