"""Lists that somebody brought: those that wait in their preview, and what was imported, to be undone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from sync_server.store.bulk import as_body, as_text
from sync_server.store.people_rows import ListImportRow
from sync_server.store.rows import HouseholdHistoryRow, HouseholdRow, NamedAgainRow, table_of
from sync_server.store.statements import Session

_IMPORT = table_of(ListImportRow)
_OF_LISTED = [
    (table_of(HouseholdRow), table_of(HouseholdRow).c.id),
    (table_of(HouseholdHistoryRow), table_of(HouseholdHistoryRow).c.household_id),
    (table_of(NamedAgainRow), table_of(NamedAgainRow).c.household_id),
]


@dataclass(frozen=True)
class ListImport:
    """A list that was brought: when and by whom (a name), and its state: "waiting", "done" or "undone". `told` is what
    was chosen in its preview, `done` what the import did."""

    id: str
    state: str
    at: datetime
    by: str
    file_name: str
    told: dict[str, Any]
    done: dict[str, Any]


def add_list_import(session: Session, commune: str, brought: ListImport, content: bytes | None) -> None:
    """Keep a list that was brought; its file only while it waits."""
    row = {name: getattr(brought, name) for name in ("id", "state", "at", "by", "file_name")}
    texts = {"told": as_text(brought.told), "done": as_text(brought.done)}
    session.execute(_IMPORT.insert().values(commune=commune, content=content, **row, **texts))


def find_list_import(session: Session, commune: str, identity: str) -> ListImport | None:
    row = session.execute(_select(commune).where(_IMPORT.c.id == identity)).first()
    return _read(row) if row else None


def find_content(session: Session, commune: str, identity: str) -> bytes | None:
    """The file of a list that waits, or the rows that its import left out; None once they are forgotten."""
    query = select(_IMPORT.c.content).where(_IMPORT.c.commune == commune, _IMPORT.c.id == identity)
    content: bytes | None = session.execute(query).scalar_one_or_none()
    return content


def list_list_imports(session: Session, commune: str, most: int) -> list[ListImport]:
    """The latest, the newest first."""
    rows = session.execute(_select(commune).order_by(_IMPORT.c.at.desc(), _IMPORT.c.id.desc()).limit(most))
    return [_read(row) for row in rows]


def save_list_import(session: Session, commune: str, changed: ListImport, content: bytes | None = None) -> None:
    """Store the new state of a list. One that waits no more loses its file; `content` is kept in place of it."""
    values: dict[str, Any] = {
        "state": changed.state,
        "at": changed.at,
        "told": as_text(changed.told),
        "done": as_text(changed.done),
    }
    if changed.state != "waiting":
        values["content"] = content
    own = (_IMPORT.c.commune == commune) & (_IMPORT.c.id == changed.id)
    session.execute(_IMPORT.update().where(own).values(**values))


def delete_waiting(session: Session, commune: str, identity: str) -> None:
    """Forget a list that waits, with its file."""
    own = (_IMPORT.c.commune == commune) & (_IMPORT.c.id == identity)
    session.execute(delete(_IMPORT).where(own, _IMPORT.c.state == "waiting"))


def delete_contents(session: Session, commune: str, before: datetime) -> None:
    """Forget what was kept of files until then, and the lists that still waited."""
    old = (_IMPORT.c.commune == commune) & (_IMPORT.c.at < before)
    session.execute(delete(_IMPORT).where(old, _IMPORT.c.state == "waiting"))
    session.execute(_IMPORT.update().where(old, _IMPORT.c.content.is_not(None)).values(content=None))


def delete_listed(session: Session, commune: str, households: list[str]) -> None:
    """Delete households that a list made and nobody has touched since: their rows, history and names in lists."""
    for table, column in _OF_LISTED:
        for start in range(0, len(households), 500):
            some = households[start : start + 500]
            session.execute(delete(table).where(table.c.commune == commune, column.in_(some)))


def _select(commune: str) -> Any:
    columns = [_IMPORT.c[name] for name in ("id", "state", "at", "by", "file_name", "told", "done")]
    return select(*columns).where(_IMPORT.c.commune == commune)


def _read(row: Any) -> ListImport:
    return ListImport(row.id, row.state, row.at, row.by, row.file_name, as_body(row.told), as_body(row.done))
