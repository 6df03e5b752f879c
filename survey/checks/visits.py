"""A visit as the checks read it, and what they find."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from survey.records import AnswerValue, Outcome


class Check(StrEnum):
    """What notices something."""

    PACE = "pace"
    SHORT = "short"
    ALIKE = "alike"
    SAME_FAMILY = "same_family"
    FEW_NO = "few_no"
    UNKNOWNS = "unknowns"
    ROUND_YEARS = "round_years"
    NOT_MET = "not_met"
    NO_CHANGE = "no_change"
    VNEID_BACK = "vneid_back"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Person:
    """A resident of a visit."""

    id: str
    relation: str
    birth_year: int
    sex: str
    answers: Mapping[str, AnswerValue]


@dataclass(frozen=True, slots=True)
class Told:
    """What a household told, at a visit or before it."""

    people: tuple[Person, ...] = ()
    answers: Mapping[str, AnswerValue] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many answers there are."""
        return sum(len(one.answers) for one in self.people) + len(self.answers)


@dataclass(frozen=True, slots=True)
class CheckedVisit:
    """A visit by the server's clock. `before` is what its form was filled in from, None for a first visit."""

    id: str
    member: str
    village: str
    household: str
    outcome: str
    started_at: datetime
    ended_at: datetime
    told: Told
    before: Told | None = None

    @property
    def seconds(self) -> float:
        return (self.ended_at - self.started_at).total_seconds()

    @property
    def is_met(self) -> bool:
        return self.outcome == Outcome.COMPLETED


@dataclass(frozen=True, slots=True)
class Flag:
    """What a check found in a member's visits. `visits` are in the order of time; `evidence` has the plain numbers that
    its words need."""

    check: Check
    member: str
    village: str
    visits: tuple[str, ...]
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The same for the same check of the same visits."""
        return sha256("|".join((self.check.value, *sorted(self.visits))).encode()).hexdigest()[:32]


def read_visit(
    identity: str,
    member: str,
    village: str,
    body: Mapping[str, Any],
    *,
    clock_skew: int = 0,
    before: Mapping[str, Any] | None = None,
) -> CheckedVisit:
    """A visit from its body as it was sent (see `ResponseBody`). `clock_skew` is how many seconds the phone's clock was
    ahead; `before` is the body that the form was filled in from."""
    started, ended = (_by_the_server(body[name], clock_skew) for name in ("started_at", "ended_at"))
    earlier = None if before is None or before.get("outcome") != Outcome.COMPLETED else read_told(before)
    where = (identity, member, village, body["household"], body["outcome"])
    return CheckedVisit(*where, started, ended, read_told(body), earlier)


def read_told(body: Mapping[str, Any]) -> Told:
    """Who lives there and what was answered."""
    people = tuple(
        Person(one["id"], one.get("relation") or "other", one["birth_year"], one["sex"], one.get("answers") or {})
        for one in body.get("residents") or ()
    )
    return Told(people, body.get("answers") or {})


def _by_the_server(text: str, clock_skew: int) -> datetime:
    at = datetime.fromisoformat(text)
    try:
        return at - timedelta(seconds=clock_skew)
    except OverflowError:  # a clock at the very end of time
        return at
