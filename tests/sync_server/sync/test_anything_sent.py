"""Whatever a signed-in device sends, each change gets a verdict, is kept, and leaves the stream readable."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.records import Household
from survey.roles import Role
from sync_server.commune.setup import open_commune
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from sync_server.store.changes import count_changes
from tests.builders import a_commune, an_id
from tests.clock import Clock
from tests.pace import examples
from tests.sync_server.conftest import CRITERIA
from tests.sync_server.databases import one_more
from tests.sync_server.wire_client import COMMUNE, Device, Json, Server, a_person

HOME = an_id()
odd_values = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(
        ["", "x", "yes", "active", "completed", HOME, "\u0000", "ế" * 600, "9" * 30, "2026-11-22T03:00:00Z"]
    ),
    st.sampled_from([0, -1, 1, 2**31, 2**63, 10**30, 1.5, 1e300, -0.0]),
    st.sampled_from([[], {}, [[]], [{}], {"id": None}, {"a": {"b": [1]}}, [a_person(id=HOME)] * 2]),
)


def places(body: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    inside = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    return [found for key, value in inside for found in ((*path, key), *places(value, (*path, key)))]


@st.composite
def changes(draw: st.DrawFn) -> Json:
    """A change that would be fine, with up to three things in it replaced, removed or added."""
    person = a_person(name="Nguyễn Thị Lan", answers={"has_smartphone": "yes", "vneid_level": 2})
    visit = {
        "household": HOME, "round": an_id(1), "based_on": draw(st.sampled_from([None, HOME])), "outcome": "completed",
        "consent": {"given": True, "wording": "1", "method": "spoken", "at": "2026-11-22T02:00:00Z"},
        "started_at": "2026-11-22T02:00:00Z", "ended_at": "2026-11-22T02:03:00Z",
        "answers": {"signal": "weak", "runs_business": "yes"}, "residents": [person],
    }  # fmt: skip
    household = {
        "head_name": "Nguyễn Văn Đức",
        "address": "Ngõ 1",
        "phone": "0912345678",
        "status": "active",
        "number": 3,
    }
    attested = {"criterion": "4", "value": 2, "evidence": "Biên bản"}
    bodies = {"response": visit, "household": household, "attestation": attested, "card": {"code": "x"}}
    kind = draw(st.sampled_from(sorted(bodies)))
    subject = draw(st.sampled_from([HOME, an_id(3), an_id()]))
    change: Json = {
        "id": an_id(), "device_seq": 1, "kind": kind, "subject": subject, "village": "here", "seen": 0, "schema": 1,
        "captured_at": "2026-11-22T02:00:00Z", "body": deepcopy(bodies[kind]),
    }  # fmt: skip
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(places(change)))
        parent = change
        for step in path[:-1]:
            parent = parent[step]
        if draw(st.booleans()) or isinstance(parent, list):
            parent[path[-1]] = deepcopy(draw(odd_values))
        else:
            del parent[path[-1]]
        if isinstance(parent, dict) and draw(st.booleans()):
            parent["thêm"] = deepcopy(draw(odd_values))
    return change


@pytest.fixture(scope="module")
def lead(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Device]:
    folder = tmp_path_factory.mktemp("anything")
    with one_more(folder) as address:
        clock = Clock()
        server = Server(create_app(ServerSettings(data=folder, database_url=address), clock), clock)
        with server.database.write() as session:
            open_commune(session, a_commune(), CRITERIA, clock())
        server.add_village("Đinh Xá")
        device = server.enroll(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
        device.send(device.change("household", HOME, {"head_name": "Nguyễn Văn Đức"}))
        yield device
        server.close()


@settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.lists(changes(), min_size=1, max_size=4))
def test_each_change_gets_a_verdict_and_none_breaks_the_server(lead: Device, sent: list[Json]) -> None:
    for change in sent:
        change["village"] = lead.village if change.get("village") == "here" else change.get("village")
    good = lead.change("household", an_id(), {"head_name": "Trần Thị Hòa"})
    replies = lead.send(*sent, good)["verdicts"]
    assert len(replies) == len(sent) + 1
    assert replies[-1]["verdict"] == "applied"
    for change, reply in zip(sent, replies, strict=False):
        assert reply["problem" if reply["verdict"] in {"held", "invalid", "difference"} else "id"]
        slug = reply.get("problem", {}).get("type", "")
        assert slug != "/problems/not-taken-over", json.dumps(change, ensure_ascii=False)
    lead.pull()
    for body in lead.of_kind("household"):
        Household.model_validate(body)
    with lead.server.database.read() as session:
        assert sum(count_changes(session, COMMUNE).values()) >= len(replies)
