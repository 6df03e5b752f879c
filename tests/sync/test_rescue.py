"""Rescue files: sealed by the app's own code, carried by somebody else, opened by the real server."""

import gzip
import json
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest
from joserfc.jwe import encrypt_compact
from joserfc.jwk import ECKey
from sqlmodel import select

from app.device import native
from app.store.outbox import OutboxCounts, list_waiting
from app.store.rows import OutboxRow
from app.store.sync_state import find_rescue_key, find_sign_in, save_rescue_key, save_setting
from app.sync.client import Refused
from app.sync.exchange import exchange
from app.sync.rescue import CannotRescue, write_rescue_file
from survey.devices import DeviceState
from survey.rescue import RescueReply
from survey.roles import Role
from sync_server.commune.setup import create_commune
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from sync_server.store.changes import count_changes
from sync_server.store.device_lines import list_devices, mark_state
from sync_server.store.devices import add_token, mark_token_used
from sync_server.store.epochs import find_rescue_key as find_private_key
from sync_server.sync.rescue import make_rescue_key
from tests.builders import an_id
from tests.sync.rig import Phone, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def rescue_file(phone: Phone) -> bytes:
    return await write_rescue_file(phone.database, native.seal, phone.now)


async def hand_in(courier: Phone, file: bytes) -> RescueReply:
    with courier.database.read() as session:
        signed_in = find_sign_in(session)
    assert signed_in is not None
    return await courier.client.hand_in(signed_in.token, file)


