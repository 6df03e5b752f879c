"""What a lead sees before printing, and the sheets without any code on them."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from sync_server.cards.preview import render_page
from sync_server.store.cards import list_card_events
from tests.builders import an_id
from tests.sync_server.cards.paper import printed, scanned, texts
from tests.sync_server.cards.test_issue import AT, order
from tests.sync_server.wire_client import COMMUNE, Device

Run = Callable[..., tuple[int, str, str]]


def test_the_page_is_shown_as_it_is_printed_and_nothing_is_kept(minh_lead: Device) -> None:
    cards = order(minh_lead, minh_lead.village, count=13)["cards"]
    server, path = minh_lead.server, f"/api/v1/villages/{minh_lead.village}/cards"
    query = "format=a4-2x5&serials=2-13&scale=1.02"
    shown = server.request("GET", f"{path}.png?{query}&page=2", headers=minh_lead.headers)
    assert (shown.status_code, shown.headers["content-type"], shown.headers["x-pages"]) == (200, "image/png", "2")
    assert "https" in shown.headers["x-trial-print"]
    picture = Image.open(BytesIO(shown.content))
    assert picture.size == (827, 1170)
    with server.database.read() as session:
        assert [one.what for one in list_card_events(session, COMMUNE, cards[12]["id"])] == ["issued"]

    pdf = server.request("GET", f"{path}.pdf?{query}", headers=minh_lead.headers).content
    assert "Tờ 2/2 · Số 012–013" in texts(pdf)[1]
    second = list(printed(pdf, 100))[1]
    assert second.tobytes() == picture.convert("L").tobytes()
    fine = list(printed(pdf, 200))[1]
    assert scanned(fine) == [f"http://server/app/#/c/{one['code']}" for one in cards[11:]]


@pytest.mark.parametrize("page", [0, 3, 10**6, "x"])
def test_a_page_that_is_not_there_is_named(minh_lead: Device, page: object) -> None:
    order(minh_lead, minh_lead.village, count=13)
    path = f"/api/v1/villages/{minh_lead.village}/cards.png?page={page}"
    answer = minh_lead.server.request("GET", path, headers=minh_lead.headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/page")


def test_outlines_and_the_notice_need_no_cards(minh_lead: Device) -> None:
    path = f"/api/v1/villages/{minh_lead.village}/cards"
    for query in ("format=a4-3x8&outline=true", "format=a4-1"):
        answer = minh_lead.server.request("GET", f"{path}.pdf?{query}", headers=minh_lead.headers)
        assert (answer.status_code, len(texts(answer.content))) == (200, 1)
        shown = minh_lead.server.request("GET", f"{path}.png?{query}", headers=minh_lead.headers)
        assert (shown.status_code, shown.headers["x-pages"]) == (200, "1")
    assert scanned(next(printed(answer.content, 200))) == ["http://server/"]


def test_an_address_that_cannot_be_printed_is_said_and_no_print_is_kept(minh_lead: Device, lan_member: Device) -> None:
    change = lan_member.change("household", an_id(), {"head_name": "Lê Văn An", "address": "Ngõ ᛒ"})
    assert lan_member.verdicts(change) == ["applied"]
    [card] = order(minh_lead, minh_lead.village, **{"for": "unbound_households"})["cards"]
    server, path = minh_lead.server, f"/api/v1/villages/{minh_lead.village}/cards"
    for kind in ("pdf", "png"):
        answer = server.request("GET", f"{path}.{kind}?house=1", headers=minh_lead.headers)
        [wrong] = answer.json()["errors"]
        assert (answer.status_code, wrong["pointer"]) == (422, "/house")
        assert "“ᛒ”" in wrong["detail"]
        assert "Ngõ" not in wrong["detail"]
    with server.database.read() as session:
        assert [one.what for one in list_card_events(session, COMMUNE, card["id"])] == ["issued"]
    assert server.request("GET", f"{path}.pdf", headers=minh_lead.headers).status_code == 200


def test_two_previews_at_once_do_not_meet(minh_lead: Device) -> None:
    order(minh_lead, minh_lead.village, count=10)
    path = f"/api/v1/villages/{minh_lead.village}/cards.png"
    one, other = minh_lead.server.request_twice_at_once("GET", path, headers=minh_lead.headers)
    assert one.content == other.content


def test_the_command_line_draws_outlines_and_tells_how_far_it_is(run: Run, minh_lead: Device, tmp_path: Path) -> None:
    file = tmp_path / "the.pdf"
    code, out, problem = run("cards", "pdf", file, *AT, "--format", "a4-3x8", "--outline")
    assert (code, problem) == (0, "")
    assert "Đã vẽ tờ thử chỉ có khung" in out
    assert Image.open(BytesIO(render_page(file.read_bytes()))).size == (827, 1170)
    code, out, problem = run("cards", "pdf", file, *AT, "--format", "a4-1")
    assert (code, problem) == (0, "")
    assert "Đã vẽ tờ giới thiệu" in out
    order(minh_lead, minh_lead.village, count=101)
    code, out, progress = run("cards", "pdf", file, *AT)
    assert (code, progress.splitlines()) == (0, ["Đang vẽ: 10/11 trang", "Đang vẽ: 11/11 trang"])
    assert run("cards", "pdf", file, *AT, "--json")[2] == ""
