"""Cần xem on the pages and on the wire: what was noticed, what is done about it, and what the other one is told."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from survey.roles import Role
from sync_server.review.noticing import list_standing, notice
from sync_server.review.watching import Reviewer
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.wire_client import COMMUNE, Device, Json, Server, a_person

HERE = "Đinh Xá"
EVENING = datetime.fromisoformat("2026-11-21T12:00:00+00:00")


def survey_round(device: Device) -> str:
    device.pull()
    return next(subject for kind, subject in device.rows[device.village] if kind == "round")


def quick_visits(device: Device, homes: list[str], begin: datetime = EVENING, **more: Any) -> list[Json]:
    """A visit a minute, of half a minute each."""
    of_round = survey_round(device)
    made = []
    for number, home in enumerate(homes):
        start = begin + timedelta(minutes=number)
        times = {"started_at": start.isoformat(), "ended_at": (start + timedelta(seconds=30)).isoformat()}
        people = [a_person(birth_year=1940 + 7 * number, sex="mf"[number % 2])]
        made.append(device.visit(home, round=of_round, residents=people, **times, **more))
    return made


@pytest.fixture
def homes(lan_member: Device) -> list[str]:
    every = [an_id() for _ in range(6)]
    made = [lan_member.change("household", one, {"head_name": f"Chủ hộ {n}"}) for n, one in enumerate(every)]
    assert lan_member.verdicts(*made) == ["applied"] * len(every)
    return every


@pytest.fixture
def pace(server: Server, lan_member: Device, homes: list[str]) -> str:
    """The doubt about six visits of Lan's in six minutes."""
    lan_member.send(*quick_visits(lan_member, homes))
    notice(server.database, COMMUNE, server.clock())
    return next(one for one, body in doubts(server).items() if body["check"] == "pace")


def doubts(server: Server) -> dict[str, Json]:
    with server.database.read() as session:
        return {
            one.id: one.doubt.model_dump(mode="json", exclude_defaults=True) for one in list_standing(session, COMMUNE)
        }


def steps(body: Json) -> list[str]:
    return [one["step"] for one in body.get("steps", [])]


def act(device: Device, doubt: str, step: str, **more: Any) -> Json:
    """Send one step, having seen the doubt as it is now."""
    device.pull()
    village = next(village for village, rows in device.rows.items() if ("doubt", doubt) in rows)
    seen = more.pop("seen", device.rows[village]["doubt", doubt]["seq"])
    when = {name: more.pop(name) for name in ("captured_at",) if name in more}
    change = device.change("doubt", doubt, {"step": step} | more, village=village, seen=seen, **when)
    [verdict] = device.send(change)["verdicts"]
    return verdict


@pytest.fixture
def hoa(server: Server) -> Browser:
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


def fields_of(browser: Browser, doubt: str, path: str = "/office/review") -> dict[str, str]:
    browser.open(path)
    form = next(one for one in browser.read().forms if doubt in one.action)
    return {name: value for name, value in form.fields.items() if name}


def test_what_is_noticed_reaches_the_team_and_the_office(
    hoa: Browser, lan_member: Device, minh_lead: Device, tuyet_member: Device, pace: str
) -> None:
    for device in (lan_member, minh_lead):
        body = device.shown("doubt", pace)
        assert (body["member_name"], len(body["visits"]), len(body["households"])) == ("Vũ Thị Lan", 6, 6)
    assert not tuyet_member.of_kind("doubt")
    hoa.open("/office/review")
    assert "1 mục cần xem" in hoa.words
    assert "Cần xem (1)" in hoa.words
    assert "Vũ Thị Lan ghi" in hoa.words
    assert "Chủ hộ 0" in hoa.words


