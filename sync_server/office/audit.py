"""Nhật ký: who saw, took out, decided or recorded what, the newest first, for the commune's officials."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from survey.acts import ACT_WORDS, AT_SERVER, CHANGE_WORDS
from survey.problem_shapes import ProblemDetails
from survey.problems import FIELDS_INVALID, NOT_FOUND
from survey.records import Village
from survey.times import vietnam_midnight
from survey.vietnamese import collation_key, parse_date
from survey.villages import full_name
from sync_server.access.caller import Caller
from sync_server.http.deps import SessionDep
from sync_server.office.audit_words import Entry, Known, entry_of_change, entry_of_line
from sync_server.office.pages import draw
from sync_server.office.visitor import AuditVisitor
from sync_server.problems import Problem
from sync_server.store.audit import Place, Sought, list_lines, list_sent_changes
from sync_server.store.database import Session
from sync_server.store.device_lines import list_devices
from sync_server.store.households import list_homes
from sync_server.store.members import list_members
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/audit")
PAGE = 100
AT_SERVER_KEY = "server"
CHANGE = "change"
CHANGED = {f"{CHANGE}:{kind}": words for kind, words in CHANGE_WORDS.items()}
DONE = {act.value: words for act, words in ACT_WORDS.items()}


@dataclass(frozen=True)
class Chosen:
    """The filters as the address has them; `before` is where the page before ended."""

    who: str = ""
    act: str = ""
    village: str = ""
    since: str = ""
    until: str = ""
    before: str = ""

    def query(self, **changes: Any) -> str:
        """The query of this page with some filters changed, "?" alone for none."""
        wanted = asdict(replace(self, **changes))
        return "?" + urlencode({one.name: wanted[one.name] for one in fields(self) if wanted[one.name]})

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the page was chosen."""
        return self != Chosen(before=self.before)


@router.get("")
def audit_page(
    request: Request, caller: AuditVisitor, session: SessionDep, chosen: Annotated[Chosen, Depends()]
) -> Response:
    """A page of the log. A day that is no day is said, and nothing is left out for it."""
    commune, problem = caller.commune.code, None
    try:
        sought = _sought(chosen)
    except Problem as refused:
        if refused.kind is not FIELDS_INVALID:
            raise
        problem, sought = refused.details, _sought(replace(chosen, since="", until=""))
    villages = {one.id: one for one in list_villages(session, commune, ended=True)}
    entries = list_entries(session, commune, sought, _known(session, commune, villages))
    shown = entries[:PAGE]
    there = list_homes(session, commune, [one.household for one in shown if one.household])
    more = chosen.query(before=_written((shown[-1].at, shown[-1].id))) if len(entries) > PAGE else ""
    return _draw(request, caller, session, chosen, villages, problem, entries=shown, there=there, more=more)


def list_entries(session: Session, commune: str, sought: Sought, known: Known) -> list[Entry]:
    """One entry more than a page has, if there are so many: acts and changes in one order, the newest first."""
    done = [entry_of_line(one, known) for one in list_lines(session, commune, sought, PAGE + 1)]
    sent = [entry_of_change(one, known) for one in list_sent_changes(session, commune, sought, PAGE + 1)]
    return sorted([*done, *sent], key=lambda one: (one.at, one.id), reverse=True)[: PAGE + 1]


def _sought(chosen: Chosen) -> Sought:
    """What the filters ask for. Raises `Problem` fields-invalid for a day, not-found for what no page of ours asks."""
    if chosen.act not in {"", CHANGE, *DONE, *CHANGED}:
        raise Problem(NOT_FOUND)
    is_change = chosen.act == CHANGE or chosen.act in CHANGED
    kind = chosen.act.removeprefix(CHANGE).removeprefix(":") if is_change else ""
    at_server = chosen.who == AT_SERVER_KEY
    since, until = _day(chosen.since), _day(chosen.until)
    return Sought(
        member="" if at_server else chosen.who,
        at_server=at_server,
        village=chosen.village,
        since=vietnam_midnight(since) if since else None,
        until=vietnam_midnight(until + timedelta(days=1)) if until else None,
        actions=None if is_change else tuple(filter(None, [chosen.act])),
        kinds=tuple(filter(None, [kind])) if is_change or not chosen.act else None,
        before=_read(chosen.before) if chosen.before else None,
    )


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    found = parse_date(text)
    if found is None or not 2000 <= found.year <= 2200:
        raise Problem(FIELDS_INVALID, detail=f"Ngày “{text[:20]}” không đúng: ghi ngày/tháng/năm, ví dụ 31/12/2026.")
    return found


def _written(place: Place) -> str:
    return f"{place[0].astimezone(UTC):%Y%m%dT%H%M%S.%f}~{place[1]}"


def _read(text: str) -> Place:
    at, _, identity = text.partition("~")
    try:
        return datetime.strptime(at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), identity
    except ValueError as error:
        raise Problem(NOT_FOUND) from error


def _known(session: Session, commune: str, villages: dict[str, Village]) -> Known:
    people = {one.id: one.name for one in list_members(session, commune)}
    devices = {one.id: f"{one.member.name}, {one.name or 'máy không tên'}" for one in list_devices(session, commune)}
    return Known(villages, people, devices)


def _draw(
    request: Request,
    caller: Caller,
    session: Session,
    chosen: Chosen,
    villages: dict[str, Village],
    problem: ProblemDetails | None,
    **values: Any,
) -> Response:
    commune = caller.commune.code
    values |= {
        "chosen": chosen,
        "people": sorted(list_members(session, commune), key=lambda one: collation_key(one.name)),
        "villages": sorted(villages.values(), key=lambda one: collation_key(full_name(one))),
        "at_server": (AT_SERVER_KEY, AT_SERVER),
        "done": DONE,
        "changed": {CHANGE: "mọi điều đã ghi", **CHANGED},
        "problem": problem,
    }
    return draw(request, "audit.html", caller, problem.status if problem else 200, **values)
