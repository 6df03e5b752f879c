"""Somebody who was there last time and is not any more: the reason is asked, kept, and shown to the lead."""

import json
from typing import Any

import flet as ft
import pytest
from sqlalchemy import text

from app.actions.responses import find_campaign, keep_draft, open_draft, record_response
from app.store.households import find_household
from app.store.outbox import add_to_outbox, list_next_batch, list_returned
from app.ui.screens.household import people_panel
from app.ui.texts import Texts
from survey.drafts import ResponseDraft
from survey.records import Departure, Household
from survey.roles import Role
from tests.builders import an_id
from tests.sync.rig import Phone, Rig
from tests.sync.truth import differences

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
A = "Đinh Xá"


def form(phone: Phone, household: str) -> ResponseDraft:
    return open_draft(phone.database, phone.now, household, find_campaign(phone.database))


def answered(phone: Phone, draft: ResponseDraft) -> ResponseDraft:
    """The form with consent and an answer to every question."""
    campaign = find_campaign(phone.database)
    draft = draft.agree(True, phone.now)
    for one in draft.present:
        for asked in campaign.form.resident_questions:
            draft = draft.answer_of(one.id, asked.question.key, asked.question.choices[0])
    for question in campaign.form.household_questions:
        draft = draft.answer(question.key, question.choices[0])
    return draft


def save(phone: Phone, draft: ResponseDraft) -> str:
    return record_response(phone.database, phone.now, answered(phone, draft), find_campaign(phone.database))


def with_spouse(draft: ResponseDraft) -> tuple[ResponseDraft, str, str]:
    head, wife = an_id(), an_id()
    draft = draft.add_resident(head, "head").change_resident(head, birth_year=1958, sex="m")
    return draft.add_resident(wife, "spouse").change_resident(wife, birth_year=1961, sex="f"), head, wife


def shown(phone: Phone, household: str) -> Household:
    with phone.database.read() as session:
        found = find_household(session, household)
    assert found
    return found[2]


def kept_visit(rig: Rig, visit: str) -> dict[str, Any]:
    """The visit as the server keeps it for ever."""
    with rig.server.state.database.read() as session:
        body = session.execute(text("SELECT body FROM response WHERE id = :id"), {"id": visit}).scalar_one()
    return body if isinstance(body, dict) else json.loads(body)


def sentences(control: Any) -> list[str]:
    """Every text of a control, in the order of the screen."""
    found = [control.value] if isinstance(control, ft.Text) else []
    for inner in getattr(control, "controls", None) or [getattr(control, "content", None)]:
        if isinstance(inner, ft.Control):
            found += sentences(inner)
    return found


async def the_couple(rig: Rig) -> tuple[Phone, Phone, str, str, str]:
    """A member, the lead, and a surveyed household of two."""
    household = await rig.add_household(A, "Nguyễn Văn Đức")
    lan, minh = await rig.phone(Role.MEMBER, "Vũ Thị Lan", A), await rig.phone(Role.LEAD, "Hoàng Văn Minh", A)
    draft, head, wife = with_spouse(form(lan, household))
    save(lan, draft)
    await lan.sync()
    await minh.sync()
    return lan, minh, household, head, wife


async def test_who_was_taken_out_is_named_with_the_reason_and_the_lead_sees_it(rig: Rig) -> None:
    lan, minh, household, head, wife = await the_couple(rig)
    visit = save(lan, form(lan, household).take_out(wife, Departure.MOVED_AWAY))
    before = people_panel(Texts("vi"), shown(lan, household))
    await lan.sync()
    await minh.sync()
    gone: dict[str, Any] = {"id": wife, "relation": "spouse", "birth_year": 1961, "sex": "f", "reason": "moved_away"}
    kept = kept_visit(rig, visit)
    assert [one["id"] for one in kept["residents"]] == [head]
    assert [{key: one[key] for key in gone} for one in kept["left"]] == [gone]
    for panel in (before, people_panel(Texts("vi"), shown(minh, household))):
        assert sentences(panel) == [
            "Lần khảo sát gần nhất ghi 1 người trong nhà.",
            "Đã chuyển đi: Vợ, sinh năm 1961 (Vũ Thị Lan ghi ngày 22/11/2026)",
        ]
    assert differences(rig) == {}


