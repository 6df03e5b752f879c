"""Importing a commune's household list: all or nothing, as often as one likes, never to the harm of what is there."""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from survey.households import household_body
from survey.problems import VILLAGE_UNKNOWN
from survey.records import Household, Village
from survey.vietnamese import clean
from sync_server.aggregate import refresh_coverage
from sync_server.problems import Problem
from sync_server.setup import add_village, find_villages, new_id, the_commune, village_key
from sync_server.store.bulk import as_text
from sync_server.store.database import Session
from sync_server.store.households import HouseholdChange, KeptHousehold, add_history, add_listed, list_listed
from sync_server.store.stream import StreamState, save_states
from sync_server.store.villages import list_sequences_to_write, list_villages, save_sequences
from sync_server.workbook import ListedRow, Note, read_household_list


@dataclass(frozen=True)
class ImportResult:
    """What an import did: new households, those that were there, rows left out, villages made, and notes by row."""

    added: int
    already_there: int
    left_out: int
    villages_created: list[str]
    notes: list[Note]


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

    `village` is for rows that name none. Villages that the commune does not have are created when asked for, else the
    whole list is refused. Raises `Problem`: commune-not-open, village-unknown, list-unreadable, list-columns-missing.
    """
    the_commune(session, commune)
    if village is not None and not create_villages:
        find_villages(session, commune, [village])
    listed = read_household_list(file, village)
    villages, created = _villages(session, commune, listed.rows, now, create_villages=create_villages)
    new: dict[str, list[tuple[ListedRow, str]]] = {}
    there = _already_there(session, commune, villages)
    for row in listed.rows:
        home = villages[village_key(row.village)].id
        line = list_key(row.head_name, row.address)
        if there[home, line] > 0:
            there[home, line] -= 1
        else:
            new.setdefault(home, []).append((row, line))
    added = _add(session, commune, new, now)
    refresh_coverage(session, commune, new, now)
    left_out = sum(note.left_out for note in listed.notes)
    return ImportResult(added, len(listed.rows) - added, left_out, created, listed.notes)


def _villages(
    session: Session, commune: str, rows: list[ListedRow], now: datetime, *, create_villages: bool
) -> tuple[dict[str, Village], list[str]]:
    """The villages of the list by their key, and the names of those that were created."""
    there = {village_key(one.name): one for one in list_villages(session, commune)}
    unknown = {village_key(row.village): row.village for row in reversed(rows) if village_key(row.village) not in there}
    if unknown and not create_villages:
        names = ", ".join(f"“{name}”" for name in reversed(unknown.values()))
        known = ", ".join(one.name for one in there.values()) or "chưa có thôn nào"
        detail = (
            f"Danh sách có thôn mà xã chưa có: {names}. Các thôn của xã: {known}. Chưa nhập hộ nào. "
            "Anh/chị sửa tên trong tệp, hoặc thêm --create-villages để tạo các thôn này."
        )
        raise Problem(VILLAGE_UNKNOWN, detail=detail)
    created = [add_village(session, commune, name, now) for name in reversed(unknown.values())]
    return there | {village_key(one.name): one for one in created}, [one.name for one in created]


def _mark(letter: str) -> str:
    return letter if unicodedata.combining(letter) else ""


def list_key(head_name: str, address: str) -> str:
    """What makes two lines of lists the same household: name and address, wherever a tone mark was put (hoà, hòa)."""

    def same(text: str) -> str:
        words = unicodedata.normalize("NFD", clean(text).casefold()).split()
        # A stable sort: the letters in their order, then the marks wherever they stood.
        return " ".join("".join(sorted(word, key=_mark)) for word in words)

    return f"{same(head_name)}|{same(address)}"


def _already_there(session: Session, commune: str, villages: dict[str, Village]) -> Counter[tuple[str, str]]:
    """How many households of each village and key there are. One that came from a list counts as the list named it,
    whatever was corrected since; two families of the same name and address count twice."""
    households = list_listed(session, commune, [one.id for one in villages.values()])
    return Counter((one.village, one.listed_as or list_key(one.head_name, one.address)) for one in households)


def _add(session: Session, commune: str, new: dict[str, list[tuple[ListedRow, str]]], now: datetime) -> int:
    sequences = list_sequences_to_write(session, commune, new)
    households: list[tuple[KeptHousehold, str]] = []
    history: list[HouseholdChange] = []
    states: list[StreamState] = []
    for village, rows in new.items():
        for row, line in rows:
            sequences[village] += 1
            record = Household(head_name=row.head_name, address=row.address, phone=row.phone, number=row.number)
            kept = KeptHousehold(new_id(now), village, household_body(record))
            households.append((kept, line))
            history.append(HouseholdChange(kept.id, sequences[village], None, kept.body, kept.body))
            states.append(StreamState(village, "household", kept.id, sequences[village], as_text(kept.body)))
    save_sequences(session, commune, sequences)
    add_listed(session, commune, households)
    add_history(session, commune, history)
    save_states(session, commune, states)
    return len(households)
