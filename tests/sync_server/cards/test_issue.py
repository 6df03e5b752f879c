"""Issuing and printing cards: numbered, bound from door to door, printed again without issuing anything."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from zxingcpp import read_barcodes

from survey.card_code import grouped, make_code, read_code
from survey.cards import read_serials
from sync_server.cards.issue import issue_cards
from sync_server.store.cards import list_card_events
from tests.builders import an_id
from tests.sync_server.wire_client import COMMUNE, Device, Json, Server

Run = Callable[..., tuple[int, str, str]]
AT = ("--commune", COMMUNE, "--village", "Đinh Xá")


def order(device: Device, village: str, **body: object) -> Json:
    answer = device.server.request("POST", f"/api/v1/villages/{village}/cards", json=body, headers=device.headers)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def test_free_cards_are_numbered_and_go_to_every_phone(server: Server, minh_lead: Device, lan_member: Device) -> None:
    village = minh_lead.village
    first, more = order(minh_lead, village, count=3)["cards"], order(minh_lead, village, count=2)["cards"]
    assert [one["serial"] for one in [*first, *more]] == [1, 2, 3, 4, 5]
    assert len({one["code"] for one in [*first, *more]}) == 5
    assert all(read_code(one["code"]) == one["code"] for one in first)
    assert {one["state"] for one in first} == {"issued"}
    assert sorted(one["serial"] for one in lan_member.of_kind("card")) == [1, 2, 3, 4, 5]
    with server.database.read() as session:
        [event] = list_card_events(session, COMMUNE, first[0]["id"])
    assert (event.what, event.by, event.at) == ("issued", "Hoàng Văn Minh", server.clock())


def test_each_household_without_a_card_gets_one_in_the_order_of_the_doors(
    minh_lead: Device, lan_member: Device
) -> None:
    homes = {}
    for name, address in (("Bình", "Ngõ 10"), ("An", "Ngõ 2"), ("Cường", "Ngõ 2"), ("Dũng", "Ngõ 3")):
        body = {"head_name": f"Lê Văn {name}", "address": address} | ({"status": "moved"} if name == "Dũng" else {})
        change = lan_member.change("household", an_id(), body)
        assert lan_member.verdicts(change) == ["applied"]
        homes[change["subject"]] = name
    made = order(minh_lead, minh_lead.village, **{"for": "unbound_households"})["cards"]
    assert [homes[one["household"]] for one in made] == ["An", "Cường", "Bình"]
    assert {one["state"] for one in made} == {"bound"}
    shown = lan_member.shown("household", made[0]["household"])
    assert (shown["head_name"], shown["card"]) == ("Lê Văn An", made[0]["code"])
    assert order(minh_lead, minh_lead.village, **{"for": "unbound_households"})["cards"] == []


def test_an_edit_of_a_household_with_a_new_card_is_merged(
    minh_lead: Device, lan_member: Device, household: str
) -> None:
    lan_member.pull()
    seen = lan_member.seen("household", household)
    [made] = order(minh_lead, minh_lead.village, **{"for": "unbound_households"})["cards"]
    change = lan_member.change("household", household, {"address": "Ngõ 5"}, seen=seen)
    assert lan_member.verdicts(change) == ["merged"]
    shown = lan_member.shown("household", household)
    assert (shown["address"], shown["card"]) == ("Ngõ 5", made["code"])


@pytest.mark.parametrize(
    "body", [{}, {"count": 0}, {"count": 2001}, {"count": 3, "for": "unbound_households"}, {"for": 1}]
)
def test_an_order_that_cannot_be_is_refused(minh_lead: Device, body: Json) -> None:
    path = f"/api/v1/villages/{minh_lead.village}/cards"
    answer = minh_lead.server.request("POST", path, json=body, headers=minh_lead.headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/fields-invalid")


def test_printing_twice_gives_the_same_sheets_and_issues_nothing(server: Server, minh_lead: Device) -> None:
    order(minh_lead, minh_lead.village, count=12)
    path = f"/api/v1/villages/{minh_lead.village}/cards.pdf?format=a4-2x5&serials=1-10&back=1"
    server.clock.pass_by(minutes=1)
    first = server.request("GET", path, headers=minh_lead.headers)
    server.clock.pass_by(days=30)
    again = server.request("GET", path, headers=minh_lead.headers)
    assert first.headers["content-type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-")
    assert first.content == again.content
    path = f"/api/v1/villages/{minh_lead.village}/cards"
    every = server.request("GET", path, headers=minh_lead.headers).json()["cards"]
    assert len(every) == 12
    with server.database.read() as session:
        deeds = [one.what for one in list_card_events(session, COMMUNE, every[0]["id"])]
        assert [one.what for one in list_card_events(session, COMMUNE, every[11]["id"])] == ["issued"]
    assert deeds == ["issued", "printed", "printed"]


@pytest.mark.parametrize("query", ["format=a5", "serials=x", "serials=9-3", "serials=99", "format=a4-3x8&back=1"])
def test_a_print_that_cannot_be_is_refused_in_words(server: Server, minh_lead: Device, query: str) -> None:
    order(minh_lead, minh_lead.village, count=1)
    path = f"/api/v1/villages/{minh_lead.village}/cards.pdf?{query}"
    answer = server.request("GET", path, headers=minh_lead.headers)
    assert answer.status_code in {404, 422}
    assert answer.json()["detail"]


def test_serials_are_read() -> None:
    assert read_serials("") is None
    assert read_serials(" 1-3, 7 ,9–10") == {1, 2, 3, 7, 9, 10}
    for wrong in ("0", "1-", "a", "1;2", "3-1", "1-99999999"):
        with pytest.raises(ValueError, match="Ghi số thẻ"):
            read_serials(wrong)


def test_what_a_phone_does_not_know_is_asked_and_guessing_is_limited(
    server: Server, minh_lead: Device, tuyet_member: Device
) -> None:
    [card] = order(minh_lead, minh_lead.village, count=1)["cards"]

    def ask(device: Device, code: str) -> Json:
        answer = server.request("POST", "/api/v1/cards/find", json={"code": code}, headers=device.headers)
        found: Json = answer.json()
        return found

    found = ask(tuyet_member, grouped(card["code"]))
    assert (found["outcome"], found["village"]["name"]) == ("other_village", "Đinh Xá")
    assert ask(minh_lead, card["code"])["outcome"] == "yours"
    for number in range(20):
        assert ask(tuyet_member, make_code((number + 50).to_bytes(10, "big")))["outcome"] == "unknown"
    assert ask(tuyet_member, card["code"])["type"] == "/problems/too-many-tries"
    assert ask(minh_lead, card["code"])["outcome"] == "yours", "nobody else is held up"


def test_the_command_line_issues_lists_and_draws(run: Run, server: Server, tmp_path: Path) -> None:
    code, out, _ = run("cards", "issue", *AT, "--count", "11")
    assert (code, out) == (0, "Đã tạo 11 thẻ cho thôn Đinh Xá, số 1 đến 11.\n")
    assert run("cards", "issue", *AT)[0] == 1
    assert run("cards", "issue", *AT, "--for-households")[1] == "Mọi hộ của thôn Đinh Xá đã có thẻ.\n"
    _, listed, _ = run("cards", "list", *AT)
    assert len(listed.splitlines()) == 11
    file = tmp_path / "the.pdf"
    code, out, _ = run("cards", "pdf", file, *AT, "--serials", "1-10", "--back")
    assert code == 0
    assert "Đã vẽ 10 thẻ" in out
    assert "BẢN THỬ" in out, "http://server is no address for doors"
    assert file.read_bytes().startswith(b"%PDF-")


def test_member_cards_are_printed_with_codes_that_sign_in(run: Run, server: Server, tmp_path: Path) -> None:
    file = tmp_path / "to.pdf"
    people = ("--name", "Lê Văn Tư", "--name", "Vũ Thị Lan", "--name", "lê văn tư")
    code, out, problem = run("cards", "members", file, *AT, *people)
    assert code == 0, problem
    assert "Đã vẽ 2 thẻ" in out
    picture = PdfDocument(file.read_bytes())[0].render(scale=200 / 72).to_pil()
    links = [one.text for one in read_barcodes(picture)]
    assert {link.rpartition("/")[0].partition("/app")[2] for link in links} == {"/#/enroll"}
    names = set()
    for link in links:
        answer = server.request("POST", "/api/v1/enrollments", json={"code": link})
        assert answer.status_code == 201, answer.text
        names.add(answer.json()["member"]["name"])
    assert names == {"Lê Văn Tư", "Vũ Thị Lan"}
    assert run("cards", "members", file, *AT, "--name", "X Y", "--role", "official")[0] == 1


def test_cards_of_a_merged_village_go_along(server: Server, run: Run, minh_lead: Device, tuyet_member: Device) -> None:
    with server.database.write() as session:
        issue_cards(session, COMMUNE, minh_lead.village, "Minh", server.clock(), 2)
    code, _, problem = run("village", "merge", "--commune", COMMUNE, "--into", "Nghinh Tiên", "--from", "Đinh Xá")
    assert code == 0, problem
    assert len(tuyet_member.of_kind("card")) == 2
    with server.database.write() as session:
        more = issue_cards(session, COMMUNE, tuyet_member.village, "Minh", server.clock(), 1)
    assert more[0].serial == 1, "numbers count for the village that they were printed for"
