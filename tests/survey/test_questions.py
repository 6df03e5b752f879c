"""What can be kept as a visit, and what is impossible, field by field."""

import pytest
from hypothesis import given

from survey.questions import CATALOGUE, About, check_response
from survey.records import ResponseBody
from tests.builders import NOW, YEAR, a_consent, a_resident, a_response, an_id
from tests.survey.strategies import any_visits


def pointers(response: ResponseBody) -> list[str]:
    found = check_response(response, YEAR)
    assert all(problem.detail.strip() for problem in found)
    return [problem.pointer for problem in found]


def test_complete_visit_is_kept():
    assert pointers(a_response()) == []


@given(any_visits)
def test_whatever_two_people_may_have_written_is_kept(visit):
    completed = {"round": an_id(1), "started_at": NOW, "ended_at": NOW, "consent": a_consent()}
    response = ResponseBody.model_validate(visit | completed)
    minors = {f"/residents/{at}/name" for at, one in enumerate(response.residents) if one.age_in(YEAR) < 16}
    assert set(pointers(response)) <= minors


@pytest.mark.parametrize("consent", [None, a_consent(given=False)])
def test_answers_need_consent(consent):
    assert pointers(a_response(consent=consent)) == ["/consent"]


@pytest.mark.parametrize("outcome", ["refused", "absent", "vacant", "moved"])
def test_a_visit_without_answers_holds_none(outcome):
    assert pointers(a_response(outcome=outcome)) == []
    assert pointers(a_response(outcome=outcome, consent=None)) == []
    assert pointers(a_response(outcome=outcome, answers={"signal": None})) == []
    assert pointers(a_response(outcome=outcome, answers={"signal": "weak"})) == ["/answers"]
    assert pointers(a_response(outcome=outcome, residents=[a_resident()])) == ["/answers"]


@pytest.mark.parametrize(
    ("year", "possible"), [(1899, False), (1900, True), (YEAR, True), (YEAR + 1, False), (-5, False)]
)
def test_birth_years(year, possible):
    assert pointers(a_response(residents=[a_resident(birth_year=year)])) == (
        [] if possible else ["/residents/0/birth_year"]
    )


def test_names_of_children_are_never_kept():
    named = [a_resident(birth_year=YEAR - age, name="Nguyễn Bảo An") for age in (15, 16)]
    assert pointers(a_response(residents=named)) == ["/residents/0/name"]


def test_one_person_once():
    same = an_id(7)
    assert pointers(a_response(residents=[a_resident(id=same), a_resident(id=same)])) == ["/residents/1"]


@pytest.mark.parametrize(
    ("key", "value", "possible"),
    [("has_smartphone", "yes", True), ("has_smartphone", "unknown", True), ("has_smartphone", None, True),
     ("has_smartphone", "có", False), ("has_smartphone", 1, False), ("vneid_level", 2, True), ("vneid_level", 0, True),
     ("vneid_level", 3, False), ("vneid_level", "2", False), ("has_fixed_internet", "yes", False),
     ("owns_drone", "perhaps", True)],
)  # fmt: skip
def test_answers_about_a_resident(key, value, possible):
    response = a_response(residents=[a_resident(answers={key: value})])
    assert pointers(response) == ([] if possible else [f"/residents/0/answers/{key}"])


@pytest.mark.parametrize(
    ("key", "value", "possible"),
    [("signal", "weak", True), ("signal", "yes", False), ("has_digital_address", "no", True),
     ("has_smartphone", "yes", False), ("roof", 7, True)],
)  # fmt: skip
def test_answers_about_a_household(key, value, possible):
    assert pointers(a_response(answers={key: value})) == ([] if possible else [f"/answers/{key}"])


def test_answers_that_this_program_does_not_know_are_kept():
    body = a_response().model_dump(mode="json") | {"answers": {"owns_drone": "yes"}, "weather": "mưa"}
    assert ResponseBody.model_validate(body).model_dump(mode="json") == body


def test_catalogue_asks_in_vietnamese_and_conditions_lead_somewhere():
    for question in CATALOGUE.values():
        assert question.asks.endswith("?")
        if question.only_if:
            assert CATALOGUE[question.only_if].about is question.about is About.HOUSEHOLD


def test_sensitive_things_are_never_asked():
    asked = " ".join([*CATALOGUE, *(question.asks for question in CATALOGUE.values())]).lower()
    for word in (
        "dân tộc",
        "ethnic",
        "cccd",
        "căn cước",
        "mật khẩu",
        "password",
        "số tài khoản",
        "ngân hàng",
        "tôn giáo",
    ):
        assert word not in asked
