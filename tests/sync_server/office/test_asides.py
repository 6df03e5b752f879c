"""Nội dung cất riêng, in the queue: whose phone, when and why; read by who may, settled once, gone when it counts."""

import json
from collections.abc import Callable

import pytest

from survey.roles import Role
from sync_server.review.noticing import notice
from sync_server.review.watching import Reviewer
from sync_server.sync.quarantine import put_back, quarantine
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.office.test_review import HERE, doubts, fields_of
from tests.sync_server.sync.test_rescue import hand_in, sealed
from tests.sync_server.wire_client import COMMUNE, Device, Json, Server

TOKEN_OF_BEFORE = "a token of before"


@pytest.fixture
def hoa(server: Server) -> Browser:
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


def asides(server: Server) -> dict[str, Json]:
    notice(server.database, COMMUNE, server.clock())
    return {one: body for one, body in doubts(server).items() if body["check"] == "aside"}


@pytest.fixture
def visit(server: Server, lan_member: Device, minh_lead: Device, household: str) -> Json:
    """A visit of Lan's that only a rescue file has brought, with a credential that is none."""
    made = lan_member.visit(household, note="Nhà có hai cụ")
    assert hand_in(server, minh_lead, sealed(lan_member, made, token=TOKEN_OF_BEFORE))[1]["counts"] == {"held": 1}
    return made


def test_a_rescue_file_is_asked_about_once(
    server: Server, hoa: Browser, lan_member: Device, minh_lead: Device, visit: Json, household: str
) -> None:
    more = [lan_member.change("household", an_id(), {"head_name": "Lê Thị Bé"}) for _ in range(3)]
    server.clock.pass_by(hours=1)
    hand_in(server, minh_lead, sealed(lan_member, visit, *more, token=TOKEN_OF_BEFORE))
    first, second = sorted(asides(server), key=lambda one: doubts(server)[one]["evidence"]["received_at"])
    kept = json.dumps(lan_member.of_kind("doubt"), ensure_ascii=False)
    for secret in ("Nguyễn Văn Đức", "Lê Thị Bé", "hai cụ", visit["id"], lan_member.enrolled["device_id"]):
        assert secret not in kept
    hoa.open("/office/review")
    assert "2 mục cần xem" in hoa.words
    assert "Tệp cứu hộ của máy của Vũ Thị Lan được nộp lúc" in hoa.words
    assert "vì chưa chắc tệp ấy đúng là của máy này" in hoa.words
    hoa.open(f"/office/review/{second}/content")
    assert hoa.words.count("Lê Thị Bé") == 3
    refused = hoa.post(f"/office/review/{first}", fields_of(hoa, first) | {"step": "settle", "outcome": "kept"})
    assert (refused.status_code, "nội dung ấy là gì" in hoa.words) == (422, True)
    said = {"step": "settle", "outcome": "kept", "note": "Lan đã ghi lại nhà này"}
    hoa.post(f"/office/review/{first}", fields_of(hoa, first) | said)
    assert "kết thúc: đã xem, không cần làm gì thêm (“Lan đã ghi lại nhà này”)" in hoa.words
    hand_in(server, minh_lead, sealed(lan_member, visit, token=TOKEN_OF_BEFORE))
    assert asides(server)[first]["state"] == "settled"
    assert len(asides(server)) == 2


def test_it_is_gone_when_the_phone_sends_it_after_all(server: Server, lan_member: Device, visit: Json) -> None:
    [(identity, body)] = asides(server).items()
    assert body.get("state", "new") == "new"
    assert lan_member.verdicts(visit) == ["applied"]
    assert asides(server)[identity]["state"] == "gone"


def test_what_can_be_read_is_shown_and_that_it_was_is_in_the_log(server: Server, hoa: Browser, visit: Json) -> None:
    [identity] = asides(server)
    hoa.open(f"/office/review/{identity}/content")
    for words in ("Ghi phiếu của một hộ", "Đã khảo sát", "Nhà có hai cụ", "Chủ hộ, sinh năm 1961, nữ"):
        assert words in hoa.words
    hoa.open("/office/audit")
    assert "xem nội dung một dòng dữ liệu" in hoa.words


def test_what_nobody_can_read_is_still_a_page(
    server: Server, hoa: Browser, lan_member: Device, tuyet_member: Device
) -> None:
    bodies = (
        {"outcome": [], "residents": [1, {"answers": {"vneid_level": {}}, "birth_year": "x"}]},
        "chữ",
        {"phone": 9},
    )
    odd = [{"id": "không đọc được", "kind": ["x"], "body": body, "started_at": 5} for body in bodies]
    assert tuyet_member.verdicts(*odd) == ["invalid"] * len(odd)
    [(identity, body)] = asides(server).items()
    hoa.open("/office/review")
    assert "Máy của Lê Thị Tuyết gửi nội dung đến lúc" in hoa.words
    assert "nội dung không đúng mẫu" in hoa.words
    assert body["member_name"] == "Lê Thị Tuyết"
    assert tuyet_member.of_kind("doubt"), "where its sender works"
    assert not lan_member.of_kind("doubt")
    assert hoa.open(f"/office/review/{identity}/content").status_code == 200
    assert "Không có gì đọc được bằng chữ." in hoa.words
    there = Browser(server).sign_in(Role.LEAD, "Lý Văn Xa", "Nghinh Tiên")
    there.open(f"/office/review/{identity}/content")
    assert "chỉ cán bộ xã mở ra được" in there.words
    here = Browser(server).sign_in(Role.LEAD, "Đỗ Văn Ước", HERE)
    assert here.open(f"/office/review/{identity}/content").status_code == 404


def test_what_was_taken_off_is_gone_from_the_queue_once_it_is_back(
    server: Server, hoa: Browser, household: str
) -> None:
    with server.database.write() as session:
        quarantine(session, COMMUNE, household, "Hoa", "máy cũ không đọc được", server.clock())
    [identity] = asides(server)
    hoa.open("/office/review")
    assert "người quản trị máy chủ rút một dòng khỏi các máy" in hoa.words
    hoa.open(f"/office/review/{identity}/content")
    assert "Nguyễn Văn Đức" in hoa.words
    with server.database.write() as session:
        put_back(session, COMMUNE, household, "Hoa", server.clock())
    assert asides(server)[identity]["state"] == "gone"
    assert hoa.open(f"/office/review/{identity}/content").status_code == 200
    assert "đã được đưa lại" in hoa.words


def test_the_reviewer_looks_when_something_was_set_aside(server: Server, lan_member: Device) -> None:
    reviewer = Reviewer(server.database, server.clock)
    reviewer.look(COMMUNE, server.clock())
    lan_member.send({"id": "không đọc được"})
    server.clock.pass_by(minutes=2)
    reviewer.look(COMMUNE, server.clock())
    assert [body["check"] for body in doubts(server).values()] == ["aside"]


def test_a_device_that_nobody_knows_is_not_the_couriers(
    server: Server, run: Callable[..., tuple[int, str, str]], lan_member: Device, minh_lead: Device, household: str
) -> None:
    made = lan_member.visit(household)
    hand_in(server, minh_lead, sealed(lan_member, made, token=TOKEN_OF_BEFORE, device_id=an_id()))
    [body] = asides(server).values()
    assert "member" not in body
    assert "Hoàng Văn Minh" not in run("changes", "aside", "--commune", COMMUNE)[1]
