"""Households erased at their family's request. What stays is the proof, without a word of theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, or_, select

from sync_server.store.bulk import save_rows
from sync_server.store.card_rows import CardRow, HouseholdAliasRow, HouseholdJoinRow
from sync_server.store.review_rows import BackCheckRow
from sync_server.store.rows import (
    ChangeRow,
    DifferenceRow,
    ErasureRow,
    HouseholdHistoryRow,
    HouseholdRow,
    NamedAgainRow,
    ResponseRow,
    SetAsideRow,
    table_of,
)
from sync_server.store.statements import Session, Statement, is_one_of

_ERASURE, _HOUSEHOLD, _ALIAS = table_of(ErasureRow), table_of(HouseholdRow), table_of(HouseholdAliasRow)
_CHANGE, _ASIDE, _CARD = table_of(ChangeRow), table_of(SetAsideRow), table_of(CardRow)
_JOIN = table_of(HouseholdJoinRow)
_OF_HOUSEHOLDS = [
    table_of(row) for row in (BackCheckRow, ResponseRow, HouseholdHistoryRow, NamedAgainRow, DifferenceRow)
]
_ERASED = Statement(
    select(_ERASURE.c.household_id).where(
        _ERASURE.c.commune == bindparam("commune"), is_one_of(_ERASURE.c.household_id, "ids")
    )
)


@dataclass(frozen=True)
class Erased:
    """The proof: which household, when it was asked for and done, who wrote it down, and on what basis."""

    household: str
    village: str
    requested_at: datetime
    erased_at: datetime
    member: str
    by: str
    basis: str
    change: str

    def to_row(self, commune: str) -> dict[str, Any]:
        return {
            "commune": commune,
            "household_id": self.household,
            "village_id": self.village,
            "requested_at": self.requested_at,
            "erased_at": self.erased_at,
            "member_id": self.member,
            "done_by": self.by,
            "basis": self.basis,
            "change_id": self.change,
        }


def list_erased(session: Session, commune: str, households: Iterable[str]) -> set[str]:
    """Which of these ids are of households that were erased, or of ones that turned out to be such a household."""
    return {row.household_id for row in _ERASED.rows(session, commune=commune, ids=households)}


def delete_households(session: Session, commune: str, erased: list[Erased]) -> None:
    """Delete all that is known of the households, with what was ever sent about them, and keep the proofs.

    Of a change stay its id, its time, its verdict and the digest by which it is known when it comes again.
    """
    for one in erased:
        also = select(_ALIAS.c.id).where(_ALIAS.c.commune == commune, _ALIAS.c.household_id == one.household)
        ids = [one.household, *session.execute(also).scalars()]
        save_rows(session, _ERASURE, [one.to_row(commune) | {"household_id": identity} for identity in ids])
        joined = or_(_JOIN.c.kept_id.in_(ids), _JOIN.c.other_id.in_(ids))
        session.execute(_JOIN.delete().where(_JOIN.c.commune == commune, joined))
        for table in _OF_HOUSEHOLDS:
            _delete(session, table, commune, ids)
        names_it = or_(
            _CHANGE.c.subject_household.in_(ids),
            _CHANGE.c.subject.in_(ids),
            *(_CHANGE.c.body.contains(identity, autoescape=True) for identity in ids),
        )
        sent = (_CHANGE.c.commune == commune) & (_CHANGE.c.kind != "erasure") & names_it
        session.execute(_CHANGE.update().where(sent).values(body=None))
        for identity in ids:
            aside = (_ASIDE.c.commune == commune) & _ASIDE.c.content.contains(identity, autoescape=True)
            session.execute(_ASIDE.delete().where(aside))
        freed = (_CARD.c.commune == commune) & _CARD.c.household_id.in_(ids)
        session.execute(_CARD.update().where(freed).values(household_id=None))
        session.execute(_ALIAS.delete().where(_ALIAS.c.commune == commune, _ALIAS.c.household_id == one.household))
        session.execute(_HOUSEHOLD.delete().where(_HOUSEHOLD.c.commune == commune, _HOUSEHOLD.c.id.in_(ids)))


def _delete(session: Session, table: Table, commune: str, households: list[str]) -> None:
    session.execute(table.delete().where(table.c.commune == commune, table.c.household_id.in_(households)))
