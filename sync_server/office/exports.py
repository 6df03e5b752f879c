"""The table of “Tổng hợp” as a file, for whoever sees all of the commune."""

from fastapi import APIRouter
from starlette.responses import Response

from sync_server.http.deps import DatabaseDep, NowDep
from sync_server.http.report_files import file_answer, the_format
from sync_server.office.visitor import CommuneVisitor
from sync_server.reports.taking_out import take_out_table

router = APIRouter(prefix="/overview")


@router.get("/table.{ending}")
def table_file(caller: CommuneVisitor, database: DatabaseDep, now: NowDep, ending: str) -> Response:
    """The table as it stands now, unsigned."""
    made = the_format(ending)
    report = take_out_table(database, caller, now, made.name)
    return file_answer(report, ending, made.make(report, ""))
