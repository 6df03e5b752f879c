"""Causes of lost work that are known from other systems, each with a test; `docs/known-causes.md` lists them all."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.actions.households import move_household
from app.actions.responses import (
    AnswersIncomplete,
    find_campaign,
    keep_draft,
    open_draft,
    record_response,
)
from app.store.outbox import add_to_outbox, list_waiting
from app.sync.exchange import exchange
from survey.drafts import ResponseDraft
from survey.indicators import Measure, Population
from survey.roles import Role
from sync_server.publish import Subject, publish
from sync_server.store.device_lines import list_devices_of_village
from tests.builders import ADULTS_WITH_SMARTPHONE, a_criteria_set, a_ratio, a_round, an_id
from tests.sync.rig import Phone, Rig
from tests.sync.test_bad_links import Send
from tests.sync.truth import assert_counted_once, differences, households_by_village, visits_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
A, B = "Đinh Xá", "Nghinh Tiên"


async def lan_in(rig: Rig, *villages: str) -> Phone:
    return await rig.phone(Role.MEMBER, "Vũ Thị Lan", *villages)


async def test_local_overwrite_before_acknowledgement(rig: Rig) -> None:
    """The page that comes down has a colleague's visits to houses whose own visits were not acknowledged yet."""
    first, second = await rig.add_households(A, 2)
    lan, minh = await lan_in(rig, A), await rig.phone(Role.LEAD, "Hoàng Văn Minh", A)
    lan.now += timedelta(minutes=5)
    mine = [lan.visit(home, phones="no") for home in (first, second)]
    theirs = [minh.visit(home, phones="yes") for home in (first, second)]
    await minh.sync()
    done = await exchange(lan.database, lan.client, lan.now, most_changes=1)
    assert (done.judged, lan.outbox().waiting) == (1, 1)
    assert (lan.listed(second).waiting, lan.listed(second).visited_by) == (1, "Vũ Thị Lan")
    [person] = open_draft(lan.database, lan.now, second, find_campaign(lan.database)).residents
    assert person.answers["has_smartphone"] == "no", "the form still opens with what was written here"
    await lan.sync()
    for home, *both in zip((first, second), mine, theirs, strict=True):
        assert set(visits_of(rig, home)) == set(both)
    assert {one["household"] for one in differences(rig).values()} == {first, second}


async def test_a_push_that_got_no_verdict_is_not_taken_for_sent(rig: Rig) -> None:
    """The server dropped the changes and said nothing of them, but sent its rows."""
    [home] = await rig.add_households(A, 1)
    lan = await lan_in(rig, A)
    lan.visit(home)

    async def drop(request: httpx.Request, send: Send) -> httpx.Response:
        sent = httpx.Request("POST", request.url, headers=lan_headers(request), json={"device_time": str(lan.now)})
        return await send(sent)

    lan.link.way = drop
    done = await lan.sync()
    assert (done.judged, lan.outbox().waiting, lan.listed(home).waiting) == (0, 1, 1)
    lan.link.way = None
    await lan.sync()
    assert (lan.outbox().waiting, lan.outbox().confirmed) == (0, 1)
    assert_counted_once(rig)


def lan_headers(request: httpx.Request) -> dict[str, str]:
    return {"Authorization": request.headers["authorization"], "Content-Type": "application/json"}


async def test_device_relinked(rig: Rig) -> None:
    """A new phone for the same person makes nothing of the old one's unsent work invalid, and neither is wiped."""
    first, second = await rig.add_households(A, 2)
    old = await lan_in(rig, A)
    old.visit(first)
    new = await lan_in(rig, A)
    new.visit(second)
    await new.sync()
    await old.sync()
    await new.sync()
    assert [(phone.outbox().waiting, phone.outbox().confirmed) for phone in (old, new)] == [(0, 1)] * 2
    assert {row.visited_by for row in old.households()} == {"Vũ Thị Lan"}
    assert old.households() == new.households()


WANTED = {"confirmed": (500, 0, 0), "held": (499, 1, 0), "invalid": (499, 0, 1)}
VERDICTS = "SELECT verdict, count(*) FROM change WHERE kind = 'household' GROUP BY verdict"


def too_long(body: dict[str, Any]) -> dict[str, Any]:
    return body | {"head_name": "Nguyễn " * 100_000}


@pytest.mark.parametrize(
    ("poison", "verdict"),
    [
        pytest.param(lambda body: {}, "held", id="nothing in it"),
        pytest.param(lambda body: body | {"head_name": ["Nguyễn"]}, "invalid", id="another type"),
        pytest.param(lambda body: body | {"head_name": "Nguyễn\0Văn"}, "confirmed", id="a NUL character"),
        pytest.param(too_long, "invalid", id="larger than a request should be"),
    ],
)
async def test_one_poison_record_among_500(rig: Rig, poison: Any, verdict: str) -> None:
    lan = await lan_in(rig, A)
    homes = [an_id() for _ in range(500)]
    with lan.database.write() as session:
        for place, home in enumerate(homes):
            body = {"head_name": f"Nguyễn Văn {place}", "address": "Xóm Đình"}
            add_to_outbox(
                session, identity=an_id(), kind="household", subject=home, household=home, village=rig.villages[A],
                captured_at=lan.now, seen=0, body=poison(body) if place == 137 else body,
            )  # fmt: skip
    await lan.sync()
    counts = lan.outbox()
    assert counts.waiting == 0
    assert (counts.confirmed, counts.held, counts.invalid) == WANTED[verdict]
    taken = households_by_village(rig)[rig.villages[A]]
    assert len(taken) == counts.confirmed
    with rig.server.state.database.read() as session:
        verdicts = dict(tuple(row) for row in session.execute(text(VERDICTS)))
    wanted = dict(zip(("applied", "held", "invalid"), WANTED[verdict], strict=True))
    assert verdicts == {name: count for name, count in wanted.items() if count}, "what is at fault is kept there, too"


