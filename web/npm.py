"""A package from npm, checked against its hash. What was fetched once is kept in the build's cache."""

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from web.places import CACHE, in_use, node


def fetch_package(name: str, version: str, sha512: str) -> Path | None:
    """The package's archive; None if it cannot be fetched. Raises `SystemExit` if it is not what it should be."""
    archive = CACHE / f"{name}-{version}.tgz"
    if not archive.exists() and not _fetch(f"{name}@{version}", archive):
        return None
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != sha512:
        archive.unlink()
        raise SystemExit(f"{archive.name} is not the file that was checked: its SHA-512 is {found}")
    return in_use(archive)


def read_file(archive: Path, name: str) -> bytes:
    """A file of the archive. Raises `SystemExit` if it is not in it."""
    with tarfile.open(archive) as packed:
        content = packed.extractfile(name)
        if content is None:
            raise SystemExit(f"{archive.name} has no {name}")
        return content.read()


def _fetch(package: str, archive: Path) -> bool:
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [*_npm(), "pack", package, "--silent", "--pack-destination", folder]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=120)
        except (OSError, subprocess.SubprocessError):
            return False
        shutil.move(Path(folder) / archive.name, archive)
    return True


def _npm() -> list[str]:
    """The npm that comes with Node for the build, else the system's."""
    own = node().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node()), str(own)] if own.exists() else [shutil.which("npm") or "npm"]
