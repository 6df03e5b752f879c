"""Two entries of the list that are one household: the other one leaves the stream, and what is sent about it is about
the kept one. It can be undone; no visit is lost by either."""

from copy import deepcopy
from datetime import datetime

from pydantic import ValidationError

from survey.bounds import check_unknown
from survey.households import own_fields
from survey.joining import Join, joined, parted
from survey.problem_shapes import FieldProblem, describe
from survey.problems import FIELDS_INVALID, HOUSEHOLD_UNKNOWN, JOIN_MOVED_ON, OUT_OF_SCOPE
from survey.roles import Action
from survey.wire import Change
from sync_server.problems import field_problems
from sync_server.store.cards import list_aliases_of, list_cards
from sync_server.store.database import Session
from sync_server.store.households import list_history
from sync_server.store.joins import KeptJoin, list_joins
from sync_server.sync.batch import Batch, Judgement, LoadedHousehold
from sync_server.sync.cards import bind
from sync_server.sync.finding import Wanted, load_cards_of, load_differences_of, lock_villages
from sync_server.sync.kinds.kind import Kind


def judge_join(batch: Batch, change: Change) -> Judgement:
    """Make one household of two, or two again of one."""
    try:
        sent = Join.model_validate(change.body)
    except ValidationError as error:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, field_problems(error.errors())))
    problems = check_unknown(sent)
    if sent.household == sent.other:
        problems.append(FieldProblem(pointer="/other", detail="Chọn hai hộ khác nhau."))
    if problems:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, problems))
    kept, other = (batch.find_household(change.village, one) for one in (sent.household, sent.other))
    if kept is None or other is None:
        return Judgement("held", problem=describe(HOUSEHOLD_UNKNOWN), household=sent.household)
    if sent.undo:
        return _part(batch, change, sent, kept)
    if kept is other:
        return Judgement("merged", kept.seq, household=kept.kept.id)
    return _join(batch, change, kept, other)


def _join(batch: Batch, change: Change, kept: LoadedHousehold, other: LoadedHousehold) -> Judgement:
    identity, village = other.kept.id, other.kept.village
    before, other_body = deepcopy((kept.kept.body, other.kept.body))
    aliases = [one for one, known in batch.aliases.items() if known == identity]
    for one in (identity, *aliases):
        batch.aliases[one] = batch.new_aliases[one] = kept.kept.id
    after = joined(before, other_body)
    cards = _take_cards(batch, change, identity, kept)
    if "card" in other_body and cards and "card" not in after:
        after["card"] = other_body["card"]
    _hide_differences(batch, identity)
    batch.show(village, "household", identity, batch.next_seq(village), None)
    batch.households.pop(identity)
    batch.homes.pop(identity, None)
    batch.moved_out |= {(village, identity), (village, kept.kept.id)}
    batch.touched.add(village)
    _show(batch, change, kept, after)
    batch.joins[identity] = batch.changed_joins[change.subject] = KeptJoin(
        change.subject,
        kept.kept.id,
        identity,
        village,
        batch.caller.member.name,
        _when(batch, change),
        before,
        deepcopy(after),
        other_body,
        cards,
        aliases,
    )
    return Judgement("applied", kept.seq, household=kept.kept.id)


def _part(batch: Batch, change: Change, sent: Join, kept: LoadedHousehold) -> Judgement:
    join = batch.joins.get(sent.other)
    if join is None and kept.kept.id == sent.household and sent.other in batch.households:
        return Judgement("merged", kept.seq, household=kept.kept.id)
    if join is None or join.kept != sent.household or kept.kept.id != join.kept:
        return Judgement("invalid", problem=describe(JOIN_MOVED_ON), household=kept.kept.id)
    village = batch.successors.get(join.other_village, join.other_village)
    if village not in {batch.successors.get(change.village, change.village), *batch.caller.villages}:
        return Judgement("held", problem=describe(OUT_OF_SCOPE), household=kept.kept.id)
    del batch.joins[join.other]
    for one in (join.other, *join.aliases):
        batch.aliases.pop(one, None)
        batch.new_aliases.pop(one, None)
    batch.ended_aliases.add(join.other)
    for one in join.aliases:
        batch.aliases[one] = batch.new_aliases[one] = join.other
    batch.moved_out.discard((village, join.other))
    other = batch.add_household(village, join.other, deepcopy(join.other_body))
    _give_cards_back(batch, change, join, other)
    for difference in [one for one in batch.differences.values() if one.household == join.other]:
        difference.village = village
        batch.show_difference(difference)
    batch.mark_changed(other)
    _show(batch, change, kept, parted(kept.kept.body, join.before, join.after))
    join.undone_by, join.undone_at = batch.caller.member.name, _when(batch, change)
    batch.changed_joins[join.id] = join
    return Judgement("applied", kept.seq, household=kept.kept.id)


