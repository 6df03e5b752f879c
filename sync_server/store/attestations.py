"""The present attestations of villages, one per criterion. Earlier ones are kept as changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from survey.records import Attestation
from sync_server.store.bulk import as_body, as_text, save_rows
from sync_server.store.rows import AttestationRow, table_of
from sync_server.store.statements import Session, Statement, is_one_of

_ATTESTATION = table_of(AttestationRow)
_OF_VILLAGES = Statement(
    select(_ATTESTATION).where(
        _ATTESTATION.c.commune == bindparam("commune"), is_one_of(_ATTESTATION.c.village_id, "villages")
    )
)


@dataclass(frozen=True)
class KeptAttestation:
    """The present attestation of one criterion: its id and sequence in the stream, and the device it came from."""

    village: str
    criterion: str
    id: str
    seq: int
    device: str
    body: dict[str, Any]


def save_attestations(session: Session, commune: str, attestations: Iterable[KeptAttestation]) -> None:
    rows = [
        {
            "commune": commune,
            "village_id": one.village,
            "criterion": one.criterion,
            "id": one.id,
            "seq": one.seq,
            "device_id": one.device,
            "body": as_text(one.body),
        }
        for one in attestations
    ]
    save_rows(session, _ATTESTATION, rows)


def delete_attestations(session: Session, commune: str, gone: Iterable[KeptAttestation]) -> None:
    """Forget attestations of items that the commune does not ask for any more. They stay as changes."""
    for one in gone:
        own = (_ATTESTATION.c.commune == commune) & (_ATTESTATION.c.village_id == one.village)
        session.execute(_ATTESTATION.delete().where(own, _ATTESTATION.c.criterion == one.criterion))


def list_attestations(session: Session, commune: str, villages: Iterable[str]) -> list[KeptAttestation]:
    """The present attestations of the villages."""
    return [
        KeptAttestation(row.village_id, row.criterion, row.id, row.seq, row.device_id, as_body(row.body))
        for row in _OF_VILLAGES.rows(session, commune=commune, villages=villages)
    ]


def list_attested(session: Session, commune: str, villages: Iterable[str]) -> dict[str, dict[str, Attestation]]:
    """The present attestations by village and criterion, as an assessment reads them."""
    found: dict[str, dict[str, Attestation]] = {}
    for one in list_attestations(session, commune, villages):
        found.setdefault(one.village, {})[one.criterion] = Attestation.model_validate(one.body)
    return found
