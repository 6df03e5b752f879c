"""What is logged says where the program failed, never what was in it: not on one of the paths that log.

Every path is walked with an error whose text holds a name and a telephone number, as libraries and databases make them.
"""

import ast
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sync_server.sync import apply, batch, rescue
from sync_server.sync.kinds import response
from tests.builders import an_id
from tests.sync_server.sync.test_rescue import hand_in, sealed
from tests.sync_server.wire_client import Device, Server

ROOT = Path(__file__).parent.parent.parent
NAME, NUMBER = "Nguyễn Thị Hòa", "0912345678"


class Told(Exception):
    """An error that tells all it knows."""

    def __init__(self) -> None:
        super().__init__(f"chị {NAME} {NUMBER}")


def fails(*_: object, **__: object) -> Any:
    """Fails for a reason that tells as much as it does itself."""
    try:
        raise Told
    except Told as cause:
        raise Told from cause


Said = Callable[[], list[str]]


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Said:
    """What our program logged, once it is seen that nobody logged what must not be."""
    caplog.set_level(logging.DEBUG)

    def read() -> list[str]:
        for record in caplog.records:
            whole = f"{record.getMessage()} {record.args} {record.exc_text} {record.stack_info}"
            assert NAME not in whole
            assert NUMBER not in whole
            assert not (record.exc_info and record.name.startswith("tungnha")), "a traceback ends with the error's text"
        assert NUMBER not in caplog.text
        return [record.getMessage() for record in caplog.records if record.name.startswith("tungnha")]

    return read


