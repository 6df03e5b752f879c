"""The PIN's rule: tries and waits, whatever the clock does."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.pin import AWAY, FREE_TRIES, WAITS, Tries, is_easy, is_pin, no_tries, was_away
from tests.builders import NOW

MINUTE = timedelta(minutes=1)
STEPS = st.lists(st.integers(-10_000, 10_000).map(lambda seconds: timedelta(seconds=seconds)), max_size=20)


def wrong(times: int, now: datetime = NOW) -> Tries:
    tries = no_tries(now)
    for _ in range(times):
        tries = tries.after_wrong(now)
    return tries


def test_five_wrong_tries_then_waits_that_grow() -> None:
    assert [wrong(times).tries_left for times in range(FREE_TRIES + 1)] == [5, 4, 3, 2, 1, 0]
    assert [wrong(times).left / MINUTE for times in range(4, 10)] == [0, 1, 5, 15, 15, 15]
    served = wrong(5).at(NOW + MINUTE)
    assert (served.left, served.tries_left) == (timedelta(), 1)
    assert served.after_wrong(NOW + MINUTE).left == 5 * MINUTE


@given(STEPS, st.integers(FREE_TRIES, 12))
def test_a_clock_set_back_never_shortens_a_wait(steps: list[timedelta], times: int) -> None:
    """Only what the clock went forward counts, however it was set in between and however often it is looked at."""
    tries, now, forward = wrong(times), NOW, timedelta()
    whole = tries.left
    for step in steps:
        now += step
        forward += max(timedelta(), step)
        looked = tries.at(now)
        assert looked.left <= tries.left
        assert looked.left == max(timedelta(), whole - forward)
        assert looked.wrong == tries.wrong
        tries = looked


@given(STEPS)
def test_a_wrong_clock_locks_nobody_for_longer_than_the_wait(steps: list[timedelta]) -> None:
    tries, now = wrong(9), NOW
    for step in steps:
        now += step
        tries = tries.at(now)
    assert tries.at(now + max(WAITS)).left == timedelta()


@given(st.timedeltas(min_value=timedelta(days=-9), max_value=timedelta(days=9)))
def test_it_is_asked_after_five_minutes_and_after_a_clock_went_back(passed: timedelta) -> None:
    assert was_away(NOW, NOW + passed) == (passed < timedelta() or passed >= AWAY)


@pytest.mark.parametrize(("text", "good"), [("120586", True), ("12058", False), ("1205867", False), ("12058a", False)])
def test_a_pin_is_six_digits(text: str, good: bool) -> None:
    assert is_pin(text) is good
    assert not is_pin("١٢٣٤٥٦"), "digits of another script are not on the keypad"


def test_the_first_that_anybody_tries() -> None:
    assert all(is_easy(pin) for pin in ("000000", "123456", "654321", "999999"))
    assert not any(is_easy(pin) for pin in ("123457", "120586", "112233"))
