"""Back-checks on the pages: who is drawn, who asks whom, what they see before and after, and what comes of it."""

from datetime import timedelta

import pytest

from survey.back_checks import NARROW_SHARE, SHARE, Why, digest_of, draw_key
from survey.roles import Role
from sync_server.review.drawing import draw_visits
from sync_server.review.noticing import notice
from sync_server.store.back_checks import BackCheck, find_draw, list_back_checks
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.office.test_review import act, doubts, quick_visits, survey_round
from tests.sync_server.wire_client import COMMUNE, Device, Json, Server, a_person

HERE, THERE = "Đinh Xá", "Nghinh Tiên"
HOMES = 60
DRAWN = 6
SECRET = bytes(32)


def lot(is_drawn: bool) -> str:
    """An id for a visit that this secret draws, or that it does not draw in the narrowest village either."""
    while True:
        one = an_id()
        if draw_key(SECRET, one) < SHARE if is_drawn else draw_key(SECRET, one) > NARROW_SHARE:
            return one


@pytest.fixture
def visited(server: Server, lan_member: Device, monkeypatch: pytest.MonkeyPatch) -> list[Json]:
    """Sixty households that Lan has visited, two days ago; six of the visits will be drawn."""
    monkeypatch.setattr("sync_server.review.drawing.token_bytes", lambda _: SECRET)
    homes = [an_id() for _ in range(HOMES)]
    made = [
        lan_member.change("household", one, {"head_name": f"Chủ hộ {n}", "phone": "+84912345678"})
        for n, one in enumerate(homes)
    ]
    assert lan_member.verdicts(*made) == ["applied"] * HOMES
    of_round, saved = survey_round(lan_member), server.clock().isoformat()
    visits = []
    for place, home in enumerate(homes):
        people = [a_person(), a_person(relation="child", birth_year=1990, sex="m", name="Trần Văn Út")]
        visit = lan_member.visit(home, lot(place < DRAWN), round=of_round, residents=people)
        visits.append(visit | {"captured_at": saved})
    assert set(lan_member.verdicts(*visits)) == {"applied"}
    server.clock.pass_by(days=2)
    return visits


def drawn(server: Server) -> list[BackCheck]:
    with server.database.read() as session:
        return list_back_checks(session, COMMUNE, _round(server))


def _round(server: Server) -> str:
    from sync_server.store.communes import list_rounds

    with server.database.read() as session:
        return list_rounds(session, COMMUNE)[0].id


@pytest.fixture
def hoa(server: Server) -> Browser:
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


@pytest.fixture
def minh(server: Server) -> Browser:
    return Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", HERE)


@pytest.fixture
def binh(server: Server) -> Browser:
    return Browser(server).sign_in(Role.LEAD, "Ngô Văn Bình", THERE)


def test_the_secret_draws_and_nobody_else(server: Server, visited: list[Json]) -> None:
    assert draw_visits(server.database, COMMUNE, server.clock()) == len(drawn(server)) == DRAWN
    with server.database.read() as session:
        found = find_draw(session, COMMUNE, _round(server))
    assert found is not None
    keys = {one["subject"]: draw_key(found.secret, one["subject"]) for one in visited}
    got = {one.id for one in drawn(server)}
    assert max(keys[one] for one in got) < min(key for one, key in keys.items() if one not in got)
    assert draw_visits(server.database, COMMUNE, server.clock()) == 0, "what is drawn stays drawn"


def test_visits_of_today_and_of_last_month_are_not_drawn(server: Server, visited: list[Json]) -> None:
    server.clock.pass_by(days=-2)
    assert draw_visits(server.database, COMMUNE, server.clock()) == 0
    server.clock.pass_by(days=15)
    assert draw_visits(server.database, COMMUNE, server.clock()) == 0


def test_closing_tops_up_and_tells_the_secret(server: Server, visited: list[Json]) -> None:
    server.clock.pass_by(days=20)  # too old for the draw: the least number all the same
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    hoa.open("/office/review/again")
    digest = next(word for word in hoa.words.split() if len(word.strip(".")) == 64).strip(".")
    hoa.send("/close")
    assert len(drawn(server)) == 5
    secret = [word.strip(".") for word in hoa.words.split() if len(word.strip(".")) == 64][-1]
    assert digest_of(bytes.fromhex(secret)) == digest
    hoa.open("/office/audit")
    assert digest in hoa.words
    assert secret in hoa.words
    server.clock.pass_by(days=-20)
    assert draw_visits(server.database, COMMUNE, server.clock()) == 0, "nothing is drawn any more"


def ask(browser: Browser, visit: str, **fields: str) -> None:
    browser.open(f"/office/review/again/{visit}")
    browser.send(f"/again/{visit}", **fields)


