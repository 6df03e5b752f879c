"""Role × page × village: what each person gets of each page, and what nobody gets who is not signed in."""

import pytest

from survey.roles import Role
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.wire_client import Device, Server

A, B = "Đinh Xá", "Nghinh Tiên"  # the lead works in A
# page, and what a lead of A, an official, and a stranger get; a stranger is sent to the door
PAGES = [
    ("GET /overview", (200, 200, 200)),
    ("GET /overview/table.xlsx", (403, 200, 200)),
    ("GET /overview/table.exe", (403, 404, 200)),
    ("GET /villages/{A}", (200, 200, 200)),
    ("GET /villages/{B}", (403, 200, 200)),
    ("GET /villages/{nowhere}", (403, 404, 200)),
    ("GET /villages/{A}/doors/1", (200, 200, 200)),
    ("GET /villages/{B}/doors/1", (403, 200, 200)),
    ("GET /villages/{A}/doors/77", (404, 404, 200)),
    ("POST /villages/{A}/attest/3", (200, 200, 401)),
    ("POST /villages/{B}/attest/3", (403, 200, 401)),
    ("GET /attested", (200, 200, 200)),
    ("POST /attested/{A}/confirm", (403, 200, 401)),
    ("POST /attested/{B}/confirm", (403, 200, 401)),
    ("POST /attested/{nowhere}/confirm", (403, 404, 401)),
    ("GET /households/erased", (200, 200, 200)),
    ("POST /households/{nowhere}/erase", (403, 404, 401)),
    ("POST /households/file", (422, 422, 401)),
    ("GET /differences", (200, 200, 200)),
    ("POST /differences/{nowhere}", (404, 404, 401)),
    ("GET /review", (200, 200, 200)),
    ("POST /review/{nowhere}", (404, 404, 401)),
    ("GET /review/again", (200, 200, 200)),
    ("POST /review/again/give", (403, 200, 401)),
    ("POST /review/again/close", (403, 200, 401)),
    ("GET /review/again/{nowhere}", (404, 404, 200)),
    ("POST /review/again/{nowhere}", (404, 404, 401)),
    ("POST /review/again/{nowhere}/leave-out", (404, 404, 401)),
    ("GET /lists", (403, 200, 200)),
    ("POST /lists", (403, 422, 401)),
    ("GET /lists/{nowhere}", (403, 404, 200)),
    ("GET /lists/{nowhere}/left-out.xlsx", (403, 404, 200)),
    ("POST /lists/{nowhere}/choose", (403, 404, 401)),
    ("POST /lists/{nowhere}/import", (403, 404, 401)),
    ("POST /lists/{nowhere}/undo", (403, 404, 401)),
    ("GET /reports", (403, 200, 200)),
    ("POST /reports/periods", (403, 422, 401)),
    ("GET /reports/periods/{nowhere}", (403, 404, 200)),
    ("GET /reports/periods/{nowhere}/draft.pdf", (403, 404, 200)),
    ("POST /reports/periods/{nowhere}/draft", (403, 404, 401)),
    ("POST /reports/periods/{nowhere}/change", (403, 422, 401)),
    ("POST /reports/periods/{nowhere}/delete", (403, 404, 401)),
    ("POST /reports/periods/{nowhere}/sign", (403, 404, 401)),
    ("GET /reports/{nowhere}", (403, 404, 200)),
    ("GET /reports/{nowhere}/file.pdf", (403, 404, 200)),
    ("POST /reports/{nowhere}/number", (403, 404, 401)),
    ("GET /reports/{nowhere}/progress.png", (403, 404, 200)),
    ("GET /reports/trend", (403, 200, 200)),
    ("POST /reports/public", (403, 200, 401)),
    ("GET /public/09052", (404, 404, 404)),
    ("GET /public/09052/figures.json", (404, 404, 404)),
    ("GET /check", (200, 200, 200)),
    ("POST /check", (422, 422, 422)),
    ("GET /registers", (403, 200, 200)),
    ("POST /registers/requests", (403, 422, 401)),
    ("POST /registers/requests/{nowhere}", (403, 404, 401)),
    ("GET /registers/impact.docx", (403, 200, 200)),
    ("GET /setup", (403, 200, 200)),
    ("GET /setup/criteria", (403, 200, 200)),
    ("POST /setup/villages", (403, 200, 401)),
    ("POST /setup/villages/{B}", (403, 422, 401)),
    ("POST /setup/villages/{nowhere}/delete", (403, 404, 401)),
    ("POST /setup/round", (403, 422, 401)),
    ("GET /setup/criteria/sheet.xlsx", (403, 200, 200)),
    ("POST /setup/criteria/sheet", (403, 422, 401)),
    ("POST /setup/criteria/try", (403, 200, 401)),
    ("POST /setup/criteria/adopt", (403, 200, 401)),
    ("GET /audit", (403, 200, 200)),
    ("GET /audit?act=nothing", (403, 404, 200)),
    ("GET /audit?before=nothing", (403, 404, 200)),
    ("GET /audit?since=31/02/2026", (403, 422, 200)),
    ("GET /rescue", (200, 200, 200)),
    ("POST /rescue", (422, 422, 401)),
    ("POST /sign-out", (200, 200, 401)),
]


@pytest.fixture
def people(server: Server) -> list[Browser]:
    lead = Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", A)
    official = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    return [lead, official, Browser(server)]


@pytest.mark.parametrize(("page", "expected"), PAGES)
def test_everybody_gets_what_is_theirs(
    server: Server, people: list[Browser], page: str, expected: tuple[int, ...]
) -> None:
    method, _, path = page.partition(" ")
    path = path.format(A=server.villages[A].id, B=server.villages[B].id, nowhere=an_id())
    got = []
    for person in people:
        if method == "GET":
            person.open(f"/office{path}")
        else:
            person.post(f"/office{path}", {"change": an_id(), "seen": "0", "subject": an_id(), "value": "1"})
        assert person.page is not None
        got.append(person.page.status_code)
        if person is people[2]:
            assert "Hoàng" not in person.words
            assert A not in person.words
    assert tuple(got) == expected


def test_another_communes_official_sees_nothing_of_this_one(server: Server, lan_member: Device, household: str) -> None:
    from survey.records import Commune
    from sync_server.commune.criteria_sets import load_criteria_set
    from sync_server.commune.setup import invite, open_commune

    with server.database.write() as session:
        other = Commune(code="00001", name="Khác", kind="xã")
        open_commune(session, other, load_criteria_set("nguyet-duc-demo"), server.clock())
        code = invite(session, "00001", Role.OFFICIAL, "Lạ", [], server.clock(), public_url="http://server").code
    stranger = Browser(server)
    stranger.open("/office/")
    stranger.send("/code", code=code)
    stranger.send("/sign-in")
    assert A not in stranger.words
    assert "Xã Khác" in stranger.words
    assert stranger.open(f"/office/villages/{server.villages[A].id}").status_code == 404


@pytest.mark.parametrize(
    "page", ["/office", "/office/nothing", "/office/static/nothing", "/office/static/..%2fpages.py"]
)
def test_what_is_not_there_is_said_as_a_page(server: Server, page: str) -> None:
    browser = Browser(server)
    answer = browser.open(page)
    if page != "/office":
        assert answer.status_code == 404
    assert "text/html" in answer.headers["content-type"]
    assert "Traceback" not in answer.text
