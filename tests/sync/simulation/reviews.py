"""Households sent back to be asked again, doubts that the server notices, and what people do about them."""

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from app.actions.doubts import take_step
from app.actions.responses import NotReady
from app.actions.reviews import send_back
from app.store.sync_state import find_sign_in
from survey.doubts import OTHER_OUTCOMES, OUTCOMES_OF, Doubt, DoubtState, Step
from survey.roles import Action, may
from sync_server.access.caller import Caller
from sync_server.review.matching import Standing
from sync_server.review.noticing import list_standing, notice
from tests.sync.simulation.cast import COMMUNE
from tests.sync.simulation.desk import new_draft, send, who_sits_there
from tests.sync.simulation.machinery import seed_ids
from tests.sync.simulation.visits import Act, Event, pick_household
from tests.sync.simulation.world import Broken, Phone, World

Body = dict[str, Any]
_VISITED = "SELECT 1 FROM household WHERE outcome IS NOT NULL"
_DOUBTS = "SELECT subject, body FROM stream_row WHERE kind = 'doubt' ORDER BY village_id, seq"
_REASONS = ("from_paper", "asked_same", "was_wrong", "known_family", None)


@dataclass(frozen=True)
class SendBack(Act):
    """A lead has a household asked again; a member's app would not offer it."""

    def who(self, world: World, phone: Phone) -> Phone:
        return world.first_with(phone, _VISITED, Action.REVIEW_VISIT)

    def do(self, world: World, phone: Phone, dice: Random) -> None:
        found = pick_household(phone, dice)
        if found is None or (not may(phone.person.role, Action.REVIEW_VISIT) and dice.random() < 0.9):
            return
        keys = draw_keys(world, dice)
        world.say(f"{phone.person} sends {found[3]} in {world.village(found[1])} back for {', '.join(keys)}")
        try:
            send_back(phone.database, phone.now(world.clock), found[0], keys, "Hỏi lại giúp")
        except NotReady:
            world.note(" (nobody has been there)")
            return
        world.figures["review sent back"] += 1


def draw_keys(world: World, dice: Random) -> list[str]:
    """One or two of the form's questions."""
    keys = [one.key for one in world.cast.campaign.form.household_questions]
    return sorted(dice.sample(keys, min(len(keys), dice.choice((1, 2)))))


@dataclass(frozen=True)
class TakeStep(Act):
    """A lead or an official does something about a doubt as their phone has it, however long ago that was."""

    def who(self, world: World, phone: Phone) -> Phone:
        return world.first_with(phone, _DOUBTS, Action.REVIEW_VISIT)

    def do(self, world: World, phone: Phone, dice: Random) -> None:
        if not may(phone.person.role, Action.REVIEW_VISIT) and dice.random() < 0.9:
            return
        there = doubts_on(phone)
        if not there:
            return
        identity, doubt = dice.choice(there)
        step = draw_step(world, doubt, dice)
        world.say(f"{phone.person} does something about a doubt ({doubt.check}, {doubt.state.value}): {told(step)}")
        take_step(phone.database, phone.now(world.clock), identity, Step(step.pop("step")), **step)
        world.figures["doubt step on a phone"] += 1


@dataclass(frozen=True)
class Explain(Act):
    """Somebody says what was behind their own visits; now and then somebody else's app lets them say it."""

    def who(self, world: World, phone: Phone) -> Phone:
        every = [*world.phones[phone.number :], *world.phones[: phone.number]]
        return next((one for one in every if not one.ended and _own_doubts(one)), phone)

    def do(self, world: World, phone: Phone, dice: Random) -> None:
        there = _own_doubts(phone) or (doubts_on(phone) if dice.random() < 0.1 else [])
        if not there:
            return
        identity, doubt = dice.choice(there)
        world.say(f"{phone.person} says what was behind a doubt ({doubt.check}, {doubt.state.value})")
        note = dice.choice(("Tôi ghi theo phiếu giấy", "Hỏi lại rồi"))
        take_step(phone.database, phone.now(world.clock), identity, Step.EXPLAIN, note=note)
        world.figures["doubt explained"] += 1


def doubts_on(phone: Phone) -> list[tuple[str, Doubt]]:
    """The doubts that this phone has, whatever their state."""
    with phone.peek() as file:
        return [(identity, Doubt.model_validate(json.loads(body))) for identity, body in file.execute(_DOUBTS)]


