"""Nội dung cất riêng: what was set aside unread, as far as words can tell it, for who settles the doubt about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.acts import CHANGE_WORDS, OTHER_CHANGE, Act
from survey.doubt_words import doubt_words
from survey.field_words import ANSWER_WORDS, FIELD_WORDS, OUTCOME_WORDS
from survey.figure_words import moment
from survey.ids import Id
from survey.problems import NOT_FOUND
from survey.questions import CATALOGUE
from survey.roles import Role
from survey.villages import full_name
from sync_server.access.caller import Caller
from sync_server.audit import note_look
from sync_server.http.deps import DatabaseDep, NowDep
from sync_server.office.household_words import person_words, shown_words
from sync_server.office.pages import draw
from sync_server.office.visitor import ReviewVisitor
from sync_server.problems import Problem
from sync_server.review.asides import list_contents
from sync_server.review.noticing import list_standing
from sync_server.store.members import list_members
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/review")
MOST = 100
LONGEST = 500
_TIMES = {"started_at": "Bắt đầu, theo giờ máy", "ended_at": "Xong, theo giờ máy"}


@dataclass(frozen=True)
class Shown:
    """One thing that was set aside: what somebody meant to do, and what can be read of it."""

    what: str
    lines: list[tuple[str, str]]


@router.get("/{doubt}/content")
def content_page(request: Request, caller: ReviewVisitor, database: DatabaseDep, now: NowDep, doubt: Id) -> Response:
    """What the doubt is about. That it was looked at is in the audit log, or it is not shown. A lead reads what says
    that it is about the lead's own villages, an official everything."""
    commune = caller.commune.code
    with database.read() as session:
        found = [one for one in list_standing(session, commune, caller.villages) if one.id == doubt]
        if not found or found[0].doubt.check != "aside":
            raise Problem(NOT_FOUND)
        about = found[0]
        contents = list_contents(session, commune, about.doubt.fingerprint)
        names = {one.id: one.name for one in list_members(session, commune)}
        names |= {one.id: full_name(one) for one in list_villages(session, commune, ended=True)}
    may_read = all(_may_read(caller, one) for one in contents)
    if may_read and contents:
        note_look(database, caller, now, Act.READ_CHANGE, subject_kind="doubt", subject=doubt, village=about.village)
    return draw(
        request,
        "review_content.html",
        caller,
        doubt=doubt,
        words=doubt_words(about.doubt, about.village),
        may_read=may_read,
        items=[_shown(one, names) for one in contents[:MOST]] if may_read else [],
        count=len(contents),
    )


def _may_read(caller: Caller, content: Mapping[str, Any]) -> bool:
    return caller.member.role is Role.OFFICIAL or str(content.get("village")) in caller.villages


def _shown(content: Mapping[str, Any], names: Mapping[str, str]) -> Shown:
    kind, body = content.get("kind"), content.get("body")
    what = CHANGE_WORDS.get(kind, OTHER_CHANGE) if isinstance(kind, str) else OTHER_CHANGE
    return Shown(what, _lines(body, names) if isinstance(body, dict) else [])


def _lines(body: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What has a name that people know, in the order in which the forms ask. Anything may have been sent, so nothing
    is taken for granted."""
    lines = [
        (FIELD_WORDS[key], _value(key, body[key], names)) for key in FIELD_WORDS if _is_plain(body.get(key), key, body)
    ]
    lines += [(words, at) for key, words in _TIMES.items() if (at := _moment(body.get(key)))]
    answers = body.get("answers")
    lines += _answers(answers) if isinstance(answers, dict) else []
    residents = body.get("residents")
    for one in residents if isinstance(residents, list) else []:
        lines += _person(one) if isinstance(one, dict) else []
    note = body.get("note")
    if isinstance(note, str) and note:
        lines.append(("Ghi chú", note[:LONGEST]))
    return lines


def _is_plain(value: Any, key: str, body: Mapping[str, Any]) -> bool:
    return key in body and value not in (None, "") and isinstance(value, (str, int))


def _value(key: str, value: Any, names: Mapping[str, str]) -> str:
    if key == "outcome":
        return OUTCOME_WORDS.get(value, "không rõ")
    return shown_words(key, value, names)[:LONGEST]


def _answers(answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (one.asks, ANSWER_WORDS.get(value, "không đọc được"))
        for one in CATALOGUE.values()
        if isinstance(value := answers.get(one.key), (str, int))
    ]


def _person(person: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A person of the household and what they answered."""
    texts = [one if isinstance(one, str) else None for one in (person.get("relation"), person.get("sex"))]
    year = person.get("birth_year")
    who = person_words(texts[0], year if isinstance(year, int) else None, texts[1])
    answers = person.get("answers")
    said = [f"{asks} {words.lower()}" for asks, words in _answers(answers)] if isinstance(answers, dict) else []
    return [(who, "; ".join(said) or "chưa có câu trả lời")]


def _moment(value: Any) -> str:
    try:
        return moment(datetime.fromisoformat(value))
    except (TypeError, ValueError, OverflowError):
        return ""
