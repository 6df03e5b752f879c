"""Issuing household cards for a village, free ones or one for each household that has none.

Everything runs in the caller's transaction; what cannot be done is raised as a `Problem` before anything is written.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from secrets import token_bytes
from typing import Any

from survey.card_code import RANDOM_BYTES, make_code_of, read_code
from survey.cards import MOST_CARDS, CardFound
from survey.households import own_fields
from survey.problems import TOO_MANY_CARDS, VILLAGE_UNKNOWN
from survey.records import REGISTERED_STATUSES, Village
from survey.vietnamese import collation_key, name_sort_key
from sync_server.access.caller import Caller
from sync_server.ids import new_id
from sync_server.problems import Problem
from sync_server.store.bulk import as_text
from sync_server.store.cards import (
    Card,
    CardDeed,
    CardEvent,
    add_card_events,
    find_last_serial,
    list_cards_by_code,
    list_cards_of_village,
    save_cards,
)
from sync_server.store.database import Session
from sync_server.store.households import HouseholdChange, KeptHousehold, add_history, save_households
from sync_server.store.stream import StreamState, list_kind, save_states
from sync_server.store.villages import list_villages, list_villages_to_write

Body = dict[str, Any]


def issue_cards(
    session: Session,
    commune: str,
    village: str,
    by: str,
    now: datetime,
    count: int | None = None,
    after: int | None = None,
) -> list[Card]:
    """Make `count` new cards for the village; without a count one for each household that has none, bound to it, in the
    order of the alleys, so that a stack of cards follows the way from door to door. With `after` only if that is still
    the last serial number: who sends one form twice gets the cards once, and then none.

    Raises `Problem` village-unknown, or too-many-cards where more than `MOST_CARDS` are needed at once.
    """
    if village not in {one.id for one in list_villages(session, commune)}:
        raise Problem(VILLAGE_UNKNOWN)
    streams = list_villages_to_write(session, commune, [village])  # of two issues at once one waits
    serial = find_last_serial(session, commune, village)
    if after is not None and serial != after:
        return []
    homes = [] if count is not None else _without_card(session, commune, village)
    if (count or len(homes)) > MOST_CARDS:
        raise Problem(TOO_MANY_CARDS)
    cards: list[Card] = []
    states: list[StreamState] = []
    kept: list[KeptHousehold] = []
    history: list[HouseholdChange] = []
    for place in range(count if count is not None else len(homes)):
        card = Card(new_id(now), village, village, serial + place + 1, make_code_of(commune, token_bytes(RANDOM_BYTES)))
        if homes:
            home, body = homes[place]
            card = replace(card, state="bound", household=home)
            streams[village].seq += 1
            kept.append(KeptHousehold(home, village, body | {"card": card.code}))
            own = own_fields(kept[-1].body)
            change = HouseholdChange(home, streams[village].seq, None, {"card": card.code}, own, by, now)
            history.append(change)
            states.append(StreamState(village, "household", home, streams[village].seq, as_text(kept[-1].body)))
        streams[village].seq += 1
        states.append(StreamState(village, "card", card.id, streams[village].seq, as_text(card.to_body())))
        cards.append(card)
    save_households(session, commune, kept)
    add_history(session, commune, history)
    save_cards(session, commune, cards)
    note_deed(session, commune, cards, "issued", by, now)
    save_states(session, commune, streams, states)
    return cards


def the_village(session: Session, caller: Caller, village: str) -> Village:
    """The village, if the caller works there. Raises `Problem` not-allowed, or village-unknown to an official."""
    caller.check_works_in(village)
    [found] = list_villages(session, caller.commune.code, [village], ended=True)
    return found


def list_for_print(session: Session, commune: str, village: str, serials: Iterable[int] | None = None) -> list[Card]:
    """The village's cards that are not revoked, by serial number; of these numbers where some are given."""
    wanted = None if serials is None else set(serials)
    return [
        one
        for one in list_cards_of_village(session, commune, village)
        if one.serial is not None and one.state != "revoked" and (wanted is None or one.serial in wanted)
    ]


def note_deed(session: Session, commune: str, cards: Iterable[Card], what: CardDeed, by: str, now: datetime) -> None:
    """Keep that something was done with cards, by whom and when."""
    add_card_events(session, commune, [CardEvent(new_id(now), one.id, what, now, by, one.household) for one in cards])


def find_card(session: Session, caller: Caller, text: str) -> CardFound:
    """What a code is that the caller's phone does not know. Nothing is told of a household, or of another commune."""
    code = read_code(text)
    found = list_cards_by_code(session, caller.commune.code, [code]) if code else []
    if not found:
        return CardFound(outcome="unknown")
    [card] = found
    if card.village in caller.villages:
        return CardFound(outcome="revoked" if card.state == "revoked" else "yours")
    villages = {one.id: one for one in list_villages(session, caller.commune.code, ended=True)}
    return CardFound(outcome="other_village", village=villages[card.village])


def _without_card(session: Session, commune: str, village: str) -> list[tuple[str, Body]]:
    """The registered households without a card, with their bodies, from door to door."""
    bodies = [(one.subject, one.to_body()) for one in list_kind(session, commune, "household", [village])]
    homes = [
        (home, body)
        for home, body in bodies
        if not body.get("card") and body.get("status", "active") in REGISTERED_STATUSES
    ]
    return sorted(homes, key=lambda one: _way(one[1]))


def _way(body: Body) -> tuple[str, int, str]:
    return collation_key(body.get("address") or ""), body.get("number") or 0, name_sort_key(body["head_name"])
