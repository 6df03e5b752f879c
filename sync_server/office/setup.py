"""Thiết lập: what a commune needs before the first visit counts, step by step, and what is done of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.acts import Act
from survey.ids import Id
from survey.problem_shapes import ProblemDetails
from survey.problems import FIELDS_INVALID
from survey.records import Village
from survey.roles import Role
from survey.times import vietnam_day
from survey.vietnamese import clean, format_date, format_number, parse_date
from survey.villages import VILLAGE_KINDS, full_name
from sync_server.access.caller import Caller
from sync_server.audit import note
from sync_server.commune.rounds import change_round, open_round
from sync_server.commune.setup import the_commune
from sync_server.commune.villages import add_villages, remove_village, rename_village
from sync_server.coverage import read_coverage
from sync_server.http.deps import DatabaseDep, NowDep, SessionDep
from sync_server.office.pages import draw, see_other
from sync_server.office.visitor import FormDep, SetUpVisitor
from sync_server.problems import Problem
from sync_server.store.communes import find_criteria_set, list_rounds
from sync_server.store.database import Session
from sync_server.store.members import list_members, list_villages_with_team
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/setup")


@dataclass(frozen=True)
class Step:
    """One thing to do: whether it is done, what there is, and where it is done."""

    title: str
    is_done: bool
    said: str
    path: str


@router.get("")
def setup_page(request: Request, caller: SetUpVisitor, session: SessionDep, now: NowDep, said: str = "") -> Response:
    """The steps, and beside them the villages and the round."""
    return _draw(request, caller, session, now, said=_SAID.get(said, ""))


@router.post("/villages")
def add(request: Request, caller: SetUpVisitor, database: DatabaseDep, now: NowDep, form: FormDep) -> Response:
    """Add the villages that were written, one a line; who is there already stays."""
    lines = form.get("names", "")

    def act(session: Session) -> None:
        made, _there = add_villages(session, caller.commune.code, lines, now)
        if made:
            names = [full_name(one) for one in made]
            note(session, caller, now, Act.CHANGED_VILLAGES, subject_kind="village", villages=names)

    return _do(request, caller, database, now, "added", act)


@router.post("/villages/{village}")
def rename(
    request: Request, caller: SetUpVisitor, database: DatabaseDep, now: NowDep, form: FormDep, village: Id
) -> Response:
    """Give a village another kind or name."""
    kind, name, commune = form.get("kind", ""), form.get("name", ""), caller.commune.code

    def act(session: Session) -> None:
        after = rename_village(session, commune, village, kind, name, now)
        _note_village(session, caller, now, after)

    return _do(request, caller, database, now, "renamed", act)


@router.post("/villages/{village}/delete")
def remove(request: Request, caller: SetUpVisitor, database: DatabaseDep, now: NowDep, village: Id) -> Response:
    """Take out a village of which there is nothing yet."""
    commune = caller.commune.code

    def act(session: Session) -> None:
        _note_village(session, caller, now, remove_village(session, commune, village))

    return _do(request, caller, database, now, "removed", act)


def _note_village(session: Session, caller: Caller, now: datetime, village: Village) -> None:
    about: dict[str, Any] = {"subject_kind": "village", "subject": village.id, "village": village.id}
    note(session, caller, now, Act.CHANGED_VILLAGES, **about, villages=[full_name(village)])


@router.post("/round")
def change(request: Request, caller: SetUpVisitor, database: DatabaseDep, now: NowDep, form: FormDep) -> Response:
    """Correct the present round, or open the next one."""
    commune = caller.commune.code

    def act(session: Session) -> None:
        title, year, ends_on = form.get("title", ""), _year(form.get("year", "")), _day(form.get("ends_on", ""))
        if form.get("what") == "open":
            starts_on = _day(form.get("starts_on", ""))
            if starts_on is None:
                raise Problem(FIELDS_INVALID, detail="Ngày bắt đầu: ghi ngày/tháng/năm, ví dụ 01/03/2027.")
            open_round(session, commune, title, year, starts_on, ends_on, now)
        else:
            change_round(session, commune, title, year, ends_on, now)
        note(session, caller, now, Act.CHANGED_ROUND, subject_kind="round", title=clean(title))

    return _do(request, caller, database, now, "round", act)


_SAID = {
    "added": "Đã thêm thôn. Điện thoại và trang của cán bộ xã thấy ngay ở lần mở kế tiếp.",
    "renamed": "Đã đổi tên thôn. Hộ, phiếu và người trong tổ vẫn nguyên.",
    "removed": "Đã xóa thôn.",
    "round": "Đã ghi đợt khảo sát.",
    "criteria": "Đã đổi bộ tiêu chí. Mọi thôn đã được tính lại.",
}


def _do(
    request: Request, caller: Caller, database: DatabaseDep, now: datetime, said: str, act: Callable[[Session], Any]
) -> Response:
    """Do it in one transaction and show the page again; what is refused is said on it."""
    try:
        with database.write() as session:
            act(session)
    except Problem as problem:
        with database.read() as session:
            return _draw(request, caller, session, now, problem=problem.details)
    return see_other(f"/setup?said={said}")


def _draw(
    request: Request,
    caller: Caller,
    session: Session,
    now: datetime,
    *,
    said: str = "",
    problem: ProblemDetails | None = None,
) -> Response:
    commune = caller.commune.code
    villages = list_villages(session, commune)
    present = list_rounds(session, commune)[0]
    values: dict[str, Any] = {
        "steps": steps_of(session, commune, now),
        "villages": villages,
        "kinds": VILLAGE_KINDS,
        "round": present,
        "round_ends": format_date(present.ends_on) if present.ends_on else "",
        "today": format_date(vietnam_day(now)),
        "criteria_set": find_criteria_set(session, commune),
        "said": said,
        "problem": problem,
    }
    return draw(request, "setup.html", caller, problem.status if problem else 200, **values)


def steps_of(session: Session, commune: str, now: datetime) -> list[Step]:
    """What a commune needs before the first visit counts, in the order in which it is done."""
    villages = list_villages(session, commune)
    ids = [one.id for one in villages]
    coverage = read_coverage(session, the_commune(session, commune), ids, now)
    empty = [one.village for one in coverage.villages if not one.registered]
    people = [one for one in list_members(session, commune) if one.role in {Role.LEAD, Role.MEMBER}]
    with_team = list_villages_with_team(session, commune, ids)
    without = [one for one in villages if one.id not in with_team]
    present, adopted = list_rounds(session, commune)[0], find_criteria_set(session, commune)
    listed = f"{format_number(coverage.registered)} hộ" + (f"; chưa có hộ: {_names(empty)}" if empty else "")
    teams = f"{format_number(len(people))} người" + (f"; chưa có tổ: {_names(without)}" if without else "")
    return [
        Step("Các thôn", bool(villages), f"{len(villages)} thôn", "/setup#villages"),
        Step("Bộ tiêu chí", True, adopted.title, "/setup/criteria"),
        Step("Đợt khảo sát", True, present.title, "/setup#round"),
        Step("Danh sách hộ", bool(coverage.registered and not empty), listed, "/lists"),
        Step("Người trong tổ", bool(people and not without), teams, "/people/invite"),
        Step("Phiếu đầu tiên", bool(coverage.visited), f"{format_number(coverage.visited)} hộ đã gặp", "/overview"),
    ]


def _names(villages: list[Any]) -> str:
    names = [full_name(one) for one in villages]
    return ", ".join(names[:3]) + (f" và {len(names) - 3} thôn nữa" if len(names) > 3 else "")


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 2000 <= int(text[:6]) <= 2100):
        raise Problem(FIELDS_INVALID, detail="Năm tính tuổi: ghi đủ bốn chữ số, ví dụ 2026.")
    return int(text)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    found = parse_date(text)
    if found is None:
        raise Problem(FIELDS_INVALID, detail=f"Ngày “{text[:20]}” không đúng: ghi ngày/tháng/năm, ví dụ 31/12/2026.")
    return found
