"""A visit while it is being filled in: every tap makes a new draft, kept on the phone until it is finished.

Nothing in a draft is answered in advance: what was not asked is None, and consent is None until somebody said a word.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime

from survey.ids import Id
from survey.privacy import CONSENT_WORDING, holds_long_number
from survey.problems import FieldProblem
from survey.questions import CATALOGUE, YES, AskedOfResidents, SurveyForm, check_response
from survey.records import (
    EARLIEST_BIRTH_YEAR,
    AnswerValue,
    Consent,
    Household,
    Outcome,
    Record,
    Resident,
    ResponseBody,
    SurveyRound,
    Text,
)
from survey.vietnam_time import vietnam_year


class ResidentDraft(Record):
    """A resident of the form; birth year and sex are None until they were asked."""

    id: Id
    relation: str = "other"
    birth_year: int | None = None
    sex: str | None = None
    answers: dict[str, AnswerValue] = {}

    def is_asked(self, asked: AskedOfResidents, reference_year: int) -> bool:
        """Whether the question is for this person: not before there is a birth year that can be, nor if they were born
        after the year that ages are counted for."""
        if self.birth_year is None or self.birth_year < EARLIEST_BIRTH_YEAR:
            return False
        return asked.applies_to(reference_year - self.birth_year, self.sex)


class ResponseDraft(Record):
    """One visit in the making. `consent` is True, False or None for "not asked yet"."""

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
    residents: list[ResidentDraft] = []
    note: Text = ""

    def answer(self, key: str, value: AnswerValue) -> "ResponseDraft":
        return self.model_copy(update={"answers": self.answers | {key: value}})

    def agree(self, given: bool, at: datetime) -> "ResponseDraft":
        """What the household said. A refusal is a normal end of the visit."""
        outcome = Outcome.COMPLETED if given else Outcome.REFUSED
        return self.model_copy(update={"consent": given, "consent_at": at, "outcome": outcome})

    def end_as(self, outcome: Outcome) -> "ResponseDraft":
        return self.model_copy(update={"outcome": outcome})

    def change_resident(self, who: str, **fields: Any) -> "ResponseDraft":
        people = [one.model_copy(update=fields) if one.id == who else one for one in self.residents]
        return self.model_copy(update={"residents": people})

    def answer_of(self, who: str, key: str, value: AnswerValue) -> "ResponseDraft":
        people = [
            one.model_copy(update={"answers": one.answers | {key: value}}) if one.id == who else one
            for one in self.residents
        ]
        return self.model_copy(update={"residents": people})

    def add_resident(self, identity: str, relation: str) -> "ResponseDraft":
        return self.model_copy(update={"residents": [*self.residents, ResidentDraft(id=identity, relation=relation)]})

    def remove_resident(self, who: str) -> "ResponseDraft":
        return self.model_copy(update={"residents": [one for one in self.residents if one.id != who]})


DraftChange = Callable[[ResponseDraft], ResponseDraft]
"""One tap: from the form as it is to the form as it becomes."""


def start_draft(
    household_id: str, village: str, household: Household, seen: int, survey_round: str, at: datetime
) -> ResponseDraft:
    """A new visit, filled from the household's present answers where it was surveyed before."""
    current = household.current or {}
    before = current if current.get("outcome") == Outcome.COMPLETED else {}
    return ResponseDraft(
        household=household_id,
        village=village,
        round=survey_round,
        based_on=current.get("id"),
        seen=seen,
        started_at=at,
        answers=dict(before.get("answers") or {}),
        residents=[ResidentDraft.model_validate(one) for one in before.get("residents") or []],
    )


def reopen(response: ResponseBody, village: str, seen: int, at: datetime) -> ResponseDraft:
    """The form of a visit that came back, with everything that was written; consent was given then and stays."""
    consent = response.consent
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
        residents=[ResidentDraft.model_validate(one.model_dump()) for one in response.residents],
        note=response.note or "",
    )


def latest_birth_year(survey_round: SurveyRound, at: datetime) -> int:
    """The last year in which somebody met then can be born: Vietnam's year at the visit. Where the phone's clock is
    behind the round, the round's year."""
    return max(survey_round.reference_year, vietnam_year(at))