async def refused(courier: Phone, file: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        await hand_in(courier, file)
    return refusal.value.problem.slug


def on_server(rig: Rig) -> dict[str, int]:
    with rig.server.state.database.read() as session:
        return count_changes(session, "09052")


def device_of(phone: Phone) -> str:
    with phone.database.read() as session:
        signed_in = find_sign_in(session)
    assert signed_in is not None
    return signed_in.device_id


@pytest.fixture
async def homes(rig: Rig) -> list[str]:
    return [await rig.add_household("Đinh Xá", f"Nguyễn Văn {name}") for name in ("An", "Bình", "Cường")]


@pytest.fixture
async def lan(rig: Rig, homes: list[str]) -> Phone:
    """A member's phone with two visits that never left it."""
    phone = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    phone.visit(homes[0])
    phone.visit(homes[1])
    return phone


@pytest.fixture
async def minh(rig: Rig, homes: list[str]) -> Phone:
    return await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")


async def test_a_lead_hands_in_what_a_phone_could_not_send(rig: Rig, lan: Phone, minh: Phone, homes: list[str]) -> None:
    reply = await hand_in(minh, await rescue_file(lan))
    assert reply.member is not None
    assert (reply.member.name, reply.device_id, reply.counts) == ("Vũ Thị Lan", device_of(lan), {"applied": 2})
    await minh.sync()
    assert minh.listed(homes[0]).visited_by == "Vũ Thị Lan", "it is the collector's work, not the courier's"
    assert minh.reports()["Đinh Xá"].visited == 2


async def test_nothing_personal_can_be_read_in_the_file(lan: Phone) -> None:
    file = await rescue_file(lan)
    head, *parts = file.split(b".")
    assert (len(parts), parts[0]) == (4, b"")
    told = json.loads(urlsafe_b64decode(head + b"=="))
    assert told.keys() == {"alg", "enc", "kid", "epk"}
    with lan.database.read() as session:
        token, key = find_sign_in(session), find_rescue_key(session)
    assert token is not None
    assert token.token.encode() not in file
    assert key is not None
    assert key.keys() == {"kty", "crv", "x", "y", "kid"}, "the device knows the public half only"
    assert await rescue_file(lan) != file, "no two files are alike"


async def test_afterwards_the_phone_itself_finds_everything_there(
    rig: Rig, lan: Phone, minh: Phone, homes: list[str]
) -> None:
    await hand_in(minh, await rescue_file(lan))
    before = on_server(rig)
    assert lan.outbox().waiting == 2, "exporting changes nothing on the phone"
    lan.visit(homes[2])
    await lan.sync()
    assert lan.outbox() == OutboxCounts(confirmed=3)
    assert on_server(rig) == before | {"applied": before["applied"] + 1}
    assert lan.reports()["Đinh Xá"].visited == 3


async def test_the_same_file_twice_counts_once(rig: Rig, lan: Phone, minh: Phone) -> None:
    file = await rescue_file(lan)
    await hand_in(minh, file)
    before = on_server(rig)
    assert (await hand_in(minh, file)).counts == {"duplicate": 2}
    assert on_server(rig) == before


async def test_a_file_from_before_a_normal_sync_adds_nothing(rig: Rig, lan: Phone, minh: Phone) -> None:
    file = await rescue_file(lan)
    await lan.sync()
    before = on_server(rig)
    assert (await hand_in(minh, file)).counts == {"duplicate": 2}
    assert on_server(rig) == before


async def test_only_what_the_server_never_judged_is_in_it(rig: Rig, lan: Phone, minh: Phone, homes: list[str]) -> None:
    await lan.sync()
    lan.visit(homes[2])
    assert (await hand_in(minh, await rescue_file(lan))).counts == {"applied": 1}
    await lan.sync()
    assert (await hand_in(minh, await rescue_file(lan))).counts == {}


async def test_a_bad_change_is_kept_aside_and_stops_no_other(rig: Rig, lan: Phone, minh: Phone) -> None:
    with lan.database.write() as session:
        row = session.exec(select(OutboxRow)).first()
        assert row is not None
        row.body = '{"household": 1}'
    assert (await hand_in(minh, await rescue_file(lan))).counts == {"invalid": 1, "applied": 1}
    await lan.sync()
    assert lan.outbox() == OutboxCounts(confirmed=1, invalid=1)


async def test_more_changes_than_one_request_may_hold(rig: Rig, minh: Phone) -> None:
    many = await rig.add_households("Đinh Xá", 230)
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    for home in many:
        lan.visit(home)
    assert (await hand_in(minh, await rescue_file(lan))).counts == {"applied": 230}
    await lan.sync()
    assert lan.outbox() == OutboxCounts(confirmed=230)


async def test_files_that_were_damaged_or_made_for_others_do_no_harm(rig: Rig, lan: Phone, minh: Phone) -> None:
    good = await rescue_file(lan)
    head, _, nonce, sealed, tag = good.split(b".")
    foreign = await native.seal(make_rescue_key(), b"{}")
    swapped = b".".join([foreign.split(b".")[0], b"", nonce, sealed, tag])
    odd = b".".join([b"bnVsbA", b"", nonce, sealed, tag])
    wrong = [b"", b"x", good[:-40], good[:400], good[:600] + b"A" + good[601:], foreign, swapped, odd, good + b".x"]
    wrong += [b"\xff\xfe" * 40, b"." * 4, b"[]", good.replace(b".", b""), head + b"...." + tag]
    before = on_server(rig)
    assert [await refused(minh, file) for file in wrong] == [
        "rescue-elsewhere" if file in {foreign, swapped} else "rescue-unreadable" for file in wrong
    ]
    assert on_server(rig) == before
    assert (await hand_in(minh, good)).counts == {"applied": 2}, "the good one still works"


@pytest.mark.parametrize("content", [b"", b"not gzip", b'{"format": 1}', b"[]", b"NaN"])
async def test_whoever_knows_the_public_key_can_still_forge_nothing(lan: Phone, minh: Phone, content: bytes) -> None:
    with lan.database.read() as session:
        key = find_rescue_key(session)
    assert key is not None
    assert await refused(minh, await native.seal(key, content)) == "rescue-unreadable"
    assert await refused(minh, await native.seal(key, gzip.compress(content))) == "rescue-unreadable"
    inside = gzip.compress(b'{"format": 2, "everything": "else"}')
    assert await refused(minh, await native.seal(key, inside)) == "rescue-unreadable"


async def test_no_other_algorithm_is_taken(lan: Phone, minh: Phone) -> None:
    with lan.database.read() as session:
        key = find_rescue_key(session)
    assert key is not None
    for head in ({"alg": "ECDH-ES+A256KW", "enc": "A256GCM"}, {"alg": "ECDH-ES", "enc": "A256GCM", "zip": "DEF"}):
        used = list(head.values())
        file = encrypt_compact(dict(head), b"x", ECKey.import_key(key), algorithms=used)
        assert await refused(minh, file.encode()) == "rescue-unreadable"


async def test_another_servers_file_is_not_opened(rig: Rig, lan: Phone, minh: Phone, tmp_path: Path) -> None:
    other = create_app(ServerSettings(data=tmp_path / "other"), rig.clock)
    with other.state.database.write() as session:
        create_commune(session, "09052", rig.clock())
        key = find_private_key(session, "09052")
    other.state.database.close()
    assert key is not None
    with lan.database.write() as session:
        save_rescue_key(session, {name: value for name, value in key.items() if name != "d"})
    assert await refused(minh, await rescue_file(lan)) == "rescue-elsewhere"
    await lan.sync()
    assert lan.outbox().confirmed == 2


async def test_only_who_answers_for_the_device_hands_in(rig: Rig, lan: Phone) -> None:
    file = await rescue_file(lan)
    other = await rig.phone(Role.LEAD, "Lê Thị Tuyết", "Nghinh Tiên")
    member = await rig.phone(Role.MEMBER, "Trần Văn Bình", "Đinh Xá")
    before = on_server(rig)
    assert [await refused(courier, file) for courier in (other, member, lan)] == ["not-allowed"] * 3
    assert on_server(rig) == before
    hoa = await rig.phone(Role.OFFICIAL, "Đặng Thị Hoa")
    assert (await hand_in(hoa, file)).counts == {"applied": 2}


async def test_a_revoked_devices_work_counts_and_a_lost_ones_is_held(rig: Rig, lan: Phone, minh: Phone) -> None:
    binh = await rig.phone(Role.MEMBER, "Trần Văn Bình", "Đinh Xá")
    home = await rig.add_household("Đinh Xá", "Nguyễn Văn Dũng")
    await binh.sync()
    binh.visit(home)
    with rig.server.state.database.write() as session:
        mark_state(session, "09052", device_of(lan), DeviceState.REVOKED, "Minh", rig.clock())
        mark_state(session, "09052", device_of(binh), DeviceState.LOST, "Minh", rig.clock())
    assert (await hand_in(minh, await rescue_file(lan))).counts == {"applied": 2}
    assert (await hand_in(minh, await rescue_file(binh))).counts == {"held": 1}
    await minh.sync()
    assert minh.reports()["Đinh Xá"].visited == 2, "what a lost device says waits for a person"


async def test_a_file_with_a_credential_of_before_is_kept_aside(rig: Rig, lan: Phone, minh: Phone) -> None:
    file = await rescue_file(lan)
    with rig.server.state.database.write() as session:
        add_token(session, "09052", device_of(lan), "f" * 64, rig.clock())
        mark_token_used(session, "09052", device_of(lan), "f" * 64, rig.clock())
    before = on_server(rig)
    reply = await hand_in(minh, file)
    assert reply.member is not None
    assert (reply.member.name, reply.counts) == ("Vũ Thị Lan", {"held": 2})
    assert on_server(rig) == before | {"set_aside": before["set_aside"] + 2}
    await hand_in(minh, file)
    assert on_server(rig)["set_aside"] == before["set_aside"] + 2, "kept once"


async def test_a_device_that_nobody_knows_loses_nothing_either(rig: Rig, lan: Phone, minh: Phone) -> None:
    with lan.database.write() as session:
        signed_in = find_sign_in(session)
        assert signed_in is not None
        identity = {"token": "x", "device_id": an_id(), "member": {"id": an_id(), "name": "Ai"}, "role": "member"}
        save_setting(session, "sign_in", json.dumps(identity | {"commune": signed_in.commune.model_dump()}))
    reply = await hand_in(minh, await rescue_file(lan))
    assert (reply.member, reply.counts) == (None, {"held": 2})
    assert on_server(rig)["set_aside"] == 2


async def test_handing_in_says_nothing_of_when_the_device_was_seen(rig: Rig, lan: Phone, minh: Phone) -> None:
    def line() -> object:
        with rig.server.state.database.read() as session:
            return next(one for one in list_devices(session, "09052") if one.id == device_of(lan))

    before = line()
    rig.clock.pass_by(days=3)
    await hand_in(minh, await rescue_file(lan))
    assert line() == before


async def test_the_key_is_made_once_and_told_to_devices_of_before(rig: Rig, lan: Phone, tmp_path: Path) -> None:
    with lan.database.write() as session:
        known = find_rescue_key(session)
        save_setting(session, "rescue_key", "null")
    with pytest.raises(CannotRescue):
        await rescue_file(lan)
    again = create_app(ServerSettings(data=tmp_path / "server"), rig.clock)
    again.state.database.close()
    await exchange(lan.database, lan.client, lan.now, most_changes=1)
    with lan.database.read() as session:
        assert find_rescue_key(session) == known
        assert len(list_waiting(session, 100)) == 1


async def test_a_file_holds_no_more_than_the_server_takes_and_the_oldest_first(
    rig: Rig, lan: Phone, minh: Phone, homes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lan.visit(homes[2])
    monkeypatch.setattr("app.sync.rescue.MOST_IN_A_FILE", 2)
    assert (await hand_in(minh, await rescue_file(lan))).counts == {"applied": 2}
    await minh.sync()
    assert [minh.listed(home).visited_by for home in homes] == ["Vũ Thị Lan", "Vũ Thị Lan", None]
