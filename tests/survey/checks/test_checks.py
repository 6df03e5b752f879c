"""Each check at its limit: one below says nothing, one at it asks."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.check_words import asked_words, flag_words
from survey.checks.at_the_door import questions_at_saving
from survey.checks.flags import list_flags
from survey.checks.limits import LIMITS
from survey.checks.rates import rates_of_no
from survey.checks.visits import Check, CheckedVisit, Flag, Told, read_visit
from tests.builders import a_resident, a_response
from tests.survey.checks.builders import BEGIN, YEAR, a_person, a_visit, of

YES = {"has_smartphone": "yes", "has_payment_account": "yes"}
NOES = {"has_smartphone": "no", "has_payment_account": "no"}
ACCUSING = ("gian lận", "bịa", "nghi vấn", "vi phạm", "sai phạm")


def flags(visits: list[CheckedVisit], **more: Any) -> list[Flag]:
    return list_flags(visits, year=YEAR, **more)


def others(count: int = 60, **answers: str) -> list[CheckedVisit]:
    """Visits of Bình's, each of one adult; every fifth says no."""
    said = {"has_smartphone": "yes", "has_payment_account": "yes"} | answers
    no = said | {"has_smartphone": "no", "has_payment_account": "no"}
    return [
        a_visit(n, [a_person(id=f"b{n}", birth_year=1960 + n % 20, answers=no if n % 5 == 0 else said)], member="binh")
        for n in range(count)
    ]


@pytest.mark.parametrize(("count", "gap", "found"), [(5, 100, 1), (5, 101, 0), (4, 10, 0), (12, 60, 1)])
def test_pace(count: int, gap: float, found: int) -> None:
    """Five visits of eighty seconds, begun every 100 seconds, end within eight minutes."""
    visits = [a_visit(n, at=BEGIN + timedelta(seconds=gap * n), seconds=80) for n in range(count)]
    pace = of("pace", flags(visits))
    assert len(pace) == found
    assert all(len(one.visits) == count for one in pace)


def test_two_evenings_are_two_things_to_ask_about() -> None:
    def evening(first: int, day: int) -> list[CheckedVisit]:
        begin = BEGIN + timedelta(days=day)
        return [a_visit(first + n, at=begin + timedelta(minutes=n), seconds=30) for n in range(6)]

    assert [len(one.visits) for one in of("pace", flags([*evening(0, 0), *evening(10, 2)]))] == [6, 6]


@pytest.mark.parametrize(("seconds", "found"), [(8.9, 1), (9.0, 0)])
def test_short(seconds: float, found: int) -> None:
    """One person and two answers: four seconds, and two and a half for each answer."""
    assert len(of("short", flags([a_visit(0, seconds=seconds)]))) == found


@pytest.mark.parametrize(("seconds", "found"), [(10.9, 1), (11.0, 0)])
def test_short_where_the_form_was_filled_in(seconds: float, found: int) -> None:
    first = a_visit(0)
    again = replace(a_visit(1, seconds=seconds), told=first.told, before=first.told)
    assert len(of("short", flags([again]))) == found


@pytest.mark.parametrize(("copies", "found"), [(5, 0), (6, 1)])
def test_alike(copies: int, found: int) -> None:
    people = [a_person(0), a_person(1, sex="f", relation="spouse")]
    nearly = [replace(one, birth_year=one.birth_year + 2) for one in people]
    visits = [a_visit(n, people if n % 2 else nearly) for n in range(copies + 1)]
    visits += [a_visit(copies + 1 + n) for n in range(10)]
    assert len(of("alike", flags(visits))) == found


def test_same_family() -> None:
    people = [a_person(n, birth_year=year) for n, year in enumerate((1961, 1963, 1990))]
    visits = [a_visit(0, people), a_visit(1, [*reversed(people)], member="binh"), a_visit(2, people[:2])]
    [one] = of("same_family", flags(visits))
    assert (one.visits, one.evidence) == (("vlan0", "vbinh1"), {"count": 2, "people": 3})
    assert not of("same_family", flags([visits[0], replace(visits[1], household=visits[0].household)]))


def test_few_no() -> None:
    """Ninety adults, two questions, and elsewhere a fifth says no: 36 are usual."""
    mine = all_yes("lan")
    [one] = of("few_no", flags(others() + mine))
    assert (one.member, len(one.visits), one.evidence["no"]) == ("lan", 30, 0)
    assert 30 < one.evidence["usual"] < 45
    honest = [replace(one, member="lan", id=f"l{one.id}") for one in others(30)]
    assert not of("few_no", flags(others() + honest))


def test_few_no_waits_until_the_others_have_answered_enough() -> None:
    """Who goes round first is measured by nobody. Then the others have one answer too few, and enough."""
    honest = [
        a_visit(n, [a_person(id=f"l{n}", birth_year=1970, answers=NOES if n % 4 == 0 else YES)]) for n in range(30)
    ]
    assert not of("few_no", flags(honest))
    mine = all_yes("lan")
    for count, found in ((LIMITS.few_no_least_others - 1, 0), (LIMITS.few_no_least_others, 1)):
        assert len(of("few_no", flags(mine + same_age(count)))) == found


