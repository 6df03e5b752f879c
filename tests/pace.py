"""How much is tried: `make test` tries all on SQLite, `make quick` (`TUNGNHA_TESTS=quick`) a little of most tests.

What alone takes more than about two seconds is marked `slow` and left to `make test`; what draws examples asks
`examples` how many; of a test with many cases `tests/conftest.py` takes two. `brief` does the last two alone: what
`make test` says again on PostgreSQL, where the statements differ and the rules do not.
"""

import os

QUICK = os.environ.get("TUNGNHA_TESTS") == "quick"
BRIEF = QUICK or os.environ.get("TUNGNHA_TESTS") == "brief"


def examples(whole: int) -> int:
    """How many examples a test draws: `whole` in a whole run, a tenth of them in a brief one."""
    return max(5, whole // 10) if BRIEF else whole
