"""Draws a story from a seed: who does what in which order, and what goes wrong."""

from collections.abc import Callable
from random import Random

from tests.sync.simulation.cast import CASTS
from tests.sync.simulation.joins import JoinHouseholds, PartHouseholds
from tests.sync.simulation.office import (
    AddVillage,
    BackUp,
    ChangeApp,
    EndDevice,
    Merge,
    MoveMember,
    NewKindOfRow,
    Restore,
    Split,
)
from tests.sync.simulation.reviews import DeskStep, Explain, Notice, SendBack, TakeStep
from tests.sync.simulation.syncs import FAULTS, LateCopy, Sync, TimePasses
from tests.sync.simulation.visits import Event, HalfForm, ImpossibleVisit, Reopen, Visit
from tests.sync.simulation.writes import (
    Attest,
    EditHousehold,
    FromTomorrow,
    MoveHousehold,
    NewHousehold,
    ScanCard,
    SetClock,
    Settle,
    Stray,
)

ACTS: list[tuple[int, type]] = [
    (30, Visit), (8, EditHousehold), (5, NewHousehold), (6, ScanCard), (5, HalfForm), (4, Attest), (2, FromTomorrow),
    (3, SetClock), (4, MoveHousehold), (5, Settle), (3, Stray), (2, ImpossibleVisit), (2, Reopen),
    (4, SendBack), (5, TakeStep), (3, Explain),
]  # fmt: skip
OTHERS: list[tuple[int, type[Event]]] = [
    (3, LateCopy), (3, TimePasses), (4, MoveMember), (2, EndDevice), (2, BackUp), (5, Restore), (2, Merge), (2, Split),
    (1, AddVillage), (1, NewKindOfRow), (2, ChangeApp),
    (5, Notice), (5, DeskStep), (5, JoinHouseholds), (3, PartHouseholds),
]  # fmt: skip
FEWEST, MOST = 4, 16


def draw_cast(seed: int) -> int:
    return Random(f"{seed} cast").randrange(CASTS)


def draw_story(seed: int) -> list[Event]:
    """The events of a seed; each holds everything it needs, so that any of them can be left out."""
    chance = Random(f"{seed} story")
    story = [_draw(chance, place) for place in range(chance.randint(FEWEST, MOST))]
    if chance.random() < 0.4:
        story.insert(chance.randrange(len(story)), BackUp(len(story), 0, 0))
    for number, (draw, often) in enumerate(SCENES, 1):
        if chance.random() < often:
            place = chance.randint(0, len(story))
            story[place:place] = draw(chance, number * 1000)
    return story


def _quarrel(chance: Random, at: int) -> list[Event]:
    """Two who do not know of each other write about the same houses, hand it in, and somebody answers."""
    one, other, lead = chance.sample(range(5), 3)
    kind = chance.choice((Visit, Visit, EditHousehold))
    events: list[Event] = [Sync(at, one, 0), Sync(at + 1, other, 0)]
    events += [kind(at + 2 + place, one if place % 2 else other, chance.getrandbits(48)) for place in range(6)]
    events += [Sync(at + 8, one, 0), Sync(at + 9, other, 0), Sync(at + 10, lead, 0), Sync(at + 11, one, 0)]
    return [*events, *(Settle(at + 12 + place, lead, chance.getrandbits(48)) for place in range(2))]


def _parting(chance: Random, at: int) -> list[Event]:
    """Somebody has unsent work when their villages change or their device is ended, and hands in bit by bit."""
    who, kind = chance.randrange(5), chance.choice((EndDevice, MoveMember))
    events: list[Event] = [Visit(at + place, who, chance.getrandbits(48)) for place in range(3)]
    events += [kind(at + 3, who, chance.getrandbits(48)), Visit(at + 4, who, chance.getrandbits(48))]
    return [*events, Sync(at + 5, who, 0, most=chance.choice((1, 2, 200)), rows=chance.choice((1, 7, 500)))]


def _one_door(chance: Random, at: int) -> list[Event]:
    """Two who do not know of each other scan the same cards, register what they find, and visit it."""
    one, other = chance.sample(range(5), 2)
    dice = [chance.getrandbits(48) for _ in range(3)]
    events: list[Event] = [ScanCard(at + place, one, roll) for place, roll in enumerate(dice)]
    events += [ScanCard(at + 3 + place, other, roll) for place, roll in enumerate(dice)]
    events += [Visit(at + 6 + place, chance.choice((one, other)), chance.getrandbits(48)) for place in range(3)]
    return [*events, Sync(at + 9, one, 0), Sync(at + 10, other, 0), Visit(at + 11, other, chance.getrandbits(48))]


