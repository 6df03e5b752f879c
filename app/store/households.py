"""Households for lists and search: the server's state from the stream, with this device's unsent visits on top."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, TextClause, func, or_
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col, delete, select

from app.store.household_search import HouseholdSearch
from app.store.outbox import list_tied_households
from app.store.rows import DraftRow, HouseholdRow, OutboxRow, StreamRowRow
from app.store.shown import list_shown_bodies
from app.store.stream import find_stream_body, list_homes
from app.store.sync_state import find_sign_in
from survey.alleys import alley_key
from survey.records import LEFT_STATUSES, REGISTERED_STATUSES, Household, HouseholdStatus, Outcome
from survey.searching import search_text
from survey.vietnamese import collation_key, name_sort_key
from survey.wire import StreamItem

Body = dict[str, Any]
_COLUMNS = [column.name for column in HouseholdRow.__table__.columns if column.name != "id"]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class ListedHousehold:
    """One line of the household list. `waiting` counts this device's changes without a verdict, `to_fix` its held or
    invalid ones; `has_draft` is whether the person who is signed in has one."""

    id: str
    village_id: str
    head_name: str
    address: str
    number: int | None
    status: HouseholdStatus
    outcome: Outcome | None
    visited_at: datetime | None
    visited_by: str | None
    waiting: int
    to_fix: int
    has_draft: bool
    ask_again: bool = False

    @property
    def has_left(self) -> bool:
        """Whether it moved away or the house stands empty. It is not counted until a visit meets somebody."""
        return self.status in LEFT_STATUSES

    @property
    def is_visited(self) -> bool:
        """Whether it was surveyed or refused, and no lead asked for another visit: nobody has to come back."""
        return self.outcome in {Outcome.COMPLETED, Outcome.REFUSED} and not self.ask_again


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
    """Write the list rows of these households, given each one's village and server state."""
    if not known:
        return
    session.flush()
    bodies = {one: body for one, (_, body) in known.items()}
    bodies |= list_shown_bodies(session, bodies)
    statement = insert(HouseholdRow)
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_={name: statement.excluded[name] for name in _COLUMNS}
        ),
        [_values(one, known[one][0], body) for one, body in bodies.items()],
    )


def _save_without_left_over(session: Session, village: str) -> None:
    """Delete households of this village that the server does not have, unless work of this device refers to them.

    One that the server has in another village is shown there: it moved, or a move made here was not accepted.
    """
    known = select(StreamRowRow.subject).where(StreamRowRow.kind == "household", StreamRowRow.village_id == village)
    here = (col(HouseholdRow.village_id) == village) & col(HouseholdRow.id).not_in(known)
    gone = set(session.exec(select(HouseholdRow.id).where(here)).all())
    if not gone:
        return
    elsewhere = list_homes(session, "household", gone)
    save_households_again(session, elsewhere)
    left = gone - elsewhere.keys() - list_tied_households(session)
    session.exec(delete(HouseholdRow).where(col(HouseholdRow.id).in_(left)))


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
        "address_key": collation_key(address),
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


def find_listed(session: Session, identity: str) -> ListedHousehold | None:
    rows = _select_listed(session, [HouseholdRow.id == identity], limit=1, offset=0)
    return rows[0] if rows else None


def list_households(
    session: Session,
    villages: list[str],
    search: str = "",
    shown: str = "all",
    limit: int = 50,
    offset: int = 0,
    first: Iterable[str] = (),
) -> list[ListedHousehold]:
    """A page of households by village, address and given name, those of `first` before all others. `shown` is all,
    open, visited, gone, waiting or to_fix.

    A search puts those that fit it best before others (`survey.searching`). Only where it finds nobody are letters
    looked for inside of words. Households that have left are listed under gone, waiting and to_fix, and under all only
    by a search: they stay within reach but do not fill the list of doors to visit.
    """
    search_for = HouseholdSearch.of(search)
    conditions = _conditions(villages, search_for, shown)
    if search_for.is_empty:
        return _select_listed(session, conditions, limit, offset, first)
    found = [*conditions, search_for.is_found]
    rows = _select_listed(session, found, limit, offset, first, search_for.rank)
    if rows or (offset and _count(session, found)):
        return rows
    return _select_listed(session, [*conditions, search_for.is_inside], limit, offset, first)


