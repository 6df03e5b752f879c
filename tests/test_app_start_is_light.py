"""What the app has imported before its first screen: nothing that only later screens need. A phone pays for it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ONLY_LATER = (
    "qrcode",
    "lxml",
    "PIL",
    "app.sync.rescue",
    "app.ui.components.qr",
    "app.ui.components.rescue",
    "app.ui.guide",
    "app.ui.screens.card_sheets",
    "app.ui.screens.cards",
    "app.ui.screens.commune",
    "app.ui.screens.device",
    "app.ui.screens.doubt",
    "app.ui.screens.household",
    "app.ui.screens.invite",
    "app.ui.screens.printer_offsets",
    "app.ui.screens.review",
    "app.ui.screens.team",
    "app.ui.screens.village",
    "app.ui.screens.visit.form",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.ext.asyncio",
)
MOST_OF_OURS = 135
"""Modules of `app` and `survey`: with every screen they were 195."""
_SHOW = "import sys, app.warm; {then}print(*sys.modules)"


def _loaded(then: str = "") -> set[str]:
    command = [sys.executable, "-c", _SHOW.format(then=then)]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(shown.stdout.split())


def test_an_app_that_starts_has_not_loaded_what_only_later_screens_need() -> None:
    loaded = _loaded()
    assert "app.ui.screens.households" in loaded
    assert set(ONLY_LATER) & loaded == set()
    ours = {name for name in loaded if name.partition(".")[0] in {"app", "survey"}}
    assert len(ours) <= MOST_OF_OURS, sorted(ours)


def test_a_snapshot_holds_every_screen() -> None:
    screens = {path.stem for path in (ROOT / "app" / "ui" / "screens").glob("*.py")} - {"__init__"}
    loaded = _loaded("app.warm.everything(); ")
    assert {name for name in screens if f"app.ui.screens.{name}" not in loaded} == set()
