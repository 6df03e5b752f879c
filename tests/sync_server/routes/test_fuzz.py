"""Every route of the API's own document, fuzzed from it by everybody who may call.

Whatever is sent: no 500, every error in the one shape with a known slug, every answer as the document has it, and
nothing personal in an error, neither what the server holds nor what was just sent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS
from schemathesis.generation.modes import GenerationMode

from survey.roles import Role
from sync_server.commune.devices import report_lost, revoke
from sync_server.commune.setup import open_commune
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from tests.builders import a_commune, an_id
from tests.clock import Clock
from tests.pace import examples
from tests.sync_server.conftest import CRITERIA
from tests.sync_server.databases import one_more
from tests.sync_server.http.test_problems import the_problem
from tests.sync_server.wire_client import COMMUNE, Device, Json, Server

VILLAGE, HEAD, PHONE, SENT = "Đinh Xá", "Nguyễn Văn Đức", "0912345678", "Giàng Thị Mỷ 0987654321"
CALLERS = {
    "nobody": None,
    "a wrong token": Role.MEMBER,
    "a member": Role.MEMBER,
    "a lead": Role.LEAD,
    "an official": Role.OFFICIAL,
    "a revoked device": Role.LEAD,
    "a lost device": Role.LEAD,
}
EXAMPLES = {"POST /api/v1/sync": 25, "POST /api/v1/rescue": 10}
ODD_NUMBERS = [-(10**30), -(2**63), -1, 0, 2**53, 2**63, 10**30]
AS_DOCUMENTED = ("not_a_server_error", "content_type_conformance", "response_schema_conformance")
TRACES = ("Traceback", "site-packages", ".py", "Error(", "sqlalchemy", "SELECT ", "pydantic")


@schemathesis.serializer("application/jose")
def _as_it_is(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@dataclass
class Fuzzed:
    """A server with some work on it: who calls with which headers, ids that exist, and what no error may say."""

    server: Server
    callers: dict[str, dict[str, str]]
    ids: list[str]
    secrets: list[str]


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    folder = tmp_path_factory.mktemp("fuzzed")
    with one_more(folder) as address:
        clock = Clock()
        plenty = ServerSettings(data=folder, database_url=address, failed_codes=10**6, failed_codes_overall=10**6)
        server = Server(create_app(plenty, clock), clock)
        with server.database.write() as session:
            open_commune(session, a_commune(), CRITERIA, clock())
        server.add_village(VILLAGE)
        yield _with_people(server)
        server.close()


def _with_people(server: Server) -> Fuzzed:
    made = Fuzzed(server, {"nobody": {}}, [server.villages[VILLAGE].id], [SENT, HEAD, PHONE, PHONE[1:]])
    for who, role in CALLERS.items():
        if role is None:
            continue
        device = server.enroll(role, f"Vũ Thị {who}", *([] if role is Role.OFFICIAL else [VILLAGE]))
        made.callers[who] = device.headers
        made.secrets += [device.enrolled["token"], f"Vũ Thị {who}"]
        if who == "a member":
            home = an_id()
            device.send(
                device.change("household", home, {"head_name": HEAD, "phone": PHONE}),
                device.visit(home, village=server.villages[VILLAGE].id),
            )
            made.ids.append(home)
        identity = device.enrolled["device_id"]
        with server.database.write() as session:
            if who == "a revoked device":
                revoke(session, COMMUNE, identity, "Minh", server.clock())
            if who == "a lost device":
                report_lost(session, COMMUNE, identity, "Minh", server.clock())
                made.ids.append(identity)
    made.callers["a wrong token"] = {"Authorization": "Bearer " + "x" * 43}
    made.ids.append(server.enroll(Role.MEMBER, "Trần Văn Bình", VILLAGE).enrolled["device_id"])
    return made


@pytest.mark.slow
@pytest.mark.parametrize("who", CALLERS)
def test_whatever_is_sent_is_answered_as_documented(fuzzed: Fuzzed, who: str) -> None:
    schema = schemathesis.openapi.from_dict(fuzzed.server.request("GET", "/api/openapi.json").json())
    schema.app = fuzzed.server.app
    operations = [found.ok() for found in schema.get_all_operations()]
    assert {one.label for one in operations} >= {"POST /api/v1/sync", "GET /api/v1/coverage", "GET /healthz"}
    for operation in operations:
        ways = [GenerationMode.POSITIVE]
        if operation.body or operation.query:  # in a path or where nothing is sent nothing can be wrong
            ways.append(GenerationMode.NEGATIVE)
        for way in ways:
            fuzz = settings(
                max_examples=examples(EXAMPLES.get(operation.label, 6)),
                deadline=None,
                phases=[Phase.explicit, Phase.generate],  # shrinking takes minutes
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
            )
            cases = operation.as_strategy(generation_mode=way)
            fuzz(given(case=cases, data=st.data())(_call))(fuzzed, who)


def _call(fuzzed: Fuzzed, who: str, case: schemathesis.Case, data: st.DataObject) -> None:
    planted = st.sampled_from([SENT, *fuzzed.ids, fuzzed.callers["a member"]["Authorization"].split()[1], "\0"])
    case.path_parameters = _plant(case.path_parameters, planted, data)
    assume("\0" not in "".join(map(str, case.path_parameters.values())))
    case.body = _plant(case.body, planted, data)
    if isinstance(case.body, dict) and isinstance(case.body.get("cursors"), dict):
        case.body["cursors"] |= dict.fromkeys(fuzzed.ids[:1], data.draw(st.sampled_from(ODD_NUMBERS)))
    answer = case.call(headers=fuzzed.callers[who])
    case.validate_response(answer, checks=[CHECKS.get_one(name) for name in AS_DOCUMENTED])
    if answer.status_code >= 400:
        plain = httpx.Response(answer.status_code, headers={name: values[0] for name, values in answer.headers.items()})
        plain._content = answer.content
        the_problem(plain)
        _says_nothing(fuzzed, answer.text)
    elif case.operation.label == "POST /api/v1/sync":
        for verdict in answer.json()["verdicts"]:
            _says_nothing(fuzzed, str(verdict.get("problem")))


def _plant(value: Any, planted: st.SearchStrategy[str], data: st.DataObject) -> Any:
    """The value with some of its texts and numbers replaced: by ids that exist, by what must not come back in an
    error, by numbers that no column holds."""
    if isinstance(value, dict):
        return {key: _plant(one, planted, data) for key, one in value.items()}
    if isinstance(value, list):
        return [_plant(one, planted, data) for one in value]
    if isinstance(value, bool) or not isinstance(value, int | str) or not data.draw(st.booleans()):
        return value
    return data.draw(st.sampled_from(ODD_NUMBERS) if isinstance(value, int) else planted)


def _says_nothing(fuzzed: Fuzzed, said: str) -> None:
    found = [text for text in (*TRACES, *fuzzed.secrets) if text in said]
    assert not found, said


def test_the_document_tells_every_error_as_it_is(fuzzed: Fuzzed) -> None:
    """It said `HTTPValidationError`, which no route ever answers."""
    document: Json = fuzzed.server.request("GET", "/api/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert "application/problem+json" in operation["responses"]["default"]["content"], (method, path)
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_a_cursor_below_every_number_made_a_500(server: Server, lan_member: Device) -> None:
    for cursor in ODD_NUMBERS:
        page = lan_member.send(cursors={lan_member.village: cursor})["streams"][lan_member.village]
        assert page["rows"][0]["kind"] == "village", "read from the beginning"


def test_a_length_that_is_no_number_made_a_500(server: Server, lan_member: Device) -> None:
    for length, slug in (("9" * 5000, "body-too-large"), ("²", "fields-invalid")):
        headers = lan_member.headers | {"Content-Length": length.encode("latin-1")}
        answer = server.request("POST", "/api/v1/sync", content=b"{}", headers=headers)
        assert the_problem(answer)["type"] == f"/problems/{slug}"


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_clock_at_the_end_of_time_was_the_servers_fault(lan_member: Device, time: str) -> None:
    home = an_id()
    changes = [
        lan_member.change("household", home, {"head_name": HEAD}, captured_at=time),
        lan_member.visit(home, started_at=time, ended_at=time),
    ]
    reply = lan_member.send(*changes, device_time=time)
    assert [one["verdict"] for one in reply["verdicts"]] == ["applied", "applied"]
    assert lan_member.shown("household", home)["status"] == "active"
