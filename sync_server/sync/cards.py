"""Binding cards to households within a batch: one card leads to one household, and never to two."""

from survey.problem_shapes import ProblemType
from survey.problems import CARD_BOUND, CARD_OF_OTHER_VILLAGE, CARD_REVOKED
from survey.wire import Change
from sync_server.ids import new_id
from sync_server.store.cards import Card, CardDeed, CardEvent
from sync_server.sync.batch import Batch, LoadedHousehold


def at_the_door(batch: Batch, village: str, code: str) -> LoadedHousehold | None:
    """The household that the card is bound to, for somebody who knows the card in this village."""
    card = batch.find_card(code)
    if card is None or card.state != "bound" or card.household is None:
        return None
    return batch.find_household(village, card.household)


def refuse_binding(batch: Batch, village: str, code: str, household: str) -> ProblemType | None:
    """Why the card cannot be bound to the household; None if it can.

    A code that was not issued here is accepted: the server may have been restored from before the card was issued.
    """
    card = batch.find_card(code)
    if card is None:
        return None
    if card.state == "revoked":
        return CARD_REVOKED
    if card.household not in {None, household}:
        return CARD_BOUND
    return None if card.village == village else CARD_OF_OTHER_VILLAGE


def bind(batch: Batch, change: Change, village: str, code: str, household: str) -> int:
    """Bind the card to the household; returns its sequence. See `refuse_binding` for what must hold before."""
    card = batch.find_card(code) or Card(change.id, village, village, None, code)
    card.state, card.household = "bound", household
    return _done(batch, change, card, "bound", household)


def unbind(batch: Batch, change: Change, card: Card) -> int:
    """The card leads to no household any more and may be bound again."""
    household, card.state, card.household = card.household, "issued", None
    return _done(batch, change, card, "unbound", household)


def revoke(batch: Batch, change: Change, card: Card) -> int:
    """The card is void for ever."""
    household, card.state, card.household = card.household, "revoked", None
    return _done(batch, change, card, "revoked", household)


def _done(batch: Batch, change: Change, card: Card, what: CardDeed, household: str | None) -> int:
    at, by = min(change.captured_at, batch.now), batch.caller.member.name
    # A change mostly does one thing to one card: then its id is free among events.
    is_taken = any(one.id == change.id for one in batch.card_events)
    identity = new_id(batch.now) if is_taken else change.id
    batch.card_events.append(CardEvent(identity, card.id, what, at, by, household, change.id))
    return batch.show_card(card)
