"""What the village attests, by its lead or the commune."""

import pytest

from tests.builders import an_id
from tests.sync_server.wire_client import Device, Json, Server


def attest(device: Device, body: Json, seen: int = 0, subject: str | None = None) -> Json:
    return device.change("attestation", subject or an_id(), {"evidence": "Biên bản"} | body, seen=seen)


def result_of(server: Server, device: Device, no: str) -> str:
    table = server.request("GET", "/api/v1/coverage", headers=device.headers).json()
    results: dict[str, str] = {line["no"]: line["result"] for line in table["villages"][0]["criteria"]}
    return results[no]


def test_an_attestation_counts_at_once(server: Server, minh_lead: Device) -> None:
    assert result_of(server, minh_lead, "3") == "not_enough_data"
    change = attest(minh_lead, {"criterion": "3", "value": True})
    assert minh_lead.verdicts(change) == ["applied"]
    assert result_of(server, minh_lead, "3") == "met"
    shown = minh_lead.shown("attestation", change["subject"])
    assert (shown["attested_by"], shown["attested_at"]) == ("Hoàng Văn Minh", "2026-11-22T02:00:00Z")
    assert shown["evidence"] == "Biên bản"


def test_the_same_criterion_shows_once(minh_lead: Device) -> None:
    first, second = (attest(minh_lead, {"criterion": "4", "value": value}) for value in (1, 2))
    assert minh_lead.verdicts(first, second) == ["applied", "applied"]
    assert [one["value"] for one in minh_lead.of_kind("attestation")] == [2]


def test_two_people_who_attest_differently_are_a_difference(minh_lead: Device, hoa_official: Device) -> None:
    minh_lead.send(attest(minh_lead, {"criterion": "3", "value": True}))
    change = attest(hoa_official, {"criterion": "3", "value": False})
    assert hoa_official.verdicts(change) == ["difference"]
    difference = minh_lead.shown("difference", change["id"])
    assert difference["fields"] == [{"path": ["3", "value"], "key": "3", "theirs": True, "mine": False}]
    assert difference["theirs_by"] == "Hoàng Văn Minh"
    assert hoa_official.verdicts(attest(hoa_official, {"criterion": "3", "value": False})) == ["applied"]


