"""/api/v1/villages/{id}/cards and /api/v1/cards/find: issuing, listing and printing cards, and what a code is."""

from io import BytesIO
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from survey.cards import CardFound, CardLine, CardList, CardOrder, CardSought
from survey.ids import Id
from survey.problem_shapes import FieldProblem
from survey.problems import FIELDS_INVALID
from sync_server.access.enrollment import check_guesses, count_guess
from sync_server.cards.issue import find_card, issue_cards, the_village
from sync_server.cards.preview import render_page
from sync_server.cards.print import prepare_preview
from sync_server.http.card_sheets import OrderDep, about, sheets_pdf
from sync_server.http.deps import CardCaller, DatabaseDep, HouseholdCaller, NowDep, SessionDep, SettingsDep
from sync_server.problems import Problem
from sync_server.store.cards import Card, list_cards_of_village

router = APIRouter()
_PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}
_PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}


@router.post("/api/v1/villages/{village}/cards", status_code=201)
def issue(caller: CardCaller, database: DatabaseDep, now: NowDep, village: Id, order: CardOrder) -> CardList:
    """Issue new cards: a number of free ones, or one for each household that has none."""
    if (order.count is None) == (order.whom is None):
        detail = "Chọn số thẻ cần tạo, hoặc mỗi hộ chưa có thẻ một thẻ."
        raise Problem(FIELDS_INVALID, errors=[FieldProblem(pointer="/count", detail=detail)])
    with database.write() as session:
        the_village(session, caller, village)
        cards = issue_cards(session, caller.commune.code, village, caller.member.name, now, order.count)
    return _list(cards)


@router.get("/api/v1/villages/{village}/cards")
def cards(caller: CardCaller, session: SessionDep, village: Id) -> CardList:
    """Every card of the village, by serial number."""
    the_village(session, caller, village)
    return _list(list_cards_of_village(session, caller.commune.code, village))


@router.get("/api/v1/villages/{village}/cards.pdf", responses=_PDF, response_class=Response)
def sheets(
    caller: CardCaller,
    database: DatabaseDep,
    settings: SettingsDep,
    now: NowDep,
    village: Id,
    order: OrderDep,
) -> Response:
    """Draw the cards with these serial numbers (all of them if none are given) as a PDF. Nothing is issued. With
    `outline` only the edges of a sheet's cells, which needs no cards."""
    return sheets_pdf(database, caller, village, order, settings, now)


@router.get("/api/v1/villages/{village}/cards.png", responses=_PNG, response_class=Response)
def preview(
    caller: CardCaller,
    database: DatabaseDep,
    settings: SettingsDep,
    village: Id,
    order: OrderDep,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """One page of the same PDF as a picture, to look at before printing. Nothing is issued, and nothing is kept."""
    with database.read() as session:
        place = the_village(session, caller, village)
        job = prepare_preview(session, caller.commune, place, order, settings.public_url)
    drawn = BytesIO()
    job.draw(drawn, page=page)
    return Response(render_page(drawn.getvalue()), headers=about(job), media_type="image/png")


@router.post("/api/v1/cards/find")
def find(
    caller: HouseholdCaller, database: DatabaseDep, settings: SettingsDep, now: NowDep, sought: CardSought
) -> CardFound:
    """What a code is that the caller's phone does not know. Guessing is limited for each device."""
    guesser = f"device {caller.device}"
    with database.read() as session:
        check_guesses(session, guesser, settings, now)
        found = find_card(session, caller, sought.code)
    if found.outcome == "unknown":
        with database.write() as session:
            count_guess(session, guesser, now)
    return found


def _list(cards: list[Card]) -> CardList:
    lines = [
        CardLine(id=one.id, serial=one.serial, code=one.code, state=one.state, household=one.household) for one in cards
    ]
    return CardList(cards=lines)
