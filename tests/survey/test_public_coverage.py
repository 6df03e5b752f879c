"""The page of a commune: what is on it, what is not, and what stays open where a figure is hidden."""

from typing import Any

import pytest

from survey.coverage import CommuneCoverage, CoverageReport, CriterionCoverage, report_commune
from survey.criteria import CriteriaSet, Result
from survey.public_coverage import PublicCoverage, hide_report
from tests.builders import NOW, a_commune, a_criteria_set, a_ratio, a_village, an_attested

SET = a_criteria_set(a_ratio("1", "80"), a_ratio("2", "50"), an_attested("3", "count", "1"))
Figures = tuple[tuple[int, int], tuple[int, int], int | None]
ORDINARY: Figures = ((300, 350), (200, 350), 1)


def a_line(criteria_set: CriteriaSet, place: int, figure: Any) -> CriterionCoverage:
    criterion = criteria_set.criteria[place]
    numerator, denominator = figure if criterion.kind == "ratio" else (figure, None)
    met = figure is not None and criterion.reached(numerator, denominator or 1)
    return CriterionCoverage(
        no=criterion.no,
        title=criterion.title,
        kind=criterion.kind,
        numerator=numerator,
        denominator=denominator,
        denominator_name=criterion.denominator_name,
        unknown=7777,
        threshold=criterion.threshold,
        result=Result.MET if met else Result.NOT_MET,
        missing=0 if met else 8888,
    )


def a_report(figures: Figures, criteria_set: CriteriaSet = SET, **changes: Any) -> CoverageReport:
    lines = [a_line(criteria_set, place, figure) for place, figure in enumerate(figures)]
    met = [line.result for line in lines].count(Result.MET) >= (criteria_set.pass_rule.n or len(lines))
    usual: dict[str, Any] = {"registered": 120, "surveyed": 100, "visited": 9991, "refused": 9992, "absent": 9993}
    usual |= {"moved": 9994, "vacant": 9995, "left_in_round": 9996, "criteria_set": "thu", "as_of": NOW}
    result = Result.MET if met else Result.NOT_MET
    return CoverageReport(**(usual | {"village": a_village(), "criteria": lines, "result": result} | changes))


def a_commune_of(*villages: Figures, criteria_set: CriteriaSet = SET) -> CommuneCoverage:
    return report_commune(a_commune(), criteria_set, [a_report(one, criteria_set) for one in villages], NOW)


def published(*villages: Figures, criteria_set: CriteriaSet = SET) -> PublicCoverage:
    return hide_report(a_commune_of(*villages, criteria_set=criteria_set), criteria_set)


def test_a_commune_without_small_counts_is_shown_whole():
    report = a_commune_of(ORDINARY, ((100, 350), (200, 350), None))
    page = hide_report(report, SET)
    assert (page.passed, page.total, page.registered, page.surveyed) == (1, 2, 240, 200)
    assert [(line.numerator, line.denominator, line.hidden) for line in page.criteria] == [
        (400, 700, False),
        (400, 700, False),
        (1, 2, False),
    ]
    assert [(one.result, one.met) for one in page.villages] == [("met", 3), ("not_met", 1)]
    assert [one.village for one in page.villages] == [one.village for one in report.villages]
    second = page.villages[1].figures
    assert [(one.numerator, one.denominator, one.hidden, one.result) for one in second] == [
        (100, 350, False, "not_met"),
        (200, 350, False, "met"),
        (None, None, False, "not_met"),
    ]
    assert (second[0].rate, second[2].rate, page.criteria[0].rate) == (second[0].rate, None, page.criteria[1].rate)


def test_unknown_answers_and_who_was_not_met_are_left_out():
    odd = a_report(ORDINARY, village=a_village(into="nowhere", phone="0912"), secret=9997)
    text = hide_report(report_commune(a_commune(note=9998), SET, [odd], NOW), SET).model_dump_json()
    assert not [figure for figure in ("7777", "8888", "999", "0912", "nowhere") if figure in text]


def test_a_hidden_figure_is_not_zero():
    page = published(((38, 40), (0, 60), 1), ((60, 80), (30, 60), 1), ORDINARY)
    hidden, zero = page.villages[0].figures[:2]
    assert (hidden.numerator, hidden.denominator, hidden.hidden, hidden.rate) == (None, 40, True, None)
    assert (zero.numerator, zero.hidden, zero.rate) == (0, False, 0)
    assert page.criteria[0].numerator == 398


def test_what_hangs_on_a_hidden_result_is_hidden():
    page = published(((38, 40), (30, 60), 1), ((60, 80), (30, 60), 1), ORDINARY)
    assert [one.figures[0].result for one in page.villages] == [None, None, "met"]
    assert [(one.result, one.met) for one in page.villages] == [(None, None), (None, None), ("met", 3)]
    assert (page.passed, page.passed_at_least, page.total) == (None, 1, 3)


def test_a_result_that_what_is_shown_decides_stays():
    """Both villages fail by what they attested: that they do tells nothing of the hidden ratio."""
    page = published(((38, 40), (30, 60), 0), ((60, 80), (30, 60), None), ORDINARY)
    assert [(one.result, one.met) for one in page.villages] == [("not_met", None), ("not_met", None), ("met", 3)]
    assert page.passed == 1


def test_two_of_three_are_decided_by_the_two_that_are_shown():
    some = a_criteria_set(*SET.criteria, n=2)
    page = published(((38, 40), (30, 60), 1), ((60, 80), (10, 60), 1), ORDINARY, criteria_set=some)
    assert [(one.result, one.met) for one in page.villages] == [("met", None), (None, None), ("met", 3)]
    assert page.passed is None


def test_a_result_by_another_rule_is_not_shown():
    """The set that was handed over does not explain the report: then nobody knows what a result would tell."""
    report = a_commune_of(((38, 40), (30, 60), 1), ORDINARY, ORDINARY)
    page = hide_report(report, a_criteria_set(*SET.criteria, complete=False))
    assert [one.result for one in page.villages] == [None, None, None]
    assert (page.passed, page.passed_at_least) == (None, 0)


def test_a_measure_under_two_criteria_is_hidden_alike():
    page = published(*((pair, pair, 1) for pair in ((38, 40), (60, 80), (300, 350), (10, 50))))
    for village in page.villages:
        first, second = village.figures[:2]
        assert first.hidden == second.hidden
    assert [village.figures[0].hidden for village in page.villages] == [True, False, False, True]


def test_a_commune_of_one_small_village_hides_its_sum():
    page = published(((3, 4), (0, 9), 1))
    assert [(line.numerator, line.hidden) for line in page.criteria] == [(None, True), (0, False), (1, False)]


@pytest.mark.parametrize("villages", [0, 1])
def test_no_village_and_no_answer(villages):
    empty = report_commune(a_commune(), SET, [a_report(ORDINARY, criteria=[])] * villages, NOW)
    page = hide_report(empty, SET)
    assert (page.total, page.criteria) == (villages, [])
    assert PublicCoverage.model_validate_json(page.model_dump_json()) == page


def test_a_village_that_lacks_a_criterion_counts_nobody():
    report = report_commune(a_commune(), SET, [a_report(ORDINARY), a_report(ORDINARY, criteria=[])], NOW)
    page = hide_report(report, SET)
    assert (page.criteria[0].numerator, page.criteria[0].denominator) == (300, 350)
    assert page.villages[1].figures == []
