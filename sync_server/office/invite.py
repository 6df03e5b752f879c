"""Mời: who is to work in which villages; the answer is a code."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from survey.ids import Id, is_id
from survey.invitations import InvitationRequest
from survey.problem_shapes import FieldProblem, ProblemDetails, describe
from survey.problems import FIELDS_INVALID, MEMBER_NAMED_TWICE
from survey.roles import Role
from survey.vietnamese import clean
from sync_server.access.caller import Caller
from sync_server.commune.inviting import invite_for
from sync_server.commune.members import list_namesakes
from sync_server.http.deps import DatabaseDep, NowDep, SessionDep, SettingsDep
from sync_server.office.invited import show_invited
from sync_server.office.pages import draw
from sync_server.office.visitor import FormDep, InvitingVisitor
from sync_server.office.writing import Draft
from sync_server.problems import Problem
from sync_server.store.database import Session
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/people/invite")
VILLAGE_FIELD = "village:"
_WHO = "Họ tên: ghi đủ họ và tên, nhiều nhất 120 chữ."
_WHERE = "Thôn: đánh dấu ít nhất một thôn."
_AS_WHAT = "Việc: chọn tổ viên hoặc tổ trưởng."
_TWICE = "Trong xã đã có nhiều người cùng họ tên này. Nếu đúng là một trong những người ấy, mở trang của người ấy rồi \
lấy mã cho máy mới; nếu là người khác, đánh dấu “Là người khác, trùng họ tên” rồi mời lại."


def marked_villages(form: dict[str, str]) -> list[str]:
    """The villages whose boxes were marked."""
    marked = [name.removeprefix(VILLAGE_FIELD) for name in form if name.startswith(VILLAGE_FIELD)]
    return [one.lower() for one in marked if is_id(one)]


@router.get("")
def invite_page(
    request: Request,
    caller: InvitingVisitor,
    session: SessionDep,
    now: NowDep,
    village: Annotated[Id | None, Query()] = None,
) -> Response:
    """The form; the only village of a lead is marked already."""
    marked = [village] if village else list(caller.villages) if len(caller.villages) == 1 else []
    form = {f"{VILLAGE_FIELD}{one}": "1" for one in marked}
    return _draw(request, caller, session, Draft.new(now, 0), form)


@router.post("")
def invite(
    request: Request,
    caller: InvitingVisitor,
    database: DatabaseDep,
    settings: SettingsDep,
    now: NowDep,
    form: FormDep,
) -> Response:
    """Make the code. The form's id is that of whoever is new: sent twice, it gives one person a second code."""
    draft = Draft.of(form)
    try:
        asked = _asked(form)
        with database.write() as session:
            made = invite_for(session, caller, asked, settings, now, draft.change)
    except Problem as problem:
        details = problem.details
        if details.slug == MEMBER_NAMED_TWICE.slug:
            details = describe(MEMBER_NAMED_TWICE, detail=_TWICE)
        with database.read() as session:
            return _draw(request, caller, session, draft, form, details)
    return show_invited(request, made)


def _asked(form: dict[str, str]) -> InvitationRequest:
    """The request that the form is. Raises `Problem` fields-invalid."""
    try:
        return InvitationRequest.model_validate(
            {
                "name": form.get("name", ""),
                "role": form.get("role", ""),
                "villages": marked_villages(form),
                "new_person": "new_person" in form,
            }
        )
    except ValidationError as error:
        sentences = {"name": _WHO, "villages": _WHERE, "role": _AS_WHAT}
        wrong = [str(one["loc"][0]) for one in error.errors()]
        errors = [FieldProblem(pointer=f"/{one}", detail=sentences[one]) for one in dict.fromkeys(wrong)]
        raise Problem(FIELDS_INVALID, errors=errors, detail="Chưa mời được:") from error


def _draw(
    request: Request,
    caller: Caller,
    session: Session,
    draft: Draft,
    form: dict[str, str],
    problem: ProblemDetails | None = None,
) -> Response:
    named_twice = problem is not None and problem.slug == MEMBER_NAMED_TWICE.slug
    namesakes = list_namesakes(session, caller.commune.code, clean(form.get("name", ""))) if named_twice else []
    own = [one for one in namesakes if {place.id for place in one.villages} & set(caller.villages)]
    return draw(
        request,
        "invite.html",
        caller,
        problem.status if problem else 200,
        problem=problem,
        draft=draft,
        form=form,
        marked=marked_villages(form),
        villages=list_villages(session, caller.commune.code, caller.villages),
        roles=[Role.MEMBER, Role.LEAD] if caller.member.role is Role.OFFICIAL else [Role.MEMBER],
        namesakes=own,
    )
