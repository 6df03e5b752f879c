"""A village on the pages: its figures, the doors to knock on, and what people attest."""

from survey.roles import Role
from sync_server.commune.lineage import merge_villages
from tests.sync_server.office.browser import Browser
from tests.sync_server.wire_client import COMMUNE, Device, Server

HERE, THERE = "Đinh Xá", "Nghinh Tiên"


def test_the_table_and_a_village_show_what_was_surveyed(server: Server, lan_member: Device, household: str) -> None:
    lan_member.send(lan_member.visit(household))
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    assert "Đã gặp 1 trên 1 hộ: 1 đã khảo sát (100 %), 0 từ chối" in hoa.words
    hoa.open(f"/office/villages/{server.villages[HERE].id}")
    assert "Thôn Đinh Xá:" in hoa.words
    assert "Từng tiêu chí" in hoa.words


def test_each_line_opens_its_doors(server: Server, lan_member: Device, household: str) -> None:
    other = lan_member.change(
        "household", "01900000-0000-7000-8000-000000000077", {"head_name": "Lê Thị Bé", "address": "Số 3, Ngõ Đình"}
    )
    lan_member.send(other)
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    hoa.open(f"/office/villages/{server.villages[HERE].id}")
    doors = [link for link in hoa.read().links if "/doors/" in link]
    assert doors
    hoa.open(doors[0])
    assert "2 hộ cần đến" in hoa.words
    assert "Ngõ Đình Lê Thị Bé Số 3, Ngõ Đình Chưa khảo sát" in hoa.words


def test_a_list_of_doors_is_given_to_the_team_and_taken_back(
    server: Server, lan_member: Device, household: str
) -> None:
    hoa, village = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa"), server.villages[HERE].id
    page = f"/office/villages/{village}/doors/1"

    def press(button: str, **fields: str) -> None:
        hoa.open(page)
        assert button in hoa.words
        form = next(one for one in hoa.read().forms if one.action == page)
        for _ in range(2):
            hoa.post(page, form.fields | fields)

    press("Giao danh sách cho tổ")
    assert "Đặng Thị Hoa đã giao cho tổ lúc" in hoa.words
    assert lan_member.shown("errand", village)["criterion"] == "1"
    hoa.open(f"/office/villages/{village}")
    assert "đã giao cho tổ" in hoa.words
    press("Thôi giao", end="1")
    assert "Giao danh sách cho tổ" in hoa.words
    assert lan_member.of_kind("errand") == []
    assert hoa.post(f"/office/villages/{village}/doors/3", {"change": village, "seen": "0"}).status_code == 422


def attest_form(browser: Browser, village: str) -> tuple[str, dict[str, str]]:
    browser.open(f"/office/villages/{village}")
    form = next(one for one in browser.read().forms if "/attest/" in one.action)
    return form.action, form.fields


def test_an_item_is_attested_once_however_often_it_is_sent(server: Server, hoa_official: Device) -> None:
    hoa, village = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa"), server.villages[HERE].id
    action, fields = attest_form(hoa, village)
    fields |= {"value": "yes", "evidence": "Biên bản ngày 20/11/2026"}
    for _ in range(2):
        hoa.post(action, fields)
        assert "Minh chứng: Biên bản ngày 20/11/2026 Xã đã duyệt: Đặng Thị Hoa" in hoa.words
    hoa_official.pull()
    assert len(hoa_official.of_kind("attestation")) == 1


def test_who_loses_a_race_is_told_at_once(server: Server) -> None:
    village = server.villages[HERE].id
    hoa, minh = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa"), Browser(server).sign_in(Role.LEAD, "Minh", HERE)
    first, second = attest_form(hoa, village), attest_form(minh, village)
    minh.post(second[0], second[1] | {"value": "yes"})
    hoa.post(first[0], first[1] | {"value": "no"})
    assert hoa.page is not None
    assert "Dưới đây là điều đang ghi" in hoa.words


def test_a_lead_sees_the_own_village_alone(server: Server) -> None:
    minh = Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", HERE)
    minh.open("/office/overview")
    assert HERE in minh.words
    assert THERE not in minh.words
    there = server.villages[THERE].id
    assert minh.open(f"/office/villages/{there}").status_code == 403
    assert (
        minh.post(f"/office/villages/{there}/attest/7", {"value": "yes", "change": there, "seen": "0"}).status_code
        == 403
    )
    assert minh.open("/office/villages/x").status_code == 422
    assert minh.open("/office/nothing").status_code == 404
    assert "Về trang đầu" in minh.words


def test_what_was_typed_stays_on_the_page_when_the_village_was_merged_meanwhile(server: Server) -> None:
    hoa, village = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa"), server.villages[HERE].id
    action, fields = attest_form(hoa, village)
    with server.database.write() as session:
        merge_villages(session, COMMUNE, THERE, [HERE], server.clock())
    answer = hoa.post(action, fields | {"value": "yes", "evidence": "Biên bản <b>họp</b> ngày 20/11/2026"})
    assert answer.status_code >= 400
    assert "Minh chứng Biên bản <b>họp</b> ngày 20/11/2026" in hoa.words
