"""What people write: households added, corrected and moved, items attested, differences answered, kinds of tomorrow."""

import json
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from app.actions.differences import settle_difference
from app.actions.households import HouseholdInvalid, add_household, edit_household, move_household
from app.store.cards import CardOutcome, find_card
from app.store.outbox import add_to_outbox
from survey.roles import Action, Role, may
from tests.builders import HEADS, an_id
from tests.sync.simulation.cast import CARDS, card_code
from tests.sync.simulation.visits import Act, pick_household
from tests.sync.simulation.world import Phone, World

Found = tuple[str, str, int, dict[str, Any], str]


@dataclass(frozen=True)
class EditHousehold(Act):
    def do(self, world: World, phone: Phone, dice: Random) -> None:
        found = pick_household(phone, dice)
        if found is None:
            return
        fields = {
            "head_name": dice.choice(HEADS),
            "address": f"Ngõ {dice.randint(1, 5)}",
            "phone": f"09{dice.randint(10**7, 10**8 - 1)}" if dice.random() < 0.9 else "không phải số",
            "status": dice.choice(("active", "moved", "vacant")),
        }
        body = {key: fields[key] for key in dice.sample(sorted(fields), dice.randint(1, 2))}
        told = json.dumps(body, ensure_ascii=False)
        world.say(f"{phone.person} writes {told} to {found[3]} in {world.village(found[1])}")
        try:
            edit_household(phone.database, phone.now(world.clock), found[0], **body)
        except HouseholdInvalid:
            world.note(" (cannot be saved)")
        world.figures["household edited"] += 1


@dataclass(frozen=True)
class NewHousehold(Act):
    def do(self, world: World, phone: Phone, dice: Random) -> None:
        mine = sorted(phone.person.villages)
        village, name = dice.choice(mine), f"{dice.choice(HEADS)} {self.at}"
        world.say(f"{phone.person} adds the household of {name} to {world.village(village)}")
        add_household(phone.database, phone.now(world.clock), village, name, "Xóm Mới")
        world.figures["household added"] += 1


@dataclass(frozen=True)
class ScanCard(Act):
    """Somebody scans a card at a door: what is unbound gets a new household, often the same door as a colleague's."""

    def do(self, world: World, phone: Phone, dice: Random) -> None:
        village = dice.choice(sorted(phone.person.villages))
        code = card_code(village, dice.randrange(CARDS))
        with phone.database.read() as session:
            read = find_card(session, code)
        world.say(f"{phone.person} scans a card of {world.village(village)}: {read.outcome.value}")
        world.figures[f"card {read.outcome.value}"] += 1
        if read.outcome is CardOutcome.UNBOUND:
            name = f"{dice.choice(HEADS)} {self.at}"
            add_household(phone.database, phone.now(world.clock), read.village, name, "Xóm Thẻ", card=code)
        elif read.outcome is CardOutcome.KNOWN and dice.random() < 0.3:
            found = pick_household(phone, dice)
            if found:
                edit_household(phone.database, phone.now(world.clock), found[0], card=code)


@dataclass(frozen=True)
class MoveHousehold(Act):
    def do(self, world: World, phone: Phone, dice: Random) -> None:
        found = pick_household(phone, dice)
        if found is None or (not may(phone.person.role, Action.MOVE_HOUSEHOLD) and dice.random() < 0.8):
            return
        target = dice.choice(sorted(world.villages))
        world.say(f"{phone.person} moves {found[3]} from {world.village(found[1])} to {world.village(target)}")
        try:
            move_household(phone.database, phone.now(world.clock), found[0], target)
        except HouseholdInvalid:
            world.note(" (not their village)")
        world.figures["household moved"] += 1


_DIFFERENCES = "SELECT village_id, subject, body FROM stream_row WHERE kind = 'difference' ORDER BY seq"


@dataclass(frozen=True)
class Settle(Act):
    """The lead answers a difference; a member's app would not offer it."""

    def who(self, world: World, phone: Phone) -> Phone:
        return world.first_with(phone, _DIFFERENCES, Action.SETTLE_DIFFERENCE)

    def do(self, world: World, phone: Phone, dice: Random) -> None:
        if not may(phone.person.role, Action.SETTLE_DIFFERENCE) and dice.random() < 0.9:
            return
        with phone.peek() as file:
            there = file.execute(_DIFFERENCES).fetchall()
        if not there:
            return
        village, difference, body = dice.choice(there)
        choice = dice.choice(("shown", "other", "other", "new_visit"))
        fields = [(one["path"], one["mine"], one["theirs"]) for one in json.loads(body)["fields"]]
        world.say(f"{phone.person} answers the difference {fields} of {world.village(village)}: {choice}")
        settle_difference(phone.database, phone.now(world.clock), difference, choice)
        world.figures["difference answered"] += 1


