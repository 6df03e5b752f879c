"""Phones that sync, and all that may go wrong while they do."""

from dataclasses import dataclass
from datetime import timedelta

import httpx

from app.sync.client import Refused
from app.sync.exchange import NotSignedIn
from tests.builders import NOW
from tests.sync.simulation.links import Send, again
from tests.sync.simulation.machinery import Killed, life_of, seed_ids
from tests.sync.simulation.visits import Event
from tests.sync.simulation.watch import nothing_is_left
from tests.sync.simulation.world import WAIT, Broken, Phone, World

MOST_DAYS = timedelta(days=18)
"""No run is longer than phones keep what the server confirmed."""
FAULTS = ("lost", "reply lost", "cut", "reply cut", "twice", "portal", "busy", "late copy", "overtaken")


@dataclass(frozen=True)
class Sync(Event):
    """A phone syncs. `fault` strikes at the round trip `trip`; `meanwhile` happens while its reply is on the way."""

    fault: str | None = None
    trip: int = 0
    most: int = 200
    rows: int = 500
    phone_dies_at: int | None = None
    server_dies_at: int | None = None
    meanwhile: tuple[Event, ...] = ()

    async def happen(self, world: World) -> None:
        phone = self.on(world)
        if phone.ended:
            return
        seed_ids(self.at, self.chance)
        world.say(f"{phone} syncs" + (f", at most {self.most} changes" if self.most < 200 else ""))
        world.note(f" and {self.rows} rows a page" if self.rows < 500 else "")
        phone.rows = self.rows
        way = Bumpy(self, world, phone)
        phone.link.way = way
        life_of(phone.database.path).kill_at(self.phone_dies_at)
        life_of(world.server_path).kill_at(self.server_dies_at)
        world.figures["sync"] += 1
        try:
            trips = await world.sync(phone, self.most)
            if way.struck != 1 or self.fault in {None, "twice", "late copy", "overtaken"}:
                world.note(f" ({trips} round trips)")
        except Killed:
            world.note("; the phone dies and is started again")
            world.figures["phone killed"] += 1
        except WAIT as error:
            world.note(f"; the sync fails ({type(error).__name__} {error})")
            if not way.struck:
                life_of(world.server_path).kill_at(None)
                life_of(phone.database.path).kill_at(None)
                await refused(world, phone, error)
        finally:
            life_of(world.server_path).kill_at(None)
            life_of(phone.database.path).kill_at(None)
            phone.link.way = None


async def refused(world: World, phone: Phone, error: Exception) -> None:
    """A failure that no fault explains: a device that was taken out, or one that a restored server forgot."""
    if isinstance(error, NotSignedIn):
        raise Broken("a device with unsent work is not wiped", phone)
    slug = error.problem.slug if isinstance(error, Refused) else ""
    if slug == "device-lost" and phone.state == "lost":
        nothing_is_left(phone)
        phone.ended = True
        phone.drafts.clear()
    elif slug == "not-signed-in" and world.was_restored:
        await world.sign_in_again(phone)
    else:
        raise Broken("a sync over a good link works", f"{phone} ({phone.state}): {type(error).__name__} {error}")


class Bumpy:
    """The way of one sync; counts how often its fault struck."""

    def __init__(self, event: Sync, world: World, phone: Phone) -> None:
        self._event, self._world, self._phone = event, world, phone
        self._trips, self.struck = 0, 0
        life = life_of(phone.database.path)
        self._phone_life = life

    async def __call__(self, request: httpx.Request, send: Send) -> httpx.Response:
        place, self._trips = self._trips, self._trips + 1
        if place != self._event.trip:
            return await self._deliver(request, send)
        answer = await self._strike(request, send)
        for event in self._event.meanwhile:
            self._world.say("  meanwhile: ")
            before = len(self._world.log)
            self._phone.link.way = None
            await event.happen(self._world)
            self._phone.link.way = self
            seed_ids(self._event.at, "after", event.at)
            if len(self._world.log) == before:
                self._world.log.pop()
        return answer

    async def _strike(self, request: httpx.Request, send: Send) -> httpx.Response:
        if self._event.fault is None:
            return await self._deliver(request, send)
        self.struck += 1
        self._world.figures[f"fault {self._event.fault}"] += 1
        self._world.note(f"; {SENTENCES[self._event.fault]}")
        return await getattr(self, "_" + self._event.fault.replace(" ", "_"))(request, send)

    async def _deliver(self, request: httpx.Request, send: Send) -> httpx.Response:
        try:
            return await send(request)
        except Killed:
            self.struck += 1
            self._world.note("; the server dies and is started again")
            self._world.figures["server killed"] += 1
            self._world.restart_server()
            raise httpx.ReadError("the connection broke", request=request) from None

    async def _lost(self, request: httpx.Request, _send: Send) -> httpx.Response:
        raise httpx.ConnectError("lost", request=request)

    async def _reply_lost(self, request: httpx.Request, send: Send) -> httpx.Response:
        await self._deliver(request, send)
        raise httpx.ReadTimeout("lost", request=request)

    async def _cut(self, request: httpx.Request, send: Send) -> httpx.Response:
        return await self._deliver(again(request, request.content[: len(request.content) // 2]), send)

    async def _reply_cut(self, request: httpx.Request, send: Send) -> httpx.Response:
        answer = await self._deliver(request, send)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content[:-20])

    async def _twice(self, request: httpx.Request, send: Send) -> httpx.Response:
        await self._deliver(request, send)
        return await self._deliver(again(request), send)

    async def _portal(self, request: httpx.Request, _send: Send) -> httpx.Response:
        return httpx.Response(200, html="<h1>Đăng nhập wifi</h1>", request=request)

    async def _busy(self, request: httpx.Request, _send: Send) -> httpx.Response:
        return httpx.Response(503, text="busy", request=request)

    async def _late_copy(self, request: httpx.Request, send: Send) -> httpx.Response:
        """A proxy keeps a copy of the request and delivers it once more, some events later."""
        self._world.late.append((self._phone, again(request)))
        return await self._deliver(request, send)

    async def _overtaken(self, request: httpx.Request, send: Send) -> httpx.Response:
        """Another whole sync of the same phone comes in between: this reply is stale when it arrives."""
        answer = await self._deliver(request, send)
        self._phone.may_differ = True
        self._phone.link.way = self._deliver
        await self._world.sync(self._phone)
        self._phone.link.way = self
        return answer


SENTENCES = {
    "lost": "the request is lost",
    "reply lost": "the reply is lost",
    "cut": "the request is cut in half",
    "reply cut": "the reply is cut",
    "twice": "the request arrives twice",
    "portal": "a login page answers instead",
    "busy": "the server is busy",
    "late copy": "a copy of the request stays on the way",
    "overtaken": "a second sync of the phone overtakes this one's reply",
}


@dataclass(frozen=True)
class LateCopy(Event):
    """What was still on the way arrives; nobody reads the reply."""

    async def happen(self, world: World) -> None:
        for phone, request in world.late:
            world.say(f"an old request of {phone} arrives again")
            await phone.link.deliver(request)
        world.late.clear()


@dataclass(frozen=True)
class TimePasses(Event):
    """The server's clock and with it all others go on."""

    async def happen(self, world: World) -> None:
        hours = self.dice().choice((1, 5, 24, 24 * 5))
        if world.clock.now > NOW + MOST_DAYS:
            return
        world.clock.now += timedelta(hours=hours)
        world.say(f"{hours} hours pass")
