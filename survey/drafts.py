"""A visit while it is being filled in: every tap makes a new draft, kept on the phone until it is finished.

No answer has a default: what was not asked is None, and consent is None until the household said yes or no.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, TypeAdapter

from survey.ids import Id
from survey.questions import UNKNOWN, AskedOfResidents, Question, SurveyForm
from survey.records import (
    EARLIEST_BIRTH_YEAR,
    AnswerValue,
    Departure,
    Household,
    Outcome,
    QuestionKey,
    Record,
    ResponseBody,
    SameAsLast,
    SurveyRound,
    Text,
)
from survey.splitting import NO_KIN, Kin, people_of_next_form
from survey.times import vietnam_day


class ResidentDraft(Record):
    """A resident in a form; birth year and sex are None until they were asked.

    `added` means added in this form, not met last time. A person who was `taken_out` (with the reason) stays in the
    form and can be put back until it is saved; `split_to` is the household that they went to when the family split.
    Who came along into such a household has `former_relation`, and no `relation` until it was asked.
    """

    id: Id
    relation: str = "other"
    birth_year: int | None = None
    sex: str | None = None
    answers: dict[str, AnswerValue] = {}
    same_as_last: SameAsLast = {}
    helped: list[QuestionKey] = []
    added: bool = False
    taken_out: Departure | None = None
    split_to: Id | None = None
    former_relation: str | None = None

    def is_asked(self, asked: AskedOfResidents, reference_year: int) -> bool:
        """Whether this person is asked the question, by sex and age in `reference_year`. Nobody is asked before a
        possible birth year was given, or if born after `reference_year`."""
        if self.birth_year is None or self.birth_year < EARLIEST_BIRTH_YEAR:
            return False
        return asked.applies_to(reference_year - self.birth_year, self.sex)

    def asked(self, form: SurveyForm, reference_year: int) -> list[Question]:
        """The questions that the form asks this person now."""
        return [one.question for one in form.resident_questions if self.is_asked(one, reference_year)]

    def asked_answers(self, form: SurveyForm, reference_year: int) -> dict[str, AnswerValue]:
        """This person's answers to the questions that the form asks them now."""
        asked = self.asked(form, reference_year)
        return {one.key: self.answers[one.key] for one in asked if one.key in self.answers}


def answers_to_household_questions(answers: Mapping[str, AnswerValue], form: SurveyForm) -> dict[str, AnswerValue]:
    """Keep only the household's answers to questions that the form asks it now."""
    return {one.key: answers[one.key] for one in form.asked_of_household(answers) if one.key in answers}


def answers_that_hold(
    answers: Mapping[str, AnswerValue], same: SameAsLast, last_at: datetime, since: datetime | None
) -> SameAsLast:
    """The answers of a visit at `last_at` that the next one need not ask if nothing has changed, and when each was
    really asked. Not those that were unknown then, nor those asked before `since`: they are asked again."""
    told = {key: same.get(key, last_at) for key, value in answers.items() if value not in (None, UNKNOWN)}
    return {key: at for key, at in told.items() if since is None or at >= since}


