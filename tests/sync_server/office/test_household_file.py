"""A list of households is taken out for a purpose, and the log says who did, what and why."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from survey.roles import Role
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.wire_client import Device, Server

PURPOSE = "Tổ đi phát giấy mời họp thôn"


@pytest.fixture
def homes(lan_member: Device, tuyet_member: Device) -> None:
    """Two households here, one in the other village."""
    for device, name, phone in (
        (lan_member, "=Nguyễn Văn Đức", "0912345678"),
        (lan_member, "Lê Thị Bé", None),
        (tuyet_member, "Vũ Văn Ba", "0987654321"),
    ):
        body = {"head_name": name, "address": "Số 3, Ngõ Đình", "phone": phone}
        assert device.verdicts(device.change("household", an_id(), body)) == ["applied"]


def rows_of(content: bytes) -> list[list[object]]:
    [sheet] = load_workbook(BytesIO(content)).worksheets
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_what_is_shown_is_taken_out_and_written_down(server: Server, homes: None) -> None:
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    here = server.villages["Đinh Xá"].id
    hoa.open(f"/office/households?village={here}")
    answer = hoa.send("/households/file", purpose=PURPOSE, format="xlsx")
    rows = rows_of(answer.content)
    assert [row[2] for row in rows] == ["Lê Thị Bé", "=Nguyễn Văn Đức"]
    assert [row[4] for row in rows] == [None, "09•• ••• •78"]
    hoa.open("/office/households")
    answer = hoa.send("/households/file", purpose=PURPOSE, format="xlsx", phones="1")
    assert {row[4] for row in rows_of(answer.content)} == {None, "0912 345 678", "0987 654 321"}
    hoa.open("/office/audit")
    assert hoa.words.count(PURPOSE) == 2
    assert "xuất dữ liệu ra tệp" in hoa.words
    assert "3 hộ" in hoa.words
    assert "Điện thoại đầy đủ" in hoa.words
    assert not any(secret in hoa.words for secret in ("Văn Đức", "Lê Thị Bé", "0912", "345 678"))


def test_a_csv_comes_in_pieces_and_no_cell_is_a_formula(server: Server, homes: None) -> None:
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    hoa.open("/office/households")
    text = hoa.send("/households/file", purpose=PURPOSE, format="csv", phones="1").content.decode("utf-8-sig")
    lines = text.splitlines()
    assert len(lines) == 4
    assert '"\'=Nguyễn Văn Đức"' in text
    assert '"0912 345 678"' in text


def test_without_a_purpose_nothing_is_taken_out(server: Server, homes: None) -> None:
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    hoa.open("/office/households")
    answer = hoa.send("/households/file", purpose=" ab ", format="xlsx")
    assert answer.status_code == 422
    assert "Để làm gì" in hoa.words
    hoa.open("/office/audit")
    assert "xuất dữ liệu" not in hoa.words.partition("Lọc")[2]


def test_a_lead_takes_out_the_own_village_alone(server: Server, homes: None) -> None:
    minh = Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    minh.open("/office/households")
    answer = minh.send("/households/file", purpose=PURPOSE, format="xlsx")
    assert {row[0] for row in rows_of(answer.content)} == {"thôn Đinh Xá"}
    minh.open("/office/households")
    there = server.villages["Nghinh Tiên"].id
    assert minh.send("/households/file", purpose=PURPOSE, format="xlsx", village=there).status_code == 403
