"""The rescue file: a device's unsent work in one file that anybody may carry and only its server can open.

The file is a compact JWE (RFC 7516) for the server's public key: `ECDH-ES` on P-256 with `A256GCM`. Inside is the JSON
of `RescueContent`, gzip-compressed.
"""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from survey.ids import Id
from survey.records import Record
from survey.wire import MemberName, Verdict

FORMAT = 1
AGREEMENT = "ECDH-ES"
ENCRYPTION = "A256GCM"
MOST_IN_A_FILE = 10_000  # changes: a member of a large village writes about 1,000 in a round


class RescueContent(Record):
    """The changes that waited on a device when the file was made, oldest first, and its credential as proof."""

    format: Literal[1] = 1
    device_id: Id
    token: str
    made_at: AwareDatetime
    changes: Annotated[list[dict[str, Any]], Field(max_length=MOST_IN_A_FILE)]


class RescueReply(Record):
    """The result of a rescue file: how many changes got each verdict, and whose device it was, if known."""

    member: MemberName | None
    device_id: Id
    made_at: AwareDatetime
    counts: dict[Verdict, int]
