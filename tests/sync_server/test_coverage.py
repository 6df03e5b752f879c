"""Coverage: the sums are what a fold over the records counts, and the reports follow every visit."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.indicators import Measure, Population
from survey.questions import CATALOGUE, UNKNOWN, About
from survey.records import Household
from survey.roles import Role
from survey.tally import Counter
from survey.times import vietnam_midnight
from tests.builders import NOW, YEAR, an_id
from tests.fold import tally
from tests.pace import examples
from tests.sync_server.wire_client import COMMUNE, Device, Server, a_person

BEGAN = vietnam_midnight(NOW.date())
LEFT = [BEGAN - timedelta(seconds=1), BEGAN, NOW]


def answers(about: About) -> st.SearchStrategy[dict[str, Any]]:
    questions = [question for question in CATALOGUE.values() if question.about is about]
    return st.fixed_dictionaries(
        {}, optional={one.key: st.sampled_from([*one.choices, UNKNOWN, None]) for one in questions}
    )


def edges(asked: list[Measure], sex: str) -> list[int]:
    """The ages at which somebody of the sex begins or ends to count, and those beside them."""
    people = [measure.population for measure in asked]
    bounds = {bound for one in people for bound in (one.age_min, one.oldest(sex)) if bound is not None}
    return sorted({bound + beside for bound in bounds for beside in (-1, 0, 1) if bound + beside >= 0})


@st.composite
def people(draw: st.DrawFn, asked: list[Measure]) -> dict[str, Any]:
    """Somebody of any age, more often than not of one at which a measure begins or ends to count them."""
    sex = draw(st.sampled_from("mf"))
    ages = st.integers(-2, 90)  # of the reference year: somebody may be born after it
    age = draw(st.one_of(st.sampled_from(edges(asked, sex)), ages) if asked else ages)
    usual = {"id": an_id(), "relation": "other", "birth_year": YEAR - age, "sex": sex}
    return usual | {"answers": draw(answers(About.RESIDENT))}


@st.composite
def kept_households(draw: st.DrawFn, asked: list[Measure]) -> dict[str, Any]:
    """A household as its visits left it."""
    outcome = draw(st.sampled_from([None, "completed", "completed", "refused", "absent", "vacant", "moved"]))
    status = draw(st.sampled_from(["active", "active", "refused", "moved", "vacant"]))
    body: dict[str, Any] = {"head_name": "Hộ", "status": status}
    if status in {"moved", "vacant"} and (left_at := draw(st.sampled_from([None, *LEFT]))):
        body["left_at"] = left_at.isoformat()
    if outcome:
        is_met = outcome == "completed"
        body["current"] = {
            "id": an_id(),
            "outcome": outcome,
            "answers": draw(answers(About.HOUSEHOLD)) if is_met else {},
            "residents": draw(st.lists(people(asked), max_size=4)) if is_met else [],
        }
    return body


ages = st.one_of(st.none(), st.integers(10, 70))


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    """Any measure that a criteria set may hold."""
    question = CATALOGUE[draw(st.sampled_from(sorted(CATALOGUE)))]
    of_people = question.about is About.RESIDENT
    bounds = {"age_max": draw(ages), "age_max_male": draw(ages), "age_max_female": draw(ages)}
    population = Population(
        of="residents" if of_people else draw(st.sampled_from(["households", "businesses"])),
        age_min=draw(st.integers(0, 30)),
        **bounds,
    )
    level = draw(st.integers(0, 2)) if question.key == "vneid_level" else None
    return Measure(question=question.key, population=population, level=level)


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_sums_equal_the_fold(data: st.DataObject) -> None:
    asked = data.draw(st.lists(measures(), max_size=5))
    households = data.draw(st.lists(kept_households(asked), max_size=8))
    counter = Counter(asked, YEAR, BEGAN)
    total = [0] * counter.size
    for one in households:
        counter.add(total, one)
    folded, found = tally(map(Household.model_validate, households), asked, YEAR, BEGAN), counter.tally(total)
    for name in ("registered", "visited", "surveyed", "refused", "moved", "vacant", "left_in_round", "absent"):
        assert getattr(found, name) == getattr(folded, name), name
    for measure in asked:
        assert found.count(measure.key) == folded.count(measure.key), measure


@pytest.mark.parametrize("sex", ["m", "f"])
@pytest.mark.parametrize("bound", ["age_min", "age_max", "age_max_male", "age_max_female"])
def test_who_is_of_an_age_at_the_bound_counts_and_who_is_beyond_does_not(bound: str, sex: str) -> None:
    """One person of each age around the bound: those that count, in the sums and in the fold."""
    population = Population(of="residents", age_min=0).model_copy(update={bound: 30})
    measure = Measure(question="has_smartphone", population=population)
    ages = [29, 30, 31]
    residents = [
        {"id": an_id(), "relation": "other", "birth_year": YEAR - age, "sex": sex, "answers": {}} for age in ages
    ]
    current = {"id": an_id(), "outcome": "completed", "answers": {}, "residents": residents}
    body = {"head_name": "Hộ", "status": "active", "current": current}
    of_the_other_sex = bound.endswith("male") and (bound == "age_max_male") is (sex == "f")
    expected = 3 if of_the_other_sex else 2
    counter = Counter([measure], YEAR)
    assert counter.tally(counter.of(body)).count(measure.key).unknown == expected
    assert tally([Household.model_validate(body)], [measure], YEAR).count(measure.key).unknown == expected


def test_every_question_about_a_household_has_a_column() -> None:
    from sync_server.store.rows import HouseholdRow, table_of

    for key, question in CATALOGUE.items():
        assert (key in table_of(HouseholdRow).columns) is (question.about is About.HOUSEHOLD)


def table(server: Server, device: Device) -> dict[str, Any]:
    answer = server.request("GET", f"/api/v1/coverage?commune={COMMUNE}", headers=device.headers)
    body: dict[str, Any] = answer.json()
    return body


def test_a_visit_moves_the_figures_of_its_village_and_commune(
    server: Server, lan_member: Device, hoa_official: Device, household: str
) -> None:
    second = an_id()
    lan_member.send(lan_member.change("household", second, {"head_name": "Trần Thị Hòa"}))
    lan_member.send(
        lan_member.visit(household, residents=[a_person(), a_person(answers={"has_smartphone": "no"})]),
        lan_member.visit(second, outcome="refused"),
    )
    shown = table(server, hoa_official)
    first, other = shown["villages"]
    assert (first["registered"], first["visited"], first["surveyed"], first["refused"]) == (2, 2, 1, 1)
    assert (other["registered"], other["visited"]) == (0, 0)
    line = first["criteria"][0]
    assert (line["numerator"], line["denominator"], line["unknown"]) == (1, 2, 0)
    assert (line["result"], line["missing"], line["denominator_name"]) == ("not_met", 1, "người trưởng thành")
    assert shown["commune"]["name"] == "Nguyệt Đức"
    assert (shown["total"], shown["passed"], shown["registered"]) == (2, 0, 2)
    assert shown["totals"][0]["numerator"] == 1


def test_a_second_visit_replaces_the_people_of_the_first(server: Server, lan_member: Device, household: str) -> None:
    first = lan_member.visit(household, residents=[a_person(), a_person(), a_person()])
    second = lan_member.visit(household, based_on=first["subject"], residents=[a_person()])
    lan_member.send(first)
    assert table(server, lan_member)["totals"][0]["denominator"] == 3
    lan_member.send(second)
    assert table(server, lan_member)["totals"][0]["denominator"] == 1
    lan_member.send(lan_member.visit(household, based_on=second["subject"], outcome="moved"))
    shown = table(server, lan_member)
    assert (shown["totals"][0]["denominator"], shown["registered"]) == (0, 0)


def test_the_report_on_the_stream_is_the_one_in_the_table(server: Server, lan_member: Device, household: str) -> None:
    lan_member.send(lan_member.visit(household))
    assert lan_member.shown("coverage", lan_member.village) == table(server, lan_member)["villages"][0]


def test_a_village_has_a_team_once_somebody_signed_in(server: Server, hoa_official: Device) -> None:
    def result() -> str:
        line = table(server, hoa_official)["villages"][0]["criteria"][-1]
        assert line["no"] == "5"
        return str(line["result"])

    code = server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    assert result() == "not_met"
    assert server.request("POST", "/api/v1/enrollments", json={"code": code}).status_code == 201
    assert result() == "met"


def test_a_status_set_by_hand_moves_the_figures_too(server: Server, lan_member: Device, household: str) -> None:
    def denominator() -> int:
        line: dict[str, Any] = table(server, lan_member)["totals"][0]
        return int(line["denominator"])

    lan_member.send(lan_member.visit(household))
    assert denominator() == 1
    for status, count in (("moved", 0), ("active", 1), ("vacant", 0), ("refused", 1)):
        lan_member.pull()
        seen = lan_member.seen("household", household)
        assert lan_member.verdicts(lan_member.change("household", household, {"status": status}, seen=seen)) == [
            "applied"
        ]
        assert denominator() == count
