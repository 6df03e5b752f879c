"""Imports a commune's household list, all or nothing. Importing it again changes only what the list says anew.

**rows of the list = rows added + updated + unchanged + left out**, over all sheets; every row left out is named.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from survey.households import household_body, own_fields
from survey.listed_people import ListedPerson
from survey.problems import LIST_UNREADABLE
from survey.records import Household
from survey.villages import full_name
from sync_server.commune.found_again import keep_namings
from sync_server.commune.list_plan import Addition, ListPlan, Question, Update, Wanted, plan_import, read_of_commune
from sync_server.commune.setup import begin_village, the_commune
from sync_server.commune.village_names import Match, find_villages
from sync_server.coverage import refresh_coverage
from sync_server.ids import new_id
from sync_server.lists.found import Note, ReadList, Understanding
from sync_server.problems import Problem
from sync_server.store.bulk import as_text
from sync_server.store.database import Session
from sync_server.store.households import (
    HouseholdChange,
    KeptHousehold,
    add_history,
    add_listed,
    save_households,
)
from sync_server.store.listed import save_list_numbers
from sync_server.store.stream import StreamState, list_states, save_states
from sync_server.store.villages import list_villages_to_write

_EMPTY = (
    "Tệp mở được và có dòng tiêu đề, nhưng bên dưới chưa có hộ nào. Anh/chị xem có chọn đúng tệp, đúng trang không."
)


@dataclass(frozen=True)
class Done:
    """What an import wrote, to be undone: the new households with their sequences, and of those it changed the fields
    as they were before, with the sequence of the change."""

    added: dict[str, int]
    updated: dict[str, tuple[int, dict[str, Any]]]


@dataclass(frozen=True)
class ImportResult:
    """What became of the list's rows, counted in rows: `rows` is the sum of the four after it. `notes` name those left
    out and those taken with a remark, `kept` what stays as somebody corrected it. Also the villages created, which
    villages inexact names were taken for, and what was written."""

    rows: int
    added: int
    updated: int
    unchanged: int
    left_out: int
    villages_created: list[str]
    notes: list[Note]
    kept: list[Note]
    matched: list[Match]
    done: Done


def import_households(
    session: Session,
    commune: str,
    file: Path,
    now: datetime,
    *,
    village: str | None = None,
    create_villages: bool = False,
    wanted: Wanted | None = None,
) -> ImportResult:
    """Import the list in the caller's transaction: add its households that are not there, update those that are.

    `village` is the village of rows that name none. Unknown villages are created if `create_villages` is set, else the
    whole list is refused. New households of a merged village go to the one that it was merged into. `wanted` says more
    (`list_plan.Wanted`). Raises `Problem`: commune-not-open, village-unknown, village-unclear, list-unreadable,
    list-columns-missing, list-columns-unclear. A list without a row is list-unreadable.
    """
    wanted = wanted or Wanted(Understanding(village=village or ""), create_villages)
    return carry_out(session, commune, _read(session, commune, file, wanted), wanted, now)


def carry_out(session: Session, commune: str, read: ReadList, wanted: Wanted, now: datetime) -> ImportResult:
    """Import a list that was read. Raises `Problem` village-unknown or village-unclear."""
    plan = plan_import(session, commune, read, wanted, now)
    for new in plan.created:
        begin_village(session, commune, new, now)
    # Locked before it is compared again: a second import of the same list waits here, and then finds everything there.
    list_villages_to_write(session, commune, {one.home for one in plan.additions})
    if plan.additions and not plan.created:
        plan = plan_import(session, commune, read, wanted, now)
    added = _add(session, commune, plan.additions, now)
    updated = _update(session, commune, plan.updates)
    keep_namings(session, commune, plan.found)
    save_list_numbers(session, commune, plan.numbers)
    refresh_coverage(session, commune, {one.home for one in plan.additions}, now)
    return result_of(plan, Done(added, updated))


def look_at_list(session: Session, commune: str, file: Path, wanted: Wanted, now: datetime) -> ListPlan:
    """What `import_households` would do; nothing is written. Raises the same."""
    return plan_import(session, commune, _read(session, commune, file, wanted), wanted, now)


def _read(session: Session, commune: str, file: Path, wanted: Wanted) -> ReadList:
    """Read the file, once it is known that the commune and the village for rows without one are there."""
    the_commune(session, commune)
    if wanted.told.village and not wanted.create_villages:
        find_villages(session, commune, [wanted.told.village])
    read = read_of_commune(session, commune, file, wanted)
    if not read.rows:
        raise Problem(LIST_UNREADABLE, detail=_EMPTY)
    return read


def result_of(plan: ListPlan, done: Done | None = None) -> ImportResult:
    """The plan in numbers and notes, whether it was carried out or not."""
    asked = [_asked(one) for one in plan.questions]
    return ImportResult(
        rows=plan.read.rows,
        added=sum(one.line.rows for one in plan.additions),
        updated=sum(one.line.rows for one in plan.updates),
        unchanged=sum(one.line.rows for one in plan.unchanged),
        left_out=plan.left_out,
        villages_created=[full_name(one) for one in plan.created],
        notes=[*plan.read.notes, *asked, *plan.twice],
        kept=plan.kept,
        matched=plan.matched,
        done=done or Done({}, {}),
    )


def _asked(question: Question) -> Note:
    line = question.addition.line
    maybe = " hoặc ".join(f"“{one.head_name}{f', {one.address}' if one.address else ''}”" for one in question.maybe[:3])
    detail = f"Hộ “{line.head_name}, {line.address or 'không địa chỉ'}” giống hộ đã có {maybe}: chưa nhập, cần chọn."
    return Note(line.sheet, line.row, "", detail, rows=line.rows)


def _add(session: Session, commune: str, additions: list[Addition], now: datetime) -> dict[str, int]:
    streams = list_villages_to_write(session, commune, {one.home for one in additions})
    households: list[tuple[KeptHousehold, str, str, str | None]] = []
    history: list[HouseholdChange] = []
    states: list[StreamState] = []
    for one in additions:
        line, village = one.line, one.home
        streams[village].seq += 1
        people = [ListedPerson(id=new_id(now), **asdict(person)) for person in line.people] or None
        own = {"head_name": line.head_name, "address": line.address, "phone": line.phone, "number": line.number}
        record = Household.model_validate(own | {"listed_people": people})
        kept = KeptHousehold(new_id(now), village, household_body(record))
        households.append((kept, one.named, one.key, line.household_number))
        sent = own_fields(kept.body)
        history.append(HouseholdChange(kept.id, streams[village].seq, None, sent, sent))
        states.append(StreamState(village, "household", kept.id, streams[village].seq, as_text(kept.body)))
    add_listed(session, commune, households)
    add_history(session, commune, history)
    save_states(session, commune, streams, states)
    return {one.household: one.seq for one in history}


def _update(session: Session, commune: str, updates: list[Update]) -> dict[str, tuple[int, dict[str, Any]]]:
    changed = {one.household.id: {name: new for name, (_old, new) in one.changes.items()} for one in updates}
    villages = {one.household.id: one.household.village for one in updates}
    before = {one.household.id: {name: old for name, (old, _new) in one.changes.items()} for one in updates}
    written = write_fields(session, commune, villages, changed)
    return {household: (seq, before[household]) for household, seq in written.items()}


def write_fields(
    session: Session, commune: str, villages: dict[str, str], changed: dict[str, dict[str, Any]]
) -> dict[str, int]:
    """Write fields of households as a list says them, by household id; returns the sequence that each has now."""
    streams = list_villages_to_write(session, commune, set(villages.values()))
    rows: list[KeptHousehold] = []
    history: list[HouseholdChange] = []
    states: list[StreamState] = []
    for village in streams:
        ids = [one for one in changed if villages[one] == village]
        for identity, state in list_states(session, commune, village, "household", ids).items():
            streams[village].seq += 1
            sent = changed[identity]
            body = {name: value for name, value in (state.to_body() | sent).items() if value is not None}
            rows.append(KeptHousehold(identity, village, body))
            history.append(HouseholdChange(identity, streams[village].seq, None, sent, own_fields(body)))
            states.append(state._replace(seq=streams[village].seq, body=as_text(body)))
    save_households(session, commune, rows)
    add_history(session, commune, history)
    save_states(session, commune, streams, states)
    return {one.household: one.seq for one in history}
