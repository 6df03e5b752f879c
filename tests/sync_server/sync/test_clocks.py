"""The server's clock is wrong: what was right stays right."""

import pytest

from tests.builders import an_id
from tests.sync_server.wire_client import Device, Server, a_person


@pytest.mark.parametrize("days", [200, 3653])
def test_a_server_whose_clock_is_behind_refuses_nothing_for_good(
    days: int, server: Server, lan_member: Device, minh_lead: Device, household: str
) -> None:
    """The phones' clocks are right: a child of this year, and evidence of last week."""
    right = server.clock()
    server.clock.pass_by(days=-days)
    child = a_person(relation="child", birth_year=2026, answers={})
    visit = lan_member.visit(household, residents=[a_person(), child])
    said = {"criterion": "3", "value": True, "evidence": "Biên bản", "dated": "2026-11-15"}
    attested = minh_lead.change("attestation", an_id(), said)
    for device, change in ((lan_member, visit), (minh_lead, attested)):
        assert device.send(change, device_time=right.isoformat())["verdicts"][0]["verdict"] == "applied"
    early = minh_lead.change("attestation", an_id(), said | {"criterion": "4", "value": 1, "dated": "2027-11-15"})
    [verdict] = minh_lead.send(early, device_time=right.isoformat())["verdicts"]
    assert verdict["problem"]["errors"][0]["pointer"] == "/dated"
