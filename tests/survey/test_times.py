"""The year turns in Vietnam seven hours before it does in UTC."""

from datetime import UTC, date, datetime

import pytest

from survey.criteria import form_for
from survey.drafts import ResponseDraft
from survey.finishing import finish, latest_birth_year
from survey.times import vietnam_day, vietnam_time, vietnam_year
from tests.builders import (
    ADULTS_WITH_SMARTPHONE,
    YEAR,
    a_criteria_set,
    a_ratio,
    a_round,
    an_id,
)

LAST_MINUTE = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
FORM = form_for(a_criteria_set(a_ratio(measure=ADULTS_WITH_SMARTPHONE)))


def test_the_day_and_the_year_are_those_of_vietnam():
    assert (vietnam_day(LAST_MINUTE), vietnam_year(LAST_MINUTE)) == (date(2026, 12, 31), 2026)
    assert (vietnam_day(NEW_YEAR), vietnam_year(NEW_YEAR)) == (date(2027, 1, 1), 2027)
    assert f"{vietnam_time(NEW_YEAR):%H:%M}" == "00:00"


def a_draft_with_a_child(born: int, at: datetime) -> ResponseDraft:
    """A mother who was asked everything, and her child of whom nothing is asked."""
    mother, child = an_id(), an_id()
    draft = ResponseDraft(household=an_id(2), village=an_id(10), round=an_id(1), started_at=at).agree(True, at)
    draft = draft.add_resident(mother, "head").change_resident(mother, birth_year=1996, sex="f")
    draft = draft.answer_of(mother, "has_smartphone", "yes")
    return draft.add_resident(child, "child").change_resident(child, birth_year=born, sex="m")


@pytest.mark.parametrize(
    ("at", "born", "possible"),
    [(LAST_MINUTE, 2026, True), (LAST_MINUTE, 2027, False), (NEW_YEAR, 2027, True), (NEW_YEAR, 2028, False)],
)
def test_a_birth_is_possible_until_the_year_that_it_is_in_vietnam(at: datetime, born: int, possible: bool):
    response, problems = finish(a_draft_with_a_child(born, at), FORM, a_round(), at)
    assert (response is not None) is possible
    assert [one.pointer for one in problems] == ([] if possible else ["/residents/1/birth_year"])


def test_ages_stay_those_of_the_round_when_the_year_turns():
    """Who turns 18 in 2027 is not asked in the round of 2026, and who was born after it is asked nothing."""
    draft = a_draft_with_a_child(YEAR - 17, NEW_YEAR)
    response, problems = finish(draft, FORM, a_round(), NEW_YEAR)
    assert (problems, response is not None) == ([], True)
    [asked] = FORM.resident_questions
    newborn = a_draft_with_a_child(YEAR + 1, NEW_YEAR).residents[1]
    assert not newborn.is_asked(asked, YEAR)


def test_a_phone_whose_clock_is_behind_the_round_lets_its_children_in():
    assert latest_birth_year(a_round(), datetime(2019, 1, 1, tzinfo=UTC)) == YEAR
