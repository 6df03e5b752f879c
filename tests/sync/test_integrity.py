"""Integrity with the app's own client: whatever was deleted, added or altered on a phone heals by itself."""

import json
from collections.abc import Awaitable, Callable

import httpx
import pytest
from sqlalchemy import text

from app.store.stream import count_stream
from app.sync import exchange as exchanging
from app.sync.exchange import exchange
from survey.roles import Role
from survey.wire import BUCKETS, bucket_of, row_digest
from tests.builders import an_id
from tests.sync.rig import Phone, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
HOMES = 120
Rows = dict[tuple[str, str, str], tuple[int, int, str]]


class Watched:
    """Counts round trips, and keeps what came down again."""

    def __init__(self, phone: Phone) -> None:
        self.rounds, self.rows, self.repaired = 0, 0, 0
        phone.link.way = self._pass

    async def _pass(
        self, request: httpx.Request, send: Callable[[httpx.Request], Awaitable[httpx.Response]]
    ) -> httpx.Response:
        answer = await send(request)
        self.rounds += 1
        for page in json.loads(await answer.aread())["streams"].values():
            self.rows += len(page["rows"])
            self.repaired += len(page.get("repaired", []))
        return answer


async def a_filled_village(rig: Rig) -> Phone:
    """A phone in step with the server, in a village of many households."""
    office = await rig.phone(Role.OFFICIAL, "Đặng Thị Hoa")
    rig.office = office
    await rig.add_households("Đinh Xá", HOMES)
    return await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")


def rows_of(phone: Phone) -> Rows:
    with phone.database.read() as session:
        found = session.connection().execute(text("SELECT * FROM stream_row")).all()
    return {(row.village_id, row.kind, row.subject): (row.seq, row.digest, row.body) for row in found}


def run(phone: Phone, statement: str, **values: object) -> None:
    with phone.database.write() as session:
        session.connection().execute(text(statement), values)


def delete_some(phone: Phone) -> None:
    run(phone, "DELETE FROM stream_row WHERE kind = 'household' AND seq % 9 = 0")


def delete_all(phone: Phone) -> None:
    run(phone, "DELETE FROM stream_row")
    run(phone, "DELETE FROM household")


def add_one(phone: Phone) -> None:
    run(
        phone,
        "INSERT INTO stream_row SELECT village_id, 'household', :id, 7, :digest, body FROM stream_row WHERE seq = 9",
        id=(strange := an_id()),
        digest=row_digest("household", strange, 7),
    )


def add_one_without_digest(phone: Phone) -> None:
    run(
        phone,
        "INSERT INTO stream_row SELECT village_id, kind, :id, 7, 0, body FROM stream_row WHERE seq = 9",
        id=an_id(),
    )


def bring_back_old_states(phone: Phone) -> None:
    for (village, kind, subject), (seq, _, _) in list(rows_of(phone).items())[10:14]:
        run(
            phone,
            'UPDATE stream_row SET seq = :seq, digest = :digest, body = \'{"head_name": "?"}\' '
            "WHERE village_id = :village AND kind = :kind AND subject = :subject",
            seq=seq - 3,
            digest=row_digest(kind, subject, seq - 3),
            village=village,
            kind=kind,
            subject=subject,
        )


def spoil_digests(phone: Phone) -> None:
    run(phone, "UPDATE stream_row SET digest = 12345 WHERE seq % 10 = 1")


def move_the_cursor_ahead(phone: Phone) -> None:
    run(phone, "DELETE FROM stream_row WHERE seq > 100")


