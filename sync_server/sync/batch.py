"""The batch of a request: loaded once, changed in memory by one change after the other, written in bulk at the end."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import sub
from typing import Any

from survey.households import own_fields
from survey.problem_shapes import ProblemDetails
from survey.times import vietnam_year, wire_time
from survey.wire import Verdict
from sync_server.access.caller import Caller
from sync_server.coverage import Counting, count_households, cover, keep_counts
from sync_server.store.attestations import KeptAttestation, save_attestations
from sync_server.store.bulk import as_text
from sync_server.store.cards import Card, CardEvent, add_aliases, add_card_events, delete_aliases, save_cards
from sync_server.store.changes import Arrival, JudgedChange, add_changes
from sync_server.store.database import Session, sent_together
from sync_server.store.differences import Difference, save_differences
from sync_server.store.erasures import Erased, delete_households
from sync_server.store.households import (
    HouseholdChange,
    KeptHousehold,
    add_history,
    save_households,
)
from sync_server.store.joins import KeptJoin, save_joins
from sync_server.store.responses import Visit, add_responses
from sync_server.store.stream import StreamKey, StreamState, save_states
from sync_server.store.villages import KeptVillage

Body = dict[str, Any]


@dataclass(frozen=True)
class Judgement:
    """The verdict on one change. `seq` is the sequence of what it was written to: its subject, or a visit's household.

    `keep_body` is False where the body is stored as a visit.
    """

    verdict: Verdict
    seq: int | None = None
    problem: ProblemDetails | None = None
    household: str | None = None
    keep_body: bool = True


@dataclass
class LoadedHousehold:
    """A household loaded for this batch; whether it has to be written back."""

    kept: KeptHousehold
    seq: int
    is_changed: bool = False


@dataclass
class Batch:
    """Everything that the changes of one or several requests to one commune read and write, in memory.

    `caller` sent the change that is judged now, which was received at `now` (see `turn_to`), by the server's
    clock; `latest` is what may be. `reach` are the villages of all callers.
    `before` has, for each household as it was loaded, its village and what it counted there (`Counter.of`).
    `stood` has the digests of the households' rows as they were loaded, 0 where there was none.
    `moved_out` holds (village, subject) for what has left a village's stream. `successors` maps a merged village to the
    one that stands for it now, `homes` a household to its village. `earlier_visits` are stored visits by id as they
    were sent; `shown` are the answers that a household showed after a visit or a lead's answer, by the id of that.
    `erased` are ids of households that were erased, of those that the changes name. `joins` are those that hold, by the
    household that turned out to be another.
    """

    commune: str
    reach: frozenset[str]
    caller: Caller
    now: datetime
    counting: Counting
    villages: dict[str, KeptVillage] = field(default_factory=dict)
    households: dict[str, LoadedHousehold] = field(default_factory=dict)
    before: dict[str, tuple[str, list[int]]] = field(default_factory=dict)
    stood: dict[StreamKey, int] = field(default_factory=dict)
    moved_out: set[tuple[str, str]] = field(default_factory=set)
    successors: dict[str, str] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    history: dict[str, list[HouseholdChange]] = field(default_factory=dict)
    earlier_visits: dict[str, Body] = field(default_factory=dict)
    shown: dict[str, Body] = field(default_factory=dict)
    attestations: dict[tuple[str, str], KeptAttestation] = field(default_factory=dict)
    differences: dict[str, Difference] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, StreamState] = field(default_factory=dict)
    joins: dict[str, KeptJoin] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    new_history: list[HouseholdChange] = field(default_factory=list)
    new_visits: list[Visit] = field(default_factory=list)
    new_attestations: dict[tuple[str, str], KeptAttestation] = field(default_factory=dict)
    changed_differences: dict[str, Difference] = field(default_factory=dict)
    changed_cards: dict[str, Card] = field(default_factory=dict)
    card_events: list[CardEvent] = field(default_factory=list)
    new_aliases: dict[str, str] = field(default_factory=dict)
    ended_aliases: set[str] = field(default_factory=set)
    changed_joins: dict[str, KeptJoin] = field(default_factory=dict)
    new_erasures: list[Erased] = field(default_factory=list)
    states: dict[tuple[str, str, str], StreamState] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    skew: int = 0

    def turn_to(self, caller: Caller, now: datetime, clock_skew: int = 0) -> None:
        """What is judged from now on was sent by this caller and received then; their clock was so many seconds
        ahead."""
        self.caller, self.now, self.skew = caller, now, clock_skew

    @property
    def latest(self) -> datetime:
        """The latest time that may be now: by the server's clock, or by the sender's where the server's is certainly
        behind, since it says that the round's year has not come."""
        return self.now if vietnam_year(self.now) >= self.counting.year else self.by_either_clock

    @property
    def by_either_clock(self) -> datetime:
        """The later of the server's clock and the sender's."""
        try:
            return self.now + timedelta(seconds=max(0, self.skew))
        except OverflowError:  # a clock at the very end of time
            return self.now

    def next_seq(self, village: str) -> int:
        """Give out the village's next sequence."""
        self.villages[village].seq += 1
        return self.villages[village].seq

    def show(self, village: str, kind: str, subject: str, seq: int, body: Body | None) -> None:
        """Put a subject on the village's stream; a body of None removes it."""
        text = None if body is None else as_text(body)
        self.states[village, kind, subject] = StreamState(village, kind, subject, seq, text)

    def find_household(self, village: str, identity: str) -> LoadedHousehold | None:
        """Find the household that a change names in this village; None if it is unknown or out of reach from here.

        It may live in this village by now, in the one that this was merged into, in one of the caller's, or in any
        other if it moved there from this village.
        """
        identity = self.aliases.get(identity, identity)
        present = self.households.get(identity)
        if present is None or (village, identity) in self.moved_out:
            return present
        near = {village, self.successors.get(village), *self.caller.villages}
        return present if present.kept.village in near else None

    def find_card(self, code: str) -> Card | None:
        """The loaded card with this code."""
        return next((one for one in self.cards.values() if one.code == code), None)

    def add_household(self, village: str, identity: str, body: Body) -> LoadedHousehold:
        present = self.households[identity] = LoadedHousehold(KeptHousehold(identity, village, body), 0)
        self.homes[identity] = village
        return present

    def mark_changed(self, present: LoadedHousehold) -> int:
        """Mark the household to be written, and give it the village's next sequence, which is returned."""
        present.seq = self.next_seq(present.kept.village)
        present.is_changed = True
        self.touched.add(present.kept.village)
        return present.seq

    def move_household(self, present: LoadedHousehold, village: str) -> None:
        """Move the household to another village, with the differences about it. Call `mark_changed` afterwards.

        The new village's sequence is raised to the household's, so that of two states of one household the later one
        has the higher sequence, wherever it lives.
        """
        old, identity = present.kept.village, present.kept.id
        self.show(old, "household", identity, self.next_seq(old), None)
        self.moved_out.add((old, identity))
        self.moved_out.discard((village, identity))
        self.touched.add(old)
        self.villages[village].seq = max(self.villages[village].seq, present.seq)
        present.kept.village = self.homes[identity] = village
        for difference in self.differences.values():
            if difference.household == identity:
                self.show(difference.village, "difference", difference.id, self.next_seq(difference.village), None)
                difference.village = village
                self.show_difference(difference)
        for card in self.cards.values():
            if card.household == identity:
                self.show(card.village, "card", card.id, self.next_seq(card.village), None)
                card.village = village
                self.show_card(card)

    def erase(self, proof: Erased) -> int:
        """Take the household out of the batch and off its village's stream, with the differences about it, and show the
        proof there; the sequence of that is returned."""
        village, identity = proof.village, proof.household
        if self.households.pop(identity, None):
            self.show(village, "household", identity, self.next_seq(village), None)
        for difference in [one for one in self.differences.values() if one.household == identity]:
            self.show(difference.village, "difference", difference.id, self.next_seq(difference.village), None)
            self.differences.pop(difference.id)
            self.changed_differences.pop(difference.id, None)
        seq = self.next_seq(village)
        times = {"requested_at": wire_time(proof.requested_at), "erased_at": wire_time(proof.erased_at)}
        self.show(village, "erasure", identity, seq, times | {"basis": proof.basis, "by": proof.by})
        self.homes.pop(identity, None)
        self.new_visits = [one for one in self.new_visits if one.household != identity]
        self.erased.add(identity)
        self.erased |= {one for one, known in self.aliases.items() if known == identity}
        self.new_aliases = {one: known for one, known in self.new_aliases.items() if known != identity}
        self.new_erasures.append(proof)
        self.touched.add(village)
        return seq

    def note_history(self, present: LoadedHousehold, sent: Body, state: Body, at: datetime) -> None:
        """Add to the household's history: the fields sent, its own fields after that, who wrote them and when.

        The fields are copied: a later visit of the same batch changes the household's body, and must not change this.
        """
        caller, own = self.caller, deepcopy((own_fields(sent), own_fields(state)))
        change = HouseholdChange(
            present.kept.id, present.seq, caller.device, *own, caller.member.name, min(at, self.now)
        )
        self.history.setdefault(present.kept.id, []).append(change)
        self.new_history.append(change)

    def show_card(self, card: Card) -> int:
        """Put a card on its village's stream as it is now; it is to be written."""
        seq = self.next_seq(card.village)
        self.cards[card.id] = self.changed_cards[card.id] = card
        self.show(card.village, "card", card.id, seq, card.to_body())
        return seq

    def show_difference(self, difference: Difference) -> int:
        """Put a difference on its village's stream as it is now, mark it to be written, and return its sequence."""
        seq = self.next_seq(difference.village)
        self.differences[difference.id] = self.changed_differences[difference.id] = difference
        self.show(difference.village, "difference", difference.id, seq, difference.body)
        return seq