class ResponseDraft(Record):
    """A visit being filled in. `consent` is None until it was asked. `based_on` is the visit that the form was filled
    from, `seen` the household's sequence at that time. `listed` means that the list of the family is finished, and that
    its people are asked one by one; `compared`, that the family heard what it said last time.
    """

    household: Id
    village: Id
    round: Id
    based_on: Id | None = None
    seen: int = 0
    started_at: AwareDatetime
    outcome: Outcome = Outcome.COMPLETED
    consent: bool | None = None
    consent_at: AwareDatetime | None = None
    answers: dict[str, AnswerValue] = {}
    same_as_last: SameAsLast = {}
    helped: list[QuestionKey] = []
    residents: list[ResidentDraft] = []
    listed: bool = False
    compared: bool = False
    note: Text = ""

    def answer(self, key: str, value: AnswerValue) -> "ResponseDraft":
        return self.model_copy(update=_answered(self, key, value))

    def agree(self, given: bool, at: datetime) -> "ResponseDraft":
        """Record the household's yes or no. A no sets the outcome "refused", which is a normal end of a visit."""
        outcome = Outcome.COMPLETED if given else Outcome.REFUSED
        return self.model_copy(update={"consent": given, "consent_at": at, "outcome": outcome})

    def noting(self, note: str) -> "ResponseDraft":
        return self.model_copy(update={"note": note})

    def end_as(self, outcome: Outcome) -> "ResponseDraft":
        return self.model_copy(update={"outcome": outcome})

    def change_resident(self, who: str, **fields: Any) -> "ResponseDraft":
        people = [one.model_copy(update=fields) if one.id == who else one for one in self.residents]
        return self.model_copy(update={"residents": people})

    def answer_of(self, who: str, key: str, value: AnswerValue) -> "ResponseDraft":
        people = [one.model_copy(update=_answered(one, key, value)) if one.id == who else one for one in self.residents]
        return self.model_copy(update={"residents": people})

    def help_with(self, who: str | None, key: str, value: AnswerValue) -> "ResponseDraft":
        """The team has helped somebody, or the household if `who` is None: the answer is `value` from now on."""
        if who is None:
            return self.answer(key, value).model_copy(update={"helped": [*self.helped, key]})
        answered = self.answer_of(who, key, value)
        someone = answered.find_resident(who)
        return answered.change_resident(who, helped=[*someone.helped, key]) if someone else answered

    def add_resident(self, identity: str, relation: str, sex: str | None = None) -> "ResponseDraft":
        someone = ResidentDraft(id=identity, relation=relation, sex=sex, added=True)
        return self.model_copy(update={"residents": [*self.residents, someone]})

    def compare(self) -> "ResponseDraft":
        """The family heard what it said last time, and was asked what has changed."""
        return self.model_copy(update={"compared": True})

    def list_is(self, finished: bool) -> "ResponseDraft":
        return self.model_copy(update={"listed": finished})

    def find_resident(self, who: str) -> ResidentDraft | None:
        return next((one for one in self.residents if one.id == who), None)

    @property
    def is_repeat(self) -> bool:
        """Whether the form was filled with the people of this household's last visit."""
        return any(self.was_there(one) for one in self.residents)

    @property
    def compares(self) -> bool:
        """Whether the family hears what was said last time, be it in the household that they came from."""
        return self.is_repeat or any(one.former_relation for one in self.residents)

    @property
    def present(self) -> list[ResidentDraft]:
        """The people who live there according to this form, without those taken out."""
        return [one for one in self.residents if not one.taken_out]

    def was_there(self, resident: ResidentDraft) -> bool:
        """Whether the person was on the last visit's list. Taking such a person out needs a reason."""
        return self.based_on is not None and not resident.added

    def take_out(self, who: str, reason: Departure = Departure.MISTAKE) -> "ResponseDraft":
        """Take a person out of the form. The reason matters only for somebody who was there last time."""
        return self.change_resident(who, taken_out=reason)

    def put_back(self, who: str) -> "ResponseDraft":
        """Put a person who was taken out back into the form, with all their answers."""
        return self.change_resident(who, taken_out=None, split_to=None)


def _answered(one: ResidentDraft | ResponseDraft, key: str, value: AnswerValue) -> dict[str, Any]:
    """What an answer given today changes: it is not the last visit's any more, nor the work of the team's help."""
    return {
        "answers": one.answers | {key: value},
        "same_as_last": {name: at for name, at in one.same_as_last.items() if name != key},
        "helped": [name for name in one.helped if name != key],
    }


def with_consent_of_today(draft: ResponseDraft, now: datetime, since: datetime | None) -> ResponseDraft:
    """Reset a consent that was not given for this visit: on another day, or before the phone belonged to this person
    (`since`). Only consent is asked again; the answers stay."""
    at = draft.consent_at
    if at is None or (vietnam_day(at) == vietnam_day(now) and (since is None or since <= at)):
        return draft
    return draft.model_copy(update={"consent": None, "consent_at": None, "outcome": Outcome.COMPLETED})


