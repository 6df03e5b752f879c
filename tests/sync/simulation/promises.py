"""What must be true at the end of every run, after everybody synced over good links."""

import json
from sqlite3 import Connection
from typing import Any

from app.store.households import _values
from survey.coverage import CoverageReport, report_village
from survey.criteria import CriteriaSet, assess
from survey.records import Attestation, Household
from survey.tally import Counter, Tally
from survey.times import vietnam_midnight
from sync_server.coverage import count_again
from sync_server.store.villages import list_villages_to_write
from tests.fold import tally
from tests.sync.simulation.cast import COMMUNE
from tests.sync.simulation.oracle import visits_are_merged_rightly
from tests.sync.simulation.review_promises import reviews_are_kept
from tests.sync.simulation.watch import watch
from tests.sync.simulation.world import SETTLED, WAIT, WAITED, Broken, Phone, World

_STATE = dict.fromkeys(SETTLED, "confirmed") | {"held": "held", "invalid": "invalid"}
MOST_TURNS = 5
Rows = dict[tuple[str, str], tuple[int, Any]]


async def come_to_rest(world: World) -> None:
    """Everybody syncs over good links until nobody has anything to send or to get; the last once more, for nothing."""
    _replace_older_apps(world)
    turn = len(world.book) % len(world.phones)
    phones = world.phones[turn:] + world.phones[:turn]
    for turn in range(MOST_TURNS):
        before = _streams(world)
        for phone in phones:
            await _sync_well(world, phone)
        watch(world)
        # After a restore, work may wait for other work that comes from another phone.
        if turn and before == _streams(world):
            break
    else:
        raise Broken("everything comes to rest", f"not after {MOST_TURNS} turns")
    everything = _everything(world, phones[-1])
    await _sync_well(world, phones[-1])
    if everything != _everything(world, phones[-1]):
        raise Broken("who is in step stays as they are", phones[-1])


def _replace_older_apps(world: World) -> None:
    """An app that compares no checks keeps what a restored server has lost, until a present one takes its place and
    tries again what that one gave up."""
    older = [phone for phone in world.phones if phone.link.dialect == "older"]
    if older and world.was_restored:
        world.clock.pass_by(hours=2)
        for phone in older:
            phone.link.dialect = "present"


def _streams(world: World) -> list[Any]:
    with world.peek() as server:
        return server.execute("SELECT * FROM stream_row ORDER BY 1, 2, 3, 4").fetchall()


async def _sync_well(world: World, phone: Phone) -> None:
    from tests.sync.simulation.syncs import refused

    if phone.ended:
        return
    phone.rows = 500
    try:
        await world.sync(phone)
    except WAIT as error:
        await refused(world, phone, error)
        if not phone.ended:
            await world.sync(phone)


def _everything(world: World, phone: Phone) -> list[Any]:
    """All that a sync could change on a phone, or on the server."""
    tables = ("stream_row", "household", "outbox", "village", "draft", "response")
    with phone.peek() as file, world.peek() as server:
        found: list[Any] = [file.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in tables]
        return [*found, server.execute("SELECT * FROM stream_row ORDER BY 1, 2, 3, 4").fetchall()]


def check_promises(world: World) -> None:
    watch(world)
    with world.peek() as server:
        verdicts = {row[0]: row[1:] for row in server.execute("SELECT id, verdict, kind, subject, body FROM change")}
        visits = dict(server.execute("SELECT id, body FROM response").fetchall())
        aside = "\n".join(row[0] for row in server.execute("SELECT content FROM set_aside"))
        _nothing_is_lost(world, verdicts, visits, aside)
        _nothing_is_counted_twice(world, verdicts, visits, server)
        streams = {village: _server_rows(server, village) for village in world.villages}
        for phone in world.phones:
            if not phone.ended:
                if phone.state != "active":
                    raise Broken("a device that was ended is wiped in the end", phone)
                _phone_agrees(world, phone, verdicts, aside)
                _phone_mirrors(world, phone, streams)
        _nothing_waits_in_vain(world, server)
        visits_are_merged_rightly(world, server)
        reviews_are_kept(world, server)
    for village in world.open_villages():
        figures_are_the_fold(world, village)


