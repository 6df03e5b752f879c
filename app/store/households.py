"""Households as this device shows them: the server's state from the stream, with unsent visits on top."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col, delete, select

from app.store.outbox import list_tied_households
from app.store.rows import HouseholdRow, StreamRowRow
from app.store.shown import UNREADABLE, list_shown_bodies
from app.store.stream import find_stream_body, list_homes
from survey.alleys import alley_key, alley_order
from survey.bounds import LARGEST_NUMBER
from survey.records import Household, HouseholdStatus
from survey.searching import search_text
from survey.vietnamese import name_sort_key
from survey.wire import StreamItem

Body = dict[str, Any]
_COLUMNS = [column.name for column in HouseholdRow.__table__.columns if column.name != "id"]  # type: ignore[attr-defined]
_TEXTS = [name for name in _COLUMNS if name not in {"number", "ask_again"}]
# Made once: to build a statement takes longer than to run it.
_NEW = insert(HouseholdRow)
_SAVE = _NEW.on_conflict_do_update(index_elements=["id"], set_={name: _NEW.excluded[name] for name in _COLUMNS})
_LEFT_OVER = select(HouseholdRow.id).where(
    col(HouseholdRow.village_id) == bindparam("village"),
    col(HouseholdRow.id).not_in(
        select(StreamRowRow.subject).where(
            StreamRowRow.kind == "household", StreamRowRow.village_id == bindparam("village")
        )
    ),
)


def save_households(session: Session, village: str, rows: list[StreamItem]) -> None:
    """Update the list from a page of the village's stream. A household that the village no longer has is deleted,
    unless unfinished work on this device refers to it.

    A household that moved is on two villages' streams: removed on one, present on the other, in any order. This
    device's waiting edits and visits stay applied on top.
    """
    _save_shown(session, {row.subject: (village, row.body) for row in rows if row.body is not None})
    _save_without_left_over(session, village)


def save_own_household(session: Session, identity: str, village: str) -> None:
    """Show a household with the changes queued here. `village` is used only for a household that is new."""
    homes = list_homes(session, "household", [identity])
    if not homes and (row := session.get(HouseholdRow, identity)) is not None:
        homes = {identity: (row.village_id, _own_body(row))}
    _save_shown(session, homes or {identity: (village, {})})


def save_households_again(session: Session, households: Iterable[str]) -> None:
    """Show households as the server has them with the changes that still wait here on top."""
    _save_shown(session, list_homes(session, "household", households))


def _save_shown(session: Session, known: Mapping[str, tuple[str, Body]]) -> None:
    """Write the list rows of these households, given each one's village and server state. One that this version cannot
    read stays in the list as it was: a single odd row must not keep all the others from coming in."""
    if not known:
        return
    session.flush()
    bodies = {one: body for one, (_, body) in known.items()}
    bodies |= list_shown_bodies(session, bodies)
    rows = [row for one, body in bodies.items() if (row := _readable(one, known[one][0], body))]
    if not rows:
        return
    session.connection().execute(_SAVE, rows)


def _save_without_left_over(session: Session, village: str) -> None:
    """Delete households of this village that the server does not have, unless work of this device refers to them.

    One that the server has in another village is shown there: it moved, or a move made here was not accepted.
    """
    session.flush()
    gone = set(session.connection().execute(_LEFT_OVER, {"village": village}).scalars())
    if not gone:
        return
    elsewhere = list_homes(session, "household", gone)
    save_households_again(session, elsewhere)
    left = gone - elsewhere.keys() - list_tied_households(session)
    session.exec(delete(HouseholdRow).where(col(HouseholdRow.id).in_(left)))


def _readable(identity: str, village: str, body: Body) -> dict[str, Any] | None:
    """The list row, None if a field is not of the type that this version knows."""
    try:
        row = _values(identity, village, body)
    except UNREADABLE:
        return None
    number = row["number"]
    is_number = number is None or (isinstance(number, int) and abs(number) <= LARGEST_NUMBER)
    return row if is_number and all(isinstance(row[name], str | None) for name in _TEXTS) else None


def _values(identity: str, village: str, body: Body) -> dict[str, Any]:
    name, address = body.get("head_name") or "", body.get("address") or ""
    phone = body.get("phone")
    return {
        "id": identity,
        "village_id": body.get("village") or village,
        "head_name": name,
        "address": address,
        "alley": alley_key(address),
        "assigned_to": body.get("assigned_to"),
        "phone": phone,
        "number": body.get("number"),
        "status": body.get("status") or HouseholdStatus.ACTIVE,
        "outcome": (body.get("current") or {}).get("outcome"),
        "visited_at": body.get("visited_at"),
        "visited_by": body.get("visited_by"),
        "ask_again": bool(body.get("ask_again")),
        "search": search_text(name, address, phone, body.get("card")),
        "address_key": alley_order(address),
        "name_key": name_sort_key(name),
    }


def _own_body(row: HouseholdRow) -> Body:
    """What the list knows of a household that the server does not have."""
    names = ("head_name", "address", "phone", "number", "assigned_to")
    return {name: getattr(row, name) for name in names} | {"head_name": row.head_name or "?"}


def find_household(session: Session, identity: str) -> tuple[int, str, Household] | None:
    """A household with this device's waiting changes applied: its sequence, its village and the record.

    The sequence is that of the server's state, 0 if the server does not have the household yet.
    """
    row = session.get(HouseholdRow, identity)
    if row is None:
        return None
    seq, known = find_stream_body(session, "household", identity) or (0, _own_body(row))
    body = list_shown_bodies(session, {identity: known}).get(identity, known)
    return seq, row.village_id, Household.model_validate({key: body[key] for key in body if key != "village"})
