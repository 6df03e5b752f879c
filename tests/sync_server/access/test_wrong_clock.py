"""What the server counts by its clock, after that was ten years ahead for a while and is right again."""

from datetime import timedelta

import pytest

from survey.roles import Role
from sync_server.store.audit import Sought, list_lines
from tests.builders import an_id
from tests.sync_server.access.test_enrollment import WRONG, from_address
from tests.sync_server.office.browser import Browser
from tests.sync_server.wire_client import COMMUNE, Device, Server

TEN_YEARS = timedelta(days=3653)
HERE = "192.0.2.7"


def test_wrong_codes_of_the_time_to_come_lock_nobody_out(server: Server) -> None:
    server.clock.now += TEN_YEARS
    assert [from_address(server, HERE, WRONG) for _ in range(21)][-1] == 429
    server.clock.now -= TEN_YEARS
    assert from_address(server, HERE, server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")) == 201
    assert [from_address(server, HERE, WRONG) for _ in range(21)] == [404] * 20 + [429], "guessing is slowed down again"


def test_a_clock_that_is_put_back_a_minute_forgets_no_guess(server: Server) -> None:
    """Two processes' clocks differ a little; nor may setting it right give a stranger new tries."""
    assert [from_address(server, HERE, WRONG) for _ in range(20)] == [404] * 20
    server.clock.pass_by(minutes=-1)
    assert from_address(server, HERE, WRONG) == 429


def test_a_browser_of_the_time_to_come_is_idle_after_12_hours_again(server: Server) -> None:
    server.clock.now += TEN_YEARS
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    server.clock.now -= TEN_YEARS
    assert hoa.open("/office/overview").status_code == 200
    assert "thôn đạt" in hoa.words, "the clock was wrong, not they"
    server.clock.pass_by(hours=13)
    hoa.open("/office/overview")
    assert "Mã đăng nhập" in hoa.words


@pytest.mark.parametrize("ahead", [TEN_YEARS, timedelta(hours=1)])
def test_a_look_of_the_time_to_come_hides_none_of_today(server: Server, lan_member: Device, ahead: timedelta) -> None:
    identity = an_id()
    lan_member.send(lan_member.change("household", identity, {"head_name": "Nguyễn Văn Đức"}))
    server.clock.now += ahead
    minh = Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    minh.open(f"/office/households/{identity}")
    server.clock.now -= ahead
    for _ in range(2):
        minh.open(f"/office/households/{identity}")
    with server.database.read() as session:
        assert len(list_lines(session, COMMUNE, Sought(), 100)) == 2, "one of then, one of now"
