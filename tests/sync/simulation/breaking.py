"""Plays seeds under each break until a promise is broken, and tells which one noticed it."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context

from tests.sync.simulation.breaks import BREAKS
from tests.sync.simulation.runs import stage

SEEDS = 200


@dataclass(frozen=True)
class Noticed:
    """Which promise noticed a break, at which seed, and how many seeds that took; all None where none did."""

    name: str
    promise: str | None = None
    seed: int | None = None
    took: int | None = None

    def row(self) -> str:
        """A line of the table."""
        if self.promise is None:
            return f"| {self.name} | NOT NOTICED | | |"
        return f"| {self.name} | {self.promise} | {self.seed} | {self.took} |"


def notice(place: int, first: int = 0, seeds: int = SEEDS) -> Noticed:
    """Play these seeds in this process, under the break at this place of the list."""
    one, here = BREAKS[place], stage()
    here.make_casts()
    with one.broken():
        for seed in range(first, first + seeds):
            if promise := here.play(seed).broken:
                return Noticed(one.name, promise, seed, seed - first + 1)
    return Noticed(one.name)


def notice_all(places: Iterable[int], first: int = 0, seeds: int = SEEDS, processes: int = 1) -> Iterator[Noticed]:
    """The same for many breaks, side by side, each told when it is known."""
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        parts = [pool.submit(notice, one, first, seeds) for one in places]
        for part in as_completed(parts):
            yield part.result()


def table(found: Iterable[Noticed]) -> Iterator[str]:
    """The table in lines, each as soon as it is known."""
    yield "| Break | Noticed by | Seed | Seeds it took |"
    yield "|---|---|---|---|"
    for one in found:
        yield one.row()
