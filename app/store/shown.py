"""What this device shows of households: the server's state with this device's waiting changes on top.

The rules are those of the server (`survey.households`): a person sees before the sync what will show after it.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError
from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from app.store.rows import OutboxRow
from app.store.sync_state import find_sign_in
from survey.households import noting_departure, seen_answers, take_visit
from survey.records import ResponseBody

Body = dict[str, Any]
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError)
"""What reading a body raises whose fields are not of the shape that this version knows."""


# Made once: to build a statement takes longer than to run it.
_ABOUT = func.coalesce(OutboxRow.household_id, OutboxRow.subject)
_WAITING = (
    select(_ABOUT, OutboxRow)
    .where(
        OutboxRow.state == "waiting",
        col(OutboxRow.kind).in_(["household", "response"]),
        _ABOUT.in_(bindparam("households", expanding=True)),
    )
    .order_by(col(OutboxRow.device_seq))
)


def list_shown_bodies(session: Session, known: Mapping[str, Body]) -> dict[str, Body]:
    """The bodies to show for those `known` households (as the server has them) that have waiting changes: all edits and
    visits of this device are applied in order. `village` in a body is where the household was moved to here.

    What the server has of a household may be of a shape that this version cannot read: then it is left out.
    """
    waiting = _list_waiting(session, known)
    signed_in = find_sign_in(session) if waiting else None
    by = signed_in.member_name if signed_in else ""
    shown = {}
    for household, changes in waiting.items():
        with suppress(*UNREADABLE):
            shown[household] = _after(known[household], changes, by)
    return shown


def _after(body: Body, changes: Iterable[OutboxRow], by: str) -> Body:
    shown: dict[str, Body] = {}
    for change in changes:
        sent: Body = json.loads(change.body)
        if change.kind == "household":
            body = noting_departure(body, body | sent, change.captured_at)
            continue
        try:
            visit = ResponseBody.model_validate(sent).model_dump(mode="json", exclude_unset=True)
        except ValidationError:  # what nobody can read as a visit will come back, and changes nothing
            continue
        base = seen_answers(visit.get("based_on"), body.get("current"), shown)
        body = take_visit(body, base, visit | {"id": change.subject}, by=by, at=visit["ended_at"]).body
        shown[change.subject] = body["current"]
    return body


def _list_waiting(session: Session, households: Iterable[str]) -> dict[str, list[OutboxRow]]:
    found: dict[str, list[OutboxRow]] = {}
    for household, change in session.exec(_WAITING, params={"households": list(households)}).all():
        found.setdefault(household, []).append(change)
    return found
