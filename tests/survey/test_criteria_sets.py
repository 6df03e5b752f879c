"""Each set that is delivered loads, names its document, and asks for nothing that cannot be counted."""

from pathlib import Path

import pytest

import survey
from survey.criteria import CriteriaSet, Result, assess, form_for
from survey.tally import Count, Tally
from tests.builders import an_attestation

FILES = sorted((Path(survey.__file__).parent / "criteria_sets").glob("*.json"))


def load(code: str) -> CriteriaSet:
    return CriteriaSet.model_validate_json(
        (FILES[0].parent / f"{code}.json").read_text(encoding="utf-8"), extra="forbid"
    )


def test_the_documented_sets_are_there():
    assert {file.stem for file in FILES} >= {
        "thanh-hoa-2022",
        "six-items",
        "ninh-binh-897",
        "phu-yen",
        "nguyet-duc-demo",
    }


@pytest.mark.parametrize("code", [file.stem for file in FILES])
def test_set_is_whole(code):
    criteria_set = load(code)
    assert criteria_set.code == code
    assert criteria_set.sources
    assert criteria_set.document
    assert all(criterion.title for criterion in criteria_set.criteria)
    for criterion in criteria_set.criteria:
        if criteria_set.complete and criterion.kind != "boolean":
            assert criterion.threshold, criterion.no
        if criterion.measure and criterion.measure.population.of == "residents":
            assert "uổi" in criterion.note, "the source of an age rule is named"
        if criterion.measure:
            assert criterion.denominator_name != "thôn"


@pytest.mark.parametrize("code", [file.stem for file in FILES])
def test_perfect_village_passes_unless_the_document_is_only_half_known(code):
    criteria_set = load(code)
    counts = {measure.key: Count(yes=100) for measure in criteria_set.measures()}
    attested = {one.no: an_attestation(one.no, 9 if one.kind == "count" else True) for one in criteria_set.criteria}
    result = assess(criteria_set, Tally(100, 100, 100, 0, counts), attested, has_team=True).result
    assert result is (Result.MET if criteria_set.complete else Result.NOT_ENOUGH_DATA)


def test_partial_documents_are_marked():
    assert {code for code in (file.stem for file in FILES) if not load(code).complete} == {"ninh-binh-897", "phu-yen"}
    assert all(one.threshold is None for one in load("phu-yen").criteria)


def test_demo_form_is_short():
    form = form_for(load("nguyet-duc-demo"))
    assert [one.question.key for one in form.resident_questions] == [
        "has_smartphone", "has_payment_account", "uses_online_services",
    ]  # fmt: skip
    assert [question.key for question in form.household_questions] == [
        "has_fixed_internet", "has_digital_address", "runs_business", "accepts_cashless",
    ]  # fmt: skip
