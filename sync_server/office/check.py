"""Kiểm tra: whoever holds a report sees whether the server froze one under this code. Nobody needs to sign in."""

import re
from typing import Annotated

from fastapi import APIRouter, File, Request, UploadFile
from starlette.responses import Response

from survey.reports import Report, check_code, hash_of
from sync_server.http.deps import DatabaseDep
from sync_server.office.pages import draw
from sync_server.reports.compose import read_signed
from sync_server.store.reports import SignedReport, find_report, list_by_code

router = APIRouter(prefix="/check")
_CODE = re.compile(r"[0-9a-f]{16}")
LARGEST = 4_000_000


@router.get("")
def check_page(request: Request, database: DatabaseDep, code: str = "") -> Response:
    """A field for the code; with one, what the server knows of it: the period, the sums, what replaced it."""
    typed = "".join(code.split()).lower()
    if not typed:
        return _draw(request, "", None, None)
    if not _CODE.fullmatch(typed):
        return _draw(request, code, None, "Mã kiểm tra gồm 16 chữ số và chữ cái từ A đến F, in ở cuối phụ lục.", 422)
    with database.read() as session:
        found = list_by_code(session, typed)
        if not found:
            said = "Máy chủ này không có báo cáo nào mang mã đó. Anh/chị xem lại từng chữ, hoặc hỏi nơi gửi báo cáo."
            return _draw(request, code, None, said, 404)
        commune, signed = found[0]
        by = find_report(session, commune, signed.replaced_by) if signed.replaced_by else None
    return _draw(request, code, (signed, read_signed(signed), by), None)


@router.post("")
async def check_file(request: Request, database: DatabaseDep, file: Annotated[UploadFile, File()]) -> Response:
    """Whether a report's JSON is, byte for byte, what the server froze."""
    content = await file.read(LARGEST + 1)
    full_hash = hash_of(content)
    with database.read() as session:
        found = [one for _commune, one in list_by_code(session, full_hash)]
        if not found:
            said = (
                "Tệp này không giống báo cáo nào trên máy chủ: có thể đã bị sửa, hoặc không phải tệp JSON của báo cáo."
            )
            return _draw(request, "", None, said, 404)
    return _draw(request, check_code(full_hash), (found[0], read_signed(found[0]), None), None, is_same=True)


def _draw(
    request: Request,
    code: str,
    found: tuple[SignedReport, Report, SignedReport | None] | None,
    said: str | None,
    status: int = 200,
    *,
    is_same: bool = False,
) -> Response:
    return draw(request, "check.html", None, status, code=code, found=found, said=said, is_same=is_same)
