"""What the checks noticed, on the phones: who made the visits says how it was, the lead has a family asked again."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from survey.doubts import Doubt
from sync_server.ids import new_id
from sync_server.publish import Subject, publish
from sync_server.review.noticing import list_standing
from sync_server.store.database import Database
from tests.browser.conftest import START_MS, Devices
from tests.browser.site import Site

pytestmark = pytest.mark.browser
COMMUNE = "09052"


def ask_about_evening(site: Site) -> Database:
    """A doubt about visits of the member of the demo, as the checks would put it."""
    database = Database(f"sqlite:///{site.data}/server.db")
    with database.write() as session:
        village = session.execute(text("SELECT id FROM village WHERE name = 'Đinh Xá'")).scalar_one()
        member = session.execute(text("SELECT id FROM member WHERE name = 'Vũ Thị Lan'")).scalar_one()
        rows = session.execute(text(f"SELECT id FROM household WHERE village_id = '{village}' ORDER BY id LIMIT 6"))
        body = {
            "check": "pace",
            "fingerprint": "an evening",
            "found_at": "2026-11-20T03:00:00Z",
            "member": member,
            "member_name": "Vũ Thị Lan",
            "households": list(rows.scalars()),
            "evidence": {"count": 6, "seconds": 360, "at": "2026-11-19T13:00:00+00:00"},
        }
        publish(session, COMMUNE, {village: [Subject("doubt", new_id(datetime.now(UTC)), body)]})
    return database


def doubt_in(database: Database) -> Doubt:
    with database.read() as session:
        return next(one.doubt for one in list_standing(session, COMMUNE) if one.doubt.fingerprint == "an evening")


def test_who_was_there_answers_and_the_lead_has_a_family_asked_again(site: Site, devices: Devices) -> None:
    database = ask_about_evening(site)
    page = devices.members_phone().open_app()
    question = "Tối 19/11 có 6 phiếu ghi trong 6 phút."
    expect(page.get_by_text(question)).to_be_attached(timeout=START_MS)
    page.get_by_role("button", name="Trả lời").click()
    page.get_by_role("button", name="Gửi câu trả lời").click()
    expect(page.get_by_text("Chọn hoặc ghi vài chữ cho biết lúc ấy thế nào.")).to_be_attached()
    page.get_by_role("radio", name="Ghi lại từ giấy").click()
    page.get_by_role("button", name="Gửi câu trả lời").click()
    expect(page.get_by_text(question)).not_to_be_attached()
    expect(page.get_by_text("Đã gửi hết phiếu")).to_be_attached()
    assert [(one.step, one.reason) for one in doubt_in(database).steps] == [("explain", "from_paper")]

    lead = devices.phone().sign_in(site.links["lead"])
    lead.get_by_role("tab", name="Cần xem").click(timeout=START_MS)
    expect(lead.get_by_text("Vũ Thị Lan cho biết: ghi lại từ giấy")).to_be_attached(timeout=START_MS)
    lead.get_by_role("button", name="Xem", exact=True).first.click()
    lead.get_by_role("checkbox").first.click()
    lead.get_by_role("button", name="Nhờ hỏi lại 1 hộ").click()
    expect(lead.get_by_text("nhờ hỏi lại: 1 hộ")).to_be_attached()
    asked = doubt_in(database)
    assert (asked.state, len(asked.steps[-1].households)) == ("asked", 1)

    [home] = asked.steps[-1].households
    lead.goto(f"http://127.0.0.1:{site.port}/app/#/households/{home}")
    lead.get_by_role("button", name="Nhiều phiếu trong ít phút · Đã nhờ hỏi lại").click(timeout=START_MS)
    expect(lead.get_by_text("Đã nhờ hỏi lại · đã hỏi lại 0/1 hộ")).to_be_attached()
    lead.get_by_role("button", name="Quay lại").click()
    expect(lead.get_by_role("button", name="Nhiều phiếu trong ít phút · Đã nhờ hỏi lại")).to_be_attached()
    database.close()
