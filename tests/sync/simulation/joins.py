"""Two households of the list turn out to be one, and two again, while phones hold work about either of them."""

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from sync_server.access.caller import Caller
from sync_server.office.pairs import join_after
from sync_server.review.matching import Standing
from sync_server.store.cut_off import list_visits_of
from sync_server.store.joins import find_join
from tests.sync.simulation.cast import COMMUNE
from tests.sync.simulation.desk import new_draft, send, who_sits_there
from tests.sync.simulation.machinery import seed_ids
from tests.sync.simulation.promises import figures_are_the_fold
from tests.sync.simulation.reviews import doubts_of
from tests.sync.simulation.visits import Event
from tests.sync.simulation.world import Broken, World

_LISTED = (
    "SELECT subject, village_id, body FROM stream_row WHERE kind = 'household' AND body IS NOT NULL"
    " ORDER BY json_extract(body, '$.number'), subject"
)
_HELD = "SELECT kept_id, other_id FROM household_join WHERE undone_at IS NULL ORDER BY joined_at, id"
_LISTED_ONE = "SELECT body FROM stream_row WHERE kind = 'household' AND body IS NOT NULL AND subject = ?"
_VISITS = (
    "SELECT id FROM response WHERE household_id = :home"
    " OR household_id IN (SELECT id FROM household_alias WHERE household_id = :home)"
)

Body = dict[str, Any]
_OF_ANSWERS = ("current", "visited_at", "visited_by", "visit", "status", "left_at", "listed_people")


@dataclass(frozen=True)
class JoinHouseholds(Event):
    """Somebody at a desk says that two households are one: about a pair that was noticed, or any other two."""

    async def happen(self, world: World) -> None:
        seed_ids(self.at, self.chance)
        dice = self.dice()
        caller = who_sits_there(world, dice)
        pairs = [
            (one, seen) for one, seen in doubts_of(world, caller) if one.doubt.check == "pair" and one.doubt.is_open
        ]
        if pairs and dice.random() < 0.6:
            standing, seen = dice.choice(pairs)
            said = dice.sample(standing.doubt.households, 2)
            kept, other = (_listed_as(world, one) for one in said)  # either may have turned out to be another meanwhile
            before = visits_of(world, kept), visits_of(world, other)
            shown = _shown(world, kept), _shown(world, other)
            world.say(f"{caller.member.name} at a desk settles a pair as one household")
            step = {"step": "settle", "outcome": "one_household"}
            if not _step(world, caller, dice, (standing, seen), step, said[0]) or kept == other:
                return
        else:
            two = _pick_two(world, caller, dice)
            if two is None:
                return
            (kept, village, name), (other, _, other_name) = two
            before = visits_of(world, kept), visits_of(world, other)
            shown = _shown(world, kept), _shown(world, other)
            world.say(f"{caller.member.name} at a desk says that {other_name} is the household of {name}")
            if not _send(world, caller, dice, village, {"household": kept, "other": other, "undo": False}):
                return
        world.figures["households joined"] += 1
        world.joined[kept, other] = (*shown, _shown(world, kept))
        if visits_of(world, kept) != before[0] | before[1]:
            raise Broken("the kept household has the visits of both", f"{kept} {other} {before}")
        _has_figures_right(world)


@dataclass(frozen=True)
class PartHouseholds(Event):
    """Somebody at a desk undoes a join: with the pair's doubt, if that was how they were joined, or by itself."""

    async def happen(self, world: World) -> None:
        seed_ids(self.at, self.chance)
        dice = self.dice()
        with world.peek() as server:
            held = server.execute(_HELD).fetchall()
            homes = {one: village for one, village, _ in server.execute(_LISTED)}
        if not held:
            return
        caller = who_sits_there(world, dice)
        kept, other = dice.choice(held)
        before, now = visits_of(world, kept), _shown(world, kept)
        pair = next((one for one in doubts_of(world, caller) if _made_one(world, one[0], kept, other)), None)
        world.say(f"{caller.member.name} at a desk undoes that two households are one")
        if pair is not None:
            if not _step(world, caller, dice, pair, {"step": "undo"}, ""):
                return
        else:
            village = homes.get(kept, min(caller.villages))
            if not _send(world, caller, dice, village, {"household": kept, "other": other, "undo": True}):
                return
        world.figures["households parted"] += 1
        _are_as_before(world, kept, other, now)
        after = visits_of(world, kept), visits_of(world, other)
        if after[0] | after[1] != before or after[0] & after[1]:
            raise Broken("no visit is lost when two are parted", f"{kept} {other}: {before}, {after}")
        _has_figures_right(world)