def _nothing_is_lost(world: World, verdicts: dict[str, Any], visits: dict[str, str], aside: str) -> None:
    for identity, saved in world.book.items():
        phone = world.phones[saved.phone]
        if identity in world.excused or phone.state == "lost":
            continue
        if identity not in verdicts:
            if identity in aside:
                continue
            raise Broken("every saved change ends on the server", f"{phone}: {saved.kind} {identity}")
        _, kind, subject, body = verdicts[identity]
        kept = json.loads(visits.get(subject, "{}") if body is None else body)
        if (kind, subject) != (saved.kind, saved.subject) or not saved.body.items() <= kept.items():
            raise Broken("what the server keeps is what was sent", f"{saved} {kept}")


def _nothing_waits_in_vain(world: World, server: Connection) -> None:
    """A visit that was held for want of its household is taken over once that is there, in a village of who sent it."""
    query = "SELECT subject, village_id FROM stream_row WHERE kind = 'household' AND body IS NOT NULL"
    homes = dict(server.execute(query).fetchall())
    for identity, saved in world.book.items():
        phone = world.phones[saved.phone]
        waits = world.first.get(identity) in WAITED and saved.kind == "response" and not phone.ended
        if waits and homes.get(saved.body.get("household", "")) in phone.person.villages:
            raise Broken("what waited for its household is taken over with it", f"{phone}: {identity}")


def _nothing_is_counted_twice(
    world: World, verdicts: dict[str, Any], visits: dict[str, str], server: Connection
) -> None:
    unknown = verdicts.keys() - world.book.keys() - world.at_first - world.desk
    if unknown:
        raise Broken("the server has only what somebody saved", unknown)
    recorded = [saved.subject for saved in world.book.values() if saved.kind == "response"]
    if len(set(recorded)) != len(recorded) or not visits.keys() <= set(recorded):
        raise Broken("each visit is there once", visits.keys() - set(recorded))
    query = "SELECT subject, count(*) FROM stream_row WHERE kind = 'household' AND body IS NOT NULL GROUP BY 1"
    twice = [subject for subject, count in server.execute(query) if count > 1]
    if twice:
        raise Broken("a household lives in one village", twice)
    _one_card_leads_to_one_household(server)


def _one_card_leads_to_one_household(server: Connection) -> None:
    """Of two settled by a lead to carry one card, the card itself leads to one: it is what phones follow."""
    query = (
        "SELECT k.code, k.village_id, k.household_id, h.village_id FROM card k"
        " LEFT JOIN household h ON h.id = k.household_id WHERE k.state = 'bound'"
    )
    astray = [row for row in server.execute(query) if row[1] != row[3]]
    if astray:
        raise Broken("a bound card is where its household is", astray)
    carried = (
        "SELECT card, count(*) FROM household WHERE card IS NOT NULL AND quarantined_at IS NULL"
        " GROUP BY 1 HAVING count(*) > 1"
    )
    if shared := server.execute(carried).fetchall():
        raise Broken("no card is bound to two households", shared)


def _server_rows(server: Connection, village: str) -> Rows:
    query = "SELECT kind, subject, seq, body FROM stream_row WHERE village_id = ? AND body IS NOT NULL"
    return {(kind, who): (seq, json.loads(body)) for kind, who, seq, body in server.execute(query, (village,))}


def _phone_agrees(world: World, phone: Phone, verdicts: dict[str, Any], aside: str) -> None:
    """What this phone counts as confirmed, held or invalid is what the server has."""
    with phone.peek() as file:
        rows = file.execute("SELECT id, state FROM outbox").fetchall()
    for identity, state in rows:
        expected = _STATE[verdicts[identity][0]] if identity in verdicts else "invalid" if identity in aside else None
        if expected != (state if state != "replaced" else "invalid") and identity not in world.excused:
            raise Broken("a phone says what the server says", f"{phone}: {identity} is {state}, there {expected}")


