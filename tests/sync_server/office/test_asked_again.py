"""Nhờ hỏi lại, in the queue: how many of the families have been visited since, whatever became of their households."""

from datetime import timedelta

import pytest

from survey.roles import Role
from tests.sync_server.office.browser import Browser
from tests.sync_server.office.test_review import fields_of, homes, pace
from tests.sync_server.wire_client import Device, Json, Server

__all__ = ["homes", "pace"]


@pytest.fixture
def hoa(server: Server) -> Browser:
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


def ask(hoa: Browser, doubt: str, some: list[str]) -> None:
    hoa.post(f"/office/review/{doubt}", fields_of(hoa, doubt) | {"step": "ask"} | {f"home_{one}": "1" for one in some})


def again(server: Server, device: Device, home: str, **more: object) -> Json:
    """A visit a little later than anything until now, and so soon that the checks do not look at the visits again."""
    server.clock.pass_by(seconds=9)
    start = server.clock() - timedelta(seconds=5)
    shown = device.shown("household", home)["current"]["id"]
    return device.visit(home, started_at=start.isoformat(), ended_at=server.clock().isoformat(), based_on=shown, **more)


def test_how_many_were_visited_since(
    server: Server, hoa: Browser, lan_member: Device, pace: str, homes: list[str]
) -> None:
    ask(hoa, pace, homes[:2])
    assert "Đã nhờ hỏi lại · đã hỏi lại 0/2 hộ" in hoa.words
    nobody = again(server, lan_member, homes[0], outcome="absent")
    assert lan_member.verdicts(nobody, again(server, lan_member, homes[0])) == ["applied", "applied"]
    hoa.open("/office/review")
    assert "Đã nhờ hỏi lại · đã hỏi lại 1/2 hộ" in hoa.words
    lan_member.send(again(server, lan_member, homes[1]))
    hoa.open(f"/office/review?done={pace}")
    assert "Cả 2 hộ đã được hỏi lại" in hoa.words
    ask(hoa, pace, homes[1:2])
    assert "Đã nhờ hỏi lại · đã hỏi lại 1/2 hộ" in hoa.words, "asked once more"


def test_settled_by_mistake_it_is_still_known(
    server: Server, hoa: Browser, lan_member: Device, pace: str, homes: list[str]
) -> None:
    ask(hoa, pace, homes[:2])
    lan_member.send(again(server, lan_member, homes[0]))
    hoa.open("/office/review")
    hoa.post(f"/office/review/{pace}", fields_of(hoa, pace) | {"step": "settle", "outcome": "corrected"})
    assert "đã hỏi lại" not in hoa.words
    hoa.post(f"/office/review/{pace}", fields_of(hoa, pace, f"/office/review?done={pace}") | {"step": "undo"})
    assert "Mới · đã hỏi lại 1/2 hộ" in hoa.words


def test_what_was_joined_or_erased_is_not_waited_for(
    server: Server, hoa: Browser, lan_member: Device, minh_lead: Device, hoa_official: Device, pace: str,
    homes: list[str],
) -> None:  # fmt: skip
    ask(hoa, pace, homes[:3])
    kept, other, gone = homes[0], homes[1], homes[2]
    body = {"household": kept, "other": other, "undo": False}
    join = minh_lead.change("join", kept, body)
    assert minh_lead.verdicts(join | {"subject": join["id"]}) == ["applied"]
    erasure = hoa_official.change(
        "erasure",
        gone,
        {"household": gone, "requested_at": "2026-11-22T02:00:00Z", "basis": "Gia đình yêu cầu"},
        village=lan_member.village,
    )
    assert hoa_official.verdicts(erasure) == ["applied"]
    lan_member.send(again(server, lan_member, kept))
    hoa.open(f"/office/review?done={pace}")
    assert "Cả 2 hộ đã được hỏi lại" in hoa.words