def write_batch(session: Session, batch: Batch, judged: list[tuple[Arrival, JudgedChange]]) -> None:
    """Write the results of all changes of the batch, and the judged changes themselves, in a few bulk statements."""
    commune = batch.commune
    changed = [one for one in batch.households.values() if one.is_changed]
    for one in changed:
        batch.show(one.kept.village, "household", one.kept.id, one.seq, one.kept.body)
    save_attestations(session, commune, batch.new_attestations.values())
    covered = cover(session, commune, batch.counting, _count(session, batch), batch.now)
    states = [*batch.states.values(), *covered.states]
    with sent_together(session):
        add_changes(session, judged)
        save_households(session, commune, [one.kept for one in changed])
        add_history(session, commune, batch.new_history)
        save_cards(session, commune, batch.changed_cards.values())
        add_card_events(session, commune, batch.card_events)
        add_aliases(session, commune, batch.new_aliases)
        add_responses(session, commune, batch.new_visits)
        save_differences(session, commune, batch.changed_differences.values())
        save_states(session, commune, batch.villages, states, batch.stood | covered.stood)
    delete_aliases(session, commune, batch.ended_aliases - batch.new_aliases.keys())
    save_joins(session, commune, batch.changed_joins.values())
    delete_households(session, commune, batch.new_erasures)


def _count(session: Session, batch: Batch) -> dict[str, KeptVillage]:
    """Bring the sums over the touched villages' households up to date, and return these villages.

    What changed is added to the sums as they are kept, or as they are counted from the stream if something else was
    counted in them: the stream is still as it was before this batch.
    """
    counter, touched = batch.counting.counter, {village: batch.villages[village] for village in batch.touched}
    stale = [one.id for one in touched.values() if one.counted != counter.basis]
    keep_counts(touched, counter, count_households(session, batch.commune, stale, counter))
    for identity, (village, counts) in batch.before.items():
        present = batch.households.get(identity)
        if present is None or present.is_changed:
            touched[village].counts = list(map(sub, touched[village].counts, counts))
    for one in batch.households.values():
        if one.is_changed:
            counter.add(touched[one.kept.village].counts, one.kept.body)
    return touched
