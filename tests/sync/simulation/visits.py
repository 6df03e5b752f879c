"""What people do on their phones: visits with every outcome, forms half filled, visits that came back corrected."""

from dataclasses import dataclass
from random import Random
from unittest.mock import patch

from app.actions.responses import (
    AnswersIncomplete,
    NotReady,
    discard_draft,
    keep_draft,
    open_draft,
    record_response,
    reopen_response,
)
from survey.drafts import ResponseDraft
from survey.records import Departure, Outcome
from survey.roles import Action, may
from tests.sync.simulation.machinery import Killed, life_of, seed_ids
from tests.sync.simulation.world import Broken, Phone, World


@dataclass(frozen=True)
class Event:
    """Something that happens. `at` is its place in the story as it was drawn, `chance` decides its details."""

    at: int
    phone: int
    chance: int

    def dice(self) -> Random:
        return Random(self.chance)

    def on(self, world: World) -> Phone:
        return world.phones[self.phone % len(world.phones)]

    async def happen(self, world: World) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class Act(Event):
    """Something that a person does; the phone dies before the statement `dies_at` of it."""

    dies_at: int | None = None

    async def happen(self, world: World) -> None:
        phone = self.on(world)
        if phone.ended:
            return
        seed_ids(self.at, self.chance)
        phone = self.who(world, phone)
        life_of(phone.database.path).kill_at(self.dies_at)
        try:
            self.do(world, phone, self.dice())
        except Killed:
            world.restart_phone(phone)
            world.note("; the phone dies and is started again")
            world.figures["phone killed"] += 1
        finally:
            life_of(phone.database.path).kill_at(None)
            world.write_down(phone)

    def who(self, world: World, phone: Phone) -> Phone:
        """Who does it, where not everybody can."""
        return phone

    def do(self, world: World, phone: Phone, dice: Random) -> None:
        raise NotImplementedError


def pick_household(phone: Phone, dice: Random) -> tuple[str, str, int, str] | None:
    """A household on this phone as (id, village, sequence, head's name); the first ones often."""
    query = (
        "SELECT h.id, h.village_id, coalesce(s.seq, 0), h.head_name FROM household h LEFT JOIN stream_row s"
        " ON s.kind = 'household' AND s.subject = h.id AND s.village_id = h.village_id ORDER BY h.number, h.id"
    )
    with phone.peek() as file:
        rows = file.execute(query).fetchall()
    return rows[min(int(dice.expovariate(0.8)), len(rows) - 1)] if rows else None


@dataclass(frozen=True)
class Visit(Act):
    """A visit, from opening the form to saving it."""

    def do(self, world: World, phone: Phone, dice: Random) -> None:
        if not may(phone.person.role, Action.RECORD_VISIT) and dice.random() < 0.9:
            return
        found = pick_household(phone, dice)
        if found is None:
            return
        household, now = found[0], phone.now(world.clock)
        outcome = dice.choice([Outcome.COMPLETED] * 6 + list(Outcome))
        world.say(f"{phone.person} visits {found[3]} in {world.village(found[1])}: {outcome.value}")
        try:
            draft = open_draft(phone.database, now, household, world.cast.campaign)
        except NotReady as error:
            raise Broken("a household that is listed can be visited", found) from error
        world.clock.pass_by(minutes=dice.randint(1, 9))
        draft = fill(draft, world, dice, phone) if outcome is Outcome.COMPLETED else draft.end_as(outcome)
        try:
            visit = record_response(phone.database, phone.now(world.clock), draft, world.cast.campaign)
        except AnswersIncomplete as error:
            world.note(f" (cannot be saved: {[one.pointer for one in error.problems]})")
            world.figures["visit incomplete"] += 1
            return
        phone.drafts.pop(household, None)
        world.figures[f"visit {outcome.value}"] += 1
        world.write_down(phone)
        if not any(saved.subject == visit for saved in world.book.values()):
            raise Broken("a saved visit waits in the outbox", visit)


