"""The first Python that runs in the browser's worker: warms the imports, then starts main.py."""

import gc
import importlib
import runpy


def warm(everything: bool = False) -> None:
    """Import the first screens while Flutter is still starting, or `everything` for a snapshot. The app runs without,
    only later."""
    gc.disable()  # nothing made by imports is ever thrown away, so looking for it is lost time
    try:
        warmed = importlib.import_module("app.warm")
        if everything and hasattr(warmed, "everything"):
            warmed.everything()
    except ModuleNotFoundError as missing:
        if missing.name != "app.warm":
            raise
    finally:
        gc.freeze()
        gc.enable()


def start() -> None:
    """Run main.py as Python would; it must reach `ft.run`."""
    runpy.run_module("main", run_name="__main__")
