"""The lead's answer to a difference: keep the shown value, put the other one in its place, or have it asked again.

A difference is answered once, unless who answered takes it back. The answer never undoes what was written after the
difference was found: a field that shows another value by now stays as it is.
"""

from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from survey.bounds import check_unknown
from survey.differences import put_other_answers
from survey.free_text import check_texts
from survey.households import noting_departure, own_fields, status_after
from survey.problem_shapes import FieldProblem, describe
from survey.problems import (
    ANSWERED_ALREADY,
    DIFFERENCE_UNKNOWN,
    FIELDS_INVALID,
    NOT_ALLOWED,
    OUT_OF_SCOPE,
    VILLAGE_ENDED,
)
from survey.records import Resolution
from survey.roles import Action
from survey.times import wire_time
from survey.wire import Change
from sync_server.problems import field_problems
from sync_server.store.attestations import KeptAttestation
from sync_server.store.database import Session
from sync_server.store.differences import Difference, list_differences, list_shown_after_answers
from sync_server.store.responses import list_bodies, list_shown
from sync_server.store.stream import list_states
from sync_server.sync.batch import Batch, Judgement, LoadedHousehold
from sync_server.sync.finding import Wanted, load_attestations, load_cards_of, load_differences_of, lock_villages
from sync_server.sync.kinds.kind import Kind

Body = dict[str, Any]
_SIDE, _BOTH = ("by", "at", "evidence", "dated"), (("mine", "theirs"), ("theirs", "mine"))


def judge_resolution(batch: Batch, change: Change) -> Judgement:
    """Settle the difference as the lead answers. If it is settled already, the first answer stands."""
    try:
        answer = Resolution.model_validate(change.body)
    except ValidationError as error:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, field_problems(error.errors())))
    if problems := check_texts(answer) + check_unknown(answer):
        return Judgement("invalid", problem=describe(FIELDS_INVALID, problems))
    difference = _find(batch, change, answer.difference)
    if difference is None:
        return Judgement("held", problem=describe(DIFFERENCE_UNKNOWN))
    if answer.choice == "undo":
        return _take_back(batch, change, difference)
    if difference.body["state"] == "settled":
        return _second_answer(batch, change, difference, answer)
    if answer.choice == "new_visit" and difference.household is None:
        detail = "Mục này do thôn xác nhận, không hỏi lại hộ nào. Anh/chị chọn một trong hai nội dung."
        problems = [FieldProblem(pointer="/choice", detail=detail)]
        return Judgement("invalid", problem=describe(FIELDS_INVALID, problems), household=difference.household)
    refusal = _refuse(batch, difference, answer)
    if refusal:
        return refusal
    is_whole = _carry_out(batch, change, difference, answer)
    difference.settled_by = change.id
    difference.body |= {"state": "settled", "is_whole": is_whole, "settled_by_member": batch.caller.member.id}
    difference.body |= _signed(batch, change, answer)
    seq = batch.show_difference(difference)
    return Judgement("applied" if is_whole else "merged", seq, household=difference.household)


def _find(batch: Batch, change: Change, identity: str) -> Difference | None:
    """The difference if the caller may see it: in the change's village, in one of theirs, or moved from the change's
    village with its household."""
    difference = batch.differences.get(identity)
    if difference is None or difference.village in {change.village, *batch.caller.villages}:
        return difference
    return difference if (change.village, identity) in batch.moved_out else None


def _signed(batch: Batch, change: Change, answer: Resolution) -> Body:
    at = wire_time(min(change.captured_at, batch.now))
    signed = {"choice": answer.choice, "settled_by": batch.caller.member.name, "settled_at": at}
    return signed | ({"note": answer.note} if answer.note else {})


def _take_back(batch: Batch, change: Change, difference: Difference) -> Judgement:
    """Open the difference again and put back what its answer changed. Only who answered may, and only an answer that
    was carried out whole: of another one nobody knows any more which fields it changed."""
    body, household = difference.body, difference.household
    if body["state"] == "open":
        return Judgement("merged", household=household)
    if body.get("settled_by_member") != batch.caller.member.id or not body.get("is_whole"):
        return Judgement("held", problem=describe(NOT_ALLOWED), household=household)
    back = replace(difference, body=_turned(body))
    if refusal := _refuse(batch, back, Resolution(difference=difference.id, choice=body["choice"])):
        return refusal
    is_whole = True
    if body["choice"] == "other":
        is_whole = _carry_out(batch, change, back, Resolution(difference=difference.id, choice="other"))
    elif body["choice"] == "new_visit":
        is_whole = _ask_no_more(batch, household or "", body)
    taken = {name: body.pop(name) for name in ("choice", "settled_by", "settled_at", "note") if name in body}
    del body["settled_by_member"], body["is_whole"]
    body |= {"state": "open", "taken_back": [*(body.get("taken_back") or []), taken]}
    difference.settled_by, difference.shown = change.id, back.shown
    return Judgement("applied" if is_whole else "merged", batch.show_difference(difference), household=household)


