"""The nouns of the survey as frozen records, which are also the wire form. Rows for storage live in the two stores.

Unknown fields are kept (`extra="allow"`), so that a newer phone's work passes through an older program whole.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from survey.ids import Id
from survey.roles import Role
from survey.vietnamese import clean


def _clean(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


CLEANED = BeforeValidator(_clean)
"""What makes a field free text: see `survey.free_text`."""
Text = Annotated[str, CLEANED, Field(max_length=500)]
Name = Annotated[str, CLEANED, Field(min_length=1, max_length=120)]
AnswerValue = str | int | None
EARLIEST_BIRTH_YEAR = 1900


class Record(BaseModel):
    """A frozen value that keeps fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="allow")


class HouseholdStatus(StrEnum):
    ACTIVE = "active"
    MOVED = "moved"
    VACANT = "vacant"
    REFUSED = "refused"


REGISTERED_STATUSES = frozenset({HouseholdStatus.ACTIVE, HouseholdStatus.REFUSED})
"""Households that count as registered: there is somebody behind the door, also when they decline."""
LEFT_STATUSES = frozenset(HouseholdStatus) - REGISTERED_STATUSES
"""Households that are not counted: they moved away, or the house stands empty."""


class Outcome(StrEnum):
    """How a visit ended. Refused and absent are normal ends."""

    COMPLETED = "completed"
    REFUSED = "refused"
    ABSENT = "absent"
    VACANT = "vacant"
    MOVED = "moved"


class Commune(Record):
    """A commune-level unit (xã, phường, đặc khu) by its official 5-digit code, kept as text (QĐ 19/2025/QĐ-TTg)."""

    code: str
    name: Name
    kind: Text = "xã"


class Village(Record):
    """A village (thôn, bản, ấp, tổ dân phố ...): own id, since no official codes exist."""

    id: Id
    name: Name
    kind: Text = "thôn"


class FormerVillage(Record):
    """A village that another one was made of, by a merger or a split."""

    id: Id
    name: Name
    how: Annotated[str, Field(pattern="^(merge|split)$")]
    at: AwareDatetime


class VillageState(Village):
    """A village on its own stream. One that was merged into another has ended: `into` says where everything went."""

    into: Village | None = None
    ended_at: AwareDatetime | None = None
    came_from: list[FormerVillage] = []


class TeamMember(Record):
    """A person who signs in: member, lead or official."""

    id: Id
    name: Name
    role: Role


class Household(Record):
    """A household as its village knows it. `phone` is E.164; `number` the line in the village's list; `current` the
    present answers (see `ResponseBody`), None until somebody was asked. `left_at` is when it was found to have
    moved or to stand empty, None while it is there, and where nobody knows."""

    head_name: Name
    address: Text = ""
    phone: str | None = None
    status: HouseholdStatus = HouseholdStatus.ACTIVE
    assigned_to: Id | None = None
    card: str | None = None
    number: int | None = None
    current: dict[str, Any] | None = None
    visited_at: AwareDatetime | None = None
    visited_by: Text | None = None
    left_at: AwareDatetime | None = None
    ask_again: "AskAgain | None" = None


class AskAgain(Record):
    """The lead wants this household visited once more, for these questions; the next one that meets them ends it."""

    by: Text = ""
    at: AwareDatetime
    keys: list[str] = []
    note: Text = ""


class Consent(Record):
    """What the household said to being asked: never ticked in advance; `wording` is the version that was read out."""

    given: bool
    wording: Text
    method: Text = "spoken"
    at: AwareDatetime


RELATIONS = frozenset({"head", "spouse", "child", "parent", "other"})
"""What a resident may be to the head of the household."""


class Resident(Record):
    """One person living in the household at the visit. Only the birth year is kept; names of under-16s never.
    `relation` is one of `RELATIONS`, which is checked where a visit comes in."""

    id: Id
    relation: Text = "other"
    birth_year: int
    sex: Annotated[str, Field(pattern="^[mf]$")]
    name: Text | None = None
    answers: dict[str, AnswerValue] = {}

    def age_in(self, year: int) -> int:
        return year - self.birth_year


class Departure(StrEnum):
    """Why somebody who was there last time is not on the list any more."""

    MOVED_AWAY = "moved_away"
    DIED = "died"
    MISTAKE = "mistake"


class LeftResident(Record):
    """Somebody who was on the last visit's list and was taken off it in this one, and why. No name is kept of them.

    `by` and `at` say who found it and when, where that is not the visit that they stand in: see `take_visit`.
    """

    id: Id
    relation: Text = "other"
    birth_year: int | None = None
    sex: Annotated[str, Field(pattern="^[mf]$")] | None = None
    reason: Departure
    by: Text | None = None
    at: AwareDatetime | None = None


class ResponseBody(Record):
    """One visit to one household; never changed afterwards. `based_on` is the response the form was filled from, `left`
    who was in that one and lives there no more."""

    household: Id
    round: Id
    based_on: Id | None = None
    outcome: Outcome
    consent: Consent | None = None
    started_at: AwareDatetime
    ended_at: AwareDatetime
    answers: dict[str, AnswerValue] = {}
    residents: list[Resident] = []
    left: list[LeftResident] = []
    note: Text | None = None


class SurveyRound(Record):
    """A campaign: ages are counted for `reference_year`; the questions follow from the criteria set."""

    id: Id
    title: Text
    criteria_set: str
    reference_year: int
    starts_on: date
    ends_on: date | None = None


class Attestation(Record):
    """A village's yes/no or count item, as somebody attested it."""

    criterion: Text
    value: bool | int | None = None
    evidence: Text = ""
    not_applicable: bool = False
    attested_at: datetime | None = None
    attested_by: Text | None = None


class Resolution(Record):
    """How a lead or an official answers a difference. `shown` keeps what shows, `other` puts the other side's word into
    the present answers, `new_visit` has the household asked again."""

    difference: Id
    choice: Literal["shown", "other", "new_visit"]
    note: Text = ""
