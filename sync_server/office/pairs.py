"""Two households that may be one, on the page of what to look at: both beside each other, and the join that follows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.alleys import alley_of
from survey.doubts import Doubt, Step
from survey.field_words import SEX_WORDS
from survey.figure_words import day
from survey.privacy import mask_phone
from survey.problem_shapes import FieldProblem, ProblemDetails, describe
from survey.problems import FIELDS_INVALID
from survey.records import Household
from sync_server.access.caller import Caller
from sync_server.office.writing import Draft, record
from sync_server.store.database import Database, Session
from sync_server.store.households import list_homes
from sync_server.store.joins import find_join
from sync_server.store.responses import count_visits
from sync_server.store.stream import StreamState
from sync_server.sync.writers import Writers

WHO_JOINS = (
    "Một trong hai hộ ở thôn anh/chị không phụ trách. Cán bộ xã, hoặc người phụ trách cả hai thôn, ghép hay tách được."
)


@dataclass(frozen=True)
class Side:
    """One of the two, in words."""

    id: str
    head_name: str
    alley: str
    phone: str
    visits: int
    last: str
    people: list[str]


def sides_of(
    session: Session, commune: str, pairs: Iterable[Doubt], rows: Mapping[str, StreamState]
) -> dict[str, Side]:
    """The households of these pairs as far as the caller sees them, by id. `rows` are their rows on the streams."""
    wanted = {home for one in pairs if one.check == "pair" for home in one.households} & rows.keys()
    visits = count_visits(session, commune, wanted) if wanted else {}
    return {home: _side(home, Household.model_validate(rows[home].to_body()), visits.get(home, 0)) for home in wanted}


def _side(identity: str, home: Household, visits: int) -> Side:
    residents: list[dict[str, Any]] = (home.current or {}).get("residents") or []
    people = [
        f"{SEX_WORDS.get(one.get('sex') or '', 'người').lower()} {one.get('birth_year') or ''}".strip()
        for one in residents
    ]
    phone = mask_phone(home.phone) if home.phone else ""
    return Side(identity, home.head_name, alley_of(home.address), phone, visits, day(home.visited_at), people)


def find_elsewhere(session: Session, caller: Caller, doubts: Iterable[Doubt]) -> set[str]:
    """The households of these pairs that live in villages of which the caller sees nothing: whoever sees only one of
    a pair makes no one household of it, and parts none."""
    named = {home for one in doubts if one.check == "pair" for home in one.households}
    homes = list_homes(session, caller.commune.code, named) if named else {}
    return {home for home, village in homes.items() if village not in caller.villages}


def why_not_joined(doubt: Doubt, body: Mapping[str, Any], kept: str, elsewhere: set[str]) -> ProblemDetails | None:
    """What keeps a pair from being settled as one household, or from being two again after that: the other one is
    somebody else's, or nobody has said which is kept."""
    is_joined = doubt.last is not None and doubt.last.outcome == "one_household" and body["step"] == Step.UNDO
    if doubt.check != "pair" or not (is_joined or body.get("outcome") == "one_household"):
        return None
    if elsewhere.intersection(doubt.households):
        return describe(FIELDS_INVALID, [FieldProblem(pointer="/outcome", detail=WHO_JOINS)])
    if is_joined or kept in doubt.households:
        return None
    detail = "Chọn hộ giữ lại. Hộ kia sẽ ghép vào hộ ấy; mọi phiếu vẫn còn."
    return describe(FIELDS_INVALID, [FieldProblem(pointer="/kept", detail=detail)])


def join_after(
    database: Database,
    writers: Writers,
    caller: Caller,
    now: datetime,
    draft: Draft,
    found: tuple[str, Doubt],
    step: Mapping[str, Any],
    kept: str,
) -> ProblemDetails | None:
    """What follows from a step about a pair (`found`: its village, and how it stood before): settled as one household
    they become one; opened again they are two. Why that could not be, None if it was or nothing follows."""
    village, doubt = found
    body: dict[str, Any] | None = None
    if doubt.check == "pair" and step.get("outcome") == "one_household":
        other = next(one for one in doubt.households if one != kept)
        body = {"household": kept, "other": other, "undo": False}
    elif doubt.check == "pair" and step["step"] == Step.UNDO:
        with database.read() as session:
            held = find_join(session, caller.commune.code, doubt.households)
        body = {"household": held.kept, "other": held.other, "undo": True} if held else None
    if body is None:
        return None
    return record(writers, caller, now, draft, kind="join", subject=draft.change, village=village, body=body).problem
