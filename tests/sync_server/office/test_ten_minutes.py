"""From an empty folder to the first visit that counts: what one official does on the pages, in their order."""

import json
import re
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from sync_server.cli.commands import app as commands
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from tests.clock import Clock
from tests.sync_server.office.browser import ORIGIN, Browser
from tests.sync_server.wire_client import Device, Server

CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b")


@pytest.fixture
def empty(settings: ServerSettings) -> Iterator[Server]:
    clock = Clock()
    made = Server(create_app(settings, clock), clock)
    yield made
    made.close()


def test_a_commune_is_ready_for_its_first_visit(
    settings: ServerSettings, empty: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUNGNHA_DATA", str(settings.data))
    monkeypatch.setenv("TUNGNHA_DATABASE_URL", settings.database_address)
    monkeypatch.setenv("TUNGNHA_PUBLIC_URL", "http://server")
    run = CliRunner().invoke
    found = json.loads(run(commands, ["commune", "find", "nguyet duc", "--json"]).stdout)["communes"]
    made = run(commands, ["commune", "create", found[0]["code"], "--official", "Đặng Thị Hoa", "--json"])
    official = Browser(empty).type_code(json.loads(made.stdout)["link"].rpartition("/")[2])
    assert "Xã chưa có thôn nào. Thiết lập xã" in official.words

    official.open("/office/setup")
    assert "làm tiếp: 0 thôn" in official.words
    official.send("/setup/villages", names="Thôn Đinh Xá\nThôn Đông")
    assert "làm tiếp: 0 hộ" in official.words

    listed = "STT;Họ và tên chủ hộ;Thôn;Địa chỉ\n1;Nguyễn Văn Hiền;Đinh Xá;Ngõ 1\n2;Trần Thị Mơ;Đông;Ngõ 2\n"
    official.open("/office/lists", "POST", files={"file": ("ho.csv", listed.encode())}, headers={"Origin": ORIGIN})
    official.send("/import")
    official.open("/office/setup")
    assert "làm tiếp: 0 người; chưa có tổ: thôn Đinh Xá, thôn Đông" in official.words

    official.open("/office/people/invite")
    marked = re.findall(r'name="(village:[0-9a-f-]+)"', official.page.text if official.page else "")
    official.send("/people/invite", name="Vũ Thị Lan", role="member", **dict.fromkeys(marked, "1"))
    [code, *_] = CODE.findall(official.words)
    answer = empty.request("POST", "/api/v1/enrollments", json={"code": code})
    lan = Device(empty, answer.json())

    lan.pull()
    household = next(who for kind, who in lan.rows[lan.village] if kind == "household")
    survey_round = next(who for kind, who in lan.rows[lan.village] if kind == "round")
    assert lan.verdicts(lan.visit(household, round=survey_round)) == ["applied"]
    official.open("/office/setup")
    assert "làm tiếp" not in official.words
    official.open("/office/overview")
    assert "Đã gặp 1 trên 2 hộ" in official.words
