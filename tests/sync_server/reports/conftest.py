"""A report with villages of every result, odd names, and figures by hand."""

import pytest

from survey.coverage import CoverageReport, report_commune, report_village
from survey.criteria import assess
from survey.records import Attestation, SurveyRound, Village
from survey.reports import AttestedItem, Report
from survey.tally import Count, Tally
from tests.builders import (
    ADULTS_WITH_SMARTPHONE,
    HOUSES_WITH_INTERNET,
    NOW,
    YEAR,
    a_commune,
    a_criteria_set,
    a_ratio,
    an_attested,
    an_id,
)

CRITERIA = a_criteria_set(
    a_ratio("1", "70", measure=ADULTS_WITH_SMARTPHONE, denominator_name="người trưởng thành"),
    a_ratio("2.1", "50", measure=HOUSES_WITH_INTERNET, denominator_name="hộ"),
    an_attested("3"),
    an_attested("4", kind="count", threshold="1", not_applicable_allowed=True),
)
NAMES = ("Đinh Xá", "Tổ 3/4", "TỔ 3/4", "=1+1", "Một thôn có tên rất dài hơn ba mươi mốt chữ", "'Ngoặc'", "History")


def a_report() -> Report:
    """Seven villages: figures that differ, one of them without any household."""
    attested, items, reports = (
        Attestation(criterion="3", value=True, evidence="=Biên bản số 12", attested_by="Minh", attested_at=NOW),
        [],
        [],
    )
    for number, name in enumerate(NAMES):
        village = Village(id=an_id(), name=name, kind="thôn" if number != 6 else "")
        items.append(AttestedItem(village=village.id, **dict(attested)))
        reports.append(_village(village, number, attested))
    survey_round = SurveyRound(
        id=an_id(), title="Đợt 1", criteria_set=CRITERIA.code, reference_year=YEAR, starts_on=NOW.date()
    )
    coverage = report_commune(a_commune(), CRITERIA, reports, NOW)
    return Report(taken_at=NOW, coverage=coverage, criteria_set=CRITERIA, round=survey_round, attested=items)


def _village(village: Village, number: int, attested: Attestation) -> CoverageReport:
    homes = 1816 * number
    counts = {
        ADULTS_WITH_SMARTPHONE.key: Count(1500 * number, 100 + 7 * number, 9),
        HOUSES_WITH_INTERNET.key: Count(700 * number, 600 * number, number),
    }
    tally = Tally(homes, homes - 3 * number, homes - 5 * number, 2 * number, counts if number else {}, absent=number)
    given = {"3": attested} | ({"4": Attestation(criterion="4", value=number)} if number % 2 else {})
    return report_village(village, CRITERIA, tally, assess(CRITERIA, tally, given), NOW)


@pytest.fixture(scope="session")
def report() -> Report:
    return a_report()
