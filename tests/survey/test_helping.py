"""What a team can help with: only what was answered "no", with steps that ask nobody for a secret."""

from survey.drafts import ResidentDraft, ResponseDraft
from survey.helping import HOW, WHAT, list_help
from survey.privacy import holds_long_number
from survey.questions import CATALOGUE, NO, UNKNOWN, YES, About, AskedOfResidents, SurveyForm
from survey.records import AnswerValue
from tests.builders import NOW, YEAR, an_id

FORM = SurveyForm(
    (AskedOfResidents(CATALOGUE["vneid_level"], 14, None, None),),
    (CATALOGUE["in_village_group"], CATALOGUE["runs_business"], CATALOGUE["accepts_cashless"]),
)


def a_draft(level: AnswerValue, **answers: AnswerValue) -> ResponseDraft:
    someone = ResidentDraft(id=an_id(1), relation="head", birth_year=1970, sex="f", answers={"vneid_level": level})
    return ResponseDraft(
        household=an_id(2), village=an_id(3), round=an_id(4), started_at=NOW, residents=[someone], answers=dict(answers)
    )


def tasks(draft: ResponseDraft) -> list[str]:
    return [task.key for task in list_help(draft.present, draft.answers, FORM, YEAR)]


def test_only_a_no_or_a_lower_level_is_something_to_help_with() -> None:
    assert tasks(a_draft(2)) == tasks(a_draft(UNKNOWN)) == tasks(a_draft(None)) == []
    assert tasks(a_draft(0)) == tasks(a_draft(1)) == ["vneid_level"]
    assert tasks(a_draft(2, in_village_group=NO, runs_business=NO, accepts_cashless=NO)) == ["in_village_group"]
    assert tasks(a_draft(2, runs_business=YES, accepts_cashless=NO)) == ["accepts_cashless"]


def test_help_that_is_done_is_the_answer_and_can_be_taken_back() -> None:
    draft = a_draft(1, in_village_group=NO)
    person, house = list_help(draft.present, draft.answers, FORM, YEAR)
    assert person.resident
    done = draft.help_with(person.resident.id, person.key, person.done).help_with(None, house.key, house.done)
    assert (done.residents[0].answers, done.residents[0].helped) == ({"vneid_level": 2}, ["vneid_level"])
    assert (done.answers["in_village_group"], done.helped) == (YES, ["in_village_group"])
    assert tasks(done) == []
    back = done.answer_of(person.resident.id, "vneid_level", 1).answer("in_village_group", NO)
    assert back == draft


def test_every_help_is_about_a_question_and_has_steps() -> None:
    assert WHAT.keys() == HOW.keys() <= CATALOGUE.keys()
    for key, steps in HOW.items():
        assert len(steps) >= 2
        assert not any(holds_long_number(step) for step in steps)
        assert NO in CATALOGUE[key].choices or CATALOGUE[key].about is About.RESIDENT
