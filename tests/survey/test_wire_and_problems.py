"""The wire keeps what it does not know; every problem can be explained."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from survey import problems
from survey.problem_shapes import FieldProblem, ProblemDetails, ProblemType, describe
from survey.problems import PROBLEMS
from survey.records import Household
from survey.wire import MOST_CHANGES, Change, SyncReply, SyncRequest, VerdictReply, check_of, row_digest
from tests.builders import a_household, a_resident, a_response, an_id

CHANGE = {
    "id": an_id(1), "device_seq": 17, "kind": "response", "subject": an_id(2), "village": an_id(3),
    "captured_at": "2026-11-22T03:04:05Z", "seen": 41, "schema": 1, "body": {"any": "thing"},
}  # fmt: skip


def test_change_is_written_as_it_was_read():
    newer = CHANGE | {"mood": "vui"}
    assert Change.model_validate(newer).model_dump(mode="json", by_alias=True) == newer
    assert Change.model_validate(newer).schema_version == 1


@pytest.mark.parametrize(
    "wrong", [{"id": "17"}, {"device_seq": 0}, {"captured_at": "2026-11-22T03:04:05"}, {"body": []}, {"seen": -1}]
)
def test_impossible_change(wrong):
    with pytest.raises(ValidationError):
        Change.model_validate(CHANGE | wrong)


def test_bad_change_does_not_block_the_request():
    request = SyncRequest.model_validate(
        {"device_time": "2026-11-22T03:04:05Z", "changes": [{"nonsense": 1}, CHANGE], "new": 1}
    )
    assert len(request.changes) == 2
    with pytest.raises(ValidationError):
        SyncRequest.model_validate({"device_time": "2026-11-22T03:04:05Z", "changes": [CHANGE] * (MOST_CHANGES + 1)})


def test_unknown_fields_pass_through_every_record():
    for record in (a_household(), a_response(), a_resident()):
        body = record.model_dump(mode="json") | {"newer": {"deep": [1, None]}}
        assert type(record).model_validate(body).model_dump(mode="json") == body


def test_records_hold_clean_text():
    assert Household(head_name=" Ðỗ\u00a0Văn  Ước ").head_name == "Đỗ Văn Ước"


def test_reply_reads_back():
    verdict = VerdictReply(id=an_id(1), verdict="invalid", problem=describe(problems.VISIT_INVALID))
    reply = {
        "server_time": "2026-11-22T03:04:05Z", "server_epoch": "e", "scope_version": 1, "villages_in_scope": [an_id(3)],
        "verdicts": [verdict.model_dump(mode="json")],
        "streams": {an_id(3): {"rows": [{"seq": 1, "kind": "household", "subject": an_id(2), "body": None}],
                               "cursor": 1, "more": False, "count": 1, "check": "0"}},
    }  # fmt: skip
    read = SyncReply.model_validate_json(SyncReply.model_validate(reply).model_dump_json())
    assert read.verdicts[0].problem is not None
    assert read.verdicts[0].problem.slug == "visit-invalid"


rows = st.tuples(st.sampled_from(["household", "coverage"]), st.uuids().map(str), st.integers(1, 10**6))


@given(st.lists(rows, max_size=8, unique=True).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_check_does_not_depend_on_the_order_of_rows(orders):
    one, other = (check_of(sum(row_digest(*row) for row in some)) for some in orders)
    assert one == other
    assert re.fullmatch(r"[0-9a-f]{12}", one)


@given(rows, st.integers(1, 9))
def test_check_notices_a_changed_row(row, later):
    kind, subject, seq = row
    assert check_of(row_digest(kind, subject, seq)) != check_of(row_digest(kind, subject, seq + later))


def test_problems_are_listed_once():
    named = [value for value in vars(problems).values() if isinstance(value, ProblemType)]
    assert len(named) == len(PROBLEMS)
    assert sorted(kind.slug for kind in named) == sorted(PROBLEMS)
    assert len({kind.title for kind in named}) == len(named)


@pytest.mark.parametrize("kind", PROBLEMS.values(), ids=PROBLEMS)
def test_problem_says_what_happened_and_what_to_do(kind):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.slug)
    assert kind.status == 200 or 400 <= kind.status < 600
    assert kind.title[0].isupper()
    assert not kind.title.endswith(".")
    assert kind.advice[0].isupper()
    assert kind.advice.endswith(".")


def test_details_carry_fields_and_more():
    fault = FieldProblem(pointer="/answers/signal", detail="Chưa đúng.")
    details = describe(problems.VISIT_INVALID, [fault], request_id="abc")
    assert details.model_dump()["request_id"] == "abc"
    assert (details.slug, details.errors, details.detail) == ("visit-invalid", [fault], problems.VISIT_INVALID.advice)
    assert describe(problems.NOT_FOUND, detail="Không có thôn này.").detail == "Không có thôn này."
    assert ProblemDetails.model_validate_json(details.model_dump_json()) == details
