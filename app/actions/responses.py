"""Visiting a household: begin or go on with a form, keep every tap, finish it and queue it for the server."""

from dataclasses import dataclass
from datetime import datetime

from app.actions.ids import new_id
from app.store.database import Database, Session
from app.store.households import find_household, save_own_household
from app.store.outbox import add_to_outbox, find_returned_visit, mark_replaced
from app.store.responses import add_response, delete_draft, find_draft, save_draft
from app.store.rounds import find_latest_round
from app.store.splits import find_kin
from app.store.stream import list_stream_bodies
from app.store.sync_state import SignedIn, find_sign_in
from survey.criteria import CriteriaSet, form_for
from survey.drafts import ResponseDraft, reopen, start_draft, with_consent_of_today
from survey.finishing import finish
from survey.problem_shapes import FieldProblem
from survey.questions import SurveyForm
from survey.records import Outcome, SurveyRound
from survey.splitting import NO_KIN


class AnswersIncomplete(Exception):
    """The form cannot be finished; `problems` says field by field what is missing or impossible."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__(f"{len(problems)} fields")
        self.problems = problems


class NotReady(Exception):
    """The device does not have what this needs: the household, the round, the criteria set, or a person signed in."""


@dataclass(frozen=True)
class Campaign:
    """The present round, its criteria set, and the form that follows from it. Ages are counted for the round's year."""

    round: SurveyRound
    form: SurveyForm
    criteria_set: CriteriaSet


def find_campaign(database: Database) -> Campaign:
    """The present round with its form. Raises `NotReady` before the first sync."""
    with database.read() as session:
        latest = find_latest_round(session)
        sets = [CriteriaSet.model_validate(body) for body in list_stream_bodies(session, "criteria_set")]
    if latest is None:
        raise NotReady
    criteria_set = next((one for one in sets if one.code == latest.criteria_set), None)
    if criteria_set is None:
        raise NotReady
    return Campaign(latest, form_for(criteria_set), criteria_set)


def open_draft(database: Database, now: datetime, household: str, campaign: Campaign) -> ResponseDraft:
    """The form for a household: this person's draft if there is one, else a new one filled from the shown answers.
    Consent of another day is asked again. Raises `NotReady`."""
    with database.read() as session:
        member = _who(session)
        draft = find_draft(session, household, member.member_id)
        found = find_household(session, household)
        kin = find_kin(session, household, found[2]) if found else NO_KIN
    if draft is not None:
        return with_consent_of_today(draft, now, member.since)
    if found is None:
        raise NotReady
    seq, village, record = found
    return start_draft(household, village, record, seq, campaign.round, campaign.form, now, kin)


def _who(session: Session) -> SignedIn:
    member = find_sign_in(session)
    if member is None:
        raise NotReady
    return member


def keep_draft(database: Database, now: datetime, draft: ResponseDraft) -> None:
    """Save the draft for the person who is signed in. Raises `NotReady` if nobody is."""
    with database.write() as session:
        save_draft(session, draft, _who(session), now)


def reopen_response(database: Database, now: datetime, change: str) -> ResponseDraft:
    """Turn a visit that the server judged invalid back into a draft; recording that draft replaces the visit.

    If this person already has a draft for the household, it is returned instead, as the later work. Consent is asked
    again unless it was given today to this person. Raises `NotReady` if this device has no such visit.
    """
    with database.write() as session:
        member = _who(session)
        returned = find_returned_visit(session, change)
        if returned is None:
            raise NotReady
        village, seen, response = returned
        draft = find_draft(session, response.household, member.member_id)
        if draft is None:
            found = find_household(session, response.household)
            draft = reopen(response, village, found[2] if found else None, seen)
            save_draft(session, draft, member, now)
    return with_consent_of_today(draft, now, member.since)


def discard_draft(database: Database, household: str, member: str) -> None:
    """Delete the draft that this member has for a household."""
    with database.write() as session:
        delete_draft(session, household, member)


def record_response(database: Database, now: datetime, draft: ResponseDraft, campaign: Campaign) -> str:
    """Save a finished visit and queue it for the server in one transaction; returns the id of the visit.

    Raises `AnswersIncomplete` with the fields at fault, or `NotReady` if nobody is signed in. The draft then stays.
    """
    response, problems = finish(draft, campaign.form, campaign.round, now)
    if response is None:
        raise AnswersIncomplete(problems)
    identity = new_id(now)
    with database.write() as session:
        add_response(session, identity, response, now)
        delete_draft(session, draft.household, _who(session).member_id)
        mark_replaced(session, draft.household)
        add_to_outbox(
            session,
            identity=new_id(now),
            kind="response",
            subject=identity,
            household=draft.household,
            village=draft.village,
            captured_at=now,
            seen=draft.seen,
            body=response.model_dump(mode="json"),
        )
        save_own_household(session, draft.household, draft.village)
    return identity


def end_visit(database: Database, now: datetime, draft: ResponseDraft, outcome: Outcome, campaign: Campaign) -> str:
    """Record a visit that got no answers (absent, refused, vacant or moved), as `record_response` does."""
    return record_response(database, now, draft.end_as(outcome), campaign)


def end_at_the_door(database: Database, now: datetime, household: str, outcome: Outcome) -> str:
    """Record a visit that ended before any question: nobody was met, or the family refused. What was begun for this
    household is given up with it. Raises `NotReady`."""
    campaign = find_campaign(database)
    draft = open_draft(database, now, household, campaign)
    if outcome is Outcome.REFUSED:
        draft = draft.agree(False, now)
    return end_visit(database, now, draft, outcome, campaign)