def test_two_people_who_attest_the_same_are_merged(minh_lead: Device, hoa_official: Device) -> None:
    minh_lead.send(attest(minh_lead, {"criterion": "3", "value": True}))
    assert hoa_official.verdicts(attest(hoa_official, {"criterion": "3", "value": True})) == ["merged"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"criterion": "99", "value": True}, "/criterion"),
        ({"criterion": "1", "value": True}, "/criterion"),
        ({"value": True}, "/criterion"),
        ({"criterion": "3", "value": 2}, "/value"),
        ({"criterion": "4", "value": True}, "/value"),
        ({"criterion": "4", "value": -1}, "/value"),
        ({"criterion": "3", "not_applicable": True}, "/not_applicable"),
    ],
)
def test_an_attestation_that_cannot_be_is_named(minh_lead: Device, body: Json, pointer: str) -> None:
    (verdict,) = minh_lead.send(attest(minh_lead, body))["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["errors"][0]["pointer"]) == ("invalid", pointer)


def test_an_item_may_not_apply(server: Server, minh_lead: Device) -> None:
    assert minh_lead.verdicts(attest(minh_lead, {"criterion": "4", "not_applicable": True})) == ["applied"]
    assert result_of(server, minh_lead, "4") == "not_applicable"


def test_an_official_who_says_the_same_confirms_it(minh_lead: Device, hoa_official: Device) -> None:
    first = attest(minh_lead, {"criterion": "3", "value": True, "dated": "2026-11-20"})
    minh_lead.send(first)
    minh_lead.pull()
    assert "confirmed_by" not in minh_lead.of_kind("attestation")[0]
    hoa_official.pull()
    seen = hoa_official.seen("attestation", first["subject"])
    hoa_official.send(attest(hoa_official, {"criterion": "3", "value": True, "evidence": ""}, seen, first["subject"]))
    shown = minh_lead.shown("attestation", first["subject"])
    assert (shown["attested_by"], shown["confirmed_by"]) == ("Hoàng Văn Minh", "Đặng Thị Hoa")
    assert (shown["evidence"], shown["dated"]) == ("Biên bản", "2026-11-20")


@pytest.mark.parametrize(
    ("again", "stays"),
    [
        ({"value": True, "dated": "2026-11-20"}, True),
        ({"value": True}, True),  # a program that does not know the day
        ({"value": True, "dated": None}, False),
        ({"value": False, "dated": "2026-11-20"}, False),
        ({"value": True, "dated": "2026-11-21"}, False),
        ({"value": True, "dated": "2026-11-20", "evidence": "Biên bản khác"}, False),
    ],
)
def test_whoever_changes_it_makes_it_unconfirmed(
    minh_lead: Device, hoa_official: Device, again: Json, stays: bool
) -> None:
    first = attest(minh_lead, {"criterion": "3", "value": True, "dated": "2026-11-20"})
    minh_lead.send(first)
    hoa_official.send(attest(hoa_official, first["body"], subject=first["subject"]))
    minh_lead.pull()
    seen = minh_lead.cursors[minh_lead.enrolled["villages"][0]["id"]]
    minh_lead.send(attest(minh_lead, {"criterion": "3"} | again, seen=seen, subject=first["subject"]))
    shown = minh_lead.shown("attestation", first["subject"])
    assert (shown.get("confirmed_by") == "Đặng Thị Hoa") is stays


def test_nobody_confirms_by_saying_so(minh_lead: Device) -> None:
    forged = {"confirmed_by": "Đặng Thị Hoa", "confirmed_at": "2026-11-20T00:00:00Z", "attested_by": "Ai đó"}
    change = attest(minh_lead, {"criterion": "3", "value": True} | forged)
    minh_lead.send(change)
    shown = minh_lead.shown("attestation", change["subject"])
    assert "confirmed_by" not in shown
    assert shown["attested_by"] == "Hoàng Văn Minh"


def test_what_an_official_attests_is_confirmed(hoa_official: Device) -> None:
    change = attest(hoa_official, {"criterion": "3", "value": True})
    hoa_official.send(change)
    shown = hoa_official.shown("attestation", change["subject"])
    assert shown["confirmed_by"] == shown["attested_by"] == "Đặng Thị Hoa"


def test_the_day_of_an_evidence_is_not_to_come(minh_lead: Device) -> None:
    (verdict,) = minh_lead.send(attest(minh_lead, {"criterion": "3", "value": True, "dated": "2026-12-20"}))["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["errors"][0]["pointer"]) == ("invalid", "/dated")
    assert "20/12/2026" in verdict["problem"]["errors"][0]["detail"]


def test_what_was_changed_meanwhile_is_not_confirmed(minh_lead: Device, hoa_official: Device) -> None:
    """The official confirms without a network what the lead gives another evidence: also when it is sent again."""
    first = attest(minh_lead, {"criterion": "3", "value": True, "evidence": "Biên bản cũ"})
    minh_lead.send(first)
    hoa_official.pull()
    seen = hoa_official.seen("attestation", first["subject"])
    newer = {"criterion": "3", "value": True, "evidence": "Biên bản mới", "dated": "2026-11-21"}
    minh_lead.send(attest(minh_lead, newer, subject=first["subject"]))
    for evidence in ("Biên bản cũ", ""):
        late = attest(hoa_official, {"criterion": "3", "value": True, "evidence": evidence}, seen, first["subject"])
        assert hoa_official.verdicts(late) == ["merged"]
        shown = minh_lead.shown("attestation", first["subject"])
        assert (shown["evidence"], shown["attested_by"]) == ("Biên bản mới", "Hoàng Văn Minh")
        assert "confirmed_by" not in shown
    hoa_official.send(attest(hoa_official, newer, subject=first["subject"]))
    assert minh_lead.shown("attestation", first["subject"])["confirmed_by"] == "Đặng Thị Hoa", "what stands was read"


def test_another_evidence_is_the_officials_own_word(minh_lead: Device, hoa_official: Device) -> None:
    first = attest(minh_lead, {"criterion": "3", "value": True, "evidence": "Biên bản số 12"})
    minh_lead.send(first)
    hoa_official.pull()
    seen = hoa_official.seen("attestation", first["subject"])
    other = {"criterion": "3", "value": True, "evidence": "Quyết định số 5"}
    hoa_official.send(attest(hoa_official, other, seen, first["subject"]))
    shown = minh_lead.shown("attestation", first["subject"])
    assert shown["attested_by"] == shown["confirmed_by"] == "Đặng Thị Hoa"


def test_the_day_comes_back_with_the_evidence_of_the_other_side(minh_lead: Device, hoa_official: Device) -> None:
    minh_lead.send(attest(minh_lead, {"criterion": "3", "value": True, "dated": "2026-11-20"}))
    second = attest(hoa_official, {"criterion": "3", "value": False})
    hoa_official.send(second)
    minh_lead.send(minh_lead.change("resolution", an_id(), {"difference": second["id"], "choice": "other"}))
    assert minh_lead.of_kind("attestation")[0]["dated"] == "2026-11-20"
