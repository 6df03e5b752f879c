"""The list of households: filters, counts, pages, and a search that leaves nothing in any address."""

import logging
from urllib.parse import unquote

import httpx
import pytest

from survey.alleys import alley_key
from survey.roles import Role
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.wire_client import Device, Json, Server, a_person

HERE, THERE = "Đinh Xá", "Nghinh Tiên"
LIST = "/office/households"


def add(device: Device, head_name: str, **fields: object) -> str:
    identity = an_id()
    assert device.verdicts(device.change("household", identity, {"head_name": head_name} | fields)) == ["applied"]
    return identity


def names(browser: Browser) -> list[str]:
    """The heads of the households that are listed, in their order."""
    assert browser.page is not None
    _, _, body = browser.page.text.partition("<tbody>")
    return [
        part.partition("<")[0]
        for part in body.split('class="tap" href="/office/households/')[1:]
        for part in [part.partition(">")[2]]
    ]


@pytest.fixture
def hoa(server: Server) -> Browser:
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


@pytest.fixture
def homes(lan_member: Device, tuyet_member: Device) -> dict[str, str]:
    """Households in every state, by the given name of their head."""
    made = {
        "Đức": add(lan_member, "Nguyễn Văn Đức", address="Số 2, Ngõ Đình", number=2, phone="0912345678"),
        "Hòa": add(lan_member, "Trần Thị Hòa", address="Số 1, ngõ đình", number=1),
        "Thủy": add(lan_member, "Lê Quang Thủy", address="Xóm Bãi"),
        "Ánh": add(lan_member, "Phạm Thị Ánh", address="Xóm Bãi"),
        "Ước": add(lan_member, "Đỗ Văn Ước"),
        "Nguyệt": add(tuyet_member, "Bùi Thị Nguyệt", address="Ngõ Đình"),
    }
    no = {"residents": [a_person(answers={"has_smartphone": "no"}), a_person(answers={"has_smartphone": "unknown"})]}
    ends: dict[str, Json] = {"Đức": {}, "Hòa": no, "Thủy": {"outcome": "absent"}, "Ánh": {"outcome": "refused"}}
    for name, body in (ends | {"Ước": {"outcome": "moved"}}).items():
        assert lan_member.verdicts(lan_member.visit(made[name], **body)) == ["applied"]
    return made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Đức", "Hòa", "Thủy", "Ánh", "Nguyệt"]),
        ("state=any", ["Đức", "Hòa", "Thủy", "Ánh", "Ước", "Nguyệt"]),
        ("state=unvisited", ["Nguyệt"]),
        ("state=surveyed", ["Đức", "Hòa"]),
        ("state=refused", ["Ánh"]),
        ("state=absent", ["Thủy"]),
        ("state=moved", ["Ước"]),
        ("state=vacant", []),
        ("state=differs", []),
        ("criterion=1", ["Hòa"]),
        ("criterion=1&answer=unknown", ["Hòa"]),
        ("criterion=2&answer=no", []),
        (f"alley={alley_key('Ngõ Đình')}", ["Đức", "Hòa", "Nguyệt"]),
        ("alley=-&state=any", ["Ước"]),
    ],
)
def test_each_filter_shows_its_households(hoa: Browser, homes: dict[str, str], query: str, found: list[str]) -> None:
    answer = hoa.open(f"{LIST}?{query}")
    assert answer.status_code == 200
    assert sorted(name.split()[-1] for name in names(hoa)) == sorted(found)
    assert f"{len(found)} hộ" in hoa.words
    assert "Đang xem:" in hoa.words
    assert ("Không có hộ nào khớp" in hoa.words) is (not found)


def test_the_order_is_that_of_walking(hoa: Browser, homes: dict[str, str]) -> None:
    hoa.open(LIST)
    assert [name.split()[-1] for name in names(hoa)] == ["Hòa", "Đức", "Ánh", "Thủy", "Nguyệt"]


def test_the_choices_say_how_many_and_stay_where_nothing_is_left(
    server: Server, hoa: Browser, homes: dict[str, str]
) -> None:
    hoa.open(f"{LIST}?village={server.villages[HERE].id}&state=vacant&alley={alley_key('Ngõ Đình')}&criterion=1")
    assert "Thôn Đinh Xá · Ngõ Đình · nhà bỏ trống · 1." in hoa.words.replace("thôn", "Thôn")
    [form] = [one for one in hoa.read().forms if one.action == LIST]
    assert form.fields["state"] == "vacant"
    assert form.fields["alley"] == alley_key("Ngõ Đình")
    hoa.open(f"{LIST}?village={server.villages[HERE].id}")
    for choice in ("Hộ đang ở (4)", "Chưa gặp (0)", "Đã khảo sát (2)", "Đã chuyển đi (1)", "Ngõ Đình (2)"):
        assert choice in hoa.words, choice


