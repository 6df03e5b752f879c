"""Exchanges a one-time code for a device's credential. Guessing is limited per address and slowed down overall."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from survey.card_code import LENGTH, commune_of_code
from survey.devices import DeviceState
from survey.problems import CODE_EXPIRED, CODE_UNKNOWN, CODE_USED, FOR_THE_APP, FOR_THE_OFFICE, TOO_MANY_TRIES
from survey.roles import Role
from survey.transfer_code import read_sign_in_code
from survey.vietnamese import clean
from survey.wire import (
    EnrollmentPreview,
    EnrollmentPreviewRequest,
    EnrollmentReply,
    EnrollmentRequest,
    MemberName,
    PersonName,
)
from sync_server.access.caller import Caller, make_token, make_token_of, secret_hash
from sync_server.access.scope import find_scope
from sync_server.coverage import refresh_coverage
from sync_server.ids import new_id
from sync_server.problems import Problem
from sync_server.settings import ServerSettings
from sync_server.store.database import Session
from sync_server.store.devices import (
    EnrollmentCode,
    Owner,
    add_device,
    add_token,
    find_code,
    find_device,
    find_owner,
    find_signed_in,
    mark_code_used,
)
from sync_server.store.guesses import add_wrong_code, count_wrong_codes
from sync_server.store.villages import list_villages

WINDOW = timedelta(minutes=15)
ASK_AGAIN = timedelta(minutes=10)
"""How long the answer to a code can be had again by the device that lost it."""
LONGEST_PAUSE = 5.0
"""Seconds: the longest that anybody waits for an answer while somebody is guessing codes."""


def check_guesses(session: Session, address: str, settings: ServerSettings, now: datetime) -> float:
    """How many seconds to wait before a code from this address is answered. Raises `Problem` too-many-tries.

    Only wrong codes of the last 15 minutes count, so that thirty people behind one address may enrol at once. Too many
    from one address are refused. Too many from all addresses together only make the wait longer, and a right code
    still works: one stranger must not lock everybody out.
    """
    theirs, of_all = count_wrong_codes(session, guesser(address), now, WINDOW)
    if theirs >= settings.failed_codes:
        raise Problem(TOO_MANY_TRIES, headers={"Retry-After": str(int(WINDOW.total_seconds()))})
    return min(LONGEST_PAUSE, max(0, of_all - settings.failed_codes_overall + 1) / settings.failed_codes_overall)


def count_guess(session: Session, address: str, now: datetime) -> None:
    """Remember that a wrong code came from this address."""
    add_wrong_code(session, new_id(now), guesser(address), now, WINDOW)


def guesser(address: str) -> str:
    """Whom an address is counted as: itself, or the /64 network of an IPv6 address, which one subscriber has alone."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or ip_network((parsed.packed[:8] + bytes(8), 64)).network_address
    return str(parsed)


def redeem(
    session: Session, request: EnrollmentRequest, now: datetime, idle_until: datetime | None = None
) -> EnrollmentReply:
    """Use the code up and sign a new device in; `idle_until` for a browser of the office pages.

    The same code with the same key within 10 minutes gets the same answer again: the first one may have been lost.
    Raises `Problem` code-unknown, code-used, code-expired, for-the-office where the app cannot serve this person, or
    for-the-app where a code that moves the app comes to the office pages.
    """
    code, owner, before = _read(session, request, now)
    if owner.member.role is Role.PROVINCE and idle_until is None:
        raise Problem(FOR_THE_OFFICE)
    if code.moves and idle_until:
        raise Problem(FOR_THE_APP)
    hashed, commune = code.hash, code.commune
    token = make_token_of(commune, request.key, hashed) if request.key else make_token(commune)
    device = before or new_id(now)
    if before is None:
        _add_device(session, request, owner, code, token, device, now, idle_until)
    scope = find_scope(session, owner).villages
    return EnrollmentReply(
        token=token,
        device_id=device,
        member=MemberName(id=owner.member.id, name=owner.member.name),
        role=owner.member.role,
        commune=owner.commune,
        villages=list_villages(session, owner.commune.code, scope),
        server_epoch=owner.told.epoch,
        scope_version=owner.scope_version,
        rescue_key=owner.told.rescue_key,
    )


