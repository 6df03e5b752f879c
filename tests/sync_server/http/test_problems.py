"""Every error has one shape, and says nothing that it should not."""

import logging
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from survey.problems import PROBLEMS
from sync_server.sync import apply, asks
from tests.sync_server.wire_client import Device, Server

WRONG = [
    ("GET", "/nothing-here", 404, "not-found"),
    ("GET", "/problems/no-such", 404, "not-found"),
    ("DELETE", "/api/v1/sync", 405, "method-not-allowed"),
    ("GET", "/api/v1/enrollments", 405, "method-not-allowed"),
    ("POST", "/healthz", 405, "method-not-allowed"),
]


def the_problem(answer: httpx.Response) -> dict[str, Any]:
    """The problem in an answer, whose shape is checked."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    slug = problem["type"].removeprefix("/problems/")
    assert problem["status"] == answer.status_code == PROBLEMS[slug].status
    assert problem["title"] == PROBLEMS[slug].title
    assert problem["detail"]
    for error in problem.get("errors", []):
        assert error["pointer"].startswith("/")
        assert error["detail"].endswith(".")
    return problem


@pytest.mark.parametrize(("method", "path", "status", "slug"), WRONG)
def test_what_the_router_refuses(server: Server, method: str, path: str, status: int, slug: str) -> None:
    problem = the_problem(server.request(method, path))
    assert (problem["status"], problem["type"]) == (status, f"/problems/{slug}")


def test_every_route_answers_a_wrong_method_and_rubbish_with_a_problem(server: Server, minh_lead: Device) -> None:
    routes = server.app.openapi()["paths"]
    assert len(routes) >= 5
    for template, methods in routes.items():
        path = template.replace("{slug}", "x")
        the_problem(server.request("PUT", path))
        if "post" in methods and path != "/api/v1/transfers":  # which has no body to read
            for rubbish in (b"", b"{", b"[]", b"\xff\xfe", b'{"a": NaN}', b'"\\ud800"', b"[" * 5000):
                headers = {**minh_lead.headers, "Content-Type": "application/json"}
                problem = the_problem(server.request("POST", path, content=rubbish, headers=headers))
                assert problem["status"] in {400, 422}


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_body_that_is_not_json_is_refused_as_that(server: Server, media: str) -> None:
    answer = server.request("POST", "/api/v1/enrollments", content=b"code=1", headers={"Content-Type": media})
    assert the_problem(answer)["type"] == "/problems/body-not-json"


def test_fields_at_fault_are_named_in_vietnamese(server: Server, lan_member: Device) -> None:
    body = {"device_time": "hôm qua", "changes": "x", "limit": 0, "cursors": {"thôn": 1}}
    answer = server.request("POST", "/api/v1/sync", json=body, headers=lan_member.headers)
    errors = {one["pointer"]: one["detail"] for one in the_problem(answer)["errors"]}
    assert errors["/device_time"] == "Thời điểm không đúng dạng, ví dụ đúng: 2026-11-22T03:04:05Z."
    assert errors["/changes"] == "Mục này phải là một danh sách."
    assert errors["/limit"] == "Giá trị nhỏ quá: ít nhất 1."
    assert "/cursors" in errors


def test_more_changes_than_a_request_may_hold(lan_member: Device) -> None:
    answer = lan_member.post(*({} for _ in range(201)))
    assert the_problem(answer)["errors"] == [
        {"pointer": "/changes", "detail": "Danh sách dài quá: nhiều nhất 200 mục."}
    ]


def test_another_protocol_is_refused_with_a_reason(lan_member: Device) -> None:
    errors = the_problem(lan_member.post(protocol=2))["errors"]
    assert errors[0]["pointer"] == "/protocol"


def test_an_unexpected_error_has_a_request_id_and_no_trace(
    server: Server, lan_member: Device, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("chị Hòa 0912345678")

    monkeypatch.setattr(asks, "mark_seen", broken)
    with caplog.at_level(logging.DEBUG):
        answer = lan_member.post(lan_member.visit(lan_member.village))
    problem = the_problem(answer)
    assert problem["type"] == "/problems/unexpected"
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert "RuntimeError" not in answer.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("tungnha")]
    assert problem["request_id"] in ours[0]
    assert "RuntimeError at broken" in ours[0]
    assert "0912345678" not in caplog.text


def test_a_full_disk_asks_to_come_again(lan_member: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(apply, "load_batch", full)
    answer = lan_member.post(lan_member.visit(lan_member.village))
    assert the_problem(answer)["type"] == "/problems/server-busy"
    assert answer.headers["retry-after"] == "30"


def test_every_problem_has_a_page(server: Server) -> None:
    for slug, kind in PROBLEMS.items():
        answer = server.request("GET", f"/problems/{slug}")
        assert answer.headers["content-type"].startswith("text/html")
        assert kind.title in answer.text
        assert kind.advice in answer.text.replace("&quot;", '"')


def test_the_document_describes_the_routes(server: Server) -> None:
    paths = server.request("GET", "/api/openapi.json").json()["paths"]
    assert {"/api/v1/sync", "/api/v1/enrollments", "/api/v1/coverage"} <= set(paths)
    assert server.request("GET", "/docs").status_code == 404


def test_a_key_that_somebody_made_up_is_not_said_again(lan_member: Device) -> None:
    for key in ("main.py", "Nguyễn Văn An", "a/b~c", "x" * 60):
        answer = lan_member.post(cursors={key: 1})
        assert the_problem(answer)["errors"] == [{"pointer": "/cursors", "detail": "Mã nhận dạng phải là một UUID."}]
        assert key not in answer.text
