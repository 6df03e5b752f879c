"""When a device tries again."""

from hypothesis import given
from hypothesis import strategies as st

from app.sync.loop import FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS, retry_delay


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_a_retry_comes_within_a_minute_and_never_at_once(failures: int, chance: float) -> None:
    assert FIRST_RETRY_SECONDS / 2 <= retry_delay(failures, chance) <= LONGEST_RETRY_SECONDS


def test_retries_come_further_apart() -> None:
    delays = [retry_delay(failures, 1) for failures in range(1, 8)]
    assert delays == sorted(delays)
    assert delays[-1] == LONGEST_RETRY_SECONDS