def _asked_anew(chance: Random, at: int) -> list[Event]:
    """Somebody's visits are sent back, or doubted and asked about, by two at once; they explain, and go there again."""
    who, lead, other = chance.sample(range(5), 3)
    rolls = [chance.getrandbits(48) for _ in range(12)]
    events: list[Event] = [Visit(at + place, who, roll) for place, roll in enumerate(rolls[:4])]
    events += [Sync(at + 4, who, 0), Notice(at + 5, 0, rolls[4]), Sync(at + 6, lead, 0), Sync(at + 7, who, 0)]
    events += [SendBack(at + 8, lead, rolls[5]), TakeStep(at + 9, lead, rolls[6]), DeskStep(at + 10, 0, rolls[7])]
    events += [Explain(at + 11, who, rolls[8]), Sync(at + 12, lead, 0), Sync(at + 13, who, 0)]
    events += [Visit(at + 14, who, rolls[9]), TakeStep(at + 15, other, rolls[10]), Sync(at + 16, who, 0)]
    return [*events, DeskStep(at + 17, 0, rolls[11]), Notice(at + 18, 0, rolls[4])]


def _one_family(chance: Random, at: int) -> list[Event]:
    """Two hold unsent work about the same houses when some of these turn out to be one, and two again."""
    one, other = chance.sample(range(5), 2)
    works = (Visit, Visit, EditHousehold, HalfForm, MoveHousehold, ScanCard)
    events: list[Event] = [Sync(at, one, 0), Sync(at + 1, other, 0)]
    for place in range(2, 20, 6):
        work = [chance.choice(works)(at + place + step, chance.choice((one, other)), chance.getrandbits(48))
                for step in range(3)]  # fmt: skip
        desk = PartHouseholds if place == 8 else chance.choice((JoinHouseholds, JoinHouseholds, PartHouseholds))
        events += [*work, Notice(at + place + 3, 0, 0), desk(at + place + 4, 0, chance.getrandbits(48))]
        events.append(Sync(at + place + 5, chance.choice((one, other)), 0, most=chance.choice((1, 2, 200))))
    return events


def _setback(chance: Random, at: int) -> list[Event]:
    """A household is added and visited by another, days pass, and a backup from before is put back: who comes first
    hands in visits to what the server does not know any more, and there are rows that it never had."""
    one, other = chance.sample(range(5), 2)
    rolls = [chance.getrandbits(48) for _ in range(6)]
    events: list[Event] = [BackUp(at, 0, 0), NewHousehold(at + 1, one, rolls[0]), Sync(at + 2, one, 0)]
    events += [Sync(at + 3, other, 0), Visit(at + 4, other, rolls[1]), Visit(at + 5, other, rolls[2])]
    events += [Sync(at + 6, other, 0), NewKindOfRow(at + 7, 0, rolls[5]), TimePasses(at + 8, 0, rolls[3])]
    events += [Sync(at + 9, one, 0), Sync(at + 9, other, 0)]
    return [*events, Restore(at + 10, 0, rolls[4]), Sync(at + 11, other, 0), Sync(at + 12, one, 0)]


SCENES = (
    (_quarrel, 0.35), (_parting, 0.2), (_one_door, 0.15), (_asked_anew, 0.3), (_one_family, 0.3), (_setback, 0.2),
)  # fmt: skip


def _draw(chance: Random, at: int) -> Event:
    roll = chance.random()
    if roll < 0.38:
        return _draw_sync(chance, at)
    if roll < 0.80:
        return _draw_act(chance, at)
    kind = _weighted(chance, OTHERS)
    return kind(at, chance.randrange(5), chance.getrandbits(48))


def _draw_act(chance: Random, at: int, phone: int | None = None) -> Event:
    dies_at = chance.randrange(22) if chance.random() < 0.15 else None
    kind: Callable[..., Event] = _weighted(chance, ACTS)
    return kind(at, chance.randrange(5) if phone is None else phone, chance.getrandbits(48), dies_at)


def _draw_sync(chance: Random, at: int) -> Sync:
    fault = chance.choice(FAULTS) if chance.random() < 0.5 else None
    small, phone = chance.random() < 0.3, chance.randrange(5)
    return Sync(
        at, phone, chance.getrandbits(48), fault,
        trip=chance.choice((0, 0, 0, 1, 2)),
        most=chance.choice((1, 2, 3)) if small else 200,
        rows=chance.choice((1, 3, 7)) if chance.random() < 0.25 else 500,
        phone_dies_at=chance.randrange(60) if chance.random() < 0.12 else None,
        server_dies_at=chance.randrange(40) if chance.random() < 0.12 else None,
        meanwhile=tuple(_draw_act(chance, at * 100 + place, phone) for place in range(chance.choice((0, 0, 0, 1, 2)))),
    )  # fmt: skip


def _weighted(chance: Random, choices: list[tuple[int, type]]) -> type:
    return chance.choices([one for _, one in choices], [weight for weight, _ in choices])[0]
