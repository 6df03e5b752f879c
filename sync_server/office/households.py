"""Hộ: all households with filters, and the search of the phones."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Annotated
from urllib.parse import quote, unquote, urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from survey.alleys import alley_key, alley_of
from survey.card_code import read_code
from survey.indicators import Measure
from survey.problems import NOT_FOUND
from survey.questions import NO, UNKNOWN
from survey.records import LEFT_STATUSES, Household, HouseholdStatus, Outcome, Resident
from survey.vietnamese import clean, collation_key, fold, initials, name_sort_key
from survey.villages import full_name
from sync_server.http.deps import SessionDep
from sync_server.office.pages import ROOT, draw, see_other
from sync_server.office.visitor import FormDep, HouseholdVisitor
from sync_server.problems import Problem
from sync_server.store.communes import find_criteria_set, list_rounds
from sync_server.store.stream import list_kind
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/households")
PAGE = 200
SOUGHT, SOUGHT_SECONDS, LONGEST_SEARCH = "tungnha_sought", 600, 100
STATES = {
    "": "Các hộ của thôn",
    "open": "Chưa khảo sát",
    "completed": "Đã khảo sát",
    "refused": "Từ chối",
    "absent": "Vắng nhà",
    "moved": "Đã chuyển đi",
    "vacant": "Nhà bỏ trống",
}
ANSWERS = {NO: "có người chưa có", UNKNOWN: "có câu không rõ"}


@dataclass(frozen=True)
class Row:
    """One household of the list. `words` is what a search looks through."""

    id: str
    village: str
    home: Household
    visited_at: datetime | None
    visited_by: str
    words: str

    @property
    def alley(self) -> str:
        return alley_key(self.home.address)

    @property
    def state(self) -> str:
        """A key of `STATES`."""
        if self.home.status in LEFT_STATUSES:
            return str(self.home.status)
        outcome = (self.home.current or {}).get("outcome")
        return outcome if outcome in {Outcome.COMPLETED, Outcome.REFUSED, Outcome.ABSENT} else "open"

    def is_in(self, state: str) -> bool:
        if not state:
            return self.state not in LEFT_STATUSES
        return self.state == state or (state == "open" and self.state == Outcome.ABSENT)


@router.get("")
def households(
    request: Request,
    caller: HouseholdVisitor,
    session: SessionDep,
    village: str = "",
    alley: str = "",
    state: str = "",
    no: str = "",
    answer: str = NO,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """A page of 200 households by village, alley, number and given name. A search looks through all of them, those too
    that have left."""
    if village:
        caller.check_works_in(village)
    commune = caller.commune.code
    names = {one.id: full_name(one) for one in list_villages(session, commune, caller.villages)}
    sought = unquote(request.cookies.get(SOUGHT, ""))[:LONGEST_SEARCH]
    states = list_kind(session, commune, "household", [village] if village else caller.villages)
    rows = [_row(one.subject, one.village, names.get(one.village, ""), one.to_body()) for one in states]
    in_alley = [row for row in rows if not alley or row.alley == alley]
    counts = {key: sum(row.is_in(key) for row in in_alley) for key in STATES}
    found = [row for row in in_alley if row.is_in(state)] if not sought else [row for row in rows if fits(row, sought)]
    criteria = {one.no: one for one in find_criteria_set(session, commune).criteria if one.measure}
    if no:
        if no not in criteria or answer not in ANSWERS:
            raise Problem(NOT_FOUND)
        year = list_rounds(session, commune)[0].reference_year
        found = [row for row in found if answer in _readings(row.home, criteria[no].measure, year)]
    found.sort(key=_place)
    chosen = {"village": village, "alley": alley, "state": state, "no": no, "answer": answer if no else ""}
    return draw(
        request,
        "households.html",
        caller,
        rows=list(islice(found, (page - 1) * PAGE, page * PAGE)),
        count=len(found),
        page=page,
        pages=max(1, -(-len(found) // PAGE)),
        names=names,
        alleys=_alleys(rows) if village else [],
        counts=counts,
        states=STATES,
        criteria=criteria,
        answers=ANSWERS,
        chosen=chosen,
        sought=sought,
        query=urlencode({key: value for key, value in chosen.items() if value}),
    )


@router.post("/search")
def search(request: Request, _caller: HouseholdVisitor, form: FormDep) -> Response:
    """Keep what is sought in the browser for ten minutes: a name or a number in an address would stay in its history
    and in logs. Nothing typed ends the search."""
    words = clean(form.get("words", ""))[:LONGEST_SEARCH]
    answer = see_other("/households")
    how = {"path": f"{ROOT}/households", "httponly": True, "samesite": "lax"}
    if words:
        is_safe = request.url.scheme == "https"
        answer.set_cookie(SOUGHT, quote(words), max_age=SOUGHT_SECONDS, secure=is_safe, **how)  # type: ignore[arg-type]
    else:
        answer.delete_cookie(SOUGHT, **how)  # type: ignore[arg-type]
    return answer


def fits(row: Row, sought: str) -> bool:
    """Whether the household is meant: every word is in its name, initials, address, village, phone or card."""
    code = read_code(sought)
    if code:
        return row.home.card == code
    return all(word in row.words for word in fold(sought).split())


def _row(identity: str, village: str, village_name: str, body: dict[str, object]) -> Row:
    home = Household.model_validate(body)
    phone = "0" + home.phone.removeprefix("+84") if home.phone else ""
    words = [fold(home.head_name), initials(home.head_name), fold(home.address), fold(village_name), phone]
    words.append((home.card or "").lower())
    return Row(identity, village, home, home.visited_at, home.visited_by or "", "\n".join(words))


def _readings(home: Household, measure: Measure | None, year: int) -> list[object]:
    current = home.current or {}
    if measure is None or home.status is not HouseholdStatus.ACTIVE or current.get("outcome") != Outcome.COMPLETED:
        return []
    residents = [Resident.model_validate(one) for one in current.get("residents") or []]
    return list(measure.answers(current, residents, year))


def _alleys(rows: list[Row]) -> list[tuple[str, str, int]]:
    """The alleys of the rows, by name: key, name and how many households."""
    counts = Counter(row.alley for row in rows)
    names = {row.alley: alley_of(row.home.address) for row in rows}
    keys = sorted((key for key in counts if key), key=lambda key: collation_key(names[key]))
    return [(key, names[key], counts[key]) for key in keys]


def _place(row: Row) -> tuple[str, str, int, str]:
    home = row.home
    return row.village, collation_key(home.address), home.number or 0, name_sort_key(home.head_name)
