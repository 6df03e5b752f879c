"""Salvaging a damaged file: what people wrote, as far as it can still be read, is copied into a new file.

The villages' rows are not copied: the server sends them again. The caller keeps a copy of the damaged file first.
"""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlmodel import col, update

from app.store.database import Database
from app.store.migrations import save_owner_of_drafts
from app.store.rows import DeviceTable, VillageRow
from app.store.sync_state import SALVAGED, save_setting

_WRITTEN_HERE = ("setting", "village", "outbox", "response", "draft")


def salvage(path: Path) -> Database:
    """Replace a damaged file by a new one that holds what could still be read; returns the new file, opened."""
    damaged = path.with_name(path.name + ".damaged")
    path.replace(damaged)
    database = Database(path)
    with database.write() as session:
        for name in _WRITTEN_HERE:
            table = DeviceTable.metadata.tables[name]
            rows = _readable_rows(damaged, name, [column.name for column in table.columns])
            key = [column.name for column in table.primary_key.columns]
            unique = {tuple(row.get(name) for name in key): row for row in rows}
            if unique:
                session.connection().execute(table.insert(), list(unique.values()))
        save_owner_of_drafts(session.connection())
        session.exec(update(VillageRow).values(cursor=0).where(col(VillageRow.id).is_not(None)))
        save_setting(session, SALVAGED, "yes")
    damaged.unlink()
    return database


def _readable_rows(damaged: Path, table: str, columns: list[str]) -> list[dict[str, Any]]:
    """Read a table from both ends, as a broken page stops a scan. Rows that both scans reach come twice."""
    rows: list[dict[str, Any]] = []
    with suppress(sqlite3.Error), closing(sqlite3.connect(damaged)) as connection:
        there = {info[1] for info in connection.execute(f"PRAGMA table_info({table})")}
        names = [name for name in columns if name in there]
        for order in ("ASC", "DESC"):
            with suppress(sqlite3.Error):
                # Names come from our own metadata, never from outside.
                query = f"SELECT {', '.join(names)} FROM {table} ORDER BY rowid {order}"  # noqa: S608
                for values in connection.execute(query):
                    rows.append(dict(zip(names, values, strict=True)))  # noqa: PERF401  what came before an error stays
    return rows
