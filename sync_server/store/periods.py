"""The periods that a commune reports on, each with its plan and what was written for its report so far."""

import json
from typing import Any

from sqlalchemy import select

from survey.periods import Plan, ReportingPeriod
from sync_server.store.bulk import as_body, as_text
from sync_server.store.report_rows import ReportingPeriodRow
from sync_server.store.rows import table_of
from sync_server.store.statements import Session

_PERIOD = table_of(ReportingPeriodRow)
Draft = dict[str, Any]


def add_period(session: Session, commune: str, period: ReportingPeriod, draft: Draft) -> None:
    row = _columns(period) | {"id": period.id, "draft": as_text(draft)}
    session.execute(_PERIOD.insert().values(commune=commune, **row))


def save_period(session: Session, commune: str, period: ReportingPeriod) -> None:
    """Store a period's changed dates, title and plan."""
    session.execute(_PERIOD.update().where(*_this(commune, period.id)).values(**_columns(period)))


def save_draft(session: Session, commune: str, period: str, draft: Draft) -> None:
    """Store what was written for the period's report so far."""
    session.execute(_PERIOD.update().where(*_this(commune, period)).values(draft=as_text(draft)))


def delete_period(session: Session, commune: str, period: str) -> None:
    """Delete a period that has no signed report."""
    session.execute(_PERIOD.delete().where(*_this(commune, period)))


def list_periods(session: Session, commune: str) -> list[ReportingPeriod]:
    """The commune's periods, the latest first."""
    order = (_PERIOD.c.ends_on.desc(), _PERIOD.c.starts_on.desc(), _PERIOD.c.id.desc())
    rows = session.execute(select(_PERIOD).where(_PERIOD.c.commune == commune).order_by(*order))
    return [_read(row) for row in rows]


def find_period(session: Session, commune: str, period: str) -> tuple[ReportingPeriod, Draft] | None:
    """The period with what was written for its report."""
    row = session.execute(select(_PERIOD).where(*_this(commune, period))).first()
    return (_read(row), as_body(row.draft)) if row else None


def _this(commune: str, period: str) -> tuple[Any, Any]:
    return _PERIOD.c.commune == commune, _PERIOD.c.id == period


def _columns(period: ReportingPeriod) -> dict[str, Any]:
    return {
        "kind": period.kind.value,
        "title": period.title,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "plan": period.plan.model_dump_json(),
    }


def _read(row: Any) -> ReportingPeriod:
    return ReportingPeriod(
        id=row.id,
        kind=row.kind,
        title=row.title,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        plan=Plan.model_validate(json.loads(row.plan)),
    )
