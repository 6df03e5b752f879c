"""`python -m tests.sync.simulation --seeds 10000 [--from 0]`: many seeds, their figures, and every broken promise.

With `--breaks [--seeds 200] [--only word]`: the product is broken on purpose, in one place after the other, and the
table says which promise noticed it.
"""

import argparse
import os
import sys

from tests.sync.simulation.breaking import SEEDS, notice_all, table
from tests.sync.simulation.breaks import BREAKS
from tests.sync.simulation.runs import play_many


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sync.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=None, help="10,000, or 200 for each break")
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--stop-at", type=int, default=5, help="broken promises after which it ends")
    parser.add_argument("--breaks", action="store_true", help="break the product on purpose")
    parser.add_argument("--only", default="", help="only breaks whose name has this in it")
    given = parser.parse_args()
    if given.breaks:
        return tell_breaks(given.only, given.first, given.seeds or SEEDS, given.processes)
    done = play_many(given.first, given.seeds or 10_000, processes=given.processes, stop_at=given.stop_at)
    print(done.summary())
    for story in done.stories:
        print(f"\n{story}")
    return 1 if done.stories else 0


def tell_breaks(only: str, first: int, seeds: int, processes: int) -> int:
    """Print the table as it grows; whether a break was not noticed."""
    places = [place for place, one in enumerate(BREAKS) if only in one.name]
    is_missed = False
    for line in table(notice_all(places, first, seeds, processes)):
        print(line, flush=True)
        is_missed |= "NOT NOTICED" in line
    return int(is_missed)


if __name__ == "__main__":
    sys.exit(main())
