"""The reader of QR codes for the app's own camera screen: zxing-wasm from npm, checked against its hash.

If it cannot be fetched, the app is built without its camera screen: cards are then scanned by the phone's own camera or
typed. What was fetched once is kept in the build's cache.
"""

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from web.places import CACHE, in_use, node

PACKAGE, VERSION = "zxing-wasm", "3.1.4"
SHA512 = "1+v8p7sauddySVNG+ye7GD/0TS95BG2ycdkrC+EnBrFBFkHeIghzUt2yVjtx3NucJeNrQnhT8yGAIz60Vx9o0w=="
FILES = {
    "package/dist/iife/reader/index.js": "reader.js",
    "package/dist/reader/zxing_reader.wasm": "zxing_reader.wasm",
    "package/LICENSE": "LICENSE.txt",
}


def lay_out_scanner(target: Path) -> bool:
    """Write the reader to a folder; returns whether it is there. Raises `SystemExit` if it is not what it should be."""
    archive = CACHE / f"{PACKAGE}-{VERSION}.tgz"
    if not archive.exists() and not _fetch(archive):
        print(f"{PACKAGE} could not be fetched: the app is built without scanning inside it", flush=True)
        return False
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != SHA512:
        archive.unlink()
        raise SystemExit(f"{archive.name} is not the file that was checked: see SHA512 in web/scanner.py")
    target.mkdir(parents=True)
    with tarfile.open(in_use(archive)) as packed:
        for name, kept in FILES.items():
            content = packed.extractfile(name)
            if content is None:
                raise SystemExit(f"{archive.name} has no {name}")
            (target / kept).write_bytes(content.read())
    return True


def _fetch(archive: Path) -> bool:
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        try:
            subprocess.run(
                [*_npm(), "pack", f"{PACKAGE}@{VERSION}", "--silent", "--pack-destination", folder],
                check=True,
                capture_output=True,
                timeout=120,
            )
        except (OSError, subprocess.SubprocessError):
            return False
        shutil.move(Path(folder) / archive.name, archive)
    return True


def _npm() -> list[str]:
    """The npm that comes with Node for the build, else the system's."""
    own = node().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node()), str(own)] if own.exists() else [shutil.which("npm") or "npm"]
