"""Doubts: what a check noticed about some visits or households, what was done about it, and by whom.

A doubt never takes a visit out of the figures. Whoever is asked may say what was behind it; somebody else settles it.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from survey.ids import Id
from survey.problem_shapes import FieldProblem
from survey.records import QuestionKey, Record, Text

MOST_ASKED_AGAIN = 40


class DoubtState(StrEnum):
    """Where a doubt is. `GONE` is set by the server alone, where what was noticed is not there any more."""

    NEW = "new"
    LOOKING = "looking"
    ASKED = "asked"
    WAITING = "waiting"
    SETTLED = "settled"
    GONE = "gone"


OPEN_STATES = frozenset({DoubtState.NEW, DoubtState.LOOKING, DoubtState.ASKED, DoubtState.WAITING})


class Step(StrEnum):
    """What somebody does about a doubt: look at it, have households asked again, say what was behind it (the person
    concerned), leave it to a back-check, settle it, or open it again."""

    LOOK = "look"
    ASK = "ask"
    EXPLAIN = "explain"
    WAIT = "wait"
    SETTLE = "settle"
    UNDO = "undo"


Outcome = Literal["kept", "corrected", "one_household", "two_households", "taken", "not_taken"]
Reason = Literal["from_paper", "asked_same", "was_wrong", "known_family", "other"]
_AFTER = {
    Step.LOOK: DoubtState.LOOKING,
    Step.ASK: DoubtState.ASKED,
    Step.EXPLAIN: DoubtState.LOOKING,
    Step.WAIT: DoubtState.WAITING,
    Step.SETTLE: DoubtState.SETTLED,
    Step.UNDO: DoubtState.NEW,
}
OUTCOMES_OF = {
    "pair": ("one_household", "two_households"),
    "held": ("taken", "not_taken"),
    "aside": ("kept", "corrected"),
}
"""Which outcomes a doubt of this kind can have; any other one: kept as it is, or corrected."""
OTHER_OUTCOMES = ("kept", "corrected")


class DoubtStep(Record):
    """A change of the kind `doubt`; its subject is the doubt. `households` are asked again for the questions `keys`."""

    step: Step
    outcome: Outcome | None = None
    reason: Reason | None = None
    households: Annotated[list[Id], Field(max_length=MOST_ASKED_AGAIN)] = []
    keys: Annotated[list[QuestionKey], Field(max_length=40)] = []
    note: Text = ""


class DoneStep(DoubtStep):
    """A step as it is kept: signed by the server."""

    by: Text = ""
    member: Id | None = None
    at: AwareDatetime


class Doubt(Record):
    """A doubt as its village's stream shows it.

    `check` is what noticed it, `evidence` plain numbers and ids for its words, `fingerprint` the same for the same
    evidence. `member` is the person concerned, None where it is about nobody's work.
    """

    check: str
    fingerprint: str
    state: DoubtState = DoubtState.NEW
    found_at: AwareDatetime
    round: Id | None = None
    member: Id | None = None
    member_name: Text = ""
    visits: list[Id] = []
    households: list[Id] = []
    evidence: dict[str, Any] = {}
    steps: list[DoneStep] = []

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def last(self) -> DoneStep | None:
        """What was done last, None if nobody has done anything."""
        return self.steps[-1] if self.steps else None

    def after(self, done: DoneStep) -> "Doubt":
        """The doubt when this is done, too."""
        return self.model_copy(update={"state": _AFTER[done.step], "steps": [*self.steps, done]})


def check_step(doubt: Doubt, step: DoubtStep) -> list[FieldProblem]:
    """What keeps this from being done now: nothing, or a sentence for each field."""
    if (step.step is Step.UNDO) != (doubt.state is DoubtState.SETTLED) or doubt.state is DoubtState.GONE:
        detail = "Việc này đã xong rồi." if not doubt.is_open else "Việc này chưa xong, không có gì để hoàn tác."
        return [FieldProblem(pointer="/step", detail=detail)]
    problems = []
    if step.step is Step.SETTLE:
        if step.outcome not in OUTCOMES_OF.get(doubt.check, OTHER_OUTCOMES):
            problems.append(FieldProblem(pointer="/outcome", detail="Chọn một cách kết thúc."))
        if step.outcome in {"kept", "not_taken"} and not (step.reason or step.note):
            problems.append(
                FieldProblem(pointer="/note", detail="Ghi vài chữ: nội dung ấy là gì, anh/chị đã làm thế nào.")
                if doubt.check == "aside"
                else FieldProblem(pointer="/note", detail="Ghi vài chữ vì sao giữ nguyên.")
            )
    if step.step is Step.ASK and not (set(step.households) and set(step.households) <= set(doubt.households)):
        problems.append(FieldProblem(pointer="/households", detail="Chọn ít nhất một hộ cần hỏi lại."))
    if step.step is Step.EXPLAIN and not (step.reason or step.note):
        problems.append(FieldProblem(pointer="/reason", detail="Chọn hoặc ghi vài chữ cho biết lúc ấy thế nào."))
    return problems