def _own_doubts(phone: Phone) -> list[tuple[str, Doubt]]:
    with phone.database.read() as session:
        signed_in = find_sign_in(session)
    return [one for one in doubts_on(phone) if signed_in and one[1].member == signed_in.member_id]


def draw_step(world: World, doubt: Doubt, dice: Random) -> Body:
    """A step that may be done now, mostly; some are not possible any more, or lack something."""
    name = dice.choice(("look", "ask", "wait", "settle", "settle"))
    if doubt.state is DoubtState.SETTLED or dice.random() < 0.05:
        name = "undo"
    step: Body = {"step": name}
    if name == "settle":
        # A change that is taken over after all, and a pair that is one household, need more: see `joins`.
        some = [one for one in OUTCOMES_OF.get(doubt.check, OTHER_OUTCOMES) if one not in {"taken", "one_household"}]
        step |= {"outcome": dice.choice(some), "reason": dice.choice(_REASONS)}
    if name == "ask" and doubt.households:
        homes = list(doubt.households)
        step |= {"households": dice.sample(homes, dice.randint(1, len(homes))), "keys": draw_keys(world, dice)}
    return step | {"note": dice.choice(("", "Xem lại giúp"))}


def told(step: Body) -> str:
    """The step in a word or two."""
    return " ".join(str(step[one]) for one in ("step", "outcome") if step.get(one))


@dataclass(frozen=True)
class Notice(Event):
    """The checks look at the commune's visits. What they notice changes no household and no figure."""

    async def happen(self, world: World) -> None:
        seed_ids(self.at, self.chance)
        before = what_counts(world)
        written = notice(world.server.state.database, COMMUNE, world.clock())
        world.say(f"the checks look at the visits: {written} doubts are written")
        world.figures["doubts written"] += written
        if what_counts(world) != before:
            raise Broken("what is noticed takes nothing out of the figures")
        if notice(world.server.state.database, COMMUNE, world.clock()):
            raise Broken("nothing is noticed twice")


def what_counts(world: World) -> list[Any]:
    """Each household as it shows, but for whether it is asked again, and the sums of each village."""
    query = "SELECT village_id, subject, body FROM stream_row WHERE kind = 'household' AND body IS NOT NULL"
    with world.peek() as server:
        homes = [(*row[:2], json.loads(row[2])) for row in server.execute(query + " ORDER BY 1, 2")]
        sums = server.execute("SELECT id, counts FROM village ORDER BY 1").fetchall()
    return [[(*one, {key: body[key] for key in body if key != "ask_again"}) for *one, body in homes], sums]


@dataclass(frozen=True)
class DeskStep(Event):
    """Somebody does something about a doubt on the office's page; or two at once, who looked at the same moment."""

    async def happen(self, world: World) -> None:
        seed_ids(self.at, self.chance)
        dice = self.dice()
        callers = [who_sits_there(world, dice) for _ in range(dice.choice((1, 1, 2)))]
        every = doubts_of(world, callers[0])
        there = [one for one in every if all(one[0].village in caller.villages for caller in callers)]
        if not there:
            return
        standing, seen = dice.choice(there)
        before = what_counts(world)
        done = [_do_at_desk(world, caller, standing, seen, dice) for caller in callers]
        if len({one.member.id for one in callers}) == 2 and all(done):
            raise Broken("of two who step at once, one does it", f"{standing} {callers}")
        if what_counts(world) != before:
            raise Broken("no step about a doubt takes a visit out of the figures", standing)


def _do_at_desk(world: World, caller: Caller, standing: Standing, seen: int, dice: Random) -> bool:
    """Whether it was done."""
    step = draw_step(world, standing.doubt, dice)
    world.say(f"{caller.member.name} at a desk, about a doubt ({standing.doubt.check}): {told(step)}")
    draft = new_draft(world, dice, seen)
    told_back = send(world, caller, draft, kind="doubt", subject=standing.id, village=standing.village, body=step)
    return told_back.verdict == "applied"


def doubts_of(world: World, caller: Caller) -> list[tuple[Standing, int]]:
    """The doubts of the caller's villages as a page shows them, each with its sequence."""
    with world.peek() as server:
        seqs = dict(server.execute("SELECT subject, seq FROM stream_row WHERE kind = 'doubt' AND body IS NOT NULL"))
    with world.server.state.database.read() as session:
        return [(one, seqs[one.id]) for one in list_standing(session, COMMUNE, caller.villages)]
