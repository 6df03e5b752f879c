"""The wire, version 1: what phone and server send each other. `docs/sync-protocol.md` tells the rules.

A request's changes are taken as loose objects and judged one by one, so that one bad change never blocks the others.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from survey.bounds import LARGEST_NUMBER
from survey.ids import Id
from survey.privacy import holds_long_number
from survey.problem_shapes import ProblemDetails
from survey.records import Commune, Name, Record, Text, Village
from survey.roles import Role

PROTOCOL = 1
BUCKETS = 256
SCHEMA = 1
MOST_CHANGES = 200
MOST_BYTES = 256 * 1024
Verdict = Literal["applied", "merged", "duplicate", "difference", "held", "invalid"]


def _without_long_number(text: str) -> str:
    return "" if holds_long_number(text) else text


Seq = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]
"""A place in a stream, or how many rows one has: a number that every database and every browser can hold."""
Token = Annotated[str, Field(pattern=r"^[\x21-\x7e]+$")]
"""A credential: it goes back in a header, so it is visible ASCII."""
Label = Annotated[Text, AfterValidator(_without_long_number)]
"""A text in which a program describes itself. One that holds a long number is emptied, and never refused."""
DeviceKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""256 random bits in base64url, made and kept by a device before it asks: if the answer is lost, it asks again."""


class Change(Record):
    """One thing a person did, as the phone sends it. `seen` is the sequence of the subject that the screen showed."""

    id: Id
    device_seq: int = Field(ge=1, le=LARGEST_NUMBER)
    kind: str = Field(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")
    subject: Id
    village: Id
    captured_at: AwareDatetime
    seen: int = Field(default=0, ge=0, le=LARGEST_NUMBER)
    schema_version: int = Field(default=SCHEMA, alias="schema", ge=0, le=LARGEST_NUMBER)
    body: dict[str, Any]


class SyncRequest(Record):
    """One request to sync: the outbox's next changes, and the cursor of each village's stream.

    `unsent` counts all changes waiting on the device, those of this request included. `buckets` is sent only for a
    village whose check did not agree: the device's 256 sums (`bucket_sums`), so that only what differs is sent again.
    """

    protocol: int = PROTOCOL
    device_time: AwareDatetime
    server_epoch: str | None = None
    scope_version: int = 0
    changes: list[dict[str, Any]] = Field(default=[], max_length=MOST_CHANGES)
    cursors: dict[Id, int] = {}
    limit: int = Field(default=500, ge=1, le=2000)
    unsent: int = Field(default=0, ge=0, le=LARGEST_NUMBER)
    app_version: Label = ""
    buckets: dict[Id, Annotated[list[str], Field(min_length=BUCKETS, max_length=BUCKETS)]] = {}


class VerdictReply(Record):
    """The verdict on one change. For a duplicate, `first` is the verdict that it was given before."""

    id: str
    verdict: Verdict
    seq: Seq | None = None
    first: Verdict | None = None
    problem: ProblemDetails | None = None


class StreamItem(Record):
    """A subject in its latest state; `body` is None if it was removed."""

    seq: Seq
    kind: str
    subject: str
    body: dict[str, Any] | None


class StreamPage(Record):
    """The next page of a village's stream. `count` and `check` describe the caller's whole view of the village.

    `repaired` lists buckets that `rows` holds completely: the device deletes whatever else it has in them.
    """

    rows: list[StreamItem]
    cursor: Seq
    more: bool
    count: Seq
    check: str
    repaired: list[Annotated[int, Field(ge=0, lt=BUCKETS)]] = []


class SyncReply(Record):
    """Verdicts and pages. `token`, if given, replaces the device's credential. A `revoked` device may send the changes
    it still has, gets no rows, and then wipes itself; `moved_to` names the place to which its person moved it, if that
    is why. Rescue files are sealed for `rescue_key`, a public JWK.
    """

    protocol: int = PROTOCOL
    server_time: AwareDatetime
    server_epoch: str
    scope_version: Seq
    villages_in_scope: list[Id]
    verdicts: list[VerdictReply]
    streams: dict[Id, StreamPage]
    device_state: Literal["active", "revoked"] = "active"
    token: Token | None = None
    moved_to: Text = ""
    rescue_key: dict[str, Any] | None = None


class EnrollmentRequest(Record):
    code: Text
    device_name: Label = ""
    key: DeviceKey | None = None


class TransferReply(Record):
    """A code for moving this sign-in to another place. The place that uses it takes over at its first sync."""

    code: Text
    expires_at: AwareDatetime


class TransferState(Record):
    """Where the code was used: the other place's name, empty while nobody has used it."""

    used_by: Text = ""


class MemberName(Record):
    id: Id
    name: Name


class EnrollmentPreviewRequest(Record):
    code: Text
    key: DeviceKey | None = None


class PersonName(Record):
    name: Name


class EnrollmentPreview(Record):
    """Whose code it is, for a greeting before the code is used up. `villages` is empty for an official."""

    member: PersonName
    role: Role
    commune: Commune
    villages: list[Village]


class EnrollmentReply(Record):
    """What a device gets for its one-time code: the credential, who it belongs to, and where that person works."""

    token: str
    device_id: Id
    member: MemberName
    role: Role
    commune: Commune
    villages: list[Village]
    server_epoch: str
    scope_version: int
    rescue_key: dict[str, Any] | None = None


def row_digest(kind: str, subject: str, seq: int) -> int:
    """The 48-bit digest of one stream row; a village's `check` is the sum of them."""
    return int.from_bytes(sha256(f"{kind}:{subject}:{seq}".encode()).digest()[:6], "big")


def check_of(total_of_digests: int) -> str:
    """A village's `check`: the sum of its rows' digests modulo 2^48, as 12 hexadecimal digits."""
    return f"{total_of_digests % 2**48:012x}"


def bucket_of(digest: int) -> int:
    """The bucket of a row, by the first byte of its digest."""
    return digest >> 40


def bucket_sums(digests: Iterable[int]) -> list[str]:
    """The check of each of the 256 buckets over these rows' digests."""
    totals = [0] * BUCKETS
    for digest in digests:
        totals[bucket_of(digest)] += digest
    return [check_of(total) for total in totals]
