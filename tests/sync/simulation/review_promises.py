"""What must be true of doubts, of what is asked again, and of households that were joined or parted, at the end."""

import json
from collections import defaultdict
from sqlite3 import Connection
from typing import Any

from survey.doubts import Doubt, DoubtState, Step
from survey.records import Outcome
from tests.sync.simulation.world import SETTLED, Broken, World

Body = dict[str, Any]
_DOUBTS = "SELECT subject, body FROM stream_row WHERE kind = 'doubt' AND body IS NOT NULL"
_LISTED = "SELECT subject, body FROM stream_row WHERE kind = 'household' AND body IS NOT NULL"


def reviews_are_kept(world: World, server: Connection) -> None:
    """Everything below."""
    _every_step_is_there(server)
    _doubts_are_of_visits_that_count(server)
    _every_visit_has_its_household(world, server)
    _joined_households_show_their_visits(server)
    _asked_again_is_what_somebody_asked(server)
    _differences_are_put_to_the_lead(server)


def _every_step_is_there(server: Connection) -> None:
    """The steps of a doubt are those that were applied, in the server's order, each signed by who did it."""
    query = (
        "SELECT c.subject, c.body, d.member_id FROM change c JOIN device d ON d.id = c.device_id"
        " WHERE c.kind = 'doubt' AND c.verdict = 'applied' ORDER BY c.rowid"
    )
    applied: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for subject, body, member in server.execute(query):
        applied[subject].append((json.loads(body)["step"], member))
    there = {subject: Doubt.model_validate(json.loads(body)) for subject, body in server.execute(_DOUBTS)}
    for subject in applied.keys() | there.keys():
        steps = there[subject].steps if subject in there else []
        if [(one.step, one.member) for one in steps] != applied[subject]:
            raise Broken("every step about a doubt is there, in order", f"{subject}: {steps}, {applied[subject]}")
    for doubt in there.values():
        _steps_are_by_who_may(doubt)


def _steps_are_by_who_may(doubt: Doubt) -> None:
    """The person concerned says what was behind it; somebody else does all the rest."""
    for one in doubt.steps:
        if (one.step is Step.EXPLAIN) != (one.member == doubt.member):
            raise Broken("nobody settles a doubt about their own visits", doubt)
    is_settled = doubt.last is not None and doubt.last.step is Step.SETTLE
    if is_settled != (doubt.state is DoubtState.SETTLED):
        raise Broken("what was settled stays so until somebody opens it again", doubt)


def _doubts_are_of_visits_that_count(server: Connection) -> None:
    """What a doubt is about is still stored. That it is in the figures, too, is that these are the fold of them all."""
    visits = {row[0] for row in server.execute("SELECT id FROM response")}
    for subject, body in server.execute(_DOUBTS):
        if missing := set(json.loads(body).get("visits", [])) - visits:
            raise Broken("no doubt takes a visit away", f"{subject}: {missing}")


def _every_visit_has_its_household(world: World, server: Connection) -> None:
    """Each visit that was taken over is in the history of one household that exists: its own, or what that was said to
    be at some time."""
    listed = {row[0] for row in server.execute(_LISTED)}
    known_as = dict(server.execute("SELECT id, household_id FROM household_alias").fetchall())
    ever = {row[0] for row in server.execute("SELECT other_id FROM household_join")} | known_as.keys()
    homes = {row[0]: row[1:] for row in server.execute("SELECT id, household_id, body FROM response")}
    for identity, saved in world.book.items():
        was_taken = saved.kind == "response" and world.first.get(identity, ("", None))[0] in SETTLED
        if was_taken and identity not in world.excused and saved.subject not in homes:
            raise Broken("a visit that was taken over is never lost", saved)
    for visit, (home, body) in homes.items():
        if known_as.get(home, home) not in listed:
            raise Broken("every visit is in the history of a household that exists", f"{visit}: {home}")
        if home != (own := json.loads(body)["household"]) and own not in ever:
            raise Broken("a visit stays with the household that it was made to", f"{visit}: {home}, {own}")


