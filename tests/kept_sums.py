"""What a village's row keeps must be what its stream holds, whatever happened: checked after every test of a server."""

from sqlalchemy import text

from survey.records import Household
from survey.times import vietnam_midnight
from survey.wire import check_of, row_digest
from sync_server.coverage import find_counting
from sync_server.store.communes import list_rounds
from sync_server.store.database import Database, Session
from sync_server.store.stream import StreamState, list_ends, list_kind
from sync_server.store.villages import list_villages, list_villages_to_write
from tests.fold import tally


def assert_kept_sums(database: Database) -> None:
    """Count and check of each village's stream are those of its rows; the sums over its households are the fold."""
    with database.read() as session:
        for commune in session.execute(text("SELECT code FROM commune")).scalars().all():
            villages = [village.id for village in list_villages(session, commune, ended=True)]
            if villages:
                _check_ends(session, commune, villages)
                _check_counts(session, commune, villages)


def _check_ends(session: Session, commune: str, villages: list[str]) -> None:
    query = text("SELECT village_id, kind, subject, seq FROM stream_row WHERE commune = :code AND body IS NOT NULL")
    digests: dict[str, list[int]] = {village: [] for village in villages}
    for row in session.execute(query, {"code": commune}):
        digests[row.village_id].append(row_digest(row.kind, row.subject, row.seq))
    for village, end in list_ends(session, commune, villages).items():
        assert (end.count, end.check) == (len(digests[village]), check_of(sum(digests[village])))


def _check_counts(session: Session, commune: str, villages: list[str]) -> None:
    counting, latest = find_counting(session, commune), list_rounds(session, commune)[0]
    year, began = latest.reference_year, vietnam_midnight(latest.starts_on)
    measures = counting.criteria_set.measures()
    homes: dict[str, list[StreamState]] = {village: [] for village in villages}
    for state in list_kind(session, commune, "household", villages):
        homes[state.village].append(state)
    for village, kept in list_villages_to_write(session, commune, villages).items():
        if kept.counted == counting.counter.basis:
            found = counting.counter.tally(kept.counts)
            folded = tally((Household.model_validate(one.to_body()) for one in homes[village]), measures, year, began)
            for name in ("registered", "visited", "surveyed", "refused", "moved", "vacant", "left_in_round", "absent"):
                assert getattr(found, name) == getattr(folded, name), name
            assert {one.key: found.count(one.key) for one in measures} == {
                one.key: folded.count(one.key) for one in measures
            }
