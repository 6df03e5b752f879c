"""Real places for the office's tests: communes under their official codes, their teams, and what the phones send."""

from collections.abc import Iterator, Mapping
from typing import Any

from survey.criteria import CriteriaSet
from survey.records import Commune
from survey.roles import Role
from sync_server.commune.places import find_commune
from sync_server.commune.setup import add_village, invite, open_commune
from sync_server.store.database import Session
from tests.builders import an_id
from tests.sync_server.wire_client import Device, Json, Server

URL = "http://server"


def official_commune(code: str) -> Commune:
    """The commune of this official code, which must be one."""
    found = find_commune(code)
    assert found is not None, code
    return found


def open_place(server: Server, commune: str, criteria: CriteriaSet, teams: Mapping[str, int]) -> dict[str, Device]:
    """Open a commune with these villages and teams of so many people, a lead and members. The leads' phones by village;
    the members are invited and have none yet."""
    with server.database.write() as session:
        open_commune(session, official_commune(commune), criteria, server.clock())
        codes = {village: _invite_team(session, server, commune, village, people) for village, people in teams.items()}
    return {village: enroll(server, code) for village, code in codes.items()}


def _invite_team(session: Session, server: Server, commune: str, village: str, people: int) -> str:
    now = server.clock()
    add_village(session, commune, village, now)
    lead = invite(session, commune, Role.LEAD, f"Tổ trưởng {village}", [village], now, public_url=URL)
    for number in range(1, people):
        invite(session, commune, Role.MEMBER, f"Tổ viên {number} {village}", [village], now, public_url=URL)
    return lead.code


def code_for(server: Server, commune: str, role: Role, name: str, *villages: str) -> str:
    """A one-time code for somebody of this commune."""
    with server.database.write() as session:
        return invite(session, commune, role, name, villages, server.clock(), public_url=URL).code


def enroll(server: Server, code: str) -> Device:
    """A phone that signed in with the code."""
    answer = server.request("POST", "/api/v1/enrollments", json={"code": code})
    assert answer.status_code == 201, answer.text
    return Device(server, answer.json())


def first_visit(phone: Device, head_name: str, **body: Any) -> tuple[str, list[Json]]:
    """A household that nobody knew yet, and the changes that add it and its visit."""
    home = an_id()
    added = phone.change("household", home, {"head_name": head_name, "address": "Ngõ Đình"})
    return home, [added, phone.visit(home, **body)]


def send_all(phone: Device, changes: list[Json]) -> None:
    """Send the changes in one request; each must be taken over as it is."""
    assert phone.verdicts(*changes) == ["applied"] * len(changes)


def spread(part: int, whole: int) -> Iterator[bool]:
    """So many of the whole are true, spread evenly."""
    return ((place + 1) * part // whole > place * part // whole for place in range(whole))
