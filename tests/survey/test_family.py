"""The list of a family, the order in which its people are asked, and the years that are offered."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from survey.asking import fills_a_gap, next_after, unfinished
from survey.birth_years import is_possible, older_decades, recent_decades, years_of
from survey.drafts import ResidentDraft, ResponseDraft, reopen, start_draft
from survey.family import asks_sex, offers, other_sex
from survey.field_words import EVERY, RELATION_WORDS, relation_words
from survey.problem_shapes import FieldProblem
from survey.questions import SurveyForm
from survey.records import EARLIEST_BIRTH_YEAR, RELATIONS, Departure
from tests.builders import NOW, a_household, a_resident, a_response, a_round, an_id

SEXES = st.sampled_from(["m", "f", None])
PEOPLE = st.lists(
    st.builds(ResidentDraft, id=st.builds(an_id), relation=st.sampled_from(sorted(RELATIONS)), sex=SEXES), max_size=8
)
TAPS = st.lists(st.integers(0, 20), max_size=12)
LATEST = st.integers(2024, 2101)


def a_draft(*people: ResidentDraft) -> ResponseDraft:
    return ResponseDraft(household=an_id(2), village=an_id(3), round=an_id(1), started_at=NOW, residents=list(people))


def somebody(relation: str, sex: str | None = None) -> ResidentDraft:
    return ResidentDraft(id=an_id(), relation=relation, sex=sex)


def words_of(people: list[ResidentDraft]) -> list[str]:
    return [relation_words(*offer) for offer in offers(people)]


def test_a_person_is_called_as_the_family_calls_them() -> None:
    assert [relation_words("spouse", sex) for sex in ("f", "m", None)] == ["Vợ", "Chồng", "Vợ hoặc chồng"]
    assert [relation_words("child", sex) for sex in ("m", "f", None)] == ["Con trai", "Con gái", "Con"]
    assert [relation_words("parent", sex) for sex in ("m", "f", None)] == ["Bố", "Mẹ", "Cha hoặc mẹ"]
    assert {relation_words("head", sex) for sex in ("m", "f", None)} == {"Chủ hộ"}
    assert relation_words("friend of the house", "m") == relation_words(None, None) == "Người khác"


@given(st.one_of(st.none(), st.text(max_size=8), st.sampled_from(sorted(RELATIONS))), SEXES)
def test_every_word_for_a_person_is_in_the_catalogues(relation: str | None, sex: str | None) -> None:
    words = relation_words(relation, sex)
    assert words in EVERY
    if sex is None:
        assert words in RELATION_WORDS.values(), "without a sex the word says none"


def test_an_empty_house_offers_everybody_the_head_first() -> None:
    every = ["Chủ hộ", "Vợ", "Chồng", "Con trai", "Con gái", "Bố", "Mẹ", "Người khác"]
    assert words_of([]) == every


def test_only_the_spouse_who_fits_the_head_is_offered() -> None:
    assert words_of([somebody("head", "m")])[:2] == ["Vợ", "Con trai"]
    assert words_of([somebody("head", "f")])[:2] == ["Chồng", "Con trai"]
    assert words_of([somebody("head")])[:2] == ["Vợ", "Chồng"]
    assert words_of([somebody("head", "m"), somebody("spouse")])[0] == "Con trai"


def test_a_parent_whose_sex_is_not_known_leaves_room_for_one_more() -> None:
    one = somebody("parent")
    assert {"Bố", "Mẹ"} <= set(words_of([one]))
    assert "Bố" not in words_of([one, somebody("parent", "f")])
    assert "Mẹ" not in words_of([one, somebody("parent", "f")])


@given(TAPS)
def test_whatever_is_tapped_nobody_is_in_the_house_twice(taps: list[int]) -> None:
    draft = a_draft()
    for tap in taps:
        free = offers(draft.present)
        relation, sex = free[tap % len(free)]
        draft = draft.add_resident(an_id(), relation, sex)
    count = Counter((one.relation, one.sex) for one in draft.present)
    assert count["head", None] <= 1
    assert count["spouse", "f"] + count["spouse", "m"] <= 1
    assert count["parent", "m"] <= 1
    assert count["parent", "f"] <= 1


@given(PEOPLE)
def test_children_and_others_can_always_be_added_and_what_is_offered_is_a_relation(people: list[ResidentDraft]) -> None:
    free = offers(people)
    assert {("child", "m"), ("child", "f"), ("other", None)} <= set(free)
    assert {relation for relation, _ in free} <= RELATIONS
    assert len(free) == len(set(free))


@given(PEOPLE)
def test_taking_out_whom_a_tap_added_offers_them_again(people: list[ResidentDraft]) -> None:
    draft = a_draft(*people)
    for relation, sex in offers(draft.present):
        who = an_id()
        added = draft.add_resident(who, relation, sex)
        assert offers(added.take_out(who).present) == offers(draft.present)
        assert added.take_out(who).put_back(who) == added


@given(PEOPLE, st.sampled_from(Departure), st.sampled_from(["yes", "no", "unknown"]))
def test_whoever_is_put_back_has_all_their_answers(people: list[ResidentDraft], why: Departure, said: str) -> None:
    draft = a_draft(*people).add_resident("01935000-0000-7000-8000-00000000abcd", "child", "f")
    for one in draft.residents:
        draft = draft.answer_of(one.id, "has_smartphone", said).change_resident(one.id, birth_year=1990)
    gone = draft
    for one in draft.residents:
        gone = gone.take_out(one.id, why)
    assert gone.present == []
    for one in draft.residents:
        gone = gone.put_back(one.id)
    assert gone == draft


def test_sex_is_a_question_where_no_word_says_it() -> None:
    assert [asks_sex(somebody(relation, "m")) for relation in ("head", "spouse", "child", "parent", "other")] == [
        True, False, False, False, True,
    ]  # fmt: skip
    assert all(asks_sex(somebody(relation)) for relation in RELATIONS)
    assert [other_sex(somebody("child", sex)) for sex in ("m", "f", None)] == ["f", "m", None]


@given(LATEST)
def test_every_possible_year_is_offered_once_and_no_other(latest: int) -> None:
    decades = [*recent_decades(latest), *older_decades(latest)]
    years = [year for decade in decades for year in years_of(decade, latest)]
    assert sorted(years) == list(range(EARLIEST_BIRTH_YEAR, latest + 1))
    assert all(is_possible(year, latest) for year in years)
    assert all(years_of(decade, latest) for decade in decades)
    assert len(recent_decades(latest)) == 10


def test_the_decades_of_2026() -> None:
    assert recent_decades(2026) == [2020, 2010, 2000, 1990, 1980, 1970, 1960, 1950, 1940, 1930]
    assert older_decades(2026) == [1920, 1910, 1900]
    assert years_of(2020, 2026)[-1] == 2026
    assert not is_possible(2027, 2026)


@given(st.integers(1, 6), st.integers(0, 5), st.sets(st.integers(0, 5)))
def test_the_next_turn_is_of_the_next_in_the_list_who_misses_something(count: int, at: int, open_: set[int]) -> None:
    people = [somebody("child", "m") for _ in range(count)]
    who = people[at % count].id
    missing = [people[place].id for place in sorted(open_) if place < count]
    following = next_after(who, a_draft(*people), missing)
    assert (following is None) == (set(missing) <= {who})
    if following is not None:
        assert following in missing
        order = [one.id for one in people]
        steps = [(order.index(one) - order.index(who)) % count for one in missing if one != who]
        assert (order.index(following) - order.index(who)) % count == min(steps)


def test_problems_belong_to_the_person_at_their_place() -> None:
    people = [somebody("child", "m") for _ in range(11)]
    problems = [FieldProblem(pointer="/residents/10/sex", detail=""), FieldProblem(pointer="/residents", detail="")]
    assert unfinished(a_draft(*people), problems) == [people[10].id]


def test_a_correction_fills_no_gap() -> None:
    person = somebody("head")
    assert fills_a_gap(person, person.model_copy(update={"birth_year": 1980}))
    answered = person.model_copy(update={"birth_year": 1980, "sex": "m", "answers": {"has_smartphone": "yes"}})
    assert not fills_a_gap(answered, answered.model_copy(update={"birth_year": 2015}))
    assert not fills_a_gap(answered, answered.model_copy(update={"sex": "f"}))
    assert not fills_a_gap(answered, answered.model_copy(update={"answers": {"has_smartphone": "no"}}))
    assert fills_a_gap(answered, answered.model_copy(update={"answers": answered.answers | {"vneid_level": 0}}))


def test_the_list_of_a_family_met_before_is_finished() -> None:
    form = SurveyForm((), ())
    new = start_draft(an_id(2), an_id(3), a_household(), 0, a_round(), form, NOW)
    assert not new.listed
    visit = a_response(residents=[a_resident()])
    met = a_household(current=visit.model_dump(mode="json") | {"id": an_id(9)})
    assert start_draft(an_id(2), an_id(3), met, 0, a_round(), form, NOW).listed
    assert reopen(visit, an_id(3), met, 0).listed
