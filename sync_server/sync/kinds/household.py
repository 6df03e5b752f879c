"""A household created or edited: only the sent fields change, merged against the state that the person had seen."""

from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from survey.bounds import check_unknown
from survey.card_code import read_code
from survey.households import SERVER_FIELDS, check_fields, household_body, noting_departure, own_fields
from survey.merge import FieldDifference, merge_fields
from survey.problem_shapes import FieldProblem, ProblemType, describe
from survey.problems import EDITS_DIFFER, FIELDS_INVALID, HOUSEHOLD_UNKNOWN, NOT_ALLOWED, OUT_OF_SCOPE
from survey.records import Household
from survey.roles import Action
from survey.times import wire_time
from survey.wire import Change
from sync_server.problems import field_problems
from sync_server.store.cards import list_cards_by_code
from sync_server.store.database import Session
from sync_server.store.households import list_history
from sync_server.sync.batch import Batch, Judgement, LoadedHousehold
from sync_server.sync.cards import at_the_door, bind, refuse_binding, unbind
from sync_server.sync.differences import NewDifference, note_difference
from sync_server.sync.finding import Wanted, load_cards_of, load_differences_of
from sync_server.sync.kinds.kind import Kind

Body = dict[str, Any]


def judge_household(batch: Batch, change: Change) -> Judgement:
    """Create the household, or merge the sent fields into it. A `village` among them moves it there."""
    sent, problems = _read(change.body)
    if problems:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, problems), household=change.subject)
    present = batch.find_household(change.village, change.subject)
    if present is not None:
        refusal = _refuse_move(batch, present, sent)
        if refusal:
            return Judgement("held", problem=describe(refusal), household=change.subject)
        return _edit(batch, change, present, sent)
    if change.subject in batch.homes:
        return Judgement("held", problem=describe(OUT_OF_SCOPE), household=change.subject)
    if "head_name" not in sent:
        return Judgement("held", problem=describe(HOUSEHOLD_UNKNOWN), household=change.subject)
    sent.pop("village", None)
    village = batch.successors.get(change.village, change.village)
    code = sent.get("card")
    known = at_the_door(batch, change.village, code) if code else None
    if known:
        return _registered_twice(batch, change, known, sent)
    if code and refuse_binding(batch, village, code, change.subject):
        sent.pop("card")  # the household counts all the same, without a card
    body = household_body(Household.model_validate(sent))
    present = batch.add_household(village, change.subject, body)
    batch.mark_changed(present)
    batch.note_history(present, body, body, change.captured_at)
    if "card" in body:
        bind(batch, change, village, body["card"], change.subject)
    return Judgement("applied" if sent.get("card") == code else "merged", present.seq, household=change.subject)


def _registered_twice(batch: Batch, change: Change, present: LoadedHousehold, sent: Body) -> Judgement:
    """Two phones registered one door without knowing of each other: its card says that it is one household.

    What this one wrote is merged into the household that is there; what follows about it is taken for that household.
    """
    batch.aliases[change.subject] = batch.new_aliases[change.subject] = present.kept.id
    batch.show(change.village, "household", change.subject, batch.next_seq(change.village), None)
    return _edit(batch, change, present, {key: value for key, value in sent.items() if key != "card"})


def _refuse_move(batch: Batch, present: LoadedHousehold, sent: Body) -> ProblemType | None:
    """Why the household may not move as sent: not-allowed by the caller's role, or out-of-scope. None if it may.

    If it moves to a merged village, `sent` is changed to the village that stands for it now.
    """
    target = sent.get("village")
    if target is None or target == present.kept.village:
        return None
    if not batch.caller.may(Action.MOVE_HOUSEHOLD):
        return NOT_ALLOWED
    if target not in batch.caller.villages:
        return OUT_OF_SCOPE
    sent["village"] = batch.successors.get(target, target)
    return None


