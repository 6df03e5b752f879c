"""Every test: those in browsers, and beside them, as what is left of the processors allows, all others.

    python -m tests.everything

A browser waits half of its time. What needs none runs meanwhile at the lowest priority, first on SQLite and then, where
statements differ, on PostgreSQL; its output is printed when the browsers are done.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.pace import LONG

_BESIDE = "--beside"
_ON_POSTGRES = ["tests/sync_server", "tests/processes", "-k", "not sqlite"]
_AS_ON_SQLITE = ["*/cards/test_[!ip]*.py", "*/cards/test_pa*.py", "*/test_fuzz.py", "*/test_five_places.py"]
"""Left out in the ordinary run: what says nothing new there."""


def main() -> int:
    """Run all; the exit code says whether anything failed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "beside.txt").open("w+b") as output:
        others = subprocess.Popen([sys.executable, "-m", "tests.everything", _BESIDE], stdout=output, stderr=output)
        try:
            in_browsers = _run("pytest", "-m", "browser")
            without = others.wait()
        finally:
            others.kill()
        output.seek(0)
        print(output.read().decode(errors="replace"), flush=True)
    said = [
        f"{name} {'failed' if code else 'passed'}" for name, code in (("browsers", in_browsers), ("others", without))
    ]
    print(f"Every test: {', '.join(said)}, {time.monotonic() - began:.0f} s.")
    return int(bool(in_browsers or without))


def beside() -> int:
    """What needs no browser, at the lowest priority."""
    os.nice(19)
    failed = _run("pytest", "-n", "2", "-m", "not browser")
    left_out = [] if LONG else [word for name in _AS_ON_SQLITE for word in ("--ignore-glob", name)]
    pace = {} if LONG else {"TUNGNHA_TESTS": "brief"}
    return _run("tests.postgres", "-m", "pytest", "-n", "2", *_ON_POSTGRES, *left_out, **pace) or failed


def _run(*words: str, **environment: str) -> int:
    return subprocess.run([sys.executable, "-m", *words], env=os.environ | environment).returncode


if __name__ == "__main__":
    sys.exit(beside() if _BESIDE in sys.argv else main())
