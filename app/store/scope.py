"""Which villages this device holds, and what happens to their rows when that changes. Unsent work is never touched."""

from sqlmodel import Session, col, delete, or_, select, union

from app.store.households import save_households_again
from app.store.outbox import list_tied_households
from app.store.rows import DeviceTable, HouseholdRow, ResponseRow, StreamRowRow, VillageRow
from app.store.sync_state import ENDED, MOVED_TO, list_cursors, save_cursor, save_setting

# Made once: to build a statement takes longer than to run it.
_HELD = union(select(HouseholdRow.village_id), select(StreamRowRow.village_id))


def save_scope(session: Session, in_scope: list[str]) -> None:
    """Set the villages in scope: a new one starts with cursor 0, one no longer in scope is deleted with all its rows.

    A household with unsent or unfinished work stays, with its stream row and visits, until that work is done, or until
    it is in one of these villages: there it is shown as the server has it there.
    """
    there = list_cursors(session)
    for village in in_scope:
        if village not in there:
            save_cursor(session, village, 0)
    if there.keys() - set(in_scope):
        session.exec(delete(VillageRow).where(col(VillageRow.id).not_in(in_scope)))
    # Also what stayed for its unsent work when the village was lost: by now that work may be in.
    lost = set(session.connection().execute(_HELD).scalars()) - set(in_scope)
    if not lost:
        return
    kept = list_tied_households(session)
    is_household = col(StreamRowRow.kind) == "household"
    here = is_household & col(StreamRowRow.village_id).in_(in_scope) & col(StreamRowRow.subject).in_(kept)
    back = set(session.exec(select(StreamRowRow.subject).where(here)).all())
    session.exec(
        delete(StreamRowRow).where(
            col(StreamRowRow.village_id).in_(lost), or_(~is_household, col(StreamRowRow.subject).not_in(kept - back))
        )
    )
    save_households_again(session, back)
    # A village that a restored server never heard of: its households are back on the stream they came from.
    gone = (col(HouseholdRow.village_id).in_(lost), col(HouseholdRow.id).not_in(kept))
    save_households_again(session, session.exec(select(HouseholdRow.id).where(*gone)).all())
    session.exec(delete(ResponseRow).where(col(ResponseRow.household_id).in_(select(HouseholdRow.id).where(*gone))))
    session.exec(delete(HouseholdRow).where(*gone))


def delete_everything(session: Session, why: str, moved_to: str = "") -> None:
    """Wipe the device: delete every row of every table, and keep only the reason `why`, and the name of the place to
    which its person moved it, for the enrolment screen."""
    for table in reversed(DeviceTable.metadata.sorted_tables):
        session.connection().execute(table.delete())
    save_setting(session, ENDED, why)
    if moved_to:
        save_setting(session, MOVED_TO, moved_to)
