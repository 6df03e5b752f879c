"""Reading what the changes of a request are about, in a handful of statements however many they are."""

from datetime import datetime
from typing import Any

from survey.records import Outcome
from survey.wire import Change
from sync_server.access.caller import Caller
from sync_server.store.attestations import list_attestations
from sync_server.store.communes import find_criteria_set
from sync_server.store.database import Session
from sync_server.store.differences import list_differences, list_differences_of, list_shown_after_answers
from sync_server.store.households import KeptHousehold, list_history, list_homes
from sync_server.store.responses import list_bodies, list_shown
from sync_server.store.stream import list_states
from sync_server.store.villages import list_sequences_to_write, list_successors
from sync_server.sync.batch import Batch, LoadedHousehold

Body = dict[str, Any]
Wanted = dict[str, set[str]]


def load_batch(session: Session, caller: Caller, changes: list[Change], now: datetime) -> Batch:
    """Read what the changes are about; their villages belong to this writer until the transaction ends."""
    batch = Batch(caller, now)
    _lock(session, batch, {change.village for change in changes} | _targets(changes, caller))
    if any(change.kind != "response" for change in changes):
        _load_successors(session, batch)
    wanted: Wanted = {}
    for change in changes:
        household = change.subject if change.kind == "household" else change.body.get("household")
        if change.kind in {"household", "response"} and isinstance(household, str):
            wanted.setdefault(change.village, set()).add(household)
    _load_answered(session, batch, changes, wanted)
    _load_households(session, batch, wanted)
    _load_differences_that_move(session, batch, changes)
    _load_bases(session, batch, changes)
    if any(change.kind in {"attestation", "resolution"} for change in changes):
        batch.criteria_set = find_criteria_set(session, caller.commune.code)
        found = list_attestations(session, caller.commune.code, batch.sequences)
        batch.attestations = {(one.village, one.criterion): one for one in found}
    return batch


def _lock(session: Session, batch: Batch, villages: set[str]) -> None:
    """Hold the villages' sequences. A village that turns up later may be taken out of order: should two writers then
    wait for each other, PostgreSQL ends one of them, and that device sends the same again."""
    more = villages - batch.sequences.keys()
    if more:
        batch.sequences |= list_sequences_to_write(session, batch.caller.commune.code, more)


def _load_successors(session: Session, batch: Batch) -> None:
    """Which villages stand for those that were merged; what is made for an ended one is made there."""
    batch.successors = list_successors(session, batch.caller.commune.code)
    _lock(session, batch, {batch.successors[one] for one in batch.sequences if one in batch.successors})


def _targets(changes: list[Change], caller: Caller) -> set[str]:
    """The villages that households are to move to, as far as the caller may write there."""
    asked = {str(change.body.get("village")).lower() for change in changes if change.kind == "household"}
    return asked & set(caller.villages)


def _load_answered(session: Session, batch: Batch, changes: list[Change], wanted: Wanted) -> None:
    """The differences that resolutions answer, with both visits of each; their households are wanted too."""
    commune = batch.caller.commune.code
    answers = [change for change in changes if change.kind == "resolution"]
    if not answers:
        return
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
    _lock(session, batch, {one.village for one in differences} | _other_villages(batch))
    visits = {str(one.body.get(key)) for one in differences for key in ("theirs_visit", "mine_visit")}
    batch.earlier_visits |= list_bodies(session, commune, visits)
    batch.shown |= list_shown(session, commune, visits)
    batch.shown |= list_shown_after_answers(session, commune, visits)


def _other_villages(batch: Batch) -> set[str]:
    """Where a household may go back to when two people moved it to different villages."""
    fields = [
        field for one in batch.differences.values() for field in one.body["fields"] if field["path"] == ["village"]
    ]
    return {field[side] for field in fields for side in ("theirs", "mine")} & set(batch.caller.villages)


def _load_households(session: Session, batch: Batch, wanted: Wanted) -> None:
    """The households where the changes say, and those that live elsewhere now: moved, or in a merged village."""
    commune = batch.caller.commune.code
    for village, ids in wanted.items():
        _load_from(session, batch, village, ids)
    elsewhere = {one for ids in wanted.values() for one in ids} - batch.households.keys()
    if not elsewhere:
        return
    if not batch.successors:
        _load_successors(session, batch)
    homes = list_homes(session, commune, elsewhere)
    batch.homes |= homes
    reachable: Wanted = {}
    for village, ids in wanted.items():
        for identity in ids & homes.keys():
            home = homes[identity]
            near = {batch.successors.get(village), *batch.caller.villages}
            if (village, identity) in batch.moved_out or home in near:
                reachable.setdefault(home, set()).add(identity)
    _lock(session, batch, set(reachable))
    for village, ids in reachable.items():
        _load_from(session, batch, village, ids)


def _load_from(session: Session, batch: Batch, village: str, ids: set[str]) -> None:
    states = list_states(session, batch.caller.commune.code, village, "household", ids)
    for identity, state in states.items():
        if state.body is None:
            batch.moved_out.add((village, identity))
            continue
        present = LoadedHousehold(KeptHousehold(identity, village, state.to_body()), state.seq)
        current: Body = present.kept.body.get("current") or {}
        present.had_residents = current.get("outcome") == Outcome.COMPLETED
        batch.households[identity] = present
        batch.homes[identity] = village


def _load_differences_that_move(session: Session, batch: Batch, changes: list[Change]) -> None:
    """Whatever waits for the lead about a household goes along when it moves."""
    moving = {change.subject for change in changes if change.kind == "household" and "village" in change.body}
    moving |= {
        one.household for one in batch.differences.values() if one.household and one.body["about"] == "household"
    }
    if moving:
        found = list_differences_of(session, batch.caller.commune.code, moving)
        batch.differences = {one.id: one for one in found} | batch.differences


def _load_bases(session: Session, batch: Batch, changes: list[Change]) -> None:
    """What later edits and visits are merged against."""
    commune = batch.caller.commune.code
    edited = [change.subject for change in changes if change.kind == "household"]
    batch.history = list_history(session, commune, edited)
    visits = [change for change in changes if change.kind == "response"]
    batch.earlier_visits |= list_bodies(session, commune, [change.subject for change in visits])
    shown_now = {(one.kept.body.get("current") or {}).get("id") for one in batch.households.values()}
    bases = {base for change in visits if isinstance(base := change.body.get("based_on"), str)}
    batch.shown |= list_shown(session, commune, bases - shown_now)
    answers = bases - shown_now - batch.shown.keys()
    if answers:
        batch.shown |= list_shown_after_answers(session, commune, answers)
