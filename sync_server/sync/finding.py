"""The single loads that `loading` and the kinds put together: households wherever they live now, and what is theirs.

Each function loads for all changes of a request at once: the number of SQL statements does not grow with the changes.
"""

from collections.abc import Iterable
from typing import Any

from sync_server.store.attestations import list_attestations
from sync_server.store.cards import list_aliases, list_cards_of
from sync_server.store.database import Session
from sync_server.store.differences import list_differences_of
from sync_server.store.households import KeptHousehold, list_homes
from sync_server.store.stream import list_states
from sync_server.store.villages import list_successors, list_villages_to_write
from sync_server.sync.batch import Batch, LoadedHousehold

Body = dict[str, Any]
Wanted = dict[str, set[str]]
"""Household ids, keyed by the village that the changes name for them."""


def lock_villages(session: Session, batch: Batch, villages: set[str]) -> None:
    """Load the villages and lock them until the transaction ends; other writers of these villages wait.

    A village that is found later may be locked out of order. If two writers then wait for each other, PostgreSQL ends
    one of them, and that device sends the same request again.
    """
    more = villages - batch.villages.keys()
    if more:
        batch.villages |= list_villages_to_write(session, batch.commune, more)


def load_successors(session: Session, batch: Batch) -> None:
    """Load which village stands for each merged one, and lock those that the batch needs: writes go to them."""
    batch.successors = list_successors(session, batch.commune)
    lock_villages(session, batch, {batch.successors[one] for one in batch.villages if one in batch.successors})


def load_households(session: Session, batch: Batch, wanted: Wanted) -> None:
    """Load the changed households, first from the village each change names, then from wherever they moved since."""
    commune = batch.commune
    for village, ids in wanted.items():
        _load_from(session, batch, village, ids)
    elsewhere = {one for ids in wanted.values() for one in ids} - batch.households.keys()
    if not elsewhere:
        return
    if not batch.successors:
        load_successors(session, batch)
    _load_others_of_one(session, batch, wanted, elsewhere)
    homes = list_homes(session, commune, elsewhere - batch.aliases.keys())
    batch.homes |= homes
    reachable: Wanted = {}
    for village, ids in wanted.items():
        for identity in ids & homes.keys():
            home = homes[identity]
            near = {batch.successors.get(village), *batch.reach}
            if (village, identity) in batch.moved_out or home in near:
                reachable.setdefault(home, set()).add(identity)
    lock_villages(session, batch, set(reachable))
    for village, ids in reachable.items():
        _load_from(session, batch, village, ids)


def _load_from(session: Session, batch: Batch, village: str, ids: set[str]) -> None:
    states = list_states(session, batch.commune, village, "household", ids)
    batch.stood |= {(village, "household", identity): 0 for identity in ids}
    for identity, state in states.items():
        batch.stood[state.key] = state.digest
        if state.body is None:
            batch.moved_out.add((village, identity))
            continue
        present = LoadedHousehold(KeptHousehold(identity, village, state.to_body()), state.seq)
        batch.households[identity] = present
        batch.before[identity] = village, batch.counting.counter.of(present.kept.body)
        batch.homes[identity] = village


def _load_others_of_one(session: Session, batch: Batch, wanted: Wanted, elsewhere: set[str]) -> None:
    """Load the households that some of these turned out to be: they may be told of from where those have left."""
    aliases = list_aliases(session, batch.commune, elsewhere)
    batch.aliases |= aliases
    if aliases:
        left = {(village, aliases[one]) for village, one in batch.moved_out if one in aliases}
        batch.moved_out |= left
        known = {village: {aliases[one] for one in ids & aliases.keys()} for village, ids in wanted.items()}
        load_households(session, batch, {village: ids for village, ids in known.items() if ids})


def load_cards_of(session: Session, batch: Batch, households: Iterable[str]) -> None:
    """Load the cards that are bound to households that may move or lose one."""
    ids = set(households)
    if ids:
        found = list_cards_of(session, batch.commune, ids)
        batch.cards = {one.id: one for one in found} | batch.cards


def load_differences_of(session: Session, batch: Batch, households: Iterable[str]) -> None:
    """Load the differences about households that may move, because they move with them."""
    ids = set(households)
    if ids:
        found = list_differences_of(session, batch.commune, ids)
        batch.differences = {one.id: one for one in found} | batch.differences


def load_attestations(session: Session, batch: Batch) -> None:
    """Load the present attestations of the batch's villages."""
    found = list_attestations(session, batch.commune, batch.villages)
    batch.attestations = {(one.village, one.criterion): one for one in found}
