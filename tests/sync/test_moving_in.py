"""A sign-in that moves to another place of the same person, with the app's own code at both ends."""

import pytest
from sqlmodel import select

from app.actions.responses import discard_draft, find_campaign, keep_draft, open_draft
from app.store.rows import SettingRow
from app.store.sync_state import ENDED, MOVED_TO, find_setting, find_sign_in
from app.sync.client import Refused
from app.sync.enroll import enroll
from survey.roles import Role
from sync_server.commune.devices import revoke
from tests.sync.rig import Phone, Rig
from tests.sync.test_devices import identity
from tests.sync.truth import assert_counted_once

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
A = "Đinh Xá"


def member_of(phone: Phone) -> str:
    with phone.database.read() as session:
        signed_in = find_sign_in(session)
    assert signed_in is not None
    return signed_in.member_id


def said(phone: Phone, key: str) -> str | None:
    with phone.database.read() as session:
        return find_setting(session, key)


def settings_left(phone: Phone) -> set[str]:
    with phone.database.read() as session:
        return set(session.exec(select(SettingRow.key)))


async def code_of(phone: Phone) -> str:
    return (await phone.client.open_transfer(identity(phone)[1])).code


async def in_safari(rig: Rig, code: str) -> Phone:
    """A new place in which this code was used, before its first sync."""
    place = rig.new_phone()
    await enroll(place.database, place.client, code, "Safari, iPhone", place.now)
    return place


async def lan(rig: Rig) -> tuple[Phone, str]:
    home = await rig.add_household(A, "Nguyễn Văn Đức")
    return await rig.phone(Role.MEMBER, "Vũ Thị Lan", A), home


async def test_the_new_place_takes_over_at_its_first_sync_and_the_old_one_empties_itself(rig: Rig) -> None:
    old, home = await lan(rig)
    old.visit(home)
    await old.sync()
    code = await code_of(old)
    assert len(code.replace("-", "")) == 8
    new = await in_safari(rig, code)
    await old.sync()
    assert identity(old)[0], "until the new place has synced the old one works"
    assert (await old.client.find_transfer(identity(old)[1])).used_by == "Safari, iPhone"
    await new.sync()
    assert new.listed(home).visited_at, "what was sent is there"
    await old.sync()
    assert (said(old, ENDED), said(old, MOVED_TO)) == ("moved", "Safari, iPhone")
    assert settings_left(old) == {ENDED, MOVED_TO}
    assert_counted_once(rig)
    again = await rig.phone(Role.MEMBER, "Bùi Văn Sơn", A)
    assert again.listed(home).visited_at


async def test_what_was_recorded_while_the_code_was_out_is_still_handed_in(rig: Rig) -> None:
    old, home = await lan(rig)
    code = await code_of(old)
    old.visit(home)
    rig.clock.pass_by(minutes=5)
    new = await in_safari(rig, code)
    await new.sync()
    old.now = rig.clock()
    await old.sync()
    assert said(old, ENDED) == "moved"
    await new.sync()
    assert new.listed(home).visited_at
    assert_counted_once(rig)


async def test_a_form_that_is_begun_is_not_wiped_with_the_old_place(rig: Rig) -> None:
    old, home = await lan(rig)
    new = await in_safari(rig, await code_of(old))
    campaign = find_campaign(old.database)
    draft = open_draft(old.database, old.now, home, campaign).agree(True, old.now)
    keep_draft(old.database, old.now, draft)
    await new.sync()
    await old.sync()
    assert (said(old, ENDED), said(old, MOVED_TO)) == (None, "Safari, iPhone")
    assert open_draft(old.database, old.now, home, campaign).consent == draft.consent
    discard_draft(old.database, home, member_of(old))
    await old.sync()
    assert said(old, ENDED) == "moved"


async def test_a_code_works_once_and_ten_minutes_and_only_the_last_one(rig: Rig) -> None:
    old, _ = await lan(rig)
    first, second = await code_of(old), await code_of(old)
    with pytest.raises(Refused, match="code-unknown"):
        await in_safari(rig, first)
    await in_safari(rig, second)
    with pytest.raises(Refused, match="code-used"):
        await in_safari(rig, second)
    third = await code_of(old)
    rig.clock.pass_by(minutes=10)
    with pytest.raises(Refused, match="code-expired"):
        await in_safari(rig, third)


async def test_the_code_of_a_place_that_was_ended_is_dead(rig: Rig) -> None:
    old, _ = await lan(rig)
    code = await code_of(old)
    with rig.server.state.database.write() as session:
        revoke(session, "09052", identity(old)[0], "Minh", rig.clock())
    with pytest.raises(Refused, match="code-expired"):
        await in_safari(rig, code)
    with pytest.raises(Refused, match="device-revoked"):
        await code_of(old)


async def test_a_lost_answer_is_had_again_and_moves_once(rig: Rig) -> None:
    old, home = await lan(rig)
    code = await code_of(old)
    new = rig.new_phone()
    key = "k" * 43
    first = await new.client.enroll(code.replace("-", ""), "Safari, iPhone", key)
    assert (await new.client.enroll(code.replace("-", ""), "Safari, iPhone", key)).token == first.token
    await old.sync()
    assert old.listed(home)


async def test_moving_on_and_back(rig: Rig) -> None:
    first, home = await lan(rig)
    second = await in_safari(rig, await code_of(first))
    await second.sync()
    second.visit(home)
    await second.sync()
    await first.sync()
    rig.clock.pass_by(minutes=1)
    await first.enroll(await code_of(second))
    await first.sync()
    await second.sync()
    assert (said(second, ENDED), said(first, ENDED)) == ("moved", None)
    assert first.listed(home).visited_at