@dataclass(frozen=True)
class Write(Act):
    """A change that goes into the outbox as it is: an attestation, a field or kind of tomorrow."""

    def do(self, world: World, phone: Phone, dice: Random) -> None:
        found = self.change(world, phone, dice)
        if found is None:
            return
        subject, village, seen, body, kind = found
        with phone.database.write() as session:
            add_to_outbox(
                session, identity=f"0193500c-0000-7000-8000-{self.chance % 2**48:012x}", kind=kind, subject=subject,
                household=subject if kind == "household" else None, village=village,
                captured_at=phone.now(world.clock), seen=seen, body=body,
            )  # fmt: skip
        world.figures[f"write {kind}"] += 1

    def change(self, world: World, phone: Phone, dice: Random) -> Found | None:
        raise NotImplementedError


@dataclass(frozen=True)
class Stray(Write):
    """An app that knows more fields, or a village that is not theirs: taken over as far as it may be."""

    def change(self, world: World, phone: Phone, dice: Random) -> Found | None:
        village = dice.choice(sorted(world.villages))
        found = pick_household(phone, dice)
        if found is None or dice.random() < 0.5:
            world.say(f"{phone.person}'s app adds a household to {world.village(village)}, with a field of tomorrow")
            body = {"head_name": dice.choice(HEADS), "address": "Xóm Lạ", "number": 500 + self.at, "door": "xanh"}
            return f"0193500d-0000-7000-8000-{self.chance % 2**48:012x}", village, 0, body, "household"
        identity, village, seen, name = found
        color = dice.choice(("xanh", "đỏ"))
        world.say(f"{phone.person}'s app writes the field door={color} of tomorrow to {name}")
        return identity, village, seen, {"door": color}, "household"


@dataclass(frozen=True)
class Attest(Write):
    def change(self, world: World, phone: Phone, dice: Random) -> Found | None:
        mine = sorted(phone.person.villages)
        items = [one for one in world.cast.campaign.criteria_set.criteria if one.source == "attested"]
        if not mine or not items or (phone.person.role is Role.MEMBER and dice.random() < 0.8):
            return None
        item, village = dice.choice(items[:2]), dice.choice(mine)
        value = dice.choice((True, False)) if item.kind == "boolean" else dice.randint(-1, 9)
        with phone.peek() as file:
            query = "SELECT subject, seq, body FROM stream_row WHERE kind = 'attestation' AND village_id = ?"
            there = [row for row in file.execute(query, (village,)) if json.loads(row[2])["criterion"] == item.no]
        again = there and dice.random() < 0.5
        subject = there[0][0] if again else f"0193500e-0000-7000-8000-{self.chance % 2**48:012x}"
        world.say(f"{phone.person} attests item {item.no} of {world.village(village)}: {value}")
        body = {"criterion": item.no, "value": value, "evidence": "Biên bản"}
        return subject, village, there[0][1] if there else 0, body, "attestation"


@dataclass(frozen=True)
class FromTomorrow(Write):
    def change(self, world: World, phone: Phone, dice: Random) -> Found | None:
        village = dice.choice(sorted(world.villages))
        world.say(f"{phone.person}'s newer app writes a kind that the server does not know in {world.village(village)}")
        return an_id(self.chance % 2**40), village, 0, {"anything": self.at}, "from_tomorrow"


@dataclass(frozen=True)
class SetClock(Act):
    """The phone's clock jumps, anywhere between 1970 and 2099."""

    def do(self, world: World, phone: Phone, dice: Random) -> None:
        years = dice.choice((-56, -20, -1, 0, 0, 1, 40, 72))
        phone.ahead = timedelta(days=365 * years, seconds=dice.randint(-9000, 9000))
        world.say(f"the clock of {phone} jumps to {phone.now(world.clock):%Y-%m-%d %H:%M}")