def same_age(count: int) -> list[CheckedVisit]:
    """Visits of Bình's, each of one adult of the age of `all_yes`, half of whom say no."""
    people = [a_person(id=f"b{n}", birth_year=1970, answers=NOES if n % 2 else YES) for n in range(count)]
    return [a_visit(n, [one], member="binh") for n, one in enumerate(people)]


def all_yes(member: str) -> list[CheckedVisit]:
    """Thirty visits of three adults each."""
    return [
        a_visit(
            n, [a_person(i, id=f"{member}{n}-{i}", birth_year=1960 + n % 20, answers=YES) for i in range(3)],
            member=member,
        )
        for n in range(30)
    ]  # fmt: skip


def test_where_everybody_leaves_the_no_out_the_last_round_still_tells() -> None:
    every = [one for who in ("lan", "binh", "minh") for one in all_yes(who)]
    assert not of("few_no", flags(every))
    last = rates_of_no(others(), YEAR)
    assert {one.member for one in of("few_no", flags(every, last_round=last))} == {"lan", "binh", "minh"}


def test_unknowns() -> None:
    unknown = YES | {"has_payment_account": "unknown"}
    mine = [a_visit(n, [a_person(id=f"l{n}", answers=unknown if n < 8 else YES)]) for n in range(30)]
    [one] = of("unknowns", flags(others() + mine))
    assert (len(one.visits), one.evidence) == (8, {"count": 8, "of": 60})
    fewer = [replace(one, told=mine[20].told) if n == 0 else one for n, one in enumerate(mine)]
    assert not of("unknowns", flags(others() + fewer))


@pytest.mark.parametrize(("rounded", "found"), [(15, 1), (11, 0)])
def test_round_years(rounded: int, found: int) -> None:
    visits = [a_visit(n, [a_person(id=f"l{n}", birth_year=1980 if n < rounded else 1981 + n % 4)]) for n in range(30)]
    assert len(of("round_years", flags(visits))) == found


@pytest.mark.parametrize(("gap", "found"), [(55, 1), (70, 0)])
def test_doors_in_a_few_minutes(gap: float, found: int) -> None:
    doors = [a_visit(n, at=BEGIN + timedelta(seconds=gap * n), seconds=10, outcome="absent") for n in range(4)]
    rest = [a_visit(10 + n) for n in range(80)]
    assert len(of("not_met", flags(doors + rest))) == found


def test_many_more_doors_without_an_answer_than_the_others_have() -> None:
    mine = [a_visit(n, outcome="refused" if n % 3 == 0 else "completed") for n in range(45)]
    [one] = of("not_met", flags(others() + mine))
    assert (one.member, one.evidence) == ("lan", {"count": 15, "of": 45})


def test_no_change() -> None:
    before = a_visit(0).told
    changed = Told(before.people, {"has_fixed_internet": "no"})
    mine = [replace(a_visit(n), told=before, before=before) for n in range(30)]
    theirs = [replace(one, told=changed if n % 2 else before, before=before) for n, one in enumerate(others())]
    [one] = of("no_change", flags(mine + theirs))
    assert (one.member, one.evidence) == ("lan", {"count": 30, "of": 30})
    assert not of("no_change", flags([replace(one, member="binh", id=f"x{one.id}") for one in mine] + mine))


@pytest.mark.parametrize(
    ("others_made", "found"), [(LIMITS.same_least_others, 1), (LIMITS.same_least_others - 1, 0), (0, 0)]
)
def test_no_change_waits_until_the_others_have_made_enough(others_made: int, found: int) -> None:
    before = a_visit(0).told
    changed = Told(before.people, {"has_fixed_internet": "no"})
    mine = [replace(a_visit(n), told=before, before=before) for n in range(30)]
    theirs = [replace(one, told=changed, before=before) for one in others(others_made)]
    assert len(of("no_change", flags(mine + theirs))) == found


@pytest.mark.parametrize(("homes", "found"), [(LIMITS.vneid_households, 1), (LIMITS.vneid_households - 1, 0)])
def test_vneid_lower_than_before(homes: int, found: int) -> None:
    high, low = (Told((a_person(answers={"vneid_level": level}),), {}) for level in (2, 1))
    visits = [replace(a_visit(n), told=low, before=high) for n in range(homes)]
    assert len(of("vneid_back", flags(visits))) == found
    assert not of("vneid_back", flags([replace(one, told=high, before=low) for one in visits]))


