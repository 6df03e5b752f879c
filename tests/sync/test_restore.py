"""The drill: back up, go on working, lose the server, restore the older copy, sync all phones. Nothing is missing."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.store.outbox import add_to_outbox
from app.sync.client import Refused
from survey.coverage import CoverageReport
from survey.criteria import CriteriaSet
from survey.records import Household
from survey.roles import Role
from sync_server.backup import back_up, restore
from sync_server.commune.setup import invite
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from tests.builders import an_id
from tests.fold import tally
from tests.sync.rig import Link, Phone, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
VILLAGE = "Đinh Xá"
Rows = set[tuple[str, str, str, int, str]]


class Drill:
    """A rig whose server can be backed up, and come back as an older copy of itself."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.settings: ServerSettings = rig.server.state.settings

    def back_up(self, name: str = "copy.db") -> Path:
        file = self.rig.folder / name
        back_up(self.settings, file)
        return file

    def restore(self, file: Path) -> None:
        self.rig.server.state.database.close()
        self.rig.clock.pass_by(hours=1)
        restore(self.settings, file, self.rig.clock())
        self.rig.server = create_app(self.settings, self.rig.clock)
        for phone in self.rig.phones:
            phone.link = Link(self.rig.server)

    async def sync_all(self, *first: Phone) -> None:
        """Every phone twice: what the last one handed in reaches the first one, too."""
        for _ in range(2):
            for phone in [*first, *(one for one in self.rig.phones if one not in first)]:
                await phone.sync()

    def on_server(self, statement: str) -> list[tuple[object, ...]]:
        with self.rig.server.state.database.read() as session:
            return [tuple(row) for row in session.execute(text(statement))]


@pytest.fixture
def drill(rig: Rig) -> Drill:
    return Drill(rig)


def rows_of(phone: Phone, village: str) -> Rows:
    with phone.database.read() as session:
        query = text("SELECT village_id, kind, subject, seq, body FROM stream_row WHERE village_id = :village")
        return {tuple(row) for row in session.connection().execute(query, {"village": village})}


def visits_on(phone: Phone) -> set[str]:
    with phone.database.read() as session:
        return set(session.connection().execute(text("SELECT id FROM response")).scalars())


def change(phone: Phone, kind: str, village: str, body: dict[str, object], household: str | None = None) -> str:
    subject = household or an_id()
    with phone.database.write() as session:
        add_to_outbox(
            session, identity=an_id(), kind=kind, subject=subject, household=household, village=village,
            captured_at=phone.now, seen=0, body=body,
        )  # fmt: skip
    return subject


def assert_nothing_is_missing(drill: Drill, phones: list[Phone]) -> None:
    """Every visit of every phone is on the server once, is counted once, and all phones hold the same."""
    kept = {str(row[0]) for row in drill.on_server("SELECT id FROM response")}
    recorded = set().union(*(visits_on(phone) for phone in phones))
    assert kept == recorded
    counts = drill.on_server("SELECT count(*), count(DISTINCT subject) FROM change WHERE kind = 'response'")
    assert counts == [(len(recorded), len(recorded))]
    for phone in phones:
        counts_here = phone.outbox()
        assert (counts_here.waiting, counts_here.held, counts_here.invalid) == (0, 0, 0)
    village = drill.rig.villages[VILLAGE]
    states = {frozenset(rows_of(phone, village)) for phone in phones}
    assert len(states) == 1
    assert_coverage_is_the_fold(phones[0], village)


def assert_coverage_is_the_fold(phone: Phone, village: str) -> None:
    bodies = {(kind, subject): body for _, kind, subject, _, body in rows_of(phone, village)}
    report = CoverageReport.model_validate_json(bodies["coverage", village])
    households = [Household.model_validate_json(body) for (kind, _), body in bodies.items() if kind == "household"]
    sets = [CriteriaSet.model_validate_json(body) for (kind, _), body in bodies.items() if kind == "criteria_set"]
    measures = sets[0].measures()
    folded = tally(households, measures, 2026)
    assert (report.registered, report.visited, report.surveyed, report.refused) == (
        folded.registered, folded.visited, folded.surveyed, folded.refused,
    )  # fmt: skip
    by_no = {line.no: line for line in report.criteria}
    for criterion in sets[0].criteria:
        if criterion.measure is not None:
            counted, line = folded.count(criterion.measure.key), by_no[criterion.no]
            assert (line.numerator, line.unknown) == (counted.yes, counted.unknown), criterion.no


