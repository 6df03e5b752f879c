"""Imports a commune's household list, all or nothing. Importing it again adds only what is missing."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from survey.households import household_body, list_key
from survey.problems import VILLAGE_UNKNOWN
from survey.records import Household
from survey.villages import Ambiguous, Exactly, Loosely, NotThere, full_name, left_open, which_village
from sync_server.commune.found_again import Line, find_again
from sync_server.commune.setup import begin_village, new_village, the_commune
from sync_server.commune.village_names import Match, find_villages, list_village_names, unclear
from sync_server.commune.workbook import ListedRow, Note, read_household_list
from sync_server.coverage import refresh_coverage
from sync_server.ids import new_id
from sync_server.problems import Problem
from sync_server.store.bulk import as_text
from sync_server.store.database import Session
from sync_server.store.households import HouseholdChange, KeptHousehold, add_history, add_listed
from sync_server.store.stream import StreamState, save_states
from sync_server.store.villages import list_sequences_to_write, save_sequences


@dataclass(frozen=True)
class ImportResult:
    """What an import did: how many households were added or already there, how many rows were left out, the villages
    created, notes by row, and which villages inexact names were taken for."""

    added: int
    already_there: int
    left_out: int
    villages_created: list[str]
    notes: list[Note]
    matched: list[Match]


@dataclass(frozen=True)
class _Home:
    """The village that a list names, and the present one where its new households live."""

    named: str
    present: str


def import_households(
    session: Session,
    commune: str,
    file: Path,
    now: datetime,
    *,
    village: str | None = None,
    create_villages: bool = False,
) -> ImportResult:
    """Add the list's households that are not there yet, in the caller's transaction.

    `village` is the village of rows that name none. Unknown villages are created if `create_villages` is set, else the
    whole list is refused. New households of a merged village go to the one that it was merged into.
    Raises `Problem`: commune-not-open, village-unknown, village-unclear, list-unreadable, list-columns-missing.
    """
    the_commune(session, commune)
    if village is not None and not create_villages:
        find_villages(session, commune, [village])
    listed = read_household_list(file, village)
    homes, created, matched = _homes(session, commune, listed.rows, now, create_villages=create_villages)
    lines = [_line(homes[row.village], row) for row in listed.rows]
    list_sequences_to_write(session, commune, {line.home for line in lines})  # locked: a second import waits here
    there = find_again(session, commune, lines)
    new: dict[str, list[tuple[ListedRow, Line]]] = {}
    for row, line, is_there in zip(listed.rows, lines, there, strict=True):
        if not is_there:
            new.setdefault(line.home, []).append((row, line))
    added = _add(session, commune, new, now)
    refresh_coverage(session, commune, new, now)
    left_out = sum(note.left_out for note in listed.notes)
    return ImportResult(added, len(listed.rows) - added, left_out, created, listed.notes, matched)


def _line(home: _Home, row: ListedRow) -> Line:
    return Line(home.named, home.present, list_key(row.head_name, row.address))


def _homes(
    session: Session, commune: str, rows: list[ListedRow], now: datetime, *, create_villages: bool
) -> tuple[dict[str, _Home], list[str], list[Match]]:
    """The village that each name of the list stands for, the names of the villages created, and the inexact names.

    The fullest names are read first, so that "Đông" and "dong" mean the village that "thôn Đông" of the same list
    creates.
    """
    names = list_village_names(session, commune)
    there, homes, made, matched, unknown = names.every, {}, {}, [], []
    for written in sorted(dict.fromkeys(row.village for row in rows), key=left_open):
        match which_village(written, there):
            case Exactly(village):
                pass
            case Loosely(village):
                matched.append(Match(written, names.described(village)))
            case Ambiguous(villages):
                raise unclear(names, written, villages)
            case NotThere():
                village = new_village(written, now)
                made[village.id] = village
                unknown.append(written)
                there = [*there, village]
        into = names.into.get(village.id)
        if into:
            matched.append(Match(written, full_name(into), "merged"))
        homes[written] = _Home(village.id, into.id if into else village.id)
    if unknown and not create_villages:
        detail = (
            f"Danh sách có thôn mà xã chưa có: {', '.join(f'“{name}”' for name in unknown)}. Các thôn của xã: "
            f"{names.known()}. Chưa nhập hộ nào. "
            "Anh/chị sửa tên trong tệp, hoặc thêm --create-villages để tạo các thôn này."
        )
        raise Problem(VILLAGE_UNKNOWN, detail=detail)
    in_order = dict.fromkeys(homes[row.village].named for row in rows)
    created = [made[village] for village in in_order if village in made]
    for village in created:
        begin_village(session, commune, village, now)
    return homes, [full_name(village) for village in created], matched


def _add(session: Session, commune: str, new: dict[str, list[tuple[ListedRow, Line]]], now: datetime) -> int:
    sequences = list_sequences_to_write(session, commune, new)
    households: list[tuple[KeptHousehold, str, str]] = []
    history: list[HouseholdChange] = []
    states: list[StreamState] = []
    for village, rows in new.items():
        for row, line in rows:
            sequences[village] += 1
            record = Household(head_name=row.head_name, address=row.address, phone=row.phone, number=row.number)
            kept = KeptHousehold(new_id(now), village, household_body(record))
            households.append((kept, line.named, line.key))
            history.append(HouseholdChange(kept.id, sequences[village], None, kept.body, kept.body))
            states.append(StreamState(village, "household", kept.id, sequences[village], as_text(kept.body)))
    save_sequences(session, commune, sequences)
    add_listed(session, commune, households)
    add_history(session, commune, history)
    save_states(session, commune, states)
    return len(households)
