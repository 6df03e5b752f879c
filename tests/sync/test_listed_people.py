"""The commune's list of people: the first form begins with them, and its visit forgets them everywhere."""

from pathlib import Path

import pytest

from app.actions.responses import find_campaign, open_draft, record_response
from app.store.households import find_household
from survey.roles import Role
from sync_server.commune.list_import import import_households
from tests.sync.rig import Phone, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
LIST = (
    "Số hộ;Họ và tên;Quan hệ với chủ hộ;Năm sinh;Giới tính;Thôn\n"
    "1;Nguyễn Văn Hiền;Chủ hộ;1960;Nam;Đinh Xá\n"
    "1;Lê Thị Vợ;Vợ;1962;Nữ;Đinh Xá\n"
)


def listed(phone: Phone, household: str) -> list[str]:
    with phone.database.read() as session:
        found = find_household(session, household)
    assert found is not None
    return [one.relation for one in found[2].listed_people or []]


async def test_the_first_form_begins_with_the_list_and_its_visit_forgets_it(rig: Rig, tmp_path: Path) -> None:
    (tmp_path / "nk.csv").write_text(LIST, encoding="utf-8")
    with rig.server.state.database.write() as session:
        done = import_households(session, "09052", tmp_path / "nk.csv", rig.clock())
    assert (done.rows, done.added) == (2, 2)
    [household] = done.done.added
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    assert listed(lan, household) == ["head", "spouse"]
    campaign = find_campaign(lan.database)
    draft = open_draft(lan.database, lan.now, household, campaign).agree(True, lan.now)
    assert [(one.relation, one.birth_year, one.sex) for one in draft.present] == [
        ("head", 1960, "m"),
        ("spouse", 1962, "f"),
    ]
    assert not draft.listed, "the family list is looked through first"
    assert not draft.is_repeat
    for one in draft.present:
        for asked in one.asked(campaign.form, campaign.round.reference_year):
            draft = draft.answer_of(one.id, asked.key, asked.choices[0])
    for question in campaign.form.household_questions:
        draft = draft.answer(question.key, question.choices[0])
    record_response(lan.database, lan.now, draft, campaign)
    assert listed(lan, household) == [], "at once, before the sync"
    await lan.sync()
    assert lan.outbox().waiting == 0
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    assert listed(minh, household) == []
    assert lan.listed(household).visited_at is not None
