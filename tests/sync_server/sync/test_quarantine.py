"""What is kept and not in force can be looked at; a row that phones cannot read is taken off, and put back."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from sync_server.store.bulk import as_text
from tests.builders import an_id
from tests.sync_server.wire_client import COMMUNE, Device, Json, Server

Run = Callable[..., tuple[int, str, str]]


def told(run: Run, *words: str) -> Json:
    code, out, err = run("changes", *words, "--commune", COMMUNE, "--json")
    assert code == 0, err
    result: Json = json.loads(out)
    return result


@pytest.fixture
def visited(lan_member: Device, household: str) -> str:
    assert lan_member.verdicts(lan_member.visit(household)) == ["applied"]
    return household


def the_report(device: Device) -> Json:
    (report,) = device.of_kind("coverage")
    return report


def test_what_is_kept_aside_is_listed_and_shown_whole(run: Run, lan_member: Device, household: str) -> None:
    invalid = lan_member.visit(household, outcome="completed", residents=[{"id": "x"}])
    held = lan_member.change("from_tomorrow", an_id(), {"roof": "ngói"})
    lan_member.send(invalid, held, {"id": "không đọc được", "body": {"Nguyễn Văn Đức": 1}})
    listed = told(run, "aside")["aside"]
    kinds = {(one["kind"], one["verdict"]) for one in listed}
    assert kinds == {("", ""), ("from_tomorrow", "held"), ("response", "invalid")}
    by_verdict = {one["verdict"]: one for one in listed}
    assert (by_verdict["held"]["member"], by_verdict["held"]["village"]) == ("Vũ Thị Lan", "Đinh Xá")
    assert told(run, "show", held["id"])["content"] == {"roof": "ngói"}
    shown = told(run, "show", invalid["id"])
    assert (shown["content"]["residents"], shown["verdict"]) == ([{"id": "x"}], "invalid")
    assert shown["problem"]["errors"]
    assert told(run, "show", by_verdict[""]["id"])["content"]["body"] == {"Nguyễn Văn Đức": 1}
    code, out, _ = run("changes", "aside", "--commune", COMMUNE)
    assert (code, len(out.splitlines())) == (0, 3)
    assert "Vũ Thị Lan" in out
    assert "Nguyễn Văn Đức" not in out, "what was sent is shown to who asks for it"


def test_a_visit_that_was_applied_is_shown_with_its_answers(run: Run, lan_member: Device, household: str) -> None:
    visit = lan_member.visit(household)
    lan_member.send(visit)
    shown = told(run, "show", visit["id"])
    assert shown["content"]["answers"] == {"has_fixed_internet": "yes"}
    assert [row["kind"] for row in told(run, "show", household)["on_streams"]] == ["household"]


def test_a_row_that_phones_cannot_read_is_taken_off_and_put_back(
    run: Run, server: Server, lan_member: Device, binh_member: Device, visited: str, caplog: pytest.LogCaptureFixture
) -> None:
    lan_member.pull()
    before = the_report(lan_member)
    assert (before["registered"], before["surveyed"]) == (1, 1)
    with caplog.at_level(logging.WARNING, "tungnha.server"):
        told(run, "quarantine", visited, "--by", "Đặng Thị Hoa", "--why", "máy cũ không đọc được")
    (line,) = [record.getMessage() for record in caplog.records if visited in record.getMessage()]
    assert "Đặng Thị Hoa" in line
    assert "máy cũ không đọc được" in line
    assert "Nguyễn Văn Đức" not in line
    lan_member.pull()
    assert ("household", visited) not in lan_member.rows[lan_member.village]
    after = the_report(lan_member)
    assert (after["registered"], after["surveyed"]) == (0, 0)
    assert [one["numerator"] for one in after["criteria"][:2]] == [0, 0]
    (kept,) = told(run, "aside")["aside"]
    assert told(run, "show", kept["id"])["content"]["body"]["head_name"] == "Nguyễn Văn Đức"
    late = binh_member.visit(visited)
    assert binh_member.verdicts(late) == ["held"], "work on it is kept"

    told(run, "release", visited, "--by", "Đặng Thị Hoa")
    assert lan_member.shown("household", visited)["visited_by"] == "Vũ Thị Lan"
    again = the_report(lan_member)
    assert {name: again[name] for name in ("registered", "surveyed")} == {"registered": 1, "surveyed": 1}
    assert [one["numerator"] for one in again["criteria"]] == [one["numerator"] for one in before["criteria"]]
    assert told(run, "aside")["aside"][0]["verdict"] == "held"
    assert binh_member.verdicts(late) == ["merged"]


def test_a_row_of_before_the_bounds_is_read_by_the_commands(
    run: Run, server: Server, lan_member: Device, household: str
) -> None:
    deep: Any = {}
    for _ in range(190):
        deep = {"a": deep}
    with server.database.write() as session:
        session.execute(
            text("UPDATE stream_row SET body = :body WHERE subject = :home"),
            {"body": as_text({"head_name": "Nguyễn Văn Đức", "roof": deep}), "home": household},
        )
    told(run, "quarantine", household, "--by", "Hoa", "--why", "lồng quá sâu")
    lan_member.pull()
    assert ("household", household) not in lan_member.rows[lan_member.village]


def test_what_cannot_be_taken_off_or_put_back_is_a_sentence(run: Run, lan_member: Device, household: str) -> None:
    words = ("--commune", COMMUNE, "--by", "Hoa")
    for command, identity in (
        (("quarantine", "--why", "thử"), an_id()),
        (("quarantine", "--why", "thử"), lan_member.village),
        (("quarantine", "--why", " "), household),
        (("release",), household),
    ):
        code, out, err = run("changes", command[0], identity, *command[1:], *words)
        assert (code, out) == (1, ""), command
        assert err.count("\n") == 1
    code, _, err = run("changes", "show", "không có", "--commune", COMMUNE)
    assert (code, "không có" in err.lower()) == (1, True)
    lan_member.pull()
    assert ("household", household) in lan_member.rows[lan_member.village]
