"""The shortest story that still breaks the same promise: events are dropped, then made plainer, while it fails."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.sync.simulation.syncs import Sync
from tests.sync.simulation.visits import Act, Event

Fails = Callable[[list[Event]], bool]
MOST_TRIES = 400


def shrink(story: list[Event], fails: Fails) -> list[Event]:
    """`fails` plays a story; the one that comes back fails too, and nothing more can be left out of it."""
    tries = 0

    def still(candidate: list[Event]) -> bool:
        nonlocal tries
        tries += 1
        return tries <= MOST_TRIES and fails(candidate)

    size = max(1, len(story) // 2)
    while True:
        story, dropped = _drop(story, size, still)
        if not dropped and size == 1:
            break
        size = size if dropped and size == 1 else max(1, size // 2)
    for place in range(len(story)):
        for plainer in _plainer(story[place]):
            candidate = [*story[:place], plainer, *story[place + 1 :]]
            if still(candidate):
                story = candidate
    return story


def _drop(story: list[Event], size: int, still: Fails) -> tuple[list[Event], bool]:
    dropped, place = False, 0
    while place < len(story):
        candidate = story[:place] + story[place + size :]
        if still(candidate):
            story, dropped = candidate, True
        else:
            place += size
    return story, dropped


def _plainer(event: Event) -> Iterator[Event]:
    """The same event with one thing less that goes wrong."""
    if isinstance(event, Act) and event.dies_at is not None:
        yield replace(event, dies_at=None)
    if isinstance(event, Sync):
        plain = {
            "fault": None,
            "most": 200,
            "rows": 500,
            "phone_dies_at": None,
            "server_dies_at": None,
            "meanwhile": (),
        }
        yield replace(event, **plain)  # type: ignore[arg-type]
        for name, value in plain.items():
            if getattr(event, name) != value:
                yield replace(event, **{name: value})  # type: ignore[arg-type]