def _listed_as(world: World, household: str) -> str:
    """What the household is known as on the list now."""
    with world.peek() as server:
        row = server.execute("SELECT household_id FROM household_alias WHERE id = ?", (household,)).fetchone()
    return str(row[0]) if row else household


def _shown(world: World, household: str) -> Body:
    """What the server shows of it."""
    with world.peek() as server:
        row = server.execute(_LISTED_ONE, (household,)).fetchone()
    body: Body = json.loads(row[0]) if row else {}
    return body


def _are_as_before(world: World, kept: str, other: str, now: Body) -> None:
    """Two that are parted show what they showed before they were joined; what was written to the kept one since (`now`
    is what it showed last) stays. Cards are handed on and back by themselves."""
    if (kept, other) not in world.joined:
        return
    first, second, joined = world.joined.pop((kept, other))
    if _but_card(_shown(world, other)) != _but_card(second):
        raise Broken("who is parted again shows what they showed", f"{_shown(world, other)}, {second}")
    answers = set(_OF_ANSWERS) if now.get("current") != joined.get("current") else set()
    expected = dict(now)
    for key in {*first, *joined} - answers:
        if now.get(key) == joined.get(key) != first.get(key):
            expected[key] = first.get(key)
    got = _shown(world, kept)
    odd = [key for key in {*expected, *got} - {"card"} if got.get(key) != expected.get(key)]
    if odd:
        raise Broken("who was kept shows what they showed, and what came since", f"{odd}: {got}, {expected}")


def _but_card(body: Body) -> Body:
    return {key: value for key, value in body.items() if key != "card"}


def visits_of(world: World, household: str) -> set[str]:
    """The household's history: the visits to it, and to what turned out to be it. The server's own list is as long."""
    with world.peek() as server:
        found = {row[0] for row in server.execute(_VISITS, {"home": household})}
    with world.server.state.database.read() as session:
        listed = list_visits_of(session, COMMUNE, [household]).get(household, [])
    if len(listed) != len(found):
        raise Broken("the history of a household has every visit once", f"{household}: {len(found)}, {len(listed)}")
    return found


def _pick_two(world: World, caller: Caller, dice: Random) -> list[tuple[str, str, str]] | None:
    """Two households of the caller's villages as (id, village, head's name); the first ones often."""
    with world.peek() as server:
        rows = [
            (one, village, json.loads(body)["head_name"])
            for one, village, body in server.execute(_LISTED)
            if village in caller.villages
        ]
    if len(rows) < 2:
        return None
    first = rows.pop(min(int(dice.expovariate(0.8)), len(rows) - 1))
    near = [one for one in rows if one[1] == first[1]] if dice.random() < 0.7 else rows
    second = (near or rows)[min(int(dice.expovariate(0.8)), len(near or rows) - 1)]
    return dice.sample([first, second], 2)


def _step(
    world: World, caller: Caller, dice: Random, found: tuple[Standing, int], body: dict[str, Any], kept: str
) -> bool:
    """The step about the pair and what follows from it, as the page does both; whether both could be done."""
    standing, seen = found
    draft = new_draft(world, dice, seen)
    step = send(world, caller, draft, kind="doubt", subject=standing.id, village=standing.village, body=body)
    if step.problem:
        return False
    database, writers = world.server.state.database, world.server.state.writers
    draft, about = new_draft(world, dice, seen), (standing.village, standing.doubt)
    problem = join_after(database, writers, caller, world.clock(), draft, about, body, kept)
    world.note(f" ({problem.slug})" if problem else "")
    world.figures["pair settled" if kept else "pair opened again"] += 1
    return problem is None


def _send(world: World, caller: Caller, dice: Random, village: str, body: dict[str, Any]) -> bool:
    draft = new_draft(world, dice, 0)
    return (
        send(world, caller, draft, kind="join", subject=draft.change, village=village, body=body).verdict == "applied"
    )


def _made_one(world: World, standing: Standing, kept: str, other: str) -> bool:
    """Whether undoing this pair's doubt parts those two."""
    last = standing.doubt.last
    if standing.doubt.check != "pair" or last is None or last.outcome != "one_household":
        return False
    with world.server.state.database.read() as session:
        join = find_join(session, COMMUNE, standing.doubt.households)
    return join is not None and (join.kept, join.other) == (kept, other)


def _has_figures_right(world: World) -> None:
    for village in world.open_villages():
        figures_are_the_fold(world, village)
