"""The items that villages attest, on one page: what waits, and the commune's word."""

from survey.roles import Role
from tests.sync_server.office.browser import Browser
from tests.sync_server.office.test_village import attest_form
from tests.sync_server.wire_client import Device, Server

HERE = "Đinh Xá"


def attest_two(server: Server) -> Browser:
    """A lead attests both items of the village."""
    minh, village = Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", HERE), server.villages[HERE].id
    for no, value in (("3", "yes"), ("4", "2")):
        minh.open(f"/office/villages/{village}")
        form = next(one for one in minh.read().forms if one.action.endswith(f"/attest/{no}"))
        minh.post(form.action, form.fields | {"value": value, "evidence": "Biên bản số 12", "dated": "20/11/2026"})
    return minh


def test_one_tap_confirms_and_a_lead_sees_it(server: Server) -> None:
    minh = attest_two(server)
    assert "Minh chứng: Biên bản số 12 ngày 20/11/2026" in minh.words
    assert "Xã chưa duyệt." in minh.words
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    assert "2 mục thôn xác nhận chờ duyệt" in hoa.words
    hoa.open("/office/attested")
    assert "2 mục chờ duyệt" in hoa.words
    assert "2 mục thôn chưa xác nhận" in hoa.words, "of the other village"
    form = hoa.form(f"{server.villages[HERE].id}/confirm")
    for _ in range(2):
        hoa.post(form.action, form.fields | {"only": "3"})
        assert "1 mục chờ duyệt" in hoa.words
    hoa.send(f"{server.villages[HERE].id}/confirm")
    assert "không còn mục chờ duyệt" in hoa.words
    minh.open("/office/attested")
    assert "Đặng Thị Hoa, 22/11/2026" in minh.words
    assert "Nghinh Tiên" not in minh.words
    minh.open(f"/office/villages/{server.villages[HERE].id}")
    assert "Đang ghi: có, Hoàng Văn Minh" in minh.words
    assert "Xã đã duyệt: Đặng Thị Hoa" in minh.words


def test_what_was_changed_meanwhile_is_not_confirmed(server: Server, minh_lead: Device) -> None:
    minh = attest_two(server)
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    hoa.open("/office/attested")
    village = server.villages[HERE].id
    minh.open(f"/office/villages/{village}")
    form = next(one for one in minh.read().forms if one.action.endswith("/attest/3"))
    minh.post(form.action, form.fields | {"value": "no", "evidence": ""})
    hoa.send(f"{village}/confirm")
    assert "Vừa có người ghi lại mục này" in hoa.words
    assert "1 mục chờ duyệt" in hoa.words, "the other one was confirmed"
    minh_lead.pull()
    said = {one["criterion"]: one for one in minh_lead.of_kind("attestation")}
    assert "confirmed_by" not in said["3"]
    assert said["4"]["confirmed_by"] == "Đặng Thị Hoa"


def test_a_wrong_day_keeps_what_was_typed(server: Server) -> None:
    hoa, village = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa"), server.villages[HERE].id
    action, fields = attest_form(hoa, village)
    answer = hoa.post(action, fields | {"value": "yes", "evidence": "Biên bản số 12", "dated": "20-tháng 11"})
    assert answer.status_code == 422
    assert "Ngày của minh chứng: ghi ngày/tháng/năm" in hoa.words
    assert "Minh chứng Biên bản số 12" in hoa.words
    hoa.post(action, fields | {"value": "yes", "dated": "20/12/2026"})
    assert "chưa đến" in hoa.words


def test_an_official_confirms_on_the_page_of_the_village(server: Server) -> None:
    minh, village = attest_two(server), server.villages[HERE].id
    page = f"/office/villages/{village}"
    minh.open(page)
    assert not [one for one in minh.read().forms if one.action.endswith("/confirm")]
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    hoa.open(page)
    form = hoa.form("/confirm")
    for _ in range(2):
        hoa.post(form.action, form.fields | {"only": "3"})
        assert hoa.went_to[-1] == f"{page}#c3"
        assert "Xã đã duyệt: Đặng Thị Hoa" in hoa.words
    assert len([one for one in hoa.read().forms if one.action.endswith("/confirm")]) == 1, "item 4 still waits"


def test_what_another_official_confirmed_meanwhile_is_said(
    server: Server, minh_lead: Device, hoa_official: Device
) -> None:
    attest_two(server)
    hai = Browser(server).sign_in(Role.OFFICIAL, "Nguyễn Văn Hai")
    hai.open("/office/attested")
    form = hai.form(f"{server.villages[HERE].id}/confirm")
    hoa_official.pull()
    subject = next(
        one
        for (kind, one), row in hoa_official.rows[minh_lead.village].items()
        if kind == "attestation" and row["body"]["criterion"] == "3"
    )
    change = hoa_official.change("attestation", subject, {"criterion": "3", "value": False}, seen=2**40)
    hoa_official.send(change)
    hai.post(form.action, form.fields | {"only": "3"})
    assert "Vừa có người ghi lại mục này" in hai.words
