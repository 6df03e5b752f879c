"""GET /api/v1/me/back-checks: a person sees what others are shown about them, and nothing about anybody else."""

import pytest

from survey.roles import Role
from tests.sync_server.office.browser import Browser
from tests.sync_server.office.test_back_checks import ask, drawn, visited
from tests.sync_server.wire_client import Device, Json, Server

__all__ = ["visited"]


def own(device: Device) -> Json:
    answer = device.server.request("GET", "/api/v1/me/back-checks", headers=device.headers)
    assert answer.status_code == 200
    body: Json = answer.json()
    return body


@pytest.mark.usefixtures("visited")
def test_the_person_concerned_sees_both_answers_and_nobody_else_does(
    server: Server, lan_member: Device, minh_lead: Device
) -> None:
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    hoa.open("/office/review/again")
    assert own(lan_member)["homes"] == [], "what is still to be asked is not told"
    one, other, *_ = drawn(server)
    ask(hoa, one.id, came="yes", adults="2", q_has_smartphone="yes")
    ask(hoa, other.id, came="yes", adults="2", q_has_smartphone="no")
    told = own(lan_member)
    assert (told["matching"], told["total"]) == (1, 2)
    differing = next(home for home in told["homes"] if home["household"] == other.household)
    assert differing["head_name"].startswith("Chủ hộ")
    assert {"item": "has_smartphone", "before": "yes", "now": "no", "agrees": False} in differing["items"]
    assert own(minh_lead)["homes"] == []
    hoa.open(f"/office/review/again/{other.id}")
    hoa.send("/leave-out", why="hỏi nhầm nhà")
    told = own(lan_member)
    assert (told["matching"], told["total"]) == (1, 1)
    assert [home["counts"] for home in told["homes"] if home["household"] == other.household] == [False]
