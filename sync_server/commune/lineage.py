"""Merges villages, or splits one. Households move with everything known about them, and nobody's work is lost.

A visit stays recorded with the village where it was made; figures are counted where households live now. A merged
village keeps its stream, whose last row names the new village, and stays in its team's scope: changes of households
that their phones still send for it are applied in the new one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from survey.households import list_key
from survey.ids import is_id
from survey.problems import VILLAGE_NOT_MERGED
from survey.records import Village
from survey.times import wire_time
from survey.vietnamese import clean, fold
from survey.villages import Ambiguous, Exactly, Loosely, NotThere, full_name, split_kind, which_village
from sync_server.commune.setup import add_village, the_commune
from sync_server.commune.village_names import Match, Named, find_villages, list_village_names, unclear
from sync_server.coverage import refresh_coverage
from sync_server.lists.found import Understanding
from sync_server.lists.reading import read_list
from sync_server.problems import Problem
from sync_server.publish import Subject, publish
from sync_server.store.cards import move_cards
from sync_server.store.database import Session
from sync_server.store.households import move_households
from sync_server.store.listed import ListedHousehold, list_listed
from sync_server.store.members import add_memberships, list_team, mark_member_scope_changed
from sync_server.store.stream import StreamState, list_after, list_states, save_states
from sync_server.store.villages import (
    add_lineage,
    list_lineage,
    list_villages_to_write,
    mark_village_ended,
)

_EVERYTHING = 2**31 - 1
_OF_THE_VILLAGE = frozenset(
    {"village", "round", "criteria_set", "member", "coverage", "attestation", "errand", "pin_rule"}
)
"""Kinds of row about the village itself. Every other kind is about a household and moves with it."""


@dataclass(frozen=True)
class Regrouped:
    """What a merger or a split did: the receiving village, where its households came from, how many households moved,
    how many people were given the village, and which villages inexact names were taken for."""

    village: Village
    came_from: list[Village]
    households: int
    people: int
    matched: list[Match]


def merge_villages(session: Session, commune: str, into: str, names: Iterable[str], now: datetime) -> Regrouped:
    """Merge the villages `names` into the village `into`, which is created if there is none of that name.

    Runs in the caller's transaction.
    Raises `Problem` commune-not-open, village-unknown, village-unclear, village-not-merged.
    """
    the_commune(session, commune)
    named = find_villages(session, commune, names)
    present = _find_present(session, commune, into)
    sources = [one for one in named.villages if one not in present.villages]
    if not sources:
        raise Problem(VILLAGE_NOT_MERGED, detail="Cần ít nhất một thôn khác để nhập vào. Chưa có gì thay đổi.")
    list_villages_to_write(session, commune, [one.id for one in sources])
    target = present.villages[0] if present.villages else _add(session, commune, into, now, sources[0].kind)
    households = people = 0
    for source in sources:
        households += _move(session, commune, source, target, None)
        people += _share_team(session, commune, source, target, now)
        mark_village_ended(session, commune, source.id, target.id, now)
        add_lineage(session, commune, target.id, source.id, "merge", now)
        ended = {"into": target.model_dump(mode="json"), "ended_at": wire_time(now)}
        publish(session, commune, {source.id: [Subject("village", source.id, source.model_dump(mode="json") | ended)]})
    _tell_where_from(session, commune, target)
    refresh_coverage(session, commune, [target.id, *(one.id for one in sources)], now)
    return Regrouped(target, sources, households, people, [*named.matched, *present.matched])


def split_village(
    session: Session,
    commune: str,
    source_name: str,
    new_name: str,
    now: datetime,
    *,
    households: Path | None = None,
    alleys: Iterable[str] = (),
) -> Regrouped:
    """Move some households of a village into a new one, in the caller's transaction.

    They are those of the `alleys`, and those of the file `households`: a workbook, or a text file with one household id
    a line. Raises `Problem` commune-not-open, village-unknown, village-unclear, village-exists, village-not-merged,
    list-unreadable, list-columns-missing.
    """
    the_commune(session, commune)
    named = find_villages(session, commune, [source_name])
    [source] = named.villages
    there = list_listed(session, commune, [source.id])
    chosen = _of_alleys(there, alleys) | (_of_list(there, households, source.name) if households else set())
    if not chosen:
        raise Problem(VILLAGE_NOT_MERGED, detail="Không có hộ nào để tách. Chưa có gì thay đổi.")
    list_villages_to_write(session, commune, [source.id])
    target = _add(session, commune, new_name, now, source.kind)
    moved = _move(session, commune, source, target, chosen)
    people = _share_team(session, commune, source, target, now)
    add_lineage(session, commune, target.id, source.id, "split", now)
    _tell_where_from(session, commune, target)
    refresh_coverage(session, commune, [source.id, target.id], now)
    return Regrouped(target, [source], moved, people, named.matched)


def _find_present(session: Session, commune: str, name: str) -> Named:
    """The present village of this name; no village if it has to be created. Raises `Problem` village-unclear."""
    names = list_village_names(session, commune)
    match which_village(name, names.present):
        case Exactly(village):
            return Named([village], [])
        case Loosely(village):
            return Named([village], [Match(clean(name), full_name(village))])
        case Ambiguous(villages):
            raise unclear(names, name, villages)
        case NotThere():
            return Named([], [])


def _add(session: Session, commune: str, name: str, now: datetime, usual: str) -> Village:
    """Add a village, of the kind that its name begins with, else of the kind `usual`."""
    said, bare = split_kind(name)
    return add_village(session, commune, bare, now, said or usual)


def _move(session: Session, commune: str, source: Village, target: Village, chosen: set[str] | None) -> int:
    """Move households, with all rows about them, to the other village's stream, and return how many they were.

    `chosen` are household ids. With None all move, and nothing but the village's own row stays on the old stream.
    """
    rows = [row for row in list_after(session, commune, source.id, 0, _EVERYTHING) if row.body is not None]
    going = [row for row in rows if _goes_along(row, chosen)]
    leaving = going if chosen is not None else [row for row in rows if row.kind != "village"]
    streams = list_villages_to_write(session, commune, [source.id, target.id])
    # Of two states of one household the later one has the higher number, wherever it lives: see `Batch`.
    streams[target.id].seq = max(streams[target.id].seq, *(row.seq for row in rows))
    states = []
    for row in going:
        streams[target.id].seq += 1
        states.append(StreamState(target.id, row.kind, row.subject, streams[target.id].seq, row.body))
    for row in leaving:
        streams[source.id].seq += 1
        states.append(StreamState(source.id, row.kind, row.subject, streams[source.id].seq, None))
    save_states(session, commune, streams, states)
    households = [row.subject for row in going if row.kind == "household"]
    move_households(session, commune, source.id, target.id, households)
    move_cards(session, commune, target.id, [row.subject for row in going if row.kind == "card"])
    return len(households)


def _goes_along(row: StreamState, chosen: set[str] | None) -> bool:
    if row.kind in _OF_THE_VILLAGE:
        return False
    household = row.subject if row.kind == "household" else row.to_body().get("household")
    if row.kind == "difference" and household is None:
        return False  # about what the old village attested
    return chosen is None or household in chosen


def _share_team(session: Session, commune: str, source: Village, target: Village, now: datetime) -> int:
    """Give the old village's team the new village too, and return how many people got it.

    Their phones learn it with the next sync.
    """
    known = {one.id for one in list_team(session, commune, target.id)}
    team = [one for one in list_team(session, commune, source.id) if one.id not in known]
    for member in team:
        add_memberships(session, commune, member.id, [target.id], now)
        mark_member_scope_changed(session, commune, member.id)
    rows = [Subject("member", one.id, {"name": one.name, "role": one.role.value}) for one in team]
    publish(session, commune, {target.id: rows})
    return len(team)


def _tell_where_from(session: Session, commune: str, village: Village) -> None:
    """Publish the village's row anew, with the villages that it was made of."""
    [state] = list_states(session, commune, village.id, "village", [village.id]).values()
    former = [one.model_dump(mode="json") for one in list_lineage(session, commune)[village.id]]
    body: dict[str, Any] = state.to_body() | {"came_from": former}
    publish(session, commune, {village.id: [Subject("village", village.id, body)]})


