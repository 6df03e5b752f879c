"""Who is calling: a token or a device's id becomes a `Caller`."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from survey.devices import DeviceState
from survey.problem_shapes import ProblemType
from survey.problems import AFTER_REVOCATION, DEVICE_LOST, NOT_ALLOWED, NOT_SIGNED_IN, OUT_OF_SCOPE, VILLAGE_UNKNOWN
from survey.records import Commune, TeamMember
from survey.roles import Action, Role, may
from survey.wire import Change
from sync_server.access.scope import Scope, find_scopes
from sync_server.problems import Problem
from sync_server.store.database import Database, Session
from sync_server.store.devices import Seen, SignedIn, find_device, find_signed_in, list_signed_in, mark_token_used
from sync_server.store.epochs import Told

TOKEN_BYTES = 32
CHALLENGE = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True)
class Caller:
    """A device and the person who uses it. `villages` are those they may see and change now: none once it is revoked.

    A revoked device may send its unsent work until `hands_in_before`; None means that there is no last day. A device
    that `takes_over` another one's sign-in ends it at its first sync. `is_new_token`: the token was never used before.
    `told` is what each sync tells the devices of the commune.
    """

    device: str
    member: TeamMember
    commune: Commune
    villages: tuple[str, ...]
    scope_version: int
    scope: Scope
    state: DeviceState
    seen: Seen | None
    token_issued_at: datetime
    told: Told
    hands_in_before: datetime | None = None
    takes_over: str | None = None
    is_new_token: bool = False

    def may(self, action: Action) -> bool:
        return may(self.member.role, action)

    def check_works_in(self, village: str) -> None:
        """Raises `Problem` not-allowed for a village that is not theirs, or village-unknown to an official."""
        if village not in self.villages:
            raise Problem(VILLAGE_UNKNOWN if self.member.role is Role.OFFICIAL else NOT_ALLOWED)

    def refusal(self, change: Change, clock_skew: int, now: datetime) -> ProblemType | None:
        """Why the change must be held: out-of-scope or after-revocation. None if it may be judged.

        A revoked device may only send what was captured before, for the villages that it had then, and only for some
        days: otherwise whoever holds it could go on writing. `clock_skew` is in seconds.
        """
        if not self.scope.takes(change.village, change.captured_at, clock_skew):
            return OUT_OF_SCOPE
        is_late = self.hands_in_before is not None and now >= self.hands_in_before
        return AFTER_REVOCATION if is_late or self.scope.is_over(change.captured_at, clock_skew) else None

    def needs_token(self, now: datetime, days: int) -> bool:
        """Whether the credential is `days` old, or of a clock that was as far ahead, and must be renewed. That of a
        revoked or lost device never is."""
        return self.state is DeviceState.ACTIVE and abs(now - self.token_issued_at) >= timedelta(days=days)


def make_token(commune: str) -> str:
    """A credential of 256 random bits, after the code of the commune whose devices it is looked for among."""
    return f"{commune}.{token_urlsafe(TOKEN_BYTES)}"


def make_token_of(commune: str, key: str, code_hash: str) -> str:
    """The credential that a device's own key (base64url) makes of a code: whoever asks again with both gets the same,
    and nobody who has only one of them can tell it."""
    made = hmac.digest(urlsafe_b64decode(key + "="), b"tungnha credential " + code_hash.encode(), "sha256")
    return f"{commune}.{urlsafe_b64encode(made).rstrip(b'=').decode()}"


def commune_of_token(token: str) -> str | None:
    """The commune or province that a credential names; None for one made before they named any."""
    named, dot, _ = token.partition(".")
    return named if dot and named.isascii() and named.isdigit() else None


def secret_hash(secret: str) -> str:
    """The hash that is stored of a token or code: it recognises the secret, but nobody can read the secret from it."""
    return sha256(secret.encode()).hexdigest()


def sign_in(database: Database, token: str, hand_in: timedelta, now: datetime) -> Caller:
    """The caller who holds the token. `hand_in` is for how long a revoked device may send its unsent work.

    The first use of a renewed token deletes the former one. Raises `Problem` not-signed-in or device-lost.
    """
    with database.read() as session:
        [caller] = find_callers(session, [token], hand_in)
    if isinstance(caller, Problem):
        raise caller
    if caller.is_new_token:
        with database.write() as session:
            note_first_use(session, caller, token, now)
    return caller


def find_callers(session: Session, tokens: list[str], hand_in: timedelta) -> list[Caller | Problem]:
    """The callers who hold these tokens, in their order, or `Problem` not-signed-in or device-lost."""
    hashes = [secret_hash(token) for token in tokens]
    found: dict[str, SignedIn] = {}
    named = list(map(commune_of_token, tokens))
    for commune in dict.fromkeys(named):
        here = {one for one, of_commune in zip(hashes, named, strict=True) if of_commune == commune}
        found |= list_signed_in(session, here, commune)
    may_in = {
        token_hash: one for token_hash, one in found.items() if not one.idle_until and one.state is not DeviceState.LOST
    }
    callers = dict(zip(may_in, known_callers(session, list(may_in.values()), hand_in), strict=True))
    return [callers.get(one) or _refusal(found.get(one)) for one in hashes]


def _refusal(found: SignedIn | None) -> Problem:
    if found and found.state is DeviceState.LOST and not found.idle_until:
        return Problem(DEVICE_LOST)
    return Problem(NOT_SIGNED_IN, headers=CHALLENGE)


def note_first_use(session: Session, caller: Caller, token: str, now: datetime) -> None:
    """A renewed token is used for the first time: the former one ends."""
    mark_token_used(session, caller.commune.code, caller.device, secret_hash(token), now)


def known_caller(session: Session, signed_in: SignedIn, hand_in: timedelta | None = None) -> Caller:
    """The device that was found, with its person's villages; `hand_in` as `sign_in` has it."""
    return known_callers(session, [signed_in], hand_in)[0]


def known_callers(session: Session, found: list[SignedIn], hand_in: timedelta | None = None) -> list[Caller]:
    """The devices that were found, in their order, as `known_caller` has each."""
    since = [None if one.state is DeviceState.ACTIVE else one.state_at for one in found]
    scopes = find_scopes(session, [(one.owner, at) for one, at in zip(found, since, strict=True)])
    return [
        Caller(
            one.device,
            one.owner.member,
            one.owner.commune,
            scope.villages if one.state is DeviceState.ACTIVE else (),
            one.owner.scope_version,
            scope,
            one.state,
            one.seen,
            one.token_issued_at,
            one.owner.told,
            at + hand_in if hand_in and at else None,
            one.takes_over,
            one.is_new_token,
        )
        for one, scope, at in zip(found, scopes, since, strict=True)
    ]


def recognise(session: Session, token: str) -> Caller | None:
    """The caller who holds the token, also if the device is revoked or lost; None if nobody holds it.

    For rescue files: a lead or an official hands them in, so a revoked device has no last day.
    """
    signed_in = find_signed_in(session, secret_hash(token), commune_of_token(token))
    return known_caller(session, signed_in) if signed_in else None


def recognise_device(session: Session, commune: str, device: str) -> Caller | None:
    """The caller of this device id in the commune; None if there is none. The id proves nothing: it is no secret."""
    signed_in = find_device(session, commune, device)
    return known_caller(session, signed_in) if signed_in else None
