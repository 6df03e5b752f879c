"""The household list of this device: its parts, its order, and the search."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, TextClause, false, func, or_
from sqlmodel import Session, col, select

from app.store.household_search import HouseholdSearch
from app.store.rows import DraftRow, HouseholdRow, OutboxRow
from app.store.sync_state import find_sign_in
from survey.records import LEFT_STATUSES, REGISTERED_STATUSES, HouseholdStatus, Outcome


@dataclass(frozen=True)
class ListedHousehold:
    """One line of the household list; `alley` is a key that all spellings of one alley share. `waiting` counts this
    device's changes without a verdict, `to_fix` its held or invalid ones; `has_draft` is whether the person who is
    signed in has one; `is_stale` is whether its answers are too old to hold."""

    id: str
    village_id: str
    head_name: str
    address: str
    alley: str
    number: int | None
    status: HouseholdStatus
    outcome: Outcome | None
    visited_at: datetime | None
    visited_by: str | None
    waiting: int
    to_fix: int
    has_draft: bool
    ask_again: bool = False
    is_stale: bool = False

    @property
    def has_left(self) -> bool:
        """Whether it moved away or the house stands empty. It is not counted until a visit meets somebody."""
        return self.status in LEFT_STATUSES

    @property
    def is_visited(self) -> bool:
        """Whether it was surveyed not too long ago or refused, and no lead asked for another visit: nobody has to come
        back."""
        return self.outcome in {Outcome.COMPLETED, Outcome.REFUSED} and not self.ask_again and not self.is_stale


def find_listed(session: Session, identity: str, fresh_since: datetime | None = None) -> ListedHousehold | None:
    rows = _select_listed(session, [HouseholdRow.id == identity], 1, 0, fresh_since)
    return rows[0] if rows else None


def list_these(session: Session, identities: list[str]) -> list[ListedHousehold]:
    """These households, in the order of the list."""
    return _select_listed(session, [col(HouseholdRow.id).in_(identities)], len(identities), 0, None)


def list_households(
    session: Session,
    villages: list[str],
    search: str = "",
    shown: str = "all",
    limit: int = 50,
    offset: int = 0,
    first: Iterable[str] = (),
    fresh_since: datetime | None = None,
) -> list[ListedHousehold]:
    """A page of households by village, alley, address and given name. What was surveyed before `fresh_since` is open
    again (`app.store.rounds.find_fresh_since`). `shown` is open, waiting, to_fix, refused,
    absent, visited, mine (given to the person who is signed in), gone or all.

    A search puts those that fit it best before others (`survey.searching`). Only where it finds nobody are letters
    looked for inside of words. Without one, forms that are begun and what was sent back come before everything else,
    then those of `first`. Households that have left are listed under gone, waiting and to_fix, and under all only by a
    search: they stay within reach but do not fill the list of doors to visit.
    """
    search_for = HouseholdSearch.of(search)
    conditions = list_conditions(session, villages, shown, fresh_since, is_search=not search_for.is_empty)
    if search_for.is_empty:
        return _select_listed(session, conditions, limit, offset, fresh_since, first)
    found = [*conditions, search_for.is_found]
    rows = _select_listed(session, found, limit, offset, fresh_since, first, search_for.rank)
    if rows or (offset and _count(session, found)):
        return rows
    return _select_listed(session, [*conditions, search_for.is_inside], limit, offset, fresh_since, first)


def count_households(
    session: Session,
    villages: list[str],
    search: str = "",
    shown: str = "all",
    fresh_since: datetime | None = None,
) -> int:
    """How many households all pages of `list_households` have together."""
    search_for = HouseholdSearch.of(search)
    conditions = list_conditions(session, villages, shown, fresh_since, is_search=not search_for.is_empty)
    if search_for.is_empty:
        return _count(session, conditions)
    found = _count(session, [*conditions, search_for.is_found])
    return found or _count(session, [*conditions, search_for.is_inside])


def _count(session: Session, conditions: list[Any]) -> int:
    return session.exec(select(func.count()).select_from(HouseholdRow).where(*conditions)).one()


def _changes(*states: str) -> Any:
    return select(func.count()).where(OutboxRow.household_id == HouseholdRow.id, col(OutboxRow.state).in_(states))


def _unfinished(session: Session) -> ColumnElement[bool]:
    """The household has a form that this person has begun, or something that was sent back or is to be asked again."""
    begun = select(DraftRow.household_id).where(DraftRow.member_id == _who(session))
    return or_(_has_changes("invalid", "held"), col(HouseholdRow.id).in_(begun), col(HouseholdRow.ask_again))


def _has_changes(*states: str) -> ColumnElement[bool]:
    return col(HouseholdRow.id).in_(select(OutboxRow.household_id).where(col(OutboxRow.state).in_(states)))


def _who(session: Session) -> str:
    """The person who is signed in; looked up once for each reading, which asks for every part of the list."""
    if "who" not in session.info:
        signed_in = find_sign_in(session)
        session.info["who"] = signed_in.member_id if signed_in else ""
    return str(session.info["who"])


def _is_stale(fresh_since: datetime | None) -> ColumnElement[bool]:
    """It was surveyed, but too long ago."""
    if fresh_since is None:
        return false()
    visited_before = func.julianday(HouseholdRow.visited_at) < func.julianday(fresh_since.isoformat())
    return (col(HouseholdRow.outcome) == Outcome.COMPLETED) & visited_before


def list_conditions(
    session: Session, villages: list[str], shown: str, fresh_since: datetime | None, *, is_search: bool = False
) -> list[Any]:
    """What a household must be to be listed in this part, as `list_households` says."""
    conditions: list[Any] = [col(HouseholdRow.village_id).in_(villages)]
    if shown == "gone":
        conditions.append(col(HouseholdRow.status).in_(LEFT_STATUSES))
    elif shown in {"open", "visited", "refused", "absent", "mine"} or (shown == "all" and not is_search):
        conditions.append(col(HouseholdRow.status).in_(REGISTERED_STATUSES))
    visited: ColumnElement[bool] = col(HouseholdRow.outcome).in_([Outcome.COMPLETED, Outcome.REFUSED])
    match shown:
        case "open":
            is_open = or_(
                col(HouseholdRow.outcome).is_(None), ~visited, col(HouseholdRow.ask_again), _is_stale(fresh_since)
            )
            conditions.append(is_open | _unfinished(session))
        case "refused" | "absent":
            conditions.append((col(HouseholdRow.outcome) == shown) & ~col(HouseholdRow.ask_again))
        case "mine":
            conditions.append(col(HouseholdRow.assigned_to) == _who(session))
        case "visited":
            conditions.append(visited & ~col(HouseholdRow.ask_again) & ~_is_stale(fresh_since))
        case "waiting":
            conditions.append(_has_changes("waiting"))
        case "to_fix":
            conditions.append(_has_changes("invalid", "held") | col(HouseholdRow.ask_again))
    return conditions


def list_marks(session: Session, fresh_since: datetime | None) -> dict[str, ColumnElement[bool]]:
    """What is asked of a household for its line in the list, by name."""
    begun = select(DraftRow.household_id).where(DraftRow.member_id == _who(session))
    return {
        "waiting": _has_changes("waiting"),
        "to_fix": _has_changes("invalid", "held"),
        "begun": col(HouseholdRow.id).in_(begun),
        "stale": _is_stale(fresh_since),
        "unfinished": _unfinished(session),
    }


def list_order(session: Session, first: Iterable[str], rank: TextClause | None = None) -> list[Any]:
    """By what the list is ordered, as `list_households` says."""
    return [
        *([_unfinished(session).desc()] if rank is None else [rank]),
        col(HouseholdRow.id).in_(list(first)).desc(),
        HouseholdRow.village_id,
        HouseholdRow.address_key,
        HouseholdRow.name_key,
        HouseholdRow.id,
    ]


def _select_listed(
    session: Session,
    conditions: list[Any],
    limit: int,
    offset: int,
    fresh_since: datetime | None,
    first: Iterable[str] = (),
    rank: TextClause | None = None,
) -> list[ListedHousehold]:
    """The page is chosen before anything else is looked up for its households."""
    order = list_order(session, first, rank)
    ids = session.exec(select(HouseholdRow.id).where(*conditions).order_by(*order).limit(limit).offset(offset)).all()
    if not ids:
        return []
    places = {identity: place for place, identity in enumerate(ids)}
    own_draft = (col(DraftRow.household_id) == HouseholdRow.id) & (col(DraftRow.member_id) == _who(session))
    query = (
        select(  # type: ignore[call-overload]
            HouseholdRow.id,
            HouseholdRow.village_id,
            HouseholdRow.head_name,
            HouseholdRow.address,
            HouseholdRow.alley,
            HouseholdRow.number,
            HouseholdRow.status,
            HouseholdRow.outcome,
            HouseholdRow.visited_at,
            HouseholdRow.visited_by,
            _changes("waiting").scalar_subquery(),
            _changes("invalid", "held").scalar_subquery(),
            DraftRow.household_id,
            HouseholdRow.ask_again,
            _is_stale(fresh_since),
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
            alley=alley,
            number=number,
            status=HouseholdStatus(status),
            outcome=Outcome(outcome) if outcome else None,
            visited_at=datetime.fromisoformat(visited_at) if visited_at else None,
            visited_by=visited_by,
            waiting=waiting,
            to_fix=to_fix,
            has_draft=draft is not None,
            ask_again=ask_again,
            is_stale=bool(is_stale),
        )
        for (
            identity, village, name, address, alley, number, status, outcome, visited_at, visited_by, waiting, to_fix,
            draft, ask_again, is_stale,
        ) in rows
    ]  # fmt: skip
