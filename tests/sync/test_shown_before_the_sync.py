"""Before the sync the list shows what it shows after it: both ends follow one rule of what a visit does."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.sync.exchange import exchange
from survey.records import Outcome
from survey.roles import Role
from tests.sync.rig import Phone, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
outcomes = st.sampled_from(Outcome)
Row = tuple[object, ...]


def visit(phone: Phone, household: str, outcome: Outcome) -> None:
    if outcome is Outcome.COMPLETED:
        phone.visit(household)
    else:
        phone.end(household, outcome)


def shown(phone: Phone, household: str) -> Row:
    """What the list says of the household, and whether it is among those to be visited."""
    row = phone.listed(household)
    is_there = household in {one.id for one in phone.households()}
    return row.status, row.outcome, row.visited_by, row.visited_at, row.ask_again, is_there


async def receive(phone: Phone) -> None:
    """Only receive: what waits goes on waiting."""
    while (await exchange(phone.database, phone.client, phone.now, most_changes=0)).received:
        pass


@pytest.mark.parametrize(
    ("first", "then", "status", "outcome"),
    [
        (Outcome.VACANT, Outcome.COMPLETED, "active", Outcome.COMPLETED),
        (Outcome.VACANT, Outcome.ABSENT, "vacant", Outcome.VACANT),
        (Outcome.MOVED, Outcome.REFUSED, "refused", Outcome.REFUSED),
    ],
)
async def test_a_second_visit_showed_something_else_until_the_sync(
    rig: Rig, first: Outcome, then: Outcome, status: str, outcome: Outcome
) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    visit(lan, household, first)
    await lan.sync()
    visit(lan, household, then)
    before = shown(lan, household)
    assert before[:2] == (status, outcome)
    await lan.sync()
    assert shown(lan, household) == before


async def test_nobody_at_home_showed_as_the_visitor_until_the_sync(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    lan.visit(household)
    await lan.sync()
    await minh.sync()
    minh.end(household, Outcome.ABSENT)
    assert minh.listed(household).visited_by == "Vũ Thị Lan"


async def test_after_a_closed_door_the_form_began_empty_until_the_sync(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    lan.visit(household, birth_year=1971)
    lan.end(household, Outcome.ABSENT)
    lan.visit(household, birth_year=1972)
    await lan.sync()
    assert lan.reports()["Đinh Xá"].criteria[0].denominator == 1, "the same person, corrected"


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans=st.lists(st.tuples(st.lists(outcomes, max_size=3), st.lists(outcomes, max_size=3)), max_size=8))
async def test_the_list_shows_before_the_sync_what_it_shows_after(
    rig: Rig, plans: list[tuple[list[Outcome], list[Outcome]]]
) -> None:
    """Each plan is one household: what the colleague's phone recorded and sent, then what waits on this one."""
    if not rig.phones:
        await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
        await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    lan, minh = rig.phones[:2]
    homes = await rig.add_households("Đinh Xá", len(plans))
    await lan.sync()
    await minh.sync()
    for household, (theirs, mine) in zip(homes, plans, strict=True):
        for outcome in theirs:
            visit(minh, household, outcome)
        for outcome in mine:
            visit(lan, household, outcome)
    await minh.sync()
    await receive(lan)
    before = [shown(lan, household) for household in homes]
    await lan.sync()
    assert [shown(lan, household) for household in homes] == before
    await minh.sync()
    assert [shown(minh, household) for household in homes] == before
