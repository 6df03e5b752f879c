"""The nouns of the survey as frozen records, which are also the wire form. Rows for storage live in the two stores.
Unknown fields are kept (`extra="allow"`), so that a newer phone's work passes through an older program whole."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from survey.ids import Id
from survey.listed_people import ListedPerson
from survey.roles import Role
from survey.vietnamese import clean


def _clean(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


CLEANED = BeforeValidator(_clean)
"""Cleans a text, and marks its field as free text (see `survey.free_text`)."""
LONGEST_TEXT = 500
Text = Annotated[str, CLEANED, Field(max_length=LONGEST_TEXT)]
Name = Annotated[str, CLEANED, Field(min_length=1, max_length=120)]
AnswerValue = str | int | None
QuestionKey = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,39}$")]
SameAsLast = dict[QuestionKey, AwareDatetime]
"""Answers that a visit did not ask anew, since the family said that nothing had changed: by question, when each of them
was really asked last."""
EARLIEST_BIRTH_YEAR = 1900
MOST_PEOPLE = 200
"""Most people who can come along into a household."""


class Record(BaseModel):
    """A frozen value that keeps fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="allow")


class HouseholdStatus(StrEnum):
    ACTIVE = "active"
    MOVED = "moved"
    VACANT = "vacant"
    REFUSED = "refused"


REGISTERED_STATUSES = frozenset({HouseholdStatus.ACTIVE, HouseholdStatus.REFUSED})
"""Statuses that count as registered: somebody lives there, even if they declined."""
LEFT_STATUSES = frozenset(HouseholdStatus) - REGISTERED_STATUSES
"""Statuses that are not counted: the household moved away, or the house stands empty."""


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
    """A village from which another one was made, by a merger or a split."""

    id: Id
    name: Name
    how: Annotated[str, Field(pattern="^(merge|split)$")]
    at: AwareDatetime


class VillageState(Village):
    """A village as its stream shows it. `into` and `ended_at` are set once it was merged into another village."""

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
    present answers (see `ResponseBody`), None until somebody was asked. `left_at` is when it was found to have moved
    or to stand empty; None while somebody lives there, or if the time is not known. A part of a family that became a
    household of its own has `split_from`, and in `came_with` who of that household's residents came along. Of the
    commune's list of people come `listed_people`, with whom the first form begins; its visit ends them."""

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
    split_from: Id | None = None
    came_with: Annotated[list[Id], Field(max_length=MOST_PEOPLE)] | None = None
    listed_people: Annotated[list[ListedPerson], Field(max_length=MOST_PEOPLE)] | None = None
    ask_again: "AskAgain | None" = None


class CardChange(Record):
    """What is done with a household card: bound to a household, free again (`issued`), or void for ever."""

    state: Literal["issued", "bound", "revoked"]
    household: Id | None = None


class AskAgain(Record):
    """A lead's request to visit this household again, for the questions `keys`. It ends with the next visit unless
    nobody was at home."""

    by: Text = ""
    at: AwareDatetime
    keys: list[str] = []
    note: Text = ""


class Review(Record):
    """A lead's or official's look at a visit (`response`): good, or to be asked again for the questions `fields`."""

    response: Id
    verdict: Literal["approved", "needs_fix"]
    fields: Annotated[list[QuestionKey], Field(max_length=40)] = []
    note: Text | None = None


class Errand(Record):
    """What a village's team is asked to go for first: the doors where a visit can bring this criterion further. None
    ends it. There is one a village, under the village's id, and the last received stands. The server adds who asked and
    when; which doors are left is counted anew on each phone."""

    criterion: Text | None = None
    asked_by: Text = ""
    asked_at: AwareDatetime | None = None


class PinRule(Record):
    """Whether the phones of a village's team must have a PIN. There is one a village, under the village's id, and the
    last received stands. The server adds who asked and when."""

    required: bool
    asked_by: Text = ""
    asked_at: AwareDatetime | None = None


class Consent(Record):
    """The household's answer to the consent question, never preset. `wording` is the version that was read aloud."""

    given: bool
    wording: Text
    method: Text = "spoken"
    at: AwareDatetime


