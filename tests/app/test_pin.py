"""The PIN on the device: what is kept, the tries over restarts, and when the screens are locked."""

from datetime import timedelta
from pathlib import Path

import anyio
import pytest

from app.actions.pin import look_at_tries, remove_pin, set_pin, try_pin
from app.device import native
from app.store.database import Database
from app.store.pin import KeptPin, find_pin, find_tries
from app.ui.attention import Attention
from survey.pin import FREE_TRIES
from tests.app.conftest import VillageOnDevice
from tests.builders import NOW
from tests.clock import Clock

MINUTE = timedelta(minutes=1)
PIN, OTHER, SALT, ROUNDS = "120586", "120587", b"s" * 16, 1000


def hashed(pin: str) -> bytes:
    return anyio.run(native.slow_hash, pin, SALT, ROUNDS)


@pytest.fixture
def locked(device: VillageOnDevice) -> Database:
    set_pin(device.database, KeptPin(SALT, ROUNDS, hashed(PIN)))
    return device.database


def test_the_right_one_opens_and_the_digits_are_kept_nowhere(locked: Database) -> None:
    assert try_pin(locked, NOW, hashed(PIN)) is None
    assert PIN.encode() not in locked.path.read_bytes()


def test_wrong_tries_are_counted_over_a_restart(locked: Database, tmp_path: Path) -> None:
    for _ in range(FREE_TRIES):
        try_pin(locked, NOW, hashed(OTHER))
    locked.close()
    again = Database(tmp_path / "device.db")
    assert look_at_tries(again, NOW).left == MINUTE
    waiting = try_pin(again, NOW + MINUTE / 2, hashed(PIN))
    assert waiting is not None, "while the wait lasts not even the right one opens"
    assert (waiting.wrong, waiting.left) == (FREE_TRIES, MINUTE / 2)
    set_back = look_at_tries(again, NOW - timedelta(days=1))
    assert set_back.left == MINUTE / 2
    assert try_pin(again, NOW - timedelta(days=1) + MINUTE, hashed(PIN)) is None
    with again.read() as session:
        assert find_tries(session) is None
    again.close()


def test_it_is_taken_away_whole(locked: Database) -> None:
    try_pin(locked, NOW, hashed(OTHER))
    remove_pin(locked)
    with locked.read() as session:
        assert (find_pin(session), find_tries(session)) == (None, None)


def test_five_minutes_without_a_touch_lock() -> None:
    clock, locks = Clock(), list[str]()
    attention = Attention(clock, lambda: locks.append("locked"), clock())
    for _ in range(3):
        clock.now += 4 * MINUTE
        attention.look()
        attention.seen()
    assert not locks
    clock.now += 5 * MINUTE
    attention.seen()
    assert locks == ["locked"], "the touch that comes too late locks first"
    attention.look()
    assert len(locks) == 1
    clock.now -= timedelta(hours=1)
    attention.look()
    assert len(locks) == 2, "a clock that was set back says nothing of how long nobody was there"
