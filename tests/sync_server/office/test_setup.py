"""Setting a commune up on the office's pages: villages, criteria set, round, and what is done of it all."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from survey.criteria import CriteriaSet
from survey.roles import Role
from sync_server.commune.criteria import adapted
from sync_server.commune.criteria_sets import list_criteria_sets, load_criteria_set
from sync_server.problems import Problem
from sync_server.store.communes import find_criteria_set, list_rounds
from sync_server.store.villages import list_villages
from tests.builders import an_id
from tests.sync_server.office.browser import ORIGIN, Browser
from tests.sync_server.wire_client import COMMUNE, Device, Server

PAGE = "/office/setup"


@pytest.fixture
def official(server: Server) -> Browser:
    person = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    person.open(PAGE)
    return person


def names(server: Server) -> list[str]:
    with server.database.read() as session:
        return [f"{one.kind} {one.name}" for one in list_villages(session, COMMUNE)]


def test_villages_are_added_named_anew_and_taken_out(server: Server, official: Browser, lan_member: Device) -> None:
    official.send("/villages", names="Thôn Đông\n\nTổ dân phố 5\nthôn Đinh Xá\n")
    assert "Đã thêm thôn" in official.words
    assert names(server)[-2:] == ["thôn Đông", "tổ dân phố 5"]
    there = {one.name: one.id for one in _villages(server)}
    official.send(f"/villages/{there['Đông']}", kind="làng", name="Đông Hạ")
    assert "làng Đông Hạ" in names(server)
    official.send(f"/villages/{there['5']}/delete")
    assert "tổ dân phố 5" not in names(server)

    official.send(f"/villages/{lan_member.village}", kind="thôn", name="Đinh Xá Mới")
    assert lan_member.of_kind("village")[0]["name"] == "Đinh Xá Mới"
    assert lan_member.of_kind("coverage")[0]["village"]["name"] == "Đinh Xá Mới"
    official.send(f"/villages/{lan_member.village}", name="Đông Hạ", kind="làng")
    assert "Xã đã có làng Đông Hạ" in official.words
    official.send(f"/villages/{lan_member.village}/delete")
    assert "Chỉ xóa được thôn chưa có hộ" in official.words
    assert "thôn Đinh Xá Mới" in names(server)


def _villages(server: Server):  # type: ignore[no-untyped-def]
    with server.database.read() as session:
        return list_villages(session, COMMUNE)


def test_the_steps_say_what_is_done_and_what_is_next(official: Browser, lan_member: Device, household: str) -> None:
    official.open(PAGE)
    assert "làm tiếp: 1 hộ; chưa có hộ: thôn" in official.words
    assert "0 hộ đã gặp" in official.words
    lan_member.send(lan_member.visit(household))
    official.open(PAGE)
    assert "xong: 1 hộ đã gặp" in official.words


def test_another_criteria_set_is_tried_before_it_counts(server: Server, official: Browser, lan_member: Device) -> None:
    official.open(f"{PAGE}/criteria?chosen=thanh-hoa-2022")
    official.send("/try")
    assert "Nếu dùng “" in official.words
    with server.database.read() as session:
        assert find_criteria_set(session, COMMUNE).code != "thanh-hoa-2022"
    official.send("/adopt")
    assert "Đã đổi bộ tiêu chí" in official.words
    with server.database.read() as session:
        assert find_criteria_set(session, COMMUNE).code == "thanh-hoa-2022"
        assert list_rounds(session, COMMUNE)[0].criteria_set == "thanh-hoa-2022"
    assert lan_member.of_kind("coverage")[0]["criteria_set"] == "thanh-hoa-2022"
    assert {one["code"] for one in lan_member.of_kind("criteria_set")} >= {"thanh-hoa-2022"}
    assert lan_member.of_kind("round")[0]["criteria_set"] == "thanh-hoa-2022"


@pytest.mark.parametrize("code", [one.code for one in list_criteria_sets()])
def test_every_documented_set_can_be_looked_at_and_tried(official: Browser, code: str) -> None:
    official.open(f"{PAGE}/criteria?chosen={code}")
    assert load_criteria_set(code).document in official.words
    official.send("/try")
    assert "Nếu dùng “" in official.words


def test_a_set_is_adapted_with_a_decimal_comma(server: Server, official: Browser) -> None:
    official.open(f"{PAGE}/criteria")
    form = official.form("/try")
    item = next(name for name in form.fields if name.startswith("threshold:"))
    official.send("/try", **{item: "62,5"})
    assert "xã điều chỉnh" in official.words
    official.send("/adopt")
    with server.database.read() as session:
        adopted = find_criteria_set(session, COMMUNE)
    assert adopted.code.endswith(f"-{COMMUNE}")
    assert next(one.threshold for one in adopted.criteria if one.no == item.partition(":")[2]) == "62.5"
    official.open(f"{PAGE}/criteria")
    official.send("/try", **{item: "nhiều"})
    assert "ngưỡng không đúng" in official.words


def test_a_set_of_another_document_is_filled_in_and_used(server: Server, official: Browser) -> None:
    base = official.open(f"{PAGE}/criteria/sheet.xlsx?chosen=six-items").content
    book = load_workbook(BytesIO(base))
    book.worksheets[0]["B1"] = "Bộ tiêu chí của tỉnh"
    content = BytesIO()
    book.save(content)
    brought = {"file": ("bo.xlsx", content.getvalue())}
    for _ in range(2):  # brought twice it is one set
        official.open(f"{PAGE}/criteria/sheet", "POST", files=brought, headers={"Origin": ORIGIN})
        assert "Bộ tiêu chí của tỉnh" in official.words
    assert official.words.count("Bộ tiêu chí của tỉnh") == 1
    official.send("/try")
    official.send("/adopt")
    with server.database.read() as session:
        assert find_criteria_set(session, COMMUNE).title == "Bộ tiêu chí của tỉnh"
    wrong = {"file": ("bo.xlsx", b"PK nothing")}
    official.open(f"{PAGE}/criteria/sheet", "POST", files=wrong, headers={"Origin": ORIGIN})
    assert "Không mở được tệp" in official.words


def test_an_adapted_set_stays_the_communes_own() -> None:
    base = load_criteria_set("six-items")
    once = adapted(base, COMMUNE, {"4a": "90"}, "")
    twice = adapted(once, COMMUNE, {"4a": "80"}, "70")
    assert (once.code, twice.code, once.title) == ("six-items-09052", "six-items-09052", twice.title)
    assert adapted(base, COMMUNE, {"4a": "100", "9": "1"}, "80") is base
    assert isinstance(twice, CriteriaSet)
    with pytest.raises(Problem, match="fields-invalid"):
        adapted(base, COMMUNE, {"4a": "101"}, "")
    with pytest.raises(Problem, match="fields-invalid"):
        adapted(base, COMMUNE, {}, "120")


def test_attested_items_stay_only_where_they_mean_the_same(
    server: Server, official: Browser, minh_lead: Device
) -> None:
    with server.database.read() as session:
        present = find_criteria_set(session, COMMUNE)
    item = next(one for one in present.criteria if one.source == "attested" and one.kind == "boolean")
    body = {"criterion": item.no, "value": True, "evidence": "Biên bản họp thôn"}
    minh_lead.send(minh_lead.change("attestation", an_id(), body))
    assert len(minh_lead.of_kind("attestation")) == 1
    official.open(f"{PAGE}/criteria")
    official.send("/try", min_share="10")
    official.send("/adopt")
    assert len(minh_lead.of_kind("attestation")) == 1
    official.open(f"{PAGE}/criteria?chosen=phu-yen")
    official.send("/try")
    official.send("/adopt")
    assert minh_lead.of_kind("attestation") == []


def test_the_round_is_corrected_and_the_next_one_opened(server: Server, official: Browser, lan_member: Device) -> None:
    official.send("/round", title="Đợt quý IV", year="2026", ends_on="31/12/2026")
    assert "Đã ghi đợt khảo sát" in official.words
    assert lan_member.of_kind("round")[0]["title"] == "Đợt quý IV"
    official.send("/round", title="Đợt năm 2027", year="2027", starts_on="1/1/2027", ends_on="", what="open")
    assert {one["title"] for one in lan_member.of_kind("round")} == {"Đợt quý IV", "Đợt năm 2027"}
    official.send("/round", ends_on="31/2/2027")
    assert "Ngày “31/2/2027” không đúng" in official.words
    official.send("/round", title="Đợt cũ", year="2020", starts_on="1/1/2020", ends_on="", what="open")
    assert "phải bắt đầu sau" in official.words
    with server.database.read() as session:
        assert len(list_rounds(session, COMMUNE)) == 2
