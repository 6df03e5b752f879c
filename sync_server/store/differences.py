"""What two people wrote differently, kept until the lead decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from sync_server.store.bulk import add_rows, as_text
from sync_server.store.rows import DifferenceRow, table_of

_DIFFERENCE = table_of(DifferenceRow)


@dataclass(frozen=True)
class Difference:
    """An open difference; its id is that of the later change, `body` what the stream shows."""

    id: str
    village: str
    household: str | None
    found_at: datetime
    body: dict[str, Any]


def add_differences(session: Session, commune: str, differences: Iterable[Difference]) -> None:
    rows = [
        {
            "commune": commune,
            "id": one.id,
            "village_id": one.village,
            "household_id": one.household,
            "state": "open",
            "found_at": one.found_at,
            "body": as_text(one.body),
        }
        for one in differences
    ]
    add_rows(session, _DIFFERENCE, rows)
