"""What leaves the server as a file leaves a line in the audit log before its first byte."""

from datetime import datetime

from survey.acts import Act
from survey.reports import Report
from sync_server.access.caller import Caller
from sync_server.audit import note
from sync_server.reports.cells import title_of
from sync_server.reports.compose import compose_now
from sync_server.store.database import Database, Session


def take_out_table(database: Database, caller: Caller, now: datetime, format_name: str) -> Report:
    """The commune's table as it stands now, once it is written down that somebody takes it out in this format."""
    with database.read() as session:
        report = compose_now(session, caller.commune, now)
    with database.write() as session:
        note_file(session, caller, now, report, format_name)
    return report


def note_file(session: Session, caller: Caller, now: datetime, report: Report, format_name: str) -> None:
    """Write down that somebody takes a report out as a file."""
    note(session, caller, now, Act.EXPORTED, subject_kind="report", format=format_name, title=title_of(report))
