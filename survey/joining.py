"""Two entries of the list that are one household: what the kept one shows then, and again when that is undone."""

from typing import Any

from survey.ids import Id
from survey.records import Outcome, Record

Body = dict[str, Any]
_FILLED = ("phone", "address")
_OF_ANSWERS = ("current", "visited_at", "visited_by", "visit", "status", "left_at", "listed_people")
"""What comes with the answers that a household shows."""


class Join(Record):
    """A change of the kind `join`: `other` is the same household as the kept one; or, to undo that, it is not."""

    household: Id
    other: Id
    undo: bool = False


def joined(kept: Body, other: Body) -> Body:
    """What the kept household shows from now on: its own fields, what they lack filled from the other's, and the later
    of both answers. No difference is made of two answers of one family: each visit is still there as it was made."""
    body = dict(kept)
    for name in _FILLED:
        if other.get(name) and not kept.get(name):
            body[name] = other[name]
    if _shows_other(kept, other):
        body = {key: value for key, value in body.items() if key not in _OF_ANSWERS}
        body |= {key: other[key] for key in _OF_ANSWERS if key in other}
    elif not body.get("current") and not body.get("listed_people") and other.get("listed_people"):
        body["listed_people"] = other["listed_people"]
    if other.get("ask_again") and not kept.get("ask_again"):
        body["ask_again"] = other["ask_again"]
    return body


def parted(now: Body, before: Body, after: Body) -> Body:
    """What the kept household shows when the join is undone. `before` is what it showed before the join, `after` what
    it showed by it. What was written since stays; answers that came since stay, with all that comes with them."""
    body = dict(now)
    has_new_answers = now.get("current") != after.get("current")
    for key in {*before, *after}:
        if before.get(key) == after.get(key) or now.get(key) != after.get(key):
            continue
        if key in _OF_ANSWERS and has_new_answers:
            continue
        body.pop(key, None)
        if key in before:
            body[key] = before[key]
    return body


def _shows_other(kept: Body, other: Body) -> bool:
    """Of one round, what a family said shows before a visit without answers; else the later visit does. Nobody at home
    replaces nothing."""
    mine, yours = kept.get("current"), other.get("current")
    if not mine or not yours:
        return bool(yours)
    mine_ended, yours_ended = str(mine.get("outcome")), str(yours.get("outcome"))
    if Outcome.ABSENT in {mine_ended, yours_ended} and mine_ended != yours_ended:
        return mine_ended == Outcome.ABSENT
    is_one_round = mine.get("round") == yours.get("round")
    if is_one_round and Outcome.COMPLETED in {mine_ended, yours_ended} and mine_ended != yours_ended:
        return yours_ended == Outcome.COMPLETED
    return str(other.get("visited_at") or "") > str(kept.get("visited_at") or "")