def _turned(body: Body) -> Body:
    """The difference as it stands after its other side was shown: what was "theirs" shows now."""
    if body["about"] == "response":
        return body | {"shows": "theirs" if body.get("shows", "mine") == "mine" else "mine"}
    fields = [field | {"mine": field["theirs"], "theirs": field["mine"]} for field in body["fields"]]
    sides = {f"{to}_{name}": body.get(f"{of}_{name}") for name in _SIDE for to, of in _BOTH}
    return body | {"fields": fields} | sides


def _ask_no_more(batch: Batch, household: str, body: Body) -> bool:
    """End the request that this answer made, if it still stands."""
    present = batch.households.get(household)
    asked = present.kept.body.get("ask_again") if present else None
    if present is None or not asked or (asked["by"], asked["at"]) != (body["settled_by"], body["settled_at"]):
        return False
    del present.kept.body["ask_again"]
    batch.mark_changed(present)
    return True


def _second_answer(batch: Batch, change: Change, difference: Difference, answer: Resolution) -> Judgement:
    """Keep the first answer. The same choice is merged; another one is noted beside it and is a difference."""
    household = difference.household
    if difference.body["choice"] == answer.choice:
        return Judgement("merged", household=household)
    more: list[Body] = difference.body.get("also_answered") or []
    difference.body |= {"also_answered": [*more, _signed(batch, change, answer)]}
    return Judgement("difference", batch.show_difference(difference), describe(ANSWERED_ALREADY), household)


def _refuse(batch: Batch, difference: Difference, answer: Resolution) -> Judgement | None:
    """Hold the answer if the village was merged, or if the household would move out of the caller's villages; else
    None."""
    if difference.village in batch.successors:
        return Judgement("held", problem=describe(VILLAGE_ENDED))
    targets = [_other(difference, field) for field in difference.body["fields"] if field["path"] == ["village"]]
    if answer.choice == "other" and not set(targets) <= set(batch.caller.villages):
        return Judgement("held", problem=describe(OUT_OF_SCOPE), household=difference.household)
    return None


def _other(difference: Difference, field: Body) -> Any:
    return field["theirs" if difference.body.get("shows", "mine") == "mine" else "mine"]


def _carry_out(batch: Batch, change: Change, difference: Difference, answer: Resolution) -> bool:
    """Do what the answer says, and return whether all of it could be done."""
    if answer.choice == "shown":
        return True
    if difference.household is None:
        return _attest_other(batch, difference)
    present = batch.households.get(difference.household)
    if present is None:
        return False
    if answer.choice == "new_visit":
        keys = list(dict.fromkeys(field.get("key", field["path"][-1]) for field in difference.body["fields"]))
        at = wire_time(min(change.captured_at, batch.now))
        ask = {"by": batch.caller.member.name, "at": at, "keys": keys, "note": answer.note}
        present.kept.body["ask_again"] = ask
        batch.mark_changed(present)
        return True
    if difference.body["about"] == "household":
        return _write_other_fields(batch, change, difference, present)
    return _show_other_answers(batch, change, difference, present)


def _write_other_fields(batch: Batch, change: Change, difference: Difference, present: LoadedHousehold) -> bool:
    fields: list[Body] = difference.body["fields"]
    kept = own_fields(present.kept.body) | {"village": present.kept.village}
    still = [field for field in fields if kept.get(field["path"][0]) == field["mine"]]
    sent = {field["path"][0]: field["theirs"] for field in still}
    if not sent:
        return False
    village = batch.successors.get(sent.get("village", ""), sent.get("village", present.kept.village))
    fields_sent = {key: value for key, value in sent.items() if key != "village"}
    at = wire_time(min(change.captured_at, batch.now))
    present.kept.body = noting_departure(present.kept.body, present.kept.body | fields_sent, at)
    has_moved = village != present.kept.village
    if has_moved:
        batch.move_household(present, village)
    batch.mark_changed(present)
    batch.note_history(present, sent, own_fields(present.kept.body), change.captured_at)
    return len(still) == len(fields)