def test_looking_asking_settling_and_back(hoa: Browser, server: Server, minh_lead: Device, pace: str) -> None:
    hoa.post(f"/office/review/{pace}", fields_of(hoa, pace) | {"step": "look"})
    assert "Đặng Thị Hoa đang xem" in hoa.words
    wrong = hoa.post(f"/office/review/{pace}", fields_of(hoa, pace) | {"step": "settle", "outcome": "kept"})
    assert wrong.status_code == 422
    assert "Ghi vài chữ vì sao giữ nguyên." in hoa.words
    fields = fields_of(hoa, pace) | {"step": "settle", "outcome": "kept", "reason": "from_paper"}
    for _ in range(2):  # a double click is one step
        hoa.post(f"/office/review/{pace}", fields)
        assert "Đặng Thị Hoa kết thúc: giữ nguyên, ghi lại từ giấy" in hoa.words
        assert "Không có gì cần xem" in hoa.words
        assert "Cần xem (" not in hoa.words
    assert steps(doubts(server)[pace]) == ["look", "settle"]
    hoa.open(f"/office/households/{doubts(server)[pace]['households'][0]}")
    assert "Nhiều phiếu trong ít phút : đã xong" in hoa.words
    assert "Đặng Thị Hoa kết thúc: giữ nguyên, ghi lại từ giấy" in hoa.words
    assert notice(server.database, COMMUNE, server.clock()) == 0, "it is not asked again for the same evidence"
    hoa.post(f"/office/review/{pace}", fields_of(hoa, pace, f"/office/review?done={pace}") | {"step": "undo"})
    assert "1 mục cần xem" in hoa.words
    assert minh_lead.shown("doubt", pace)["steps"][-1]["step"] == "undo"


def test_households_are_asked_again_and_the_team_sees_it(
    hoa: Browser, lan_member: Device, pace: str, homes: list[str]
) -> None:
    fields = fields_of(hoa, pace) | {"step": "ask", "note": "Nhờ hỏi lại cho chắc"}
    refused = hoa.post(f"/office/review/{pace}", fields)
    assert (refused.status_code, "Chọn ít nhất một hộ cần hỏi lại." in hoa.words) == (422, True)
    hoa.post(f"/office/review/{pace}", fields_of(hoa, pace) | fields_sent(fields, homes[:2]))
    assert lan_member.shown("doubt", pace)["state"] == "asked"
    for home in homes:
        asked = lan_member.shown("household", home).get("ask_again")
        assert (asked or {}).get("keys") == (["has_smartphone"] if home in homes[:2] else None)


def fields_sent(fields: dict[str, str], homes: list[str]) -> dict[str, str]:
    chosen = {f"home_{home}": "1" for home in homes} | {"ask_has_smartphone": "1"}
    return {name: fields[name] for name in ("step", "note")} | chosen


def test_who_made_the_visits_says_how_it_was_and_does_not_settle(
    server: Server, lan_member: Device, binh_member: Device, minh_lead: Device, pace: str
) -> None:
    assert act(lan_member, pace, "explain", reason="from_paper")["verdict"] == "applied"
    assert doubts(server)[pace]["steps"][-1]["by"] == "Vũ Thị Lan"
    assert act(binh_member, pace, "explain", reason="other")["problem"]["type"] == "/problems/not-allowed"
    assert act(lan_member, pace, "settle", outcome="corrected")["verdict"] == "held"
    assert act(minh_lead, pace, "settle", outcome="corrected")["verdict"] == "applied"


def test_a_lead_does_not_settle_what_is_about_their_own_visits(
    server: Server, minh_lead: Device, homes: list[str], hoa_official: Device
) -> None:
    minh_lead.send(*quick_visits(minh_lead, homes))
    notice(server.database, COMMUNE, server.clock())
    [own] = [one for one, body in doubts(server).items() if body["check"] == "pace"]
    verdict = act(minh_lead, own, "settle", outcome="corrected")
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("invalid", "/problems/doubt-about-you")
    minh = Browser(server).sign_in(Role.LEAD, "Đỗ Văn Ước", HERE)
    minh.open("/office/review")
    assert "Hoàng Văn Minh ghi" in minh.words
    assert act(hoa_official, own, "settle", outcome="corrected")["verdict"] == "applied"


def test_who_comes_second_hears_what_the_first_one_did(
    server: Server, hoa: Browser, minh_lead: Device, pace: str
) -> None:
    minh_lead.pull()
    before = minh_lead.rows[minh_lead.village]["doubt", pace]["seq"]
    fields = fields_of(hoa, pace)
    hoa.post(f"/office/review/{pace}", fields | {"step": "settle", "outcome": "corrected"})
    verdict = act(minh_lead, pace, "wait", seen=before)
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("invalid", "/problems/doubt-moved-on")
    other = Browser(server).sign_in(Role.LEAD, "Đỗ Văn Ước", HERE)
    late = other.post(f"/office/review/{pace}", fields | {"change": an_id(), "step": "look"})
    assert late.status_code == 422
    assert "Người khác vừa làm việc này" in other.words
    assert "Đặng Thị Hoa kết thúc: đã sửa" in other.words


