"""The reader of QR codes for the app's own camera screen: zxing-wasm from npm, checked against its hash.

If it cannot be fetched, the app is built without its camera screen: cards are then scanned by the phone's own camera or
typed.
"""

from pathlib import Path

from web.npm import fetch_package, read_file

PACKAGE, VERSION = "zxing-wasm", "3.1.4"
SHA512 = "1+v8p7sauddySVNG+ye7GD/0TS95BG2ycdkrC+EnBrFBFkHeIghzUt2yVjtx3NucJeNrQnhT8yGAIz60Vx9o0w=="
FILES = {
    "package/dist/iife/reader/index.js": "reader.js",
    "package/dist/reader/zxing_reader.wasm": "zxing_reader.wasm",
    "package/LICENSE": "LICENSE.txt",
}


def lay_out_scanner(target: Path) -> bool:
    """Write the reader to a folder; returns whether it is there. Raises `SystemExit` if it is not what it should be."""
    archive = fetch_package(PACKAGE, VERSION, SHA512)
    if archive is None:
        print(f"{PACKAGE} could not be fetched: the app is built without scanning inside it", flush=True)
        return False
    target.mkdir(parents=True)
    for name, kept in FILES.items():
        (target / kept).write_bytes(read_file(archive, name))
    return True