def _edit(batch: Batch, change: Change, present: LoadedHousehold, sent: Body) -> Judgement:
    # The village is a field like the others: the person saw the household in the one that the change names.
    theirs = own_fields(present.kept.body) | {"village": present.kept.village}
    base = _seen_state(batch, change, present) | {"village": change.village}
    if change.village in batch.successors:  # the village was merged, nobody moved the household
        base["village"] = present.kept.village
    if code := sent.get("card"):
        refusal = refuse_binding(batch, present.kept.village, code, present.kept.id)
        if refusal and code != theirs.get("card"):
            return Judgement("invalid", problem=describe(refusal), household=present.kept.id)
    merged = merge_fields(base, theirs, sent)
    problems = check_unknown(Household.model_validate(merged.body))
    if problems:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, problems), household=present.kept.id)
    found = _new_difference(batch, change, present, merged.differences)
    _follow_card(batch, change, present, merged.body.get("card"))
    village = merged.body.pop("village")
    visits = {key: value for key, value in present.kept.body.items() if key in SERVER_FIELDS}
    at = wire_time(min(change.captured_at, batch.now))
    present.kept.body = noting_departure(present.kept.body, merged.body | visits, at)
    if village != present.kept.village:
        batch.move_household(present, village)
    batch.mark_changed(present)
    batch.note_history(present, sent, merged.body, change.captured_at)
    if found:
        note_difference(batch, change, replace(found, village=village), {}, {})
        return Judgement("difference", present.seq, describe(EDITS_DIFFER), household=present.kept.id)
    return Judgement("merged" if base != theirs else "applied", present.seq, household=present.kept.id)


def _follow_card(batch: Batch, change: Change, present: LoadedHousehold, code: str | None) -> None:
    """Bind the card that the household has now, and unbind the one that it has no more."""
    before = present.kept.body.get("card")
    if code and code != before:
        bind(batch, change, present.kept.village, code, present.kept.id)
    elif before and code is None and (card := batch.find_card(before)):
        unbind(batch, change, card)


def _new_difference(
    batch: Batch, change: Change, present: LoadedHousehold, fields: tuple[FieldDifference, ...]
) -> NewDifference | None:
    """The difference about these fields, with who last wrote one of them before; None if there are no fields."""
    if not fields:
        return None
    names = {one.path[0] for one in fields}
    past = reversed(batch.history.get(present.kept.id, []))
    writer = next((one for one in past if names & one.sent.keys()), None)
    at = wire_time(writer.written_at) if writer and writer.written_at else None
    return NewDifference(change.village, present.kept.id, fields, writer.written_by if writer else None, at)


def _seen_state(batch: Batch, change: Change, present: LoadedHousehold) -> Body:
    """What the person had on the screen: the state at the sequence seen, and this device's own later changes on it."""
    state: Body = {}
    own: Body = {}
    for one in batch.history.get(present.kept.id, []):
        if one.seq <= change.seen:
            state = one.state
        elif one.device == batch.caller.device:
            own |= one.sent
    return state | own


def _read(body: Body) -> tuple[Body, list[FieldProblem]]:
    """The sent fields, cleaned; or what is wrong with them."""
    given = own_fields(body)
    try:
        household = Household.model_validate({"head_name": "?"} | given)
    except ValidationError as error:
        return {}, field_problems(error.errors())
    sent = {key: value for key, value in household.model_dump(mode="json").items() if key in given}
    return sent, check_fields(sent) + check_unknown(household)


def _find_households(session: Session, batch: Batch, changes: list[Change]) -> Wanted:
    """The changed households, and those at whose doors the cards are that new households name."""
    wanted: Wanted = {}
    named = {change.id: read_code(str(change.body["card"])) for change in changes if change.body.get("card")}
    if named:
        found = list_cards_by_code(session, batch.commune, [code for code in named.values() if code])
        batch.cards |= {one.id: one for one in found}
    homes = {one.code: one.household for one in batch.cards.values() if one.household}
    for change in changes:
        there = wanted.setdefault(change.village, set())
        there.add(change.subject)
        if at_that_door := homes.get(named.get(change.id) or ""):
            there.add(at_that_door)
    return wanted


def _load(session: Session, batch: Batch, changes: list[Change]) -> None:
    """Load what the edits are merged against, and what moves along with their households."""
    known = {change.id: batch.aliases.get(change.subject, change.subject) for change in changes}
    moving = [known[change.id] for change in changes if "village" in change.body]
    load_differences_of(session, batch, moving)
    load_cards_of(session, batch, [*moving, *(known[change.id] for change in changes if "card" in change.body)])
    edited = {*known.values(), *(one.household for one in batch.cards.values() if one.household)}
    batch.history |= list_history(session, batch.commune, edited)


def _targets(change: Change) -> set[str]:
    return {str(change.body.get("village")).lower()}


HOUSEHOLD = Kind(Action.EDIT_HOUSEHOLD, judge_household, _find_households, _load, _targets)