def _joined_households_show_their_visits(server: Connection) -> None:
    """What was joined or parted shows one of the visits of its history as that showed, or a lead's answer; and of what
    turned out to be another nothing shows."""
    listed = {subject: json.loads(body) for subject, body in server.execute(_LISTED)}
    held = "SELECT other_id FROM household_join WHERE undone_at IS NULL"
    if shown := [row[0] for row in server.execute(held) if row[0] in listed]:
        raise Broken("of two that are one household one is listed", shown)
    answered = {row[0] for row in server.execute("SELECT household_id FROM difference WHERE state = 'settled'")}
    known_as = dict(server.execute("SELECT id, household_id FROM household_alias").fetchall())
    after: dict[str, list[Body]] = defaultdict(list)
    for identity, home, body, kept in server.execute("SELECT id, household_id, body, shown FROM response"):
        after[known_as.get(home, home)].append(json.loads(kept) if kept else json.loads(body) | {"id": identity})
    for (home,) in server.execute("SELECT kept_id FROM household_join UNION SELECT other_id FROM household_join"):
        current = listed.get(home, {}).get("current")
        is_answered = answered & {home, *(one for one, known in known_as.items() if known == home)}
        if current and not is_answered and current not in after[home]:
            raise Broken("a joined household shows one of its visits", f"{home}: {current}, {after[home]}")


def _asked_again_is_what_somebody_asked(server: Connection) -> None:
    """A household is asked again for what a lead or an official asked, until somebody was met there."""
    answered = {row[0] for row in server.execute("SELECT household_id FROM difference WHERE state = 'settled'")}
    joins = server.execute("SELECT kept_id FROM household_join UNION SELECT other_id FROM household_join").fetchall()
    may_show: dict[str, list[list[str] | None]] = {}
    for home, keys, is_sure in _asked(server):
        may_show[home] = [keys] if is_sure else [*may_show.get(home, [None]), keys]
    for home, body in server.execute(_LISTED):
        asked = json.loads(body).get("ask_again")
        shown = sorted(asked["keys"]) if asked else None
        if home not in answered and (home,) not in joins and shown not in may_show.get(home, [None]):
            raise Broken("who is asked again, and for what, is as somebody said", f"{home}: {shown} {may_show}")


def _asked(server: Connection) -> list[tuple[str, list[str] | None, bool]]:
    """In the server's order: a household, what it is asked again for from then on, and whether that is certain. A step
    about a doubt reaches those households that are within reach."""
    homes = {row[0]: row[1:] for row in server.execute("SELECT id, household_id, body, shown FROM response")}
    query = "SELECT kind, subject, body, subject_household FROM change WHERE verdict IN ('applied', 'merged',"
    found: list[tuple[str, list[str] | None, bool]] = []
    for kind, subject, text, home in server.execute(query + " 'difference') ORDER BY rowid"):
        body = json.loads(text or "{}")
        if kind == "response" and subject in homes:
            home, sent, kept = homes[subject]
            if json.loads(kept or "{}").get("id", subject) == subject and json.loads(sent)["outcome"] != Outcome.ABSENT:
                found.append((home, None, True))
        elif kind == "doubt" and body["step"] == Step.ASK:
            found += [(one, sorted(body.get("keys", [])), False) for one in body["households"]]
        elif kind == "review" and home:
            keys = sorted(body["fields"]) if body["verdict"] == "needs_fix" else None
            found.append((home, keys, False))
    return found


def _differences_are_put_to_the_lead(server: Connection) -> None:
    """Every change that was told it differs has a question for the lead (a second answer to a question is noted beside
    the first), and an open one is on one stream, unless its household turned out to be another."""
    there = {row[0]: row[1:] for row in server.execute("SELECT id, state, household_id FROM difference")}
    for (change,) in server.execute("SELECT id FROM change WHERE verdict = 'difference' AND kind != 'resolution'"):
        if change not in there:
            raise Broken("what differs is put to the lead", change)
    hidden = {row[0] for row in server.execute("SELECT other_id FROM household_join WHERE undone_at IS NULL")}
    query = "SELECT subject FROM stream_row WHERE kind = 'difference' AND body IS NOT NULL"
    listed = [row[0] for row in server.execute(query)]
    for identity, (state, household) in there.items():
        if state == "open" and household not in hidden and listed.count(identity) != 1:
            raise Broken("an open difference is on its village's stream", f"{identity}: {listed.count(identity)}")