def test_who_asks_sees_nothing_of_what_was_written(server: Server, visited: list[Json], hoa: Browser) -> None:
    hoa.open("/office/review/again")
    one = drawn(server)[0]
    hoa.open(f"/office/review/again/{one.id}")
    assert "0912 345 678" in hoa.words
    assert "Trần Văn Út, con trai của chủ hộ, sinh năm 1990" in hoa.words
    assert "1961" not in hoa.words
    assert "Phiếu của" not in hoa.words
    ask(hoa, one.id, came="yes", adults="2", q_has_smartphone="no")
    assert "Phiếu của Vũ Thị Lan" in hoa.words
    assert "Có Không khác" in hoa.words
    hoa.open(f"/office/households/{one.household}")
    assert "Đặng Thị Hoa hỏi lại ngày 24/11/2026: khác" in hoa.words
    hoa.open("/office/review/again")
    assert "khớp 0/1 hộ (khoảng 0–79 %)" in hoa.words
    assert "1 câu trước ghi có, nay là không" in hoa.words


def test_what_is_missing_is_said_and_what_was_typed_stays(server: Server, visited: list[Json], hoa: Browser) -> None:
    hoa.open("/office/review/again")
    one = drawn(server)[0].id
    ask(hoa, one, came="yes", adults="đông", note="hẹn chiều")
    assert hoa.page is not None
    assert hoa.page.status_code == 422
    assert hoa.form(f"/again/{one}").fields["note"] == "hẹn chiều"
    ask(hoa, one, came="yes", adults="2")
    assert "Chọn một câu trả lời" in hoa.words
    assert drawn(server)[0].again is None


def test_an_answer_is_kept_once(server: Server, visited: list[Json], hoa: Browser) -> None:
    hoa.open("/office/review/again")
    one = drawn(server)[0].id
    ask(hoa, one, came="yes", adults="2", q_has_smartphone="yes")
    hoa.post(f"/office/review/again/{one}", {"came": "no", "q_has_smartphone": "no"})
    assert "Người khác vừa làm việc này" in hoa.words
    assert (kept := drawn(server)[0].again) is not None
    assert kept.came == "yes"


def test_a_lead_asks_in_another_village_when_it_is_given_to_them(
    server: Server, visited: list[Json], hoa: Browser, minh: Browser, binh: Browser
) -> None:
    hoa.open("/office/review/again")
    one = drawn(server)[0].id
    for lead in (minh, binh):
        lead.open("/office/review/again")
        assert "không có hộ nào chờ hỏi" in lead.words
        assert lead.open(f"/office/review/again/{one}").status_code == 404
    village = server.villages[HERE].id
    leads = dict(_choices(hoa))
    assert "Hoàng Văn Minh" not in leads, "a village's own lead gains from a pass"
    hoa.send("/give", village=village, to=leads["Ngô Văn Bình"])
    assert "đã giao Ngô Văn Bình" in hoa.words
    ask(binh, one, came="no", adults="2", q_has_smartphone="yes")
    assert "khác" in binh.words
    minh.open("/office/review/again")
    assert "khớp 0/1 hộ" in minh.words, "what was asked is seen by the village's lead"
    minh.open(f"/office/review/again/{one}")
    assert "Phiếu của Vũ Thị Lan" in minh.words
    assert minh.post("/office/review/again/close", {}).status_code == 403
    assert minh.post("/office/review/again/give", {"village": village, "to": ""}).status_code == 403


def _choices(browser: Browser) -> list[tuple[str, str]]:
    import re

    assert browser.page is not None
    found = re.findall(r'<option value="([^"]+)"[^>]*>([^<,]+), tổ trưởng', browser.page.text)
    return [(name, identity) for identity, name in found]


def test_somebody_elses_lead_cannot_be_given_by_hand(
    server: Server, visited: list[Json], hoa: Browser, minh: Browser
) -> None:
    hoa.open("/office/review/again")
    own = doubtful = server.villages[HERE].id
    with server.database.read() as session:
        from sync_server.store.members import list_members

        lead = next(one.id for one in list_members(session, COMMUNE) if one.name == "Hoàng Văn Minh")
    hoa.post("/office/review/again/give", {"village": own, "to": lead})
    assert "Chọn tổ trưởng của một thôn khác" in hoa.words
    hoa.post("/office/review/again/give", {"village": doubtful, "to": an_id()})
    assert "Chọn tổ trưởng của một thôn khác" in hoa.words


