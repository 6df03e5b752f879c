"""The registers of the commune as a keeper of personal data: requests, consents, erasures, incidents, what is old."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from survey.devices import Incident
from survey.requests import RequestKind
from survey.times import vietnam_day
from sync_server.store.bulk import as_body
from sync_server.store.card_rows import HouseholdAliasRow
from sync_server.store.people_rows import IncidentRow
from sync_server.store.register_rows import DataRequestRow
from sync_server.store.rows import ErasureRow, HouseholdRow, ResponseRow, table_of
from sync_server.store.statements import Session

_REQUEST, _ERASURE, _INCIDENT = table_of(DataRequestRow), table_of(ErasureRow), table_of(IncidentRow)
_HOUSEHOLD, _RESPONSE = table_of(HouseholdRow), table_of(ResponseRow)
_ALIAS = table_of(HouseholdAliasRow)


@dataclass(frozen=True)
class DataRequest:
    """A family's request about its data, with the days on which it came, was answered and was done."""

    id: str
    kind: RequestKind
    received_on: date
    household_id: str | None
    village_id: str | None
    note: str
    is_extended: bool
    answered_on: date | None
    done_on: date | None
    outcome: str
    written_by: str


@dataclass(frozen=True)
class Consents:
    """Visits of one month under one wording: how many families agreed, by how they were asked, how many declined."""

    month: str
    wording: str
    spoken: int
    written: int
    declined: int


@dataclass(frozen=True)
class Erasure:
    """A household that was erased: when, by whom, on what basis. Nothing else of it is left."""

    village: str
    requested_at: datetime
    erased_at: datetime
    done_by: str
    basis: str


def add_request(session: Session, commune: str, request: DataRequest) -> None:
    session.execute(_REQUEST.insert().values(commune=commune, **_columns(request)))


def save_request(session: Session, commune: str, request: DataRequest) -> None:
    """Store a request's new state."""
    own = (_REQUEST.c.commune == commune) & (_REQUEST.c.id == request.id)
    session.execute(_REQUEST.update().where(own).values(**_columns(request)))


def find_request(session: Session, commune: str, identity: str) -> DataRequest | None:
    query = select(_REQUEST).where(_REQUEST.c.commune == commune, _REQUEST.c.id == identity)
    row = session.execute(query).first()
    return _read(row) if row else None


def list_requests(session: Session, commune: str) -> list[DataRequest]:
    """Every request: those that are not done first, the oldest of them on top; then the others, the latest on top."""
    found = [_read(row) for row in session.execute(select(_REQUEST).where(_REQUEST.c.commune == commune))]
    waiting = sorted((one for one in found if one.done_on is None), key=lambda one: (one.received_on, one.id))
    done = sorted((one for one in found if one.done_on), key=lambda one: (one.received_on, one.id), reverse=True)
    return waiting + done


def list_consents(session: Session, commune: str) -> list[Consents]:
    """What families said when they were asked, by month and wording, the latest first. A visit without a consent on it
    (nobody at home) is not among them."""
    counts: Counter[tuple[str, str, str]] = Counter()
    query = select(_RESPONSE.c.outcome, _RESPONSE.c.body).where(
        _RESPONSE.c.commune == commune, _RESPONSE.c.outcome.in_(("completed", "refused"))
    )
    for row in session.execute(query):
        body = as_body(row.body)
        consent: dict[str, Any] = body.get("consent") or {}
        month = f"{vietnam_day(datetime.fromisoformat(body['ended_at'])):%Y-%m}"
        how = str(consent.get("method") or "spoken") if consent.get("given") else "declined"
        counts[month, str(consent.get("wording") or ""), how] += 1
    kinds = sorted({(month, wording) for month, wording, _how in counts}, reverse=True)
    return [
        Consents(month, wording, *(counts[month, wording, how] for how in ("spoken", "written", "declined")))
        for month, wording in kinds
    ]


def list_erasures(session: Session, commune: str) -> list[Erasure]:
    """The households that were erased, the latest first."""
    query = select(_ERASURE).where(_ERASURE.c.commune == commune).order_by(_ERASURE.c.erased_at.desc())
    return [
        Erasure(row.village_id, row.requested_at, row.erased_at, row.done_by, row.basis)
        for row in session.execute(query)
    ]


def list_incidents(session: Session, commune: str) -> list[Incident]:
    """The records of lost devices, the latest first."""
    query = select(_INCIDENT.c.body).where(_INCIDENT.c.commune == commune).order_by(_INCIDENT.c.reported_at.desc())
    return [Incident.model_validate(as_body(row.body)) for row in session.execute(query)]


def count_kept_since_before(session: Session, commune: str, before: datetime) -> dict[str, int]:
    """How many households of each village still hold what a visit before this moment brought. One that turned out to
    be another household is not one by itself."""
    joined = select(_ALIAS.c.id).where(_ALIAS.c.commune == commune)
    query = (
        select(_HOUSEHOLD.c.village_id, func.count())
        .where(_HOUSEHOLD.c.commune == commune, _HOUSEHOLD.c.visited_at < before)
        .where(_HOUSEHOLD.c.id.not_in(joined))
        .group_by(_HOUSEHOLD.c.village_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _columns(request: DataRequest) -> dict[str, Any]:
    return asdict(request) | {"kind": request.kind.value}


def _read(row: Any) -> DataRequest:
    return DataRequest(
        row.id,
        RequestKind(row.kind),
        row.received_on,
        row.household_id,
        row.village_id,
        row.note,
        row.is_extended,
        row.answered_on,
        row.done_on,
        row.outcome,
        row.written_by,
    )
