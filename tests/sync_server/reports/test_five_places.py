"""What the five real places reported, as signed reports: their figures stand in the document as they were published."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from survey.periods import PeriodKind, Plan
from survey.reports import Letterhead, Report, Wording
from survey.roles import Role
from sync_server.access.caller import sign_in
from sync_server.demo.replay import load_demo
from sync_server.ids import new_id
from sync_server.main import create_app
from sync_server.reports.blocks import Heading, Item, Paragraph, Table
from sync_server.reports.compose import read_signed
from sync_server.reports.document import document_of
from sync_server.reports.pdf_file import as_pdf
from sync_server.reports.plan import change_period, open_period, write_draft
from sync_server.reports.sign import sign_report
from sync_server.settings import ServerSettings
from sync_server.store.reports import list_reports
from tests.builders import HEADS
from tests.clock import Clock
from tests.sync_server.office.places import code_for, enroll, first_visit, open_place, send_all
from tests.sync_server.office.test_five_places import DAN_PHUONG, INTERNET, TEAM_OF_ONE, YEN_THE
from tests.sync_server.reports.test_document import words_of
from tests.sync_server.wire_client import Device, Server, a_person

pytestmark = pytest.mark.slow


@pytest.fixture
def bare(settings: ServerSettings) -> Iterator[Server]:
    clock = Clock()
    made = Server(create_app(settings, clock), clock)
    yield made
    made.close()


def sign_year(server: Server, official: Device, title: str, plan: int | None = None, printed: str = "") -> Report:
    """Open a period that ends today, sign its report, and give it."""
    caller = sign_in(server.database, official.enrolled["token"], timedelta(days=14), server.clock())
    commune, today = caller.commune.code, server.clock().date()
    with server.database.write() as session:
        days = today - timedelta(days=300), today
        period = open_period(session, commune, PeriodKind.YEAR, title, *days, server.clock())
        change_period(session, commune, period.id, title, *days, Plan(passed=plan))
        write_draft(session, commune, period.id, Letterhead(signer="Nguyễn Thị Hạnh"), Wording(printed=printed))
        known = list_reports(session, commune)
    seen, identity = known[0].number if known else 0, new_id(server.clock())
    return read_signed(sign_report(server.database, caller, period.id, identity, seen, "", server.clock()))


def text_of(report: Report) -> str:
    """Every word of the document, blocks and cells joined by single spaces."""
    said = document_of(report, "0" * 64)
    parts: list[str] = [said.subject]
    for block in (*said.body, *said.appendix):
        if isinstance(block, Table):
            parts += [" ".join(cells) for cells in (block.headings, *block.rows)]
        elif isinstance(block, Heading | Paragraph | Item):
            parts.append(block.text)
    return " ".join(" ".join(parts).split())


def official_of(server: Server, commune: str) -> Device:
    return enroll(server, code_for(server, commune, Role.OFFICIAL, "Đặng Thị Hoa"))


def test_nguyet_duc_eight_of_eleven(bare: Server) -> None:
    official = enroll(bare, load_demo(bare.app)["official"].code)
    text = text_of(sign_year(bare, official, "năm 2026"))
    assert "8 trên 11 thôn đạt" in text
    assert "94,4 %" in text
    assert "89,4 %" in text
    assert "90,3 %" in text
    assert "8 trên 11 thôn đạt" in text.partition("Toàn xã")[2]


def test_ninh_binh_27_then_106_of_143_as_plan_against_actual(bare: Server) -> None:
    """As one commune of 143 villages: what the province counted in communes is counted in villages here."""
    phones = open_place(bare, "14701", INTERNET, {f"Thôn {number}": 1 for number in range(1, 144)})
    homes = {}
    for place, (village, phone) in enumerate(phones.items()):
        home, changes = first_visit(phone, HEADS[0], answers={"has_fixed_internet": "yes" if place < 27 else "no"})
        send_all(phone, changes)
        homes[village] = (home, changes[1])
    official = official_of(bare, "14701")
    first = sign_year(bare, official, "năm 2024", plan=27)
    assert "27 trên 143 thôn đạt (kế hoạch: 27 thôn)" in text_of(first)
    bare.clock.pass_by(days=300)
    for place, (village, phone) in enumerate(phones.items()):
        if 27 <= place < 106:
            home, before = homes[village]
            ended = bare.clock().isoformat()
            body = {"based_on": before["subject"], "residents": before["body"]["residents"], "ended_at": ended}
            send_all(phone, [phone.visit(home, answers={"has_fixed_internet": "yes"}, **body)])
    second = sign_year(bare, official_of(bare, "14701"), "năm 2026", plan=120)
    text = text_of(second)
    assert "106 trên 143 thôn đạt (kế hoạch: 120 thôn; kỳ trước (năm 2024): 27 trên 143 thôn)" in text
    assert "74,1 % 106 trên 143 hộ gia đình 18,9 % +55,2 điểm" in text
    assert "37 thôn chưa đạt" in text
    assert text_of(first).count("27 trên 143 thôn đạt"), "the earlier report says what it said"


def test_yen_the_a_printed_percentage_is_computed_again(bare: Server) -> None:
    phone = open_place(bare, "07288", YEN_THE, {"Thôn Đồng Vương": 1})["Thôn Đồng Vương"]
    people = [a_person(answers={"vneid_level": 2, "has_payment_account": "yes"}) for _ in range(5)]
    send_all(phone, first_visit(phone, HEADS[0], residents=people, answers={})[1])
    printed = "Người dân có chữ ký số; 32.468; 32.641; 98,47 %\nNgười đủ điều kiện kích hoạt; 75.550; 75.550; 100 %"
    report = sign_year(bare, official_of(bare, "07288"), "năm 2026", printed=printed)
    text = text_of(report)
    assert "32.468 trên 32.641 98,47 % 99,47 % lệch 1,00 điểm phần trăm" in text
    assert "75.550 trên 75.550 100 % 100 % đúng" in text
    assert "99,47 %" in words_of(as_pdf(report, "0" * 64))


def test_tuyen_hoa_teams_of_one_and_two(bare: Server) -> None:
    teams = {f"Thôn {number}": 1 + number % 2 for number in range(1, 8)}
    for phone in open_place(bare, "18997", TEAM_OF_ONE, teams).values():
        send_all(phone, first_visit(phone, HEADS[0])[1])
    text = text_of(sign_year(bare, official_of(bare, "18997"), "năm 2026"))
    assert "0 trên 7 thôn đạt" in text
    assert text.count("chưa xác nhận (mục 2)") == 7
    assert "Đã khảo sát 7 trên 7 hộ (100 %)" in text


def test_dan_phuong_one_household_is_missing(bare: Server) -> None:
    phone = open_place(bare, "09784", DAN_PHUONG, {"Thôn Đoài Khê": 1})["Thôn Đoài Khê"]
    for place, head_name in enumerate(HEADS):
        fluent = {"has_fluent_user": "no" if place == 2 else "yes"}
        send_all(phone, first_visit(phone, head_name, answers=fluent)[1])
    text = text_of(sign_year(bare, official_of(bare, "09784"), "năm 2026"))
    assert "Thôn Đoài Khê: còn thiếu 1 hộ (mục 1)." in text
    assert "= 100 % 83,3 % 5 trên 6 hộ gia đình" in text