def _add_device(
    session: Session,
    request: EnrollmentRequest,
    owner: Owner,
    code: EnrollmentCode,
    token: str,
    device: str,
    now: datetime,
    idle_until: datetime | None,
) -> None:
    commune, name = owner.commune.code, clean(request.device_name)[:120]
    mark_code_used(session, commune, code.hash, now, device, secret_hash(request.key) if request.key else None)
    signs_in = {"identity": device, "name": name, "token_hash": secret_hash(token)}
    add_device(session, commune, owner.member.id, **signs_in, now=now, idle_until=idle_until, takes_over=code.moves)
    scope = find_scope(session, owner).villages
    if scope and owner.member.role is not Role.OFFICIAL:
        refresh_coverage(session, commune, scope, now)  # a village's first sign-in makes its team


def preview(session: Session, request: EnrollmentPreviewRequest, now: datetime) -> EnrollmentPreview:
    """Whose code it is, for the greeting; the code is not used up. Raises as `redeem` does."""
    _, owner, _ = _read(session, request, now)
    villages = list_villages(session, owner.commune.code, find_scope(session, owner).villages)
    return EnrollmentPreview(
        member=PersonName(name=owner.member.name),
        role=owner.member.role,
        commune=owner.commune,
        villages=[] if owner.member.role is Role.OFFICIAL else villages,
    )


def _read(
    session: Session, request: EnrollmentRequest | EnrollmentPreviewRequest, now: datetime
) -> tuple[EnrollmentCode, Owner, str | None]:
    """A code that works, its person, and the device that has used it with the same key just now, if any.

    Raises `Problem` code-unknown, code-used or code-expired.
    """
    plain = read_sign_in_code(request.code)
    code = find_code(session, secret_hash(plain), place_of_code(plain)) if plain else None
    owner = find_owner(session, code.commune, code.member) if code else None
    if code is None or owner is None:
        raise Problem(CODE_UNKNOWN)
    if code.used_at is not None:
        if not _asks_again(session, code, request.key, now):
            raise Problem(CODE_USED)
        return code, owner, code.device
    has_left = owner.member.role in {Role.MEMBER, Role.LEAD} and not find_scope(session, owner).villages
    if now >= code.expires_at or has_left or _has_ended(session, code):
        raise Problem(CODE_EXPIRED)
    return code, owner, None


def place_of_code(plain: str) -> str | None:
    """The commune or province that a sign-in code names. One for moving a sign-in is too short to name any."""
    return commune_of_code(plain) if len(plain) == LENGTH else None


def _has_ended(session: Session, code: EnrollmentCode) -> bool:
    """Whether the device whose sign-in this code moves was ended meanwhile."""
    if code.moves is None:
        return False
    moved = find_device(session, code.commune, code.moves)
    return moved is None or moved.state is not DeviceState.ACTIVE


def _asks_again(session: Session, code: EnrollmentCode, key: str | None, now: datetime) -> bool:
    """Whether this key used the code just now, and the credential that it got still works."""
    if not key or code.used_at is None or now - code.used_at >= ASK_AGAIN or code.key_hash != secret_hash(key):
        return False
    signed_in = find_signed_in(session, secret_hash(make_token_of(code.commune, key, code.hash)), code.commune)
    return signed_in is not None and signed_in.state is DeviceState.ACTIVE


def renew_token(session: Session, caller: Caller, now: datetime, days: int) -> str | None:
    """Add and return a new credential if the device's own is `days` old, else None.

    The old one works until the new one is used for the first time, so that a lost answer locks nobody out.
    """
    if not caller.needs_token(now, days):
        return None
    token = make_token(caller.commune.code)
    add_token(session, caller.commune.code, caller.device, secret_hash(token), now)
    return token
