"""Naming a commune's villages anew, and taking out one of which there is nothing yet."""

from datetime import datetime

from survey.problems import FIELDS_INVALID, VILLAGE_EXISTS, VILLAGE_IN_USE, VILLAGE_UNKNOWN
from survey.records import Village
from survey.roles import Role
from survey.vietnamese import clean
from survey.villages import full_name, is_same_village
from sync_server.commune.setup import add_village, the_commune
from sync_server.coverage import refresh_coverage
from sync_server.problems import Problem
from sync_server.publish import Subject, publish
from sync_server.store.database import Session
from sync_server.store.members import list_team, mark_member_scope_changed, mark_scope_changed
from sync_server.store.stream import list_states
from sync_server.store.villages import count_uses, delete_village, list_villages, save_village_name

LONGEST_NAME = 120
MOST_AT_ONCE = 300


def add_villages(session: Session, commune: str, lines: str, now: datetime) -> tuple[list[Village], list[str]]:
    """Add a village for each line of text, and return them with the lines that name one that is there already."""
    made: list[Village] = []
    there: list[str] = []
    for line in list(dict.fromkeys(map(clean, lines.splitlines())))[:MOST_AT_ONCE]:
        if not line:
            continue
        try:
            made.append(add_village(session, commune, line[:LONGEST_NAME], now))
        except Problem as problem:
            if problem.kind is not VILLAGE_EXISTS:
                raise
            there.append(line)
    return made, there


def rename_village(session: Session, commune: str, identity: str, kind: str, name: str, now: datetime) -> Village:
    """Give a village another name or kind; its households, people and visits stay, and every phone learns it.

    Raises `Problem` commune-not-open, village-unknown, fields-invalid or village-exists.
    """
    before = the_village(session, commune, identity)
    if not clean(name) or not clean(kind):
        raise Problem(FIELDS_INVALID, detail="Tên thôn và từ chỉ loại (thôn, bản, ấp…) không được để trống.")
    after = before.model_copy(update={"name": clean(name)[:LONGEST_NAME], "kind": clean(kind).lower()[:40]})
    if after == before:
        return before
    if any(one.id != identity and is_same_village(one, after) for one in list_villages(session, commune)):
        raise Problem(VILLAGE_EXISTS, detail=f"Xã đã có {full_name(after)}. {VILLAGE_EXISTS.advice}")
    save_village_name(session, commune, after)
    [state] = list_states(session, commune, identity, "village", [identity]).values()
    body = state.to_body() | {"name": after.name, "kind": after.kind}
    publish(session, commune, {identity: [Subject("village", identity, body)]})
    refresh_coverage(session, commune, [identity], now)
    mark_scope_changed(session, commune, Role.OFFICIAL)
    for member in list_team(session, commune, identity):
        mark_member_scope_changed(session, commune, member.id)
    return after


def remove_village(session: Session, commune: str, identity: str) -> Village:
    """Delete a village that has no household, person, card or visit. Raises `Problem` commune-not-open, village-unknown
    or village-in-use."""
    village = the_village(session, commune, identity)
    if count_uses(session, commune, identity):
        raise Problem(VILLAGE_IN_USE)
    delete_village(session, commune, identity)
    mark_scope_changed(session, commune, Role.OFFICIAL)
    return village


def the_village(session: Session, commune: str, identity: str) -> Village:
    """The present village of this id. Raises `Problem` commune-not-open or village-unknown."""
    the_commune(session, commune)
    village = next((one for one in list_villages(session, commune) if one.id == identity), None)
    if village is None:
        raise Problem(VILLAGE_UNKNOWN, detail="Thôn này không còn trong xã. Anh/chị mở lại trang.")
    return village
