"""Some hundred seeds: whatever goes wrong on the way, what people saved arrives, once, and everybody sees the same."""

import os
from unittest.mock import patch

import pytest

from app.store.outbox import mark_settled
from tests.pace import LONG
from tests.sync.simulation.runs import play_many, theatre
from tests.sync.simulation.story import draw_story

SEEDS, FEWEST, SECONDS = 500, 20, 30.0 if LONG else 12.0

HAPPENED = (
    "phone killed", "server killed", "restore", "device revoked", "difference answered",
    "review sent back", "doubts written", "doubt step on a phone", "households joined", "households parted",
)  # fmt: skip


@pytest.mark.slow
def test_no_seed_breaks_a_promise() -> None:
    done = play_many(0, SEEDS, processes=min(4, os.cpu_count() or 1), stop_at=1, fewest=FEWEST, within=SECONDS)
    print(done.summary())
    assert not done.stories, "\n\n".join(done.stories)
    for happened in HAPPENED:
        assert done.figures[happened], f"{happened} never happened"


@pytest.mark.slow
def test_a_seed_tells_the_same_story_twice() -> None:
    with theatre() as stage:
        assert draw_story(7) == draw_story(7)
        assert stage.play(7).log == stage.play(7).log


@pytest.mark.slow
def test_a_failing_seed_is_told_in_few_lines() -> None:
    def forgetful(session, verdicts, at):  # type: ignore[no-untyped-def]
        return mark_settled(session, [one.model_copy(update={"first": "applied"}) for one in verdicts], at)

    with theatre() as stage, patch("app.sync.exchange.mark_settled", forgetful):
        seed, broken = next((seed, broken) for seed in range(100) if (broken := stage.play(seed).broken))
        assert broken == "a phone says what the server says"
        story = stage.shortest(seed, broken)
    assert story.count("\n") <= 6, story
    assert f"seed {seed}" in story
