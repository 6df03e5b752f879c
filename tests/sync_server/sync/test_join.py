"""Two entries of the list become one household, and two again: no visit is lost, and no phone's work."""

from typing import Any

import pytest
from sqlalchemy import text

from survey.card_code import make_code
from survey.roles import Role
from sync_server.store.cards import list_aliases
from sync_server.store.cut_off import list_visits_of
from tests.builders import an_id
from tests.sync_server.wire_client import COMMUNE, Device, Json, Server, a_person

CODES = [make_code(number.to_bytes(10, "big")) for number in (7, 8)]
EARLY = {"started_at": "2026-11-22T01:00:00Z", "ended_at": "2026-11-22T01:03:00Z"}
LATE = {"started_at": "2026-11-22T01:30:00Z", "ended_at": "2026-11-22T01:33:00Z"}


@pytest.fixture
def both(lan_member: Device) -> tuple[str, str]:
    """The kept one with an alley, the other one with a phone number."""
    kept, other = an_id(), an_id()
    made = [
        lan_member.change("household", kept, {"head_name": "Nguyễn Văn Tuấn", "address": "Ngõ Đình"}),
        lan_member.change("household", other, {"head_name": "Nguyển Văn Tuấn", "phone": "0912345678"}),
    ]
    assert lan_member.verdicts(*made) == ["applied", "applied"]
    return kept, other


def join(device: Device, kept: str, other: str, undo: bool = False, **more: Any) -> Json:
    body = {"household": kept, "other": other, "undo": undo}
    [verdict] = device.send(device.change("join", an_id(), body, **more))["verdicts"]
    return verdict


def stored(server: Server) -> int:
    with server.database.read() as session:
        return int(session.execute(text("SELECT count(*) FROM response")).scalar_one())


def is_shown(device: Device, identity: str) -> bool:
    device.pull()
    return any(("household", identity) in rows for rows in device.rows.values())


def test_what_the_kept_one_lacks_is_filled_and_the_later_visit_shows(
    server: Server, lan_member: Device, minh_lead: Device, both: tuple[str, str]
) -> None:
    kept, other = both
    people = [a_person(), a_person(birth_year=1964, sex="m", relation="spouse")]
    early, late = an_id(), an_id()
    lan_member.send(lan_member.visit(kept, early, **EARLY), lan_member.visit(other, late, residents=people, **LATE))
    assert join(minh_lead, kept, other)["verdict"] == "applied"
    shown = lan_member.shown("household", kept)
    assert (shown["head_name"], shown["address"], shown["phone"]) == ("Nguyễn Văn Tuấn", "Ngõ Đình", "+84912345678")
    assert (shown["current"]["id"], len(shown["current"]["residents"])) == (late, 2)
    assert not is_shown(lan_member, other)
    assert not lan_member.of_kind("difference")
    assert stored(server) == 2
    with server.database.read() as session:
        then = list_visits_of(session, COMMUNE, [kept])[kept]
    assert {one.shown["id"] for one in then} == {early, late}, "figures of an earlier day know both"
    assert join(minh_lead, kept, other)["verdict"] == "merged", "said twice"


def test_a_phone_that_does_not_know_yet_reaches_the_kept_one(
    server: Server, lan_member: Device, binh_member: Device, minh_lead: Device, both: tuple[str, str]
) -> None:
    kept, other = both
    binh_member.pull()
    assert join(minh_lead, kept, other)["verdict"] == "applied"
    visit = an_id()
    sent = [binh_member.visit(other, visit), binh_member.change("household", other, {"number": 7})]
    assert set(binh_member.verdicts(*sent)) <= {"applied", "merged"}
    shown = lan_member.shown("household", kept)
    assert (shown["current"]["id"], shown["number"]) == (visit, 7)
    assert not is_shown(binh_member, other)
    assert join(minh_lead, kept, other, undo=True)["verdict"] == "applied"
    again = lan_member.shown("household", kept)
    assert again["current"]["id"] == visit, "what came since stays"
    assert "phone" not in again
    assert "current" not in lan_member.shown("household", other)
    assert stored(server) == 1


def test_undone_both_show_as_before(
    server: Server, lan_member: Device, minh_lead: Device, hoa_official: Device, both: tuple[str, str]
) -> None:
    kept, other = both
    lan_member.send(lan_member.visit(kept, **EARLY), lan_member.visit(other, outcome="refused", **LATE))
    lan_member.send(lan_member.change("household", other, {"card": CODES[0]}))
    before = [lan_member.shown("household", one) for one in both]
    assert before[1]["card"]
    assert join(minh_lead, kept, other)["verdict"] == "applied"
    shown = lan_member.shown("household", kept)
    assert shown["card"] == before[1]["card"]
    assert (shown["status"], shown["current"]["outcome"]) == ("active", "completed"), "what the family said shows"
    assert join(hoa_official, kept, other, undo=True)["verdict"] == "applied"
    assert [lan_member.shown("household", one) for one in both] == before
    assert join(hoa_official, kept, other, undo=True)["verdict"] == "merged"
    visit = an_id()
    seen = before[1]["current"]["id"]
    assert lan_member.verdicts(lan_member.visit(other, visit, based_on=seen)) == ["applied"]
    assert lan_member.shown("household", other)["current"]["id"] == visit
    assert join(hoa_official, other, kept)["verdict"] == "applied", "the other way round"
    assert stored(server) == 3


