"""Kill the server at random moments while phones hand in; after each kill look for what was acknowledged.

`python -m tests.processes.kill --kills 100 --database sqlite|postgres [--seed 1]` prints what was tried and lost.
PostgreSQL is the server of `TUNGNHA_TEST_POSTGRES`.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.processes.drill import Drill, run
from tests.sync_server import databases


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if chosen.database == "sqlite":
            tally = asyncio.run(run(Drill(Path(name), f"sqlite:///{name}/server.db", chosen.seed), chosen.kills))
        elif databases.POSTGRES is None:
            parser.error("TUNGNHA_TEST_POSTGRES names no server")
        else:
            with databases.one_more(Path(name)) as address:
                tally = asyncio.run(run(Drill(Path(name), address, chosen.seed), chosen.kills))
    print(f"{chosen.database}: {tally}")
    return 1 if tally.lost else 0


if __name__ == "__main__":
    sys.exit(main())
