"""What the commune or the lead asks a village's team to go for first."""

import pytest

from tests.sync_server.wire_client import Device, Json, Server


def give(device: Device, criterion: str | None, **more: object) -> Json:
    return device.change("errand", device.village, {"criterion": criterion}, **more)


def test_the_last_errand_stands_until_it_is_ended(
    lan_member: Device, minh_lead: Device, hoa_official: Device, server: Server
) -> None:
    here = {"village": lan_member.village}
    assert hoa_official.verdicts(hoa_official.change("errand", lan_member.village, {"criterion": "1"}, **here)) == [
        "applied"
    ]
    assert [(one["criterion"], one["asked_by"]) for one in lan_member.of_kind("errand")] == [("1", "Đặng Thị Hoa")]
    assert minh_lead.verdicts(give(minh_lead, "2")) == ["applied"]
    assert lan_member.shown("errand", lan_member.village) == {
        "criterion": "2",
        "asked_by": "Hoàng Văn Minh",
        "asked_at": "2026-11-22T02:00:00Z",
    }
    assert minh_lead.verdicts(give(minh_lead, None)) == ["applied"]
    assert lan_member.of_kind("errand") == []


def test_members_give_no_errands(lan_member: Device) -> None:
    assert lan_member.verdicts(give(lan_member, "1")) == ["held"]
    assert lan_member.of_kind("errand") == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"criterion": "3"}, "/criterion"),  # attested, not counted from answers
        ({"criterion": "99"}, "/criterion"),
        ({"criterion": 1}, "/criterion"),
        ({"criterion": "1" * 15}, "/criterion"),
    ],
)
def test_what_is_no_errand_is_kept_aside(minh_lead: Device, body: Json, pointer: str) -> None:
    [verdict] = minh_lead.send(minh_lead.change("errand", minh_lead.village, body))["verdicts"]
    assert verdict["verdict"] == "invalid"
    assert pointer in [one["pointer"] for one in verdict["problem"]["errors"]]


def test_an_errand_has_the_id_of_its_village(minh_lead: Device, server: Server) -> None:
    [verdict] = minh_lead.send(minh_lead.change("errand", server.villages["Nghinh Tiên"].id, {"criterion": "1"}))[
        "verdicts"
    ]
    assert [one["pointer"] for one in verdict["problem"]["errors"]] == ["/subject"]
