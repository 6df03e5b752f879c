"""Decompresses what was sent, up to a limit: a few bytes of gzip can unpack to more than the machine's memory."""

import zlib

from survey.problems import BODY_NOT_JSON, BODY_TOO_LARGE
from sync_server.problems import Problem

_GZIP = 16 + zlib.MAX_WBITS


def unpack(packed: bytes, limit: int) -> bytes:
    """Decompress gzip, never making more than `limit` bytes. Raises `Problem` body-not-json or body-too-large."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        body = unpacker.decompress(packed, limit + 1)
    except zlib.error as error:
        raise Problem(BODY_NOT_JSON) from error
    if len(body) > limit:
        raise Problem(BODY_TOO_LARGE)
    if not unpacker.eof or unpacker.unused_data:  # cut off on the way, or followed by something else
        raise Problem(BODY_NOT_JSON)
    return body