def test_it_is_gone_when_the_visits_are_made_anew(
    server: Server, lan_member: Device, pace: str, homes: list[str]
) -> None:
    later = EVENING + timedelta(hours=5)
    slowly = [quick_visits(lan_member, [home], later + timedelta(minutes=9 * n))[0] for n, home in enumerate(homes[:4])]
    lan_member.send(*slowly)
    notice(server.database, COMMUNE, server.clock())
    assert doubts(server)[pace]["state"] == "gone"


def test_more_of_the_same_stays_one_doubt(server: Server, lan_member: Device, pace: str) -> None:
    more = [an_id() for _ in range(2)]
    lan_member.send(*[lan_member.change("household", one, {"head_name": "Hộ mới"}) for one in more])
    lan_member.send(*quick_visits(lan_member, more, EVENING + timedelta(minutes=6)))
    notice(server.database, COMMUNE, server.clock())
    [(identity, body)] = [(one, body) for one, body in doubts(server).items() if body["check"] == "pace"]
    assert (identity, len(body["visits"])) == (pace, 8)


def test_a_held_change_is_taken_over_or_refused(
    server: Server, hoa: Browser, lan_member: Device, tuyet_member: Device, homes: list[str]
) -> None:
    """Tuyết registered two households of a village that is not hers: held, not lost."""
    there, village = [an_id(), an_id()], lan_member.village
    for name, home in zip(("Phạm Văn Một", "Phạm Văn Hai"), there, strict=True):
        change = tuyet_member.change("household", home, {"head_name": name}, village=village)
        assert tuyet_member.verdicts(change) == ["held"]
    hoa.open("/office/review")
    assert "2 mục cần xem" in hoa.words
    assert "Lê Thị Tuyết đã ghi hoặc sửa một hộ; máy chủ giữ lại" in hoa.words
    first, second = sorted(doubts(server), key=lambda one: doubts(server)[one]["evidence"]["received_at"])
    hoa.post(f"/office/review/{first}", fields_of(hoa, first) | {"step": "settle", "outcome": "taken"})
    assert "nhận" in hoa.words
    refused = hoa.post(f"/office/review/{second}", fields_of(hoa, second) | {"step": "settle", "outcome": "not_taken"})
    assert refused.status_code == 422
    fields = {"step": "settle", "outcome": "not_taken", "note": "Hộ đã có trong danh sách"}
    hoa.post(f"/office/review/{second}", fields_of(hoa, second) | fields)
    names = {body["head_name"] for body in lan_member.of_kind("household")}
    assert len(names & {"Phạm Văn Một", "Phạm Văn Hai"}) == 1
    hoa.open("/office/review")
    assert "Không có gì cần xem" in hoa.words


def test_a_member_has_no_page_and_another_village_no_doubt(server: Server, pace: str) -> None:
    stranger = Browser(server).sign_in(Role.LEAD, "Lý Văn Xa", "Nghinh Tiên")
    stranger.open("/office/review")
    assert "Không có gì cần xem" in stranger.words
    assert stranger.post(f"/office/review/{pace}", {"step": "look", "change": an_id(), "seen": "1"}).status_code == 404


def test_the_reviewer_looks_only_when_something_came(server: Server, lan_member: Device, homes: list[str]) -> None:
    reviewer = Reviewer(server.database, server.clock)
    lan_member.send(*quick_visits(lan_member, homes))
    reviewer.look(COMMUNE, server.clock())
    before = {one: steps(body) for one, body in doubts(server).items()}
    assert before
    reviewer.look(COMMUNE, server.clock())
    assert {one: steps(body) for one, body in doubts(server).items()} == before
    more = [an_id() for _ in range(5)]
    names = [f"Chủ hộ {number}" for number in range(10, 15)]
    lan_member.send(
        *[lan_member.change("household", one, {"head_name": name}) for one, name in zip(more, names, strict=True)]
    )
    lan_member.send(*quick_visits(lan_member, more, EVENING + timedelta(hours=3)))
    for passed, found in ((30, 0), (40, 1)):
        server.clock.pass_by(seconds=passed)
        reviewer.look(COMMUNE, server.clock())
        assert len(doubts(server)) - len(before) == found
