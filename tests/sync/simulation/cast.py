"""The commune of a run: villages with households, and people whose phones are enrolled and in step.

A few casts are made once for each process and copied for each run: no migration and no enrolment is paid for twice.
"""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from random import Random

from fastapi import FastAPI

from app.actions.responses import Campaign, find_campaign
from app.store.database import Database as PhoneFile
from app.store.outbox import add_to_outbox
from app.sync.client import ServerClient
from app.sync.enroll import enroll
from app.sync.exchange import exchange
from survey.card_code import RANDOM_BYTES, make_code
from survey.roles import Role
from sync_server.commune.setup import add_village, create_commune, invite
from sync_server.main import create_app
from sync_server.publish import Subject, publish
from sync_server.settings import ServerSettings
from sync_server.store.cards import Card, save_cards
from tests.builders import HEADS, NOW
from tests.clock import Clock
from tests.sync.simulation.links import Link, client_over
from tests.sync.simulation.machinery import seed_ids

COMMUNE = "09052"
OFFICE_DEVICE = "máy xã"
CASTS = 8
UNKNOWN_ROW = f"0193500f-0000-7000-8000-{0:012x}"
"""What a newer server put on every village's stream: whoever is granted a village must keep it."""
VILLAGES = ("Đinh Xá", "Nghinh Tiên", "Bái", "Gốc Gạo")
PEOPLE = ("Lan", "Minh", "Hòa", "Đức", "Thủy", "Ánh", "Bình", "Cường", "Dung")
HOUSES = 3
CARDS = 3


def card_code(village: str, number: int) -> str:
    """The code of a village's card, the same in every run."""
    return make_code(sha256(f"{village} {number}".encode()).digest()[:RANDOM_BYTES])


def card_id(village: str, number: int) -> str:
    """The id of a village's card, the same in every run."""
    return f"0193500d-0000-7000-8000-{sha256(f'{village} {number}'.encode()).hexdigest()[:12]}"


@dataclass
class Person:
    """Somebody who signs in. `villages` is where they work now; `times` where they ever did, from when until when."""

    name: str
    role: Role
    villages: set[str]
    id: str = ""
    times: list[tuple[str, datetime, datetime | None]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.name} ({self.role.value})"

    def work_in(self, villages: set[str], now: datetime) -> None:
        """From now on in these villages."""
        gone = self.villages - villages
        self.times = [
            (where, since, now if where in gone and until is None else until) for where, since, until in self.times
        ] + [(where, now, None) for where in villages - self.villages]
        self.villages = villages

    def worked_in(self, village: str, at: datetime) -> bool:
        return any(
            where == village and since <= at and (until is None or at < until) for where, since, until in self.times
        )

    def take_back(self, before: "Person") -> None:
        """After a restore: as it was when the backup was made."""
        self.villages, self.times = before.villages, before.times


@dataclass
class Cast:
    """The templates of one commune: the server's file, one file for each phone, and who is who."""

    folder: Path
    people: list[Person]
    villages: dict[str, str]
    campaign: Campaign

    def server_file(self) -> Path:
        return self.folder / "server.db"

    def phone_file(self, number: int) -> Path:
        return self.folder / f"phone-{number}.db"


def draw_people(chance: Random, villages: list[str]) -> list[Person]:
    """Two to five people; somebody always shares a village with somebody else."""
    people = []
    for number in range(chance.choice((2, 2, 3, 3, 3, 4, 4, 5))):
        role = chance.choice((Role.MEMBER, Role.MEMBER, Role.LEAD, Role.OFFICIAL)) if number else Role.MEMBER
        some = set(chance.sample(villages, min(len(villages), chance.choice((1, 1, 2)))))
        some = set(villages) if role is Role.OFFICIAL else some | ({villages[0]} if number == 1 else set())
        people.append(Person(PEOPLE[number], role, some, times=[(one, NOW, None) for one in some]))
    return people


async def make_cast(number: int, folder: Path, server: FastAPI | None = None) -> Cast:
    """Open the commune, invite its people, enrol their phones, and let the first official write the household list."""
    chance = Random(f"cast {number}")
    seed_ids("cast", number)
    folder.mkdir(parents=True)
    clock = Clock()
    server = create_app(ServerSettings(data=folder), clock)
    database = server.state.database
    with database.write() as session:
        create_commune(session, COMMUNE, clock(), "nguyet-duc-demo")
        names = VILLAGES[: chance.choice((1, 2, 2, 3))]
        ids = {add_village(session, COMMUNE, name, clock()).id: name for name in names}
        for village in ids:
            cards = [
                Card(card_id(village, one), village, village, one + 1, card_code(village, one)) for one in range(CARDS)
            ]
            save_cards(session, COMMUNE, cards)
            strange = Subject("from_tomorrow", UNKNOWN_ROW, {"anything": village})
            publish(session, COMMUNE, {village: [strange, *(Subject("card", one.id, one.to_body()) for one in cards)]})
        people = draw_people(chance, list(ids))
        codes = [
            invite(session, COMMUNE, who.role, who.name, [ids[one] for one in sorted(who.villages)] if
                   who.role is not Role.OFFICIAL else [], clock(), public_url="http://server").code
            for who in people
        ]  # fmt: skip
        office = invite(session, COMMUNE, Role.OFFICIAL, "Hoa", [], clock(), public_url="http://server").code
    link = Link(server)
    client = client_over(link)
    await _list_households(PhoneFile(folder / "office.db"), client, office, list(ids))
    campaign = None
    for place, code in enumerate(codes):
        file = PhoneFile(folder / f"phone-{place}.db")
        people[place].id = (await enroll(file, client, code, people[place].name, NOW)).member.id
        while (await exchange(file, client, NOW)).more:
            pass
        campaign = campaign or find_campaign(file)
        file.close()
    database.close()
    assert campaign is not None
    return Cast(folder, people, ids, campaign)


async def _list_households(office: PhoneFile, client: ServerClient, code: str, villages: list[str]) -> None:
    await enroll(office, client, code, OFFICE_DEVICE, NOW)
    with office.write() as session:
        for place, village in enumerate(villages):
            for house in range(HOUSES):
                identity, change = (f"0193500{kind}-0000-7000-8000-{place * 100 + house:012x}" for kind in (1, 2))
                add_to_outbox(
                    session, identity=change, kind="household", subject=identity, household=None, village=village,
                    captured_at=NOW, seen=0,
                    body={"head_name": HEADS[house], "address": f"Ngõ {house}", "number": house + 1},
                )  # fmt: skip
    while (await exchange(office, client, NOW)).more:
        pass
    office.close()
