"""A lead's answer taken back: what it changed is put back, the difference is open again, later work stays."""

from typing import Any

import pytest

from survey.roles import Role
from tests.builders import an_id
from tests.sync_server.sync.test_resolutions import answer, internet
from tests.sync_server.wire_client import Device, Json, Server, a_person


@pytest.fixture
def person() -> Json:
    return a_person()


@pytest.fixture
def difference(lan_member: Device, binh_member: Device, household: str, person: Json) -> str:
    """Lan wrote that there is Internet and lives a second person, Bình that there is none, and his word shows."""
    second = a_person(relation="other", birth_year=1990)
    lan_member.send(lan_member.visit(household, residents=[person, second]))
    visit = binh_member.visit(household, residents=[person], answers={"has_fixed_internet": "no"})
    assert binh_member.verdicts(visit) == ["difference"]
    identity: str = visit["id"]
    return identity


def shown(device: Device, household: str) -> Json:
    """The household without what tells one state from the next."""
    body = dict(device.shown("household", household))
    body["current"] = {key: value for key, value in body["current"].items() if key != "id" and value != []}
    return {key: value for key, value in body.items() if key not in {"visit", "visited_by", "visited_at"}}


@pytest.mark.parametrize("choice", ["shown", "other", "new_visit"])
def test_everything_is_as_before_and_it_can_be_answered_again(
    server: Server, minh_lead: Device, household: str, difference: str, choice: str
) -> None:
    def coverage() -> Any:
        reply = server.request("GET", "/api/v1/coverage", headers=minh_lead.headers).json()
        return [(one["numerator"], one["denominator"]) for one in reply["villages"][0]["criteria"]]

    before, counted = shown(minh_lead, household), coverage()
    assert minh_lead.verdicts(answer(minh_lead, difference, choice)) == ["applied"]
    undo = answer(minh_lead, difference, "undo")
    assert minh_lead.verdicts(undo) == ["applied"]
    assert minh_lead.verdicts(undo, answer(minh_lead, difference, "undo")) == ["duplicate", "merged"]
    assert shown(minh_lead, household) == before
    assert coverage() == counted
    body = minh_lead.shown("difference", difference)
    assert (body["state"], [one["choice"] for one in body["taken_back"]]) == ("open", [choice])
    assert not body.keys() & {"choice", "settled_by", "settled_at", "note"}
    assert minh_lead.verdicts(answer(minh_lead, difference, "other")) == ["applied"]
    assert internet(minh_lead, household) == "yes"


def test_what_the_household_itself_shows_is_put_back(
    lan_member: Device, binh_member: Device, minh_lead: Device, household: str
) -> None:
    lan_member.send(lan_member.change("household", household, {"address": "Ngõ Chùa"}))
    second = binh_member.change("household", household, {"address": "Ngõ Đình"})
    assert binh_member.verdicts(second) == ["difference"]
    minh_lead.send(answer(minh_lead, second["id"], "other"))
    assert minh_lead.shown("household", household)["address"] == "Ngõ Chùa"
    assert minh_lead.verdicts(answer(minh_lead, second["id"], "undo")) == ["applied"]
    assert minh_lead.shown("household", household)["address"] == "Ngõ Đình"


def test_what_the_village_attested_is_put_back_with_who_said_it(minh_lead: Device, hoa_official: Device) -> None:
    first = minh_lead.change("attestation", an_id(), {"criterion": "3", "value": True, "evidence": "Biên bản 1"})
    minh_lead.send(first)
    second = hoa_official.change("attestation", an_id(), {"criterion": "3", "value": False, "evidence": "Biên bản 2"})
    assert hoa_official.verdicts(second | {"village": minh_lead.village}) == ["difference"]
    (before,) = minh_lead.of_kind("attestation")
    minh_lead.send(answer(minh_lead, second["id"], "other"))
    assert minh_lead.of_kind("attestation")[0]["value"] is True
    assert minh_lead.verdicts(answer(minh_lead, second["id"], "undo")) == ["applied"]
    assert before["confirmed_by"] == "Đặng Thị Hoa"
    unconfirmed = {name: value for name, value in before.items() if not name.startswith("confirmed_")}
    assert minh_lead.of_kind("attestation") == [unconfirmed], "the commune looks at it once more"


def test_later_work_stays(lan_member: Device, minh_lead: Device, household: str, difference: str) -> None:
    minh_lead.send(answer(minh_lead, difference, "other"))
    based_on = lan_member.shown("household", household)["current"]["id"]
    later = lan_member.visit(household, based_on=based_on, answers={"has_fixed_internet": "unknown"})
    lan_member.send(later)
    newest = lan_member.visit(household, based_on=later["subject"], answers={"has_fixed_internet": "no"})
    lan_member.send(newest)
    before = shown(minh_lead, household)
    assert minh_lead.verdicts(answer(minh_lead, difference, "undo")) == ["merged"]
    assert shown(minh_lead, household)["current"]["answers"] == before["current"]["answers"]
    assert minh_lead.shown("difference", difference)["state"] == "open"


def test_nobody_takes_back_what_another_answered(
    server: Server, lan_member: Device, minh_lead: Device, household: str, difference: str
) -> None:
    minh_lead.send(answer(minh_lead, difference, "other"))
    hung = server.enroll(Role.LEAD, "Phạm Văn Hùng", "Đinh Xá")
    for device in (hung, lan_member):
        (verdict,) = device.send(answer(device, difference, "undo"))["verdicts"]
        assert (verdict["verdict"], verdict["problem"]["type"]) == ("held", "/problems/not-allowed")
    assert internet(minh_lead, household) == "yes"
