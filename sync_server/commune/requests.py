"""Requests of families about their data: written down, answered, extended once, done. Each step leaves a line in the
audit log."""

from dataclasses import replace
from datetime import date, datetime

from survey.acts import Act
from survey.privacy import holds_long_number
from survey.problems import FIELDS_INVALID, NOT_FOUND
from survey.requests import RequestKind
from survey.times import vietnam_day
from survey.vietnamese import clean
from sync_server.access.caller import Caller
from sync_server.audit import note
from sync_server.ids import new_id
from sync_server.problems import Problem
from sync_server.store.database import Session
from sync_server.store.registers import DataRequest, add_request, find_request, save_request

LONGEST = 500


def write_request(
    session: Session,
    caller: Caller,
    kind: RequestKind,
    received_on: date,
    about: str,
    now: datetime,
    *,
    household: str | None = None,
    village: str | None = None,
) -> DataRequest:
    """Write a request down. Raises `Problem` fields-invalid for a day to come, or a text with a long number."""
    if received_on > vietnam_day(now):
        raise Problem(FIELDS_INVALID, detail="Ngày nhận yêu cầu: chưa đến, anh/chị xem lại.")
    request = DataRequest(
        id=new_id(now),
        kind=kind,
        received_on=received_on,
        household_id=household,
        village_id=village,
        note=_text(about, "Nội dung yêu cầu"),
        is_extended=False,
        answered_on=None,
        done_on=None,
        outcome="",
        written_by=caller.member.name,
    )
    add_request(session, caller.commune.code, request)
    _note(session, caller, now, request)
    return request


def move_request(
    session: Session, caller: Caller, identity: str, step: str, outcome: str, now: datetime
) -> DataRequest:
    """Take a request one step on: "answered", "extended" (once) or "done" with what came of it. A step that was taken
    stays as it was. Raises `Problem` not-found or fields-invalid."""
    request = find_request(session, caller.commune.code, identity)
    if request is None:
        raise Problem(NOT_FOUND)
    today = vietnam_day(now)
    if step == "answered" and request.answered_on is None:
        request = replace(request, answered_on=today)
    elif step == "extended" and not request.is_extended and request.done_on is None:
        request = replace(request, is_extended=True)
    elif step == "done" and request.done_on is None:
        said = _text(outcome, "Đã làm gì")
        if not said:
            raise Problem(FIELDS_INVALID, detail="Đã làm gì: ghi vài chữ, ví dụ “đã sửa năm sinh, báo lại gia đình”.")
        request = replace(request, done_on=today, answered_on=request.answered_on or today, outcome=said)
    else:
        return request
    save_request(session, caller.commune.code, request)
    _note(session, caller, now, request)
    return request


def _note(session: Session, caller: Caller, now: datetime, request: DataRequest) -> None:
    kind = "household" if request.household_id else "data_request"
    subject = request.household_id or request.id
    note(session, caller, now, Act.WROTE_REQUEST, subject_kind=kind, subject=subject, village=request.village_id)


def _text(text: str, name: str) -> str:
    """A typed text without long numbers. Raises `Problem` fields-invalid."""
    text = clean(text)[:LONGEST]
    if holds_long_number(text):
        detail = f"{name}: không ghi số giấy tờ, số tài khoản hay số điện thoại."
        raise Problem(FIELDS_INVALID, detail=detail)
    return text
