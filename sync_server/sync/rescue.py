"""Rescue files: a phone's unsent work, sealed for its commune and handed in by a lead or an official.

Its changes are judged as if the phone itself had sent them, with two exceptions: those of a device that was reported
lost are held, and those of a file without a valid credential are set aside. Nothing is thrown away.
"""

from base64 import urlsafe_b64decode
from collections import Counter
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from survey.problem_shapes import ProblemType, describe
from survey.problems import NOT_ALLOWED, RESCUE_ELSEWHERE, RESCUE_UNPROVEN, RESCUE_UNREADABLE
from survey.rescue import AGREEMENT, ENCRYPTION, FORMAT, MOST_IN_A_FILE, RescueContent, RescueReply
from survey.roles import Role
from survey.vietnamese import format_number
from survey.wire import MOST_CHANGES, MemberName, VerdictReply
from sync_server.access.caller import Caller, recognise, recognise_device
from sync_server.ids import new_id
from sync_server.logs import log, where_it_failed
from sync_server.packed import unpack
from sync_server.problems import Problem
from sync_server.store.changes import Arrival, list_verdicts, save_aside
from sync_server.store.database import Database, Session
from sync_server.store.epochs import Own
from sync_server.sync.apply import HandIn, digest_of
from sync_server.sync.writers import Writers

MOST_UNPACKED = 32 * 1024**2


def make_rescue_key() -> dict[str, Any]:
    """A new key pair as a private JWK; `kid` is its thumbprint."""
    from joserfc.jwk import ECKey  # imported late: rescue files are rare, and it takes 9 MB

    return dict(ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True))


def make_own(now: datetime) -> Own:
    """What a commune begins with: an epoch and a key pair of its own."""
    return Own(new_id(now), make_rescue_key())


def open_rescue_file(key: dict[str, Any], sealed: bytes) -> RescueContent:
    """Decrypt and check a rescue file. Raises `Problem` rescue-elsewhere for one that names another key, or
    rescue-unreadable for one that is damaged, of a newer format, or with too many changes.
    """
    if _named_key(sealed) not in {None, key["kid"]}:
        raise Problem(RESCUE_ELSEWHERE)
    from joserfc.jwe import JWERegistry, decrypt_compact
    from joserfc.jwk import ECKey

    allowed = JWERegistry(algorithms=[AGREEMENT, ENCRYPTION])  # what a file's head may name
    allowed.max_ciphertext_length = MOST_UNPACKED  # the file's own size was limited when the request was read
    try:
        packed = decrypt_compact(sealed.strip(), ECKey.import_key(key), registry=allowed).plaintext
        loose = from_json(unpack(packed or b"", MOST_UNPACKED), allow_inf_nan=False)
    except Exception as error:  # a library meets anything here, and says so in many ways
        log.warning("a rescue file could not be opened: %s", where_it_failed(error))
        raise Problem(RESCUE_UNREADABLE) from error
    if isinstance(loose, dict) and isinstance(loose.get("format"), int) and loose["format"] > FORMAT:
        detail = "Tệp do một phiên bản ứng dụng mới hơn máy chủ tạo ra. Anh/chị giữ tệp và nhờ nâng cấp máy chủ."
        raise Problem(RESCUE_UNREADABLE, detail=detail)
    if isinstance(loose, dict) and len(loose.get("changes") or ()) > MOST_IN_A_FILE:
        most = format_number(MOST_IN_A_FILE)
        detail = f"Tệp có hơn {most} việc, nhiều hơn máy chủ nhận một lần. Anh/chị cập nhật ứng dụng rồi xuất lại tệp."
        raise Problem(RESCUE_UNREADABLE, detail=detail)
    try:
        return RescueContent.model_validate(loose)
    except ValidationError as error:
        raise Problem(RESCUE_UNREADABLE) from error


def _named_key(sealed: bytes) -> str | None:
    """The `kid` in the file's head: for which commune's key it was sealed. None where it cannot be told."""
    try:
        head = from_json(urlsafe_b64decode(sealed.strip().partition(b".")[0] + b"=="))
    except Exception:  # whatever it is, opening the file meets it again and says so
        return None
    named = head.get("kid") if isinstance(head, dict) else None
    return named if isinstance(named, str) else None


def hand_in(
    database: Database, writers: Writers, courier: Caller, content: RescueContent, now: datetime
) -> RescueReply:
    """Judge the file's changes. Raises `Problem` not-allowed if the courier is not responsible for the device.

    `courier` is who hands the file in. The changes are committed in groups, so that phones which sync meanwhile do not
    wait for the whole file. Handing the same file in again, also after a failure halfway, applies nothing twice.
    """
    with database.read() as session:
        proven = recognise(session, content.token)
        sender = proven or recognise_device(session, courier.commune.code, content.device_id)
    if sender and not _answers_for(courier, sender):
        raise Problem(NOT_ALLOWED, detail="Anh/chị chỉ nộp được tệp cứu hộ của máy thuộc thôn mình phụ trách.")
    counts: Counter[str] = Counter()
    for start in range(0, len(content.changes), MOST_CHANGES):
        some = content.changes[start : start + MOST_CHANGES]
        arrival = _arrival(proven or sender, courier, content.device_id, now)
        if proven:
            verdicts = writers.hand_in(HandIn(proven, arrival, some))
        else:
            with database.write() as session:
                verdicts = _keep_aside(session, arrival, some, RESCUE_UNPROVEN)
        counts.update(verdict.verdict for verdict in verdicts)
    log.info("device %s handed in %d changes of device %s", courier.device, len(content.changes), content.device_id)
    member = MemberName(id=sender.member.id, name=sender.member.name) if sender else None
    return RescueReply(member=member, device_id=content.device_id, made_at=content.made_at, counts=dict(counts))


def _answers_for(courier: Caller, sender: Caller) -> bool:
    """Whether the courier is responsible for the sender's device: an official for all of the commune, a lead for those
    of people who work or worked in one of the lead's villages."""
    if courier.commune.code != sender.commune.code:
        return False
    worked = {*sender.scope.villages, *(one.village for one in sender.scope.ended)}
    return courier.member.role is Role.OFFICIAL or not worked.isdisjoint(courier.villages)


def _arrival(sender: Caller | None, courier: Caller, device: str, now: datetime) -> Arrival:
    """A rescue file does not say the device's clock error, so the last known one is used. What comes from a device that
    nobody knows is not said to be of the courier's."""
    if sender is None:
        return Arrival(courier.commune.code, device, now, 0)
    return Arrival(sender.commune.code, sender.device, now, sender.seen.clock_skew if sender.seen else 0)


def _keep_aside(
    session: Session, arrival: Arrival, changes: list[dict[str, Any]], why: ProblemType
) -> list[VerdictReply]:
    """Set changes aside for a person to look at. Their ids stay unused: the phone itself can still send them."""
    ids = [str(raw.get("id", "")) for raw in changes]
    given = list_verdicts(session, arrival.commune, ids)
    replies = []
    for identity, raw in zip(ids, changes, strict=True):
        if identity in given:
            replies.append(VerdictReply(id=identity, verdict="duplicate", first=given[identity].verdict))
        else:
            save_aside(session, arrival, digest_of(raw), raw, describe(why))
            replies.append(VerdictReply(id=identity, verdict="held", problem=describe(why)))
    return replies
