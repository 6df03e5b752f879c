"""An erasure: a family asks that nothing of theirs is kept. All of it goes, on every phone too; the proof stays."""

from pydantic import ValidationError

from survey.bounds import check_unknown
from survey.free_text import check_texts
from survey.problem_shapes import describe
from survey.problems import FIELDS_INVALID, HOUSEHOLD_UNKNOWN
from survey.records import Erasure
from survey.roles import Action
from survey.wire import Change
from sync_server.problems import field_problems
from sync_server.store.database import Session
from sync_server.store.erasures import Erased
from sync_server.sync.batch import Batch, Judgement
from sync_server.sync.cards import unbind
from sync_server.sync.finding import Wanted, load_cards_of, load_differences_of
from sync_server.sync.kinds.kind import Kind


def judge_erasure(batch: Batch, change: Change) -> Judgement:
    """Take the household off its village's stream and leave the proof there; its rows go when the batch is written."""
    try:
        sent = Erasure.model_validate(change.body)
    except ValidationError as error:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, field_problems(error.errors())))
    if problems := check_texts(sent) + check_unknown(sent):
        return Judgement("invalid", problem=describe(FIELDS_INVALID, problems))
    present = batch.find_household(change.village, sent.household)
    if present is None and sent.household in batch.homes:
        return Judgement("held", problem=describe(HOUSEHOLD_UNKNOWN), household=sent.household)
    # One that never came here, or went with a restored backup, is not taken in later either.
    identity = present.kept.id if present else sent.household
    village = present.kept.village if present else batch.successors.get(change.village, change.village)
    for card in [one for one in batch.cards.values() if one.household == identity]:
        unbind(batch, change, card)
    who = batch.caller.member
    asked = min(sent.requested_at, batch.now)
    proof = Erased(identity, village, asked, batch.now, who.id, who.name, sent.basis, change.id)
    return Judgement("applied", batch.erase(proof), household=identity)


def _find_households(_session: Session, _batch: Batch, changes: list[Change]) -> Wanted:
    wanted: Wanted = {}
    for change in changes:
        household = change.body.get("household")
        if isinstance(household, str):
            wanted.setdefault(change.village, set()).add(household)
    return wanted


def _load(session: Session, batch: Batch, _changes: list[Change]) -> None:
    """Load what else speaks of the households, under the ids that they have."""
    load_differences_of(session, batch, batch.households)
    load_cards_of(session, batch, batch.households)


ERASURE = Kind(Action.ERASE_HOUSEHOLD, judge_erasure, _find_households, _load)
