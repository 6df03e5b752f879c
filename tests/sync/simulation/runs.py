"""Runs of seeds: one, many, and the figures of all of them."""

import asyncio
import atexit
import logging
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from time import monotonic
from traceback import format_exception

from fastapi import FastAPI

from sync_server.main import create_app
from sync_server.settings import ServerSettings
from tests.sync.simulation.cast import CASTS, Cast, make_cast
from tests.sync.simulation.machinery import machinery
from tests.sync.simulation.promises import check_promises, come_to_rest
from tests.sync.simulation.shrink import shrink
from tests.sync.simulation.story import draw_cast, draw_story
from tests.sync.simulation.visits import Event
from tests.sync.simulation.watch import watch
from tests.sync.simulation.world import Broken, World

PART = 20
"""Seeds that a process takes at once."""
MEMORY = Path("/dev/shm")


@dataclass
class Ended:
    """How one run ended: `broken` names the promise that was not kept, None where all were."""

    broken: str | None
    log: list[str]
    figures: Counter[str] = field(default_factory=Counter)


class Theatre:
    """Where runs take place: one folder in memory, one server program, casts made once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loop = asyncio.new_event_loop()
        self._casts: dict[int, Cast] = {}
        self._server: FastAPI | None = None

    def make_casts(self) -> None:
        """Make every cast now: what is tried out later must not be in any of them."""
        for cast in range(CASTS):
            self._loop.run_until_complete(self._cast(cast))

    async def _cast(self, cast: int) -> Cast:
        if cast not in self._casts:
            self._casts[cast] = await make_cast(cast, self._folder / f"cast-{cast}")
        return self._casts[cast]

    def play(self, seed: int, story: list[Event] | None = None) -> Ended:
        """Run the seed's story, or another one with its cast."""
        return self._loop.run_until_complete(self._play(draw_cast(seed), draw_story(seed) if story is None else story))

    async def _play(self, cast: int, story: list[Event]) -> Ended:
        made = await self._cast(cast)
        if self._server is None:
            self._server = create_app(ServerSettings(data=self._folder / "run", reply_rows=100, token_days=4))
            self._server.state.database.close()
        world = World(made, self._folder / "run", self._server)
        broken = None
        try:
            for event in story:
                world.clock.pass_by(minutes=7)
                world.figures["events"] += 1
                await event.happen(world)
                watch(world)
            await come_to_rest(world)
            check_promises(world)
        except Broken as error:
            broken = error.promise
            world.say(f"BROKEN: {error}")
        except Exception as error:
            broken = f"no program fails ({type(error).__name__})"
            world.say("FAILED: " + "".join(format_exception(error)))
        finally:
            world.close()
        return Ended(broken, world.log, world.figures)

    def shortest(self, seed: int, broken: str) -> str:
        """The shortest story that breaks the same promise, in readable lines."""
        story = shrink(draw_story(seed), lambda some: self.play(seed, some).broken == broken)
        ended = self.play(seed, story)
        lines = "\n".join(f"  {line}" for line in ended.log)
        return f"seed {seed} breaks “{broken}”; the shortest story, {len(story)} events:\n{lines}"

    def close(self) -> None:
        self._loop.close()


@contextmanager
def theatre() -> Iterator[Theatre]:
    folder = Path(tempfile.mkdtemp(prefix="tungnha-simulation-", dir=MEMORY if MEMORY.is_dir() else None))
    logging.getLogger("tungnha.server").setLevel(logging.CRITICAL + 1)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        with machinery():
            made = Theatre(folder)
            try:
                yield made
            finally:
                made.close()
    finally:
        logging.getLogger("tungnha.server").setLevel(logging.NOTSET)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Done:
    """What many runs came to: `stories` are the shortest of those that broke a promise."""

    seeds: int = 0
    seconds: float = 0.0
    figures: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    stories: list[str] = field(default_factory=list)

    def summary(self) -> str:
        each = self.seconds / max(1, self.seeds) * 1000
        lines = [f"{self.seeds} seeds in {self.seconds:.0f} s ({each:.0f} ms each), {len(self.stories)} broken"]
        groups: dict[str, list[str]] = {}
        for name, count in sorted(self.figures.items(), key=lambda one: -one[1]):
            group, _, rest = name.partition(" ")
            groups.setdefault(group, []).append(f"{rest or 'all'} {count}")
        lines += [f"  {group}: {', '.join(counts)}" for group, counts in groups.items()]
        lines += [f"  BROKEN {promise}: {count}" for promise, count in self.broken.most_common()]
        return "\n".join(lines)


def play_many(
    first: int, seeds: int, *, processes: int = 1, stop_at: int = 5, fewest: int = 0, within: float | None = None
) -> Done:
    """Play seeds side by side. `within` seconds it ends early, but never before `fewest` seeds."""
    done, began = Done(), monotonic()
    parts = [range(start, min(start + PART, first + seeds)) for start in range(first, first + seeds, PART)]
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        waiting = {pool.submit(play_part, part, stop_at) for part in parts[: processes * 2]}
        coming = iter(parts[processes * 2 :])
        while waiting:
            ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for part in ready:
                _add(done, part.result())
            late = within is not None and monotonic() - began > within and done.seeds >= fewest
            if not late and len(done.stories) < stop_at:
                waiting |= {pool.submit(play_part, part, stop_at) for part in islice(coming, len(ready))}
    done.seconds = monotonic() - began
    return done


def _add(done: Done, part: Done) -> None:
    done.seeds += part.seeds
    done.figures += part.figures
    done.broken += part.broken
    done.stories += part.stories


def play_part(seeds: range, stop_at: int) -> Done:
    """Some seeds in this process, whose stage is kept for the next."""
    done, here = Done(), stage()
    for seed in seeds:
        ended = here.play(seed)
        done.seeds += 1
        done.figures += ended.figures
        if ended.broken:
            done.broken[ended.broken] += 1
            done.stories.append(here.shortest(seed, ended.broken))
            if len(done.stories) >= stop_at:
                break
    return done


_open: list[Theatre] = []


def stage() -> Theatre:
    """This process's stage, kept until it ends."""
    if not _open:
        stack = ExitStack()
        _open.append(stack.enter_context(theatre()))
        atexit.register(stack.close)
    return _open[0]
