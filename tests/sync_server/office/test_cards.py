"""Cards on the pages: made once, listed with their households, printed as phones print them."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from survey.roles import Role
from sync_server.store.cards import list_cards_of_village
from sync_server.store.members import list_members
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.wire_client import COMMUNE, Device, Server

HERE = "Đinh Xá"


@pytest.fixture
def minh(server: Server) -> Browser:
    browser = Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", HERE)
    browser.open("/office/cards")
    return browser


def serials(server: Server) -> list[int | None]:
    with server.database.read() as session:
        return [one.serial for one in list_cards_of_village(session, COMMUNE, server.villages[HERE].id)]


def issue_free(browser: Browser, count: str = "3") -> dict[str, str]:
    form = next(one for one in browser.read().forms if "count" in one.fields)
    browser.post(form.action, form.fields | {"count": count})
    return form.fields | {"count": count}


def test_a_form_that_is_sent_twice_makes_its_cards_once(server: Server, minh: Browser) -> None:
    assert "0 thẻ : 0 còn trống" in minh.words
    fields = issue_free(minh)
    assert "Đã tạo thẻ số 1 đến 3" in minh.words
    minh.post("/office/cards/issue", fields)
    assert "Đã tạo thẻ số 1 đến 3" in minh.words
    assert serials(server) == [1, 2, 3]
    assert minh.form("/sheets.pdf").fields["serials"] == "1-3"
    issue_free(minh)
    assert serials(server) == [1, 2, 3, 4, 5, 6]
    assert "6 thẻ : 6 còn trống" in minh.words


def test_two_clicks_at_once_make_the_cards_once(server: Server, minh: Browser) -> None:
    form = next(one for one in minh.read().forms if "count" in one.fields)
    cookie = "; ".join(f"{name}={value}" for name, value in minh.cookies.items())
    headers = {"Origin": "http://server", "Cookie": cookie}
    answers = server.request_twice_at_once("POST", form.action, data=form.fields | {"count": "3"}, headers=headers)
    assert {one.headers["location"].partition("&")[2] for one in answers} == {"made=1-3"}
    assert serials(server) == [1, 2, 3]


@pytest.mark.parametrize("count", ["", "0", "-1", "2.001", "x"])
def test_a_wrong_count_makes_none(server: Server, minh: Browser, count: str) -> None:
    issue_free(minh, count)
    assert minh.page is not None
    assert minh.page.status_code == 422
    assert serials(server) == []


def test_each_household_gets_its_card_and_stands_beside_it(
    server: Server, minh: Browser, lan_member: Device, household: str
) -> None:
    home = {"head_name": "<script>alert(1)</script>", "address": "Số 3, Ngõ Đình"}
    lan_member.send(lan_member.change("household", an_id(), home))
    for _ in range(2):
        minh.send("/cards/issue")
    assert "2 thẻ : 0 còn trống, 2 đã gắn với hộ" in minh.words
    assert "Không tạo thêm thẻ" in minh.words
    assert "Đã gắn <script>alert(1)</script> Số 3, Ngõ Đình" in minh.words
    assert minh.page is not None
    assert "<script>alert" not in minh.page.text
    assert len(serials(server)) == 2


def test_sheets_are_those_of_the_phones(server: Server, minh: Browser, minh_lead: Device) -> None:
    issue_free(minh, "12")
    village = server.villages[HERE].id
    asked = "format=a4-2x5&serials=1-12&back=1"
    pdf = minh.open(f"/office/cards/sheets.pdf?village={village}&{asked}")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.headers["cache-control"] == "no-store"
    assert len(PdfReader(BytesIO(pdf.content)).pages) == 4
    phone = server.request("GET", f"/api/v1/villages/{village}/cards.pdf?{asked}", headers=minh_lead.headers)
    assert phone.headers["x-pages"] == pdf.headers["x-pages"]
    for more in ("format=a4-3x8&back=1", "format=a4-1&back=1&serials=1", "outline=1&back=1"):
        assert minh.open(f"/office/cards/sheets.pdf?village={village}&{more}").status_code == 200, more
    for wrong, status in (("serials=x", 422), ("serials=99", 404), ("format=a9", 422), ("scale=2", 422)):
        assert minh.open(f"/office/cards/sheets.pdf?village={village}&{wrong}").status_code == status, wrong
        assert "Về trang đầu" in minh.words


def test_the_page_says_why_it_is_only_a_trial_print(minh: Browser) -> None:
    assert "Mới in thử được, chưa nên dán ở nhà dân" in minh.words
    assert "chưa bắt đầu bằng https://" in minh.words


def test_several_people_are_invited_with_a_card_each(server: Server, minh: Browser) -> None:
    pdf = minh.send("/cards/members", names="Ngô Thị Sen\r\n\r\n  Lê Văn Tư  \r\nNgô Thị Sen")
    assert pdf.status_code == 200
    assert pdf.headers["content-disposition"] == 'attachment; filename="the-to-vien.pdf"'
    assert pdf.headers["cache-control"] == "no-store"
    with server.database.read() as session:
        names = [one.name for one in list_members(session, COMMUNE)]
    assert sorted(names) == ["Hoàng Văn Minh", "Lê Văn Tư", "Ngô Thị Sen"]


@pytest.mark.parametrize(("names", "said"), [("", "Ghi từ 1 đến 50 người"), ("Sen\nTư 漢", "Tư 漢: Chữ “漢”")])
def test_a_wrong_list_of_names_invites_nobody_and_stays(server: Server, minh: Browser, names: str, said: str) -> None:
    minh.send("/cards/members", names=names)
    assert said in minh.words
    assert minh.form("/cards/members").fields["names"] == names
    with server.database.read() as session:
        assert len(list_members(session, COMMUNE)) == 1


def test_long_lists_come_by_pages(server: Server, minh: Browser) -> None:
    issue_free(minh, "201")
    assert "Trang 1 trên 2" in minh.words
    village = server.villages[HERE].id
    assert f"?village={village}&page=2" in minh.read().links
    minh.open(f"/office/cards?village={village}&page=2")
    assert "201 Còn trống" in minh.words