def _show_other_answers(batch: Batch, change: Change, difference: Difference, present: LoadedHousehold) -> bool:
    """Put the other side's values into the household's present answers, and return whether all of it could be done.

    The answers get this change's id: a phone names the answers that a visit was filled in from, and must not seem to
    have seen these if it saw the earlier ones.
    """
    kept, body = present.kept.body, difference.body
    current: Body = kept.get("current") or {}
    shows_mine = body.get("shows", "mine") == "mine"
    other_visit = str(body.get("theirs_visit" if shows_mine else "mine_visit"))
    other = batch.shown.get(other_visit) if shows_mine else batch.earlier_visits.get(other_visit)
    shown, is_whole = put_other_answers(current, other or {}, body["fields"], shows_mine=shows_mine)
    if shown == current:
        return False
    kept["visit"] = kept.get("visit") or current.get("id")
    if any(field["path"] == ["outcome"] for field in body["fields"]):
        side = "theirs" if shows_mine else "mine"
        kept |= {"visit": other_visit, "visited_by": body.get(f"{side}_by"), "visited_at": body.get(f"{side}_at")}
    shown["id"] = change.id
    kept["current"] = batch.shown[change.id] = difference.shown = shown
    sent = status_after(kept, shown)
    kept = present.kept.body = noting_departure(kept, kept | sent, wire_time(min(change.captured_at, batch.now)))
    batch.mark_changed(present)
    if sent:
        batch.note_history(present, sent, own_fields(kept), change.captured_at)
    return is_whole


def _attest_other(batch: Batch, difference: Difference) -> bool:
    body, fields = difference.body, difference.body["fields"]
    before = batch.attestations.get((difference.village, fields[0]["path"][0]))
    if before is None or any(_said(before.body, field["path"][1]) != field["mine"] for field in fields):
        return False
    said = {field["path"][1]: field["theirs"] for field in fields}
    signed = {"attested_by": body.get("theirs_by"), "attested_at": body.get("theirs_at")}
    mine = {"confirmed_by", "confirmed_at", "dated"}  # about what does not stand any more
    kept_fields = {name: value for name, value in before.body.items() if name not in mine}
    day = {"dated": body["theirs_dated"]} if body.get("theirs_dated") else {}
    attested = kept_fields | said | signed | {"evidence": body.get("theirs_evidence") or ""} | day
    seq = batch.next_seq(before.village)
    kept = KeptAttestation(before.village, before.criterion, before.id, seq, batch.caller.device, attested)
    batch.show(before.village, "attestation", before.id, seq, attested)
    batch.attestations[before.village, before.criterion] = kept
    batch.new_attestations[before.village, before.criterion] = kept
    batch.touched.add(before.village)
    return True


def _said(attested: Body, name: str) -> Any:
    return attested.get(name, False if name == "not_applicable" else None)


def _find_households(session: Session, batch: Batch, answers: list[Change]) -> Wanted:
    """Load the answered differences and both visits of each; return the households that they are about."""
    commune = batch.commune
    wanted: Wanted = {}
    named = {change.id: str(change.body.get("difference")).lower() for change in answers}
    batch.differences = {one.id: one for one in list_differences(session, commune, named.values())}
    for change in answers:
        difference = batch.differences.get(named[change.id])
        if difference and difference.village != change.village:
            states = list_states(session, commune, change.village, "difference", [difference.id])
            batch.moved_out |= {(change.village, one) for one, state in states.items() if state.body is None}
        if difference and difference.household:
            wanted.setdefault(change.village, set()).add(difference.household)
    differences = batch.differences.values()
    lock_villages(session, batch, {one.village for one in differences} | _other_villages(batch))
    visits = {str(one.body.get(key)) for one in differences for key in ("theirs_visit", "mine_visit")}
    batch.earlier_visits |= list_bodies(session, commune, visits)
    batch.shown |= list_shown(session, commune, visits)
    batch.shown |= list_shown_after_answers(session, commune, visits)
    return wanted


def _other_villages(batch: Batch) -> set[str]:
    """The callers' villages that a household may move to, where two people moved it to different ones."""
    fields = [
        field for one in batch.differences.values() for field in one.body["fields"] if field["path"] == ["village"]
    ]
    return {field[side] for field in fields for side in ("theirs", "mine")} & batch.reach


def _load(session: Session, batch: Batch, _changes: list[Change]) -> None:
    answered = list(batch.differences.values())
    may_move = [one.household for one in answered if one.household and one.body["about"] == "household"]
    load_differences_of(session, batch, may_move)
    load_cards_of(session, batch, may_move)
    load_attestations(session, batch)


RESOLUTION = Kind(Action.SETTLE_DIFFERENCE, judge_resolution, _find_households, _load)
