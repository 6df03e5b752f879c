"""Signing: what is frozen stays as it was, byte for byte, whatever phones send afterwards."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.periods import PeriodKind, Plan, ReportingPeriod
from survey.problems import FIELDS_INVALID
from survey.reports import Letterhead, Report, Wording, canonical, check_code, hash_of
from survey.times import vietnam_midnight
from sync_server.access.caller import Caller, sign_in
from sync_server.coverage import count_again
from sync_server.ids import new_id
from sync_server.problems import Problem
from sync_server.reports.checklist import check_before_signing
from sync_server.reports.compose import compose_period, read_signed
from sync_server.reports.formats import FORMATS
from sync_server.reports.plan import change_period, open_period, remove_period, write_draft
from sync_server.reports.sign import Prepared, keep_report, prepare_report, sign_report
from sync_server.reports.since import changed_since
from sync_server.reports.trend import list_signed
from sync_server.store.reports import SignedReport, find_file, find_report, list_reports
from tests.builders import NOW, a_commune, an_id
from tests.sync_server.wire_client import COMMUNE, Device, Server, a_person

LAST_DAY = date(2026, 11, 14)
SIGNED_BY = Letterhead(issuer="Ủy ban nhân dân\nxã Nguyệt Đức", signer="Nguyễn Thị Hạnh")
LAST: dict[str, str] = {}
CUT_OFF = vietnam_midnight(LAST_DAY + timedelta(days=1))


@pytest.fixture
def period(server: Server) -> ReportingPeriod:
    """A period that ended a week ago."""
    with server.database.write() as session:
        made = open_period(
            session, COMMUNE, PeriodKind.MONTH, "tháng 11 năm 2026", date(2026, 10, 15), LAST_DAY, server.clock()
        )
        write_draft(session, COMMUNE, made.id, SIGNED_BY, Wording(shortcomings="Nhiều nhà đi làm xa."))
    return made


def caller_of(server: Server, device: Device) -> Caller:
    return sign_in(server.database, device.enrolled["token"], timedelta(days=14), server.clock())


def sign(
    server: Server, official: Device, period: ReportingPeriod, reason: str = "", seen: int | None = None
) -> SignedReport:
    caller = caller_of(server, official)
    with server.database.read() as session:
        known = list_reports(session, COMMUNE)
    number = (known[0].number if known else 0) if seen is None else seen
    return sign_report(server.database, caller, period.id, new_id(server.clock()), number, reason, server.clock())


def everything(server: Server, signed: SignedReport) -> list[bytes]:
    """All bytes that were kept of a report."""
    with server.database.read() as session:
        found = find_report(session, COMMUNE, signed.id)
        files = [find_file(session, COMMUNE, signed.id, ending) for ending in FORMATS]
    assert found is not None
    return [found.content, found.hash.encode(), *(file.content for file in files if file)]


def visit(device: Device, home: str, ended: datetime, **more: Any) -> dict[str, Any]:
    """A visit that ended then, and saw the one that the household had before (`based_on`)."""
    times = {"started_at": (ended - timedelta(minutes=5)).isoformat(), "ended_at": ended.isoformat()}
    made = device.visit(home, **times, **{"based_on": LAST.get(home)} | more)
    LAST[home] = made["subject"]
    return made


def new_home(device: Device) -> str:
    home = an_id()
    assert device.verdicts(device.change("household", home, {"head_name": "Lê Thị Bé"})) == ["applied"]
    return home


def test_every_byte_stays_after_many_visits(
    server: Server, lan_member: Device, hoa_official: Device, household: str, period: ReportingPeriod
) -> None:
    lan_member.send(visit(lan_member, household, CUT_OFF - timedelta(days=3)))
    signed = sign(server, hoa_official, period)
    before = everything(server, signed)
    assert len(before) == 2 + len(FORMATS)
    assert hash_of(signed.content) == signed.hash
    server.clock.pass_by(hours=1)
    homes = [an_id() for _ in range(250)]
    for some in (homes[:125], homes[125:]):
        added = [lan_member.change("household", home, {"head_name": "Lê Thị Bé"}) for home in some]
        assert set(lan_member.verdicts(*added)) == {"applied"}
        # Half of them were made before the cut-off, on a phone that had no coverage until now.
        days = [-1 if number % 2 else 1 for number in range(len(some))]
        visits = [visit(lan_member, home, CUT_OFF + timedelta(days=day)) for home, day in zip(some, days, strict=True)]
        assert set(lan_member.verdicts(*visits)) == {"applied"}
    again = [
        visit(lan_member, home, CUT_OFF + timedelta(days=2), outcome="refused", answers={}, residents=[])
        for home in homes
    ]
    lan_member.send(*again[:200])
    lan_member.send(*again[200:])
    assert everything(server, signed) == before
    with server.database.read() as session:
        since = changed_since(session, a_commune(), read_signed(signed), server.clock())
    assert (since.registered, since.late, since.later) == (250, 124, 376)
    assert [one.name for one in since.villages] == ["thôn Đinh Xá"]


def test_visits_to_a_joined_household_are_the_kept_ones(
    server: Server, lan_member: Device, tuyet_member: Device, hoa_official: Device, household: str,
    period: ReportingPeriod,
) -> None:  # fmt: skip
    kept = new_home(tuyet_member)
    signed = sign(server, hoa_official, period)
    server.clock.pass_by(hours=1)
    lan_member.send(visit(lan_member, household, CUT_OFF - timedelta(days=1)))
    lan_member.send(visit(lan_member, household, CUT_OFF + timedelta(days=1)))
    body = {"household": kept, "other": household, "undo": False}
    join = hoa_official.change("join", an_id(), body, village=tuyet_member.village)
    for undo, places in ((False, {"thôn Đinh Xá": (-1, 0, 0), "thôn Nghinh Tiên": (0, 1, 1)}), (True, None)):
        sent = join | {"id": an_id(), "subject": an_id(), "body": body | {"undo": undo}, "device_seq": 50 + undo}
        assert hoa_official.verdicts(sent) == ["applied"]
        with server.database.read() as session:
            since = changed_since(session, a_commune(), read_signed(signed), server.clock())
        found = {one.name: (one.registered, one.late, one.later) for one in since.villages}
        assert found == (places or {"thôn Đinh Xá": (0, 1, 1)})


def test_visits_after_the_cut_off_are_of_the_next_period(
    server: Server, lan_member: Device, hoa_official: Device, household: str, period: ReportingPeriod
) -> None:
    other, third = new_home(lan_member), new_home(lan_member)
    lan_member.send(visit(lan_member, household, CUT_OFF - timedelta(seconds=1)))
    lan_member.send(visit(lan_member, other, CUT_OFF))
    lan_member.send(visit(lan_member, third, CUT_OFF - timedelta(days=1)))
    lan_member.send(visit(lan_member, third, CUT_OFF + timedelta(days=1), outcome="moved"))
    with server.database.read() as session:
        report = compose_period(session, a_commune(), period.id, server.clock())
    assert (report.coverage.registered, report.coverage.surveyed, report.late) == (3, 2, 2)
    signed = read_signed(sign(server, hoa_official, period))
    assert signed.coverage.surveyed == 2
    assert [one.is_well for one in checks_of(server, report)][:1] == [True]


def checks_of(server: Server, report: Report) -> list[Any]:
    with server.database.read() as session:
        return check_before_signing(session, report, server.clock())


def test_a_replacement_says_what_it_replaces_and_why(
    server: Server, lan_member: Device, hoa_official: Device, household: str, period: ReportingPeriod
) -> None:
    first = sign(server, hoa_official, period)
    before = everything(server, first)
    with pytest.raises(Problem) as refused:
        sign(server, hoa_official, period)
    assert "Lý do" in (refused.value.details.detail or "")
    lan_member.send(visit(lan_member, household, CUT_OFF - timedelta(days=1)))
    second = sign(server, hoa_official, period, "Thêm một phiếu ghi trước ngày chốt")
    content = read_signed(second)
    assert content.replaces is not None
    assert (content.replaces.number, content.replaces.code) == (1, check_code(first.hash))
    assert content.previous_hash == first.hash
    assert everything(server, first) == before
    with server.database.read() as session:
        assert [one.replaced_by for one in list_reports(session, COMMUNE)] == [None, second.id]
        assert [one.number for one in list_signed(session, COMMUNE)] == [2], "what was replaced is in no drawing"
    assert content.coverage.surveyed == 1


def test_who_signs_twice_or_too_late_signs_once(
    server: Server, hoa_official: Device, household: str, period: ReportingPeriod
) -> None:
    caller, identity = caller_of(server, hoa_official), an_id()
    with server.database.read() as session:
        slow = prepare_report(session, caller, period.id, an_id(), 0, "", server.clock())
    for _ in range(2):
        signed = sign_report(server.database, caller, period.id, identity, 0, "", server.clock())
        assert (signed.id, signed.number) == (identity, 1)
    assert isinstance(slow, Prepared)
    with server.database.write() as session, pytest.raises(Problem):
        keep_report(session, caller, slow)
    with pytest.raises(Problem) as refused:
        sign(server, hoa_official, period, "sửa", seen=0)
    assert refused.value.details.slug == FIELDS_INVALID.slug
    with server.database.read() as session:
        assert len(list_reports(session, COMMUNE)) == 1


def test_the_next_period_compares_with_this_one(
    server: Server, lan_member: Device, hoa_official: Device, household: str, period: ReportingPeriod
) -> None:
    lan_member.send(visit(lan_member, household, CUT_OFF - timedelta(days=1)))
    first = sign(server, hoa_official, period)
    server.clock.pass_by(days=40)
    with server.database.write() as session:
        month = PeriodKind.MONTH
        days = date(2026, 11, 15), date(2026, 12, 14)
        following = open_period(session, COMMUNE, month, "tháng 12 năm 2026", *days, server.clock())
        change_period(session, COMMUNE, following.id, "tháng 12 năm 2026", *days, Plan(passed=2, rates={"1": "80"}))
        report = compose_period(session, a_commune(), following.id, server.clock())
        with pytest.raises(Problem):
            open_period(session, COMMUNE, month, "lần nữa", *days, server.clock())
        with pytest.raises(Problem):
            remove_period(session, COMMUNE, period.id)
        with pytest.raises(Problem):
            change_period(session, COMMUNE, period.id, "x", date(2026, 10, 1), LAST_DAY, Plan())
    assert report.before is not None
    assert report.period is not None
    assert (report.before.title, report.before.surveyed, report.period.plan.passed) == ("tháng 11 năm 2026", 1, 2)
    assert report.before.code == check_code(first.hash)
    assert report.letterhead == SIGNED_BY


def test_nobody_of_the_households_is_in_a_report(
    server: Server, lan_member: Device, hoa_official: Device, period: ReportingPeriod
) -> None:
    home = an_id()
    lan_member.send(lan_member.change("household", home, {"head_name": "Nguyễn Văn Đức", "phone": "0912345678"}))
    person = a_person(name="Nguyễn Thị Mai")
    lan_member.send(visit(lan_member, home, CUT_OFF - timedelta(days=1), residents=[person]))
    signed = sign(server, hoa_official, period)
    text = signed.content.decode()
    assert not any(secret in text for secret in ("Nguyễn Văn Đức", "Mai", "912345678", home, person["id"]))
    assert canonical(Report.model_validate(json.loads(text))) == signed.content


OUTCOMES = {"completed": "surveyed", "refused": "refused", "absent": "absent", "moved": "moved"}
VISITS = st.lists(st.tuples(st.integers(0, 3), st.integers(-3, 3), st.sampled_from([*OUTCOMES])), max_size=9)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(VISITS)
def test_a_cut_off_counts_as_if_nothing_had_come_after(
    server: Server, lan_member: Device, visits: list[tuple[int, int, str]]
) -> None:
    """Each household counts by its last visit before the cut-off, whatever was made or sent later."""
    village = server.villages["Đinh Xá"].id

    def figures() -> dict[str, int]:
        with server.database.read() as session:
            [report] = count_again(session, COMMUNE, {village}, NOW, until=CUT_OFF)
        return {name: getattr(report, name) for name in ("registered", *OUTCOMES.values())}

    before = figures()
    homes = [new_home(lan_member) for _ in range(4)]
    last: dict[int, str] = {}
    for home, day, outcome in sorted(visits, key=lambda one: one[1]):
        made = visit(lan_member, homes[home], CUT_OFF + timedelta(days=day), outcome=outcome)
        assert lan_member.verdicts(made) == ["applied"]
        if day < 0 and (outcome != "absent" or home not in last):  # nobody at home takes no answer back
            last[home] = outcome
    expected = before | {"registered": before["registered"] + 4 - list(last.values()).count("moved")}
    for outcome, name in OUTCOMES.items():
        expected[name] += list(last.values()).count(outcome)
    assert figures() == expected