def _when(batch: Batch, change: Change) -> datetime:
    return min(change.captured_at, batch.now)


def _show(batch: Batch, change: Change, kept: LoadedHousehold, body: dict[str, object]) -> None:
    """Let the kept household show this, and keep in its history which of its own fields became others."""
    was, own = own_fields(kept.kept.body), own_fields(body)
    kept.kept.body = body
    batch.mark_changed(kept)
    sent = {key: own.get(key) for key in {*was, *own} if was.get(key) != own.get(key)}
    if sent:
        batch.note_history(kept, sent, own, change.captured_at)


def _take_cards(batch: Batch, change: Change, other: str, kept: LoadedHousehold) -> list[str]:
    """The other one's cards lead to the kept one: at one door both may be stuck."""
    taken = [one for one in batch.cards.values() if one.household == other]
    for card in taken:
        if card.village != kept.kept.village:
            batch.show(card.village, "card", card.id, batch.next_seq(card.village), None)
            card.village = kept.kept.village
        bind(batch, change, card.village, card.code, kept.kept.id)
    return [one.id for one in taken]


def _give_cards_back(batch: Batch, change: Change, join: KeptJoin, other: LoadedHousehold) -> None:
    """Those that still lead to the kept one; a card that was given away or revoked since is not shown any more."""
    for card in [batch.cards[one] for one in join.cards if one in batch.cards]:
        if card.household == join.kept:
            if card.village != other.kept.village:
                batch.show(card.village, "card", card.id, batch.next_seq(card.village), None)
                card.village = other.kept.village
            bind(batch, change, card.village, card.code, join.other)
        elif other.kept.body.get("card") == card.code:
            del other.kept.body["card"]


def _hide_differences(batch: Batch, other: str) -> None:
    """The differences about the other one leave the stream; they are there again if this is undone."""
    for one in batch.differences.values():
        if one.household == other:
            batch.show(one.village, "difference", one.id, batch.next_seq(one.village), None)


def _find_households(session: Session, batch: Batch, changes: list[Change]) -> Wanted:
    """Load the joins that hold; the households are the two that each change names."""
    named = {change.id: _named(change) for change in changes}
    found = list_joins(session, batch.commune, set().union(*named.values()))
    batch.joins |= {one.other: one for one in found if not one.is_undone}
    villages = {one.other_village for one in batch.joins.values()}
    lock_villages(session, batch, {batch.successors.get(one, one) for one in villages})
    wanted: Wanted = {}
    for change in changes:
        wanted.setdefault(change.village, set()).update(named[change.id])
    return wanted


def _load(session: Session, batch: Batch, changes: list[Change]) -> None:
    """Load what goes along: cards, differences, and what had turned out to be one of the households before."""
    both = set().union(*(_named(change) for change in changes))
    load_cards_of(session, batch, batch.households.keys() | both)
    gone = {card for one in batch.joins.values() for card in one.cards} - batch.cards.keys()
    batch.cards |= {one.id: one for one in list_cards(session, batch.commune, gone)}
    load_differences_of(session, batch, both)
    batch.aliases |= list_aliases_of(session, batch.commune, both)
    batch.history |= list_history(session, batch.commune, both & batch.households.keys())


def _named(change: Change) -> set[str]:
    said = (change.body.get("household"), change.body.get("other"))
    return {one.lower() for one in said if isinstance(one, str)}


JOIN = Kind(Action.REVIEW_VISIT, judge_join, _find_households, _load)
