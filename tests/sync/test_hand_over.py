"""A phone goes from one person to the next: a form that was begun stays its person's, and consent is asked again."""

from datetime import timedelta
from typing import Any

import pytest

from app.actions.responses import (
    discard_draft,
    end_visit,
    find_campaign,
    keep_draft,
    open_draft,
    record_response,
    reopen_response,
)
from app.store.outbox import list_next_batch, mark_settled
from app.store.responses import BegunForm, list_drafts
from app.sync.enroll import FormsBegun
from app.ui.screens.enroll_begun import begun_forms
from app.ui.texts import Texts
from survey.drafts import ResponseDraft
from survey.problem_shapes import describe
from survey.problems import VISIT_INVALID
from survey.records import Outcome
from survey.roles import Role
from survey.wire import VerdictReply
from tests.builders import an_id
from tests.sync.rig import Phone, Rig
from tests.sync.test_people_who_left import answered, sentences, with_spouse

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
A = "Đinh Xá"


def form(phone: Phone, household: str) -> ResponseDraft:
    return open_draft(phone.database, phone.now, household, find_campaign(phone.database))


def begun(phone: Phone) -> list[BegunForm]:
    with phone.database.read() as session:
        return list_drafts(session)


async def a_form_of_lan(rig: Rig) -> tuple[Phone, str, ResponseDraft]:
    """Lan's phone with a form that the family agreed to, of nine days ago."""
    household = await rig.add_household(A, "Nguyễn Văn Đức")
    phone = await rig.phone(Role.MEMBER, "Vũ Thị Lan", A)
    draft, _head, _wife = with_spouse(form(phone, household).agree(True, phone.now))
    keep_draft(phone.database, phone.now, draft)
    rig.clock.pass_by(days=9)
    phone.now = rig.clock()
    return phone, household, draft


async def test_a_code_is_not_used_while_a_form_is_open_and_the_form_is_named(rig: Rig) -> None:
    phone, household, _draft = await a_form_of_lan(rig)
    code = rig.code(Role.MEMBER, "Trần Văn Bình", A)
    with pytest.raises(FormsBegun) as left:
        await phone.enroll(code)
    [one] = left.value.forms
    screen = begun_forms(Texts("vi"), [one], one.member, None, *[lambda _form: None] * 3)
    words = [text for control in screen for text in sentences(control)]
    assert "Phiếu đang ghi dở: hộ Nguyễn Văn Đức, Vũ Thị Lan ghi ngày 22/11/2026" in words
    discard_draft(phone.database, household, one.member)
    await phone.enroll(code)
    await phone.sync()
    assert begun(phone) == []
    assert not phone.listed(household).has_draft


async def test_a_form_that_is_finished_first_is_its_own_persons_visit(rig: Rig) -> None:
    phone, household, _draft = await a_form_of_lan(rig)
    opened = form(phone, household)
    assert (opened.consent, opened.consent_at) == (None, None)
    assert [one.birth_year for one in opened.residents] == [1958, 1961], "what was answered stays"
    record_response(phone.database, phone.now, answered(phone, opened), find_campaign(phone.database))
    await phone.sync()
    await phone.enroll(rig.code(Role.MEMBER, "Trần Văn Bình", A))
    await phone.sync()
    assert phone.listed(household).visited_by == "Vũ Thị Lan"


async def test_a_form_of_today_goes_on_with_the_consent_of_today(rig: Rig) -> None:
    household = await rig.add_household(A, "Nguyễn Văn Đức")
    phone = await rig.phone(Role.MEMBER, "Vũ Thị Lan", A)
    draft = form(phone, household).agree(True, phone.now)
    keep_draft(phone.database, phone.now, draft)
    phone.now += timedelta(hours=8)
    assert form(phone, household) == draft
    phone.now += timedelta(hours=7)  # past midnight in Vietnam
    assert form(phone, household).consent is None


async def test_the_same_person_with_a_new_code_keeps_their_form(rig: Rig) -> None:
    phone, household, draft = await a_form_of_lan(rig)
    await phone.enroll(rig.code(Role.MEMBER, "Vũ Thị Lan", A), same_person=True)
    await phone.sync()
    assert phone.listed(household).has_draft
    assert form(phone, household).residents == draft.residents


async def test_who_says_it_is_theirs_has_the_form_and_asks_for_consent(rig: Rig) -> None:
    """A restored server may know a person by a new id; and somebody else may say so. Nothing is left unlisted."""
    household = await rig.add_household(A, "Nguyễn Văn Đức")
    phone = await rig.phone(Role.MEMBER, "Vũ Thị Lan", A)
    keep_draft(phone.database, phone.now, form(phone, household).agree(True, phone.now))
    phone.now += timedelta(minutes=5)
    await phone.enroll(rig.code(Role.MEMBER, "Trần Văn Bình", A), same_person=True)
    await phone.sync()
    assert [(one.household, one.member_name) for one in begun(phone)] == [(household, "Trần Văn Bình")]
    assert form(phone, household).consent is None


def come_back(phone: Phone, household: str) -> str:
    """A visit of this phone that the server finds at fault; the change."""
    draft, _head, _wife = with_spouse(form(phone, household))
    record_response(phone.database, phone.now, answered(phone, draft), find_campaign(phone.database))
    with phone.database.write() as session:
        change: str = list_next_batch(session, 1)[0]["id"]
        mark_settled(session, [VerdictReply(id=change, verdict="invalid", problem=describe(VISIT_INVALID))], phone.now)
    return change


@pytest.mark.parametrize(("hours", "consent"), [(0, True), (8, True), (24, None)])
async def test_a_visit_that_came_back_keeps_the_consent_of_its_day(rig: Rig, hours: int, consent: Any) -> None:
    household = await rig.add_household(A, "Nguyễn Văn Đức")
    phone = await rig.phone(Role.MEMBER, "Vũ Thị Lan", A)
    change = come_back(phone, household)
    phone.now += timedelta(hours=hours)
    draft = reopen_response(phone.database, phone.now, change)
    assert (draft.consent, len(draft.residents)) == (consent, 2)


async def test_a_visit_of_the_former_person_that_came_back_is_asked_for_again(rig: Rig) -> None:
    household = await rig.add_household(A, "Nguyễn Văn Đức")
    phone = await rig.phone(Role.MEMBER, "Vũ Thị Lan", A)
    change = come_back(phone, household)
    phone.now += timedelta(hours=1)
    await phone.enroll(rig.code(Role.MEMBER, "Trần Văn Bình", A))
    await phone.sync()
    assert reopen_response(phone.database, phone.now, change).consent is None


async def test_one_person_does_not_see_or_finish_anothers_form(rig: Rig) -> None:
    """Also where both began one of the same household, and one of them ends the visit."""
    phone, household, _draft = await a_form_of_lan(rig)
    await phone.enroll(rig.code(Role.MEMBER, "Trần Văn Bình", A), same_person=True)
    await phone.sync()
    with phone.database.write() as session:  # as a file that somebody else wrote into before
        session.connection().exec_driver_sql(
            "UPDATE draft SET member_id = ?, member_name = ?", (an_id(9), "Vũ Thị Lan")
        )
    assert not phone.listed(household).has_draft
    assert form(phone, household).residents == []
    end_visit(phone.database, phone.now, form(phone, household), Outcome.ABSENT, find_campaign(phone.database))
    assert [(one.household, one.member_name) for one in begun(phone)] == [(household, "Vũ Thị Lan")]
