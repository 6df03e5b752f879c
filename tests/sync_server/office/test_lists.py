"""A list of households on the office's page: looked at, answered, imported, taken back, as an official does it."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from survey.roles import Role
from tests.sync_server.office.browser import ORIGIN, Browser
from tests.sync_server.wire_client import Device, Server

HEADER = ("STT", "Họ và tên chủ hộ", "Thôn", "Địa chỉ", "Điện thoại")
TWO = [(1, "Nguyễn Văn Đức", "Đinh Xá", "Ngõ 1", ""), (2, "Trần Thị Hòa", "Thôn Đinh Xá", "Ngõ 2", "")]
PAGE = "/office/lists"


@pytest.fixture
def official(server: Server) -> Browser:
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


def workbook(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    for row in (HEADER, *rows):
        book.worksheets[0].append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def bring(official: Browser, content: bytes, name: str = "ho.xlsx") -> str:
    """Bring a file; the words of what is shown then."""
    files = {"file": (name, content)}
    official.open(PAGE, "POST", files=files, headers={"Origin": ORIGIN})
    return official.words


def heads(device: Device) -> list[str]:
    return sorted(one["head_name"] for one in device.of_kind("household"))


def test_looked_at_imported_and_taken_back(official: Browser, lan_member: Device) -> None:
    words = bring(official, workbook(*TWO, (3, "#N/A", "Đinh Xá", "", "")))
    assert "3 dòng: 2 thêm mới , 0 sửa, 0 giữ nguyên, 1 không nhập" in words
    assert "Sheet, ô B4 Ô tên báo lỗi #N/A" in words
    assert heads(lan_member) == []
    official.send("/import")
    assert "2 thêm mới" in official.words
    assert heads(lan_member) == ["Nguyễn Văn Đức", "Trần Thị Hòa"]
    official.send("/undo")
    assert "Đã hoàn tác lần nhập này: 2 dòng thêm mới được bỏ ra" in official.words
    assert heads(lan_member) == []
    assert lan_member.of_kind("coverage")[0]["registered"] == 0
    assert "2 thêm mới" in bring(official, workbook(*TWO)), "and can be imported again"
    official.send("/import")
    assert len(heads(lan_member)) == 2


def test_a_question_is_answered_and_the_household_updated(official: Browser, lan_member: Device) -> None:
    bring(official, workbook(*TWO))
    official.send("/import")
    words = bring(official, workbook((1, "Nguyễn Văn Đức", "Đinh Xá", "Ngõ 9", "0912345678"), TWO[1]))
    assert "1 hộ cần anh/chị chọn" in words
    assert official.page is not None
    subject = next(
        who
        for (kind, who), row in lan_member_rows(lan_member).items()
        if kind == "household" and row["body"]["head_name"] == "Nguyễn Văn Đức"
    )
    assert f'value="{subject}"' in official.page.text
    official.send("/choose", **{"answer:2:Sheet": subject})
    assert "địa chỉ: Ngõ 1 → Ngõ 9; số điện thoại: trống → 0912 345 678" in official.words
    official.send("/import")
    assert sorted(one["address"] for one in lan_member.of_kind("household")) == ["Ngõ 2", "Ngõ 9"]
    official.send("/undo")
    assert sorted(one["address"] for one in lan_member.of_kind("household")) == ["Ngõ 1", "Ngõ 2"]
    assert lan_member.shown("household", subject).get("phone") is None


def lan_member_rows(device: Device) -> dict[Any, Any]:
    device.pull()
    return device.rows[device.village]


def test_an_import_that_was_built_on_stays(official: Browser, lan_member: Device) -> None:
    bring(official, workbook(*TWO))
    official.send("/import")
    subject = next(who for kind, who in lan_member_rows(lan_member) if kind == "household")
    lan_member.send(lan_member.visit(subject))
    official.send("/undo")
    assert official.page is not None
    assert official.page.status_code == 409
    assert "1 hộ của lần nhập này đã được khảo sát" in official.words
    assert len(heads(lan_member)) == 2


def test_a_village_that_is_spelled_otherwise_is_chosen(official: Browser, server: Server) -> None:
    words = bring(official, workbook((1, "Vũ Văn Lạ", "Thôn Dinh Sa", "", "")))
    assert "Tạo thôn mới “Thôn Dinh Sa” Là thôn Đinh Xá" in words
    official.send("/choose", **{"named:Thôn Dinh Sa": "thôn Đinh Xá"})
    assert "Thôn chưa có trong xã" not in official.words
    official.send("/import")
    assert "1 thêm mới" in official.words
    with server.database.read() as session:
        from sync_server.store.villages import list_villages

        assert "Dinh Sa" not in [one.name for one in list_villages(session, "09052")]


def test_columns_are_chosen_where_two_fit(official: Browser) -> None:
    book = Workbook()
    for row in (("Chủ hộ", "Tên chủ hộ", "Thôn"), ("Cũ", "Nguyễn Văn Hiền", "Đinh Xá")):
        book.worksheets[0].append(row)
    content = BytesIO()
    book.save(content)
    assert "cột A “Chủ hộ” và cột B “Tên chủ hộ”" in bring(official, content.getvalue())
    official.send("/choose", **{"column:head_name": "B"})
    assert "1 thêm mới" in official.words
    assert "Nguyễn Văn Hiền" in official.words


def test_rows_without_a_village_are_given_one(official: Browser) -> None:
    assert "Danh sách thiếu cột “Thôn”" in bring(official, "STT;Họ tên\n1;Nguyễn Văn An\n".encode(), "ho.csv")
    official.send("/choose", village="thôn Đinh Xá")
    assert "1 thêm mới" in official.words


def test_what_was_left_out_comes_back_as_a_workbook(official: Browser) -> None:
    bring(official, "STT;Họ và tên chủ hộ;Thôn;Địa chỉ;Điện thoại\n3;;Đinh Xá;=1+1;\n".encode(), "ho.csv")
    official.send("/import")
    link = next(one for one in official.read().links if one.endswith("left-out.xlsx"))
    answer = official.open(link)
    assert "attachment" in answer.headers["content-disposition"]
    page = load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = list(page.iter_rows(values_only=True))
    assert rows[0] == (*HEADER, "Lý do chưa nhập")
    assert rows[1][3:] == ("=1+1", None, "Dòng này không có tên chủ hộ nên chưa nhập.")
    assert page["D2"].data_type == "s", "a text, no formula"  # type: ignore[union-attr]
    assert len(rows) == 2


def test_a_file_waits_a_day_and_no_longer(official: Browser, server: Server) -> None:
    bring(official, workbook(*TWO))
    waiting = official.went_to[-1]
    for _ in range(3):
        server.clock.pass_by(hours=10)  # a browser that nobody uses for twelve hours is signed out
        official.open(PAGE)
    bring(official, workbook(*TWO))
    newer = official.went_to[-1]
    assert official.open(waiting).status_code == 404
    official.open(newer)
    official.send("/discard")
    official.open(PAGE)
    assert "ho.xlsx" not in official.words


def test_what_is_no_list_is_refused_with_what_to_do(official: Browser) -> None:
    assert "Excel đời cũ (.xls)" in bring(official, b"\xd0\xcf\x11\xe0" + bytes(600), "cu.xls")
    assert "Không mở được tệp" in bring(official, b"")
    assert official.open(PAGE, "POST", content=b"x" * (9 * 1024**2), headers={"Origin": ORIGIN}).status_code == 413


def test_a_second_click_imports_once(official: Browser, lan_member: Device) -> None:
    bring(official, workbook(*TWO))
    form = official.form("/import")
    for _ in range(2):
        official.post(form.action, form.fields)
        assert "2 thêm mới" in official.words
    assert len(heads(lan_member)) == 2


def test_a_lead_has_no_lists(server: Server, official: Browser) -> None:
    bring(official, workbook(*TWO))
    waiting = f"/office{official.went_to[-1].removeprefix('/office')}"
    lead = Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    for path in (PAGE, waiting, f"{waiting}/left-out.xlsx"):
        assert lead.open(path).status_code == 403
    for action in ("choose", "import", "discard", "undo"):
        assert lead.post(f"{waiting}/{action}", {}).status_code == 403
    assert "Danh sách" not in [one.strip() for one in lead.open("/office/overview").text.split(">")]
