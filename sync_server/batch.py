"""What one request works on: read once, changed in memory by one change after the other, written in bulk at the end."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from survey.criteria import CriteriaSet
from survey.merge import FieldDifference
from survey.problems import ProblemDetails
from survey.records import Outcome
from survey.wire import Change, Verdict
from sync_server.access import Caller
from sync_server.store.attestations import KeptAttestation, list_attestations, save_attestations
from sync_server.store.bulk import as_text
from sync_server.store.communes import find_criteria_set
from sync_server.store.database import Session
from sync_server.store.differences import Difference, add_differences
from sync_server.store.households import (
    HouseholdChange,
    KeptHousehold,
    add_history,
    list_history,
    list_homes,
    save_households,
    save_residents,
)
from sync_server.store.responses import Visit, add_responses, list_bodies, list_shown
from sync_server.store.stream import StreamState, list_states, save_states
from sync_server.store.villages import list_sequences_to_write, save_sequences

Body = dict[str, Any]
_VIETNAM = timedelta(hours=7)


@dataclass(frozen=True)
class Judgement:
    """What became of one change; `seq` is that of its subject (for a visit: of the household) afterwards."""

    verdict: Verdict
    seq: int | None = None
    problem: ProblemDetails | None = None
    household: str | None = None
    keep_body: bool = True


@dataclass
class Present:
    """A household as it is now, its sequence, and what of it must be written."""

    kept: KeptHousehold
    seq: int
    had_residents: bool = False
    is_changed: bool = False
    is_counted_anew: bool = False


@dataclass
class Batch:
    """The state that some changes of one caller need, and what they made of it."""

    caller: Caller
    now: datetime
    sequences: dict[str, int] = field(default_factory=dict)
    households: dict[tuple[str, str], Present] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    history: dict[str, list[HouseholdChange]] = field(default_factory=dict)
    earlier_visits: dict[str, Body] = field(default_factory=dict)
    shown: dict[str, Body] = field(default_factory=dict)
    attestations: dict[tuple[str, str], KeptAttestation] = field(default_factory=dict)
    criteria_set: CriteriaSet | None = None
    new_history: list[HouseholdChange] = field(default_factory=list)
    new_visits: list[Visit] = field(default_factory=list)
    new_attestations: dict[tuple[str, str], KeptAttestation] = field(default_factory=dict)
    new_differences: list[Difference] = field(default_factory=list)
    states: dict[tuple[str, str, str], StreamState] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    @property
    def year(self) -> int:
        """The year that it is in Vietnam."""
        return (self.now + _VIETNAM).year

    def next_seq(self, village: str) -> int:
        """The village's next sequence."""
        self.sequences[village] += 1
        return self.sequences[village]

    def show(self, village: str, kind: str, subject: str, seq: int, body: Body | None) -> None:
        """Put a subject on the stream."""
        text = None if body is None else as_text(body)
        self.states[village, kind, subject] = StreamState(village, kind, subject, seq, text)

    def add_household(self, village: str, identity: str, body: Body) -> Present:
        present = self.households[village, identity] = Present(KeptHousehold(identity, village, body), 0)
        self.homes[identity] = village
        return present

    def mark_changed(self, present: Present, *, counted_anew: bool = False) -> int:
        """The household is to be written, with the village's next sequence."""
        present.seq = self.next_seq(present.kept.village)
        present.is_changed = True
        present.is_counted_anew |= counted_anew
        self.touched.add(present.kept.village)
        return present.seq

    def note_history(self, present: Present, sent: Body, state: Body) -> None:
        """Remember the household's own fields as they are from its present sequence on."""
        change = HouseholdChange(present.kept.id, present.seq, self.caller.device, sent, state)
        self.history.setdefault(present.kept.id, []).append(change)
        self.new_history.append(change)

    def note_difference(
        self, change: Change, household: str | None, fields: tuple[FieldDifference, ...], more: Body
    ) -> None:
        """Put a difference to the lead: kept, and shown on the village's stream."""
        body = {
            "state": "open",
            "about": change.kind,
            "household": household,
            "fields": [{"path": list(one.path), "theirs": one.theirs, "mine": one.mine} for one in fields],
            "mine_by": self.caller.member.name,
            "found_at": self.now.isoformat().replace("+00:00", "Z"),
        } | more
        self.new_differences.append(Difference(change.id, change.village, household, self.now, body))
        self.show(change.village, "difference", change.id, self.next_seq(change.village), body)


def load_batch(session: Session, caller: Caller, changes: list[Change], now: datetime) -> Batch:
    """Read what the changes are about; their villages belong to this writer until the transaction ends."""
    commune = caller.commune.code
    batch = Batch(caller, now)
    batch.sequences = list_sequences_to_write(session, commune, {change.village for change in changes})
    wanted: dict[str, set[str]] = {}
    for change in changes:
        household = change.subject if change.kind == "household" else change.body.get("household")
        if change.kind in {"household", "response"} and isinstance(household, str):
            wanted.setdefault(change.village, set()).add(household)
    for village, ids in wanted.items():
        _load_households(session, commune, batch, village, ids)
    edited = [change.subject for change in changes if change.kind == "household"]
    batch.homes |= list_homes(session, commune, [one for one in edited if one not in batch.homes])
    batch.history = list_history(session, commune, edited)
    visits = [change for change in changes if change.kind == "response"]
    batch.earlier_visits = list_bodies(session, commune, [change.subject for change in visits])
    shown_now = {(one.kept.body.get("current") or {}).get("id") for one in batch.households.values()}
    bases = {base for change in visits if isinstance(base := change.body.get("based_on"), str)}
    batch.shown = list_shown(session, commune, bases - shown_now)
    if any(change.kind == "attestation" for change in changes):
        batch.criteria_set = find_criteria_set(session, commune)
        found = list_attestations(session, commune, batch.sequences)
        batch.attestations = {(one.village, one.criterion): one for one in found}
    return batch


def _load_households(session: Session, commune: str, batch: Batch, village: str, ids: set[str]) -> None:
    for identity, state in list_states(session, commune, village, "household", ids).items():
        if state.body is not None:
            present = Present(KeptHousehold(identity, village, state.to_body()), state.seq)
            current: Body = present.kept.body.get("current") or {}
            present.had_residents = current.get("outcome") == Outcome.COMPLETED
            batch.households[village, identity] = present
            batch.homes[identity] = village


def write_batch(session: Session, batch: Batch) -> None:
    """Write everything that the changes made, a few statements for all of them."""
    commune = batch.caller.commune.code
    changed = [one for one in batch.households.values() if one.is_changed]
    for one in changed:
        batch.show(one.kept.village, "household", one.kept.id, one.seq, one.kept.body)
    save_sequences(session, commune, batch.sequences)
    save_households(session, commune, [one.kept for one in changed])
    recounted = [one for one in changed if one.is_counted_anew]
    replaced = [one.kept.id for one in recounted if one.had_residents]
    save_residents(session, commune, [one.kept for one in recounted], replaced)
    add_history(session, commune, batch.new_history)
    add_responses(session, commune, batch.new_visits)
    save_attestations(session, commune, batch.new_attestations.values())
    add_differences(session, commune, batch.new_differences)
    save_states(session, commune, batch.states.values())