RELATIONS = frozenset({"head", "spouse", "child", "parent", "other"})
"""A resident's possible relations to the head of the household."""


class Resident(Record):
    """One person living in the household at the visit, with the birth year only, and without a name if under 16.
    `helped` are the questions whose answer became a yes by the team's help at this visit.
    `relation` is one of `RELATIONS`; `check_response` checks it when a visit comes in."""

    id: Id
    relation: Text = "other"
    birth_year: int
    sex: Annotated[str, Field(pattern="^[mf]$")]
    name: Text | None = None
    answers: dict[str, AnswerValue] = Field(default_factory=dict)
    same_as_last: SameAsLast = Field(default_factory=dict)
    helped: list[QuestionKey] = Field(default_factory=list)

    def age_in(self, year: int) -> int:
        return year - self.birth_year


class Departure(StrEnum):
    """Why a person who was there last time was taken off the list."""

    MOVED_AWAY = "moved_away"
    DIED = "died"
    MISTAKE = "mistake"


class LeftResident(Record):
    """A person on the last visit's list whom this visit took off it, with the reason. Their name is not kept.

    `by` and `at` say who reported it and when, if it was another visit than the one that shows: see `take_visit`.
    `split_to` is the household of their own, which a part of the family became. It is no reason of its own: an older
    program could not read that, and says of them what is true, too, that they moved away.
    """

    id: Id
    relation: Text = "other"
    birth_year: int | None = None
    sex: Annotated[str, Field(pattern="^[mf]$")] | None = None
    reason: Departure
    split_to: Id | None = None
    by: Text | None = None
    at: AwareDatetime | None = None


class ResponseBody(Record):
    """One visit to one household; never changed afterwards. `based_on` is the visit that the form was filled from,
    `left` the people in that visit who do not live there any more."""

    household: Id
    round: Id
    based_on: Id | None = None
    outcome: Outcome
    consent: Consent | None = None
    started_at: AwareDatetime
    ended_at: AwareDatetime
    answers: dict[str, AnswerValue] = Field(default_factory=dict)
    same_as_last: SameAsLast = Field(default_factory=dict)
    helped: list[QuestionKey] = Field(default_factory=list)
    residents: list[Resident] = Field(default_factory=list)
    left: list[LeftResident] = Field(default_factory=list)
    note: Text | None = None


class Erasure(Record):
    """A family's request that nothing of theirs is kept: when it was made, and on what basis, in a few words without
    anything personal."""

    household: Id
    requested_at: AwareDatetime
    basis: Name


LEAST_HOLD_DAYS, MOST_HOLD_DAYS = 30, 3660


class SurveyRound(Record):
    """A survey round. Ages are counted for `reference_year`; the questions follow from the criteria set. An answer
    older than `answers_hold_days` does not hold any more: it is asked again."""

    id: Id
    title: Text
    criteria_set: str
    reference_year: int
    starts_on: date
    ends_on: date | None = None
    answers_hold_days: Annotated[int, Field(ge=LEAST_HOLD_DAYS, le=MOST_HOLD_DAYS)] | None = None

    def answers_hold_since(self, at: datetime) -> datetime | None:
        """Answers older than this are asked again at a visit at `at`; None if answers hold for ever."""
        return None if self.answers_hold_days is None else at - timedelta(days=self.answers_hold_days)


class Attestation(Record):
    """A village's yes/no or count item; `dated` is its evidence's day. Who and when: by the server (`attesting`)."""

    criterion: Text
    value: bool | int | None = None
    evidence: Text = ""
    not_applicable: bool = False
    dated: date | None = None
    attested_at: datetime | None = None
    attested_by: Text | None = None
    confirmed_at: datetime | None = None
    confirmed_by: Text | None = None


class Resolution(Record):
    """How a lead or an official answers a difference: `shown` keeps the shown values, `other` shows the other side's
    values instead, `new_visit` asks for another visit. `undo` takes the same person's last answer back."""

    difference: Id
    choice: Literal["shown", "other", "new_visit", "undo"]
    note: Text = ""
