"""`python -m tests.sync.simulation --seeds 10000 [--from 0]`: many seeds, their figures, and every broken promise."""

import argparse
import os
import sys

from tests.sync.simulation.runs import play_many


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sync.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10_000)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--stop-at", type=int, default=5, help="broken promises after which it ends")
    given = parser.parse_args()
    done = play_many(given.first, given.seeds, processes=given.processes, stop_at=given.stop_at)
    print(done.summary())
    for story in done.stories:
        print(f"\n{story}")
    return 1 if done.stories else 0


if __name__ == "__main__":
    sys.exit(main())
