"""Hộ: the list of households by filters, and the search by words that no address carries."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from survey.coverage import Door, doors_to_knock
from survey.criteria import Criterion
from survey.problems import NOT_FOUND
from survey.records import Household, Village
from sync_server.access.caller import Caller
from sync_server.http.deps import SessionDep
from sync_server.office.listing import ANSWERS, PAGE, STATES, Chosen, Found, Home, alley_names, choose, homes_of
from sync_server.office.pages import draw, see_other
from sync_server.office.search import LONGEST, Wanted, keep_words, kept_words
from sync_server.office.visitor import FormDep, HouseholdVisitor
from sync_server.problems import Problem
from sync_server.store.communes import find_criteria_set, list_rounds
from sync_server.store.database import Session
from sync_server.store.household_lines import list_disputed, list_lines
from sync_server.store.stream import list_kind
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/households")


@router.get("")
def households(
    request: Request, caller: HouseholdVisitor, session: SessionDep, chosen: Annotated[Chosen, Depends()]
) -> Response:
    """A page of the list. The filters are always shown, also where they leave nothing."""
    shown = find_shown(request, session, caller, chosen)
    found, villages, every = shown.found, shown.villages, shown.every
    pages = max(1, -(-len(found.homes) // PAGE))
    page = min(max(1, chosen.page), pages)
    several = len(villages) > 1
    names = alley_names(one for one in every if chosen.village in {"", one.village.id})
    return draw(
        request,
        "households.html",
        caller,
        chosen=chosen,
        words=shown.words,
        longest=LONGEST,
        villages=villages,
        several=several,
        village=next((one for one in villages if one.id == chosen.village), None),
        alleys=names if chosen.village or not several else {},
        alley=_alley(chosen, names, every),
        criteria=shown.criteria,
        criterion=shown.criterion,
        states=STATES,
        answers=ANSWERS,
        found=found,
        doors=shown.doors,
        homes=found.homes[(page - 1) * PAGE : page * PAGE],
        page=page,
        pages=pages,
    )


@dataclass(frozen=True)
class Shown:
    """The households that an address leaves, and all that the page says beside them. `doors` are by household."""

    found: Found
    every: list[Home]
    villages: list[Village]
    criteria: list[Criterion]
    criterion: Criterion | None
    doors: dict[str, Door]
    words: str


def find_shown(request: Request, session: Session, caller: Caller, chosen: Chosen) -> Shown:
    """Apply the filters of an address. Raises `Problem` not-found for a filter that there is not, or not-allowed."""
    if chosen.state not in STATES or chosen.answer not in ANSWERS:
        raise Problem(NOT_FOUND)
    if chosen.village:
        caller.check_works_in(chosen.village)
    commune = caller.commune.code
    villages = list_villages(session, commune, caller.villages)
    criteria = [one for one in find_criteria_set(session, commune).criteria if one.measure]
    words = kept_words(request) if chosen.found else ""
    lines = list_lines(session, commune, caller.villages)
    every = homes_of(lines, villages, list_disputed(session, commune, caller.villages))
    homes = [one for one in every if chosen.village in {"", one.village.id}]
    if chosen.found:
        wanted = Wanted(words)
        homes = [one for one in homes if words and wanted.finds(one.line, one.village)]
    doors = _doors(session, caller, chosen, criteria) if chosen.criterion else {}
    if chosen.criterion:
        homes = [one for one in homes if one.line.id in doors]
    criterion = next((one for one in criteria if one.no == chosen.criterion), None)
    return Shown(choose(homes, chosen), every, villages, criteria, criterion, doors, words)


@router.post("/search")
def search(request: Request, caller: HouseholdVisitor, form: FormDep) -> Response:
    """Keep the words in the browser and go to the list that reads them; no words show the whole list again."""
    words = form.get("words", "").strip()
    answer = see_other("/households?state=any&found=1" if words else "/households")
    keep_words(request, answer, words)
    return answer


def _alley(chosen: Chosen, names: dict[str, str], every: list[Home]) -> str:
    """The chosen alley's name, also where the other filters leave none of it; empty for no choice."""
    if not chosen.alley:
        return ""
    return names.get(chosen.alley) or alley_names(every).get(chosen.alley, "ngõ không có trong danh sách")


def _doors(session: Session, caller: Caller, chosen: Chosen, criteria: list[Criterion]) -> dict[str, Door]:
    """The surveyed households whose answers keep the criterion back, as the doors to knock on have them."""
    criterion = next((one for one in criteria if one.no == chosen.criterion), None)
    if criterion is None or criterion.measure is None:
        raise Problem(NOT_FOUND)
    year = list_rounds(session, caller.commune.code)[0].reference_year
    villages = [chosen.village] if chosen.village else caller.villages
    states = list_kind(session, caller.commune.code, "household", villages)
    bodies = ((state.subject, Household.model_validate(state.to_body())) for state in states)
    doors = doors_to_knock(bodies, criterion.measure, year)
    return {one.household: one for one in doors if not one.unvisited and _is_wanted(one, chosen.answer)}


def _is_wanted(door: Door, answer: str) -> bool:
    counts = {"no": door.answered_no, "unknown": door.unknown}
    return counts.get(answer, 1) > 0