def _phone_mirrors(world: World, phone: Phone, streams: dict[str, Rows]) -> None:
    """The phone has the present rows of its villages, and none of other villages but for households with open work."""
    with phone.peek() as file:
        rows = file.execute("SELECT village_id, kind, subject, seq, body FROM stream_row").fetchall()
        columns = [row[1] for row in file.execute("PRAGMA table_info(household)")]
        listed = {row[0]: dict(zip(columns, row, strict=True)) for row in file.execute("SELECT * FROM household")}
        work = "SELECT household_id FROM outbox WHERE state NOT IN ('confirmed', 'replaced') UNION SELECT household_id"
        tied = {row[0] for row in file.execute(work + " FROM draft")}
        cursors = {row[0] for row in file.execute("SELECT id FROM village")}
    mine = phone.person.villages
    if cursors != mine:
        raise Broken("a phone has the villages of its person", f"{phone}: {cursors}, {mine}")
    for village, kind, subject, *_ in rows:
        if village not in mine and not (kind == "household" and subject in tied):
            raise Broken("no row outside the scope stays", f"{phone}, {world.village(village)}: {kind} {subject}")
    for identity, row in listed.items():
        if row["village_id"] not in mine and identity not in tied:
            raise Broken("no household outside the scope stays", f"{phone}: {row['head_name']}")
    for village in mine:
        there = {(kind, who): (seq, json.loads(body)) for at, kind, who, seq, body in rows if at == village}
        if there != streams[village]:
            odd = [key for key in there.keys() | streams[village].keys() if there.get(key) != streams[village].get(key)]
            raise Broken("phones of one village hold the same rows", f"{phone}, {world.village(village)}: {odd}")
        for (kind, who), (seq, body) in there.items():
            if kind == "household" and listed.get(who) != _values(who, village, body):
                raise Broken("the household list is made of the stream", f"{phone}: {listed.get(who)} {seq} {body}")
    present = {who for village in mine for kind, who in streams[village] if kind == "household"}
    gone = [row["head_name"] for who, row in listed.items() if who not in present | tied]
    if gone:
        raise Broken("a household that went is gone from the list", f"{phone}: {gone}")


def figures_are_the_fold(world: World, village: str) -> None:
    """What was counted change by change is what counting the village's households anew gives, in two ways."""
    with world.peek() as server:
        rows = _server_rows(server, village)
    criteria: CriteriaSet = world.cast.campaign.criteria_set
    survey_round = world.cast.campaign.round
    year, began = survey_round.reference_year, vietnam_midnight(survey_round.starts_on)
    households = [Household.model_validate(body) for (kind, _), (_, body) in rows.items() if kind == "household"]
    folded = tally(households, criteria.measures(), year, began)
    attested = [Attestation.model_validate(body) for (kind, _), (_, body) in rows.items() if kind == "attestation"]
    with world.server.state.database.read() as session:
        kept = list_villages_to_write(session, COMMUNE, [village])[village]
        fresh = count_again(session, COMMUNE, {village}, world.clock())[0]
    counter = Counter(criteria.measures(), year, began)
    if kept.counted == counter.basis and _plain(counter.tally(kept.counts)) != _plain(folded):
        raise Broken("the kept sums are what the fold counts", f"{world.village(village)}: {kept.counts} {folded}")
    stored = CoverageReport.model_validate(rows["coverage", village][1])
    team = any(one.no for one in fresh.criteria) and _has_team(world, village)
    result = assess(criteria, folded, {one.criterion: one for one in attested}, has_team=team)
    expected = report_village(fresh.village, criteria, folded, result, stored.as_of)
    if stored.model_dump() != expected.model_dump():
        raise Broken("the report on the stream is the count of what is there", f"{stored} {expected}")


def _plain(counted: Tally) -> tuple[object, ...]:
    counts = {key: count for key, count in counted.counts.items() if count.denominator or count.unknown}
    left = (counted.moved, counted.vacant, counted.left_in_round)
    return counted.registered, counted.visited, counted.surveyed, counted.refused, left, sorted(counts.items())


def _has_team(world: World, village: str) -> bool:
    from sync_server.store.members import list_villages_with_team

    with world.server.state.database.read() as session:
        return village in list_villages_with_team(session, COMMUNE, [village])
