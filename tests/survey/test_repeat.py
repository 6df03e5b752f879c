"""A repeat visit: what holds from the last one, since when, and what is asked again."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from survey.drafts import ResponseDraft, answers_that_hold, start_draft
from survey.finishing import finish, open_questions
from survey.privacy import CONSENT_WORDING, CONSENT_WORDING_OF_REPEAT
from survey.questions import CATALOGUE, UNKNOWN, YES, AskedOfResidents, SurveyForm
from survey.records import Household, Outcome, ResponseBody, SurveyRound
from tests.builders import NOW, a_household, a_round, an_id

FORM = SurveyForm(
    (
        AskedOfResidents(CATALOGUE["has_smartphone"], 15, None, None),
        AskedOfResidents(CATALOGUE["vneid_level"], 14, None, None),
    ),
    (CATALOGUE["has_fixed_internet"], CATALOGUE["signal"]),
)
LATER = NOW + timedelta(days=400)


def a_first_visit(**answers: str) -> ResponseBody:
    draft = start_draft(an_id(2), an_id(3), a_household(), 0, a_round(), FORM, NOW).agree(True, NOW)
    who = an_id(9)
    draft = draft.add_resident(who, "head").change_resident(who, birth_year=1980, sex="m")
    for asked in FORM.resident_questions:
        draft = draft.answer_of(who, asked.question.key, answers.get(asked.question.key, asked.question.choices[-1]))
    for question in FORM.household_questions:
        draft = draft.answer(question.key, answers.get(question.key, question.choices[0]))
    return finished(draft)


def finished(draft: ResponseDraft) -> ResponseBody:
    response, problems = finish(draft, FORM, a_round(), draft.consent_at or NOW)
    assert response, problems
    return response


def met(visit: ResponseBody) -> Household:
    current = visit.model_dump(mode="json") | {"id": an_id(7)}
    return a_household().model_copy(update={"current": current, "visited_at": visit.ended_at})


def repeated(household: Household, survey_round: SurveyRound | None = None) -> ResponseDraft:
    return start_draft(an_id(2), an_id(3), household, 4, survey_round or a_round(), FORM, LATER)


def test_an_unchanged_family_is_asked_nothing_and_the_old_date_is_kept() -> None:
    first = a_first_visit()
    assert first.same_as_last == {}
    assert first.residents[0].same_as_last == {}
    draft = repeated(met(first))
    assert draft.is_repeat
    assert not draft.compared
    assert [one.pointer for one in open_questions(draft, FORM, a_round(), LATER)] == ["/consent"]
    second = finished(draft.agree(True, LATER))
    assert second.answers == first.answers
    assert set(second.same_as_last.values()) == {first.ended_at}
    assert second.residents[0].same_as_last == dict.fromkeys(second.residents[0].answers, first.ended_at)
    assert second.consent
    assert first.consent
    assert (first.consent.wording, second.consent.wording) == (CONSENT_WORDING, CONSENT_WORDING_OF_REPEAT)

    third = repeated(met(second))
    assert set(third.same_as_last.values()) == {first.ended_at}, "when it was really asked, not when it was repeated"


def test_what_is_answered_today_is_not_the_last_visits() -> None:
    draft = repeated(met(a_first_visit())).agree(True, LATER)
    key, who = FORM.household_questions[0].key, draft.residents[0].id
    asked = FORM.resident_questions[0].question.key
    after = finished(draft.answer(key, YES).answer_of(who, asked, UNKNOWN))
    assert key not in after.same_as_last
    assert asked not in after.residents[0].same_as_last
    assert after.same_as_last.keys() | {key} == after.answers.keys()


def test_what_was_not_clear_is_asked_again() -> None:
    key = FORM.household_questions[0].key
    draft = repeated(met(a_first_visit(**{key: UNKNOWN})))
    assert key not in draft.answers
    assert f"/answers/{key}" in [one.pointer for one in open_questions(draft, FORM, a_round(), LATER)]


def test_answers_older_than_the_campaign_allows_are_asked_again() -> None:
    household = met(a_first_visit())
    for days, holds in ((365, False), (730, True)):
        survey_round = a_round().model_copy(update={"answers_hold_days": days})
        draft = repeated(household, survey_round)
        assert bool(draft.answers) is bool(draft.residents[0].answers) is holds
        assert draft.residents[0].birth_year == 1980, "a year of birth does not age"


def test_a_visit_that_met_nobody_leaves_nothing_to_compare() -> None:
    refused = met(a_first_visit()).model_copy(update={"current": {"id": an_id(7), "outcome": Outcome.REFUSED}})
    assert not repeated(refused).is_repeat


@given(
    st.dictionaries(st.text(max_size=3), st.sampled_from([YES, UNKNOWN, None, 2])),
    st.dictionaries(st.text(max_size=3), st.integers(0, 900)),
    st.integers(30, 900),
)
def test_only_known_answers_that_are_young_enough_hold(
    answers: dict[str, str | int | None], days: dict[str, int], hold: int
) -> None:
    same = {key: NOW - timedelta(days=ago) for key, ago in days.items()}
    since = NOW - timedelta(days=hold)
    still = answers_that_hold(answers, same, NOW, since)
    for key, value in answers.items():
        assert (key in still) == (value in (YES, 2) and days.get(key, 0) <= hold)
        assert still.get(key, since) >= since
