"""What hides behind a rate: shown beside it, bounded by a set that says so, and never worse than the worst case."""

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from survey.coverage import CoverageReport, add_up, report_village
from survey.criteria import Result, assess
from survey.figure_words import hidden, lowest, result
from survey.records import Outcome
from survey.tally import Count, Tally
from tests.builders import (
    ADULTS_WITH_SMARTPHONE,
    HOUSES_WITH_INTERNET,
    NOW,
    YEAR,
    a_criteria_set,
    a_household,
    a_ratio,
    a_resident,
    a_response,
    a_village,
)
from tests.fold import tally

few = st.integers(0, 60)


def report(counted: Tally, **more: str) -> CoverageReport:
    criteria = a_criteria_set(a_ratio(threshold="80"), **more)
    return report_village(a_village(), criteria, counted, assess(criteria, counted, {}), NOW)


def counted(yes: int, no: int, unknown: int, absent: int = 0, refused: int = 0, left: int = 0) -> Tally:
    surveyed = yes + no + unknown
    counts = {HOUSES_WITH_INTERNET.key: Count(yes, no, unknown)}
    whole = surveyed + absent + refused
    return Tally(whole, surveyed + refused, surveyed, refused, counts, left, 0, left, absent)


def test_unknown_for_no_shows_and_is_not_sure() -> None:
    """Of 505 homes 394 say yes, 78 %; with 101 no written as unknown it looks like 97 %, and the lowest tells."""
    honest, dressed = report(counted(394, 111, 0)), report(counted(394, 10, 101))
    assert (honest.result, dressed.result) == (Result.NOT_MET, Result.MET)
    [line] = dressed.criteria
    assert line.lowest == Fraction(394, 505)
    assert (line.is_narrow, dressed.narrow, result(line)) == (True, [line], "Đạt, chưa chắc")
    assert (hidden(line), lowest(line)) == ("101 câu không rõ", "78 %")
    assert (result(honest.criteria[0]), honest.narrow) == ("Chưa đạt", [])
    assert hidden(honest.criteria[0]) == lowest(honest.criteria[0]) == ""


def test_absent_refused_and_left_homes_hide_as_many_as_others_have() -> None:
    [line] = report(counted(80, 10, 10, absent=3, refused=2, left=5)).criteria
    assert (line.unknown, line.away) == (10, 10)
    assert line.lowest == Fraction(80, 110)
    assert hidden(line) == "10 câu không rõ, khoảng 10 hộ gia đình ở nhà không gặp"


def test_who_lives_in_an_absent_home_is_guessed_from_the_others() -> None:
    homes = [
        a_household(response=a_response(residents=[a_resident(answers={"has_smartphone": "yes"}) for _ in range(3)])),
        a_household(response=a_response(residents=[a_resident(answers={"has_smartphone": "yes"}) for _ in range(2)])),
        a_household(response=a_response(outcome=Outcome.ABSENT, residents=[], answers={})),
    ]
    criteria = a_criteria_set(a_ratio(threshold="80", measure=ADULTS_WITH_SMARTPHONE))
    seen = tally(homes, criteria.measures(), YEAR)
    [item] = assess(criteria, seen, {}).items
    assert (item.numerator, item.denominator, item.away) == (5, 5, 3)  # two and a half, rounded up


@given(few, few, few, few, few, few, st.integers(0, 100))
def test_a_bound_of_what_is_hidden(
    yes: int, no: int, unknown: int, absent: int, refused: int, left: int, most: int
) -> None:
    assume(yes + no)
    seen = counted(yes, no, unknown, absent, refused, left)
    free, bound = (report(seen, **more).criteria[0] for more in ({}, {"most_hidden": str(most)}))
    whole = yes + no + free.hidden
    assert free.lowest is not None
    assert free.lowest <= Fraction(yes, yes + no)
    if free.hidden * 100 > most * whole:
        assert bound.result is Result.NOT_ENOUGH_DATA
        # As many as are missing need to be known, and one fewer is too few.
        assert (free.hidden - bound.missing) * 100 <= most * whole < (free.hidden - bound.missing + 1) * 100
    else:
        assert (bound.result, bound.missing) == (free.result, free.missing)
    assert free.is_narrow == (free.result is Result.MET and free.lowest < Fraction(80, 100))


@given(st.lists(st.tuples(few, few, few, few), min_size=1, max_size=4))
def test_what_is_hidden_adds_up(villages: list[tuple[int, int, int, int]]) -> None:
    reports = [report(counted(*numbers)) for numbers in villages]
    [total] = add_up(reports)
    assert total.hidden == sum(one.criteria[0].hidden for one in reports)