def test_a_family_that_cannot_be_asked_is_left_out_and_comes_back(
    server: Server, visited: list[Json], hoa: Browser
) -> None:
    hoa.open("/office/review/again")
    one = drawn(server)[0].id
    hoa.open(f"/office/review/again/{one}")
    hoa.send("/leave-out", why="đi làm xa")
    assert "đi làm xa" in hoa.words
    assert len(drawn(server)) - 1 == int(hoa.words.split("Kiểm tra lại: ")[1].split(" ")[0])
    hoa.open(f"/office/review/again/{one}")
    hoa.send("/leave-out")
    ask(hoa, one, came="yes", adults="2", q_has_smartphone="yes")
    hoa.send("/leave-out", why="hỏi nhầm nhà")
    assert "khớp" not in hoa.words.split("hộ đã hỏi lại")[0], "it does not count"
    assert "Không tính: hỏi nhầm nhà" in hoa.words


def test_a_doubt_that_waits_is_asked_about_and_counts_for_nobody(
    server: Server, lan_member: Device, hoa: Browser
) -> None:
    homes = [an_id() for _ in range(6)]
    lan_member.verdicts(*(lan_member.change("household", one, {"head_name": "Chủ hộ"}) for one in homes))
    lan_member.send(*quick_visits(lan_member, homes))
    notice(server.database, COMMUNE, server.clock())
    doubt = next(one for one, body in doubts(server).items() if body["check"] == "pace")
    official = server.enroll(Role.OFFICIAL, "Đặng Thị Hương")
    assert act(official, doubt, "wait")["verdict"] == "applied"
    assert draw_visits(server.database, COMMUNE, server.clock()) == 3
    assert {one.why for one in drawn(server)} == {Why.DOUBT}
    one = drawn(server)[0]
    hoa.open(f"/office/review/again/{one.id}")
    fields = {f"q_{each.question}": "no" for each in one.asks.measures}
    ask(hoa, one.id, came="no", adults="9", **fields)
    hoa.open("/office/review/again")
    assert "vì một chỗ cần xem" in hoa.words
    hoa.open("/office/review")
    assert "Kiểm tra lại 1/3 hộ: khớp 0 hộ" in hoa.words
    hoa.open("/office/review/again")
    assert "Theo người ghi phiếu" not in hoa.words
    server.clock.pass_by(hours=25)
    draw_visits(server.database, COMMUNE, server.clock())
    assert {each.why for each in drawn(server)} <= {Why.DOUBT, Why.DRAWN}


def test_nobody_asks_about_their_own_visit(server: Server, visited: list[Json], hoa: Browser) -> None:
    from sync_server.store.review_rows import BackCheckRow
    from sync_server.store.rows import table_of

    hoa.open("/office/review/again")
    one = drawn(server)[0].id
    with server.database.read() as session:
        from sync_server.store.members import list_members

        own = next(each.id for each in list_members(session, COMMUNE) if each.name == "Đặng Thị Hoa")
    with server.database.write() as session:
        session.execute(table_of(BackCheckRow).update().values(member_id=own))
    answer = hoa.open(f"/office/review/again/{one}")
    assert answer.status_code == 422
    assert "Việc này hỏi về phiếu của chính anh/chị" in hoa.words


def test_an_erased_household_leaves_nothing(
    server: Server, visited: list[Json], lan_member: Device, hoa: Browser
) -> None:
    hoa.open("/office/review/again")
    one = drawn(server)[0]
    ask(hoa, one.id, came="yes", adults="2", q_has_smartphone="yes")
    body = {"household": one.household, "requested_at": server.clock().isoformat(), "basis": "gia đình yêu cầu"}
    asked = lan_member.change("erasure", an_id(), body, captured_at=(server.clock() - timedelta(hours=1)).isoformat())
    assert lan_member.verdicts(asked) == ["applied"]
    assert one.id not in {each.id for each in drawn(server)}
    assert hoa.open(f"/office/review/again/{one.id}").status_code == 404


def test_a_member_whose_families_say_that_nobody_came_is_asked(
    server: Server, visited: list[Json], lan_member: Device, hoa: Browser
) -> None:
    hoa.open("/office/review/again")
    one, other, *_ = drawn(server)
    for visit in (one.id, other.id):
        ask(hoa, visit, came="no", adults="2", q_has_smartphone="yes")
    notice(server.database, COMMUNE, server.clock())
    [(doubt, found)] = [(key, body) for key, body in doubts(server).items() if body["check"] == "asked_again"]
    assert set(found["visits"]) == {one.id, other.id}
    hoa.open("/office/review?kind=asked_again")
    assert "Hỏi lại 2 hộ thì 2 hộ trả lời khác, trong đó 2 hộ nói không có ai đến." in hoa.words
    assert act(lan_member, doubt, "explain", reason="other", note="gặp người cháu")["verdict"] == "applied"
    hoa.open(f"/office/review/again/{one.id}")
    hoa.send("/leave-out", why="hỏi nhầm nhà")
    notice(server.database, COMMUNE, server.clock())
    assert doubts(server)[doubt]["state"] == "gone"
