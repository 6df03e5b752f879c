"""The demo's back-checks: a draw as in any commune, and a third of the families asked again by the official.

Most say the same. A few do not, as in honest communes, so that the tables show what they are for: no member's families
differ so often that the member is asked about it.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from random import Random
from typing import Any

from survey.agreement import MANY_OTHERWISE
from survey.back_checks import ADULT, HARD_QUESTIONS, Again, Asks, is_met
from survey.questions import NO, YES
from survey.records import AnswerValue, Outcome, Resident
from sync_server.access.caller import Caller
from sync_server.review.asking_again import answer, list_waiting
from sync_server.review.drawing import draw_visits
from sync_server.store.back_checks import BackCheck
from sync_server.store.communes import list_rounds
from sync_server.store.database import Database, Session
from sync_server.store.responses import list_bodies

EVERY = 3
"""One in so many of the families that were drawn is asked; the others still wait."""
DIFFERING = 0.08
"""The share of families that say otherwise than was written."""
_FORGOTTEN = 0.05
"""The share of families that do not know whether somebody came."""
_UNSURE = {YES: 0.06, NO: 0.25}
"""How many answer a hard question otherwise, by what they answered first: about as many one way as the other."""


def ask_some_again(database: Database, official: Caller, now: datetime) -> tuple[int, int]:
    """Draw, and keep what a third of the drawn families say to the official; how many were asked and how many wait.

    The same draw gives the same answers.
    """
    commune = official.commune.code
    draw_visits(database, commune, now)
    with database.write() as session:
        waiting = list_waiting(session, commune)
        asked = waiting[::EVERY]
        for visit, again in _make_answers(session, commune, asked).items():
            answer(session, official, visit, again, now)
    return len(asked), len(waiting) - len(asked)


def _make_answers(session: Session, commune: str, asked: list[BackCheck]) -> dict[str, Again]:
    random = Random("hỏi lại")  # noqa: S311 made-up data, not a secret
    bodies = list_bodies(session, commune, [one.id for one in asked])
    year = list_rounds(session, commune)[0].reference_year
    differing = _choose(random, [one for one in asked if is_met(str(bodies[one.id]["outcome"]))])
    told = {one.id: _told_again(random, bodies[one.id], year, one.asks) for one in asked}
    return {visit: _otherwise(random, again) if visit in differing else again for visit, again in told.items()}


def _choose(random: Random, met: Iterable[BackCheck]) -> set[str]:
    """The visits whose families say otherwise: of each member fewer than would be asked about."""
    families = list(met)
    wanted = round(len(families) * DIFFERING)
    of_member: Counter[str] = Counter()
    chosen: set[str] = set()
    for one in random.sample(families, len(families)):
        if len(chosen) < wanted and of_member[one.member] < MANY_OTHERWISE - 1:
            of_member[one.member] += 1
            chosen.add(one.id)
    return chosen


def _told_again(random: Random, body: dict[str, Any], year: int, asks: Asks) -> Again:
    """What the family says when it remembers what was written, or as much as it could know."""
    if not is_met(body["outcome"]):
        is_empty = body["outcome"] in {Outcome.VACANT, Outcome.MOVED}
        came = "yes" if body["outcome"] == Outcome.REFUSED else "dont_know"
        return Again.model_validate({"came": came, "adults": 0 if is_empty else None})
    residents = [Resident.model_validate(one) for one in body["residents"]]
    person = next((one for one in residents if one.id == asks.resident), None)
    written: dict[str, AnswerValue] = person.answers if person else {}
    answers = {one.question: written[one.question] for one in asks.measures}
    for key in sorted(HARD_QUESTIONS & answers.keys()):
        answers[key] = _turned(answers[key]) if random.random() < _UNSURE.get(str(answers[key]), 0) else answers[key]
    came = "dont_know" if random.random() < _FORGOTTEN else "yes"
    adults = sum(one.age_in(year) >= ADULT for one in residents)
    return Again.model_validate({"came": came, "adults": adults, "answers": answers})


def _otherwise(random: Random, again: Again) -> Again:
    """One thing that members are measured by is not as it was written: an answer, or how many adults live there."""
    key = random.choice([*(one for one in again.answers if one not in HARD_QUESTIONS), None])
    if key is None:
        return again.model_copy(update={"adults": (again.adults or 0) + 1})
    return again.model_copy(update={"answers": again.answers | {key: _turned(again.answers[key])}})


def _turned(value: AnswerValue) -> AnswerValue:
    return NO if value == YES else YES
