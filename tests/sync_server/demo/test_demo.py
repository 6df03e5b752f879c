"""The demo shows what xã Nguyệt Đức reported: its figures, 8 of 11 villages, and three different reasons to fail."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from survey.agreement import by_village
from survey.coverage import CommuneCoverage, CoverageReport, CriterionCoverage, shortfall
from survey.criteria import form_for
from survey.questions import check_response
from survey.times import vietnam_time
from survey.vietnamese import clean, parse_phone
from sync_server.commune.criteria_sets import load_criteria_set
from sync_server.commune.setup import Invitation, create_commune
from sync_server.demo import plan
from sync_server.demo.households import list_commune
from sync_server.demo.people import OFFICIAL
from sync_server.demo.replay import load_demo
from sync_server.demo.visits import make_visits
from sync_server.demo.workbook import FILE, TITLES, write_workbook
from sync_server.lists.found import Understanding
from sync_server.lists.reading import read_list
from sync_server.main import create_app
from sync_server.problems import Problem
from sync_server.review.asking_again import list_checked
from sync_server.review.drawing import draw_visits
from sync_server.review.noticing import list_standing, notice
from sync_server.settings import ServerSettings
from sync_server.store.back_checks import list_back_checks
from sync_server.store.communes import list_rounds
from tests.builders import an_id

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[FastAPI]:
    server = create_app(ServerSettings(data=tmp_path), clock=lambda: NOW)
    yield server
    server.state.database.close()


@pytest.fixture(scope="module")
def steps() -> list[str]:
    return []


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> Iterator[tuple[FastAPI, dict[str, Invitation]]]:
    server = create_app(ServerSettings(data=tmp_path_factory.mktemp("demo")), clock=lambda: NOW)
    yield server, load_demo(server, steps.append)
    server.state.database.close()


class Browser:
    """A device that enrolled with a code, one request at a time."""

    def __init__(self, server: FastAPI, code: str) -> None:
        self._server = server
        self._headers: dict[str, str] = {}
        reply = self.ask("POST", "/api/v1/enrollments", {"code": code, "device_name": "Máy của người thử"})
        assert reply.status_code == 201, reply.text
        self.session = reply.json()
        self._headers = {"Authorization": f"Bearer {self.session['token']}"}

    def ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(self._server)
            async with httpx.AsyncClient(transport=transport, base_url="http://thu") as client:
                return await client.request(method, path, json=body, headers=self._headers)

        return asyncio.run(once())


@pytest.fixture(scope="module")
def report(demo: tuple[FastAPI, dict[str, Invitation]]) -> CommuneCoverage:
    server, invitations = demo
    reply = Browser(server, invitations["official"].code).ask("GET", f"/api/v1/coverage?commune={plan.COMMUNE}")
    return CommuneCoverage.model_validate_json(reply.content)


def total(report: CommuneCoverage, no: str) -> CriterionCoverage:
    return next(line for line in report.totals if line.no == no)


def village(report: CommuneCoverage, name: str) -> CoverageReport:
    return next(one for one in report.villages if one.village.name == name)


def test_the_reported_figures(report):
    rates = {no: total(report, no).rate for no in "125"}
    assert Fraction(94, 100) < rates["1"] < Fraction(95, 100)
    assert Fraction(89, 100) < rates["2"] < Fraction(90, 100)
    assert Fraction(90, 100) < rates["5"] < Fraction(91, 100)
    assert [total(report, no).denominator_name for no in "125"] == ["người trưởng thành"] * 2 + ["hộ kinh doanh"]
    assert (report.commune.name, report.commune.kind) == ("Nguyệt Đức", "xã")


def test_eight_of_eleven_villages_pass(report):
    assert (report.passed, report.total) == (8, 11)
    assert Counter(one.result.value for one in report.villages) == {"met": 8, "not_met": 2, "not_enough_data": 1}
    assert 1900 < report.registered < 2100


def test_three_villages_fail_for_three_reasons(report):
    low_rate = shortfall(village(report, "Đông Nguyệt"))
    assert [(one.no, one.of, one.result.value) for one in low_rate] == [("2", "residents", "not_met")]
    assert 10 < low_rate[0].count < 30
    no_wifi = shortfall(village(report, "Yên Phú"))
    assert [(one.no, one.count, one.of, one.result.value) for one in no_wifi] == [("9", 1, "items", "not_met")]
    too_few = shortfall(village(report, "Quang Trung"))
    assert {(one.of, one.result.value) for one in too_few} == {("households", "not_enough_data")}
    share = village(report, "Quang Trung").met.surveyed_share
    assert share is not None
    assert share < Fraction(80, 100)


def test_newcomers_village_passes_and_has_doors_left(report):
    here = village(report, plan.NEWCOMERS_VILLAGE)
    assert here.result.value == "met"
    assert here.registered - here.visited >= 20
    assert here.refused > 0


def test_reports_equal_what_the_plan_says(report):
    for made in plan.VILLAGES:
        seen = village(report, made.name)
        assert (seen.registered, seen.surveyed, seen.refused) == (
            made.households - made.vacant, made.surveyed, made.refused,
        )  # fmt: skip


def test_invitations_are_unused_and_of_their_role(demo, report):
    server, invitations = demo
    for role, names in (("member", [plan.NEWCOMERS_VILLAGE]), ("lead", [plan.NEWCOMERS_VILLAGE])):
        browser = Browser(server, invitations[role].code)
        session = browser.session
        assert session["role"] == role
        assert [one["name"] for one in session["villages"]] == names
        request = {"device_time": NOW.isoformat(), "cursors": {session["villages"][0]["id"]: 0}, "limit": 2000}
        rows = browser.ask("POST", "/api/v1/sync", request).json()["streams"][session["villages"][0]["id"]]["rows"]
        kinds = Counter(row["kind"] for row in rows)
        assert kinds["household"] == plan.VILLAGES[0].households
        assert kinds["coverage"] == kinds["criteria_set"] == kinds["round"] == 1
        assert kinds["difference"] == 2


def test_loading_again_only_invites(demo, report):
    server, invitations = demo
    steps: list[str] = []
    again = load_demo(server, steps.append)
    assert steps == ["Dữ liệu dùng thử đã có sẵn, không nạp lại."]
    assert {one.code for one in again.values()}.isdisjoint(one.code for one in invitations.values())
    assert {role: one.member for role, one in again.items()} == {role: one.member for role, one in invitations.items()}
    assert Browser(server, again["official"].code).ask("GET", "/api/v1/coverage").json()["passed"] == 8


def test_progress_is_told_in_vietnamese(demo, steps):
    assert steps[0].startswith("Đã mở xã Nguyệt Đức với 11 thôn")
    assert "2.011 hộ" in steps[1]
    assert re.fullmatch(r"Kiểm tra lại: cán bộ đã hỏi lại \d+ hộ được bốc thăm, còn \d+ hộ chờ hỏi\.", steps[-2])
    assert steps[-1] == "Xong: 8/11 thôn đạt bộ tiêu chí."


def test_a_third_of_the_drawn_families_was_asked_again_and_nobody_is_asked_about(demo):
    database = demo[0].state.database
    with database.read() as session:
        every = list_back_checks(session, plan.COMMUNE, list_rounds(session, plan.COMMUNE)[0].id)
        checked = list_checked(session, plan.COMMUNE)
        assert draw_visits(database, plan.COMMUNE, NOW) == 0, "nothing more is drawn at once"
    assert len(checked) == sum(one.done_by == OFFICIAL for one in every) > 30
    assert len(every) / 4 < len(checked) < len(every) / 2
    compared = [one.matches for one in checked if one.matches is not None]
    assert 0.03 < compared.count(False) / len(compared) < 0.15
    assert len(by_village(checked)) == len(plan.VILLAGES)
    notice(database, plan.COMMUNE, NOW)
    with database.read() as session:
        noticed = Counter(one.doubt.check for one in list_standing(session, plan.COMMUNE))
    assert "asked_again" not in noticed
    assert sum(count for check, count in noticed.items() if check != "pair") <= 2, noticed


class _BrokenOffError(Exception):
    pass


def test_demo_that_was_broken_off_is_completed(empty):
    def stop(text: str) -> None:
        if text.startswith("Thôn Xuân Mới"):
            raise _BrokenOffError

    with pytest.raises(_BrokenOffError):
        load_demo(empty, stop)
    steps: list[str] = []
    load_demo(empty, steps.append)
    assert steps[0].startswith("Thôn Đông Nguyệt")
    assert steps[-1] == "Xong: 8/11 thôn đạt bộ tiêu chí."


def test_real_commune_is_never_filled_with_made_up_people(empty):
    with empty.state.database.write() as session:
        create_commune(session, plan.COMMUNE, NOW)
    with pytest.raises(Problem):
        load_demo(empty)


def test_workbook_is_read_whole_and_clean():
    read = read_list(FILE, Understanding())
    wanted = [(clean(one.village), one.head_name, one.alley, one.number) for one in list_commune()]
    villages = [one.village.replace("Hoà", "Hòa") for one in read.lines]
    assert [
        (name, one.head_name, one.address, one.number) for name, one in zip(villages, read.lines, strict=True)
    ] == wanted
    assert [one.phone for one in read.lines] == [parse_phone(one.phone) for one in list_commune()]
    assert sum(note.left_out for note in read.notes) == len(plan.VILLAGES) + 1  # the lines with sums


def test_workbook_is_the_same_bytes_each_time_and_says_that_it_is_made_up(tmp_path):
    one, other = tmp_path / "một.xlsx", tmp_path / "hai.xlsx"
    write_workbook(one)
    write_workbook(other)
    assert one.read_bytes() == other.read_bytes()
    assert "không phải người thật" in TITLES[2]
    read, committed = read_list(one, Understanding()), read_list(FILE, Understanding())
    assert read == committed


def test_visits_hold_exactly_what_the_form_asks_and_are_always_the_same():
    criteria_set = load_criteria_set(plan.CRITERIA_SET)
    form = form_for(criteria_set)
    made = plan.VILLAGES[0]
    households = [an_id(number) for number in range(made.households)]

    def again() -> list[object]:
        return list(make_visits(made, households, criteria_set, survey_round=an_id(1), year=2026, until=NOW))

    visits = make_visits(made, households, criteria_set, survey_round=an_id(1), year=2026, until=NOW)
    assert visits == again()
    assert len({visit.id for visit in visits}) == len({visit.body.household for visit in visits}) == made.visited
    for visit in visits:
        body = visit.body
        assert check_response(body, 2026) == []
        assert body.started_at < body.ended_at < NOW
        if body.outcome != "completed":
            continue
        asked = {question.key for question in form.household_questions}
        assert body.answers.keys() == asked - ({"accepts_cashless"} if body.answers["runs_business"] == "no" else set())
        for resident in body.residents:
            assert resident.name is None
            wanted = {
                one.question.key
                for one in form.resident_questions
                if one.applies_to(resident.age_in(2026), resident.sex)
            }
            assert resident.answers.keys() == wanted


@pytest.mark.parametrize("made", plan.VILLAGES, ids=lambda made: made.name)
def test_each_of_two_members_is_at_one_door_at_a_time(made: plan.VillagePlan) -> None:
    criteria_set = load_criteria_set(plan.CRITERIA_SET)
    homes = [an_id(number) for number in range(made.households)]
    visits = make_visits(made, homes, criteria_set, survey_round=an_id(1), year=2026, until=NOW, members=2)
    assert {one.member for one in visits} == {0, 1}
    for member in (0, 1):
        own = [one.body for one in visits if one.member == member]
        for before, after in pairwise(own):
            assert before.ended_at + timedelta(seconds=30) <= after.started_at
        assert {hour for one in own for hour in (vietnam_time(one.started_at).hour,)} <= set(range(8, 23))
        assert all(one.consent is None or one.consent.at == one.started_at for one in own)


def test_plan_that_visits_more_doors_than_there_are():
    criteria_set = load_criteria_set(plan.CRITERIA_SET)
    with pytest.raises(ValueError, match="Đinh Xá"):
        make_visits(plan.VILLAGES[0], [an_id(1)], criteria_set, survey_round=an_id(1), year=2026, until=NOW)
