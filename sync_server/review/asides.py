"""What was set aside unread: noticed for a person to look at. A doubt goes to phones, so it says whose phone it came
from, when and why, and nothing of the content."""

from collections.abc import Collection
from typing import Any

from survey.ids import is_id
from survey.times import wire_time
from sync_server.review.matching import Noticed
from sync_server.store.aside import SetAside, list_set_aside
from sync_server.store.changes import list_verdicts
from sync_server.store.database import Session
from sync_server.store.members import list_memberships_of
from sync_server.store.villages import list_successors
from sync_server.sync.apply import digest_of


def notice_asides(session: Session, commune: str, villages: Collection[str]) -> list[Noticed]:
    """One thing to look at for what came together, on the village's stream that it names. Content that names none is
    where its sender works."""
    if not villages:
        return []
    groups = _groups(session, commune)
    named = list_successors(session, commune)
    people = list_memberships_of(
        session, commune, {one.member for some in groups.values() for one in some[:1] if one.member}
    )
    works = {member: [one.village for one in times if one.ended_at is None] for member, times in people.items()}
    noticed = []
    for fingerprint, (first, *_rest) in groups.items():
        wanted = [_village(first), *works.get(first.member or "", [])]
        places = [one for village in wanted if (one := named.get(village, village)) in villages]
        evidence = {"problem": first.problem, "received_at": wire_time(first.received_at)}
        village = places[0] if places else min(villages)
        noticed.append(Noticed("aside", fingerprint, village, first.member, first.member_name, (), (), evidence))
    return noticed


def list_contents(session: Session, commune: str, fingerprint: str) -> list[dict[str, Any]]:
    """What a doubt of this kind is about, as it came."""
    return [one.content for one in _groups(session, commune).get(fingerprint, [])]


def _groups(session: Session, commune: str) -> dict[str, list[SetAside]]:
    """What came from one device in one moment about one village and for one reason, by its fingerprint."""
    groups: dict[str, list[SetAside]] = {}
    for one in _waiting(session, commune):
        came = ["aside", one.device, wire_time(one.received_at), one.problem, _village(one)]
        groups.setdefault(digest_of(came), []).append(one)
    return groups


def _waiting(session: Session, commune: str) -> list[SetAside]:
    """All but what has come again since as a change like any other: the phone itself could still send it."""
    every = list_set_aside(session, commune)
    given = list_verdicts(session, commune, {_identity(one) for one in every} - {""})
    return [one for one in every if (come := given.get(_identity(one))) is None or come.digest != _digest(one.content)]


def _identity(one: SetAside) -> str:
    identity = one.content.get("id")
    return identity if isinstance(identity, str) and is_id(identity) else ""


def _village(one: SetAside) -> str:
    village = one.content.get("village")
    return village if isinstance(village, str) else ""


def _digest(content: dict[str, Any]) -> str:
    """As `apply` tells whether two changes are the same."""
    return digest_of([content.get(name) for name in ("kind", "subject", "village", "body")])
