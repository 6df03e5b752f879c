"""Danh sách: a list of households is looked at before anything is written, imported, and taken back if it was wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from survey.acts import Act
from survey.ids import Id
from survey.problem_shapes import ProblemDetails
from survey.problems import LIST_UNREADABLE, NOT_FOUND
from sync_server.access.caller import Caller
from sync_server.audit import note
from sync_server.commune.list_import import carry_out
from sync_server.commune.list_plan import plan_import, read_of_commune
from sync_server.commune.list_undo import done_of, told_of_import, undo_import
from sync_server.http.deps import DatabaseDep, NowDep, SessionDep
from sync_server.ids import new_id
from sync_server.office.list_preview import CHOICES, preview_of, told_of, wanted_of
from sync_server.office.pages import draw, see_other
from sync_server.office.sent_files import as_file, sent_file
from sync_server.office.visitor import FormDep, ListVisitor
from sync_server.problems import Problem
from sync_server.store.database import Session
from sync_server.store.list_imports import (
    ListImport,
    add_list_import,
    delete_contents,
    delete_waiting,
    find_content,
    find_list_import,
    list_list_imports,
    save_list_import,
)
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/lists")
LARGEST_LIST = 8 * 1024**2
"""Of a file that is brought to the page; 20,000 households are 1 MB. Larger ones are for the command line."""
KEPT_FOR = timedelta(days=1)
"""How long a file waits in its preview, and what was left out can be fetched: such a file may hold anything."""
SHOWN_IMPORTS = 20


@router.get("")
def lists_page(request: Request, caller: ListVisitor, session: SessionDep) -> Response:
    """The form to choose a file, and what was brought before."""
    return _lists(request, caller, session)


def _lists(request: Request, caller: Caller, session: Session, problem: ProblemDetails | None = None) -> Response:
    brought = list_list_imports(session, caller.commune.code, SHOWN_IMPORTS)
    return draw(request, "lists.html", caller, problem.status if problem else 200, brought=brought, problem=problem)


@router.post("")
def bring(
    request: Request,
    caller: ListVisitor,
    database: DatabaseDep,
    now: NowDep,
    sent: Annotated[tuple[str, bytes], Depends(sent_file)],
) -> Response:
    """Keep the file while it is looked at. One that cannot be read is refused at once."""
    name, content = sent
    commune = caller.commune.code
    waiting = ListImport(new_id(now), "waiting", now, caller.member.name, name, {}, {})
    try:
        if not content:
            raise Problem(LIST_UNREADABLE)
        with as_file(name, content) as file, database.read() as session:
            read_of_commune(session, commune, file, wanted_of({}))
    except Problem as problem:
        if problem.kind is LIST_UNREADABLE:  # any other is said in the preview, where it can be mended
            with database.read() as session:
                return _lists(request, caller, session, problem.details)
    with database.write() as session:
        delete_contents(session, commune, now - KEPT_FOR)
        add_list_import(session, commune, waiting, content)
    return see_other(f"/lists/{waiting.id}")


@router.get("/{brought}")
def list_page(request: Request, caller: ListVisitor, session: SessionDep, now: NowDep, brought: Id) -> Response:
    """The preview of a list that waits; what became of one that does not."""
    found = _find(session, caller, brought)
    if found.state != "waiting":
        has_rows = found.state == "done" and find_content(session, caller.commune.code, brought) is not None
        return draw(request, "list_done.html", caller, brought=found, has_rows=has_rows, problem=None)
    return _preview(request, caller, session, now, found)


def _preview(request: Request, caller: Caller, session: Session, now: NowDep, found: ListImport) -> Response:
    commune = caller.commune.code
    villages = list_villages(session, commune)
    problem, preview = None, None
    try:
        with _kept(session, commune, found) as file:
            wanted = wanted_of(found.told)
            read = read_of_commune(session, commune, file, wanted)
            preview = preview_of(plan_import(session, commune, read, wanted, now), villages)
    except Problem as refused:
        problem = refused.details
    values = CHOICES | {"brought": found, "told": found.told, "villages": villages}
    status = problem.status if problem else 200
    return draw(request, "list_preview.html", caller, status, preview=preview, problem=problem, **values)


@router.post("/{brought}/choose")
def choose(caller: ListVisitor, database: DatabaseDep, form: FormDep, brought: Id) -> Response:
    """Keep what was chosen in the preview, and show it anew."""
    with database.write() as session:
        found = _find(session, caller, brought, state="waiting")
        save_list_import(session, caller.commune.code, replace(found, told=told_of(form)))
    return see_other(f"/lists/{brought}")


@router.post("/{brought}/import")
def import_list(request: Request, caller: ListVisitor, database: DatabaseDep, now: NowDep, brought: Id) -> Response:
    """Import the list as its preview shows it. A second click finds it done."""
    commune = caller.commune.code
    from sync_server.lists.left_out import write_left_out  # imported late: only who imports a list pays for it

    with database.read() as session:
        found = _find(session, caller, brought)
        if found.state != "waiting":
            return see_other(f"/lists/{brought}")
        with _kept(session, commune, found) as file:
            wanted = wanted_of(found.told)
            read = read_of_commune(session, commune, file, wanted)
            plan = plan_import(session, commune, read, wanted, now)
            rows = write_left_out(file, read, preview_of(plan, []).result.notes)
    with database.write() as session:
        if _find(session, caller, brought).state == "waiting":
            done = done_of(carry_out(session, commune, read, wanted, now))
            save_list_import(session, commune, replace(found, state="done", at=now, told={}, done=done), rows)
            told: dict[str, Any] = {"file_name": found.file_name} | told_of_import(done)
            note(session, caller, now, Act.IMPORTED_LIST, subject_kind="list_import", subject=brought, **told)
    return see_other(f"/lists/{brought}")


@router.post("/{brought}/discard")
def discard(caller: ListVisitor, database: DatabaseDep, brought: Id) -> Response:
    """Forget a list that waits, with its file."""
    with database.write() as session:
        delete_waiting(session, caller.commune.code, brought)
    return see_other("/lists")


@router.post("/{brought}/undo")
def undo(request: Request, caller: ListVisitor, database: DatabaseDep, now: NowDep, brought: Id) -> Response:
    """Take an import back. What was built on since stays, and is said."""
    try:
        with database.write() as session:
            undone = undo_import(session, caller.commune.code, brought, now)
            told: dict[str, Any] = {"file_name": undone.file_name}
            note(session, caller, now, Act.TOOK_IMPORT_BACK, subject_kind="list_import", subject=brought, **told)
    except Problem as problem:
        with database.read() as session:
            found = _find(session, caller, brought)
            has_rows = find_content(session, caller.commune.code, brought) is not None
        values = {"brought": found, "has_rows": has_rows, "problem": problem.details}
        return draw(request, "list_done.html", caller, problem.details.status, **values)
    return see_other(f"/lists/{brought}")


@router.get("/{brought}/left-out.xlsx")
def left_out(caller: ListVisitor, database: DatabaseDep, now: NowDep, brought: Id) -> Response:
    """The rows that the import left out, to be corrected and brought again. That they were fetched is in the audit log,
    or they are not sent."""
    with database.read() as session:
        found = _find(session, caller, brought, state="done")
        content = find_content(session, caller.commune.code, found.id)
    if content is None:
        raise Problem(NOT_FOUND, detail="Các dòng chưa nhập chỉ được giữ một ngày. Anh/chị nhập lại tệp.")
    with database.write() as session:
        told: dict[str, Any] = {"file_name": found.file_name, "rows": found.done.get("left_out", 0)}
        note(session, caller, now, Act.OPENED_LEFT_OUT, subject_kind="list_import", subject=brought, **told)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"Content-Disposition": 'attachment; filename="chua-nhap.xlsx"', "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=headers)


def _find(session: Session, caller: Caller, brought: str, state: str = "") -> ListImport:
    found = find_list_import(session, caller.commune.code, brought)
    if found is None or (state and found.state != state):
        raise Problem(NOT_FOUND, detail="Không còn danh sách này. Anh/chị mở lại trang Danh sách.")
    return found


@contextmanager
def _kept(session: Session, commune: str, found: ListImport) -> Iterator[Path]:
    content = find_content(session, commune, found.id)
    if content is None:
        raise Problem(NOT_FOUND, detail="Tệp chỉ được giữ một ngày. Anh/chị chọn lại tệp.")
    with as_file(found.file_name, content) as file:
        yield file
