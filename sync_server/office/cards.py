"""Thẻ: a village's cards and whose they are, new ones, and the sheets to print."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from survey.cards import MOST_CARDS
from survey.ids import Id, is_id
from survey.invitations import MOST_MEMBER_CARDS, MemberCardOrder
from survey.problem_shapes import FieldProblem, ProblemDetails, describe
from survey.problems import FIELDS_INVALID, MEMBER_NAMED_TWICE, VILLAGES_NEEDED
from survey.records import Village
from survey.vietnamese import clean, parse_count
from sync_server.access.caller import Caller
from sync_server.cards.address import trial_reasons
from sync_server.cards.formats import FORMATS
from sync_server.cards.issue import issue_cards, the_village
from sync_server.http.card_sheets import OrderDep, member_cards_pdf, sheets_pdf
from sync_server.http.deps import DatabaseDep, NowDep, SessionDep, SettingsDep
from sync_server.office.pages import draw, see_other
from sync_server.office.visitor import CardVisitor, FormDep, InvitingVisitor
from sync_server.problems import Problem
from sync_server.settings import ServerSettings
from sync_server.store.cards import Card, find_last_serial, list_cards_of_village
from sync_server.store.database import Session
from sync_server.store.stream import list_states
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/cards")
PAGE = 200
STATE_WORDS = {"issued": "Còn trống", "bound": "Đã gắn", "revoked": "Đã hủy"}
FORMAT_WORDS = {
    "a4-2x5": "Thẻ, 10 thẻ một tờ A4",
    "a4-3x8": "Nhãn dán, 24 nhãn một tờ A4",
    "a4-1": "Tờ dán ở nhà văn hóa, một tờ A4",
}
_MADE = re.compile(r"(\d{1,7})-(\d{1,7})")


@dataclass(frozen=True)
class Line:
    """A card with the household that it hangs at; `issued_for` is set where another village's stack had it."""

    card: Card
    head_name: str
    address: str
    issued_for: Village | None

    @property
    def state_words(self) -> str:
        return STATE_WORDS[self.card.state]


