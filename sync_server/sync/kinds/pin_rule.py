"""Whether the phones of a village's team must have a PIN. The last received stands."""

from pydantic import ValidationError

from survey.bounds import check_unknown
from survey.free_text import check_texts
from survey.problem_shapes import FieldProblem, describe
from survey.problems import FIELDS_INVALID, VILLAGE_ENDED
from survey.records import PinRule
from survey.roles import Action
from survey.times import wire_time
from survey.wire import Change
from sync_server.problems import field_problems
from sync_server.sync.batch import Batch, Judgement
from sync_server.sync.kinds.kind import Kind


def judge_pin_rule(batch: Batch, change: Change) -> Judgement:
    """Show this rule on the village's stream."""
    try:
        rule = PinRule.model_validate(change.body)
    except ValidationError as error:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, field_problems(error.errors())))
    problems = check_texts(rule) + check_unknown(rule)
    if change.subject != change.village:
        problems.append(FieldProblem(pointer="/subject", detail="Mỗi thôn có một quy định, mang mã của thôn."))
    if problems:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, problems))
    if change.village in batch.successors:
        return Judgement("held", problem=describe(VILLAGE_ENDED))
    seq = batch.next_seq(change.village)
    body = rule.model_dump(mode="json", exclude_unset=True) | {
        "asked_at": wire_time(min(change.captured_at, batch.now)),
        "asked_by": batch.caller.member.name,
    }
    batch.show(change.village, "pin_rule", change.subject, seq, body)
    return Judgement("applied", seq)


PIN_RULE = Kind(Action.REQUIRE_PIN, judge_pin_rule)
