"""Counts are exact: they add up, unknown stands apart, and an age rule is a rule of the denominator."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from survey.indicators import Measure, Population
from survey.tally import Count, Tally
from survey.times import vietnam_midnight
from tests.builders import (
    ADULTS_WITH_SMARTPHONE,
    HOUSES_WITH_INTERNET,
    NOW,
    SHOPS_WITHOUT_CASH,
    YEAR,
    a_household,
    a_resident,
    a_response,
)
from tests.fold import tally, tally_household
from tests.survey.strategies import households

MEASURES = [ADULTS_WITH_SMARTPHONE, HOUSES_WITH_INTERNET, SHOPS_WITHOUT_CASH]
counts = st.builds(Count, *(st.integers(0, 9),) * 3)
tallies = st.builds(
    Tally,
    *(st.integers(0, 9),) * 4,
    moved=st.integers(0, 9),
    vacant=st.integers(0, 9),
    left_in_round=st.integers(0, 9),
    counts=st.dictionaries(st.sampled_from([one.key for one in MEASURES]), counts),
)


@given(tallies, tallies, tallies)
def test_tallies_add_up_in_any_order(one, two, three):
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)
    assert one + Tally() == one


@given(st.lists(households(), max_size=6), st.integers(0, 6))
def test_tally_of_the_parts_is_the_tally_of_the_whole(village, cut):
    parts = tally(village[:cut], MEASURES, YEAR) + tally(village[cut:], MEASURES, YEAR)
    assert parts == tally(village, MEASURES, YEAR)


@given(households())
def test_a_household_counts_once_and_its_people_once(household):
    counted = tally_household(household, MEASURES, YEAR)
    assert counted.registered >= counted.visited == counted.surveyed + counted.refused
    people = counted.count(ADULTS_WITH_SMARTPHONE.key)
    assert people.denominator + people.unknown <= len((household.current or {}).get("residents", []))
    assert counted.count(HOUSES_WITH_INTERNET.key).denominator <= counted.surveyed


def test_same_measure_of_two_criteria_is_counted_once():
    village = [a_household(response=a_response(answers={"has_fixed_internet": "yes"}))]
    assert tally(village, [HOUSES_WITH_INTERNET] * 2, YEAR).count(HOUSES_WITH_INTERNET.key) == Count(yes=1)


def test_refusal_counts_as_visited_and_holds_no_answers():
    refused = a_household(response=a_response(outcome="refused"), status="refused")
    assert tally_household(refused, MEASURES, YEAR) == Tally(registered=1, visited=1, refused=1)


def test_nobody_at_home_leaves_a_household_to_visit():
    assert tally_household(a_household(response=a_response(outcome="absent")), MEASURES, YEAR) == Tally(
        registered=1, absent=1
    )
    assert tally_household(a_household(), MEASURES, YEAR) == Tally(registered=1)


def test_empty_house_is_not_registered():
    for status in ("vacant", "moved"):
        counted = tally_household(a_household(response=a_response(), status=status), MEASURES, YEAR)
        assert counted == Tally(**{status: 1})


def test_who_left_since_the_round_began_is_counted_apart():
    began = vietnam_midnight(date(2026, 11, 1))
    left = [None, began - timedelta(seconds=1), began, NOW]
    counted = tally([a_household(status="moved", left_at=at) for at in left], MEASURES, YEAR, began)
    assert counted == Tally(moved=4, left_in_round=2)
    assert tally([a_household(left_at=NOW)], MEASURES, YEAR, began) == Tally(registered=1)


def people(*born_and_answer: tuple[int, object], sex: str = "f") -> list[object]:
    return [
        a_resident(birth_year=born, sex=sex, answers={"has_smartphone": answer} if answer else {})
        for born, answer in born_and_answer
    ]


def test_only_people_of_the_age_are_asked_after_and_unknown_is_never_no():
    residents = people((2008, "yes"), (2009, "yes"), (1980, "no"), (1970, "unknown"), (1960, None))
    counted = tally([a_household(response=a_response(residents=residents))], MEASURES, YEAR)
    assert counted.count(ADULTS_WITH_SMARTPHONE.key) == Count(yes=1, no=1, unknown=2)


def test_working_age_ends_earlier_for_women():
    working = Population(of="residents", age_min=15, age_max_male=61, age_max_female=57)
    ages = {
        (sex, age): working.holds(a_resident(birth_year=YEAR - age, sex=sex), YEAR) for sex in "mf" for age in range(99)
    }
    assert [age for age in range(99) if ages["m", age]] == list(range(15, 62))
    assert [age for age in range(99) if ages["f", age]] == list(range(15, 58))


def test_born_after_the_year_of_reference_is_not_counted():
    assert not Population(of="residents").holds(a_resident(birth_year=YEAR + 1), YEAR)


def test_vneid_counts_from_its_level_up():
    level_two = Measure(question="vneid_level", level=2, population=Population(of="residents", age_min=14))
    assert [level_two.reads(value) for value in (0, 1, 2, "unknown", None)] == ["no", "no", "yes", "unknown", "unknown"]


def test_businesses_are_the_denominator_of_cashless_and_who_might_be_one_is_unknown():
    answers = [
        {"runs_business": "yes", "accepts_cashless": "yes"},
        {"runs_business": "yes", "accepts_cashless": "no"},
        {"runs_business": "yes"},
        {"runs_business": "no", "accepts_cashless": "yes"},
        {"runs_business": "unknown"},
        {},
    ]
    village = [a_household(response=a_response(answers=one)) for one in answers]
    assert tally(village, MEASURES, YEAR).count(SHOPS_WITHOUT_CASH.key) == Count(yes=1, no=1, unknown=3)


def test_weak_signal_is_not_good_signal():
    signal = Measure(question="signal", population=Population(of="households"))
    assert [signal.reads(value) for value in ("good", "weak", "none", "unknown")] == ["yes", "no", "no", "unknown"]
