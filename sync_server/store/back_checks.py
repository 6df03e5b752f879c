"""The draws of a commune's rounds, and the visits whose families are asked again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from survey.back_checks import Again, Asks, Why
from sync_server.store.bulk import add_rows
from sync_server.store.checked_visits import OF_ROUND, SHOWING
from sync_server.store.review_rows import BackCheckRow, DrawRow
from sync_server.store.rows import ChangeRow, HouseholdRow, ResponseRow, table_of
from sync_server.store.statements import Session, Statement

_DRAW, _CHECK = table_of(DrawRow), table_of(BackCheckRow)
_RESPONSE, _HOUSEHOLD, _CHANGE = table_of(ResponseRow), table_of(HouseholdRow), table_of(ChangeRow)
_EVERY = (
    select(_CHECK, _HOUSEHOLD.c.village_id, _HOUSEHOLD.c.quarantined_at)
    .join(_HOUSEHOLD, (_HOUSEHOLD.c.commune == _CHECK.c.commune) & (_HOUSEHOLD.c.id == _CHECK.c.household_id))
    .order_by(_CHECK.c.drawn_at, _CHECK.c.id)
)
_SHOWING = Statement(
    select(
        _RESPONSE.c.id,
        _RESPONSE.c.member_id,
        _RESPONSE.c.outcome,
        _RESPONSE.c.received_at,
        _CHANGE.c.captured_at,
        _HOUSEHOLD.c.id.label("household_id"),
        _HOUSEHOLD.c.village_id,
    )
    .select_from(SHOWING)
    .where(OF_ROUND)
    .order_by(_RESPONSE.c.id)
)


@dataclass(frozen=True)
class Draw:
    """The draw of a round. Nobody is shown the secret before it is closed."""

    round: str
    secret: bytes
    started_at: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None


@dataclass(frozen=True)
class MadeVisit:
    """A visit that shows now, as far as the draw needs to know it: `captured_at` by the phone's clock; `village` is
    where its household is."""

    id: str
    member: str
    outcome: str
    received_at: datetime
    captured_at: datetime
    household: str
    village: str


@dataclass(frozen=True)
class BackCheck:
    """A visit whose family is asked again. `given_to` is the lead of another village who asks, None for the commune;
    `again` what the family said; `left_out_why` why it does not count after all. `village` is where the household is;
    `is_listed` is False if it is on no village's list now."""

    id: str
    round: str
    household: str
    member: str
    why: Why
    drawn_at: datetime
    asks: Asks
    village: str = ""
    is_listed: bool = True
    given_to: str | None = None
    again: Again | None = None
    done_by: str | None = None
    done_at: datetime | None = None
    left_out_by: str | None = None
    left_out_why: str | None = None


def find_draw(session: Session, commune: str, survey_round: str) -> Draw | None:
    """The round's draw; None before it was started."""
    row = session.execute(select(_DRAW).where(_DRAW.c.commune == commune, _DRAW.c.id == survey_round)).first()
    return Draw(row.id, bytes.fromhex(row.secret), row.started_at, row.closed_at, row.closed_by) if row else None


def add_draw(session: Session, commune: str, draw: Draw) -> None:
    values = {"commune": commune, "id": draw.round, "secret": draw.secret.hex(), "started_at": draw.started_at}
    session.execute(_DRAW.insert().values(**values))


def mark_draw_closed(session: Session, commune: str, survey_round: str, by: str, now: datetime) -> None:
    own = (_DRAW.c.commune == commune) & (_DRAW.c.id == survey_round)
    session.execute(_DRAW.update().where(own).values(closed_at=now, closed_by=by))


def list_made(session: Session, commune: str, survey_round: str) -> list[MadeVisit]:
    """The round's visits that show."""
    return [MadeVisit(*row) for row in _SHOWING.rows(session, commune=commune, round=survey_round)]


def list_back_checks(session: Session, commune: str, survey_round: str) -> list[BackCheck]:
    """Every visit of the round that is checked again, as it was drawn."""
    here = _EVERY.where(_CHECK.c.commune == commune, _CHECK.c.round_id == survey_round)
    return [_read(row) for row in session.execute(here)]


def list_back_checks_of(session: Session, commune: str, household: str) -> list[BackCheck]:
    """Those of this household, of any round, as they were drawn."""
    here = _EVERY.where(_CHECK.c.commune == commune, _CHECK.c.household_id == household)
    return [_read(row) for row in session.execute(here)]


def find_back_check(session: Session, commune: str, visit: str) -> BackCheck | None:
    row = session.execute(_EVERY.where(_CHECK.c.commune == commune, _CHECK.c.id == visit)).first()
    return _read(row) if row else None


def add_back_checks(session: Session, commune: str, drawn: Iterable[BackCheck]) -> None:
    """Keep what was drawn; none of it may be there yet."""
    names = {"round": "round_id", "household": "household_id", "member": "member_id"}
    rows = [
        {"commune": commune, "id": one.id, "why": one.why.value, "drawn_at": one.drawn_at}
        | {"asks": one.asks.model_dump_json(exclude_defaults=True)}
        | {column: getattr(one, name) for name, column in names.items()}
        for one in drawn
    ]
    add_rows(session, _CHECK, rows)


def mark_drawn(session: Session, commune: str, visits: Iterable[str]) -> None:
    """These were checked because of a doubt, and were drawn since."""
    own = (_CHECK.c.commune == commune) & _CHECK.c.id.in_(list(visits))
    session.execute(_CHECK.update().where(own).values(why=Why.DRAWN.value))


def save_given(session: Session, commune: str, visits: Iterable[str], member: str | None) -> None:
    """This person asks these families; None for the commune's officials."""
    own = (_CHECK.c.commune == commune) & _CHECK.c.id.in_(list(visits)) & _CHECK.c.done_at.is_(None)
    session.execute(_CHECK.update().where(own).values(given_to=member))


def save_again(session: Session, commune: str, visit: str, again: Again, by: str, now: datetime) -> bool:
    """Keep what the family said; False if somebody else's entry is there already, which stays."""
    own = (_CHECK.c.commune == commune) & (_CHECK.c.id == visit) & _CHECK.c.done_at.is_(None)
    values = {"again": again.model_dump_json(), "done_by": by, "done_at": now}
    return session.execute(_CHECK.update().where(own).values(**values)).rowcount == 1


def save_left_out(session: Session, commune: str, visit: str, why: str | None, by: str) -> None:
    """It does not count, for this reason; None takes that back."""
    own = (_CHECK.c.commune == commune) & (_CHECK.c.id == visit)
    values = {"left_out_why": why, "left_out_by": by if why else None}
    session.execute(_CHECK.update().where(own).values(**values))


def _read(row: Any) -> BackCheck:
    return BackCheck(
        row.id,
        row.round_id,
        row.household_id,
        row.member_id,
        Why(row.why),
        row.drawn_at,
        Asks.model_validate_json(row.asks),
        row.village_id,
        row.quarantined_at is None,
        row.given_to,
        Again.model_validate_json(row.again) if row.again else None,
        row.done_by,
        row.done_at,
        row.left_out_by,
        row.left_out_why,
    )
