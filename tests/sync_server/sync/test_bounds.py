"""Nothing that one phone sends keeps the others of the village from reading: how deep, how large, how much at once."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from survey.bounds import DEEPEST, LARGEST_BODY, MOST_UNKNOWN, check_bounds
from survey.wire import SyncReply
from tests.builders import an_id
from tests.pace import examples
from tests.sync_server.wire_client import Device, Json, Server

REPLY_BYTES = 1_000_000


def nested(levels: int) -> Any:
    """A value of so many objects, one in the other."""
    value: Any = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


def a_change(device: Device, kind: str, home: str, more: Json) -> Json:
    """A change of each kind that puts `more` on the stream."""
    if kind == "response":
        return device.visit(home, **more)
    if kind == "attestation":
        return device.change(kind, an_id(), {"criterion": "3", "value": True, **more})
    return device.change("household", home, {"head_name": "Nguyễn Văn Đức", **more})


KINDS = ("household", "response", "attestation")


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_that_is_too_deep_is_kept_aside_and_the_village_reads_on(
    minh_lead: Device, binh_member: Device, household: str, kind: str
) -> None:
    deepest = a_change(minh_lead, kind, household, {"roof": nested(DEEPEST - 1)})
    too_deep = a_change(minh_lead, kind, household, {"roof": nested(DEEPEST)})
    far_too_deep = a_change(minh_lead, kind, household, {"roof": nested(185)})
    replies = minh_lead.send(deepest, too_deep, far_too_deep)["verdicts"]
    assert [one["verdict"] == "invalid" for one in replies] == [False, True, True]
    assert "lớp" in replies[1]["problem"]["errors"][0]["detail"]
    SyncReply.model_validate_json(binh_member.post().content)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_program_does_not_know_is_bounded_in_total(minh_lead: Device, household: str, kind: str) -> None:
    fits = a_change(minh_lead, kind, household, {"roof": "n" * 4000, "wall": "g" * 4000})
    too_much = a_change(minh_lead, kind, household, {"roof": "n" * 4000, "wall": "g" * MOST_UNKNOWN})
    replies = minh_lead.send(fits, too_much)["verdicts"]
    assert [one["verdict"] == "invalid" for one in replies] == [False, True]
    assert "KB" in replies[1]["problem"]["errors"][0]["detail"]


def test_answers_to_unknown_questions_count_as_unknown(lan_member: Device, household: str) -> None:
    large = {f"question_{number}": "có" * 100 for number in range(60)}
    (verdict,) = lan_member.send(lan_member.visit(household, answers=large))["verdicts"]
    assert verdict["verdict"] == "invalid"


def test_many_small_edits_do_not_grow_a_household_without_end(lan_member: Device, household: str) -> None:
    edits = [lan_member.change("household", household, {f"room_{number}": "x" * 3000}) for number in range(6)]
    assert lan_member.verdicts(*edits) == ["applied"] * 2 + ["invalid"] * 4
    assert len(json.dumps(lan_member.shown("household", household))) < MOST_UNKNOWN + 1000


def test_many_visits_do_not_grow_a_household_without_end(lan_member: Device, household: str) -> None:
    visits = [lan_member.visit(household, **{f"room_{number}": "x" * 3000}) for number in range(6)]
    verdicts = lan_member.verdicts(*visits)
    assert verdicts[:2] == ["applied", "merged"]
    assert set(verdicts[2:]) == {"invalid"}
    assert len(json.dumps(lan_member.shown("household", household))) < MOST_UNKNOWN + 3000


@pytest.mark.parametrize("number", ["1e999", "-1e999", str(2**53), "1" * 400])
def test_a_number_that_not_every_program_reads_is_refused(lan_member: Device, household: str, number: str) -> None:
    change = lan_member.change("household", household, {"roof": "HERE"})
    body = {"device_time": "2026-11-22T03:00:00Z", "changes": [change]}
    sent = json.dumps(body).replace('"HERE"', number)
    headers = {**lan_member.headers, "Content-Type": "application/json"}
    answer = lan_member.server.request("POST", "/api/v1/sync", content=sent, headers=headers)
    assert [one["verdict"] for one in answer.json()["verdicts"]] == ["invalid"]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)
odd = st.one_of(
    values,
    st.integers(1, 190).map(nested),
    st.integers(0, LARGEST_BODY + 100).map(lambda size: "ế" * (size // 2)),
    st.integers(0, 40_000).map(lambda count: [0] * count),
)


@settings(
    max_examples=examples(100),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(["roof", "wall", "door"]), odd, max_size=3))
def test_whatever_is_accepted_can_be_read_back_by_the_phone(
    minh_lead: Device, binh_member: Device, household: str, kind: str, more: Json
) -> None:
    change = a_change(minh_lead, kind, household, more)
    (verdict,) = minh_lead.send(change)["verdicts"]
    cursors = {binh_member.village: 0}
    reply = SyncReply.model_validate_json(binh_member.post(cursors=cursors).content)
    if verdict["verdict"] != "invalid":
        assert not check_bounds(change["body"])
        bodies = [row.body or {} for row in reply.streams[binh_member.village].rows]
        shown = [body.get("current") or {} for body in bodies] + bodies
        wanted = {key: value for key, value in more.items() if value is not None}
        assert any(all(body.get(key) == value for key, value in wanted.items()) for body in shown)


def fill(device: Device, count: int, size: int) -> None:
    """So many households, each with `size` bytes that no phone knows."""
    for start in range(0, count, 100):
        new = range(start, min(count, start + 100))
        changes = [device.change("household", an_id(), {"head_name": f"Hộ {n}", "roof": "n" * size}) for n in new]
        assert set(device.verdicts(*changes)) == {"applied"}


def test_a_page_is_bounded_in_bytes(server: Server, lan_member: Device, hoa_official: Device) -> None:
    fill(lan_member, 300, 8000)
    pages, cursors, seen = 0, {}, set()
    more = True
    while more:
        answer = hoa_official.post(cursors=cursors, limit=2000)
        assert len(answer.content) < REPLY_BYTES * 1.1
        streams = answer.json()["streams"]
        cursors = {village: page["cursor"] for village, page in streams.items()}
        seen |= {row["subject"] for page in streams.values() for row in page["rows"] if row["kind"] == "household"}
        more = any(page["more"] for page in streams.values())
        pages += 1
    assert (len(seen), pages) == (300, 3)
    hoa_official.pull(limit=2000)


def test_a_repair_is_bounded_in_bytes(lan_member: Device, hoa_official: Device) -> None:
    fill(lan_member, 300, 8000)
    hoa_official.pull()
    nothing = {village: ["0" * 12] * 256 for village in hoa_official.cursors}
    answer = hoa_official.post(buckets=nothing)
    assert len(answer.content) < REPLY_BYTES * 1.1
    repaired = answer.json()["streams"][lan_member.village]["repaired"]
    assert 0 < len(repaired) < 256


def test_one_row_is_always_sent_so_that_reading_comes_to_an_end(lan_member: Device, hoa_official: Device) -> None:
    settings = lan_member.server.app.state.settings
    lan_member.server.app.state.settings = settings.model_copy(update={"reply_bytes": 10})
    fill(lan_member, 3, 100)
    hoa_official.pull()
    assert len(hoa_official.of_kind("household")) == 3


def test_the_history_of_a_household_holds_nothing_of_its_first_visit(server: Server, lan_member: Device) -> None:
    home = an_id()
    made = lan_member.change("household", home, {"head_name": "Nguyễn Văn Đức"})
    assert lan_member.verdicts(made, lan_member.visit(home)) == ["applied", "applied"]
    with server.database.read() as session:
        stored = str(session.execute(text("SELECT sent, state FROM household_history")).all())
    assert "residents" not in stored
    assert "has_smartphone" not in stored
    lan_member.pull()
    edit = lan_member.change("household", home, {"address": "Ngõ 3"}, seen=lan_member.seen("household", home))
    assert lan_member.verdicts(edit) == ["applied"], "nobody else wrote anything meanwhile"
