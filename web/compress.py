"""Brotli and gzip copies beside each file, made once per content and kept between builds."""

import gzip
import hashlib
import shutil
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from web.places import CACHE, in_use

ALREADY_COMPRESSED = {".png", ".woff2", ".jpg", ".br", ".gz"}
TOO_SMALL = 512
# Only asked for by old browsers and those other than Chrome and Edge: not worth a minute for the best quality.
RARELY_ASKED_FOR = ("main.dart.js", "canvaskit.wasm")


def compress_all(folder: Path) -> None:
    """Give every file that gains from it a .br and a .gz beside it."""
    wanted = [file for file in folder.rglob("*") if file.is_file() and _is_worth_it(file)]
    wanted.sort(key=lambda file: file.stat().st_size, reverse=True)  # the long ones first keep both processors busy
    with ProcessPoolExecutor() as workers:
        list(workers.map(_compress, wanted))


def _is_worth_it(file: Path) -> bool:
    return file.suffix not in ALREADY_COMPRESSED and file.stat().st_size >= TOO_SMALL


def _compress(file: Path) -> None:
    import brotli

    content = file.read_bytes()
    quality = 9 if file.name in RARELY_ASKED_FOR else 11
    kept = CACHE / "compressed" / f"{hashlib.sha256(content).hexdigest()}-{quality}"
    small, smaller = kept.with_suffix(".gz"), kept.with_suffix(".br")
    if not (small.exists() and smaller.exists()):
        kept.parent.mkdir(parents=True, exist_ok=True)
        _write(small, gzip.compress(content, 9, mtime=0))
        _write(smaller, brotli.compress(content, quality=quality, lgwin=24))
    for suffix, source in ((".gz", small), (".br", smaller)):
        if source.stat().st_size < len(content):
            shutil.copyfile(in_use(source), file.with_name(file.name + suffix))


def _write(target: Path, content: bytes) -> None:
    part = target.with_name(target.name + ".part")
    part.write_bytes(content)
    part.rename(target)
