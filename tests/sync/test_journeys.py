"""Whole journeys with the app's own code on both ends: what one person does reaches the others, and only them."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from app.sync.client import Refused, Unreachable
from survey.criteria import Result
from survey.records import Outcome
from survey.roles import Role
from sync_server.store.device_lines import list_devices
from tests.sync.rig import Rig

Send = Callable[[httpx.Request], Awaitable[httpx.Response]]

pytestmark = pytest.mark.anyio


async def test_a_visit_goes_from_an_offline_phone_into_the_communes_table(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    await rig.add_household("Đinh Xá", "Trần Thị Hòa")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    assert [row.head_name for row in lan.households()] == ["Nguyễn Văn Đức", "Trần Thị Hòa"]

    lan.visit(household)
    assert (lan.listed(household).waiting, lan.outbox().waiting) == (1, 1)
    await lan.sync()
    assert (lan.listed(household).waiting, lan.outbox().confirmed) == (0, 1)
    assert lan.listed(household).visited_by == "Vũ Thị Lan"

    hoa = await rig.phone(Role.OFFICIAL, "Đặng Thị Hoa")
    report = hoa.reports()["Đinh Xá"]
    assert (report.registered, report.visited, report.surveyed) == (2, 1, 1)
    assert report.criteria[0].result is Result.NOT_ENOUGH_DATA, "half of the village is not 80 %"


async def test_what_a_colleague_recorded_is_on_my_phone_too(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    lan.visit(household)
    await lan.sync()
    await minh.sync()
    listed = minh.listed(household)
    assert (listed.outcome, listed.visited_by, listed.waiting) == (Outcome.COMPLETED, "Vũ Thị Lan", 0)


async def test_a_member_sees_only_their_own_village(rig: Rig) -> None:
    await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    await rig.add_household("Nghinh Tiên", "Trần Thị Hòa")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    assert [row.head_name for row in lan.households()] == ["Nguyễn Văn Đức"]
    assert set(lan.reports()) == {"Đinh Xá"}


async def test_two_phones_that_surveyed_apart_end_with_the_same_rows(rig: Rig) -> None:
    homes = [await rig.add_household("Đinh Xá", f"Nguyễn Văn {name}") for name in ("An", "Bình", "Cường")]
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    lan.visit(homes[0])
    minh.visit(homes[1])
    minh.end(homes[2], Outcome.REFUSED)
    for phone in (lan, minh, lan):
        await phone.sync()
    assert lan.households() == minh.households()
    assert lan.reports() == minh.reports()
    assert lan.reports()["Đinh Xá"].visited == 3


async def test_two_first_visits_to_one_family_count_it_once_and_show_the_difference(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    lan.visit(household, phones="yes")
    minh.visit(household, phones="no")
    await lan.sync()
    await minh.sync()
    await lan.sync()
    [smartphones] = [line for line in lan.reports()["Đinh Xá"].criteria if line.no == "1"]
    assert (smartphones.numerator, smartphones.denominator) == (0, 1), "one person, the later received shows"
    assert minh.outbox().confirmed == 1


async def test_many_households_come_in_pages(rig: Rig) -> None:
    for number in range(12):
        await rig.add_household("Đinh Xá", f"Nguyễn Văn {number:02d}")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    assert len(lan.households()) == 12


async def test_a_code_works_once(rig: Rig) -> None:
    code = rig.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    first = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    await first.enroll(code)
    with pytest.raises(Refused) as refusal:
        await first.enroll(code)
    assert refusal.value.problem.slug == "code-used"


async def test_a_sign_in_whose_answer_was_lost_succeeds_the_next_time(rig: Rig) -> None:
    code = rig.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    phone = rig.new_phone()

    async def lose_reply(request: httpx.Request, send: Send) -> httpx.Response:
        await send(request)
        raise httpx.ReadError("cut off", request=request)

    phone.link.way = lose_reply
    with pytest.raises(Unreachable):
        await phone.enroll(code)
    phone.link.way = None
    await phone.enroll(code)
    await phone.sync()
    with rig.server.state.database.read() as session:
        assert len(list_devices(session, "09052")) == 1, "one phone, one device"
    other = rig.new_phone()
    with pytest.raises(Refused) as refusal:
        await other.enroll(code)
    assert refusal.value.problem.slug == "code-used"


@pytest.mark.parametrize("typed", ["", "7Q4M", "ZZZZ-ZZZZ-ZZZZ-ZZZY", "xin chào"])
async def test_a_mistyped_code_is_refused_in_words(rig: Rig, typed: str) -> None:
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    with pytest.raises(Refused) as refusal:
        await lan.enroll(typed)
    assert refusal.value.problem.slug == "code-unknown"


async def test_an_expired_code_is_refused(rig: Rig) -> None:
    code = rig.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    rig.clock.pass_by(days=15)
    with pytest.raises(Refused) as refusal:
        await lan.enroll(code)
    assert refusal.value.problem.slug == "code-expired"