def open_questions(
    draft: ResponseDraft, form: SurveyForm, survey_round: SurveyRound, at: datetime
) -> Iterator[FieldProblem]:
    """What still has to be asked before the visit can be finished, in the order of the form. Ages are those of the
    round, whenever the visit is; births are possible until the year that it is."""
    latest = latest_birth_year(survey_round, at)
    if draft.outcome is not Outcome.COMPLETED:
        return
    if draft.consent is None:
        yield FieldProblem(pointer="/consent", detail="Hỏi hộ có đồng ý trả lời không trước khi ghi phiếu.")
    if not draft.residents:
        yield FieldProblem(pointer="/residents", detail="Thêm ít nhất một người đang sống trong nhà.")
    for place, resident in enumerate(draft.residents):
        pointer = f"/residents/{place}"
        if resident.birth_year is None:
            yield FieldProblem(pointer=f"{pointer}/birth_year", detail="Ghi năm sinh đủ 4 chữ số.")
        elif not EARLIEST_BIRTH_YEAR <= resident.birth_year <= latest:
            detail = f"Năm sinh {resident.birth_year} không đúng: phải từ {EARLIEST_BIRTH_YEAR} đến {latest}."
            yield FieldProblem(pointer=f"{pointer}/birth_year", detail=detail)
        if resident.sex is None:
            yield FieldProblem(pointer=f"{pointer}/sex", detail="Chọn nam hoặc nữ.")
        for asked in form.resident_questions:
            key = asked.question.key
            if resident.is_asked(asked, survey_round.reference_year) and resident.answers.get(key) is None:
                yield FieldProblem(pointer=f"{pointer}/answers/{key}", detail=asked.question.asks)
    for question in form.household_questions:
        if question.only_if and draft.answers.get(question.only_if) != YES:
            continue
        if draft.answers.get(question.key) is None:
            yield FieldProblem(pointer=f"/answers/{question.key}", detail=question.asks)
    if holds_long_number(draft.note):
        detail = "Ghi chú có dãy số dài. Không ghi số giấy tờ, số tài khoản hay số điện thoại vào đây."
        yield FieldProblem(pointer="/note", detail=detail)


def finish(
    draft: ResponseDraft, form: SurveyForm, survey_round: SurveyRound, at: datetime
) -> tuple[ResponseBody | None, list[FieldProblem]]:
    """The finished visit, or None with what is missing or impossible. Answers that do not apply are dropped."""
    problems = list(open_questions(draft, form, survey_round, at))
    if problems:
        return None, problems
    completed = draft.outcome is Outcome.COMPLETED
    response = ResponseBody(
        household=draft.household,
        round=draft.round,
        based_on=draft.based_on,
        outcome=draft.outcome,
        consent=_consent(draft),
        started_at=draft.started_at,
        ended_at=at,
        answers=_household_answers(draft) if completed else {},
        residents=[_resident(one, form, survey_round.reference_year) for one in draft.residents] if completed else [],
        note=draft.note or None,
    )
    problems = check_response(response, latest_birth_year(survey_round, at))
    return (None, problems) if problems else (response, [])


def _consent(draft: ResponseDraft) -> Consent | None:
    if draft.consent is None or draft.consent_at is None:
        return None
    return Consent(given=draft.consent, wording=CONSENT_WORDING, method="spoken", at=draft.consent_at)


def _household_answers(draft: ResponseDraft) -> dict[str, AnswerValue]:
    answers = dict(draft.answers)
    for question in CATALOGUE.values():
        if question.only_if and question.key in answers and answers.get(question.only_if) != YES:
            answers[question.key] = None
    return answers


def _resident(draft: ResidentDraft, form: SurveyForm, reference_year: int) -> Resident:
    """The resident with the answers to what people of this age are asked, and to what another form asked before."""
    not_asked = {asked.question.key for asked in form.resident_questions if not draft.is_asked(asked, reference_year)}
    answers = {key: value for key, value in draft.answers.items() if key not in not_asked}
    return Resident.model_validate(draft.model_dump() | {"answers": answers})
