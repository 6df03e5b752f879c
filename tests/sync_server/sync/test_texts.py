"""Every free text that comes in is cleaned, bounded and free of long numbers, in whatever record it stands.

The fields are found in the records themselves: a new field that is a text is tried here, a new one that is a plain
string fails until it is said what keeps it harmless.
"""

import json
import unicodedata
from collections.abc import Iterator
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from app.version import APP_VERSION
from survey.doubts import DoubtStep
from survey.households import SERVER_FIELDS
from survey.joining import Join
from survey.records import (
    CLEANED,
    RELATIONS,
    Attestation,
    CardChange,
    Erasure,
    Errand,
    Household,
    PinRule,
    Resolution,
    ResponseBody,
    Review,
)
from survey.rescue import RescueContent
from survey.roles import Role
from survey.wire import Change, EnrollmentRequest, SyncRequest
from sync_server.publish import Subject, publish
from sync_server.sync.apply import KINDS
from tests.builders import an_id
from tests.sync_server.wire_client import COMMUNE, Device, Json, Server, a_person

BODIES: dict[str, type[BaseModel]] = {
    "household": Household,
    "response": ResponseBody,
    "card": CardChange,
    "attestation": Attestation,
    "errand": Errand,
    "pin_rule": PinRule,
    "review": Review,
    "resolution": Resolution,
    "erasure": Erasure,
    "doubt": DoubtStep,
    "join": Join,
}
ENVELOPES: dict[str, type[BaseModel]] = {
    "change": Change,
    "sync": SyncRequest,
    "enrollment": EnrollmentRequest,
    "rescue": RescueContent,
}
FORMED = {
    "household/phone": "put in the one form of a telephone number, or refused",
    "household/card": "put in the one form of a card's code, or refused",
    "response/answers": "answers from the catalogue; those of newer forms are bounded together",
    "response/residents/0/answers": "the same",
    "sync/server_epoch": "compared, never kept",
    "sync/buckets": "compared, never kept",
    "rescue/token": "looked up by its hash, never kept",
}
LOOSE = {"household/current", "change/body", "sync/changes", "rescue/changes"}  # judged as records of their own
LOOKED_UP = {"enrollment/code"}
LABELS = {"enrollment/device_name", "sync/app_version"}  # what programs say: never a reason to refuse
CLOSED = {
    "response/residents/0/relation",
    "response/left/0/relation",
    "response/left/0/by",
    "attestation/criterion",
    "errand/criterion",
}
BY_SERVER = {  # who sends it is not believed
    "attestation/attested_by",
    "attestation/confirmed_by",
    "errand/asked_by",
    "pin_rule/asked_by",
}

TYPED = unicodedata.normalize("NFD", "Nhà  cạnh đình ") + "\u200b\u202e làng\x07"
CLEAN = "Nhà cạnh đình làng"
NUMBERS = ["CCCD 001088123456", "gọi 0912.345.678", "tk 12 3456 789"]


def strings(kind: type[BaseModel], path: str) -> Iterator[tuple[str, str]]:
    """Each place of a record where a string may stand, and how it is held: free, checked, plain or loose."""
    for name, field in kind.model_fields.items():
        if path == "household" and name in SERVER_FIELDS - {"current"}:
            continue
        yield from _strings(field.annotation, tuple(field.metadata), f"{path}/{name}")


def _strings(kind: Any, how: tuple[Any, ...], path: str) -> Iterator[tuple[str, str]]:
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        yield from _strings(inner[0], (*how, *kind.__metadata__), path)
    elif origin in {Union, UnionType}:
        for one in inner:
            yield from _strings(one, how, path)
    elif origin is list:
        item = get_origin(inner[0]) is None and isinstance(inner[0], type) and issubclass(inner[0], BaseModel)
        yield from _strings(inner[0], (), f"{path}/0" if item else path)
    elif origin is dict:
        yield from _strings(inner[1], (), path)
    elif kind is Any:
        yield path, "loose"
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from strings(kind, path)
    elif kind is str:
        yield path, "free" if CLEANED in how else "checked" if how else "plain"
    else:
        known = origin is Literal or kind is NoneType or not issubclass(kind, str) or issubclass(kind, Enum)
        assert known, f"{path}: {kind}"


EVERYWHERE = dict(one for kinds in (BODIES, ENVELOPES) for name, kind in kinds.items() for one in strings(kind, name))
FREE = sorted(path for path, how in EVERYWHERE.items() if how == "free" and path.partition("/")[0] in BODIES)


def test_every_string_that_comes_in_is_known() -> None:
    assert BODIES.keys() == KINDS.keys()
    assert {path for path, how in EVERYWHERE.items() if how == "plain"} == FORMED.keys()
    assert {path for path, how in EVERYWHERE.items() if how == "loose"} == LOOSE
    assert {path for path, how in EVERYWHERE.items() if how == "free"} == {*FREE, *LABELS, *LOOKED_UP}
    assert {"response/note", "response/consent/wording", "attestation/evidence", "resolution/note"} < set(FREE)