DAMAGES = [
    delete_some,
    delete_all,
    add_one,
    add_one_without_digest,
    bring_back_old_states,
    spoil_digests,
    move_the_cursor_ahead,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
async def test_a_damaged_phone_heals_in_three_round_trips(rig: Rig, damage: Callable[[Phone], None]) -> None:
    lan = await a_filled_village(rig)
    before, lines = rows_of(lan), lan.households()
    damage(lan)
    assert rows_of(lan) != before
    watched = Watched(lan)
    await lan.sync()
    assert rows_of(lan) == before
    assert lan.households() == lines
    assert watched.rounds <= 3
    await lan.sync()
    assert watched.rounds <= 4, "once healed, nothing is asked again"


async def test_only_the_wrong_buckets_come_again(rig: Rig) -> None:
    lan = await a_filled_village(rig)
    households = [key for key in rows_of(lan) if key[1] == "household"][:2]
    wrong = {bucket_of(rows_of(lan)[key][1]) for key in households}
    expected = sum(1 for _, digest, _ in rows_of(lan).values() if bucket_of(digest) in wrong)
    for _, _, subject in households:
        run(lan, "DELETE FROM stream_row WHERE subject = :subject", subject=subject)
    watched = Watched(lan)
    await lan.sync()
    assert (watched.repaired, watched.rows, watched.rounds) == (len(wrong), expected, 2)
    assert expected < HOMES / 4


async def test_unsent_work_and_its_household_stay(rig: Rig) -> None:
    lan = await a_filled_village(rig)
    known, strange = lan.households()[0].id, lan.households()[1].id
    lan.visit(known)
    lan.visit(strange)
    before = lan.listed(known)
    run(lan, "DELETE FROM stream_row WHERE subject = :subject", subject=known)
    for table, column in (("stream_row", "subject"), ("household", "id"), ("outbox", "household_id")):
        run(lan, f"UPDATE {table} SET {column} = 'not-on-the-server' WHERE {column} = :one", one=strange)
    run(lan, "UPDATE stream_row SET digest = 5 << 40 WHERE subject = 'not-on-the-server'")
    lan.link.way = _without_changes
    await lan.sync()
    assert lan.listed(known) == before, "the household is back, still shown as visited here"
    assert lan.listed("not-on-the-server").waiting == 1, "a household with unsent work is not dropped"
    assert lan.outbox().waiting == 2


async def _without_changes(
    request: httpx.Request, send: Callable[[httpx.Request], Awaitable[httpx.Response]]
) -> httpx.Response:
    """The server does not get the changes: they stay unsent whatever else happens."""
    import gzip

    body = await request.aread()
    sent = json.loads(gzip.decompress(body) if request.headers.get("content-encoding") == "gzip" else body)
    kept = {name: request.headers[name] for name in ("authorization", "content-type")}
    return await send(httpx.Request("POST", request.url, headers=kept, json=sent | {"changes": []}))


async def test_a_check_that_never_agrees_never_loops(rig: Rig) -> None:
    lan = await a_filled_village(rig)

    async def lie(request: httpx.Request, send: Callable[[httpx.Request], Awaitable[httpx.Response]]) -> httpx.Response:
        answer = json.loads(await (await send(request)).aread())
        for page in answer["streams"].values():
            page["check"] = "0123456789ab"
        watched.append(1)
        assert len(watched) < 20
        return httpx.Response(200, json=answer, request=request)

    watched: list[int] = []
    lan.link.way = lie
    await lan.sync()
    assert len(watched) <= 3
    await lan.sync()
    await lan.sync()
    assert len(watched) <= 5, "given up until the server's state is another"


async def test_digests_that_both_sides_make_differently_never_loop(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    lan = await a_filled_village(rig)
    monkeypatch.setattr("app.store.stream.row_digest", lambda kind, subject, seq: row_digest(subject, kind, seq))
    run(lan, "DELETE FROM stream_row WHERE kind = 'member'")
    watched, rounds = Watched(lan), 0
    while (await exchange(lan.database, lan.client, lan.now, rows=20)).more:
        rounds += 1
        assert rounds <= BUCKETS
    before = watched.rounds
    await lan.sync()
    assert watched.rounds == before + 1


async def test_a_large_damage_heals_over_many_small_replies(rig: Rig) -> None:
    lan = await a_filled_village(rig)
    before = rows_of(lan)
    delete_all(lan)
    watched = Watched(lan)
    while (await exchange(lan.database, lan.client, lan.now, rows=10)).more:
        pass
    assert rows_of(lan) == before
    assert HOMES / 10 <= watched.rounds <= HOMES / 2


async def test_a_cut_between_finding_and_healing_is_no_harm(rig: Rig) -> None:
    lan = await a_filled_village(rig)
    before = rows_of(lan)
    delete_some(lan)
    assert (await exchange(lan.database, lan.client, lan.now)).more
    lan.database.close()
    await lan.sync()
    assert rows_of(lan) == before


async def test_both_sides_come_to_the_same_count_and_check(rig: Rig) -> None:
    lan = await a_filled_village(rig)
    village = rig.villages["Đinh Xá"]
    with lan.database.read() as session:
        ours = count_stream(session, village)
    pages: list[tuple[int, str]] = []
    monitored = exchanging.ServerClient.sync

    async def note(client: exchanging.ServerClient, token: str, request: exchanging.SyncRequest) -> object:
        reply = await monitored(client, token, request)
        pages.append((reply.streams[village].count, reply.streams[village].check))
        return reply

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(exchanging.ServerClient, "sync", note)
        await lan.sync()
    assert pages == [ours]
