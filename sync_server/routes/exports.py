"""GET /api/v1/communes/{code}/coverage.xlsx, .csv, .txt, .pdf, .json: the commune's table as a file."""

from fastapi import APIRouter, Response

from survey.problems import NOT_ALLOWED
from sync_server.http.deps import CommuneCaller, DatabaseDep, NowDep
from sync_server.http.report_files import file_answer, the_format
from sync_server.problems import Problem
from sync_server.reports.taking_out import take_out_table

router = APIRouter()


@router.get("/api/v1/communes/{code}/coverage.{ending}", response_class=Response)
def coverage_file(caller: CommuneCaller, database: DatabaseDep, now: NowDep, code: str, ending: str) -> Response:
    """The table as it stands now, unsigned, in the format of the ending."""
    own = caller.commune
    if code != own.code:
        raise Problem(NOT_ALLOWED, detail=f"Anh/chị chỉ xem được số liệu của {own.kind} {own.name} ({own.code}).")
    made = the_format(ending)
    report = take_out_table(database, caller, now, made.name)
    return file_answer(report, ending, made.make(report, ""))
