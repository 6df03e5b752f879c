"""Finishing a form: what still has to be asked, and the visit that it becomes."""

from collections.abc import Iterator
from datetime import datetime

from survey.drafts import ResidentDraft, ResponseDraft
from survey.privacy import (
    ADULT_NAME_AGE,
    CONSENT_WORDING,
    CONSENT_WORDING_OF_REPEAT,
    holds_long_number,
    is_child_as_head,
)
from survey.problem_shapes import FieldProblem
from survey.questions import SurveyForm, check_response, wrong_birth_year
from survey.records import (
    EARLIEST_BIRTH_YEAR,
    AnswerValue,
    Consent,
    Departure,
    LeftResident,
    Outcome,
    Resident,
    ResponseBody,
    SameAsLast,
    SurveyRound,
)
from survey.times import vietnam_year

_ONLY_IN_A_FORM = {"added", "taken_out", "split_to", "former_relation"}


def latest_birth_year(survey_round: SurveyRound, at: datetime) -> int:
    """The latest possible birth year of a person met at `at`: that year in Vietnam, or the round's reference year if
    the phone's clock is behind it."""
    return max(survey_round.reference_year, vietnam_year(at))


def open_questions(
    draft: ResponseDraft, form: SurveyForm, survey_round: SurveyRound, at: datetime
) -> Iterator[FieldProblem]:
    """Yield a problem for each thing that must be asked or corrected before the visit can be finished, in the order of
    the form; none for a visit that got no answers. Ages are counted for the round's reference year, while a birth year
    may be as late as the year of the visit."""
    latest = latest_birth_year(survey_round, at)
    if draft.outcome is not Outcome.COMPLETED:
        return
    if draft.consent is None:
        yield FieldProblem(pointer="/consent", detail="Hỏi hộ có đồng ý trả lời không trước khi ghi phiếu.")
    if not draft.present:
        yield FieldProblem(pointer="/residents", detail="Thêm ít nhất một người đang sống trong nhà.")
    for place, resident in enumerate(draft.residents):
        if resident.taken_out:
            continue
        pointer = f"/residents/{place}"
        if not resident.relation:
            yield FieldProblem(pointer=f"{pointer}/relation", detail="Chọn người này là gì của chủ hộ mới.")
        if resident.birth_year is None:
            yield FieldProblem(pointer=f"{pointer}/birth_year", detail="Ghi năm sinh đủ 4 chữ số.")
        elif not EARLIEST_BIRTH_YEAR <= resident.birth_year <= latest:
            yield wrong_birth_year(f"{pointer}/birth_year", resident.birth_year, latest)
        elif is_child_as_head(resident.relation, resident.birth_year, latest):
            yield FieldProblem.filled(
                f"{pointer}/birth_year",
                "Chủ hộ phải là người từ {age} tuổi: không ghi tên trẻ em. Bỏ người này ra, thêm lại là “Con trai”, "
                "“Con gái” hoặc “Người khác”, và sửa tên chủ hộ thành tên người lớn.",
                age=ADULT_NAME_AGE,
            )
        if resident.sex is None:
            yield FieldProblem(pointer=f"{pointer}/sex", detail="Chọn nam hoặc nữ.")
        for asked in form.resident_questions:
            key = asked.question.key
            if resident.is_asked(asked, survey_round.reference_year) and resident.answers.get(key) is None:
                yield FieldProblem(pointer=f"{pointer}/answers/{key}", detail=asked.question.asks)
    for question in form.asked_of_household(draft.answers):
        if draft.answers.get(question.key) is None:
            yield FieldProblem(pointer=f"/answers/{question.key}", detail=question.asks)
    if holds_long_number(draft.note):
        yield FieldProblem(
            pointer="/note",
            detail="Ghi chú có dãy số dài. Không ghi số giấy tờ, số tài khoản hay số điện thoại vào đây.",
        )


def finish(
    draft: ResponseDraft, form: SurveyForm, survey_round: SurveyRound, at: datetime
) -> tuple[ResponseBody | None, list[FieldProblem]]:
    """The finished visit and no problems, or None with what is missing or impossible.

    Answers to questions of this form that do not apply, by age, sex or the answer they depend on, are not sent; the
    merge keeps earlier answers to them. Answers to questions outside this form are sent: an earlier form asked them.
    """
    problems = list(open_questions(draft, form, survey_round, at))
    if problems:
        return None, problems
    completed = draft.outcome is Outcome.COMPLETED
    answers = _without(draft.answers, _not_asked(draft, form)) if completed else {}
    response = ResponseBody(
        household=draft.household,
        round=draft.round,
        based_on=draft.based_on,
        outcome=draft.outcome,
        consent=_consent(draft),
        started_at=draft.started_at,
        ended_at=at,
        answers=answers,
        same_as_last=_among(answers, draft.same_as_last),
        helped=[key for key in draft.helped if key in answers],
        residents=[_resident(one, form, survey_round.reference_year) for one in draft.present] if completed else [],
        left=list(_left(draft, latest_birth_year(survey_round, at))) if completed else [],
        note=draft.note or None,
    )
    problems = check_response(response, latest_birth_year(survey_round, at))
    return (None, problems) if problems else (response, [])


def _consent(draft: ResponseDraft) -> Consent | None:
    if draft.consent is None or draft.consent_at is None:
        return None
    wording = CONSENT_WORDING_OF_REPEAT if draft.is_repeat else CONSENT_WORDING
    return Consent(given=draft.consent, wording=wording, method="spoken", at=draft.consent_at)


def _resident(draft: ResidentDraft, form: SurveyForm, reference_year: int) -> Resident:
    not_asked = {one.question.key for one in form.resident_questions if not draft.is_asked(one, reference_year)}
    answers = _without(draft.answers, not_asked)
    told = {"answers": answers, "same_as_last": _among(answers, draft.same_as_last)}
    return Resident.model_validate(draft.model_dump(exclude=_ONLY_IN_A_FORM) | told)


def _not_asked(draft: ResponseDraft, form: SurveyForm) -> set[str]:
    """Keys of the form's household questions that do not apply, given the other answers."""
    return {one.key for one in form.household_questions} - {one.key for one in form.asked_of_household(draft.answers)}


def _without(answers: dict[str, AnswerValue], keys: set[str]) -> dict[str, AnswerValue]:
    return {key: value for key, value in answers.items() if key not in keys}


def _among(answers: dict[str, AnswerValue], same: SameAsLast) -> SameAsLast:
    return {key: at for key, at in same.items() if key in answers}


def _left(draft: ResponseDraft, latest: int) -> Iterator[LeftResident]:
    """The people who were there last time and were taken out. An impossible birth year is left out."""
    for one in draft.residents:
        if one.taken_out and draft.was_there(one):
            possible = one.birth_year is not None and EARLIEST_BIRTH_YEAR <= one.birth_year <= latest
            yield LeftResident(
                id=one.id,
                relation=one.relation,
                birth_year=one.birth_year if possible else None,
                sex=one.sex,
                reason=Departure(one.taken_out),
                split_to=one.split_to,
            )
