"""How much is tried: `make test` tries everything, `make long` (`TUNGNHA_TESTS=long`) each thing as often as it says,
and `make quick` (`TUNGNHA_TESTS=quick`) a little of most tests.

What alone takes more than about two seconds is marked `slow` and left out of `make quick`; what draws examples asks
`examples` how many; of a test with many cases `tests/conftest.py` takes two. `brief` does the last two alone: what
`make test` says again on PostgreSQL, where the statements differ and the rules do not. Browsers are dear: `make test`
leaves WebKit and most kills to `make long`, which is run before a release and draws new examples each time.
"""

import os

QUICK = os.environ.get("TUNGNHA_TESTS") == "quick"
BRIEF = QUICK or os.environ.get("TUNGNHA_TESTS") == "brief"
LONG = os.environ.get("TUNGNHA_TESTS") == "long"


def examples(whole: int) -> int:
    """How many examples a test draws: `whole` in a long run, a third of them by default, a tenth in a brief one."""
    return whole if LONG else max(5, whole // (10 if BRIEF else 3))
