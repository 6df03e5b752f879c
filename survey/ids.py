"""UUIDv7 identifiers (RFC 9562), made on any device without asking a server. Nothing is ever ordered by them."""

import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator

RANDOM_BYTES = 10
_CANONICAL = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def uuid7(at: datetime, random: bytes) -> str:
    """A UUIDv7 from an instant and `RANDOM_BYTES` random bytes. A device clock before 1970 counts as 1970."""
    milliseconds = max(0, int(at.timestamp() * 1000)) & (2**48 - 1)
    bits = int.from_bytes(random[:RANDOM_BYTES], "big")
    value = milliseconds << 80 | 0x7 << 76 | (bits >> 62 & 0xFFF) << 64 | 0b10 << 62 | bits & (2**62 - 1)
    return str(UUID(int=value))


def is_id(value: object) -> bool:
    """Whether the value is the text of a UUID."""
    return isinstance(value, str) and bool(_CANONICAL.fullmatch(value.lower()))


def _checked(text: str) -> str:
    text = text.lower()
    if not _CANONICAL.fullmatch(text):
        raise ValueError("mã nhận dạng phải là một UUID")
    return text


Id = Annotated[str, AfterValidator(_checked)]
"""The text of a UUID, lower case with hyphens."""
