"""The lead's answers on the wire: what is asked for, what is kept, what is refused and why."""

from typing import Any

import pytest

from survey.differences import put_other_answers
from survey.roles import Role
from tests.builders import an_id
from tests.sync_server.wire_client import Device, Json, Server, a_person


def answer(device: Device, difference: str, choice: str, **more: Any) -> Json:
    body = {"difference": difference, "choice": choice} | {key: more.pop(key) for key in ("note",) if key in more}
    return device.change("resolution", an_id(), body, **more)


@pytest.fixture
def person() -> Json:
    return a_person()


@pytest.fixture
def difference(lan_member: Device, binh_member: Device, household: str, person: Json) -> str:
    """Lan wrote that there is Internet, Bình that there is none, and his word shows."""
    lan_member.send(lan_member.visit(household, residents=[person]))
    second = binh_member.visit(household, residents=[person], answers={"has_fixed_internet": "no"})
    assert binh_member.verdicts(second) == ["difference"]
    identity: str = second["id"]
    return identity


def internet(device: Device, household: str) -> Any:
    return device.shown("household", household)["current"]["answers"]["has_fixed_internet"]


@pytest.mark.parametrize(
    "body",
    [
        {"choice": "shown"},
        {"difference": an_id(), "choice": "perhaps"},
        {"difference": "none", "choice": "shown"},
        {"difference": an_id(), "choice": ["shown"]},
        {"difference": an_id(), "choice": "shown", "note": 7},
    ],
)
def test_what_is_no_answer_is_kept_aside(minh_lead: Device, body: Json) -> None:
    (verdict,) = minh_lead.send(minh_lead.change("resolution", an_id(), body))["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("invalid", "/problems/fields-invalid")


def test_an_answer_to_a_difference_that_is_not_there_waits(minh_lead: Device) -> None:
    (verdict,) = minh_lead.send(answer(minh_lead, an_id(), "other"))["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("held", "/problems/difference-unknown")


def test_a_lead_of_another_village_does_not_answer(
    server: Server, minh_lead: Device, household: str, difference: str
) -> None:
    stranger = server.enroll(Role.LEAD, "Đỗ Văn Ước", "Nghinh Tiên")
    (verdict,) = stranger.send(answer(stranger, difference, "other"))["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("held", "/problems/difference-unknown")
    assert internet(minh_lead, household) == "no"


def test_an_official_answers_and_the_count_follows(
    server: Server, minh_lead: Device, hoa_official: Device, household: str, difference: str
) -> None:
    def with_internet() -> int:
        found = server.request("GET", "/api/v1/coverage", headers=hoa_official.headers).json()["totals"][1]["numerator"]
        return int(found)

    assert with_internet() == 0
    change = answer(hoa_official, difference, "other", village=minh_lead.village)
    assert hoa_official.verdicts(change) == ["applied"]
    assert hoa_official.verdicts(change) == ["duplicate"]
    assert (internet(minh_lead, household), with_internet()) == ("yes", 1)
    shown = minh_lead.shown("household", household)
    assert shown["current"]["id"] == change["id"], "these answers are not those of any visit"
    assert shown["visit"] not in {change["id"], None}


def test_a_field_that_somebody_wrote_since_stays_as_it_is(
    lan_member: Device, minh_lead: Device, household: str, difference: str, person: Json
) -> None:
    based_on = minh_lead.shown("household", household)["current"]["id"]
    person = person | {"answers": {"has_smartphone": "no"}}
    later = {"answers": {"has_fixed_internet": "unknown"}, "residents": [person]}
    lan_member.send(lan_member.visit(household, based_on=based_on, **later))
    edit = {"answers": {"has_fixed_internet": "yes"}, "residents": [person]}
    lan_member.send(lan_member.visit(household, based_on=based_on, **edit))
    assert internet(minh_lead, household) == "yes"
    before = minh_lead.shown("household", household)
    assert minh_lead.verdicts(answer(minh_lead, difference, "other")) == ["merged"]
    assert minh_lead.shown("household", household) == before
    assert minh_lead.shown("difference", difference)["state"] == "settled"


def test_the_second_answer_agrees_or_is_written_beside_the_first(
    server: Server, minh_lead: Device, household: str, difference: str
) -> None:
    hung = server.enroll(Role.LEAD, "Phạm Văn Hùng", "Đinh Xá")
    assert minh_lead.verdicts(answer(minh_lead, difference, "other")) == ["applied"]
    assert hung.verdicts(answer(hung, difference, "other")) == ["merged"]
    (verdict,) = hung.send(answer(hung, difference, "new_visit", note="Hỏi lại"))["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("difference", "/problems/answered-already")
    shown = minh_lead.shown("difference", difference)
    assert (shown["choice"], shown["settled_by"]) == ("other", "Hoàng Văn Minh")
    assert [(one["choice"], one["note"]) for one in shown["also_answered"]] == [("new_visit", "Hỏi lại")]
    assert "ask_again" not in minh_lead.shown("household", household)
    assert internet(minh_lead, household) == "yes"


def test_a_visit_may_follow_the_answer_in_the_same_request(
    minh_lead: Device, household: str, difference: str, person: Json
) -> None:
    settled = answer(minh_lead, difference, "other")
    visit = minh_lead.visit(household, based_on=settled["id"], residents=[person], answers={"signal": "good"})
    assert minh_lead.verdicts(settled, visit) == ["applied", "applied"]
    after = minh_lead.visit(
        household, based_on=settled["id"], residents=[person], answers={"has_fixed_internet": "yes"}
    )
    assert minh_lead.verdicts(after) == ["merged"], "the answers that the lead made are still known as a base"
    assert minh_lead.shown("household", household)["current"]["answers"]["has_fixed_internet"] == "yes"


@pytest.fixture
def attested(minh_lead: Device, hoa_official: Device) -> str:
    """The lead attested yes, the commune no."""
    minh_lead.send(minh_lead.change("attestation", an_id(), {"criterion": "3", "value": True, "evidence": "Biên bản"}))
    second = hoa_official.change("attestation", an_id(), {"criterion": "3", "value": False}, village=minh_lead.village)
    assert hoa_official.verdicts(second) == ["difference"]
    identity: str = second["id"]
    return identity


def test_the_other_attestation_comes_back_with_its_evidence(
    minh_lead: Device, hoa_official: Device, attested: str
) -> None:
    found = minh_lead.shown("difference", attested)
    assert (found["theirs_by"], found["theirs_evidence"]) == ("Hoàng Văn Minh", "Biên bản")
    assert minh_lead.verdicts(answer(minh_lead, attested, "other")) == ["applied"]
    [shown] = hoa_official.of_kind("attestation")
    assert (shown["value"], shown["evidence"], shown["attested_by"]) == (True, "Biên bản", "Hoàng Văn Minh")
    [report] = [one for one in hoa_official.of_kind("coverage") if one["village"]["name"] == "Đinh Xá"]
    assert [line["result"] for line in report["criteria"] if line["no"] == "3"] == ["met"]


def test_no_household_is_asked_again_about_what_a_village_attests(minh_lead: Device, attested: str) -> None:
    (verdict,) = minh_lead.send(answer(minh_lead, attested, "new_visit"))["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["errors"][0]["pointer"]) == ("invalid", "/choice")
    assert minh_lead.shown("difference", attested)["state"] == "open"


def test_nobody_asks_again_but_the_lead(lan_member: Device, minh_lead: Device, household: str) -> None:
    """`ask_again` is made by answers only; a change that says it is not believed."""
    lan_member.send(lan_member.change("household", household, {"ask_again": {"by": "Ai đó"}, "address": "Ngõ 2"}))
    shown = minh_lead.shown("household", household)
    assert ("ask_again" in shown, shown["address"]) == (False, "Ngõ 2")


@pytest.mark.parametrize("village", ["", "không", 7, None, ["x"]])
def test_a_household_is_not_moved_to_what_is_no_village(minh_lead: Device, household: str, village: Any) -> None:
    (verdict,) = minh_lead.send(minh_lead.change("household", household, {"village": village}))["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["errors"][0]["pointer"]) == ("invalid", "/village")


def test_a_household_is_not_moved_out_of_the_caller_s_villages(
    server: Server, minh_lead: Device, tuyet_member: Device, household: str
) -> None:
    target = server.villages["Nghinh Tiên"].id
    (verdict,) = minh_lead.send(minh_lead.change("household", household, {"village": target}))["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("held", "/problems/out-of-scope")
    assert tuyet_member.of_kind("household") == []


def test_an_answer_that_came_before_its_difference_is_carried_out_when_it_comes_again(
    lan_member: Device, binh_member: Device, minh_lead: Device, household: str, person: Json
) -> None:
    """After a restore phones offer their work in any order."""
    lan_member.send(lan_member.visit(household, residents=[person]))
    second = binh_member.visit(household, residents=[person], answers={"has_fixed_internet": "no"})
    early = answer(minh_lead, second["id"].upper(), "other")
    assert minh_lead.verdicts(early) == ["held"]
    assert binh_member.verdicts(second) == ["difference"]
    assert minh_lead.verdicts(early) == ["applied"]
    assert minh_lead.verdicts(early) == ["duplicate"]
    assert internet(minh_lead, household) == "yes"


def test_the_other_word_never_undoes_a_later_one() -> None:
    fields = [{"path": ["answers", "signal"], "theirs": "good", "mine": "weak"}]
    current = {"answers": {"signal": "none"}, "residents": []}
    assert put_other_answers(current, {}, fields, shows_mine=True) == (current, False)
    fields[0]["mine"] = "none"
    shown, is_whole = put_other_answers(current, {}, fields, shows_mine=True)
    assert (shown["answers"], is_whole, current["answers"]) == ({"signal": "good"}, True, {"signal": "none"})