@pytest.mark.parametrize(
    ("people", "why"),
    [
        ([a_person(0, birth_year=2012)], ["head_young", "nobody_adult"]),
        ([a_person(0, birth_year=1950), a_person(1, relation="spouse", birth_year=1976)], ["spouses_apart"]),
        ([a_person(0, birth_year=1950), a_person(1, relation="spouse", birth_year=1975)], []),
        ([a_person(0, birth_year=1980), a_person(1, relation="child", birth_year=1993)], ["parent_young"]),
        ([a_person(0, birth_year=1980), a_person(1, relation="child", birth_year=1994)], []),
        ([], []),
    ],
)
def test_impossible(people: list[Any], why: list[str]) -> None:
    found = of("impossible", flags([a_visit(0, people)]))
    assert [one.evidence["why"] for one in found] == ([why] if why else [])


def test_a_birth_year_that_moved_ten_years() -> None:
    before = Told((a_person(0, birth_year=1971),), {})
    [one] = of("impossible", flags([a_visit(0, [a_person(0, birth_year=1961)], before=before)]))
    assert one.evidence == {"why": ["year_moved"]}


@given(st.permutations(range(12)), st.integers(0, 2))
def test_the_order_in_which_visits_come_does_not_matter(order: list[int], slow: int) -> None:
    visits = [a_visit(n, at=BEGIN + timedelta(minutes=n * (1 + 20 * (n < slow))), seconds=9 * n) for n in range(12)]
    assert flags([visits[n] for n in order]) == flags(visits)


def test_a_fingerprint_is_of_the_check_and_its_visits() -> None:
    visits = [a_visit(n, at=BEGIN + timedelta(minutes=n), seconds=30) for n in range(7)]
    [six], [seven] = of("pace", flags(visits[:6])), of("pace", flags(visits))
    assert six.fingerprint == of("pace", flags(visits[5::-1]))[0].fingerprint != seven.fingerprint
    assert replace(six, check=Check.SHORT).fingerprint != six.fingerprint


EVIDENCE: dict[Check, dict[str, Any]] = {
    Check.PACE: {"count": 12, "seconds": 540, "at": "2026-10-19T13:00:00+00:00"},
    Check.SHORT: {"count": 1, "people": 4, "seconds": 25},
    Check.ALIKE: {"count": 8, "of": 30},
    Check.SAME_FAMILY: {"count": 2, "people": 4},
    Check.FEW_NO: {"count": 30, "no": 1, "usual": 14},
    Check.UNKNOWNS: {"count": 20, "of": 180},
    Check.ROUND_YEARS: {"count": 30, "of": 60},
    Check.NOT_MET: {"count": 4, "seconds": 180},
    Check.NO_CHANGE: {"count": 28, "of": 30},
    Check.VNEID_BACK: {"count": 5},
    Check.IMPOSSIBLE: {"why": ["head_young", "spouses_apart"]},
}


@pytest.mark.parametrize("check", list(Check))
def test_the_words_ask_and_accuse_nobody(check: Check) -> None:
    words = flag_words(Flag(check, "lan", "Đinh Xá", ("v1",), EVIDENCE[check]))
    assert "{" not in words
    assert words[0].isupper() or words[0].isdigit()
    assert not any(word in words.lower() for word in ACCUSING)
    assert "?" in words or "giúp" in words or "nhờ" in words.lower() or "mở lại" in words or "chọn" in words


def test_the_words_of_an_evening() -> None:
    pace = Flag(Check.PACE, "lan", "Đinh Xá", ("v1",), EVIDENCE[Check.PACE])
    assert flag_words(pace) == (
        "Tối 19/10 có 12 phiếu ghi trong 9 phút. Anh/chị ghi lại từ giấy, hay gặp nhiều hộ cùng một chỗ?"
    )


def test_what_is_asked_at_the_door() -> None:
    head = a_resident(birth_year=1950, answers={"has_smartphone": "no", "vneid_level": 2})
    wife = a_resident(relation="spouse", birth_year=1990, sex="f", answers={"has_smartphone": "yes", "vneid_level": 0})
    visit = a_response(residents=[head, wife]).model_dump(mode="json")
    before = visit | {"residents": [visit["residents"][0], visit["residents"][1] | {"answers": {"vneid_level": 1}}]}
    asked = questions_at_saving(visit | {"ended_at": visit["started_at"]}, before, YEAR)
    assert [(one.kind, one.person) for one in asked] == [
        ("spouses_apart", wife.id), ("level2_no_phone", head.id), ("vneid_back", wife.id), ("short", None),
    ]  # fmt: skip
    for one in asked:
        words = asked_words(one, "Vợ, sinh năm 1990")
        assert not any(word in words.lower() for word in ACCUSING)
    assert questions_at_saving(visit | {"outcome": "absent"}, None, YEAR) == []


def test_a_visit_is_read_by_the_servers_clock() -> None:
    body = a_response().model_dump(mode="json")
    ahead, right = (read_visit("v", "m", "Đinh Xá", body, clock_skew=skew) for skew in (3600, 0))
    assert right.started_at - ahead.started_at == timedelta(hours=1)
    assert (right.before, read_visit("v", "m", "x", body, before=body).before) == (None, right.told)
