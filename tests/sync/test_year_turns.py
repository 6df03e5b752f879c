"""The year turns during a round: what was surveyed in January belongs to the round of the year before."""

from datetime import UTC, datetime, timedelta

import pytest

from app.actions.responses import find_campaign, open_draft, record_response
from survey.records import Commune
from survey.roles import Role
from sync_server.commune.criteria_sets import DEFAULT, load_criteria_set
from sync_server.commune.setup import open_commune
from tests.builders import an_id
from tests.sync.rig import Phone, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
LAST_MINUTE = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)


def visit_with_a_child(phone: Phone, household: str, born: int) -> None:
    """A visit to a mother and her child."""
    phone.visit(household)
    draft = open_draft(phone.database, phone.now, household, find_campaign(phone.database))
    child = an_id()
    draft = draft.agree(True, phone.now).add_resident(child, "child")
    record_response(
        phone.database,
        phone.now,
        draft.change_resident(child, birth_year=born, sex="f"),
        find_campaign(phone.database),
    )


async def test_a_child_born_in_the_new_year_kept_the_visit_from_being_saved(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    rig.clock.now = lan.now = datetime(2027, 1, 10, 3, tzinfo=UTC)
    visit_with_a_child(lan, household, 2027)
    await lan.sync()
    assert (lan.outbox().confirmed, lan.listed(household).to_fix) == (2, 0)
    report = lan.reports()["Đinh Xá"]
    assert report.surveyed == 1
    people = [line for line in report.criteria if line.denominator_name.startswith("người")]
    assert people
    assert all((line.denominator or 0) + line.unknown <= 1 for line in people), "the child counts nowhere yet"


@pytest.mark.parametrize("servers_clock", [LAST_MINUTE, NEW_YEAR, NEW_YEAR + timedelta(days=9)])
async def test_a_new_years_child_is_taken_though_the_servers_clock_is_behind(rig: Rig, servers_clock: datetime) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    lan.now, rig.clock.now = NEW_YEAR, servers_clock
    visit_with_a_child(lan, household, 2027)
    await lan.sync()
    assert lan.outbox().confirmed == 2


async def test_a_phone_years_ahead_does_not_bring_children_of_the_future(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    rig.clock.now, lan.now = LAST_MINUTE, LAST_MINUTE.replace(year=2030)
    visit_with_a_child(lan, household, 2029)
    await lan.sync()
    assert (lan.outbox().confirmed, lan.outbox().invalid) == (1, 1)


@pytest.mark.parametrize(
    ("at", "year"),
    [(LAST_MINUTE, 2026), (NEW_YEAR, 2027), (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), 2027)],
)
async def test_a_commune_opened_on_new_years_morning_got_the_round_of_the_year_before(
    rig: Rig, at: datetime, year: int
) -> None:
    commune = Commune(code="09055", name="Thanh Hà")
    with rig.server.state.database.write() as session:
        first = open_commune(session, commune, load_criteria_set(DEFAULT), at)
    assert (first.reference_year, first.starts_on.year) == (year, year)
    assert first.title == f"Đợt khảo sát năm {year}"
