"""POST /api/v1/rescue by hand: who may, what comes of it, and the key that outlives restarts and restores."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwe import encrypt_compact
from joserfc.jwk import ECKey

from survey.wire import VerdictReply
from sync_server.backup import back_up, restore
from sync_server.commune.setup import create_commune
from sync_server.opening import open_database
from sync_server.settings import ServerSettings
from sync_server.store.epochs import find_rescue_key
from sync_server.sync.apply import HandIn
from tests.builders import NOW, an_id
from tests.sync_server.wire_client import COMMUNE, Device, Json, Server

NAMES = ["ECDH-ES", "A256GCM"]


def sealed(device: Device, *changes: Json, **more: Any) -> str:
    """A rescue file of the device."""
    content = {"format": 1, "device_id": device.enrolled["device_id"], "token": device.enrolled["token"]}
    content |= {"made_at": "2026-11-22T03:00:00Z", "changes": list(changes)} | more
    key = ECKey.import_key(device.enrolled["rescue_key"])
    head = dict(zip(("alg", "enc"), NAMES, strict=True)) | {"kid": device.enrolled["rescue_key"]["kid"]}
    return encrypt_compact(head, gzip.compress(json.dumps(content).encode()), key, algorithms=NAMES)


def hand_in(server: Server, courier: Device, file: str) -> tuple[int, Json]:
    headers = {**courier.headers, "Content-Type": "application/jose"}
    answer = server.request("POST", "/api/v1/rescue", content=file, headers=headers)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("lan_member", {"lan_member": 403, "tuyet_member": 403, "minh_lead": 200, "hoa_official": 200}),
        ("tuyet_member", {"lan_member": 403, "tuyet_member": 403, "minh_lead": 403, "hoa_official": 200}),
        ("minh_lead", {"lan_member": 403, "tuyet_member": 403, "minh_lead": 200, "hoa_official": 200}),
        ("hoa_official", {"lan_member": 403, "tuyet_member": 403, "minh_lead": 200, "hoa_official": 200}),
    ],
)
def test_leads_answer_for_devices_of_their_villages_and_officials_for_all(
    server: Server, request: pytest.FixtureRequest, sender: str, expected: dict[str, int]
) -> None:
    device: Device = request.getfixturevalue(sender)
    file = sealed(device)
    for person, status in expected.items():
        assert hand_in(server, request.getfixturevalue(person), file)[0] == status, person


def test_each_change_gets_the_verdict_that_its_phone_would_have_got(
    server: Server, lan_member: Device, tuyet_member: Device, minh_lead: Device, household: str
) -> None:
    changes = [
        lan_member.visit(household),
        lan_member.visit(household, residents="nobody"),
        lan_member.visit(household),
        lan_member.change("attestation", an_id(), {"criterion": "3", "value": True}),
        lan_member.change("dream", an_id(), {}),
        {"no": "envelope"},
    ]
    changes[2]["village"] = tuyet_member.village
    reply = hand_in(server, minh_lead, sealed(lan_member, *changes))
    assert reply == (
        200,
        {
            "member": {"id": lan_member.enrolled["member"]["id"], "name": "Vũ Thị Lan"},
            "device_id": lan_member.enrolled["device_id"],
            "made_at": "2026-11-22T03:00:00Z",
            "counts": {"applied": 1, "invalid": 2, "held": 3},
        },
    )
    first = {one["id"]: one for one in lan_member.send(*changes[:5])["verdicts"]}
    assert [first[one["id"]]["verdict"] for one in changes[:5]] == ["duplicate"] * 5
    assert [first[one["id"]]["first"] for one in changes[:5]] == ["applied", "invalid", "held", "held", "held"]


def test_a_file_that_another_program_changed_is_told_from_a_damaged_one(
    server: Server, lan_member: Device, minh_lead: Device
) -> None:
    status, problem = hand_in(server, minh_lead, sealed(lan_member, format=2))
    assert (status, problem["type"]) == (422, "/problems/rescue-unreadable")
    assert "mới hơn" in problem["detail"]
    assert hand_in(server, minh_lead, sealed(lan_member, later="field"))[0] == 200


def test_a_file_that_unpacks_without_end_is_refused(server: Server, lan_member: Device, minh_lead: Device) -> None:
    status, problem = hand_in(server, minh_lead, sealed(lan_member, filler="x" * 40 * 1024**2))
    assert (status, problem["type"]) == (422, "/problems/rescue-unreadable")


def test_phones_are_told_the_public_half_only(server: Server, lan_member: Device) -> None:
    told = lan_member.send()["rescue_key"]
    assert told == lan_member.enrolled["rescue_key"]
    assert told.keys() == {"kty", "crv", "x", "y", "kid"}
    with server.database.read() as session:
        private = find_rescue_key(session, COMMUNE)
    assert private is not None
    assert told == {name: value for name, value in private.items() if name != "d"}


def test_a_backup_holds_the_key(tmp_path: Path) -> None:
    settings = ServerSettings(data=tmp_path / "data")

    def key() -> dict[str, Any] | None:
        database = open_database(settings, lambda: NOW)
        with database.read() as session:
            found = find_rescue_key(session, COMMUNE)
        database.close()
        return found

    database = open_database(settings, lambda: NOW)
    with database.write() as session:
        create_commune(session, COMMUNE, NOW)
    database.close()
    before = key()
    assert before is not None
    back_up(settings, tmp_path / "copy.db")
    restore(settings, tmp_path / "copy.db", NOW)
    assert key() == before


def test_a_file_with_more_than_the_server_takes_at_once_says_so(
    server: Server, lan_member: Device, minh_lead: Device
) -> None:
    status, problem = hand_in(server, minh_lead, sealed(lan_member, *[{}] * 10_001))
    assert (status, problem["type"]) == (422, "/problems/rescue-unreadable")
    assert "10.000" in problem["detail"]


def test_a_large_file_takes_turns_with_phones_that_sync(
    server: Server, lan_member: Device, minh_lead: Device, household: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups: list[int] = []
    take = server.app.state.writers.hand_in

    def seen(sent: HandIn) -> list[VerdictReply]:
        groups.append(len(sent.changes))
        return take(sent)  # type: ignore[no-any-return]

    monkeypatch.setattr(server.app.state.writers, "hand_in", seen)
    changes = [lan_member.change("household", an_id(), {"head_name": f"Hộ {number}"}) for number in range(450)]
    status, reply = hand_in(server, minh_lead, sealed(lan_member, *changes))
    assert (status, reply["counts"], groups) == (200, {"applied": 450}, [200, 200, 50])
