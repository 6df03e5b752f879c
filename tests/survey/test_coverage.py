"""Reports: figures with their denominators, sums that are the whole, what is missing, and whose door to knock on."""

from datetime import timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from survey.coverage import CoverageReport, Met, add_up, doors_to_knock, report_commune, report_village, shortfall
from survey.criteria import Result, assess
from survey.records import Household
from survey.tally import Tally
from tests.builders import (
    ADULTS_WITH_SMARTPHONE,
    HOUSES_WITH_INTERNET,
    NOW,
    SHOPS_WITHOUT_CASH,
    YEAR,
    a_commune,
    a_criteria_set,
    a_household,
    a_ratio,
    a_resident,
    a_response,
    a_village,
    an_attestation,
    an_attested,
)
from tests.fold import tally
from tests.survey.strategies import households

SET = a_criteria_set(
    a_ratio("1", "90", measure=ADULTS_WITH_SMARTPHONE, denominator_name="người trưởng thành"),
    a_ratio("2", "80"),
    a_ratio("3", "80", measure=SHOPS_WITHOUT_CASH, denominator_name="hộ kinh doanh"),
    an_attested("4", "count", "1"),
    min_share="50",
)


def report(village: list[Household], models: int | None = 1, as_of=NOW) -> CoverageReport:
    counted = tally(village, SET.measures(), YEAR)
    attested = {} if models is None else {"4": an_attestation("4", models)}
    return report_village(a_village(), SET, counted, assess(SET, counted, attested), as_of)


def internet(answer: str, *adults: str) -> Household:
    people = [a_resident(answers={"has_smartphone": one}) for one in adults]
    return a_household(
        response=a_response(answers={"has_fixed_internet": answer, "runs_business": "no"}, residents=people)
    )


def test_report_of_a_village():
    line = report([internet("yes"), internet("yes"), internet("no"), internet("unknown"), a_household()]).criteria[1]
    assert (line.numerator, line.denominator, line.denominator_name, line.unknown) == (2, 3, "hộ gia đình", 1)
    assert (line.rate, line.threshold, line.result) == (Fraction(2, 3), "80", Result.NOT_MET)
    assert (line.missing, line.missing_of) == (1, "households")


def test_report_shows_how_many_were_surveyed():
    village = [internet("yes"), a_household(response=a_response(outcome="refused"), status="refused"), a_household()]
    seen = report(village)
    assert (seen.registered, seen.visited, seen.surveyed, seen.refused) == (3, 2, 1, 1)
    assert seen.met == Met(registered=3, surveyed=1, refused=1)
    assert (seen.met.visited, seen.met.surveyed_share) == (seen.visited, Fraction(1, 3))
    assert report([]).met.surveyed_share is None
    assert report_commune(a_commune(), SET, [seen, seen, report([])], NOW).met == Met(6, 2, 2)


@given(st.lists(households(), max_size=4), st.lists(households(), max_size=4))
def test_villages_add_up_to_the_whole(one, other):
    totals = add_up([report(one), report(other)])
    whole = report(one + other).criteria
    for total, line in zip(totals[:3], whole[:3], strict=True):
        assert (total.no, total.unknown) == (line.no, line.unknown)
        assert (total.numerator or 0, total.denominator or 0) == (line.numerator or 0, line.denominator or 0)
    assert (totals[3].numerator, totals[3].denominator, totals[3].denominator_name) == (2, 2, "thôn")


def test_people_and_households_are_not_added_together():
    too_few = [internet("yes", "yes"), *[a_household()] * 9]
    low = [internet("yes", *["no"] * 5, *["yes"] * 5)]
    for villages in ([too_few, low], [low, too_few]):
        total = add_up([report(village) for village in villages])[0]
        assert (total.missing, total.missing_of, total.result) == (4, "residents", Result.NOT_MET)
    total = add_up([report(too_few), report(too_few)])[0]
    assert (total.missing, total.missing_of, total.result) == (8, "households", Result.NOT_ENOUGH_DATA)


def test_commune_counts_the_villages_that_pass():
    good, bad = report([internet("yes", "yes")]), report([internet("no", "yes")], as_of=NOW + timedelta(hours=1))
    commune = report_commune(a_commune(), SET, [good, bad], NOW)
    assert (commune.passed, commune.total, commune.registered) == (1, 2, 2)
    assert commune.as_of == bad.as_of
    assert [total.result for total in commune.totals] == ["met", "not_met", "not_applicable", "met"]
    empty = report_commune(a_commune(), SET, [], NOW)
    assert (empty.passed, empty.total, empty.totals, empty.as_of) == (0, 0, [], NOW)


def test_reports_read_back():
    seen = report([internet("yes", "no")])
    assert CoverageReport.model_validate_json(seen.model_dump_json()) == seen


def test_shortfall_names_what_needs_least_first():
    missing = shortfall(report([internet("no", "yes", "no", "no"), internet("no")], models=None))
    assert [(one.no, one.count, one.of) for one in missing] == [
        ("4", 1, "items"),
        ("1", 2, "residents"),
        ("2", 2, "households"),
    ]
    assert shortfall(report([internet("yes", "yes")])) == []


def test_partial_sum_of_nothing_is_not_missing():
    counted = Tally()
    assert report_village(a_village(), SET, counted, assess(SET, counted, {}), NOW).result is Result.NOT_ENOUGH_DATA


def test_doors_with_most_to_gain_come_first():
    village = {
        "chưa khảo sát": a_household(),
        "một chưa rõ": internet("yes", "yes", "unknown"),
        "đủ cả": internet("yes", "yes", "yes"),
        "hai người chưa có": internet("yes", "no", "no"),
        "một người chưa có": internet("yes", "no"),
        "không gặp": a_household(response=a_response(outcome="absent")),
    }
    doors = doors_to_knock(village.items(), ADULTS_WITH_SMARTPHONE, YEAR)
    assert [(door.household, door.answered_no, door.unknown, door.unvisited) for door in doors] == [
        ("hai người chưa có", 2, 0, False), ("một người chưa có", 1, 0, False), ("một chưa rõ", 0, 1, False),
        ("chưa khảo sát", 0, 0, True), ("không gặp", 0, 0, True),
    ]  # fmt: skip


def test_nobody_who_declined_or_left_is_asked_again():
    village = [
        ("từ chối", a_household(response=a_response(outcome="refused"), status="refused")),
        ("từ chối, chưa đổi trạng thái", a_household(response=a_response(outcome="refused"))),
        ("chuyển đi", a_household(status="moved")),
        ("nhà trống", a_household(response=a_response(outcome="vacant"))),
    ]
    assert doors_to_knock(village, HOUSES_WITH_INTERNET, YEAR) == []


@given(st.lists(households(), max_size=6))
def test_doors_hold_every_no_of_the_report(village):
    doors = doors_to_knock(((str(place), one) for place, one in enumerate(village)), HOUSES_WITH_INTERNET, YEAR)
    active = tally([one for one in village if one.status == "active"], [HOUSES_WITH_INTERNET], YEAR)
    assert sum(door.answered_no for door in doors) == active.count(HOUSES_WITH_INTERNET.key).no
    assert sum(door.unknown for door in doors) == active.count(HOUSES_WITH_INTERNET.key).unknown
