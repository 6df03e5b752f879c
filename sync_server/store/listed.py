"""How lists named households: the first line for each, and later lines that named it in another way."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select

from sync_server.store.bulk import add_rows
from sync_server.store.card_rows import HouseholdAliasRow
from sync_server.store.rows import HouseholdRow, NamedAgainRow, table_of
from sync_server.store.statements import Session

_HOUSEHOLD, _NAMED_AGAIN = table_of(HouseholdRow), table_of(NamedAgainRow)
_ALIAS = table_of(HouseholdAliasRow)
_LISTED = (
    _HOUSEHOLD.update()
    .where(_HOUSEHOLD.c.commune == bindparam("of_commune"), _HOUSEHOLD.c.id == bindparam("of"))
    .values(listed_in=bindparam("named"), listed_as=bindparam("line"))
)
_COMPARED = (
    *("id", "village_id", "head_name", "address", "listed_as", "listed_in", "list_number"),
    *("phone", "number", "status"),
)
_NUMBERED = (
    _HOUSEHOLD.update()
    .where(_HOUSEHOLD.c.commune == bindparam("of_commune"), _HOUSEHOLD.c.id == bindparam("of"))
    .values(list_number=bindparam("given"))
)


@dataclass(frozen=True)
class ListedHousehold:
    """A household as an import compares it. `listed_as` and `listed_in` are the first line and village of a list that
    named it, None if none did; `list_number` is the number that lists give it. `is_joined`: it turned out to be another
    household, and what a list says of it stands nowhere."""

    id: str
    village: str
    head_name: str
    address: str
    listed_as: str | None
    listed_in: str | None
    list_number: str | None
    phone: str | None
    number: int | None
    status: str
    is_joined: bool = False


@dataclass(frozen=True)
class Naming:
    """A later line of a list that named a household: the village it said, and the line."""

    household: str
    village: str
    line: str


def list_listed(
    session: Session, commune: str, villages: Iterable[str] | None = None, *, with_joined: bool = False
) -> list[ListedHousehold]:
    """The households of the villages, or of the whole commune, as an import compares them. Quarantined ones are left
    out: a list may bring them anew. So are joined ones, unless they are asked for."""
    columns = (*(_HOUSEHOLD.c[name] for name in _COMPARED), _HOUSEHOLD.c.quarantined_at.is_not(None))
    query = select(*columns).where(_HOUSEHOLD.c.commune == commune)
    here = _HOUSEHOLD.c.quarantined_at.is_(None)
    joined = select(_ALIAS.c.id).where(_ALIAS.c.commune == commune)
    query = query.where(or_(here, _HOUSEHOLD.c.id.in_(joined)) if with_joined else here)
    if villages is not None:
        query = query.where(_HOUSEHOLD.c.village_id.in_(list(villages)))
    return [ListedHousehold(*row) for row in session.execute(query.order_by(_HOUSEHOLD.c.id))]


def mark_listed(session: Session, commune: str, lines: dict[str, tuple[str, str]]) -> None:
    """Store how a list now names households that were made on phones: by household id, the list's village and line."""
    if lines:
        values = [
            {"of_commune": commune, "of": one, "named": said, "line": line} for one, (said, line) in lines.items()
        ]
        session.execute(_LISTED, values)


def save_list_numbers(session: Session, commune: str, numbers: dict[str, str]) -> None:
    """Store the numbers that a list gives households, by household id."""
    if numbers:
        values = [{"of_commune": commune, "of": one, "given": number} for one, number in numbers.items()]
        session.execute(_NUMBERED, values)


def list_namings(session: Session, commune: str) -> list[Naming]:
    """Every later line that named a household of the commune."""
    columns = (_NAMED_AGAIN.c.household_id, _NAMED_AGAIN.c.village_id, _NAMED_AGAIN.c.line)
    query = select(*columns).where(_NAMED_AGAIN.c.commune == commune).order_by(*columns)
    return [Naming(*row) for row in session.execute(query)]


def add_namings(session: Session, commune: str, namings: Iterable[Naming]) -> None:
    """Store later lines that named households. One that is stored already is an error."""
    rows = [
        {"commune": commune, "household_id": one.household, "village_id": one.village, "line": one.line}
        for one in namings
    ]
    add_rows(session, _NAMED_AGAIN, rows)
