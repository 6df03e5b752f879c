"""A household created or edited: only the sent fields are changed, merged against what the person had seen."""

from typing import Any

from pydantic import ValidationError

from survey.card_code import read_code
from survey.merge import merge_fields
from survey.problems import EDITS_DIFFER, FIELDS_INVALID, HOUSEHOLD_UNKNOWN, OUT_OF_SCOPE, FieldProblem, describe
from survey.records import Household
from survey.vietnamese import parse_phone
from survey.wire import Change
from sync_server.batch import Batch, Judgement, Present
from sync_server.problems import field_problems

Body = dict[str, Any]
SERVER_FIELDS = frozenset({"current", "visited_at", "visited_by"})
"""What only visits change; a change that holds it is not believed."""
LARGEST_LINE = 1_000_000


def judge_household(batch: Batch, change: Change) -> Judgement:
    """Create the household, or merge the sent fields into it."""
    sent, problems = _read(change.body)
    if problems:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, problems), household=change.subject)
    present = batch.households.get((change.village, change.subject))
    if present is not None:
        return _edit(batch, change, present, sent)
    if change.subject in batch.homes:
        return Judgement("held", problem=describe(OUT_OF_SCOPE), household=change.subject)
    if "head_name" not in sent:
        return Judgement("held", problem=describe(HOUSEHOLD_UNKNOWN), household=change.subject)
    body = household_body(Household.model_validate(sent))
    present = batch.add_household(change.village, change.subject, body)
    batch.mark_changed(present)
    batch.note_history(present, body, body)
    return Judgement("applied", present.seq, household=change.subject)


def _edit(batch: Batch, change: Change, present: Present, sent: Body) -> Judgement:
    theirs = own_fields(present.kept.body)
    base = _seen_state(batch, change)
    merged = merge_fields(base, theirs, sent)
    visits = {key: value for key, value in present.kept.body.items() if key in SERVER_FIELDS}
    present.kept.body = merged.body | visits
    # Who lives in a house that is vacant now, or is not any more, counts differently.
    batch.mark_changed(present, counted_anew=merged.body.get("status") != theirs.get("status"))
    batch.note_history(present, sent, merged.body)
    if merged.differences:
        batch.note_difference(change, change.subject, merged.differences, {"theirs_by": None})
        return Judgement("difference", present.seq, describe(EDITS_DIFFER), household=change.subject)
    return Judgement("merged" if base != theirs else "applied", present.seq, household=change.subject)


def household_body(household: Household) -> Body:
    """A new household in wire form. What is empty is left out: it must not contradict what somebody fills in."""
    body = household.model_dump(mode="json", exclude_none=True)
    return {key: value for key, value in body.items() if value != ""}


def own_fields(body: Body) -> Body:
    """The household's own fields, without what its visits made."""
    return {key: value for key, value in body.items() if key not in SERVER_FIELDS}


def _seen_state(batch: Batch, change: Change) -> Body:
    """What the person had on the screen: the state at the sequence seen, and this device's own later changes on it."""
    state: Body = {}
    own: Body = {}
    for past in batch.history.get(change.subject, []):
        if past.seq <= change.seen:
            state = past.state
        elif past.device == batch.caller.device:
            own |= past.sent
    return state | own


def _read(body: Body) -> tuple[Body, list[FieldProblem]]:
    """The sent fields, cleaned; or what is wrong with them."""
    given = {key: value for key, value in body.items() if key not in SERVER_FIELDS}
    try:
        household = Household.model_validate({"head_name": "?"} | given)
    except ValidationError as error:
        return {}, field_problems(error.errors())
    sent = {key: value for key, value in household.model_dump(mode="json").items() if key in given}
    return sent, _check(sent)


def _check(sent: Body) -> list[FieldProblem]:
    """What the record lets pass and a village's list cannot hold; the phone and the card are put in their one form."""
    problems = []
    for key, read, detail in (
        ("phone", parse_phone, "Số điện thoại không đúng: cần 10 chữ số, ví dụ 0912 345 678."),
        ("card", read_code, "Mã thẻ không đúng: anh/chị quét lại hoặc kiểm tra từng ký tự."),
    ):
        if sent.get(key):
            sent[key] = read(sent[key])
            if sent[key] is None:
                problems.append(FieldProblem(pointer=f"/{key}", detail=detail))
    if not 0 <= (sent.get("number") or 0) <= LARGEST_LINE:
        problems.append(FieldProblem(pointer="/number", detail=f"Số thứ tự phải từ 0 đến {LARGEST_LINE}."))
    return problems
