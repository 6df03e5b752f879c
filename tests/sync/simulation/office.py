"""What the office does meanwhile: people get other villages, villages merge, devices end, an older copy is put back."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta

from survey.records import TeamMember
from survey.roles import Role
from sync_server.backup import back_up, restore
from sync_server.commune import devices
from sync_server.commune.lineage import merge_villages, split_village
from sync_server.commune.members import move_member
from sync_server.commune.setup import add_village
from sync_server.problems import Problem
from sync_server.publish import Subject, publish
from tests.sync.simulation.cast import COMMUNE
from tests.sync.simulation.machinery import seed_ids
from tests.sync.simulation.visits import Event
from tests.sync.simulation.world import World

OLDEST_BACKUP = timedelta(days=20)


@dataclass(frozen=True)
class MoveMember(Event):
    """Somebody works in other villages from now on."""

    async def happen(self, world: World) -> None:
        seed_ids(self.at, self.chance)
        dice, person = self.dice(), self.on(world).person
        open_ones = sorted(world.open_villages())
        if person.role is Role.OFFICIAL or not open_ones:
            return
        wanted = dice.sample(open_ones, min(len(open_ones), dice.choice((1, 1, 2))))
        if dice.random() < 0.3:
            wanted = list({*wanted, *person.villages})
        world.say(f"{person} works in {', '.join(sorted(map(world.village, wanted)))} from now on")
        world.figures["office moved"] += 1
        with world.server.state.database.write() as session:
            member = TeamMember(id=person.id, name=person.name, role=person.role)
            move_member(session, COMMUNE, member, wanted, world.clock())
        person.work_in(set(wanted), world.clock())


@dataclass(frozen=True)
class EndDevice(Event):
    """A device is revoked, or reported lost."""

    async def happen(self, world: World) -> None:
        phone, lost = self.on(world), self.dice().random() < 0.3
        if phone.state != "active" or len([one for one in world.phones if one.state == "active"]) < 2:
            return
        phone.state = "lost" if lost else "revoked"
        world.say(f"{phone} is {'reported lost' if lost else 'revoked'}")
        world.figures[f"device {phone.state}"] += 1
        end = devices.report_lost if lost else devices.revoke
        with world.server.state.database.write() as session:
            end(session, COMMUNE, phone.device, "Hoa", world.clock())


@dataclass(frozen=True)
class BackUp(Event):
    async def happen(self, world: World) -> None:
        file = world.folder / f"backup-{len(world.backups)}.db"
        back_up(world.server.state.settings, file)
        world.backups.append({
            "file": file,
            "at": world.clock(),
            "first": dict(world.first),
            "people": deepcopy(world.people),
            "villages": dict(world.villages),
            "ended": set(world.ended_villages),
            "joined": dict(world.joined),
        })  # fmt: skip
        world.say("the server is backed up")


@dataclass(frozen=True)
class Restore(Event):
    """The server's disk died; the last backup is put back."""

    async def happen(self, world: World) -> None:
        found = [one for one in world.backups if world.clock() - one["at"] < OLDEST_BACKUP]
        if not found:
            return
        seed_ids(self.at, self.chance)
        kept = self.dice().choice(found)
        world.say("the server's disk dies, a backup is put back")
        world.figures["restore"] += 1
        world.server.state.database.close()
        restore(world.server.state.settings, kept["file"], world.clock())
        world.open_server()
        world.was_restored = True
        world.first, world.villages, world.ended_villages = dict(kept["first"]), dict(kept["villages"]), kept["ended"]
        world.joined = dict(kept["joined"])
        for person, before in zip(world.people, deepcopy(kept["people"]), strict=True):
            person.take_back(before)
        # Devices that were revoked or lost stay so: `restore` carries that over from the database it puts aside.
        # What a wiped or lost device had handed in is nowhere any more.
        _excuse_wiped(world)


def _excuse_wiped(world: World) -> None:
    """After a restore: the work of devices that are wiped or cut off cannot come again."""
    for identity, saved in world.book.items():
        phone = world.phones[saved.phone]
        if (phone.ended or phone.state == "lost") and identity not in world.first:
            world.excused.add(identity)


def _share_team(world: World, source: str, target: str) -> None:
    """Who works in the one works in the other too; officials everywhere."""
    for person in world.people:
        if source in person.villages or person.role is Role.OFFICIAL:
            person.work_in({*person.villages, target}, world.clock())


@dataclass(frozen=True)
class Merge(Event):
    async def happen(self, world: World) -> None:
        seed_ids(self.at, self.chance)
        dice, there = self.dice(), sorted(world.open_villages())
        if len(there) < 2:
            return
        source, target = dice.sample(there, 2)
        name = world.village(target) if dice.random() < 0.6 else f"Mới {self.at}"
        world.say(f"{world.village(source)} is merged into {name}")
        world.figures["office merged"] += 1
        with world.server.state.database.write() as session:
            done = merge_villages(session, COMMUNE, name, [world.village(source)], world.clock())
        world.villages[done.village.id] = done.village.name
        world.ended_villages.add(source)
        _share_team(world, source, done.village.id)


@dataclass(frozen=True)
class Split(Event):
    async def happen(self, world: World) -> None:
        seed_ids(self.at, self.chance)
        dice, there = self.dice(), sorted(world.open_villages())
        source, alley = dice.choice(there), f"Ngõ {dice.randrange(3)}"
        try:
            with world.server.state.database.write() as session:
                done = split_village(
                    session, COMMUNE, world.village(source), f"Tách {self.at}", world.clock(), alleys=[alley]
                )
        except Problem:
            return
        world.say(f"{alley} of {world.village(source)} becomes the village Tách {self.at}")
        world.figures["office split"] += 1
        world.villages[done.village.id] = done.village.name
        _share_team(world, source, done.village.id)


@dataclass(frozen=True)
class AddVillage(Event):
    async def happen(self, world: World) -> None:
        seed_ids(self.at, self.chance)
        world.say(f"the village Thêm {self.at} is added")
        with world.server.state.database.write() as session:
            village = add_village(session, COMMUNE, f"Thêm {self.at}", world.clock())
        world.villages[village.id] = village.name
        for person in world.people:
            if person.role is Role.OFFICIAL:
                person.work_in({*person.villages, village.id}, world.clock())


@dataclass(frozen=True)
class NewKindOfRow(Event):
    """A newer server puts a kind on a stream that this app does not know, and takes it off again."""

    async def happen(self, world: World) -> None:
        dice = self.dice()
        village, number = dice.choice(sorted(world.villages)), dice.randrange(2)
        body = {"anything": self.at} if dice.random() < 0.7 else None
        world.say(f"the server puts an unknown kind on the stream of {world.village(village)}: {body}")
        with world.server.state.database.write() as session:
            subject = Subject("from_tomorrow", f"0193500f-0000-7000-8000-{number:012x}", body)
            publish(session, COMMUNE, {village: [subject]})


@dataclass(frozen=True)
class ChangeApp(Event):
    """A phone runs an older app that leaves fields out, a newer one that sends more, or meets a newer server."""

    async def happen(self, world: World) -> None:
        phone = self.on(world)
        phone.link.dialect = self.dice().choice(("older", "newer", "newer server", "present"))
        world.say(f"{phone} speaks as with the {phone.link.dialect} version")