@pytest.mark.parametrize("year", [1970, 2099])
async def test_tombstone_filtered_by_the_cursor(rig: Rig, year: int) -> None:
    """A removal that the office's clock dates before, or far after, all that the phone has read reaches it."""
    gone, stays = await rig.add_households(A, 2)
    lan = await lan_in(rig, A)
    late = await lan_in(rig, A)
    lan.visit(stays)
    await lan.sync()
    assert rig.office
    rig.office.now = datetime(year, 1, 1, tzinfo=UTC)
    await rig.office.sync()
    move_household(rig.office.database, rig.office.now, gone, rig.villages[B])
    await rig.office.sync()
    for phone in (lan, late):
        assert gone in {row.id for row in phone.households()}
        await exchange(phone.database, phone.client, phone.now, rows=1)  # also where it comes page by page
        await phone.sync()
        assert [row.id for row in phone.households()] == [stays]
    fresh = await lan_in(rig, A)
    assert fresh.households() == lan.households()
    assert_counted_once(rig)


async def test_browser_eviction(rig: Rig) -> None:
    """The browser cleared all it kept: what was sent comes back with a new code, and the lead sees what did not."""
    first, second, third = await rig.add_households(A, 3)
    lan = await lan_in(rig, A)
    lan.visit(first)
    await lan.sync()
    lan.visit(second)
    lan.visit(third)
    await exchange(lan.database, lan.client, lan.now, most_changes=1)
    cleared = lan
    again = await lan_in(rig, A)  # an empty file, as after the browser cleared the old one
    assert {row.id for row in again.households() if row.is_visited} == {first, second}
    with rig.server.state.database.read() as session:
        lines = list_devices_of_village(session, "09052", rig.villages[A])
    assert sorted(line.unsent for line in lines if line.member.name == "Vũ Thị Lan") == [0, 1]
    again.visit(third)
    await again.sync()
    assert cleared.outbox().waiting == 1
    assert_counted_once(rig)


def another_form(rig: Rig) -> str:
    """The commune asks something else from tomorrow on: the signal, and no longer about accounts."""
    asks = [
        a_ratio("1", "70", measure=ADULTS_WITH_SMARTPHONE),
        a_ratio("2", "50", measure=Measure(question="signal", population=Population(of="households"))),
    ]
    criteria_set = a_criteria_set(*asks, code="another-form")
    second = a_round(id=an_id(), criteria_set=criteria_set.code, starts_on=datetime(2026, 12, 1, tzinfo=UTC).date())
    subjects = [
        Subject("criteria_set", criteria_set.code, criteria_set.model_dump(mode="json", exclude_none=True)),
        Subject("round", second.id, second.model_dump(mode="json")),
    ]
    with rig.server.state.database.write() as session:
        publish(session, "09052", {rig.villages[A]: subjects})
    return second.id


async def test_draft_against_a_new_form_version(rig: Rig) -> None:
    """A form that was half filled in when another one came down opens with every answer and is finished."""
    [home] = await rig.add_households(A, 1)
    lan = await lan_in(rig, A)
    before = find_campaign(lan.database)
    draft = open_draft(lan.database, lan.now, home, before).agree(True, lan.now).add_resident(an_id(), "head")
    who = draft.residents[0].id
    draft = draft.change_resident(who, birth_year=1980, sex="f").answer("has_fixed_internet", "yes")
    for asked in before.form.resident_questions:
        draft = draft.answer_of(who, asked.question.key, "yes")
    keep_draft(lan.database, lan.now, draft)
    another_form(rig)
    await lan.sync()
    now = find_campaign(lan.database)
    assert {question.key for question in now.form.household_questions} == {"signal"}
    opened = open_draft(lan.database, lan.now, home, now)
    assert opened == draft
    with pytest.raises(AnswersIncomplete) as missing:
        record_response(lan.database, lan.now, opened, now)
    assert [problem.pointer for problem in missing.value.problems] == ["/answers/signal"]
    record_response(lan.database, lan.now, opened.answer("signal", "weak"), now)
    await lan.sync()
    assert (lan.outbox().confirmed, lan.outbox().invalid) == (1, 0)
    current = households_by_village(rig)[rig.villages[A]][home]["current"]
    assert current["answers"] == {"signal": "weak", "has_fixed_internet": "yes"}, "what the family said is not lost"
    assert current["round"] == before.round.id, "the round in which the family was asked"


async def test_draft_of_another_program_version(rig: Rig) -> None:
    """A draft with fields and answers that this program does not know, and without those that came later."""
    [home] = await rig.add_households(A, 1)
    lan = await lan_in(rig, A)
    draft = open_draft(lan.database, lan.now, home, find_campaign(lan.database)).answer("has_fixed_internet", "yes")
    keep_draft(lan.database, lan.now, draft)
    body = draft.model_dump(mode="json") | {"mood": "good", "answers": {"has_fixed_internet": "yes", "rides": "rocket"}}
    del body["note"], body["seen"]
    with lan.database.write() as session:
        session.connection().execute(text("UPDATE draft SET body = :body"), {"body": json.dumps(body)})
    opened = open_draft(lan.database, lan.now, home, find_campaign(lan.database))
    assert opened.answers == body["answers"]
    assert ResponseDraft.model_validate_json(opened.model_dump_json()) == opened
    assert list_waiting_of(lan) == []


def list_waiting_of(phone: Phone) -> list[dict[str, Any]]:
    with phone.database.read() as session:
        return list_waiting(session, 100)
