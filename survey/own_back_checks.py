"""What families said of a person's own visits when they were asked again, as that person sees it."""

from pydantic import AwareDatetime

from survey.agreement import Agreement
from survey.ids import Id
from survey.records import AnswerValue, Record, Text


class ComparedAnswer(Record):
    """One thing that was asked twice; `agrees` is None where the two cannot be compared."""

    item: str
    before: AnswerValue = None
    now: AnswerValue = None
    agrees: bool | None = None


class AskedHome(Record):
    """A family that was asked again; `matches` is whether all that the person is measured by agrees."""

    household: Id
    head_name: Text = ""
    asked_at: AwareDatetime
    asked_by: Text = ""
    counts: bool = True
    matches: bool | None = None
    items: list[ComparedAnswer] = []


class OwnBackChecks(Record):
    """The answer of `GET /api/v1/me/back-checks`: those of the latest round, the latest first."""

    round_title: Text = ""
    matching: int = 0
    total: int = 0
    homes: list[AskedHome] = []

    @property
    def agreement(self) -> Agreement:
        return Agreement(self.matching, self.total)