def count_households(session: Session, villages: list[str], search: str = "", shown: str = "all") -> int:
    """How many households all pages of `list_households` have together."""
    search_for = HouseholdSearch.of(search)
    conditions = _conditions(villages, search_for, shown)
    if search_for.is_empty:
        return _count(session, conditions)
    found = _count(session, [*conditions, search_for.is_found])
    return found or _count(session, [*conditions, search_for.is_inside])


def _count(session: Session, conditions: list[Any]) -> int:
    return session.exec(select(func.count()).select_from(HouseholdRow).where(*conditions)).one()


def _changes(*states: str) -> Any:
    return select(func.count()).where(OutboxRow.household_id == HouseholdRow.id, col(OutboxRow.state).in_(states))


def _conditions(villages: list[str], search: HouseholdSearch, shown: str) -> list[Any]:
    conditions: list[Any] = [col(HouseholdRow.village_id).in_(villages)]
    if shown == "gone":
        conditions.append(col(HouseholdRow.status).in_(LEFT_STATUSES))
    elif shown in {"open", "visited"} or (shown == "all" and search.is_empty):
        conditions.append(col(HouseholdRow.status).in_(REGISTERED_STATUSES))
    visited: ColumnElement[bool] = col(HouseholdRow.outcome).in_([Outcome.COMPLETED, Outcome.REFUSED])
    match shown:
        case "open":
            conditions.append(or_(col(HouseholdRow.outcome).is_(None), ~visited, col(HouseholdRow.ask_again)))
        case "visited":
            conditions.append(visited & ~col(HouseholdRow.ask_again))
        case "waiting":
            conditions.append(_changes("waiting").scalar_subquery() > 0)
        case "to_fix":
            conditions.append(_changes("invalid", "held").scalar_subquery() > 0)
    return conditions


def _select_listed(
    session: Session,
    conditions: list[Any],
    limit: int,
    offset: int,
    first: Iterable[str] = (),
    rank: TextClause | None = None,
) -> list[ListedHousehold]:
    """The page is chosen before anything else is looked up for its households."""
    order: list[Any] = [
        *([] if rank is None else [rank]),
        col(HouseholdRow.id).in_(list(first)).desc(),
        HouseholdRow.village_id,
        HouseholdRow.address_key,
        HouseholdRow.name_key,
        HouseholdRow.id,
    ]
    ids = session.exec(select(HouseholdRow.id).where(*conditions).order_by(*order).limit(limit).offset(offset)).all()
    if not ids:
        return []
    places = {identity: place for place, identity in enumerate(ids)}
    signed_in = find_sign_in(session)
    own_draft = (col(DraftRow.household_id) == HouseholdRow.id) & (
        col(DraftRow.member_id) == (signed_in.member_id if signed_in else "")
    )
    query = (
        select(  # type: ignore[call-overload]
            HouseholdRow.id,
            HouseholdRow.village_id,
            HouseholdRow.head_name,
            HouseholdRow.address,
            HouseholdRow.number,
            HouseholdRow.status,
            HouseholdRow.outcome,
            HouseholdRow.visited_at,
            HouseholdRow.visited_by,
            _changes("waiting").scalar_subquery(),
            _changes("invalid", "held").scalar_subquery(),
            DraftRow.household_id,
            HouseholdRow.ask_again,
        )
        .join(DraftRow, own_draft, isouter=True)
        .where(col(HouseholdRow.id).in_(ids))
    )
    rows = sorted(session.exec(query).all(), key=lambda row: places[row[0]])
    return [
        ListedHousehold(
            id=identity,
            village_id=village,
            head_name=name,
            address=address,
            number=number,
            status=HouseholdStatus(status),
            outcome=Outcome(outcome) if outcome else None,
            visited_at=datetime.fromisoformat(visited_at) if visited_at else None,
            visited_by=visited_by,
            waiting=waiting,
            to_fix=to_fix,
            has_draft=draft is not None,
            ask_again=ask_again,
        )
        for (
            identity, village, name, address, number, status, outcome, visited_at, visited_by, waiting, to_fix, draft,
            ask_again,
        ) in rows
    ]  # fmt: skip
