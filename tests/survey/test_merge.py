"""Merging keeps its promises whatever two people wrote: idempotent, nothing known is lost, nobody is counted twice."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.merge import Body, FieldDifference, merge_fields, merge_visits
from tests.builders import an_id
from tests.survey.strategies import any_visits, completed_visits, told, visits_with

bases = st.one_of(st.none(), any_visits)


def visit(*residents: Body, **answers: object) -> Body:
    return {"outcome": "completed", "answers": answers, "residents": list(residents)}


def closed(outcome: str) -> Body:
    return {"outcome": outcome, "answers": {}, "residents": []}


def person(number: int, **changes: object) -> Body:
    return {
        "id": an_id(number),
        "relation": "child",
        "birth_year": 2005,
        "sex": "f",
        "name": None,
        "answers": {},
    } | changes


@given(bases, any_visits, any_visits)
def test_merging_the_same_visit_twice_changes_nothing(base, theirs, mine):
    once = merge_visits(base, theirs, mine)
    twice = merge_visits(base, once.body, mine)
    assert twice.body == once.body
    assert {one.path for one in twice.differences} <= {one.path for one in once.differences}


@given(bases, any_visits)
def test_two_equal_visits_agree(base, both):
    merged = merge_visits(base, both, both)
    assert merged.body == both
    assert merged.differences == ()


@given(any_visits)
def test_first_visit_is_the_present_state(mine):
    assert merge_visits(None, None, mine) == merge_visits(mine, None, mine)
    assert merge_visits(None, None, mine).body == mine


@given(completed_visits, completed_visits)
def test_change_of_one_side_is_taken(base, changed):
    later, earlier = merge_visits(base, base, changed), merge_visits(base, changed, base)
    assert later.differences == earlier.differences == ()
    before, after = told(base), told(changed)
    stays = {path for path in before if "answers" in path and (path[0] == "answers" or path[:2] in after)}
    expected = {path: before[path] for path in stays} | after
    assert told(later.body) == told(earlier.body) == expected


@given(bases, any_visits, any_visits)
def test_nothing_new_that_somebody_told_is_lost(base, theirs, mine):
    merged = merge_visits(base, theirs, mine)
    shown, before = told(merged.body), told(base)
    differing = {one.path: (one.theirs, one.mine) for one in merged.differences}
    if ("outcome",) in differing:
        return  # both visits stand before the lead, whole
    for side in (theirs, mine):
        for path, value in told(side).items():
            if before.get(path) == value:
                continue
            kept = shown.get(path) == value or value in differing.get(path, ())
            assert kept or path[:2] in differing, path


@given(bases, completed_visits, completed_visits)
def test_unknown_never_overrules_what_is_known(base, theirs, mine):
    shown = told(merge_visits(base, theirs, mine).body)
    for path in told(theirs) | told(mine):
        if "answers" in path and (path[0] == "answers" or path[:2] in shown):
            assert path in shown


@given(st.one_of(st.none(), completed_visits), completed_visits, completed_visits)
def test_who_came_first_does_not_decide_what_differs(base, theirs, mine):
    there, back = merge_visits(base, theirs, mine), merge_visits(base, mine, theirs)
    paths, reverse = ({one.path for one in merged.differences} for merged in (there, back))
    if base is None:  # of two first lists the later shows, and who is only in the older one is what differs
        paths, reverse = (
            {path for path in some if len(path) != 2 or path[0] == "answers"} for some in (paths, reverse)
        )
    assert paths == reverse
    swapped = {one.path: (one.mine, one.theirs) for one in back.differences}
    assert all(swapped[one.path] == (one.theirs, one.mine) for one in there.differences if one.path in paths)


def people_of(first: int) -> st.SearchStrategy[list[Body]]:
    """Up to four people with ids of their own, among whom twins are common."""
    one = st.builds(
        lambda relation, year, name: person(0, relation=relation, birth_year=year, name=name),
        st.sampled_from(["head", "child"]),
        st.sampled_from([1980, 2005]),
        st.sampled_from([None, "Đỗ Văn Ước", "Lê Thị Ánh"]),
    )  # fmt: skip
    return st.lists(one, max_size=4).map(lambda some: [who | {"id": an_id(first + n)} for n, who in enumerate(some)])


def traits(resident: Body) -> tuple[object, ...]:
    return resident["relation"], resident["birth_year"], resident["sex"]


@given(st.one_of(st.none(), visits_with(people_of(10))), visits_with(people_of(20)), visits_with(people_of(30)))
def test_nobody_is_counted_twice(base, theirs, mine):
    if base:  # both filled their form from it, and added the people whom they met
        theirs = theirs | {"residents": base["residents"] + theirs["residents"]}
        mine = mine | {"residents": base["residents"] + mine["residents"]}
    shown = merge_visits(base, theirs, mine).body["residents"]
    assert len({one["id"] for one in shown}) == len(shown)
    in_theirs, in_mine, counted = (
        Counter(map(traits, some)) for some in (theirs["residents"], mine["residents"], shown)
    )
    assert all(number <= max(in_theirs[who], in_mine[who]) for who, number in counted.items())
    again = merge_visits(base, {**theirs, "residents": shown}, mine).body["residents"]
    assert Counter(map(traits, again)) == counted


def test_same_people_met_twice_keep_the_older_ids_and_join_their_answers():
    theirs = visit(person(1, name="Lê Thị Ánh", answers={"has_smartphone": "yes"}), person(2, name="Lê Thị Hòa"))
    mine = visit(person(3, name="Lê Thị Hòa"), person(4, name="Lê Thị Ánh", answers={"has_payment_account": "no"}))
    merged = merge_visits(None, theirs, mine)
    assert merged.differences == ()
    assert [one["id"] for one in merged.body["residents"]] == [an_id(1), an_id(2)]
    assert merged.body["residents"][0]["answers"] == {"has_smartphone": "yes", "has_payment_account": "no"}


def test_both_answers_differ_the_later_shows_and_both_are_kept():
    merged = merge_visits(None, visit(has_fixed_internet="yes"), visit(has_fixed_internet="no"))
    assert merged.body["answers"] == {"has_fixed_internet": "no"}
    assert merged.differences == (FieldDifference(("answers", "has_fixed_internet"), "yes", "no"),)


WRITTEN = {
    "relation": ("child", "parent", "other"),
    "birth_year": (1960, 1961, 1962),
    "sex": ("f", "m", "f"),
    "name": ("Trần Thị Hòa", "Trần Thị Hoà Bình", "Trần Thị Hoa"),
}


@pytest.mark.parametrize("field", WRITTEN)
def test_every_field_of_a_person_is_merged_by_itself(field):
    before, changed, other = WRITTEN[field]
    base, theirs, mine = (visit(person(1, **{field: value})) for value in (before, changed, before))
    assert merge_visits(base, theirs, mine).body["residents"] == theirs["residents"], "their change is taken"
    assert merge_visits(base, mine, theirs).body["residents"] == theirs["residents"], "so is ours"
    for gone in (merge_visits(base, visit(), theirs), merge_visits(base, theirs, visit())):
        assert [one.path for one in gone.differences] == [("residents", an_id(1))], "who was written about stays known"
    if other != before:
        both = merge_visits(base, theirs, visit(person(1, **{field: other})))
        assert both.differences == (FieldDifference(("residents", an_id(1), field), changed, other),)
        assert both.body["residents"][0][field] == other


def test_person_taken_off_while_another_wrote_about_them_is_put_to_the_lead():
    grandmother = person(1, birth_year=1950)
    base, gone = visit(grandmother), visit()
    asked = visit(grandmother | {"answers": {"has_smartphone": "yes"}})
    assert merge_visits(base, gone, base).body["residents"] == []
    for theirs, mine, shown in ((gone, asked, [an_id(1)]), (asked, gone, [])):
        merged = merge_visits(base, theirs, mine)
        assert [one["id"] for one in merged.body["residents"]] == shown
        assert [one.path for one in merged.differences] == [("residents", an_id(1))]


def test_form_that_no_longer_asks_erases_no_answer():
    base = visit(person(1, answers={"vneid_level": 2}), has_digital_address="yes")
    later = merge_visits(base, base, visit(person(1), has_fixed_internet="no")).body
    assert later["answers"] == {"has_digital_address": "yes", "has_fixed_internet": "no"}
    assert later["residents"][0]["answers"] == {"vneid_level": 2}


def test_name_can_be_taken_back():
    base = visit(person(1, name="Lê Thị Ánh"))
    assert merge_visits(base, base, visit(person(1))).body["residents"][0]["name"] is None


def test_fields_of_newer_programs_pass_through():
    theirs = visit(person(1, newer="a")) | {"weather": "mưa"}
    merged = merge_visits(None, theirs, visit(person(1, answers={"has_smartphone": "yes"})))
    assert merged.body["weather"] == "mưa"
    assert merged.body["residents"][0]["newer"] == "a"


def test_closed_door_never_replaces_answers():
    asked, other = visit(has_fixed_internet="yes"), visit(has_fixed_internet="no")
    assert merge_visits(asked, asked, closed("absent")).body == asked
    assert merge_visits(other, asked, closed("absent")).differences == ()
    refused = merge_visits(None, asked, closed("refused"))
    assert refused.body == asked
    assert refused.differences == (FieldDifference(("outcome",), "completed", "refused"),)
    assert merge_visits(None, closed("refused"), asked).body == asked
    assert merge_visits(None, closed("absent"), asked).differences == ()


def test_moving_out_after_a_survey_is_news_not_a_difference():
    asked = visit(has_fixed_internet="yes")
    merged = merge_visits(asked, asked, closed("moved"))
    assert merged.body["outcome"] == "moved"
    assert merged.differences == ()


def test_two_first_lists_after_nobody_was_at_home_are_first_lists():
    nobody = closed("absent")
    merged = merge_visits(nobody, visit(person(1, birth_year=1981)), visit(person(2, birth_year=1980)))
    assert [one["id"] for one in merged.body["residents"]] == [an_id(2)]
    assert [one.path for one in merged.differences] == [("residents", an_id(1))]


fields = st.dictionaries(st.sampled_from(["phone", "address", "assigned_to"]), st.sampled_from([None, "a", "b", "c"]))


@given(fields, fields, fields)
def test_household_fields_merge_one_by_one(base, theirs, mine):
    merged = merge_fields(base, theirs, mine)
    assert merge_fields(base, merged.body, mine).body == merged.body
    differing = {one.path[0] for one in merged.differences}
    for key in theirs.keys() | mine.keys():
        before, left = base.get(key), theirs.get(key)
        right = mine.get(key, before)
        if right == before or left == before:
            assert merged.body.get(key) == (left if key not in mine or right == before else right)
        assert (key in differing) == (
            key in mine and None not in (left, right) and before not in (left, right) and left != right
        )


def test_unassigning_and_removing_a_phone_are_changes():
    base = {"phone": "+84912345678", "address": "Ngõ 1"}
    merged = merge_fields(base, base | {"address": "Ngõ 2"}, {"phone": None})
    assert merged.body == {"phone": None, "address": "Ngõ 2"}


reasons = st.sampled_from(["moved_away", "died", "mistake"])


def with_reasons(base: Body, visited: Body, reason: str) -> Body:
    """The visit as a form that was filled from the base sends it: who is not on its list any more has a reason."""
    met = {one["id"] for one in visited["residents"]}
    gone = [{"id": one["id"], "reason": reason} for one in base["residents"] if one["id"] not in met]
    return visited | {"left": gone}


@given(completed_visits, completed_visits, completed_visits, reasons, reasons)
def test_nobody_leaves_without_a_reason(base, theirs, mine, why, why_not):
    theirs, mine = with_reasons(base, theirs, why), with_reasons(base, mine, why_not)
    merged = merge_visits(base, theirs, mine)
    there = {one["id"] for one in merged.body["residents"]}
    left = {one["id"] for one in merged.body["left"]}
    differing = {one.path[1] for one in merged.differences if one.path[0] == "residents" and len(one.path) == 2}
    for visited in (base, theirs, mine):
        assert {one["id"] for one in visited["residents"]} <= there | left | differing
    assert not there & left
    assert merge_visits(base, merged.body, mine).body == merged.body


@given(completed_visits, completed_visits, completed_visits, reasons)
def test_departures_do_not_pile_up(first, second, third, why):
    second = with_reasons(first, second, why)
    third = with_reasons(second, third, why)
    shown = merge_visits(second, merge_visits(first, first, second).body, third).body
    assert shown["left"] == third["left"]
    older_phone = {key: value for key, value in third.items() if key != "left"}
    assert "left" not in merge_visits(second, second, older_phone).body


def test_person_with_a_reason_is_gone_also_where_the_list_of_before_is_not_known():
    grandmother, child = person(1, birth_year=1950), person(2)
    mine = visit(child) | {"left": [{"id": an_id(1), "reason": "died"}]}
    merged = merge_visits(None, visit(grandmother, child), mine)
    assert (merged.body["residents"], merged.differences) == ([child], ())
    assert merged.body["left"] == mine["left"]


def test_person_who_was_taken_out_is_not_taken_for_who_was_added_instead():
    wrong, right = person(1, name="Lê Thị Ánh"), person(2, name="Lê Thị Ánh")
    merged = merge_visits(None, visit(wrong), visit(right) | {"left": [{"id": an_id(1), "reason": "mistake"}]})
    assert [one["id"] for one in merged.body["residents"]] == [an_id(2)]