@router.get("")
def cards_page(
    request: Request,
    caller: CardVisitor,
    session: SessionDep,
    settings: SettingsDep,
    village: Annotated[Id | None, Query()] = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    made: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The village's cards by serial number; the first village where none is chosen. `made` tells what a form made."""
    return _draw(request, session, caller, settings, village or next(iter(caller.villages), ""), page=page, made=made)


@router.post("/issue")
def issue(caller: CardVisitor, database: DatabaseDep, now: NowDep, form: FormDep) -> Response:
    """Issue free cards, or one for each household without one. The form knows the last serial number that its page
    showed: sent twice, it makes no more."""
    village, after = _village(form), parse_count(form.get("after", ""))
    count = None if form.get("for") == "households" else parse_count(form.get("count", ""))
    if form.get("for") != "households" and (count is None or not 1 <= count <= MOST_CARDS):
        detail = f"Số thẻ: từ 1 đến {MOST_CARDS}."
        raise Problem(FIELDS_INVALID, errors=[FieldProblem(pointer="/count", detail=detail)])
    if after is None:
        raise Problem(FIELDS_INVALID)
    with database.write() as session:
        the_village(session, caller, village)
        cards = issue_cards(session, caller.commune.code, village, caller.member.name, now, count, after)
        last = find_last_serial(session, caller.commune.code, village)
    made = f"{cards[0].serial}-{cards[-1].serial}" if cards else "none" if last == after else f"{after + 1}-{last}"
    return see_other(f"/cards?village={village}&made={made}")


@router.get("/sheets.pdf")
def sheets(
    caller: CardVisitor, database: DatabaseDep, settings: SettingsDep, now: NowDep, village: Id, order: OrderDep
) -> Response:
    """The sheets to print. What the chosen format has not (a back, cards) is not asked of it: all choices stand on one
    form."""
    known = FORMATS.get(order.format)
    backs = order.backs and (known is None or known.has_backs)
    return sheets_pdf(database, caller, village, replace(order, backs=backs), settings, now)


@router.post("/members")
def members(
    request: Request,
    caller: InvitingVisitor,
    database: DatabaseDep,
    settings: SettingsDep,
    now: NowDep,
    form: FormDep,
) -> Response:
    """Sign-in cards of several people, a name a line: they are invited. A wrong name is said, and invites nobody."""
    village = _village(form)
    names = [name for line in form.get("names", "").splitlines() if (name := clean(line))]
    try:
        answer = member_cards_pdf(database, caller, village, _ordered(names), settings, now)
    except Problem as problem:
        if problem.details.slug not in {FIELDS_INVALID.slug, MEMBER_NAMED_TWICE.slug}:
            raise
        with database.read() as session:
            details = _by_name(problem.details, names)
            return _draw(request, session, caller, settings, village, problem=details, names=form.get("names", ""))
    answer.status_code = 200  # a browser saves only what it has "got"
    return answer


def _ordered(names: list[str]) -> list[str]:
    try:
        return MemberCardOrder(names=names).names
    except ValidationError as error:
        detail = f"Ghi từ 1 đến {MOST_MEMBER_CARDS} người, mỗi dòng một họ tên, mỗi tên nhiều nhất 120 chữ."
        raise Problem(FIELDS_INVALID, detail=detail) from error


def _by_name(details: ProblemDetails, names: list[str]) -> ProblemDetails:
    """The problem with each name in front of what is wrong with it."""
    said = []
    for one in details.errors:
        place = one.pointer.removeprefix("/names/")
        name = names[int(place)] if place.isdigit() and int(place) < len(names) else ""
        said.append(FieldProblem(pointer=one.pointer, detail=f"{name}: {one.detail}" if name else one.detail))
    if details.slug == MEMBER_NAMED_TWICE.slug:
        return describe(MEMBER_NAMED_TWICE, said, detail="Chưa mời ai.")
    return details.model_copy(update={"errors": said})


def _village(form: dict[str, str]) -> str:
    village = form.get("village", "").lower()
    if not is_id(village):
        raise Problem(FIELDS_INVALID)
    return village


def _draw(
    request: Request,
    session: Session,
    caller: Caller,
    settings: ServerSettings,
    village: str,
    page: int = 1,
    made: str = "",
    problem: ProblemDetails | None = None,
    names: str = "",
) -> Response:
    if not village:
        raise Problem(VILLAGES_NEEDED, detail="Xã chưa có thôn nào. Người quản trị thêm thôn trước.")
    place, commune = the_village(session, caller, village), caller.commune.code
    cards = list_cards_of_village(session, commune, village)
    cards.sort(key=lambda one: (one.issued_for != village, one.issued_for, one.serial or 0))
    matched = _MADE.fullmatch(made)
    reasons = [reason for one in FORMATS.values() for reason in trial_reasons(settings.public_url, one)]
    return draw(
        request,
        "cards.html",
        caller,
        problem.status if problem else 200,
        problem=problem,
        names=names,
        village=place,
        villages=list_villages(session, commune, caller.villages),
        counts=Counter(one.state for one in cards),
        total=len(cards),
        after=find_last_serial(session, commune, village),
        lines=_lines(session, commune, village, cards[(page - 1) * PAGE : page * PAGE]),
        page=page,
        pages=max(1, -(-len(cards) // PAGE)),
        made=(int(matched[1]), int(matched[2])) if matched else None,
        made_none=made == "none",
        serials=made if matched else "",
        trial=list(dict.fromkeys(reasons)),
        formats=FORMAT_WORDS,
        most=MOST_CARDS,
        most_names=MOST_MEMBER_CARDS,
    )


def _lines(session: Session, commune: str, village: str, cards: list[Card]) -> list[Line]:
    homes = list_states(session, commune, village, "household", [one.household for one in cards if one.household])
    bodies = {home: state.to_body() for home, state in homes.items()}
    others = {one.issued_for for one in cards} - {village}
    places = {one.id: one for one in list_villages(session, commune, others, ended=True)}
    lines = []
    for one in cards:
        body = bodies.get(one.household or "", {})
        name, address = str(body.get("head_name") or ""), str(body.get("address") or "")
        lines.append(Line(one, name, address, places.get(one.issued_for)))
    return lines
