"""`docs/known-causes.md` has a line for each known cause of lost work, and every test that it names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TABLE = (ROOT / "docs" / "known-causes.md").read_text(encoding="utf-8")
ROWS = [line for line in TABLE.splitlines() if line.startswith("| ") and not line.startswith(("| Cause", "| --"))]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_every_cause_is_held_by_tests_that_are_there(row: str) -> None:
    cause, _seen, held = (cell.strip() for cell in row.strip("|").split("|"))
    assert cause
    named = re.findall(r"`(tests/\S+?\.py)::(\w+)`", held)
    assert named or held.startswith("Does not apply: ")
    for file, test in named:
        assert re.search(rf"^(async )?def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), test


def test_no_cause_is_forgotten() -> None:
    assert len(ROWS) >= 13
