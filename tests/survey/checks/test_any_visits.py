"""Whatever visits come, the checks and their words go through; small honest communes hear nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.check_words import asked_words, flag_words
from survey.checks.at_the_door import questions_at_saving
from survey.checks.flags import list_flags
from survey.checks.visits import CheckedVisit, read_visit
from survey.questions import CATALOGUE
from survey.records import RELATIONS, Outcome, ResponseBody
from tests.survey.checks.builders import BEGIN, YEAR, a_person, a_visit

IDS = st.sampled_from([f"0195f2d3-0000-7000-8000-00000000000{number}" for number in range(6)])
FIRST, LAST = "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"
TIMES = st.datetimes(timezones=st.just(UTC)) | st.sampled_from([FIRST, LAST]).map(datetime.fromisoformat)
ANSWERS = st.dictionaries(
    st.sampled_from([*CATALOGUE, "asked_by_a_newer_form"]),
    st.none() | st.integers() | st.text(max_size=4) | st.sampled_from(["yes", "no", "unknown", 0, 1, 2]),
    max_size=5,
)
RESIDENTS = st.fixed_dictionaries(
    {
        "id": IDS,
        "relation": st.sampled_from([*sorted(RELATIONS), "of a newer form"]),
        "birth_year": st.integers(1900, YEAR) | st.integers(),
        "sex": st.sampled_from("mf"),
        "answers": ANSWERS,
    }
)
BODIES = st.fixed_dictionaries(
    {
        "household": IDS,
        "round": IDS,
        "outcome": st.sampled_from(Outcome),
        "started_at": TIMES,
        "ended_at": TIMES,
        "answers": ANSWERS,
        "residents": st.lists(RESIDENTS, max_size=4),
    }
).map(lambda body: ResponseBody.model_validate(body).model_dump(mode="json"))


@settings(max_examples=200)
@given(st.lists(st.tuples(BODIES, st.none() | BODIES, st.integers(-(10**9), 10**9)), max_size=8))
def test_no_visit_is_too_odd_for_the_checks(many: list[tuple[dict[str, Any], dict[str, Any] | None, int]]) -> None:
    visits = [
        read_visit(f"v{place}", f"m{place % 2}", "Đinh Xá", body, clock_skew=skew, before=before)
        for place, (body, before, skew) in enumerate(many)
    ]
    for flag in list_flags(visits, year=YEAR):
        assert flag_words(flag)
        assert len(flag.fingerprint) == 32
    for body, before, _skew in many:
        assert all(asked_words(one, "Vợ") for one in questions_at_saving(body, before, YEAR))


def an_honest_round(members: int, visits: int) -> list[CheckedVisit]:
    """Visits of two adults each, a fifth of whom say no to everything; no two families are the same."""
    return [an_honest_visit(f"m{who}", who, place) for who in range(members) for place in range(visits)]


def an_honest_visit(member: str, who: int, place: int) -> CheckedVisit:
    born = 1950 + (7 * place + 3 * who) % 45
    people = [
        a_person(
            number,
            id=f"{member}-{place}-{number}",
            birth_year=born + number,
            answers=dict.fromkeys(("has_smartphone", "has_payment_account"), "no" if (place + who) % 5 == 0 else "yes"),
        )
        for number in range(2)
    ]
    return a_visit(place, people, at=BEGIN + timedelta(minutes=12 * place), member=member)


@pytest.mark.parametrize("members", [1, 2, 4])
@pytest.mark.parametrize("visits", [1, 8, 30, 60])
def test_small_honest_communes_hear_nothing(members: int, visits: int) -> None:
    """One member alone, and few of them, with any number of visits."""
    assert list_flags(an_honest_round(members, visits), year=YEAR) == []
