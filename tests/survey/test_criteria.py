"""Verdicts are exact and honest: 69,96 % is not 70 %, nobody attested is not "no", half a document passes nobody."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from survey.criteria import Assessment, CriteriaSet, Criterion, Result, assess, form_for
from survey.indicators import Measure, Population
from survey.records import Attestation
from survey.tally import Count, Tally
from tests.builders import (
    HOUSES_WITH_INTERNET,
    SHOPS_WITHOUT_CASH,
    a_criteria_set,
    a_ratio,
    an_attestation,
    an_attested,
)


def counted(
    yes: int, no: int, unknown: int = 0, registered: int | None = None, measure: Measure = HOUSES_WITH_INTERNET
) -> Tally:
    surveyed = max(yes + no + unknown, 1)
    return Tally(registered or surveyed, surveyed, surveyed, 0, {measure.key: Count(yes, no, unknown)})


def judged(criteria_set: CriteriaSet, tally: Tally = counted(1, 0), *attested: Attestation, **more: bool) -> Assessment:  # noqa: B008
    return assess(criteria_set, tally, {one.criterion: one for one in attested}, **more)


@pytest.mark.parametrize(
    ("yes", "no", "result"),
    [
        (7, 3, "met"),
        (6996, 3004, "not_met"),
        (69999, 30001, "not_met"),
        (70000, 30000, "met"),
        (0, 1, "not_met"),
        (1, 0, "met"),
    ],
)
def test_seventy_percent_is_exact(yes, no, result):
    assert judged(a_criteria_set(a_ratio(threshold="70")), counted(yes, no)).result == result


thresholds = st.one_of(
    st.integers(0, 100).map(str),
    st.integers(0, 10000).map(lambda hundredths: f"{hundredths // 100}.{hundredths % 100:02d}"),
)


@given(thresholds, st.integers(0, 400), st.integers(0, 400))
def test_missing_is_the_least_number_that_suffices(threshold, yes, no):
    item = judged(a_criteria_set(a_ratio(threshold=threshold)), counted(yes, no)).items[0]
    if yes + no == 0:
        assert item.result in {Result.NOT_APPLICABLE, Result.NOT_ENOUGH_DATA}
        return
    needed = Fraction(threshold) / 100
    assert (item.result is Result.MET) == (Fraction(yes, yes + no) >= needed) == (item.missing == 0)
    assert Fraction(yes + item.missing, yes + no) >= needed
    assert item.missing == 0 or Fraction(yes + item.missing - 1, yes + no) < needed
    assert (item.numerator, item.denominator, item.missing_of) == (yes, yes + no, "households")


@given(thresholds, st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_too_few_surveyed_or_known_is_not_enough_data(share, yes, no, unknown, unvisited):
    surveyed = max(yes + no + unknown, 1)
    tally = counted(yes, no, unknown, registered=surveyed + unvisited)
    item = judged(a_criteria_set(a_ratio(threshold="50"), min_share=share), tally).items[0]
    needed = Fraction(share) / 100
    covered = Fraction(surveyed, surveyed + unvisited) >= needed
    asked = yes + no + unknown
    known = asked == 0 or Fraction(yes + no, asked) >= needed
    if not covered or not known:
        assert item.result is Result.NOT_ENOUGH_DATA
        enough = item.missing + (surveyed if not covered else yes + no)
        whole = surveyed + unvisited if not covered else asked
        assert Fraction(enough, whole) >= needed > Fraction(enough - 1, whole)
    elif yes + no:
        assert item.result in {Result.MET, Result.NOT_MET}


def test_high_rate_of_few_households_does_not_pass():
    demanding = a_criteria_set(a_ratio(threshold="70"), min_share="80")
    item = judged(demanding, counted(19, 1, registered=200)).items[0]
    assert (item.result, item.missing, item.missing_of) == (Result.NOT_ENOUGH_DATA, 140, "households")


def test_exactly_one_hundred_percent():
    every_house = a_criteria_set(a_ratio(threshold="100", comparator="="))
    assert judged(every_house, counted(180, 0)).result is Result.MET
    item = judged(every_house, counted(179, 1)).items[0]
    assert (item.result, item.missing) == (Result.NOT_MET, 1)
    assert judged(a_criteria_set(a_ratio(threshold="50", comparator="=")), counted(3, 1)).items[0].missing == 0


def test_village_without_a_shop_has_no_cashless_rate_but_unknown_shops_keep_it_open():
    shops = a_criteria_set(a_ratio("1"), a_ratio("2", measure=SHOPS_WITHOUT_CASH, threshold="80"))
    houses = {HOUSES_WITH_INTERNET.key: Count(9, 1)}
    without = Tally(10, 10, 10, 0, houses)
    assert [item.result for item in judged(shops, without).items] == [Result.MET, Result.NOT_APPLICABLE]
    assert judged(shops, without).result is Result.MET
    unsure = Tally(10, 10, 10, 0, houses | {SHOPS_WITHOUT_CASH.key: Count(unknown=2)})
    assert judged(shops, unsure).items[1].result is Result.NOT_ENOUGH_DATA
    assert judged(shops, Tally(10)).items[1].result is Result.NOT_ENOUGH_DATA


def test_attested_items():
    attested = a_criteria_set(an_attested("1"), an_attested("2", "count", "2", not_applicable_allowed=True))
    nothing = judged(attested)
    assert [(item.result, item.missing) for item in nothing.items] == [
        (Result.NOT_ENOUGH_DATA, 1),
        (Result.NOT_ENOUGH_DATA, 2),
    ]
    too_few = judged(attested, counted(1, 0), an_attestation("1", False), an_attestation("2", 1))
    assert [(item.result, item.missing, item.numerator) for item in too_few.items] == [
        (Result.NOT_MET, 1, 0), (Result.NOT_MET, 1, 1),
    ]  # fmt: skip
    assert judged(attested, counted(1, 0), an_attestation("1", True), an_attestation("2", 3)).result is Result.MET
    spared = an_attestation("2", None, not_applicable=True)
    assert judged(attested, counted(1, 0), an_attestation("1"), spared).result is Result.MET
    not_spared = an_attestation("1", None, not_applicable=True)
    assert judged(attested, counted(1, 0), not_spared).items[0].result is Result.NOT_ENOUGH_DATA


def test_exact_count():
    pair = a_criteria_set(an_attested("1", "count", "2", comparator="="))
    results = [judged(pair, counted(1, 0), an_attestation("1", value)).result for value in (1, 2, 3)]
    assert results == [Result.NOT_MET, Result.MET, Result.NOT_MET]


def test_the_system_knows_whether_there_is_a_team():
    team = a_criteria_set(an_attested("1", source="system"))
    assert judged(team, has_team=True).result is Result.MET
    assert judged(team).result is Result.NOT_MET


@given(st.lists(st.sampled_from([True, False, None, "n/a"]), min_size=1, max_size=6), st.integers(0, 6))
def test_all_or_n_of_the_applicable_items(values, n):
    criteria = [an_attested(str(place), not_applicable_allowed=True) for place in range(len(values))]
    rule = min(n, len(values))
    attested = [
        an_attestation(str(place), None if value == "n/a" else value, not_applicable=value == "n/a")
        for place, value in enumerate(values)
    ]
    result = judged(a_criteria_set(*criteria, n=rule or None), counted(1, 0), *attested).result
    applicable = len(values) - values.count("n/a")
    needed = min(rule or applicable, applicable)
    if applicable == 0:
        assert result is Result.NOT_ENOUGH_DATA
    elif values.count(True) >= needed:
        assert result is Result.MET
    elif values.count(True) + values.count(None) < needed:
        assert result is Result.NOT_MET
    else:
        assert result is Result.NOT_ENOUGH_DATA


@given(st.integers(0, 5), st.integers(0, 5))
def test_half_known_document_never_passes_a_village(yes, no):
    partial = a_criteria_set(a_ratio(), complete=False)
    assert judged(partial, counted(yes, no)).result is not Result.MET


def test_threshold_that_was_not_reached_judges_nothing_and_still_counts():
    unknown = a_criteria_set(a_ratio("1", None), an_attested("2", "count", None), complete=False)
    ratio, models = judged(unknown, counted(8, 2), an_attestation("2", 7)).items
    assert (ratio.result, ratio.numerator, ratio.denominator) == (Result.NOT_ENOUGH_DATA, 8, 10)
    assert models.result is Result.NOT_ENOUGH_DATA


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: a_ratio(measure=None),
        lambda: a_ratio(source="attested"),
        lambda: an_attested(source="survey"),
        lambda: an_attested(measure=HOUSES_WITH_INTERNET),
        lambda: a_ratio(threshold="101"),
        lambda: a_ratio(threshold="bảy mươi"),
        lambda: a_criteria_set(a_ratio("1"), an_attested("1")),
        lambda: a_criteria_set(a_ratio("1"), n=2),
        lambda: CriteriaSet.model_validate(a_criteria_set(a_ratio()).model_dump() | {"pass_rule": {"kind": "n_of_m"}}),
        lambda: Measure(question="has_car", population=Population(of="residents")),
        lambda: Measure(question="has_smartphone", population=Population(of="households")),
        lambda: Measure(question="has_fixed_internet", population=Population(of="residents")),
        lambda: Measure(question="vneid_level", population=Population(of="residents")),
        lambda: Measure(question="has_smartphone", level=1, population=Population(of="residents")),
    ],
)
def test_sets_that_cannot_be_counted_are_refused(wrong):
    with pytest.raises(ValidationError):
        wrong()


def ratio_of(no: str, question: str, **population: object) -> Criterion:
    people = Population(**({"of": "residents"} | population))
    return a_ratio(
        no, measure=Measure(question=question, population=people, level=2 if question == "vneid_level" else None)
    )


def test_form_asks_only_what_is_needed_of_the_widest_age():
    form = form_for(
        a_criteria_set(
            ratio_of("1", "has_payment_account", age_min=18),
            ratio_of("2", "has_payment_account", age_min=15, age_max_male=61, age_max_female=57),
            ratio_of("3", "uses_online_services", age_min=15, age_max_male=61, age_max_female=57),
            a_ratio("4", measure=SHOPS_WITHOUT_CASH),
            an_attested("5"),
        )
    )
    asked = [(one.question.key, one.age_min, one.age_max_male, one.age_max_female) for one in form.resident_questions]
    assert asked == [("has_payment_account", 15, None, None), ("uses_online_services", 15, 61, 57)]
    assert [question.key for question in form.household_questions] == ["runs_business", "accepts_cashless"]
    skills = form.resident_questions[1]
    assert [skills.applies_to(age, "m") for age in (14, 15, 61, 62)] == [False, True, True, False]
    assert [skills.applies_to(age, "f") for age in (14, 15, 57, 58)] == [False, True, True, False]
    assert [skills.applies_to(age, None) for age in (57, 58, 61, 62)] == [True, True, True, False]


def test_set_without_ratios_asks_nothing():
    form = form_for(a_criteria_set(an_attested()))
    assert (form.resident_questions, form.household_questions) == ((), ())
