"""One verdict for each change: nothing is lost, nothing is done twice, nothing is in the way of another."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text

from survey.questions import check_response
from survey.records import ResponseBody
from sync_server.store.changes import count_changes
from sync_server.store.households import save_households
from sync_server.store.statements import Statement
from tests.builders import an_id
from tests.sync_server.wire_client import COMMUNE, Device, Server, a_person


def kept(server: Server) -> dict[str, int]:
    with server.database.read() as session:
        return count_changes(session, COMMUNE)


def stored_text(server: Server, table: str) -> str:
    with server.database.read() as session:
        return str(session.execute(text(f"SELECT * FROM {table}")).all())


def test_a_visit_is_applied_and_shows_on_the_stream(lan_member: Device, household: str) -> None:
    visit = lan_member.visit(household)
    (verdict,) = lan_member.send(visit)["verdicts"]
    shown = lan_member.shown("household", household)
    assert verdict == {"id": visit["id"], "verdict": "applied", "seq": lan_member.seen("household", household)}
    assert shown["current"]["id"] == visit["subject"]
    assert shown["current"]["residents"] == visit["body"]["residents"]
    assert (shown["visited_at"], shown["visited_by"]) == ("2026-11-22T02:03:00Z", "Vũ Thị Lan")


def test_a_replay_is_harmless_and_tells_the_first_verdict(server: Server, lan_member: Device, household: str) -> None:
    good, bad = lan_member.visit(household), lan_member.visit(household, outcome="nonsense")
    first = lan_member.send(good, bad)["verdicts"]
    before = lan_member.shown("household", household)
    again = lan_member.send(good, bad, good)["verdicts"]
    assert [one["verdict"] for one in again] == ["duplicate"] * 3
    assert [one["first"] for one in again] == ["applied", "invalid", "applied"]
    assert again[0]["seq"] == first[0]["seq"]
    assert again[1]["problem"] == first[1]["problem"]
    assert lan_member.shown("household", household) == before
    assert kept(server) == {"applied": 2, "invalid": 1, "set_aside": 0}


def test_the_same_change_twice_in_one_request(lan_member: Device, household: str) -> None:
    visit = lan_member.visit(household)
    assert lan_member.verdicts(visit, visit) == ["applied", "duplicate"]


def test_an_id_that_stands_for_something_else_is_set_aside(server: Server, lan_member: Device, household: str) -> None:
    visit = lan_member.visit(household)
    other = lan_member.visit(household, note="khác") | {"id": visit["id"]}
    assert lan_member.verdicts(visit) == ["applied"]
    for _ in range(2):
        (verdict,) = lan_member.send(other)["verdicts"]
        assert (verdict["verdict"], verdict["problem"]["type"]) == ("invalid", "/problems/change-id-reused")
    assert kept(server)["set_aside"] == 1
    assert "khác" in stored_text(server, "set_aside")


def test_a_visit_is_never_changed(lan_member: Device, household: str) -> None:
    visit = lan_member.visit(household)
    same = visit | {"id": an_id()}
    other = lan_member.visit(household, subject=visit["subject"], note="sửa lại")
    assert lan_member.verdicts(visit, same) == ["applied", "applied"]
    (verdict,) = lan_member.send(other)["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("invalid", "/problems/change-id-reused")
    assert "note" not in lan_member.shown("household", household)["current"]


MALFORMED: list[dict[str, Any]] = [
    {},
    {"id": 7},
    {"id": "x", "kind": "household"},
    {"seen": -1},
    {"seen": 2**70},
    {"device_seq": 0},
    {"captured_at": "hôm qua"},
    {"captured_at": "2026-11-22T03:00:00"},
    {"kind": "k" * 41},
    {"subject": "không phải uuid"},
    {"body": []},
    {"village": None},
]


def test_malformed_changes_are_set_aside_and_block_nobody(server: Server, lan_member: Device, household: str) -> None:
    wrong = [lan_member.visit(household) | faults if faults else {} for faults in MALFORMED]
    good = [lan_member.visit(household), lan_member.change("household", an_id(), {"head_name": "Trần Thị Hòa"})]
    reply = lan_member.send(good[0], *wrong, good[1])
    verdicts = [one["verdict"] for one in reply["verdicts"]]
    assert verdicts == ["applied", *["invalid"] * len(wrong), "applied"]
    for one in reply["verdicts"][1:-1]:
        assert one["problem"]["type"] == "/problems/fields-invalid"
        assert one["problem"]["errors"]
    assert [one["id"] for one in reply["verdicts"][2:4]] == ["7", "x"]
    assert lan_member.verdicts(*wrong) == ["invalid"] * len(wrong)
    assert kept(server)["set_aside"] == len(wrong)


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"answers": {"has_fixed_internet": "maybe"}}, "/answers/has_fixed_internet"),
    ({"answers": {"has_smartphone": "yes"}}, "/answers/has_smartphone"),
    ({"consent": None}, "/consent"),
    ({"residents": [a_person(birth_year=2027)]}, "/residents/0/birth_year"),
    ({"residents": [a_person(birth_year=2015, name="Bé An")]}, "/residents/0/name"),
    ({"residents": [a_person(id="01935000-0000-7000-8000-000000000001")] * 2}, "/residents/1"),
    ({"residents": [a_person(answers={"vneid_level": 3})]}, "/residents/0/answers/vneid_level"),
    ({"residents": [{"birth_year": 1980}]}, "/residents/0/id"),
    ({"outcome": "refused", "answers": {"signal": "weak"}}, "/answers"),
    ({"started_at": "sáng nay"}, "/started_at"),
]


@pytest.mark.parametrize(("fault", "pointer"), IMPOSSIBLE, ids=[pointer for _, pointer in IMPOSSIBLE])
def test_an_impossible_visit_is_kept_with_what_is_wrong(
    server: Server, lan_member: Device, household: str, fault: dict[str, Any], pointer: str
) -> None:
    (verdict,) = lan_member.send(lan_member.visit(household, **fault))["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("invalid", "/problems/visit-invalid")
    assert pointer in [error["pointer"] for error in verdict["problem"]["errors"]]
    assert household in stored_text(server, "change WHERE verdict = 'invalid'")
    assert "current" not in lan_member.shown("household", household)


HELD = [
    ("card", {"state": "issued"}, "card-unknown"),
    ("review", {"response": an_id(), "verdict": "approved"}, "not-allowed"),
    ("some_day", {"any": "thing"}, "kind-not-known"),
    ("attestation", {"criterion": "3", "value": True}, "not-allowed"),
]


@pytest.mark.parametrize(("kind", "body", "slug"), HELD)
def test_what_waits_for_a_person_is_held_with_the_reason(
    server: Server, lan_member: Device, kind: str, body: dict[str, Any], slug: str
) -> None:
    (verdict,) = lan_member.send(lan_member.change(kind, an_id(), body))["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("held", f"/problems/{slug}")
    assert kept(server)["held"] == 1


def test_a_visit_to_a_household_that_is_not_there_is_held(lan_member: Device) -> None:
    (verdict,) = lan_member.send(lan_member.visit(an_id()))["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("held", "/problems/household-unknown")
    (verdict,) = lan_member.send(lan_member.change("household", an_id(), {"phone": "0912345678"}))["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("held", "/problems/household-unknown")


def test_a_held_visit_that_comes_again_is_taken_once_its_household_is_there(
    server: Server, lan_member: Device, minh_lead: Device
) -> None:
    home = an_id()
    visit = lan_member.visit(home)
    assert lan_member.verdicts(visit) == ["held"]
    assert lan_member.verdicts(visit) == ["held"]
    assert kept(server)["held"] == 1
    assert minh_lead.verdicts(minh_lead.change("household", home, {"head_name": "Trần Thị Hòa"})) == ["applied"]
    assert lan_member.verdicts(visit | {"body": visit["body"] | {"outcome": "refused"}}) == ["invalid"]
    assert lan_member.verdicts(visit, visit) == ["applied", "duplicate"]
    assert lan_member.verdicts(visit) == ["duplicate"]
    assert lan_member.shown("household", home)["current"]["id"] == visit["subject"]
    assert kept(server) == {"applied": 2, "set_aside": 1}


def test_another_village_is_out_of_scope_both_ways(
    server: Server, lan_member: Device, tuyet_member: Device, household: str
) -> None:
    there = server.villages["Nghinh Tiên"].id
    changes = [
        lan_member.visit(household) | {"village": there},
        lan_member.change("household", an_id(), {"head_name": "Ai đó"}, village=there),
        lan_member.visit(household) | {"village": an_id()},
    ]
    reply = lan_member.send(*changes, cursors={there: 0})
    assert [one["problem"]["type"] for one in reply["verdicts"]] == ["/problems/out-of-scope"] * 3
    assert there not in reply["streams"]
    assert not tuyet_member.of_kind("household")


def test_a_household_of_another_village_cannot_be_taken_over(
    server: Server, lan_member: Device, tuyet_member: Device, household: str
) -> None:
    (verdict,) = tuyet_member.send(tuyet_member.change("household", household, {"head_name": "Của tôi"}))["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("held", "/problems/out-of-scope")
    assert tuyet_member.verdicts(tuyet_member.visit(household)) == ["held"]
    assert lan_member.shown("household", household)["head_name"] == "Nguyễn Văn Đức"


def test_an_official_edits_but_records_no_visit(hoa_official: Device, household: str) -> None:
    hoa_official.pull()
    seen = hoa_official.seen("household", household)
    edit = hoa_official.change("household", household, {"address": "Ngõ 5"}, seen=seen)
    assert hoa_official.verdicts(edit, hoa_official.visit(household)) == ["applied", "held"]


@pytest.mark.parametrize("clock", ["1999-01-01T00:00:00Z", "2126-01-01T00:00:00Z", "0001-01-01T00:00:00Z"])
def test_a_wrong_clock_is_stored_and_never_a_reason_to_refuse(
    server: Server, lan_member: Device, household: str, clock: str
) -> None:
    visit = lan_member.visit(household, started_at=clock, ended_at=clock) | {"captured_at": clock}
    assert [one["verdict"] for one in lan_member.send(visit, device_time=clock)["verdicts"]] == ["applied"]
    with server.database.read() as session:
        skew = session.execute(text("SELECT clock_skew FROM change WHERE kind = 'response'")).scalar_one()
    assert (skew > 0) == clock.startswith("2126")
    assert abs(skew) > 10**6
    visited_at = lan_member.shown("household", household)["visited_at"]
    assert datetime.fromisoformat(visited_at) <= server.clock()


def test_the_order_is_that_of_the_device_not_of_its_clock(lan_member: Device, household: str) -> None:
    first = lan_member.change("household", household, {"address": "Ngõ 1"}, captured_at="2026-11-22T05:00:00Z")
    later = lan_member.change("household", household, {"address": "Ngõ 2"}, captured_at="2026-11-22T01:00:00Z")
    assert lan_member.verdicts(later, first) == ["applied", "applied"]
    assert lan_member.shown("household", household)["address"] == "Ngõ 2"


def test_one_change_that_breaks_the_server_is_kept_and_the_others_are_applied(
    server: Server, lan_member: Device, household: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks_on_one(visit: ResponseBody, year: int) -> object:
        if visit.note == "lỗi":
            raise RuntimeError
        return check_response(visit, year)

    monkeypatch.setattr("sync_server.sync.kinds.response.check_response", breaks_on_one)
    changes = [lan_member.visit(household), lan_member.visit(household, note="lỗi"), lan_member.visit(household)]
    reply = lan_member.send(*changes)
    assert [one["verdict"] for one in reply["verdicts"]][1] == "held"
    assert reply["verdicts"][1]["problem"]["type"] == "/problems/not-taken-over"
    assert kept(server)["held"] == 1
    assert "lỗi" in stored_text(server, "change WHERE verdict = 'held'")
    assert lan_member.shown("household", household)["current"]["id"] in {changes[0]["subject"], changes[2]["subject"]}


def test_what_the_database_refuses_is_found_among_the_good(
    server: Server, lan_member: Device, household: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The CHECK constraints are the second net: a check that the records miss must not cost the others."""

    def forgets_a_check(session: Any, commune: str, households: Any) -> None:
        for one in households:
            if one.id == second:
                one.body["current"]["answers"]["signal"] = "?"
        save_households(session, commune, households)

    second = an_id()
    lan_member.send(lan_member.change("household", second, {"head_name": "Trần Thị Hòa"}))
    monkeypatch.setattr("sync_server.sync.batch.save_households", forgets_a_check)
    good, bad = lan_member.visit(household), lan_member.visit(second)
    assert lan_member.verdicts(good, bad) == ["applied", "held"]
    assert lan_member.shown("household", household)["current"]["id"] == good["subject"]
    assert "current" not in lan_member.shown("household", second)
    assert kept(server)["held"] == 1


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[Statement]:
    """Those that were run since the list was emptied."""
    ran: list[Statement] = []
    for name in ("_run", "run_each"):
        run = getattr(Statement, name)

        def counted(statement: Statement, *rest: Any, run: Any = run) -> Any:
            ran.append(statement)
            return run(statement, *rest)

        monkeypatch.setattr(Statement, name, counted)
    return ran


def test_two_hundred_visits_need_few_statements(
    server: Server, lan_member: Device, statements: list[Statement]
) -> None:
    homes = [an_id() for _ in range(200)]
    new = [lan_member.change("household", home, {"head_name": f"Hộ {at}"}) for at, home in enumerate(homes)]
    assert set(lan_member.verdicts(*new)) == {"applied"}
    statements.clear()
    assert set(lan_member.verdicts(*(lan_member.visit(home) for home in homes))) == {"applied"}
    assert 15 < len(statements) < 30


def test_a_sync_without_news_asks_who_calls_for_which_villages_and_how_far_they_are(
    lan_member: Device, statements: list[Statement]
) -> None:
    """What every reply says besides, the epoch and the key, comes with the first."""
    lan_member.pull()
    statements.clear()
    assert lan_member.send()["server_epoch"]
    assert len(statements) == 3