def breaks_on_many(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Writing more than so many changes fails."""
    write = apply.write_batch

    def write_few(session: Any, batch: Any, judged: Any) -> None:
        if len(batch.new_visits) > most:
            fails()
        write(session, batch, judged)

    monkeypatch.setattr(apply, "write_batch", write_few)


def test_a_batch_that_is_taken_one_by_one(
    lan_member: Device, household: str, monkeypatch: pytest.MonkeyPatch, said: Said
) -> None:
    breaks_on_many(monkeypatch, 1)
    assert lan_member.verdicts(*(lan_member.visit(household, note=NAME) for _ in range(2)))[0] == "applied"
    (line,) = said()
    assert "a batch of 2" in line
    assert "Told at fails" in line


@pytest.mark.parametrize("where", ["judging", "writing", "keeping"])
def test_a_change_that_is_held(
    lan_member: Device, household: str, monkeypatch: pytest.MonkeyPatch, said: Said, where: str
) -> None:
    """In the judged kind, where it is written, and where even keeping the verdict fails."""
    if where == "judging":
        monkeypatch.setattr(response, "check_response", fails)
    elif where == "writing":
        breaks_on_many(monkeypatch, 0)
    else:
        monkeypatch.setattr(apply, "add_changes", fails)
        monkeypatch.setattr(batch, "add_changes", fails)
    visit = lan_member.visit(household, note=NAME)
    assert lan_member.verdicts(visit) == ["held"]
    together, alone = said()
    assert "a batch of 1" in together
    assert alone.startswith(f"change {visit['id']} was held: Told at fails")


@pytest.mark.parametrize("kind", sorted(apply.KINDS))
def test_a_change_of_any_kind(lan_member: Device, monkeypatch: pytest.MonkeyPatch, said: Said, kind: str) -> None:
    monkeypatch.setitem(apply.KINDS, kind, replace(apply.KINDS[kind], judge=fails))
    monkeypatch.setattr("sync_server.access.caller.Caller.may", lambda *_: True)
    body = {"head_name": NAME, "note": NUMBER, "evidence": NUMBER}
    assert lan_member.verdicts(lan_member.change(kind, an_id(), body)) == ["held"]
    assert [line.partition(" ")[0] for line in said()] == ["a", "change"]


@pytest.mark.parametrize("path", ["/api/v1/sync", "/api/v1/enrollments", "/api/v1/rescue", "/api/v1/coverage"])
def test_a_request_that_fails_as_a_whole(
    server: Server, minh_lead: Device, monkeypatch: pytest.MonkeyPatch, said: Said, path: str
) -> None:
    monkeypatch.setattr("sync_server.sync.asks.find_callers", fails)
    monkeypatch.setattr("sync_server.routes.enrollment.redeem", fails)
    monkeypatch.setattr("sync_server.access.caller.list_signed_in", fails)
    body = {"device_time": "2026-11-22T03:00:00Z", "code": NUMBER, "device_name": NAME}
    method = "GET" if path.endswith("coverage") else "POST"
    answer = server.request(method, path, json=body, headers=minh_lead.headers)
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/unexpected")
    assert NAME not in answer.text
    (line,) = said()
    assert "Told at fails" in line


def test_a_rescue_file_that_cannot_be_opened(
    server: Server, lan_member: Device, minh_lead: Device, monkeypatch: pytest.MonkeyPatch, said: Said
) -> None:
    file = sealed(lan_member)
    monkeypatch.setattr(rescue, "from_json", fails)
    assert hand_in(server, minh_lead, file)[0] == 422
    (line,) = said()
    assert line.startswith("a rescue file could not be opened: Told at fails")


def test_a_rescue_file_whose_work_is_held(
    server: Server, lan_member: Device, minh_lead: Device, household: str, monkeypatch: pytest.MonkeyPatch, said: Said
) -> None:
    monkeypatch.setattr(response, "check_response", fails)
    status, reply = hand_in(server, minh_lead, sealed(lan_member, lan_member.visit(household, note=NAME)))
    assert (status, reply["counts"]) == (200, {"held": 1})
    assert [line.split(" ")[0] for line in said()] == ["a", "change", "device"]


LEVELS = {"debug", "info", "warning", "error", "critical", "log", "exception"}


def logs_too_much(source: str) -> list[int]:
    """The lines that log a traceback, an error itself, or a text that was put together before."""
    lines = []
    tree = ast.parse(source)
    errors = {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            names = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
            lines += [node.lineno] if names & errors else []
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS:
            if not (isinstance(node.func.value, ast.Name) and node.func.value.id in {"log", "logger", "logging"}):
                continue
            said = [part for part in [*node.args, *node.keywords] if not _is_where(part)]
            names = {name.id for part in said for name in ast.walk(part) if isinstance(name, ast.Name)}
            is_put_together = not isinstance(node.args[0], ast.Constant)
            if node.func.attr == "exception" or node.keywords or names & errors or is_put_together:
                lines.append(node.lineno)
        elif isinstance(node, ast.Attribute) and node.attr in {"print_exc", "format_exc", "print_exception"}:
            lines.append(node.lineno)
    return lines


def _is_where(part: ast.AST) -> bool:
    return isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "where_it_failed"


def test_no_line_of_the_program_logs_an_error_itself() -> None:
    calls = 0
    for folder in ("sync_server", "app", "survey"):
        for path in (ROOT / folder).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            calls += source.count("log.")
            assert logs_too_much(source) == [], path.name
    assert calls >= 5


@pytest.mark.parametrize(
    "line",
    [
        "log.error('x: %s', error)",
        "log.error('x: %s', str(error))",
        "log.error(f'x: {error}')",
        "log.error('x ' + str(error))",
        "log.exception('x')",
        "log.warning('x', exc_info=True)",
        "log.error('x', exc_info=error)",
        "logging.error('x %r', error.args)",
        "traceback.print_exc()",
        "print('x', error)",
    ],
)
def test_the_guard_sees_what_logs_too_much(line: str) -> None:
    source = f"try:\n    work()\nexcept Exception as error:\n    {line}\n"
    assert logs_too_much(source) == [4]
    assert logs_too_much(source.replace(line, "log.error('x: %s', where_it_failed(error))")) == []