def fill(draft: ResponseDraft, world: World, dice: Random, phone: Phone) -> ResponseDraft:
    """Answers for every question; of a household that was surveyed before, some people and answers change."""
    now, form = phone.now(world.clock), world.cast.campaign.form
    draft = draft.agree(True, now)
    while len(draft.present) < 1 or (len(draft.present) < 4 and dice.random() < 0.3):
        who = f"0193500a-0000-7000-8000-{dice.getrandbits(48):012x}"
        draft = draft.add_resident(who, "head" if not draft.present else dice.choice(("spouse", "child", "other")))
        draft = draft.change_resident(who, birth_year=dice.choice((1950, 1961, 1969)), sex=dice.choice("mf"))
    if len(draft.present) > 1 and dice.random() < 0.15:
        draft = draft.take_out(draft.present[-1].id, dice.choice(list(Departure)))
    told = []
    for resident in draft.present:
        for asked in form.resident_questions:
            key = asked.question.key
            if resident.answers.get(key) is None or dice.random() < 0.3:
                value = dice.choice((*asked.question.choices, *asked.question.choices, "unknown"))
                draft = draft.answer_of(resident.id, key, value)
                told.append(f"{key}={value}")
    for question in form.household_questions:
        if draft.answers.get(question.key) is None or dice.random() < 0.3:
            value = dice.choice((*question.choices, *question.choices, "unknown"))
            draft = draft.answer(question.key, value)
            told.append(f"{question.key}={value}")
    world.note(f" ({len(draft.present)} people; {', '.join(told)})")
    return draft


@dataclass(frozen=True)
class HalfForm(Act):
    """A form that is begun and left, or one that is thrown away."""

    def do(self, world: World, phone: Phone, dice: Random) -> None:
        found = pick_household(phone, dice)
        if found is None:
            return
        household, now = found[0], phone.now(world.clock)
        if household in phone.drafts and dice.random() < 0.5:
            world.say(f"{phone.person} throws the form of {found[3]} away")
            discard_draft(phone.database, household, phone.person.id)
            phone.drafts.pop(household)
            return
        world.say(f"{phone.person} begins the form of {found[3]} in {world.village(found[1])}")
        draft = open_draft(phone.database, now, household, world.cast.campaign).agree(True, now)
        draft = draft.add_resident(f"0193500b-0000-7000-8000-{dice.getrandbits(48):012x}", "other")
        keep_draft(phone.database, now, draft)
        phone.drafts[household] = draft.model_dump_json()


_RETURNED = "SELECT id FROM outbox WHERE state = 'invalid' AND kind = 'response'"


@dataclass(frozen=True)
class Reopen(Act):
    """A visit that came back as invalid is opened again; the next visit there saves it once more."""

    def who(self, world: World, phone: Phone) -> Phone:
        return world.first_with(phone, _RETURNED)

    def do(self, world: World, phone: Phone, dice: Random) -> None:
        with phone.peek() as file:
            found = file.execute(_RETURNED).fetchone()
        if found is None:
            return
        world.say(f"{phone.person} opens a visit again that came back")
        try:
            draft = reopen_response(phone.database, phone.now(world.clock), found[0])
        except NotReady:
            return
        if draft.household not in phone.drafts:
            phone.drafts[draft.household] = draft.model_dump_json()
        world.figures["visit reopened"] += 1


@dataclass(frozen=True)
class ImpossibleVisit(Act):
    """A visit as a faulty app would save it: somebody of the year 1492. It must come back, and block nobody."""

    def do(self, world: World, phone: Phone, dice: Random) -> None:
        found = pick_household(phone, dice)
        if found is None or not may(phone.person.role, Action.RECORD_VISIT):
            return
        now = phone.now(world.clock)
        world.say(f"a faulty app on {phone} saves an impossible visit to {found[3]} in {world.village(found[1])}")
        draft = open_draft(phone.database, now, found[0], world.cast.campaign)
        draft = fill(draft, world, dice, phone)
        draft = draft.change_resident(draft.present[0].id, birth_year=1492)
        with patch("survey.finishing.check_response", return_value=[]):
            try:
                record_response(phone.database, now, draft, world.cast.campaign)
            except AnswersIncomplete:
                return
        phone.drafts.pop(found[0], None)
        world.figures["visit impossible"] += 1