async def a_team(rig: Rig) -> tuple[list[Phone], list[str]]:
    """Two members, a lead and the office in one village of twelve households."""
    homes = await rig.add_households(VILLAGE, 12)
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", VILLAGE)
    binh = await rig.phone(Role.MEMBER, "Trần Văn Bình", VILLAGE)
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", VILLAGE)
    assert rig.office
    return [lan, binh, minh, rig.office], homes


@pytest.mark.parametrize("first", range(4), ids=["a member", "another member", "the lead", "the office"])
async def test_the_drill(drill: Drill, first: int) -> None:
    rig = drill.rig
    phones, homes = await a_team(rig)
    lan, binh, minh, office = phones
    village = rig.villages[VILLAGE]
    lan.visit(homes[0])
    binh.visit(homes[1], phones="no")
    await drill.sync_all()
    copy = drill.back_up()

    lan.visit(homes[2])
    lan.visit(homes[0], phones="no")  # again, after the backup
    binh.visit(homes[3])
    await drill.sync_all()
    binh.visit(homes[2], birth_year=1950)  # the second visit to a household whose first one the copy does not know
    new_home = change(office, "household", village, {"head_name": "Trần Thị Hòa", "address": "Ngõ 7"})
    change(minh, "household", village, {"phone": "0912345678"}, household=homes[5])
    criterion = attested_criterion(minh)
    change(minh, "attestation", village, {"criterion": criterion, "value": True, "evidence": "Biên bản"})
    await drill.sync_all()
    lan.visit(new_home)
    await drill.sync_all()
    lan.visit(homes[4])  # not handed in yet when the server is lost
    before = lan.reports()[VILLAGE]

    drill.restore(copy)
    assert drill.on_server("SELECT count(*) FROM response") == [(2,)]
    await drill.sync_all(phones[first])
    assert_nothing_is_missing(drill, phones)
    after = lan.reports()[VILLAGE]
    assert (after.registered, after.surveyed) == (before.registered, before.surveyed + 1)
    assert lan.listed(new_home).visited_by == "Vũ Thị Lan"
    assert drill.on_server(f"SELECT phone FROM household WHERE id = '{homes[5]}'") == [("+84912345678",)]
    assert drill.on_server("SELECT count(*) FROM attestation") == [(1,)]


def attested_criterion(phone: Phone) -> str:
    from app.actions.responses import find_campaign

    criteria = find_campaign(phone.database).criteria_set.criteria
    return next(one.no for one in criteria if one.source == "attested" and one.kind == "boolean")


async def test_work_goes_on_between_the_restore_and_the_last_phone(drill: Drill) -> None:
    phones, homes = await a_team(drill.rig)
    lan, binh, minh, _ = phones
    copy = drill.back_up()
    for home in homes[:6]:
        lan.visit(home)
    await drill.sync_all()
    drill.restore(copy)
    await minh.sync()
    minh.visit(homes[0], phones="no")  # nobody knows any more that Lan was there
    await minh.sync()
    binh.visit(homes[7])
    await drill.sync_all(binh)
    assert_nothing_is_missing(drill, phones)


async def test_restored_twice(drill: Drill) -> None:
    phones, homes = await a_team(drill.rig)
    copy = drill.back_up()
    phones[0].visit(homes[0])
    await drill.sync_all()
    later = drill.back_up("later.db")
    phones[1].visit(homes[1])
    await drill.sync_all()
    drill.restore(copy)
    await phones[0].sync()
    drill.restore(later)
    phones[2].visit(homes[2])
    await drill.sync_all()
    assert_nothing_is_missing(drill, phones)


