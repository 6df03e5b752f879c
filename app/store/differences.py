"""Differences for the lead to answer, and households that a lead wants visited again."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.store.rows import HouseholdRow, OutboxRow
from app.store.stream import find_stream_body, list_subjects
from survey.records import AskAgain, Household

Body = dict[str, Any]
_ANSWERED = ("waiting", "confirmed")


@dataclass(frozen=True)
class DifferingField:
    """One field: what shows now, and what the other side wrote.

    `key` is a question of the catalogue, a field of the household (`address`, `village` …) or of a person
    (`birth_year` …), `outcome`, a criterion's number, or `resident` for whether the person lives there (True or None).
    """

    key: str
    shown: Any
    other: Any
    resident: str | None = None
    relation: str | None = None
    birth_year: int | None = None
    sex: str | None = None


@dataclass(frozen=True)
class OpenDifference:
    """A difference that is not answered yet. `about` is `response`, `household` or `attestation`."""

    id: str
    village: str
    about: str
    household: str | None
    head_name: str
    fields: tuple[DifferingField, ...]
    shown_by: str | None
    shown_at: datetime | None
    other_by: str | None
    other_at: datetime | None
    found_at: datetime


@dataclass(frozen=True)
class AskedAgain:
    """A household to visit again; `ask` says for which questions and who asked for it."""

    household: str
    village: str
    head_name: str
    ask: AskAgain


def list_open_differences(session: Session, villages: Iterable[str]) -> list[OpenDifference]:
    """The open differences of the villages, the oldest first, without those already answered on this device."""
    answered = _answered_here(session)
    rows = [row for row in list_subjects(session, "difference", villages) if row[3].get("state") == "open"]
    return sorted(
        (_read(session, village, identity, body) for village, identity, _seq, body in rows if identity not in answered),
        key=lambda one: (one.found_at, one.id),
    )


def find_difference(session: Session, identity: str) -> tuple[int, str, Body] | None:
    """A difference as the server last sent it: its sequence, the household it is about ("" for none), the body."""
    found = find_stream_body(session, "difference", identity)
    return (found[0], found[1].get("household") or "", found[1]) if found else None


def list_asked_again(session: Session, villages: Iterable[str]) -> list[AskedAgain]:
    """The households of the villages that a lead wants visited again and that were not visited since."""
    query = select(HouseholdRow.id, HouseholdRow.village_id, HouseholdRow.head_name).where(
        col(HouseholdRow.village_id).in_(list(villages)), col(HouseholdRow.ask_again)
    )
    found = []
    for identity, village, head_name in session.exec(query.order_by(HouseholdRow.name_key)).all():
        body = find_stream_body(session, "household", identity)
        ask = Household.model_validate(body[1]).ask_again if body else None
        if ask:
            found.append(AskedAgain(identity, village, head_name, ask))
    return found


def _answered_here(session: Session) -> set[str]:
    query = select(OutboxRow.body).where(OutboxRow.kind == "resolution", col(OutboxRow.state).in_(_ANSWERED))
    return {json.loads(body)["difference"] for body in session.exec(query).all()}


def _read(session: Session, village: str, identity: str, body: Body) -> OpenDifference:
    shown, other = ("theirs", "mine") if body.get("shows") == "theirs" else ("mine", "theirs")
    household = body.get("household")
    row = session.get(HouseholdRow, household) if household else None
    return OpenDifference(
        id=identity,
        village=village,
        about=body.get("about") or "",
        household=household,
        head_name=row.head_name if row else "",
        fields=tuple(_field(one, shown, other) for one in body.get("fields") or []),
        shown_by=body.get(f"{shown}_by"),
        shown_at=_time(body.get(f"{shown}_at")),
        other_by=body.get(f"{other}_by"),
        other_at=_time(body.get(f"{other}_at")),
        found_at=datetime.fromisoformat(body["found_at"]),
    )


def _field(field: Body, shown: str, other: str) -> DifferingField:
    resident: Body = field.get("resident") or {}
    return DifferingField(
        key=field.get("key") or field["path"][-1],
        shown=field.get(shown),
        other=field.get(other),
        resident=resident.get("id"),
        relation=resident.get("relation"),
        birth_year=resident.get("birth_year"),
        sex=resident.get("sex"),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