def _words(text: str) -> str:
    return f" {' '.join(re.sub(r'[^0-9a-z]+', ' ', fold(text)).split())} "


def _of_alleys(there: list[ListedHousehold], alleys: Iterable[str]) -> set[str]:
    """The households whose address names one of the alleys, as whole words: "Ngõ 3" is not "Ngõ 31"."""
    chosen: set[str] = set()
    for alley in alleys:
        found = {one.id for one in there if _words(alley) in _words(one.address) and clean(alley)}
        if not found:
            raise Problem(VILLAGE_NOT_MERGED, detail=f"Không có hộ nào ở “{clean(alley)}”. Chưa có gì thay đổi.")
        chosen |= found
    return chosen


def _of_list(there: list[ListedHousehold], file: Path, village: str) -> set[str]:
    """The households that a list names, each by its id, or by name and address in a workbook."""
    if file.suffix.lower() == ".xlsx":
        keys: dict[str, set[str]] = {}
        for one in there:
            for key in {list_key(one.head_name, one.address), one.listed_as}:
                keys.setdefault(key or "", set()).add(one.id)
        lines = {
            f"{line.head_name}, {line.address}": keys.get(list_key(line.head_name, line.address))
            for line in read_list(file, Understanding(village=village)).lines
        }
    else:
        ids = {one.id for one in there}
        given = [line.strip().lower() for line in _read_text(file).splitlines() if line.strip()]
        lines = {line: {line} if is_id(line) and line in ids else None for line in given}
    unknown = [line for line, found in lines.items() if not found]
    if unknown:
        detail = f"Thôn {village} không có: {'; '.join(unknown[:10])}. Chưa có gì thay đổi."
        raise Problem(VILLAGE_NOT_MERGED, detail=detail)
    return {one for found in lines.values() for one in found or ()}


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(VILLAGE_NOT_MERGED, detail=f"Không đọc được tệp {file}. Chưa có gì thay đổi.") from error