async def test_a_phone_that_the_copy_does_not_know_signs_in_again_and_hands_everything_in(drill: Drill) -> None:
    rig = drill.rig
    phones, homes = await a_team(rig)
    copy = drill.back_up()
    late = await rig.phone(Role.MEMBER, "Lê Thị Tuyết", VILLAGE)
    late.visit(homes[0])
    await late.sync()
    late.visit(homes[1])
    drill.restore(copy)
    with pytest.raises(Refused) as refused:
        await late.sync()
    assert refused.value.problem.slug == "not-signed-in"
    assert (late.outbox().waiting, late.outbox().confirmed) == (1, 1), "nothing is wiped"
    with rig.server.state.database.write() as session:
        code = invite(session, "09052", Role.MEMBER, "Lê Thị Tuyết", [VILLAGE], rig.clock(), public_url="http://s").code
    await late.enroll(code)
    await drill.sync_all()
    assert_nothing_is_missing(drill, [*phones, late])


async def test_a_phone_whose_credential_was_renewed_since_the_copy_goes_on(drill: Drill) -> None:
    phones, homes = await a_team(drill.rig)
    lan = phones[0]
    copy = drill.back_up()
    drill.rig.clock.pass_by(days=31)
    await drill.sync_all()
    lan.visit(homes[0])
    await drill.sync_all()
    drill.restore(copy)
    await drill.sync_all()
    assert_nothing_is_missing(drill, phones)


async def test_a_phone_with_a_wrong_clock_offers_again_too(drill: Drill) -> None:
    phones, homes = await a_team(drill.rig)
    lan = phones[0]
    copy = drill.back_up()
    lan.now -= timedelta(days=56 * 365)  # 1970 when it handed in, right again when the server comes back
    lan.visit(homes[0])
    await lan.sync()
    lan.now = drill.rig.clock()
    drill.restore(copy)
    await drill.sync_all()
    assert_nothing_is_missing(drill, phones)


async def test_what_the_lost_server_alone_had_leaves_the_phones_by_itself(drill: Drill) -> None:
    phones, homes = await a_team(drill.rig)
    lan, village = phones[0], drill.rig.villages[VILLAGE]
    copy = drill.back_up()
    with drill.rig.server.state.database.write() as session:
        invite(session, "09052", Role.LEAD, "Người mới", [VILLAGE], drill.rig.clock(), public_url="http://s")
    await drill.sync_all()
    assert "Người mới" in str(rows_of(lan, village))
    lan.visit(homes[0])
    drill.restore(copy)
    await lan.sync()
    assert "Người mới" not in str(rows_of(lan, village))
    await drill.sync_all()
    assert_nothing_is_missing(drill, phones)


async def test_one_sync_is_enough_to_hand_in_again(drill: Drill) -> None:
    phones, homes = await a_team(drill.rig)
    lan = phones[0]
    copy = drill.back_up()
    lan.visit(homes[0])
    await lan.sync()
    drill.restore(copy)
    await lan.sync()
    assert (lan.outbox().waiting, lan.outbox().confirmed) == (0, 1)
    assert drill.on_server("SELECT count(*) FROM response") == [(1,)]


async def test_a_correction_that_replaced_an_invalid_visit_is_not_asked_for_again(drill: Drill) -> None:
    phones, homes = await a_team(drill.rig)
    lan, village = phones[0], drill.rig.villages[VILLAGE]
    with lan.database.write() as session:
        add_to_outbox(
            session, identity=an_id(), kind="response", subject=an_id(), household=homes[0], village=village,
            captured_at=lan.now, seen=0, body={"household": homes[0], "outcome": "?"},
        )  # fmt: skip
    await lan.sync()
    assert lan.outbox().invalid == 1
    with lan.database.write() as session:
        session.connection().execute(text("UPDATE outbox SET state = 'replaced' WHERE state = 'invalid'"))
    copy = drill.back_up()
    drill.restore(copy)
    await lan.sync()
    assert (lan.outbox().invalid, lan.outbox().waiting) == (0, 0)
