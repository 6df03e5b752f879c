"""Pieces of large files, for a phone whose download was cut: `?piece=3` of a file is its fourth two megabytes.

A phone cannot go on in the middle of a compressed file; a piece is compressed by itself, when it is asked for.
"""

import gzip
import json
import re
from functools import lru_cache
from pathlib import Path

import brotli
from anyio.to_thread import run_sync
from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

PIECE = 2**21
_BROTLI_QUALITY = 5  # 40 ms a piece; a fifth more bytes than the whole file's quality of 11
_REMEMBERED = 8
_NUMBER = re.compile("[0-9]{1,4}")
MEDIA_TYPES = {
    ".wasm": "application/wasm",
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".pack": "application/octet-stream",
}


class Pieces:
    """Answers for pieces of the build's large files; `files` answers for everything else.

    A piece that the file does not have is left to `files` too: it sends the whole file, which the phone can use.
    """

    def __init__(self, files: ASGIApp, build: Path, prefix: str) -> None:
        self._files = files
        listed = json.loads((build / "files.json").read_text("utf-8"))["files"]
        self._large = {f"{prefix}{name}": build / name for name, sizes in listed.items() if sizes["size"] > PIECE}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._piece(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (answer or self._files)(scope, receive, send)

    async def _piece(self, scope: Scope) -> Response | None:
        file = self._large.get(scope["path"])
        number = QueryParams(scope["query_string"]).get("piece", "")
        if file is None or not _NUMBER.fullmatch(number) or int(number) * PIECE >= file.stat().st_size:
            return None
        accepted = {encoding.strip() for encoding in Headers(scope=scope).get("accept-encoding", "").split(",")}
        encoding = "br" if "br" in accepted else "gzip"
        body = await run_sync(_packed_piece, file, int(number), encoding)
        headers = {"Content-Encoding": encoding, "Cache-Control": "no-store", "Vary": "Accept-Encoding"}
        return Response(body, headers=headers, media_type=MEDIA_TYPES.get(file.suffix, "application/octet-stream"))


@lru_cache(_REMEMBERED)
def _packed_piece(file: Path, number: int, encoding: str) -> bytes:
    with file.open("rb") as whole:
        whole.seek(number * PIECE)
        piece = whole.read(PIECE)
    return brotli.compress(piece, quality=_BROTLI_QUALITY) if encoding == "br" else gzip.compress(piece, 6, mtime=0)
