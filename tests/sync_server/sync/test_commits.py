"""A commit that fails must not answer 200: the phone would delete what the server lost."""

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError

from survey.roles import Role
from tests.builders import an_id
from tests.sync_server.wire_client import Device, Server


class Commits:
    """Makes the database's commits fail while it is switched on."""

    def __init__(self, server: Server) -> None:
        self.fail = False
        event.listen(server.database._engine, "commit", self._commit)

    def _commit(self, _connection: object) -> None:
        if self.fail:
            raise DatabaseError("COMMIT", {}, Exception("disk I/O error"))


@pytest.fixture
def commits(server: Server) -> Commits:
    return Commits(server)


def test_a_sync_whose_commit_fails_answers_500_and_nothing_is_lost(
    commits: Commits, lan_member: Device, household: str
) -> None:
    visit = lan_member.visit(household)
    commits.fail = True
    answer = lan_member.post(visit)
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/unexpected")
    commits.fail = False
    assert "current" not in lan_member.shown("household", household)
    assert lan_member.verdicts(visit) == ["applied"]
    assert lan_member.shown("household", household)["current"]["id"] == visit["subject"]


def test_an_enrolment_whose_commit_fails_leaves_the_code_unused(server: Server, commits: Commits) -> None:
    code = server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    commits.fail = True
    assert server.request("POST", "/api/v1/enrollments", json={"code": code}).status_code == 500
    commits.fail = False
    assert server.request("POST", "/api/v1/enrollments", json={"code": code}).status_code == 201


def test_a_request_that_comes_twice_at_once_counts_once(server: Server, lan_member: Device, household: str) -> None:
    homes = [an_id() for _ in range(20)]
    changes = [lan_member.change("household", home, {"head_name": "Hộ"}) for home in homes]
    body = {"device_time": "2026-11-22T03:00:00Z", "changes": [*changes, lan_member.visit(household)]}
    answers = server.request_twice_at_once("POST", "/api/v1/sync", json=body, headers=lan_member.headers)
    verdicts = [[one["verdict"] for one in answer.json()["verdicts"]] for answer in answers]
    assert sorted(verdicts) == [["applied"] * 21, ["duplicate"] * 21]
    assert len(lan_member.of_kind("household")) == 21


def test_a_code_that_comes_twice_at_once_works_once(server: Server) -> None:
    code = server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    answers = server.request_twice_at_once("POST", "/api/v1/enrollments", json={"code": code})
    assert sorted(answer.status_code for answer in answers) == [201, 409]