def test_who_may(
    server: Server, lan_member: Device, tuyet_member: Device, minh_lead: Device, both: tuple[str, str]
) -> None:
    assert join(lan_member, *both)["problem"]["type"] == "/problems/not-allowed"
    stranger = server.enroll(Role.LEAD, "Lý Văn Xa", "Nghinh Tiên")
    assert join(stranger, *both)["verdict"] == "held"
    assert join(stranger, *both, village=lan_member.village)["verdict"] == "held"
    assert all(is_shown(lan_member, one) for one in both)
    assert join(minh_lead, both[0], both[0])["verdict"] == "invalid"
    assert join(minh_lead, both[0], an_id())["problem"]["type"] == "/problems/household-unknown"


def test_a_chain_is_undone_from_its_end(
    server: Server, lan_member: Device, minh_lead: Device, both: tuple[str, str]
) -> None:
    kept, other = both
    last = an_id()
    lan_member.send(lan_member.change("household", last, {"head_name": "Tuấn"}))
    assert join(minh_lead, kept, other)["verdict"] == "applied"
    assert join(minh_lead, last, kept)["verdict"] == "applied"
    visit = lan_member.visit(other)
    assert lan_member.verdicts(visit) == ["applied"]
    assert lan_member.shown("household", last)["current"]["id"] == visit["subject"]
    assert join(minh_lead, kept, other, undo=True)["problem"]["type"] == "/problems/join-moved-on"
    assert join(minh_lead, last, kept, undo=True)["verdict"] == "applied"
    with server.database.read() as session:
        assert list_aliases(session, COMMUNE, [kept, other]) == {other: kept}
    assert join(minh_lead, kept, other, undo=True)["verdict"] == "applied"
    assert all(is_shown(lan_member, one) for one in (kept, other, last))


def test_over_two_villages(server: Server, lan_member: Device, tuyet_member: Device, hoa_official: Device) -> None:
    kept, other = an_id(), an_id()
    lan_member.send(lan_member.change("household", kept, {"head_name": "Nguyễn Văn Tuấn"}))
    tuyet_member.send(tuyet_member.change("household", other, {"head_name": "Nguyễn Văn Tuấn"}))
    tuyet_member.pull()
    assert join(hoa_official, kept, other, village=lan_member.village)["verdict"] == "applied"
    assert not is_shown(tuyet_member, other)
    visit = tuyet_member.visit(other)
    assert tuyet_member.verdicts(visit) == ["applied"]
    assert lan_member.shown("household", kept)["current"]["id"] == visit["subject"]
    assert join(hoa_official, kept, other, undo=True, village=lan_member.village)["verdict"] == "applied"
    assert is_shown(tuyet_member, other)


def test_a_move_of_the_other_one_takes_along_what_is_the_kept_ones(
    server: Server, lan_member: Device, tuyet_member: Device, hoa_official: Device, both: tuple[str, str]
) -> None:
    kept, other = both
    here, there = lan_member.village, tuyet_member.village
    lan_member.send(lan_member.change("household", other, {"card": CODES[0]}))
    assert join(hoa_official, kept, other, village=here)["verdict"] == "applied"
    cards = len(lan_member.of_kind("card"))
    moved = hoa_official.change("household", other, {"village": there}, village=here)
    assert hoa_official.verdicts(moved)[0] in {"applied", "merged"}
    assert not is_shown(lan_member, kept)
    assert is_shown(tuyet_member, kept)
    assert len(lan_member.of_kind("card")) == cards - 1, "a phone that scans it is led to where the household is"
    assert [one["household"] for one in tuyet_member.of_kind("card")] == [kept]


def test_differences_of_the_other_one_are_there_again(
    lan_member: Device, binh_member: Device, minh_lead: Device, both: tuple[str, str]
) -> None:
    kept, other = both
    binh_member.pull()
    lan_member.send(lan_member.visit(other, answers={"has_fixed_internet": "no"}))
    assert binh_member.verdicts(binh_member.visit(other)) == ["difference"]
    assert len(minh_lead.of_kind("difference")) == 1
    join(minh_lead, kept, other)
    assert not minh_lead.of_kind("difference")
    join(minh_lead, kept, other, undo=True)
    assert len(minh_lead.of_kind("difference")) == 1


def test_an_erasure_takes_both(server: Server, lan_member: Device, minh_lead: Device, both: tuple[str, str]) -> None:
    kept, other = both
    sent = [lan_member.change("household", one, {"card": code}) for one, code in zip(both, CODES, strict=True)]
    lan_member.send(*sent, lan_member.visit(kept, **EARLY), lan_member.visit(other, **LATE))
    join(minh_lead, kept, other)
    erasure = {"household": other, "requested_at": "2026-11-22T03:04:05Z", "basis": "Gia đình yêu cầu"}
    assert lan_member.verdicts(lan_member.change("erasure", an_id(), erasure)) == ["applied"]
    assert not any(is_shown(lan_member, one) for one in both)
    with server.database.read() as session:
        for table in ("household", "response", "household_join", "household_alias", "household_history"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0, table
        assert session.execute(text("SELECT count(*) FROM erasure")).scalar_one() == 2
    assert lan_member.verdicts(lan_member.visit(other)) == ["invalid"]


def test_joined_and_parted_in_one_request(lan_member: Device, minh_lead: Device, both: tuple[str, str]) -> None:
    kept, other = both
    sent = [minh_lead.change("join", an_id(), {"household": kept, "other": other, "undo": undo}) for undo in (0, 1, 0)]
    sent = [one | {"body": one["body"] | {"undo": bool(one["body"]["undo"])}} for one in sent]
    assert minh_lead.verdicts(*sent) == ["applied"] * 3
    assert not is_shown(lan_member, other)
    assert minh_lead.verdicts(minh_lead.change("join", an_id(), sent[1]["body"])) == ["applied"]
    assert is_shown(lan_member, other)
