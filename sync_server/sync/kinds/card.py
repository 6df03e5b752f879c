"""A household card bound, unbound or revoked. Registering a household with a card binds it too: see `household`."""

from typing import Any

from pydantic import ValidationError

from survey.bounds import check_unknown
from survey.households import own_fields
from survey.problem_shapes import describe
from survey.problems import CARD_REVOKED, CARD_UNKNOWN, FIELDS_INVALID, HOUSEHOLD_UNKNOWN, NOT_ALLOWED, OUT_OF_SCOPE
from survey.records import CardChange
from survey.roles import Action
from survey.wire import Change
from sync_server.problems import field_problems
from sync_server.store.cards import Card, list_cards
from sync_server.store.database import Session
from sync_server.sync.batch import Batch, Judgement
from sync_server.sync.cards import bind, refuse_binding, revoke, unbind
from sync_server.sync.finding import Wanted, lock_villages
from sync_server.sync.kinds.kind import Kind

Body = dict[str, Any]


def judge_card(batch: Batch, change: Change) -> Judgement:
    """Do with the card what the change says. What is revoked stays revoked."""
    try:
        sent = CardChange.model_validate(change.body)
    except ValidationError as error:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, field_problems(error.errors())))
    if problems := check_unknown(sent):
        return Judgement("invalid", problem=describe(FIELDS_INVALID, problems))
    card = batch.cards.get(change.subject)
    if card is None:
        return Judgement("held", problem=describe(CARD_UNKNOWN))
    if card.village not in {batch.successors.get(change.village, change.village), *batch.caller.villages}:
        return Judgement("held", problem=describe(OUT_OF_SCOPE))
    if card.state == sent.state and card.household == sent.household:
        return Judgement("merged", household=card.household)
    if card.state == "revoked":
        return Judgement("invalid", problem=describe(CARD_REVOKED))
    if sent.state == "bound":
        return _bind(batch, change, card, sent.household or "")
    if sent.state == "revoked" and not batch.caller.may(Action.MANAGE_CARDS):
        return Judgement("held", problem=describe(NOT_ALLOWED))
    household = card.household
    _write_card(batch, change, household, card.code, None)
    seq = revoke(batch, change, card) if sent.state == "revoked" else unbind(batch, change, card)
    return Judgement("applied", seq, household=household)


def _bind(batch: Batch, change: Change, card: Card, household: str) -> Judgement:
    present = batch.find_household(change.village, household)
    if present is None:
        return Judgement("held", problem=describe(HOUSEHOLD_UNKNOWN), household=household or None)
    identity = present.kept.id
    if refusal := refuse_binding(batch, present.kept.village, card.code, identity):
        return Judgement("invalid", problem=describe(refusal), household=identity)
    _write_card(batch, change, identity, present.kept.body.get("card"), card.code)
    return Judgement("applied", bind(batch, change, card.village, card.code, identity), household=identity)


def _write_card(batch: Batch, change: Change, household: str | None, before: str | None, code: str | None) -> None:
    """Let the household show this card, if it showed the one before."""
    present = batch.households.get(household or "")
    if present is None or present.kept.body.get("card") != before:
        return
    present.kept.body = {key: value for key, value in present.kept.body.items() if key != "card"}
    if code:
        present.kept.body["card"] = code
    batch.mark_changed(present)
    batch.note_history(present, {"card": code}, own_fields(present.kept.body), change.captured_at)


def _find_households(session: Session, batch: Batch, changes: list[Change]) -> Wanted:
    """Load the cards; the households are those they are bound to, and those they are to be bound to."""
    found = list_cards(session, batch.commune, [change.subject for change in changes])
    batch.cards |= {one.id: one for one in found}
    lock_villages(session, batch, {one.village for one in found})
    wanted: Wanted = {}
    for change in changes:
        card = batch.cards.get(change.subject)
        for household in (card.household if card else None, change.body.get("household")):
            if isinstance(household, str):
                wanted.setdefault(change.village, set()).add(household)
    return wanted


CARD = Kind(Action.EDIT_HOUSEHOLD, judge_card, _find_households)