@pytest.fixture
def difference(lan_member: Device, binh_member: Device, minh_lead: Device, household: str) -> str:
    """What two members said differently, which waits for the lead."""
    lan_member.send(lan_member.visit(household))
    binh_member.send(binh_member.visit(household, answers={"has_fixed_internet": "no"}))
    minh_lead.pull()
    return next(subject for kind, subject in minh_lead.rows[minh_lead.village] if kind == "difference")


def latest_visit(lead: Device, household: str) -> str:
    lead.pull()
    current = lead.shown("household", household).get("current") or {"id": an_id()}
    return str(current["id"])


def a_doubt(lead: Device) -> str:
    """A new doubt on the lead's village's stream."""
    identity, body = an_id(), {"check": "pace", "fingerprint": "0", "found_at": "2026-11-22T03:04:05Z"}
    with lead.server.database.write() as session:
        publish(session, COMMUNE, {lead.village: [Subject("doubt", identity, body)]})
    return identity


def a_change(path: str, text: str, lead: Device, household: str, difference: str) -> Json:
    """A change that is good but for the text at the path."""
    kind, *names = path.split("/")
    if kind == "response":
        gone = {"id": an_id(), "relation": "spouse", "reason": "died"}
        made = lead.visit(household, residents=[a_person()], left=[gone], note=None)
    else:
        bodies: dict[str, Json] = {
            "household": {},
            "attestation": {"criterion": "3", "value": True},
            "errand": {"criterion": "1"},
            "pin_rule": {"required": True},
            "review": {"response": latest_visit(lead, household), "verdict": "needs_fix"},
            "resolution": {"difference": difference, "choice": "shown"},
            "erasure": {"household": an_id(), "requested_at": "2026-11-22T03:04:05Z", "basis": "family_request"},
            "doubt": {"step": "look"},
        }
        subjects = {"household": household, "errand": lead.village, "pin_rule": lead.village}
        subject = a_doubt(lead) if kind == "doubt" else subjects.get(kind) or an_id()
        made = lead.change(kind, subject, bodies[kind])
    place: Any = made["body"]
    for name in names[:-1]:
        place = place[int(name) if name.isdecimal() else name]
    place[names[-1]] = text
    return made


@pytest.mark.parametrize("path", FREE)
def test_a_text_that_comes_in_is_cleaned_bounded_and_holds_no_long_number(
    minh_lead: Device, household: str, difference: str, path: str
) -> None:
    """In every field of every kind; what is chosen from a list is refused as soon as it is another."""

    def verdict(text: str) -> tuple[str, set[str]]:
        given = minh_lead.send(a_change(path, text, minh_lead, household, difference))["verdicts"][0]
        return given["verdict"], {one["pointer"] for one in given.get("problem", {}).get("errors", [])}

    refused = ("invalid", {path.removeprefix(path.partition("/")[0])})
    for text in ("đ" * 501, *NUMBERS, *(unicodedata.normalize("NFD", f"{CLEAN} {number}") for number in NUMBERS)):
        assert verdict(text) == refused, text
    assert (verdict(TYPED)[0] in {"applied", "merged", "difference"}) is (path not in CLOSED)
    minh_lead.pull()
    there = json.dumps([row["body"] for row in minh_lead.rows[minh_lead.village].values()], ensure_ascii=False)
    assert TYPED not in there
    assert "\u0300" not in there
    assert "\u200b" not in there
    assert (f'"{CLEAN}"' in there) is (path not in CLOSED | BY_SERVER)
    assert not [number for number in NUMBERS if number in there]


@pytest.mark.parametrize("relation", [*sorted(RELATIONS), "Head", "con riêng của bà Hòa", ""])
def test_what_a_person_is_to_the_head_is_a_closed_list(lan_member: Device, household: str, relation: str) -> None:
    visit = lan_member.visit(household, residents=[a_person(relation=relation)])
    assert lan_member.verdicts(visit) == ["applied" if relation in RELATIONS else "invalid"]


@pytest.mark.parametrize(
    ("said", "kept"), [(TYPED, CLEAN), (f"{CLEAN} 0912345678", ""), ("Chrome, Android", "Chrome, Android")]
)
def test_what_a_program_says_of_itself_is_cleaned_and_never_a_reason_to_refuse(
    server: Server, minh_lead: Device, said: str, kept: str
) -> None:
    code = server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    answer = server.request("POST", "/api/v1/enrollments", json={"code": code, "device_name": said})
    assert answer.status_code == 201
    device = Device(server, answer.json())
    device.send(app_version=said)
    lines = server.request("GET", f"/api/v1/villages/{device.village}/devices", headers=minh_lead.headers).json()
    line = next(one for one in lines["devices"] if one["id"] == device.enrolled["device_id"])
    assert (line["name"], line["app_version"]) == (kept, kept)


def test_a_version_of_ours_is_kept() -> None:
    assert SyncRequest(device_time="2026-11-22T03:00:00Z", app_version=APP_VERSION).app_version == APP_VERSION  # type: ignore[arg-type]
