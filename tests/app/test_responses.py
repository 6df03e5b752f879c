"""Visits on a device: the row and its place in the outbox are saved together; a draft outlives everything."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.actions.responses import (
    AnswersIncomplete,
    NotReady,
    discard_draft,
    end_visit,
    find_campaign,
    keep_draft,
    open_draft,
    record_response,
    reopen_response,
)
from app.store import household_list, households, outbox, responses
from app.store.database import Database
from survey.drafts import ResponseDraft
from survey.problem_shapes import describe
from survey.problems import VISIT_INVALID
from survey.records import Outcome
from survey.wire import VerdictReply
from tests.app.conftest import VILLAGE, VillageOnDevice
from tests.builders import NOW, YEAR, an_id


def a_filled_draft(device: VillageOnDevice, household: str) -> ResponseDraft:
    """A form with one resident and an answer to every question that this commune asks."""
    campaign = find_campaign(device.database)
    draft = open_draft(device.database, NOW, household, campaign).agree(True, NOW)
    who = an_id()
    draft = draft.add_resident(who, "head").change_resident(who, birth_year=1980, sex="m")
    for asked in campaign.form.resident_questions:
        draft = draft.answer_of(who, asked.question.key, asked.question.choices[0])
    for question in campaign.form.household_questions:
        draft = draft.answer(question.key, question.choices[0])
    return draft


def waiting(device: VillageOnDevice) -> list[dict[str, object]]:
    with device.database.read() as session:
        return outbox.list_next_batch(session, 200)


def test_a_visit_is_saved_and_waits_to_be_sent(device: VillageOnDevice) -> None:
    household = device.add_household("Nguyễn Văn Đức")
    campaign = find_campaign(device.database)
    identity = record_response(device.database, NOW, a_filled_draft(device, household), campaign)
    [change] = waiting(device)
    assert change["kind"] == "response"
    assert change["subject"] == identity
    assert change["village"] == VILLAGE
    with device.database.read() as session:
        listed = household_list.find_listed(session, household)
        assert listed is not None
        assert (listed.outcome, listed.waiting, listed.is_visited) == (Outcome.COMPLETED, 1, True)
        assert household_list.count_households(session, [VILLAGE], shown="waiting") == 1


def test_a_form_that_is_not_finished_stays_a_draft_and_names_what_is_missing(device: VillageOnDevice) -> None:
    household = device.add_household("Nguyễn Văn Đức")
    campaign = find_campaign(device.database)
    draft = a_filled_draft(device, household).answer("has_fixed_internet", None)
    keep_draft(device.database, NOW, draft)
    with pytest.raises(AnswersIncomplete) as incomplete:
        record_response(device.database, NOW, draft, campaign)
    assert [problem.pointer for problem in incomplete.value.problems] == ["/answers/has_fixed_internet"]
    assert open_draft(device.database, NOW, household, campaign) == draft
    assert waiting(device) == []


def test_an_impossible_birth_year_is_refused_with_its_field(device: VillageOnDevice) -> None:
    household = device.add_household("Nguyễn Văn Đức")
    campaign = find_campaign(device.database)
    draft = a_filled_draft(device, household)
    draft = draft.change_resident(draft.residents[0].id, birth_year=YEAR + 1)
    with pytest.raises(AnswersIncomplete) as incomplete:
        record_response(device.database, NOW, draft, campaign)
    [problem] = incomplete.value.problems
    assert problem.pointer == "/residents/0/birth_year"
    assert str(YEAR + 1) in problem.detail


def test_row_and_outbox_are_saved_both_or_neither(device: VillageOnDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    household = device.add_household("Nguyễn Văn Đức")
    campaign = find_campaign(device.database)
    draft = a_filled_draft(device, household)
    keep_draft(device.database, NOW, draft)
    taken = record_response(device.database, NOW, draft, campaign)
    with device.database.read() as session:
        change = outbox.list_next_batch(session, 1)[0]["id"]
    ids = iter([an_id(), change])
    monkeypatch.setattr("app.actions.responses.new_id", lambda _now: next(ids))
    keep_draft(device.database, NOW, draft)
    with pytest.raises(IntegrityError):
        record_response(device.database, NOW, draft, campaign)
    with device.database.read() as session:
        found = households.find_household(session, household)
        assert found is not None
        assert (found[2].current or {}).get("id") == taken
        assert responses.find_draft(session, household, device.member) == draft
    assert len(waiting(device)) == 1


def test_a_draft_survives_the_end_of_the_program(device: VillageOnDevice) -> None:
    household = device.add_household("Nguyễn Văn Đức")
    campaign = find_campaign(device.database)
    draft = a_filled_draft(device, household)
    keep_draft(device.database, NOW, draft)
    device.database.close()
    again = Database(device.database.path)
    assert open_draft(again, NOW, household, campaign) == draft
    discard_draft(again, household, device.member)
    assert open_draft(again, NOW, household, campaign).residents == []
    again.close()


def test_a_second_visit_starts_from_the_first_also_before_it_was_sent(device: VillageOnDevice) -> None:
    household = device.add_household("Nguyễn Văn Đức")
    campaign = find_campaign(device.database)
    first = record_response(device.database, NOW, a_filled_draft(device, household), campaign)
    second = open_draft(device.database, NOW + timedelta(days=1), household, campaign)
    assert second.based_on == first
    assert [one.birth_year for one in second.residents] == [1980]
    assert second.consent is None, "consent is asked anew at every visit"


@pytest.mark.parametrize("outcome", [Outcome.ABSENT, Outcome.REFUSED, Outcome.VACANT, Outcome.MOVED])
def test_a_visit_without_answers_is_a_visit(device: VillageOnDevice, outcome: Outcome) -> None:
    household = device.add_household("Nguyễn Văn Đức")
    campaign = find_campaign(device.database)
    end_visit(device.database, NOW, a_filled_draft(device, household), outcome, campaign)
    [change] = waiting(device)
    body = change["body"]
    assert isinstance(body, dict)
    assert (body["outcome"], body["residents"], body["answers"]) == (outcome, [], {})


def test_nothing_can_be_asked_before_the_first_sync(device: VillageOnDevice, tmp_path) -> None:  # type: ignore[no-untyped-def]
    empty = Database(tmp_path / "empty.db")
    with pytest.raises(NotReady):
        find_campaign(empty)
    empty.close()


def test_a_verdict_moves_a_change_on_and_keeps_it(device: VillageOnDevice) -> None:
    campaign = find_campaign(device.database)
    for name in ("Nguyễn Văn Đức", "Trần Thị Hòa", "Lê Quang Thủy"):
        record_response(device.database, NOW, a_filled_draft(device, device.add_household(name)), campaign)
    applied, invalid, _left = (str(change["id"]) for change in waiting(device))
    verdicts = [
        VerdictReply(id=applied, verdict="duplicate", first="merged", seq=7),
        VerdictReply(id=invalid, verdict="invalid", problem=describe(VISIT_INVALID)),
    ]
    with device.database.write() as session:
        outbox.mark_settled(session, verdicts, NOW)
    with device.database.read() as session:
        counts = outbox.count_outbox(session)
        assert (counts.waiting, counts.confirmed, counts.invalid) == (1, 1, 1)
        assert household_list.count_households(session, [VILLAGE], shown="to_fix") == 1


def test_a_pull_does_not_hide_a_visit_that_waits(device: VillageOnDevice) -> None:
    household = device.add_household("Nguyễn Văn Đức")
    campaign = find_campaign(device.database)
    record_response(device.database, NOW, a_filled_draft(device, household), campaign)
    device.receive("household", household, {"head_name": "Nguyễn Văn Đức", "status": "active", "address": "Ngõ 7"})
    with device.database.read() as session:
        listed = household_list.find_listed(session, household)
    assert listed is not None
    assert (listed.outcome, listed.address) == (Outcome.COMPLETED, "Ngõ 7")


def test_a_batch_is_never_larger_than_a_request_may_be(device: VillageOnDevice) -> None:
    with device.database.write() as session:
        for number in range(4):
            outbox.add_to_outbox(
                session, identity=an_id(), kind="response", subject=an_id(), household=None, village=VILLAGE,
                captured_at=NOW, seen=0, body={"number": number, "filling": "x" * 100_000},
            )  # fmt: skip
    batch = waiting(device)
    assert [change["body"]["number"] for change in batch] == [0, 1]  # type: ignore[index]


def test_a_visit_that_came_back_is_opened_corrected_and_asked_for_no_more(device: VillageOnDevice) -> None:
    household = device.add_household("Nguyễn Văn Đức")
    campaign = find_campaign(device.database)
    record_response(device.database, NOW, a_filled_draft(device, household), campaign)
    [change] = (str(one["id"]) for one in waiting(device))
    with device.database.write() as session:
        outbox.mark_settled(session, [VerdictReply(id=change, verdict="invalid", problem=describe(VISIT_INVALID))], NOW)
    draft = reopen_response(device.database, NOW, change)
    assert draft.residents[0].birth_year == 1980
    record_response(device.database, NOW, draft.change_resident(draft.residents[0].id, birth_year=1981), campaign)
    with device.database.read() as session:
        assert outbox.list_returned(session, household) == []
        assert outbox.count_outbox(session).invalid == 0
    [corrected] = waiting(device)
    assert corrected["id"] != change
    assert corrected["body"]["residents"][0]["birth_year"] == 1981  # type: ignore[index]


def test_opening_a_returned_visit_does_not_overwrite_a_form_in_the_making(device: VillageOnDevice) -> None:
    household = device.add_household("Nguyễn Văn Đức")
    campaign = find_campaign(device.database)
    record_response(device.database, NOW, a_filled_draft(device, household), campaign)
    [change] = (str(one["id"]) for one in waiting(device))
    with device.database.write() as session:
        outbox.mark_settled(session, [VerdictReply(id=change, verdict="invalid")], NOW)
    begun = open_draft(device.database, NOW, household, campaign).answer("has_fixed_internet", "no")
    keep_draft(device.database, NOW, begun)
    assert reopen_response(device.database, NOW, change) == begun


def test_a_waiting_visit_is_what_the_next_form_starts_from_whatever_the_clock_said(device: VillageOnDevice) -> None:
    household = device.add_household("Nguyễn Văn Đức")
    campaign = find_campaign(device.database)
    slow = NOW - timedelta(days=400)
    own = record_response(device.database, slow, a_filled_draft(device, household), campaign)
    theirs = {"id": an_id(), "outcome": "completed", "residents": [], "ended_at": NOW.isoformat()}
    device.receive("household", household, {"head_name": "Nguyễn Văn Đức", "status": "active", "current": theirs})
    assert open_draft(device.database, slow, household, campaign).based_on == own
