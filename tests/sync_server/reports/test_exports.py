"""The files at the addresses of the wire say what the API says, and each is written down before it is given."""

import csv
import json
from io import BytesIO, StringIO

from openpyxl import load_workbook
from pypdf import PdfReader

from survey.roles import Role
from sync_server.reports.book import FIRST_ROW, TABLE
from tests.sync_server.office.browser import Browser
from tests.sync_server.wire_client import COMMUNE, Device, Server, a_person


def fetch(server: Server, official: Device, ending: str) -> bytes:
    address = f"/api/v1/communes/{COMMUNE}/coverage.{ending}"
    answer = server.request("GET", address, headers=official.headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content


def test_every_file_has_the_figures_of_the_api(
    server: Server, lan_member: Device, hoa_official: Device, household: str
) -> None:
    people = [a_person(answers={"has_smartphone": answer}) for answer in ("yes", "yes", "no", "unknown")]
    lan_member.send(lan_member.visit(household, residents=people))
    api = server.request("GET", "/api/v1/coverage", headers=hoa_official.headers).json()
    [here] = [one for one in api["villages"] if one["village"]["name"] == "Đinh Xá"]
    line = here["criteria"][0]
    assert (line["numerator"], line["denominator"], line["unknown"]) == (2, 3, 1)

    sheet = load_workbook(BytesIO(fetch(server, hoa_official, "xlsx")), data_only=True)[TABLE]
    rows = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW + 1)}
    assert rows["thôn Đinh Xá"][2:4] == [here["registered"], here["surveyed"]]
    assert rows["thôn Đinh Xá"][8:10] == [2, 3]
    assert abs(rows["thôn Đinh Xá"][10] - 2 / 3) < 1e-12

    lines = csv.DictReader(StringIO(fetch(server, hoa_official, "csv").decode("utf-8-sig")), delimiter=";")
    [mine] = [one for one in lines if one["Thôn"] == "thôn Đinh Xá" and one["Tiêu chí"] == "Mục 1"]
    assert (mine["Tử số"], mine["Mẫu số"], mine["Không rõ"], mine["Hiện nay"]) == ("2", "3", "1", "66,7 %")
    text = fetch(server, hoa_official, "txt").decode("utf-16")
    assert any(cells[1] == "thôn Đinh Xá" for cells in csv.reader(StringIO(text), delimiter="\t"))

    frozen = json.loads(fetch(server, hoa_official, "json"))["coverage"]
    assert {name: frozen[name] for name in ("passed", "total", "registered", "surveyed")} == {
        name: api[name] for name in ("passed", "total", "registered", "surveyed")
    }
    assert frozen["villages"][0]["criteria"] == api["villages"][0]["criteria"]
    pages = PdfReader(BytesIO(fetch(server, hoa_official, "pdf"))).pages
    words = " ".join(page.extract_text() for page in pages).replace("\u00a0", " ")
    assert "66,7 %" in words
    assert "2/3" in words
    assert fetch(server, hoa_official, "docx").startswith(b"PK")


def test_who_took_out_what_is_in_the_log(server: Server, hoa_official: Device) -> None:
    fetch(server, hoa_official, "xlsx")
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    hoa.open("/office/overview/table.csv")
    hoa.open("/office/audit")
    for said in ("Bảng Excel", "CSV", "Kết quả theo bộ tiêu chí – xã Nguyệt Đức – số liệu hiện nay"):
        assert said in hoa.words
    assert hoa.words.count("xuất dữ liệu ra tệp") >= 2
