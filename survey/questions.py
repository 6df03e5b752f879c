"""The catalogue of questions with their possible answers, and the check of a visit.

A form asks only what the commune's criteria need: `form_for` derives it, nothing else decides what is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from survey.free_text import check_texts
from survey.privacy import ADULT_NAME_AGE
from survey.problem_shapes import FieldProblem
from survey.records import (
    EARLIEST_BIRTH_YEAR,
    RELATIONS,
    AnswerValue,
    Consent,
    LeftResident,
    Outcome,
    Resident,
    ResponseBody,
)

YES, NO, UNKNOWN = "yes", "no", "unknown"


class About(StrEnum):
    RESIDENT = "resident"
    HOUSEHOLD = "household"


@dataclass(frozen=True)
class Question:
    """One question: `asks` is read to the household, `choices` are the answers besides "unknown"."""

    key: str
    about: About
    asks: str
    choices: tuple[str | int, ...] = (YES, NO)
    only_if: str | None = None  # asked only where this other question was answered yes

    def accepts(self, value: AnswerValue) -> bool:
        """Whether the value is an answer to this question; None is "not asked"."""
        return value is None or value == UNKNOWN or (value in self.choices and not isinstance(value, bool))


CATALOGUE: dict[str, Question] = {
    question.key: question
    for question in (
        Question("has_smartphone", About.RESIDENT, "Có dùng điện thoại thông minh không?"),
        Question("has_payment_account", About.RESIDENT, "Có tài khoản thanh toán điện tử không?"),
        Question("vneid_level", About.RESIDENT, "Tài khoản VNeID đã kích hoạt đến mức nào?", (0, 1, 2)),
        Question("uses_online_services", About.RESIDENT, "Có biết nộp hồ sơ, dùng dịch vụ công trực tuyến không?"),
        Question("has_digital_signature", About.RESIDENT, "Có chữ ký số cá nhân không?"),
        Question("has_ehealth_record", About.RESIDENT, "Có sổ sức khỏe điện tử không?"),
        Question("has_fixed_internet", About.HOUSEHOLD, "Nhà có lắp Internet cáp quang không?"),
        Question("has_digital_address", About.HOUSEHOLD, "Nhà có địa chỉ số trên bản đồ không?"),
        Question("in_village_group", About.HOUSEHOLD, "Nhà có ai trong nhóm Zalo của thôn không?"),
        Question("has_fluent_user", About.HOUSEHOLD, "Nhà có ai dùng thành thạo điện thoại, máy tính nối mạng không?"),
        Question("signal", About.HOUSEHOLD, "Sóng điện thoại tại nhà thế nào?", ("good", "weak", "none")),
        Question("runs_business", About.HOUSEHOLD, "Nhà có kinh doanh, buôn bán không?"),
        Question(
            "accepts_cashless",
            About.HOUSEHOLD,
            "Cửa hàng có nhận chuyển khoản, quét mã QR không?",
            only_if="runs_business",
        ),
    )
}


@dataclass(frozen=True)
class AskedOfResidents:
    """A resident question in a form, and the ages at which it is asked (the widest range that any criterion needs)."""

    question: Question
    age_min: int
    age_max_male: int | None
    age_max_female: int | None

    def applies_to(self, age: int, sex: str | None) -> bool:
        """Whether a person of this age and sex is asked. If the sex is None, the limits of either are enough."""
        limits = {"m": (self.age_max_male,), "f": (self.age_max_female,)}
        oldest = limits.get(sex or "", (self.age_max_male, self.age_max_female))
        return age >= self.age_min and any(limit is None or age <= limit for limit in oldest)


@dataclass(frozen=True)
class SurveyForm:
    """What one commune asks: resident questions with their age ranges, household questions in order."""

    resident_questions: tuple[AskedOfResidents, ...]
    household_questions: tuple[Question, ...]

    def asked_of_household(self, answers: Mapping[str, AnswerValue]) -> list[Question]:
        """The questions for a household with these answers. One that depends on another is asked only after a yes."""
        return [one for one in self.household_questions if not one.only_if or answers.get(one.only_if) == YES]


def check_response(response: ResponseBody, latest_year: int) -> list[FieldProblem]:
    """A problem for each field of a visit that is impossible; an empty list if the visit can be accepted.

    `latest_year` is the latest possible birth year. Answers to questions that this program does not know are accepted:
    a newer form asked them. A relation that it does not know is refused: free text there would say more about a person
    than was agreed to, and merging tells people apart by it. A server knows all relations that its phones send, because
    it is upgraded before them.
    """
    problems = check_texts(response)
    if response.outcome is Outcome.COMPLETED:
        problems += _check_consent(response.consent)
    elif response.residents or response.left or any(value is not None for value in response.answers.values()):
        problems.append(FieldProblem(pointer="/answers", detail="Phiếu không hỏi được thì không ghi câu trả lời nào."))
    problems += _check_answers(response.answers, About.HOUSEHOLD, "/answers")
    seen: set[str] = set()
    for place, resident in enumerate(response.residents):
        pointer = f"/residents/{place}"
        problems += _check_resident(resident, pointer, latest_year)
        if resident.id in seen:
            problems.append(FieldProblem(pointer=pointer, detail="Người này bị ghi hai lần trong phiếu."))
        seen.add(resident.id)
    for place, gone in enumerate(response.left):
        pointer = f"/left/{place}"
        problems += _check_left(gone, pointer, latest_year)
        if gone.id in seen:
            problems.append(
                FieldProblem(pointer=pointer, detail="Một người không thể vừa đang sống trong nhà vừa đã rời nhà.")
            )
        seen.add(gone.id)
    return problems


def _check_left(gone: LeftResident, pointer: str, latest_year: int) -> list[FieldProblem]:
    """Check one departure. Only the server sets `by` and `at`: a visit that sends them is refused."""
    problems = _check_traits(gone.relation, gone.birth_year, pointer, latest_year)
    said = [name for name in ("by", "at") if getattr(gone, name)]
    return problems + [FieldProblem(pointer=f"{pointer}/{name}", detail="Mục này do máy chủ ghi.") for name in said]


def _check_consent(consent: Consent | None) -> list[FieldProblem]:
    if consent is None or not consent.given:
        return [
            FieldProblem(
                pointer="/consent",
                detail="Chưa ghi sự đồng ý của hộ. Hỏi ý kiến trước; nếu hộ không đồng ý, chọn kết quả “Từ chối”.",
            )
        ]
    return []


def wrong_birth_year(pointer: str, birth_year: int, latest_year: int) -> FieldProblem:
    """The problem for an impossible birth year: before `EARLIEST_BIRTH_YEAR` or after `latest_year`."""
    return FieldProblem.filled(
        pointer,
        "Năm sinh {year} không đúng: phải từ {earliest} đến {latest}.",
        year=str(birth_year),
        earliest=str(EARLIEST_BIRTH_YEAR),
        latest=str(latest_year),
    )


def _check_traits(relation: str, birth_year: int | None, pointer: str, latest_year: int) -> list[FieldProblem]:
    problems = []
    if relation not in RELATIONS:
        problems.append(
            FieldProblem(
                pointer=f"{pointer}/relation", detail="Quan hệ với chủ hộ không đúng: chọn một trong các mục có sẵn."
            )
        )
    if birth_year is not None and not EARLIEST_BIRTH_YEAR <= birth_year <= latest_year:
        problems.append(wrong_birth_year(f"{pointer}/birth_year", birth_year, latest_year))
    return problems


def _check_resident(resident: Resident, pointer: str, latest_year: int) -> list[FieldProblem]:
    problems = _check_answers(resident.answers, About.RESIDENT, f"{pointer}/answers")
    problems += _check_traits(resident.relation, resident.birth_year, pointer, latest_year)
    if resident.name and resident.age_in(latest_year) < ADULT_NAME_AGE:
        problems.append(
            FieldProblem.filled(
                f"{pointer}/name",
                "Không ghi tên người dưới {age} tuổi. Để trống tên của người này.",
                age=ADULT_NAME_AGE,
            )
        )
    return problems


def _check_answers(answers: dict[str, AnswerValue], about: About, pointer: str) -> list[FieldProblem]:
    problems = []
    for key, value in answers.items():
        question = CATALOGUE.get(key)
        if question and not (question.about is about and question.accepts(value)):
            problems.append(
                FieldProblem.filled(
                    f"{pointer}/{key}", "Câu trả lời không hợp lệ cho “{question}”.", question=question.asks
                )
            )
    return problems