DraftChange = Callable[[ResponseDraft], ResponseDraft]
"""The effect of one tap: takes the present draft, returns the new one."""


def start_draft(
    household_id: str,
    village: str,
    household: Household,
    seen: int,
    survey_round: SurveyRound,
    form: SurveyForm,
    at: datetime,
    kin: Kin = NO_KIN,
) -> ResponseDraft:
    """Start a new visit, filled from the household's present answers if it was surveyed before. Answers to questions
    that the form does not ask now, or that a lead wants asked again, are left out. `seen` is the household's sequence.

    The first form of a household that split off has the people who came along, with the answers that they gave; who
    split off from this one is taken out, and can be put back. That of a household of the commune's list of people has
    whom the list names, to be looked through."""
    current = household.current or {}
    before = current if current.get("outcome") == Outcome.COMPLETED else {}
    visit = ResponseDraft(
        household=household_id,
        village=village,
        round=survey_round.id,
        based_on=current.get("id"),
        seen=seen,
        started_at=at,
    )
    family = people_of_next_form(household, kin)
    if not before and not family:
        return visit
    told = before or (kin.former.current if kin.former else None) or {}
    last_at = datetime.fromisoformat(told["ended_at"]) if "ended_at" in told else household.visited_at or at
    since = survey_round.answers_hold_since(at)

    def carried(answers: dict[str, AnswerValue], same: SameAsLast) -> dict[str, Any]:
        still = answers_that_hold(answers, same, last_at, since)
        for key in household.ask_again.keys if household.ask_again else ():
            still.pop(key, None)
        return {"answers": {key: answers[key] for key in still}, "same_as_last": still, "helped": []}

    people = [ResidentDraft.model_validate(one) for one in family]
    asked = [(one, one.asked_answers(form, survey_round.reference_year)) for one in people]
    house = answers_to_household_questions(before.get("answers") or {}, form)
    return visit.model_copy(
        update={
            **carried(house, TypeAdapter(SameAsLast).validate_python(before.get("same_as_last") or {})),
            "residents": [one.model_copy(update=carried(answers, one.same_as_last)) for one, answers in asked],
            # Whom only a list names is looked through first, as a family that is told person by person.
            "listed": bool(people) and not (household.listed_people and not before),
        }
    )


def reopen(response: ResponseBody, village: str, household: Household | None, seen: int) -> ResponseDraft:
    """Put a visit that the server returned as invalid back into a form, with all its answers and its consent.

    If `household` still shows the answers that the visit was filled from, people who are not among them count as
    `added`. If it shows other answers by now, everybody in the form counts as having been there before, so that nobody
    is taken out without a reason.
    """
    consent = response.consent
    current = (household.current if household else None) or {}
    is_base = current.get("id") == response.based_on
    before = {one["id"] for one in current.get("residents") or []}
    people = [
        ResidentDraft.model_validate(one.model_dump() | {"added": is_base and one.id not in before})
        for one in response.residents
    ]
    gone = [
        ResidentDraft(
            id=one.id,
            relation=one.relation,
            birth_year=one.birth_year,
            sex=one.sex,
            taken_out=Departure(one.reason),
            split_to=one.split_to,
        )
        for one in response.left
    ]
    return ResponseDraft(
        household=response.household,
        village=village,
        round=response.round,
        based_on=response.based_on,
        seen=seen,
        started_at=response.started_at,
        outcome=response.outcome,
        consent=consent.given if consent else None,
        consent_at=consent.at if consent else None,
        answers=dict(response.answers),
        same_as_last=response.same_as_last,
        helped=response.helped,
        residents=[*people, *gone],
        listed=bool(people),
        compared=True,
        note=response.note or "",
    )
