"""Codes and credentials name their commune, so that a server of many knows where to look; those of before work on."""

from datetime import timedelta

from survey.card_code import RANDOM_BYTES, commune_of_code, grouped, make_code, make_code_of, read_code
from survey.roles import Role
from sync_server.access.caller import commune_of_token, secret_hash
from sync_server.store.devices import add_code
from tests.builders import NOW
from tests.sync_server.wire_client import COMMUNE, Device, Server


def test_a_code_and_a_credential_name_the_commune(server: Server) -> None:
    code = server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    assert commune_of_code(read_code(code) or "") == COMMUNE
    reply = server.request("POST", "/api/v1/enrollments", json={"code": code}).json()
    assert commune_of_token(reply["token"]) == COMMUNE


def test_a_renewed_credential_names_it_too(server: Server, lan_member: Device) -> None:
    server.clock.pass_by(days=31)
    assert commune_of_token(lan_member.send()["token"]) == COMMUNE


def test_a_code_of_before_is_found_whatever_it_seems_to_name(server: Server, lan_member: Device) -> None:
    with server.database.read() as session:
        member = session.exec_driver_sql("SELECT id FROM member").scalar()
    for code in (make_code(bytes(RANDOM_BYTES)), make_code_of("00004", bytes(RANDOM_BYTES))):
        with server.database.write() as session:
            add_code(session, COMMUNE, member, secret_hash(code), NOW, server.clock() + timedelta(days=1))
        answer = server.request("POST", "/api/v1/enrollments", json={"code": grouped(code)})
        assert answer.status_code == 201


def test_a_credential_of_before_works_and_is_renewed(server: Server, lan_member: Device) -> None:
    old = "a-credential-of-before-that-names-no-commune"
    with server.database.write() as session:
        session.exec_driver_sql(f"UPDATE device_token SET token_hash = '{secret_hash(old)}'")
    lan_member.enrolled["token"] = old
    assert lan_member.send()["device_state"] == "active"
    server.clock.pass_by(days=31)
    assert commune_of_token(lan_member.send()["token"]) == COMMUNE


def test_a_credential_under_the_name_of_another_commune_is_nobodys(server: Server, lan_member: Device) -> None:
    lan_member.enrolled["token"] = f"00004.{lan_member.enrolled['token'].partition('.')[2]}"
    assert lan_member.post().status_code == 401
