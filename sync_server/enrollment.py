"""A one-time code becomes a device's credential; guessing codes is slowed down per address and overall."""

from datetime import datetime
from secrets import token_bytes

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from survey.card_code import read_code
from survey.ids import RANDOM_BYTES, uuid7
from survey.problems import CODE_EXPIRED, CODE_UNKNOWN, CODE_USED, TOO_MANY_TRIES
from survey.roles import Role
from survey.vietnamese import clean
from survey.wire import EnrollmentReply, EnrollmentRequest, MemberName
from sync_server.access import Caller, make_token, secret_hash
from sync_server.aggregate import refresh_coverage
from sync_server.problems import Problem
from sync_server.scope import find_scope
from sync_server.settings import ServerSettings
from sync_server.store.database import Session
from sync_server.store.devices import add_device, add_token, find_code, find_owner, mark_code_used
from sync_server.store.rescue_key import find_public_rescue_key
from sync_server.store.server_info import find_epoch
from sync_server.store.villages import list_villages

WINDOW_MINUTES = 15


class Guesses:
    """Counts wrong codes, and only those: a class of thirty people behind one address may all enrol at once."""

    def __init__(self, settings: ServerSettings) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._by_address: RateLimitItem = RateLimitItemPerMinute(settings.failed_codes, WINDOW_MINUTES)
        self._overall: RateLimitItem = RateLimitItemPerMinute(settings.failed_codes_overall, WINDOW_MINUTES)

    def check(self, address: str) -> None:
        """Raises `Problem` too-many-tries where the address, or everybody together, guessed too often."""
        if not (self._window.test(self._by_address, "address", address) and self._window.test(self._overall, "all")):
            raise Problem(TOO_MANY_TRIES, headers={"Retry-After": str(WINDOW_MINUTES * 60)})

    def count_wrong(self, address: str) -> None:
        self._window.hit(self._by_address, "address", address)
        self._window.hit(self._overall, "all")


def redeem(session: Session, request: EnrollmentRequest, now: datetime) -> EnrollmentReply:
    """Use the code up and sign a new device in. Raises `Problem` code-unknown, code-used or code-expired."""
    plain = read_code(request.code)
    code = find_code(session, secret_hash(plain)) if plain else None
    owner = find_owner(session, code.commune, code.member) if code else None
    if plain is None or code is None or owner is None:
        raise Problem(CODE_UNKNOWN)
    if code.used_at is not None:
        raise Problem(CODE_USED)
    if now >= code.expires_at:
        raise Problem(CODE_EXPIRED)
    commune = owner.commune.code
    token, device = make_token(), uuid7(now, token_bytes(RANDOM_BYTES))
    mark_code_used(session, commune, secret_hash(plain), now)
    name = clean(request.device_name)[:120]
    add_device(session, commune, owner.member.id, identity=device, name=name, token_hash=secret_hash(token), now=now)
    scope = find_scope(session, owner).villages
    if owner.member.role is not Role.OFFICIAL:
        refresh_coverage(session, commune, scope, now)  # a village's first sign-in makes its team
    return EnrollmentReply(
        token=token,
        device_id=device,
        member=MemberName(id=owner.member.id, name=owner.member.name),
        role=owner.member.role,
        commune=owner.commune,
        villages=list_villages(session, commune, scope),
        server_epoch=find_epoch(session) or "",
        scope_version=owner.scope_version,
        rescue_key=find_public_rescue_key(session),
    )


def renew_token(session: Session, caller: Caller, now: datetime, days: int) -> str | None:
    """A new credential for a device whose own is old; None where it is not.

    The old one works until the new one was used, so that an answer which gets lost locks nobody out; then it is gone.
    """
    if not caller.needs_token(now, days):
        return None
    token = make_token()
    add_token(session, caller.commune.code, caller.device, secret_hash(token), now)
    return token
