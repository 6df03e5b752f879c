"""Screens that no start begins with: their modules come when first shown, or in the quiet after the first screen.

A tenth of what a start imports is theirs and of what only they need, and a phone without a snapshot of Python's memory
(web/page/snapshot.js) pays for it each time.
"""

import asyncio
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

QUIET_SECONDS = 3.0
PAUSE_SECONDS = 0.1
_modules: list[str] = []


def on_demand(module: str, component: str) -> Callable[[], Any]:
    """A route's component out of a module of `app.ui.screens` that is imported when the route is first shown."""
    name = f"app.ui.screens.{module}"
    if name not in _modules:
        _modules.append(name)
    return lambda: getattr(import_module(name), component)()


def import_all() -> None:
    """For a snapshot, which keeps what is imported."""
    for name in _modules:
        import_module(name)


async def import_by_and_by() -> None:
    """One after the other, with room between them for what the person does: the first tap need not wait for them."""
    await asyncio.sleep(QUIET_SECONDS)
    for name in _modules:
        if name not in sys.modules:
            import_module(name)
            await asyncio.sleep(PAUSE_SECONDS)
