"""A report of a commune as it stands now: its table, the criteria that it was judged by, what was attested."""

from datetime import datetime

from survey.records import Attestation, Commune
from survey.reports import AttestedItem, Report
from sync_server.coverage import read_coverage
from sync_server.reports.letterhead import proposed
from sync_server.store.attestations import list_attested
from sync_server.store.communes import find_criteria_set, list_rounds
from sync_server.store.database import Session
from sync_server.store.villages import list_villages


def compose_now(session: Session, commune: Commune, now: datetime) -> Report:
    """The commune's table as it stands now, unsigned."""
    villages = [one.id for one in list_villages(session, commune.code)]
    return Report(
        taken_at=now,
        coverage=read_coverage(session, commune, villages, now),
        criteria_set=find_criteria_set(session, commune.code),
        round=list_rounds(session, commune.code)[0],
        attested=attested_items(session, commune.code, villages),
        letterhead=proposed(commune),
    )


def attested_items(session: Session, commune: str, villages: list[str]) -> list[AttestedItem]:
    """What was attested in these villages, in their order, then by criterion."""
    found = list_attested(session, commune, villages)
    return [_item(village, one) for village in villages for _no, one in sorted(found.get(village, {}).items())]


def _item(village: str, said: Attestation) -> AttestedItem:
    return AttestedItem(village=village, **said.model_dump(include=set(AttestedItem.model_fields)))
