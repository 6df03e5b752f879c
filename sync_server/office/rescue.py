"""Tệp cứu hộ: handing in the file of a phone that cannot send any more."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from survey.problems import RESCUE_UNREADABLE
from survey.rescue import RescueReply
from sync_server.http.deps import DatabaseDep, NowDep, WritersDep
from sync_server.office.pages import draw
from sync_server.office.visitor import RescueVisitor
from sync_server.problems import Problem
from sync_server.store.epochs import find_rescue_key
from sync_server.sync.rescue import hand_in, open_rescue_file

router = APIRouter(prefix="/rescue")
_GROUPS = (
    ("Ghi nhận mới", ("applied", "merged", "difference")),
    ("Đã có từ trước", ("duplicate",)),
    ("Giữ lại để xem", ("held",)),
    ("Có lỗi, cần sửa trên máy đã ghi", ("invalid",)),
)


async def _file(request: Request) -> bytes:
    async with request.form(max_files=1, max_fields=5) as form:
        sent = form.get("file")
        return await sent.read() if isinstance(sent, UploadFile) else b""


@router.get("")
def rescue_page(request: Request, caller: RescueVisitor) -> Response:
    """The form to choose the file."""
    return draw(request, "rescue.html", caller, said=[], waits=False, whose="", problem=None)


@router.post("")
def rescue(
    request: Request,
    caller: RescueVisitor,
    sealed: Annotated[bytes, Depends(_file)],
    database: DatabaseDep,
    writers: WritersDep,
    now: NowDep,
) -> Response:
    """Judge the file's changes as if its phone had sent them. To hand it in again changes nothing."""
    with database.read() as session:
        key = find_rescue_key(session, caller.commune.code)
    try:
        if key is None:
            raise Problem(RESCUE_UNREADABLE)
        reply = hand_in(database, writers, caller, open_rescue_file(key, sealed), now)
    except Problem as problem:
        details = problem.details
        return draw(request, "rescue.html", caller, details.status, said=[], waits=False, whose="", problem=details)
    whose = reply.member.name if reply.member else ""
    waits = bool(reply.counts.get("held") or reply.counts.get("invalid"))
    return draw(request, "rescue.html", caller, said=_said(reply), waits=waits, whose=whose, problem=None)


def _said(reply: RescueReply) -> list[tuple[str, int]]:
    counts = [(words, sum(reply.counts.get(one, 0) for one in verdicts)) for words, verdicts in _GROUPS]  # type: ignore[call-overload]
    return [(words, count) for words, count in counts if count]
