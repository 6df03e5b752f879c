"""What two people did without knowing of each other, through the real API."""

from typing import Any

import pytest

from tests.builders import an_id
from tests.sync_server.wire_client import Device, Json, Server, a_person


def test_a_household_is_created_with_cleaned_fields_and_unknown_ones_kept(lan_member: Device) -> None:
    identity = an_id()
    body = {"head_name": "  Nguyễn  Văn \u00d0ức ", "phone": "0912 345.678", "number": 12, "roof": "ngói"}
    assert lan_member.verdicts(lan_member.change("household", identity, body)) == ["applied"]
    shown = lan_member.shown("household", identity)
    assert (shown["head_name"], shown["phone"], shown["number"]) == ("Nguyễn Văn Đức", "+84912345678", 12)
    assert (shown["roof"], shown["status"]) == ("ngói", "active")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"head_name": ""}, "/head_name"),
        ({"head_name": None}, "/head_name"),
        ({"phone": "12345"}, "/phone"),
        ({"status": "gone"}, "/status"),
        ({"number": -1}, "/number"),
        ({"number": 10**30}, "/number"),
        ({"card": "không phải mã"}, "/card"),
        ({"assigned_to": "Lan"}, "/assigned_to"),
    ],
)
def test_a_wrong_field_is_named(lan_member: Device, household: str, body: Json, pointer: str) -> None:
    (verdict,) = lan_member.send(lan_member.change("household", household, body))["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["errors"][0]["pointer"]) == ("invalid", pointer)


def test_what_only_visits_make_is_not_believed(lan_member: Device, household: str) -> None:
    forged: Json = {"current": {"outcome": "completed"}, "visited_by": "Ai đó", "address": "Ngõ 9"}
    assert lan_member.verdicts(lan_member.change("household", household, forged)) == ["applied"]
    shown = lan_member.shown("household", household)
    assert shown["address"] == "Ngõ 9"
    assert not {"current", "visited_by"} & set(shown)


def test_edits_of_different_fields_are_merged(lan_member: Device, binh_member: Device, household: str) -> None:
    lan_member.pull()
    seen = lan_member.seen("household", household)
    assert lan_member.verdicts(lan_member.change("household", household, {"address": "Ngõ 3"}, seen=seen)) == [
        "applied"
    ]
    assert binh_member.verdicts(binh_member.change("household", household, {"number": 7}, seen=seen)) == ["merged"]
    shown = binh_member.shown("household", household)
    assert (shown["address"], shown["number"]) == ("Ngõ 3", 7)


def test_edits_of_one_field_differ_and_go_to_the_lead(
    lan_member: Device, binh_member: Device, minh_lead: Device, household: str
) -> None:
    lan_member.pull()
    seen = lan_member.seen("household", household)
    lan_member.send(lan_member.change("household", household, {"address": "Ngõ 3"}, seen=seen))
    change = binh_member.change("household", household, {"address": "Ngõ 8"}, seen=seen)
    (verdict,) = binh_member.send(change)["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("difference", "/problems/edits-differ")
    assert minh_lead.shown("household", household)["address"] == "Ngõ 8"
    difference = minh_lead.shown("difference", change["id"])
    assert difference["fields"] == [{"path": ["address"], "key": "address", "theirs": "Ngõ 3", "mine": "Ngõ 8"}]
    assert (difference["household"], difference["mine_by"], difference["state"]) == (household, "Trần Văn Bình", "open")
    assert (difference["theirs_by"], difference["theirs_at"]) == ("Vũ Thị Lan", "2026-11-22T02:00:00Z")


def test_a_device_knows_its_own_unconfirmed_edits(lan_member: Device, binh_member: Device, household: str) -> None:
    """Two edits made offline both say what was last seen; the second was made on top of the first."""
    lan_member.pull()
    seen = lan_member.seen("household", household)
    edits = [lan_member.change("household", household, {"address": f"Ngõ {at}"}, seen=seen) for at in (1, 2)]
    assert lan_member.verdicts(*edits) == ["applied", "applied"]
    assert lan_member.verdicts(lan_member.change("household", household, {"address": "Ngõ 3"}, seen=seen)) == [
        "applied"
    ]
    assert binh_member.verdicts(binh_member.change("household", household, {"address": "Ngõ 9"}, seen=seen)) == [
        "difference"
    ]


def test_an_own_later_edit_does_not_hide_what_another_wrote_between(
    lan_member: Device, binh_member: Device, household: str
) -> None:
    lan_member.pull()
    seen = lan_member.seen("household", household)
    binh_member.send(binh_member.change("household", household, {"number": 5}, seen=seen))
    lan_member.send(lan_member.change("household", household, {"address": "Ngõ 1"}, seen=seen))
    late = lan_member.change("household", household, {"number": 6}, seen=seen)
    assert lan_member.verdicts(late) == ["difference"]


def test_a_second_visit_made_from_the_first_replaces_it(
    lan_member: Device, binh_member: Device, household: str
) -> None:
    first = lan_member.visit(household)
    lan_member.send(first)
    second = binh_member.visit(household, based_on=first["subject"], answers={"has_fixed_internet": "no"})
    assert binh_member.verdicts(second) == ["applied"]
    shown = lan_member.shown("household", household)
    assert shown["current"]["answers"] == {"has_fixed_internet": "no"}
    assert shown["visited_by"] == "Trần Văn Bình"


def test_two_first_visits_that_agree_are_merged_without_counting_anybody_twice(
    server: Server, lan_member: Device, binh_member: Device, household: str
) -> None:
    same = {"relation": "head", "birth_year": 1961, "sex": "f"}
    lan_member.send(lan_member.visit(household, residents=[a_person(**same)]))
    visit = binh_member.visit(household, residents=[a_person(**same)], answers={"signal": "weak"})
    assert binh_member.verdicts(visit) == ["merged"]
    current = lan_member.shown("household", household)["current"]
    assert len(current["residents"]) == 1
    assert current["answers"] == {"has_fixed_internet": "yes", "signal": "weak"}
    assert server.request("GET", "/api/v1/coverage", headers=lan_member.headers).json()["totals"][0]["denominator"] == 1


def test_two_first_visits_that_disagree_are_a_difference(
    lan_member: Device, binh_member: Device, minh_lead: Device, household: str
) -> None:
    theirs = lan_member.visit(household)
    mine = binh_member.visit(household, answers={"has_fixed_internet": "no"}, residents=theirs["body"]["residents"])
    lan_member.send(theirs)
    (verdict,) = binh_member.send(mine)["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("difference", "/problems/visits-differ")
    difference = minh_lead.shown("difference", mine["id"])
    internet = {"path": ["answers", "has_fixed_internet"], "key": "has_fixed_internet", "theirs": "yes", "mine": "no"}
    assert difference["fields"] == [internet]
    assert (difference["theirs_by"], difference["mine_by"]) == ("Vũ Thị Lan", "Trần Văn Bình")
    assert (difference["theirs_visit"], difference["mine_visit"]) == (theirs["subject"], mine["subject"])
    assert minh_lead.shown("household", household)["current"]["answers"] == {"has_fixed_internet": "no"}


def test_the_base_is_what_was_shown_after_the_visit_that_is_named(
    lan_member: Device, binh_member: Device, minh_lead: Device, household: str
) -> None:
    """The state after a merged visit is more than the visit: a third one made from it must not see a contradiction."""
    lan_member.send(lan_member.visit(household, answers={"signal": "weak"}, residents=[]))
    merged = binh_member.visit(household, answers={"has_fixed_internet": "no"}, residents=[])
    assert binh_member.verdicts(merged) == ["merged"]
    third = minh_lead.visit(household, based_on=merged["subject"], answers={"signal": "good"}, residents=[])
    after = minh_lead.visit(household, based_on=merged["subject"], answers={"signal": "none"}, residents=[])
    assert minh_lead.verdicts(third) == ["applied"]
    assert binh_member.verdicts(after) == ["difference"]


OUTCOMES = [("completed", "active"), ("refused", "refused"), ("vacant", "vacant"), ("moved", "moved")]


@pytest.mark.parametrize(("outcome", "status"), OUTCOMES)
def test_the_outcome_of_a_visit_sets_the_status(lan_member: Device, household: str, outcome: str, status: str) -> None:
    assert lan_member.verdicts(lan_member.visit(household, outcome=outcome)) == ["applied"]
    assert lan_member.shown("household", household)["status"] == status


def test_nobody_at_home_changes_no_answer(lan_member: Device, household: str) -> None:
    visit = lan_member.visit(household)
    lan_member.send(visit)
    assert lan_member.verdicts(lan_member.visit(household, outcome="absent", based_on=visit["subject"])) == ["applied"]
    shown = lan_member.shown("household", household)
    assert (shown["current"]["id"], shown["status"]) == (visit["subject"], "active")


def test_a_refusal_after_answers_of_somebody_else_is_put_to_the_lead(
    lan_member: Device, binh_member: Device, household: str
) -> None:
    lan_member.send(lan_member.visit(household))
    assert binh_member.verdicts(binh_member.visit(household, outcome="refused")) == ["difference"]
    assert lan_member.shown("household", household)["status"] == "active"


def test_unknown_fields_of_a_newer_form_come_back(lan_member: Device, household: str) -> None:
    person: dict[str, Any] = a_person(answers={"has_smartphone": "yes", "rides_rockets": "no"}, shoe_size=38)
    visit = lan_member.visit(household, residents=[person], weather="mưa")
    assert lan_member.verdicts(visit) == ["applied"]
    current = lan_member.shown("household", household)["current"]
    assert current["weather"] == "mưa"
    assert current["residents"] == [person]
