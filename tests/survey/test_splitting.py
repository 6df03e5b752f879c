"""A family that splits: whoever comes along is in one of the two next forms, with every answer that they gave."""

from hypothesis import given
from hypothesis import strategies as st

from survey.criteria import form_for
from survey.drafts import start_draft
from survey.family import relations_for
from survey.finishing import open_questions
from survey.records import Household
from survey.splitting import Kin, check_split, gone_with
from tests.builders import NOW, a_household, a_resident, a_response, a_round, an_id, demo_set

FORM, ROUND = form_for(demo_set()), a_round()
OLD, NEW = an_id(201), an_id(202)
PEOPLE = [
    a_resident(id=an_id(300 + place), relation=relation, birth_year=1950 + 9 * place, answers={"has_smartphone": said})
    for place, (relation, said) in enumerate([("head", "yes"), ("child", "no"), ("other", "unknown"), ("child", "yes")])
]
leaving = st.sets(st.sampled_from([one.id for one in PEOPLE]), min_size=1, max_size=3)


def old_household() -> Household:
    return a_household(response=a_response(residents=PEOPLE, id=an_id(203)))


@given(leaving)
def test_everybody_is_in_one_of_the_two_forms_with_their_answers(who: set[str]) -> None:
    old, new = old_household(), a_household(split_from=OLD, came_with=sorted(who))
    assert check_split(old, sorted(who)) == []
    begun = start_draft(NEW, an_id(), new, 0, ROUND, FORM, NOW, Kin(former=old))
    going_on = start_draft(OLD, an_id(), old, 5, ROUND, FORM, NOW, Kin(split_off={NEW: new}))
    assert {one.id for one in begun.present} == who
    assert {one.id for one in going_on.present} == {one.id for one in PEOPLE} - who
    told = {one.id: one.answers for one in PEOPLE}
    assert all(one.answers.items() <= told[one.id].items() for one in begun.present)
    back = going_on
    for one in who:
        back = back.put_back(one)
    assert back == start_draft(OLD, an_id(), old, 5, ROUND, FORM, NOW).model_copy(update={"village": back.village})


def test_what_somebody_is_to_the_new_head_is_asked_and_only_what_is_left_is_offered() -> None:
    new = a_household(split_from=OLD, came_with=[PEOPLE[1].id, PEOPLE[3].id])
    draft = start_draft(NEW, an_id(), new, 0, ROUND, FORM, NOW, Kin(former=old_household())).agree(True, NOW)
    missing = {one.pointer for one in open_questions(draft, FORM, ROUND, NOW)}
    assert {"/residents/0/relation", "/residents/1/relation"} <= missing
    first, second = draft.residents
    assert relations_for(first, draft.present) == ["head", "spouse", "child", "parent", "other"]
    headed = draft.change_resident(first.id, relation="head")
    assert relations_for(second, headed.present) == ["child", "parent", "other"]


def test_whom_the_new_household_lists_is_gone_and_nobody_else() -> None:
    listed = a_household(
        response=a_response(residents=PEOPLE[1:2]), split_from=OLD, came_with=[PEOPLE[1].id, PEOPLE[3].id]
    )
    assert gone_with(Kin(split_off={NEW: listed})) == {PEOPLE[1].id: NEW}
