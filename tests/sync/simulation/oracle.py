"""A second opinion on merging, apart from `survey.merge`: field by field, visit by visit, in the server's order."""

import json
from sqlite3 import Connection
from typing import Any

from tests.sync.simulation.world import Broken, World

Body = dict[str, Any]
_KNOWS_NOTHING = (None, "unknown")


def visits_are_merged_rightly(world: World, server: Connection) -> None:
    """Each completed visit on top of a completed one: what it says anew shows, what it does not know leaves alone."""
    query = (
        "SELECT r.household_id, r.id, r.body, r.shown, c.verdict FROM response r"
        " JOIN change c ON c.id = r.change_id ORDER BY r.household_id, c.seq"
    )
    # What was joined shows the visits of two: see `review_promises`.
    joined = "SELECT kept_id FROM household_join UNION SELECT other_id FROM household_join"
    answered = "SELECT household_id FROM difference WHERE state = 'settled' UNION " + joined
    settled = {row[0] for row in server.execute(answered)}
    shown: dict[str, Body] = {}
    present: dict[str, Body] = {}
    for household, identity, body, kept, verdict in server.execute(query):
        if household in settled:
            continue
        mine = json.loads(body)
        now = json.loads(kept) if kept else mine | {"id": identity}
        before, base = present.get(household), shown.get(mine.get("based_on") or "", {})
        if before and before["outcome"] == mine["outcome"] == now["outcome"] == "completed":
            _answers(world, household, base, before, mine, now, verdict)
        elif before is None and now.get("answers") != mine.get("answers"):
            raise Broken("a first visit shows as it is", f"{household}: {now}")
        shown[identity] = present[household] = now
    query = "SELECT subject, body FROM stream_row WHERE kind = 'household' AND body IS NOT NULL"
    for household, body in server.execute(query):
        current = json.loads(body).get("current")
        if household not in settled and current != present.get(household):
            raise Broken("a household shows the merge of its visits", f"{household}: {current} {present[household]}")


def _answers(world: World, household: str, base: Body, before: Body, mine: Body, now: Body, verdict: str) -> None:
    base_answers = base.get("answers", {}) if base.get("outcome") == "completed" else {}
    for key, value in mine["answers"].items():
        old, common = before["answers"].get(key), base_answers.get(key)
        if value in _KNOWS_NOTHING:
            expected = value if old in _KNOWS_NOTHING else old
        elif old in _KNOWS_NOTHING or value != common or old == common:
            expected = value
        else:
            expected = old
        if now["answers"].get(key) != expected:
            raise Broken("a visit shows what it says anew", f"{household} {key}: {now['answers'].get(key)}, {expected}")
        apart = {value, old} & set(_KNOWS_NOTHING) == set() and value != old and common not in (value, old)
        if apart and verdict != "difference":
            raise Broken("two that disagree are shown to the lead", f"{household} {key}: {old} and {value}, {verdict}")
