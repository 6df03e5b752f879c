"""The plans of provinces."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from sync_server.store.bulk import save_rows
from sync_server.store.people_rows import ProvincePlanRow
from sync_server.store.rows import table_of
from sync_server.store.statements import Session

_PLAN = table_of(ProvincePlanRow)


@dataclass(frozen=True)
class Plan:
    """How many communes are to have a village that passes by the end of the year, and how many had one, where somebody
    has said so instead of this server. `communes` is how many there were then, None for as many as today."""

    year: int
    planned: int
    reached: int | None = None
    communes: int | None = None


def save_plan(session: Session, province: str, plan: Plan) -> None:
    """Keep the plan of its year, in place of the one that was there."""
    row: dict[str, Any] = {"commune": province, "year": plan.year, "planned": plan.planned, "reached": plan.reached}
    row["communes"] = plan.communes
    save_rows(session, _PLAN, [row])


def list_plans(session: Session, province: str) -> list[Plan]:
    """The province's plans, the earliest year first."""
    query = select(_PLAN.c.year, _PLAN.c.planned, _PLAN.c.reached, _PLAN.c.communes).where(_PLAN.c.commune == province)
    return [
        Plan(row.year, row.planned, row.reached, row.communes) for row in session.execute(query.order_by(_PLAN.c.year))
    ]