@pytest.mark.parametrize("query", ["state=x", "answer=x", "criterion=99", "criterion=3"])
def test_a_filter_that_there_is_not_is_no_page(hoa: Browser, query: str) -> None:
    assert hoa.open(f"{LIST}?{query}").status_code == 404


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("duc", ["Đức"]),
        ("NGUYEN van", ["Đức"]),
        ("nvđ", ["Đức"]),
        ("Hoà", ["Hòa"]),
        ("0912 345 678", ["Đức"]),
        ("+84912345678", ["Đức"]),
        ("0912 345", ["Đức"]),
        ("5678", ["Đức"]),
        ("567", []),
        ("xom bai", ["Thủy", "Ánh"]),
        ("ngo dinh nghinh tien", ["Nguyệt"]),
        ("uoc", ["Ước"]),
        ("khong co ai", []),
    ],
)
def test_search_finds_as_people_type(hoa: Browser, homes: dict[str, str], typed: str, found: list[str]) -> None:
    hoa.open(LIST)
    hoa.send("/search", words=typed)
    assert sorted(name.split()[-1] for name in names(hoa)) == sorted(found)
    assert f"Đang tìm “{typed}”" in hoa.words


def test_nothing_typed_is_in_an_address_or_a_log(
    server: Server,
    hoa: Browser,
    homes: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, logger="tungnha")
    asked: list[httpx.Response] = []
    request = server.request

    def keep(*args: object, **more: object) -> httpx.Response:
        asked.append(request(*args, **more))  # type: ignore[arg-type]
        return asked[-1]

    monkeypatch.setattr(server, "request", keep)
    hoa.open(LIST)
    hoa.send("/search", words="Nguyễn Văn Đức")
    hoa.send("/search", words="0912345678")
    assert names(hoa) == ["Nguyễn Văn Đức"]
    addresses = [unquote(str(one.url)) + unquote(one.headers.get("location", "")) for one in asked]
    told = " ".join([*addresses, *hoa.read().links, caplog.text])
    for typed in ("Đức", "Duc", "0912", "912345678", hoa.cookies["tungnha_found"]):
        assert typed not in told
    line = next(line for one in asked for line in one.headers.get_list("set-cookie") if "tungnha_found" in line)
    assert all(part in line.lower() for part in ("httponly", "max-age=600", "path=/office/households", "samesite=lax"))
    hoa.send("/search", words="")
    assert "tungnha_found" not in hoa.cookies
    assert len(names(hoa)) == 5
    hoa.open(f"{LIST}?found=1&state=any")
    assert "Anh/chị gõ lại" in hoa.words
    assert names(hoa) == []
    hoa.cookies["tungnha_found"] = "%%%"
    assert hoa.open(f"{LIST}?found=1").status_code == 200


def test_signing_out_forgets_the_words(hoa: Browser) -> None:
    hoa.open(LIST)
    hoa.send("/search", words="nva")
    assert "tungnha_found" in hoa.cookies
    hoa.send("/sign-out")
    assert "tungnha_found" not in hoa.cookies


def test_450_households_are_three_pages(server: Server, lan_member: Device, hoa: Browser) -> None:
    for start in range(0, 450, 150):
        lan_member.send(
            *(
                lan_member.change("household", an_id(), {"head_name": f"Hộ {start + n:03}", "number": start + n + 1})
                for n in range(150)
            )
        )
    hoa.open(f"{LIST}?state=unvisited")
    seen: list[str] = []
    for page in (1, 2, 3):
        assert "450 hộ" in hoa.words
        assert f"Trang {page} trên 3" in hoa.words
        seen += names(hoa)
        onward = [link for link in hoa.read().links if f"page={page + 1}" in link]
        if page < 3:
            assert "state=unvisited" in onward[0]
            hoa.open(onward[0])
    assert seen == [f"Hộ {n:03}" for n in range(450)]
    assert hoa.open(f"{LIST}?page=99").status_code == 200
    assert "Trang 3 trên 3" in hoa.words
    assert hoa.open(f"{LIST}?page=-1").status_code == 200


def test_a_lead_lists_the_own_village_alone(server: Server, homes: dict[str, str]) -> None:
    minh = Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", HERE)
    minh.open(LIST)
    assert "Bùi Thị Nguyệt" not in minh.words
    assert len(names(minh)) == 4
    minh.send("/search", words="nguyet")
    assert names(minh) == []
    assert minh.open(f"{LIST}?village={server.villages[THERE].id}").status_code == 403
    assert Browser(server).open(LIST).url.path == "/office/", "who is not signed in is asked for a code"


def test_a_name_is_text(hoa: Browser, lan_member: Device) -> None:
    add(lan_member, "<script>alert(1)</script>", address='"><img src=x>')
    page = hoa.open(LIST)
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
    hoa.send("/search", words='"><b>')
    assert hoa.page is not None
    assert "<b>" not in hoa.page.text
