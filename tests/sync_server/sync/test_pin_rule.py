"""The rule that the phones of a village's team have a PIN."""

import pytest

from tests.sync_server.wire_client import Device, Json, Server


def test_the_last_rule_stands(lan_member: Device, minh_lead: Device, hoa_official: Device) -> None:
    place = lan_member.village
    made = hoa_official.change("pin_rule", place, {"required": True}, village=place)
    assert hoa_official.verdicts(made) == ["applied"]
    assert minh_lead.verdicts(minh_lead.change("pin_rule", place, {"required": False})) == ["applied"]
    assert lan_member.shown("pin_rule", place) == {
        "required": False,
        "asked_by": "Hoàng Văn Minh",
        "asked_at": "2026-11-22T02:00:00Z",
    }


def test_members_make_no_rule(lan_member: Device) -> None:
    assert lan_member.verdicts(lan_member.change("pin_rule", lan_member.village, {"required": False})) == ["held"]


@pytest.mark.parametrize("body", [{}, {"required": "maybe"}, {"required": None}])
def test_what_is_no_rule_is_kept_aside(minh_lead: Device, body: Json) -> None:
    [verdict] = minh_lead.send(minh_lead.change("pin_rule", minh_lead.village, body))["verdicts"]
    assert verdict["verdict"] == "invalid"
    assert "/required" in [one["pointer"] for one in verdict["problem"]["errors"]]


def test_a_rule_has_the_id_of_its_village(minh_lead: Device, server: Server) -> None:
    elsewhere = server.villages["Nghinh Tiên"].id
    [verdict] = minh_lead.send(minh_lead.change("pin_rule", elsewhere, {"required": True}))["verdicts"]
    assert [one["pointer"] for one in verdict["problem"]["errors"]] == ["/subject"]