async def test_a_stray_tap_is_undone_with_all_that_was_answered(rig: Rig) -> None:
    lan, _minh, household, head, wife = await the_couple(rig)
    draft = answered(lan, form(lan, household))
    keep_draft(lan.database, lan.now, draft.take_out(wife, Departure.DIED))
    again = form(lan, household)
    assert [one.id for one in again.present] == [head]
    assert again.put_back(wife) == draft
    visit = save(lan, again.put_back(wife))
    await lan.sync()
    kept = kept_visit(rig, visit)
    assert ([one["id"] for one in kept["residents"]], kept["left"]) == ([head, wife], [])


async def test_who_was_added_in_this_form_goes_without_a_reason(rig: Rig) -> None:
    lan, _minh, household, head, wife = await the_couple(rig)
    child = an_id()
    draft = form(lan, household).add_resident(child, "child")
    assert [draft.was_there(one) for one in draft.residents] == [True, True, False]
    visit = save(lan, draft.take_out(child))
    await lan.sync()
    kept = kept_visit(rig, visit)
    assert ([one["id"] for one in kept["residents"]], kept["left"]) == ([head, wife], [])


async def test_the_next_visit_does_not_say_it_again(rig: Rig) -> None:
    lan, minh, household, head, wife = await the_couple(rig)
    save(lan, form(lan, household).take_out(wife, Departure.DIED))
    await lan.sync()
    await minh.sync()
    save(minh, form(minh, household))
    await minh.sync()
    present = shown(minh, household).current or {}
    assert ([one["id"] for one in present["residents"]], present["left"]) == ([head], [])


async def test_who_found_it_is_named_though_a_colleagues_visit_shows(rig: Rig) -> None:
    lan, minh, household, _head, wife = await the_couple(rig)
    save(lan, form(lan, household).take_out(wife, Departure.DIED))
    save(minh, form(minh, household))
    await lan.sync()
    await minh.sync()
    assert shown(minh, household).visited_by == "Hoàng Văn Minh"
    last = sentences(people_panel(Texts("vi"), shown(minh, household)))[-1]
    assert last == "Đã mất: Vợ, sinh năm 1961 (Vũ Thị Lan ghi ngày 22/11/2026)"


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        pytest.param(lambda one, _head: one | {"reason": "eloped"}, "/left/0/reason", id="no such reason"),
        pytest.param(lambda one, head: one | {"id": head}, "/left/0", id="lives there all the same"),
    ],
)
async def test_the_server_refuses_what_cannot_be(rig: Rig, wrong: Any, pointer: str) -> None:
    lan, _minh, household, head, wife = await the_couple(rig)
    save(lan, form(lan, household).take_out(wife, Departure.DIED))
    with lan.database.read() as session:
        [sent] = list_next_batch(session, 10)
    body = sent["body"]
    body["left"] = [wrong(body["left"][0], head)]
    with lan.database.write() as session:
        add_to_outbox(
            session, identity=an_id(), kind="response", subject=an_id(), household=household,
            village=rig.villages[A], captured_at=lan.now, seen=0, body=body,
        )  # fmt: skip
    done = await lan.sync()
    assert done.judged == 2
    assert (lan.outbox().confirmed, lan.outbox().invalid) == (2, 1)
    [returned] = problems_of(lan, household)
    assert [error.pointer for error in returned.errors] == [pointer]


def problems_of(phone: Phone, household: str) -> list[Any]:
    with phone.database.read() as session:
        return [one.problem for one in list_returned(session, household)]
