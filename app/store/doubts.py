"""Doubts as this device has them: what was noticed about some visits, for the lead to look at and for who made them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.store.rows import HouseholdRow, OutboxRow
from app.store.stream import find_stream_body, list_homes, list_subjects
from survey.asked_again import AskedAgain, asked_homes, count_asked
from survey.doubts import Doubt
from survey.records import Household

_TAKEN = ("waiting", "confirmed")
_NO_QUESTION = frozenset({"held", "aside"})
"""What waits for an official or a lead, whoever sent it."""


@dataclass(frozen=True)
class DoubtHere:
    """A doubt with its village and sequence. `sent` is what this device has asked to be done about it since, if
    anything; it shows until the server has answered."""

    id: str
    village: str
    seq: int
    doubt: Doubt
    sent: str = ""


def list_open_doubts(session: Session, villages: Iterable[str]) -> list[DoubtHere]:
    """The open doubts of the villages, the oldest first."""
    sent = _sent_from_here(session)
    found = []
    for village, identity, seq, body in list_subjects(session, "doubt", villages):
        doubt = Doubt.model_validate(body)
        if doubt.is_open:
            found.append(DoubtHere(identity, village, seq, doubt, _step(sent, identity, seq)))
    return sorted(found, key=lambda one: (one.doubt.found_at, one.id))


def list_asked_of(session: Session, member: str, villages: Iterable[str]) -> list[DoubtHere]:
    """The open doubts about this person's visits that they have not said anything about yet."""
    return [
        one
        for one in list_open_doubts(session, villages)
        if one.doubt.member == member
        and one.sent != "explain"
        and one.doubt.check not in _NO_QUESTION
        and not _explained(one)
    ]


def list_doubts_of(
    session: Session, household: str, villages: Iterable[str], whose: str | None = None
) -> list[DoubtHere]:
    """The open doubts that name the household, the oldest first: everybody's, or of `whose` visits. What the server
    holds of somebody's is no question to them."""
    return [
        one
        for one in list_open_doubts(session, villages)
        if household in one.doubt.households
        and (whose is None or (one.doubt.member == whose and one.doubt.check not in _NO_QUESTION))
    ]


def find_doubt(session: Session, identity: str) -> DoubtHere | None:
    """The doubt as the server last sent it."""
    found = find_stream_body(session, "doubt", identity)
    home = list_homes(session, "doubt", [identity]).get(identity)
    if found is None or home is None:
        return None
    return DoubtHere(
        identity, home[0], found[0], Doubt.model_validate(found[1]), _step(_sent_from_here(session), identity, found[0])
    )


def count_asked_here(session: Session, doubt: Doubt) -> AskedAgain:
    """How many of its households have been visited since somebody had them asked again, as far as the server has told
    this device."""
    homes = list_homes(session, "household", asked_homes(doubt))
    return count_asked(doubt, {home: Household.model_validate(body) for home, (_village, body) in homes.items()})


def list_heads(session: Session, households: Iterable[str]) -> list[tuple[str, str]]:
    """The households that are on this device, with their heads' names, in the order in which they are named."""
    wanted = list(households)
    query = select(HouseholdRow.id, HouseholdRow.head_name).where(col(HouseholdRow.id).in_(wanted))
    names: dict[str, str] = dict(session.exec(query).all())
    return [(one, names[one]) for one in wanted if one in names]


def _explained(one: DoubtHere) -> bool:
    """Whether the person has said something, and nobody has asked anew since."""
    return any(step.step == "explain" and step.member == one.doubt.member for step in one.doubt.steps)


def _sent_from_here(session: Session) -> dict[str, tuple[int, str]]:
    """For each doubt, the sequence that was seen and the step of the last change that this device made."""
    query = (
        select(OutboxRow.subject, OutboxRow.seen, OutboxRow.body)
        .where(OutboxRow.kind == "doubt", col(OutboxRow.state).in_(_TAKEN))
        .order_by(col(OutboxRow.device_seq))
    )
    return {subject: (seen, json.loads(body)["step"]) for subject, seen, body in session.exec(query).all()}


def _step(sent: dict[str, tuple[int, str]], identity: str, seq: int) -> str:
    seen, step = sent.get(identity, (-1, ""))
    return step if seen == seq else ""
