"""An attestation: a village's yes/no or count item, stated by its lead, confirmed by the commune. The last is shown."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from survey.attesting import attest
from survey.bounds import check_unknown
from survey.criteria import CriteriaSet, Criterion
from survey.free_text import check_texts
from survey.merge import FieldDifference
from survey.problem_shapes import FieldProblem, describe
from survey.problems import EDITS_DIFFER, FIELDS_INVALID, VILLAGE_ENDED
from survey.records import Attestation
from survey.roles import Action, Role
from survey.times import vietnam_day, wire_time
from survey.vietnamese import format_date
from survey.wire import Change
from sync_server.problems import field_problems
from sync_server.store.attestations import KeptAttestation
from sync_server.store.database import Session
from sync_server.sync.batch import Batch, Judgement
from sync_server.sync.differences import NewDifference, note_difference
from sync_server.sync.finding import load_attestations
from sync_server.sync.kinds.kind import Kind

Body = dict[str, Any]
_SAID, _EVIDENCE = ("value", "not_applicable"), ("evidence", "dated")


def judge_attestation(batch: Batch, change: Change) -> Judgement:
    """Make this the present attestation of its criterion. A difference is noted if it contradicts one not seen yet."""
    try:
        attestation = Attestation.model_validate(change.body)
    except ValidationError as error:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, field_problems(error.errors())))
    problems = (
        _check(batch.counting.criteria_set, attestation)
        + _check_day(attestation, batch.by_either_clock)
        + check_texts(attestation)
        + check_unknown(attestation)
    )
    if problems:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, problems))
    if change.village in batch.successors:
        return Judgement("held", problem=describe(VILLAGE_ENDED))
    key = (change.village, attestation.criterion)
    before = batch.attestations.get(key)
    has_seen = before is None or before.seq <= change.seen or before.device == batch.caller.device
    body = attest(
        before.body if before else None,
        attestation.model_dump(mode="json", exclude_unset=True),
        by=batch.caller.member.name,
        at=wire_time(min(change.captured_at, batch.now)),
        is_official=batch.caller.member.role is Role.OFFICIAL,
        has_seen=has_seen,
    )
    if before and before.id != change.subject:
        # A criterion is shown once: the attestation under the earlier id is removed from every device.
        batch.show(change.village, "attestation", before.id, batch.next_seq(change.village), None)
    seq = batch.next_seq(change.village)
    batch.show(change.village, "attestation", change.subject, seq, body)
    # What stays as it was is not this device's: it has not been seen there.
    device = before.device if before and body is before.body else batch.caller.device
    kept = KeptAttestation(change.village, attestation.criterion, change.subject, seq, device, body)
    batch.attestations[key] = batch.new_attestations[key] = kept
    batch.touched.add(change.village)
    if before is None or has_seen:
        return Judgement("applied", seq)
    fields = _differences(attestation.criterion, before.body, body)
    if not fields:
        return Judgement("merged", seq)
    by, at = before.body.get("attested_by"), before.body.get("attested_at")
    said = {f"theirs_{name}": before.body.get(name) for name in _EVIDENCE}
    said |= {f"mine_{name}": body.get(name) for name in _EVIDENCE}
    note_difference(batch, change, NewDifference(change.village, None, fields, by, at), {}, said)
    return Judgement("difference", seq, describe(EDITS_DIFFER))


def _differences(criterion: str, theirs: Body, mine: Body) -> tuple[FieldDifference, ...]:
    defaults: Body = {"value": None, "not_applicable": False}
    theirs, mine = defaults | theirs, defaults | mine
    return tuple(
        FieldDifference((criterion, name), theirs[name], mine[name]) for name in _SAID if theirs[name] != mine[name]
    )


def _check(criteria_set: CriteriaSet, attestation: Attestation) -> list[FieldProblem]:
    criterion = next((one for one in criteria_set.criteria if one.no == attestation.criterion), None)
    if criterion is None or criterion.source != "attested":
        detail = "Bộ tiêu chí của xã không có mục này, hoặc mục này không do thôn xác nhận."
        return [FieldProblem(pointer="/criterion", detail=detail)]
    return _check_value(criterion, attestation)


def _check_day(attestation: Attestation, latest: datetime) -> list[FieldProblem]:
    """The day of an evidence is over, or today, by the later of two clocks: neither of them may refuse for good what is
    right by the other. A day is left."""
    if attestation.dated is None or attestation.dated <= vietnam_day(latest) + timedelta(days=1):
        return []
    detail = f"Ngày của minh chứng ({format_date(attestation.dated)}) chưa đến: anh/chị xem lại ngày."
    return [FieldProblem(pointer="/dated", detail=detail)]


def _check_value(criterion: Criterion, attestation: Attestation) -> list[FieldProblem]:
    if attestation.not_applicable and not criterion.not_applicable_allowed:
        return [FieldProblem(pointer="/not_applicable", detail="Mục này không được bỏ qua vì “không áp dụng”.")]
    value = attestation.value
    if value is None or attestation.not_applicable:
        return []
    if criterion.kind == "boolean" and not isinstance(value, bool):
        return [FieldProblem(pointer="/value", detail="Mục này chỉ trả lời có hoặc không.")]
    if criterion.kind != "boolean" and (isinstance(value, bool) or value < 0):
        return [FieldProblem(pointer="/value", detail="Mục này cần một số đếm, từ 0 trở lên.")]
    return []


def _load(session: Session, batch: Batch, _changes: list[Change]) -> None:
    load_attestations(session, batch)


ATTESTATION = Kind(Action.ATTEST, judge_attestation, load=_load)
