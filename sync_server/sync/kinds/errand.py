"""An errand: which criterion a village's team is asked to go for first. The last received stands."""

from pydantic import ValidationError

from survey.bounds import check_unknown
from survey.free_text import check_texts
from survey.problem_shapes import FieldProblem, describe
from survey.problems import FIELDS_INVALID, VILLAGE_ENDED
from survey.records import Errand
from survey.roles import Action
from survey.times import wire_time
from survey.wire import Change
from sync_server.problems import field_problems
from sync_server.sync.batch import Batch, Judgement
from sync_server.sync.kinds.kind import Kind


def judge_errand(batch: Batch, change: Change) -> Judgement:
    """Show this errand on the village's stream, or end the one that is there."""
    try:
        errand = Errand.model_validate(change.body)
    except ValidationError as error:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, field_problems(error.errors())))
    problems = _check(batch, change, errand) + check_texts(errand) + check_unknown(errand)
    if problems:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, problems))
    if change.village in batch.successors:
        return Judgement("held", problem=describe(VILLAGE_ENDED))
    seq = batch.next_seq(change.village)
    if errand.criterion is None:
        batch.show(change.village, "errand", change.subject, seq, None)
        return Judgement("applied", seq)
    body = errand.model_dump(mode="json", exclude_unset=True) | {
        "asked_at": wire_time(min(change.captured_at, batch.now)),
        "asked_by": batch.caller.member.name,
    }
    batch.show(change.village, "errand", change.subject, seq, body)
    return Judgement("applied", seq)


def _check(batch: Batch, change: Change, errand: Errand) -> list[FieldProblem]:
    problems = []
    if change.subject != change.village:
        problems.append(FieldProblem(pointer="/subject", detail="Mỗi thôn có một việc, mang mã của thôn."))
    criteria = batch.counting.criteria_set.criteria
    if errand.criterion is not None and not any(one.no == errand.criterion and one.measure for one in criteria):
        detail = "Bộ tiêu chí của xã không có mục này, hoặc mục này không tính từ câu trả lời của các hộ."
        problems.append(FieldProblem(pointer="/criterion", detail=detail))
    return problems


ERRAND = Kind(Action.GIVE_ERRAND, judge_errand)
