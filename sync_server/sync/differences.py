"""Putting a difference to the lead: both values of each field, who wrote which when, and which one shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from survey.differences import key_of
from survey.merge import FieldDifference
from survey.times import wire_time
from survey.wire import Change
from sync_server.store.differences import Difference
from sync_server.sync.batch import Batch

Body = dict[str, Any]
Side = Literal["theirs", "mine"]
_TRAITS = ("relation", "birth_year", "sex")


@dataclass(frozen=True)
class NewDifference:
    """Where two people differ: the household's or the village's, and who wrote what stood there before."""

    village: str
    household: str | None
    fields: tuple[FieldDifference, ...]
    theirs_by: str | None
    theirs_at: str | None
    shows: Side = "mine"


def note_difference(batch: Batch, change: Change, found: NewDifference, people: Mapping[str, Body], more: Body) -> None:
    """Keep the difference and show it on the village's stream. `people` are the residents that its fields may name."""
    body = {
        "state": "open",
        "about": change.kind,
        "household": found.household,
        "fields": [_field(one, people) for one in found.fields],
        "shows": found.shows,
        "mine_by": batch.caller.member.name,
        "mine_at": wire_time(min(change.captured_at, batch.now)),
        "theirs_by": found.theirs_by,
        "theirs_at": found.theirs_at,
        "found_at": wire_time(batch.now),
    } | more
    batch.show_difference(Difference(change.id, found.village, found.household, batch.now, body))


def _field(field: FieldDifference, people: Mapping[str, Body]) -> Body:
    """One field: `key` is the question, field or criterion, `resident` whom it is about, with what tells them apart."""
    body: Body = {"path": list(field.path), "theirs": field.theirs, "mine": field.mine, "key": key_of(field.path)}
    if field.path[0] == "residents":
        resident = people.get(field.path[1], {})
        body["resident"] = {"id": field.path[1]} | {name: resident.get(name) for name in _TRAITS}
    return body
