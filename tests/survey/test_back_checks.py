"""Back-checks: what is drawn, what is asked, how two answers compare, and how certain a few of them are."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.agreement import Agreement, CheckedAgain, asks_about, by_member, by_question, by_village
from survey.agreement_words import agreement_words, direction_words
from survey.back_checks import (
    Again,
    Asks,
    Compared,
    Why,
    check_again,
    compare,
    digest_of,
    draw_key,
    measures_by_need,
    passes_narrowly,
    share_drawn,
    what_to_ask,
)
from survey.coverage import CoverageReport
from survey.criteria import Result
from survey.indicators import Measure, Population
from tests.builders import YEAR, an_id, demo_set

SECRET = bytes(range(32))
PEOPLE = Population(of="residents", age_min=18)
PHONE = Measure(question="has_smartphone", population=PEOPLE)
VNEID = Measure(question="vneid_level", population=PEOPLE, level=2)
SERVICES = Measure(question="uses_online_services", population=PEOPLE)


def person(age: int, relation: str = "child", **answers: object) -> dict[str, object]:
    return {"id": an_id(), "relation": relation, "birth_year": YEAR - age, "sex": "f", "answers": answers}


def visit(*people: dict[str, object], outcome: str = "completed") -> dict[str, object]:
    return {"outcome": outcome, "residents": list(people)}


def test_what_is_drawn_depends_on_the_secret_and_on_the_visit_alone() -> None:
    visits = [an_id() for _ in range(4000)]
    keys = [draw_key(SECRET, one) for one in visits]
    assert keys == [draw_key(SECRET, one) for one in visits]
    assert keys != [draw_key(bytes(32), one) for one in visits]
    drawn = sum(key < share_drawn("completed", is_narrow=False) for key in keys)
    assert 330 < drawn < 470, "about a tenth"
    assert len(digest_of(SECRET)) == 64


def test_a_larger_share_draws_what_a_smaller_one_has_drawn() -> None:
    """Where a village comes to pass narrowly later, nobody is let off."""
    assert share_drawn("completed", is_narrow=True) > share_drawn("completed", is_narrow=False)
    assert share_drawn("absent", is_narrow=True) == share_drawn("absent", is_narrow=False)


def test_somebody_else_than_the_head_is_asked_about_where_there_is_one() -> None:
    head, child = person(60, "head", has_smartphone="yes"), person(30, has_smartphone="no", vneid_level=2)
    asks = what_to_ask(SECRET, an_id(), visit(head, child), YEAR, [VNEID, PHONE])
    assert (asks.resident, asks.measures) == (child["id"], [VNEID, PHONE])
    alone = what_to_ask(SECRET, an_id(), visit(head), YEAR, [VNEID, PHONE])
    assert (alone.resident, alone.measures) == (head["id"], [PHONE]), "VNeID was not asked of the head"


def test_children_and_unknown_answers_are_not_asked_about() -> None:
    asks = what_to_ask(SECRET, an_id(), visit(person(17, has_smartphone="yes"), person(40)), YEAR, [PHONE])
    assert asks == Asks()
    assert what_to_ask(SECRET, an_id(), visit(outcome="absent"), YEAR, [PHONE]) == Asks()


def test_what_was_not_asked_or_not_answered_is_said() -> None:
    asks = Asks(resident=an_id(), measures=[PHONE])
    assert check_again(asks, Again(came="yes", answers={"has_smartphone": "unknown"})) == []
    wrong = check_again(asks, Again(came="yes", answers={"vneid_level": 2}))
    assert {one.pointer for one in wrong} == {"/answers/vneid_level", "/answers/has_smartphone"}


def test_two_answers_side_by_side() -> None:
    one, other = person(30, has_smartphone="yes", vneid_level=2, uses_online_services="no"), person(44)
    asks = Asks(resident=one["id"], measures=[PHONE, VNEID, SERVICES])
    said = {"has_smartphone": "no", "vneid_level": 1, "uses_online_services": "yes"}
    again = Again(came="yes", adults=2, answers=said)
    found = {item.item: item for item in compare(visit(one, other), YEAR, asks, again)}
    assert {item: one.agrees for item, one in found.items()} == {
        "came": True,
        "adults": True,
        "has_smartphone": False,
        "vneid_level": False,
        "uses_online_services": False,
    }
    assert [one.turn for one in found.values()] == [0, 0, 1, 1, -1]
    assert not found["uses_online_services"].is_of_member, "the question is at fault"


@pytest.mark.parametrize(
    ("outcome", "came", "adults", "agrees"),
    [
        ("completed", "no", 2, [False, False]),
        ("completed", "dont_know", None, [None, None]),
        ("absent", "no", 2, [None]),
        ("refused", "no", None, [False]),
        ("vacant", "dont_know", 0, [None, True]),
        ("moved", "no", 3, [None, False]),
    ],
)
def test_what_nobody_could_know_is_not_compared(
    outcome: str, came: str, adults: int | None, agrees: list[bool | None]
) -> None:
    people = [person(30)] if outcome == "completed" else []
    again = Again(came=came, adults=adults)  # type: ignore[arg-type]
    assert [one.agrees for one in compare(visit(*people, outcome=outcome), YEAR, Asks(), again)] == agrees


def test_a_birthday_that_may_be_to_come_is_no_difference() -> None:
    body = visit(person(18), person(50))
    for adults, agrees in ((0, False), (1, True), (2, True), (3, False)):
        assert compare(body, YEAR, Asks(), Again(came="yes", adults=adults))[1].agrees is agrees


@pytest.mark.parametrize(
    ("matching", "total", "said"),
    [
        (9, 9, "khớp 9/9 hộ (khoảng 70–100 %)"),
        (8, 9, "khớp 8/9 hộ (khoảng 56–98 %)"),
        (7, 9, "khớp 7/9 hộ (khoảng 45–94 %)"),
        (24, 27, "khớp 24/27 hộ (khoảng 72–96 %)"),
        (81, 90, "khớp 81/90 hộ (khoảng 82–95 %)"),
        (238, 250, "khớp 238/250 hộ (khoảng 92–97 %)"),
    ],
)
def test_the_interval_is_that_of_wilson(matching: int, total: int, said: str) -> None:
    assert agreement_words(Agreement(matching, total)) == said


@given(st.integers(1, 400), st.data())
def test_the_interval_holds_the_share(total: int, data: st.DataObject) -> None:
    matching = data.draw(st.integers(0, total))
    low, high = Agreement(matching, total).interval
    assert 0 <= low <= matching / total <= high <= 1
    assert low < high


def checked(
    member: str, *agrees: bool | None, why: Why = Why.DRAWN, turn: int = 0, nobody: bool = False
) -> CheckedAgain:
    compared = [Compared("has_smartphone", "yes", "yes", one, True, turn) for one in agrees]
    compared.append(Compared("came", "yes", "no" if nobody else "yes", not nobody))
    return CheckedAgain(an_id(), an_id(), "village", member, why, tuple(compared))


def test_a_member_is_measured_by_whole_households_that_were_drawn() -> None:
    some = [checked("Lan", True, True), checked("Lan", True, False), checked("Lan", None)]
    some.append(checked("Lan", False, why=Why.DOUBT))
    assert by_member(some) == {("village", "Lan"): Agreement(2, 3)}
    assert by_question(some) == {"has_smartphone": Agreement(3, 4), "came": Agreement(3, 3)}


def test_equal_numbers_both_ways_say_nothing() -> None:
    both = by_village([checked("Lan", False, turn=1), checked("Lan", False, turn=-1)])["village"]
    assert direction_words(both) == "1 câu trước ghi có, nay là không; 1 câu ngược lại; trên 2 câu"
    one_way = by_village([checked("Lan", False, turn=1) for _ in range(4)])["village"]
    assert direction_words(one_way).endswith("Số liệu có thể cao hơn thật.")


def test_three_that_differ_or_two_where_nobody_came_are_asked_about() -> None:
    assert asks_about([checked("Lan", False), checked("Lan", False)]) == {}
    assert len(asks_about([checked("Lan", False)] * 3)["village", "Lan"]) == 3
    assert len(asks_about([checked("Lan", True, nobody=True)] * 2)["village", "Lan"]) == 2
    assert asks_about([checked("Lan", False, why=Why.DOUBT)] * 5) == {}


def test_honest_members_are_seldom_asked_about() -> None:
    """Of nine households one in twelve differs honestly: at most one member in twenty is named (3 % reckoned)."""
    random, named = Random(7), 0
    for _ in range(1000):
        named += bool(asks_about([checked("Lan", random.random() > 0.08) for _ in range(9)]))
    assert named < 50


def report(rate: tuple[int, int], unknown: int = 0, result: Result = Result.MET) -> CoverageReport:
    line = {"no": "1", "title": "Tỷ lệ", "kind": "ratio", "denominator_name": "người", "threshold": "80"}
    line |= {"numerator": rate[0], "denominator": rate[1], "unknown": unknown, "result": result}
    figures = {"registered": 100, "visited": 90, "surveyed": 90, "refused": 0, "as_of": "2026-11-22T02:00:00Z"}
    village = {"id": an_id(), "name": "Đinh Xá"}
    return CoverageReport.model_validate(
        {"village": village, "criteria_set": "x", "result": result, "criteria": [line]} | figures
    )


def test_a_village_that_passes_by_few_people_is_asked_more() -> None:
    assert passes_narrowly(report((249, 300)))
    assert not passes_narrowly(report((270, 300)))
    assert not passes_narrowly(report((239, 300), result=Result.NOT_MET))
    assert passes_narrowly(report((290, 300), unknown=20)), "much is unknown"
    assert passes_narrowly(report((1620, 2000))), "two in a hundred of many"


def test_the_rate_nearest_to_its_threshold_is_asked_first() -> None:
    found = measures_by_need(report((249, 300)), demo_set())
    assert {one.population.of for one in found} == {"residents"}
    assert len({one.question for one in found}) == len(found)
