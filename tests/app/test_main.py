"""The entry of the app: run by the tools of every build, imported by nobody without harm."""

import importlib
import runpy
import sys
from pathlib import Path

import pytest

from web import boot

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One line for each time that the app was started."""
    lines: list[str] = []
    monkeypatch.setattr("app.main.run", lambda: lines.append("started"))
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.delitem(sys.modules, "main", raising=False)
    return lines


def test_importing_the_entry_starts_nothing(started: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    entry = importlib.import_module("main")
    monkeypatch.delitem(sys.modules, "main")
    assert Path(str(entry.__file__)) == ROOT / "main.py"
    assert started == []


def test_running_the_entry_starts_the_app_once(started: list[str]) -> None:
    """As a script, as a module of a packaged app, and by the worker of the offline web app."""
    runpy.run_path(str(ROOT / "main.py"), run_name="__main__")
    runpy.run_module("main", run_name="__main__")
    boot.start()
    assert started == ["started"] * 3
