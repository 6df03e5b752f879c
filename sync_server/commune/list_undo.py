"""Takes an import back, as long as nothing was built on it: all of it or nothing."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from survey.problems import IMPORT_BUILT_ON, NOT_FOUND
from survey.vietnamese import format_number
from sync_server.commune.list_import import Done, ImportResult, write_fields
from sync_server.coverage import refresh_coverage
from sync_server.ids import new_id
from sync_server.problems import Problem
from sync_server.publish import Subject, publish
from sync_server.store.database import Session
from sync_server.store.households import list_homes
from sync_server.store.list_imports import (
    ListImport,
    add_list_import,
    delete_listed,
    find_list_import,
    save_list_import,
)
from sync_server.store.stream import list_states

COUNTED = ("rows", "added", "updated", "unchanged", "left_out")


def done_of(result: ImportResult) -> dict[str, Any]:
    """What is kept of an import: its counts, and what it wrote."""
    return {name: getattr(result, name) for name in COUNTED} | {"wrote": asdict(result.done)}


def told_of_import(done: dict[str, Any]) -> dict[str, Any]:
    """Of what `done_of` keeps, the counts alone: what the audit log tells."""
    return {name: done[name] for name in COUNTED if name != "rows"}


def record_import(session: Session, commune: str, result: ImportResult, file_name: str, by: str, now: datetime) -> None:
    """Keep an import that was carried out, so that it can be undone."""
    add_list_import(session, commune, ListImport(new_id(now), "done", now, by, file_name, {}, done_of(result)), None)


def undo_import(session: Session, commune: str, identity: str, now: datetime) -> ListImport:
    """Take the import's new households out again, and give those that it changed their fields back.

    Raises `Problem` not-found, or import-built-on where one of them was visited, corrected or moved since.
    """
    brought = find_list_import(session, commune, identity)
    if brought is None or brought.state != "done":
        raise Problem(NOT_FOUND, detail="Lần nhập này không còn để hoàn tác.")
    wrote = brought.done["wrote"]
    done = Done(wrote["added"], {one: (seq, before) for one, (seq, before) in wrote["updated"].items()})
    written = done.added | {one: seq for one, (seq, _before) in done.updated.items()}
    homes = list_homes(session, commune, written)
    _check_untouched(session, commune, written, homes)
    publish(session, commune, _gone(homes, done))
    delete_listed(session, commune, list(done.added))
    write_fields(session, commune, homes, {one: before for one, (_seq, before) in done.updated.items()})
    refresh_coverage(session, commune, {homes[one] for one in done.added}, now)
    undone = replace(brought, state="undone", done={name: brought.done[name] for name in COUNTED})
    save_list_import(session, commune, undone)
    return undone


def _gone(homes: dict[str, str], done: Done) -> dict[str, list[Subject]]:
    gone: dict[str, list[Subject]] = {}
    for household in done.added:
        gone.setdefault(homes[household], []).append(Subject("household", household, None))
    return gone


def _check_untouched(session: Session, commune: str, written: dict[str, int], homes: dict[str, str]) -> None:
    touched = [one for one in written if one not in homes]
    for village in set(homes.values()):
        ids = [one for one, home in homes.items() if home == village]
        states = list_states(session, commune, village, "household", ids)
        touched += [one for one in ids if one not in states or states[one].seq != written[one]]
    if touched:
        count = format_number(len(touched))
        detail = f"{count} hộ của lần nhập này đã được khảo sát, sửa hay chuyển sau đó. Chưa có gì thay đổi."
        raise Problem(IMPORT_BUILT_ON, detail=detail)
